package transport

import "slices"

// backward makes less of the priced hole at node v: a unit comes to fill it along a shortest path, or its price falls to that
// of what is behind it. No unit may be free. It returns false, having changed nothing, if the search must stop.
//
// Labels are distances to v: the search goes from v to whoever could come, that is to the rows with an arc to a node, and
// from them to where their units are now. It ends at what is behind v, which a unit passes less that leaves from there.
func (e *engine[C]) backward(v int32) bool {
	e.clear()
	goal, over := e.places[v].parent, e.nodes[v].price-e.behind(v)
	e.reach(v, 0, step{none, none, none})
	for limit := min(over, e.outlook); ; {
		for k := e.nearest(limit); k != none; k = e.nearest(limit) {
			if e.stopped() {
				return false
			}
			d := e.nodes[k].label
			if k == goal {
				e.expect(d)
				e.lower(d)
				e.fill(v)
				return true
			}
			e.invite(k, d, limit)
		}
		if limit == over {
			break
		}
		limit = farther(limit, over)
		for _, k := range slices.Clip(e.scratch.touched) {
			e.invite(k, e.nodes[k].label, limit)
		}
	}
	e.expect(over)
	e.lower(over)
	return true
}

// invite reaches whatever could give something to node k, which is at distance d.
func (e *engine[C]) invite(k int32, d, limit int64) {
	if k == e.sink() {
		e.callAll(d, limit)
		return
	}
	if at := d + e.nodes[k].price - e.behind(k); at < limit && e.places[k].flow > 0 {
		e.reach(e.places[k].parent, at, step{k, none, none})
	}
	if e.nested {
		e.callChildren(k, d, limit)
	}
	e.call(k, d, limit)
}

// call reaches whoever could come to node v, which is at distance d.
func (e *engine[C]) call(v int32, d, limit int64) {
	p := &e.places[v].in
	base := d + e.nodes[v].price
	for i := p.from; i < p.from+p.used; i++ {
		h := &e.in[i]
		if at := base + int64(h.cost) - e.stance[h.row].price; at < limit {
			e.callRow(h.row, at, v)
		}
	}
}

// callRow reaches where the units of row r are, which may come to node v and then are at distance d.
func (e *engine[C]) callRow(r int32, d int64, v int32) {
	if k := e.stance[r].node; k != none {
		if d < e.nodes[k].label {
			e.reach(k, d, step{v, r, none})
		}
		if !e.several {
			return
		}
		for s := e.next[e.stance[r].first]; s != none; s = e.next[s] {
			e.reach(e.arcs[e.slot[s].arc].node, d, step{v, r, none})
		}
	}
	if e.unmet[r] > 0 {
		e.reach(e.sink(), d, step{v, r, none})
	}
}

// callChildren reaches the children of node v that have room.
func (e *engine[C]) callChildren(v int32, d, limit int64) {
	for _, c := range e.child[e.childFrom[v]:e.childFrom[v+1]] {
		if at := d + max(0, e.nodes[v].price-e.nodes[c].price); at < limit && e.places[c].flow < e.places[c].capacity {
			e.reach(c, at, step{v, none, none})
		}
	}
}

// callAll reaches whoever could go to the sink, which is at distance d: units that are given up, and nodes with room. It
// happens only to holes that have a parent without room, whom nobody but its own units can help.
func (e *engine[C]) callAll(d, limit int64) {
	e.callChildren(e.sink(), d, limit)
	for r := range e.rows {
		if at := d + e.rows[r].penalty - e.stance[r].price; at < limit {
			e.callRow(int32(r), at, e.sink())
		}
	}
}

// lower takes from the prices of all that is nearer than d, which makes the path of length d tight. The price of the sink
// stays 0: where the sink is nearer, all others rise instead.
func (e *engine[C]) lower(d int64) {
	sink := e.sink()
	for _, v := range e.scratch.touched {
		if k := &e.nodes[v]; v != sink && k.label < d {
			k.price -= d - k.label
			e.reprice(v)
		}
	}
	if label := e.nodes[sink].label; label < d {
		for v := range e.nodes[:sink] {
			e.nodes[v].price += d - label
		}
		for r := range e.rows {
			if e.stance[r].first != none {
				e.stance[r].price += d - label
			}
		}
	}
}

// fill moves as many units as fit along the path from what is behind node v to v.
func (e *engine[C]) fill(v int32) {
	sink, goal := e.sink(), e.places[v].parent
	units := e.places[v].capacity - e.places[v].flow
	for k := goal; k != v; {
		how := e.scratch.step[k]
		switch {
		case how.row != none && k == sink:
			units = min(units, e.unmet[how.row])
		case how.row != none:
			units = min(units, e.units[e.at(how.row, k)])
		case k != sink && e.places[k].parent == how.from:
			units = min(units, e.places[k].capacity-e.places[k].flow)
		default:
			units = min(units, e.places[how.from].flow)
		}
		k = how.from
	}
	for k := goal; k != v; {
		how := e.scratch.step[k]
		switch {
		case how.row != none:
			if k == sink {
				e.giveUp(how.row, -units)
			} else {
				e.take(e.at(how.row, k), units)
			}
			if how.from == sink {
				e.giveUp(how.row, units)
			} else {
				e.put(how.row, e.tightArc(how.row, how.from), units)
			}
		case k != sink && e.places[k].parent == how.from:
			e.places[k].flow += units
		default:
			e.places[how.from].flow -= units
		}
		k = how.from
	}
	e.places[v].flow += units
}

// tightArc returns the cheapest arc of row r to node v.
func (e *engine[C]) tightArc(r, v int32) int32 {
	x, best := &e.rows[r], none
	for a := x.from; a < x.to; a++ {
		if e.arcs[a].node == v && (best == none || e.arcs[a].cost < e.arcs[best].cost) {
			best = a
		}
	}
	return best
}
