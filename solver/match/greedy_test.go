package match

import (
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// TestCutAtOnce gives the engine one pivot: the plan keeps every rule, and serves somebody wherever somebody can be served.
func TestCutAtOnce(t *testing.T) {
	for seed := range cases(200) {
		rng := rand.New(rand.NewPCG(seed, 73))
		p := randomProblem(rng, shape{needs: 30, resources: 12, spread: 0.05, units: 3, capacity: 6})
		if p.Validate() != nil {
			continue
		}
		full, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s, err := Solve(t.Context(), p, Options{WorkLimit: 1})
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(p, s); err != nil {
			t.Fatalf("seed %d: Check: %v", seed, err)
		}
		if s.Status == solver.Unknown || len(s.Matches) == 0 && len(full.Matches) > 0 {
			t.Fatalf("seed %d: %v with %d matches, the optimum has %d", seed, s.Status, len(s.Matches), len(full.Matches))
		}
		if p.Less(s.Objective, full.Objective) || p.Less(full.Objective, s.Bound) {
			t.Fatalf("seed %d: %v, bound %v, optimum %v", seed, s.Objective, s.Bound, full.Objective)
		}
	}
}
