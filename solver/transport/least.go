package transport

import (
	"cmp"
	"context"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
)

// premium returns what a least unit that is missing costs: more than twice what all units may cost, so that a plan which
// lacks fewer is always the better one. It returns false if sums with it could overflow.
func (p *Problem) premium() (int64, bool) {
	worth, units := int64(0), int64(0)
	for i := range p.rows() {
		dearest := max(p.Unmet[i], -p.Unmet[i])
		for _, c := range p.Cost[p.From[i]:p.From[i+1]] {
			dearest = max(dearest, c, -c)
		}
		worth += p.unitsOf(i) * dearest // Validate knows that it fits
		units += p.unitsOf(i)
	}
	if worth >= MaxCost/4 {
		return 0, false
	}
	premium := 2*worth + 1
	_, fits := addCost(worth, units, premium)
	return premium, fits
}

// halves is a problem in which nodes with least units are two: one with room for the least units alone, where each is
// rewarded by the premium, and one for the rest. The engine then needs to know nothing of least units; where it fills the
// first before all else, a plan has them, and where it cannot, none can.
type halves struct {
	Problem
	premium int64
	of      []int32 // node of the original
	first   []bool  // the half that is rewarded
	rest    []int32 // by node of the original: its other half, or itself
}

// split returns the halves of p.
func split(p *Problem) *halves {
	k := len(p.Capacity)
	h := &halves{rest: make([]int32, k)}
	h.premium, _ = p.premium()
	h.Units, h.Unmet = p.Units, p.Unmet
	for v, least := range p.Least {
		if least > 0 {
			h.of, h.first, h.Capacity = append(h.of, int32(v)), append(h.first, true), append(h.Capacity, least)
		}
		h.rest[v] = int32(len(h.of))
		h.of, h.first, h.Capacity = append(h.of, int32(v)), append(h.first, false), append(h.Capacity, p.Capacity[v]-least)
	}
	if p.Parent != nil {
		for _, v := range h.of {
			q := p.Parent[v]
			if q >= 0 {
				q = h.rest[q]
			}
			h.Parent = append(h.Parent, q)
		}
	}
	h.From = append(make([]int32, 0, len(p.From)), 0)
	for i := range p.rows() {
		for a := p.From[i]; a < p.From[i+1]; a++ {
			v := h.rest[p.Node[a]]
			if p.Least[p.Node[a]] > 0 {
				h.Node, h.Cost = append(h.Node, v-1), append(h.Cost, p.Cost[a]-h.premium)
			}
			h.Node, h.Cost = append(h.Node, v), append(h.Cost, p.Cost[a])
		}
		h.From = append(h.From, int32(len(h.Node)))
	}
	return h
}

// start returns plan and prices of the original as those of the halves.
func (h *halves) start(p *Problem, from *Start) *Start {
	to := &Start{}
	for v, of := range h.of {
		price := from.Prices[of]
		if h.first[v] {
			price += h.premium
		}
		to.Prices = append(to.Prices, price)
	}
	left := slices.Clone(p.Least)
	for _, x := range from.Placed {
		v := h.rest[x.Node]
		if units := min(x.Units, left[x.Node]); units > 0 {
			left[x.Node] -= units
			x.Units -= units
			to.Placed = append(to.Placed, Placed{x.Row, v - 1, units})
		}
		if x.Units > 0 {
			to.Placed = append(to.Placed, Placed{x.Row, v, x.Units})
		}
	}
	return to
}

// solveLeast is Solve for a problem with least units. It solves without them first: that is often the answer, and else near
// it, while premiums in the costs would lead an auction astray.
func solveLeast(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	plain := *p
	plain.Least = nil
	s, err := solve(ctx, &plain, opts)
	if err != nil {
		return nil, err
	}
	lacks, missing := slices.Clone(p.Least), int64(0)
	for _, x := range s.Placed {
		lacks[x.Node] -= x.Units
	}
	for v := range lacks {
		lacks[v] = max(0, lacks[v])
		missing += lacks[v]
	}
	spent := opts.WorkLimit > 0 && s.Work >= opts.WorkLimit
	switch {
	case missing == 0:
		return s, nil
	case s.Stop != solver.StopProved || spent:
		s.Status, s.Short = solver.Unknown, lacks
		if spent {
			s.Stop = solver.StopWork
		}
		return s, nil
	}
	h, begun := split(p), s.Work
	opts.Start = h.start(p, &Start{Prices: s.NodePrice, Placed: s.Placed})
	if opts.WorkLimit > 0 {
		opts.WorkLimit -= begun
	}
	if s, err = solve(ctx, &h.Problem, opts); err != nil {
		return nil, err
	}
	s.Work += begun
	h.join(p, s)
	return s, nil
}

// join makes the answer to the halves one to the original. The price of a node is the lower one of its halves, which proves
// no less: see Check.
func (h *halves) join(p *Problem, s *Solution) {
	lacks, missing := slices.Clone(p.Least), int64(0)
	for _, l := range p.Least {
		missing += l
		s.Bound += l * h.premium
		s.Objective += l * h.premium
	}
	for i := range s.Placed {
		x := &s.Placed[i]
		if h.first[x.Node] {
			lacks[h.of[x.Node]] -= x.Units
			missing -= x.Units
		}
		x.Node = h.of[x.Node]
	}
	s.Placed = merge(s.Placed)
	s.Objective -= missing * h.premium
	price := make([]int64, len(p.Capacity))
	for v, of := range h.of {
		switch {
		case h.first[v]:
			price[of] = s.NodePrice[v] - h.premium
		case p.Least[of] > 0:
			price[of] = min(price[of], s.NodePrice[v])
		default:
			price[of] = s.NodePrice[v]
		}
	}
	s.NodePrice = price
	switch {
	case missing == 0:
		return
	case s.Status == solver.Optimal:
		s.Status = solver.Infeasible
	default:
		s.Status = solver.Unknown
	}
	s.Short = lacks
}

// merge makes one of what a row has in both halves of a node.
func merge(placed []Placed) []Placed {
	slices.SortFunc(placed, func(a, b Placed) int { return cmp.Or(cmp.Compare(a.Row, b.Row), cmp.Compare(a.Node, b.Node)) })
	out := placed[:0]
	for _, x := range placed {
		if k := len(out) - 1; k >= 0 && out[k].Row == x.Row && out[k].Node == x.Node {
			out[k].Units += x.Units
			continue
		}
		out = append(out, x)
	}
	return out
}
