package match

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// residual is the network of all changes that can be made to a plan, over all eligible pairs. The pairs are not stored:
// those out of a need are looked up in the index when a search comes to it.
//
// Lengths are reduced costs (Johnson 1977; Edmonds and Karp 1972): of[v] of the prices taken off, every arc of the residual
// network of an optimal plan is >= 0, and Dijkstra's algorithm applies.
type residual struct {
	m       *model
	net     *network
	near    *nearPairs
	of      []int64   // prices by node
	unmet   []int64   // by need
	matched []matched // by need, then entry
	byEntry []int32   // positions in matched, grouped by entry
	fromE   []int32
	through []int64
	byNext  []int32 // nodes grouped by where their structural arc leads
	fromX   []int32
	short   []int32 // needs with units unmet
	counts  []int32 // eligible pairs by need; nil where they were not counted
	offers  []atomic.Pointer[offerList]
}

// offerList remembers the entries of one need whose reduced cost is below a bound, least first: many searches pass the same
// needs, and a list is read 30 times faster than the index is asked.
type offerList struct {
	below int64
	list  []offer
}

type offer struct {
	reduced int64
	node    int32
}

func newResidual(r *run) *residual {
	g := &residual{m: r.m, net: r.net, near: r.near, of: r.prices.of, unmet: r.unmet, matched: r.plan.matched, through: r.plan.through, counts: r.census.counts}
	g.offers = make([]atomic.Pointer[offerList], len(r.m.needs))
	g.fromE, g.byEntry = group(len(r.m.entries), len(g.matched), func(k int) int32 { return g.matched[k].entry })
	nodes := len(r.net.next)
	g.fromX, g.byNext = group(nodes, nodes, func(v int) int32 {
		if v < len(r.m.needs) || r.net.next[v] < 0 {
			return -1
		}
		return r.net.next[v]
	})
	for i, u := range g.unmet {
		if u > 0 {
			g.short = append(g.short, int32(i))
		}
	}
	return g
}

// group sorts items by their key: those of key g are list[from[g]:from[g+1]]; a negative key leaves an item out.
func group(groups, items int, key func(item int) int32) (from, list []int32) {
	from = make([]int32, groups+1)
	for k := range items {
		if g := key(k); g >= 0 {
			from[g+1]++
		}
	}
	for g := range groups {
		from[g+1] += from[g]
	}
	list = make([]int32, from[groups])
	at := append([]int32(nil), from...)
	for k := range items {
		if g := key(k); g >= 0 {
			list[at[g]] = int32(k)
			at[g]++
		}
	}
	return from, list
}

// walker is one Dijkstra search through a residual. It belongs to one goroutine and is used again and again.
type walker struct {
	dijkstra
	g      *residual
	scout  *scout
	own    int32            // the need whose unmet arc is closed, -1 for none
	rekey  func(node int32) // called when the label of an entry's node falls while the index is being walked; nil for none
	toSink bool             // nothing beyond the sink is of interest
	upto   []int64          // by need: the reduced cost below which its offers have been reached
}

func newWalker(g *residual) *walker {
	return &walker{dijkstra: newDijkstra(len(g.net.next)), g: g, scout: newScout(g.m), own: -1, upto: make([]int64, len(g.m.needs))}
}

func (w *walker) reset() {
	w.clear()
	w.own, w.toSink = -1, false
}

// relax reaches every node one step from v.
func (w *walker) relax(v int32) {
	switch {
	case int(v) >= len(w.label):
		w.offer(v - int32(len(w.label)))
	case int(v) < len(w.g.m.needs):
		w.fromNeed(v)
	case v == w.g.net.sink:
		w.fromSink()
	default:
		w.fromSupply(v)
	}
}

// fromNeed: serve the need by another entry, or not at all.
func (w *walker) fromNeed(i int32) {
	g := w.g
	d := w.label[i]
	if i != w.own && w.reach(g.net.sink, d+g.m.penalty[g.m.needs[i].class]-g.of[i]) && w.toSink {
		w.limit = w.label[g.net.sink] + 1
	}
	switch {
	case g.near != nil:
		for _, c := range g.near.pairs[g.near.from[i]:g.near.from[i+1]] {
			v := g.net.entry[c.entry]
			w.reach(v, d+c.cost-g.of[i]+g.of[v])
		}
	case w.rekey != nil: // the keys of the index are prices less labels
		w.scout.eligible(i, g.m.p.Weights.Distance, g.of[i]-d, func(f found) {
			v := g.net.entry[f.entry]
			if w.reach(v, d+f.cost-g.of[i]+g.of[v]) {
				w.rekey(f.entry)
			}
		})
	default:
		w.upto[i] = 0
		w.offer(i)
	}
}

// stretch is how far, in metres, a search looks for offers of a need at first, and stretches how many times farther it looks
// whenever it gets there: most searches end long before they would have met all that a need could be given.
const (
	stretch   = 2_000
	stretches = 4
)

// offer reaches the next few entries of need i, by reduced cost; the others have their turn when the search comes there.
func (w *walker) offer(i int32) {
	d, from := w.label[i], w.upto[i]
	bound := w.limit - d
	list, below := w.offersBelow(i, min(bound, max(stretch*max(1, w.g.m.p.Weights.Distance), stretches*min(from, everything/stretches))))
	for _, o := range list {
		if d+o.reduced >= w.limit {
			break
		}
		if o.reduced >= from {
			w.reach(o.node, d+o.reduced)
		}
	}
	if w.upto[i] = below; below < bound {
		w.later(i, d+below)
	}
}

// offersBelow returns the entries of need i with reduced cost below a bound at least as great as the one given, least first,
// and that bound. The keys of the index are prices.
func (w *walker) offersBelow(i int32, bound int64) (list []offer, below int64) {
	g := w.g
	if known := g.offers[i].Load(); known != nil && known.below >= bound {
		return known.list, known.below
	}
	bound = 2 * min(everything/2, bound) // a later search may look farther
	made := &offerList{below: bound}
	w.scout.eligible(i, g.m.p.Weights.Distance, min(everything, g.of[i]+bound), func(f found) {
		v := g.net.entry[f.entry]
		if reduced := f.cost - g.of[i] + g.of[v]; reduced < bound {
			made.list = append(made.list, offer{reduced, v})
		}
	})
	if bound == everything || g.counts != nil && len(made.list) == int(g.counts[i]) {
		made.below = unreached // there are no others
	}
	slices.SortFunc(made.list, func(a, b offer) int {
		return cmp.Or(cmp.Compare(a.reduced, b.reduced), cmp.Compare(a.node, b.node))
	})
	g.offers[i].Store(made)
	return made.list, made.below
}

// fromSink: serve one more unit of a need that is short, or take a unit from a node before the sink.
func (w *walker) fromSink() {
	g := w.g
	d := w.label[g.net.sink]
	for _, i := range g.short {
		w.reach(i, d) // its price is its penalty
	}
	w.takeBack(g.net.sink, d)
}

// takeBack: take a unit from a node whose structural arc leads to v.
func (w *walker) takeBack(v int32, d int64) {
	g := w.g
	for _, u := range g.byNext[g.fromX[v]:g.fromX[v+1]] {
		if g.through[u] > 0 {
			w.reach(u, d+g.of[u]-g.of[v])
		}
	}
}

// fromSupply: from the node of an entry, a resource or a provider.
func (w *walker) fromSupply(v int32) {
	g := w.g
	d := w.label[v]
	if g.through[v] < g.net.capacity[v] {
		u := g.net.next[v]
		w.reach(u, d+g.of[u]-g.of[v])
	}
	w.takeBack(v, d)
	for _, e := range g.net.entriesAt(v) {
		for _, k := range g.byEntry[g.fromE[e]:g.fromE[e+1]] {
			w.reach(g.matched[k].need, d)
		}
	}
}

// entriesAt returns the entries whose pairs lead to node v; none for a provider.
func (w *network) entriesAt(v int32) []int32 {
	return w.atNode[w.fromNode[v]:w.fromNode[v+1]]
}
