package solver

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxFaults is how many faults one report lists; the rest are counted only, so that a file with a million bad rows
// costs no more memory than one with a hundred.
const MaxFaults = 100

// Fault is one thing wrong with an input.
type Fault struct {
	Pointer string // JSON Pointer (RFC 6901) into the problem: "/needs/3/service"
	Code    string // a stable word for programs: "unknown", "duplicate", "out_of_range", ...
	Detail  string // what is wrong and what to change, without the value
	Value   string // the offending value, "" if none; a person's data, so never shown over HTTP or logged
}

// Invalid is the error of an input with faults. Every Validate reports all faults at once.
type Invalid struct {
	Faults []Fault // the first [MaxFaults], in the order of the input
	Total  int     // all of them
}

// Add appends one fault, keeping the first [MaxFaults] and counting the rest.
func (e *Invalid) Add(f Fault) {
	e.Total++
	if len(e.Faults) < MaxFaults {
		e.Faults = append(e.Faults, f)
	}
}

// Err returns e as an error, or nil if no fault was added.
func (e *Invalid) Err() error {
	if e.Total == 0 {
		return nil
	}
	return e
}

// Error lists the pointers and details, never the values: it may be logged.
func (e *Invalid) Error() string {
	var b strings.Builder
	for i, f := range e.Faults {
		if i > 0 {
			b.WriteString("; ")
		}
		if i == 3 {
			break
		}
		fmt.Fprintf(&b, "%s: %s", f.Pointer, f.Detail)
	}
	if e.Total > 3 {
		b.WriteString("and " + strconv.Itoa(e.Total-3) + " more")
	}
	return b.String()
}
