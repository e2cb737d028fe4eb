package match

import (
	"cmp"
	"context"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

const (
	// firstColumns is how many of its cheapest pairs each need starts with.
	firstColumns = 16
	// allColumns is the number of eligible pairs up to which a need starts with all of them: it need not be priced again.
	allColumns = 32
	// roundColumns bounds how many violated pairs of one need a round of pricing adds: the most violated ones.
	roundColumns = 8
)

// Solve returns the match of least objective: fewest units unmet of class 1, then of class 2, then of class 3, then least
// cost, over all eligible pairs.
//
// The match is a minimum-cost flow (package mcf) in which a unit unmet of each class has a price computed from the
// problem so that the least total is the lexicographic optimum; see newModel for the proof. Not all pairs are given to
// the engine: each need starts with its cheapest few, and while the engine's prices make some other pair a bargain, those
// are added and the engine goes on from its last basis (column generation: Dantzig and Wolfe 1960, Ford and Fulkerson
// 1958). The bargains are looked up in a spatial index that bounds distance and price together, so that no list of all
// pairs is ever made. When there is none left, the optimum over the pairs seen is the optimum over all.
//
// Unit values and the objectives of reasons are shortest paths in the residual network over all eligible pairs
// (values.go), never dual values of a degenerate basis.
//
// The error is a [*solver.Invalid] for a faulty problem. A context that ends gives the plan in hand with Stop set. Time is
// that of the network simplex on n needs and m resources with a few pairs for each need; memory is O(n + m + pairs seen).
// The answer does not depend on the number of cores.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	metric, err := p.prepare()
	if err != nil {
		return nil, err
	}
	if opts.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.TimeLimit)
		defer cancel()
	}
	r := &run{ctx: ctx, opts: opts, sol: &Solution{}}
	r.report("compile", 0)
	r.m = newModel(p, metric)
	if !p.simple() {
		return r.sol, r.solveWeb()
	}
	r.net = newNetwork(r.m)
	if err := r.search(); err != nil {
		return nil, err
	}
	if r.sol.Stop == solver.StopProved {
		r.explain()
	}
	return r.sol, nil
}

// run is one call of Solve.
type run struct {
	ctx    context.Context
	opts   Options
	m      *model
	net    *network
	sol    *Solution
	census census     // of eligible pairs
	unmet  []int64    // units unmet of each need
	near   *nearPairs // with Problem.Nearest; nil otherwise
	plan   plan
	prices prices
}

// stopped sets Stop from the state of the context.
func (r *run) stopped() {
	r.sol.Stop = solver.StopTime
	if r.ctx.Err() == context.Canceled {
		r.sol.Stop = solver.StopCancelled
	}
}

func (r *run) report(stage string, done float64) {
	if r.opts.OnProgress == nil {
		return
	}
	unmet := int64(-1)
	if r.unmet != nil {
		unmet = 0
		for _, u := range r.unmet {
			unmet += u
		}
	}
	r.opts.OnProgress(Progress{Stage: stage, Done: done, Round: r.sol.Rounds, Unmet: unmet})
}

// search runs the rounds of solving and pricing and fills the plan, the prices and the first part of the solution.
func (r *run) search() error {
	var ok bool
	defer r.finish()
	if r.census, ok = r.m.takeCensus(r.ctx); !ok {
		r.census = census{} // half a count proves nothing
		r.stopped()
		return nil
	}
	for _, k := range r.census.counts {
		r.sol.EligiblePairs += int64(k)
	}
	if !r.firstRound() {
		r.stopped()
		return nil
	}
	basis := r.net.start()
	for {
		r.sol.Rounds++
		r.report("solve", -1)
		opts := mcf.Options{Start: basis}
		if r.opts.WorkLimit > 0 {
			opts.WorkLimit = r.opts.WorkLimit - r.sol.Work
		}
		if r.opts.OnProgress != nil {
			opts.OnProgress = func(mcf.Progress) { r.report("solve", -1) }
		}
		s, err := mcf.Solve(r.ctx, &r.net.problem, opts)
		if err != nil {
			return err
		}
		r.sol.Work += s.Work
		r.sol.PricedPairs = int64(len(r.net.columns))
		flow := s.Flow
		if s.Status != solver.Optimal && r.sol.Rounds == 1 { // cut early: mend nothing, but serve whom one can
			if plan, weight := r.greedy(); flow == nil || weight < r.net.weigh(flow) {
				flow = plan
			}
		}
		if flow != nil {
			r.takePlan(flow)
		}
		if s.Status != solver.Optimal {
			r.sol.Stop = s.Stop
			break
		}
		basis = s.Basis
		r.prices = r.net.read(s)
		r.report("price", -1)
		added, ok := r.price()
		if !ok {
			r.stopped()
			break
		}
		if added == 0 {
			r.sol.Stop = solver.StopProved
			break
		}
		if r.opts.WorkLimit > 0 && r.sol.Work >= r.opts.WorkLimit {
			r.sol.Stop = solver.StopWork
			break
		}
	}
	return nil
}

// firstRound gives every need its first columns; false if the context ended.
func (r *run) firstRound() bool {
	m := r.m
	restricted := m.p.Nearest > 0
	for s := range m.services {
		service := &m.services[s]
		keys := make([]int64, service.to-service.from)
		for e := service.from; e < service.to; e++ {
			switch {
			case restricted: // by distance alone, resources without capacity too
			case r.net.dead[e] >= 0:
				keys[e-service.from] = everything
			default:
				keys[e-service.from] = m.p.Weights.Price * m.resources[m.entries[e].resource].price
			}
		}
		service.index.SetKeys(keys)
	}
	scouts := m.scouts()
	buffers := make([][]found, len(scouts))
	byChunk := make([][]pricedColumn, (len(m.needs)+chunk-1)/chunk)
	ok := inChunks(r.ctx, len(m.needs), func(worker, from, to int) {
		s := scouts[worker]
		var out []pricedColumn
		for i := int32(from); i < int32(to); i++ {
			if r.census.counts[i] == 0 {
				continue
			}
			k := firstColumns
			if r.census.counts[i] <= allColumns {
				k = allColumns
			}
			if restricted {
				buffers[worker] = s.nearest(i, m.p.Nearest, buffers[worker])
			} else {
				buffers[worker] = s.cheapest(i, k, everything-1, func(f found) int64 { return f.cost }, buffers[worker])
			}
			first := len(out)
			for _, f := range buffers[worker] {
				out = append(out, pricedColumn{column{i, f.entry}, f.cost})
			}
			if !restricted && int(r.census.counts[i]) > k {
				out = r.addDrawn(i, out, first)
			}
		}
		byChunk[from/chunk] = out
	})
	if restricted {
		r.near = newNearPairs(len(m.needs), byChunk)
	}
	for _, out := range byChunk {
		for _, c := range out {
			if r.net.dead[c.entry] < 0 {
				r.net.add(c.column, c.cost)
			}
		}
	}
	return ok
}

// addDrawn adds the pairs of need i that the census drew to columns, from columns[first:] on its own.
func (r *run) addDrawn(i int32, columns []pricedColumn, first int) []pricedColumn {
	for _, e := range r.census.drawn[draws*i : draws*(i+1)] {
		have := slices.ContainsFunc(columns[first:], func(c pricedColumn) bool { return c.entry == e })
		if !have && r.net.dead[e] < 0 {
			j := r.m.entries[e].resource
			columns = append(columns, pricedColumn{column{i, e}, r.m.cost(i, j, r.m.metres(i, j))})
		}
	}
	return columns
}

// nearPairs are the pairs of a problem restricted to the nearest few: those of need i are pairs[from[i]:from[i+1]].
type nearPairs struct {
	from  []int32
	pairs []pricedColumn
}

func newNearPairs(needs int, byChunk [][]pricedColumn) *nearPairs {
	n := &nearPairs{from: make([]int32, needs+1), pairs: slices.Concat(byChunk...)}
	for _, c := range n.pairs {
		n.from[c.need+1]++
	}
	for i := range needs {
		n.from[i+1] += n.from[i]
	}
	return n
}

// pricedColumn is a column on its way into the network.
type pricedColumn struct {
	column
	cost int64
}

// price adds the pairs that the prices make a bargain and returns how many; ok is false if the context ended.
func (r *run) price() (added int, ok bool) {
	m := r.m
	if m.p.Nearest > 0 {
		return 0, true
	}
	for s := range m.services {
		service := &m.services[s]
		keys := make([]int64, service.to-service.from)
		for e := service.from; e < service.to; e++ {
			keys[e-service.from] = everything
			if r.net.dead[e] < 0 {
				keys[e-service.from] = m.p.Weights.Price*m.resources[m.entries[e].resource].price + r.prices.of[r.net.entry[e]]
			}
		}
		service.index.SetKeys(keys)
	}
	scouts := m.scouts()
	buffers := make([][]found, len(scouts))
	byChunk := make([][]pricedColumn, (len(m.needs)+chunk-1)/chunk)
	ok = inChunks(r.ctx, len(m.needs), func(worker, from, to int) {
		s := scouts[worker]
		var out []pricedColumn
		for i := int32(from); i < int32(to); i++ {
			if r.census.counts[i] <= allColumns {
				continue // all of its living pairs are in already
			}
			buffers[worker] = s.cheapest(i, roundColumns, r.prices.of[i]-1, func(f found) int64 {
				return f.cost + r.prices.of[r.net.entry[f.entry]]
			}, buffers[worker])
			for _, f := range buffers[worker] {
				out = append(out, pricedColumn{column{i, f.entry}, f.cost})
			}
		}
		byChunk[from/chunk] = out
	})
	for _, out := range byChunk {
		for _, c := range out {
			r.net.add(c.column, c.cost)
			added++
		}
	}
	return added, ok
}

// plan is a flow by pairs.
type plan struct {
	matched []matched // in the order of needs, then of resources
	through []int64   // units through each node of the network but the needs
}

// matched is a pair with its units.
type matched struct {
	column
	units int64
}

// takePlan reads the engine's flow.
func (r *run) takePlan(flow []int64) {
	net := r.net
	r.plan = plan{through: make([]int64, len(net.next))}
	r.unmet = make([]int64, len(r.m.needs))
	copy(r.unmet, flow[:len(r.m.needs)])
	for k, c := range net.columns {
		if u := flow[net.first+k]; u > 0 {
			r.plan.matched = append(r.plan.matched, matched{c, u})
		}
	}
	slices.SortFunc(r.plan.matched, func(a, b matched) int { // entries of one service are in the order of resources
		return cmp.Or(cmp.Compare(a.need, b.need), cmp.Compare(a.entry, b.entry))
	})
	for _, c := range r.plan.matched {
		for v := net.entry[c.entry]; v != net.sink; v = net.next[v] {
			r.plan.through[v] += c.units
		}
	}
}

// finish fills what the solution says of the plan in hand; before there is one, everybody is unmet.
func (r *run) finish() {
	sol, m := r.sol, r.m
	sol.Status = solver.Feasible
	if r.unmet == nil { // cut before the first flow: all that is known is that nobody is served yet
		sol.Status = solver.Unknown
		r.unmet = make([]int64, len(m.needs))
		for i := range m.needs {
			r.unmet[i] = m.needs[i].units
		}
	}
	sol.Objective = Objective{}
	for i, u := range r.unmet {
		if u > 0 {
			sol.Objective.Unmet[m.needs[i].class] += u
			sol.Unmet = append(sol.Unmet, Unmet{Need: int32(i), Units: u})
		}
	}
	sol.Matches = make([]Match, len(r.plan.matched))
	for k, c := range r.plan.matched {
		j := m.entries[c.entry].resource
		metres := m.metres(c.need, j)
		cost := m.cost(c.need, j, metres) * c.units
		sol.Matches[k] = Match{Need: c.need, Resource: j, StandIn: -1, Day: noDay, Units: c.units, DistanceM: metres, Cost: cost}
		sol.Objective.Cost += cost
	}
	sol.Resources = make([]ResourceUse, len(m.resources))
	for j := range sol.Resources {
		sol.Resources[j].Capacity = m.resources[j].capacity
	}
	for _, x := range sol.Matches {
		sol.Resources[x.Resource].Used += x.Units
	}
	if sol.Stop == solver.StopProved {
		sol.Status = solver.Optimal
		sol.Bound = sol.Objective
	} else {
		for i, k := range r.census.counts {
			if k == 0 { // nobody may serve it, whatever the plan
				sol.Bound.Unmet[m.needs[i].class] += m.needs[i].units
			}
		}
	}
	sol.Figures = measure(m.p, sol, m.asked)
}
