package gap

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
)

func TestCancelled(t *testing.T) {
	p := hardProblem(rand.New(rand.NewPCG(1, 1)), 20, 400)
	for _, after := range []time.Duration{0, 20 * time.Millisecond, 300 * time.Millisecond} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(after, cancel)
		s, err := Solve(ctx, p, Options{})
		cancel()
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(p, s); err != nil {
			t.Error(err)
		}
		if s.Stop != solver.StopCancelled {
			t.Errorf("cancelled after %v: stop = %v", after, s.Stop)
		}
	}
}

// TestReplay cuts a run by time and repeats it by the work it recorded.
func TestReplay(t *testing.T) {
	p := hardProblem(rand.New(rand.NewPCG(2, 2)), 10, 100)
	cut := solved(t, p, Options{Seed: 4, TimeLimit: 400 * time.Millisecond})
	again := solved(t, p, Options{Seed: 4, WorkLimit: cut.Work})
	cut.Stop, again.Stop = solver.StopNone, solver.StopNone
	if d := cmp.Diff(cut, again); cut.Work > 0 && d != "" {
		t.Errorf("the replay differs:\n%s", d)
	}
}

func TestStart(t *testing.T) {
	p := hardProblem(rand.New(rand.NewPCG(3, 3)), 3, 12)
	best := solved(t, p, Options{WorkLimit: 3000})
	s := solved(t, p, Options{Start: best.AssignedTo, WorkLimit: 1})
	if s.AssignedTo == nil || s.Objective > best.Objective {
		t.Errorf("a start of %d is lost: %v %d", best.Objective, s.Status, s.Objective)
	}
	bad := append([]int32(nil), best.AssignedTo...)
	bad[0] = 77
	if s := solved(t, p, Options{Start: bad, WorkLimit: 3000}); s.Objective != best.Objective {
		t.Errorf("with a start that breaks a rule: %d, want %d", s.Objective, best.Objective)
	}
}

func TestValidate(t *testing.T) {
	p := &Problem{
		Agents: 1, Jobs: 2, Cost: []int64{1 << 60, 2}, Use: [][]int64{{-1, 2}, {1}},
		Capacity: [][]int64{{-3}, {4}}, MinLoad: [][]int64{nil, {5}}, Penalty: []int64{1},
	}
	_, err := Solve(t.Context(), p, Options{})
	invalid, ok := errors.AsType[*solver.Invalid](err)
	if !ok {
		t.Fatalf("error = %v, want *solver.Invalid", err)
	}
	var got []string
	for _, f := range invalid.Faults {
		got = append(got, f.Pointer+" "+f.Code)
	}
	want := []string{
		"/penalty invalid", "/use/0/0 out_of_range", "/use/1 invalid", "/capacity/0/0 out_of_range", "/min_load/1/0 conflict",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	huge := &Problem{Agents: 1, Jobs: 2, Cost: []int64{1, math.MinInt64}}
	if err := huge.Validate(); err == nil {
		t.Error("a cost of -2^63 is accepted")
	}
}

func TestCheckRefuses(t *testing.T) {
	p := hardProblem(rand.New(rand.NewPCG(3, 3)), 3, 12)
	good := solved(t, p, Options{WorkLimit: 3000})
	if good.Status != solver.Optimal {
		t.Fatalf("status = %v, want optimal", good.Status)
	}
	for name, change := range map[string]func(*Solution){
		"objective":   func(s *Solution) { s.Objective-- },
		"bound":       func(s *Solution) { s.Bound++ },
		"assignment":  func(s *Solution) { s.AssignedTo[0] = 9 },
		"left":        func(s *Solution) { s.AssignedTo[0] = Unassigned },
		"all at one":  func(s *Solution) { clear(s.AssignedTo) },
		"status":      func(s *Solution) { s.Status = solver.Infeasible },
		"certificate": func(s *Solution) { s.Dual.Price[0] += 40 * s.Dual.Scale },
		"prices":      func(s *Solution) { s.Dual.Price = s.Dual.Price[1:] },
	} {
		s, dual := *good, *good.Dual
		s.AssignedTo, dual.Price = slices.Clone(s.AssignedTo), slices.Clone(dual.Price)
		s.Dual = &dual
		change(&s)
		if err := Check(p, &s); err == nil {
			t.Errorf("%s: Check accepts the change", name)
		}
	}
}

// TestLargeCostsThatDifferLittle: prices of the original costs stay within 64 bits on the grid that the differences allow.
func TestLargeCostsThatDifferLittle(t *testing.T) {
	p := &Problem{
		Agents: 2, Jobs: 2, Cost: []int64{1 << 53, 1<<53 + 7, 1<<53 + 1, 1<<53 + 3},
		Use: [][]int64{{1, 1, 1, 1}}, Capacity: [][]int64{{1, 1}},
	}
	s, err := Solve(t.Context(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := Check(p, s); err != nil || s.Objective != 1<<54+3 {
		t.Errorf("Solve = %+v: %v", s, err)
	}
}
