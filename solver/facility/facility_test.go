package facility

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

// randomProblem makes a small problem with its features mixed: gaps, ties, penalties, fixed costs of either sign, a limit, a
// budget, sites that must or must not open.
func randomProblem(rng *rand.Rand, n, m int) *Problem {
	p := &Problem{Sites: m, Rows: Rows{Start: []int{0}}}
	most := []int64{3, 20, 1000}[rng.IntN(3)]
	gaps := rng.Float64() * 0.6
	for range n {
		for _, j := range rng.Perm(m) {
			if rng.Float64() >= gaps {
				p.Rows.Site = append(p.Rows.Site, int32(j))
				p.Rows.Cost = append(p.Rows.Cost, rng.Int64N(most))
			}
		}
		p.Rows.Start = append(p.Rows.Start, len(p.Rows.Site))
	}
	if rng.IntN(2) == 0 {
		p.Fixed = make([]int64, m)
		for j := range p.Fixed {
			p.Fixed[j] = rng.Int64N(2*most) - most/4
		}
	}
	if rng.IntN(2) == 0 {
		p.Penalty = make([]int64, n)
		for i := range p.Penalty {
			p.Penalty[i] = rng.Int64N(2 * most)
			if rng.IntN(4) == 0 {
				p.Penalty[i] = None
			}
		}
	}
	if rng.IntN(3) > 0 {
		p.MaxOpen = 1 + rng.IntN(m)
	}
	if rng.IntN(3) == 0 {
		p.Price = make([]int64, m)
		for j := range p.Price {
			p.Price[j] = rng.Int64N(10)
			p.Budget += p.Price[j]
		}
		p.Budget = rng.Int64N(p.Budget + 1)
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

// bruteForce tries every set of sites, and returns the least cost and whether there is a plan.
func bruteForce(p *Problem) (least int64, ok bool) {
	least = None
	for set := range uint32(1) << p.Sites {
		if cost, is := bruteCost(p, set); is && cost < least {
			least, ok = cost, true
		}
	}
	return least, ok
}

func bruteCost(p *Problem, set uint32) (cost int64, ok bool) {
	if p.MaxOpen > 0 && bits.OnesCount32(set) > p.MaxOpen {
		return 0, false
	}
	price := int64(0)
	for j := range p.Sites {
		if set>>j&1 == 0 {
			continue
		}
		if p.Fixed != nil {
			cost += p.Fixed[j]
		}
		if p.Price != nil {
			price += p.Price[j]
		}
	}
	if p.Price != nil && price > p.Budget {
		return 0, false
	}
	for _, j := range p.Open {
		if set>>j&1 == 0 {
			return 0, false
		}
	}
	for _, j := range p.Shut {
		if set>>j&1 == 1 {
			return 0, false
		}
	}
	for i := range p.Rows.Clients() {
		least := p.penalty(i)
		sites, costs := p.Rows.Row(i)
		for k, j := range sites {
			if set>>j&1 == 1 {
				least = min(least, costs[k])
			}
		}
		if least == None {
			return 0, false
		}
		cost += least
	}
	return cost, true
}

// compare checks an answer against every set of sites.
func compare(p *Problem, sol *Solution) error {
	if err := Check(p, sol); err != nil {
		return err
	}
	want, ok := bruteForce(p)
	switch {
	case sol.Status == solver.Infeasible && ok:
		return fmt.Errorf("infeasible, but a plan costs %d", want)
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
	optimal := 0
	for seed := range uint64(cases(4000)) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := randomProblem(rng, rng.IntN(12), 1+rng.IntN(9))
		sol, err := Solve(t.Context(), p, Options{Seed: seed})
		if err != nil {
			t.Fatalf("seed %d: Solve: %v", seed, err)
		}
		if err := compare(p, sol); err != nil {
			t.Fatalf("seed %d: Solve(%+v): %v", seed, p, err)
		}
		if sol.Status == solver.Optimal || sol.Status == solver.Infeasible {
			optimal++
		}
	}
	t.Logf("%d proved", optimal)
}
