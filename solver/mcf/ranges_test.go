package mcf

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// clone returns a copy of p that has every slice.
func clone(p *Problem) *Problem {
	q := &Problem{
		Supply: slices.Clone(p.Supply), Tail: slices.Clone(p.Tail), Head: slices.Clone(p.Head),
		Lower: slices.Clone(p.Lower), Upper: slices.Clone(p.Upper), Cost: slices.Clone(p.Cost),
	}
	if q.Lower == nil {
		q.Lower = make([]int64, len(p.Tail))
	}
	return q
}

// within reports whether r lies in the wider range w.
func within(r, w Range) bool { return w.Low <= r.Low && r.High <= w.High }

// TestRanges solves again at the ends of every range and just beyond them: at the ends flow or potentials are still optimal,
// and just beyond the widest ranges they are not. The ranges of the basis lie within the widest.
func TestRanges(t *testing.T) {
	seen := 0
	for seed := range cases(3000) {
		rng := rand.New(rand.NewPCG(seed, 11))
		p := randomProblem(rng)
		method := Method(rng.IntN(3))
		s, err := Solve(t.Context(), p, Options{Method: method})
		if err != nil {
			t.Fatal(err)
		}
		if s.Status != solver.Optimal {
			continue
		}
		seen++
		at := rng.Int32N(int32(len(p.Supply)))
		basis, err := Sensitivity(p, s, at)
		if err != nil {
			t.Fatalf("seed %d: Sensitivity(%+v, %+v): %v", seed, p, s, err)
		}
		try := func(what string, i int, now, narrow, wide Range, least int64, still func(value int64) bool) {
			t.Helper()
			if !within(narrow, wide) || now.Low < narrow.Low || now.High > narrow.High {
				t.Fatalf("seed %d: %s %d is %v, range %v within %v; %+v, %+v", seed, what, i, now.Low, narrow, wide, p, s)
			}
			for _, end := range []struct {
				at   int64
				want bool
			}{{wide.Low, true}, {wide.High, true}, {wide.Low - 1, false}, {wide.High + 1, false}} {
				if end.at <= -Inf+1 || end.at >= Inf-1 || end.at < -Inf/2 || end.at > Inf/2 || end.at < least {
					continue
				}
				if still(end.at) != end.want {
					t.Fatalf("seed %d: %s %d at %d, range %v, basis %v, still optimal: %t; %+v, %+v", seed, what, i, end.at, wide, narrow, !end.want, p, s)
				}
			}
		}
		same := func(x int64) Range { return Range{x, x} }
		for a := range p.Tail {
			i := int32(a)
			cost, err := CostRange(t.Context(), p, s, i)
			if err != nil {
				t.Fatal(err)
			}
			try("cost", a, same(p.Cost[a]), basis.Cost[a], cost, -Inf, func(c int64) bool { return flowStays(t, p, s, a, c) })
			lower, upper, err := BoundRange(t.Context(), p, s, i)
			if err != nil {
				t.Fatal(err)
			}
			try("lower bound", a, same(p.lower(i)), basis.Lower[a], lower, 0, func(x int64) bool {
				q := clone(p)
				q.Lower[a] = x
				return pricesStay(t, q, s)
			})
			try("upper bound", a, same(p.upper(i)), basis.Upper[a], upper, 0, func(x int64) bool {
				q := clone(p)
				q.Upper[a] = x
				return pricesStay(t, q, s)
			})
		}
		for v := range p.Supply {
			supply, err := SupplyRange(t.Context(), p, s, int32(v), at)
			if err != nil {
				t.Fatal(err)
			}
			try("supply", v, same(p.Supply[v]), basis.Supply[v], supply, -Inf, func(b int64) bool {
				q := clone(p)
				q.Supply[at] -= b - q.Supply[v]
				if q.Supply[v] = b; int32(v) == at {
					q.Supply[v] = p.Supply[v]
				}
				return pricesStay(t, q, s)
			})
		}
	}
	if seen < int(cases(1500)) {
		t.Errorf("only %d optimal answers", seen)
	}
}

// flowStays reports whether the flow of s is optimal when arc a costs c.
func flowStays(t *testing.T, p *Problem, s *Solution, a int, c int64) bool {
	t.Helper()
	q := clone(p)
	q.Cost[a] = c
	got := mustSolve(t, q)
	return got.Status == solver.Optimal && got.Objective == s.Objective+(c-p.Cost[a])*s.Flow[a]
}

// pricesStay reports whether the potentials of s prove the optimum of q.
func pricesStay(t *testing.T, q *Problem, s *Solution) bool {
	t.Helper()
	if q.Validate() != nil {
		return false // a lower bound above the upper
	}
	got := mustSolve(t, q)
	bound, ok := q.bound(slices.Clone(s.Potential))
	return got.Status == solver.Optimal && ok && bound == got.Objective
}

// TestRangesOfAWorkedExample has one way of 4 units at 1 + 1 and a dearer arc at 5 beside it; 6 units are sent.
func TestRangesOfAWorkedExample(t *testing.T) {
	p := &Problem{
		Supply: []int64{6, 0, -6}, Tail: []int32{0, 1, 0}, Head: []int32{1, 2, 2}, Upper: []int64{4, 9, 8}, Cost: []int64{1, 1, 5},
	}
	s := mustSolve(t, p) // 4 by way of 1, 2 directly: 4·2 + 2·5 = 18
	if s.Objective != 18 {
		t.Fatalf("objective %d, want 18", s.Objective)
	}
	r, err := Sensitivity(p, s, 2)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what      string
		got, want Range
	}{
		{"cost of the arc that is full: up to 5 - 1", r.Cost[0], Range{-Inf, 4}},
		{"cost of the way on", r.Cost[1], Range{-Inf, 4}},
		{"cost of the arc directly: from 1 + 1", r.Cost[2], Range{2, Inf}},
		{"upper bound of the arc that is full: 0 to all 6", r.Upper[0], Range{0, 6}},
		{"upper bound of the way on: at least its flow", r.Upper[1], Range{4, Inf}},
		{"lower bound of the way on: at most its flow", r.Lower[1], Range{0, 4}},
		{"supply: as long as the arc directly carries 0 to 8", r.Supply[0], Range{4, 12}},
		{"supply of the node between", r.Supply[1], Range{-4, 5}},
	} {
		if c.got != c.want {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
}

func TestRangesRefuse(t *testing.T) {
	p := &Problem{Supply: []int64{1, -1}, Tail: []int32{0}, Head: []int32{1}, Cost: []int64{3}}
	s := mustSolve(t, p)
	wrong := *s
	wrong.Objective++
	stuck := mustSolve(t, &Problem{Supply: []int64{1, -1}})
	for name, err := range map[string]error{
		"a wrong answer":   second(Sensitivity(p, &wrong, 0)),
		"no such node":     second(Sensitivity(p, s, 2)),
		"no such arc":      second(CostRange(t.Context(), p, s, 1)),
		"no such supplier": second(SupplyRange(t.Context(), p, s, -1, 0)),
		"no optimum":       second(Sensitivity(&Problem{Supply: []int64{1, -1}}, stuck, 0)),
	} {
		if err == nil {
			t.Errorf("%s is not refused", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }
