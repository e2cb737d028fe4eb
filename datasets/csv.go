package datasets

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// Input is one file to read.
type Input struct {
	Name string // for messages
	R    io.Reader
}

// ListInputs are the CSV lists of one match. Needs and Resources must be there; nil for any other means that no such list
// is given.
type ListInputs struct {
	Needs, Resources, Providers, Services, Contracts, Events, Pairings *Input
}

// ReadLists reads CSV lists. Defaults are filled in; what the lists mean is not checked: call Validate on the request made
// of them, and [Origin.Explain] on its error.
//
// A fault of the lists is a [*FileError] with all of them at once, those of validation included where the files can be
// read at all; more than lim allows is a [*LimitError]. Each file may be UTF-8, with or without byte order mark, or GBK.
// Memory: the rows, one copy of each text, and one row of the file; an input that cannot seek is held in full while it is
// read.
func ReadLists(in ListInputs, lim Limits) (*care.Lists, *Origin, error) {
	var (
		lists  care.Lists
		origin = &Origin{files: map[string]*rows{}}
		faults = &FileError{}
		broken bool
		err    error
	)
	read := csvReader{lim: lim, cells: newCellReader(), origin: origin, faults: faults, broken: &broken}
	if lists.Needs, err = readCSV(read, needList(), in.Needs, lim.Needs); err != nil {
		return nil, origin, err
	}
	if lists.Resources, err = readCSV(read, resourceList(), in.Resources, lim.Rows); err != nil {
		return nil, origin, err
	}
	if lists.Providers, err = readCSV(read, providerList(), in.Providers, lim.Rows); err != nil {
		return nil, origin, err
	}
	if lists.Services, err = readCSV(read, serviceList(), in.Services, lim.Rows); err != nil {
		return nil, origin, err
	}
	if lists.Contracts, err = readCSV(read, contractList(), in.Contracts, lim.Rows); err != nil {
		return nil, origin, err
	}
	if lists.Events, err = readCSV(read, eventList(), in.Events, lim.Rows); err != nil {
		return nil, origin, err
	}
	if lists.Pairings, err = readCSV(read, pairingList(), in.Pairings, lim.Needs); err != nil {
		return nil, origin, err
	}
	switch {
	case faults.Total == 0:
		return &lists, origin, nil
	case broken:
		return nil, origin, faults
	}
	return nil, origin, origin.join(faults, lists.Validate(care.Horizon{}, nil))
}

// ListFiles are the CSV files of one match, by name; "-" is standard input, "" means that a list is not given.
type ListFiles struct {
	Needs, Resources, Providers, Services, Contracts, Events, Pairings string
}

// Open reads the lists in the files. See [ReadLists].
func (files ListFiles) Open(stdin io.Reader, lim Limits) (*care.Lists, *Origin, error) {
	var in ListInputs
	lists := []struct {
		path string
		to   **Input
	}{
		{files.Needs, &in.Needs},
		{files.Resources, &in.Resources},
		{files.Providers, &in.Providers},
		{files.Services, &in.Services},
		{files.Contracts, &in.Contracts},
		{files.Events, &in.Events},
		{files.Pairings, &in.Pairings},
	}
	fromStdin := 0
	for _, l := range lists {
		if l.path == "-" {
			fromStdin++
		}
	}
	if fromStdin > 1 {
		return nil, &Origin{}, errors.New("standard input can be only one of the lists")
	}
	var opened []io.Closer
	defer func() {
		for _, f := range opened {
			_ = f.Close() // read only: nothing to lose
		}
	}()
	for _, l := range lists {
		switch l.path {
		case "":
		case "-":
			*l.to = &Input{Name: "standard input", R: stdin}
		default:
			file, err := os.Open(l.path)
			if err != nil {
				return nil, &Origin{}, err
			}
			opened = append(opened, file)
			*l.to = &Input{Name: l.path, R: file}
		}
	}
	return ReadLists(in, lim)
}

// csvReader is what the lists of one reading share.
type csvReader struct {
	lim    Limits
	cells  *cellReader
	origin *Origin
	faults *FileError
	broken *bool // set when rows or columns are missing, so that validation would report what is not there
}

// maxRow bounds the bytes of one row, line breaks inside quotes included: past it a quote was never closed, or the file is
// no list.
const maxRow = 4 << 20

// readCSV reads one list. An unreadable file, or one past the limits, is an error; faults are collected in r.
func readCSV[T any](r csvReader, l *list[T], in *Input, most int) ([]T, error) {
	if in == nil {
		if l.name == "needs" || l.name == "resources" {
			return nil, fmt.Errorf("the %s list is required", l.name)
		}
		return nil, nil
	}
	fileFault := func(line int, column, code, detail, value string) {
		r.faults.add(FileFault{in.Name, line, column, code, detail, value})
	}
	at := &rows{name: in.Name, order: len(r.origin.files)}
	r.origin.files[l.name] = at
	text, s, err := openText(in, r.lim)
	if err != nil {
		return nil, err
	}
	switch {
	case s.encoding == utf16Text:
		*r.broken = true
		fileFault(0, "", "invalid", "the file is UTF-16; save it as UTF-8", "")
		return nil, nil
	case s.bytes == 0 || s.bom && s.bytes == int64(len(utf8BOM)):
		*r.broken = true
		fileFault(0, "", "required", "the file is empty; it needs a header: "+strings.Join(l.neededNames(), ","), "")
		return nil, nil
	}
	guarded := &guard{r: text, most: maxRow, what: "bytes in one row; is a quote not closed?"}
	lines := csv.NewReader(guarded)
	lines.FieldsPerRecord, lines.ReuseRecord = -1, true

	header, err := lines.Read()
	if err != nil {
		*r.broken = true
		if errors.Is(err, io.EOF) {
			fileFault(0, "", "required", "the file has no header; it needs "+strings.Join(l.neededNames(), ","), "")
			return nil, nil
		}
		return nil, r.rowError(in.Name, 1, err)
	}
	line, _ := lines.FieldPos(0)
	columns, ok := l.match(header, line, fileFault)
	if !ok {
		*r.broken = true
		return nil, nil
	}
	mayBeAbsent := l.absentees(columns)
	out := make([]T, 0, min(s.rows(), most))
	for {
		record, err := lines.Read()
		guarded.done()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			*r.broken = true
			line := 0
			if e, ok := errors.AsType[*csv.ParseError](err); ok {
				line = e.StartLine
			}
			if err := r.rowError(in.Name, line, err); err != nil {
				return nil, err
			}
			continue
		}
		line, _ := lines.FieldPos(0)
		if len(out) == most {
			return nil, &LimitError{File: in.Name, What: l.name, Limit: int64(most)}
		}
		if len(record) != len(columns) {
			*r.broken = true                        // rows are no longer where their numbers say, which nobody will ask
			if r.faults.Total >= solver.MaxFaults { // counted only
				r.faults.Total++
				continue
			}
			fileFault(line, "", "invalid", fmt.Sprintf("the row has %d cells where the header has %d", len(record), len(columns)), "")
			continue
		}
		at.mark(len(out), line)
		out = append(out, l.fresh)
		row := &out[len(out)-1]
		for k, cell := range record {
			c := columns[k]
			cell = strings.TrimSpace(cell)
			if err := r.checkText(in.Name, line, c.name, cell); err != nil {
				return nil, err
			}
			if detail := badText(cell, s.encoding); detail != "" {
				fileFault(line, c.name, "invalid", detail, cell)
				continue
			}
			if fault := r.cells.set(c.at(row), cell, c.own); fault != nil {
				fileFault(line, c.name, fault.code, fault.detail, cell)
			}
		}
		for _, a := range mayBeAbsent {
			if a.cell >= 0 && strings.TrimSpace(record[a.cell]) != "" {
				continue
			}
			if fault := a.absent(row); fault != nil {
				fileFault(line, a.name, fault.code, fault.detail, "")
			}
		}
	}
}

// absentee is a column whose absence from a row means something.
type absentee[T any] struct {
	*column[T]
	cell int // position of its cell in a row, -1 if the file lacks the column
}

func (l *list[T]) absentees(found []*column[T]) []absentee[T] {
	var out []absentee[T]
	for k := range l.columns {
		if c := &l.columns[k]; c.absent != nil {
			out = append(out, absentee[T]{c, slices.Index(found, c)})
		}
	}
	return out
}

// rowError collects what the CSV grammar refuses, and returns what ends the reading.
func (r csvReader) rowError(file string, line int, err error) error {
	if limit, ok := errors.AsType[*LimitError](err); ok {
		limit.File = file
		return limit
	}
	e, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return fmt.Errorf("read %s: %w", file, err)
	}
	detail := "a quote inside a cell: write it twice, and put the cell in quotes"
	if errors.Is(e.Err, csv.ErrQuote) {
		detail = "a quoted cell is not closed, or goes on after its closing quote"
	}
	r.faults.add(FileFault{File: file, Line: line, Code: "invalid", Detail: fmt.Sprintf("%s (line %d, byte %d)", detail, e.Line, e.Column)})
	return nil
}

// checkText bounds one cell and the entries of its list.
func (r csvReader) checkText(file string, line int, column, cell string) error {
	if len(cell) <= r.lim.Text {
		return nil
	}
	what := ""
	if strings.Count(cell, ";") >= r.lim.Entries {
		what = "entries"
	} else {
		for entry := range strings.SplitSeq(cell, ";") {
			if len(entry) > r.lim.Text {
				what = "bytes"
			}
		}
	}
	switch what {
	case "entries":
		return &LimitError{File: fmt.Sprintf("%s:%d", file, line), Pointer: column, What: what, Limit: int64(r.lim.Entries)}
	case "bytes":
		return &LimitError{File: fmt.Sprintf("%s:%d", file, line), Pointer: column, What: what, Limit: int64(r.lim.Text)}
	}
	return nil
}

// badText says what is wrong with the bytes of a cell, "" if nothing.
func badText(cell string, enc encoding) string {
	for i := range len(cell) {
		if b := cell[i]; b < 0x20 && b != '\n' && b != '\t' || b == 0x7F {
			return "the cell holds a control character"
		}
	}
	switch {
	case enc == gbkText && strings.ContainsRune(cell, utf8.RuneError):
		return "bytes that are no GBK character"
	case !utf8.ValidString(cell):
		scan := gbkScanner{valid: true}
		for i := range len(cell) {
			scan.next(cell[i])
		}
		if scan.end() {
			return "not UTF-8, as the rest of the file is, but perhaps GBK: save the whole file in one encoding"
		}
		return "not UTF-8: save the file as UTF-8"
	}
	return ""
}

// neededNames returns the columns that must be there.
func (l *list[T]) neededNames() []string {
	var names []string
	for _, c := range l.columns {
		if c.needed {
			names = append(names, c.name)
		}
	}
	return names
}

// match finds the column of each cell of the header. It reports unknown, duplicate and missing columns all at once.
func (l *list[T]) match(header []string, line int, fault func(line int, column, code, detail, value string)) ([]*column[T], bool) {
	found := make([]*column[T], 0, len(header))
	seen := map[string]bool{}
	ok := true
	for _, name := range header {
		name = strings.TrimSpace(name)
		var c *column[T]
		for k := range l.columns {
			if l.columns[k].name == name {
				c = &l.columns[k]
			}
		}
		switch {
		case c == nil:
			ok = false
			fault(line, "", "unknown", "no such column in "+l.name+suggest(name, l.names), name)
		case seen[name]:
			ok = false
			fault(line, name, "duplicate", "the column stands twice", "")
		}
		seen[name] = true
		found = append(found, c)
	}
	for _, c := range l.columns {
		if c.needed && !seen[c.name] {
			ok = false
			fault(line, c.name, "required", "the column is missing", "")
		}
	}
	return found, ok
}

// suggest returns `; did you mean "service"?`, or "" when nothing known is near.
func suggest(word string, known []string) string {
	if len(word) > 100 {
		return ""
	}
	near := care.Nearest(strings.ToLower(word), known)
	if near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", near)
}

// openText decides the encoding of a file and returns its text from the start. What can seek is read twice; what cannot
// is held in memory.
func openText(in *Input, lim Limits) (io.Reader, survey, error) {
	wrap := func(err error) error { return fmt.Errorf("read %s: %w", in.Name, err) }
	seeker, ok := in.R.(io.ReadSeeker)
	if ok {
		if _, err := seeker.Seek(0, io.SeekCurrent); err != nil { // a pipe
			ok = false
		}
	}
	if !ok {
		most := min(lim.Bytes, maxHeld)
		held, err := io.ReadAll(io.LimitReader(in.R, most+1))
		if err != nil {
			return nil, survey{}, wrap(err)
		}
		if int64(len(held)) > most {
			return nil, survey{}, &LimitError{File: in.Name, What: "bytes", Limit: most}
		}
		seeker = bytes.NewReader(held)
	}
	start, err := seeker.Seek(0, io.SeekCurrent)
	if err != nil {
		return nil, survey{}, wrap(err)
	}
	s, err := inspect(io.LimitReader(seeker, lim.Bytes+1))
	if err != nil {
		return nil, s, wrap(err)
	}
	if s.bytes > lim.Bytes {
		return nil, s, &LimitError{File: in.Name, What: "bytes", Limit: lim.Bytes}
	}
	if _, err := seeker.Seek(start, io.SeekStart); err != nil {
		return nil, s, wrap(err)
	}
	text, err := s.decoded(seeker)
	if err != nil {
		return nil, s, wrap(err)
	}
	return text, s, nil
}

// maxHeld bounds what is held of an input that cannot seek.
const maxHeld = 1 << 30

// guard stops a reader that takes in more than most bytes for one row or token.
type guard struct {
	r     io.Reader
	most  int64
	taken int64 // bytes given since the last row or token
	what  string
}

func (g *guard) Read(p []byte) (int, error) {
	if g.taken > g.most {
		return 0, &LimitError{What: g.what, Limit: g.most}
	}
	n, err := g.r.Read(p)
	g.taken += int64(n)
	return n, err
}

// done marks the end of a row.
func (g *guard) done() { g.taken = 0 }
