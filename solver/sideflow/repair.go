package sideflow

import (
	"cmp"
	"slices"

	"github.com/courtyard-care/courtyard/solver/internal/wide"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

const (
	repairRounds = 60 // most solves that a flow may need to keep everything
	hastyRounds  = 20 // after so many, all switches that are broken are closed at once
	surelyOpen   = 0.9
)

// box holds the bounds within which flows are looked for: every flow within them keeps the rows that were shared, and the
// switches that were decided.
type box struct {
	r            *run
	lower, upper []int64 // of the search, switches decided so far included
	shared       []bool  // rows that were broken once: what they may take up is shared among their arcs
	least        []int64 // of each row: what it takes up when all arcs carry their lower bound
	chosen       []bool  // of each switch: it alone was left open at its node
	final        []bool  // of each switch: its decision was turned around once and stays
	regret       []int64 // of each arc in use: how much more its units cost another way out of its tail
	reduced      []int64 // of each arc
	order        []int32 // scratch: arcs of a row
	got          []int64 // scratch: by arc of a row
}

// newBox starts from the bounds of the root.
func (r *run) newBox() *box {
	bx := &box{
		r: r, lower: slices.Clone(r.lower), upper: slices.Clone(r.upper),
		shared: make([]bool, len(r.p.Rows)), least: make([]int64, len(r.p.Rows)), chosen: make([]bool, len(r.p.Switches)), final: make([]bool, len(r.p.Switches)),
		regret: make([]int64, r.m), reduced: make([]int64, r.m),
	}
	for i := range r.p.Rows {
		ex := r.excess(i, bx.lower)
		bx.least[i] = r.p.Rows[i].Most + ex.Near() // tighten has seen that it is at most Most
	}
	return bx
}

// repair turns a flow that breaks side constraints into one that keeps them, if it can, and offers it. It rounds down and
// solves again: a row that is broken shares what it may take up among its arcs, those in use first by how much their units
// would lose elsewhere for what they take up, the rest to the cheapest, and from then on no flow can break it. Switches
// that are filled too little are decided, see decide. What was cut off finds another place in the next solve. Where it finds
// none, the cut that proves it names the decisions to turn around.
func (r *run) repair(x *relaxed, prices []int64) error {
	bx := r.newBox()
	flow, potential, basis := x.flow, x.potential, x.basis
	for round := range repairRounds {
		b := r.broken(flow)
		if b.empty() {
			r.offer(flow)
			return nil
		}
		for _, i := range b.Rows {
			bx.shared[i] = true
		}
		r.penalise(prices)
		bx.findRegret(flow, potential)
		bx.decide(flow, &b, round >= hastyRounds)
		for {
			bx.shrink(flow)
			y, err := r.relax(prices, basis)
			if err != nil || y == nil {
				return err
			}
			if !y.infeasible {
				flow, potential, basis = y.flow, y.potential, y.basis
				break
			}
			if !bx.turnAround(y.cut) {
				return nil
			}
		}
	}
	return nil
}

// decide opens and closes switches that are broken, and closes those that a choice has too many. Where only one of the
// switches at a node that sends can be open, all but the fullest are closed, and that one too if it is broken again. Of the
// other switches a quarter is closed, the emptiest first, since what they held may fill the rest; all are in haste. A switch
// is held open only if it must not be closed, or if the bound nearly always has it open: to force flow through it could have
// no solution.
func (bx *box) decide(flow []int64, b *Binding, haste bool) {
	r := bx.r
	list := slices.Clone(b.Switches)
	full := make([]float64, len(r.p.Switches))
	for s, w := range r.p.Switches {
		if full[s] = float64(flow[w.Arc]) / float64(w.Least); r.strong != nil && r.strong.hasBound {
			full[s] += 2 * r.strong.openness[s]
		}
	}
	byFill := func(x, y int32) int {
		a, c := r.p.Switches[x].Arc, r.p.Switches[y].Arc
		return cmp.Or(cmp.Compare(full[x], full[y]), cmp.Compare(bx.reduced[c], bx.reduced[a]), cmp.Compare(x, y))
	}
	slices.SortFunc(list, byFill)
	var others []int32
	for _, s := range slices.Backward(list) {
		w := r.p.Switches[s]
		switch {
		case bx.upper[w.Arc] < w.Least || bx.lower[w.Arc] > 0: // decided meanwhile
		case !r.alone(s):
			others = append(others, s)
		case bx.final[s]: // may not be closed
			bx.open(s, flow)
		case !bx.chosen[s]:
			bx.chosen[s] = true
			for _, o := range r.siblings[r.p.Flow.Tail[w.Arc]] {
				if o != s {
					bx.shut(o)
				}
			}
		default:
			bx.shut(s)
		}
	}
	for k, s := range others { // the fullest first
		switch {
		case bx.final[s]:
			bx.open(s, flow)
		case haste:
			bx.shut(s)
		case r.strong != nil && r.strong.hasBound && r.strong.openness[s] > surelyOpen && bx.open(s, flow):
		case k >= len(others)*3/4:
			bx.shut(s)
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
			bx.shut(open[k])
		}
	}
}

// alone reports whether switch s leaves a node that only sends, and so little that no other switch there can be open too.
func (r *run) alone(s int32) bool {
	if r.siblings == nil {
		r.siblings = make([][]int32, len(r.p.Flow.Supply))
		entered := make([]bool, len(r.p.Flow.Supply))
		for _, h := range r.p.Flow.Head {
			entered[h] = true
		}
		for i, w := range r.p.Switches {
			if t := r.p.Flow.Tail[w.Arc]; !entered[t] && 2*float64(w.Least) > float64(r.p.Flow.Supply[t]) {
				r.siblings[t] = append(r.siblings[t], int32(i))
			}
		}
	}
	w := r.p.Switches[s]
	list := r.siblings[r.p.Flow.Tail[w.Arc]]
	return slices.Contains(list, s)
}

// shut closes a switch, unless it is decided.
func (bx *box) shut(s int32) {
	if a := bx.r.p.Switches[s].Arc; !bx.final[s] && bx.lower[a] == 0 {
		bx.upper[a] = 0
	}
}

// open opens a switch if all its rows and choices have room for it beside what is open already; false if not.
func (bx *box) open(s int32, flow []int64) bool {
	r := bx.r
	w := r.p.Switches[s]
	if bx.lower[w.Arc] > 0 {
		return true
	}
	if bx.upper[w.Arc] < w.Least {
		return false
	}
	for _, e := range r.rows.of(w.Arc) {
		var sum wide.Sum
		sum.AddProduct(e.coef, w.Least)
		sum.AddProduct(bx.least[e.row], 1)
		sum.AddProduct(-1, r.p.Rows[e.row].Most)
		if sum.Sign() > 0 {
			return false
		}
	}
	for _, i := range r.choicesOf(s) {
		open := int64(0)
		for _, o := range r.p.Choices[i].Switch {
			if a := r.p.Switches[o].Arc; bx.lower[a] > 0 || flow[a] >= r.p.Switches[o].Least && bx.upper[a] > 0 && o != s {
				open++
			}
		}
		if open >= r.p.Choices[i].Most {
			return false
		}
	}
	bx.lower[w.Arc] = w.Least
	for _, e := range r.rows.of(w.Arc) {
		bx.least[e.row] += e.coef * w.Least
	}
	return true
}

// choicesOf returns the choices that a switch is in.
func (r *run) choicesOf(s int32) []int32 {
	if r.choices == nil {
		r.choices = make([][]int32, len(r.p.Switches))
		for i, c := range r.p.Choices {
			for _, w := range c.Switch {
				r.choices[w] = append(r.choices[w], int32(i))
			}
		}
	}
	return r.choices[s]
}

// turnAround undoes the decisions that make a flow infeasible: of the switches whose arcs cross the cut, those opened on the
// way into it are closed for good, or if there are none, those closed on the way out of it are never closed again. It
// returns false if there are none of these either.
func (bx *box) turnAround(cut []bool) bool {
	r := bx.r
	turned := false
	crossing := func(visit func(s int32, a int32, out bool)) {
		for s, w := range r.p.Switches {
			if out := cut[r.p.Flow.Tail[w.Arc]]; !bx.final[s] && out != cut[r.p.Flow.Head[w.Arc]] {
				visit(int32(s), w.Arc, out)
			}
		}
	}
	crossing(func(s, a int32, out bool) {
		if !out && bx.lower[a] > r.lower[a] && r.lower[a] == 0 {
			for _, e := range r.rows.of(a) {
				bx.least[e.row] -= e.coef * bx.lower[a]
			}
			bx.lower[a], bx.upper[a] = 0, 0
			bx.final[s], turned = true, true
		}
	})
	if turned {
		return true
	}
	crossing(func(s, a int32, out bool) {
		if out && bx.upper[a] < r.upper[a] {
			bx.upper[a] = r.upper[a]
			bx.final[s], turned = true, true
		}
	})
	return turned
}

// shrink sets the bounds of r.net to those of the box, and shares what each row may take up, around a flow.
func (bx *box) shrink(flow []int64) {
	r := bx.r
	copy(r.net.Lower, bx.lower)
	copy(r.net.Upper, bx.upper)
	for i, shared := range bx.shared {
		if shared {
			bx.share(i, flow)
		}
	}
}

// findRegret fills reduced and regret from the costs of r.net: the regret of an arc in use is the least reduced cost among
// the other arcs with room that leave its tail, less its own.
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
		bx.reduced[a] = rc
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
			bx.regret[a] = other - bx.reduced[a]
		}
	}
}

// share bounds the arcs of one row in r.net so that together they keep it.
func (bx *box) share(i int, flow []int64) {
	r, row := bx.r, &bx.r.p.Rows[i]
	room := row.Most - bx.least[i]
	used, idle := bx.order[:0], []int32(nil)
	for k, a := range row.Arc {
		switch {
		case row.Coef[k] == 0 || bx.upper[a] <= bx.lower[a]:
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
		return cmp.Or(cmp.Compare(bx.reduced[row.Arc[x]], bx.reduced[row.Arc[y]]), cmp.Compare(x, y))
	})
	bx.got = append(bx.got[:0], make([]int64, len(row.Arc))...)
	give := func(k int32, most int64) {
		c := row.Coef[k]
		if extra := min(room/c, most-bx.lower[row.Arc[k]]-bx.got[k]); extra > 0 {
			room -= c * extra
			bx.got[k] += extra
		}
	}
	for _, k := range used {
		give(k, min(flow[row.Arc[k]], bx.upper[row.Arc[k]]))
	}
	for _, k := range idle {
		give(k, bx.upper[row.Arc[k]])
	}
	for _, k := range used { // what is left may go to more of what is in use
		if bx.got[k] == flow[row.Arc[k]]-bx.lower[row.Arc[k]] {
			give(k, bx.upper[row.Arc[k]])
		}
	}
	for _, list := range [2][]int32{used, idle} {
		for _, k := range list {
			a := row.Arc[k]
			r.net.Upper[a] = min(r.net.Upper[a], bx.lower[a]+bx.got[k])
		}
	}
	bx.order = used
}
