package transport

import (
	"math/rand/v2"
	"testing"
)

// rules returns what of the rules of the prices the state of s breaks, "" if nothing.
func rules(s *Solver) string {
	e, ok := s.core.(*engine[int32])
	if !ok {
		return "not narrow"
	}
	for r := range e.rows {
		x := &e.rows[r]
		if e.total[r] == 0 || e.free[r] == e.total[r] {
			continue // priced when its search begins
		}
		if e.stance[r].price > e.cheapest(int32(r)) {
			return "a row pays more than it could"
		}
		if e.unmet[r] > 0 && e.stance[r].price != x.penalty {
			return "a unit is given up, but its row would pay less"
		}
		for at := e.stance[r].first; at != none; at = e.next[at] {
			if h := e.arcs[e.slot[at].arc]; int64(h.cost)+e.nodes[h.node].price != e.stance[r].price {
				return "a unit is where its row would pay less or more"
			}
		}
	}
	for v := range e.sink() {
		if e.places[v].flow > 0 && e.nodes[v].price < e.behind(v) {
			return "units pass a node below the price behind it"
		}
	}
	return ""
}

// TestStepsKeepTheRules looks at the state after every search.
func TestStepsKeepTheRules(t *testing.T) {
	for seed := range cases(5000) {
		rng := rand.New(rand.NewPCG(seed, 6))
		p := randomProblem(rng, 1+rng.IntN(15), 1+rng.IntN(12))
		s, err := New(p)
		if err != nil {
			t.Fatal(err)
		}
		e, ok := s.core.(*engine[int32])
		if !ok {
			t.Fatal("not narrow")
		}
		e.ctx = t.Context()
		if start := randomStart(rng, p); start.Prices != nil {
			if err := s.start(start); err != nil {
				t.Fatal(err)
			}
			e.tighten()
		}
		for step := 0; len(e.waiting) > 0; step++ {
			r := e.waiting[len(e.waiting)-1]
			if e.free[r] == 0 {
				e.waiting = e.waiting[:len(e.waiting)-1]
				continue
			}
			e.forward(r)
			if broken := rules(s); broken != "" {
				t.Fatalf("seed %d, step %d of %+v: %s", seed, step, p, broken)
			}
		}
		for step := 0; step < 3 && len(e.holes) > 0; step++ {
			if v := e.holes[rng.IntN(len(e.holes))]; e.places[v].flow < e.places[v].capacity && e.nodes[v].price > e.behind(v) {
				e.backward(v)
			}
			if broken := rules(s); broken != "" {
				t.Fatalf("seed %d, after hole %d of %+v: %s", seed, step, p, broken)
			}
		}
		if _, err := s.Solve(t.Context(), Options{}); err != nil {
			t.Fatal(err)
		}
		x := s.Solution()
		if err := Check(p, x); err != nil {
			t.Fatalf("seed %d: Check(%+v, %+v): %v", seed, p, x, err)
		}
		if want := byFlow(t, p); x.Objective != want {
			t.Fatalf("seed %d: Solve(%+v) = %d, network simplex %d", seed, p, x.Objective, want)
		}
	}
}
