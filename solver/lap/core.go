package lap

import (
	"math"
	"runtime"
	"slices"
)

// How the core is chosen. Measured on uniform, geographic and tied costs from 1,000 to 5,000 rows.
const (
	coreArcs   = 16 // arcs of a row to begin with, up to as many again
	coreMore   = 12 // arcs that a row gains in one round, up to as many again
	coreRounds = 30 // after so many rounds the matrix is held to have no core
	coreSmall  = 64 // with fewer columns whole rows are as fast
)

// mostDual bounds the duals of columns with which core looks at rows: a cost less a dual fits in 32 bits.
const mostDual = 12 * maxDense

// core solves a matrix on a few arcs of each row, those of least reduced cost, and then looks through all others for arcs that
// the duals do not rule out, adds them and goes on from where it stands, until there is none: then the duals prove the optimum
// of the whole matrix. When most rows find such arcs and the next round does not make them fewer, the matrix has no core, and
// [paths] takes over.
type core struct {
	*meter
	*matrix
	net *network[int32]
	bar []int32 // no pair of row i outside its list has a smaller cost − v; duals of columns only fall, so this stays true

	v      []int32 // duals of columns of the last look
	best   answer  // duals that prove the best bound so far
	bound  int64
	broken []bool // rows with arcs that the duals do not rule out
}

// solveMatrix matches every row of d at least cost.
func solveMatrix(m *meter, d *matrix) *answer {
	if d.m < coreSmall {
		s := newPaths(m, d)
		if !m.halted() {
			s.solve()
		}
		return s.answer()
	}
	c := &core{meter: m, matrix: d, bar: make([]int32, d.n), v: make([]int32, d.m), broken: make([]bool, d.n)}
	c.pass(d.n)
	copy(c.v, d.startDuals())
	if !c.halted() {
		c.choose()
	}
	if !c.halted() {
		c.net.auction()
	}
	first := 0
	for round := 0; !c.halted(); round++ {
		c.net.match()
		if c.halted() {
			break
		}
		broken, narrow := c.look()
		switch {
		case c.halted():
		case narrow && broken == 0:
			return &answer{colOf: c.net.colOf, u: c.best.u, v: c.net.v, done: true}
		case narrow && round == 0:
			first = broken
		case !narrow || round == coreRounds || round == 1 && 2*first > d.n && 10*broken > 9*first:
			s := newPaths(m, d)
			s.solve()
			return s.answer()
		}
		c.net.release()
	}
	return c.cut()
}

// each calls f for all rows, block by block, on every core, and counts the rows as work.
func (c *core) each(f func(worker, lo, hi int)) {
	spread(c.ctx, c.n, max(1, lookEvery/c.m), f)
	c.pass(c.n)
}

// choose makes the network of the core.
func (c *core) choose() {
	rows := make([][]arc[int32], c.n)
	lists := make([]*shortlist, runtime.GOMAXPROCS(0))
	c.each(func(w, lo, hi int) {
		if lists[w] == nil {
			lists[w] = newShortlist(c.m)
		}
		l := lists[w]
		l.forget()
		arcs := make([]arc[int32], 0, (hi-lo)*(coreArcs*3/2+1))
		for i := lo; i < hi; i++ {
			row, from := c.row(int32(i)), len(arcs)
			cols, bar := l.find(row, c.v, coreArcs, math.MaxInt32, i)
			for _, j := range cols {
				arcs = append(arcs, arc[int32]{j, row[j]})
			}
			arcs = append(arcs, arc[int32]{int32(i), row[i]}) // the diagonal: so every row can be matched
			rows[i], c.bar[i] = arcs[from:len(arcs):len(arcs)], bar
		}
	})
	c.net = newNetwork(c.meter, rows, c.m, 4*maxDense*int64(c.n+1))
	for j, v := range c.v {
		c.net.v[j] = int64(v)
	}
}

// look looks for arcs outside the core that the duals do not rule out and adds the best of them; it returns how many rows had
// some. narrow is false if the duals have left 32 bits.
func (c *core) look() (broken int, narrow bool) {
	for j, v := range c.net.v {
		if v < -mostDual || v > mostDual {
			return 0, false
		}
		c.v[j] = int32(v)
	}
	u := make([]int64, c.n)
	lists := make([]*shortlist, runtime.GOMAXPROCS(0))
	c.each(func(w, lo, hi int) {
		if lists[w] != nil {
			lists[w].forget()
		}
		for i := lo; i < hi; i++ {
			own := c.net.rowDual(int32(i))
			u[i], c.broken[i] = own, false
			if own <= int64(c.bar[i]) {
				continue
			}
			row := c.row(int32(i))
			found := least(row, c.v)
			u[i] = int64(found)
			if u[i] == own {
				c.bar[i] = found
				continue
			}
			if lists[w] == nil {
				lists[w] = newShortlist(c.m)
			}
			cols, bar := lists[w].find(row, c.v, coreMore, int32(own)-1, i)
			for _, j := range cols {
				c.net.rows[i] = append(c.net.rows[i], arc[int32]{j, row[j]})
			}
			c.broken[i], c.bar[i] = true, bar
			c.net.grown(int32(i))
		}
	})
	if c.halted() {
		return 0, true
	}
	bound := int64(0)
	for i, b := range c.broken {
		bound += u[i]
		if b {
			broken++
		}
	}
	for _, v := range c.net.v {
		bound += v
	}
	if c.best.u == nil || bound > c.bound {
		c.bound, c.best.u, c.best.v = bound, u, slices.Clone(c.net.v)
	}
	return broken, true
}

// cut is the answer of a search that was stopped.
func (c *core) cut() *answer {
	a := &c.best
	if a.u == nil { // nothing was proved: duals below every cost
		a.u, a.v = make([]int64, c.n), make([]int64, c.m)
		for i := range a.u {
			a.u[i] = -maxDense
		}
	}
	a.colOf = make([]int32, c.n)
	for i := range a.colOf {
		a.colOf[i] = free
	}
	if c.net != nil {
		copy(a.colOf, c.net.colOf)
	}
	c.complete(a.colOf)
	return a
}

// answer ends the search; where it was stopped, free rows get what is left.
func (s *paths) answer() *answer {
	a := &answer{colOf: s.colOf, u: make([]int64, s.n), v: make([]int64, s.m), done: !s.halted()}
	for j, v := range s.v {
		a.v[j] = int64(v)
	}
	for i, j := range s.colOf {
		if j >= 0 {
			a.u[i] = int64(s.row(int32(i))[j]) - a.v[j]
		} else {
			a.u[i] = int64(least(s.row(int32(i)), s.v))
		}
	}
	s.complete(a.colOf)
	return a
}
