package transport

import (
	"context"
	"math"

	"github.com/courtyard-care/courtyard/solver"
)

// cost is how arcs keep their costs: in 32 bits where all fit, which halves what a scan reads.
type cost interface{ int32 | int64 }

// arc is one arc as its row sees it.
type arc[C cost] struct {
	node int32
	cost C
}

// incoming is one arc as its node sees it.
type incoming[C cost] struct {
	row  int32
	cost C
}

// row is what searches read of a row.
type row struct {
	penalty  int64 // of one unit unmet
	from, to int32 // its arcs
}

// stance is what searches backward read of a row, and no more, for they read it at random.
type stance struct {
	price int64 // see engine
	first int32 // its first slot, none if nothing is placed
	node  int32 // of that slot, none if there is none
}

// node is what searches read of a node at every arc.
type node struct {
	price int64 // see engine
	label int64 // distance in the search at hand; unreached between searches
}

// place is the rest of a node.
type place struct {
	capacity, flow int64
	parent         int32
	slots          span // into slot: who is there
	in             span // into in: who may come
	listed         bool // in holes
}

// span is a part of an array that can grow.
type span struct{ from, used, room int32 }

// slot is a number of units of one row at one node; how many, and the row's next slot, are beside it in units and next.
type slot struct {
	row, arc int32
	cost     int64 // of the arc
}

const (
	none      = int32(-1)
	unreached = math.MaxInt64
)

// engine is the state of a problem: a plan, and prices.
//
// The rules of the prices, which every step keeps:
//
//   - a row's price is at most its penalty, and equal to it while units of the row are unmet;
//   - it is at most the cost of each of its arcs plus the price of the arc's node, and equal to it where units are placed;
//   - the price of a node through which units pass is at least that of its parent, the price of the sink being 0.
//
// A plan that keeps them is optimal when besides no unit is free and no hole is priced: a node with room left costs no more
// than its parent. Searches forward from free units and backward from priced holes lead there from any prices.
type engine[C cost] struct {
	state
	arcs   []arc[C]      // of row r: rows[r].from <= a < rows[r].to
	in     []incoming[C] // of node v: places[v].in
	living int           // arcs in use
}

// state is what does not depend on how costs are kept.
type state struct {
	rows   []row
	stance []stance // by row
	total  []int64  // units of the row
	free   []int64  // of them, neither placed nor given up
	unmet  []int64  // of them, given up

	nodes     []node
	places    []place
	childFrom []int32 // the children of node v are child[childFrom[v]:childFrom[v+1]]
	child     []int32
	nested    bool // some node has a parent
	several   bool // some row has more than one unit
	loose     bool // the plan may break the rules: see tighten
	warm      bool // there are prices to begin with

	slot  []slot
	units []int64 // of the slot
	next  []int32 // next slot of the same row

	waiting []int32 // rows that may have free units; a row may stand in it twice
	holes   []int32 // nodes that may be priced holes

	objective int64 // of what is placed and given up
	work      int64
	limit     int64 // of work; 0 means none
	ctx       context.Context
	stop      solver.Stop
	scratch   scratch
	outlook   int64 // how far the next search looks at first: see expect
}

// sink is the node behind all nodes that have no parent. Its price is 0, and it has room for everybody.
func (e *state) sink() int32 { return int32(len(e.nodes) - 1) }

// behind is the price of what is behind node v.
func (e *state) behind(v int32) int64 { return e.nodes[e.places[v].parent].price }

// cheapest returns the price that row r would have if it were placed nowhere: the least of its penalty and its arcs.
func (e *engine[C]) cheapest(r int32) int64 {
	x := &e.rows[r]
	least := x.penalty
	for _, a := range e.arcs[x.from:x.to] {
		least = min(least, int64(a.cost)+e.nodes[a.node].price)
	}
	return least
}

// at returns the slot of row r at node v, none if there is none.
func (e *engine[C]) at(r, v int32) int32 {
	for s := e.stance[r].first; s != none; s = e.next[s] {
		if e.arcs[e.slot[s].arc].node == v {
			return s
		}
	}
	return none
}

// put adds units of row r over its arc a. The flow of the nodes is the caller's.
func (e *engine[C]) put(r, a int32, units int64) {
	h := e.arcs[a]
	e.objective += units * int64(h.cost)
	if s := e.at(r, h.node); s != none {
		e.units[s] += units
		return
	}
	p := &e.places[h.node].slots
	if p.used == p.room {
		e.enlarge(p)
	}
	s := p.from + p.used
	p.used++
	e.slot[s] = slot{r, a, int64(h.cost)}
	e.units[s] = units
	e.next[s] = e.stance[r].first
	e.stance[r].first, e.stance[r].node = s, h.node
}

// enlarge moves a full span of slots to the end, where it has twice the room.
func (e *state) enlarge(p *span) {
	to := int32(len(e.slot))
	room := max(4, 2*p.room)
	for range room {
		e.slot = append(e.slot, slot{row: none, arc: none})
		e.units = append(e.units, 0)
		e.next = append(e.next, none)
	}
	for i := range p.used {
		e.relocate(p.from+i, to+i)
	}
	p.from, p.room = to, room
}

// relocate moves what is in slot s to slot t, which is empty.
func (e *state) relocate(s, t int32) {
	*e.link(e.slot[s].row, s) = t
	e.slot[t], e.units[t], e.next[t] = e.slot[s], e.units[s], e.next[s]
}

// link returns where the number of slot s stands in the list of row r.
func (e *state) link(r, s int32) *int32 {
	at := &e.stance[r].first
	for *at != s {
		at = &e.next[*at]
	}
	return at
}

// take removes units from slot s, and the slot if it becomes empty. The flow of the nodes is the caller's.
func (e *engine[C]) take(s int32, units int64) {
	x := e.slot[s]
	h := e.arcs[x.arc]
	e.objective -= units * int64(h.cost)
	if e.units[s] -= units; e.units[s] > 0 {
		return
	}
	*e.link(x.row, s) = e.next[s]
	if y := &e.stance[x.row]; y.first == none {
		y.node = none
	} else {
		y.node = e.arcs[e.slot[y.first].arc].node
	}
	p := &e.places[h.node].slots
	p.used--
	if last := p.from + p.used; last != s {
		e.relocate(last, s)
	}
}

// giveUp leaves units of row r unmet.
func (e *state) giveUp(r int32, units int64) {
	e.unmet[r] += units
	e.objective += units * e.rows[r].penalty
}

// pass adds units, which may be negative, to the flow of node v and of all behind it.
func (e *state) pass(v int32, units int64) {
	for sink := e.sink(); v != sink; v = e.places[v].parent {
		e.places[v].flow += units
	}
}

// fits returns how many of units find room at node v and all behind it.
func (e *state) fits(v int32, units int64) int64 {
	for sink := e.sink(); v != sink; v = e.places[v].parent {
		units = min(units, e.places[v].capacity-e.places[v].flow)
	}
	return units
}

// release frees units of slot s: they wait, and what they leave may be a priced hole.
func (e *engine[C]) release(s int32, units int64) {
	r, v := e.slot[s].row, e.arcs[e.slot[s].arc].node
	e.take(s, units)
	e.vacate(v, units)
	e.wait(r, units)
}

// vacate takes units away from node v and all behind it.
func (e *state) vacate(v int32, units int64) {
	e.pass(v, -units)
	for sink := e.sink(); v != sink; v = e.places[v].parent {
		e.watch(v)
	}
}

// wait makes units of row r free.
func (e *state) wait(r int32, units int64) {
	if units == 0 {
		return
	}
	e.free[r] += units
	e.waiting = append(e.waiting, r)
}

// watch lists node v as what may be a priced hole.
func (e *state) watch(v int32) {
	if p := &e.places[v]; !p.listed && p.flow < p.capacity && e.nodes[v].price > e.behind(v) {
		p.listed = true
		e.holes = append(e.holes, v)
	}
}
