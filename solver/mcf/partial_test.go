package mcf

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// TestInfeasibleLeavesTheLeast compares the flow of an infeasible answer with cycle cancelling on the problem in which every
// node may keep or lack units, at more than any way costs.
func TestInfeasibleLeavesTheLeast(t *testing.T) {
	seen, endless := 0, 0
	for seed := range cases(20_000) {
		rng := rand.New(rand.NewPCG(seed, 12))
		p := randomProblem(rng)
		if rng.IntN(3) > 0 { // some more than can be sent
			v, w := rng.IntN(len(p.Supply)), rng.IntN(len(p.Supply))
			p.Supply[v] += rng.Int64N(9)
			if rng.IntN(2) == 0 {
				p.Supply[w] -= rng.Int64N(9)
			}
		}
		method := Method(rng.IntN(3))
		got, err := Solve(t.Context(), p, Options{Method: method})
		if err != nil {
			t.Fatalf("seed %d: Solve(%+v) failed: %v", seed, p, err)
		}
		if err := Check(p, got); err != nil {
			t.Fatalf("seed %d: Check(%+v, %+v): %v", seed, p, got, err)
		}
		if got.Status != solver.Infeasible {
			continue
		}
		seen++
		bare, err := Solve(t.Context(), p, Options{Method: method, CutOnly: true})
		if err != nil || bare.Status != solver.Infeasible || bare.Flow != nil || Check(p, bare) != nil {
			t.Fatalf("seed %d: only the cut of %+v: %+v, %v, %v", seed, p, bare, err, Check(p, bare))
		}
		q := clone(p)
		excess, err := p.excess()
		if err != nil || got.Flow == nil {
			t.Fatalf("seed %d: no flow for %+v: %+v, %v", seed, p, got, err)
		}
		for v, x := range got.Left {
			if x > max(excess[v], 0) || x < min(excess[v], 0) {
				t.Fatalf("seed %d: %+v leaves node %d with %d of %d", seed, p, v, x, excess[v])
			}
		}
		root, total, fine := int32(len(p.Supply)), int64(0), int64(1)
		for _, c := range p.Cost {
			fine += max(c, -c)
		}
		for v, b := range p.Supply {
			total += b
			q.Tail, q.Head = append(q.Tail, int32(v), root), append(q.Head, root, int32(v))
			q.Lower, q.Upper = append(q.Lower, 0, 0), append(q.Upper, max(excess[v], 0), max(-excess[v], 0))
			q.Cost = append(q.Cost, fine, fine)
		}
		q.Supply = append(q.Supply, -total)
		paid := got.Objective
		for _, x := range got.Left {
			paid += fine * max(x, -x)
		}
		switch status, want := simple(q); {
		case status == solver.Unbounded:
			endless++
		case paid != want:
			t.Fatalf("seed %d: %+v: with %d for each unit left %+v costs %d, want %d", seed, p, fine, got, paid, want)
		}
	}
	if seen < int(cases(8000)) || endless < int(cases(50)) {
		t.Errorf("only %d infeasible, %d of them with a cycle of endless gain", seen, endless)
	}
}

// ending is a context that ends at a certain look.
type ending struct {
	context.Context
	looks, end int
	look       func()
}

func (e *ending) Err() error {
	if e.look != nil {
		e.look()
	}
	if e.looks++; e.looks > e.end {
		return context.Canceled
	}
	return nil
}

// TestCancelledAtEveryLook ends the context at one look after the other. No clock is read: what counts is that the answer
// holds what its status says, with a bound, and that the next look is never far.
func TestCancelledAtEveryLook(t *testing.T) {
	size := 2000
	if testing.Short() {
		size = 500
	}
	rng := rand.New(rand.NewPCG(7, 8))
	for name, p := range map[string]*Problem{
		"homes":  transportation(rng, size, size/2, 12),
		"ladder": ladder(rng, size/64, 64, 100_000, 30),
	} {
		for _, method := range []Method{Simplex, CostScaling} {
			full, err := Solve(t.Context(), p, Options{Method: method})
			if err != nil || full.Status != solver.Optimal {
				t.Fatalf("%s: %+v, %v", name, full, err)
			}
			seen := map[solver.Status]int{}
			for end := 0; ; end += 1 + end/4 {
				s, err := Solve(&ending{Context: t.Context(), end: end}, p, Options{Method: method})
				if err != nil {
					t.Fatal(err)
				}
				if err := Check(p, s); err != nil {
					t.Fatalf("%s, method %d, ended at look %d: %v", name, method, end, err)
				}
				if s.Status == solver.Optimal {
					break
				}
				if s.Stop != solver.StopCancelled || !s.HasBound || s.Bound > full.Objective || s.Flow != nil && s.Objective < full.Objective {
					t.Errorf("%s, method %d, ended at look %d: stopped by %v, bound %d (%t), objective %d, optimum %d",
						name, method, end, s.Stop, s.Bound, s.HasBound, s.Objective, full.Objective)
				}
				seen[s.Status]++
			}
			t.Logf("%s, method %d: ended early %v", name, method, seen)
		}
	}
}

// TestLooksAreNear measures the work of the simplex between two looks at the context in arcs and nodes: about a millisecond's.
func TestLooksAreNear(t *testing.T) {
	p := transportation(rand.New(rand.NewPCG(9, 8)), 2000, 1000, 12)
	ctx := &ending{Context: t.Context(), end: 1 << 30}
	s, err := newSearch(ctx, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	last, furthest, looks := int64(0), int64(0), 0
	ctx.look = func() {
		now := s.seenPriced + s.seenTouched + s.priced + s.touched
		furthest, last = max(furthest, now-last), now
		looks++
	}
	if out, err := s.run(ctx, &Options{}); err != nil || out.stop != solver.StopProved {
		t.Fatalf("%+v, %v", out, err)
	}
	if most := int64(checkEvery + s.n + s.m); looks < 3 || furthest > most {
		t.Errorf("%d looks, up to %d arcs and nodes apart, want at most %d", looks, furthest, most)
	}
}
