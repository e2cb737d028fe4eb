package match

import (
	"math"
	"math/big"
	"slices"
)

// scale weighs the numbers that a match minimises into one, so that the least weight is the first in the order of the tiers.
type scale struct {
	value
	exact bool // the weight of any plan decodes into its numbers
}

// heaviest bounds what the costs at all nodes add up to: half of what package mcf takes.
const heaviest = 1 << 60

// weigh returns the weight of one unit.
func (s *scale) weigh(v value) int64 {
	w := s.pin*v.pin + s.short*v.short + s.changes*v.changes + s.load*v.load + s.cost*v.cost
	for c, u := range v.unmet {
		w += s.unmet[c] * u
	}
	return w
}

// weighColumn returns the weight of one unit on a column.
func (s *scale) weighColumn(c *col) int64 {
	w := s.cost * c.cost
	if c.state&colKeeps != 0 {
		w -= s.changes
	}
	if c.state&colPins != 0 {
		w -= s.pin
	}
	return w
}

// newScale makes the weights of the tiers. In turn it tries
//
//   - exact ones: a unit of a tier outweighs all that the tiers behind it can come to, so that the weight of a plan is its
//     numbers written in a mixed radix;
//   - where the match is a flow, small multiples of more than any chain of exchanges costs: a chain passes the sink once, so
//     that it changes at most two of the numbers that count units there, by one each, and the sign of its weight is that of
//     the first tier that it changes (see newModel; nothing is read from these weights, so that 1, 2, 3 do);
//   - otherwise the steepest weights that fit: the search prefers a more urgent unit to hundreds of less urgent ones, and
//     the bound is found tier by tier.
func (w *web) newScale(tiers []Tier) (scale, bool) {
	weights := &w.m.p.Weights
	var s scale
	lower := new(big.Int) // what the tiers so far can come to
	unit := func(most int64) int64 {
		v := new(big.Int).Add(lower, big.NewInt(1))
		lower.Add(lower, new(big.Int).Mul(v, big.NewInt(most)))
		if !v.IsInt64() {
			return math.MaxInt64
		}
		return v.Int64()
	}
	cost := w.asked.cost
	if !slices.Contains(tiers, TierChanges) {
		cost += weights.Change * w.asked.changes
	}
	if !slices.Contains(tiers, TierLoad) {
		cost += weights.Load * w.asked.load
	}
	behind := new(big.Int) // what the tiers behind the unmet ones can come to
	for _, t := range slices.Backward(tiers) {
		switch t {
		case TierCost:
			s.cost = unit(cost)
			if !slices.Contains(tiers, TierChanges) {
				s.changes = s.cost * weights.Change
			}
			if !slices.Contains(tiers, TierLoad) {
				s.load = s.cost * weights.Load
			}
		case TierChanges:
			s.changes = unit(w.asked.changes)
		case TierLoad:
			s.load = unit(w.asked.load)
		case TierUnmet1, TierUnmet2, TierUnmet3:
			if s.unmet == [Classes]int64{} {
				behind.Set(lower)
			}
			s.unmet[classOf(t)] = unit(w.asked.unmet[classOf(t)])
		case TierWorstDistance, TierWorstNeed: // thresholds weigh nothing
		}
	}
	if w.asked.short > 0 {
		s.short = unit(w.asked.short)
	}
	if w.asked.pin > 0 {
		s.pin = unit(w.asked.pin)
	}
	if w.fits(lower, s) {
		s.exact = true
		return s, true
	}
	order := unmetOrder(tiers)
	chain := new(big.Int).Add(new(big.Int).Lsh(behind, 1), big.NewInt(1))
	if len(w.limits)+len(w.switches)+len(w.choices) == 0 {
		if w.marked(&s, chain, []int64{1, 2, 3, 4, 6}, order) {
			return s, true
		}
		return s, false
	}
	single := new(big.Int).Add(behind, big.NewInt(1))
	for _, ratio := range []int64{1 << 14, 1 << 12, 1 << 10, 512, 256, 128, 64, 32, 16, 8, 4} {
		marks := []int64{1, ratio, ratio * ratio, 2 * ratio * ratio, 4 * ratio * ratio}
		if w.marked(&s, single, marks, order) {
			return s, true
		}
	}
	return s, false
}

// marked gives the classes, promises and pins, from the last class on, these multiples of a weight; ok is false if they do not
// fit.
func (w *web) marked(s *scale, unit *big.Int, marks []int64, order []int) bool {
	top := new(big.Int).Mul(unit, big.NewInt(marks[2]))
	if w.asked.short+w.asked.pin > 0 {
		top.Mul(unit, big.NewInt(marks[4]))
	}
	if !top.IsInt64() {
		return false
	}
	u := unit.Int64()
	for k, c := range order { // the first class has the greatest mark
		s.unmet[c] = marks[Classes-1-k] * u
	}
	if w.asked.short+w.asked.pin > 0 {
		s.short, s.pin = marks[3]*u, marks[4]*u
	}
	total := new(big.Int)
	for c, n := range w.asked.unmet {
		total.Add(total, new(big.Int).Mul(big.NewInt(n), big.NewInt(s.unmet[c])))
	}
	return w.fits(total.Add(total, unit), *s)
}

// fits reports whether weights can be added up: the total of a plan, and what the engine adds up, the dearest arc of every
// node.
func (w *web) fits(total *big.Int, s scale) bool {
	var most, keeps, pins, promises int64
	for k := range w.cols {
		c := &w.cols[k]
		most = max(most, c.cost)
		if c.state&colPins != 0 {
			pins++
		}
		if c.state&colKeeps != 0 {
			keeps++
		}
	}
	for k := range w.arcs {
		if w.arcs[k].val.short != 0 {
			promises++
		}
		if w.arcs[k].val.pin != 0 {
			pins++
		}
		if w.arcs[k].val.changes != 0 {
			keeps++
		}
	}
	sum := new(big.Int).Set(total)
	add := func(weight, times int64) {
		sum.Add(sum, new(big.Int).Mul(big.NewInt(weight), big.NewInt(times)))
	}
	if s.cost > 0 && most > heaviest/s.cost {
		return false
	}
	add(most*s.cost, int64(w.nodes))
	add(s.pin, 2*pins) // an arc has two ends
	add(s.short, 2*promises)
	add(s.changes, 2*keeps)
	return sum.Cmp(big.NewInt(heaviest)) < 0
}

// classOf returns the class that an unmet tier counts, from 0.
func classOf(t Tier) int { return slices.Index([]Tier{TierUnmet1, TierUnmet2, TierUnmet3}, t) }

// unmetOrder returns the classes in the order of the tiers, those without a tier last.
func unmetOrder(tiers []Tier) []int {
	var order []int
	for _, t := range tiers {
		if c := classOf(t); c >= 0 {
			order = append(order, c)
		}
	}
	for c := range Classes {
		if !slices.Contains(order, c) {
			order = append(order, c)
		}
	}
	return order
}

// unweigh decodes a total of exact weights into the greatest numbers, in the order of the tiers, that weigh no more.
func (s *scale) unweigh(total int64, tiers []Tier) value {
	var v value
	total = max(0, total)
	take := func(weight int64) int64 {
		if weight <= 0 {
			return 0
		}
		q := total / weight
		total -= q * weight
		return q
	}
	v.pin, v.short = take(s.pin), take(s.short)
	for _, t := range tiers {
		switch t {
		case TierUnmet1, TierUnmet2, TierUnmet3:
			v.unmet[classOf(t)] = take(s.unmet[classOf(t)])
		case TierChanges:
			v.changes = take(s.changes)
		case TierLoad:
			v.load = take(s.load)
		case TierCost:
			v.cost = take(s.cost)
		case TierWorstDistance, TierWorstNeed: // thresholds weigh nothing
		}
	}
	return v
}
