package match

import (
	"math"
	"math/bits"
)

// explain fills unit values, reasons and the certificate of a proved match.
func (r *run) explain() {
	r.report("explain", 0)
	g := newResidual(r)
	if !r.settlePrices(g) || !r.unitValues(g) || !r.reasons(g) {
		// The match stays proved; only its explanation was cut.
		for k := range r.sol.Unmet {
			r.sol.Unmet[k].Reasons = nil
		}
		for j := range r.sol.Resources {
			r.sol.Resources[j].UnitValue = Objective{}
		}
		return
	}
	r.sol.Explained = true
	if r.near == nil {
		r.sol.Dual = r.dual(g)
	}
	for j := range r.sol.Resources {
		r.sol.Resources[j].steady(r.sol.Resources[j].Used)
	}
	if r.opts.Relaxations == 0 && r.opts.Alternatives == 0 {
		return
	}
	if ways := waysOf(r.ctx, g); ways != nil {
		r.second(newThoughts(r.m, r.sol, anyRoom{}, r.sol.after), func() ground { return newPlainGround(g, ways) })
	}
}

// after returns the objective when the plan changes so.
func (s *Solution) after(delta value, _ int64) Objective {
	return s.Objective.plus(Objective{Unmet: delta.unmet, Cost: delta.cost})
}

// steady fills the capacities with which the plan stays optimal: from what is taken to without end, or to the capacity where one
// more unit is worth something.
func (u *ResourceUse) steady(taken int64) {
	u.Steady = Range{From: taken, To: -1}
	if u.UnitValue != (Objective{}) {
		u.Steady.To = u.Capacity
	}
}

// reasons explains every need with units left over, on every core.
func (r *run) reasons(g *residual) bool {
	var walkers []*explainer
	arc := newArcTest(r.m)
	for range r.m.scouts() {
		walkers = append(walkers, &explainer{run: r, g: g, arc: arc})
	}
	return inChunks(r.ctx, len(r.sol.Unmet), func(worker, from, to int) {
		x := walkers[worker]
		if x.w == nil {
			x.w = newWalker(g)
		}
		for k := from; k < to; k++ {
			r.sol.Unmet[k].Reasons = x.reasons(r.sol.Unmet[k].Need)
		}
	})
}

// explainer finds reasons one need at a time. It belongs to one goroutine.
type explainer struct {
	run  *run
	g    *residual
	w    *walker
	arc  *arcTest
	full []found // eligible entries of the need in hand
}

// reasons lists, for a need with units left over, the constraints that kept resources from it.
func (x *explainer) reasons(i int32) []Reason {
	m := x.run.m
	n := &m.needs[i]
	if n.service < 0 {
		return []Reason{{Code: CodeService, Nearest: -1, Resource: -1}}
	}
	var tally [len(codes)]sole
	for c := range tally {
		tally[c].nearest = -1
	}
	x.full = x.full[:0]
	x.collect(i, &tally)

	var reasons []Reason
	for _, known := range codes {
		t := &tally[bits.TrailingZeros32(uint32(known.bit))]
		if t.removed == 0 {
			continue
		}
		reason := Reason{Code: known.code, Removed: t.removed, Nearest: t.nearest, Resource: -1}
		reason.ShortBy, reason.HasShort = m.shortBy(known.bit, i, t, nil)
		reasons = append(reasons, reason)
	}
	reasons = append(reasons, x.fullReasons(i)...)
	if len(reasons) > 0 {
		return reasons
	}
	failed := m.failed(i)
	for _, known := range codes { // every resource fails several: name them all
		if failed&known.bit != 0 {
			reasons = append(reasons, Reason{Code: known.code, Nearest: -1, Resource: -1})
		}
	}
	return reasons
}

// sole counts the resources that fail one constraint.
type sole struct {
	failed  int   // at all
	removed int   // and no other
	nearest int32 // of the removed ones
	metres  int64 // to that one
}

// collect sorts the entries of the need's service: into tally by the one constraint they fail, into x.full if they fail none.
// A way is measured only where its chord leaves something open.
func (x *explainer) collect(i int32, tally *[len(codes)]sole) {
	m := x.run.m
	n := &m.needs[i]
	service := &m.services[n.service]
	within, beyond := x.arc.within(n.reach, x.arc.joinedHome[i]), x.arc.farther(n.reach)
	for e := service.from; e < service.to; e++ {
		f := m.screened(i, e)
		if f.several() { // the distance changes nothing
			continue
		}
		s := &m.screens[e]
		j := s.resource
		dx, dy, dz := s.at[0]-n.at[0], s.at[1]-n.at[1], s.at[2]-n.at[2]
		chord2 := dx*dx + dy*dy + dz*dz
		metres, least := int64(-1), int64(0)
		if joined := x.arc.joinedHome[i] && x.arc.joinedBase[j]; joined && !n.remote {
			least = x.arc.least(chord2)
			if chord2 > beyond {
				f |= failsMaxDistance
			}
			if chord2 > x.arc.beyond[j] {
				f |= failsRadius
			}
		}
		if f.several() {
			continue
		}
		if f == 0 || f&failsMaxDistance == 0 && chord2 >= within || f&failsRadius == 0 && chord2 >= x.arc.radius[j] {
			metres = m.metres(i, j)
			least = metres
			if f |= m.distance(i, j, metres); f.several() {
				continue
			}
		}
		if f == 0 {
			if x.g.near == nil {
				x.full = append(x.full, found{entry: e, metres: metres, cost: m.cost(i, j, metres)})
			}
			continue
		}
		t := &tally[bits.TrailingZeros32(uint32(f))]
		t.removed++
		if t.nearest >= 0 && least >= t.metres {
			continue
		}
		if metres < 0 {
			metres = m.metres(i, j)
		}
		if t.nearest < 0 || metres < t.metres {
			t.nearest, t.metres = j, metres
		}
	}
	if x.g.near != nil {
		near := x.g.near
		for _, c := range near.pairs[near.from[i]:near.from[i+1]] {
			x.full = append(x.full, found{entry: c.entry, metres: m.metres(i, m.entries[c.entry].resource), cost: c.cost})
		}
	}
}

// failed returns all constraints that some resource fails of those that offer the need's service, the distance only where it
// fails no two others.
func (m *model) failed(i int32) (f failing) {
	service := &m.services[m.needs[i].service]
	for e := service.from; e < service.to; e++ {
		j := m.entries[e].resource
		g := m.attributes(i, j) | m.onDay(i, j, noDay, "")
		if !g.several() {
			g |= m.distance(i, j, m.metres(i, j))
		}
		f |= g
	}
	return f
}

func count(tally *[len(codes)]sole, f failing) {
	for c, known := range codes {
		if f&known.bit != 0 {
			tally[c].failed++
		}
	}
}

// fullReasons says of the eligible resources, all full, why, and where one more unit would help most.
func (x *explainer) fullReasons(i int32) []Reason {
	if len(x.full) == 0 {
		return nil
	}
	m, net, g := x.run.m, x.run.net, x.g
	capacity := Reason{Code: CodeCapacity, Nearest: -1, HasShort: true, ShortBy: g.unmet[i]}
	quota := Reason{Code: CodeQuota, Nearest: -1, HasShort: true, ShortBy: g.unmet[i]}
	var byCapacity, byQuota bool
	capacityAt, quotaAt := int64(math.MaxInt64), int64(math.MaxInt64)
	for _, f := range x.full {
		j := m.entries[f.entry].resource
		v := net.entry[f.entry]
		full := g.through[v] >= net.capacity[v] || g.through[net.resource[j]] >= m.resources[j].capacity
		k := m.resources[j].provider
		out := k >= 0 && g.through[net.provider[k]] >= m.providers[k].quota
		byCapacity, byQuota = byCapacity || full, byQuota || out
		switch {
		case full && !out:
			capacity.Removed++
			if f.metres < capacityAt {
				capacity.Nearest, capacityAt = j, f.metres
			}
		case out && !full:
			quota.Removed++
			if f.metres < quotaAt {
				quota.Nearest, quotaAt = j, f.metres
			}
		}
	}
	where, objective, outranked := x.oneMore(i)
	var reasons []Reason
	both := capacity.Removed == 0 && quota.Removed == 0 // every one of them lacks both
	for _, reason := range []struct {
		Reason
		holds bool
	}{{capacity, byCapacity}, {quota, byQuota}} {
		if reason.Removed > 0 || both && reason.holds {
			reason.Resource, reason.Objective, reason.Outranked = where, objective, outranked
			reasons = append(reasons, reason.Reason)
		}
	}
	return reasons
}

// oneMore returns the eligible resource of need i where one more unit of room, with one more unit of the need forced to be
// served, gives the least objective; that objective; and the class that the unit would rather serve, 0 if none.
//
// Room on every full arc of the way behind entry e and the forced unit leave one unit at the need and one place at e: the
// least change is a shortest path between the two in the residual network, the need's own unmet arc closed. The search is
// over when the sink is settled: from there the way to any entry is known, its price being the least one.
func (x *explainer) oneMore(i int32) (resource int32, objective Objective, outranked int) {
	m, net, g, w := x.run.m, x.run.net, x.g, x.w
	w.reset()
	w.own, w.toSink = i, true
	dearest := int64(0)
	for _, f := range x.full {
		dearest = max(dearest, g.of[net.entry[f.entry]])
	}
	for _, f := range x.full {
		// Straight to the entry: cost less what the need's unit pays.
		w.limit = min(w.limit, f.cost-g.of[i]+dearest+1)
	}
	w.reach(i, 0)
	sink := int64(unreached)
	for v := w.next(); v >= 0; v = w.next() {
		if v == net.sink {
			sink = w.label[v]
			break
		}
		w.relax(v)
	}
	at, least := -1, int64(math.MaxInt64)
	passes := false // the best way passes the sink
	for k, f := range x.full {
		// The added unit may also be given back from any node behind the entry, and its room used by others.
		for v := net.entry[f.entry]; v != net.sink; v = net.next[v] {
			d := min(w.label[v], sink)
			if d == unreached {
				continue
			}
			if change := d - g.of[v]; change < least {
				at, least, passes = k, change, d < w.label[v]
			}
		}
	}
	f := x.full[at]
	v := net.entry[f.entry]
	objective = x.run.sol.Objective
	objective.Unmet[m.needs[i].class]--
	if passes { // two chains, read one by one: up to the sink, and from it to the entry at the price of the entry
		objective = objective.plus(m.moved(sink + g.of[i])).plus(m.moved(least - sink))
	} else {
		objective = objective.plus(m.moved(least + g.of[i]))
	}
	for c, moved := range m.moved(g.of[v]).Unmet {
		if moved > 0 && c < int(m.needs[i].class) {
			outranked = c + 1
		}
	}
	return m.entries[f.entry].resource, objective, outranked
}
