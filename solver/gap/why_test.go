package gap

import (
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
)

func TestWhy(t *testing.T) {
	p := &Problem{
		Agents: 3, Jobs: 4,
		Cost:     []int64{1, 1, None, 1, None, None, 1, None, None, None, None, None},
		Use:      [][]int64{{3, 4, 1, 9, 3, 4, 1, 9, 3, 4, 1, 9}},
		Capacity: [][]int64{{6, 5, 8}}, MinLoad: [][]int64{{0, 2, 0}},
	}
	want := []Reason{
		{Jobs: []int32{3}, Dim: -1},                                             // 9 > 6, and forbidden elsewhere
		{Agents: []int32{1}, Dim: 0, Need: 2, Have: 1},                          // job 2 alone, which takes 1
		{Jobs: []int32{0, 1}, Agents: []int32{0}, Dim: 0, Need: 3 + 4, Have: 6}, // agent 0 alone can do them
	}
	if d := cmp.Diff(want, p.Why()); d != "" {
		t.Error(d)
	}
	if s := solved(t, p, Options{WorkLimit: 10}); s.Status != solver.Infeasible {
		t.Errorf("status = %v, want infeasible", s.Status)
	}
}

func TestWhyIsTrue(t *testing.T) {
	given := 0
	for seed := range cases(testing.Short(), 1500) {
		rng := rand.New(rand.NewPCG(uint64(seed), 8))
		p := randomProblem(rng, rng.IntN(4), rng.IntN(6))
		reasons := p.Why()
		if status, _ := bruteForce(p); status != solver.Infeasible && len(reasons) > 0 {
			t.Fatalf("seed %d: Why(%+v) = %+v, but there is an assignment", seed, p, reasons)
		}
		given += min(1, len(reasons))
	}
	if given == 0 {
		t.Error("no problem had a reason")
	}
}
