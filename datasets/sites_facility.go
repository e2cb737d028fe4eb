package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
)

// The forms of facility location, for messages.
const (
	formOrlib    = "m n, then m lines capacity fixed, then for each of n customers its demand and m costs"
	formHolmberg = "m n, then m lines capacity fixed, then n demands, then m×n costs, site by site"
	formDelmaire = "n m, then n×m costs, customer by customer, n demands, m fixed costs, m capacities"
	formTB1      = "m n, then n demands, m capacities, m fixed costs, m×n costs of a unit, site by site"
	formSimple   = "FILE: name, then m n 0, then m lines site fixed cost_1 … cost_n"
)

// FacilityFormats returns the names of the formats that [ReadFacility] can be told to read.
func FacilityFormats() []string { return []string{"orlib", "holmberg", "delmaire", "tb1"} }

// ReadFacility reads a facility location problem: sites with a fixed cost and a capacity, customers with a demand, and the
// cost of serving a customer's whole demand from a site. Blanks and ends of lines are free, save where they tell formats apart.
//
// A first line "FILE: name" is UflLib's simple format, which has neither capacities nor demands. Else the format is one of
// [FacilityFormats], or "" for a guess where the lines leave no doubt, as the numbers alone always would: their count is the
// same in all four. If m lines of two numbers follow the first and the next line holds a single one, that is the demand of the
// first customer, and the format OR-Library's; every demand must then stand alone on its line, and the costs of each customer
// end one. If the next line holds several, they are Holmberg's demands, and the last of them must end a line.
//
// With replace >= 0 every capacity is that, whatever the file says; OR-Library's capa to capc have a word in its place. The
// costs of tb1 are multiplied by the demand. Faults are an [*InstanceError], the first one only. Memory is twice the matrix.
func ReadFacility(r io.Reader, format string, replace float64) (*Siting, error) {
	t, err := sniff(r, formOrlib+"; or "+formSimple)
	if err != nil {
		return nil, err
	}
	in := &facilityReader{wordReader: t.words(), replace: replace, form: facilityForms[format]}
	switch {
	case bytes.HasPrefix(t.line, []byte("FILE:")):
		return in.simple()
	case in.form == "":
		return nil, fmt.Errorf("no such format: %s", format)
	}
	if err := in.sizes(format == "delmaire"); err != nil {
		return nil, err
	}
	s := &Siting{Travel: Travel{Customers: in.n, Sites: in.m}}
	if format != "delmaire" && format != "tb1" {
		if err := in.pairs(s, format == ""); err != nil {
			return nil, err
		}
	}
	if err := in.rest(s, format); err != nil {
		return nil, err
	}
	if replace >= 0 {
		s.Capacity = slices.Repeat([]float64{replace}, in.m)
	}
	return s, nil
}

// facilityForms says how each format goes on.
var facilityForms = map[string]string{
	"": formOrlib + "; or " + formHolmberg, "orlib": formOrlib, "holmberg": formHolmberg, "delmaire": formDelmaire, "tb1": formTB1,
}

// facilityReader reads the numbers of a facility location problem one by one.
type facilityReader struct {
	*wordReader
	form    string
	replace float64 // replaces every capacity if >= 0
	m, n    int     // sites and customers
}

// take moves to the next word.
func (r *facilityReader) take(what string) error {
	err := r.next()
	if errors.Is(err, io.EOF) {
		return &InstanceError{File: r.file, Line: r.line, Detail: "the file ends where " + what + " is due; it must hold: " + r.form}
	}
	return err
}

// amount reads a finite number that is not negative.
func (r *facilityReader) amount(what string) (float64, error) {
	if err := r.take(what); err != nil {
		return 0, err
	}
	v, ok := realOf(r.word)
	switch {
	case !ok:
		return 0, r.fault(what + " must be a finite number")
	case v < 0:
		return 0, r.fault(what + " must not be negative")
	}
	return v, nil
}

// end checks that nothing follows.
func (r *facilityReader) end() error {
	err := r.next()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		err = r.fault("the file goes on after the last number; it must hold: " + r.form)
	}
	return err
}

// sizes reads the numbers of sites and customers, or the other way round.
func (r *facilityReader) sizes(customersFirst bool) error {
	to, what := []*int{&r.m, &r.n}, []string{"the number of sites", "the number of customers"}
	if customersFirst {
		slices.Reverse(to)
		slices.Reverse(what)
	}
	for k := range to {
		v, err := r.amount(what[k])
		if err != nil {
			return err
		}
		if v < 1 || v > maxPlaces || v != math.Trunc(v) {
			return r.fault(fmt.Sprintf("%s must be a whole number from 1 to %d", what[k], maxPlaces))
		}
		*to[k] = int(v)
	}
	if r.n > maxPairs/r.m {
		return r.fault(fmt.Sprintf("sites times customers must be at most %d", maxPairs))
	}
	return nil
}

// pairs reads m times a capacity and a fixed cost; if the format is to be guessed, each on a line.
func (r *facilityReader) pairs(s *Siting, guess bool) error {
	for range r.m {
		before := r.line
		if err := r.take("the capacity"); err != nil {
			return err
		}
		line := r.line
		if guess && line == before {
			return r.doubt()
		}
		c, ok := realOf(r.word)
		switch {
		case r.replace >= 0: // what stands here does not count
		case !ok && strings.EqualFold(string(r.word), "capacity"):
			return r.fault("the file leaves the capacity open: it must be given")
		case !ok:
			return r.fault("the capacity must be a finite number")
		case c < 0:
			return r.fault("the capacity must not be negative")
		}
		f, err := r.amount("the fixed cost")
		if err != nil {
			return err
		}
		if guess && r.line != line {
			return r.doubt()
		}
		s.Capacity, s.Fixed = append(s.Capacity, c), append(s.Fixed, f)
	}
	return nil
}

// doubt is the error of a text whose format cannot be guessed.
func (r *facilityReader) doubt() error {
	return &InstanceError{File: r.file, Detail: "the lines do not tell which format this is; say which: " + strings.Join(FacilityFormats(), ", ")}
}

// rest reads the numbers that follow and takes them apart.
func (r *facilityReader) rest(s *Siting, format string) error {
	count := r.n + r.m*r.n
	if s.Fixed == nil {
		count += 2 * r.m
	}
	all := make([]float64, 0, min(count, 1<<16))
	var begins []int // the numbers that begin a line
	what := "a demand or cost"
	for k := range count {
		line := r.line
		v, err := r.amount(what)
		if err != nil {
			return err
		}
		if format == "" && r.line != line {
			begins = append(begins, k)
		}
		all = append(all, v)
	}
	if err := r.end(); err != nil {
		return err
	}
	if format == "" {
		if format = r.recognise(append(begins, count)); format == "" {
			return r.doubt()
		}
	}
	cut := func(n int) []float64 {
		part := all[:n:n]
		all = all[n:]
		return part
	}
	v := &s.Travel
	switch format {
	case "orlib":
		s.Weight, v.Value = make([]float64, r.n), make([]float64, 0, r.n*r.m)
		for i := range s.Weight {
			s.Weight[i] = cut(1)[0]
			v.Value = append(v.Value, cut(r.m)...)
		}
	case "holmberg":
		s.Weight, v.Value = cut(r.n), transposed(cut(r.m*r.n), r.m, r.n)
	case "delmaire":
		v.Value, s.Weight, s.Fixed, s.Capacity = cut(r.n*r.m), cut(r.n), cut(r.m), cut(r.m)
	case "tb1":
		s.Weight, s.Capacity, s.Fixed = cut(r.n), cut(r.m), cut(r.m)
		v.Value = transposed(cut(r.m*r.n), r.m, r.n)
		for k := range v.Value {
			if v.Value[k] *= s.Weight[k/r.m]; math.IsInf(v.Value[k], 1) {
				return &InstanceError{File: r.file, Detail: fmt.Sprintf("the cost of customer %d at site %d, times its demand, is not finite", k/r.m+1, k%r.m+1)}
			}
		}
	}
	return nil
}

// recognise tells OR-Library's format from Holmberg's by the numbers that begin a line and the end of the last one; "" if the
// lines fit neither, or both.
func (r *facilityReader) recognise(begins []int) string {
	if begins[0] != 0 {
		return ""
	}
	if begins[1] > 1 {
		if _, ok := slices.BinarySearch(begins, r.n); ok {
			return "holmberg"
		}
		return ""
	}
	if len(begins) > r.n*(r.m+1) && r.n > 1 && r.m > 1 {
		return "" // one number on each line
	}
	for i := range r.n {
		for _, due := range []int{i * (r.m + 1), i*(r.m+1) + 1} {
			if _, ok := slices.BinarySearch(begins, due); !ok {
				return ""
			}
		}
	}
	return "orlib"
}

// simple reads UflLib's simple format.
func (r *facilityReader) simple() (*Siting, error) {
	r.form = formSimple
	for named := false; ; { // the name may hold blanks; it ends with the line
		b, err := r.in.ReadByte()
		if errors.Is(err, io.EOF) {
			return nil, &InstanceError{File: r.file, Line: r.line, Detail: "the file ends after its name; it must hold: " + r.form}
		}
		if err != nil {
			return nil, r.wrap(err)
		}
		named = named || b > ' '
		if b == '\n' {
			if r.line++; named {
				break
			}
		}
	}
	if err := r.sizes(false); err != nil {
		return nil, err
	}
	if _, err := r.amount("the zero that ends the line of sizes"); err != nil {
		return nil, err
	}
	s := &Siting{Fixed: make([]float64, 0, min(r.m, 1<<16))}
	costs := make([]float64, 0, min(r.m*r.n, 1<<16))
	for j := range r.m {
		id, err := r.amount("the site")
		if err != nil {
			return nil, err
		}
		if id != float64(j+1) {
			return nil, r.fault(fmt.Sprintf("the sites must be numbered in order: %d is due", j+1))
		}
		f, err := r.amount("the fixed cost")
		if err != nil {
			return nil, err
		}
		s.Fixed = append(s.Fixed, f)
		for range r.n {
			c, err := r.amount("the cost")
			if err != nil {
				return nil, err
			}
			costs = append(costs, c)
		}
	}
	if err := r.end(); err != nil {
		return nil, err
	}
	s.Travel = Travel{Customers: r.n, Sites: r.m, Value: transposed(costs, r.m, r.n)}
	return s, nil
}

// transposed turns a matrix round.
func transposed(a []float64, rows, cols int) []float64 {
	out := make([]float64, len(a))
	for i := range rows {
		for j := range cols {
			out[j*rows+i] = a[i*cols+j]
		}
	}
	return out
}
