package match

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// city is a problem large enough for several rounds of pricing and for work on several cores.
func city(seed uint64, needs, resources int) *Problem {
	return randomProblem(rand.New(rand.NewPCG(seed, 9)), shape{needs: needs, resources: resources, spread: 0.2, units: 2, capacity: 5})
}

// cases returns n, or a tenth of it in short runs (the race detector slows each case tenfold).
func cases(n uint64) uint64 {
	if testing.Short() {
		return n / 10
	}
	return n
}

func solve(t *testing.T, p *Problem) *Solution {
	t.Helper()
	s, err := Solve(t.Context(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(p, s); err != nil {
		t.Fatalf("Check: %v", err)
	}
	return s
}

// The plain shape has many more pairs than columns, so that pricing has to find the missing ones.
func TestPricingFindsTheOptimumOverAllPairs(t *testing.T) {
	priced := 0
	seeds := max(2, cases(6))
	for seed := range seeds {
		rng := rand.New(rand.NewPCG(seed, 4))
		p := randomProblem(rng, shape{needs: 600, resources: 360, spread: 0.1, units: 2, capacity: 5, plain: true})
		s := solve(t, p)
		if want := fullModel(t, p, -1, 0); s.Objective != want {
			t.Errorf("seed %d: Solve = %v, full model %v", seed, s.Objective, want)
		}
		if s.PricedPairs >= s.EligiblePairs {
			t.Errorf("seed %d: the engine saw all %d pairs", seed, s.EligiblePairs)
		}
		if s.Rounds > 1 {
			priced++
		}
	}
	if priced < int(seeds)/2 {
		t.Errorf("pricing had something to do in %d of %d problems only", priced, seeds)
	}
}

func TestEligiblePairsAreCountedExactly(t *testing.T) {
	for seed := range cases(200) {
		rng := rand.New(rand.NewPCG(seed, 5))
		p := randomProblem(rng, shape{needs: 1 + rng.IntN(30), resources: 1 + rng.IntN(30), spread: 0.1, units: 2, capacity: 2})
		s := solve(t, p)
		metric, err := p.prepare()
		if err != nil {
			t.Fatal(err)
		}
		v := newReviewer(p, metric)
		var want int64
		for i := range p.Lists.Needs {
			for j := range p.Lists.Resources {
				n, r := &p.Lists.Needs[i], &p.Lists.Resources[j]
				if len(v.breaks(n, r, metric.Metres(n.At, r.At))) == 0 {
					want++
				}
			}
		}
		if s.EligiblePairs != want {
			t.Errorf("seed %d: %d eligible pairs, stated %d", seed, want, s.EligiblePairs)
		}
	}
}

// lake is a square barrier in the middle of the random problems of spread 0.1.
func lake() []travel.Polygon {
	return []travel.Polygon{{{{Lon: 100.03, Lat: 25.03}, {Lon: 100.07, Lat: 25.03}, {Lon: 100.07, Lat: 25.07}, {Lon: 100.03, Lat: 25.07}}}}
}

func TestBarriers(t *testing.T) {
	solved := 0
	for seed := uint64(0); solved < int(cases(60)); seed++ {
		rng := rand.New(rand.NewPCG(seed, 6))
		p := randomProblem(rng, shape{needs: 1 + rng.IntN(12), resources: 1 + rng.IntN(12), spread: 0.1, units: 2, capacity: 2})
		outside := func(at *travel.Place) {
			for at.Lon > 100.03 && at.Lon < 100.07 && at.Lat > 25.03 && at.Lat < 25.07 {
				*at = travel.Place{Lon: 100 + 0.1*rng.Float64(), Lat: 25 + 0.1*rng.Float64()}
			}
		}
		for i := range p.Lists.Needs {
			outside(&p.Lists.Needs[i].At)
		}
		for j := range p.Lists.Resources {
			outside(&p.Lists.Resources[j].At)
		}
		dry := solve(t, p)
		p.Barriers = lake()
		wet := solve(t, p)
		if want := fullModel(t, p, -1, 0); wet.Objective != want {
			t.Fatalf("seed %d: Solve = %v, full model %v", seed, wet.Objective, want)
		}
		if wet.Objective.Less(dry.Objective) {
			t.Errorf("seed %d: a lake made the match better: %v, before %v", seed, wet.Objective, dry.Objective)
		}
		solved++
	}
}

func TestPlaceInsideABarrierIsAnError(t *testing.T) {
	p := city(1, 3, 3)
	p.Barriers = lake()
	p.Lists.Needs[1].At = travel.Place{Lon: 100.05, Lat: 25.05}
	_, err := Solve(t.Context(), p, Options{})
	var invalid *solver.Invalid
	if !errors.As(err, &invalid) || invalid.Faults[0].Pointer != "/needs/1/lon" {
		t.Errorf("Solve with a need in the lake: %v, want a fault at /needs/1/lon", err)
	}
}

// TestNearest compares with the full model of lists in which each need prefers nothing but may only have its k nearest.
func TestNearest(t *testing.T) {
	for seed := range cases(100) {
		rng := rand.New(rand.NewPCG(seed, 7))
		p := randomProblem(rng, shape{needs: 1 + rng.IntN(10), resources: 2 + rng.IntN(10), spread: 0.1, units: 2, capacity: 2})
		p.Nearest = 1 + rng.IntN(3)
		s := solve(t, p)
		if s.Dual != nil {
			t.Fatalf("seed %d: a certificate over all pairs for a restricted problem", seed)
		}
		q := restrictedCopy(t, p)
		if want := fullModel(t, q, -1, 0); s.Objective != want {
			t.Errorf("seed %d: Solve = %v, full model of the %d nearest %v", seed, s.Objective, p.Nearest, want)
		}
		for j := range s.Resources {
			more := *q
			more.Lists.Resources = slices.Clone(q.Lists.Resources)
			more.Lists.Resources[j].Capacity++
			if want := minus(s.Objective, fullModel(t, &more, -1, 0)); s.Resources[j].UnitValue != want {
				t.Errorf("seed %d: one more unit of resource %d is worth %v, stated %v", seed, j, want, s.Resources[j].UnitValue)
			}
		}
	}
}

// restrictedCopy forbids all but the k nearest eligible resources of each need, by a qualification of each allowed pair.
func restrictedCopy(t *testing.T, p *Problem) *Problem {
	t.Helper()
	metric, err := p.prepare()
	if err != nil {
		t.Fatal(err)
	}
	v := newReviewer(p, metric)
	q := *p
	q.Nearest = 0
	q.Lists.Needs = slices.Clone(p.Lists.Needs)
	q.Lists.Resources = slices.Clone(p.Lists.Resources)
	for j := range q.Lists.Resources {
		q.Lists.Resources[j].Qualifications = slices.Clone(q.Lists.Resources[j].Qualifications)
	}
	for i := range q.Lists.Needs {
		n := &p.Lists.Needs[i]
		type pair struct {
			metres int64
			j      int
		}
		var list []pair
		for j := range p.Lists.Resources {
			metres := metric.Metres(n.At, p.Lists.Resources[j].At)
			if len(v.breaks(n, &p.Lists.Resources[j], metres)) == 0 {
				list = append(list, pair{metres, j})
			}
		}
		slices.SortStableFunc(list, func(a, b pair) int { return int(a.metres - b.metres) })
		key := "pair of " + n.ID
		q.Lists.Needs[i].Requires = append(slices.Clone(n.Requires), key)
		for _, x := range list[:min(len(list), p.Nearest)] {
			r := &q.Lists.Resources[x.j]
			r.Qualifications = append(r.Qualifications, key)
		}
	}
	return &q
}

func TestSameBytesOnAnyNumberOfCores(t *testing.T) {
	p := city(2, 100+int(cases(1900)), 30+int(cases(570))) // several chunks of work, short runs too
	var want []byte
	for _, cores := range []int{1, 8, 2} {
		was := runtime.GOMAXPROCS(cores)
		s, err := Solve(t.Context(), p, Options{})
		runtime.GOMAXPROCS(was)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if want == nil {
			want = got
		} else if !bytes.Equal(got, want) {
			t.Fatalf("the answer on %d cores differs", cores)
		}
	}
}

func TestRelabellingChangesNothing(t *testing.T) {
	for seed := range cases(30) {
		p := city(seed, 60, 25)
		want := solve(t, p).Objective
		rng := rand.New(rand.NewPCG(seed, 8))
		q := *p
		q.Lists.Needs, q.Lists.Resources = slices.Clone(p.Lists.Needs), slices.Clone(p.Lists.Resources)
		rng.Shuffle(len(q.Lists.Needs), func(a, b int) { q.Lists.Needs[a], q.Lists.Needs[b] = q.Lists.Needs[b], q.Lists.Needs[a] })
		rng.Shuffle(len(q.Lists.Resources), func(a, b int) {
			q.Lists.Resources[a], q.Lists.Resources[b] = q.Lists.Resources[b], q.Lists.Resources[a]
		})
		if got := solve(t, &q).Objective; got != want {
			t.Errorf("seed %d: in another order %v, before %v", seed, got, want)
		}
		q.Weights = Weights{Distance: 3 * p.Weights.Distance, Price: 3 * p.Weights.Price, Preference: 3 * p.Weights.Preference}
		if got := solve(t, &q).Objective; got.Unmet != want.Unmet || got.Cost != 3*want.Cost {
			t.Errorf("seed %d: with weights × 3 %v, before %v", seed, got, want)
		}
	}
}

func TestStops(t *testing.T) {
	p := city(3, 100+int(cases(2900)), 30+int(cases(870)))
	full := solve(t, p)

	s, err := Solve(t.Context(), p, Options{WorkLimit: full.Work / 2})
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != solver.Feasible || s.Stop != solver.StopWork {
		t.Errorf("with half the work: %v, stopped by %v", s.Status, s.Stop)
	}
	if err := Check(p, s); err != nil {
		t.Errorf("with half the work: Check: %v", err)
	}
	again, err := Solve(t.Context(), p, Options{WorkLimit: s.Work})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(again.Matches, s.Matches) {
		t.Error("the same work gives another plan")
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s, err = Solve(ctx, p, Options{})
	if err != nil || s.Status != solver.Unknown || s.Stop != solver.StopCancelled {
		t.Errorf("cancelled before the start: %v, stopped by %v, error %v", s.Status, s.Stop, err)
	}
	if len(s.Unmet) != len(p.Lists.Needs) || s.Bound.Unmet != [Classes]int64{} || s.Explained {
		t.Errorf("cancelled before the start: %d needs unmet, bound %v, explained %v", len(s.Unmet), s.Bound, s.Explained)
	}
	s, err = Solve(t.Context(), p, Options{TimeLimit: time.Nanosecond})
	if err != nil || s.Status == solver.Optimal || s.Stop != solver.StopTime {
		t.Errorf("a nanosecond: %v, stopped by %v, error %v", s.Status, s.Stop, err)
	}
	stages := map[string]bool{}
	ctx, cancel = context.WithCancel(t.Context())
	defer cancel()
	s, err = Solve(ctx, p, Options{OnProgress: func(x Progress) {
		stages[x.Stage] = true
		if x.Stage == "price" {
			cancel()
		}
	}})
	if err != nil || s.Status != solver.Feasible || s.Stop != solver.StopCancelled || !stages["solve"] {
		t.Errorf("cancelled while pricing: %v, stopped by %v, error %v, stages %v", s.Status, s.Stop, err, stages)
	}
	if err := Check(p, s); err != nil {
		t.Errorf("cancelled while pricing: Check: %v", err)
	}
}

func TestNothingToMatch(t *testing.T) {
	for name, p := range map[string]*Problem{
		"empty":        {},
		"no needs":     {Lists: care.Lists{Resources: city(1, 1, 3).Lists.Resources}},
		"no resources": {Lists: care.Lists{Needs: []care.Need{{ID: "a", Service: "meal", Units: 2, Priority: 1, Mode: care.Visit}}}},
	} {
		s := solve(t, p)
		if s.Status != solver.Optimal || len(s.Matches) != 0 {
			t.Errorf("%s: %v, %d matches", name, s.Status, len(s.Matches))
		}
		if name == "no resources" && (s.Objective.Unmet[0] != 2 || s.Unmet[0].Reasons[0].Code != CodeService) {
			t.Errorf("%s: objective %v, unmet %v", name, s.Objective, s.Unmet)
		}
	}
}

func TestCostsTooLargeAreRefused(t *testing.T) {
	p := city(1, 5, 5)
	p.Weights = Weights{Distance: 1, Price: care.MaxWhole}
	p.Lists.Resources[0].Price = care.MaxWhole
	_, err := Solve(t.Context(), p, Options{})
	var invalid *solver.Invalid
	if !errors.As(err, &invalid) || invalid.Faults[0].Pointer != "/options/w_price" {
		t.Errorf("prices of 10^24: %v, want a fault at /options/w_price", err)
	}
}

// FuzzSolve mixes every feature on small problems and compares with the full model.
func FuzzSolve(f *testing.F) {
	f.Add(uint64(1), uint8(5), uint8(4), uint8(0))
	f.Add(uint64(2), uint8(8), uint8(6), uint8(2))
	f.Fuzz(func(t *testing.T, seed uint64, n, m, nearest uint8) {
		rng := rand.New(rand.NewPCG(seed, 0))
		p := randomProblem(rng, shape{needs: 1 + int(n%12), resources: 1 + int(m%12), spread: 0.1, units: 1 + rng.Int64N(3), capacity: 1 + rng.Int64N(3)})
		p.Nearest = int(nearest % 4)
		s := solve(t, p)
		if p.Nearest > 0 {
			p = restrictedCopy(t, p)
		}
		if want := fullModel(t, p, -1, 0); s.Objective != want {
			t.Fatalf("Solve = %v, full model %v", s.Objective, want)
		}
	})
}
