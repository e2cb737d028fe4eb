package lap

import (
	"github.com/courtyard-care/courtyard/solver/internal/frontier"
)

// whole is the cost of an arc; 32 bits where they do, for half the memory.
type whole interface{ int32 | int64 }

// arc is an allowed pair of its row.
type arc[C whole] struct {
	col  int32
	cost C
}

// network is the sparse engine: rows with lists of arcs, at most as many rows as columns, to be matched at least cost.
//
// A row may also stay alone, at a cost of alone, which is more than any difference that the arcs could make: so most pairs
// come first. The dual of column j is v[j]; that of a row follows from it. Between two searches the state obeys:
//
//   - a row with a column is tight: no arc of its row has a smaller cost − v than the arc it uses, nor is alone smaller;
//   - a row that a search left alone is tight there: no arc has a cost − v below alone.
//
// v may start anywhere at or below the ceilings (anywhere at all where every row and every column gets a pair): [network.match] makes
// the state obey, whatever it was, and then ends in an optimum.
type network[C whole] struct {
	*meter
	rows  [][]arc[C]
	m     int     // columns
	alone int64   // cost of a row without a column
	top   []int64 // dual of each column while it is free; nil means 0

	v      []int64    // dual of each column
	rowOf  []int32    // row of each column, -1 if it is free
	cost   []C        // cost of the pair of each column that is not free
	colOf  []int32    // column of each row; free or single where it has none
	turns  [2][]int32 // rows that bid in this turn and the next
	fronts            // nil where they are not kept

	// of the search that runs
	dist    []int64 // distance of each column reached, infinite for the others
	via     []int32 // row from which it was reached
	viaCost []C     // cost of the arc by which it was reached
	reached []int32 // columns reached
	settled []int32 // columns whose distance is final
	ready   []int32 // columns at the very distance that is being settled
	queue   frontier.Queue
	back    [][]arc[C] // rows of each column, for searches from columns; nil until needed
}

// What colOf holds for a row without a column.
const (
	free   = -1 // to be matched
	single = -2 // proved to be best alone
)

func newNetwork[C whole](m *meter, rows [][]arc[C], cols int, alone int64) *network[C] {
	e := &network[C]{
		meter: m, rows: rows, m: cols,
		alone: alone,
		v:     make([]int64, cols), rowOf: make([]int32, cols), cost: make([]C, cols), colOf: make([]int32, len(rows)),
		dist: make([]int64, cols), via: make([]int32, cols), viaCost: make([]C, cols),
	}
	for j := range e.dist {
		e.dist[j], e.rowOf[j] = infinite, free
	}
	for i := range e.colOf {
		e.colOf[i] = free
	}
	return e
}

// match completes the matching at least cost, from whatever duals and pairs there are; it returns early when the meter
// says so. Jonker and Volgenant (1987): bids first, then a shortest augmenting path for each row that is left; departs
// from them in that rows may stay alone and in the searches from columns, which make any start good.
func (e *network[C]) match() {
	e.bid()
	for i := range e.rows {
		if e.colOf[i] == free && !e.halted() {
			e.augment(int32(i))
		}
	}
	if !e.halted() {
		e.fillHoles()
	}
}

// release frees every row whose pair is not tight.
func (e *network[C]) release() {
	for i, arcs := range e.rows {
		switch j := e.colOf[i]; j {
		case free:
		case single:
			if least, _ := e.cheapest(arcs); least < e.alone {
				e.colOf[i] = free
			}
		default:
			if least, _ := e.cheapest(arcs); least < int64(e.cost[j])-e.v[j] {
				e.rowOf[j], e.colOf[i] = free, free
			}
		}
	}
}

// cheapest returns the least cost − v among arcs and its place, infinite if there is none.
func (e *network[C]) cheapest(arcs []arc[C]) (least int64, at int) {
	least, at = infinite, -1
	for k, a := range arcs {
		if r := int64(a.cost) - e.v[a.col]; r < least {
			least, at = r, k
		}
	}
	return least, at
}

// bid gives free rows their cheapest column, lowering its dual until the second cheapest is as good, and turns out the row
// that had it, who bids next: "augmenting row reduction" of Jonker and Volgenant, until no row is free or bids run out.
func (e *network[C]) bid() {
	var later []int32
	for i := range e.rows {
		if e.colOf[i] == free {
			later = append(later, int32(i))
		}
	}
	for range 2 {
		turn := later
		later = later[:0:0]
		bids := 0
		for len(turn) > 0 {
			i := turn[0]
			turn = turn[1:]
			for i >= 0 {
				if e.tick(len(e.rows[i])) {
					return
				}
				at, least, second := e.twoCheapest(i)
				if at < 0 {
					break // stays free: the search for it will prove that it is alone
				}
				a := e.rows[i][at]
				other := e.rowOf[a.col]
				if least == second && other >= 0 {
					if a, other = e.freeAt(i, at, least); other >= 0 {
						later = append(later, i)
						break
					}
				}
				e.v[a.col] -= second - least
				e.pair(i, a)
				if other < 0 {
					break
				}
				e.colOf[other] = free
				if bids++; least == second || bids > 4*len(e.rows) {
					later = append(later, other)
					break
				}
				i = other
			}
		}
	}
}

// freeAt returns an arc of row i to a free column whose cost − v is least, behind the one at place at; without one some arc, and the row
// that has its column.
func (e *network[C]) freeAt(i int32, at int, least int64) (arc[C], int32) {
	arcs := e.rows[i]
	for _, a := range arcs[at+1:] {
		if int64(a.cost)-e.v[a.col] == least && e.rowOf[a.col] < 0 {
			return a, free
		}
	}
	return arcs[at], e.rowOf[arcs[at].col]
}

// pair gives row i the column of a.
func (e *network[C]) pair(i int32, a arc[C]) {
	e.rowOf[a.col], e.colOf[i], e.cost[a.col] = i, a.col, a.cost
}

// augment finds a column for row i, or the row that had better stay alone, along a shortest path of reduced costs, and
// moves the duals so that every row on the way stays tight. Dijkstra (1959), as Edmonds and Karp (1972) use him.
func (e *network[C]) augment(i int32) {
	best, end, out := int64(infinite), int32(-1), int32(-1) // ends at column end, or with row out alone
	h, at := int64(0), int64(-1<<62)
	for {
		// scan row i, at distance h plus its dual; at is the distance that is being settled
		if e.tick(len(e.rows[i])) {
			e.forget()
			return
		}
		if d := h + e.alone; d < best {
			best, end, out = d, -1, i
		}
		for _, a := range e.within(i, best-h) {
			d := h + int64(a.cost) - e.v[a.col]
			if d >= best || d >= e.dist[a.col] {
				continue
			}
			if e.dist[a.col] == infinite {
				e.reached = append(e.reached, a.col)
			}
			e.dist[a.col], e.via[a.col], e.viaCost[a.col] = d, i, a.cost
			switch {
			case e.rowOf[a.col] < 0:
				best, end, out = d, a.col, -1
			case d <= at:
				e.ready = append(e.ready, a.col)
			default:
				e.queue.Push(frontier.Reach{Distance: d, Node: a.col})
			}
		}
		j := e.next(&at, best)
		if j < 0 {
			break
		}
		e.settled = append(e.settled, j)
		i = e.rowOf[j]
		h = at - (int64(e.cost[j]) - e.v[j])
	}
	for _, j := range e.settled {
		e.v[j] += e.dist[j] - best
	}
	if out >= 0 {
		end = e.colOf[out]
		e.colOf[out] = single
	}
	for end >= 0 { // the row before takes end and leaves its own
		i := e.via[end]
		own := e.colOf[i]
		e.pair(i, arc[C]{end, e.viaCost[end]})
		end = own
	}
	e.forget()
}

// next returns the nearest column that is not settled and sets at to its distance; -1 when none is nearer than best.
func (e *network[C]) next(at *int64, best int64) int32 {
	if n := len(e.ready); n > 0 && *at < best {
		j := e.ready[n-1]
		e.ready = e.ready[:n-1]
		return j
	}
	for len(e.queue) > 0 {
		r := e.queue.Pop()
		if r.Distance >= best {
			return -1
		}
		if r.Distance == e.dist[r.Node] {
			*at = r.Distance
			return r.Node
		}
	}
	return -1
}

// forget clears the search.
func (e *network[C]) forget() {
	for _, j := range e.reached {
		e.dist[j] = infinite
	}
	e.reached, e.settled, e.ready, e.queue = e.reached[:0], e.settled[:0], e.ready[:0], e.queue[:0]
}

// ceiling returns what the dual of column j is while it is free, and never above.
func (e *network[C]) ceiling(j int32) int64 {
	if e.top == nil {
		return 0
	}
	return e.top[j]
}

// fillHoles brings the dual of every free column up to its ceiling, so that the duals prove the optimum.
func (e *network[C]) fillHoles() {
	for j, i := range e.rowOf {
		if i < 0 && e.v[j] < e.ceiling(int32(j)) && !e.halted() {
			if e.back == nil {
				e.turn()
			}
			e.fronts = nil // duals rise
			e.raise(int32(j))
		}
	}
}

// turn lists the rows of each column.
func (e *network[C]) turn() {
	count := make([]int, e.m)
	total := 0
	for _, arcs := range e.rows {
		for _, a := range arcs {
			count[a.col]++
		}
		total += len(arcs)
	}
	all := make([]arc[C], total)
	e.back = make([][]arc[C], e.m)
	for j, c := range count {
		e.back[j], all = all[:0:c], all[c:]
	}
	for i, arcs := range e.rows {
		for _, a := range arcs {
			e.back[a.col] = append(e.back[a.col], arc[C]{int32(i), a.cost})
		}
	}
}

// rowDual returns the dual of row i, which must not be free.
func (e *network[C]) rowDual(i int32) int64 {
	if j := e.colOf[i]; j >= 0 {
		return int64(e.cost[j]) - e.v[j]
	}
	return e.alone
}

// raise brings the dual of the free column j0 up to its ceiling. On the way rows may be drawn to it, each leaving its own column,
// until a column can be free at its ceiling, or a row that was alone comes: the search of augment, turned round.
func (e *network[C]) raise(j0 int32) {
	// dist of a column: how much j0 has risen when the column begins to rise, too
	best, end, comer, comerCost := e.ceiling(j0)-e.v[j0], j0, int32(-1), C(0) // ends with column end free, or with row comer paired to it
	e.dist[j0] = 0
	e.reached = append(e.reached, j0)
	for at, j := int64(0), j0; j >= 0; j = e.next(&at, best) {
		if e.tick(len(e.back[j])) {
			e.forget()
			return
		}
		e.settled = append(e.settled, j)
		h := at - e.v[j]
		for _, a := range e.back[j] {
			d := h + int64(a.cost) - e.rowDual(a.col)
			if d >= best {
				continue
			}
			k := e.colOf[a.col]
			if k < 0 {
				best, end, comer, comerCost = d, j, a.col, a.cost
				continue
			}
			if d >= e.dist[k] {
				continue
			}
			if e.dist[k] == infinite {
				e.reached = append(e.reached, k)
			}
			e.dist[k], e.via[k], e.viaCost[k] = d, j, a.cost
			if rest := d + e.ceiling(k) - e.v[k]; rest < best {
				best, end, comer = rest, k, -1
			}
			if d <= at {
				e.ready = append(e.ready, k)
			} else {
				e.queue.Push(frontier.Reach{Distance: d, Node: k})
			}
		}
	}
	for _, j := range e.settled {
		e.v[j] += best - e.dist[j]
	}
	if end != j0 || comer >= 0 {
		e.draw(j0, end, comer, comerCost)
	}
	e.forget()
}

// draw moves every row on the way from end to j0 one column on; comer takes end, or end becomes free if there is none.
func (e *network[C]) draw(j0, end, comer int32, cost C) {
	if comer < 0 {
		comer, cost = e.rowOf[end], e.viaCost[end]
		e.rowOf[end] = free
		end = e.via[end]
	}
	for {
		next := e.rowOf[end]
		e.pair(comer, arc[C]{end, cost})
		if end == j0 {
			return
		}
		comer, cost = next, e.viaCost[end]
		end = e.via[end]
	}
}
