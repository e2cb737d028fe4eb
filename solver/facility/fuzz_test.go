package facility

import (
	"math/rand/v2"
	"testing"
)

func FuzzSolve(f *testing.F) {
	f.Add(uint64(1), uint8(5), uint8(4), uint16(0))
	f.Add(uint64(2), uint8(9), uint8(8), uint16(7))
	f.Fuzz(func(t *testing.T, seed uint64, n, m uint8, limit uint16) {
		p := randomProblem(rand.New(rand.NewPCG(seed, 0)), int(n%12), 1+int(m%9))
		sol, err := Solve(t.Context(), p, Options{Seed: seed, WorkLimit: int64(limit)})
		if err != nil {
			t.Fatalf("Solve(%+v): %v", p, err)
		}
		if err := compare(p, sol); err != nil {
			t.Fatalf("Solve(%+v): %v", p, err)
		}
	})
}
