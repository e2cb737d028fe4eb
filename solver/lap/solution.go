package lap

import (
	"math"
	"math/big"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
)

// shape fills in what does not depend on costs: pairs, status and cover.
func shape[S int64 | float64](l *layout, m *meter, a *answer) *Solution[S] {
	s := &Solution[S]{Status: solver.Feasible, Stop: m.stop, Col: make([]int32, l.rows), MostPairs: l.n, Work: m.work}
	for i := range s.Col {
		s.Col[i] = -1
	}
	for i, j := range a.colOf {
		switch {
		case j < 0:
			continue
		case l.turned:
			s.Col[j] = int32(i)
		default:
			s.Col[i] = j
		}
		s.Pairs++
	}
	if !a.done {
		return s
	}
	s.Status, s.Stop, s.MostPairs = solver.Optimal, solver.StopProved, s.Pairs
	if s.Pairs < l.n {
		rows, cols := l.cover(a.colOf)
		s.CoverRow, s.CoverCol = rows, cols
		if l.turned {
			s.CoverRow, s.CoverCol = cols, rows
		}
	}
	return s
}

// cover returns the least rows and columns that touch every pair (König 1931): the columns that can be reached from a row
// without a column by going to any column and back with the pairs of the matching, and the rows that cannot.
func (l *layout) cover(colOf []int32) (rows, cols []bool) {
	start := make([]int, l.n+1)
	l.pairs(func(i, _ int32, _ int) { start[i+1]++ })
	for i := range l.n {
		start[i+1] += start[i]
	}
	to, at := make([]int32, start[l.n]), slices.Clone(start)
	l.pairs(func(i, j int32, _ int) {
		to[at[i]] = j
		at[i]++
	})
	rowOf := make([]int32, l.m)
	rows, cols = make([]bool, l.n), make([]bool, l.m)
	var queue []int32
	for i, j := range colOf {
		if rows[i] = j >= 0; j >= 0 {
			rowOf[j] = int32(i)
		} else {
			queue = append(queue, int32(i))
		}
	}
	for len(queue) > 0 {
		i := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for _, j := range to[start[i]:start[i+1]] {
			if !cols[j] {
				cols[j] = true
				rows[rowOf[j]] = false
				queue = append(queue, rowOf[j])
			}
		}
	}
	return rows, cols
}

// place returns where in Cost the better entry of row i and column j stands.
func place[T Number](p *Problem[T], i int, j int32) int {
	if p.Start == nil {
		return i*p.Cols + int(j)
	}
	best := -1
	for k := p.Start[i]; k < p.Start[i+1]; k++ {
		if p.Col[k] == j && (best < 0 || p.Cost[k] != p.Cost[best] && p.Cost[k] < p.Cost[best] != p.Maximize) {
			best = k
		}
	}
	return best
}

// settleDuals lowers the duals of the engines' rows without a column to the largest of the others, which the proof does not
// miss, so that no number stands for "more than everything".
func (a *answer) settleDuals() {
	if a.bigU == nil {
		top, paired := int64(math.MinInt64), false
		for i, j := range a.colOf {
			if j >= 0 {
				top, paired = max(top, a.u[i]), true
			}
		}
		for i, j := range a.colOf {
			if j < 0 && !paired {
				a.u[i] = min(a.u[i], 0)
			} else if j < 0 {
				a.u[i] = min(a.u[i], top)
			}
		}
		return
	}
	var top *big.Int
	for i, j := range a.colOf {
		if j >= 0 && (top == nil || a.bigU[i].Cmp(top) > 0) {
			top = a.bigU[i]
		}
	}
	if top == nil {
		top = new(big.Int)
	}
	for i, j := range a.colOf {
		if j < 0 && a.bigU[i].Cmp(top) > 0 {
			a.bigU[i] = top
		}
	}
}

// lowest returns the bound that duals of the engines' rows and columns prove for the number of pairs that an optimum has: exactly
// n where the matrix is complete, else at least the pairs in hand.
func lowest(l *layout, u, v []*big.Int, pairs int) *big.Int {
	if l.complete() {
		pairs = l.n
	}
	u = slices.SortedFunc(slices.Values(u), (*big.Int).Cmp)
	sum := new(big.Int)
	for i, x := range u {
		if i < pairs || x.Sign() < 0 {
			sum.Add(sum, x)
		}
	}
	for _, x := range v {
		sum.Add(sum, x)
	}
	return sum
}
