package datasets

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// ReadRequest reads the JSON object of a match request: the lists, options, mode and matches, in one pass over r and in
// memory of the order of the request itself.
//
// Unknown members, duplicate members, text that is not UTF-8 and anything after the object are refused; null counts as
// absent; whole numbers are plain digits (1e3 and 3.0 are refused). Values of the wrong type are reported all at once as
// a [*solver.Invalid], together with the faults that validation finds in the rest. Text that is no JSON is a [*Malformed],
// more than lim allows a [*LimitError]. A request that is returned still has to be validated.
func ReadRequest(r io.Reader, lim Limits) (*MatchRequest, error) { return readRequest(r, lim, false) }

// readRequest reads a request; later is true when the horizon may still be set elsewhere.
func readRequest(r io.Reader, lim Limits, later bool) (*MatchRequest, error) {
	d := newJSONReader(r, lim)
	if d.empty() && d.stop == nil {
		if _, ok := d.token(); !ok { // an error of the reader, or nothing there
			if m, ok := errors.AsType[*Malformed](d.stop); ok {
				m.Detail = "the input is empty"
			}
			return nil, d.stop
		}
	}
	var lists care.Lists
	req := NewRequest(lists)
	var previous []PlanRow
	known := []string{"needs", "resources", "providers", "services", "contracts", "events", "pairings", "options", "mode", "matches", "previous", "keep"}
	object := d.members(known, func(name []byte) bool {
		switch string(name) {
		case "needs":
			req.Problem.Lists.Needs = readRows(d, needList(), lim.Needs)
		case "resources":
			req.Problem.Lists.Resources = readRows(d, resourceList(), lim.Rows)
		case "providers":
			req.Problem.Lists.Providers = readRows(d, providerList(), lim.Rows)
		case "services":
			req.Problem.Lists.Services = readRows(d, serviceList(), lim.Rows)
		case "contracts":
			req.Problem.Lists.Contracts = readRows(d, contractList(), lim.Rows)
		case "events":
			req.Problem.Lists.Events = readRows(d, eventList(), lim.Rows)
		case "pairings":
			req.Problem.Lists.Pairings = readRows(d, pairingList(), lim.Needs)
		case "options":
			d.options(req)
		case "mode":
			d.text(false, func(s string) {
				if req.Mode = s; s != "solve" && s != "validate" {
					d.fault("unknown", `must be "solve" or "validate"`, s)
				}
			})
		case "matches":
			req.Plan = readRows(d, planList("matches"), lim.Needs)
		case "previous":
			previous = readRows(d, planList("previous"), lim.Needs)
		case "keep":
			d.flag(&req.Kept)
		default:
			return false
		}
		return true
	})
	d.end()
	if d.stop != nil {
		return nil, d.stop
	}
	if !object {
		if d.faults.Total == 0 {
			d.faultAt("", "invalid", "must be an object", "null")
		}
		return nil, d.faults.Err()
	}
	for _, must := range []struct {
		name  string
		given bool
	}{{"needs", req.Problem.Lists.Needs != nil}, {"resources", req.Problem.Lists.Resources != nil}} {
		if !must.given && !d.faulty("/"+must.name) {
			d.faultAt("/"+must.name, "required", "the list is required; it may be empty", "")
		}
	}
	if d.faults.Total == 0 {
		left, err := req.Keep(previous)
		if err != nil {
			return nil, err
		}
		req.Left = left
		return req, nil
	}
	return nil, d.together(req, later)
}

// OpenRequest reads the JSON request in a file, "-" being stdin. The origin explains later faults.
func OpenRequest(path string, stdin io.Reader, lim Limits) (*MatchRequest, *Origin, error) {
	origin := &Origin{object: path}
	r := stdin
	if path == "-" {
		origin.object = "standard input"
	} else {
		file, err := os.Open(path)
		if err != nil {
			return nil, origin, err
		}
		defer file.Close()
		r = file
	}
	req, err := readRequest(r, lim, true)
	if err != nil {
		return nil, origin, origin.Explain(fmt.Errorf("read %s: %w", origin.object, err))
	}
	return req, origin, nil
}

// faulty reports whether a fault is recorded at the pointer.
func (d *jsonReader) faulty(pointer string) bool {
	return slices.ContainsFunc(d.faults.Faults, func(f solver.Fault) bool { return f.Pointer == pointer })
}

// together returns the faults of reading with those that validation finds in what could be read. A value that could not
// be read, or an entry below it, is reported once.
func (d *jsonReader) together(req *MatchRequest, later bool) error {
	all := d.faults
	unread := map[string]bool{}
	for _, f := range all.Faults {
		unread[f.Pointer] = true
	}
	invalid, ok := errors.AsType[*solver.Invalid](req.Validate())
	if !ok {
		return all.Err()
	}
	dropped := 0
	for _, f := range invalid.Faults {
		known := later && noHorizon(f)
		for p := f.Pointer; p != "" && !known; p = p[:strings.LastIndexByte(p, '/')] {
			known = unread[p]
		}
		if known {
			dropped++
			continue
		}
		all.Add(f)
	}
	all.Total += invalid.Total - len(invalid.Faults)
	return all.Err()
}

// noHorizon reports the fault of lists that need a horizon and have none.
func noHorizon(f solver.Fault) bool { return f.Pointer == "/options/from" && f.Code == "required" }

// IsCurrency reports whether s has the form of an ISO 4217 code.
func IsCurrency(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return len(s) == 3
}

// repoint turns pointers into the problem into pointers into the request.
func (r *MatchRequest) repoint(e *solver.Invalid) *solver.Invalid {
	out := &solver.Invalid{Total: e.Total, Faults: slices.Clone(e.Faults)}
	for i := range out.Faults {
		out.Faults[i].Pointer = r.requestPointer(out.Faults[i].Pointer)
	}
	return out
}
