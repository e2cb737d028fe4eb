package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/solver"
)

// FileFault is one thing wrong with a file, told so that a person finds the place.
type FileFault struct {
	File   string // as named by the caller; "" when the fault is in a flag
	Line   int    // physical line of the file where the row begins, from 1; 0 when the fault is in no single row
	Column string // name of the column, JSON Pointer, or flag; "" when the whole row or file is meant
	Code   string // as in solver.Fault
	Detail string
	Value  string // the offending value, shortened; for the owner of the file, never for a log
}

// String returns `needs.csv:14: service: no such service (value "mael")`.
func (f FileFault) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		b.WriteByte(':')
		b.WriteString(strconv.Itoa(f.Line))
	}
	if f.Column != "" {
		if b.Len() > 0 {
			b.WriteString(": ")
		}
		b.WriteString(f.Column)
	}
	if b.Len() > 0 {
		b.WriteString(": ")
	}
	b.WriteString(f.Detail)
	if f.Value != "" {
		fmt.Fprintf(&b, " (value %q)", short(f.Value))
	}
	return b.String()
}

// FileError is the error of files with faults: all of them at once.
type FileError struct {
	Faults []FileFault // the first [solver.MaxFaults], by file, then by line
	Total  int         // all of them
}

// Error lists every fault it holds, one a line, values included: show it to the owner of the files, do not log it.
func (e *FileError) Error() string {
	var b strings.Builder
	for i, f := range e.Faults {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(f.String())
	}
	if more := e.Total - len(e.Faults); more > 0 {
		fmt.Fprintf(&b, "\nand %d more faults", more)
	}
	return b.String()
}

// add appends a fault, keeping the first [solver.MaxFaults] and counting the rest.
func (e *FileError) add(f FileFault) {
	e.Total++
	if len(e.Faults) < solver.MaxFaults {
		e.Faults = append(e.Faults, f)
	}
}

// Malformed says that an input is not the JSON it should be: reading stopped at this place.
type Malformed struct {
	File    string // name of the file, "" over HTTP
	Pointer string // the last value read before, or the member that stands twice
	Offset  int64  // bytes from the start
	Detail  string
}

// Error names the place and the fault.
func (e *Malformed) Error() string {
	at := fmt.Sprintf("byte %d", e.Offset)
	if e.Pointer != "" {
		at = e.Pointer + ", " + at
	}
	if e.File != "" {
		at = e.File + ": " + at
	}
	return at + ": " + e.Detail
}

// short cuts a value for a message.
func short(v string) string {
	const most = 80
	if len(v) <= most {
		return v
	}
	cut := most
	for cut > most-4 && v[cut]&0xC0 == 0x80 { // not inside a UTF-8 sequence
		cut--
	}
	return v[:cut] + "…"
}

// Origin remembers where lists came from, so that a fault found later can name file, row and column.
// The zero value knows nothing and leaves errors as they are.
type Origin struct {
	Barriers string // name of the file of barriers, "" if none; set by whoever read it

	files   map[string]*rows  // by list: "needs", ...
	object  string            // name of the JSON file that held everything else, "" if none
	objects map[string]string // names of JSON files that held one list alone, by list: "matches", ...
}

// Add remembers what other knows too: where a plan came from, say, besides the lists.
func (o *Origin) Add(other *Origin) {
	if o.files == nil {
		o.files = map[string]*rows{}
	}
	if o.objects == nil {
		o.objects = map[string]string{}
	}
	maps.Copy(o.files, other.files)
	maps.Copy(o.objects, other.objects)
}

// rows says where the rows of one CSV list stand.
type rows struct {
	name  string
	order int     // of the lists
	lines []int32 // lines[i]: physical line of row i; nil when row i stands on line i+2, as it does unless a cell has line breaks
}

// line returns the physical line of row i.
func (r *rows) line(i int) int {
	if r.lines == nil {
		return i + 2
	}
	if i < len(r.lines) {
		return int(r.lines[i])
	}
	return 0
}

// mark remembers that the next row, number i, stands on the given line.
func (r *rows) mark(i, line int) {
	if r.lines == nil {
		if line == i+2 {
			return
		}
		r.lines = make([]int32, i, 2*i+16)
		for k := range r.lines {
			r.lines[k] = int32(k + 2)
		}
	}
	r.lines = append(r.lines, int32(line))
}

// Explain returns err with every fault of a [*solver.Invalid] placed in its file, as a [*FileError]; with the file's name
// filled into a [*Malformed] or [*LimitError]; and any other error as it is.
func (o *Origin) Explain(err error) error {
	var (
		invalid   *solver.Invalid
		malformed *Malformed
		limit     *LimitError
	)
	switch {
	case errors.As(err, &invalid):
		out := &FileError{}
		for _, f := range invalid.Faults {
			out.add(o.place(f))
		}
		out.Total = invalid.Total
		return out
	case errors.As(err, &malformed) && malformed.File == "":
		named := *malformed
		named.File = o.object
		return &named
	case errors.As(err, &limit) && limit.File == "":
		named := *limit
		named.File = o.object
		return &named
	}
	return err
}

// place finds a pointer's file, row and column.
func (o *Origin) place(f solver.Fault) FileFault {
	out := FileFault{File: o.object, Column: f.Pointer, Code: f.Code, Detail: f.Detail, Value: f.Value}
	out.Detail = o.placeInText(out.Detail)
	parts := strings.Split(f.Pointer, "/")
	if len(parts) < 3 || parts[0] != "" {
		return out
	}
	if parts[1] == "options" && o.object == "" {
		if parts[2] == "barriers" && o.Barriers != "" {
			out.File, out.Column = o.Barriers, strings.TrimPrefix(f.Pointer, "/options/barriers")
			return out
		}
		out.Column = "--" + strings.ReplaceAll(parts[2], "_", "-")
		return out
	}
	if name, ok := o.objects[parts[1]]; ok {
		out.File = name
		return out
	}
	rows := o.files[parts[1]]
	i, err := strconv.Atoi(parts[2])
	if rows == nil || err != nil {
		return out
	}
	out.File, out.Line, out.Column = rows.name, rows.line(i), ""
	if len(parts) > 3 {
		out.Column = parts[3]
	}
	if len(parts) > 4 {
		if k, err := strconv.Atoi(parts[4]); err == nil {
			out.Detail = fmt.Sprintf("entry %d: %s", k+1, out.Detail)
		}
	}
	return out
}

// placeInText replaces a pointer at the end of a detail, "the same id stands at /needs/3", by file and row.
func (o *Origin) placeInText(detail string) string {
	before, pointer, ok := strings.Cut(detail, " at /")
	list, index, _ := strings.Cut(pointer, "/")
	index, column, _ := strings.Cut(index, "/")
	rows := o.files[list]
	i, err := strconv.Atoi(index)
	if !ok || rows == nil || err != nil {
		return detail
	}
	text := fmt.Sprintf("%s at %s:%d", before, rows.name, rows.line(i))
	if column != "" {
		text += ": " + column
	}
	return text
}

// join merges faults found while reading with those found by validation afterwards. A cell that could not be read is
// reported once: what validation says of it is dropped.
func (o *Origin) join(read *FileError, err error) error {
	var invalid *solver.Invalid
	if !errors.As(err, &invalid) {
		return read
	}
	type cell struct {
		file, column string
		line         int
	}
	known := map[cell]bool{}
	for _, f := range read.Faults {
		known[cell{f.File, f.Column, f.Line}] = true
	}
	order := map[string]int{}
	for _, r := range o.files {
		order[r.name] = r.order
	}
	all := slices.Clone(read.Faults)
	total := read.Total + invalid.Total
	for _, f := range invalid.Faults {
		placed := o.place(f)
		if noHorizon(f) || known[cell{placed.File, placed.Column, placed.Line}] {
			total--
			continue
		}
		all = append(all, placed)
	}
	slices.SortStableFunc(all, func(a, b FileFault) int {
		return cmp.Or(cmp.Compare(order[a.File], order[b.File]), cmp.Compare(a.Line, b.Line))
	})
	return &FileError{Faults: all[:min(len(all), solver.MaxFaults)], Total: total}
}
