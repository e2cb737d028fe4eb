package sideflow

import (
	"cmp"
	"slices"

	"github.com/courtyard-care/courtyard/solver/mcf"
)

// repairRounds bounds the solves that a flow may need to keep everything.
const repairRounds = 40

// box holds the bounds within which flows are looked for: every flow within them keeps all rows.
type box struct {
	r            *run
	lower, upper []int64 // of the search, switches decided so far included
	regret       []int64 // of each arc in use: how much more its units cost another way out of its tail
	order        []int32 // scratch: arcs of a row
	key          []int64 // scratch: by arc
}

// newBox starts from the bounds of the root.
func (r *run) newBox() *box {
	return &box{
		r: r, lower: slices.Clone(r.lower), upper: slices.Clone(r.upper),
		regret: make([]int64, r.m), key: make([]int64, r.m),
	}
}

// repair turns a flow that breaks side constraints into one that keeps them, if it can, and offers it. Rows are kept by a
// box: each row shares what it may take up among its arcs, those in use first by how much their units would lose
// elsewhere for what they take up, the rest to the cheapest. Then no flow can break it, and the flow is solved
// again. Switches that are still filled too little are closed, the emptiest first and a part of them in a round, since
// what they held then fills the others; choices close their emptiest switches. It returns the last basis.
func (r *run) repair(x *relaxed, prices []int64) error {
	bx := r.newBox()
	flow, potential, basis := x.flow, x.potential, x.basis
	for range repairRounds {
		b := r.broken(flow)
		if b.empty() {
			r.offer(flow)
			return nil
		}
		undo := slices.Clone(bx.lower)
		undoUpper := slices.Clone(bx.upper)
		decided := bx.decide(flow, &b)
		if !r.tighten(bx.lower, bx.upper) {
			return nil
		}
		bx.shrink(flow, potential, prices)
		y, err := r.relax(prices, basis)
		if err != nil || y == nil {
			return err
		}
		if y.infeasible && len(decided) > 0 {
			// What was closed cannot go elsewhere: open it instead.
			copy(bx.lower, undo)
			copy(bx.upper, undoUpper)
			for _, s := range decided {
				w := r.p.Switches[s]
				bx.lower[w.Arc] = min(w.Least, bx.upper[w.Arc])
			}
			if !r.tighten(bx.lower, bx.upper) {
				return nil
			}
			bx.shrink(flow, potential, prices)
			if y, err = r.relax(prices, basis); err != nil || y == nil {
				return err
			}
		}
		if y.infeasible {
			return nil
		}
		flow, potential, basis = y.flow, y.potential, y.basis
	}
	return nil
}

// decide closes switches that are broken or too many, in the bounds, and returns them.
func (bx *box) decide(flow []int64, b *Binding) []int32 {
	r := bx.r
	var closed []int32
	shut := func(s int32) {
		if a := r.p.Switches[s].Arc; bx.upper[a] > 0 && bx.lower[a] == 0 {
			bx.upper[a] = 0
			closed = append(closed, s)
		}
	}
	list := slices.Clone(b.Switches)
	fill := func(s int32) int64 {
		w := r.p.Switches[s]
		f := int64(1 << 20 * (float64(flow[w.Arc]) / float64(w.Least)))
		if r.strong != nil && r.strong.hasBound {
			f += int64(1 << 21 * r.strong.openness[s])
		}
		return f
	}
	byFill := func(x, y int32) int { return cmp.Or(cmp.Compare(fill(x), fill(y)), cmp.Compare(x, y)) }
	slices.SortFunc(list, byFill)
	for k, s := range list {
		w := r.p.Switches[s]
		if r.strong != nil && r.strong.hasBound && r.strong.openness[s] > 0.9 {
			bx.lower[w.Arc] = min(w.Least, bx.upper[w.Arc])
		} else if k <= len(list)/4 {
			shut(s)
		}
	}
	for _, i := range b.Choices {
		c := r.p.Choices[i]
		var open []int32
		for _, s := range c.Switch {
			if a := r.p.Switches[s].Arc; flow[a] > 0 && bx.upper[a] > 0 {
				open = append(open, s)
			}
		}
		slices.SortFunc(open, byFill)
		for k := 0; int64(len(open)-k) > c.Most; k++ {
			shut(open[k])
		}
	}
	return closed
}

// shrink sets the bounds of r.net to those of the box, and shares what each row may take up, around a flow.
func (bx *box) shrink(flow, potential, prices []int64) {
	r := bx.r
	copy(r.net.Lower, bx.lower)
	copy(r.net.Upper, bx.upper)
	if len(r.p.Rows) == 0 {
		return
	}
	r.penalise(prices)
	bx.findRegret(flow, potential)
	for i := range r.p.Rows {
		bx.share(i, flow)
	}
}

// findRegret fills regret: for each arc in use, the least reduced cost among the other arcs with room that leave its tail,
// less its own.
func (bx *box) findRegret(flow, potential []int64) {
	r, f := bx.r, &bx.r.p.Flow
	type two struct {
		arc         int32
		first, next int64
	}
	best := make([]two, len(f.Supply))
	for v := range best {
		best[v] = two{-1, mcf.Inf, mcf.Inf}
	}
	for a, t := range f.Tail {
		rc := r.net.Cost[a] + potential[t] - potential[f.Head[a]]
		bx.key[a] = rc
		if flow[a] >= bx.upper[a] {
			continue
		}
		if b := &best[t]; rc < b.first {
			b.arc, b.first, b.next = int32(a), rc, b.first
		} else if rc < b.next {
			b.next = rc
		}
	}
	for a, x := range flow {
		if x == 0 {
			continue
		}
		b := &best[f.Tail[a]]
		other := b.first
		if b.arc == int32(a) {
			other = b.next
		}
		bx.regret[a] = mcf.Inf
		if other < mcf.Inf/2 {
			bx.regret[a] = other - bx.key[a]
		}
	}
}

// share bounds the arcs of one row in r.net so that together they keep it.
func (bx *box) share(i int, flow []int64) {
	r, row := bx.r, &bx.r.p.Rows[i]
	left := wide{}
	left.addProduct(row.Most, 1)
	for k, a := range row.Arc {
		left.addProduct(-row.Coef[k], bx.lower[a])
	}
	room := left.near() // >= 0, or tighten would have seen it
	used, idle := bx.order[:0], []int32(nil)
	for k, a := range row.Arc {
		switch {
		case row.Coef[k] == 0 || bx.upper[a] == bx.lower[a]:
		case flow[a] > bx.lower[a]:
			used = append(used, int32(k))
		default:
			idle = append(idle, int32(k))
		}
	}
	slices.SortFunc(used, func(x, y int32) int {
		return cmp.Or(cmp.Compare(bx.regret[row.Arc[y]]/row.Coef[y], bx.regret[row.Arc[x]]/row.Coef[x]), cmp.Compare(x, y))
	})
	slices.SortFunc(idle, func(x, y int32) int {
		return cmp.Or(cmp.Compare(bx.key[row.Arc[x]], bx.key[row.Arc[y]]), cmp.Compare(x, y))
	})
	got := make(map[int32]int64, len(used))
	give := func(k int32, most int64) {
		a, c := row.Arc[k], row.Coef[k]
		extra := min(room/c, most-bx.lower[a]-got[k])
		if extra > 0 {
			room -= c * extra
			got[k] += extra
		}
	}
	for _, k := range used {
		give(k, min(flow[row.Arc[k]], bx.upper[row.Arc[k]]))
	}
	for _, k := range idle {
		give(k, bx.upper[row.Arc[k]])
	}
	for _, k := range used { // what is left may go to more of what is in use
		if got[k] == flow[row.Arc[k]]-bx.lower[row.Arc[k]] {
			give(k, bx.upper[row.Arc[k]])
		}
	}
	for _, list := range [2][]int32{used, idle} {
		for _, k := range list {
			a := row.Arc[k]
			r.net.Upper[a] = min(r.net.Upper[a], bx.lower[a]+got[k])
		}
	}
	bx.order = used
}
