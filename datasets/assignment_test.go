package datasets

import (
	"bytes"
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/lap"
)

func TestReadAssignment(t *testing.T) {
	whole := func(p lap.Problem[int64]) *Assignment { return &Assignment{Whole: &p} }
	reals := func(p lap.Problem[float64]) *Assignment { return &Assignment{Real: &p} }
	for name, c := range map[string]struct {
		text string
		want *Assignment
	}{
		"dense":             {" 2\r\n\t1 2\n3 4", whole(lap.Problem[int64]{Rows: 2, Cols: 2, Cost: []int64{1, 2, 3, 4}})},
		"dense with ends":   {"2 1. 2e0 3 +4\n\n", whole(lap.Problem[int64]{Rows: 2, Cols: 2, Cost: []int64{1, 2, 3, 4}})},
		"dense wins":        {"3 1 1 5 2 2 6 3 3 7", whole(lap.Problem[int64]{Rows: 3, Cols: 3, Cost: []int64{1, 1, 5, 2, 2, 6, 3, 3, 7}})},
		"dense reals":       {"1\n0.5", reals(lap.Problem[float64]{Rows: 1, Cols: 1, Cost: []float64{0.5}})},
		"sparse":            {"3\n2 1 5\n1 3 -6\n", whole(lap.Problem[int64]{Rows: 3, Cols: 3, Start: []int{0, 1, 2, 2}, Col: []int32{2, 0}, Cost: []int64{-6, 5}})},
		"sparse reals":      {"3\n2 1 5\n1 3 0.5\n", reals(lap.Problem[float64]{Rows: 3, Cols: 3, Start: []int{0, 1, 2, 2}, Col: []int32{2, 0}, Cost: []float64{0.5, 5}})},
		"sparse of none":    {"3", whole(lap.Problem[int64]{Rows: 3, Cols: 3, Start: []int{0, 0, 0, 0}, Col: []int32{}, Cost: []int64{}})},
		"table":             {"1,2\r\n\"3\", 4 \n\n", reals(lap.Problem[float64]{Rows: 2, Cols: 2, Cost: []float64{1, 2, 3, 4}})},
		"table with holes":  {"nan,2\n-Inf,\n", reals(lap.Problem[float64]{Rows: 2, Cols: 2, Cost: []float64{0, 2, 0, 0}, Forbidden: []bool{true, false, true, true}})},
		"table without end": {"\ufeff1,1e999\n2,-3", reals(lap.Problem[float64]{Rows: 2, Cols: 2, Cost: []float64{1, 0, 2, -3}, Forbidden: []bool{false, true, false, false}})},
		"asn": {"c x,y\np asn 4 2\nn 3\nn 1\na 3 2 7\na 1 4 8\n", whole(lap.Problem[int64]{
			Rows: 2, Cols: 2, Start: []int{0, 1, 2}, Col: []int32{1, 0}, Cost: []int64{8, 7},
		})},
	} {
		got, err := ReadAssignment(strings.NewReader(c.text))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestBadAssignments(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":           {" \n", "x: the file is empty; an assignment begins with a number, with p asn, or with a row of reals"},
		"no number":       {"zwei\n", `x:1:1: the first number must be that of rows, from 0 to 16777216 (value "zwei")`},
		"a fraction":      {"1.5\n1", `x:1:1: the first number must be that of rows, from 0 to 16777216 (value "1.5")`},
		"huge":            {"99999999\n", `x:1:1: the first number must be that of rows, from 0 to 16777216 (value "99999999")`},
		"neither":         {"2\n1 2 3 4 5", "x: 5 numbers after the first are neither 2×2 costs nor lines i j cost"},
		"infinite":        {"1\n inf", `x:2:2: a cost must be a finite number (value "inf")`},
		"outside":         {"3\n0 1 5", `x: pair 1: rows and columns must be from 1 to 3 (value "0")`},
		"a word in table": {"1,2\n3,x\n", `x:2:3: a cost must be a number, or empty where the pair is not allowed (value "x")`},
		"ragged":          {"1,2\n3,4,5\n", `x:2:5: the row has 3 cells, the first has 2 (value "5")`},
		"long":            {"1," + strings.Repeat("1", 2000), "x:1:3: the number is too long"},
		"other problem":   {"p min 2 0\n", `x:1:3: the problem must be asn, an assignment (value "min")`},
		"short asn":       {"p asn 2 1\nn 1\n", "x:2: the header announces 1 arcs, the file has 0"},
		"more asn":        {"p asn 2 0\nn 1\na 1 2 3\n", `x:3:1: more than the 0 arcs that the header announces (value "a")`},
		"row to row":      {"p asn 2 1\nn 1\nn 2\na 1 2 3\n", `x:4:5: an arc must go to a column: a node without a line n ID (value "2")`},
		"twice":           {"p asn 2 1\nn 1\nn 1\n", `x:3:3: the node stands twice (value "1")`},
		"no header":       {"c\nn 1\n", `x:2:1: the header must come first: p asn NODES ARCS (value "n")`},
	} {
		in, err := NewInstance("x", strings.NewReader(c.text))
		if err != nil {
			t.Fatal(err)
		}
		_, err = ReadAssignment(in)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestWriteAssignment(t *testing.T) {
	var out bytes.Buffer
	if err := WriteAssignment(&out, []int32{2, -1, 0}); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "2\n-1\n0\n" {
		t.Errorf("WriteAssignment = %q", got)
	}
}

// TestSharedAssignments reproduces every proved optimum of the assignment kinds, and checks each answer.
func TestSharedAssignments(t *testing.T) {
	dir := sharedMatch(t)
	if testing.Short() {
		t.Skip("shared instances are solved without -short and without the race detector")
	}
	index, err := os.Open(filepath.Join(dir, "index.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	rows, err := csv.NewReader(index).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	files := 0
	for _, row := range rows {
		name, kind := row[0], row[1]
		if !strings.HasPrefix(kind, "assignment") {
			continue
		}
		files++
		want, err := strconv.ParseFloat(row[7], 64)
		if err != nil {
			t.Fatal(err)
		}
		in, err := OpenInstance(filepath.Join(dir, filepath.FromSlash(name)), nil)
		if err != nil {
			t.Fatal(err)
		}
		p, err := ReadAssignment(in)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err := in.Close(); err != nil {
			t.Error(err)
		}
		if got, status, check := best(t, p); status != solver.Optimal || math.Abs(got-want) > 1e-12*want || check != nil {
			t.Errorf("%s: %v %v (%v), want optimal %v", name, status, got, check, want)
		}
	}
	if files != 13 {
		t.Errorf("index.csv names %d files, want 13", files)
	}
}

// best solves and checks a problem.
func best(t *testing.T, p *Assignment) (objective float64, status solver.Status, check error) {
	t.Helper()
	if p.Real != nil {
		s, err := lap.SolveReal(t.Context(), p.Real, lap.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s.Objective, s.Status, lap.CheckReal(p.Real, s)
	}
	s, err := lap.Solve(t.Context(), p.Whole, lap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return float64(s.Objective), s.Status, lap.Check(p.Whole, s)
}

// sizes matches numbers of 10,000 to 100 million.
var sizes = regexp.MustCompile(`(^|\D)0*[1-9]\d{4,7}(\D|$)`)

func FuzzReadAssignment(f *testing.F) {
	f.Add([]byte("2\n1 2\n3 4"))
	f.Add([]byte("3\n1 1 5\n1 2 0.5"))
	f.Add([]byte("p asn 4 2\nn 1\nn 3\na 1 2 7\na 3 4 8\n"))
	f.Add([]byte("1,nan\n,-2e300\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if sizes.Match(text) {
			return // a size that is allowed, and costs memory
		}
		p, err := ReadAssignment(bytes.NewReader(text))
		if err != nil {
			return
		}
		if p.Real != nil {
			err = p.Real.Validate()
		} else {
			err = p.Whole.Validate()
		}
		if err != nil {
			t.Fatalf("what was read is no problem: %v", err)
		}
	})
}
