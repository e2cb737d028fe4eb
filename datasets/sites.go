package datasets

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
)

// Siting is a siting instance of a public collection: customers to serve, sites that may open, and what lies between them.
// Customers and sites are numbered from 0 in the order of the file.
type Siting struct {
	Travel   Travel    // distances; in facility location what it costs to serve a customer's whole demand from a site
	Open     int       // sites to open, as the file says; 0 when it says nothing
	Weight   []float64 // of each customer, >= 0: weight or demand; nil when the file has none
	Fixed    []float64 // cost of opening each site, >= 0; nil when the file has none
	Capacity []float64 // of each site, >= 0, in the units of Weight; nil when the file has none

	CustomerID, SiteID []string // as the file names them; nil when it numbers them from 1
}

// Travel is what lies between customers and sites, >= 0, in one of three forms: a full matrix, row by row (Value alone);
// sparse rows (Value, Start and Site): the pairs of customer i are Start[i] to Start[i+1]-1, by ascending site, and a pair that
// is absent cannot serve; or two lists of points and a metric (From, To), when a matrix might not fit into memory.
type Travel struct {
	Customers, Sites int

	Value []float64
	Start []int   // length Customers+1, or nil
	Site  []int32 // as long as Value, or nil

	From, To *Points // of customers and sites; they may be the same
	Metric   Metric
}

// Points are places in a plane, or latitudes X and longitudes Y.
type Points struct{ X, Y []float64 }

// Metric says how far points are apart.
type Metric uint8

// The metrics of the collections.
const (
	Euclid      Metric = iota // the square root, unrounded
	EuclidFloor               // cut to a whole number
	GreatCircle               // metres on a sphere of EarthRadius
)

// EarthRadius is the radius in metres of the sphere on which the collections measure.
const EarthRadius = 6_378_100

// The sizes that a header may ask for. They bound memory: 2 GiB of matrix, and what lists of a million points take.
const (
	maxPairs  = 1 << 28 // customers × sites of a matrix
	maxPlaces = 1 << 24 // customers, and sites
)

// At returns what lies between a customer and a site, +Inf where the site cannot serve. It takes constant time, and
// O(log row) in a sparse row.
func (t *Travel) At(customer, site int) float64 {
	switch {
	case t.From != nil:
		return t.Metric.between(t.From.X[customer], t.From.Y[customer], t.To.X[site], t.To.Y[site])
	case t.Start == nil:
		return t.Value[customer*t.Sites+site]
	}
	low, high := t.Start[customer], t.Start[customer+1]
	for low < high {
		if middle := (low + high) / 2; int(t.Site[middle]) < site {
			low = middle + 1
		} else {
			high = middle
		}
	}
	if low < t.Start[customer+1] && int(t.Site[low]) == site {
		return t.Value[low]
	}
	return math.Inf(1)
}

// Row appends the sites that can serve a customer, ascending, and what lies between. It takes time linear in the row.
func (t *Travel) Row(customer int, sites []int32, values []float64) ([]int32, []float64) {
	if t.Start != nil {
		a, b := t.Start[customer], t.Start[customer+1]
		return append(sites, t.Site[a:b]...), append(values, t.Value[a:b]...)
	}
	for j := range t.Sites {
		if d := t.At(customer, j); !math.IsInf(d, 1) {
			sites, values = append(sites, int32(j)), append(values, d)
		}
	}
	return sites, values
}

// between returns the distance of two points. The conversions keep the sum from being fused, so that every machine agrees.
func (m Metric) between(x1, y1, x2, y2 float64) float64 {
	if m == GreatCircle {
		return greatCircle(x1, y1, x2, y2)
	}
	dx, dy := x1-x2, y1-y2
	d := math.Sqrt(float64(dx*dx) + float64(dy*dy))
	if m == EuclidFloor {
		d = math.Floor(d)
	}
	return d
}

// greatCircle is the haversine formula, in degrees; it keeps its precision for places that are near each other.
func greatCircle(lat1, lon1, lat2, lon2 float64) float64 {
	const radian = math.Pi / 180
	a := math.Sin((lat2 - lat1) * radian / 2)
	b := math.Sin((lon2 - lon1) * radian / 2)
	h := float64(a*a) + float64(math.Cos(lat1*radian)*math.Cos(lat2*radian)*float64(b*b))
	return 2 * EarthRadius * math.Asin(math.Sqrt(min(1, h)))
}

// Customer returns the name of a customer, its number from 1 if the file has none.
func (s *Siting) Customer(i int) string { return nameOf(s.CustomerID, i) }

// Site returns the name of a site, its number from 1 if the file has none.
func (s *Siting) Site(j int) string { return nameOf(s.SiteID, j) }

func nameOf(names []string, i int) string {
	if names == nil {
		return strconv.Itoa(i + 1)
	}
	return names[i]
}

// SitesAnswer is what a solution file of a siting instance holds, numbered from 0 in the order of the instance.
type SitesAnswer struct {
	Open       []int32      `json:"open"`
	AssignedTo []int32      `json:"assigned_to,omitzero"` // the site of each customer
	Flow       [][3]float64 `json:"flow,omitzero"`        // customer, site, share of the customer's demand
}

// sitesText is the text of an instance whose form is still to be found out.
type sitesText struct {
	file   string
	in     *bufio.Reader
	first  [][]byte // words of the first line that is not blank
	second [][]byte // words of the next
	line   []byte   // the first line
}

// sniff looks at the first lines and takes nothing of the text but a byte order mark.
func sniff(r io.Reader, form string) (*sitesText, error) {
	t := &sitesText{in: bufio.NewReaderSize(r, maxLine)}
	if in, ok := r.(*Instance); ok {
		t.file = in.Name
	}
	if bom, err := t.in.Peek(3); err == nil && string(bom) == utf8BOM {
		_, _ = t.in.Discard(3) // what was peeked at is there
	}
	head, err := t.in.Peek(maxLine)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) {
		return nil, err
	}
	for line := range bytes.Lines(head) {
		words := bytes.Fields(line)
		switch {
		case len(words) == 0:
			continue
		case t.first == nil:
			t.first, t.line = words, bytes.TrimSpace(line)
			continue
		}
		t.second = words
		break
	}
	if t.first == nil {
		return nil, &InstanceError{File: t.file, Detail: "the file is empty; it must hold: " + form}
	}
	return t, nil
}

// table reports whether the first line is the header of a CSV table. A header of numbers may hold a comma in a later word.
func (t *sitesText) table() bool {
	if bytes.IndexByte(t.line, ',') < 0 {
		return false
	}
	_, err := strconv.ParseFloat(string(t.first[0]), 64)
	return err != nil
}

// lines reads the text line by line.
func (t *sitesText) lines() *fieldReader { return &fieldReader{file: t.file, in: t.in} }

// words reads the text word by word.
func (t *sitesText) words() *wordReader { return &wordReader{file: t.file, in: t.in, line: 1} }

// realOf reads a finite number.
func realOf(text []byte) (float64, bool) {
	if v, ok := integerOf(text); ok {
		return float64(v), true
	}
	v, err := strconv.ParseFloat(string(text), 64)
	return v, err == nil && !math.IsInf(v, 0) && !math.IsNaN(v)
}

// real reads field k as a finite number.
func (f *fieldReader) real(k int, what string) (float64, error) {
	v, ok := realOf(f.fields[k].text)
	if !ok {
		return 0, f.faultAt(k, what+" must be a finite number")
	}
	return v, nil
}

// amount reads field k as a finite number that is not negative.
func (f *fieldReader) amount(k int, what string) (float64, error) {
	v, err := f.real(k, what)
	if err == nil && v < 0 {
		err = f.faultAt(k, what+" must not be negative")
	}
	return v, err
}

// count reads field k as a whole number from least to most; "5." is whole, too.
func (f *fieldReader) count(k int, what string, least, most int) (int, error) {
	v, err := f.real(k, what)
	if err != nil || v != math.Trunc(v) {
		return 0, f.faultAt(k, what+" must be a whole number")
	}
	if v < float64(least) || v > float64(most) {
		return 0, f.faultAt(k, fmt.Sprintf("%s must be from %d to %d", what, least, most))
	}
	return int(v), nil
}

// end checks that nothing follows.
func (f *fieldReader) end(after string) error {
	err := f.next()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		err = f.faultAt(0, "the file goes on after "+after)
	}
	return err
}

// due reads the next line, which must be there and have least to most fields.
func (f *fieldReader) due(least, most int, form string) error {
	err := f.next()
	if errors.Is(err, io.EOF) {
		return &InstanceError{File: f.file, Line: f.line, Detail: "the file ends where a line is due: " + form}
	}
	if err != nil {
		return err
	}
	return f.want(least, most, form)
}
