package datasets

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// full returns a matrix of travel.
func full(customers, sites int, values ...float64) Travel {
	return Travel{Customers: customers, Sites: sites, Value: values}
}

func TestReadMedian(t *testing.T) {
	inf := math.Inf(1)
	for name, c := range map[string]struct {
		text string
		want *Siting
	}{
		// The way from 1 to 3 over 2 takes 5, the edge 9; the edge of 1 and 2 is given twice, and the last counts.
		"graph":              {" 3 4\t1\r\n 1 2 9.\n2 1 2e0\n\n 2 3 3\n 1 3 9\n", &Siting{Open: 1, Travel: full(3, 3, 0, 2, 5, 2, 0, 3, 5, 3, 0)}},
		"graph in two parts": {"3 2 3\n1 1 5\n3 2 0.5\n", &Siting{Open: 3, Travel: full(3, 3, 0, inf, inf, inf, 0, 0.5, inf, 0.5, 0)}},
		"tsplib": {"NAME : a, b\nCOMMENT: x\nDIMENSION: 2\nEDGE_WEIGHT_TYPE : EUC_2D\nNODE_COORD_SECTION\n1 1e0 0\n2 0 1.5\nEOF\n", func() *Siting {
			at := &Points{X: []float64{1, 0}, Y: []float64{0, 1.5}}
			return &Siting{Travel: Travel{Customers: 2, Sites: 2, From: at, To: at}}
		}()},
		"long table of spopt": {"distance,name,DestinationName,demand\r\n1.5,s,c,7\r\n2,r,c,7\r\n0,s,d,0\r\n", &Siting{
			Travel: Travel{Customers: 2, Sites: 2, Start: []int{0, 2, 3}, Site: []int32{0, 1, 0}, Value: []float64{1.5, 2, 0}},
			Weight: []float64{7, 0}, CustomerID: []string{"c", "d"}, SiteID: []string{"s", "r"},
		}},
		// The row of b lists its sites backwards.
		"long table": {"\ufeffdemand,site,cost,note\na,s,1,x\nb,r,2,\n b , s ,3,\n", &Siting{
			Travel:     Travel{Customers: 2, Sites: 2, Start: []int{0, 1, 3}, Site: []int32{0, 0, 1}, Value: []float64{1, 3, 2}},
			CustomerID: []string{"a", "b"}, SiteID: []string{"s", "r"},
		}},
		"wide table": {"id,s,r\na,1,2\n\"b\",3,4\n", &Siting{
			Travel: full(2, 2, 1, 2, 3, 4), CustomerID: []string{"a", "b"}, SiteID: []string{"s", "r"},
		}},
		"wide table with a gap": {",s,r\na,,2\nb,3,4\n", &Siting{
			Travel:     Travel{Customers: 2, Sites: 2, Start: []int{0, 1, 3}, Site: []int32{1, 0, 1}, Value: []float64{2, 3, 4}},
			CustomerID: []string{"a", "b"}, SiteID: []string{"s", "r"},
		}},
	} {
		got, err := ReadMedian(strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestReadCovering(t *testing.T) {
	plane := &Points{X: []float64{0, 3}, Y: []float64{0, 4}}
	earth := &Points{X: []float64{40.5, 41}, Y: []float64{-74, -73}}
	for name, c := range map[string]struct {
		text string
		want *Siting
	}{
		"SJC":          {"2\t9999\tp\tS\r\n0\t0\t50\t\r\n3\t4\t0\r\n", &Siting{Travel: Travel{Customers: 2, Sites: 2, From: plane, To: plane}, Weight: []float64{50, 0}}},
		"Maximo":       {"2 9999\n40.5 -74 1\n41 -73 2\n", &Siting{Travel: Travel{Customers: 2, Sites: 2, From: earth, To: earth, Metric: GreatCircle}, Weight: []float64{1, 2}}},
		"random graph": {"2\t2\t10\tN(80,15)\n1 2 5 7.5\n1 1 9 8\n", &Siting{Travel: full(2, 2, 0, 5, 5, 0), Weight: []float64{7.5, 8}}},
		"BDS": {"1 2\nF 0 0.5 0 3\nC 0 0 0 1\nC 7 3 4.5 2\n", &Siting{
			Travel: Travel{Customers: 2, Sites: 1, From: &Points{X: []float64{0, 3}, Y: []float64{0, 4.5}}, To: &Points{X: []float64{0.5}, Y: []float64{0}}},
			Fixed:  []float64{3}, Weight: []float64{1, 2}, CustomerID: []string{"0", "7"}, SiteID: []string{"0"},
		}},
		"table": {"id,s\na,1\n", &Siting{Travel: full(1, 1, 1), CustomerID: []string{"a"}, SiteID: []string{"s"}}},
	} {
		got, err := ReadCovering(strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestReadFacility(t *testing.T) {
	// Two sites, three customers; serving customer i from site j costs 10 i + j.
	want := Siting{
		Travel: full(3, 2, 11, 12, 21, 22, 31, 32), Capacity: []float64{8, 9}, Fixed: []float64{70, 80}, Weight: []float64{1, 2, 3},
	}
	for name, c := range map[string]struct {
		text, format string
		replace      float64
	}{
		"orlib":               {" 2 3 \r\n 8 70. \n 9 80\n1 \n11 12\n2\n21\n22\n3\n31 32\n", "", -1},
		"orlib with words":    {"2 3\ncapacity 70\ncapacity 80\n1\n11 12\n2\n21 22\n3\n31 32", "", 5},
		"orlib on one line":   {"2 3 8 70 9 80 1 11 12 2 21 22 3 31 32", "orlib", -1},
		"holmberg":            {"2 3\n8 70\n9 80\n1 2 3\n11 21 31\n12 22 32\n", "", -1},
		"holmberg in lines":   {"2 3\n8 70\n9 80\n1 2\n3\n11\n21 31 12\n22 32", "", -1},
		"holmberg on request": {"2 3\n8\n70\n9\n80\n1\n2\n3\n11\n21\n31\n12\n22\n32", "holmberg", -1},
		"delmaire":            {"3 2\n11 12\n21 22\n31 32\n1 2 3\n70 80\n8 9\n", "delmaire", -1},
		"tb1":                 {"2 3\n\n1 2 3\n8 9\n70 80\n11 10.5 10.3333333333333339255\n12 11 10.6666666666666660745", "tb1", 3},
	} {
		got, err := ReadFacility(strings.NewReader(c.text), c.format, c.replace)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := want
		if c.replace >= 0 {
			want.Capacity = []float64{c.replace, c.replace}
		}
		if d := cmp.Diff(&want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	simple, err := ReadFacility(strings.NewReader("\nFILE: a b\r\n2 3 0\r\n1 70 11 21 31\r\n2 80 12 22 32\r\n"), "", 0)
	want.Capacity, want.Weight = nil, nil
	if d := cmp.Diff(&want, simple); err != nil || d != "" {
		t.Errorf("simple: %v%s", err, d)
	}
}

func TestReadCapacitatedMedian(t *testing.T) {
	at := &Points{X: []float64{0, 1}, Y: []float64{0, 1}}
	want := &Siting{
		Travel: Travel{Customers: 2, Sites: 2, From: at, To: at}, Open: 1, Weight: []float64{3, 4}, Capacity: []float64{9, 9},
	}
	got, err := ReadCapacitatedMedian(strings.NewReader("2 1\r\n0 0 9 3\n 1 1 9 4"), "")
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("lorena: %v%s", err, d)
	}
	if d := got.Travel.At(0, 1); d != math.Sqrt2 {
		t.Errorf("lorena: distance %v, want √2", d)
	}
	want.Travel.Metric = EuclidFloor
	got, err = ReadCapacitatedMedian(strings.NewReader(" 1 713\n 2 1 9\n 1 0 0 3\n 2 1 1 4\n"), "orlib")
	if d := cmp.Diff(want, got); err != nil || d != "" {
		t.Errorf("orlib: %v%s", err, d)
	}
	if d := got.Travel.At(0, 1); d != 1 {
		t.Errorf("orlib: distance %v, want 1", d)
	}
}

func TestBadSites(t *testing.T) {
	median := func(s string) error { _, err := ReadMedian(named(t, s)); return err }
	covering := func(s string) error { _, err := ReadCovering(named(t, s)); return err }
	capacitated := func(s string) error { _, err := ReadCapacitatedMedian(named(t, s), ""); return err }
	facility := func(format string) func(string) error {
		return func(s string) error { _, err := ReadFacility(named(t, s), format, -1); return err }
	}
	weights := func(s string) error {
		in, err := ReadMedian(strings.NewReader("id,s\na,1\nb,2\n"))
		if err != nil {
			t.Fatal(err)
		}
		return in.Weigh(named(t, s))
	}
	for _, c := range []struct {
		read       func(string) error
		text, want string
	}{
		{median, "\n \n", "x: the file is empty; it must hold: n m p, then m lines i j cost; or a TSPLIB problem"},
		{median, "3 1 4\n1 2 1\n", `x:1:5: the number of sites to open must be from 1 to 3 (value "4")`},
		{median, "3 1 0\n1 2 1\n", `x:1:5: the number of sites to open must be from 1 to 3 (value "0")`},
		{median, "99999 1 1\n", `x:1:1: the number of nodes must be from 1 to 10000 (value "99999")`},
		{median, "3 1 1\n1 2 -1\n", `x:2:5: the length must not be negative (value "-1")`},
		{median, "3 1 1\n1 2 NaN\n", `x:2:5: the length must be a finite number (value "NaN")`},
		{median, "3 1 1\n1 4 1\n", `x:2:3: the node must be from 1 to 3 (value "4")`},
		{median, "3 1 1\n1 1.5 1\n", `x:2:3: the node must be a whole number (value "1.5")`},
		{median, "3 2 1\n1 2 1\n", "x:2: the file ends where a line is due: n m p, then m lines i j cost"},
		{median, "3 1 1\n1 2 1\n7\n", `x:3:1: the file goes on after the last edge (value "7")`},
		{median, "324 9999 p S\n1 2 3\n", `x:1:12: the line goes on too long: n m p, then m lines i j cost (value "S")`},
		{median, "NAME : x\nDIMENSION : 2\n", "x:2: there is no NODE_COORD_SECTION: "},
		{median, "NAME : x\nEDGE_WEIGHT_TYPE : GEO\n", `x:2:20: only points in the plane can be read: EUC_2D or CEIL_2D (value "GEO")`},
		{median, "DIMENSION : 2\nNODE_COORD_SECTION\n1 0 0\n1 1 1\n", `x:4:1: the node stands twice, first on line 3 (value "1")`},
		{median, "DIMENSION : 1\nNODE_COORD_SECTION\n1 0 inf\n", `x:3:5: the coordinate must be a finite number (value "inf")`},
		{median, "DIMENSION : 1\nNODE_COORD_SECTION\n1 0 0\n2 0 0\n", `x:4:1: the file goes on after the last of the nodes that DIMENSION announces (value "2")`},
		{median, "demand,site,cost\na,s,1\na,s,2\n", "x:3: the pair stands twice, first on line 2"},
		{median, "demand,site,cost\na,s,-1\nb,s,nan\n,s,1\nc\n", "x:2: cost: must not be negative (value \"-1\")\n" +
			"x:3: cost: must be a finite number (value \"nan\")\nx:4: demand: the id is missing\nx:5: the row has 1 cells where the header has 3"},
		{median, "demand,site,cost,wieght\na,s,1,1\n", `x:1: wieght: no such column; did you mean "weight"?`},
		{median, "demand,site,cost,weight\na,s,1,1\na,r,1,2\n", `x:3: weight: another row gives the customer another weight (value "2")`},
		{median, "demand,site,cost\n", "x: the table has no row"},
		{median, "demand,site,cost\n\"a,s,1\nb,s,1\n", "x:2: a quote that is not closed, or stands inside a cell (line 3, byte 7)"},
		{median, "id,s,s\na,1,2\n", "x:1: s: the column stands twice"},
		{median, "id,s\na,1\na,2\n", `x:3: id: the customer stands twice (value "a")`},
		{median, "id,s,r\na,1,x\nb,1,1,1\n", "x:2: r: must be a finite number (value \"x\")\nx:3: the row has 4 cells where the header has 3"},
		{covering, "2 9 p S\n1 2 3\n", "x:2: the file ends where a line is due: n …, then n lines x y demand or latitude longitude demand"},
		{covering, "1 9 p S\n1 2 -3\n", `x:2:5: the demand must not be negative (value "-3")`},
		{covering, "1 9 p S\n1e200 2 3\n", `x:2:1: the coordinate must be less than 1e150 in size (value "1e200")`},
		{covering, "3 2 0 0\n1 2 5 7\n1 3 5 7\n", `x:1:3: 2 edges cannot hold the demands of 3 nodes (value "2")`},
		{covering, "1 1\nF 0 0 0 -1\nC 0 0 0 1\n", `x:2:9: the cost must not be negative (value "-1")`},
		{covering, "2 1\nF 0 0 0 1\nF 0 0 0 1\nC 0 0 0 1\n", `x:3:3: the id stands twice, first on line 2 (value "0")`},
		{covering, "1 2\nF 0 0 0 1\nF 1 0 0 1\nC 0 0 0 1\n", "x:4: the header announces 1 sites and 2 customers, the file has 2 and 1"},
		{covering, "1 1\nF 0 0 0 1\nX 0 0 0 1\n", `x:3:1: the line must begin with F, a site, or C, a customer (value "X")`},
		{capacitated, "1\n2\n", "x: this is neither of the forms that can be read: n p"},
		{capacitated, "2 3\n0 0 1 1\n", `x:1:3: the number of sites to open must be from 1 to 2 (value "3")`},
		{capacitated, "1 7\n2 1 9\n1 0 0 1\n3 0 0 1\n", `x:4:1: the nodes must be numbered in order: 2 is due (value "3")`},
		{capacitated, "1 1\n0 0 -1 1\n", `x:2:5: the capacity must not be negative (value "-1")`},
		{facility(""), "2 2\n1 1\n1 1 1\n1 1\n1 1 1\n", "x: the lines do not tell which format this is; say which: orlib, holmberg, delmaire, tb1"},
		{facility(""), "2 2\n1 1\n1\n1\n1 1\n1 1\n1 1\n", "x: the lines do not tell which format this is"},
		{facility(""), "2 2\n1 1\n1 1\n1\n1 1 1\n1 1\n", "x: the lines do not tell which format this is"},
		{facility(""), "2 2\n1 1\n1 1\n1\n1\n1\n1\n1\n1\n", "x: the lines do not tell which format this is"},
		{facility(""), "2 2\n1 1\n1 1\n1 1 1\n1 1\n1\n", "x: the lines do not tell which format this is"},
		{facility("orlib"), "1 1\ncapacity 1\n1 1\n", `x:2:1: the file leaves the capacity open: it must be given (value "capacity")`},
		{facility("orlib"), "1 1\n5 1\n1 -1\n", `x:3:3: a demand or cost must not be negative (value "-1")`},
		{facility("orlib"), "1 1\n5 1\n1\n", "x:4: the file ends where a demand or cost is due; it must hold: m n, then m lines capacity fixed"},
		{facility("orlib"), "1 1\n5 1\n1 2 3\n", `x:3:5: the file goes on after the last number; it must hold: m n`},
		{facility("tb1"), "1 1\n1e300 1 1 1e300\n", "x: the cost of customer 1 at site 1, times its demand, is not finite"},
		{facility("holmberg"), "99999999 1\n", `x:1:1: the number of sites must be a whole number from 1 to 16777216 (value "99999999")`},
		{facility("holmberg"), "99999 99999\n", `x:1:7: sites times customers must be at most 268435456 (value "99999")`},
		{facility(""), "FILE: a", "x:1: the file ends after its name; it must hold: FILE: name"},
		{facility(""), "FILE: a\n1 1 0\n2 1 1", `x:3:1: the sites must be numbered in order: 1 is due (value "2")`},
		{facility("csv"), "1 1", "no such format: csv"},
		{weights, "id,pop\na,1\n", `x: id: a customer of the instance is missing (value "b")`},
		{weights, "id,pop\na,1\na,2\nb,-1\n", "x:3: id: the customer stands twice, first on line 2 (value \"a\")\nx:4: pop: must not be negative (value \"-1\")"},
		{weights, "weight,people\na,1\n", "x:1: there is no column of weights; the file must hold a column of ids, and one of weight, demand, population or pop"},
	} {
		if err := c.read(c.text); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q:\n%v\nwant %s", c.text, err, c.want)
		} else if !known(err) && !strings.HasPrefix(err.Error(), "no such format") {
			t.Errorf("%q: an error of no known kind: %v", c.text, err)
		}
	}
}

// named returns the text as a file called x.
func named(t testing.TB, text string) *Instance {
	t.Helper()
	in, err := NewInstance("x", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestWeigh(t *testing.T) {
	s, err := ReadMedian(strings.NewReader("demand,site,cost,weight\n007,s,1,5\nb,s,2,5\n"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Weigh(strings.NewReader("demand,pop,population\nb,9,2.5\nz,9,x\n007,9,0\n")); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float64{0, 2.5}, s.Weight); d != "" {
		t.Error(d)
	}
	if s, err = ReadMedian(strings.NewReader("2 1 1\n1 2 5\n")); err != nil {
		t.Fatal(err)
	}
	if err := s.Weigh(strings.NewReader("node,pop\n2,20\n1,10\n")); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]float64{10, 20}, s.Weight); d != "" {
		t.Error(d)
	}
}

// TestTravel compares the three forms of travel with each other.
func TestTravel(t *testing.T) {
	sparse := Travel{Customers: 2, Sites: 3, Start: []int{0, 2, 2}, Site: []int32{0, 2}, Value: []float64{5, 7}}
	if a, b, c := sparse.At(0, 0), sparse.At(0, 1), sparse.At(1, 2); a != 5 || !math.IsInf(b, 1) || !math.IsInf(c, 1) {
		t.Errorf("sparse At = %v %v %v, want 5, +Inf and +Inf", a, b, c)
	}
	dense := full(2, 3, 5, math.Inf(1), 7, math.Inf(1), math.Inf(1), math.Inf(1))
	for i := range 2 {
		s1, v1 := sparse.Row(i, nil, nil)
		s2, v2 := dense.Row(i, nil, nil)
		if d := cmp.Diff(s1, s2) + cmp.Diff(v1, v2); d != "" {
			t.Error(d)
		}
	}
	// A quarter of the way round the sphere, and a hair's breadth: 1e-7 degrees of latitude.
	quarter := Travel{Customers: 1, Sites: 2, Metric: GreatCircle, From: &Points{X: []float64{0}, Y: []float64{0}}, To: &Points{X: []float64{0, 1e-7}, Y: []float64{90, 0}}}
	for j, want := range []float64{EarthRadius * math.Pi / 2, EarthRadius * math.Pi / 180e7} {
		if got := quarter.At(0, j); math.Abs(got-want) > 1e-9*want {
			t.Errorf("great circle to %d = %v, want %v", j, got, want)
		}
	}
}

// TestShortestPaths compares Dijkstra's algorithm with Floyd's.
func TestShortestPaths(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		n := 1 + random.IntN(12)
		want := make([]float64, n*n)
		for k := range want {
			want[k] = math.Inf(1)
		}
		edges := make([]edge, random.IntN(3*n))
		for k := range edges {
			e := edge{int32(random.IntN(n)), int32(random.IntN(n)), float64(random.IntN(20))}
			edges[k] = e
			want[int(e.a)*n+int(e.b)], want[int(e.b)*n+int(e.a)] = e.length, e.length
		}
		for v := range n {
			want[v*n+v] = 0
		}
		for k := range n {
			for i := range n {
				for j := range n {
					want[i*n+j] = min(want[i*n+j], want[i*n+k]+want[k*n+j])
				}
			}
		}
		if d := cmp.Diff(want, shortestPaths(n, edges)); d != "" {
			t.Fatalf("shortestPaths(%d, %v): %s", n, edges, d)
		}
	}
}

// TestOneBadCell: of a million rows one is wrong, and it is the one that is named.
func TestOneBadCell(t *testing.T) {
	if testing.Short() {
		t.Skip("a million rows are read without -short")
	}
	var text bytes.Buffer
	text.WriteString("demand,site,cost\n")
	for i := range 1000 {
		for j := range 1000 {
			cost := strconv.Itoa(i * j)
			if i == 700 && j == 7 {
				cost = "4O0"
			}
			text.WriteString("c" + strconv.Itoa(i) + ",s" + strconv.Itoa(j) + "," + cost + "\n")
		}
	}
	_, err := ReadMedian(&text)
	if want := `:700009: cost: must be a finite number (value "4O0")`; err == nil || err.Error() != want {
		t.Errorf("ReadMedian = %v, want %s", err, want)
	}
}

func FuzzReadSites(f *testing.F) {
	for _, text := range []string{
		"3 4 1\n1 2 9.\n2 1 2\n2 3 3\n1 3 9\n", "DIMENSION : 2\nNODE_COORD_SECTION\n1 1e0 0\n2 0 1.5\nEOF\n",
		"distance,name,DestinationName,demand\n1.5,s,c,7\n2,r,c,7\n", "demand,site,cost\na,s,1\nb,r,2\nb,s,3\n", ",s,r\na,,2\n\"b\",3,4\n",
		"2\t9999\tp\tS\n40.5\t0\t50\t\n3\t4\t0\n", "2 2 10 N(80,15)\n1 2 5 7.5\n1 1 9 8\n", "1 2\nF 0 0.5 0 3\nC 0 0 0 1\nC 7 3 4.5 2\n",
		"2 1\n0 0 9 3\n1 1 9 4", "1 713\n2 1 9\n1 0 0 3\n2 1 1 4\n", "2 1\n8 70\n9 80\n1\n11 12\n", "2 2\n8 70\n9 80\n1 2\n1 2\n3 4\n", "FILE: a\n1 2 0\n1 70 11 21\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if sizes.Match(text) {
			return // a size that is allowed, and costs memory
		}
		for name, read := range map[string]func() (*Siting, error){
			"median":      func() (*Siting, error) { return ReadMedian(bytes.NewReader(text)) },
			"covering":    func() (*Siting, error) { return ReadCovering(bytes.NewReader(text)) },
			"capacitated": func() (*Siting, error) { return ReadCapacitatedMedian(bytes.NewReader(text), "") },
			"facility":    func() (*Siting, error) { return ReadFacility(bytes.NewReader(text), "", -1) },
			"delmaire":    func() (*Siting, error) { return ReadFacility(bytes.NewReader(text), "delmaire", -1) },
			"tb1":         func() (*Siting, error) { return ReadFacility(bytes.NewReader(text), "tb1", 1) },
		} {
			s, err := read()
			if err != nil {
				if !known(err) || err.Error() == "" {
					t.Fatalf("%s: an error of no known kind: %v", name, err)
				}
				continue
			}
			if fault := unsound(s); fault != "" {
				t.Fatalf("%s: %s: %+v", name, fault, s)
			}
		}
	})
}

// unsound says what is wrong with an instance, "" if nothing.
func unsound(s *Siting) string {
	v := &s.Travel
	n, m := v.Customers, v.Sites
	for name, l := range map[string]struct{ got, want int }{
		"weights": {len(s.Weight), n}, "fixed costs": {len(s.Fixed), m}, "capacities": {len(s.Capacity), m},
		"customers": {len(s.CustomerID), n}, "sites": {len(s.SiteID), m},
	} {
		if l.got != 0 && l.got != l.want {
			return strconv.Itoa(l.got) + " " + name
		}
	}
	if n < 1 || m < 1 || s.Open < 0 || s.Open > m {
		return "sizes"
	}
	switch {
	case v.From != nil:
		if len(v.From.X) != n || len(v.From.Y) != n || len(v.To.X) != m || len(v.To.Y) != m {
			return "points"
		}
	case v.Start == nil && len(v.Value) != n*m:
		return "matrix"
	case v.Start != nil && (len(v.Start) != n+1 || v.Start[0] != 0 || v.Start[n] != len(v.Site) || len(v.Site) != len(v.Value)):
		return "rows"
	}
	for i := range n {
		sites, values := v.Row(i, nil, nil)
		for k, j := range sites {
			if int(j) >= m || k > 0 && j <= sites[k-1] || !(values[k] >= 0) || math.IsInf(values[k], 1) || v.At(i, int(j)) != values[k] {
				return "row " + strconv.Itoa(i)
			}
		}
	}
	return ""
}
