package sideflow

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// sessions makes needs around centres, sessions with seats and a minimum attendance, an unmet arc for each need, rows of
// money, and a choice of sessions.
func sessions(seed uint64, needs, count, near int) *Problem {
	rng := rand.New(rand.NewPCG(seed, 1))
	type point struct{ x, y float64 }
	centres := make([]point, max(3, count/8))
	for i := range centres {
		centres[i] = point{rng.Float64() * 20_000, rng.Float64() * 20_000}
	}
	around := func() point {
		c := centres[rng.IntN(len(centres))]
		return point{c.x + rng.NormFloat64()*1300, c.y + rng.NormFloat64()*1300}
	}
	at := make([]point, count)
	for j := range at {
		at[j] = around()
	}
	p := &Problem{}
	f := &p.Flow
	sink := int32(needs + count)
	f.Supply = make([]int64, sink+1)
	f.Supply[sink] = -int64(needs)
	add := func(tail, head int32, upper, cost int64) int32 {
		f.Tail, f.Head = append(f.Tail, tail), append(f.Head, head)
		f.Upper, f.Cost = append(f.Upper, upper), append(f.Cost, cost)
		return int32(len(f.Tail) - 1)
	}
	money := Row{Most: int64(needs) * 8}
	for i := range int32(needs) {
		f.Supply[i] = 1
		add(i, sink, mcf.Inf, 1_000_000)
		home := around()
		for range near {
			j := rng.IntN(count)
			a := add(i, int32(needs+j), 1, int64(math.Hypot(home.x-at[j].x, home.y-at[j].y)))
			if j%3 == 0 {
				money.Arc, money.Coef = append(money.Arc, a), append(money.Coef, 10+int64(j)%40)
			}
		}
	}
	var choice Choice
	for j := range count {
		seats := int64(2 + needs*5/4/count + rng.IntN(4))
		p.Switches = append(p.Switches, Switch{add(int32(needs+j), sink, seats, 0), max(1, seats*3/5)})
		if j%2 == 0 {
			choice.Switch = append(choice.Switch, int32(j))
		}
	}
	choice.Most = int64(len(choice.Switch)) * 3 / 4
	p.Rows, p.Choices = []Row{money}, []Choice{choice}
	return p
}

func TestSessionsAreCloseToTheBound(t *testing.T) {
	p := sessions(1, cases(2000)/4, 20, 6)
	s, err := Solve(t.Context(), p, Options{WorkLimit: int64(cases(200_000))})
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(p, s); err != nil {
		t.Fatal(err)
	}
	t.Logf("%v: %d, bound %d, %d nodes, work %d", s.Status, s.Objective, s.Bound, s.Nodes, s.Work)
	if len(s.Binding.Switches) == 0 {
		t.Error("the plain flow keeps every minimum attendance: nothing was tested")
	}
	if gap := float64(s.Objective-s.Bound) / float64(s.Objective); gap > 0.01 {
		t.Errorf("objective %d, bound %d: a gap of %.2f %%", s.Objective, s.Bound, 100*gap)
	}
}

// TestColumns appends arcs that the root calls useless: its multipliers must prove the same bound with them. And what the
// root calls useful must be nothing else than what lowers the bound.
func TestColumns(t *testing.T) {
	for seed := range uint64(cases(300)) {
		rng := rand.New(rand.NewPCG(seed, 9))
		p := sessions(seed, 30, 6, 3)
		first, err := Solve(t.Context(), p, Options{RootOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		if first.Root == nil {
			t.Fatalf("seed %d: no root", seed)
		}
		useful := 0
		for range 40 {
			tail, head := rng.Int32N(30), 30+rng.Int32N(6)
			cost := rng.Int64N(6000)
			var rows []int32
			var coef []int64
			if rng.IntN(2) == 0 {
				rows, coef = []int32{0}, []int64{rng.Int64N(40)}
			}
			if first.Root.Reduced(tail, head, cost, rows, coef) < 0 {
				useful++
				continue
			}
			f := &p.Flow
			f.Tail, f.Head = append(f.Tail, tail), append(f.Head, head)
			f.Upper, f.Cost = append(f.Upper, 1), append(f.Cost, cost)
			if rows != nil {
				p.Rows[0].Arc = append(p.Rows[0].Arc, int32(len(f.Tail)-1))
				p.Rows[0].Coef = append(p.Rows[0].Coef, coef[0])
			}
		}
		if err := checkRoot(p, first.Root); err != nil {
			t.Fatalf("seed %d: with arcs of reduced cost >= 0: %v", seed, err)
		}
		again, err := Solve(t.Context(), p, Options{RootOnly: true, Root: first.Root, Start: first.Flow})
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(p, again); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if again.Bound < first.Root.Bound || again.Flow == nil || first.Flow != nil && again.Objective > first.Objective {
			t.Errorf("seed %d: bound %d then %d, objective %d then %d", seed, first.Bound, again.Bound, first.Objective, again.Objective)
		}
		_ = useful
	}
}

func TestSameWorkSameBytes(t *testing.T) {
	p := sessions(3, 120, 12, 5)
	full, err := Solve(t.Context(), p, Options{WorkLimit: 20_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, work := range []int64{1, full.Work / 3, full.Work} {
		var answers []*Solution
		for _, procs := range []int{1, 8} {
			before := runtime.GOMAXPROCS(procs)
			s, err := Solve(t.Context(), p, Options{WorkLimit: work})
			runtime.GOMAXPROCS(before)
			if err != nil {
				t.Fatal(err)
			}
			if err := Check(p, s); err != nil {
				t.Fatal(err)
			}
			answers = append(answers, s)
		}
		if !reflect.DeepEqual(answers[0], answers[1]) {
			t.Errorf("work %d: another answer on other cores", work)
		}
	}
}

func TestCancelledSolveReturnsSoon(t *testing.T) {
	p := sessions(4, cases(4000), 60, 20)
	for _, stage := range []int{0, 1, 5, 20} {
		ctx, cancel := context.WithCancel(t.Context())
		var stopped time.Time
		seen := 0
		stop := func(Progress) {
			if seen++; seen >= stage && stopped.IsZero() {
				stopped = time.Now()
				cancel()
			}
		}
		if stage == 0 {
			stop(Progress{})
		}
		s, err := Solve(ctx, p, Options{OnProgress: stop, TimeLimit: time.Minute, WorkLimit: 200_000})
		returned := time.Now()
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(p, s); err != nil {
			t.Fatal(err)
		}
		// A second is no measurement: it tells "soon" from "when the search is over" on a busy machine.
		if !stopped.IsZero() && returned.Sub(stopped) > time.Second && s.Stop != solver.StopWork {
			t.Errorf("cancelled at report %d, returned %v later by %v", stage, returned.Sub(stopped), s.Stop)
		}
	}
}

func TestProblemIsNotModified(t *testing.T) {
	for seed := range uint64(cases(200)) {
		p := randomProblem(rand.New(rand.NewPCG(seed, 11)))
		q := randomProblem(rand.New(rand.NewPCG(seed, 11)))
		if _, err := Solve(t.Context(), p, Options{}); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(p, q) {
			t.Fatalf("seed %d: the problem was changed", seed)
		}
	}
}

func TestFaultsAreReportedTogether(t *testing.T) {
	p := &Problem{
		Flow: mcf.Problem{Supply: []int64{1, -1}, Tail: []int32{0, 5}, Head: []int32{1, 1}, Upper: []int64{2, 2}, Cost: []int64{1, 1}},
		Rows: []Row{
			{Arc: []int32{0, 7, 0}, Coef: []int64{1, -1, 1}, Most: -1},
			{Arc: []int32{0}, Most: 1},
		},
		Switches: []Switch{{0, 3}, {0, 0}, {9, 1}},
		Choices:  []Choice{{Switch: []int32{0, 0, 3}, Most: -2}},
	}
	_, err := Solve(t.Context(), p, Options{})
	var invalid *solver.Invalid
	if !errors.As(err, &invalid) {
		t.Fatalf("Solve = %v, want faults", err)
	}
	var got []string
	for _, f := range invalid.Faults {
		got = append(got, f.Pointer+" "+f.Code)
	}
	want := []string{
		"/flow/tail/1 out_of_range",
		"/rows/0/most out_of_range", "/rows/0/arc/1 unknown", "/rows/0/coef/1 out_of_range", "/rows/0/arc/2 duplicate", "/rows/1/coef invalid",
		"/switches/0/least conflict", "/switches/1/least out_of_range", "/switches/1/arc duplicate", "/switches/2/arc unknown",
		"/choices/0/most out_of_range", "/choices/0/switch/1 duplicate", "/choices/0/switch/2 unknown",
	}
	for _, w := range want {
		if !strings.Contains(strings.Join(got, "\n")+"\n", w+"\n") {
			t.Errorf("no fault %q", w)
		}
	}
	if len(got) != len(want) {
		t.Errorf("faults %q, want %q", got, want)
	}
}

func TestRefused(t *testing.T) {
	one := mcf.Problem{Supply: []int64{1, -1}, Tail: []int32{0, 0}, Head: []int32{1, 1}, Upper: []int64{1, 1}, Cost: []int64{3, 5}}
	row := []Row{{Arc: []int32{0}, Coef: []int64{1}}}
	for name, c := range map[string]struct {
		p    Problem
		opts Options
		says string
	}{
		"endless": {Problem{Flow: mcf.Problem{Supply: []int64{0, 0}, Tail: []int32{0, 1}, Head: []int32{1, 0}, Cost: []int64{-1, 0}}}, Options{}, "/flow/cost/"},
		"cost":    {Problem{Flow: mcf.Problem{Supply: []int64{1, -1}, Tail: []int32{0}, Head: []int32{1}, Cost: []int64{math.MinInt64}}}, Options{}, "/flow/cost/0"},
		"start":   {Problem{Flow: one}, Options{Start: make([]int64, 3)}, "/options/start"},
		"root":    {Problem{Flow: one, Rows: row}, Options{Root: &Root{Row: []int64{-1}, Potential: []int64{0, 0}}}, "/options/root/row"},
		"nodes":   {Problem{Flow: one, Rows: row}, Options{Root: &Root{Row: []int64{1}, Potential: []int64{0}}}, "/options/root/potential"},
	} {
		_, err := Solve(t.Context(), &c.p, c.opts)
		var invalid *solver.Invalid
		if !errors.As(err, &invalid) || !strings.HasPrefix(invalid.Faults[0].Pointer, c.says) {
			t.Errorf("%s: %v, want a fault at %s", name, err, c.says)
		}
	}
}

// TestGreatNumbers: penalties of many magnitudes, coefficients and costs near what fits.
func TestGreatNumbers(t *testing.T) {
	for seed := range uint64(cases(600)) {
		rng := rand.New(rand.NewPCG(seed, 13))
		p := randomProblem(rng)
		for a := range p.Flow.Cost {
			if rng.IntN(3) == 0 {
				p.Flow.Cost[a] *= []int64{1_000, 1_000_000_000, 10_000_000_000_000}[rng.IntN(3)]
			}
		}
		for i := range p.Rows {
			if f := []int64{1, 1 << 20, 1 << 50}[rng.IntN(3)]; rng.IntN(2) == 0 {
				p.Rows[i].Most *= f
				for k := range p.Rows[i].Coef {
					p.Rows[i].Coef[k] *= f
				}
			}
		}
		want, found := bruteForce(p)
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			if _, ok := errors.AsType[*solver.Invalid](err); !ok {
				t.Fatalf("seed %d: %v", seed, err)
			}
			continue
		}
		if found != (s.Status == solver.Optimal) || !found != (s.Status == solver.Infeasible) {
			t.Fatalf("seed %d: %v by %v, brute force found a flow: %t", seed, s.Status, s.Stop, found)
		}
		examine(t, seed, p, s, want, found)
	}
}

// FuzzSolve compares with all flows.
func FuzzSolve(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed, int64(0))
	}
	f.Fuzz(func(t *testing.T, seed uint64, work int64) {
		p := randomProblem(rand.New(rand.NewPCG(seed, 3)))
		want, found := bruteForce(p)
		s, err := Solve(t.Context(), p, Options{WorkLimit: max(0, work)})
		if err != nil {
			t.Fatal(err)
		}
		examine(t, seed, p, s, want, found)
		if work <= 0 && s.Stop != solver.StopProved {
			t.Fatalf("stopped by %v without a limit", s.Stop)
		}
	})
}

// TestCheckFindsLies changes one thing of a true answer at a time.
func TestCheckFindsLies(t *testing.T) {
	p := sessions(5, 40, 5, 3)
	s, err := Solve(t.Context(), p, Options{WorkLimit: 50_000})
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(p, s); err != nil {
		t.Fatal(err)
	}
	for name, lie := range map[string]func(s *Solution, root *Root){
		"objective":     func(s *Solution, _ *Root) { s.Objective-- },
		"bound":         func(s *Solution, _ *Root) { s.Bound, s.Status = s.Objective+1, solver.Feasible },
		"root bound":    func(_ *Solution, root *Root) { root.Bound += 1 + root.Bound/1000 },
		"negative":      func(_ *Solution, root *Root) { root.Row[0] = -1 },
		"flow":          func(s *Solution, _ *Root) { s.Flow[0]++ },
		"no flow":       func(s *Solution, _ *Root) { s.Flow = nil },
		"infeasible":    func(s *Solution, _ *Root) { s.Status = solver.Infeasible },
		"unknown":       func(s *Solution, _ *Root) { s.Status = solver.Unknown },
		"unbounded":     func(s *Solution, _ *Root) { s.Status = solver.Unbounded },
		"optimal":       func(s *Solution, _ *Root) { s.Status, s.Bound = solver.Optimal, s.Objective-1 },
		"bound of root": func(s *Solution, root *Root) { s.Status, s.Bound = solver.Feasible, root.Bound-1 },
	} {
		wrong, root := *s, *s.Root
		wrong.Flow = append([]int64(nil), s.Flow...)
		root.Row = append([]int64(nil), root.Row...)
		wrong.Root = &root
		lie(&wrong, &root)
		if Check(p, &wrong) == nil {
			t.Errorf("%s: Check believes it", name)
		}
	}
	tight := *p
	tight.Rows = []Row{{Arc: p.Rows[0].Arc, Coef: p.Rows[0].Coef, Most: 0}}
	tight.Choices = []Choice{{Switch: p.Choices[0].Switch, Most: 0}}
	if Check(&tight, s) == nil {
		t.Error("a flow that breaks a row passes")
	}
}
