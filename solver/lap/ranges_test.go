package lap

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

// TestRanges moves the cost of every pair to the end of its range, and one further, and solves again.
func TestRanges(t *testing.T) {
	for seed := range uint64(cases(1500)) {
		rng := rand.New(rand.NewPCG(seed, 9))
		spread := []int64{2, 6, 100, 1 << 40}[rng.IntN(4)]
		p := random(rng, 6, func() int64 { return rng.Int64N(spread) - spread/3 })
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, err := NewRanges(p, s)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		sign := int64(1) // towards a worse answer
		if p.Maximize {
			sign = -1
		}
		for i := range p.Rows {
			from := i * p.Cols
			if p.Start != nil {
				from = p.Start[i]
			}
			for k, room := range r.Row(i) {
				k += from
				if p.Start == nil && p.Forbidden != nil && p.Forbidden[k] {
					if room != Unlimited {
						t.Fatalf("seed %d: forbidden pair %d may move by %d only", seed, k, room)
					}
					continue
				}
				own := s.Col[i] >= 0 && k == place(p, i, s.Col[i])
				old := p.Cost[k]
				moved := func(by int64) int64 {
					if !own {
						by = -by
					}
					p.Cost[k] = old + sign*by
					defer func() { p.Cost[k] = old }()
					again, err := Solve(t.Context(), p, Options{})
					if err != nil {
						t.Fatal(err)
					}
					if !own {
						by = 0
					}
					return sign*again.Objective - sign*s.Objective - by // below 0 if another answer is better
				}
				switch {
				case room == Unlimited:
					if got := moved(1 << 50); got != 0 {
						t.Fatalf("seed %d: %+v: pair %d (in the answer: %v) may move as it likes, yet then another is better by %d", seed, p, k, own, -got)
					}
				case room < 0 || moved(room) != 0 || moved(room+1) >= 0:
					t.Fatalf("seed %d: %+v: pair %d (in the answer: %v) may move by %d: %d; one more: %d", seed, p, k, own, room, moved(room), moved(room+1))
				}
			}
		}
	}
}

func TestRangesOfAWorkedExample(t *testing.T) {
	// 1 + 2 is least. The only other assignment costs 4 + 5, 6 more.
	p := &Problem[int32]{Rows: 2, Cols: 2, Cost: []int32{1, 4, 5, 2}}
	s, err := Solve(t.Context(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := NewRanges(p, s)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		for j, room := range r.Row(i) {
			if room != 6 {
				t.Errorf("row %d, column %d: %d, want 6", i, j, room)
			}
		}
	}
	// with a third column every row may go there at 9: each pair of the answer may rise by what that is more
	p = &Problem[int32]{Rows: 2, Cols: 3, Cost: []int32{1, 4, 9, 5, 2, 9}}
	if s, err = Solve(t.Context(), p, Options{}); err != nil {
		t.Fatal(err)
	}
	if r, err = NewRanges(p, s); err != nil {
		t.Fatal(err)
	}
	// row 0 elsewhere: column 1 and row 1 to 0 (+6), or column 2 (+8)
	if got := r.Row(0); got[0] != 6 || got[1] != 6 || got[2] != 8 {
		t.Errorf("row 0: %v, want 6, 6, 8", got)
	}
}

func TestRangesRefuse(t *testing.T) {
	p := &Problem[int64]{Rows: 2, Cols: 2, Cost: []int64{1, 2, 3, 5}}
	s, err := Solve(t.Context(), p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	wrong := *s
	wrong.Objective++
	if _, err := NewRanges(p, &wrong); err == nil {
		t.Error("a wrong objective is not refused")
	}
	none, cancel := context.WithCancel(t.Context())
	cancel()
	if cut, err := Solve(none, p, Options{WorkLimit: 1}); err != nil {
		t.Fatal(err)
	} else if _, err := NewRanges(p, cut); err == nil {
		t.Error("an answer that is not optimal is not refused")
	}
	far := &Problem[int64]{Rows: 2, Cols: 2, Cost: []int64{0, 1, math.MaxInt64 / 8, 1}}
	if s, err = Solve(t.Context(), far, Options{}); err != nil {
		t.Fatal(err)
	}
	if _, err := NewRanges(far, s); err == nil {
		t.Error("costs beyond what ranges can hold are not refused")
	}
}
