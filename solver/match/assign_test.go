package match

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/gap"
)

// hoursProblem makes a problem in which resources have hours, too, and needs take different numbers of minutes.
func hoursProblem(rng *rand.Rand, needs, resources int) *Problem {
	p := randomProblem(rng, shape{needs: needs, resources: resources, spread: 0.05, units: 1, capacity: 4})
	for i := range p.Lists.Needs {
		p.Lists.Needs[i].Minutes = care.AtMost(10 * (1 + rng.Int64N(9)))
	}
	for j := range p.Lists.Resources {
		if rng.IntN(4) > 0 {
			p.Lists.Resources[j].CapacityMinutes = care.AtMost(rng.Int64N(200))
		}
	}
	return p
}

// TestHoursEqualBruteForce mixes hours with every other limit, quotas that join resources included, and counts how many
// problems were generalised assignments.
func TestHoursEqualBruteForce(t *testing.T) {
	var assigned, tried int
	for seed := uint64(0); assigned < int(cases(200)); seed++ {
		p := hoursProblem(rand.New(rand.NewPCG(seed, 71)), 3+int(seed%5), 2+int(seed%3))
		if p.Validate() != nil {
			continue
		}
		want, _, ok := bruteForce(t, p, 20_000)
		if !ok {
			continue
		}
		tried++
		metric, err := p.prepare()
		if err != nil {
			t.Fatal(err)
		}
		w, _, _ := newWeb(t.Context(), newModel(p, metric))
		s := &search{ctx: t.Context(), p: p, w: w, tiers: p.goal(), reach: noReach, dearest: -1}
		if sc, fits := w.newScale(s.tiers); fits {
			problem := s.problem(s.allowed(), &sc)
			if x := assign(problem); x != nil {
				assigned++
				checkAssignment(t, seed, s, &sc, x)
			}
		}
		got, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := Check(p, got); err != nil {
			t.Fatalf("seed %d: Check: %v\n%s", seed, err, show(p, got))
		}
		if got.Status != solver.Optimal || got.Objective != want {
			t.Fatalf("seed %d: Solve = %v %v, brute force %v\n%s", seed, got.Status, got.Objective, want, show(p, got))
		}
	}
	t.Logf("%d of %d problems were generalised assignments", assigned, tried)
}

// checkAssignment solves the assignment alone, without a plan to begin from, and compares with the whole match.
func checkAssignment(t *testing.T, seed uint64, s *search, sc *scale, x *assignment) {
	t.Helper()
	problem := s.problem(s.allowed(), sc)
	answer, err := gap.Solve(t.Context(), &x.Problem, gap.Options{})
	if err != nil || answer.Status != solver.Optimal {
		t.Fatalf("seed %d: gap.Solve = %v, %v", seed, answer, err)
	}
	flow, objective := x.write(problem, answer.AssignedTo), answer.Objective
	if again := x.read(flow); !slices.Equal(again, answer.AssignedTo) {
		t.Fatalf("seed %d: an assignment written and read: %v, %v", seed, answer.AssignedTo, again)
	}
	units := make([]int64, len(s.w.cols))
	for k, c := range s.allowed() {
		units[c] = flow[len(s.w.arcs)+k]
	}
	if got := sc.weigh(s.w.valueOf(flow[:len(s.w.arcs)], units)); got != objective+sc.weigh(s.w.base) {
		t.Fatalf("seed %d: the flow weighs %d, the assignment %d", seed, got, objective)
	}
	matches := s.w.plan(units)
	broken, _, err := Review(s.p, matches)
	if err != nil || len(broken) > 0 {
		t.Fatalf("seed %d: the assignment breaks %v, %v", seed, broken, err)
	}
}

// TestHoursOfASize solves problems too large to try, to the proof or to a bound that holds, and the same bytes with the work of a
// run cut by work.
func TestHoursOfASize(t *testing.T) {
	for seed := range cases(6) {
		p := hoursProblem(rand.New(rand.NewPCG(seed, 72)), 60, 8)
		p.Lists.Providers = nil
		for j := range p.Lists.Resources {
			p.Lists.Resources[j].Provider = ""
		}
		if p.Validate() != nil {
			continue
		}
		one, err := Solve(t.Context(), p, Options{WorkLimit: 3000})
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(p, one); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		two, err := Solve(t.Context(), p, Options{WorkLimit: 3000})
		if err != nil {
			t.Fatal(err)
		}
		if one.Objective != two.Objective || one.Bound != two.Bound || one.Work != two.Work || len(one.Matches) != len(two.Matches) {
			t.Fatalf("seed %d: two runs differ: %v %v, %v %v", seed, one.Objective, two.Objective, one.Bound, two.Bound)
		}
	}
}
