package transport

// lift raises every price as far as the plan allows: by the distance of the node from room, or from a unit that is best
// given up, in one search backward from the sink. Searches forward then find a way of length 0, until others have taken it.
// It returns false, having changed nothing, if the search must stop. O(m + k log k).
func (e *engine[C]) lift() bool {
	e.clear()
	sink, farthest := e.sink(), int64(0)
	e.reach(sink, 0, step{none, none, none})
	for r := range e.rows {
		if x := &e.rows[r]; e.stance[r].first != none {
			e.callRow(int32(r), x.penalty-e.stance[r].price, sink)
		}
	}
	for v := e.nearest(unreached); v != none; v = e.nearest(unreached) {
		if e.stopped() {
			return false
		}
		d := e.nodes[v].label
		farthest = d
		if v == sink {
			e.callChildren(v, d)
			continue
		}
		if p := &e.places[v]; e.nested {
			if p.flow > 0 && p.parent != sink {
				e.reach(p.parent, d+e.nodes[v].price-e.behind(v), step{v, none, none})
			}
			e.callChildren(v, d)
		}
		e.call(v, d, unreached)
	}
	for v := range sink {
		if k := &e.nodes[v]; k.label == unreached { // nobody can be there
			k.price += farthest
		} else {
			k.price += k.label
			e.reprice(v)
		}
	}
	return true
}

// drop lowers every price as far as the plan allows: by the distance of the node from where prices may fall no further,
// that is from the sink and from units given up or free, in one search forward from those. Searches backward then find a
// unit at distance 0, until others have taken it. It returns false, having changed nothing, if the search must stop.
// O(m + k log k).
func (e *engine[C]) drop() bool {
	e.clear()
	sink, end := e.sink(), ending{d: unreached}
	e.reach(sink, 0, step{none, none, none})
	for r := range e.rows {
		if e.unmet[r]+e.free[r] > 0 {
			e.scan(int32(r), 0, none, &end)
		}
	}
	for v := e.nearest(unreached); v != none; v = e.nearest(unreached) {
		if e.stopped() {
			return false
		}
		d := e.nodes[v].label
		if v == sink || e.nested {
			for _, c := range e.child[e.childFrom[v]:e.childFrom[v+1]] {
				e.reach(c, d+max(0, e.nodes[c].price-e.nodes[v].price), step{v, none, none})
			}
		}
		if p := &e.places[v]; v != sink {
			if p.flow < p.capacity {
				e.reach(p.parent, d+max(0, e.behind(v)-e.nodes[v].price), step{v, none, none})
			}
			for s := p.slots.from; s < p.slots.from+p.slots.used; s++ {
				e.scan(e.slot[s].row, d, v, &end)
			}
		}
	}
	for v := range sink {
		e.nodes[v].price -= e.nodes[v].label
		e.reprice(v)
	}
	return true
}
