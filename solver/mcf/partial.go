package mcf

import (
	"context"

	"github.com/courtyard-care/courtyard/solver"
)

// infeasible answers a problem whose optimal tree still has over units that leave nodes by artificial arcs, and under units
// that reach nodes so. Such a tree has no way from the ones to the others, so that no flow leaves fewer units.
//
// The flow that goes with the answer is a problem of its own, which has a solution: the nodes with something to send may give
// over units in all to a store, and those that want something may have under units from another. It starts from the tree.
func (s *search) infeasible(ctx context.Context, opts *Options, over, under int64) *Solution {
	sol := &Solution{Status: solver.Infeasible, Stop: solver.StopProved, Work: s.pivots, Basis: s.basis(), Cut: s.cut(), Short: over}
	if over == 0 {
		for v := range sol.Cut {
			sol.Cut[v] = true
		}
		sol.Short = -under
	}
	excess, err := s.p.excess()
	if err != nil || opts.CutOnly || opts.WorkLimit > 0 && s.pivots >= opts.WorkLimit {
		return sol
	}
	q := s.p.withStores(excess, over, under)
	rest := Options{Method: Simplex, Start: sol.Basis, OnProgress: opts.OnProgress}
	if opts.WorkLimit > 0 {
		rest.WorkLimit = opts.WorkLimit - s.pivots
	}
	out, err := Solve(ctx, q, rest)
	if err != nil || out.Flow == nil {
		return sol // cut short, or numbers that are too large together with the stores: the cut is proved all the same
	}
	sol.Work += out.Work
	if sol.take(s.p, out.Flow[:s.m]) != nil {
		sol.Flow, sol.Objective = nil, 0
		return sol
	}
	sol.Left = make([]int64, s.n)
	for a := s.m; a < len(q.Tail); a++ {
		if v := q.Tail[a]; int(v) < s.n {
			sol.Left[v] += out.Flow[a]
		} else {
			sol.Left[q.Head[a]] -= out.Flow[a]
		}
	}
	return sol
}

// withStores returns p with two nodes more: one that takes over units from nodes with too much, and one that gives under units
// to nodes with too little.
func (p *Problem) withStores(excess []int64, over, under int64) *Problem {
	n, m := len(p.Supply), len(p.Tail)
	q := &Problem{
		Supply: append(append(make([]int64, 0, n+2), p.Supply...), -over, under),
		Tail:   append(make([]int32, 0, m+n), p.Tail...),
		Head:   append(make([]int32, 0, m+n), p.Head...),
		Upper:  make([]int64, m, m+n),
		Cost:   append(make([]int64, 0, m+n), p.Cost...),
	}
	for a := range q.Upper {
		q.Upper[a] = p.upper(int32(a))
	}
	for v, ex := range excess {
		tail, head := int32(v), int32(n)
		if ex < 0 {
			tail, head, ex = int32(n+1), int32(v), -ex
		}
		if ex > 0 {
			q.Tail, q.Head, q.Upper, q.Cost = append(q.Tail, tail), append(q.Head, head), append(q.Upper, ex), append(q.Cost, 0)
		}
	}
	if p.Lower != nil {
		q.Lower = append(append(make([]int64, 0, len(q.Tail)), p.Lower...), make([]int64, len(q.Tail)-m)...)
	}
	return q
}
