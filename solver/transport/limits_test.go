package transport

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// crowded is a problem of n rows and n/3 nodes on a ring, without room for all.
func crowded(n int) *Problem {
	rng := rand.New(rand.NewPCG(7, uint64(n)))
	p := &Problem{From: []int32{0}}
	k := max(1, n/3)
	for range k {
		p.Capacity = append(p.Capacity, 1+rng.Int64N(4))
	}
	for i := range n {
		p.Unmet = append(p.Unmet, 100_000)
		for range 12 {
			p.Node = append(p.Node, int32((i/3+rng.IntN(30))%k))
			p.Cost = append(p.Cost, rng.Int64N(1000))
		}
		p.From = append(p.From, int32(len(p.Node)))
	}
	return p
}

func TestCancelledSolveAnswersAtOnce(t *testing.T) {
	p := crowded(8_000)
	for _, after := range []time.Duration{0, time.Millisecond, 5 * time.Millisecond, 20 * time.Millisecond} {
		s, err := New(p)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var asked time.Time
		time.AfterFunc(after, func() {
			asked = time.Now()
			cancel()
		})
		a, err := s.Solve(ctx, Options{})
		late := time.Since(asked)
		if err != nil {
			t.Fatal(err)
		}
		if a.Status == solver.Optimal {
			cancel()
			continue
		}
		if late > 50*time.Millisecond {
			t.Logf("cancelled after %v, answered %v later", after, late)
		}
		x := s.Solution()
		if err := Check(p, x); err != nil {
			t.Fatalf("cancelled after %v: Check: %v", after, err)
		}
		if a.Stop != solver.StopCancelled || x.Stop != a.Stop || x.Objective != a.Objective || x.Bound > x.Objective {
			t.Errorf("cancelled after %v: %+v, and %v %d, bound %d", after, a, x.Stop, x.Objective, x.Bound)
		}
		if x.Bound <= 0 {
			t.Errorf("cancelled after %v: a bound of %d, less than the cheapest arcs prove", after, x.Bound)
		}
		// It goes on from there.
		if a, err = s.Solve(t.Context(), Options{}); err != nil || a.Status != solver.Optimal {
			t.Fatalf("gone on after %v: %+v, %v", after, a, err)
		}
		if err := Check(p, s.Solution()); err != nil {
			t.Fatalf("gone on after %v: Check: %v", after, err)
		}
	}
}

func TestSolveEndsWithItsContext(t *testing.T) {
	p := crowded(8_000)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	late, stop := context.WithTimeout(t.Context(), time.Nanosecond)
	defer stop()
	for ctx, want := range map[context.Context]solver.Stop{ended: solver.StopCancelled, late: solver.StopTime} {
		s, err := Solve(ctx, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(p, s); err != nil || s.Stop != want || s.Status != solver.Feasible || s.Bound <= 0 {
			t.Errorf("Solve = %v, stopped by %v, bound %d, %v, want %v", s.Status, s.Stop, s.Bound, err, want)
		}
	}
	if s, err := Solve(t.Context(), p, Options{TimeLimit: 5 * time.Millisecond}); err != nil || Check(p, s) != nil || s.Stop != solver.StopTime {
		t.Errorf("Solve within 5 ms: %v, %v", s.Stop, err)
	}
}

func TestWorkLimitStopsAndGoesOn(t *testing.T) {
	p := crowded(3000)
	want := mustSolve(t, p, Options{})
	if anew := mustSolve(t, p, Options{}); anew.Work != want.Work || !reflect.DeepEqual(anew, want) {
		t.Error("two runs differ")
	}
	for _, limit := range []int64{1, 100, 2000, 5000, 20_000} {
		one, err := Solve(t.Context(), p, Options{WorkLimit: limit})
		if err != nil {
			t.Fatal(err)
		}
		two, err := Solve(t.Context(), p, Options{WorkLimit: limit})
		if err != nil || !reflect.DeepEqual(one, two) {
			t.Errorf("work limit %d: two runs differ (%v)", limit, err)
		}
		if err := Check(p, one); err != nil {
			t.Errorf("work limit %d: Check: %v", limit, err)
		}
		if one.Bound > want.Objective || one.Objective < want.Objective || one.Stop != solver.StopWork {
			t.Errorf("work limit %d: %v, %d and bound %d, optimum %d", limit, one.Stop, one.Objective, one.Bound, want.Objective)
		}
	}
}

func TestCoresDoNotChangeTheAnswer(t *testing.T) {
	p := crowded(13_000) // two parts
	cores := runtime.GOMAXPROCS(1)
	one := mustSolve(t, p, Options{})
	runtime.GOMAXPROCS(8)
	many := mustSolve(t, p, Options{})
	runtime.GOMAXPROCS(cores)
	if !reflect.DeepEqual(one, many) {
		t.Error("with 8 processors the answer is another than with 1")
	}
}

func TestValidate(t *testing.T) {
	good := func() *Problem {
		return &Problem{
			Units: []int64{1, 2}, Unmet: []int64{9, 9}, From: []int32{0, 1, 2}, Node: []int32{0, 1}, Cost: []int64{3, 4},
			Capacity: []int64{1, 1, 1}, Parent: []int32{2, 2, -1},
		}
	}
	tests := []struct {
		name string
		edit func(p *Problem)
		want string // pointers, in order
	}{
		{"nothing", func(*Problem) {}, ""},
		{"empty", func(p *Problem) { *p = Problem{From: []int32{0}} }, ""},
		{"lengths", func(p *Problem) { p.Units, p.Cost, p.Parent = p.Units[:1], p.Cost[:1], p.Parent[:1] }, "/units /cost /parent"},
		{"no from", func(p *Problem) { p.From = nil }, "/from"},
		{"from", func(p *Problem) { p.From = []int32{0, 3, 2} }, "/from/2"},
		{"from ends early", func(p *Problem) { p.From[2] = 1 }, "/from"},
		{"numbers", func(p *Problem) { p.Units[0], p.Node[0], p.Capacity[1] = -1, 3, -1 }, "/units/0 /node/0 /capacity/1"},
		{"parents", func(p *Problem) { p.Parent = []int32{0, 3, -2} }, "/parent/0 /parent/1 /parent/2"},
		{"large costs", func(p *Problem) { p.Unmet[0], p.Cost[1] = math.MinInt64, MaxCost+1 }, "/unmet/0 /cost/1"},
		{"overflow", func(p *Problem) { p.Units[1], p.Unmet[1] = 1<<40, 1<<30 }, "/units/1"},
		{"overflow of units", func(p *Problem) { p.Units = []int64{math.MaxInt64, 1} }, "/units/0"},
	}
	for _, tt := range tests {
		p := good()
		tt.edit(p)
		err := p.Validate()
		var got []string
		if invalid, ok := errors.AsType[*solver.Invalid](err); ok {
			for _, f := range invalid.Faults {
				got = append(got, f.Pointer)
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%s: Validate() = %v, want faults at %q", tt.name, err, tt.want)
		}
		if _, solved := Solve(t.Context(), p, Options{}); (solved == nil) != (tt.want == "") {
			t.Errorf("%s: Solve() = %v, want faults at %q", tt.name, solved, tt.want)
		}
	}
}

func TestChangesAreRefused(t *testing.T) {
	s, err := New(&Problem{
		Unmet: []int64{9, 9}, From: []int32{0, 1, 2}, Node: []int32{0, 1}, Cost: []int64{3, 4}, Capacity: []int64{1, 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	add := func(units, unmet int64, arcs ...Arc) error {
		_, err := s.Add(units, unmet, arcs)
		return err
	}
	for name, err := range map[string]error{
		"no such row":       s.Cancel(2),
		"no such node":      s.SetCapacity(-1, 3),
		"no such arc":       s.SetCost(0, 1, 3),
		"no arc to forbid":  s.Forbid(1, 0),
		"negative capacity": s.SetCapacity(0, -1),
		"negative units":    s.SetUnits(0, -1),
		"cost too large":    s.Allow(0, 1, MaxCost+1),
		"unmet too large":   s.SetUnmet(0, math.MinInt64),
		"units too many":    s.SetUnits(1, math.MaxInt64/4),
		"added too dear":    add(1<<40, 1<<40),
		"added to nowhere":  add(1, 1, Arc{2, 0}),
		"moved to nowhere":  s.Move(0, []Arc{{0, 1}, {7, 1}}),
		"moved too dear":    s.Move(0, []Arc{{0, math.MinInt64}}),
	} {
		if _, ok := errors.AsType[*solver.Invalid](err); !ok {
			t.Errorf("%s: error %v, want a *solver.Invalid", name, err)
		}
	}
	for _, start := range []Start{{Prices: []int64{1}}, {Placed: []Placed{{Row: 2}}}, {Placed: []Placed{{Node: -1}}}} {
		if _, err := s.Solve(t.Context(), Options{Start: &start}); err == nil {
			t.Errorf("the start %+v is not refused", start)
		}
	}
	if a, err := s.Solve(t.Context(), Options{}); err != nil || a.Objective != 7 {
		t.Errorf("Solve after refused changes = %+v, %v, want 3 + 4", a, err)
	}
}

// TestCheckFindsFaults spoils right answers in every way.
func TestCheckFindsFaults(t *testing.T) {
	p := &Problem{
		Units: []int64{2, 1}, Unmet: []int64{9, 8}, From: []int32{0, 2, 3}, Node: []int32{0, 1, 1}, Cost: []int64{3, 5, 4},
		Capacity: []int64{1, 1, 2}, Parent: []int32{2, 2, -1},
	}
	for name, spoil := range map[string]func(s *Solution){
		"status":               func(s *Solution) { s.Status = solver.Unknown },
		"objective":            func(s *Solution) { s.Objective--; s.Bound-- },
		"bound too high":       func(s *Solution) { s.Status = solver.Feasible; s.Bound++ },
		"bound not met":        func(s *Solution) { s.Bound-- },
		"units twice":          func(s *Solution) { s.Placed[0].Units++ },
		"units nowhere":        func(s *Solution) { s.Unmet[1]++ },
		"no such row":          func(s *Solution) { s.Placed[0].Row = 7 },
		"no such arc":          func(s *Solution) { s.Placed[0].Node = 2 },
		"a price short":        func(s *Solution) { s.NodePrice = s.NodePrice[:2] },
		"a row too dear":       func(s *Solution) { s.RowPrice[0] += 100 },
		"below what is behind": func(s *Solution) { s.NodePrice[2] += 1000 },
		"nothing placed":       func(s *Solution) { s.Placed = nil; s.Unmet = []int64{2, 1} },
		"too many at a node": func(s *Solution) {
			s.Placed = []Placed{{0, 0, 2}, {1, 1, 1}}
			s.Unmet = []int64{0, 0}
		},
	} {
		s := mustSolve(t, p, Options{})
		s.Placed, s.Unmet = slices.Clone(s.Placed), slices.Clone(s.Unmet)
		spoil(s)
		if Check(p, s) == nil {
			t.Errorf("%s: Check finds nothing", name)
		}
	}
	if Check(p, nil) == nil {
		t.Error("no solution: Check finds nothing")
	}
}

func TestWideCosts(t *testing.T) {
	for seed := range cases(1000) {
		rng := rand.New(rand.NewPCG(seed, 8))
		p := randomProblem(rng, 1+rng.IntN(12), 1+rng.IntN(10))
		for a := range p.Cost {
			p.Cost[a] *= 1 << 34
		}
		for i := range p.Unmet {
			p.Unmet[i] *= 1 << 34
		}
		if got, want := mustSolve(t, p, Options{}).Objective, byFlow(t, p); got != want {
			t.Fatalf("seed %d: Solve(%+v) = %d, network simplex %d", seed, p, got, want)
		}
	}
}
