package mcf

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// tinyProblem makes a problem whose flows can be gone through one by one.
func tinyProblem(rng *rand.Rand) *Problem {
	n, m := 2+rng.IntN(3), 1+rng.IntN(6)
	p := &Problem{Supply: make([]int64, n)}
	for range m {
		low := max(0, rng.Int64N(6)-4)
		p.Tail, p.Head = append(p.Tail, rng.Int32N(int32(n))), append(p.Head, rng.Int32N(int32(n)))
		p.Lower, p.Upper = append(p.Lower, low), append(p.Upper, low+rng.Int64N(4))
		p.Cost = append(p.Cost, rng.Int64N(6)-2)
	}
	for a := range p.Tail {
		if x := p.Lower[a] + rng.Int64N(p.Upper[a]-p.Lower[a]+1); rng.IntN(12) > 0 {
			p.Supply[p.Tail[a]] += x
			p.Supply[p.Head[a]] -= x
		}
	}
	return p
}

// everyFlow calls visit with every flow of p, whose bounds must be small.
func everyFlow(p *Problem, visit func(flow []int64)) {
	flow := make([]int64, len(p.Tail))
	left := slices.Clone(p.Supply)
	var try func(a int)
	try = func(a int) {
		if a == len(flow) {
			if !slices.ContainsFunc(left, func(x int64) bool { return x != 0 }) {
				visit(flow)
			}
			return
		}
		for x := p.Lower[a]; x <= p.Upper[a]; x++ {
			flow[a] = x
			left[p.Tail[a]] -= x
			left[p.Head[a]] += x
			try(a + 1)
			left[p.Tail[a]] += x
			left[p.Head[a]] -= x
		}
	}
	try(0)
}

// TestTiersAgainstEveryFlow compares the three exact orders with going through all flows.
func TestTiersAgainstEveryFlow(t *testing.T) {
	seen := map[solver.Status]int{}
	for seed := range cases(4000) {
		rng := rand.New(rand.NewPCG(seed, 21))
		p := tinyProblem(rng)
		costs := make([][]int64, rng.IntN(4))
		for k := range costs {
			for range p.Cost {
				costs[k] = append(costs[k], rng.Int64N(5)-2)
			}
		}
		var tiers []int64                // the best
		var worst, cheapest, flows int64 // of the bottleneck
		var levels []Level
		everyFlow(p, func(flow []int64) {
			sums := make([]int64, len(costs))
			for k := range costs {
				for a, x := range flow {
					sums[k] += x * costs[k][a]
				}
			}
			high, cost := int64(-100), int64(0)
			for a, x := range flow {
				if cost += x * p.Cost[a]; x > 0 {
					high = max(high, p.Cost[a])
				}
			}
			profile := p.levels(flow)
			if flows++; flows == 1 || slices.Compare(sums, tiers) < 0 {
				tiers = sums
			}
			if flows == 1 || high < worst || high == worst && cost < cheapest {
				worst, cheapest = high, cost
			}
			if flows == 1 || compareLevels(profile, levels) < 0 {
				levels = slices.Clone(profile)
			}
		})
		want := solver.Optimal
		if flows == 0 {
			want = solver.Infeasible
		}
		seen[want]++
		method := Method(rng.IntN(3))
		got, err := SolveTiers(t.Context(), p, costs, Options{Method: method})
		if err != nil || got.Status != want {
			t.Fatalf("seed %d: SolveTiers(%+v, %v) = %+v, %v, want %v", seed, p, costs, got, err, want)
		}
		if err := CheckTiers(p, costs, got); err != nil {
			t.Fatalf("seed %d: CheckTiers(%+v, %v, %+v): %v", seed, p, costs, got, err)
		}
		if want == solver.Optimal && len(costs) > 0 && !slices.Equal(got.Objective, tiers) {
			t.Fatalf("seed %d: SolveTiers(%+v, %v) = %v, want %v", seed, p, costs, got.Objective, tiers)
		}
		neck, err := SolveBottleneck(t.Context(), p, Options{Method: method})
		if err != nil || neck.Status != want {
			t.Fatalf("seed %d: SolveBottleneck(%+v) = %+v, %v, want %v", seed, p, neck, err, want)
		}
		if err := CheckBottleneck(p, neck); err != nil {
			t.Fatalf("seed %d: CheckBottleneck(%+v, %+v, %+v): %v", seed, p, neck, neck.Solution, err)
		}
		if want == solver.Optimal && (neck.Used != (worst > -100) || neck.Used && neck.Worst != worst || neck.Objective != cheapest) {
			t.Fatalf("seed %d: SolveBottleneck(%+v) = %+v, %d, want %d at %d", seed, p, neck, neck.Objective, worst, cheapest)
		}
		lexi, err := SolveLeximin(t.Context(), p, Options{Method: method})
		if err != nil || lexi.Status != want {
			t.Fatalf("seed %d: SolveLeximin(%+v) = %+v, %v, want %v", seed, p, lexi, err, want)
		}
		if err := CheckLeximin(p, lexi); err != nil {
			t.Fatalf("seed %d: CheckLeximin(%+v, %+v): %v", seed, p, lexi, err)
		}
		if want == solver.Optimal && !slices.Equal(lexi.Levels, levels) {
			t.Fatalf("seed %d: SolveLeximin(%+v) = %v, want %v", seed, p, lexi.Levels, levels)
		}
	}
	if seen[solver.Optimal] < int(cases(2000)) || seen[solver.Infeasible] < int(cases(50)) {
		t.Errorf("too few of a kind: %v", seen)
	}
}

// compareLevels compares, from the dearest cost on, how many units go at it.
func compareLevels(x, y []Level) int {
	for i := 0; i < len(x) && i < len(y); i++ {
		if c := cmp.Or(cmp.Compare(x[i].Cost, y[i].Cost), cmp.Compare(x[i].Units, y[i].Units)); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(x), len(y))
}

// TestTiersLarger goes through networks with thousands of arcs, where the checks prove the answers, and cuts them short.
func TestTiersLarger(t *testing.T) {
	for seed := range cases(20) {
		rng := rand.New(rand.NewPCG(seed, 22))
		p := transportation(rng, 200, 100, 8)
		for a := range p.Cost {
			p.Cost[a] /= 40
		}
		units := make([]int64, len(p.Cost))
		for a, c := range p.Cost {
			if c == 5000 {
				units[a] = 1
			}
		}
		for _, end := range []int{1 << 30, 0, 1, 3} {
			ctx := &ending{Context: t.Context(), end: end}
			tiers, err := SolveTiers(ctx, p, [][]int64{units, p.Cost}, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckTiers(p, [][]int64{units, p.Cost}, tiers); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			work := int64(0)
			if end < 1<<30 {
				work = int64(100 * (1 + end))
			}
			neck, err := SolveBottleneck(ctx, p, Options{WorkLimit: work})
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckBottleneck(p, neck); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			lexi, err := SolveLeximin(ctx, p, Options{WorkLimit: 3 * work})
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckLeximin(p, lexi); err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			if end == 1<<30 {
				if lexi.Status != solver.Optimal || lexi.Levels[0].Cost != neck.Worst || neck.Status != solver.Optimal {
					t.Fatalf("seed %d: the worst is %d (%v), and leximin begins with %v", seed, neck.Worst, neck.Status, lexi.Levels[0])
				}
				if tiers.Status != solver.Optimal || tiers.Objective[1] != mustSolve(t, p).Objective {
					t.Fatalf("seed %d: unmet first costs %v", seed, tiers.Objective)
				}
			} else {
				t.Logf("seed %d, cut: tiers %v, bottleneck %v, leximin %v with %d proofs", seed, tiers.Status, neck.Status, lexi.Status, len(lexi.Proof))
			}
		}
	}
}

func TestTiersRefuse(t *testing.T) {
	p := &Problem{Supply: []int64{1, -1}, Tail: []int32{0}, Head: []int32{1}, Cost: []int64{3}}
	if _, err := SolveTiers(t.Context(), p, [][]int64{{1}, {1, 2}}, Options{}); err == nil {
		t.Error("a tier of two costs for one arc is not refused")
	}
	endless := &Problem{Supply: []int64{0, 0}, Tail: []int32{0, 1}, Head: []int32{1, 0}, Upper: []int64{Inf, Inf}}
	s, err := SolveTiers(t.Context(), endless, [][]int64{{1, -1}, {-1, 0}}, Options{})
	if err != nil || s.Status != solver.Unbounded || len(s.Objective) != 1 || len(s.Last.Cycle) != 2 {
		t.Errorf("a second tier without an end: %+v, %v", s, err)
	}
	if err := CheckTiers(endless, [][]int64{{1, -1}, {-1, 0}}, s); err != nil {
		t.Error(err)
	}
}

// FuzzTiers checks the answers on networks with every feature, unbounded arcs too.
func FuzzTiers(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		rng := rand.New(rand.NewPCG(seed, 23))
		p := randomProblem(rng)
		costs := [][]int64{p.Cost, make([]int64, len(p.Cost))}
		for a := range costs[1] {
			costs[1][a] = rng.Int64N(9) - 3
		}
		status, objective := simple(p)
		tiers, err := SolveTiers(t.Context(), p, costs, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckTiers(p, costs, tiers); err != nil {
			t.Fatalf("CheckTiers(%+v, %v, %+v): %v", p, costs, tiers, err)
		}
		if len(tiers.Objective) > 0 != (status == solver.Optimal) || status == solver.Optimal && tiers.Objective[0] != objective {
			t.Fatalf("SolveTiers(%+v) = %+v, want %v %d", p, tiers, status, objective)
		}
		neck, err := SolveBottleneck(t.Context(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckBottleneck(p, neck); err != nil {
			t.Fatalf("CheckBottleneck(%+v, %+v, %+v): %v", p, neck, neck.Solution, err)
		}
		lexi, err := SolveLeximin(t.Context(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckLeximin(p, lexi); err != nil {
			t.Fatalf("CheckLeximin(%+v, %+v): %v", p, lexi, err)
		}
		if infeasible := status == solver.Infeasible; infeasible != (neck.Status == solver.Infeasible) || infeasible == (lexi.Status == solver.Optimal) {
			t.Fatalf("%+v is %v; bottleneck %v, leximin %v", p, status, neck.Status, lexi.Status)
		}
	})
}
