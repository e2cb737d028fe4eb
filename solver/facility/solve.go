package facility

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"

	"github.com/courtyard-care/courtyard/solver"
)

// search is one run of Solve.
type search struct {
	ctx     context.Context
	opts    *Options
	p       *Problem
	stopped atomic.Bool
	rng     *rand.Rand

	whole *core   // every site free, a client of the core for each of the problem
	trunk *core   // what is left of it at the root of the tree
	climb *climb  // local search on the trunk
	grid  scaling // of all cores

	work  int64
	open  []int32 // sites of the best plan, nil if none
	cost  int64   // of the best plan, in units; more than any plan if there is none
	lower int64   // no plan costs less, in units
}

// Solve returns a plan of least cost, or the best it finds and a bound, when ctx or a limit ends it first. Infeasible is an
// answer too. The error is a *solver.Invalid with every fault.
//
// The same problem, Start, Seed and WorkLimit give the same bytes: a step of work is one move of a local search or one
// evaluation of the bound. Solve may be called concurrently.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if opts.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.TimeLimit)
		defer cancel()
	}
	s := &search{ctx: ctx, opts: &opts, p: p, rng: rand.New(rand.NewPCG(opts.Seed, 0)), lower: math.MinInt64}
	defer context.AfterFunc(ctx, func() { s.stopped.Store(true) })()
	s.run()
	return s.answer(), nil
}

// halted reports whether the run was cancelled.
func (s *search) halted() bool { return s.stopped.Load() }

// step counts a step of work, and reports whether it may be done.
func (s *search) step() bool {
	if s.over() != solver.StopNone {
		return false
	}
	s.work++
	return true
}

// over returns why no further step may be done, StopNone if one may.
func (s *search) over() solver.Stop {
	switch {
	case s.halted():
		if errors.Is(s.ctx.Err(), context.DeadlineExceeded) {
			return solver.StopTime
		}
		return solver.StopCancelled
	case s.opts.WorkLimit > 0 && s.work >= s.opts.WorkLimit:
		return solver.StopWork
	}
	return solver.StopNone
}

// show reports progress.
func (s *search) show() {
	if s.opts.OnProgress == nil {
		return
	}
	p := Progress{Work: s.work, Objective: None, Bound: s.lower * s.grid.unit}
	if s.open != nil {
		p.Objective = s.cost * s.grid.unit
	}
	s.opts.OnProgress(p)
}

// raise notes a lower bound on the grid.
func (s *search) raise(value int64) {
	if v := min(ceilDiv(value, s.grid.scale), s.cost); v > s.lower {
		s.lower = v
		s.show()
	}
}

// take takes a plan if it is one and better than the best: the sites of the problem that are open beside those that are for
// sure in the core.
func (s *search) take(c *core, sites []int32) {
	open := append(append([]int32{}, c.in...), sites...)
	slices.Sort(open)
	cost, ok := s.measure(open)
	if !ok || cost >= s.cost {
		return
	}
	s.open, s.cost = open, cost
	s.show()
}

// measure returns what a plan costs, in units, and whether it is one.
func (s *search) measure(open []int32) (int64, bool) {
	c := s.whole
	if len(open) > c.room {
		return 0, false
	}
	is := make([]bool, c.sites())
	total, money := int64(0), c.money
	for _, j := range open {
		is[j] = true
		total += c.fixed[j]
		if c.price != nil {
			money -= c.price[j]
		}
	}
	if c.price != nil && money < 0 {
		return 0, false
	}
	for i := range c.clients() {
		k := c.nearest(i, is)
		switch {
		case k >= 0:
			total += c.cost[k]
		case s.p.penalty(i) == None:
			return 0, false
		default:
			total += c.pay[i]
		}
	}
	return total / s.grid.scale, true
}

// nearest returns the first pair of client i with an open site, -1 if there is none.
func (c *core) nearest(i int, open []bool) int32 {
	for k := c.start[i]; k < c.start[i+1]; k++ {
		if open[c.site[k]] {
			return k
		}
	}
	return -1
}

func floorDiv(a, b int64) int64 { return -ceilDiv(-a, b) }

func ceilDiv(a, b int64) int64 {
	q := a / b
	if a%b > 0 {
		q++
	}
	return q
}

// answer makes the solution.
func (s *search) answer() *Solution {
	sol := &Solution{Stop: s.over(), Work: s.work}
	proved := s.lower >= s.cost
	if s.proved() {
		sol.Stop = solver.StopProved
	}
	if s.lower > math.MinInt64 && s.whole != nil && (s.open != nil || !proved) {
		sol.Bound, sol.HasBound = s.lower*s.grid.unit, true
	}
	switch {
	case s.open != nil:
		sol.Status = solver.Feasible
		if proved {
			sol.Status = solver.Optimal
		}
		sol.Objective = s.cost * s.grid.unit
		sol.Open = s.open
		sol.AssignedTo = s.assign()
	case proved && s.cost > s.grid.most:
		sol.Status = solver.Infeasible
	case proved: // plans that cost more were not sought
		sol.Bound, sol.HasBound = s.lower*s.grid.unit, true
	}
	return sol
}

// assign returns the cheapest open site of each client.
func (s *search) assign() []int32 {
	is := make([]bool, s.p.Sites)
	for _, j := range s.open {
		is[j] = true
	}
	to := make([]int32, s.whole.clients())
	for i := range to {
		to[i] = Unserved
		if k := s.whole.nearest(i, is); k >= 0 {
			to[i] = s.whole.site[k]
		}
	}
	return to
}
