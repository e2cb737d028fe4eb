package mcf

import (
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// cases returns n, or a tenth of it in short runs.
func cases(n uint64) uint64 {
	if testing.Short() {
		return n / 10
	}
	return n
}

func TestSolveAgainstCycleCancelling(t *testing.T) {
	seen := map[solver.Status]int{}
	for seed := range cases(20_000) {
		p := randomProblem(rand.New(rand.NewPCG(seed, 1)))
		got, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: Solve(%+v) failed: %v", seed, p, err)
		}
		if err := Check(p, got); err != nil {
			t.Fatalf("seed %d: Check(%+v, %+v): %v", seed, p, got, err)
		}
		status, objective := simple(p)
		if got.Status != status || status == solver.Optimal && got.Objective != objective {
			t.Fatalf("seed %d: Solve(%+v) = %v %d, want %v %d", seed, p, got.Status, got.Objective, status, objective)
		}
		seen[got.Status]++
	}
	for _, status := range []solver.Status{solver.Optimal, solver.Infeasible, solver.Unbounded} {
		if seen[status] < int(cases(1000)) {
			t.Errorf("only %d cases were %v: %v", seen[status], status, seen)
		}
	}
}

func TestWarmStartEqualsCold(t *testing.T) {
	for seed := range cases(10_000) {
		rng := rand.New(rand.NewPCG(seed, 2))
		p := randomProblem(rng)
		first, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: Solve(%+v) failed: %v", seed, p, err)
		}
		start := first.Basis
		if rng.IntN(3) == 0 { // any arcs at all, cycles and loops included
			var tree, upper []int32
			for a := range p.Tail {
				if rng.IntN(2) == 0 {
					tree = append(tree, int32(a))
				}
				if rng.IntN(2) == 0 {
					upper = append(upper, int32(a))
				}
			}
			start = NewBasis(tree, upper)
		}
		p = randomProblemLike(rng, p)
		got, err := Solve(t.Context(), p, Options{Start: start})
		if err != nil {
			t.Fatalf("seed %d: Solve(%+v, start %+v) failed: %v", seed, p, start, err)
		}
		if err := Check(p, got); err != nil {
			t.Fatalf("seed %d: Check(%+v, %+v): %v", seed, p, got, err)
		}
		cold, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: Solve(%+v) failed: %v", seed, p, err)
		}
		if got.Status != cold.Status || got.Status == solver.Optimal && got.Objective != cold.Objective {
			t.Fatalf("seed %d: Solve(%+v) = %v %d from %+v, %v %d from nothing",
				seed, p, got.Status, got.Objective, start, cold.Status, cold.Objective)
		}
		if got.Basis == nil {
			continue
		}
		again, err := Solve(t.Context(), p, Options{Start: got.Basis})
		if err != nil {
			t.Fatalf("seed %d: Solve(%+v, start %+v) failed: %v", seed, p, got.Basis, err)
		}
		if again.Status == solver.Optimal && again.Work != 0 {
			t.Fatalf("seed %d: %d pivots from the optimal basis of %+v", seed, again.Work, p)
		}
	}
}

// FuzzSolve compares both methods with cycle cancelling, the simplex cold and from a basis of a like problem.
func FuzzSolve(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 3))
		p := randomProblem(rng)
		first, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		q := randomProblemLike(rng, p)
		got, err := Solve(t.Context(), q, Options{Start: first.Basis})
		if err != nil {
			t.Fatal(err)
		}
		scaled, err := Solve(t.Context(), q, Options{Method: CostScaling})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			p *Problem
			s *Solution
		}{{p, first}, {q, got}, {q, scaled}} {
			if err := Check(c.p, c.s); err != nil {
				t.Fatalf("Check(%+v, %+v): %v", c.p, c.s, err)
			}
			status, objective := simple(c.p)
			if c.s.Status != status || status == solver.Optimal && c.s.Objective != objective {
				t.Fatalf("Solve(%+v) = %v %d, want %v %d", c.p, c.s.Status, c.s.Objective, status, objective)
			}
		}
	})
}
