package datasets

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/solver/lap"
)

// Assignment is an assignment problem of a public collection. Whole or Real is set: Real where some cost has a fraction, and
// for every table of reals.
type Assignment struct {
	Whole *lap.Problem[int64]
	Real  *lap.Problem[float64]
}

// maxSide bounds the rows and the columns of a sparse assignment: they cost memory whether pairs name them or not.
const maxSide = 1 << 24

// ReadAssignment reads an assignment problem in one of four forms, plain text, told apart by content:
//
//   - OR-Library, dense: the number n, then n×n costs, row by row, whatever the lines.
//   - OR-Library, sparse: n, then "i j cost" of each allowed pair, numbered from 1. What fits both forms is dense.
//   - DIMACS: "p asn NODES ARCS", "n ID" for each node that is a row, "a ROW COLUMN COST"; rows and columns in the order of their ids.
//   - CSV: a row of reals a line. An empty cell and one that is not finite are pairs that are not allowed.
//
// Faults are an [*InstanceError], the first one only. Memory is a few times the size of the text.
func ReadAssignment(r io.Reader) (*Assignment, error) {
	in := bufio.NewReaderSize(r, maxLine)
	file := ""
	if named, ok := r.(*Instance); ok {
		file = named.Name
	}
	if bom, err := in.Peek(3); err == nil && string(bom) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	head, err := in.Peek(maxLine)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	first := bytes.TrimLeft(head, " \t\r\n\v\f")
	line, _, _ := bytes.Cut(first, []byte("\n"))
	switch {
	case len(first) == 0:
		return nil, &InstanceError{File: file, Detail: "the file is empty; an assignment begins with a number, with p asn, or with a row of reals"}
	case strings.IndexByte("cpna", line[0]) >= 0 && (len(line) == 1 || line[1] <= ' '):
		return readAsn(&fieldReader{file: file, in: in})
	case bytes.IndexByte(line, ',') >= 0:
		return readTable(&wordReader{file: file, in: in, line: 1})
	}
	return readBeasley(&wordReader{file: file, in: in, line: 1})
}

// WriteAssignment writes the column of each row, one a line, -1 where it has none.
func WriteAssignment(w io.Writer, col []int32) error {
	out := bufio.NewWriterSize(w, 64<<10)
	var line []byte
	for _, j := range col {
		line = append(strconv.AppendInt(line[:0], int64(j), 10), '\n')
		out.Write(line)
	}
	return out.Flush() // the writer keeps its first error
}

// costList takes costs as they come: whole numbers as long as all are.
type costList struct {
	whole []int64
	real  []float64 // set, and whole nil, from the first fraction on
}

// add takes the number in text; false if it is none.
func (c *costList) add(text []byte) bool {
	if c.real == nil {
		if v, ok := integerOf(text); ok {
			c.whole = append(c.whole, v)
			return true
		}
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return false
	}
	if c.real == nil {
		if v == math.Trunc(v) && math.Abs(v) < 1<<53 {
			c.whole = append(c.whole, int64(v))
			return true
		}
		c.real = make([]float64, len(c.whole), cap(c.whole)+1)
		for k, w := range c.whole {
			c.real[k] = float64(w)
		}
		c.whole = nil
	}
	c.real = append(c.real, v)
	return true
}

// integerOf reads digits with or without a sign that fit into 64 bits.
func integerOf(text []byte) (int64, bool) {
	digits, negative := text, false
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		digits, negative = text[1:], text[0] == '-'
	}
	if len(digits) == 0 || len(digits) > 18 {
		v, err := strconv.ParseInt(string(text), 10, 64)
		return v, err == nil
	}
	v := int64(0)
	for _, b := range digits {
		if b < '0' || b > '9' {
			return 0, false
		}
		v = v*10 + int64(b-'0')
	}
	if negative {
		v = -v
	}
	return v, true
}

// pairList is the pairs of a sparse assignment in the order of the file.
type pairList struct {
	rows, cols int
	row, col   []int32
	cost       costList
}

// problem sorts the pairs by row.
func (l *pairList) problem() *Assignment {
	start := make([]int, l.rows+1)
	for _, i := range l.row {
		start[i+1]++
	}
	for i := range l.rows {
		start[i+1] += start[i]
	}
	at, col := slices.Clone(start), make([]int32, len(l.col))
	place := make([]int, len(l.col)) // of each pair
	for k, i := range l.row {
		place[k] = at[i]
		col[at[i]] = l.col[k]
		at[i]++
	}
	if l.cost.real != nil {
		p := &lap.Problem[float64]{Rows: l.rows, Cols: l.cols, Start: start, Col: col, Cost: make([]float64, len(col))}
		for k, x := range l.cost.real {
			p.Cost[place[k]] = x
		}
		return &Assignment{Real: p}
	}
	p := &lap.Problem[int64]{Rows: l.rows, Cols: l.cols, Start: start, Col: col, Cost: make([]int64, len(col))}
	for k, x := range l.cost.whole {
		p.Cost[place[k]] = x
	}
	return &Assignment{Whole: p}
}

// readBeasley reads the two forms of the OR-Library (Beasley 1990).
func readBeasley(in *wordReader) (*Assignment, error) {
	if err := in.next(); err != nil {
		return nil, err
	}
	n, ok := integerOf(in.word)
	if !ok || n < 0 || n > maxSide {
		return nil, in.fault(fmt.Sprintf("the first number must be that of rows, from 0 to %d", maxSide))
	}
	// Which of the two forms it is shows at the end. The numbers are kept as both until then: as a list of costs, and where they
	// stood, for messages, by their count alone.
	var all costList
	for {
		err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if !all.add(in.word) {
			return nil, in.fault("a cost must be a finite number")
		}
	}
	count := max(len(all.whole), len(all.real))
	switch {
	case int64(count) == n*n:
		if all.real != nil {
			return &Assignment{Real: &lap.Problem[float64]{Rows: int(n), Cols: int(n), Cost: all.real}}, nil
		}
		return &Assignment{Whole: &lap.Problem[int64]{Rows: int(n), Cols: int(n), Cost: all.whole}}, nil
	case count%3 != 0:
		return nil, &InstanceError{File: in.file, Detail: fmt.Sprintf(
			"%d numbers after the first are neither %d×%d costs nor lines i j cost", count, n, n)}
	}
	list := &pairList{rows: int(n), cols: int(n), row: make([]int32, 0, count/3), col: make([]int32, 0, count/3)}
	return list.triples(in, &all, count)
}

// triples takes the numbers as lines "i j cost".
func (l *pairList) triples(in *wordReader, all *costList, count int) (*Assignment, error) {
	for k := 0; k < count; k += 3 {
		for side, to := range []*[]int32{&l.row, &l.col} {
			var v float64
			if all.real != nil {
				v = all.real[k+side]
			} else {
				v = float64(all.whole[k+side])
			}
			if v < 1 || v > float64(l.rows) || v != math.Trunc(v) {
				return nil, &InstanceError{
					File: in.file, Detail: fmt.Sprintf("pair %d: rows and columns must be from 1 to %d", k/3+1, l.rows),
					Value: strconv.FormatFloat(v, 'g', -1, 64),
				}
			}
			*to = append(*to, int32(v)-1)
		}
		if all.real != nil {
			l.cost.real = append(l.cost.real, all.real[k+2])
		} else {
			l.cost.whole = append(l.cost.whole, all.whole[k+2])
		}
	}
	return l.problem(), nil
}

// The forms of the lines, for messages.
const (
	formAsnP = "p asn NODES ARCS"
	formAsnN = "n ID"
	formAsnA = "a ROW COLUMN COST"
)

// asnReader reads a DIMACS .asn file. Which nodes are rows is known before the first arc.
type asnReader struct {
	in    *fieldReader
	nodes int
	arcs  int // announced; -1 before the header
	isRow []bool
	place []int32 // of each node among the rows or the columns, once the arcs begin
	list  pairList
}

func readAsn(in *fieldReader) (*Assignment, error) {
	r := &asnReader{in: in, arcs: -1}
	for {
		err := in.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		kind := string(in.fields[0].text)
		switch {
		case kind[0] == 'c':
		case kind == "p" && r.arcs >= 0:
			return nil, in.faultAt(0, "a second header: there is one line "+formAsnP)
		case kind == "p":
			err = r.header()
		case r.arcs < 0:
			return nil, in.faultAt(0, "the header must come first: "+formAsnP)
		case kind == "n":
			err = r.row()
		case kind == "a":
			err = r.arc()
		default:
			return nil, in.faultAt(0, "no such line in an assignment: it must begin with c, p, n or a")
		}
		if err != nil {
			return nil, err
		}
	}
	if r.arcs < 0 {
		return nil, &InstanceError{File: in.file, Line: in.line, Detail: "there is no header: " + formAsnP}
	}
	if len(r.list.row) != r.arcs {
		return nil, &InstanceError{File: in.file, Line: in.line, Detail: fmt.Sprintf("the header announces %d arcs, the file has %d", r.arcs, len(r.list.row))}
	}
	r.number()
	return r.list.problem(), nil
}

func (r *asnReader) header() error {
	in := r.in
	if err := in.want(4, 4, formAsnP); err != nil {
		return err
	}
	if string(in.fields[1].text) != "asn" {
		return in.faultAt(1, "the problem must be asn, an assignment")
	}
	nodes, err := in.whole(2, "the number of nodes")
	if err != nil {
		return err
	}
	if nodes < 0 || nodes > 2*maxSide {
		return in.faultAt(2, fmt.Sprintf("the number of nodes must be from 0 to %d", 2*maxSide))
	}
	arcs, err := in.whole(3, "the number of arcs")
	if err != nil {
		return err
	}
	if arcs < 0 || arcs > 1<<30 {
		return in.faultAt(3, fmt.Sprintf("the number of arcs must be from 0 to %d", 1<<30))
	}
	r.nodes, r.arcs, r.isRow = int(nodes), int(arcs), make([]bool, nodes)
	return nil
}

// node reads field k as the id of a node and returns its position.
func (r *asnReader) node(k int) (int, error) {
	id, err := r.in.whole(k, "the node")
	if err != nil {
		return 0, err
	}
	if id < 1 || id > int64(r.nodes) {
		return 0, r.in.faultAt(k, fmt.Sprintf("there is no such node: nodes are 1 to %d", r.nodes))
	}
	return int(id - 1), nil
}

func (r *asnReader) row() error {
	if err := r.in.want(2, 2, formAsnN); err != nil {
		return err
	}
	v, err := r.node(1)
	switch {
	case err != nil:
		return err
	case r.place != nil:
		return r.in.faultAt(1, "nodes that are rows must stand before the arcs")
	case r.isRow[v]:
		return r.in.faultAt(1, "the node stands twice")
	}
	r.isRow[v] = true
	return nil
}

// number numbers rows and columns by ascending id.
func (r *asnReader) number() {
	if r.place != nil {
		return
	}
	r.place = make([]int32, r.nodes)
	for v, row := range r.isRow {
		side := &r.list.cols
		if row {
			side = &r.list.rows
		}
		r.place[v] = int32(*side)
		*side++
	}
}

func (r *asnReader) arc() error {
	in := r.in
	r.number()
	if len(r.list.row) == r.arcs {
		return in.faultAt(0, fmt.Sprintf("more than the %d arcs that the header announces", r.arcs))
	}
	if err := in.want(4, 4, formAsnA); err != nil {
		return err
	}
	row, err := r.node(1)
	if err != nil {
		return err
	}
	col, err := r.node(2)
	if err != nil {
		return err
	}
	if !r.isRow[row] {
		return in.faultAt(1, "an arc must come from a row: a node with a line "+formAsnN)
	}
	if r.isRow[col] {
		return in.faultAt(2, "an arc must go to a column: a node without a line "+formAsnN)
	}
	if !r.list.cost.add(in.fields[3].text) {
		return in.faultAt(3, "the cost must be a finite number that fits into 64 bits")
	}
	r.list.row, r.list.col = append(r.list.row, r.place[row]), append(r.list.col, r.place[col])
	return nil
}

// readTable reads a row of reals a line.
func readTable(in *wordReader) (*Assignment, error) {
	p := &lap.Problem[float64]{}
	width := 0
	for done := false; !done; {
		more, err := in.cell()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		done = err != nil
		if width == 0 && !more && len(in.word) == 0 { // a blank line, or the end
			continue
		}
		text := bytes.Trim(in.word, `"`)
		x, allowed := 0.0, len(text) > 0
		if allowed {
			x, err = strconv.ParseFloat(string(text), 64)
			if err != nil && !errors.Is(err, strconv.ErrRange) {
				return nil, in.fault("a cost must be a number, or empty where the pair is not allowed")
			}
			allowed = !math.IsInf(x, 0) && !math.IsNaN(x)
		}
		if !allowed {
			x = 0
			if p.Forbidden == nil {
				p.Forbidden = make([]bool, len(p.Cost), cap(p.Cost))
			}
		}
		p.Cost = append(p.Cost, x)
		if p.Forbidden != nil {
			p.Forbidden = append(p.Forbidden, !allowed)
		}
		if width++; more {
			continue
		}
		if p.Rows > 0 && width != p.Cols {
			return nil, in.fault(fmt.Sprintf("the row has %d cells, the first has %d", width, p.Cols))
		}
		p.Rows, p.Cols, width = p.Rows+1, width, 0
	}
	return &Assignment{Real: p}, nil
}

// wordReader reads words or cells one by one, whatever the length of lines.
type wordReader struct {
	file string
	in   *bufio.Reader
	line int
	col  int    // bytes of the line read so far
	word []byte // valid until the next
	at   int    // column of the word, from 1
}

// maxWord bounds a number's text: the longest exact decimal of a float64 is shorter.
const maxWord = 1100

// fault returns an error at the word read last.
func (r *wordReader) fault(detail string) error {
	return &InstanceError{File: r.file, Line: r.line, Column: r.at, Detail: detail, Value: string(r.word)}
}

// next reads the next word; io.EOF after the last.
func (r *wordReader) next() error {
	r.word = r.word[:0]
	for {
		b, err := r.in.ReadByte()
		if err != nil {
			if errors.Is(err, io.EOF) && len(r.word) > 0 {
				return nil
			}
			return r.wrap(err)
		}
		if b == ' ' || b >= '\t' && b <= '\r' {
			if len(r.word) > 0 {
				return r.in.UnreadByte() // so that the line is still the word's
			}
			if r.col++; b == '\n' {
				r.line, r.col = r.line+1, 0
			}
			continue
		}
		if r.col++; len(r.word) == 0 {
			r.at = r.col
		}
		if r.word = append(r.word, b); len(r.word) > maxWord {
			return r.fault("the number is too long")
		}
	}
}

// cell reads the next cell of a table, blanks around it cut off; more says that another follows in the row. The error is io.EOF with the
// last cell.
func (r *wordReader) cell() (more bool, err error) {
	if r.col == -1 { // the cell before ended its line
		r.line, r.col = r.line+1, 0
	}
	r.word, r.at = r.word[:0], r.col+1
	for {
		b, err := r.in.ReadByte()
		switch {
		case err != nil:
			r.word = bytes.TrimSpace(r.word)
			return false, r.wrap(err)
		case b == '\n':
			r.word, r.col = bytes.TrimSpace(r.word), -1
			return false, nil
		case b == ',':
			r.col++
			r.word = bytes.TrimSpace(r.word)
			return true, nil
		}
		r.col++
		if r.word = append(r.word, b); len(r.word) > maxWord {
			return false, r.fault("the number is too long")
		}
	}
}

// wrap names the line in an error of the reader.
func (r *wordReader) wrap(err error) error {
	if errors.Is(err, io.EOF) {
		return io.EOF
	}
	if limit, ok := errors.AsType[*LimitError](err); ok {
		return limit
	}
	return fmt.Errorf("%w (after line %d)", err, r.line)
}
