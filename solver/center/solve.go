package center

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/cover"
)

// search is one run of Solve.
type search struct {
	ctx  context.Context
	p    *Problem
	opts *Options
	work int64
	room int64 // sites that may open, those that must included

	radii []int64 // the distinct distances that the answer may be, ascending
	low   int     // no plan has a radius before this one
	open  []int32 // the best plan, nil if none
	best  int64   // its largest distance
}

// Solve returns a plan whose largest distance is least, or the best it finds and a bound, when ctx or a limit ends it first.
// Infeasible is an answer too. The error is a *solver.Invalid with every fault.
//
// The answer is one of the distances. Which one is found by halving (Minieka 1970): whether so many sites can cover every
// client within a distance is a set covering problem, whose plan, measured, often reaches less than was asked.
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
	s := &search{ctx: ctx, p: p, opts: &opts, room: int64(p.Sites), best: math.MaxInt64}
	if p.MaxOpen > 0 {
		s.room = min(s.room, int64(p.MaxOpen))
	}
	if len(p.Open) > int(s.room) || !s.reachable() {
		return &Solution{Status: solver.Infeasible, Stop: solver.StopProved}, nil
	}
	stop, err := s.run()
	if err != nil {
		return nil, err
	}
	return s.answer(stop), nil
}

// reachable finds the distances that the answer may be: none below what the client worst off has with every site open. It
// reports whether every client can be served.
func (s *search) reachable() bool {
	p := s.p
	shut := make([]bool, p.Sites)
	for _, j := range p.Shut {
		shut[j] = true
	}
	least := int64(0)
	for i := range p.Clients() {
		near := int64(-1)
		for k := p.Start[i]; k < p.Start[i+1]; k++ {
			if !shut[p.Site[k]] && (near < 0 || p.Distance[k] < near) {
				near = p.Distance[k]
			}
		}
		if near < 0 {
			return false
		}
		least = max(least, near)
	}
	for k, d := range p.Distance {
		if d >= least && !shut[p.Site[k]] {
			s.radii = append(s.radii, d)
		}
	}
	if p.Clients() == 0 {
		s.radii = []int64{0}
	}
	slices.Sort(s.radii)
	s.radii = slices.Compact(s.radii)
	return true
}

// run halves the distances.
func (s *search) run() (solver.Stop, error) {
	high := len(s.radii) // radii from here on are no better than the plan in hand
	for s.low < high {
		at := s.low + (high-s.low)/2
		enough, stop, err := s.within(s.radii[at])
		switch {
		case err != nil || stop != solver.StopProved:
			return stop, err
		case enough:
			high, _ = slices.BinarySearch(s.radii, s.best)
		default:
			s.low = at + 1
		}
		if s.opts.OnProgress != nil && s.low < len(s.radii) {
			s.opts.OnProgress(Progress{Work: s.work, HasPlan: s.open != nil, Objective: s.best, Bound: s.radii[s.low]})
		}
	}
	return solver.StopProved, nil
}

// within reports whether so many sites can cover every client within a distance, and takes the plan if they can.
func (s *search) within(radius int64) (enough bool, stop solver.Stop, err error) {
	p := s.p
	m := &cover.Problem{Sites: p.Sites, Start: make([]int, 1, len(p.Start)), Goal: cover.Least, Open: p.Open, Shut: p.Shut}
	for i := range p.Clients() {
		for k := p.Start[i]; k < p.Start[i+1]; k++ {
			if p.Distance[k] <= radius {
				m.Site = append(m.Site, p.Site[k])
			}
		}
		m.Start = append(m.Start, len(m.Site))
	}
	o := cover.Options{Seed: s.opts.Seed, Seek: &s.room}
	if s.opts.WorkLimit > 0 {
		o.WorkLimit = s.opts.WorkLimit - s.work
		if o.WorkLimit <= 0 {
			return false, solver.StopWork, nil
		}
	}
	sol, err := cover.Solve(s.ctx, m, o)
	if err != nil {
		return false, solver.StopNone, errors.Join(errors.New("cover within a distance"), err)
	}
	s.work += sol.Work
	switch {
	case sol.Open != nil && sol.Objective <= s.room:
		s.take(sol.Open)
		return true, solver.StopProved, nil
	case sol.Status == solver.Infeasible, sol.HasBound && sol.Bound > s.room:
		return false, solver.StopProved, nil
	}
	return false, sol.Stop, nil
}

// take takes a plan that covers every client.
func (s *search) take(open []int32) {
	_, worst := s.assign(open)
	if worst < s.best {
		s.open, s.best = open, worst
	}
}

// assign returns the nearest of the open sites for each client, and the largest distance.
func (s *search) assign(open []int32) (to []int32, worst int64) {
	is := make([]bool, s.p.Sites)
	for _, j := range open {
		is[j] = true
	}
	to = make([]int32, s.p.Clients())
	for i := range to {
		near := int64(math.MaxInt64)
		to[i] = -1
		for k := s.p.Start[i]; k < s.p.Start[i+1]; k++ {
			j, d := s.p.Site[k], s.p.Distance[k]
			if is[j] && (to[i] < 0 || d < near || d == near && j < to[i]) {
				to[i], near = j, d
			}
		}
		worst = max(worst, near)
	}
	return to, worst
}

// answer makes the solution.
func (s *search) answer(stop solver.Stop) *Solution {
	sol := &Solution{Stop: stop, Work: s.work}
	if s.low < len(s.radii) {
		sol.Bound, sol.HasBound = s.radii[s.low], true
	}
	switch {
	case s.open != nil:
		sol.Status, sol.Open = solver.Feasible, s.open
		sol.AssignedTo, sol.Objective = s.assign(s.open)
		if stop == solver.StopProved {
			sol.Status = solver.Optimal
			sol.Bound, sol.HasBound = sol.Objective, true
		}
	case stop == solver.StopProved:
		sol.Status, sol.HasBound = solver.Infeasible, false
	}
	return sol
}
