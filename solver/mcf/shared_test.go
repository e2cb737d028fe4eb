package mcf_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// shared returns the folder of the shared instances, and skips where there is none.
func shared(t *testing.T) string {
	t.Helper()
	tries := []string{"../../../shared/data", os.Getenv("COURTYARD_SHARED"), filepath.Join(os.Getenv("COURTYARD_SHARED"), "data")}
	for _, try := range tries {
		if _, err := os.Stat(filepath.Join(try, "match", "index.csv")); err == nil {
			return filepath.Join(try, "match")
		}
	}
	t.Skip("the shared instances are not there: set COURTYARD_SHARED to their folder")
	return ""
}

// TestSharedOptimaByEveryMethod solves every shared network by each method; in short runs the small ones.
func TestSharedOptimaByEveryMethod(t *testing.T) {
	dir := shared(t)
	index, err := os.Open(filepath.Join(dir, "index.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer index.Close()
	rows, err := csv.NewReader(index).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		if !strings.HasSuffix(strings.TrimSuffix(row[0], ".gz"), ".min") {
			continue
		}
		arcs, err := strconv.Atoi(row[3])
		if err != nil {
			t.Fatal(err)
		}
		if testing.Short() && arcs > 30_000 {
			continue
		}
		t.Run(filepath.Base(row[0]), func(t *testing.T) {
			in, err := datasets.OpenInstance(filepath.Join(dir, row[0]), os.Stdin)
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			p, err := datasets.ReadMin(in)
			if err != nil {
				t.Fatal(err)
			}
			for _, method := range []mcf.Method{mcf.Auto, mcf.CostScaling} {
				s, err := mcf.Solve(t.Context(), &p.Problem, mcf.Options{Method: method})
				if err != nil {
					t.Fatal(err)
				}
				if got := strconv.FormatInt(s.Objective, 10); s.Status != solver.Optimal || got != row[6] {
					t.Errorf("method %d: %v %s, want %s", method, s.Status, got, row[6])
				}
				if err := mcf.Check(&p.Problem, s); err != nil {
					t.Errorf("method %d: %v", method, err)
				}
			}
		})
	}
}
