//go:build linux || darwin

package measure

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestStoreGoesOnAfterACrash(t *testing.T) {
	path := filepath.Join(t.TempDir(), "records.jsonl")
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	key := Key{Subject: "mcf", Instance: "tiny", Solver: "A", Run: 1}
	if err := s.Add(Record{Key: key, State: OK, Line: Line{Optimum: 7, SolveS: 0.5}}); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(`{"subject":"mcf","inst`) // the crash
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	second := key
	second.Run = 2
	for range 2 { // the second time reads what the first wrote after the cut
		if s, err = Open(path); err != nil {
			t.Fatal(err)
		}
		if !s.Has(key) {
			t.Fatalf("Has(%v) = false after the crash", key)
		}
		if !s.Has(second) {
			if err := s.Add(Record{Key: second, State: Capped}); err != nil {
				t.Fatal(err)
			}
		}
	}
	if runs := s.Runs("mcf", "tiny", "A"); len(runs) != 2 || runs[0].Optimum != 7 || runs[1].State != Capped {
		t.Errorf("Runs = %v, want the two that were added", runs)
	}
}

func TestSum(t *testing.T) {
	run := func(s float64) Record { return Record{State: OK, Line: Line{Optimum: 3, SolveS: s, CPUS: 2 * s}} }
	if got := Sum([]Record{run(5), run(1), run(9)}); got.SolveS != 5 || got.CPUS != 10 || got.Runs != 3 || got.State != OK {
		t.Errorf("Sum of 5, 1, 9 s = %+v, want the median 5 of 3 runs", got)
	}
	if got := Sum([]Record{run(5), run(1)}); got.SolveS != 3 {
		t.Errorf("Sum of 5, 1 s = %v, want the mean of the middle two, 3", got.SolveS)
	}
	capped := Record{State: Capped, Line: Line{SolveS: 120}}
	if got := Sum([]Record{capped}); got.State != Capped || got.SolveS != 120 {
		t.Errorf("Sum of a capped run = %+v, want capped at 120", got)
	}
	if got := Sum(nil); got.Runs != 0 {
		t.Errorf("Sum of nothing = %+v, want no runs", got)
	}
}

func TestQuantile(t *testing.T) {
	for _, c := range []struct {
		values  []float64
		q, want float64
	}{
		{nil, 0.5, 0},
		{[]float64{4}, 0.9, 4},
		{[]float64{2, 1}, 0.5, 1.5},
		{[]float64{10, 9, 8, 7, 6, 5, 4, 3, 2, 1}, 0.9, 9},
		{[]float64{3, 1, 2}, 1, 3},
		{[]float64{3, 1, 2}, 0, 1},
	} {
		if got := Quantile(c.values, c.q); got != c.want {
			t.Errorf("Quantile(%v, %v) = %v, want %v", c.values, c.q, got, c.want)
		}
	}
}

func TestDriver(t *testing.T) {
	for _, c := range []struct {
		name, script string
		limit        time.Duration
		state        State
	}{
		{"a line", `echo noise; echo '{"optimum":5,"solve_s":0.25}'`, time.Minute, OK},
		{"no line", `true`, time.Minute, Failed},
		{"a fault", `echo broken >&2; exit 3`, time.Minute, Failed},
		{"too long", `exec sleep 60`, 50 * time.Millisecond, Capped},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := Driver(t.Context(), c.limit, "sh", "-c", c.script)
			if err != nil {
				t.Fatal(err)
			}
			if r.State != c.state {
				t.Fatalf("state = %q (%s), want %q", r.State, r.Note, c.state)
			}
			if c.state == OK && (r.Optimum != 5 || r.SolveS != 0.25) {
				t.Errorf("record = %+v, want the driver's line", r)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Driver(ctx, time.Minute, "true"); !errors.Is(err, context.Canceled) {
		t.Errorf("Driver in a cancelled context: %v, want context.Canceled", err)
	}
}

func TestSelf(t *testing.T) {
	cpu, peak := Self()
	if cpu <= 0 || peak < 1<<20 {
		t.Errorf("Self() = %v s, %d bytes, want some of both", cpu, peak)
	}
}

func TestWeighted(t *testing.T) {
	p := Plan{Tiers: []Tier{{"unmet", 4, 3}, {"cost", 50, 90}}}
	if value, bound, gap := p.Weighted(100); value != 450 || bound != 390 || gap != 60.0/450 {
		t.Errorf("Weighted = %v, %v, %v, want 450, 390 and their gap", value, bound, gap)
	}
	if _, _, gap := (&Plan{Tiers: []Tier{{"unmet", 0, 0}}}).Weighted(100); gap != 0 {
		t.Errorf("the gap of nothing unmet is %v", gap)
	}
}
