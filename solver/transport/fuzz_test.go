package transport

import (
	"math/rand/v2"
	"testing"
)

// FuzzSolve compares with the network simplex from any start.
func FuzzSolve(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(3), false)
	f.Add(uint64(2), uint8(9), uint8(7), true)
	f.Fuzz(func(t *testing.T, seed uint64, n, k uint8, warm bool) {
		rng := rand.New(rand.NewPCG(seed, 3))
		p := randomProblem(rng, int(n%24), int(k%16))
		opts := Options{}
		if warm {
			opts.Start = randomStart(rng, p)
		}
		if got, want := mustSolve(t, p, opts).Objective, byFlow(t, p); got != want {
			t.Fatalf("Solve(%+v) from %+v = %d, network simplex %d", p, opts.Start, got, want)
		}
	})
}
