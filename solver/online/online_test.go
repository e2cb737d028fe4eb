package online

import (
	"context"
	"errors"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/transport"
)

// cases returns n, or fewer where time is short.
func cases(n int) int {
	if testing.Short() {
		return max(1, n/5)
	}
	return n
}

// randomNeeds draws needs of resources on a line: each may go to a few beside a place.
func randomNeeds(rng *rand.Rand, count, resources int) []Need {
	needs := make([]Need, count)
	for i := range needs {
		needs[i].Unmet = []int64{20, 100, 400}[rng.IntN(3)]
		if resources == 0 {
			continue
		}
		home := rng.IntN(resources)
		for range rng.IntN(5) {
			v := min(max(home+rng.IntN(7)-3, 0), resources-1)
			needs[i].Arcs = append(needs[i].Arcs, transport.Arc{Node: int32(v), Cost: int64(rng.IntN(60) - 5)})
		}
	}
	return needs
}

func randomCapacity(rng *rand.Rand, resources, most int) []int64 {
	capacity := make([]int64, resources)
	for v := range capacity {
		capacity[v] = int64(rng.IntN(most + 1))
	}
	return capacity
}

func mustDesk(t *testing.T, capacity []int64, opts Options, history []Need) *Desk {
	t.Helper()
	d, err := New(capacity, opts)
	if err != nil {
		t.Fatalf("New(%v, %+v): %v", capacity, opts, err)
	}
	if history != nil {
		if stop, err := d.Learn(t.Context(), history); err != nil || stop != solver.StopProved {
			t.Fatalf("Learn(%v) = %v, %v", history, stop, err)
		}
	}
	return d
}

// spend lets needs come to a desk and returns the day.
func spend(t *testing.T, d *Desk, needs []Need) *Day {
	t.Helper()
	day := &Day{Capacity: d.Left(), Needs: needs}
	for _, n := range needs {
		a, err := d.Arrive(n)
		if err != nil {
			t.Fatalf("Arrive(%v): %v", n, err)
		}
		day.Resource = append(day.Resource, a.Resource)
		if _, err := d.Reckon(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	return day
}

func mustHindsight(t *testing.T, day *Day) *Result {
	t.Helper()
	r, err := Hindsight(t.Context(), day)
	if err != nil {
		t.Fatalf("Hindsight(%+v): %v", day, err)
	}
	return r
}

// Resource 0 can serve anybody, resource 1 only the first. Yesterday both a need that only 0 can serve and one that prefers 0
// came; so 0 is kept, though it is the cheaper today.
func TestDeskKeepsWhatOthersNeed(t *testing.T) {
	free := Need{100, []transport.Arc{{Node: 0, Cost: 1}, {Node: 1, Cost: 3}}}
	bound := Need{100, []transport.Arc{{Node: 0, Cost: 1}}}
	d := mustDesk(t, []int64{1, 1}, Options{Expected: 2, Futures: 1}, []Need{free, bound})
	first, err := d.Arrive(free)
	if err != nil || first.Resource != 1 {
		t.Errorf("Arrive(the need that 1 can serve) = %+v, %v, want resource 1", first, err)
	}
	second, err := d.Arrive(bound)
	if err != nil || second.Resource != 0 {
		t.Errorf("Arrive(the need that only 0 can serve) = %+v, %v, want resource 0", second, err)
	}
	if third, _ := d.Arrive(bound); third.Resource != Refused || third.Price != 0 || third.Need != 2 {
		t.Errorf("Arrive without room = %+v, want need 2 refused at no price", third)
	}
}

// One unit, and a dear need foreseen: the cheap one is refused, at the price of the unit.
func TestDeskRefusesTheCheapForTheDear(t *testing.T) {
	cheap := Need{20, []transport.Arc{{Node: 0, Cost: 5}}}
	dear := Need{100, []transport.Arc{{Node: 0, Cost: 5}}}
	d := mustDesk(t, []int64{1}, Options{Expected: 2}, []Need{cheap, dear})
	a, err := d.Arrive(cheap)
	if err != nil || a.Resource != Refused || a.Price <= cheap.Unmet {
		t.Errorf("Arrive(cheap) = %+v, %v, want it refused at a price above 20", a, err)
	}
	if a, err = d.Arrive(dear); err != nil || a.Resource != 0 {
		t.Errorf("Arrive(dear) = %+v, %v, want resource 0", a, err)
	}
}

func TestPricesAreZeroWhereThereIsPlenty(t *testing.T) {
	for seed := range uint64(cases(30)) {
		rng := rand.New(rand.NewPCG(seed, 1))
		history, today := randomNeeds(rng, 40, 8), randomNeeds(rng, 40, 8)
		capacity := slices.Repeat([]int64{1000}, 8)
		d := mustDesk(t, capacity, Options{Expected: 40, Seed: seed}, history)
		day := spend(t, d, today)
		for v, price := range d.Prices() {
			if price != 0 {
				t.Fatalf("seed %d: resource %d costs %d beside its cost, want 0: there is room for all", seed, v, price)
			}
		}
		if r := mustHindsight(t, day); r.Value != r.Hindsight {
			t.Fatalf("seed %d: value %d, want %d: with room for all nothing is lost", seed, r.Value, r.Hindsight)
		}
	}
}

// TestADayIsCheckedAgainstBruteForce: whatever the desk knows, no rule is broken; Hindsight is the best of all plans.
func TestADayIsCheckedAgainstBruteForce(t *testing.T) {
	for seed := range uint64(cases(400)) {
		rng := rand.New(rand.NewPCG(seed, 2))
		n, k := rng.IntN(7), rng.IntN(5)
		needs := randomNeeds(rng, n, k)
		capacity := randomCapacity(rng, k, 2)
		opts := Options{Expected: 1 + rng.IntN(8), Ordered: rng.IntN(3) == 0, Futures: rng.IntN(4), Every: rng.IntN(3), Seed: seed}
		var history []Need
		if rng.IntN(2) == 0 {
			history = randomNeeds(rng, rng.IntN(8), k)
		}
		day := spend(t, mustDesk(t, capacity, opts, history), needs)
		r := mustHindsight(t, day)
		if want := bestPlan(needs, capacity); r.Hindsight != want || r.Value > want {
			t.Fatalf("seed %d: value %d, hindsight %d, brute force %d", seed, r.Value, r.Hindsight, want)
		}
	}
}

// bestPlan tries every plan.
func bestPlan(needs []Need, left []int64) int64 {
	if len(needs) == 0 {
		return 0
	}
	best := bestPlan(needs[1:], left)
	for _, arc := range needs[0].Arcs {
		if left[arc.Node] > 0 {
			left[arc.Node]--
			best = max(best, needs[0].Unmet-arc.Cost+bestPlan(needs[1:], left))
			left[arc.Node]++
		}
	}
	return best
}

// TestPricesAreWhatAUnitLessLoses: on every future, for each resource that has a unit to take.
func TestPricesAreWhatAUnitLessLoses(t *testing.T) {
	for seed := range uint64(cases(200)) {
		rng := rand.New(rand.NewPCG(seed, 11))
		k := 1 + rng.IntN(6)
		capacity := randomCapacity(rng, k, 3)
		d := mustDesk(t, capacity, Options{Expected: 1 + rng.IntN(20), Seed: seed, Every: 1 + rng.IntN(2)}, randomNeeds(rng, rng.IntN(12), k))
		spend(t, d, randomNeeds(rng, rng.IntN(10), k))
		d.behind = true // reckon now
		if _, err := d.Reckon(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, f := range d.futures {
			var foreseen []Need
			for row, units := range f.units {
				foreseen = append(foreseen, slices.Repeat([]Need{f.needs[row]}, int(units))...)
			}
			best := mustHindsight(t, &Day{d.left, foreseen, slices.Repeat([]int32{Refused}, len(foreseen))}).Hindsight
			for v := range d.left {
				if d.left[v] == 0 {
					continue
				}
				less := slices.Clone(d.left)
				less[v]--
				r := mustHindsight(t, &Day{less, foreseen, slices.Repeat([]int32{Refused}, len(foreseen))})
				if want := best - r.Hindsight; f.price[v] != want {
					t.Fatalf("seed %d, future %d: resource %d has a price of %d, want %d", seed, i, v, f.price[v], want)
				}
			}
		}
	}
}

// TestAnswersKnowNothingOfWhatFollows: two days that begin alike are answered alike as long as they are.
func TestAnswersKnowNothingOfWhatFollows(t *testing.T) {
	for seed := range uint64(cases(40)) {
		rng := rand.New(rand.NewPCG(seed, 3))
		capacity := randomCapacity(rng, 10, 4)
		one, other := randomNeeds(rng, 40, 10), randomNeeds(rng, 40, 10)
		alike := rng.IntN(40)
		copy(other, one[:alike])
		history := randomNeeds(rng, 30, 10)
		opts := Options{Expected: 40, Seed: seed, Every: 1 + rng.IntN(4)}
		a := spend(t, mustDesk(t, capacity, opts, history), one).Resource[:alike]
		b := spend(t, mustDesk(t, capacity, opts, history), other).Resource[:alike]
		if !slices.Equal(a, b) {
			t.Fatalf("seed %d: answers %v and %v to the same %d needs", seed, a, b, alike)
		}
	}
}

// TestFullKnowledge: whoever knows the day gets at least 98 hundredths of it.
func TestFullKnowledge(t *testing.T) {
	var value, best int64
	for seed := range uint64(cases(20)) {
		rng := rand.New(rand.NewPCG(seed, 4))
		needs, capacity := randomNeeds(rng, 600, 120), randomCapacity(rng, 120, 6)
		d := mustDesk(t, capacity, Options{Expected: 600, Ordered: true, Futures: 1, Every: 1}, needs)
		r := mustHindsight(t, spend(t, d, needs))
		value, best = value+r.Value, best+r.Hindsight
		if r.Ratio() < 0.98 {
			t.Errorf("seed %d: %.4f of hindsight, want 0.98: the day was known", seed, r.Ratio())
		}
	}
	t.Logf("%.4f of hindsight", float64(value)/float64(best))
}

// TestARandomDay is what the desk is for: needs in random order, from the same source as yesterday's.
func TestARandomDay(t *testing.T) {
	for _, floor := range []float64{0.88, 0.92} {
		learnt := floor > 0.9
		var value, best int64
		for seed := range uint64(cases(10)) {
			rng := rand.New(rand.NewPCG(seed, 5))
			history, today, capacity := randomNeeds(rng, 1000, 100), randomNeeds(rng, 1000, 100), randomCapacity(rng, 100, 12)
			if !learnt {
				history = nil
			}
			r := mustHindsight(t, spend(t, mustDesk(t, capacity, Options{Expected: 1000, Seed: seed}, history), today))
			value, best = value+r.Value, best+r.Hindsight
		}
		if ratio := float64(value) / float64(best); ratio < floor {
			t.Errorf("history %t: %.4f of hindsight, want %.2f", learnt, ratio, floor)
		} else {
			t.Logf("history %t: %.4f of hindsight", learnt, ratio)
		}
	}
}

func TestTheSameAnswersOnAnyNumberOfCores(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 6))
	history, today, capacity := randomNeeds(rng, 500, 60), randomNeeds(rng, 500, 60), randomCapacity(rng, 60, 10)
	run := func(cores int) (*Day, []int64) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(cores))
		d := mustDesk(t, capacity, Options{Expected: 500}, history)
		return spend(t, d, today), d.Prices()
	}
	one, prices := run(1)
	eight, again := run(8)
	if !reflect.DeepEqual(one, eight) || !slices.Equal(prices, again) {
		t.Error("1 and 8 cores give other answers or prices")
	}
}

func TestCancelFreesTheUnit(t *testing.T) {
	n := Need{100, []transport.Arc{{Node: 0, Cost: 5}}}
	d := mustDesk(t, []int64{1}, Options{Expected: 4, Every: 1}, nil)
	if day := spend(t, d, []Need{n, n}); !slices.Equal(day.Resource, []int32{0, Refused}) {
		t.Fatalf("answers %v, want the first served", day.Resource)
	}
	if err := d.Cancel(0); err != nil {
		t.Fatal(err)
	}
	if got := d.Left(); got[0] != 1 {
		t.Errorf("left %v after a cancellation, want 1", got)
	}
	for _, need := range []int{-1, 0, 1, 2} { // cancelled, refused, unknown
		var invalid *solver.Invalid
		if err := d.Cancel(need); !errors.As(err, &invalid) {
			t.Errorf("Cancel(%d) = %v, want a fault", need, err)
		}
	}
	if day := spend(t, d, []Need{n}); day.Resource[0] != 0 {
		t.Error("the unit that was freed is not given away again")
	}
}

// TestAReckoningThatIsCut leaves the prices, and the next one goes on.
func TestAReckoningThatIsCut(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 7))
	history, today, capacity := randomNeeds(rng, 300, 40), randomNeeds(rng, 50, 40), randomCapacity(rng, 40, 6)
	whole := mustDesk(t, capacity, Options{Expected: 300, Every: 50}, history)
	cut := mustDesk(t, capacity, Options{Expected: 300, Every: 50}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if stop, err := cut.Learn(ctx, history); err != nil || stop != solver.StopCancelled {
		t.Fatalf("Learn of a cancelled context = %v, %v", stop, err)
	}
	if slices.ContainsFunc(cut.Prices(), func(p int64) bool { return p != 0 }) {
		t.Errorf("prices %v of a reckoning that was cut, want those before it: 0", cut.Prices())
	}
	if stop, err := cut.Reckon(t.Context()); err != nil || stop != solver.StopProved {
		t.Fatalf("Reckon after it = %v, %v", stop, err)
	}
	if a, b := whole.Prices(), cut.Prices(); !slices.Equal(a, b) {
		t.Errorf("prices %v, want %v as of a reckoning that was not cut", b, a)
	}
	for i, n := range today {
		before := cut.Prices()
		if _, err := cut.Arrive(n); err != nil {
			t.Fatal(err)
		}
		stop, err := cut.Reckon(ctx)
		if err != nil || stop != solver.StopNone && stop != solver.StopCancelled {
			t.Fatalf("need %d: Reckon = %v, %v", i, stop, err)
		}
		if !slices.Equal(before, cut.Prices()) {
			t.Fatalf("need %d: the prices changed without a reckoning", i)
		}
	}
	if stop, _ := cut.Reckon(t.Context()); stop != solver.StopProved {
		t.Errorf("Reckon at last = %v", stop)
	}
}

func TestMoreNeedsThanExpected(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 8))
	needs, capacity := randomNeeds(rng, 200, 20), randomCapacity(rng, 20, 20)
	for _, opts := range []Options{{Expected: 20}, {Expected: 20, Ordered: true}, {Expected: 1, Futures: 2}} {
		d := mustDesk(t, capacity, opts, needs[:30])
		mustHindsight(t, spend(t, d, needs))
		d.behind = true // reckon now
		if _, err := d.Reckon(t.Context()); err != nil {
			t.Fatal(err)
		}
		for v, price := range d.Prices() {
			if price != 0 && d.left[v] > 0 {
				t.Errorf("%+v: resource %d costs %d when nobody is expected any more", opts, v, price)
			}
		}
	}
}

func TestFaults(t *testing.T) {
	pointers := func(err error) (list []string) {
		if invalid, ok := errors.AsType[*solver.Invalid](err); ok {
			for _, f := range invalid.Faults {
				list = append(list, f.Pointer+" "+f.Code)
			}
		}
		return list
	}
	expect := func(call string, err error, want ...string) {
		t.Helper()
		if got := pointers(err); !slices.Equal(got, want) {
			t.Errorf("%s: faults %q (%v), want %q", call, got, err, want)
		}
	}
	_, err := New([]int64{1, -1, MaxCapacity + 1}, Options{Futures: MaxFutures + 1, Every: -1})
	expect("New", err, "/capacity/1 out_of_range", "/capacity/2 out_of_range", "/options/expected required", "/options/futures out_of_range", "/options/every out_of_range")
	_, err = New(nil, Options{Expected: MaxNeeds + 1})
	expect("New", err, "/options/expected out_of_range")

	d := mustDesk(t, []int64{1, 1}, Options{Expected: 3}, nil)
	bad := Need{MaxCost + 1, []transport.Arc{{Node: 2, Cost: 0}, {Node: 0, Cost: -MaxCost - 1}}}
	faults := []string{"/unmet out_of_range", "/arcs/0/node unknown", "/arcs/1/cost out_of_range"}
	_, err = d.Arrive(bad)
	expect("Arrive", err, faults...)
	within := func(base string) (list []string) {
		for _, f := range faults {
			list = append(list, base+f)
		}
		return list
	}
	_, err = d.Learn(t.Context(), []Need{{}, bad})
	expect("Learn", err, within("/history/1")...)
	_, err = d.Learn(t.Context(), make([]Need, MaxNeeds+1))
	expect("Learn", err, "/history out_of_range")
	if a, err := d.Arrive(Need{}); err != nil || a.Need != 0 || a.Resource != Refused {
		t.Errorf("Arrive(nothing) = %+v, %v, want need 0 refused: the bad one has not come", a, err)
	}
	_, err = d.Learn(t.Context(), nil)
	expect("Learn after a need", err, "/history conflict")

	_, err = Hindsight(t.Context(), &Day{Capacity: []int64{-1}, Needs: []Need{{}, bad}, Resource: []int32{3}})
	expect("Hindsight", err, append(append([]string{"/capacity/0 out_of_range"}, "/needs/1/unmet out_of_range", "/needs/1/arcs/0/node unknown",
		"/needs/1/arcs/1/cost out_of_range"), "/resource invalid", "/resource/0 unknown")...)
	_, err = Hindsight(t.Context(), &Day{Needs: make([]Need, MaxNeeds+1)})
	expect("Hindsight", err, "/needs out_of_range")
}

// TestCheckFindsWhatIsWrong changes a right result in every way.
func TestCheckFindsWhatIsWrong(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 9))
	capacity := randomCapacity(rng, 6, 3)
	day := spend(t, mustDesk(t, capacity, Options{Expected: 20}, nil), randomNeeds(rng, 20, 6))
	right := mustHindsight(t, day)
	served := slices.IndexFunc(day.Resource, func(v int32) bool { return v != Refused })
	if served < 0 || right.Served == 20 {
		t.Fatalf("%d served: the case shows nothing", right.Served)
	}
	for name, spoil := range map[string]func(*Day, *Result){
		"value":           func(_ *Day, r *Result) { r.Value++ },
		"served":          func(_ *Day, r *Result) { r.Served-- },
		"hindsight":       func(_ *Day, r *Result) { r.Hindsight++ },
		"best":            func(_ *Day, r *Result) { r.Best = r.Best[1:] },
		"prices":          func(_ *Day, r *Result) { r.Price = r.Price[1:] },
		"negative price":  func(_ *Day, r *Result) { r.Price[0] = -1 },
		"no proof":        func(_ *Day, r *Result) { clear(r.Price) },
		"worse hindsight": func(d *Day, r *Result) { r.Best, r.Hindsight = slices.Repeat([]int32{Refused}, 20), 0 },
		"capacity":        func(d *Day, _ *Result) { d.Capacity[d.Resource[served]] = 0 },
		"cannot serve":    func(d *Day, _ *Result) { d.Needs[served].Arcs = nil },
		"faulty day":      func(d *Day, _ *Result) { d.Resource = nil },
	} {
		d := &Day{slices.Clone(day.Capacity), slices.Clone(day.Needs), slices.Clone(day.Resource)}
		r := *right
		r.Best, r.Price = slices.Clone(r.Best), slices.Clone(r.Price)
		if err := Check(d, &r); err != nil {
			t.Fatalf("a right result: %v", err)
		}
		spoil(d, &r)
		if Check(d, &r) == nil {
			t.Errorf("%s: Check finds nothing", name)
		}
	}
	if Check(day, nil) == nil {
		t.Error("no result: Check finds nothing")
	}
	day.Resource[served] = (day.Resource[served] + 3) % 6
	if _, err := Hindsight(t.Context(), day); err == nil {
		t.Error("Hindsight of an answer that breaks a rule is no error")
	}
	if got := (&Result{Value: 1, Hindsight: 2}).Ratio(); got != 0.5 {
		t.Errorf("Ratio of 1 and 2 = %v", got)
	}
}
