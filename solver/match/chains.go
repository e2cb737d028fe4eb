package match

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/sideflow"
)

// measure finds out what the columns take of every resource and provider.
func (b *weaver) measure() {
	m := b.m
	lists := &m.p.Lists
	at := make(map[string]int32, len(lists.Resources))
	for j := range lists.Resources {
		at[lists.Resources[j].ID] = int32(j)
	}
	provider := make(map[string]int32, len(lists.Providers))
	for k := range lists.Providers {
		provider[lists.Providers[k].ID] = int32(k)
	}
	b.chain.team, b.chain.prov = make([]int32, len(lists.Resources)), make([]int32, len(lists.Resources))
	for j := range lists.Resources {
		r := &lists.Resources[j]
		b.chain.team[j], b.chain.prov[j] = -1, -1
		if r.Team != "" {
			b.chain.team[j] = at[r.Team]
			r = &lists.Resources[b.chain.team[j]]
		}
		if k, ok := provider[r.Provider]; ok && r.Provider != "" {
			b.chain.prov[j] = k
		}
	}
	b.through, b.chain.own = make([]load, len(lists.Resources)), make([]load, len(lists.Resources))
	b.behind = make([]load, len(lists.Providers))
	for k := range b.cols {
		c := &b.cols[k]
		j := m.entries[c.entry].resource
		carers, minutes, charge := b.takes(c)
		b.coarse = b.coarse || carers > 1
		b.chain.own[j].add(c.upper, carers, minutes, charge)
		b.through[j].add(c.upper, carers, minutes, charge)
		if t := b.chain.team[j]; t >= 0 {
			b.through[t].add(c.upper, carers, minutes, charge)
		}
		if p := b.chain.prov[j]; p >= 0 {
			b.behind[p].add(c.upper, carers, minutes, charge)
		}
	}
}

// takes returns what one unit of a column takes: carers, minutes of all of them, money of the contract.
func (b *weaver) takes(c *col) (carers, minutes, charge int64) {
	m := b.m
	i := b.rows[c.row].need
	j := m.entries[c.entry].resource
	carers = m.needs[i].carers
	minutes = carers * m.minutes(i, m.p.Lists.Resources[j].Services[m.entries[c.entry].offer].Service)
	if p := b.chain.prov[j]; p >= 0 {
		charge = m.p.Lists.Providers[p].Charge(m.resources[j].price)
	}
	return carers, minutes, charge
}

// chains makes the nodes and arcs behind the columns. What differs from unit to unit becomes a limit beside the flow, in attach.
func (b *weaver) chains() {
	m := b.m
	lists := &m.p.Lists
	b.chain.money = make([]int32, len(lists.Providers))
	for k := range lists.Providers {
		p, l := &lists.Providers[k], b.behind[k]
		b.chain.money[k] = sinkNode
		if most, ok := p.Quota.Value(); ok {
			if l.carersLow == l.carers {
				most /= max(1, l.carers)
			}
			b.chain.money[k] = b.node()
			b.arc(b.chain.money[k], sinkNode, most, value{})
		}
		if most, ok := p.Budget.Value(); ok && l.any && l.charge > 0 && l.charge == l.chargeLow {
			b.coarse = true
			at := b.node()
			b.arc(at, b.chain.money[k], most/l.charge, value{})
			b.chain.money[k] = at
		}
	}
	n := len(lists.Resources)
	b.chain.tail, b.chain.in = make([]int32, n), make([]int32, n)
	b.capacity, b.capTo, b.gateOf = make([]int32, n), make([]int32, n), make([]int32, n)
	for j := range n {
		b.gateOf[j] = -1
		b.chain.tail[j] = b.node()
	}
	for j := range n {
		b.capacityArcs(int32(j), b.through[j])
	}
	for j := range n {
		b.ownChain(int32(j))
	}
	b.events()
}

// capacityArcs lets the units of a resource leave it: as many as its capacity, dearer and dearer where its load counts.
func (b *weaver) capacityArcs(j int32, l load) {
	m := b.m
	r := &m.p.Lists.Resources[j]
	next := int32(sinkNode)
	if t := b.chain.team[j]; t >= 0 {
		next = b.chain.tail[t]
	} else if p := b.chain.prov[j]; p >= 0 {
		next = b.chain.money[p]
	}
	capacity := r.Capacity
	if l.carersLow == l.carers {
		capacity /= max(1, l.carers)
	}
	fair := r.Kind == care.Volunteer && (m.p.Weights.Load > 0 || slices.Contains(m.p.Tiers, TierLoad))
	if fair {
		capacity = min(capacity, l.units+1) // one more than can be used, for the questions that are asked of the plan
	}
	b.capacity[j] = int32(len(b.arcs))
	for used := int64(0); used < capacity || used == 0; {
		step := capacity - used
		var v value
		if fair {
			step = min(step, 1)
			v.load = 2*used + 1
		}
		b.arc(b.chain.tail[j], next, step, v)
		used += max(1, step)
	}
	b.capTo[j] = int32(len(b.arcs))
}

// ownChain makes the gate, the hours, the limits and the days of a resource, through which only its own columns go.
func (b *weaver) ownChain(j int32) {
	m := b.m
	r, l := &m.p.Lists.Resources[j], b.chain.own[j]
	b.chain.in[j] = b.chain.tail[j]
	if r.Promised && r.MinUnits > 0 {
		at := b.node()
		var v value
		v.short = -1
		b.arc(at, b.chain.in[j], r.MinUnits, v)
		b.arc(at, b.chain.in[j], r.Capacity, value{})
		b.chain.in[j] = at
	}
	if least := b.opensWith(j); least > 0 {
		at := b.node()
		most := r.Capacity / max(1, l.carersLow)
		upper := min(most, l.units)
		if most, ok := r.CapacityMinutes.Value(); ok && l.minutesLow > 0 {
			upper = min(upper, most/l.minutesLow)
		}
		if upper < least { // it can never open
			b.coarse = true
			b.arc(at, b.chain.in[j], 0, value{})
		} else {
			b.gateOf[j] = int32(len(b.switches))
			b.switches = append(b.switches, gate{HardMinimum, sideflow.Switch{Arc: b.arc(at, b.chain.in[j], upper, value{}), Least: least}, most})
		}
		b.chain.in[j] = at
	}
	if most, ok := r.CapacityMinutes.Value(); ok && l.minutes > 0 && l.minutes == l.minutesLow && b.through[j].units == l.units {
		b.coarse = true
		at := b.node()
		b.arc(at, b.chain.in[j], most/l.minutes, value{})
		b.chain.in[j] = at
	}
}

// opensWith returns the least units with which a resource opens: 0 if it has no gate.
func (w *web) opensWith(j int32) int64 {
	r := &w.m.p.Lists.Resources[j]
	least := int64(0)
	if !r.Promised && r.MinUnits > 1 {
		least = r.MinUnits
	}
	if r.Event != "" {
		least = max(1, least)
	}
	return least
}

// events lets only so many stops of an event open, and one a date.
func (b *weaver) events() {
	lists := &b.m.p.Lists
	type date struct {
		event string
		day   care.Date
	}
	stops, sameDay := make(map[string][]int32), make(map[date][]int32)
	var dates []date
	for j := range lists.Resources {
		r := &lists.Resources[j]
		if r.Event == "" || b.gateOf[j] < 0 {
			continue
		}
		stops[r.Event] = append(stops[r.Event], b.gateOf[j])
		if d := (date{r.Event, r.Session.Date}); d.day != 0 {
			if sameDay[d] == nil {
				dates = append(dates, d)
			}
			sameDay[d] = append(sameDay[d], b.gateOf[j])
		}
	}
	add := func(list []int32, most int64) {
		if int64(len(list)) > most {
			b.choices = append(b.choices, choice{HardEvent, sideflow.Choice{Switch: list, Most: most}})
		}
	}
	for k := range lists.Events {
		if most, ok := lists.Events[k].Days.Value(); ok {
			add(stops[lists.Events[k].ID], most)
		}
	}
	for _, d := range dates {
		add(sameDay[d], 1)
	}
}

// attach gives every column its head and enters it into the limits that are not a flow.
func (b *weaver) attach() {
	m := b.m
	lists := &m.p.Lists
	b.chain.limitAt, b.chain.dayAt = make(map[int32]int32), make(map[[2]int32]int32)
	for k := range b.cols {
		c := &b.cols[k]
		j := m.entries[c.entry].resource
		r := &lists.Resources[j]
		carers, minutes, charge := b.takes(c)
		c.head = b.chain.in[j]

		if most := m.entries[c.entry].limit; most >= 0 {
			crossing := len(r.DayCapacity) > 0 && len(r.Services) > 1
			if !crossing {
				c.head = b.limitNode(c.entry, j, most, carers)
			}
			if crossing || b.chain.own[j].carers > 1 {
				kind := HardDay
				if !crossing {
					kind = HardCarers
				}
				b.enter(sideKey{kind, c.entry, noDay}, k, carers, most)
			}
		}
		if most, ok := b.dayLimit(r, c.day); ok {
			c.head = b.dayNode(j, c.day, most, c.head)
			if b.chain.own[j].carers > 1 {
				b.enter(sideKey{HardCarers, -1 - j, c.day}, k, carers, most)
			}
		}
		for at, own := j, true; at >= 0; at, own = b.chain.team[at], false {
			l := b.through[at]
			if l.carers > l.carersLow {
				b.enter(sideKey{HardCarers, -1 - at, noDay}, k, carers, lists.Resources[at].Capacity)
			}
			most, ok := lists.Resources[at].CapacityMinutes.Value()
			native := own && b.chain.own[at].minutes == b.chain.own[at].minutesLow && b.through[at].units == b.chain.own[at].units
			if ok && minutes > 0 && !native {
				b.enter(sideKey{HardHours, at, noDay}, k, minutes, most)
			}
		}
		if p := b.chain.prov[j]; p >= 0 {
			l := b.behind[p]
			if most, ok := lists.Providers[p].Quota.Value(); ok && l.carers > l.carersLow {
				b.enter(sideKey{HardCarers, p, -2}, k, carers, most)
			}
			if most, ok := lists.Providers[p].Budget.Value(); ok && charge > 0 && l.charge > l.chargeLow {
				b.enter(sideKey{HardBudget, p, noDay}, k, charge, most)
			}
		}
	}
}

// dayLimit returns the most units of a resource on a day.
func (w *web) dayLimit(r *care.Resource, day int32) (int64, bool) {
	if day == noDay {
		return 0, false
	}
	weekday := w.m.p.Horizon.Date(day).Weekday()
	for _, x := range r.DayCapacity {
		if x.Weekday == weekday {
			return x.Capacity, true
		}
	}
	return 0, false
}

func (b *weaver) limitNode(e, j int32, most, carers int64) int32 {
	at, ok := b.chain.limitAt[e]
	if !ok {
		at = b.node()
		b.chain.limitAt[e] = at
		if b.chain.own[j].carers == b.chain.own[j].carersLow {
			most /= carers
		}
		b.arc(at, b.chain.in[j], most, value{})
	}
	return at
}

func (b *weaver) dayNode(j, day int32, most int64, head int32) int32 {
	at, ok := b.chain.dayAt[[2]int32{j, day}]
	if !ok {
		at = b.node()
		b.chain.dayAt[[2]int32{j, day}] = at
		if l := b.chain.own[j]; l.carers == l.carersLow {
			most /= l.carers
		}
		b.arc(at, head, most, value{})
	}
	return at
}

// enter adds a column to a limit.
func (b *weaver) enter(key sideKey, column int, coef, most int64) {
	at, ok := b.side[key]
	if !ok {
		at = int32(len(b.limits))
		b.side[key] = at
		b.limits = append(b.limits, limit{kind: key.kind, Row: sideflow.Row{Most: most}})
	}
	b.limits[at].Arc = append(b.limits[at].Arc, colArc(column))
	b.limits[at].Coef = append(b.limits[at].Coef, coef)
}
