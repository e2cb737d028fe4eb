package lap

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// How the core is chosen. Measured on uniform, geographic and tied costs from 1,000 to 5,000 rows.
const (
	coreArcs   = 16 // arcs of a row to begin with, and as many again where costs are equal
	coreMore   = 12 // most arcs that a row gains in one round
	coreRounds = 30 // after so many rounds the matrix is held to have no core
	coreSmall  = 64 // with fewer columns whole rows are as fast
)

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
		s.solve()
		return s.answer()
	}
	c := &core{meter: m, matrix: d, bar: make([]int32, d.n), v: make([]int32, d.m), broken: make([]bool, d.n)}
	c.columnDuals()
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
		case broken == 0:
			return &answer{colOf: c.net.colOf, u: c.best.u, v: c.net.v, done: true}
		case round == 0:
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

// columnDuals sets the duals of columns to begin with: their least cost where every column will be used, else 0.
func (c *core) columnDuals() {
	if c.n != c.m {
		return
	}
	low := make([][]int32, runtime.GOMAXPROCS(0))
	c.spread(func(w, lo, hi int) {
		if low[w] == nil {
			low[w] = slices.Clone(c.row(int32(lo)))
		}
		for i := lo; i < hi; i++ {
			lower(low[w], c.row(int32(i)))
		}
	})
	c.v = nil
	for _, l := range low {
		switch {
		case l == nil:
		case c.v == nil:
			c.v = l
		default:
			lower(c.v, l)
		}
	}
	if c.v == nil {
		c.v = make([]int32, c.m)
	}
}

// spread calls f for all rows, block by block, on every core; a worker does not run beside itself. It counts the rows as work.
func (c *core) spread(f func(worker, lo, hi int)) {
	each := max(1, lookEvery/c.m)
	workers := min(runtime.GOMAXPROCS(0), (c.n+each-1)/each)
	var next atomic.Int64
	work := func(w int) {
		for c.ctx.Err() == nil {
			hi := int(next.Add(int64(each)))
			if lo := hi - each; lo < c.n {
				f(w, lo, min(hi, c.n))
				continue
			}
			return
		}
	}
	var all sync.WaitGroup
	for w := 1; w < workers; w++ {
		all.Go(func() { work(w) })
	}
	work(0)
	all.Wait()
	c.pass(c.n)
}

// shortlist finds the entries of a row that are least after reduction.
type shortlist struct {
	out, mins []int32
	least     []int32 // the k least seen so far, in order
	cols      []int32
}

func newShortlist(m int) *shortlist {
	return &shortlist{out: make([]int32, m), mins: make([]int32, (m+block-1)/block)}
}

// find returns about k columns with the least row − v, those up to limit only, and a bar: every entry below it is among them.
// Of equal entries those from block start on come first.
func (s *shortlist) find(row, v []int32, k int, limit int32, start int) (cols []int32, bar int32) {
	reduce(s.out, s.mins, row, v)
	bar = limit
	if len(s.mins) > k { // k blocks have entries up to the k-th least of their minima
		bar = min(limit, s.kth(s.mins, k))
	}
	cols = s.within(bar, start)
	if len(cols) <= 2*k {
		return cols, max(bar, bar+1) // all up to bar; where bar is the largest number, all there are
	}
	values := make([]int32, len(cols))
	for i, j := range cols {
		values[i] = s.out[j]
	}
	bar = s.kth(values, k)
	keep, room := cols[:0], 2*k
	for _, j := range cols {
		if s.out[j] < bar || s.out[j] == bar && room > k {
			if s.out[j] == bar {
				room--
			}
			keep = append(keep, j)
		}
	}
	return keep, bar
}

// kth returns the k-th least of values, of which there are at least k.
func (s *shortlist) kth(values []int32, k int) int32 {
	l := s.least[:0]
	for _, x := range values {
		if len(l) == k {
			if x >= l[k-1] {
				continue
			}
			l = l[:k-1]
		}
		i := len(l)
		l = append(l, x)
		for ; i > 0 && l[i-1] > x; i-- {
			l[i] = l[i-1]
		}
		l[i] = x
	}
	s.least = l
	return l[k-1]
}

// within lists the entries up to bar, from block start on and round.
func (s *shortlist) within(bar int32, start int) []int32 {
	s.cols = s.cols[:0]
	for b := range s.mins {
		if b += start; b >= len(s.mins) {
			b -= len(s.mins)
		}
		if s.mins[b] > bar {
			continue
		}
		for j := b * block; j < min((b+1)*block, len(s.out)); j++ {
			if s.out[j] <= bar {
				s.cols = append(s.cols, int32(j))
			}
		}
	}
	return s.cols
}

// choose makes the network of the core.
func (c *core) choose() {
	rows := make([][]arc[int32], c.n)
	lists := make([]*shortlist, runtime.GOMAXPROCS(0))
	c.spread(func(w, lo, hi int) {
		if lists[w] == nil {
			lists[w] = newShortlist(c.m)
		}
		l := lists[w]
		for i := lo; i < hi; i++ {
			row := c.row(int32(i))
			cols, bar := l.find(row, c.v, coreArcs, 1<<31-1, i%len(l.mins))
			arcs := make([]arc[int32], 0, len(cols)+1+coreMore)
			for _, j := range cols {
				arcs = append(arcs, arc[int32]{j, row[j]})
			}
			rows[i], c.bar[i] = append(arcs, arc[int32]{int32(i), row[i]}), bar // the diagonal: so every row can be matched
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
		if v < -maxDense*4 || v > maxDense*4 {
			return 0, false
		}
		c.v[j] = int32(v)
	}
	u := make([]int64, c.n)
	lists := make([]*shortlist, runtime.GOMAXPROCS(0))
	c.spread(func(w, lo, hi int) {
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
			cols, bar := lists[w].find(row, c.v, coreMore, int32(own)-1, i%len(lists[w].mins))
			for _, j := range cols {
				c.net.rows[i] = append(c.net.rows[i], arc[int32]{j, row[j]})
			}
			c.broken[i], c.bar[i] = true, bar
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

// complete gives the rows without a column the cheapest that is left, one after the other.
func (d *matrix) complete(colOf []int32) {
	used := make([]bool, d.m)
	for _, j := range colOf {
		if j >= 0 {
			used[j] = true
		}
	}
	left := make([]int32, 0, d.m)
	for j, u := range used {
		if !u {
			left = append(left, int32(j))
		}
	}
	for i, j := range colOf {
		if j >= 0 {
			continue
		}
		row, at := d.row(int32(i)), 0
		for k, j := range left {
			if row[j] < row[left[at]] {
				at = k
			}
		}
		colOf[i] = left[at]
		left[at] = left[len(left)-1]
		left = left[:len(left)-1]
	}
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
