package center

import (
	"fmt"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// cases returns how many random cases a test runs: fewer with -short.
func cases(n int) int {
	if testing.Short() {
		return max(1, n/10)
	}
	return n
}

// randomProblem makes a small problem with its features mixed.
func randomProblem(rng *rand.Rand, n, m int) *Problem {
	p := &Problem{Sites: m, Start: []int{0}, MaxOpen: rng.IntN(m + 1)}
	most := []int64{3, 1000}[rng.IntN(2)]
	gaps := rng.Float64() * 0.5
	for range n {
		for _, j := range rng.Perm(m) {
			if rng.Float64() >= gaps {
				p.Site = append(p.Site, int32(j))
				p.Distance = append(p.Distance, rng.Int64N(most))
			}
		}
		p.Start = append(p.Start, len(p.Site))
	}
	for j := range m {
		switch rng.IntN(12) {
		case 0:
			p.Open = append(p.Open, int32(j))
		case 1:
			p.Shut = append(p.Shut, int32(j))
		}
	}
	return p
}

// bruteForce tries every set of sites.
func bruteForce(p *Problem) (best int64, ok bool) {
	for set := range uint32(1) << p.Sites {
		allowed := p.MaxOpen == 0 || bits.OnesCount32(set) <= p.MaxOpen
		for _, j := range p.Open {
			allowed = allowed && set>>j&1 == 1
		}
		for _, j := range p.Shut {
			allowed = allowed && set>>j&1 == 0
		}
		worst := int64(0)
		for i := range p.Clients() {
			near := int64(-1)
			for k := p.Start[i]; k < p.Start[i+1]; k++ {
				if set>>p.Site[k]&1 == 1 && (near < 0 || p.Distance[k] < near) {
					near = p.Distance[k]
				}
			}
			allowed = allowed && near >= 0
			worst = max(worst, near)
		}
		if allowed && (!ok || worst < best) {
			best, ok = worst, true
		}
	}
	return best, ok
}

// compare checks an answer against every set of sites.
func compare(p *Problem, sol *Solution) error {
	if err := Check(p, sol); err != nil {
		return err
	}
	want, ok := bruteForce(p)
	switch {
	case sol.Status == solver.Infeasible && ok:
		return fmt.Errorf("infeasible, but brute force finds %d", want)
	case sol.Status == solver.Optimal && sol.Objective != want:
		return fmt.Errorf("optimal %d, brute force finds %d", sol.Objective, want)
	case ok && sol.HasBound && sol.Bound > want:
		return fmt.Errorf("bound %d, brute force finds %d", sol.Bound, want)
	case sol.Open != nil && (!ok || sol.Objective < want):
		return fmt.Errorf("objective %d, brute force finds %d (%t)", sol.Objective, want, ok)
	}
	return nil
}

func TestSolveAgainstBruteForce(t *testing.T) {
	proved := 0
	for seed := range uint64(cases(2000)) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := randomProblem(rng, rng.IntN(14), 1+rng.IntN(9))
		sol, err := Solve(t.Context(), p, Options{Seed: seed})
		if err != nil {
			t.Fatalf("seed %d: Solve: %v", seed, err)
		}
		if err := compare(p, sol); err != nil {
			t.Fatalf("seed %d: Solve(%+v): %v", seed, p, err)
		}
		if sol.Status == solver.Optimal || sol.Status == solver.Infeasible {
			proved++
		}
	}
	t.Logf("%d proved", proved)
}

func FuzzSolve(f *testing.F) {
	f.Add(uint64(1), uint8(5), uint8(4), uint16(0))
	f.Fuzz(func(t *testing.T, seed uint64, n, m uint8, limit uint16) {
		p := randomProblem(rand.New(rand.NewPCG(seed, 0)), int(n%14), 1+int(m%9))
		sol, err := Solve(t.Context(), p, Options{Seed: seed, WorkLimit: int64(limit)})
		if err != nil {
			t.Fatalf("Solve(%+v): %v", p, err)
		}
		if err := compare(p, sol); err != nil {
			t.Fatalf("Solve(%+v): %v", p, err)
		}
	})
}
