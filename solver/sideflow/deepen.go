package sideflow

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/mcf"
)

const (
	rootSteps   = 400 // most steps of the volume algorithm at the root
	nodeSteps   = 12  // and at a node
	coreShrinks = 0.7 // the rest of the problem is searched on a network of its own if it has at most this share of the arcs
)

// relaxRoot raises the bound of the root, first over the rows with the flow, then over all multipliers; flows on the way are
// offered. It sets r.root and returns the flow at the best multipliers of the rows.
func (r *run) relaxRoot() (*relaxed, []int64, error) {
	copy(r.net.Lower, r.lower)
	copy(r.net.Upper, r.upper)
	from := make([]int64, len(r.p.Rows))
	var basis *mcf.Basis
	if old := r.opts.Root; old != nil {
		basis = old.Basis
		for i, l := range old.Row {
			from[i] = min(rescale(l, old.Shift, r.shift), r.maxPrice[i])
		}
	}
	x, at, err := r.newPrices(from).search(basis, rootRounds, func(x *relaxed) bool {
		if b := r.broken(x.flow); b.empty() {
			r.offer(x.flow)
		}
		if x.hasBound {
			r.raise(x.bound)
		}
		return !r.closed()
	})
	if err != nil || x == nil || x.infeasible {
		return x, at, err
	}
	r.strong = r.newStrong()
	s := r.strong
	copy(s.point.node, x.potential)
	copy(s.point.row, at)
	if r.opts.Root != nil {
		s.startFrom(r.opts.Root)
	}
	s.ascend(r.lower, r.upper, rootSteps, r.ceiling())
	if !s.hasBound {
		return x, at, nil
	}
	bound, ok := s.bound.ceil(r.shift)
	if !ok {
		s.hasBound = false
		return x, at, nil
	}
	r.raise(bound)
	r.root = &Root{
		Bound: bound, Shift: r.shift, Row: slices.Clone(s.best.row), Choice: slices.Clone(s.best.choice),
		Potential: slices.Clone(s.best.node), Basis: x.basis,
	}
	return x, at, nil
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
	if then, fine := s.evaluate(r.lower, r.upper); ok && (!fine || then.less(&now)) {
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
		sum.addProduct(extra, 1)
		cost, fits := sum.ceil(r.shift)
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

// deepen goes on below the root: it repairs and improves flows, forbids what is too dear, and branches, on a smaller network
// if enough was forbidden.
func (r *run) deepen(x *relaxed, at []int64) error {
	if err := r.heuristics(x, at); err != nil || r.stopped() || r.closed() || r.opts.RootOnly {
		return err
	}
	r.strong.fix(r.lower, r.upper)
	if !r.tighten(r.lower, r.upper) {
		r.exhausted = true
		return nil
	}
	if p, keep := r.core(); p != nil {
		return r.inner(p, keep)
	}
	return r.branch(x, at)
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
	err := in.below()
	r.work, r.nodes, r.stop, r.exhausted = in.work, in.nodes, in.stop, in.exhausted
	if in.best != nil {
		flow := make([]int64, r.m)
		for i, a := range keep {
			flow[a] = in.best[i]
		}
		r.best, r.bestCost, r.priced = flow, in.bestCost, true
	}
	r.raise(min(in.bound, r.bestCost))
	return err
}

// heuristics turns the relaxed flow into one that keeps everything, and improves it.
func (r *run) heuristics(x *relaxed, at []int64) error {
	if s := r.strong; s.hasBound && len(r.p.Rows) > 0 {
		// The multipliers of the stronger bound make a better flow to begin with.
		copy(at, s.best.row)
		copy(r.net.Lower, r.lower)
		copy(r.net.Upper, r.upper)
		y, err := r.relax(at, x.basis)
		if err != nil || y == nil {
			return err
		}
		x = y
	}
	if err := r.repair(x, at); err != nil || r.stopped() {
		return err
	}
	if err := r.polish(); err != nil || r.stopped() || r.closed() {
		return err
	}
	if r.opts.RootOnly {
		return nil
	}
	return r.neighbourhoods()
}
