package sideflow

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/internal/wide"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// takeStart looks at the caller's flow: one that keeps everything is in hand at once, one that only breaks side constraints
// is kept for repair.
func (r *run) takeStart() {
	if r.opts.Start == nil {
		return
	}
	flow := make([]int64, r.m)
	copy(flow, r.opts.Start)
	if !r.balanced(flow) {
		return
	}
	if b := r.broken(flow); b.empty() {
		r.offer(flow)
	} else {
		r.given = flow
	}
}

// balanced reports whether a flow keeps all bounds and balances all nodes.
func (r *run) balanced(flow []int64) bool {
	balance := make([]wide.Sum, len(r.p.Flow.Supply))
	for v, b := range r.p.Flow.Supply {
		balance[v].AddProduct(b, 1)
	}
	for a, x := range flow {
		if x < r.lower[a] || x > r.upper[a] {
			return false
		}
		balance[r.p.Flow.Tail[a]].AddProduct(x, -1)
		balance[r.p.Flow.Head[a]].AddProduct(x, 1)
	}
	return !slices.ContainsFunc(balance, func(w wide.Sum) bool { return w != wide.Sum{} })
}

// polish improves the flow in hand within boxes around it, at true costs: switches stay as they are, rows share what they
// have left among the arcs that are cheapest at the potentials of the last solve. Every flow in such a box keeps
// everything, so each round is as good as the one before or better. It ends when a round gains nothing.
func (r *run) polish() error {
	if r.best == nil {
		return nil
	}
	bx := r.newBox()
	bx.keepSwitches(r.best)
	for i := range bx.shared {
		bx.shared[i] = true
	}
	none := make([]int64, len(r.p.Rows))
	potential := make([]int64, len(r.p.Flow.Supply))
	var basis *mcf.Basis
	for range polishRounds {
		before := r.bestCost
		r.penalise(none)
		bx.findRegret(r.best, potential)
		bx.shrink(r.best)
		y, err := r.relax(none, basis)
		if err != nil || y == nil || y.infeasible {
			return err
		}
		potential, basis = y.potential, y.basis
		if b := r.broken(y.flow); b.empty() {
			r.offer(y.flow)
		}
		if before == r.bestCost {
			return nil
		}
	}
	return nil
}

const polishRounds = 12

// keepSwitches holds every switch as a flow has it.
func (bx *box) keepSwitches(flow []int64) {
	for _, w := range bx.r.p.Switches {
		a := w.Arc
		switch {
		case flow[a] == 0:
			bx.upper[a] = 0
		case bx.lower[a] == 0:
			bx.lower[a] = w.Least
			for _, e := range bx.r.rows.of(a) {
				bx.least[e.row] += e.coef * w.Least
			}
		}
	}
}

// rescale turns a multiple of 2^-from into one of 2^-to.
func rescale(x int64, from, to uint8) int64 {
	if to < from {
		return x >> (from - to)
	}
	if hi := int64(mcf.Inf) >> (to - from); x > hi || x < -hi {
		return x // only a start for a search
	}
	return x << (to - from)
}
