package lap

import (
	"math/rand/v2"
	"testing"
)

// TestForbidden solves matrices with forbidden pairs, few or nearly all, and the same pairs as lists.
func TestForbidden(t *testing.T) {
	for seed := range uint64(cases(60)) {
		rng := rand.New(rand.NewPCG(seed, 10))
		p := &Problem[int64]{Rows: 66 + rng.IntN(20), Cols: 66 + rng.IntN(20), Maximize: seed%3 == 0}
		if rng.IntN(2) == 0 {
			p.Cols = p.Rows
		}
		share := []float64{0.01, 0.5, 0.9, 0.97}[rng.IntN(4)]
		spread := []int64{3, 1000, 1 << 26, 1 << 27, 1 << 40}[rng.IntN(5)]
		lists := &Problem[int64]{Rows: p.Rows, Cols: p.Cols, Start: []int{0}, Maximize: p.Maximize}
		reals := &Problem[float64]{Rows: p.Rows, Cols: p.Cols, Maximize: p.Maximize}
		for range p.Rows {
			for j := range p.Cols {
				cost, no := rng.Int64N(spread)-spread/2, rng.Float64() < share
				p.Cost, p.Forbidden = append(p.Cost, cost), append(p.Forbidden, no)
				reals.Cost = append(reals.Cost, float64(cost)/8)
				if !no {
					lists.Col, lists.Cost = append(lists.Col, int32(j)), append(lists.Cost, cost)
				}
			}
			lists.Start = append(lists.Start, len(lists.Col))
		}
		reals.Forbidden = p.Forbidden
		want := solved(t, "lists", lists)
		if got := solved(t, "matrix", p); got != want {
			t.Errorf("seed %d: %d as a matrix, %d as lists", seed, got, want)
		}
		s, err := SolveReal(t.Context(), reals, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := CheckReal(reals, s); err != nil || s.Objective != float64(want)/8 {
			t.Errorf("seed %d: reals: %v; %v, want %v", seed, err, s.Objective, float64(want)/8)
		}
	}
}
