package transport

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// byAuction solves p by an auction first, however small it is.
func byAuction(t testing.TB, p *Problem, parts int) *Solution {
	t.Helper()
	s, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	s.core.base().ctx = t.Context()
	ended := false
	switch e := s.core.(type) {
	case *engine[int32]:
		ended = e.approachIn(1, parts)
	case *engine[int64]:
		ended = e.approachIn(1, parts)
	}
	if !ended {
		t.Fatal("the auction did not end")
	}
	s.core.base().warm = true
	if a, err := s.Solve(t.Context(), Options{}); err != nil || a.Status != solver.Optimal {
		t.Fatalf("Solve(%+v) after an auction = %+v, %v", p, a, err)
	}
	x := s.Solution()
	if err := Check(p, x); err != nil {
		t.Fatalf("Check(%+v, %+v): %v", p, x, err)
	}
	return x
}

func TestAuctionLeadsToTheOptimum(t *testing.T) {
	for seed := range cases(10_000) {
		rng := rand.New(rand.NewPCG(seed, 5))
		p := randomProblem(rng, rng.IntN(20), rng.IntN(15))
		switch rng.IntN(4) {
		case 0: // prices of 64 bits
			for i := range p.Unmet {
				p.Unmet[i] *= 1 << 40
			}
		case 1: // costs too
			for a := range p.Cost {
				p.Cost[a] *= 1 << 30
			}
		}
		if got, want := byAuction(t, p, 1+rng.IntN(4)).Objective, byFlow(t, p); got != want {
			t.Fatalf("seed %d: auction and searches on %+v = %d, network simplex %d", seed, p, got, want)
		}
	}
}

// TestSimplexLeadsToTheOptimum begins with the network simplex, however small the problem is.
func TestSimplexLeadsToTheOptimum(t *testing.T) {
	for seed := range cases(5000) {
		rng := rand.New(rand.NewPCG(seed, 10))
		p := randomProblem(rng, rng.IntN(20), rng.IntN(15))
		s, err := New(p)
		if err != nil {
			t.Fatal(err)
		}
		e, ok := s.core.(*engine[int32])
		if !ok {
			t.Fatal("not narrow")
		}
		if e.ctx = t.Context(); !e.approachBySimplex() {
			t.Fatal("the simplex did not end")
		}
		e.warm = true
		before := e.work
		a, err := s.Solve(t.Context(), Options{})
		if err != nil || a.Status != solver.Optimal {
			t.Fatalf("seed %d: Solve = %+v, %v", seed, a, err)
		}
		if err := Check(p, s.Solution()); err != nil {
			t.Fatalf("seed %d: Check(%+v): %v", seed, p, err)
		}
		if want := byFlow(t, p); a.Objective != want {
			t.Fatalf("seed %d: Solve(%+v) = %d, network simplex %d", seed, p, a.Objective, want)
		}
		if visits := a.Work - before; visits > 0 && !slices.Contains(p.Capacity, 0) {
			t.Errorf("seed %d: the searches visit %d nodes of %+v after an optimum", seed, visits, p)
		}
	}
}
