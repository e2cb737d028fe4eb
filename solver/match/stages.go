package match

import (
	"context"
	"math/bits"
	"slices"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// stages solves what the goal asks for in order and returns the last plan.
func (s *search) stages() (*solved, error) {
	proved := true
	var first, last *solved // the plan by the tiers before the first threshold; the one in hand
	for k, t := range s.tiers {
		if !isThreshold(t) {
			continue
		}
		best, good, ok, err := s.threshold(t, s.tiers[:k])
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = best
		}
		last = good
		proved = proved && ok
	}
	out, err := s.solve(additive(s.tiers))
	if err != nil {
		return nil, err
	}
	if out.units == nil && last != nil && last.units != nil { // cut in the last stage
		last.stop, out = out.stop, last
		out.status = solver.Feasible
	}
	if !proved { // what is proved of the last plan is proved under a threshold that may be too high, or too low
		out.bound = first.bound.within(additive(s.tiers[:slices.IndexFunc(s.tiers, isThreshold)]))
		if out.status == solver.Optimal {
			out.status, out.stop = solver.Feasible, stopOf(s.ctx)
		}
	}
	return out, nil
}

func stopOf(ctx context.Context) solver.Stop {
	if ctx.Err() == context.Canceled {
		return solver.StopCancelled
	}
	return solver.StopTime
}

func isThreshold(t Tier) bool { return t == TierWorstDistance || t == TierWorstNeed }

// additive leaves out the tiers that are thresholds.
func additive(tiers []Tier) []Tier { return slices.DeleteFunc(slices.Clone(tiers), isThreshold) }

// within keeps the numbers that some tiers count.
func (v value) within(tiers []Tier) value {
	if !slices.Contains(tiers, TierCost) {
		v.cost = 0
	}
	if !slices.Contains(tiers, TierChanges) {
		v.changes = 0
	}
	if !slices.Contains(tiers, TierLoad) {
		v.load = 0
	}
	return v
}

// firstStride is the part of a threshold by which the first try lowers it.
const firstStride = 1024

// threshold finds the least bound on the longest distance, or on the dearest need, with which the tiers before it are as good
// as without, by bisection (Gabow and Tarjan 1988 for the bottleneck), and keeps it. It returns the plan by the tiers before it,
// the one within the threshold, and whether the threshold is proved. Under a deadline each try has a share of the time left.
func (s *search) threshold(t Tier, before []Tier) (best, good *solved, proved bool, err error) {
	tiers := additive(before)
	if best, err = s.inTime(tiers, 4); err != nil || best.units == nil {
		return best, best, false, err
	}
	good = best
	tries := tiers
	if t == TierWorstNeed && !slices.Contains(tiers, TierCost) { // cheap needs are the way to a dearest need that is cheap
		tries = append(slices.Clip(tiers), TierCost)
	}
	proved = best.status == solver.Optimal
	last, at := s.steps(t, best)
	low, high := int64(0), last // at(high) is known to do
	stride := int64(0)          // where a try may prove nothing: down from what is known, twice as far each time it does
	if t == TierWorstNeed || !s.w.plainFlow() {
		stride = max(1, last/firstStride)
	}
	for low < high {
		mid := low + (high-low)/2
		if stride > 0 {
			mid = max(mid, high-stride)
		}
		s.bound(t, at(mid))
		try, err := s.inTime(tries, 2+bits.Len64(uint64(high-low)))
		if err != nil {
			return nil, nil, false, err
		}
		if try.units != nil && !s.less(tiers, best.value, try.value) {
			high, good = mid, try
			stride *= 2
			continue
		}
		stride = 0
		proved = proved && try.status == solver.Optimal
		low = mid + 1
		if s.ctx.Err() != nil {
			proved = false
			break
		}
	}
	s.bound(t, at(high))
	return best, good, proved, nil
}

// inTime solves with one part in so many of the time that is left.
func (s *search) inTime(tiers []Tier, parts int) (*solved, error) {
	deadline, ok := s.ctx.Deadline()
	if !ok {
		return s.solve(tiers)
	}
	whole := s.ctx
	ctx, cancel := context.WithTimeout(whole, time.Until(deadline)/time.Duration(parts))
	defer func() {
		cancel()
		s.ctx = whole
	}()
	s.ctx = ctx
	return s.solve(tiers)
}

// bound sets a threshold.
func (s *search) bound(t Tier, v int64) {
	if t == TierWorstDistance {
		s.reach = int32(v)
		return
	}
	s.dearest = v
}

// steps returns the values that a threshold can have, ascending: at(0) to at(last), the last one being that of a plan.
func (s *search) steps(t Tier, plan *solved) (last int64, at func(int64) int64) {
	w := s.w
	if t == TierWorstNeed {
		worst := int64(0)
		for _, c := range w.costs(plan.units) {
			worst = max(worst, c)
		}
		return worst, func(k int64) int64 { return k }
	}
	worst := w.longest(plan.units)
	list := []int64{0}
	for k := range w.cols {
		if d := w.cols[k].metres; d <= worst {
			list = append(list, int64(d))
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return int64(len(list) - 1), func(k int64) int64 { return list[k] }
}

// longest returns the longest distance of a plan.
func (w *web) longest(units []int64) int32 {
	worst := int32(0)
	for k, u := range units {
		if u > 0 {
			worst = max(worst, w.cols[k].metres)
		}
	}
	return worst
}

// costs returns the cost of each need in a plan.
func (w *web) costs(units []int64) []int64 {
	costs := make([]int64, len(w.m.needs))
	for k, u := range units {
		if u > 0 {
			costs[w.rows[w.cols[k].row].need] += u * w.cols[k].cost
		}
	}
	return costs
}
