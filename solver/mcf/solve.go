package mcf

import (
	"context"
	"math"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/internal/wide"
)

// Solve returns a flow of least cost, by the primal network simplex method: Dantzig (1951) on strongly feasible trees
// (Cunningham 1976); or, where Options.Method says so, by cost scaling. In the simplex infeasibility is priced, not searched
// for in a phase of its own: artificial arcs have a cost that is proved to be large enough (see newSearch).
//
// The answer is exact and deterministic: the same problem, start and WorkLimit give the same bytes. When ctx or a limit ends
// the search first, the answer holds the flow in hand (Feasible), or none (Unknown), and the best bound that its potentials
// prove: of the simplex those of its tree, artificial arcs included, so that a bound is there before a flow is; of cost scaling
// those of the phase, whose flow is within n·ε of it. A solve looks at ctx about once in a millisecond.
//
// Infeasible and Unbounded are answers too. An infeasible one comes with the cut that proves it and with the best that can
// be done: of the flows within all bounds that leave the fewest units where they are (the cut proves that, too) one of least
// cost, or any where a cycle of negative cost has no end. What it leaves at a node is part of what the node sends or takes,
// after the lower bounds of its arcs. Supplies need not add up to 0 for that. The flow is nil where ctx or a limit ended the
// search for it, or where Options.CutOnly asks for none.
//
// The error is a *solver.Invalid: faults found by Validate, an arc in Options.Start that the problem lacks, or a number with
// which the answer could overflow: the largest costs at the nodes must add up to less than 2^61, the supplies too, flows must
// stay below 2^61, and the objective must fit in 64 bits.
//
// A pivot takes O(n) time at worst and there may be exponentially many, though in practice their number grows little faster
// than n + m. Memory is 16 bytes an arc and 68 a node, and 4 and 40 more for a moment without Start, besides the answer's. Cost scaling
// takes 44 bytes an arc, 68 where costs or capacities need 64 bits, and 49 a node; its time is at worst
// O(n^2 m log(n C)) for costs up to C.
// Solve may be called concurrently.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if opts.Start != nil {
		if err := opts.Start.check(len(p.Tail)); err != nil {
			return nil, err
		}
	}
	if opts.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.TimeLimit)
		defer cancel()
	}
	var total int64
	for v, b := range p.Supply {
		sum, ok := add64(total, b)
		if !ok {
			return nil, refuse("/supply", v, "the supplies up to this node add up to more than 2^63", b)
		}
		total = sum
	}
	if total != 0 && opts.CutOnly {
		all := make([]bool, len(p.Supply))
		for v := range all {
			all[v] = true
		}
		return &Solution{Status: solver.Infeasible, Stop: solver.StopProved, Cut: all, Short: total}, nil
	}
	if opts.Method == CostScaling && opts.Start == nil && total == 0 {
		if sol, err := scale(ctx, p, &opts, nil, 0); sol != nil || err != nil {
			return sol, err
		}
	}
	s, err := newSearch(ctx, p, opts.Start)
	if err != nil {
		return nil, err
	}
	s.watch = opts.Method == Auto && opts.Start == nil && total == 0
	out, err := s.run(ctx, &opts)
	if err != nil {
		return nil, err
	}
	if out.deep {
		var kept []int64
		if over, _ := s.short(); over == 0 {
			kept = s.flow()
		}
		if sol, err := scale(ctx, p, &opts, kept, s.pivots); sol != nil || err != nil {
			return sol, err
		}
		if out, err = s.run(ctx, &opts); err != nil {
			return nil, err
		}
	}
	if loop := s.endlessLoop(); loop != nil && out.stop == solver.StopProved {
		out.cycle = loop
	}
	if out.cycle == nil {
		return s.answer(ctx, &opts, out.stop)
	}
	return s.unbounded(ctx, &opts, out.cycle)
}

// endlessLoop returns an arc from a node to itself that makes the problem unbounded if it is feasible.
func (s *search) endlessLoop() []int32 {
	for a, v := range s.p.Tail {
		if v == s.p.Head[a] && s.p.Cost[a] < 0 && s.p.upper(int32(a)) == Inf {
			return []int32{int32(a)}
		}
	}
	return nil
}

// unbounded answers a problem that has a cycle of negative cost without a bound: it is unbounded if it has any flow at all.
// To find out, the search goes on from the present tree with every cost 0.
func (s *search) unbounded(ctx context.Context, opts *Options, loop []int32) (*Solution, error) {
	stop := solver.StopProved
	s.watch = false
	if over, under := s.short(); over+under > 0 {
		for a := range s.arcs {
			s.arcs[a].cost = 0
		}
		s.artCost = 1
		s.reprice()
		out, err := s.run(ctx, opts)
		if err != nil {
			return nil, err
		}
		stop = out.stop
	}
	switch over, under := s.short(); {
	case over+under == 0:
		sol := &Solution{Status: solver.Unbounded, Stop: solver.StopProved, Work: s.pivots, Basis: s.basis(), Cycle: loop}
		return sol, sol.take(s.p, s.flow())
	case stop == solver.StopProved:
		return s.infeasible(ctx, opts, over, under), nil
	default:
		return &Solution{Stop: stop, Work: s.pivots, Basis: s.basis()}, nil
	}
}

// answer makes the solution of a search that stopped.
func (s *search) answer(ctx context.Context, opts *Options, stop solver.Stop) (*Solution, error) {
	over, under := s.short()
	if over+under > 0 && stop == solver.StopProved {
		return s.infeasible(ctx, opts, over, under), nil
	}
	sol := &Solution{Stop: stop, Work: s.pivots, Basis: s.basis()}
	sol.Potential = make([]int64, s.n)
	for v := range sol.Potential {
		sol.Potential[v] = s.pi[s.id[v]] - s.pi[s.root]
	}
	var flow []int64
	if over+under == 0 {
		flow = s.flow()
	}
	if err := sol.measure(s.p, flow, stop == solver.StopProved); err != nil {
		return nil, err
	}
	return sol, nil
}

// measure fills in what flow costs, nil meaning that there is none, and what the potentials prove.
func (sol *Solution) measure(p *Problem, flow []int64, optimal bool) error {
	if flow != nil {
		if err := sol.take(p, flow); err != nil {
			return err
		}
		sol.Status = solver.Feasible
		if optimal {
			sol.Status = solver.Optimal
			sol.Bound, sol.HasBound = sol.Objective, true
			return nil
		}
	}
	sol.Bound, sol.HasBound = p.bound(sol.Potential)
	return nil
}

// take makes flow the flow of the solution. It refuses one whose cost does not fit, and names the arc that costs most.
func (sol *Solution) take(p *Problem, flow []int64) error {
	sol.Flow = flow
	var cost wide.Sum
	for a, x := range flow {
		if x != 0 {
			cost.AddProduct(x, p.Cost[a])
		}
	}
	var ok bool
	if sol.Objective, ok = cost.Int64(); ok {
		return nil
	}
	worst, most := 0, wide.Sum{}
	for a, x := range flow {
		var one wide.Sum
		one.AddProduct(x, int64(min(magnitude(p.Cost[a]), math.MaxInt64)))
		if most.Less(one) {
			worst, most = a, one
		}
	}
	return refuse("/cost", worst, "the cost of the best flow does not fit in 64 bits; this arc has the largest part in it", p.Cost[worst])
}

// flow returns the flow of the present tree, on the arcs of the problem.
func (s *search) flow() []int64 {
	p := s.p
	flow := make([]int64, s.m)
	for a := range flow {
		i := int32(a)
		switch {
		case p.Tail[a] == p.Head[a]:
			if flow[a] = p.lower(i); p.Cost[a] < 0 && p.upper(i) != Inf {
				flow[a] = p.upper(i)
			}
		case s.flipped(s.order.search(i)):
			flow[a] = p.upper(i)
		default:
			flow[a] = p.lower(i)
		}
	}
	for v := range s.root {
		a := s.pred[v]
		if a < 0 {
			continue
		}
		a = s.order.problem(a)
		if p.Tail[a] == s.node[v] {
			flow[a] = p.lower(a) + s.down[v]
		} else {
			flow[a] = p.lower(a) + s.up[v]
		}
	}
	return flow
}

// short returns the flow on artificial arcs: over is what nodes have too much, under what they have too little.
func (s *search) short() (over, under int64) {
	for v := range s.root {
		switch s.pred[v] {
		case artUp:
			over += s.down[v]
		case artDown:
			under += s.up[v]
		}
	}
	return over, under
}

// cut returns the nodes that hang from the root by an arc towards it. In an optimal tree no arc with room leaves them for the
// others: it would be worth two artificial arcs.
func (s *search) cut() []bool {
	cut := make([]bool, s.n)
	top := false
	for v := s.thread[s.root]; v != s.root; v = s.thread[v] {
		if s.parent[v] == s.root {
			top = s.pred[v] == artUp
		}
		cut[s.node[v]] = top
	}
	return cut
}

// boundPasses is how often bound goes over the arcs without an upper bound.
const boundPasses = 8

// bound returns the Lagrangian bound of the potentials: the sum of supplies times potentials, and of the reduced costs of all
// arcs times the bound that is better for them. Arcs of negative reduced cost without an upper bound would make it worthless:
// potentials are lowered until there are none. It is false where that does not end soon, or the sum does not fit in 64 bits.
func (p *Problem) bound(pi []int64) (int64, bool) {
	for pass, changed := 0, true; changed; pass++ {
		if changed = false; pass == boundPasses {
			return 0, false
		}
		for a, c := range p.Cost {
			if p.upper(int32(a)) == Inf && c+pi[p.Tail[a]] < pi[p.Head[a]] {
				if pi[p.Head[a]] = c + pi[p.Tail[a]]; pi[p.Head[a]] < -limit {
					return 0, false
				}
				changed = true
			}
		}
	}
	var sum wide.Sum
	for v, b := range p.Supply {
		sum.AddProduct(b, -pi[v])
	}
	for a, c := range p.Cost {
		i := int32(a)
		r := c + pi[p.Tail[a]] - pi[p.Head[a]]
		x := p.lower(i)
		if r < 0 {
			x = p.upper(i)
		}
		if x != 0 {
			sum.AddProduct(r, x)
		}
	}
	return sum.Int64()
}
