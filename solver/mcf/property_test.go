package mcf

import (
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// TestProperties changes a problem in ways whose effect on the optimum is known.
func TestProperties(t *testing.T) {
	for seed := range cases(4000) {
		rng := rand.New(rand.NewPCG(seed, 6))
		p := randomProblem(rng)
		s := mustSolve(t, p)

		// Nodes and arcs in another order, costs times 3, and a price of going out of a node paid back on the way in:
		// the same flows in another dress.
		node, arcs := rng.Perm(len(p.Supply)), rng.Perm(len(p.Tail))
		q := &Problem{Supply: make([]int64, len(p.Supply))}
		toll := make([]int64, len(p.Supply))
		tolls := int64(0)
		for v, b := range p.Supply {
			q.Supply[node[v]] = b
			toll[v] = rng.Int64N(11) - 5
			tolls += toll[v] * b
		}
		for _, a := range arcs {
			q.Tail = append(q.Tail, int32(node[p.Tail[a]]))
			q.Head = append(q.Head, int32(node[p.Head[a]]))
			q.Lower = append(q.Lower, p.lower(int32(a)))
			q.Upper = append(q.Upper, p.Upper[a])
			q.Cost = append(q.Cost, 3*p.Cost[a]+toll[p.Tail[a]]-toll[p.Head[a]])
		}
		got := mustSolve(t, q)
		if got.Status != s.Status || s.Status == solver.Optimal && got.Objective != 3*s.Objective+tolls {
			t.Fatalf("seed %d: Solve(%+v) = %v %d, the same in another dress %v %d, want %d",
				seed, p, s.Status, s.Objective, got.Status, got.Objective, 3*s.Objective+tolls)
		}

		if s.Status != solver.Optimal {
			continue
		}
		for v := range s.Potential {
			s.Potential[v] += 17
		}
		if err := Check(p, s); err != nil {
			t.Fatalf("seed %d: potentials plus a constant: %v", seed, err)
		}
		for a, u := range q.Upper {
			if u != Inf {
				q.Upper[a] += rng.Int64N(2)
			}
		}
		if wider := mustSolve(t, q); wider.Status == solver.Optimal && wider.Objective > got.Objective {
			t.Fatalf("seed %d: %+v costs %d, and %d with larger upper bounds", seed, q, got.Objective, wider.Objective)
		}
	}
}

// mustSolve solves p and checks the answer.
func mustSolve(t *testing.T, p *Problem) *Solution {
	t.Helper()
	s, err := Solve(t.Context(), p, Options{})
	if err != nil {
		t.Fatalf("Solve(%+v) failed: %v", p, err)
	}
	if err := Check(p, s); err != nil {
		t.Fatalf("Check(%+v, %+v): %v", p, s, err)
	}
	return s
}
