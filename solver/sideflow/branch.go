package sideflow

import (
	"container/heap"

	"github.com/courtyard-care/courtyard/solver/internal/wide"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// node is a part of the problem: the root's with changed bounds.
type node struct {
	bound   int64 // of the node it comes from
	changes *change
	prices  []int64      // where its search for multipliers of rows begins
	point   *multipliers // and where that of all multipliers does; nil if there is none
	basis   *mcf.Basis   // of the node it comes from
	depth   int
	id      int64
}

// change is one bound changed on the way from the root to a node. Nodes share the beginning of their way.
type change struct {
	before       *change
	arc          int32
	lower, upper int64
}

func (c *change) apply(lower, upper []int64) {
	for ; c != nil; c = c.before {
		lower[c.arc] = max(lower[c.arc], c.lower)
		upper[c.arc] = min(upper[c.arc], c.upper)
	}
}

// frontier holds the nodes that are not done, the least bound first, of equal ones the deepest.
type frontier []*node

func (f frontier) Len() int { return len(f) }

func (f frontier) Less(i, j int) bool {
	switch a, b := f[i], f[j]; {
	case a.bound != b.bound:
		return a.bound < b.bound
	case a.depth != b.depth:
		return a.depth > b.depth
	default:
		return a.id < b.id
	}
}

func (f frontier) Swap(i, j int) { f[i], f[j] = f[j], f[i] }

// Push is for container/heap.
func (f *frontier) Push(x any) { *f = append(*f, x.(*node)) }

// Pop is for container/heap.
func (f *frontier) Pop() any {
	last := len(*f) - 1
	n := (*f)[last]
	(*f)[last] = nil
	*f = (*f)[:last]
	return n
}

// branch is a best-first branch and bound with dives (Land and Doig 1960; semicontinuous flows are branched on as Beale and
// Tomlin 1970 do: closed, or open with the least flow as lower bound). The node of least bound is taken, and then one of its
// children after the other until a dive ends, the others waiting; so that bound and flow in hand both move. A flow that
// breaks a row is branched on the flow of an arc in it. Every branch makes a finite domain smaller, so the search ends.
func (r *run) branch(root *relaxed, prices []int64) error {
	lowest := r.bound
	if root.hasBound {
		lowest = max(lowest, root.bound)
	}
	first := &node{bound: lowest, prices: prices, basis: root.basis}
	if r.strong.hasBound && len(r.p.Switches) > 0 {
		first.point = r.strong.save()
	}
	open := frontier{first}
	for len(open) > 0 {
		n := heap.Pop(&open).(*node)
		if r.raise(n.bound); r.closed() {
			return nil
		}
		for n != nil {
			if r.part && r.nodes >= subNodes {
				return nil
			}
			near, far, err := r.expand(n)
			if err != nil || r.stopped() {
				return err
			}
			if far != nil {
				heap.Push(&open, far)
			}
			n = near
		}
	}
	r.exhausted = true
	return nil
}

// expand bounds one node and splits it. It returns the children, the nearer one to be gone into at once; nil if none is left.
func (r *run) expand(n *node) (near, far *node, err error) {
	r.nodes++
	copy(r.net.Lower, r.lower)
	copy(r.net.Upper, r.upper)
	n.changes.apply(r.net.Lower, r.net.Upper)
	if !r.tighten(r.net.Lower, r.net.Upper) {
		return nil, nil, nil
	}
	bound, point := n.bound, n.point
	if point != nil && r.undecided() {
		s := r.strong
		s.point.copy(point)
		s.begin()
		s.ascend(r.net.Lower, r.net.Upper, nodeSteps, r.ceiling())
		if b, fits := s.bound.Ceil(r.shift).Int64(); s.hasBound && fits {
			bound = max(bound, b)
			if bound >= r.ceiling() || r.stopped() {
				return nil, nil, nil
			}
			s.fix(r.net.Lower, r.net.Upper)
			if !r.tighten(r.net.Lower, r.net.Upper) {
				return nil, nil, nil
			}
			if r.remember(len(point.node)) {
				point = s.save()
			}
		}
	}
	x, at, err := r.newPrices(n.prices).search(n.basis, nodeRounds, false, func(x *relaxed) bool {
		if b := r.broken(x.flow); b.empty() {
			r.offer(x.flow)
		}
		if x.hasBound {
			bound = max(bound, x.bound)
		}
		return bound < r.ceiling()
	})
	if err != nil || x == nil || x.infeasible || bound >= r.ceiling() {
		return nil, nil, err
	}
	down, up, upFirst, found := r.split(x.flow, at)
	if !found {
		return nil, nil, nil
	}
	basis, prices := n.basis, n.prices
	if r.remember(len(r.p.Flow.Supply) + len(at)) {
		basis, prices = x.basis, at
	}
	child := func(c change) *node {
		c.before = n.changes
		return &node{bound: bound, changes: &c, prices: prices, point: point, basis: basis, depth: n.depth + 1, id: r.nodes}
	}
	near, far = child(down), child(up)
	if upFirst {
		near, far = far, near
	}
	return near, far, nil
}

// mostSaved is how many numbers the nodes may keep for warm starts of their children: 256 MiB.
const mostSaved = 1 << 25

// remember reports whether so many more numbers may be kept. Once they may not, nodes begin where one above them did.
func (r *run) remember(numbers int) bool {
	r.saved += numbers
	return r.saved <= mostSaved
}

// undecided reports whether the bounds of r.net leave a switch open and closed.
func (r *run) undecided() bool {
	for _, w := range r.p.Switches {
		if r.net.Lower[w.Arc] == 0 && r.net.Upper[w.Arc] >= w.Least {
			return true
		}
	}
	return false
}

// split chooses the bounds to branch on, at a node whose best flow is given. Found is false when the flow is the optimum of
// the node: it keeps everything, and in every row that has a price either nothing is left or no arc can change.
func (r *run) split(flow, prices []int64) (down, up change, upFirst, found bool) {
	lower, upper := r.net.Lower, r.net.Upper
	// A switch: the one farthest from both its sides, by units.
	worst, most := int32(-1), int64(0)
	for s, w := range r.p.Switches {
		if x := flow[w.Arc]; 0 < x && x < w.Least {
			if d := min(x, w.Least-x); d > most {
				worst, most = int32(s), d
			}
		}
	}
	if worst >= 0 {
		w := r.p.Switches[worst]
		return change{arc: w.Arc, upper: 0}, change{arc: w.Arc, lower: w.Least, upper: mcf.Inf}, 2*flow[w.Arc] >= w.Least, true
	}
	b := r.broken(flow)
	if len(b.Choices) > 0 {
		// The open switch with least flow.
		arc, least := int32(-1), int64(mcf.Inf)
		for _, s := range r.p.Choices[b.Choices[0]].Switch {
			if a := r.p.Switches[s].Arc; flow[a] > 0 && lower[a] == 0 && flow[a] < least {
				arc, least = a, flow[a]
			}
		}
		return change{arc: arc, upper: 0}, change{arc: arc, lower: 1, upper: mcf.Inf}, false, true
	}
	// An arc of the row that is broken most, or of a row that has a price and room: the one that takes up most.
	row, size := int32(-1), int64(0)
	for _, i := range b.Rows {
		if ex := r.excess(int(i), flow); ex.Near() > size {
			row, size = i, ex.Near()
		}
	}
	if row >= 0 {
		arc := r.heaviest(row, func(a int32) bool { return flow[a] > lower[a] }, flow)
		return change{arc: arc, upper: flow[arc] - 1}, change{arc: arc, lower: flow[arc], upper: mcf.Inf}, false, true
	}
	for i, price := range prices {
		if ex := r.excess(i, flow); price == 0 || ex.Sign() >= 0 {
			continue
		}
		arc := r.heaviest(int32(i), func(a int32) bool { return lower[a] < upper[a] }, flow)
		switch {
		case arc < 0:
			continue
		case flow[arc] < upper[arc]:
			return change{arc: arc, upper: flow[arc]}, change{arc: arc, lower: flow[arc] + 1, upper: mcf.Inf}, true, true
		default:
			return change{arc: arc, upper: flow[arc] - 1}, change{arc: arc, lower: flow[arc], upper: mcf.Inf}, true, true
		}
	}
	return change{}, change{}, false, false
}

// heaviest returns the arc of a row that takes up most of it among those allowed, -1 if none is.
func (r *run) heaviest(row int32, allowed func(int32) bool, flow []int64) int32 {
	best, most := int32(-1), int64(-1)
	for k, a := range r.p.Rows[row].Arc {
		c := r.p.Rows[row].Coef[k]
		if c == 0 || !allowed(a) {
			continue
		}
		var w wide.Sum
		if w.AddProduct(c, max(flow[a], 1)); w.Near() > most {
			best, most = a, w.Near()
		}
	}
	return best
}
