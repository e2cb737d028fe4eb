package match

import (
	"cmp"
	"context"
	"slices"
)

// polisher improves a plan of a web by hand: it gives units that stay unmet a place by ejection chains of two (Glover 1996): the
// unit takes the place of another, which goes elsewhere or stays unmet in its stead. Every step keeps all limits, those of the
// flow and those beside it, so that it works where the flow's own exchanges would break hours, money or days. What opens stays open, what is
// closed stays closed.
type polisher struct {
	w  *web
	sc *scale

	flow  []int64 // by structural arc
	units []int64 // by column
	taken []int64 // by limit

	fromOut, out []int32     // structural arcs by tail
	up           [][][]int32 // by row: the arcs from its ask to it, level by level, parallel ones together; nil where it is its ask
	fromLimit    []int32     // limits by arc, columns behind the structural ones: entry[fromLimit[a]:fromLimit[a+1]]
	entry        []limitEntry
	gate         []int32   // by structural arc: position in switches, -1
	unmetArc     []int32   // by ask
	rowsOf       [][]int32 // by ask
	used         [][]int32 // by resource: columns with units
	at           []int32   // by column: resource
	deep         bool      // chains of two are tried for the most urgent units
	most         int64     // what one of those weighs
	ruthless     bool      // units more urgent than the one in hand may make way, too
	opening      int32     // the gate that may be filled in part for the moment, -1 for none
	weight       []int64   // by column
	cheap        [][]int32 // by row: columns, lightest first
}

type limitEntry struct {
	limit int32
	coef  int64
}

// newPolisher starts from nothing: everybody unmet.
func newPolisher(w *web, sc *scale, allowed []int32) *polisher {
	p := &polisher{w: w, sc: sc, opening: -1, flow: make([]int64, len(w.arcs)), units: make([]int64, len(w.cols)), taken: make([]int64, len(w.limits))}
	p.fromOut, p.out = group(int(w.nodes), len(w.arcs), func(a int) int32 { return w.arcs[a].tail })
	for v := range int(w.nodes) { // lightest first: that is the order in which parallel arcs fill
		slices.SortStableFunc(p.out[p.fromOut[v]:p.fromOut[v+1]], func(a, b int32) int {
			return cmp.Compare(sc.weigh(w.arcs[a].val), sc.weigh(w.arcs[b].val))
		})
	}
	p.gate = make([]int32, len(w.arcs))
	for a := range p.gate {
		p.gate[a] = -1
	}
	for k := range w.switches {
		p.gate[w.switches[k].Arc] = int32(k)
	}
	p.upstream()
	p.limits()
	p.at, p.weight = make([]int32, len(w.cols)), make([]int64, len(w.cols))
	p.used = make([][]int32, len(w.m.resources))
	p.cheap = make([][]int32, len(w.rows))
	for k := range w.cols {
		p.at[k] = w.m.entries[w.cols[k].entry].resource
		p.weight[k] = sc.weighColumn(&w.cols[k])
	}
	for _, k := range allowed {
		p.cheap[w.cols[k].row] = append(p.cheap[w.cols[k].row], k)
	}
	for _, list := range p.cheap {
		slices.SortFunc(list, func(a, b int32) int { return cmp.Or(cmp.Compare(p.weight[a], p.weight[b]), cmp.Compare(a, b)) })
	}
	for k := range w.asks {
		p.flow[p.unmetArc[k]] = w.asks[k].units
	}
	return p
}

// upstream finds the arcs that lead from the asks to the rows.
func (p *polisher) upstream() {
	w := p.w
	askAt := make([]int32, w.nodes)
	into := make([][]int32, w.nodes)
	for v := range w.nodes {
		askAt[v] = -1
	}
	p.rowsOf, p.unmetArc = make([][]int32, len(w.asks)), make([]int32, len(w.asks))
	for k, v := range w.askNode {
		askAt[v] = int32(k)
	}
	before := make([]bool, w.nodes) // nodes between asks and columns
	for a := range w.arcs {
		x := &w.arcs[a]
		before[x.head] = before[x.head] || askAt[x.tail] >= 0 || before[x.tail]
	}
	before[w.sink] = false
	for a := range w.arcs {
		x := &w.arcs[a]
		if x.head == w.sink {
			if k := askAt[x.tail]; k >= 0 {
				p.unmetArc[k] = int32(a)
			}
			continue
		}
		if before[x.head] {
			into[x.head] = append(into[x.head], int32(a))
		}
	}
	p.up = make([][][]int32, len(w.rows))
	for r := range w.rows {
		x := &w.rows[r]
		p.rowsOf[x.ask] = append(p.rowsOf[x.ask], int32(r))
		for v := x.node; v != w.askNode[x.ask]; {
			p.up[r] = append(p.up[r], into[v])
			v = w.arcs[into[v][0]].tail
		}
		slices.Reverse(p.up[r])
	}
}

// limits groups the limits beside the flow by arc.
func (p *polisher) limits() {
	w := p.w
	n := len(w.arcs) + len(w.cols)
	p.fromLimit = make([]int32, n+1)
	for k := range w.limits {
		for _, a := range w.limits[k].Arc {
			p.fromLimit[a+1]++
		}
	}
	for a := range n {
		p.fromLimit[a+1] += p.fromLimit[a]
	}
	p.entry = make([]limitEntry, p.fromLimit[n])
	next := slices.Clone(p.fromLimit)
	for k := range w.limits {
		for x, a := range w.limits[k].Arc {
			p.entry[next[a]] = limitEntry{int32(k), w.limits[k].Coef[x]}
			next[a]++
		}
	}
}

// within reports whether one unit more on an arc keeps the limits beside the flow.
func (p *polisher) within(a int32) bool {
	for _, e := range p.entry[p.fromLimit[a]:p.fromLimit[a+1]] {
		if p.taken[e.limit]+e.coef > p.w.limits[e.limit].Most {
			return false
		}
	}
	return true
}

func (p *polisher) take(a int32, units int64) {
	for _, e := range p.entry[p.fromLimit[a]:p.fromLimit[a+1]] {
		p.taken[e.limit] += units * e.coef
	}
}

// room returns the first of parallel arcs out of a node that takes one unit more, -1 if none does.
func (p *polisher) room(arcs []int32) int32 {
	for _, a := range arcs {
		if p.flow[a] >= p.w.arcs[a].upper || !p.within(a) {
			continue
		}
		if g := p.gate[a]; g >= 0 && g != p.opening && p.flow[a] < p.w.switches[g].Least {
			continue // closed
		}
		return a
	}
	return -1
}

// last returns the last of parallel arcs that carries something, -1 if giving a unit back would close a gate.
func (p *polisher) last(arcs []int32) int32 {
	for _, a := range slices.Backward(arcs) {
		if p.flow[a] > p.w.arcs[a].lower {
			if g := p.gate[a]; g >= 0 && g != p.opening && p.flow[a] <= p.w.switches[g].Least {
				return -1
			}
			return a
		}
	}
	return -1
}

// fits reports whether a column takes one unit more, its ask having one to give.
func (p *polisher) fits(k int32) bool {
	c := &p.w.cols[k]
	if p.units[k] >= c.upper || !p.within(p.w.arcCount()+k) {
		return false
	}
	if !p.open(c.row) {
		return false
	}
	for v := c.head; v != p.w.sink; {
		a := p.room(p.out[p.fromOut[v]:p.fromOut[v+1]])
		if a < 0 {
			return false
		}
		v = p.w.arcs[a].head
	}
	return true
}

// open reports whether a row can be sent one unit more.
func (p *polisher) open(row int32) bool {
	for _, level := range p.up[row] {
		if p.room(level) < 0 {
			return false
		}
	}
	return true
}

// add gives a column one unit and returns what that weighs. It must fit.
func (p *polisher) add(k int32) (weight int64) {
	c := &p.w.cols[k]
	on := func(a int32) {
		p.flow[a]++
		p.take(a, 1)
		weight += p.sc.weigh(p.w.arcs[a].val)
	}
	for _, level := range p.up[c.row] {
		on(p.room(level))
	}
	for v := c.head; v != p.w.sink; {
		a := p.room(p.out[p.fromOut[v]:p.fromOut[v+1]])
		on(a)
		v = p.w.arcs[a].head
	}
	p.take(p.w.arcCount()+k, 1)
	if p.units[k]++; p.units[k] == 1 {
		p.used[p.at[k]] = append(p.used[p.at[k]], k)
	}
	unmet := p.unmetArc[p.w.rows[c.row].ask]
	p.flow[unmet]--
	return weight + p.weight[k] - p.sc.weigh(p.w.arcs[unmet].val)
}

// drop takes a unit from a column; ok is false, and nothing is done, where that would close a gate.
func (p *polisher) drop(k int32) (weight int64, ok bool) {
	c := &p.w.cols[k]
	for _, level := range p.up[c.row] {
		if p.last(level) < 0 {
			return 0, false
		}
	}
	for v := c.head; v != p.w.sink; {
		a := p.last(p.out[p.fromOut[v]:p.fromOut[v+1]])
		if a < 0 {
			return 0, false
		}
		v = p.w.arcs[a].head
	}
	off := func(a int32) {
		p.flow[a]--
		p.take(a, -1)
		weight -= p.sc.weigh(p.w.arcs[a].val)
	}
	for _, level := range p.up[c.row] {
		off(p.last(level))
	}
	for v := c.head; v != p.w.sink; {
		a := p.last(p.out[p.fromOut[v]:p.fromOut[v+1]])
		off(a)
		v = p.w.arcs[a].head
	}
	p.take(p.w.arcCount()+k, -1)
	if p.units[k]--; p.units[k] == 0 {
		j := p.at[k]
		p.used[j] = slices.DeleteFunc(p.used[j], func(x int32) bool { return x == k })
	}
	unmet := p.unmetArc[p.w.rows[c.row].ask]
	p.flow[unmet]++
	return weight - p.weight[k] + p.sc.weigh(p.w.arcs[unmet].val), true
}

// follow gives units to columns as another plan does, as far as they fit: pinned ones first, then the more urgent, of those the
// ones that must go together, then the lighter.
func (p *polisher) follow(units []int64) {
	w := p.w
	var order []int32
	for k, u := range units {
		if u > 0 {
			order = append(order, int32(k))
		}
	}
	urgent := func(k int32) int64 {
		c := &w.cols[k]
		weight := p.urgency(w.rows[c.row].ask)
		if c.state&colPins != 0 || len(p.up[c.row]) > 0 && slices.ContainsFunc(p.up[c.row][0], func(a int32) bool { return w.arcs[a].val.pin != 0 }) {
			weight += p.sc.pin
		}
		return weight
	}
	together := func(k int32) int {
		if w.rows[w.cols[k].row].whole {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(urgent(b), urgent(a)), cmp.Compare(together(a), together(b)), cmp.Compare(p.weight[a], p.weight[b]))
	})
	for _, k := range order {
		row := &w.rows[w.cols[k].row]
		if row.whole {
			if p.flow[p.unmetArc[row.ask]] > 0 {
				p.together(row.ask, row.only, false)
			}
			continue
		}
		for range units[k] {
			if !p.fits(k) {
				break
			}
			p.add(k)
		}
	}
}

// urgency is what a unit of an ask weighs that stays unmet.
func (p *polisher) urgency(ask int32) int64 { return p.sc.weigh(p.w.arcs[p.unmetArc[ask]].val) }

// restore puts a plan that keeps everything into a polisher that is empty.
func (p *polisher) restore(flow, units []int64) {
	copy(p.flow, flow)
	copy(p.units, units)
	for a, x := range p.flow {
		p.take(int32(a), x)
	}
	for k, u := range p.units {
		if u > 0 {
			p.take(p.w.arcCount()+int32(k), u)
			p.used[p.at[k]] = append(p.used[p.at[k]], int32(k))
		}
	}
}

// breadth is how many columns of a row, the lightest first, and how many units that could make way for each are tried: for a chain
// of one, for the first step of a chain of two, and for its second.
func breadth(step int) (columns, rivals int) {
	switch step {
	case 0:
		return 40, 10
	case 1:
		return 12, 4
	}
	return 8, 4
}

const looks = 400 // arcs of a limit that are looked at for units that could make way

// improve gives unmet units a place until a pass over all of them gains nothing, or ctx ends. It returns whether it gained.
func (p *polisher) improve(ctx context.Context) (gained bool) {
	w := p.w
	order := make([]int32, len(w.asks))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(p.urgency(b), p.urgency(a)) })
	if len(order) > 0 {
		p.most = p.urgency(order[0])
	}
	for pass := range passes {
		p.deep = pass > 0
		again := p.openGates(order)
		again = p.keepPromises() || again
		for n, k := range order {
			if n%64 == 0 && ctx.Err() != nil {
				return gained || again
			}
			for p.flow[p.unmetArc[k]] > 0 && (p.place(k) || p.placeTogether(k)) {
				again = true
			}
		}
		gained = gained || again
		if !again && p.deep {
			break
		}
	}
	return gained
}

// passes bounds the passes over all unmet units.
const passes = 12

// placeTogether serves all units of an ask by one resource, the one where that weighs least; false if nothing is gained.
func (p *polisher) placeTogether(ask int32) bool {
	w := p.w
	best, weight := int32(-1), int64(0)
	last := int32(-1)
	for _, r := range p.rowsOf[ask] {
		x := &w.rows[r]
		if !x.whole || x.only == last {
			continue
		}
		last = x.only
		if t := p.together(ask, x.only, true); t < weight {
			best, weight = x.only, t
		}
	}
	if best < 0 {
		return false
	}
	p.together(ask, best, false)
	return true
}

// together gives all units of an ask to one resource, less urgent ones there giving way, and returns what that weighs: 0, and
// nothing done, if they do not fit or nothing is gained. A trial is undone.
func (p *polisher) together(ask, resource int32, trial bool) (weight int64) {
	w := p.w
	var rows []int32
	for _, r := range p.rowsOf[ask] {
		if w.rows[r].whole && w.rows[r].only == resource {
			rows = append(rows, r)
		}
	}
	p.opening = p.gate[p.up[rows[0]][0][0]]
	type step struct {
		col   int32
		added bool
	}
	var steps []step
	undo := func() {
		for _, s := range slices.Backward(steps) {
			if s.added {
				p.drop(s.col)
			} else {
				p.add(s.col)
			}
		}
		p.opening = -1
	}
	put := func(k int32) {
		weight += p.add(k)
		steps = append(steps, step{k, true})
	}
	for p.flow[p.unmetArc[ask]] > 0 {
		k := p.lightest(rows)
		if k >= 0 {
			put(k)
			continue
		}
		found := false
		for _, v := range slices.Backward(slices.Clone(p.used[resource])) {
			if p.urgency(w.rows[w.cols[v].row].ask) >= p.urgency(ask) || w.rows[w.cols[v].row].whole {
				continue
			}
			off, ok := p.drop(v)
			if !ok {
				continue
			}
			if k := p.lightest(rows); k >= 0 {
				weight += off
				steps = append(steps, step{v, false})
				put(k)
				found = true
				break
			}
			p.add(v)
		}
		if !found {
			undo()
			return 0
		}
	}
	if trial || weight >= 0 {
		undo()
		return weight
	}
	p.opening = -1
	return weight
}

// lightest returns the lightest column of some rows that takes one unit more, -1 if none does.
func (p *polisher) lightest(rows []int32) int32 {
	best := int32(-1)
	for _, r := range rows {
		for _, k := range p.cheap[r] {
			if p.fits(k) {
				if best < 0 || p.weight[k] < p.weight[best] {
					best = k
				}
				break
			}
		}
	}
	return best
}

// move is a unit that a column gets or loses.
type move struct {
	col int32
	add bool
}

// place gives one unit of an ask the place that weighs least with all that it takes; false if none gains anything.
func (p *polisher) place(ask int32) bool {
	chain, weight := p.direct(ask, -1)
	if weight >= 0 {
		chain, weight = p.eject(ask, 0)
	}
	if weight >= 0 && p.deep && p.urgency(ask) >= p.most {
		chain, weight = p.eject(ask, 1)
	}
	if weight >= 0 {
		return false
	}
	for _, x := range chain {
		if x.add {
			p.add(x.col)
		} else {
			p.drop(x.col)
		}
	}
	return true
}

// direct finds the lightest column, but one, that takes a unit of an ask.
func (p *polisher) direct(ask, but int32) (chain []move, weight int64) {
	for _, r := range p.rowsOf[ask] {
		if p.w.rows[r].whole {
			continue
		}
		for _, k := range p.cheap[r] {
			if k == but || !p.fits(k) {
				continue
			}
			if w := p.add(k); w < weight {
				chain, weight = []move{{k, true}}, w
			}
			p.drop(k)
			break // the others are dearer
		}
	}
	return chain, weight
}

// eject finds the best chain by which a unit of an ask takes the place of another: that one goes to its lightest other place, or
// stays unmet, or, in the first step of a chain of two, takes the place of a third.
func (p *polisher) eject(ask int32, step int) (best []move, weight int64) {
	w := p.w
	columns, rivals := breadth(step)
	for _, r := range p.rowsOf[ask] {
		if w.rows[r].whole {
			continue
		}
		own := !p.open(r) // only a visit of its own can make way
		for _, k := range p.cheap[r][:min(len(p.cheap[r]), columns)] {
			if p.units[k] >= w.cols[k].upper {
				continue
			}
			for _, v := range p.rivals(ask, k, own, rivals) {
				if chain, t := p.instead(k, v, step); t < weight {
					best, weight = chain, t
				}
			}
		}
	}
	return best, weight
}

// instead tries column k in the place of a unit of column v.
func (p *polisher) instead(k, v int32, step int) (chain []move, weight int64) {
	freed, ok := p.drop(v)
	if !ok {
		return nil, 0
	}
	defer p.add(v)
	if !p.fits(k) {
		return nil, 0
	}
	weight = freed + p.add(k)
	chain = []move{{v, false}, {k, true}}
	ask := p.w.rows[p.w.cols[v].row].ask
	more, t := p.direct(ask, v)
	if t >= 0 && step == 1 {
		more, t = p.eject(ask, 2)
	}
	p.drop(k)
	return append(chain, more...), weight + t
}

// rivals lists the columns whose units could make way for a unit on column k: those of the ask itself, those at the resource, and
// those that share a limit beside the flow.
func (p *polisher) rivals(ask, k int32, own bool, most int) []int32 {
	w := p.w
	var list []int32
	add := func(v int32) bool {
		row := &w.rows[w.cols[v].row]
		if v == k || row.whole || w.cols[v].state&colPins != 0 || p.units[v] == 0 || !p.ruthless && p.urgency(row.ask) > p.urgency(ask) {
			return true
		}
		list = append(list, v)
		return len(list) < most
	}
	if own {
		for _, r := range p.rowsOf[ask] {
			for _, v := range p.cheap[r] {
				if p.units[v] > 0 && !add(v) {
					return list
				}
			}
		}
		return list
	}
	for _, v := range slices.Backward(p.used[p.at[k]]) {
		if !add(v) {
			return list
		}
	}
	a := w.arcCount() + k
	for _, e := range p.entry[p.fromLimit[a]:p.fromLimit[a+1]] {
		if p.taken[e.limit]+e.coef <= w.limits[e.limit].Most {
			continue
		}
		arcs := w.limits[e.limit].Arc
		for x := range min(len(arcs), looks) { // somewhere in the limit, elsewhere for each column
			if v := arcs[(x+int(k))%len(arcs)] - w.arcCount(); v >= 0 && p.units[v] > 0 && p.at[v] != p.at[k] && !add(v) {
				return list
			}
		}
	}
	return list
}
