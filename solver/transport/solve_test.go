package transport

import (
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// cases is how many random cases a test tries: n, or a tenth of them with -short.
func cases(n uint64) uint64 {
	if testing.Short() {
		return n / 10
	}
	return n
}

// randomProblem mixes several units, dear and free unmet rows, room of 0, negative costs, arcs given twice, and shared room
// of up to four levels.
func randomProblem(rng *rand.Rand, n, k int) *Problem {
	p := &Problem{From: []int32{0}}
	scale := int64(1) + rng.Int64N(100)
	most := 1 + rng.Int64N(4)
	negative := rng.Int64N(3) * 5
	for range n {
		p.Units = append(p.Units, rng.Int64N(most+1))
		p.Unmet = append(p.Unmet, scale*(rng.Int64N(30)-negative))
	}
	if most == 1 && rng.IntN(2) == 0 {
		p.Units = nil
	}
	tops := 1 + rng.IntN(3)
	room := 1 + rng.Int64N(6)
	for range k {
		p.Capacity = append(p.Capacity, rng.Int64N(room+1))
	}
	if rng.IntN(3) > 0 {
		for v := range k {
			p.Parent = append(p.Parent, -1)
			if v+tops < k && rng.IntN(4) > 0 {
				p.Parent[v] = int32(v + 1 + rng.IntN(k-v-1))
				p.Capacity[p.Parent[v]] += rng.Int64N(3)
			}
		}
	}
	dense := 1 + rng.IntN(4)
	for range n {
		for v := range k {
			for range 2 {
				if rng.IntN(4) < dense {
					p.Node = append(p.Node, int32(v))
					p.Cost = append(p.Cost, scale*(rng.Int64N(20)-negative))
				}
				if rng.IntN(8) > 0 {
					break
				}
			}
		}
		p.From = append(p.From, int32(len(p.Node)))
	}
	return p
}

// asFlow is the same problem as a minimum-cost flow.
func asFlow(p *Problem) *mcf.Problem {
	n, k := len(p.Unmet), len(p.Capacity)
	sink := int32(n + k)
	f := &mcf.Problem{Supply: make([]int64, n+k+1)}
	add := func(tail, head int32, upper, cost int64) {
		f.Tail, f.Head = append(f.Tail, tail), append(f.Head, head)
		f.Upper, f.Cost = append(f.Upper, upper), append(f.Cost, cost)
	}
	for i := range n {
		f.Supply[i] = p.unitsOf(i)
		f.Supply[sink] -= p.unitsOf(i)
		add(int32(i), sink, mcf.Inf, p.Unmet[i])
		for a := p.From[i]; a < p.From[i+1]; a++ {
			add(int32(i), int32(n)+p.Node[a], mcf.Inf, p.Cost[a])
		}
	}
	for v, c := range p.Capacity {
		next := sink
		if q := p.parent(int32(v)); q >= 0 {
			next = int32(n) + q
		}
		add(int32(n+v), next, c, 0)
	}
	return f
}

// byFlow returns the least cost, as the network simplex finds it.
func byFlow(t testing.TB, p *Problem) int64 {
	t.Helper()
	s, err := mcf.Solve(t.Context(), asFlow(p), mcf.Options{})
	if err != nil || s.Status != solver.Optimal {
		t.Fatalf("mcf.Solve: %v, %v", s, err)
	}
	return s.Objective
}

// mustSolve solves p and checks the answer.
func mustSolve(t testing.TB, p *Problem, opts Options) *Solution {
	t.Helper()
	s, err := Solve(t.Context(), p, opts)
	if err != nil {
		t.Fatalf("Solve(%+v) failed: %v", p, err)
	}
	if err := Check(p, s); err != nil {
		t.Fatalf("Check(%+v, %+v): %v", p, s, err)
	}
	if s.Status != solver.Optimal || s.Stop != solver.StopProved {
		t.Fatalf("Solve(%+v): %v, stopped by %v", p, s.Status, s.Stop)
	}
	return s
}

func TestSolveEqualsNetworkSimplex(t *testing.T) {
	for seed := range cases(10_000) {
		rng := rand.New(rand.NewPCG(seed, 0))
		p := randomProblem(rng, rng.IntN(15), rng.IntN(12))
		if got, want := mustSolve(t, p, Options{}).Objective, byFlow(t, p); got != want {
			t.Fatalf("seed %d: Solve(%+v) = %d, network simplex %d", seed, p, got, want)
		}
	}
	for seed := range cases(60) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := randomProblem(rng, 90, 60)
		if got, want := mustSolve(t, p, Options{}).Objective, byFlow(t, p); got != want {
			t.Fatalf("seed %d: Solve = %d, network simplex %d", seed, got, want)
		}
	}
}
