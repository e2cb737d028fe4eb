package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
)

// tsplib reports whether the text is a TSPLIB problem.
func (t *sitesText) tsplib() bool {
	key, _, colon := bytes.Cut(t.line, []byte(":"))
	switch string(bytes.TrimSpace(key)) {
	case "NAME", "TYPE", "COMMENT", "DIMENSION", "EDGE_WEIGHT_TYPE":
		return colon
	case sectionCoordinates:
		return true
	}
	return false
}

const (
	sectionCoordinates = "NODE_COORD_SECTION"
	formTSPLIB         = "DIMENSION : n, EDGE_WEIGHT_TYPE : EUC_2D, " + sectionCoordinates + ", n lines id x y"
)

// readTSPLIB reads the nodes of a TSPLIB problem in the plane (Reinelt 1991) as customers and sites at once. Distances are not
// rounded as TSPLIB's are.
func readTSPLIB(in *fieldReader) (*Siting, error) {
	n := 0
	for {
		err := in.next()
		if errors.Is(err, io.EOF) {
			return nil, &InstanceError{File: in.file, Line: in.line, Detail: "there is no " + sectionCoordinates + ": " + formTSPLIB}
		}
		if err != nil {
			return nil, err
		}
		key := bytes.TrimSuffix(in.fields[0].text, []byte(":"))
		last := len(in.fields) - 1
		if string(key) == sectionCoordinates {
			break
		}
		switch string(key) {
		case "DIMENSION":
			if n, err = in.count(last, "the dimension", 1, maxPlaces); err != nil {
				return nil, err
			}
		case "EDGE_WEIGHT_TYPE":
			if kind := string(in.fields[last].text); kind != "EUC_2D" && kind != "CEIL_2D" {
				return nil, in.faultAt(last, "only points in the plane can be read: EUC_2D or CEIL_2D")
			}
		}
	}
	if n == 0 {
		return nil, in.fault(0, "DIMENSION must stand before the coordinates", "")
	}
	at := &Points{}
	s := &Siting{}
	seen := map[string]int{}
	numbered := true
	for range n {
		if err := in.due(3, 3, "id x y"); err != nil {
			return nil, err
		}
		id := string(in.fields[0].text)
		if line, twice := seen[id]; twice {
			return nil, in.faultAt(0, fmt.Sprintf("the node stands twice, first on line %d", line))
		}
		seen[id] = in.line
		s.CustomerID = append(s.CustomerID, id)
		numbered = numbered && id == nameOf(nil, len(at.X))
		if err := at.read(in, 1); err != nil {
			return nil, err
		}
	}
	if numbered {
		s.CustomerID = nil
	}
	err := in.next()
	if err == nil && string(in.fields[0].text) != "EOF" {
		return nil, in.faultAt(0, "the file goes on after the last of the nodes that DIMENSION announces")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	s.SiteID = s.CustomerID
	s.Travel = Travel{Customers: n, Sites: n, From: at, To: at}
	return s, nil
}

// read takes fields k and k+1 as one more point.
func (p *Points) read(in *fieldReader, k int) error {
	x, err := in.real(k, "the coordinate")
	if err != nil {
		return err
	}
	y, err := in.real(k+1, "the coordinate")
	if err != nil {
		return err
	}
	for i, v := range []float64{x, y} {
		if math.Abs(v) > 1e150 { // its square would not be finite
			return in.faultAt(k+i, "the coordinate must be less than 1e150 in size")
		}
	}
	p.X, p.Y = append(p.X, x), append(p.Y, y)
	return nil
}

// geographic reports whether the points are taken for latitudes and longitudes: all may be, and not all are whole.
func (p *Points) geographic() bool {
	fraction := false
	for i, x := range p.X {
		y := p.Y[i]
		if math.Abs(x) > 90 || math.Abs(y) > 180 {
			return false
		}
		fraction = fraction || x != math.Trunc(x) || y != math.Trunc(y)
	}
	return fraction
}

const formNodes = "n …, then n lines x y demand or latitude longitude demand"

// readNodes reads a list of nodes with demands: customers and sites at once.
func readNodes(in *fieldReader) (*Siting, error) {
	if err := in.due(1, math.MaxInt, formNodes); err != nil {
		return nil, err
	}
	n, err := in.count(0, "the number of nodes", 1, maxPlaces)
	if err != nil {
		return nil, err
	}
	at, s := &Points{}, &Siting{}
	for range n {
		if err := in.due(3, 3, formNodes); err != nil {
			return nil, err
		}
		if err := at.read(in, 0); err != nil {
			return nil, err
		}
		w, err := in.amount(2, "the demand")
		if err != nil {
			return nil, err
		}
		s.Weight = append(s.Weight, w)
	}
	if err := in.end("the last of the nodes that the header announces"); err != nil {
		return nil, err
	}
	s.Travel = Travel{Customers: n, Sites: n, From: at, To: at}
	if at.geographic() {
		s.Travel.Metric = GreatCircle
	}
	return s, nil
}

const formBDS = "m n, then m lines F id x y cost and n lines C id x y demand"

// readBDS reads the collection of Cordeau, Furini and Ljubić (2019): sites with costs, customers with demands, in the plane.
func readBDS(in *fieldReader) (*Siting, error) {
	if err := in.due(2, 2, formBDS); err != nil {
		return nil, err
	}
	var size [2]int
	for k, what := range []string{"the number of sites", "the number of customers"} {
		var err error
		if size[k], err = in.count(k, what, 1, maxPlaces); err != nil {
			return nil, err
		}
	}
	s := &Siting{Travel: Travel{Customers: size[1], Sites: size[0], From: &Points{}, To: &Points{}}}
	parts := [2]struct {
		kind, what string
		at         *Points
		amount     *[]float64
		id         *[]string
		seen       map[string]int
	}{
		{"F", "the cost", s.Travel.To, &s.Fixed, &s.SiteID, map[string]int{}},
		{"C", "the demand", s.Travel.From, &s.Weight, &s.CustomerID, map[string]int{}},
	}
	for range size[0] + size[1] {
		if err := in.due(5, 5, formBDS); err != nil {
			return nil, err
		}
		part := &parts[0]
		switch string(in.fields[0].text) {
		case "F":
		case "C":
			part = &parts[1]
		default:
			return nil, in.faultAt(0, "the line must begin with F, a site, or C, a customer")
		}
		id := string(in.fields[1].text)
		if line, twice := part.seen[id]; twice {
			return nil, in.faultAt(1, fmt.Sprintf("the id stands twice, first on line %d", line))
		}
		part.seen[id] = in.line
		if err := part.at.read(in, 2); err != nil {
			return nil, err
		}
		v, err := in.amount(4, part.what)
		if err != nil {
			return nil, err
		}
		*part.amount, *part.id = append(*part.amount, v), append(*part.id, id)
	}
	if err := in.end("the last line that the header announces"); err != nil {
		return nil, err
	}
	if len(s.Fixed) != size[0] {
		return nil, &InstanceError{File: in.file, Line: in.line, Detail: fmt.Sprintf(
			"the header announces %d sites and %d customers, the file has %d and %d", size[0], size[1], len(s.Fixed), len(s.Weight))}
	}
	return s, nil
}

// The two forms of capacitated p-median problems.
const (
	formMedianCap = "id optimum, then n p capacity, then n lines i x y demand"
	formLorena    = "n p, then n lines x y capacity demand"
)

// ReadCapacitatedMedian reads a capacitated p-median problem: format "orlib" (pmedcap: one capacity, distances cut to whole
// numbers), "lorena" (a capacity for each node, distances as they are), or "" to tell the two by the width of the second line.
// Faults are an [*InstanceError], the first one only.
func ReadCapacitatedMedian(r io.Reader, format string) (*Siting, error) {
	t, err := sniff(r, formLorena+"; or "+formMedianCap)
	if err != nil {
		return nil, err
	}
	switch {
	case format != "":
	case len(t.second) == 3:
		format = "orlib"
	case len(t.second) == 4:
		format = "lorena"
	default:
		return nil, &InstanceError{File: t.file, Detail: "this is neither of the forms that can be read: " + formLorena + "; or " + formMedianCap}
	}
	in := t.lines()
	s := &Siting{Travel: Travel{From: &Points{}}}
	width, x, form, capacity := 4, 0, formLorena, -1.0
	if format == "orlib" {
		x, form, s.Travel.Metric = 1, formMedianCap, EuclidFloor
		if err := in.due(2, 2, form); err != nil {
			return nil, err
		}
	}
	if err := in.due(3-(1-x), 3-(1-x), form); err != nil {
		return nil, err
	}
	n, err := in.count(0, "the number of nodes", 1, maxPlaces)
	if err != nil {
		return nil, err
	}
	if s.Open, err = in.count(1, "the number of sites to open", 1, n); err != nil {
		return nil, err
	}
	if x == 1 {
		if capacity, err = in.amount(2, "the capacity"); err != nil {
			return nil, err
		}
	}
	for i := range n {
		if err := in.due(width, width, form); err != nil {
			return nil, err
		}
		c := capacity
		if x == 1 {
			if id, err := in.count(0, "the node", i+1, i+1); err != nil {
				return nil, in.faultAt(0, fmt.Sprintf("the nodes must be numbered in order: %d is due", id+i+1))
			}
		} else if c, err = in.amount(2, "the capacity"); err != nil {
			return nil, err
		}
		if err := s.Travel.From.read(in, x); err != nil {
			return nil, err
		}
		demand, err := in.amount(3, "the demand")
		if err != nil {
			return nil, err
		}
		s.Capacity, s.Weight = append(s.Capacity, c), append(s.Weight, demand)
	}
	if err := in.end("the last node"); err != nil {
		return nil, err
	}
	s.Travel.Customers, s.Travel.Sites, s.Travel.To = n, n, s.Travel.From
	return s, nil
}
