package match

// settlePrices replaces the engine's prices, one of many optimal choices, by the least ones: of[v] becomes exactly what one
// more unit of room at node v would save, a shortest path from the sink in the residual network. O((n + m + pairs met) log n).
func (r *run) settlePrices(g *residual) bool {
	if r.net.hasDead {
		r.raiseDead(g)
	}
	if g.near == nil {
		r.setKeys(func(_, _ int32) int64 { return 0 })
	}
	w := newWalker(g)
	w.rekey = func(e int32) {
		v := g.net.entry[e]
		service := &r.m.services[r.m.needs[w.scout.need].service]
		w.scout.search.SetKey(e-service.from, r.m.priceCost(e)+g.of[v]-w.label[v])
	}
	first := int32(len(r.m.needs))
	for v := first; v < g.net.sink; v++ {
		w.reach(v, g.of[v]) // no room is worth less than nothing
	}
	w.reach(g.net.sink, 0)
	for steps := 0; ; steps++ {
		if steps%chunk == 0 && r.ctx.Err() != nil {
			return false
		}
		v := w.next()
		if v < 0 {
			break
		}
		w.relax(v)
	}
	for v, d := range w.label {
		if d != unreached {
			g.of[v] -= d
		}
	}
	g.net.slope(g.of) // a node without use is worth no less than the room behind it
	return true
}

// priceCost is the part of a pair's cost that depends on the entry alone.
func (m *model) priceCost(e int32) int64 {
	return m.p.Weights.Price * m.resources[m.entries[e].resource].price
}

// setKeys gives every entry the key priceCost + extra(entry, its node) in the index of its service.
func (r *run) setKeys(extra func(e, node int32) int64) {
	for s := range r.m.services {
		service := &r.m.services[s]
		keys := make([]int64, service.to-service.from)
		for e := service.from; e < service.to; e++ {
			keys[e-service.from] = min(everything, r.m.priceCost(e)+extra(e, r.net.entry[e]))
		}
		service.index.SetKeys(keys)
	}
}

// raiseDead prices the nodes of capacity 0, whose pairs the engine never saw: high enough that no pair is a bargain.
func (r *run) raiseDead(g *residual) {
	of, net := g.of, r.net
	raise := func(i int32, e int32, cost int64) bool {
		k := net.dead[e]
		if k < 0 || cost+of[k] >= of[i] {
			return false
		}
		of[k] = of[i] - cost
		return true
	}
	if g.near != nil {
		for _, c := range g.near.pairs {
			raise(c.need, c.entry, c.cost)
		}
	} else {
		r.setKeys(func(e, _ int32) int64 {
			if k := net.dead[e]; k >= 0 {
				return of[k]
			}
			return everything
		})
		s := newScout(r.m)
		for i := range int32(len(r.m.needs)) {
			s.eligible(i, r.m.p.Weights.Distance, of[i], func(f found) {
				if raise(i, f.entry, f.cost) {
					s.search.SetKey(f.entry-s.from, r.m.priceCost(f.entry)+of[net.dead[f.entry]])
				}
			})
		}
	}
	net.slope(of)
}

// slope raises every node to at least the price of the node behind it.
func (w *network) slope(of []int64) {
	for _, v := range w.resource {
		of[v] = max(of[v], of[w.next[v]])
	}
	for _, v := range w.entry {
		of[v] = max(of[v], of[w.next[v]])
	}
}

// unitValues fills what one more unit of each resource's capacity is worth. The prices must be the least ones.
func (r *run) unitValues(g *residual) bool {
	m, net := r.m, r.net
	held := make([][]int32, len(m.providers)) // full resources of providers whose quota is used up
	for j := range m.resources {
		v := net.resource[j]
		if g.through[v] < m.resources[j].capacity {
			continue
		}
		k := m.resources[j].provider
		if k >= 0 && g.through[net.provider[k]] >= m.providers[k].quota {
			held[k] = append(held[k], int32(j))
			continue
		}
		r.sol.Resources[j].UnitValue = m.moved(g.of[v])
	}
	// With the quota used up, a unit more here is a unit less at another resource of the provider: a search from its node.
	if g.near == nil {
		r.setKeys(func(_, v int32) int64 { return g.of[v] })
	}
	walkers := make([]*walker, len(m.scouts()))
	var asked []int32 // providers with something to ask
	for k, full := range held {
		if len(full) > 0 {
			asked = append(asked, int32(k))
		}
	}
	return inChunksOf(r.ctx, 1, len(asked), func(worker, from, to int) {
		if walkers[worker] == nil {
			walkers[worker] = newWalker(g)
		}
		for _, k := range asked[from:to] {
			r.heldValues(walkers[worker], net.provider[k], held[k])
		}
	})
}

// heldValues fills what one more unit is worth to full resources of a provider whose quota is used up. The search ends when no
// resource can be worth anything that is not known yet.
func (r *run) heldValues(w *walker, p int32, full []int32) {
	m, net, g := r.m, r.net, w.g
	w.reset()
	within := func() int64 { // of labels that still matter
		limit := int64(0)
		for _, j := range full {
			if v := net.resource[j]; !w.settled[v] {
				limit = max(limit, min(g.of[v]-g.of[p], w.label[v]))
			}
		}
		return limit
	}
	w.limit = within()
	w.reach(p, 0)
	for steps := 1; ; steps++ {
		if steps%chunk == 0 {
			if r.ctx.Err() != nil {
				return
			}
			w.limit = min(w.limit, within()+1)
		}
		v := w.next()
		if v < 0 {
			break
		}
		w.relax(v)
	}
	for _, j := range full {
		v := net.resource[j]
		if w.label[v] == unreached {
			continue
		}
		if worth := g.of[v] - g.of[p] - w.label[v]; worth > 0 {
			r.sol.Resources[j].UnitValue = m.moved(worth)
		}
	}
}

// dual writes the prices as the certificate of the solution.
func (r *run) dual(g *residual) *Dual {
	m, net := r.m, r.net
	lists := &m.p.Lists
	d := &Dual{
		Penalty:  m.penalty,
		Need:     append([]int64(nil), g.of[:len(m.needs)]...),
		Resource: make([]int64, len(m.resources)),
		Offer:    make([][]int64, len(m.resources)),
		Provider: make([]int64, len(lists.Providers)),
	}
	for j, v := range net.resource {
		d.Resource[j] = g.of[v] - g.of[net.next[v]]
	}
	for e := range m.entries {
		if m.entries[e].limit < 0 {
			continue
		}
		j := m.entries[e].resource
		if d.Offer[j] == nil {
			d.Offer[j] = make([]int64, len(lists.Resources[j].Services))
		}
		d.Offer[j][m.entries[e].offer] = g.of[net.entry[e]] - g.of[net.resource[j]]
	}
	for k, v := range net.provider {
		d.Provider[m.providers[k].position] = g.of[v]
	}
	return d
}
