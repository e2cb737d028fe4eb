package mcf

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// verify checks everything that the search keeps about its tree.
func (s *search) verify() error {
	seen := make([]bool, s.n+1)
	at := s.thread[s.root]
	for count := 0; at != s.root; count++ {
		if count == s.n || seen[at] {
			return fmt.Errorf("the thread does not come back to the root: %v", s.thread)
		}
		seen[at] = true
		if p := s.parent[at]; p != s.root && !seen[p] {
			return fmt.Errorf("node %d comes before its parent %d in the thread", at, p)
		}
		at = s.thread[at]
	}
	size := make([]int32, s.n+1)
	for v, i := s.back[s.root], 0; i < s.n; v, i = s.back[v], i+1 { // children first
		size[v]++
		size[s.parent[v]] += size[v]
		last := v
		for range size[v] - 1 {
			last = s.thread[last]
		}
		switch {
		case s.back[s.thread[v]] != v:
			return fmt.Errorf("back is not the inverse of thread at %d", v)
		case s.size[v] != size[v]:
			return fmt.Errorf("size[%d] = %d, want %d", v, s.size[v], size[v])
		case s.last[v] != last:
			return fmt.Errorf("last[%d] = %d, want %d", v, s.last[v], last)
		case s.id[s.node[v]] != v:
			return fmt.Errorf("id is not the inverse of node at %d", v)
		case s.up[v] <= 0:
			return fmt.Errorf("not strongly feasible: up[%d] = %d", v, s.up[v])
		case s.down[v] < 0:
			return fmt.Errorf("down[%d] = %d", v, s.down[v])
		case s.pi[v]-s.pi[s.parent[v]] != s.priceStep(v):
			return fmt.Errorf("the tree arc of %d has a reduced cost", v)
		}
		if a := s.pred[v]; a >= 0 {
			if e := s.arcs[a]; e.from+e.to != v+s.parent[v] || e.from != v && e.to != v {
				return fmt.Errorf("arc %d is not the one between %d and its parent", a, v)
			}
			if s.up[v]+s.down[v] != s.capacity(a) {
				return fmt.Errorf("the residual capacities of %d do not add up", v)
			}
		}
	}
	return nil
}

// TestTreeAfterEveryPivot takes one pivot at a time, renumbers nodes now and then, and looks at everything in between.
func TestTreeAfterEveryPivot(t *testing.T) {
	for seed := range cases(1000) {
		rng := rand.New(rand.NewPCG(seed, 5))
		p := randomProblem(rng)
		if seed%20 == 0 {
			p = transportation(rng, 40, 20, 6)
		}
		want, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: Solve(%+v) failed: %v", seed, p, err)
		}
		if want.Work == 0 {
			continue
		}
		s, err := newSearch(t.Context(), p, nil)
		if err != nil {
			t.Fatalf("seed %d: newSearch(%+v) failed: %v", seed, p, err)
		}
		for limit := int64(1); ; limit++ {
			out, err := s.run(t.Context(), &Options{WorkLimit: limit})
			if err != nil {
				t.Fatalf("seed %d: run on %+v failed: %v", seed, p, err)
			}
			if err := s.verify(); err != nil {
				t.Fatalf("seed %d: %+v after %d pivots: %v", seed, p, limit, err)
			}
			if limit%3 == 0 {
				s.renumber()
				if err := s.verify(); err != nil {
					t.Fatalf("seed %d: %+v after %d pivots, renumbered: %v", seed, p, limit, err)
				}
			}
			if out.stop == solver.StopProved {
				break
			}
		}
		if want.Status != solver.Optimal {
			continue
		}
		got, err := s.answer(t.Context(), &Options{}, solver.StopProved)
		if err != nil {
			t.Fatalf("seed %d: answer(%+v) failed: %v", seed, p, err)
		}
		if err := Check(p, got); err != nil {
			t.Fatalf("seed %d: Check(%+v, %+v): %v", seed, p, got, err)
		}
		if got.Objective != want.Objective {
			t.Fatalf("seed %d: %+v costs %d renumbered, %d otherwise", seed, p, got.Objective, want.Objective)
		}
	}
}
