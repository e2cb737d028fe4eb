package mcf

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
)

// TierSolution is the answer of [SolveTiers].
type TierSolution struct {
	Status    solver.Status
	Stop      solver.Stop
	Objective []int64   // Objective[k]: the sum of tier k, as far as tiers are solved
	Potential [][]int64 // Potential[k] proves Objective[k] on the flows that are best in all tiers before k
	Flow      []int64   // of least cost in the tiers solved; nil when there is none
	Last      *Solution // the answer of the tier that ended the search: the last, or the one that found a cut, a cycle or a limit
	Work      int64
}

// SolveTiers returns a flow of p that is lexicographically of least cost: costs[0] first, then costs[1] among the flows
// that cost least so far, and so on. Each has an entry for every arc; p.Cost is not read and may be nil. No weights stand for
// "more than": after each tier the arcs whose reduced cost is not 0 are held at their bounds, which leaves exactly the flows
// that are optimal so far, and the next tier goes on from the basis.
//
// Status is that of the whole: Optimal when all tiers are; Infeasible when there is no flow, Unbounded when a tier has no
// end; when a limit ends the search, Feasible with a flow that is optimal in len(Objective) tiers, or Unknown. Without costs the answer is any flow. Errors
// are those of [Solve], a fault in costs[k] at "/costs/k". It takes as long as a solve from nothing and one from the basis
// before for each further tier, and O(m) memory for each tier's changes.
func SolveTiers(ctx context.Context, p *Problem, costs [][]int64, opts Options) (*TierSolution, error) {
	t, cancel, err := newTiering(ctx, p, costs, opts)
	if err != nil {
		return nil, err
	}
	defer cancel()
	out := &TierSolution{}
	if len(costs) == 0 {
		costs = [][]int64{make([]int64, len(p.Tail))}
	}
	for k, cost := range costs {
		t.q.Cost = cost
		if out.Last, err = t.solve(false); err != nil {
			return nil, fmt.Errorf("tier %d: %w", k, err)
		}
		out.Status, out.Stop = out.Last.Status, out.Last.Stop
		switch {
		case out.Last.Flow != nil && out.Status != solver.Infeasible:
			out.Flow = out.Last.Flow
		case out.Flow != nil:
			out.Status = solver.Feasible
		}
		if out.Last.Status != solver.Optimal {
			break
		}
		out.Objective = append(out.Objective, out.Last.Objective)
		out.Potential = append(out.Potential, out.Last.Potential)
		t.q.holdTo(out.Flow, out.Last.Potential)
	}
	out.Work = t.work
	return out, nil
}

// CheckTiers measures s again and returns what it claims wrongly, nil if all holds: that each tier costs what it says, and that
// its potentials prove it on the flows that are best before. It takes O(n + m) time for each tier.
func CheckTiers(p *Problem, costs [][]int64, s *TierSolution) error {
	q := p.ownBounds()
	if s.Status == solver.Optimal && len(s.Objective) < len(costs) || len(s.Objective) > max(1, len(costs)) || len(s.Potential) != len(s.Objective) {
		return fmt.Errorf("%v, with objectives of %d tiers of %d and potentials of %d", s.Status, len(s.Objective), len(costs), len(s.Potential))
	}
	for k, objective := range s.Objective {
		if q.Cost = make([]int64, len(p.Tail)); k < len(costs) {
			q.Cost = costs[k]
		}
		one := &Solution{Status: solver.Optimal, Objective: objective, Bound: objective, HasBound: true, Flow: s.Flow, Potential: s.Potential[k]}
		if err := Check(q, one); err != nil {
			return fmt.Errorf("tier %d: %w", k, err)
		}
		q.holdTo(s.Flow, s.Potential[k])
	}
	if s.Status != solver.Optimal && s.Last != nil && len(s.Objective) < len(costs) {
		q.Cost = costs[len(s.Objective)]
		return Check(q, s.Last)
	}
	return nil
}

// tiering solves one network after the other: the same arcs between other bounds and at other costs.
type tiering struct {
	ctx   context.Context
	opts  Options
	q     *Problem
	basis *Basis
	work  int64
}

// newTiering validates p with each of costs.
func newTiering(ctx context.Context, p *Problem, costs [][]int64, opts Options) (*tiering, context.CancelFunc, error) {
	q := *p
	q.Cost = make([]int64, len(p.Tail))
	if err := q.Validate(); err != nil {
		return nil, nil, err
	}
	var f faults
	for k, c := range costs {
		if len(c) != len(p.Tail) {
			f.add("/costs", k, "invalid", "must have one entry for each of the "+strconv.Itoa(len(p.Tail))+" arcs", strconv.Itoa(len(c)))
		}
	}
	if err := f.invalid.Err(); err != nil {
		return nil, nil, err
	}
	cancel := func() {}
	if opts.TimeLimit > 0 {
		ctx, cancel = context.WithTimeout(ctx, opts.TimeLimit)
	}
	return &tiering{ctx: ctx, opts: opts, q: p.ownBounds(), basis: opts.Start}, cancel, nil
}

// solve solves the network as it is, from the basis before.
func (t *tiering) solve(cutOnly bool) (*Solution, error) {
	opts := t.opts
	opts.TimeLimit, opts.Start, opts.CutOnly = 0, t.basis, cutOnly || opts.CutOnly
	if opts.WorkLimit > 0 {
		if opts.WorkLimit -= t.work; opts.WorkLimit <= 0 {
			return &Solution{Stop: solver.StopWork}, nil
		}
	}
	s, err := Solve(t.ctx, t.q, opts)
	if err != nil {
		return nil, err
	}
	t.work += s.Work
	if s.Basis != nil {
		t.basis = s.Basis
	}
	return s, nil
}

// ownBounds returns p with bounds that may be changed.
func (p *Problem) ownBounds() *Problem {
	q := *p
	if q.Lower = slices.Clone(p.Lower); q.Lower == nil {
		q.Lower = make([]int64, len(p.Tail))
	}
	if q.Upper = slices.Clone(p.Upper); q.Upper == nil {
		q.Upper = slices.Repeat([]int64{Inf}, len(p.Tail))
	}
	return &q
}

// holdTo leaves only the flows that are optimal as flow is: those that carry the same where a reduced cost is not 0.
func (p *Problem) holdTo(flow, pi []int64) {
	for a, x := range flow {
		if p.Cost[a]+pi[p.Tail[a]]-pi[p.Head[a]] != 0 {
			p.Lower[a], p.Upper[a] = x, x
		}
	}
}
