package match

import (
	"context"

	"github.com/courtyard-care/courtyard/solver/travel"
)

// ways are the lightest ways from every node of a network of changes to its sink: what a unit more at the node costs everybody,
// and who moves. They are found by one search backwards from the sink, after which a question about a unit more is answered
// by looking it up.
type ways struct {
	dijkstra // label: reduced length to the sink; pred: the next node on the way
	of       []int64
}

// weight of the lightest way from a node; false if there is none.
func (x *ways) weight(v int32) (int64, bool) {
	if x.label[v] == unreached {
		return 0, false
	}
	return x.label[v] + x.of[v], true
}

// path returns the nodes of the lightest way from a node to the sink.
func (x *ways) path(v int32) []int32 {
	var list []int32
	for ; v >= 0; v = x.pred[v] {
		list = append(list, v)
	}
	return list
}

// run settles every node; ok is false if ctx ended. relax reaches the nodes that have a step to the one given.
func (x *ways) run(ctx context.Context, sink int32, relax func(v int32)) bool {
	x.keepPaths()
	x.reach(sink, 0)
	for steps := 0; ; steps++ {
		if steps%chunk == 0 && ctx.Err() != nil {
			return false
		}
		v := x.next()
		if v < 0 {
			return true
		}
		relax(v)
	}
}

// backwards looks up which needs have a step to a resource.
type backwards struct {
	*ways
	g      *residual
	from   []int32 // matched pairs of need i: g.matched[from[i]:from[i+1]]
	byNeed []slot
	groups []askers // by service
}

// slot is the place of a need in the index of its service.
type slot struct{ service, item int32 }

// askers are the matched needs of a service: those near whom a resource must be, and those to whom distance is nothing.
type askers struct {
	needs  []int32
	index  *travel.Index
	remote []int32
}

// waysOf finds the ways of a residual over all eligible pairs; nil if ctx ended. O((n + m + pairs that a price allows) log n).
func waysOf(ctx context.Context, g *residual) *ways {
	m := g.m
	b := &backwards{ways: &ways{dijkstra: newDijkstra(len(g.net.next)), of: g.of}, g: g}
	b.from = make([]int32, len(m.needs)+1)
	for _, c := range g.matched {
		b.from[c.need+1]++
	}
	for i := range m.needs {
		b.from[i+1] += b.from[i]
	}
	b.groups, b.byNeed = make([]askers, len(m.services)), make([]slot, len(m.needs))
	for i := range m.needs {
		b.byNeed[i] = slot{-1, -1}
		if b.from[i] == b.from[i+1] {
			continue
		}
		s := &b.groups[m.needs[i].service]
		if m.needs[i].remote {
			s.remote = append(s.remote, int32(i))
			continue
		}
		b.byNeed[i] = slot{m.needs[i].service, int32(len(s.needs))}
		s.needs = append(s.needs, int32(i))
	}
	for k := range b.groups {
		s := &b.groups[k]
		places := make([]travel.Place, len(s.needs))
		keys := make([]int64, len(s.needs))
		for x, i := range s.needs {
			places[x] = m.p.Lists.Needs[i].At
			keys[x] = everything // until the sink has reached it
		}
		s.index = travel.NewIndex(places)
		s.index.SetKeys(keys)
	}
	if !b.run(ctx, g.net.sink, b.relax) {
		return nil
	}
	return b.ways
}

// arrive lowers the label of a need and tells the index.
func (b *backwards) arrive(i int32, label int64) {
	if !b.reach(i, label) {
		return
	}
	if at := b.byNeed[i]; at.item >= 0 {
		b.groups[at.service].index.SetKey(at.item, -(b.of[i] + label))
	}
}

func (b *backwards) relax(v int32) {
	g := b.g
	label := b.label[v]
	switch {
	case int(v) < len(g.m.needs): // a unit of the need makes room where it is
		if at := b.byNeed[v]; at.item >= 0 {
			b.groups[at.service].index.SetKey(at.item, everything)
		}
		for _, c := range g.matched[b.from[v]:b.from[v+1]] {
			b.reach(g.net.entry[c.entry], label)
		}
		return
	case v == g.net.sink:
		for i := range int32(len(g.m.needs)) {
			if b.from[i] < b.from[i+1] {
				b.arrive(i, g.m.penalty[g.m.needs[i].class]-b.of[i])
			}
		}
	default:
		if g.through[v] > 0 {
			if w := g.net.next[v]; w != g.net.sink {
				b.reach(w, label+b.of[v]-b.of[w])
			}
		}
		for _, e := range g.net.entriesAt(v) {
			b.toEntry(v, e, label)
		}
	}
	for _, u := range g.byNext[g.fromX[v]:g.fromX[v+1]] {
		if g.through[u] < g.net.capacity[u] {
			b.reach(u, label+b.of[v]-b.of[u])
		}
	}
}

// toEntry reaches the needs that could go to an entry whose node has a label.
func (b *backwards) toEntry(v, e int32, label int64) {
	m := b.g.m
	j := m.entries[e].resource
	s := &b.groups[m.serviceOf(e)]
	try := func(i int32) {
		if b.settled[i] {
			return
		}
		if metres, ok := m.eligible(i, j); ok {
			b.arrive(i, label+m.cost(i, j, metres)-b.of[i]+b.of[v])
		}
	}
	if b.g.near != nil { // few pairs: all of them
		for i := range int32(len(m.needs)) {
			for _, c := range b.g.near.pairs[b.g.near.from[i]:b.g.near.from[i+1]] {
				if c.entry == e && b.from[i] < b.from[i+1] && !b.settled[i] {
					b.arrive(i, label+c.cost-b.of[i]+b.of[v])
				}
			}
		}
		return
	}
	search := travel.Search{
		From: travel.Direction(m.p.Lists.Resources[j].At), Stretch: max(1, m.p.Detour), ReachM: m.resources[j].radius,
		PerMetre: m.p.Weights.Distance, Budget: -label - b.of[v] - m.priceCost(e) - 1,
	}
	search.Visit = func(item int32, _ float64) { try(s.needs[item]) }
	search.Run(s.index)
	for _, i := range s.remote {
		try(i)
	}
}

// serviceOf returns the service of an entry.
func (m *model) serviceOf(e int32) int32 {
	return m.offers[m.p.Lists.Resources[m.entries[e].resource].Services[m.entries[e].offer].Service]
}

// waysOf finds the ways of a web's residual; nil if ctx ended. O((arcs + columns) log n).
func (g *webResidual) waysOf(ctx context.Context) *webWays {
	w := g.w
	x := &webWays{ways: &ways{dijkstra: newDijkstra(int(w.nodes)), of: g.of}, g: g, via: make([]int32, w.nodes)}
	fromCol, into := group(int(w.nodes), len(w.cols), func(k int) int32 {
		if g.kept[k] || g.units[k] >= w.cols[k].upper {
			return -1
		}
		return w.cols[k].head
	})
	first := w.arcCount()
	step := func(u int32, label int64, via int32) {
		if x.reach(u, label) {
			x.via[u] = via
		}
	}
	relax := func(v int32) {
		label := x.label[v]
		for _, a := range g.in[g.fromIn[v]:g.fromIn[v+1]] {
			if y := &w.arcs[a]; g.flow[a] < g.upper[a] {
				step(y.tail, label+g.scale.weigh(y.val)-g.of[y.tail]+g.of[v], a)
			}
		}
		for _, a := range g.out[g.fromOut[v]:g.fromOut[v+1]] {
			if y := &w.arcs[a]; g.flow[a] > g.lower[a] {
				step(y.head, label-g.scale.weigh(y.val)-g.of[y.head]+g.of[v], ^a)
			}
		}
		for _, k := range into[fromCol[v]:fromCol[v+1]] {
			c := &w.cols[k]
			u := w.rows[c.row].node
			step(u, label+g.scale.weighColumn(c)-g.of[u]+g.of[v], first+k)
		}
		if r := g.rowAt[v]; r >= 0 {
			for k := w.from[r]; k < w.from[r+1]; k++ {
				if c := &w.cols[k]; g.units[k] > 0 && !g.kept[k] {
					step(c.head, label-g.scale.weighColumn(c)-g.of[c.head]+g.of[v], ^(first + k))
				}
			}
		}
	}
	if !x.run(ctx, w.sink, relax) {
		return nil
	}
	return x
}

// webWays are the ways of a web, with the arcs that they take.
type webWays struct {
	*ways
	g   *webResidual
	via []int32 // by node: the arc by which its way begins, the complement for a step back
}

// value adds up what the way from a node changes.
func (x *webWays) value(v int32) value {
	var sum value
	first := x.g.w.arcCount()
	for ; x.pred[v] >= 0; v = x.pred[v] {
		a, sign := x.via[v], int64(1)
		if a < 0 {
			a, sign = ^a, -1
		}
		if a < first {
			sum = sum.plus(x.g.w.arcs[a].val.times(sign))
		} else {
			sum = sum.plus(x.g.w.cols[a-first].value().times(sign))
		}
	}
	return sum
}

// valueOf is what a way of a residual that weighs so much changes.
func (m *model) valueOf(weight int64) value {
	o := m.moved(weight)
	return value{unmet: o.Unmet, cost: o.Cost}
}
