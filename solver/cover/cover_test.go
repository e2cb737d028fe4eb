package cover

import (
	"fmt"
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
	p := &Problem{Sites: m, Start: []int{0}, Goal: Goal(rng.IntN(2))}
	dense := 0.1 + rng.Float64()*0.6
	for range n {
		for j := range m {
			if rng.Float64() < dense {
				p.Site = append(p.Site, int32(j))
			}
		}
		p.Start = append(p.Start, len(p.Site))
	}
	if rng.IntN(2) == 0 {
		p.Weight = make([]int64, n)
		for i := range p.Weight {
			p.Weight[i] = rng.Int64N(30)
		}
	}
	if rng.IntN(2) == 0 {
		p.Price = make([]int64, m)
		for j := range p.Price {
			p.Price[j] = rng.Int64N(6)
		}
	}
	p.Budget = rng.Int64N(int64(2*m) + 1)
	if rng.IntN(2) == 0 {
		p.Need = rng.Int64N(p.total() + 2)
	}
	for j := range m {
		switch rng.IntN(10) {
		case 0:
			p.Open = append(p.Open, int32(j))
		case 1:
			p.Shut = append(p.Shut, int32(j))
		}
	}
	return p
}

// bruteForce tries every set of sites, and returns the best objective and whether there is a plan.
func bruteForce(p *Problem) (best int64, ok bool) {
	for set := range uint32(1) << p.Sites {
		price := int64(0)
		for j := range p.Sites {
			if set>>j&1 == 1 {
				price += p.price(j)
			}
		}
		allowed := true
		for _, j := range p.Open {
			allowed = allowed && set>>j&1 == 1
		}
		for _, j := range p.Shut {
			allowed = allowed && set>>j&1 == 0
		}
		covered, all := int64(0), true
		for i := range p.Clients() {
			is := false
			for _, j := range p.Site[p.Start[i]:p.Start[i+1]] {
				is = is || set>>j&1 == 1
			}
			if is {
				covered += p.weight(i)
			}
			all = all && is
		}
		if p.Goal == Most {
			if allowed && price <= p.Budget && (!ok || covered > best) {
				best, ok = covered, true
			}
			continue
		}
		if allowed && (p.Need == 0 && all || p.Need > 0 && covered >= p.Need) && (!ok || price < best) {
			best, ok = price, true
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
	sign := int64(1)
	if p.Goal == Most {
		sign = -1
	}
	switch {
	case sol.Status == solver.Infeasible && ok:
		return fmt.Errorf("infeasible, but brute force finds %d", want)
	case sol.Status == solver.Optimal && sol.Objective != want:
		return fmt.Errorf("optimal %d, brute force finds %d", sol.Objective, want)
	case ok && sol.HasBound && sign*sol.Bound > sign*want:
		return fmt.Errorf("bound %d, brute force finds %d", sol.Bound, want)
	case sol.Open != nil && (!ok || sign*sol.Objective < sign*want):
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
