package mcf

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// transportation makes n homes and m resources, each home with k arcs, and an unmet arc for each home.
func transportation(rng *rand.Rand, n, m, k int) *Problem {
	p := &Problem{Supply: make([]int64, n+m+1)}
	sink := int32(n + m)
	add := func(tail, head int32, upper, cost int64) {
		p.Tail, p.Head = append(p.Tail, tail), append(p.Head, head)
		p.Upper, p.Cost = append(p.Upper, upper), append(p.Cost, cost)
	}
	for i := range int32(n) {
		p.Supply[i] = 1
		p.Supply[sink]--
		add(i, sink, Inf, 200_000)
		for range k {
			add(i, int32(n)+rng.Int32N(int32(m)), 1, rng.Int64N(5000))
		}
	}
	for j := range int32(m) {
		add(int32(n)+j, sink, rng.Int64N(4), 0)
	}
	return p
}

func TestLimits(t *testing.T) {
	p := transportation(rand.New(rand.NewPCG(1, 1)), 4000, 2000, 10)
	// From the crash basis "all unmet" a flow is in hand from the first pivot on.
	var unmet []int32
	for a, h := range p.Head {
		if int(h) == len(p.Supply)-1 {
			unmet = append(unmet, int32(a))
		}
	}
	full, err := Solve(t.Context(), p, Options{Start: NewBasis(unmet, nil)})
	if err != nil || full.Status != solver.Optimal {
		t.Fatalf("Solve = %v, %v", full, err)
	}
	if err := Check(p, full); err != nil {
		t.Fatal(err)
	}
	for _, work := range []int64{1, full.Work / 2} {
		s, err := Solve(t.Context(), p, Options{WorkLimit: work, Start: NewBasis(unmet, nil)})
		if err != nil || s.Stop != solver.StopWork || s.Work != work {
			t.Fatalf("WorkLimit %d: stopped by %v after %d, %v", work, s.Stop, s.Work, err)
		}
		if s.Status != solver.Feasible || s.HasBound && s.Bound > s.Objective {
			t.Errorf("WorkLimit %d: %v, objective %d, bound %d", work, s.Status, s.Objective, s.Bound)
		}
		if err := Check(p, s); err != nil {
			t.Errorf("WorkLimit %d: %v", work, err)
		}
		again, err := Solve(t.Context(), p, Options{WorkLimit: work, Start: NewBasis(unmet, nil)})
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Errorf("WorkLimit %d: the same work gives another answer", work)
		}
	}
}

func TestCancelledSolveReturnsSoon(t *testing.T) {
	n := max(8000, int(cases(30_000))) // the race detector makes the large one too slow to say "soon"
	p := transportation(rand.New(rand.NewPCG(2, 1)), n, n/2, 12)
	for _, during := range []bool{false, true} {
		ctx, cancel := context.WithCancel(t.Context())
		var stopped time.Time
		stop := func(Progress) {
			if stopped.IsZero() {
				stopped = time.Now()
				cancel()
			}
		}
		if !during {
			stop(Progress{})
		}
		s, err := Solve(ctx, p, Options{OnProgress: stop})
		returned := time.Now()
		cancel()
		if err != nil || s.Stop != solver.StopCancelled || s.Status != solver.Unknown && s.Status != solver.Feasible {
			t.Fatalf("cancelled (during the search: %t): %v by %v, %v", during, s.Status, s.Stop, err)
		}
		// A second is no measurement: it tells "soon" from "when the search is over" on a busy machine.
		if late := returned.Sub(stopped); late > time.Second {
			t.Errorf("cancelled (during the search: %t), returned %v later", during, late)
		}
	}
	s, err := Solve(t.Context(), p, Options{TimeLimit: time.Millisecond})
	if err != nil || s.Stop != solver.StopTime {
		t.Errorf("TimeLimit 1 ms: stopped by %v, %v", s.Stop, err)
	}
}

func TestNumbersTooLargeAreRefused(t *testing.T) {
	for name, c := range map[string]struct {
		p    Problem
		says string
	}{
		"cost":         {Problem{Supply: []int64{1, -1}, Tail: []int32{0, 0}, Head: []int32{1, 1}, Cost: []int64{5, math.MaxInt64 / 2}}, "/cost/1"},
		"least cost":   {Problem{Supply: []int64{1, -1}, Tail: []int32{0}, Head: []int32{1}, Cost: []int64{math.MinInt64}}, "/cost/0"},
		"supply":       {Problem{Supply: []int64{math.MaxInt64, math.MaxInt64, 2}}, "/supply/1"},
		"great supply": {Problem{Supply: []int64{math.MaxInt64 / 2, -math.MaxInt64 / 2}, Tail: []int32{0}, Head: []int32{1}, Cost: []int64{0}}, "/supply/0"},
		"objective":    {Problem{Supply: []int64{1 << 40, -1 << 40}, Tail: []int32{0, 0}, Head: []int32{1, 1}, Upper: []int64{1, Inf}, Cost: []int64{0, 1 << 40}}, "/cost/1"},
		"lower":        {Problem{Supply: []int64{0, 0}, Tail: []int32{0, 0}, Head: []int32{1, 1}, Lower: []int64{1 << 62, 1 << 62}, Cost: []int64{0, 0}}, "/"},
	} {
		_, err := Solve(t.Context(), &c.p, Options{})
		var invalid *solver.Invalid
		if !errors.As(err, &invalid) || !strings.HasPrefix(invalid.Faults[0].Pointer, c.says) {
			t.Errorf("%s: %v, want a fault at %s", name, err, c.says)
		}
	}
}

func TestValidateReportsAllFaults(t *testing.T) {
	p := &Problem{Supply: []int64{0, 0}, Tail: []int32{0, 2}, Head: []int32{-1, 1}, Lower: []int64{-1, 3}, Upper: []int64{1, 2}, Cost: []int64{0}}
	var invalid *solver.Invalid
	if !errors.As(p.Validate(), &invalid) {
		t.Fatal("no faults")
	}
	at := map[string]bool{}
	for _, f := range invalid.Faults {
		at[f.Pointer] = true
	}
	for _, want := range []string{"/cost", "/tail/1", "/head/0", "/lower/0", "/upper/1"} {
		if !at[want] {
			t.Errorf("no fault at %s: %v", want, at)
		}
	}
}

// TestCheckRefusesWrongAnswers changes one thing in a proved answer at a time.
func TestCheckRefusesWrongAnswers(t *testing.T) {
	for seed := range cases(2000) {
		rng := rand.New(rand.NewPCG(seed, 4))
		p := randomProblem(rng)
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		wrong := *s
		switch {
		case s.Status == solver.Optimal && len(s.Flow) > 0:
			switch rng.IntN(3) {
			case 0:
				wrong.Objective++
				wrong.Bound++
			case 1:
				wrong.Bound--
			case 2:
				a := rng.IntN(len(s.Flow))
				if p.Tail[a] == p.Head[a] {
					continue
				}
				wrong.Flow = append([]int64(nil), s.Flow...)
				wrong.Flow[a]++
			}
		case s.Status == solver.Infeasible:
			wrong.Short++
		case s.Status == solver.Unbounded:
			wrong.Cycle = s.Cycle[1:]
		default:
			continue
		}
		if Check(p, &wrong) == nil {
			t.Fatalf("seed %d: Check accepts a wrong answer to %+v: %+v", seed, p, wrong)
		}
	}
}

func TestNothingToDo(t *testing.T) {
	for name, p := range map[string]*Problem{
		"no nodes": {},
		"no arcs":  {Supply: []int64{0, 0, 0}},
	} {
		s, err := Solve(t.Context(), p, Options{})
		if err != nil || s.Status != solver.Optimal || s.Objective != 0 {
			t.Errorf("%s: %+v, %v", name, s, err)
			continue
		}
		if err := Check(p, s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestShuffleIsAPermutation(t *testing.T) {
	for _, m := range []int{1, 2, 3, 4, 5, 8, 13, 97, 100, 1000, 65_536, 65_599, 65_600} {
		f := newShuffle(m)
		seen := make([]bool, m)
		for i := range int32(m) {
			a := f.problem(i)
			if a < 0 || int(a) >= m || seen[a] || f.search(a) != i {
				t.Fatalf("m = %d: %d becomes %d and back %d", m, i, a, f.search(a))
			}
			seen[a] = true
		}
	}
}

func BenchmarkTransportation(b *testing.B) {
	p := transportation(rand.New(rand.NewPCG(1, 1)), 4000, 2000, 10)
	for b.Loop() {
		if _, err := Solve(b.Context(), p, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
