package transport

import (
	"math/rand/v2"
	"testing"
)

// TestProperties changes a problem in ways whose effect on the optimum is known.
func TestProperties(t *testing.T) {
	for seed := range cases(3000) {
		rng := rand.New(rand.NewPCG(seed, 9))
		p := randomProblem(rng, 1+rng.IntN(12), 1+rng.IntN(10))
		s := mustSolve(t, p, Options{})

		// Rows in another order, arcs too, costs times 3, and a toll for each unit of a row wherever it ends.
		q := &Problem{From: []int32{0}, Capacity: p.Capacity, Parent: p.Parent}
		tolls := int64(0)
		for _, i := range rng.Perm(len(p.Unmet)) {
			toll := rng.Int64N(50)
			tolls += toll * p.unitsOf(i)
			q.Units = append(q.Units, p.unitsOf(i))
			q.Unmet = append(q.Unmet, 3*p.Unmet[i]+toll)
			for _, a := range rng.Perm(int(p.From[i+1] - p.From[i])) {
				q.Node = append(q.Node, p.Node[p.From[i]+int32(a)])
				q.Cost = append(q.Cost, 3*p.Cost[p.From[i]+int32(a)]+toll)
			}
			q.From = append(q.From, int32(len(q.Node)))
		}
		if got := mustSolve(t, q, Options{}); got.Objective != 3*s.Objective+tolls {
			t.Fatalf("seed %d: Solve(%+v) = %d, the same in another dress %d, want %d", seed, p, s.Objective, got.Objective, 3*s.Objective+tolls)
		}

		// More room never costs more, and one more unit at a node saves no more than its price (nor less, among optimal prices).
		v := rng.IntN(len(p.Capacity))
		more := *p
		more.Capacity = append([]int64(nil), p.Capacity...)
		more.Capacity[v]++
		behind := int64(0)
		if q := p.parent(int32(v)); q != none {
			behind = s.NodePrice[q]
		}
		if got := mustSolve(t, &more, Options{}).Objective; got > s.Objective || got < s.Objective-(s.NodePrice[v]-behind) {
			t.Fatalf("seed %d: %+v costs %d, with one more at node %d %d; its price is %d, behind it %d", seed, p, s.Objective, v, got, s.NodePrice[v], behind)
		}

		// The answer is the start of the same answer.
		again := mustSolve(t, p, Options{Start: &Start{Prices: s.NodePrice, Placed: s.Placed}})
		if again.Objective != s.Objective {
			t.Fatalf("seed %d: from its own answer %d, not %d", seed, again.Objective, s.Objective)
		}
	}
}
