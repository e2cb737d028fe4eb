package datasets

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

const formTables = "distance,name,DestinationName,demand; or demand,site,cost[,weight]; or a table with a row for each customer and a column for each site"

// maxCell bounds the bytes of an id.
const maxCell = 1000

// longColumns are the columns of a long table: one row for each pair.
type longColumns struct{ customer, site, cost, weight string }

// longForms are the long tables that can be read.
var longForms = []longColumns{
	{"DestinationName", "name", "distance", "demand"},
	{"demand", "site", "cost", "weight"},
}

// tableReader reads a CSV table and collects its faults, so that all are told at once.
type tableReader struct {
	name   string
	rows   *csv.Reader
	guard  *guard
	faults FileError
	line   int // of the row read last
}

func newTableReader(name string, r io.Reader) *tableReader {
	g := &guard{r: r, most: maxRow, what: "bytes in one row; is a quote not closed?"}
	t := &tableReader{name: name, rows: csv.NewReader(g), guard: g}
	t.rows.FieldsPerRecord, t.rows.ReuseRecord = -1, true
	return t
}

// next returns the next row that can be read, its cells without the blanks around them; io.EOF after the last.
func (t *tableReader) next() ([]string, error) {
	for {
		record, err := t.rows.Read()
		t.guard.done()
		if e, ok := errors.AsType[*csv.ParseError](err); ok {
			t.line = e.StartLine
			t.fault("", "invalid", fmt.Sprintf("a quote that is not closed, or stands inside a cell (line %d, byte %d)", e.Line, e.Column), "")
			continue
		}
		if err != nil {
			if limit, ok := errors.AsType[*LimitError](err); ok {
				limit.File = t.name
			}
			return nil, err
		}
		t.line, _ = t.rows.FieldPos(0)
		for k, cell := range record {
			record[k] = strings.TrimSpace(cell)
		}
		return record, nil
	}
}

// fault adds a fault of the row read last.
func (t *tableReader) fault(column, code, detail, value string) {
	t.faults.add(FileFault{t.name, t.line, column, code, detail, value})
}

// amount reads a cell as a number >= 0; a fault is noted, and 0 returned.
func (t *tableReader) amount(column, cell string) float64 {
	v, ok := realOf([]byte(cell))
	switch {
	case !ok:
		t.fault(column, "invalid", "must be a finite number", cell)
	case v < 0:
		t.fault(column, "out_of_range", "must not be negative", cell)
	default:
		return v
	}
	return 0
}

// name returns a cell as an id; a fault is noted.
func (t *tableReader) id(column, cell string) string {
	switch {
	case cell == "":
		t.fault(column, "required", "the id is missing", "")
	case len(cell) > maxCell:
		t.fault(column, "out_of_range", fmt.Sprintf("the id is longer than %d bytes", maxCell), cell)
	}
	return cell
}

// width checks the number of cells.
func (t *tableReader) width(got, want int) bool {
	if got != want {
		t.fault("", "invalid", fmt.Sprintf("the row has %d cells where the header has %d", got, want), "")
	}
	return got == want
}

// header returns the first row.
func (t *tableReader) header(form string) ([]string, error) {
	record, err := t.next()
	if errors.Is(err, io.EOF) {
		return nil, &InstanceError{File: t.name, Detail: "the file is empty; it must hold: " + form}
	}
	return slices.Clone(record), err
}

// end returns the faults, if there are any.
func (t *tableReader) end() error {
	if t.faults.Total > 0 {
		return &t.faults
	}
	return nil
}

// readTable reads a long or a wide table.
func readSitesTable(text *sitesText) (*Siting, error) {
	t := newTableReader(text.file, text.in)
	header, err := t.header(formTables)
	if err != nil {
		return nil, err
	}
	for _, form := range longForms {
		if slices.Contains(header, form.customer) && slices.Contains(header, form.site) && slices.Contains(header, form.cost) {
			return t.long(header, form)
		}
	}
	return t.wide(header)
}

// register numbers ids by first appearance.
type register struct {
	index map[string]int32
	names []string
}

func (r *register) number(id string) int32 {
	if k, ok := r.index[id]; ok {
		return k
	}
	if r.index == nil {
		r.index = map[string]int32{}
	}
	k := int32(len(r.names))
	id = strings.Clone(id) // the row it is cut from is not kept
	r.index[id], r.names = k, append(r.names, id)
	return k
}

// long reads a row for each pair that can be. Other columns are passed over; not so where the weight's name may be misspelt.
func (t *tableReader) long(header []string, form longColumns) (*Siting, error) {
	known := []string{form.customer, form.site, form.cost, form.weight}
	weighed := slices.Contains(header, form.weight)
	place := [4]int{-1, -1, -1, -1}
	for k, name := range header {
		c := slices.Index(known, name)
		switch {
		case c < 0 && !weighed && suggest(name, known[3:]) != "":
			t.fault(name, "unknown", "no such column"+suggest(name, known[3:]), "")
		case c < 0:
		case place[c] >= 0:
			t.fault(name, "duplicate", "the column stands twice", "")
		default:
			place[c] = k
		}
	}
	if t.faults.Total > 0 {
		return nil, &t.faults
	}
	var (
		customers, sites register
		s                = &Siting{}
		pair             struct {
			customer, site []int32
			cost           []float64
		}
		lines rows
	)
	for {
		record, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if !t.width(len(record), len(header)) {
			continue
		}
		i := customers.number(t.id(form.customer, record[place[0]]))
		j := sites.number(t.id(form.site, record[place[1]]))
		lines.mark(len(pair.cost), t.line)
		pair.customer, pair.site = append(pair.customer, i), append(pair.site, j)
		pair.cost = append(pair.cost, t.amount(form.cost, record[place[2]]))
		if place[3] < 0 {
			continue
		}
		switch w := t.amount(form.weight, record[place[3]]); {
		case int(i) == len(s.Weight):
			s.Weight = append(s.Weight, w)
		case s.Weight[i] != w:
			t.fault(form.weight, "conflict", "another row gives the customer another weight", record[place[3]])
		}
	}
	if len(pair.cost) == 0 && t.faults.Total == 0 {
		return nil, &InstanceError{File: t.name, Detail: "the table has no row"}
	}
	s.CustomerID, s.SiteID = customers.names, sites.names
	n, m := len(customers.names), len(sites.names)
	start := make([]int, n+1)
	for _, i := range pair.customer {
		start[i+1]++
	}
	for i := range n {
		start[i+1] += start[i]
	}
	// Two passes of counting, by site and then by customer, leave each row in the order of its sites.
	bySite := countingOrder(pair.site, m, nil)
	order := countingOrder(pair.customer, n, bySite)
	s.Travel = Travel{Customers: n, Sites: m, Start: start, Site: make([]int32, len(order)), Value: make([]float64, len(order))}
	for k, at := range order {
		s.Travel.Site[k], s.Travel.Value[k] = pair.site[at], pair.cost[at]
		if k > start[pair.customer[at]] && pair.site[at] == s.Travel.Site[k-1] {
			t.line = lines.line(int(at))
			t.fault("", "duplicate", fmt.Sprintf("the pair stands twice, first on line %d", lines.line(int(order[k-1]))), "")
		}
	}
	return s, t.end()
}

// countingOrder returns the places of keys, which are below most, in ascending order of key; equals stay in the order given, or
// in that of the file if it is nil.
func countingOrder(keys []int32, most int, given []int32) []int32 {
	at := make([]int32, most+1)
	for _, k := range keys {
		at[k+1]++
	}
	for k := range most {
		at[k+1] += at[k]
	}
	order := make([]int32, len(keys))
	for k := range keys {
		if given != nil {
			k = int(given[k])
		}
		order[at[keys[k]]] = int32(k)
		at[keys[k]]++
	}
	return order
}

// wide reads a row for each customer and a column for each site; a cell that is empty is a site that cannot serve.
func (t *tableReader) wide(header []string) (*Siting, error) {
	if len(header) < 2 {
		return nil, t.headerFault("the header names no site; the file must hold: " + formTables)
	}
	var sites, customers register
	for k, name := range header[1:] {
		if int(sites.number(t.id("", name))) != k {
			t.fault(name, "duplicate", "the column stands twice", "")
		}
	}
	if t.faults.Total > 0 {
		return nil, &t.faults
	}
	s := &Siting{SiteID: sites.names, Travel: Travel{Sites: len(sites.names), Start: []int{0}}}
	v := &s.Travel
	for {
		record, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		if !t.width(len(record), len(header)) {
			continue
		}
		if int(customers.number(t.id(header[0], record[0]))) != v.Customers {
			t.fault(header[0], "duplicate", "the customer stands twice", record[0])
			continue
		}
		v.Customers++
		for j, cell := range record[1:] {
			if cell == "" {
				continue
			}
			v.Site, v.Value = append(v.Site, int32(j)), append(v.Value, t.amount(header[j+1], cell))
		}
		v.Start = append(v.Start, len(v.Site))
	}
	if v.Customers == 0 && t.faults.Total == 0 {
		return nil, &InstanceError{File: t.name, Detail: "the table has no row"}
	}
	s.CustomerID = customers.names
	if len(v.Value) == v.Customers*v.Sites {
		v.Start, v.Site = nil, nil // nothing is missing: the matrix is full
	}
	return s, t.end()
}

func (t *tableReader) headerFault(detail string) error {
	return &InstanceError{File: t.name, Line: t.line, Detail: detail}
}

// weightColumns are the names of the column of weights, the first that is there.
var weightColumns = []string{"weight", "demand", "population", "pop"}

// Weigh reads weights of the customers from a CSV table whose first column is the customer's id, and puts them in place of those
// of the instance. Ids that are no customer's are passed over; every customer must be there. Faults are a [*FileError].
func (s *Siting) Weigh(r io.Reader) error {
	const form = "a column of ids, and one of " + "weight, demand, population or pop"
	text, err := sniff(r, form)
	if err != nil {
		return err
	}
	t := newTableReader(text.file, text.in)
	header, err := t.header(form)
	if err != nil {
		return err
	}
	column := -1
	for _, name := range weightColumns {
		if k := slices.Index(header[1:], name); k >= 0 {
			column = k + 1
			break
		}
	}
	if column < 0 {
		return t.headerFault("there is no column of weights; the file must hold " + form)
	}
	index := make(map[string]int32, s.Travel.Customers)
	for i := range s.Travel.Customers {
		index[s.Customer(i)] = int32(i)
	}
	weight := make([]float64, s.Travel.Customers)
	seen := make([]int32, s.Travel.Customers) // line
	for {
		record, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if !t.width(len(record), len(header)) {
			continue
		}
		i, ok := index[record[0]]
		switch {
		case !ok:
		case seen[i] > 0:
			t.fault(header[0], "duplicate", fmt.Sprintf("the customer stands twice, first on line %d", seen[i]), record[0])
		default:
			seen[i], weight[i] = int32(t.line), t.amount(header[column], record[column])
		}
	}
	t.line = 0
	for i, line := range seen {
		if line == 0 {
			t.fault(header[0], "required", "a customer of the instance is missing", s.Customer(i))
		}
	}
	if err := t.end(); err != nil {
		return err
	}
	s.Weight = weight
	return nil
}
