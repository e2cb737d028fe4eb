package transport

import (
	"context"
	"math"
)

// buildEvery is how many rows are built between two looks at the context.
const buildEvery = 4096

// newEngine returns p with nothing placed, all prices 0 or what follows from that, rows and nodes in the order of o; nil if
// ctx ends first.
func newEngine[C cost](ctx context.Context, p *Problem, o *order) *engine[C] {
	n, k, m := p.rows(), len(p.Capacity), len(p.Node)
	e := &engine[C]{
		state: state{
			rows:    make([]row, n),
			stance:  make([]stance, n),
			total:   make([]int64, n),
			places:  make([]place, k+1),
			outlook: leastOutlook,
		},
		arcs:   make([]arc[C], 0, m),
		living: m,
	}
	for i, r := range o.rowID {
		if i%buildEvery == 0 && ctx.Err() != nil {
			return nil
		}
		x := &e.rows[i]
		x.penalty = p.Unmet[r]
		e.stance[i] = stance{x.penalty, none, none}
		x.from = int32(len(e.arcs))
		for a := p.From[r]; a < p.From[r+1]; a++ {
			h := arc[C]{o.nodeAt[p.Node[a]], C(p.Cost[a])}
			e.stance[i].price = min(e.stance[i].price, p.Cost[a])
			e.arcs = append(e.arcs, h)
			e.places[h.node].in.room++
		}
		x.to = int32(len(e.arcs))
		e.total[i] = p.unitsOf(int(r))
		e.several = e.several || e.total[i] > 1
	}
	sink := int32(k)
	for v, id := range o.nodeID {
		x := &e.places[v]
		x.capacity, x.parent = p.Capacity[id], sink
		if q := p.parent(id); q != none {
			x.parent = o.nodeAt[q]
			e.nested = true
		}
	}
	if !e.index(ctx) {
		return nil
	}
	return e
}

// index makes what follows from rows, arcs and nodes. It needs no problem: that may be forgotten when its memory is needed.
// It returns false if ctx ends first.
func (e *engine[C]) index(ctx context.Context) bool {
	sink := int32(len(e.places) - 1)
	e.nodes = make([]node, len(e.places))
	e.free, e.unmet = make([]int64, len(e.rows)), make([]int64, len(e.rows))
	slots, in := int32(0), int32(0)
	for v := range e.places[:sink] {
		x := &e.places[v]
		x.in.from = in
		in += x.in.room
		x.slots = span{from: slots, room: int32(min(x.capacity, int64(x.in.room)))}
		slots += x.slots.room
	}
	e.places[sink] = place{capacity: math.MaxInt64, parent: none}
	for v := range e.nodes {
		e.nodes[v].label = unreached
	}
	e.in = make([]incoming[C], in)
	for r := range e.rows {
		if r%buildEvery == 0 && ctx.Err() != nil {
			return false
		}
		for _, h := range e.arcs[e.rows[r].from:e.rows[r].to] {
			s := &e.places[h.node].in
			e.in[s.from+s.used] = incoming[C]{int32(r), h.cost}
			s.used++
		}
	}
	e.slot = make([]slot, slots)
	e.units = make([]int64, slots)
	e.next = make([]int32, slots)
	e.childFrom, e.child = group(len(e.places), int(sink), func(v int) int32 { return e.places[v].parent })
	e.scratch.step = make([]step, len(e.places))
	for r, units := range e.total {
		e.wait(int32(r), units)
	}
	return true
}

// group sorts items by their key: those of key g are list[from[g]:from[g+1]].
func group(groups, items int, key func(item int) int32) (from, list []int32) {
	from = make([]int32, groups+1)
	for i := range items {
		from[key(i)+1]++
	}
	for g := range groups {
		from[g+1] += from[g]
	}
	list = make([]int32, items)
	at := append([]int32(nil), from...)
	for i := range items {
		g := key(i)
		list[at[g]] = int32(i)
		at[g]++
	}
	return from, list
}
