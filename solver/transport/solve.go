package transport

import (
	"context"

	"github.com/courtyard-care/courtyard/solver"
)

// Solve returns the plan of least total cost.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if opts.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.TimeLimit)
		defer cancel()
	}
	o := identity(p)
	e := newEngine[int64](p, o)
	e.limit = opts.WorkLimit
	if s := opts.Start; s != nil {
		if s.Prices != nil {
			e.adopt(func(v int32) int64 { return s.Prices[o.nodeID[v]] })
		}
		for _, x := range s.Placed {
			e.settle(o.rowAt[x.Row], o.nodeAt[x.Node], x.Units)
		}
	}
	stop := e.run(ctx)
	return e.solution(p, o, stop), nil
}

// run finishes the search from any state that keeps the rules of the prices.
func (e *engine[C]) run(ctx context.Context) solver.Stop {
	e.ctx = ctx
	for len(e.waiting) > 0 {
		r := e.waiting[len(e.waiting)-1]
		for e.free[r] > 0 {
			if !e.forward(r) {
				return e.why()
			}
		}
		e.waiting = e.waiting[:len(e.waiting)-1]
	}
	for len(e.holes) > 0 {
		v := e.holes[len(e.holes)-1]
		p := &e.places[v]
		for p.flow < p.capacity && e.nodes[v].price > e.behind(v) {
			if !e.backward(v) {
				return e.why()
			}
		}
		p.listed = false
		e.holes = e.holes[:len(e.holes)-1]
	}
	return solver.StopProved
}

// why says why the search stopped.
func (e *engine[C]) why() solver.Stop {
	switch e.ctx.Err() {
	case nil:
		return solver.StopWork
	case context.Canceled:
		return solver.StopCancelled
	default:
		return solver.StopTime
	}
}

// solution copies the plan and the prices out.
func (e *engine[C]) solution(p *Problem, o *order, stop solver.Stop) *Solution {
	s := &Solution{Stop: stop, Work: e.work, Objective: e.objective}
	s.Unmet = make([]int64, len(o.rowAt))
	s.RowPrice = make([]int64, len(o.rowAt))
	for i, r := range o.rowAt {
		x := &e.rows[r]
		s.Unmet[i] = e.free[r] + e.unmet[r]
		s.Objective += e.free[r] * x.penalty
		s.RowPrice[i] = x.price
		if x.first == none {
			s.RowPrice[i] = e.cheapest(r) // a row without units is in no one's way, and left behind
		}
		for at := x.first; at != none; at = e.next[at] {
			s.Placed = append(s.Placed, Placed{int32(i), o.nodeID[e.arcs[e.slot[at].arc].node], e.units[at]})
		}
	}
	s.NodePrice = make([]int64, len(o.nodeAt))
	for i := len(o.nodeAt) - 1; i >= 0; i-- {
		behind := int64(0)
		if q := p.parent(int32(i)); q != none {
			behind = s.NodePrice[q]
		}
		s.NodePrice[i] = max(behind, e.nodes[o.nodeAt[i]].price) // a node that nobody uses may be below
	}
	s.Status = solver.Feasible
	if stop == solver.StopProved {
		s.Status, s.Bound = solver.Optimal, s.Objective
	}
	return s
}
