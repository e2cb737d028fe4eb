package lap

import (
	"context"
	"time"
)

// Solve assigns columns to rows: as many pairs as possible first, then at least cost, or most with Problem.Maximize.
//
// The answer is exact and deterministic: the same problem and WorkLimit give the same bytes on any number of cores. When ctx
// or a limit ends the search first, the answer is Feasible and holds the pairs in hand and the best bound proved. No problem is
// infeasible: where rows cannot be matched, the cover says why. The error is a *solver.Invalid: faults found by Validate, or
// an objective or a dual that does not fit in 64 bits.
//
// At worst it takes O(n²m) time, where n is the shorter side; in practice a complete dense matrix little more than looking at
// every pair three times. Memory beyond the problem's own: for a complete dense matrix some 300 bytes a row and 40 a column,
// and 4 bytes a pair where it must be turned or converted; for any other 8 to 16 bytes a pair. Solve may be called concurrently.
func Solve[T Integer](ctx context.Context, p *Problem[T], opts Options) (*Solution[int64], error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	ctx, cancel := limited(ctx, opts.TimeLimit)
	defer cancel()
	m, l, c := newMeter(ctx, &opts), newLayout(p), newIntegers(p)
	return c.solution(p, l, m, assign(m, l, c, c.direct(l)))
}

// SolveReal is Solve for real costs. They are exact, too: every float64 is a whole multiple of some power of two, so that no
// sum is rounded and no tolerance decides. Only what the solution reports is rounded: the objective once, and the duals, so that
// the bound they prove may differ from it in the last digits ([CheckReal] says how much it grants).
func SolveReal(ctx context.Context, p *Problem[float64], opts Options) (*Solution[float64], error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	ctx, cancel := limited(ctx, opts.TimeLimit)
	defer cancel()
	m, l, c := newMeter(ctx, &opts), newLayout(p), newReals(p)
	return c.solution(p, l, m, assign(m, l, c, nil))
}

func limited(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	if limit > 0 {
		return context.WithTimeout(ctx, limit)
	}
	return ctx, func() {}
}
