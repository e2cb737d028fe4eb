package transport

import (
	"context"

	"github.com/courtyard-care/courtyard/solver"
)

// Solve returns the plan of least total cost, and the prices that prove it.
//
// The answer is exact and deterministic: the same problem and options give the same bytes. A context or a limit that ends
// the search leaves the plan in hand, free units counted as unmet, and the best bound known. The error is a [*solver.Invalid]
// of p or of the start.
//
// First an auction brings a plan and prices close (see auction), or a network simplex where nodes share room, then shortest paths forward from free units and backward
// from priced holes make them exact (see engine). Least units are rewards (see split). At worst that takes O(n·m·log k) time for unit rows; on sparse geographic
// problems it grows about as n^1.4. Solve may be called concurrently.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if opts.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.TimeLimit)
		defer cancel()
	}
	if p.Least != nil {
		return solveLeast(ctx, p, opts)
	}
	return solve(ctx, p, opts)
}

// solve is Solve for a problem without faults and without least units.
func solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	s := build(ctx, p)
	if s == nil {
		return nothing(p, why(ctx)), nil
	}
	if _, err := s.Solve(ctx, opts); err != nil {
		return nil, err
	}
	return s.Solution(), nil
}

// nothing is the plan that places nothing, with the bound that prices of 0 prove.
func nothing(p *Problem, stop solver.Stop) *Solution {
	s := &Solution{Status: solver.Feasible, Stop: stop, NodePrice: make([]int64, len(p.Capacity))}
	for i, penalty := range p.Unmet {
		units, least := p.unitsOf(i), penalty
		for _, c := range p.Cost[p.From[i]:p.From[i+1]] {
			least = min(least, c)
		}
		s.Unmet, s.RowPrice = append(s.Unmet, units), append(s.RowPrice, least)
		s.Objective += units * penalty
		s.Bound += units * least
	}
	return s
}

const (
	// few is the number of rows from which an auction pays.
	few = 100
	// crowd is the part of the rows that must wait for an auction to pay on a problem that was solved before.
	crowd = 8
)

// run goes on to the optimum from any state.
func (e *engine[C]) run(ctx context.Context) solver.Stop {
	e.ctx = ctx
	e.stop = e.finish()
	return e.stop
}

func (e *engine[C]) finish() solver.Stop {
	if e.stopped() || e.ctx.Err() != nil {
		return e.why()
	}
	divide := int64(1)
	if e.warm {
		divide = falling
	}
	if crowded := !e.warm || len(e.waiting) > len(e.rows)/crowd; crowded && len(e.rows) >= few && !e.approach(divide) {
		return e.why()
	}
	e.warm = true
	if e.loose {
		e.tighten()
	}
	if !e.placeFree() || !e.fillHoles() {
		return e.why()
	}
	return solver.StopProved
}

// placeFree searches forward until no unit is free.
func (e *engine[C]) placeFree() bool {
	for len(e.waiting) > 0 {
		r := e.waiting[len(e.waiting)-1]
		for e.free[r] > 0 {
			if !e.forward(r) {
				return false
			}
		}
		e.waiting = e.waiting[:len(e.waiting)-1]
	}
	return true
}

// fillHoles searches backward until no hole is priced.
func (e *engine[C]) fillHoles() bool {
	for len(e.holes) > 0 {
		v := e.holes[len(e.holes)-1]
		p := &e.places[v]
		for p.flow < p.capacity && e.nodes[v].price > e.behind(v) {
			if !e.backward(v) {
				return false
			}
		}
		p.listed = false
		e.holes = e.holes[:len(e.holes)-1]
	}
	return true
}

// why says why the search stopped.
func (e *engine[C]) why() solver.Stop { return why(e.ctx) }

func why(ctx context.Context) solver.Stop {
	switch ctx.Err() {
	case nil:
		return solver.StopWork
	case context.Canceled:
		return solver.StopCancelled
	default:
		return solver.StopTime
	}
}

// nodeOf returns the node of a slot.
func (e *engine[C]) nodeOf(s int32) int32 { return e.arcs[e.slot[s].arc].node }
