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
// First an auction brings a plan and prices close (see auction), then shortest paths forward from free units and backward
// from priced holes make them exact (see engine). At worst that takes O(n·m·log k) time for unit rows; on sparse geographic
// problems it grows about as n^1.4. Solve may be called concurrently.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	s, err := New(p)
	if err != nil {
		return nil, err
	}
	if _, err := s.Solve(ctx, opts); err != nil {
		return nil, err
	}
	return s.Solution(), nil
}

// few is the number of rows from which an auction pays.
const few = 100

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
	if !e.warm && len(e.rows) >= few && !e.approach() {
		return e.why()
	}
	e.warm = true
	if e.loose {
		e.tighten()
	}
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

// nodeOf returns the node of a slot.
func (e *engine[C]) nodeOf(s int32) int32 { return e.arcs[e.slot[s].arc].node }
