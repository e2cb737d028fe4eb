package mcf

import (
	"math/bits"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
)

// thresholds searches for the least cost of which arcs must be open. An arc is closed by holding it to its lower bound.
type thresholds struct {
	t      *tiering
	p      *Problem
	levels []int64 // the distinct costs of arcs between whose bounds there is room, increasing
	guide  []int64 // costs that grow faster than the levels: what they make cheapest uses few dear arcs
	weight int64   // more than all guides can outweigh: for 1 on some arcs before the guides
	held   []bool  // arcs that stay as they are in t.q
}

func newThresholds(t *tiering, p *Problem) *thresholds {
	h := &thresholds{t: t, p: p, guide: make([]int64, len(p.Cost)), held: make([]bool, len(p.Cost))}
	for a, c := range p.Cost {
		if p.lower(int32(a)) < p.upper(int32(a)) {
			h.levels = append(h.levels, c)
		}
	}
	slices.Sort(h.levels)
	h.levels = slices.Compact(h.levels)

	// The guide of a level is a power of its rank, as high a one as numbers allow: the costs at nodes must add up to less than
	// 2^61 (see newSearch), those of the guides to g <= n * most, and a reduced cost of guides is at most 5/2 g + 2.
	nodes := bits.Len(uint(len(p.Supply)))
	room := 61 - 4 - 2*nodes // bits of most
	power := 0
	if rank := max(1, bits.Len(uint(len(h.levels)))); room >= rank {
		power = min(room/rank, 8)
	}
	most := int64(1)
	for a, c := range p.Cost {
		h.guide[a] = 1
		rank, _ := slices.BinarySearch(h.levels, c)
		for range power {
			h.guide[a] *= int64(rank)
		}
		most = max(most, h.guide[a])
	}
	h.weight = 4 * most << nodes
	return h
}

// open opens the arcs of the first level+1 levels and closes all others, but for those that are held.
func (h *thresholds) open(level int) {
	q := h.t.q
	for a, c := range h.p.Cost {
		if h.held[a] {
			continue
		}
		if q.Upper[a] = h.p.upper(int32(a)); level < 0 || c > h.levels[level] {
			q.Upper[a] = q.Lower[a]
		}
	}
}

// threshold is where a search for the least level ended.
type threshold struct {
	low, high int       // no level below low has a flow, and high has one; low = high unless a limit ended the search
	flow      []int64   // at level high; nil if none was found
	cut       []bool    // that no level below low has a flow; nil if that is trivial
	last      *Solution // the last answer
}

// least finds the least level from -1 on at which there is a flow: down from that of the guides by steps that double, and by
// halves once a level has none.
func (h *thresholds) least() (*threshold, error) {
	out := &threshold{low: -1, high: len(h.levels) - 1}
	h.t.q.Cost = h.guide
	for try, step := out.high, 1; ; step *= 2 {
		h.open(try)
		s, err := h.t.solve(true)
		if err != nil {
			return nil, err
		}
		switch out.last = s; {
		case s.Status == solver.Optimal:
			out.flow, out.high = s.Flow, h.used(s.Flow)
		case s.Status == solver.Infeasible && out.flow != nil:
			out.low, out.cut = h.next(try, s.Cut), s.Cut
		default:
			return out, nil
		}
		if out.low >= out.high {
			return out, nil
		}
		if try = (out.low + out.high) >> 1; out.cut == nil {
			try = max(try, out.high-step)
		}
	}
}

// used returns the highest level of an arc that is not held and carries more than its lower bound, -1 if there is none.
func (h *thresholds) used(flow []int64) int {
	level := -1
	for a, x := range flow {
		if !h.held[a] && x > h.t.q.Lower[a] && (level < 0 || h.p.Cost[a] > h.levels[level]) {
			level, _ = slices.BinarySearch(h.levels, h.p.Cost[a])
		}
	}
	return level
}

// next returns the least level whose arcs leave the cut that proves that the levels up to try have no flow.
func (h *thresholds) next(try int, cut []bool) int {
	next := len(h.levels) - 1
	for a, c := range h.p.Cost {
		if cut[h.p.Tail[a]] && !cut[h.p.Head[a]] && h.p.lower(int32(a)) < h.p.upper(int32(a)) {
			if level, _ := slices.BinarySearch(h.levels, c); level > try {
				next = min(next, level)
			}
		}
	}
	return next
}
