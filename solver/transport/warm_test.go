package transport

import (
	"math/rand/v2"
	"testing"
)

// randomStart makes prices and a plan up, good or bad.
func randomStart(rng *rand.Rand, p *Problem) *Start {
	s := &Start{}
	if rng.IntN(4) > 0 {
		scale := 1 + rng.Int64N(700)
		for range p.Capacity {
			s.Prices = append(s.Prices, rng.Int64N(2*scale)-scale/2)
		}
	}
	for i := range p.Unmet {
		for a := p.From[i]; a < p.From[i+1] && rng.IntN(3) > 0; a++ {
			s.Placed = append(s.Placed, Placed{int32(i), p.Node[a], 1 + rng.Int64N(3)})
		}
	}
	return s
}

// TestSolveFromAnyStart begins at prices and plans of all kinds: the optimum is the same.
func TestSolveFromAnyStart(t *testing.T) {
	for seed := range cases(10_000) {
		rng := rand.New(rand.NewPCG(seed, 2))
		p := randomProblem(rng, rng.IntN(15), rng.IntN(12))
		start := randomStart(rng, p)
		if got, want := mustSolve(t, p, Options{Start: start}).Objective, byFlow(t, p); got != want {
			t.Fatalf("seed %d: Solve(%+v) from %+v = %d, network simplex %d", seed, p, start, got, want)
		}
	}
}
