package match

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// explainWeb fills reasons, unit values and second thoughts of a plan, its choices kept.
func (r *run) explainWeb(s *search, out *solved) error {
	sol, m := r.sol, r.m
	r.report("explain", 0)
	tiers := additive(s.tiers)
	g, ok, err := s.keepChoices(r.ctx, out, tiers)
	if err != nil || !ok {
		return err
	}
	r.takeWeb(s, s.w, out) // keeping the choices may have found a better plan
	x := &webExplainer{run: r, s: s, g: g, room: newWebRoom(s.w, sol.Matches)}
	walk := &webGround{webWalker: newWebWalker(g)}
	if !x.unitValues(walk) {
		x.forget()
		return nil
	}
	var walks []*webGround
	for range m.scouts() {
		walks = append(walks, nil)
	}
	x.thoughts = newThoughts(m, sol, x.room, func(delta value, metres int64) Objective { return x.after(out, delta, metres) })
	ok = inChunks(r.ctx, len(sol.Unmet), func(worker, from, to int) {
		if walks[worker] == nil {
			walks[worker] = &webGround{webWalker: newWebWalker(g)}
		}
		for k := from; k < to; k++ {
			sol.Unmet[k].Reasons = x.reasons(walks[worker], out, &sol.Unmet[k])
		}
	})
	if !ok {
		x.forget()
		return nil
	}
	sol.Explained = true
	if r.opts.Relaxations == 0 && r.opts.Alternatives == 0 {
		return nil
	}
	if ways := g.waysOf(r.ctx); ways != nil {
		r.second(x.thoughts, func() ground { return &webGround{newWebWalker(g), ways} })
	}
	return nil
}

// webExplainer finds out about a plan of a web.
type webExplainer struct {
	*run
	s        *search
	g        *webResidual
	room     *webRoom
	thoughts *thoughts
}

// forget leaves the plan without the half of an explanation.
func (x *webExplainer) forget() {
	for k := range x.sol.Unmet {
		x.sol.Unmet[k].Reasons = nil
	}
	for j := range x.sol.Resources {
		x.sol.Resources[j].UnitValue = Objective{}
	}
}

// after returns the objective when the plan changes so and a unit travels so far.
func (x *webExplainer) after(out *solved, delta value, metres int64) Objective {
	o := x.s.objective(out.value.plus(delta), max(metres, x.sol.Objective.WorstDistance), x.sol.Objective.WorstNeed)
	return o
}

// unitValues finds what one more unit of each resource's capacity would save: the lightest way from the node behind its
// capacity back to it, closed by the new unit.
func (x *webExplainer) unitValues(walk *webGround) bool {
	w, g := x.s.w, x.g
	byNext := make(map[int32][]int32)
	var order []int32
	for j := range x.m.resources {
		x.sol.Resources[j].steady(x.room.carers[j])
		if x.spare(int32(j)) {
			continue
		}
		next := w.arcs[w.capacity[j]].head
		if byNext[next] == nil {
			order = append(order, next)
		}
		byNext[next] = append(byNext[next], int32(j))
	}
	for _, next := range order {
		if x.ctx.Err() != nil {
			return false
		}
		walk.clear()
		full := byNext[next]
		limit := int64(0)
		weights := make([]int64, len(full))
		for k, j := range full {
			weights[k] = g.scale.weigh(x.nextUnit(j))
			limit = max(limit, g.of[w.chain.tail[j]]-weights[k])
		}
		walk.enter(next, -g.of[next], limit-g.of[next]) // labels are reduced lengths
		for v := walk.next(); v >= 0; v = walk.next() {
			walk.relax(v)
		}
		for k, j := range full {
			tail := w.chain.tail[j]
			if walk.label[tail] == unreached {
				continue
			}
			if weight := walk.label[tail] - g.of[tail] + g.of[next]; weight+weights[k] >= 0 {
				continue
			}
			gain := walk.valueTo(tail).plus(x.nextUnit(j)).times(-1)
			x.sol.Resources[j].UnitValue = x.s.objective(gain, 0, 0)
			x.sol.Resources[j].steady(x.room.carers[j])
		}
	}
	return true
}

// nextUnit is the value of one unit beyond the capacity arcs of a resource.
func (x *webExplainer) nextUnit(j int32) value {
	w := x.s.w
	last := &w.arcs[w.capTo[j]-1]
	v := last.val
	if v.load > 0 && last.upper > 0 {
		v.load += 2
	}
	return v
}

// spare reports whether a resource has capacity left, or one whose units take different numbers of carers, so that its capacity is
// not a flow.
func (x *webExplainer) spare(j int32) bool {
	w, g := x.s.w, x.g
	for a := w.capacity[j]; a < w.capTo[j]; a++ {
		if g.flow[a] < g.upper[a] {
			return true
		}
	}
	l := &w.through[j]
	return l.any && l.carers > l.carersLow || l.any && x.m.resources[j].capacity%max(1, l.carers) != l.carers-1
}

// reasons lists the constraints that kept resources from a need with units left over.
func (x *webExplainer) reasons(walk *webGround, out *solved, u *Unmet) []Reason {
	m := x.m
	i := u.Need
	n := &m.p.Lists.Needs[i]
	all := m.offering(n)
	if len(all) == 0 {
		return []Reason{{Code: CodeService, Nearest: -1, Resource: -1}}
	}
	var tally [len(codes)]sole
	for c := range tally {
		tally[c].nearest = -1
	}
	missing := make(map[int32]int64)
	full := make(map[Code]*sole)
	var eligible []int32
	for _, j := range all {
		f, short := m.fails(i, j)
		missing[j] = short
		if f == 0 {
			eligible = append(eligible, j)
			continue
		}
		count(&tally, f)
		if f&(f-1) != 0 {
			continue
		}
		for c, known := range codes {
			if t := &tally[c]; f == known.bit {
				t.add(j, m.metres(i, j))
			}
		}
	}
	for _, j := range eligible {
		code := x.whyFull(n, i, j)
		if full[code] == nil {
			full[code] = &sole{nearest: -1}
		}
		full[code].add(j, m.metres(i, j))
	}
	var reasons []Reason
	var failed failing
	for c, known := range codes {
		t := &tally[c]
		if t.failed > 0 {
			failed |= known.bit
		}
		if t.removed == 0 {
			continue
		}
		reason := Reason{Code: known.code, Removed: t.removed, Nearest: t.nearest, Resource: -1}
		reason.ShortBy, reason.HasShort = m.shortBy(known.bit, i, t, missing)
		reasons = append(reasons, reason)
	}
	where, objective, outranked := x.oneMore(walk, out, i, eligible)
	for _, code := range fullCodes {
		t := full[code]
		if t == nil {
			continue
		}
		reason := Reason{Code: code, Removed: t.removed, Nearest: t.nearest, Resource: -1}
		reason.ShortBy, reason.HasShort = x.shortOf(code, n, u, t.nearest)
		if code == CodeCapacity || code == CodeQuota {
			reason.Resource, reason.Objective, reason.Outranked = where, objective, outranked
		}
		reasons = append(reasons, reason)
	}
	if len(reasons) > 0 {
		return reasons
	}
	for _, known := range codes { // every resource fails several: name them all
		if failed&known.bit != 0 {
			reasons = append(reasons, Reason{Code: known.code, Nearest: -1, Resource: -1})
		}
	}
	return reasons
}

// shortOf returns how much a resource lacks for one unit more of a need, in the unit of the limit; false where it has none.
func (x *webExplainer) shortOf(code Code, n *care.Need, u *Unmet, j int32) (int64, bool) {
	lists := &x.m.p.Lists
	_, minutes, charge := x.room.takes(n, j, n.Service)
	switch code {
	case CodeHours:
		for at := j; at >= 0; at = x.s.w.chain.team[at] {
			if most, ok := lists.Resources[at].CapacityMinutes.Value(); ok && x.room.minutes[at]+minutes > most {
				return x.room.minutes[at] + minutes - most, true
			}
		}
	case CodeBudget:
		if p := x.s.w.chain.prov[j]; p >= 0 {
			if most, ok := lists.Providers[p].Budget.Value(); ok {
				return max(0, x.room.money[p]+charge-most), true
			}
		}
	case CodeMinimum:
		return lists.Resources[j].MinUnits - x.sol.Resources[j].Used, true
	case CodeCapacity, CodeQuota, CodeWhole:
		return u.Units, true
	default: // the others have no unit
	}
	return 0, false
}

// fullCodes are the reasons for which an eligible resource has no place, in the order of the answer.
var fullCodes = []Code{
	CodeCapacity, CodeQuota, CodeBudget, CodeHours, CodeMinimum, CodeEvent, CodeApart, CodeDistinct, CodeWhole, CodeUnits, CodeLocking,
}

func (t *sole) add(j int32, metres int64) {
	t.removed++
	if t.nearest < 0 || metres < t.metres {
		t.nearest, t.metres = j, metres
	}
}

// offering lists the resources that offer one of the services that a need accepts, in their order.
func (m *model) offering(n *care.Need) []int32 {
	var list []int32
	add := func(service string) {
		if s, ok := m.offers[service]; ok {
			for _, e := range m.entries[m.services[s].from:m.services[s].to] {
				list = append(list, e.resource)
			}
		}
	}
	add(n.Service)
	for _, x := range n.StandIns {
		add(x.Service)
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// fails returns the constraints that a pair fails on its best day, and the minutes of overlap that are missing then.
func (m *model) fails(i, j int32) (f failing, missing int64) {
	f = m.attributes(i, j)
	f |= m.distance(i, j, m.metres(i, j)) | m.bestDay(i, j)
	if f&failsTime == 0 {
		return f, 0
	}
	missing = int64(care.MinutesADay)
	for _, b := range m.blocks(&m.p.Lists.Needs[i]) {
		for _, d := range b.days {
			if date := m.p.Lists.Resources[j].Session.Date; date != 0 && date != m.p.Horizon.Date(d) {
				continue
			}
			for _, service := range m.shared(i, j) {
				missing = min(missing, m.missing(i, j, d, service))
			}
		}
	}
	return f, missing
}

// shortBy returns how far the nearest resource that fails one constraint is off; false where it has no unit.
func (m *model) shortBy(f failing, i int32, t *sole, missing map[int32]int64) (int64, bool) {
	n, r := &m.needs[i], &m.resources[t.nearest]
	switch f {
	case failsMaxDistance:
		return t.metres - n.reach, true
	case failsRadius:
		return t.metres - r.radius, true
	case failsPrice:
		return r.price - r.subsidy - n.maxPrice, true
	case failsCarers:
		return n.carers - r.members, true
	case failsTime:
		return missing[t.nearest], true
	default: // the others have no unit
	}
	return 0, false
}

// whyFull returns why an eligible resource has no place for a unit of a need.
func (x *webExplainer) whyFull(n *care.Need, i, j int32) Code {
	m, w := x.m, x.s.w
	has := x.thoughts.of(i)
	last := CodeCapacity
	for _, o := range m.p.Lists.Resources[j].Services {
		if o.Service != n.Service && !slices.ContainsFunc(n.StandIns, func(s care.StandIn) bool { return s.Service == o.Service }) {
			continue
		}
		for _, d := range m.daysOf(candidate{need: i, entry: m.entryAt(j, o.Service)}) {
			code := x.room.firstFull(n, j, o.Service, d, has)
			if code == "" {
				code = x.fullOnWay(w, m.entryAt(j, o.Service), d)
			}
			if code == "" {
				return CodeLocking // only pinned units, or kept choices, hold it
			}
			last = code
		}
	}
	return last
}

// fullOnWay follows the chain of a resource to the sink and says which limit is used up; "" if none.
func (x *webExplainer) fullOnWay(w *web, entry, day int32) Code {
	g := x.g
	v := (&webGround{webWalker: &webWalker{g: g}}).head(entry, day)
	for v != w.sink {
		next, room := int32(-1), false
		for _, a := range g.out[g.fromOut[v]:g.fromOut[v+1]] {
			next = w.arcs[a].head
			room = room || g.flow[a] < w.arcs[a].upper
		}
		if !room {
			if g.resource[v] >= 0 {
				return CodeCapacity
			}
			return x.providerFull(v)
		}
		v = next
	}
	return ""
}

// providerFull tells a used-up quota from used-up money.
func (x *webExplainer) providerFull(v int32) Code {
	w := x.s.w
	for k, at := range w.chain.money {
		if at == v {
			if _, quota := x.m.p.Lists.Providers[k].Quota.Value(); !quota || w.arcs[x.g.out[x.g.fromOut[v]]].head != w.sink {
				return CodeBudget
			}
		}
	}
	return CodeQuota
}

// oneMore returns the eligible resource of need i where room for one more unit, with one more unit of the need forced to be
// served, gives the least objective; that objective; and the class that the unit would rather serve, 0 if none.
func (x *webExplainer) oneMore(walk *webGround, out *solved, i int32, eligible []int32) (resource int32, objective Objective, outranked int) {
	g, w := x.g, x.s.w
	resource = -1
	if len(eligible) == 0 {
		return resource, objective, 0
	}
	ask := int32(-1)
	for k := range w.asks {
		if at := w.askNode[k]; w.asks[k].need == i && x.hasUnmet(at) {
			ask = at
			break
		}
	}
	if ask < 0 {
		return resource, objective, 0
	}
	targets := make(map[int32]int32) // node in the chain: resource
	highest := int64(0)
	for _, j := range eligible {
		for v := w.chain.tail[j]; v != w.sink; {
			if _, known := targets[v]; !known {
				targets[v] = j
			}
			highest = max(highest, g.of[v])
			v = w.arcs[g.out[g.fromOut[v]]].head
		}
	}
	walk.clear()
	walk.own = i
	walk.enter(ask, -g.of[ask], unreached)
	least := int64(unreached)
	at := int32(-1)
	for {
		v := walk.next()
		if v < 0 || least != unreached && walk.label[v]-highest >= least {
			break
		}
		if j, ok := targets[v]; ok {
			weight := walk.label[v] - g.of[v]
			if v == w.chain.tail[j] && !x.spare(j) {
				weight += g.scale.weigh(x.nextUnit(j))
			}
			if weight < least || weight == least && at >= 0 && j < targets[at] {
				least, at = weight, v
			}
		}
		walk.relax(v)
	}
	if at < 0 {
		return resource, objective, 0
	}
	var forced value
	forced.unmet[x.m.needs[i].class] = -1
	sum := walk.valueTo(at).plus(forced)
	if j := targets[at]; at == w.chain.tail[j] && !x.spare(j) {
		sum = sum.plus(x.nextUnit(j))
	}
	for c := range sum.unmet {
		if sum.unmet[c] > 0 && c < int(x.m.needs[i].class) {
			outranked = c + 1
		}
	}
	return targets[at], x.after(out, sum, 0), outranked
}

// hasUnmet reports whether units of an ask stay unmet.
func (x *webExplainer) hasUnmet(node int32) bool {
	for _, a := range x.g.out[x.g.fromOut[node]:x.g.fromOut[node+1]] {
		if x.s.w.arcs[a].head == x.s.w.sink && x.g.flow[a] > 0 {
			return true
		}
	}
	return false
}
