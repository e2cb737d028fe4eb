package sideflow

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/internal/wide"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

const (
	rootSteps   = 400 // most steps of the volume algorithm at the root
	pushRounds  = 16  // most flows of the search for prices of any magnitude
	farFactor   = 64
	nodeSteps   = 12  // and at a node
	coreShrinks = 0.7 // the rest of the problem is searched on a network of its own if it has at most this share of the arcs
)

// rootFlow solves the flow at the root, at the multipliers of an earlier root if there is one, and makes a first plan of it.
func (r *run) rootFlow(basis *mcf.Basis) (*relaxed, []int64, error) {
	copy(r.net.Lower, r.lower)
	copy(r.net.Upper, r.upper)
	prices := make([]int64, len(r.p.Rows))
	if old := r.opts.Root; old != nil {
		for i, l := range old.Row {
			prices[i] = min(rescale(l, old.Shift, r.shift), r.maxPrice[i])
		}
	}
	x, err := r.relax(prices, basis)
	if err != nil || x == nil || x.infeasible {
		return x, prices, err
	}
	if x.hasBound {
		r.raise(x.bound)
	}
	if r.given != nil && !r.part {
		if err := r.repair(&relaxed{flow: r.given, potential: x.potential, basis: x.basis}, prices); err != nil || r.stopped() {
			return x, prices, err
		}
	}
	if r.best == nil {
		if err := r.repair(x, prices); err != nil || r.stopped() {
			return x, prices, err
		}
	}
	return x, prices, nil
}

// raiseRoot raises the bound over all multipliers, from those of a flow, and parts of the plan in hand are improved
// meanwhile, with as much work. It sets r.root.
func (r *run) raiseRoot(x *relaxed, prices []int64) error {
	r.strong = r.newStrong()
	s := r.strong
	copy(s.point.node, x.potential)
	copy(s.point.row, prices)
	if r.opts.Root != nil {
		s.startFrom(r.opts.Root)
	}
	s.begin()
	var parts *parts
	coarse := len(r.p.Rows) > 0
	if coarse && !r.opts.RootOnly {
		// What the first plan lost by rounding down is won back soonest where it was lost.
		s.ascend(r.lower, r.upper, 1, r.ceiling())
		parts = r.newParts()
		if err := parts.improve(r.work / 4); err != nil || r.closed() {
			return err
		}
	}
	for s.ascent.steps < rootSteps && !s.ascent.done && !r.stopped() {
		before := r.work
		s.ascend(r.lower, r.upper, stallSteps, r.ceiling())
		r.setRoot(x.basis)
		if coarse && s.hasBound && s.farOff() {
			if err := r.pushPrices(x.basis); err != nil || r.stopped() || r.closed() {
				return err
			}
		}
		coarse = false
		if k := s.ascent.steps / stallSteps; len(r.p.Rows) > 0 && k&(k-1) == 0 && !s.ascent.done && !r.part {
			if _, err := r.replan(x, prices); err != nil || r.stopped() || r.closed() { // after 50, 100, 200 steps
				return err
			}
		}
		if len(r.p.Rows) > 0 && s.hasBound && !r.opts.RootOnly && !r.stopped() {
			if parts == nil {
				parts = r.newParts()
			}
			if err := parts.improve(r.work - before); err != nil || r.closed() {
				return err
			}
		}
	}
	if r.root != nil && s.hasBound {
		s.loosen()
		r.root.Row, r.root.Choice, r.root.Potential = slices.Clone(s.best.row), slices.Clone(s.best.choice), slices.Clone(s.best.node)
	}
	return nil
}

// farOff reports whether the gap is so large that steps of typical costs will not close it: units of a higher class are
// at stake.
func (s *strong) farOff() bool {
	r := s.r
	bound, ok := s.bound.Ceil(r.shift).Int64()
	if !ok || !r.priced {
		return ok
	}
	return float64(r.bestCost)-float64(bound) > farFactor*r.units*float64(s.typical>>r.shift)
}

// pushPrices searches for the multipliers of the rows by doubling and bisection with exact flows, which finds prices of any
// magnitude, with at most as much work as was done before. The volume algorithm goes on from there if the bound is so much
// better that steps of typical costs would not reach it. The flow makes another plan.
func (r *run) pushPrices(basis *mcf.Basis) error {
	s := r.strong
	copy(r.net.Lower, r.lower)
	copy(r.net.Upper, r.upper)
	most := 2 * r.work
	x, at, err := r.newPrices(s.best.row).search(basis, pushRounds, true, func(x *relaxed) bool {
		if b := r.broken(x.flow); b.empty() {
			r.offer(x.flow)
		}
		if x.hasBound {
			r.raise(x.bound)
		}
		return !r.closed() && r.work < most
	})
	if err != nil || x == nil || x.infeasible || r.closed() {
		return err
	}
	kept := r.newMultipliers()
	kept.copy(&s.point)
	copy(s.point.node, x.potential)
	copy(s.point.row, at)
	copy(s.point.choice, s.best.choice)
	sum, ok := s.evaluate(r.lower, r.upper)
	pushed, fits := sum.Ceil(r.shift).Int64()
	if now, _ := s.bound.Ceil(r.shift).Int64(); ok && fits && float64(pushed)-float64(now) > r.units*float64(s.typical>>r.shift) {
		s.typical = 0
		s.begin()
		s.ascend(r.lower, r.upper, 1, r.ceiling())
		r.setRoot(x.basis)
	} else {
		s.point.copy(&kept)
	}
	if err := r.repair(x, at); err != nil || r.stopped() {
		return err
	}
	return r.polish()
}

// setRoot takes the bound of the best multipliers so far.
func (r *run) setRoot(basis *mcf.Basis) {
	s := r.strong
	bound, ok := s.bound.Ceil(r.shift).Int64()
	if s.hasBound = s.hasBound && ok; !s.hasBound || r.root != nil && bound <= r.root.Bound {
		return
	}
	r.raise(bound)
	r.root = &Root{
		Bound: bound, Shift: r.shift, Row: slices.Clone(s.best.row), Choice: slices.Clone(s.best.choice),
		Potential: slices.Clone(s.best.node), Basis: basis,
	}
}

// loosen lowers the potentials of stars whose switch stays closed as far as it does stay closed: the bound remains, and fewer
// new arcs into the star look as if they could pay.
func (s *strong) loosen() {
	r := s.r
	s.point.copy(&s.best)
	if _, ok := s.evaluate(r.lower, r.upper); !ok {
		return
	}
	for i, v := range s.star {
		w := r.p.Switches[i]
		if v < 0 || s.open[i] || r.upper[w.Arc] < w.Least {
			continue
		}
		// The switch is worth less and less to keep closed as the price of a unit falls: bisect on how far.
		low, high := int64(0), int64(mostNode) // low is fine, high is not
		for high-low > 1 {
			if mid := low + (high-low)/2; s.closedAt(int32(i), mid) {
				low = mid
			} else {
				high = mid
			}
		}
		if !s.isTail[i] {
			low = -low
		}
		s.best.node[v] -= low
	}
}

// closedAt reports whether switch i stays closed when the price of a unit in its star falls by that much, from where the last
// evaluation left it.
func (s *strong) closedAt(i int32, fall int64) bool {
	r := s.r
	w := r.p.Switches[i]
	var sum wide.Sum
	own := s.reduced[w.Arc] - fall
	x := w.Least
	if own < 0 {
		x = r.upper[w.Arc]
	}
	sum.AddProduct(own, x)
	for k, e := range s.member[i] {
		rc := s.reduced[e]
		if k < s.atStar[i] {
			rc += fall
		}
		if rc < 0 {
			sum.AddProduct(rc, r.upper[e])
		}
	}
	sum.AddProduct(s.price[i], 1)
	return sum.Sign() >= 0
}

// startFrom moves the point to the multipliers of an earlier root if they give a better bound.
func (s *strong) startFrom(old *Root) {
	r := s.r
	now, ok := s.evaluate(r.lower, r.upper)
	s.best.copy(&s.point)
	for v, x := range old.Potential {
		s.point.node[v] = max(-mostNode, min(rescale(x, old.Shift, r.shift), mostNode))
	}
	for i, x := range old.Row {
		s.point.row[i] = min(rescale(x, old.Shift, r.shift), r.maxPrice[i])
	}
	for i, x := range old.Choice {
		s.point.choice[i] = min(rescale(x, old.Shift, r.shift), mostNode/int64(len(old.Choice)))
	}
	if then, fine := s.evaluate(r.lower, r.upper); ok && (!fine || then.Less(now)) {
		s.point.copy(&s.best)
	}
}

// fix uses the reduced costs of the best multipliers: what must cost more than the flow in hand is forbidden. A switch is
// decided when the other way is too dear, and an arc that carries nothing in the relaxation is left at its lower bound if
// one unit on it is. The bounds are those that the relaxation was raised with.
func (s *strong) fix(lower, upper []int64) {
	r := s.r
	if !s.hasBound || !r.priced {
		return
	}
	s.point.copy(&s.best)
	bound, ok := s.evaluate(lower, upper)
	if !ok {
		return
	}
	dear := func(extra int64) bool {
		sum := bound
		sum.AddProduct(extra, 1)
		cost, fits := sum.Ceil(r.shift).Int64()
		return fits && cost >= r.bestCost
	}
	for i, w := range r.p.Switches {
		a := w.Arc
		switch {
		case lower[a] > 0 || upper[a] < w.Least:
		case s.open[i] && dear(-s.worth[i]):
			lower[a] = w.Least
		case !s.open[i] && s.worth[i] >= 0 && dear(s.worth[i]):
			upper[a] = 0
		}
	}
	for a, x := range s.flow {
		if g := s.group[a]; g >= 0 && r.p.Switches[g].Arc == int32(a) {
			continue
		}
		if rc := s.reduced[a]; rc > 0 && x == lower[a] && upper[a] > x && dear(rc) {
			upper[a] = x
		}
	}
}

// core makes the problem without the arcs that can only be empty. It returns the arcs that are left, nil if too few fall away
// to be worth it.
func (r *run) core() (*Problem, []int32) {
	var keep []int32
	for a := range int32(r.m) {
		if r.upper[a] > 0 {
			keep = append(keep, a)
		}
	}
	if float64(len(keep)) > coreShrinks*float64(r.m) {
		return nil, nil
	}
	p := &Problem{Rows: make([]Row, len(r.p.Rows)), Choices: make([]Choice, len(r.p.Choices))}
	at := make([]int32, r.m)
	for a := range at {
		at[a] = -1
	}
	f := &p.Flow
	f.Supply = r.p.Flow.Supply
	for i, a := range keep {
		at[a] = int32(i)
		f.Tail, f.Head = append(f.Tail, r.p.Flow.Tail[a]), append(f.Head, r.p.Flow.Head[a])
		f.Lower, f.Upper = append(f.Lower, r.lower[a]), append(f.Upper, r.upper[a])
		f.Cost = append(f.Cost, r.p.Flow.Cost[a])
	}
	for i, row := range r.p.Rows {
		p.Rows[i].Most = row.Most
		for k, a := range row.Arc {
			if at[a] >= 0 {
				p.Rows[i].Arc, p.Rows[i].Coef = append(p.Rows[i].Arc, at[a]), append(p.Rows[i].Coef, row.Coef[k])
			}
		}
	}
	index := make([]int32, len(r.p.Switches))
	for s, w := range r.p.Switches {
		if index[s] = -1; at[w.Arc] >= 0 {
			index[s] = int32(len(p.Switches))
			p.Switches = append(p.Switches, Switch{at[w.Arc], w.Least})
		}
	}
	for i, c := range r.p.Choices {
		p.Choices[i].Most = c.Most
		for _, s := range c.Switch {
			if index[s] >= 0 {
				p.Choices[i].Switch = append(p.Choices[i].Switch, index[s])
			}
		}
	}
	return p, keep
}

// deepen goes on below the root: it forbids what is too dear, and searches the rest, on a smaller network if enough was
// forbidden: by parts, and then by branching.
func (r *run) deepen(x *relaxed, prices []int64) error {
	x, err := r.replan(x, prices)
	if err != nil || r.stopped() {
		return err
	}
	if err := r.polish(); err != nil || r.opts.RootOnly || r.stopped() || r.closed() {
		return err
	}
	for {
		before := r.bestCost
		if r.strong.fix(r.lower, r.upper); !r.tighten(r.lower, r.upper) {
			r.exhausted = true
			return nil
		}
		if p, keep := r.core(); p != nil {
			return r.inner(p, keep)
		}
		work := r.work // without rows, branching takes over when as much was done as before
		if len(r.p.Rows) > 0 {
			work = mcf.Inf
		}
		if err := r.newParts().improve(work); err != nil || r.stopped() || r.closed() {
			return err
		}
		if before == r.bestCost {
			return r.branch(x, prices)
		}
	}
}

// replan makes another plan, from the flow at the best multipliers of the rows so far, which it stores in prices. It returns
// that flow.
func (r *run) replan(x *relaxed, prices []int64) (*relaxed, error) {
	if s := r.strong; s.hasBound {
		copy(prices, s.best.row)
		copy(r.net.Lower, r.lower)
		copy(r.net.Upper, r.upper)
		y, err := r.relax(prices, x.basis)
		if err != nil || y == nil {
			return x, err
		}
		x = y
	}
	return x, r.repair(x, prices)
}

// inner searches the core.
func (r *run) inner(p *Problem, keep []int32) error {
	in := newRun(r.ctx, p, r.opts)
	in.shift = r.shift
	in.setMaxPrice()
	in.part, in.bestCost, in.priced = r.part, r.bestCost, r.priced
	in.bound, in.hasBound = r.bound, r.hasBound
	in.work, in.nodes = r.work, r.nodes
	in.opts.Root = &Root{Shift: r.shift, Row: r.strong.best.row, Choice: r.strong.best.choice, Potential: r.strong.best.node}
	if r.best != nil {
		in.best = r.restrict(r.best, keep)
	}
	err := in.below(nil)
	r.work, r.nodes, r.stop, r.exhausted = in.work, in.nodes, in.stop, in.exhausted
	if in.best != nil && (in.bestCost < r.bestCost || !r.priced) {
		flow := make([]int64, r.m)
		for i, a := range keep {
			flow[a] = in.best[i]
		}
		r.best, r.bestCost, r.priced = flow, in.bestCost, true
	}
	r.raise(min(in.bound, r.bestCost))
	return err
}

// restrict returns a flow on the arcs that are kept, nil if it uses others or breaks a bound: what may be no better than the
// flow in hand is forbidden, so this flow may be too.
func (r *run) restrict(flow []int64, keep []int32) []int64 {
	part := make([]int64, len(keep))
	total, kept := 0, 0
	for _, x := range flow {
		if x > 0 {
			total++
		}
	}
	for i, a := range keep {
		if flow[a] < r.lower[a] || flow[a] > r.upper[a] {
			return nil
		}
		if part[i] = flow[a]; part[i] > 0 {
			kept++
		}
	}
	if kept < total {
		return nil
	}
	return part
}
