package sideflow

import (
	"context"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/internal/wide"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// Solve returns a flow of least cost that keeps all side constraints.
//
// The plain flow comes first: if it keeps them, it is the answer. Otherwise a Lagrangean bound is raised in two ways
// (Fisher 1981): over the multipliers of the rows, with a flow solved for each (relax.go), and over those and the potentials
// of all nodes at once, where a switch and the arcs that it guards are one subproblem (volume.go). Flows near the bound are
// repaired and improved (repair.go, improve.go). Branch and bound on switches and on the flows of arcs in rows
// (branch.go) closes the gap; it is complete.
//
// The answer is exact and, but for the time limit, deterministic: the same problem and options give the same bytes. When ctx
// or a limit ends the search first, the answer holds the best flow in hand, if any, and the best bound. The error is a
// *solver.Invalid: faults found by Validate, a start of the wrong size, a cycle of negative cost without an upper bound, or
// numbers too large to compute with (see mcf.Solve). Time is exponential at worst. Memory is about 400 bytes an arc.
// Solve may be called concurrently.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if err := opts.check(p); err != nil {
		return nil, err
	}
	if opts.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.TimeLimit)
		defer cancel()
	}
	r := newRun(ctx, p, opts)
	if err := r.search(); err != nil {
		return nil, err
	}
	return r.answer(), nil
}

// check reports what is wrong with the warm start.
func (o *Options) check(p *Problem) error {
	var f solver.Invalid
	fault := func(pointer, detail string) {
		f.Add(solver.Fault{Pointer: pointer, Code: "invalid", Detail: detail})
	}
	if len(o.Start) > len(p.Flow.Tail) {
		fault("/options/start", "must not have more entries than the network has arcs")
	}
	if root := o.Root; root != nil {
		if len(root.Row) != len(p.Rows) || slices.ContainsFunc(root.Row, func(x int64) bool { return x < 0 }) {
			fault("/options/root/row", "must have one entry >= 0 for each row")
		}
		if len(root.Choice) != len(p.Choices) || slices.ContainsFunc(root.Choice, func(x int64) bool { return x < 0 }) {
			fault("/options/root/choice", "must have one entry >= 0 for each choice")
		}
		if len(root.Potential) != len(p.Flow.Supply) {
			fault("/options/root/potential", "must have one entry for each node")
		}
		if root.Shift > maxShift {
			fault("/options/root/shift", "must be at most 10")
		}
	}
	return f.Err()
}

// maxShift bounds the scale of multipliers: a thousandth of a unit of cost is fine enough for a bound in whole units.
const maxShift = 10

// run is one call of Solve. Its slices are made once by newRun and are its own.
type run struct {
	ctx  context.Context
	opts Options
	p    *Problem
	m    int

	lower, upper []int64 // bounds of the root, upper tightened by the rows
	rows         incidence
	switchOf     []int32 // of an arc; -1 if it has none
	shift        uint8

	multipliers []int64     // of the rows, in units of 2^-shift, that cost holds
	net         mcf.Problem // with the bounds and the penalised costs of the flow to be solved next
	maxPrice    []int64     // no multiplier of a row may be more

	best     []int64 // flow in hand; in the run of a core, nil until it finds a better one than its caller's
	bestCost int64
	priced   bool    // bestCost is known
	part     bool    // this is a run for a part of a larger problem, see neighbour.go
	given    []int64 // the caller's flow, if it breaks side constraints only; nil otherwise
	bound    int64   // proved for the whole problem
	hasBound bool
	root     *Root
	strong   *strong
	siblings [][]int32 // of each node: the switches of which one alone can be open, see alone
	choices  [][]int32 // of each switch, see choicesOf
	binding  Binding
	cut      []bool
	short    int64

	units     float64 // all that nodes send
	exhausted bool    // nothing is left to search
	stop      solver.Stop
	nodes     int64
	saved     int // numbers kept by nodes for warm starts
	work      int64
}

// incidence lists, for every arc, the rows that it is in: entries[start[a]:start[a+1]].
type incidence struct {
	start   []int32
	entries []entry
}

type entry struct {
	row  int32
	coef int64
}

func (in *incidence) of(a int32) []entry { return in.entries[in.start[a]:in.start[a+1]] }

func newIncidence(p *Problem) incidence {
	in := incidence{start: make([]int32, len(p.Flow.Tail)+1)}
	for _, row := range p.Rows {
		for k, a := range row.Arc {
			if row.Coef[k] > 0 {
				in.start[a+1]++
			}
		}
	}
	for a := range p.Flow.Tail {
		in.start[a+1] += in.start[a]
	}
	in.entries = make([]entry, in.start[len(in.start)-1])
	next := slices.Clone(in.start)
	for i, row := range p.Rows {
		for k, a := range row.Arc {
			if row.Coef[k] > 0 {
				in.entries[next[a]] = entry{int32(i), row.Coef[k]}
				next[a]++
			}
		}
	}
	return in
}

func newRun(ctx context.Context, p *Problem, opts Options) *run {
	m := len(p.Flow.Tail)
	r := &run{
		ctx: ctx, opts: opts, p: p, m: m,
		lower: make([]int64, m), upper: make([]int64, m),
		rows: newIncidence(p), switchOf: make([]int32, m),
	}
	copy(r.lower, p.Flow.Lower)
	if p.Flow.Upper != nil {
		copy(r.upper, p.Flow.Upper)
	} else {
		for a := range r.upper {
			r.upper[a] = mcf.Inf
		}
	}
	for a := range r.switchOf {
		r.switchOf[a] = -1
	}
	for s, w := range p.Switches {
		r.switchOf[w.Arc] = int32(s)
	}
	for _, b := range p.Flow.Supply {
		r.units += float64(max(b, 0))
	}
	r.multipliers = make([]int64, len(p.Rows))
	r.net = mcf.Problem{
		Supply: p.Flow.Supply, Tail: p.Flow.Tail, Head: p.Flow.Head,
		Lower: slices.Clone(r.lower), Upper: slices.Clone(r.upper), Cost: slices.Clone(p.Flow.Cost),
	}
	return r
}

// search runs the stages.
func (r *run) search() error {
	plain, err := r.plainFlow()
	if err != nil || plain == nil {
		return err
	}
	if r.closed() {
		return nil
	}
	r.setShift(plain)
	r.takeStart()
	r.imply(r.upper)
	return r.below(plain.Basis)
}

// below searches once the plain flow is known to exist, from a basis of it.
func (r *run) below(basis *mcf.Basis) error {
	if !r.tighten(r.lower, r.upper) {
		r.exhausted = true
		return nil
	}
	x, prices, err := r.rootFlow(basis)
	switch {
	case err != nil || r.stopped():
		return err
	case x.infeasible:
		r.exhausted = true
		return nil
	case r.closed():
		return nil
	}
	if err := r.raiseRoot(x, prices); err != nil || r.stopped() || r.closed() {
		return err
	}
	return r.deepen(x, prices)
}

// plainFlow solves the network without side constraints. It returns nil when that ends the search.
func (r *run) plainFlow() (*mcf.Solution, error) {
	var start *mcf.Basis
	if r.opts.Root != nil {
		start = r.opts.Root.Basis
	}
	s, err := r.flow(start)
	if err != nil || s == nil {
		if err != nil {
			err = prefixed("/flow", err)
		}
		return nil, err
	}
	if s.Status == solver.Infeasible {
		r.cut, r.short, r.exhausted = s.Cut, s.Short, true
		return nil, nil
	}
	if s.Status == solver.Unbounded {
		var f faults
		f.add("/flow/cost", int(s.Cycle[0]), "", -1, "invalid", "the arc is on a cycle of negative cost without upper bounds", r.p.Flow.Cost[s.Cycle[0]])
		return nil, f.invalid.Err()
	}
	r.raise(s.Objective)
	r.binding = r.broken(s.Flow)
	if r.binding.empty() {
		r.offer(s.Flow)
		r.root = &Root{
			Bound: s.Objective, Row: make([]int64, len(r.p.Rows)), Choice: make([]int64, len(r.p.Choices)),
			Potential: s.Potential, Basis: s.Basis,
		}
		r.exhausted = true
		return nil, nil
	}
	return s, nil
}

// flow solves r.net. It returns nil when a limit ended the solve.
func (r *run) flow(start *mcf.Basis) (*mcf.Solution, error) {
	if r.stopped() {
		return nil, nil
	}
	opts := mcf.Options{Start: start, CutOnly: true}
	r.work += 1 + int64(r.m)/arcsAUnit
	if r.opts.WorkLimit > 0 {
		if opts.WorkLimit = r.opts.WorkLimit - r.work; opts.WorkLimit <= 0 {
			r.stop = solver.StopWork
			return nil, nil
		}
	}
	if r.opts.OnProgress != nil {
		opts.OnProgress = func(mcf.Progress) { r.report() }
	}
	s, err := mcf.Solve(r.ctx, &r.net, opts)
	if err != nil {
		return nil, err
	}
	r.work += s.Work
	if s.Stop != solver.StopProved {
		r.stop = s.Stop
		return nil, nil
	}
	return s, nil
}

// arcsAUnit is how many arcs a bound looks at for one unit of work, which is about one pivot.
const arcsAUnit = 256

// stopped looks at the limits.
func (r *run) stopped() bool {
	if r.stop == solver.StopNone {
		switch r.ctx.Err() {
		case nil:
			if r.opts.WorkLimit > 0 && r.work >= r.opts.WorkLimit {
				r.stop = solver.StopWork
			}
		case context.DeadlineExceeded:
			r.stop = solver.StopTime
		default:
			r.stop = solver.StopCancelled
		}
	}
	return r.stop != solver.StopNone
}

// closed reports whether the bound meets the flow in hand.
func (r *run) closed() bool { return r.priced && r.hasBound && r.bound >= r.bestCost }

// raise takes a bound of the whole problem.
func (r *run) raise(bound int64) {
	if !r.hasBound || bound > r.bound {
		r.bound, r.hasBound = bound, true
	}
}

// offer takes a flow that keeps everything if it is the best so far, and copies it.
func (r *run) offer(flow []int64) bool {
	cost, ok := r.cost(flow)
	if !ok || r.priced && cost >= r.bestCost {
		return false
	}
	r.best, r.bestCost, r.priced = slices.Clone(flow), cost, true
	r.report()
	return true
}

// cost returns the cost of a flow, false if it does not fit in 64 bits.
func (r *run) cost(flow []int64) (int64, bool) {
	var sum wide.Sum
	for a, x := range flow {
		if x != 0 {
			sum.AddProduct(x, r.p.Flow.Cost[a])
		}
	}
	return sum.Int64()
}

func (r *run) report() {
	if r.opts.OnProgress == nil {
		return
	}
	r.opts.OnProgress(Progress{
		Objective: r.bestCost, HasObjective: r.priced, Bound: min(r.bound, r.ceiling()), HasBound: r.hasBound,
		Nodes: r.nodes, Work: r.work,
	})
}

// ceiling returns the cost of the flow in hand: no bound that is shown is above it.
func (r *run) ceiling() int64 {
	if !r.priced {
		return mcf.Inf
	}
	return r.bestCost
}

// answer makes the solution.
func (r *run) answer() *Solution {
	sol := &Solution{
		Stop: r.stop, Flow: r.best, Binding: r.binding, Root: r.root,
		Cut: r.cut, Short: r.short, Nodes: r.nodes, Work: r.work,
	}
	if r.exhausted && r.best != nil {
		r.raise(r.bestCost)
	}
	if r.hasBound && (!r.exhausted || r.best != nil) {
		sol.Bound, sol.HasBound = min(r.bound, r.ceiling()), true
	}
	switch {
	case r.best != nil:
		sol.Objective = r.bestCost
		sol.Status = solver.Feasible
		if r.closed() {
			sol.Status, sol.Stop = solver.Optimal, solver.StopProved
		}
	case r.exhausted:
		sol.Status, sol.Stop = solver.Infeasible, solver.StopProved
	}
	return sol
}
