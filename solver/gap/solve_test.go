package gap

import (
	"math/rand/v2"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
)

func solved(t *testing.T, p *Problem, opts Options) *Solution {
	t.Helper()
	s, err := Solve(t.Context(), p, opts)
	if err != nil {
		t.Fatalf("Solve(%+v) = %v", p, err)
	}
	if err := Check(p, s); err != nil {
		t.Fatalf("Check(%+v, %+v): %v", p, s, err)
	}
	return s
}

func TestSolveAgainstBruteForce(t *testing.T) {
	seen := map[solver.Status]int{}
	for seed := range cases(testing.Short(), 1500) {
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		p := randomProblem(rng, 1+rng.IntN(4), rng.IntN(7))
		status, least := bruteForce(p)
		s := solved(t, p, Options{Seed: uint64(seed), WorkLimit: 3000, Workers: 1 + rng.IntN(4)})
		if s.Status != status || status == solver.Optimal && s.Objective != least {
			t.Fatalf("seed %d: Solve(%+v) = %v %d, brute force %v %d", seed, p, s.Status, s.Objective, status, least)
		}
		seen[status]++
	}
	if seen[solver.Optimal] == 0 || seen[solver.Infeasible] == 0 {
		t.Errorf("the cases are %v, want some of both", seen)
	}
}

// TestSameBytes replays a run on one core and on all, and from the work that a run recorded.
func TestSameBytes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	p := hardProblem(rng, 5, 30)
	opts := Options{Seed: 3, WorkLimit: 45, Workers: 3}
	want := solved(t, p, opts)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	got := solved(t, p, opts)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("on one core the answer differs:\n%s", d)
	}
}

func FuzzSolve(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(5))
	f.Add(uint64(9), uint8(2), uint8(6))
	f.Fuzz(func(t *testing.T, seed uint64, agents, jobs uint8) {
		rng := rand.New(rand.NewPCG(seed, 2))
		p := randomProblem(rng, int(agents%5), int(jobs%7))
		status, least := bruteForce(p)
		s := solved(t, p, Options{Seed: seed, WorkLimit: 2000})
		if s.HasBound && status == solver.Optimal && s.Bound > least {
			t.Fatalf("Solve(%+v): bound %d, brute force %d", p, s.Bound, least)
		}
		if s.Stop == solver.StopProved && (s.Status != status || status == solver.Optimal && s.Objective != least) {
			t.Fatalf("Solve(%+v) = %v %d, brute force %v %d", p, s.Status, s.Objective, status, least)
		}
	})
}
