package sideflow

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/internal/wide"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// The relaxation of everything that ties switches together. The balance of all nodes is relaxed, with the potentials as
// multipliers, and the rows and choices too. What is left falls apart: an arc in no group is at one of its bounds, and a
// switch with its group is closed, at no cost, or open, when the arcs of its group carry what pays and its own arc at least
// Least. The bound is that of the linear relaxation in which every arc of a group carries at most its upper bound times
// the openness of the switch. Where a session of three is too small to be held, the plain flow knows nothing of it, and this
// bound pays for those who would have to come along.
//
// The multipliers are raised by the volume algorithm (Barahona and Anbil 2000): steps from the best point so far along an
// average of past subgradients, which converges to the violation of a primal solution. Differs: the search begins at the
// potentials of the flow, where the bound is that of the flow or better; each coordinate has its own scale, so that a step is
// a change of costs per unit of flow wherever it is taken, and needs no estimate of the optimum, which penalties of many
// magnitudes would make worthless; and the potential of a node that a switch alone leaves or enters is not searched for but
// computed, by a selection in its star.

const (
	mostShare  = 0.2 // of the newest subgradient in the average
	leastShare = 0.02
	stepUp     = 1.1 // after a better bound
	stepDown   = 0.7 // after patience steps without one
	patience   = 10
	firstShare = 8       // the first step is the typical reduced cost divided by this
	lastShare  = 4096    // and the last one that divided by this
	stallSteps = 50      // steps between two looks at what was gained
	stallShare = 50      // less than this part of what may be gained is too little to go on
	farShare   = 2000    // and this part of the gap is
	mostNode   = 1 << 57 // potentials are cut to this, so that sums fit
	mostWorth  = 1 << 61 // the same of what a switch adds
	mostPrice  = 1 << 56 // of a star that cannot be filled
)

// strong is the state of the relaxation. Its slices are made once by newStrong and are its own.
type strong struct {
	r      *run
	group  []int32   // of each arc: the switch that guards it, or -1
	member [][]int32 // of each switch: the arcs of its group, its own left out, those at the star first
	atStar []int     // how many of them are at the star
	star   []int32   // for each switch, the node whose potential is computed; -1 if none
	isTail []bool    // that node is the tail of the switch's arc
	fixed  []bool    // nodes whose potential is not searched for: those of stars, and one of each component

	point, best multipliers
	reduced     []int64   // of the point
	flow        []int64   // the solution at the point
	open        []bool    // of each switch, at the point
	price       []int64   // of each switch: what choices charge for it at the point
	worth       []int64   // of each switch: what it adds when open, prices of choices included
	openness    []float64 // of each switch, averaged
	bound       wide.Sum  // at best
	hasBound    bool

	direction []float64 // averaged subgradient, nodes, then rows, then choices
	scale     []float64 // of each coordinate
	gradient  []int64
	typical   int64
	ascent    ascent
	buffer    []priced
}

// multipliers are those of nodes, rows and choices, in units of 2^-shift.
type multipliers struct {
	node, row, choice []int64
}

func (p *multipliers) copy(q *multipliers) {
	copy(p.node, q.node)
	copy(p.row, q.row)
	copy(p.choice, q.choice)
}

func (r *run) newMultipliers() multipliers {
	return multipliers{
		node: make([]int64, len(r.p.Flow.Supply)), row: make([]int64, len(r.p.Rows)), choice: make([]int64, len(r.p.Choices)),
	}
}

// priced is an arc of a star: its reduced cost without the potential of the star's node, and how much it can carry.
type priced struct {
	cost, room int64
}

// newStrong sets up the relaxation. It takes O(n + m) time.
func (r *run) newStrong() *strong {
	p := r.p
	n := len(p.Flow.Supply)
	s := &strong{
		r: r, group: p.Groups(), member: make([][]int32, len(p.Switches)), atStar: make([]int, len(p.Switches)),
		star: make([]int32, len(p.Switches)), isTail: make([]bool, len(p.Switches)), fixed: make([]bool, n),
		point: r.newMultipliers(), best: r.newMultipliers(),
		reduced: make([]int64, r.m), flow: make([]int64, r.m),
		price: make([]int64, len(p.Switches)), open: make([]bool, len(p.Switches)), worth: make([]int64, len(p.Switches)),
		openness: make([]float64, len(p.Switches)),
	}
	for a, g := range s.group {
		if g >= 0 && p.Switches[g].Arc != int32(a) {
			s.member[g] = append(s.member[g], int32(a))
		}
	}
	degree := make([]int32, n)
	for a, t := range p.Flow.Tail {
		degree[t]++
		degree[p.Flow.Head[a]]++
	}
	for i, w := range p.Switches {
		s.star[i] = -1
		t, h := p.Flow.Tail[w.Arc], p.Flow.Head[w.Arc]
		at, tail := int32(-1), false
		for _, a := range s.member[i] {
			if p.Flow.Head[a] == t {
				at, tail = t, true
				break
			}
			if p.Flow.Tail[a] == h {
				at = h
			}
		}
		// All arcs at the node must be in the group: a neighbour's switch may hold some of them.
		if at >= 0 && s.wholeStar(int32(i), at, degree[at]) {
			s.star[i], s.isTail[i] = at, tail
			s.fixed[at] = true
			s.starFirst(i)
		}
	}
	s.fixOnePerComponent()
	s.setScale()
	return s
}

// starFirst puts the arcs at the star of a switch before the others of its group.
func (s *strong) starFirst(i int) {
	f, v, list := &s.r.p.Flow, s.star[i], s.member[i]
	for k, a := range list {
		if s.isTail[i] && f.Head[a] == v || !s.isTail[i] && f.Tail[a] == v {
			list[k], list[s.atStar[i]] = list[s.atStar[i]], a
			s.atStar[i]++
		}
	}
}

// wholeStar reports whether the given number of arcs at node v all belong to switch i, and all but its own may carry nothing.
func (s *strong) wholeStar(i, v, degree int32) bool {
	f := &s.r.p.Flow
	for _, a := range s.member[i] {
		if s.r.lower[a] > 0 {
			return false
		}
		if f.Tail[a] == v || f.Head[a] == v {
			degree--
		}
	}
	return degree == 1
}

// fixOnePerComponent fixes the node with most arcs in each component of the network: a change of all potentials by the same
// number changes nothing.
func (s *strong) fixOnePerComponent() {
	f := &s.r.p.Flow
	n := len(f.Supply)
	parent := make([]int32, n)
	degree := make([]int32, n)
	for v := range parent {
		parent[v] = int32(v)
	}
	find := func(v int32) int32 {
		for parent[v] != v {
			parent[v] = parent[parent[v]]
			v = parent[v]
		}
		return v
	}
	for a := range f.Tail {
		degree[f.Tail[a]]++
		degree[f.Head[a]]++
		parent[find(f.Tail[a])] = find(f.Head[a])
	}
	top := make([]int32, n)
	for v := range top {
		top[v] = -1
	}
	for v := range int32(n) {
		if c := find(v); !s.fixed[v] && (top[c] < 0 || degree[v] > degree[top[c]]) {
			top[c] = v
		}
	}
	for _, v := range top {
		if v >= 0 {
			s.fixed[v] = true
		}
	}
}

// setScale makes a step of 1 in any coordinate change the cost of a unit of flow by about 1 when the constraint is broken by
// all of what it is about.
func (s *strong) setScale() {
	p := s.r.p
	n := len(p.Flow.Supply)
	s.scale = make([]float64, n+len(p.Rows)+len(p.Choices))
	s.direction = make([]float64, len(s.scale))
	s.gradient = make([]int64, len(s.scale))
	in, out := make([]float64, n), make([]float64, n)
	for a, t := range p.Flow.Tail {
		u := float64(s.r.upper[a])
		out[t] += u
		in[p.Flow.Head[a]] += u
	}
	for v, b := range p.Flow.Supply {
		through := min(in[v]+float64(max(b, 0)), out[v]+float64(max(-b, 0)))
		s.scale[v] = 1 / max(1, through)
	}
	for i, row := range p.Rows {
		sum := 0.0
		for _, c := range row.Coef {
			sum += float64(c)
		}
		mean := max(1, sum/float64(max(1, len(row.Coef))))
		s.scale[n+i] = 1 / (float64(max(1, row.Most)) * mean)
	}
	for i, c := range p.Choices {
		sum := 0.0
		for _, w := range c.Switch {
			sum += float64(p.Switches[w].Least)
		}
		s.scale[n+len(p.Rows)+i] = sum / float64(max(1, len(c.Switch))) / float64(max(1, c.Most))
	}
}

// evaluate solves the relaxation at s.point within the given bounds, and returns the bound; false if there is none because an
// arc without upper bound would carry everything. It sets the potentials of stars. It takes O(m) time.
func (s *strong) evaluate(lower, upper []int64) (sum wide.Sum, ok bool) {
	r, f, pt := s.r, &s.r.p.Flow, &s.point
	r.work += 1 + int64(r.m+len(r.rows.entries))/arcsAUnit
	for _, v := range s.star {
		if v >= 0 {
			pt.node[v] = 0
		}
	}
	pi := pt.node
	for a, c := range f.Cost {
		s.reduced[a] = c<<r.shift + pi[f.Tail[a]] - pi[f.Head[a]]
	}
	if len(r.rows.entries) > 0 {
		for a := range f.Cost {
			for _, e := range r.rows.of(int32(a)) {
				s.reduced[a] += e.coef * pt.row[e.row]
			}
		}
	}
	for v, b := range f.Supply {
		if b != 0 {
			sum.AddProduct(b, -pi[v])
		}
	}
	for i, l := range pt.row {
		if l != 0 {
			sum.AddProduct(-l, r.p.Rows[i].Most)
		}
	}
	for i, c := range r.p.Choices {
		sum.AddProduct(-pt.choice[i], c.Most)
	}
	for a, g := range s.group {
		if g >= 0 {
			continue
		}
		x := lower[a]
		if rc := s.reduced[a]; rc < 0 {
			if x = upper[a]; x == mcf.Inf {
				return sum, false
			}
		}
		if s.flow[a] = x; x != 0 && s.reduced[a] != 0 {
			sum.AddProduct(s.reduced[a], x)
		}
	}
	clear(s.price)
	for i, c := range r.p.Choices {
		for _, w := range c.Switch {
			s.price[w] += pt.choice[i]
		}
	}
	for i := range r.p.Switches {
		if !s.openSwitch(int32(i), lower, upper) {
			return sum, false
		}
		if s.open[i] {
			sum.AddProduct(s.worth[i], 1)
		}
	}
	return sum, true
}

// openSwitch solves the subproblem of one switch.
func (s *strong) openSwitch(i int32, lower, upper []int64) bool {
	a := s.r.p.Switches[i].Arc
	least, most := max(lower[a], s.r.p.Switches[i].Least), upper[a]
	forced := lower[a] > 0
	shut := most < least
	if v := s.star[i]; v >= 0 && !shut {
		s.fillStar(i, v, least, most, upper)
	}
	var sum wide.Sum
	add := func(a int32, low, high int64) bool {
		x := low
		if rc := s.reduced[a]; rc < 0 {
			if x = high; x == mcf.Inf {
				return false
			}
		}
		if s.flow[a] = x; x != 0 {
			sum.AddProduct(s.reduced[a], x)
		}
		return true
	}
	if !shut && !add(a, least, most) {
		return false
	}
	if !shut {
		for _, e := range s.member[i] {
			forced = forced || lower[e] > 0
			if !add(e, lower[e], upper[e]) {
				return false
			}
		}
		if v := s.star[i]; v >= 0 {
			s.balanceStar(i, least, most, upper)
		}
	}
	sum.AddProduct(s.price[i], 1)
	if s.worth[i] = min(sum.Near(), mostWorth); s.worth[i] < -mostWorth {
		return false
	}
	if s.open[i] = !shut && (forced || s.worth[i] < 0); s.open[i] {
		return true
	}
	s.flow[a] = 0
	for _, e := range s.member[i] {
		s.flow[e] = 0
	}
	return true
}

// fillStar computes the potential of the node of a star: the price of the last unit when it carries what pays, between least
// and most. Where the star cannot carry least, the price is so high that being open costs something.
func (s *strong) fillStar(i, v int32, least, most int64, upper []int64) {
	own := s.r.p.Switches[i].Arc
	pays := -s.reduced[own] // a unit pays if its arc of the star costs less
	buf := s.buffer[:0]
	total, cheap, dearest := int64(0), int64(0), pays
	var all wide.Sum
	for _, e := range s.member[i][:s.atStar[i]] {
		u := min(upper[e], most)
		if u == 0 {
			continue
		}
		buf = append(buf, priced{s.reduced[e], u})
		total = min(total+u, mcf.Inf/2)
		dearest = max(dearest, s.reduced[e])
		if s.reduced[e] < pays {
			cheap = min(cheap+u, mcf.Inf/2)
		}
	}
	s.buffer = buf
	price := pays
	switch {
	case total < least:
		for _, x := range buf {
			all.AddProduct(x.cost, x.room)
		}
		all.AddProduct(-pays, least)
		price = max(dearest, min(-all.Near(), mostPrice)/(least-total)+1)
	case cheap < least:
		price = unitPrice(buf, least)
	case cheap > most:
		price = unitPrice(buf, most)
	}
	sign := int64(1)
	if !s.isTail[i] {
		sign = -1
	}
	s.point.node[v] = sign * price
	s.reduced[own] += price
	for _, e := range s.member[i][:s.atStar[i]] {
		s.reduced[e] -= price
	}
}

// balanceStar makes the flow of an open star one that balances: arcs of reduced cost 0 carry what is missing.
func (s *strong) balanceStar(i int32, least, most int64, upper []int64) {
	own := s.r.p.Switches[i].Arc
	filled := int64(0)
	for _, e := range s.member[i][:s.atStar[i]] {
		filled += s.flow[e]
	}
	x := s.flow[own]
	if s.reduced[own] == 0 {
		x = max(least, min(filled, most))
		s.flow[own] = x
	}
	for _, e := range s.member[i][:s.atStar[i]] {
		if filled >= x {
			break
		}
		if s.reduced[e] == 0 {
			more := min(min(upper[e], most)-s.flow[e], x-filled)
			s.flow[e] += more
			filled += more
		}
	}
}

// unitPrice returns the cost of the k-th cheapest unit, k from 1, of at least k units. It reorders list. Quickselect with
// weights (Hoare 1961), O(len(list)) on average.
func unitPrice(list []priced, k int64) int64 {
	for len(list) > 1 {
		a, b, c := list[0].cost, list[len(list)/2].cost, list[len(list)-1].cost
		pivot := max(min(a, b), min(max(a, b), c))
		less, same := 0, 0
		below, at := int64(0), int64(0)
		for i, x := range list {
			switch {
			case x.cost < pivot:
				list[i] = list[less+same]
				list[less+same] = list[less]
				list[less] = x
				less++
				below += x.room
			case x.cost == pivot:
				list[i] = list[less+same]
				list[less+same] = x
				same++
				at += x.room
			}
		}
		switch {
		case k <= below:
			list = list[:less]
		case k <= below+at:
			return pivot
		default:
			k -= below + at
			list = list[less+same:]
		}
	}
	return list[0].cost
}

// subgradient fills s.gradient from the solution at the point.
func (s *strong) subgradient() {
	p := s.r.p
	g := s.gradient
	n := len(p.Flow.Supply)
	clear(g)
	for v, b := range p.Flow.Supply {
		g[v] = -b
	}
	for a, x := range s.flow {
		if x == 0 {
			continue
		}
		g[p.Flow.Tail[a]] += x
		g[p.Flow.Head[a]] -= x
		for _, e := range s.r.rows.of(int32(a)) {
			g[n+int(e.row)] += e.coef * x
		}
	}
	for i, row := range p.Rows {
		g[n+i] -= row.Most
	}
	for i, c := range p.Choices {
		at := n + len(p.Rows) + i
		g[at] = -c.Most
		for _, w := range c.Switch {
			if s.open[w] {
				g[at]++
			}
		}
	}
}

// ascent is where the volume algorithm stands, so that it can go on.
type ascent struct {
	length      float64 // of a step
	failed      int     // steps since the last one that gained, or since the length was changed
	steps       int
	start, last int64 // the bound after the first step, and when what was gained was looked at last
	done        bool
}

// begin starts the volume algorithm anew at s.point.
func (s *strong) begin() {
	s.hasBound = false
	clear(s.direction)
	s.ascent = ascent{}
}

// ascend raises the bound by at most so many steps of the volume algorithm, from where it stands. It sets ascent.done when
// steps became small or gain little, or when the bound reaches enough; it also returns at a limit. Bounds are those of the node.
func (s *strong) ascend(lower, upper []int64, steps int, enough int64) {
	c := &s.ascent
	for range steps {
		if c.done || s.r.stopped() {
			return
		}
		sum, ok := s.evaluate(lower, upper)
		better := ok && (!s.hasBound || s.bound.Less(sum))
		if better {
			s.bound, s.hasBound = sum, true
			s.best.copy(&s.point)
		}
		first := c.steps == 0
		c.steps++
		if first {
			if !ok {
				c.done = true
				return
			}
			c.length = float64(s.step())
		}
		if ok {
			s.turn(first)
		}
		switch {
		case first:
		case better:
			c.length *= stepUp
			c.failed = 0
		default:
			if c.failed++; c.failed >= patience {
				c.length *= stepDown
				c.failed = 0
			}
		}
		if c.done = c.length*lastShare < float64(s.typical)/firstShare || c.length < 1 || s.littleGained(enough); !c.done {
			s.move()
		}
	}
}

// littleGained reports whether the bound reached enough, or has gained too little since the last look to go on.
func (s *strong) littleGained(enough int64) bool {
	c := &s.ascent
	b, fits := s.bound.Ceil(s.r.shift).Int64()
	switch {
	case !fits:
		return false
	case b >= enough:
		return true
	case c.steps == 1:
		c.start, c.last = b, b
	case c.steps%stallSteps == 0:
		gain, before := b-c.last, b-c.start
		c.last = b
		return gain <= before/stallShare || enough < mcf.Inf && gain <= (enough-b)/farShare
	}
	return false
}

// turn takes the newest subgradient into the average, and which switches are open.
func (s *strong) turn(first bool) {
	s.subgradient()
	share := 1.0
	if !first {
		share = s.shortest()
	}
	for i, g := range s.gradient {
		s.direction[i] = float64(float64((1-share)*s.direction[i]) + float64(share*float64(g)))
	}
	for i, o := range s.open {
		x := 0.0
		if o {
			x = share
		}
		s.openness[i] = float64((1-share)*s.openness[i]) + x
	}
}

// move sets the point a step away from the best one.
func (s *strong) move() {
	t := s.ascent.length
	for v := range s.point.node {
		if !s.fixed[v] {
			s.point.node[v] = max(-mostNode, min(s.best.node[v]+whole(t*s.scale[v]*s.direction[v]), mostNode))
		}
	}
	n := len(s.point.node)
	for i := range s.point.row {
		s.point.row[i] = max(0, min(s.best.row[i]+whole(t*s.scale[n+i]*s.direction[n+i]), s.r.maxPrice[i]))
	}
	n += len(s.point.row)
	for i := range s.point.choice {
		s.point.choice[i] = max(0, min(s.best.choice[i]+whole(t*s.scale[n+i]*s.direction[n+i]), mostNode/int64(len(s.point.choice))))
	}
}

// shortest returns the share of the newest subgradient that makes the average shortest, within limits.
func (s *strong) shortest() float64 {
	var across, apart float64
	for i, g := range s.gradient {
		d := s.direction[i] - float64(g)
		across += float64(float64(s.scale[i]*s.direction[i]) * d)
		apart += float64(float64(s.scale[i]*d) * d)
	}
	if apart <= 0 {
		return mostShare
	}
	return max(leastShare, min(across/apart, mostShare))
}

// save returns a copy of the best multipliers.
func (s *strong) save() *multipliers {
	m := s.r.newMultipliers()
	m.copy(&s.best)
	return &m
}

// step sets the typical reduced cost and returns the first step.
func (s *strong) step() int64 {
	if s.typical == 0 {
		var some []int64
		for a := 0; a < s.r.m; a += 1 + s.r.m/1000 {
			if x := magnitude(s.reduced[a]); x > 0 {
				some = append(some, int64(min(x, mcf.Inf)))
			}
		}
		s.typical = 1 << s.r.shift
		if len(some) > 0 {
			slices.Sort(some)
			s.typical = max(s.typical, some[len(some)/2])
		}
	}
	return max(1, s.typical/firstShare)
}

// whole rounds towards zero; what is too large is cut.
func whole(x float64) int64 {
	const most = 1 << 55
	return int64(max(-most, min(x, most)))
}
