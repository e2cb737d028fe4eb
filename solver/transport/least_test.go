package transport

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// randomLeast is a random problem with least units at some of the nodes that are nobody's parent.
func randomLeast(rng *rand.Rand, n, k int) *Problem {
	p := randomProblem(rng, n, k)
	inner := map[int32]bool{}
	for _, q := range p.Parent {
		inner[q] = true
	}
	p.Least = make([]int64, len(p.Capacity))
	for v, c := range p.Capacity {
		if !inner[int32(v)] && rng.IntN(3) == 0 {
			p.Least[v] = rng.Int64N(min(c, 3) + 1)
		}
	}
	return p
}

// byFlowLeast returns what the network simplex finds, with lower bounds on the ways out of the nodes.
func byFlowLeast(t testing.TB, p *Problem) (int64, solver.Status) {
	t.Helper()
	f := asFlow(p)
	f.Lower = make([]int64, len(f.Tail))
	copy(f.Lower[len(f.Tail)-len(p.Least):], p.Least)
	s, err := mcf.Solve(t.Context(), f, mcf.Options{})
	if err != nil {
		t.Fatalf("mcf.Solve: %v", err)
	}
	return s.Objective, s.Status
}

func compareLeast(t testing.TB, seed uint64, p *Problem) solver.Status {
	t.Helper()
	s, err := Solve(t.Context(), p, Options{})
	if err != nil {
		t.Fatalf("seed %d: Solve(%+v): %v", seed, p, err)
	}
	if err := Check(p, s); err != nil {
		t.Fatalf("seed %d: Check(%+v, %+v): %v", seed, p, s, err)
	}
	want, status := byFlowLeast(t, p)
	if s.Status != status || status == solver.Optimal && s.Objective != want {
		t.Fatalf("seed %d: Solve(%+v) = %v %d, network simplex %v %d", seed, p, s.Status, s.Objective, status, want)
	}
	again, err := Solve(t.Context(), p, Options{Start: &Start{Prices: s.NodePrice, Placed: s.Placed}})
	if err != nil || again.Status != s.Status || again.Status == solver.Optimal && again.Objective != s.Objective {
		t.Fatalf("seed %d: from its own answer: %+v, %v", seed, again, err)
	}
	if err := Check(p, again); err != nil {
		t.Fatalf("seed %d: from its own answer: %v", seed, err)
	}
	return status
}

// TestLeastEqualsNetworkSimplex: both find the same cost, or both that there is no plan; a plan that lacks least units lacks
// the fewest, which the bound proves.
func TestLeastEqualsNetworkSimplex(t *testing.T) {
	met := map[solver.Status]uint64{}
	for seed := range cases(5_000) {
		rng := rand.New(rand.NewPCG(seed, 7))
		met[compareLeast(t, seed, randomLeast(rng, rng.IntN(15), rng.IntN(12)))]++
	}
	if met[solver.Optimal] < cases(500) || met[solver.Infeasible] < cases(500) {
		t.Errorf("too few of one sort: %v", met)
	}
	for seed := range cases(40) {
		rng := rand.New(rand.NewPCG(seed, 8))
		compareLeast(t, seed, randomLeast(rng, 200, 60))
	}
}

func TestCheckKnowsLeast(t *testing.T) {
	p := &Problem{Unmet: []int64{9, 9}, From: []int32{0, 2, 3}, Node: []int32{0, 1, 1}, Cost: []int64{1, 5, 2}, Capacity: []int64{1, 2}, Least: []int64{0, 2}}
	s := mustSolve(t, p, Options{})
	if s.Objective != 7 || s.NodePrice[1] >= 0 {
		t.Fatalf("Solve = %+v, want 7 and a negative price at the node that draws", s)
	}
	for name, spoil := range map[string]func(*Problem, *Solution){
		"a plan without the least units": func(p *Problem, _ *Solution) { p.Unmet, p.Least[0] = []int64{9, 9}, 1 },
		"units missing that are there":   func(_ *Problem, s *Solution) { s.Short = []int64{0, 1} },
		"infeasible, but it is not":      func(_ *Problem, s *Solution) { s.Status = solver.Infeasible },
		"a price too low elsewhere":      func(_ *Problem, s *Solution) { s.NodePrice[0] = -1 },
		"a bound too high":               func(_ *Problem, s *Solution) { s.Status, s.Bound = solver.Feasible, 8 },
	} {
		q, x := *p, *s
		q.Least, x.NodePrice = append([]int64(nil), p.Least...), append([]int64(nil), s.NodePrice...)
		spoil(&q, &x)
		if Check(&q, &x) == nil {
			t.Errorf("%s: Check finds nothing", name)
		}
	}
}

func TestLeastCutShort(t *testing.T) {
	p := randomLeast(rand.New(rand.NewPCG(1, 9)), 200, 60)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err := Solve(ctx, p, Options{})
	if err != nil || s.Stop != solver.StopCancelled || s.Status == solver.Optimal || s.Status == solver.Infeasible {
		t.Fatalf("a cancelled search: %+v, %v", s, err)
	}
	if err := Check(p, s); err != nil {
		t.Error(err)
	}
}

func TestLeastFaults(t *testing.T) {
	for name, p := range map[string]*Problem{
		"too few entries": {From: []int32{0}, Capacity: []int64{1}, Least: []int64{}},
		"above the room":  {From: []int32{0}, Capacity: []int64{1}, Least: []int64{2}},
		"below 0":         {From: []int32{0}, Capacity: []int64{1}, Least: []int64{-1}},
		"a parent":        {From: []int32{0}, Capacity: []int64{1, 1}, Parent: []int32{1, -1}, Least: []int64{0, 1}},
		"too dear":        {Unmet: []int64{MaxCost}, From: []int32{0, 0}, Capacity: []int64{1}, Least: []int64{1}},
	} {
		if err := p.Validate(); err == nil {
			t.Errorf("%s: no fault", name)
		}
	}
	if _, err := New(&Problem{From: []int32{0}, Capacity: []int64{1}, Least: []int64{1}}); err == nil {
		t.Error("New takes least units")
	}
}

// FuzzLeast compares random problems with least units with the network simplex.
func FuzzLeast(f *testing.F) {
	f.Add(uint64(1), uint8(5), uint8(4))
	f.Fuzz(func(t *testing.T, seed uint64, n, k uint8) {
		compareLeast(t, seed, randomLeast(rand.New(rand.NewPCG(seed, 6)), int(n%40), int(k%20)))
	})
}
