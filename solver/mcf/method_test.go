package mcf

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// ladder makes a network in the manner of Goldberg's generator GOTO: n nodes on a ring of rows of width x, arcs to near
// nodes in the row and to the next rows, the farther the narrower and dearer, a wide way through all nodes, and one source.
func ladder(rng *rand.Rand, rows, x int, supply, toll int64) *Problem {
	n := rows * x
	p := &Problem{Supply: make([]int64, n)}
	add := func(v, w int, upper, cost int64) {
		p.Tail, p.Head = append(p.Tail, int32(v)), append(p.Head, int32(w%n))
		p.Lower, p.Upper, p.Cost = append(p.Lower, 0), append(p.Upper, upper), append(p.Cost, cost)
	}
	for v := range n {
		for d := 1; d <= 4; d++ {
			add(v, v+d, 1+rng.Int64N(10_000>>(2*(d-1))), rng.Int64N(int64(20*d*d)))
		}
		add(v, v+x, 1+rng.Int64N(10_000), rng.Int64N(8))
		add(v, v+2*x, 1+rng.Int64N(10_000), rng.Int64N(8))
		if v < n-1 {
			add(v, v+1, supply, toll)
		}
	}
	p.Supply[0], p.Supply[n-1] = supply, -supply
	return p
}

// TestCostScalingAgainstCycleCancelling goes through networks of every kind, in 32 and in 64 bits.
func TestCostScalingAgainstCycleCancelling(t *testing.T) {
	seen := map[solver.Status]int{}
	for seed := range cases(20_000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := randomProblem(rng)
		times := int64(1)
		if rng.IntN(3) == 0 {
			times = 1 << 33
			for a := range p.Cost {
				p.Cost[a] *= times
			}
		}
		got, err := Solve(t.Context(), p, Options{Method: CostScaling})
		if err != nil {
			t.Fatalf("seed %d: Solve(%+v) failed: %v", seed, p, err)
		}
		if err := Check(p, got); err != nil {
			t.Fatalf("seed %d: Check(%+v, %+v): %v", seed, p, got, err)
		}
		simplex, err := Solve(t.Context(), p, Options{Method: Simplex})
		if err != nil {
			t.Fatalf("seed %d: Solve(%+v) failed: %v", seed, p, err)
		}
		if got.Status != simplex.Status || got.Short != simplex.Short {
			t.Fatalf("seed %d: %+v is %v, short by %d; the simplex says %v, %d", seed, p, got.Status, got.Short, simplex.Status, simplex.Short)
		}
		for a := range p.Cost {
			p.Cost[a] /= times
		}
		status, objective := simple(p)
		if got.Status != status || status == solver.Optimal && got.Objective != objective*times {
			t.Fatalf("seed %d: Solve(%+v) = %v %d, want %v %d", seed, p, got.Status, got.Objective, status, objective*times)
		}
		excess, err := p.excess()
		if err != nil {
			t.Fatal(err)
		}
		if ok, _, _ := p.fits(excess); ok {
			seen[got.Status]++
		}
		if got.Basis == nil {
			continue
		}
		again, err := Solve(t.Context(), p, Options{Start: got.Basis})
		if err != nil || again.Status != got.Status || got.Status == solver.Optimal && again.Objective*times != got.Objective {
			t.Fatalf("seed %d: from the basis of cost scaling %+v, %v", seed, again, err)
		}
	}
	if seen[solver.Optimal] < int(cases(5000)) || seen[solver.Infeasible] < int(cases(1000)) {
		t.Errorf("cost scaling had too few to solve: %v", seen)
	}
}

func TestMethodsAgreeOnLargerNetworks(t *testing.T) {
	for seed := range cases(200) {
		rng := rand.New(rand.NewPCG(seed, 7))
		var p *Problem
		switch seed % 3 {
		case 0:
			p = transportation(rng, 200, 100, 6)
		case 1:
			p = ladder(rng, 2+rng.IntN(10), 3+rng.IntN(30), 1+rng.Int64N(60_000), rng.Int64N(60))
		default: // a ladder that may be too narrow
			p = ladder(rng, 3, 20, 1+rng.Int64N(60_000), 5)
			for a := range p.Upper {
				p.Upper[a] = min(p.Upper[a], 9_000)
				if rng.IntN(20) == 0 {
					p.Cost[a] = -p.Cost[a]
				}
			}
		}
		var objective [3]int64
		var short [3]int64
		for i, method := range []Method{Auto, Simplex, CostScaling} {
			s, err := Solve(t.Context(), p, Options{Method: method})
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if err := Check(p, s); err != nil {
				t.Fatalf("seed %d, method %d: %v", seed, method, err)
			}
			objective[i], short[i] = s.Objective, s.Short
		}
		if objective[0] != objective[1] || objective[1] != objective[2] || short[0] != short[1] || short[1] != short[2] {
			t.Fatalf("seed %d: objectives %v, short by %v", seed, objective, short)
		}
	}
}

// TestAutoChangesOver applies the rule to counts on both of its sides, and goes on by cost scaling from a flow in hand.
func TestAutoChangesOver(t *testing.T) {
	p := ladder(rand.New(rand.NewPCG(3, 8)), 16, 64, 50_000, 4)
	s, err := newSearch(t.Context(), p, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.run(t.Context(), &Options{WorkLimit: 200})
	if over, _ := s.short(); err != nil || over > 0 {
		t.Fatalf("no flow in hand, %v", err)
	}
	all, n := int64(s.n+s.m), int64(s.n)
	for _, c := range []struct {
		touched, priced int64
		want, left      bool
	}{
		{deepAfter*all - 1, 0, false, true},
		{s.pivots * n / deepShare, deepAfter * all, false, false},
		{s.pivots*n/deepShare + 1, deepAfter * all, true, false},
	} {
		s.watch, s.seenTouched, s.seenPriced = true, c.touched, c.priced
		if got := s.deep(); got != c.want || s.watch != c.left {
			t.Errorf("%d touched, %d priced: %t, to be looked at again %t", c.touched, c.priced, got, s.watch)
		}
	}
	opts := Options{WorkLimit: s.pivots + 1}
	cut, err := scale(t.Context(), p, &opts, s.flow(), s.pivots)
	if err != nil || cut.Status != solver.Feasible || cut.Work < s.pivots {
		t.Fatalf("cut at once: %+v, %v", cut, err)
	}
	if err := Check(p, cut); err != nil {
		t.Error(err)
	}
}

// TestCostScalingLimits cuts cost scaling by work and by ctx at many points: what is in hand must hold.
func TestCostScalingLimits(t *testing.T) {
	p := ladder(rand.New(rand.NewPCG(5, 8)), 8, 64, 100_000, 30)
	full, err := Solve(t.Context(), p, Options{Method: CostScaling})
	if err != nil || full.Status != solver.Optimal {
		t.Fatalf("%+v, %v", full, err)
	}
	seen := map[solver.Status]int{}
	for part := int64(1); part < 20; part++ {
		work := full.Work * part / 20
		s, err := Solve(t.Context(), p, Options{Method: CostScaling, WorkLimit: work})
		if err != nil || s.Stop != solver.StopWork {
			t.Fatalf("WorkLimit %d: %v, %v", work, s.Stop, err)
		}
		if err := Check(p, s); err != nil {
			t.Errorf("WorkLimit %d: %v", work, err)
		}
		if !s.HasBound || s.Bound > full.Objective || s.Flow != nil && s.Objective < full.Objective {
			t.Errorf("WorkLimit %d: bound %d (%t), objective %d, optimum %d", work, s.Bound, s.HasBound, s.Objective, full.Objective)
		}
		seen[s.Status]++
		again, err := Solve(t.Context(), p, Options{Method: CostScaling, WorkLimit: work})
		if err != nil || !reflect.DeepEqual(s, again) {
			t.Errorf("WorkLimit %d: the same work gives another answer", work)
		}
	}
	if seen[solver.Feasible] == 0 {
		t.Errorf("no cut left a flow in hand: %v", seen)
	}
}

func TestCancelledCostScalingReturnsSoon(t *testing.T) {
	rows := 64
	if testing.Short() {
		rows = 16
	}
	p := ladder(rand.New(rand.NewPCG(6, 8)), rows, 256, 250_000, 30)
	for _, wait := range []time.Duration{0, 5 * time.Millisecond, 50 * time.Millisecond} {
		ctx, cancel := context.WithCancel(t.Context())
		stopped := make(chan time.Time, 1)
		time.AfterFunc(wait, func() {
			stopped <- time.Now()
			cancel()
		})
		s, err := Solve(ctx, p, Options{Method: CostScaling})
		returned := time.Now()
		if err != nil {
			t.Fatal(err)
		}
		if s.Status == solver.Optimal { // a fast machine
			cancel()
			continue
		}
		late := returned.Sub(<-stopped)
		t.Logf("cancelled after %v: %v, %v later", wait, s.Status, late)
		if s.Stop != solver.StopCancelled || late > time.Second { // a second: see TestCancelledSolveReturnsSoon
			t.Errorf("cancelled after %v: stopped by %v, %v later", wait, s.Stop, late)
		}
		if err := Check(p, s); err != nil {
			t.Errorf("cancelled after %v: %v", wait, err)
		}
	}
}

func TestWhatDoesNotFitGoesToTheSimplex(t *testing.T) {
	for name, p := range map[string]*Problem{
		"costs":      {Supply: []int64{1, -1}, Tail: []int32{0}, Head: []int32{1}, Cost: []int64{1 << 57}},
		"capacities": {Supply: []int64{1, -1}, Tail: []int32{0, 0}, Head: []int32{1, 1}, Upper: []int64{1 << 60, 1 << 60}, Cost: []int64{-1, -1}},
		"no bound":   {Supply: []int64{1, -1}, Tail: []int32{0}, Head: []int32{1}, Upper: []int64{math.MaxInt64}, Cost: []int64{-7}},
	} {
		excess, err := p.excess()
		if err != nil {
			t.Fatal(err)
		}
		if ok, _, _ := p.fits(excess); ok {
			t.Errorf("%s: fits", name)
		}
		s, err := Solve(t.Context(), p, Options{Method: CostScaling})
		if err != nil || s.Status != solver.Optimal {
			t.Errorf("%s: %+v, %v", name, s, err)
			continue
		}
		if err := Check(p, s); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
