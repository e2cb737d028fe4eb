package transport

// adopt takes prices of the nodes over, as near as they come to the rules, and prices the rows by them. Nothing may be placed.
func (e *engine[C]) adopt(price func(v int32) int64) {
	sink := e.sink()
	for v := range sink {
		e.nodes[v].price = min(max(price(v), 0), 2*MaxCost)
	}
	if e.nested {
		// From the sink outwards.
		order := append(make([]int32, 0, sink+1), sink)
		for i := 0; i < len(order); i++ {
			for _, c := range e.child[e.childFrom[order[i]]:e.childFrom[order[i]+1]] {
				e.nodes[c].price = max(e.nodes[c].price, e.behind(c))
				order = append(order, c)
			}
		}
	}
	for v := range sink {
		e.watch(v)
	}
	for r := range e.rows {
		e.rows[r].price = e.cheapest(int32(r))
	}
}

// settle places free units of row r at node v, as many as the prices and the room allow.
func (e *engine[C]) settle(r, v int32, units int64) {
	a := e.tightArc(r, v)
	if a == none || int64(e.arcs[a].cost)+e.nodes[v].price != e.rows[r].price {
		return
	}
	if units = e.fits(v, min(units, e.free[r])); units > 0 {
		e.free[r] -= units
		e.put(r, a, units)
		e.pass(v, units)
	}
}
