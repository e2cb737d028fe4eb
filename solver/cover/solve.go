package cover

import (
	"context"
	"errors"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/facility"
)

// Solve returns a plan that covers most, or costs least, or the best it finds and a bound, when ctx or a limit ends it first.
// Infeasible is an answer too. The error is a *solver.Invalid with every fault.
//
// Covering is facility location in which a client costs nothing where a site covers it, and its weight, if it may be left,
// where none does; the engine merges clients that the same sites cover. Where a part of the weight is needed, the least budget
// with which enough can be covered is found by halving.
//
// The same problem, Seed and WorkLimit give the same bytes. Solve may be called concurrently.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if opts.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.TimeLimit)
		defer cancel()
	}
	s := &search{ctx: ctx, p: p, opts: &opts, total: p.total()}
	switch {
	case p.Goal == Most:
		return s.most(p.Budget)
	case p.Need == 0:
		return s.all()
	}
	return s.part()
}

// search is one run of Solve.
type search struct {
	ctx   context.Context
	p     *Problem
	opts  *Options
	total int64 // weight of all clients
	work  int64
}

// model returns the problem as facility location, without what the goal adds.
func (s *search) model() *facility.Problem {
	return &facility.Problem{
		Sites: s.p.Sites, Open: s.p.Open, Shut: s.p.Shut,
		Rows: facility.Rows{Start: s.p.Start, Site: s.p.Site, Cost: make([]int64, len(s.p.Site))},
	}
}

// budgeted returns the model of covering most within a budget.
func (s *search) budgeted(budget int64) *facility.Problem {
	m := s.model()
	m.Penalty = make([]int64, s.p.Clients())
	for i := range m.Penalty {
		m.Penalty[i] = s.p.weight(i)
	}
	if s.p.Price == nil && budget > 0 {
		m.MaxOpen = int(min(budget, int64(max(1, s.p.Sites))))
		return m
	}
	m.Budget = budget
	m.Price = make([]int64, s.p.Sites)
	for j := range m.Price {
		m.Price[j] = s.p.price(j)
	}
	return m
}

// options returns those of a part of the run.
func (s *search) options(show func(facility.Progress)) facility.Options {
	o := facility.Options{Seed: s.opts.Seed, OnProgress: show}
	if s.opts.WorkLimit > 0 {
		o.WorkLimit = max(1, s.opts.WorkLimit-s.work)
	}
	return o
}

// most covers the most weight within a budget.
func (s *search) most(budget int64) (*Solution, error) {
	var show func(facility.Progress)
	if s.opts.OnProgress != nil {
		show = func(f facility.Progress) {
			s.opts.OnProgress(Progress{Work: s.work + f.Work, HasPlan: f.Objective != facility.None, Objective: s.total - f.Objective, Bound: s.total - f.Bound})
		}
	}
	sol, err := facility.Solve(s.ctx, s.budgeted(budget), s.options(show))
	if err != nil {
		return nil, err
	}
	s.work += sol.Work
	return &Solution{
		Status: sol.Status, Stop: sol.Stop, Objective: s.total - sol.Objective, Bound: s.total - sol.Bound, HasBound: sol.HasBound,
		Open: sol.Open, Work: s.work,
	}, nil
}

// all covers every client for the least price.
func (s *search) all() (*Solution, error) {
	r := reduce(s.p, func() bool { return s.ctx.Err() != nil })
	m := &facility.Problem{
		Sites: s.p.Sites, Open: s.p.Open, Shut: r.shut, Fixed: make([]int64, s.p.Sites),
		Rows: facility.Rows{Start: r.start, Site: r.site, Cost: make([]int64, len(r.site))},
	}
	for j := range m.Fixed {
		m.Fixed[j] = s.p.price(j)
	}
	var show func(facility.Progress)
	if s.opts.OnProgress != nil {
		show = func(f facility.Progress) {
			s.opts.OnProgress(Progress{Work: f.Work, HasPlan: f.Objective != facility.None, Objective: f.Objective, Bound: f.Bound})
		}
	}
	o := s.options(show)
	o.Seek = s.opts.Seek
	sol, err := facility.Solve(s.ctx, m, o)
	if err != nil {
		return nil, err
	}
	return &Solution{
		Status: sol.Status, Stop: sol.Stop, Objective: sol.Objective, Bound: sol.Bound, HasBound: sol.HasBound, Open: sol.Open, Work: sol.Work,
	}, nil
}

// part covers the weight that is needed for the least price.
func (s *search) part() (*Solution, error) {
	low, high := int64(0), int64(0) // no budget below low is enough; high is, if any is
	for j := range s.p.Sites {
		high += s.p.price(j)
	}
	best := &Solution{}
	try := func(budget int64) (enough bool, stop solver.Stop, err error) {
		sol, err := s.most(budget)
		if err != nil {
			return false, 0, err
		}
		if sol.Open != nil && sol.Objective >= s.p.Need {
			best.Open, best.Objective = sol.Open, s.price(sol.Open)
			return true, solver.StopProved, nil
		}
		return false, sol.Stop, nil
	}
	enough, stop, err := try(high)
	for err == nil && enough && low < best.Objective {
		budget := low + (best.Objective-1-low)/2
		var less bool
		if less, stop, err = try(budget); !less {
			if stop != solver.StopProved {
				break
			}
			low = budget + 1
		}
	}
	if err != nil {
		return nil, errors.Join(errors.New("cover a part"), err)
	}
	best.Stop, best.Work = stop, s.work
	switch {
	case best.Open != nil:
		best.Status, best.Bound, best.HasBound = solver.Feasible, low, true
		if low >= best.Objective {
			best.Status, best.Bound, best.Stop = solver.Optimal, best.Objective, solver.StopProved
		}
	case stop == solver.StopProved:
		best.Status = solver.Infeasible
	}
	return best, nil
}

// price returns what sites cost.
func (s *search) price(open []int32) int64 {
	sum := int64(0)
	for _, j := range open {
		sum += s.p.price(int(j))
	}
	return sum
}
