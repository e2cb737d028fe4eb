package lap

import "math/big"

// layout is the form of a problem without its costs.
type layout struct {
	rows, cols int // as in the problem
	start      []int
	col        []int32
	forbidden  []bool
	size       int // entries of Cost

	// The engines have at most as many rows as columns: where the problem has more, its columns are their rows.
	turned bool
	n, m   int
}

func newLayout[T Number](p *Problem[T]) *layout {
	l := &layout{rows: p.Rows, cols: p.Cols, start: p.Start, col: p.Col, forbidden: p.Forbidden, size: len(p.Cost), n: p.Rows, m: p.Cols}
	if l.rows > l.cols {
		l.turned, l.n, l.m = true, p.Cols, p.Rows
	}
	return l
}

// complete reports whether the problem is a dense matrix in which every pair is allowed.
func (l *layout) complete() bool {
	if l.start != nil {
		return false
	}
	for _, f := range l.forbidden {
		if f {
			return false
		}
	}
	return true
}

// pairs calls f with every allowed pair: its row and column as the engines have them, and its place in Cost.
func (l *layout) pairs(f func(i, j int32, k int)) {
	row, at := int32(0), 0
	for k := range l.size {
		var i, j int32
		if l.start == nil {
			if l.forbidden != nil && l.forbidden[k] {
				continue
			}
			for k-at >= l.cols {
				row, at = row+1, at+l.cols
			}
			i, j = row, int32(k-at)
		} else {
			for k >= l.start[row+1] {
				row++
			}
			i, j = row, l.col[k]
		}
		if l.turned {
			i, j = j, i
		}
		f(i, j, k)
	}
}

// costs are the costs of a problem as whole numbers from 0 on, to be minimised.
type costs interface {
	bits() int                      // of the largest
	whole(k int) int64              // the cost at place k, where bits is at most 62
	exact(k int) *big.Int           // the same, whatever bits is; the caller's own
	coarse(k int, shift uint) int32 // at most exact / 2^shift, and less than 1 + 2⁻¹⁹ below it; bits less shift is at most 30
}

// answer is a matching of the engines' rows, and duals of rows and columns that hold for every pair. When it is done they prove
// it optimal. The duals are u and v; after refine, bigU and bigV.
type answer struct {
	colOf      []int32 // free or single where a row has no column
	u, v       []int64
	bigU, bigV []*big.Int
	done       bool
}

// assign solves a problem with whichever engine fits its form and its costs.
func assign(m *meter, l *layout, c costs, direct *matrix) *answer {
	const exactBits = 60 // of the dearest sum that the engines may meet
	sum := c.bits() + bitLen(l.n+1)
	switch whole := l.complete(); {
	case l.n == 0:
		return &answer{u: []int64{}, v: make([]int64, l.m), done: true}
	case whole && direct != nil:
		return solveMatrix(m, direct)
	case whole && c.bits() <= denseBits:
		return solveMatrix(m, denseMatrix(l, func(k int) int32 { return int32(c.whole(k)) }))
	case whole:
		shift := uint(c.bits() - denseBits)
		a := solveMatrix(m, denseMatrix(l, func(k int) int32 { return c.coarse(k, shift) }))
		return refine(m, l, c, a, shift, aloneCost(l.n, denseBits))
	case c.bits() <= 31:
		return solveLists(m, l, c.bits(), func(k int) int32 { return int32(c.whole(k)) })
	case sum < exactBits:
		return solveLists(m, l, c.bits(), c.whole)
	default:
		shift := uint(c.bits() - 30)
		a := solveLists(m, l, 30, func(k int) int32 { return c.coarse(k, shift) })
		return refine(m, l, c, a, shift, aloneCost(l.n, 30))
	}
}

// denseMatrix converts the costs of a complete matrix, turned where it must be.
func denseMatrix(l *layout, cost func(k int) int32) *matrix {
	d := &matrix{n: l.n, m: l.m, cost: make([]int32, l.size)}
	if !l.turned {
		for k := range d.cost {
			d.cost[k] = cost(k)
		}
		return d
	}
	const tile = 32 // so that neither side jumps from one line of memory to the next
	for i0 := 0; i0 < d.n; i0 += tile {
		for j0 := 0; j0 < d.m; j0 += tile {
			for j := j0; j < min(j0+tile, d.m); j++ {
				for i := i0; i < min(i0+tile, d.n); i++ {
					d.cost[i*d.m+j] = cost(j*d.n + i)
				}
			}
		}
	}
	return d
}

// aloneCost is more than what n pairs can cost whose costs have so many bits.
func aloneCost(n, bits int) int64 { return int64(n+1)<<bits + 1 }

// solveLists solves a problem on all of its pairs.
func solveLists[C whole](m *meter, l *layout, bits int, cost func(k int) C) *answer {
	rows := make([][]arc[C], l.n)
	if all := make([]arc[C], l.size); l.start != nil && !l.turned {
		for k, j := range l.col {
			all[k] = arc[C]{j, cost(k)}
		}
		for i := range rows {
			rows[i] = all[l.start[i]:l.start[i+1]:l.start[i+1]]
		}
	} else {
		count := make([]int, l.n)
		l.pairs(func(i, _ int32, _ int) { count[i]++ })
		for i, c := range count {
			rows[i], all = all[:0:c], all[c:]
		}
		l.pairs(func(i, j int32, k int) { rows[i] = append(rows[i], arc[C]{j, cost(k)}) })
	}
	e := newNetwork(m, rows, l.m, aloneCost(l.n, bits))
	e.auction()
	e.match()
	return e.answer()
}

// answer ends the search. Where it was stopped, the duals of columns are kept and those of rows follow.
func (e *network[C]) answer() *answer {
	a := &answer{colOf: e.colOf, u: make([]int64, len(e.rows)), v: e.v, done: !e.halted()}
	for i := range a.u {
		if a.done {
			a.u[i] = e.rowDual(int32(i))
			continue
		}
		least, _ := e.cheapest(e.rows[i])
		a.u[i] = min(least, e.alone)
	}
	return a
}

func bitLen(n int) int { return big.NewInt(int64(n)).BitLen() }
