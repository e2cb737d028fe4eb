package datasets

import (
	"bytes"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/gap"
)

const twoAgents = " 2 3\r\n 1 2\t3\n4 15. 1e1\n\n5 6 7 8 9 10\n 11\n12 "

func TestReadGap(t *testing.T) {
	p, err := ReadGap(strings.NewReader(twoAgents), true)
	if err != nil {
		t.Fatal(err)
	}
	want := &gap.Problem{
		Agents: 2, Jobs: 3, Cost: []int64{-1, -2, -3, -4, -15, -10},
		Use: [][]int64{{5, 6, 7, 8, 9, 10}}, Capacity: [][]int64{{11, 12}},
	}
	if d := cmp.Diff(want, p); d != "" {
		t.Error(d)
	}
	var out bytes.Buffer
	if err := WriteGap(&out, []int32{1, 0, -1}); err != nil || out.String() != "1 0 -1\n" {
		t.Errorf("WriteGap = %q, %v", out.String(), err)
	}
}

func TestBadGap(t *testing.T) {
	for text, want := range map[string]string{
		"":                      "x: the file is empty; it must hold: m n, then m×n costs, m×n uses, m capacities",
		"2":                     "x:1: the file ends where the number of jobs is due; it must hold: m n, then m×n costs, m×n uses, m capacities",
		"0 2":                   `x:1:1: the number of agents must be from 1 to 268435456 (value "0")`,
		"99999 99999":           `x:1:7: agents times jobs must be at most 268435456 (value "99999")`,
		"1 1\n1\n1":             "x:3: the file ends where the capacity is due; it must hold: m n, then m×n costs, m×n uses, m capacities",
		"1 1\n1 x 1":            `x:2:3: the use must be a whole number (value "x")`,
		"1 1\n1.5 1 1":          `x:2:1: the cost must be a whole number (value "1.5")`,
		"1 1\n1 -1 1":           `x:2:3: the use must not be negative (value "-1")`,
		"1 1\n1 1 1 1":          `x:2:7: the file goes on after the last capacity (value "1")`,
		"1 1\n1 1 1\n\n 7":      `x:4:2: the file goes on after the last capacity (value "7")`,
		"1 1\n9007199254740992": `x:2:1: the cost must be less than 2^53 in size (value "9007199254740992")`,
		"1 1\n1e99 1 1":         `x:2:1: the cost must be a whole number (value "1e99")`,
	} {
		in, err := NewInstance("x", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ReadGap(in, false); err == nil || err.Error() != want {
			t.Errorf("ReadGap(%q): %v, want %s", text, err, want)
		}
	}
}

func FuzzReadGap(f *testing.F) {
	f.Add([]byte(twoAgents), false)
	f.Add([]byte("1 1 1 1 1"), true)
	f.Add([]byte("3 99999999"), false)
	f.Fuzz(func(t *testing.T, text []byte, maximize bool) {
		p, err := ReadGap(bytes.NewReader(text), maximize)
		if err != nil {
			if !known(err) {
				t.Fatalf("an error of no known kind: %v", err)
			}
			return
		}
		if len(p.Cost) != p.Agents*p.Jobs || len(p.Use[0]) != len(p.Cost) || len(p.Capacity[0]) != p.Agents {
			t.Fatalf("sizes do not agree: %d × %d, %d, %d, %d", p.Agents, p.Jobs, len(p.Cost), len(p.Use[0]), len(p.Capacity[0]))
		}
	})
}

// TestSharedGap proves the instances that take a moment, both ways where both values are known.
func TestSharedGap(t *testing.T) {
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
		switch row[1] {
		case "gap-small", "gap-A", "gap-B":
		default:
			continue
		}
		files++
		values := map[bool]string{false: row[6]}
		if _, most, ok := strings.Cut(row[8], "optimum "); ok {
			values[true] = most
		}
		for maximize, want := range values {
			in, err := OpenInstance(filepath.Join(dir, filepath.FromSlash(row[0])), nil)
			if err != nil {
				t.Fatal(err)
			}
			p, err := ReadGap(in, maximize)
			if err := in.Close(); err != nil {
				t.Fatal(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			s, err := gap.Solve(t.Context(), p, gap.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := gap.Check(p, s); err != nil {
				t.Errorf("%s: %v", row[0], err)
			}
			got := s.Objective
			if maximize {
				got = -got
			}
			if s.Status != solver.Optimal || strconv.FormatInt(got, 10) != want {
				t.Errorf("Solve(%s), maximize %t = %v %d, want optimal %s", row[0], maximize, s.Status, got, want)
			}
		}
	}
	if files == 0 {
		t.Error("index.csv names no small instance")
	}
}
