package datasets

import (
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// sharedMatch returns the folder of the public instances of the match job. The test is skipped when it is not there:
// set COURTYARD_SHARED to a folder that holds data/match, or keep one called shared beside the repository.
func sharedMatch(t *testing.T) string {
	t.Helper()
	var tried []string
	look := func(shared string) string {
		dir := filepath.Join(shared, "data", "match")
		tried = append(tried, dir)
		if _, err := os.Stat(filepath.Join(dir, "index.csv")); err != nil {
			return ""
		}
		return dir
	}
	if shared := os.Getenv("COURTYARD_SHARED"); shared != "" {
		if dir := look(shared); dir != "" {
			return dir
		}
	}
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if dir := look(filepath.Join(at, "shared")); dir != "" {
			return dir
		}
		up := filepath.Dir(at)
		if up == at {
			break
		}
		at = up
	}
	t.Skipf("shared instances are absent; looked for %s", strings.Join(tried, ", "))
	return ""
}

// solved solves a network, checks the answer and returns it.
func solved(t *testing.T, n *Network) *mcf.Solution {
	t.Helper()
	sol, err := mcf.Solve(t.Context(), &n.Problem, mcf.Options{})
	if err != nil {
		t.Fatalf("Solve: %v", err)
	}
	if err := mcf.Check(&n.Problem, sol); err != nil {
		t.Fatalf("Check: %v", err)
	}
	return sol
}

// TestSharedOptima reproduces every proved optimum of kind min-cost-flow and transportation: 35 files.
func TestSharedOptima(t *testing.T) {
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
		name, kind, best := row[0], row[1], row[6]
		if kind != "min-cost-flow" && kind != "transportation" {
			continue
		}
		files++
		t.Run(name, func(t *testing.T) {
			in, err := OpenInstance(filepath.Join(dir, filepath.FromSlash(name)), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			n, err := ReadMin(in)
			if err != nil {
				t.Fatal(err)
			}
			if nodes, arcs := strconv.Itoa(len(n.Problem.Supply)), strconv.Itoa(len(n.Problem.Tail)); nodes != row[2] || arcs != row[3] {
				t.Errorf("ReadMin(%s) has %s nodes and %s arcs, want %s and %s", name, nodes, arcs, row[2], row[3])
			}
			start := time.Now()
			sol := solved(t, n)
			t.Logf("%.3f s, %d pivots", time.Since(start).Seconds(), sol.Work)
			if got := strconv.FormatInt(sol.Objective, 10); sol.Status != solver.Optimal || got != best {
				t.Errorf("Solve(%s) = %v %s, want optimal %s", name, sol.Status, got, best)
			}
		})
	}
	if files != 35 {
		t.Errorf("index.csv names %d files, want 35", files)
	}
}

// TestSharedStream solves a stream of changes block by block, from scratch and from the basis before.
func TestSharedStream(t *testing.T) {
	in, err := OpenInstance(filepath.Join(sharedMatch(t), "mcf", "incremental", "tiny_trace.imin"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	reader := NewNetworkReader(in)
	var basis *mcf.Basis
	blocks := 0
	for ; ; blocks++ {
		n, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if total, _ := sum(n.Problem.Supply); total != 0 {
			t.Errorf("block %d: supplies add up to %d", n.Block, total)
		}
		cold := solved(t, n)
		if n.Renumbered {
			basis = nil
		}
		warm, err := mcf.Solve(t.Context(), &n.Problem, mcf.Options{Start: basis})
		if err != nil {
			t.Fatal(err)
		}
		if err := mcf.Check(&n.Problem, warm); err != nil {
			t.Fatalf("block %d, warm: %v", n.Block, err)
		}
		basis = warm.Basis
		if cold.Status != solver.Optimal || warm.Status != cold.Status || warm.Objective != cold.Objective {
			t.Errorf("block %d: cold %v %d, warm %v %d, want the same optimum", n.Block, cold.Status, cold.Objective, warm.Status, warm.Objective)
		}
		t.Logf("block %d: %d, %d pivots cold, %d warm", n.Block, cold.Objective, cold.Work, warm.Work)
	}
	if blocks != 14 {
		t.Errorf("%d networks, want the base and 13 blocks", blocks)
	}
}

// TestSharedChanges applies each single change to the six-job graph and compares with the same network written out whole.
func TestSharedChanges(t *testing.T) {
	dir := filepath.Join(sharedMatch(t), "mcf", "incremental")
	base, err := os.ReadFile(filepath.Join(dir, "graph_4m_2crs_6j.in"))
	if err != nil {
		t.Fatal(err)
	}
	changes, err := filepath.Glob(filepath.Join(dir, "graph_4m_2crs_6j_*.in"))
	if err != nil || len(changes) != 11 {
		t.Fatalf("changes: %d files, %v, want 11", len(changes), err)
	}
	for _, file := range changes {
		t.Run(filepath.Base(file), func(t *testing.T) {
			change, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			text := string(base) + string(change)
			reader := NewNetworkReader(strings.NewReader(text))
			if _, err := reader.Next(); err != nil {
				t.Fatal(err)
			}
			n, err := reader.Next()
			if err != nil {
				t.Fatal(err)
			}
			got := solved(t, n)
			want := solved(t, plainNetwork(t, text))
			if got.Status != want.Status || got.Objective != want.Objective {
				t.Errorf("after the change: %v %d, written out whole: %v %d", got.Status, got.Objective, want.Status, want.Objective)
			}
			t.Logf("%v %d", got.Status, got.Objective)
		})
	}
}

// plainNetwork applies base and changes the plain way, on maps keyed by id, and reads the result as a .min file.
func plainNetwork(t *testing.T, text string) *Network {
	t.Helper()
	type pair [2]string
	supply, arcs := map[string]int64{}, map[pair][]string{}
	var nodes []string
	var order []pair
	kinds := map[string]string{}
	blocks := 0
	balance := func() {
		if blocks == 0 {
			return
		}
		total, sink, takers := int64(0), "", 0
		for id, s := range supply {
			total += s
			if s < 0 {
				sink = id
				takers++
			}
		}
		for id, kind := range kinds {
			if kind == "3" {
				sink, takers = id, 1
			}
		}
		if total != 0 && takers == 1 {
			supply[sink] -= total
		}
	}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		switch {
		case len(f) == 0 || f[0] == "p":
		case f[0] == "c":
			if len(f) == 2 && f[1] == "EOI" {
				balance()
				blocks++
			}
		case f[0] == "n":
			if _, ok := supply[f[1]]; !ok {
				nodes = append(nodes, f[1])
			}
			v, err := strconv.ParseInt(f[2], 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			supply[f[1]] = v
			if len(f) > 3 {
				kinds[f[1]] = f[3]
			}
		case f[0] == "r":
			delete(supply, f[1])
			delete(kinds, f[1])
			for p := range arcs {
				if p[0] == f[1] || p[1] == f[1] {
					delete(arcs, p)
				}
			}
		default: // a, x
			p := pair{f[1], f[2]}
			if blocks > 0 {
				delete(arcs, p)
			}
			if f[4] != "0" {
				arcs[p] = append(arcs[p], strings.Join(f[3:], " "))
				order = append(order, p)
			}
		}
	}
	number := map[string]string{}
	var out strings.Builder
	count := 0
	body := strings.Builder{}
	for _, id := range nodes {
		if s, ok := supply[id]; ok && number[id] == "" {
			number[id] = strconv.Itoa(len(number) + 1)
			body.WriteString("n " + number[id] + " " + strconv.FormatInt(s, 10) + "\n")
		}
	}
	for _, p := range order {
		for _, bounds := range arcs[p] {
			body.WriteString("a " + number[p[0]] + " " + number[p[1]] + " " + bounds + "\n")
			count++
		}
		delete(arcs, p)
	}
	out.WriteString("p min " + strconv.Itoa(len(number)) + " " + strconv.Itoa(count) + "\n" + body.String())
	n, err := ReadMin(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
