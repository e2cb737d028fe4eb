package match

import (
	"cmp"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// thoughts are the second thoughts about a finished plan: what would serve who is unmet, and who else could serve whom. They
// are shared by goroutines; each brings a ground of its own.
type thoughts struct {
	m       *model
	sol     *Solution
	after   func(delta value, metres int64) Objective // the objective when the plan changes so
	room    room
	matches []int32 // matches of need i: sol.Matches[matches[i]:matches[i+1]]
}

func newThoughts(m *model, sol *Solution, room room, after func(value, int64) Objective) *thoughts {
	t := &thoughts{m: m, sol: sol, after: after, room: room, matches: make([]int32, len(m.needs)+1)}
	for _, x := range sol.Matches {
		t.matches[x.Need+1]++
	}
	for i := range m.needs {
		t.matches[i+1] += t.matches[i]
	}
	return t
}

// of returns the matches of a need.
func (t *thoughts) of(i int32) []Match { return t.sol.Matches[t.matches[i]:t.matches[i+1]] }

// option is one unit that a need could have.
type option struct {
	entry   int32
	day     int32
	standIn int32  // as in Match; unheard for a service that the need does not accept
	service string // the service given
	metres  int64
	value   value // what the unit costs
	code    Code  // the one rule that it breaks
	by      int64
	hasBy   bool
}

// unheard marks a service of the tree that the need does not accept yet.
const unheard = -2

// relaxable are the rules of which a relaxation can be asked for, in the order of the answer.
var relaxable = []struct {
	bit  failing
	code Code
}{
	{failsMaxDistance, CodeMaxDistance},
	{failsRadius, CodeRadius},
	{failsPrice, CodePrice},
	{failsTime, CodeTime},
	{failsKind, CodeKind},
	{failsLanguage, CodeLanguage},
	{failsGender, CodeGender},
	{failsAge, CodeAge},
	{failsArea, CodeArea},
	{failsSkill, CodeSkill},
}

// options calls visit for every unit that need i could have if one rule were relaxed. O(resources that offer a service of the
// need's branch of the tree).
func (t *thoughts) options(i int32, visit func(o option)) {
	m := t.m
	n := &m.p.Lists.Needs[i]
	t.entries(i, n.Service, -1, 0, visit)
	for k, x := range n.StandIns {
		t.entries(i, x.Service, int32(k), x.Penalty*m.p.Weights.StandIn, visit)
	}
	for _, service := range m.kin(n) {
		t.entries(i, service, unheard, 0, visit)
	}
}

// kin lists the services of the tree that could stand in for the need's own and that it does not accept: the parent and the
// siblings.
func (m *model) kin(n *care.Need) []string {
	own := slices.IndexFunc(m.p.Lists.Services, func(s care.Service) bool { return s.ID == n.Service })
	if own < 0 || m.p.Lists.Services[own].Parent == "" {
		return nil
	}
	parent := m.p.Lists.Services[own].Parent
	var list []string
	for _, s := range m.p.Lists.Services {
		if s.ID == n.Service || s.ID != parent && s.Parent != parent {
			continue
		}
		if !slices.ContainsFunc(n.StandIns, func(x care.StandIn) bool { return x.Service == s.ID }) {
			list = append(list, s.ID)
		}
	}
	return list
}

// entries visits the options of one service.
func (t *thoughts) entries(i int32, service string, standIn int32, penalty int64, visit func(o option)) {
	m := t.m
	number, ok := m.offers[service]
	if !ok {
		return
	}
	group := &m.services[number]
	for e := group.from; e < group.to; e++ {
		j := m.entries[e].resource
		f := m.attributes(i, j)
		if f&(f-1) != 0 || f&^relaxableBits != 0 || standIn == unheard && f != 0 {
			continue
		}
		metres := m.metres(i, j)
		f |= m.distance(i, j, metres)
		if f&(f-1) != 0 || f&^relaxableBits != 0 || standIn == unheard && f != 0 {
			continue
		}
		o := option{entry: e, standIn: standIn, service: service, metres: metres}
		o.value.cost = m.cost(i, j, metres) + penalty
		t.onDays(i, j, f, o, visit)
	}
}

// relaxableBits are all the bits of relaxable.
const relaxableBits = failsMaxDistance | failsRadius | failsPrice | failsTime | failsKind | failsLanguage | failsGender | failsAge | failsArea | failsSkill

// onDays visits an option on every day on which it breaks one rule in all.
func (t *thoughts) onDays(i, j int32, f failing, o option, visit func(o option)) {
	m := t.m
	add := func(f failing, day int32, missing int64) {
		if f&(f-1) != 0 || (f == 0) != (o.standIn == unheard) {
			return
		}
		o.day, o.code, o.by, o.hasBy = day, CodeService, 0, false
		for _, known := range relaxable {
			if f == known.bit {
				o.code = known.code
			}
		}
		n, r := &m.needs[i], &m.resources[j]
		switch o.code {
		case CodeMaxDistance:
			o.by, o.hasBy = o.metres-n.reach, true
		case CodeRadius:
			o.by, o.hasBy = o.metres-r.radius, true
		case CodePrice:
			o.by, o.hasBy = r.price-r.subsidy-n.maxPrice, true
		case CodeTime:
			o.by, o.hasBy = missing, true
		default: // the others have no unit
		}
		visit(o)
	}
	n := &m.p.Lists.Needs[i]
	session := int32(noDay)
	if date := m.p.Lists.Resources[j].Session.Date; date != 0 {
		d, in := m.p.Horizon.Day(date)
		if !in {
			return
		}
		session = d
	}
	if !n.When.Once() && !n.When.Recurs() {
		add(f|m.onDay(i, j, session, o.service), session, 0)
		return
	}
	own := make([]bool, m.p.Horizon.Days)
	for _, b := range m.blocks(n) {
		for _, d := range b.days {
			own[d] = true
		}
	}
	for d := range m.p.Horizon.Days {
		if session != noDay && d != session {
			continue
		}
		on := m.onDay(i, j, d, o.service)
		if own[d] && on&failsTime == 0 {
			add(f|on, d, 0)
			continue
		}
		least := max(1, m.minutes(i, o.service))
		if session == noDay && m.longest(j, d) < least {
			continue // not even at another time of that day
		}
		missing := least
		if own[d] {
			missing = m.missing(i, j, d, o.service)
		}
		add(f|on|failsTime, d, missing)
	}
}

// longest returns the minutes of the longest window of a resource on a day.
func (m *model) longest(j, day int32) (most int64) {
	windows, all := m.open(j, day)
	if all {
		return care.MinutesADay
	}
	for _, w := range windows {
		most = max(most, w.Minutes(m.p.Horizon.Date(day), m.p.Zone))
	}
	return most
}

// relaxations finds, for each rule that could be relaxed for an unmet need, the resource that would serve it at least cost to
// everybody: its cost and the lightest way from the resource to the sink.
func (t *thoughts) relaxations(g ground, u *Unmet) []Relaxation {
	i := u.Need
	byCode := make(map[Code][]option)
	t.options(i, func(o option) {
		j := t.m.entries[o.entry].resource
		if t.room.fits(&t.m.p.Lists.Needs[i], j, o.service, o.day, t.of(i)) {
			if t.m.keepsOne(i, j, 1+unitsWith(t.of(i), j)) {
				o.value.changes = -1
			}
			byCode[o.code] = append(byCode[o.code], o)
		}
	})
	var gain value
	gain.unmet[t.m.needs[i].class] = 1
	var list []Relaxation
	for _, code := range append([]Code{CodeService}, relaxCodes()...) {
		options := byCode[code]
		if len(options) == 0 {
			continue
		}
		best, least := -1, g.weigh(gain) // as much, and it would take the place of somebody who comes first
		for k := range options {
			if more, ok := g.drain(g.head(options[k].entry, options[k].day)); ok && g.weigh(options[k].value)+more < least {
				best, least = k, g.weigh(options[k].value)+more
			}
		}
		if best < 0 {
			continue
		}
		o := options[best]
		path, sum := g.drainWay(g.head(o.entry, o.day))
		r := Relaxation{
			Code: code, Resource: t.m.entries[o.entry].resource, By: o.by, HasBy: o.hasBy, Day: o.day,
			Objective: t.after(o.value.plus(sum).plus(gain.times(-1)), o.metres),
			Moves:     movesOn(g, path),
		}
		if o.standIn != -1 {
			r.StandIn = o.service
		}
		list = append(list, r)
	}
	for _, reason := range u.Reasons { // one more unit here
		if (reason.Code == CodeCapacity || reason.Code == CodeQuota) && reason.Resource >= 0 && reason.Outranked == 0 {
			list = append(list, Relaxation{Code: reason.Code, Resource: reason.Resource, By: 1, HasBy: true, Day: noDay, Objective: reason.Objective})
			break
		}
	}
	slices.SortStableFunc(list, func(a, b Relaxation) int {
		switch {
		case t.m.p.Less(a.Objective, b.Objective):
			return -1
		case t.m.p.Less(b.Objective, a.Objective):
			return 1
		}
		return 0
	})
	return list
}

func relaxCodes() []Code {
	list := make([]Code, len(relaxable))
	for k := range relaxable {
		list[k] = relaxable[k].code
	}
	return list
}

// alternatives finds the next best resources for one unit of a match: the unit goes there, its place is free for others, and
// the rest is rearranged as best it can.
func (t *thoughts) alternatives(g ground, k, most int) []Alternative {
	m := t.m
	x := &t.sol.Matches[k]
	i := x.Need
	if said := m.pairing(i, x.Resource); said != nil && (said.State == care.Pinned || said.State == care.Confirmed) {
		return nil
	}
	n := &m.p.Lists.Needs[i]
	service, penalty := n.Service, int64(0)
	if x.StandIn >= 0 {
		service, penalty = n.StandIns[x.StandIn].Service, n.StandIns[x.StandIn].Penalty*m.p.Weights.StandIn
	}
	free := g.head(m.entryAt(x.Resource, service), x.Day)
	var given value
	given.cost = m.cost(i, x.Resource, x.DistanceM) + penalty
	if m.keepsOne(i, x.Resource, unitsWith(t.of(i), x.Resource)) {
		given.changes = -1
	}
	type other struct {
		option
		node  int32
		least int64
	}
	var others []other
	t.eligible(i, func(o option) {
		j := m.entries[o.entry].resource
		if j == x.Resource || n.When.Recurs() && o.day != x.Day || !t.room.fits(n, j, o.service, o.day, without(t.of(i), x)) {
			return
		}
		if m.keepsOne(i, j, 1+unitsWith(t.of(i), j)) {
			o.value.changes = -1
		}
		v := g.head(o.entry, o.day)
		others = append(others, other{o, v, g.weigh(o.value) + g.least(v, free)})
	})
	slices.SortStableFunc(others, func(a, b other) int { return cmp.Compare(a.least, b.least) })
	type answer struct {
		weight int64
		Alternative
	}
	var best []answer
	for _, o := range others {
		limit := int64(unreached)
		if len(best) == most {
			if limit = best[most-1].weight; o.least >= limit {
				break
			}
			limit += g.least(free, g.sink()) // as a label at free
		}
		if slices.ContainsFunc(best, func(a answer) bool { return a.Resource == m.entries[o.entry].resource }) {
			continue
		}
		g.clear()
		g.enter(o.node, g.weigh(o.value), limit)
		weight, ok := g.settle(free)
		if !ok {
			continue
		}
		path, sum, _ := g.way(free)
		a := answer{weight, Alternative{
			Resource:  m.entries[o.entry].resource,
			Objective: t.after(o.value.plus(sum).plus(given.times(-1)), o.metres),
			Moves:     movesOn(g, path),
		}}
		best = append(best, a)
		slices.SortStableFunc(best, func(a, b answer) int { return cmp.Compare(a.weight, b.weight) })
		best = best[:min(len(best), most)]
	}
	list := make([]Alternative, len(best))
	for k := range best {
		list[k] = best[k].Alternative
	}
	return list
}

// without leaves one unit of a match out.
func without(list []Match, x *Match) []Match {
	out := slices.Clone(list)
	for k := range out {
		if out[k] == *x {
			out[k].Units--
		}
	}
	return slices.DeleteFunc(out, func(m Match) bool { return m.Units == 0 })
}

// eligible visits every unit that need i could have as the lists are.
func (t *thoughts) eligible(i int32, visit func(o option)) {
	m := t.m
	s := newScout(m)
	for _, c := range m.candidates(s, i, nil) {
		o := option{entry: c.entry, standIn: c.standIn, metres: int64(c.metres), value: value{cost: c.cost}}
		o.service = m.p.Lists.Resources[m.entries[c.entry].resource].Services[m.entries[c.entry].offer].Service
		for _, d := range m.daysOf(c) {
			o.day = d
			visit(o)
		}
	}
}

// entryAt returns the entry of a resource for a service that it offers.
func (m *model) entryAt(j int32, service string) int32 {
	s := &m.services[m.offers[service]]
	k, _ := slices.BinarySearchFunc(m.entries[s.from:s.to], j, func(e entry, j int32) int { return int(e.resource - j) })
	return s.from + int32(k)
}

// keepsOne reports whether the units-th unit of a pair is one of a lasting pairing, or of one that stands by for it.
func (m *model) keepsOne(i, j int32, units int64) bool {
	x := m.pairing(i, j)
	if x == nil || x.State != care.Lasting && x.State != care.StandBy || m.lasting(i) == 0 {
		return false
	}
	return x.Units == 0 || units <= x.Units
}

// unitsWith returns how many units of a need a resource has.
func unitsWith(list []Match, j int32) (units int64) {
	for _, x := range list {
		if x.Resource == j {
			units += x.Units
		}
	}
	return units
}
