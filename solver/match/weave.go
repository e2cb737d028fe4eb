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
	case care.Forbidden, care.Declined, care.Open: // nothing
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
		b.switches = append(b.switches, gate{HardWhole, sideflow.Switch{Arc: b.arc(b.askNode[a], at, units, value{}), Least: units}, units})
		if !n.When.Recurs() {
			r := b.row(at, i, a, noDay, j)
			b.rows[r].whole = true
			b.columns(i, r, units, lasting > 0, mine)
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
				r := b.row(daily, i, a, d, j)
				b.rows[r].whole = true
				b.columns(i, r, 1, lasting > 0, mine)
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
			var upper int64
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
