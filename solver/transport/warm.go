package transport

// note takes prices of nodes over, as near as they come to the rules. Rows are priced by them when the plan is tightened.
func (e *state) note(price func(v int) int64) {
	for v := range int(e.sink()) {
		e.nodes[v].price = min(max(price(v), 0), 2*MaxCost)
	}
	if !e.nested {
		return
	}
	outward := append(make([]int32, 0, len(e.nodes)), e.sink())
	for i := 0; i < len(outward); i++ {
		q := outward[i]
		for _, c := range e.child[e.childFrom[q]:e.childFrom[q+1]] {
			e.nodes[c].price = max(e.nodes[c].price, e.nodes[q].price)
			outward = append(outward, c)
		}
	}
}

// tighten makes the plan keep the rules of the prices: rows get the prices that follow from those of the nodes, and whatever
// is placed at a higher one is free again. O(m).
func (e *engine[C]) tighten() {
	e.loose = false
	e.waiting = e.waiting[:0]
	for r := range e.rows {
		x := &e.rows[r]
		e.stance[r].price = e.cheapest(int32(r))
		if e.stance[r].price < x.penalty && e.unmet[r] > 0 {
			e.free[r] += e.unmet[r]
			e.giveUp(int32(r), -e.unmet[r])
		}
		for s := e.stance[r].first; s != none; {
			h, t := e.arcs[e.slot[s].arc], s
			if s = e.next[s]; int64(h.cost)+e.nodes[h.node].price == e.stance[r].price {
				continue
			}
			e.pass(h.node, -e.units[t])
			e.free[r] += e.units[t]
			e.take(t, e.units[t])
		}
		if e.free[r] > 0 {
			e.waiting = append(e.waiting, int32(r))
		}
	}
	for v := range e.sink() {
		e.watch(v)
	}
}

// adopt puts units of row r at node v, as many as fit.
func (e *engine[C]) adopt(r, v int32, units int64) {
	a := e.tightArc(r, v)
	if a == none {
		return
	}
	if units = e.fits(v, min(units, e.free[r])); units > 0 {
		e.free[r] -= units
		e.put(r, a, units)
		e.pass(v, units)
	}
}

// vacateAll makes all units free.
func (e *state) vacateAll() {
	e.objective = 0
	for v := range e.places {
		e.places[v].flow, e.places[v].slots.used = 0, 0
	}
	for r := range e.rows {
		e.stance[r].first, e.stance[r].node = none, none
		e.unmet[r], e.free[r] = 0, e.total[r]
	}
}
