package transport

import "slices"

// forward places free units of row r along one shortest path: to room, or to a unit that is given up for them. It returns
// false, having changed nothing, if the search must stop.
//
// The search is Dijkstra's (1959) on the residual network with reduced costs as lengths (Tomizawa 1971; Edmonds and Karp
// 1972). Differs: rows have no place in the queue, for a row is as far as the node it leaves; a priced hole counts as room.
func (e *engine[C]) forward(r int32) bool {
	e.clear()
	x := &e.rows[r]
	if e.total[r] == e.free[r] {
		e.stance[r].price = e.cheapest(r)
	}
	start := e.stance[r].price
	farthest := x.penalty - start
	end := ending{d: min(farthest, e.outlook), node: none, slot: none}
	e.scan(r, -start, none, &end)
	for {
		for v := e.nearest(end.d); v != none; v = e.nearest(end.d) {
			if e.stopped() {
				return false
			}
			if e.expand(v, e.nodes[v].label, &end) {
				break
			}
		}
		if end.node != none || end.d == farthest {
			break
		}
		end.d = farther(end.d, farthest)
		e.scan(r, -start, none, &end)
		for _, v := range slices.Clip(e.scratch.touched) {
			e.expand(v, e.nodes[v].label, &end)
		}
	}
	e.expect(end.d)
	e.raise(end.d)
	e.stance[r].price = start + end.d
	e.advance(r, end)
	return true
}

// expand goes on from node v, which is at distance d, and reports whether the search has ended there.
func (e *engine[C]) expand(v int32, d int64, end *ending) bool {
	p := &e.places[v]
	if p.flow < p.capacity {
		// A priced hole would have a negative length; 0 keeps the rules of the prices all the same.
		if on := d + max(0, e.behind(v)-e.nodes[v].price); on < end.d {
			if p.parent != e.sink() {
				e.reach(p.parent, on, step{v, none, none})
			} else {
				*end = ending{d: on, node: v, slot: none}
				if on == d {
					return true
				}
			}
		}
	}
	if e.nested {
		e.reachChildren(v, d, end.d)
	}
	base := d - e.nodes[v].price
	for s := p.slots.from; s < p.slots.from+p.slots.used; s++ {
		y := &e.slot[s]
		if up := base - y.cost + e.rows[y.row].penalty; up < end.d {
			*end = ending{d: up, node: v, slot: s}
		}
		e.scan(y.row, base-y.cost, v, end)
	}
	return false
}

// ending is where a forward search ends: at a node with room (no slot), or where a unit in a slot at the node (no node: the
// unit in hand) is given up.
type ending struct {
	d    int64
	node int32
	slot int32
}

// scan reaches the nodes of row r, which would leave node v; base is its distance less its price.
func (e *engine[C]) scan(r int32, base int64, v int32, end *ending) {
	x, limit := &e.rows[r], end.d
	for a := x.from; a < x.to; a++ {
		h := &e.arcs[a]
		k := &e.nodes[h.node]
		if at := base + int64(h.cost) + k.price; at < limit && at < k.label {
			e.reach(h.node, at, step{v, r, a})
		}
	}
}

// reachChildren reaches the children of node v that could give room back to it.
func (e *engine[C]) reachChildren(v int32, d, limit int64) {
	for _, c := range e.child[e.childFrom[v]:e.childFrom[v+1]] {
		if at := d + e.nodes[c].price - e.nodes[v].price; e.places[c].flow > 0 && at < limit {
			e.reach(c, at, step{v, none, none})
		}
	}
}

// raise adds to the prices of all that is nearer than d, which makes the path of length d tight.
func (e *engine[C]) raise(d int64) {
	for _, v := range e.scratch.touched {
		if k := &e.nodes[v]; k.label < d {
			k.price += d - k.label
			e.reprice(v)
		}
	}
}

// reprice sets the prices of the rows at node v.
func (e *engine[C]) reprice(v int32) {
	p, price := &e.places[v].slots, e.nodes[v].price
	for _, h := range e.slot[p.from : p.from+p.used] {
		e.stance[h.row].price = h.cost + price
	}
}

// advance sends as many free units of row r as fit to where the forward search ended.
func (e *engine[C]) advance(r int32, end ending) {
	units := e.free[r]
	if end.node == none {
		e.free[r] = 0
		e.giveUp(r, units)
		return
	}
	if end.slot != none {
		units = min(units, e.units[end.slot])
	} else {
		units = min(units, e.places[end.node].capacity-e.places[end.node].flow)
	}
	for v := end.node; v != none; {
		how := e.scratch.step[v]
		switch {
		case how.row != none && how.from != none:
			units = min(units, e.units[e.at(how.row, how.from)])
		case how.row != none:
		case e.places[how.from].parent == v:
			units = min(units, e.places[how.from].capacity-e.places[how.from].flow)
		default:
			units = min(units, e.places[v].flow)
		}
		v = how.from
	}
	if end.slot != none {
		e.giveUp(e.slot[end.slot].row, units)
		e.take(end.slot, units)
	} else {
		e.places[end.node].flow += units
	}
	for v := end.node; v != none; {
		how := e.scratch.step[v]
		switch {
		case how.row != none:
			if how.from != none {
				e.take(e.at(how.row, how.from), units)
			}
			e.put(how.row, how.arc, units)
		case e.places[how.from].parent == v:
			e.places[how.from].flow += units
		default:
			e.places[v].flow -= units
		}
		v = how.from
	}
	e.free[r] -= units
}
