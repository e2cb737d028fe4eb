package lap

import (
	"math/big"
	"slices"
)

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

// forbids reports whether a dense problem forbids the pair of the engines' row i and column j.
func (l *layout) forbids(i, j int32) bool {
	if l.turned {
		i, j = j, i
	}
	return l.forbidden[int(i)*l.cols+int(j)]
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

	// fill sets out to the costs from place from on, coarse if shift is not 0, dear where a pair is forbidden.
	fill(out []int32, from int, shift uint, dear int32)
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
	switch whole := l.complete(); {
	case l.n == 0:
		return &answer{u: []int64{}, v: make([]int64, l.m), done: true}
	case whole && direct != nil:
		return solveMatrix(m, direct)
	case whole && c.bits() <= denseBits:
		return solveMatrix(m, denseMatrix(m, l, c, 0, 0))
	case whole:
		shift := uint(c.bits() - denseBits)
		return refine(m, l, c, solveMatrix(m, denseMatrix(m, l, c, shift, 0)), shift, aloneCost(l.n, denseBits))
	case l.start == nil && l.n >= coreSmall:
		if a := assignForbidden(m, l, c); a != nil {
			return a
		}
	}
	return assignLists(m, l, c)
}

// assignLists solves a problem on its pairs alone.
func assignLists(m *meter, l *layout, c costs) *answer {
	const exactBits = 60 // of the dearest sum that the engines may meet
	switch sum := c.bits() + bitLen(l.n+1); {
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

// assignForbidden solves a matrix in which pairs are forbidden as a complete one in which these are dearer than any other. Where the
// optimum needs none of them, it is that of the problem; else it returns nil.
func assignForbidden(m *meter, l *layout, c costs) *answer {
	const more = 2 // bits: forbidden pairs are so much dearer that the optimum hardly needs one, yet not so much that the auction's steps grow
	shift := uint(max(0, c.bits()-denseBits+more))
	dear := int32(1) << (c.bits() - int(shift) + more)
	d := denseMatrix(m, l, c, shift, dear)
	a := solveMatrix(m, d)
	for i, j := range a.colOf {
		if l.forbids(int32(i), j) {
			if a.done {
				return nil
			}
			a.colOf[i] = free
		}
	}
	if !a.done { // the bound must hold though columns may stay free
		top := max(0, slices.Max(a.v))
		for j := range a.v {
			a.v[j] -= top
		}
		for i := range a.u {
			a.u[i] += top
		}
	}
	if shift == 0 {
		return a
	}
	return refine(m, l, c, a, shift, aloneCost(l.n, denseBits))
}

// denseMatrix converts the costs of a matrix, turned where it must be; dear is the cost of forbidden pairs. When
// ctx ends it, the meter knows, and what is left costs 0, which is above no cost.
func denseMatrix(m *meter, l *layout, c costs, shift uint, dear int32) *matrix {
	d := &matrix{n: l.n, m: l.m, cost: make([]int32, l.size)}
	if !l.turned {
		spread(m.ctx, l.size, lookEvery, func(_, lo, hi int) { c.fill(d.cost[lo:hi], lo, shift, dear) })
		m.look()
		return d
	}
	const tile = 32 // so that neither side jumps from one line of memory to the next
	spread(m.ctx, l.rows, tile, func(_, lo, hi int) {
		rows := make([]int32, (hi-lo)*l.cols)
		c.fill(rows, lo*l.cols, shift, dear)
		for i := range d.n {
			to := d.cost[i*d.m+lo : i*d.m+hi]
			for j := range to {
				to[j] = rows[j*l.cols+i]
			}
		}
	})
	m.look()
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
