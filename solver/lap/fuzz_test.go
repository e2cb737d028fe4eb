package lap

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
)

func FuzzSolve(f *testing.F) {
	f.Add(uint64(1), uint8(5), int64(10), int64(0))
	f.Add(uint64(2), uint8(4), int64(1)<<40, int64(-1)<<60)
	f.Add(uint64(3), uint8(6), int64(math.MaxInt64), int64(1))
	f.Fuzz(func(t *testing.T, seed uint64, side uint8, spread, base int64) {
		rng := rand.New(rand.NewPCG(seed, 0))
		if spread < 1 {
			spread = 1
		}
		p := random(rng, int(side%7), func() int64 { return base + rng.Int64N(spread) })
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			if _, ok := errors.AsType[*solver.Invalid](err); !ok || spread < 1<<56 && base > -1<<56 && base < 1<<56 {
				t.Fatalf("Solve(%+v): %v", p, err)
			}
			return
		}
		if err := Check(p, s); err != nil {
			t.Fatalf("Check(%+v, %+v): %v", p, s, err)
		}
		if s.Status != solver.Optimal {
			t.Fatalf("Solve(%+v) = %v, want optimal", p, s.Status)
		}
	})
}

func FuzzSolveReal(f *testing.F) {
	f.Add(uint64(1), uint8(5), 1.5, -3.0, uint8(3))
	f.Add(uint64(2), uint8(4), 1e300, 1e-300, uint8(200))
	f.Fuzz(func(t *testing.T, seed uint64, side uint8, scale, base float64, bits uint8) {
		rng := rand.New(rand.NewPCG(seed, 0))
		p := random(rng, int(side%7), func() float64 {
			return math.Ldexp(scale*rng.Float64(), -rng.IntN(1+int(bits))) + base
		})
		s, err := SolveReal(t.Context(), p, Options{})
		if err != nil {
			if _, ok := errors.AsType[*solver.Invalid](err); !ok {
				t.Fatalf("SolveReal(%+v): %v", p, err)
			}
			return
		}
		if err := CheckReal(p, s); err != nil {
			t.Fatalf("CheckReal(%+v, %+v): %v", p, s, err)
		}
	})
}

// pointers returns those of an error's faults.
func pointers(err error) (all []string) {
	if invalid, ok := errors.AsType[*solver.Invalid](err); ok {
		for _, f := range invalid.Faults {
			all = append(all, f.Pointer+" "+f.Code)
		}
	}
	return all
}

func TestFaults(t *testing.T) {
	for name, c := range map[string]struct {
		p    Problem[float64]
		want []string
	}{
		"negative":     {Problem[float64]{Rows: -1, Cols: 1 << 40}, []string{"/rows out_of_range", "/cols out_of_range"}},
		"short":        {Problem[float64]{Rows: 2, Cols: 2, Cost: []float64{1}, Forbidden: []bool{}, Col: []int32{0}}, []string{"/cost invalid", "/forbidden invalid", "/col conflict"}},
		"not finite":   {Problem[float64]{Rows: 1, Cols: 4, Cost: []float64{1, math.NaN(), math.Inf(1), math.Inf(-1)}, Forbidden: []bool{false, false, true, false}}, []string{"/cost/1 out_of_range", "/cost/3 out_of_range"}},
		"start":        {Problem[float64]{Rows: 2, Cols: 1, Start: []int{1, 0}}, []string{"/start invalid"}},
		"lists":        {Problem[float64]{Rows: 2, Cols: 1, Start: []int{1, 0, 3}, Col: []int32{0, 1}, Cost: []float64{1}, Forbidden: []bool{true}}, []string{"/forbidden conflict", "/col invalid", "/start/0 invalid", "/start/1 invalid", "/start/2 invalid", "/col/1 out_of_range"}},
		"sum too high": {Problem[float64]{Rows: 2, Cols: 2, Cost: []float64{1e308, 1e308, 1e308, 1.5e308}}, []string{"/cost/3 out_of_range"}},
	} {
		_, err := SolveReal(t.Context(), &c.p, Options{})
		if d := cmp.Diff(c.want, pointers(err)); d != "" {
			t.Errorf("%s: %v\n%s", name, err, d)
		}
	}
	const far = math.MaxInt64
	_, err := Solve(t.Context(), &Problem[int64]{Rows: 2, Cols: 2, Cost: []int64{far - 1, far - 1, far - 1, far}}, Options{})
	if d := cmp.Diff([]string{"/cost/3 out_of_range"}, pointers(err)); d != "" {
		t.Errorf("too large a sum: %v", err)
	}
}

// TestCheckRefuses: every claim is measured.
func TestCheckRefuses(t *testing.T) {
	p := &Problem[int32]{Rows: 2, Cols: 3, Cost: []int32{1, 2, 3, 1, 5, 5}, Forbidden: []bool{false, false, false, false, true, true}}
	good := func() *Solution[int64] {
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if err := Check(p, good()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(s *Solution[int64]){
		"twice":     func(s *Solution[int64]) { s.Col[0] = s.Col[1] },
		"forbidden": func(s *Solution[int64]) { s.Col[0], s.Col[1] = 0, 1 },
		"outside":   func(s *Solution[int64]) { s.Col[0] = 3 },
		"pairs":     func(s *Solution[int64]) { s.Pairs = 1 },
		"objective": func(s *Solution[int64]) { s.Objective, s.Bound = s.Objective+1, s.Bound+1 },
		"bound":     func(s *Solution[int64]) { s.Bound++ },
		"dual":      func(s *Solution[int64]) { s.RowDual[0] += 100 },
		"sign":      func(s *Solution[int64]) { s.ColDual[2] = 1; s.RowDual[0] -= 10 },
		"less":      func(s *Solution[int64]) { s.MostPairs = 1 },
		"status":    func(s *Solution[int64]) { s.Status = solver.Infeasible },
		"short":     func(s *Solution[int64]) { s.RowDual = nil },
	} {
		s := good()
		spoil(s)
		if Check(p, s) == nil {
			t.Errorf("%s: not refused: %+v", name, s)
		}
	}
}

// TestCores: the same bytes on one core and on eight.
func TestCores(t *testing.T) {
	cost := families(200, rand.New(rand.NewPCG(1, 5)))["near"]
	p := &Problem[int32]{Rows: 200, Cols: 200}
	for i := range 200 {
		for j := range 200 {
			p.Cost = append(p.Cost, cost(i, j))
		}
	}
	var answers []*Solution[int64]
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for _, cores := range []int{1, 8} {
		runtime.GOMAXPROCS(cores)
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		answers = append(answers, s)
	}
	if d := cmp.Diff(answers[0], answers[1]); d != "" {
		t.Errorf("on eight cores:\n%s", d)
	}
}

// tired is a context that is done after it was looked at so often.
type tired struct {
	context.Context //nolint:containedctx // it stands in for one
	left            atomic.Int64
}

func (c *tired) Err() error {
	if c.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// TestCancel: wherever a search is cancelled, it answers with all pairs of a complete matrix and a bound; and it looks whether it is
// once in so many pairs, so that it need not go on for long.
func TestCancel(t *testing.T) {
	const n = 200
	for name, cost := range families(n, rand.New(rand.NewPCG(1, 5))) {
		p := &Problem[int32]{Rows: n, Cols: n}
		for i := range n {
			for j := range n {
				p.Cost = append(p.Cost, cost(i, j))
			}
		}
		for looks := int64(0); ; looks++ {
			ctx := &tired{Context: t.Context()}
			ctx.left.Store(looks)
			s, err := Solve(ctx, p, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := Check(p, s); err != nil {
				t.Fatalf("%s, cancelled at look %d: %v", name, looks, err)
			}
			if s.Status == solver.Optimal {
				break
			}
			if s.Stop != solver.StopCancelled || s.Pairs != n {
				t.Fatalf("%s, cancelled at look %d: %v with %d pairs, want cancelled, %d", name, looks, s.Stop, s.Pairs, n)
			}
		}
		last := int64(0)
		_, err := Solve(t.Context(), p, Options{OnProgress: func(at Progress) {
			// one pass over the matrix looks at every block of rows, but counts them together
			if rows := at.Work - last; rows > n+lookEvery/8 {
				t.Errorf("%s: %d rows between two looks", name, rows)
			}
			last = at.Work
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
	// converted, turned and with forbidden pairs, so that it may be cancelled before any search
	for _, side := range [][2]int{{30, 20}, {300, 200}} {
		rng := rand.New(rand.NewPCG(2, 5))
		p := &Problem[int64]{Rows: side[0], Cols: side[1], Maximize: true}
		for range side[0] * side[1] {
			p.Cost, p.Forbidden = append(p.Cost, rng.Int64N(1<<30)), append(p.Forbidden, rng.IntN(2) == 0)
		}
		for _, p := range []*Problem[int64]{p, {Rows: p.Rows, Cols: p.Cols, Cost: p.Cost}} {
			for looks := int64(0); ; looks++ {
				ctx := &tired{Context: t.Context()}
				ctx.left.Store(looks)
				s, err := Solve(ctx, p, Options{})
				if err != nil {
					t.Fatal(err)
				}
				if err := Check(p, s); err != nil {
					t.Fatalf("%v, cancelled at look %d: %v", side, looks, err)
				}
				if s.Status == solver.Optimal {
					break
				}
			}
		}
	}
	p := &Problem[int32]{Rows: 2, Cols: 2, Cost: []int32{1, 2, 3, 5}}
	past, done := context.WithTimeout(t.Context(), 0)
	defer done()
	if s, err := Solve(past, p, Options{}); err != nil || s.Stop != solver.StopTime && s.Status != solver.Optimal || Check(p, s) != nil {
		t.Errorf("with no time at all: %+v, %v", s, err)
	}
}

// TestScales: what must not change the answer, or must change it in a known way.
func TestScales(t *testing.T) {
	for seed := range uint64(cases(300)) {
		rng := rand.New(rand.NewPCG(seed, 6))
		p := random(rng, 30, func() int64 { return rng.Int64N(50) })
		want := solved(t, "as it is", p)
		twice := *p
		twice.Cost = slices.Clone(p.Cost)
		for k := range twice.Cost {
			twice.Cost[k] *= 1_000_003
		}
		if got := solved(t, "scaled", &twice); got != want*1_000_003 {
			t.Errorf("seed %d: scaled by 1,000,003: %d, want %d", seed, got, want*1_000_003)
		}
		minus := *p
		minus.Cost, minus.Maximize = slices.Clone(p.Cost), !p.Maximize
		for k := range minus.Cost {
			minus.Cost[k] = -minus.Cost[k]
		}
		if got := solved(t, "signs turned", &minus); got != -want {
			t.Errorf("seed %d: signs turned: %d, want %d", seed, got, -want)
		}
	}
}
