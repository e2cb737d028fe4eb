package match

import (
	"cmp"
	"math"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/mcf"
	"github.com/courtyard-care/courtyard/solver/sideflow"
)

// weaver builds a web: first the rows and columns of every need, then, knowing what passes where, the chains of limits.
type weaver struct {
	*web
	eligible int64

	side map[sideKey]int32 // positions in limits
}

// load says how the units that pass somewhere differ.
type load struct {
	units               int64 // most that can pass
	any                 bool
	carersLow, carers   int64
	minutesLow, minutes int64 // carers × minutes
	chargeLow, charge   int64
}

func (l *load) add(units, carers, minutes, charge int64) {
	if !l.any {
		*l = load{any: true, carersLow: carers, minutesLow: minutes, chargeLow: charge}
	}
	l.units = min(l.units+units, math.MaxInt64/4)
	l.carersLow, l.carers = min(l.carersLow, carers), max(l.carers, carers)
	l.minutesLow, l.minutes = min(l.minutesLow, minutes), max(l.minutes, minutes)
	l.chargeLow, l.charge = min(l.chargeLow, charge), max(l.charge, charge)
}

// sideKey names a limit that is not a flow: of a kind, of something, on a day or at an entry.
type sideKey struct {
	kind    HardKind
	at, sub int32
}

func (b *weaver) weave(byChunk [][]candidate) {
	b.side = make(map[sideKey]int32)
	for _, chunk := range byChunk {
		for from := 0; from < len(chunk); {
			to := from
			for to < len(chunk) && chunk[to].need == chunk[from].need {
				to++
			}
			b.need(chunk[from].need, chunk[from:to])
			from = to
		}
	}
	b.unserved()
	b.measure()
	b.chains()
	b.attach()
	b.promises()
	b.nodes++
	b.sink = b.nodes - 1
	b.finish()
}

// later nodes are numbered only when their number is known: sinkNode stands for the sink until then.
const sinkNode = -1

func (b *weaver) node() int32 {
	b.nodes++
	return b.nodes - 1
}

func (b *weaver) arc(tail, head int32, upper int64, val value) int32 {
	b.arcs = append(b.arcs, arc{tail: tail, head: head, upper: upper, val: val})
	return int32(len(b.arcs) - 1)
}

// ask makes a node for units of a need that are alike and lets them stay unmet.
func (b *weaver) ask(i int32, units int64, keeps bool) int32 {
	at := b.node()
	b.asks = append(b.asks, ask{need: i, units: units, keeps: keeps})
	b.askNode = append(b.askNode, at)
	var v value
	v.unmet[b.m.needs[i].class] = 1
	b.arc(at, sinkNode, units, v)
	return int32(len(b.asks) - 1)
}

func (b *weaver) row(node, need, ask, day, only int32) int32 {
	b.rows = append(b.rows, row{node: node, need: need, ask: ask, day: day, only: only})
	return int32(len(b.rows) - 1)
}

// unserved makes asks of the needs that nobody can be matched to, so that they count as unmet.
func (b *weaver) unserved() {
	seen := make([]bool, len(b.m.needs))
	for _, a := range b.asks {
		seen[a.need] = true
	}
	for i := range b.m.needs {
		if !seen[i] && b.m.needs[i].units > 0 {
			b.ask(int32(i), b.m.needs[i].units, false)
		}
	}
}

// lasting returns how many units of need i belong to lasting pairings, at most all of them.
func (m *model) lasting(i int32) (units int64) {
	all := m.needs[i].units
	for _, x := range m.said[i] {
		if x.State == care.Lasting {
			if x.Units == 0 {
				return all
			}
			units = min(all, units+x.Units)
		}
	}
	return units
}

// need makes the asks, rows and columns of one need.
func (b *weaver) need(i int32, list []candidate) {
	m := b.m
	n := &m.p.Lists.Needs[i]
	units := m.needs[i].units
	lasting := int64(0)
	if m.needs[i].paired {
		lasting = m.lasting(i)
	}
	before := len(b.cols)
	switch {
	case n.Whole && units > 1:
		b.whole(i, list, lasting)
	case n.When.Recurs():
		b.recurring(i, list, lasting)
	case lasting > 0 && lasting < units:
		a := b.ask(i, lasting, true)
		b.columns(i, b.row(b.askNode[a], i, a, noDay, -1), lasting, true, list)
		a = b.ask(i, units-lasting, false)
		b.columns(i, b.row(b.askNode[a], i, a, noDay, -1), units-lasting, false, list)
	default:
		a := b.ask(i, units, lasting > 0)
		b.columns(i, b.row(b.askNode[a], i, a, noDay, -1), units, lasting > 0, list)
	}
	for k, c := range list {
		if k == 0 || m.entries[c.entry].resource != m.entries[list[k-1].entry].resource {
			if slices.ContainsFunc(b.cols[before:], func(x col) bool {
				return m.entries[x.entry].resource == m.entries[c.entry].resource
			}) {
				b.eligible++
			}
		}
	}
	b.once(i, before)
}

// columns adds the columns of one row: for every candidate each day that the row allows.
func (b *weaver) columns(i, r int32, units int64, keeps bool, list []candidate) {
	m := b.m
	row := b.rows[r]
	var apart []candidate // of pairings that hold some of the units only
	for _, c := range list {
		j := m.entries[c.entry].resource
		if row.only >= 0 && row.only != j {
			continue
		}
		state, most := b.said(i, j, units, keeps)
		if state != 0 && most < units {
			apart = append(apart, c)
			continue
		}
		b.pair(r, units, state, c)
	}
	for from := 0; from < len(apart); {
		to := from
		j := m.entries[apart[from].entry].resource
		for to < len(apart) && m.entries[apart[to].entry].resource == j {
			to++
		}
		b.some(i, r, units, keeps, apart[from:to])
		from = to
	}
}

// said returns what a pairing makes of the units of a pair, and of how many of them.
func (b *weaver) said(i, j int32, units int64, keeps bool) (state uint8, most int64) {
	x := b.m.pairing(i, j)
	if x == nil {
		return 0, 0
	}
	switch x.State {
	case care.Lasting, care.StandBy:
		if keeps {
			state = colKeeps
		}
	case care.Pinned, care.Confirmed:
		state = colPins
	}
	if x.Units == 0 {
		return state, units
	}
	return state, min(units, x.Units)
}

// pair adds the columns of one candidate, one for each day that the row allows.
func (b *weaver) pair(r int32, units int64, state uint8, c candidate) {
	for _, d := range b.m.daysOf(c) {
		if row := b.rows[r]; row.day == noDay || d == row.day {
			b.cols = append(b.cols, col{
				row: r, entry: c.entry, day: d, standIn: c.standIn, metres: c.metres, upper: units, cost: c.cost, state: state,
			})
		}
	}
}

// some adds the candidates of a pairing that holds some of the units of a row: two arcs lead to a row of their own, one for
// the units that the pairing holds and one for the others.
func (b *weaver) some(i, r int32, units int64, keeps bool, list []candidate) {
	j := b.m.entries[list[0].entry].resource
	state, most := b.said(i, j, units, keeps)
	var v value
	if state == colPins {
		v.pin = -1
	} else {
		v.changes = -1
	}
	at := b.node()
	b.arc(b.rows[r].node, at, most, v)
	b.arc(b.rows[r].node, at, units, value{})
	own := b.row(at, i, b.rows[r].ask, b.rows[r].day, j)
	for _, c := range list {
		b.pair(own, units, 0, c)
	}
}

// recurring: an ask for each block of seven days, a row for each day in it.
func (b *weaver) recurring(i int32, list []candidate, lasting int64) {
	m := b.m
	n := &m.p.Lists.Needs[i]
	var dayArcs, days []int32
	for _, block := range m.blocks(n) {
		a := b.ask(i, block.units, lasting > 0)
		for _, d := range block.days {
			at := b.node()
			dayArcs = append(dayArcs, b.arc(b.askNode[a], at, 1, value{}))
			days = append(days, d)
			b.columns(i, b.row(at, i, a, d, -1), 1, lasting > 0, list)
		}
	}
	b.apart(n, days, func(k int) []int32 { return dayArcs[k : k+1] })
}

// apart adds the limits of a need whose visits must be some days apart: one visit in as many days. arcs names the arcs that the
// visit of the k-th day passes.
func (b *weaver) apart(n *care.Need, days []int32, arcs func(k int) []int32) {
	apart := int32(n.When.DaysApart)
	last := -1
	for k := range days {
		to := k
		for to+1 < len(days) && days[to+1]-days[k] < apart {
			to++
		}
		if to == k || to == last { // one day alone, or part of the window before
			continue
		}
		last = to
		var all []int32
		for d := k; d <= to; d++ {
			all = append(all, arcs(d)...)
		}
		b.limit(HardApart, all, nil, 1)
	}
}

// limit adds a weighted sum of flows that is bounded; nil coefficients are all 1.
func (b *weaver) limit(kind HardKind, arcs []int32, coef []int64, most int64) {
	if coef == nil {
		coef = make([]int64, len(arcs))
		for k := range coef {
			coef[k] = 1
		}
	}
	b.limits = append(b.limits, limit{kind, sideflow.Row{Arc: arcs, Coef: coef, Most: most}})
}

// whole: for each resource a row of its own that carries all units of the need or none.
func (b *weaver) whole(i int32, list []candidate, lasting int64) {
	m := b.m
	n := &m.p.Lists.Needs[i]
	units := m.needs[i].units
	a := b.ask(i, units, lasting > 0)
	blocks := m.blocks(n)
	for from := 0; from < len(list); {
		to := from
		j := m.entries[list[from].entry].resource
		for to < len(list) && m.entries[list[to].entry].resource == j {
			to++
		}
		mine := list[from:to]
		from = to
		at := b.node()
		b.switches = append(b.switches, gate{HardWhole, sideflow.Switch{Arc: b.arc(b.askNode[a], at, units, value{}), Least: units}})
		if !n.When.Recurs() {
			b.columns(i, b.row(at, i, a, noDay, j), units, lasting > 0, mine)
			continue
		}
		var days []int32
		var dayArcs []int32
		for _, block := range blocks {
			weekly := b.node()
			b.arc(at, weekly, block.units, value{})
			for _, d := range block.days {
				daily := b.node()
				dayArcs = append(dayArcs, b.arc(weekly, daily, 1, value{}))
				days = append(days, d)
				b.columns(i, b.row(daily, i, a, d, j), 1, lasting > 0, mine)
			}
		}
		b.apart(n, days, func(k int) []int32 { return dayArcs[k : k+1] })
	}
}

// colArc stands for a column among arcs until the number of structural arcs is known.
func colArc(k int) int32 { return -1 - int32(k) }

// once bounds the units of a pair to one where the need or the session says so. before is the need's first column.
func (b *weaver) once(i int32, before int) {
	m := b.m
	if m.needs[i].units == 1 {
		return
	}
	distinct := m.p.Lists.Needs[i].Distinct
	byResource := make(map[int32][]int32)
	var order []int32
	for k := before; k < len(b.cols); k++ {
		j := m.entries[b.cols[k].entry].resource
		if !distinct && m.p.Lists.Resources[j].Session.Date == 0 {
			continue
		}
		b.cols[k].upper = min(b.cols[k].upper, 1)
		if byResource[j] == nil {
			order = append(order, j)
		}
		byResource[j] = append(byResource[j], colArc(k))
	}
	for _, j := range order {
		if arcs := byResource[j]; len(arcs) > 1 {
			b.limit(HardDistinct, arcs, nil, 1)
		}
	}
}

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
		upper := min(r.Capacity/max(1, l.carersLow), l.units)
		if most, ok := r.CapacityMinutes.Value(); ok && l.minutesLow > 0 {
			upper = min(upper, most/l.minutesLow)
		}
		if upper < least { // it can never open
			b.coarse = true
			b.arc(at, b.chain.in[j], 0, value{})
		} else {
			b.gateOf[j] = int32(len(b.switches))
			b.switches = append(b.switches, gate{HardMinimum, sideflow.Switch{Arc: b.arc(at, b.chain.in[j], upper, value{}), Least: least}})
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

// promises counts what is owed whatever the flow.
func (b *weaver) promises() {
	for j := range b.m.p.Lists.Resources {
		if r := &b.m.p.Lists.Resources[j]; r.Promised {
			b.base.short += r.MinUnits
		}
	}
	for i := range b.m.needs {
		if !b.m.needs[i].paired {
			continue
		}
		b.base.changes += b.m.lasting(int32(i))
		for _, x := range b.m.said[int32(i)] {
			if x.State == care.Pinned || x.State == care.Confirmed {
				b.base.pin += pinnedUnits(x, b.m.needs[i].units)
			}
		}
	}
}

// pinnedUnits returns how many units of a need that asks for so many a pinned pairing holds.
func pinnedUnits(x *care.Pairing, units int64) int64 {
	if x.Units == 0 {
		return units
	}
	return x.Units
}

// finish numbers the sink, drops limits that cannot bind, finds the spans of the rows and bounds what each number can come to.
func (b *weaver) finish() {
	for k := range b.arcs {
		if b.arcs[k].head == sinkNode {
			b.arcs[k].head = b.sink
		}
	}
	for k, v := range b.chain.money {
		if v == sinkNode {
			b.chain.money[k] = b.sink
		}
	}
	for k := range b.cols {
		if b.cols[k].head == sinkNode {
			b.cols[k].head = b.sink
		}
	}
	first := int32(len(b.arcs))
	kept := b.limits[:0]
	for _, l := range b.limits {
		var most int64
		for k, a := range l.Arc {
			upper := int64(0)
			if a < 0 {
				upper = b.cols[-1-a].upper
				l.Arc[k] = first - 1 - a
			} else {
				upper = b.arcs[a].upper
			}
			most = min(most+min(upper, care.MaxWhole)*l.Coef[k], math.MaxInt64/4)
		}
		if most > l.Most {
			kept = append(kept, l)
		}
	}
	b.limits = kept
	b.from = make([]int32, len(b.rows)+1)
	for _, c := range b.cols {
		b.from[c.row+1]++
	}
	for r := range b.rows {
		b.from[r+1] += b.from[r]
	}
	b.bounds()
}

// bounds fills asked: the most that each number can come to.
func (b *weaver) bounds() {
	m := b.m
	b.asked.pin, b.asked.short, b.asked.changes = b.base.pin, b.base.short, b.base.changes
	dearest := make([]int64, len(m.needs))
	for k := range b.cols {
		i := b.rows[b.cols[k].row].need
		dearest[i] = max(dearest[i], b.cols[k].cost)
	}
	for i := range m.needs {
		b.asked.unmet[m.needs[i].class] += m.needs[i].units
		b.asked.cost += dearest[i] * m.needs[i].units
	}
	// One unit more than there is, for the questions that are asked of a plan: it may cost as much as any pair.
	_, single, _ := m.p.chainBound()
	b.asked.cost += single
	b.asked.changes++
	if m.p.Weights.Load > 0 || slices.Contains(m.p.Tiers, TierLoad) {
		for j := range m.resources {
			b.asked.load = max(b.asked.load, 2*min(m.resources[j].capacity, b.chain.own[j].units)+3)
		}
	}
	for _, a := range b.arcs {
		if a.val.load > 0 {
			b.asked.load += a.val.load * a.upper
		}
	}
}

// arcCount returns the number of structural arcs.
func (w *web) arcCount() int32 { return int32(len(w.arcs)) }

// flowProblem writes the network for the engine, with the columns named and every value weighed.
func (w *web) flowProblem(columns []int32, weigh func(value) int64, colCost func(*col) int64) mcf.Problem {
	n := len(w.arcs) + len(columns)
	p := mcf.Problem{
		Supply: make([]int64, w.nodes),
		Tail:   make([]int32, 0, n), Head: make([]int32, 0, n),
		Lower: make([]int64, n), Upper: make([]int64, 0, n), Cost: make([]int64, 0, n),
	}
	for k, a := range w.asks {
		p.Supply[w.askNode[k]] += a.units
		p.Supply[w.sink] -= a.units
	}
	for k, a := range w.arcs {
		p.Tail, p.Head = append(p.Tail, a.tail), append(p.Head, a.head)
		p.Lower[k] = a.lower
		p.Upper, p.Cost = append(p.Upper, a.upper), append(p.Cost, weigh(a.val))
	}
	for _, k := range columns {
		c := &w.cols[k]
		p.Tail, p.Head = append(p.Tail, w.rows[c.row].node), append(p.Head, c.head)
		p.Upper, p.Cost = append(p.Upper, c.upper), append(p.Cost, colCost(c))
	}
	return p
}

// byRow sorts columns of one row by cost, equal ones by position: for the choice of the first ones.
func (w *web) byRow(list []int32) {
	slices.SortFunc(list, func(a, b int32) int {
		return cmp.Or(cmp.Compare(w.cols[a].cost, w.cols[b].cost), cmp.Compare(a, b))
	})
}
