package transport

// The changes of an open problem. Each leaves a plan that keeps the rules of the prices, with units free and holes priced
// where the change has torn it; run mends them.

// unplace frees all units of row r, those given up too.
func (e *engine[C]) unplace(r int32) {
	for s := e.stance[r].first; s != none; s = e.stance[r].first {
		e.release(s, e.units[s])
	}
	if units := e.unmet[r]; units > 0 {
		e.giveUp(r, -units)
		e.wait(r, units)
	}
}

// alone reports whether no unit of row r is placed or given up but those in slot s (none: but none at all), so that nothing
// else holds its price.
func (e *engine[C]) alone(r, s int32) bool {
	return e.unmet[r] == 0 && (e.stance[r].first == none || e.stance[r].first == s && e.next[s] == none)
}

// addRow appends a row without arcs and returns its number.
func (e *engine[C]) addRow(units, penalty int64) int32 {
	r := int32(len(e.rows))
	e.rows = append(e.rows, row{penalty: penalty, from: int32(len(e.arcs)), to: int32(len(e.arcs))})
	e.stance = append(e.stance, stance{penalty, none, none})
	e.several = e.several || units > 1
	e.total, e.free, e.unmet = append(e.total, units), append(e.free, 0), append(e.unmet, 0)
	e.wait(r, units)
	return r
}

// allow gives row r an arc to node v, or changes the cost of the one it has.
func (e *engine[C]) allow(r, v int32, c int64) {
	if e.tightArc(r, v) != none {
		e.setCost(r, v, c)
		return
	}
	x := &e.rows[r]
	if int(x.to) < len(e.arcs) { // others follow: the row moves to the end
		to := int32(len(e.arcs))
		e.arcs = append(e.arcs, e.arcs[x.from:x.to]...)
		for s := e.stance[r].first; s != none; s = e.next[s] {
			e.slot[s].arc += to - x.from
		}
		x.from, x.to = to, int32(len(e.arcs))
	}
	e.arcs = append(e.arcs, arc[C]{v, C(c)})
	x.to++
	e.living++
	p := &e.places[v].in
	if p.used == p.room {
		to := int32(len(e.in))
		e.in = append(e.in, e.in[p.from:p.from+p.used]...)
		e.in = append(e.in, make([]incoming[C], max(4, p.used))...)
		p.from, p.room = to, int32(len(e.in))-to
	}
	e.in[p.from+p.used] = incoming[C]{r, C(c)}
	p.used++
	if c+e.nodes[v].price < e.stance[r].price {
		e.unplace(r)
	}
}

// forbid takes the arcs of row r to node v away.
func (e *engine[C]) forbid(r, v int32) {
	if s := e.at(r, v); s != none {
		e.release(s, e.units[s])
	}
	x := &e.rows[r]
	for a := e.tightArc(r, v); a != none; a = e.tightArc(r, v) {
		x.to--
		e.living--
		e.arcs[a] = e.arcs[x.to]
		for s := e.stance[r].first; s != none; s = e.next[s] {
			if e.slot[s].arc == x.to {
				e.slot[s].arc = a
			}
		}
		p := &e.places[v].in
		for i := p.from; i < p.from+p.used; i++ {
			if e.in[i].row == r {
				p.used--
				e.in[i] = e.in[p.from+p.used]
				break
			}
		}
	}
}

// clearRow takes all arcs of row r away.
func (e *engine[C]) clearRow(r int32) {
	for x := &e.rows[r]; x.from < x.to; {
		e.forbid(r, e.arcs[x.to-1].node)
	}
}

// setCost changes the cost of the arc of row r to node v, of all if there are several.
func (e *engine[C]) setCost(r, v int32, c int64) {
	x, s := &e.rows[r], e.at(r, v)
	if s != none {
		e.objective += e.units[s] * (c - e.slot[s].cost)
		e.slot[s].cost = c
	}
	for a := x.from; a < x.to; a++ {
		if e.arcs[a].node == v {
			e.arcs[a].cost = C(c)
		}
	}
	p := &e.places[v].in
	for i := p.from; i < p.from+p.used; i++ {
		if e.in[i].row == r {
			e.in[i].cost = C(c)
		}
	}
	switch price := c + e.nodes[v].price; {
	case s == none && price >= e.stance[r].price, s != none && price == e.stance[r].price:
	case s == none:
		e.unplace(r)
	case e.alone(r, s) && e.free[r] == 0 && e.cheapest(r) == price:
		e.stance[r].price = price
	case price < e.stance[r].price:
		e.unplace(r)
	default:
		e.release(s, e.units[s])
	}
}

// setPenalty changes what a unit of row r costs if it is left unmet.
func (e *engine[C]) setPenalty(r int32, c int64) {
	x := &e.rows[r]
	e.objective += e.unmet[r] * (c - x.penalty)
	x.penalty = c
	if units := e.unmet[r]; c < e.stance[r].price {
		e.unplace(r)
	} else if units > 0 && c > e.stance[r].price {
		e.giveUp(r, -units)
		e.wait(r, units)
	}
}

// setUnits changes how many units row r has.
func (e *engine[C]) setUnits(r int32, units int64) {
	more := units - e.total[r]
	e.total[r] = units
	e.several = e.several || units > 1
	if more >= 0 {
		e.wait(r, more)
		return
	}
	less := min(-more, e.free[r])
	e.free[r] -= less
	more += less
	less = min(-more, e.unmet[r])
	e.giveUp(r, -less)
	for more += less; more < 0; {
		s := e.stance[r].first
		less = min(-more, e.units[s])
		v := e.arcs[e.slot[s].arc].node
		e.take(s, less)
		e.vacate(v, less)
		more += less
	}
}

// setCapacity changes the room of node v. Units that no longer fit are free.
func (e *engine[C]) setCapacity(v int32, capacity int64) {
	e.places[v].capacity = capacity
	for e.places[v].flow > capacity {
		k := v
		for e.places[k].slots.used == 0 {
			for _, c := range e.child[e.childFrom[k]:e.childFrom[k+1]] {
				if e.places[c].flow > 0 {
					k = c
					break
				}
			}
		}
		s := e.places[k].slots.from + e.places[k].slots.used - 1
		e.release(s, min(e.units[s], e.places[v].flow-capacity))
	}
	e.watch(v)
}

// compact closes the gaps that changes have left among the arcs, once they are most of them.
func (e *engine[C]) compact() {
	if len(e.arcs) < 1<<12 || len(e.arcs) < 2*e.living {
		return
	}
	arcs := make([]arc[C], 0, e.living+e.living/8)
	for r := range e.rows {
		x := &e.rows[r]
		from := int32(len(arcs))
		arcs = append(arcs, e.arcs[x.from:x.to]...)
		for s := e.stance[r].first; s != none; s = e.next[s] {
			e.slot[s].arc += from - x.from
		}
		x.from, x.to = from, int32(len(arcs))
	}
	e.arcs = arcs
}

// widen returns e with costs of 64 bits.
func widen(e *engine[int32]) *engine[int64] {
	w := &engine[int64]{state: e.state}
	w.arcs = make([]arc[int64], len(e.arcs), cap(e.arcs))
	for i, h := range e.arcs {
		w.arcs[i] = arc[int64]{h.node, int64(h.cost)}
	}
	w.in = make([]incoming[int64], len(e.in), cap(e.in))
	for i, h := range e.in {
		w.in[i] = incoming[int64]{h.row, int64(h.cost)}
	}
	return w
}
