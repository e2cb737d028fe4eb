package online

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/transport"
)

// future is one rest of the day as it is foreseen: a sample, with repetitions, of the needs that are known.
type future struct {
	rng     *rand.Rand
	problem *transport.Solver
	unit    []int32 // unit[i]: the row of the i-th unit foreseen
	first   int     // units before it have come or are next; only an ordered day leaves some behind
	needs   []Need  // of each row
	units   []int64 // of each row
	known   int     // needs that the sample is of
	left    int     // needs still to come after the next
	ordered bool
	price   []int64 // of one unit of each resource, by the last reckoning
}

// newFuture foresees the whole day from a history, empty if there is none. Future 0 takes the needs of the history as
// evenly as it can, so that it is the history if that has the length of the day; the others draw.
func newFuture(capacity []int64, history []Need, opts *Options, k int) (*future, error) {
	f := &future{rng: stream(opts.Seed, k), known: len(history), left: opts.Expected - 1, ordered: opts.Ordered}
	p := &transport.Problem{Capacity: capacity, From: []int32{0}, Units: []int64{}}
	if len(history) > 0 {
		drawn := make([]int, opts.Expected)
		for i := range drawn {
			if k == 0 {
				drawn[i] = i * len(history) / opts.Expected
			} else {
				drawn[i] = f.rng.IntN(len(history))
			}
		}
		slices.Sort(drawn) // like beside like, and the order of the day
		for i, at := range drawn {
			if i == 0 || at != drawn[i-1] {
				n := &history[at]
				f.needs = append(f.needs, *n)
				p.Units, p.Unmet = append(p.Units, 0), append(p.Unmet, n.Unmet)
				for _, arc := range n.Arcs {
					p.Node, p.Cost = append(p.Node, arc.Node), append(p.Cost, arc.Cost)
				}
				p.From = append(p.From, int32(len(p.Node)))
			}
			row := len(p.Units) - 1
			p.Units[row]++
			f.unit = append(f.unit, int32(row))
		}
	}
	f.units = p.Units
	f.pass(func(row int32) { f.units[row]-- })
	var err error
	if f.problem, err = transport.New(p); err != nil {
		return nil, fmt.Errorf("foresee the day: %w", err)
	}
	return f, nil
}

// reckon takes in what has happened at the desk and solves the rest of the day.
func (f *future) reckon(ctx context.Context, d *Desk) (solver.Stop, error) {
	for _, v := range d.touched {
		if err := f.problem.SetCapacity(v, d.left[v]); err != nil {
			return solver.StopNone, fmt.Errorf("take in what is left: %w", err)
		}
	}
	changed := map[int32]bool{}
	for i := range d.arrived {
		if err := f.take(&d.arrived[i], changed); err != nil {
			return solver.StopNone, fmt.Errorf("take in a need: %w", err)
		}
	}
	rows := make([]int32, 0, len(changed))
	for row := range changed {
		rows = append(rows, row)
	}
	slices.Sort(rows)
	for _, row := range rows {
		if err := f.problem.SetUnits(row, f.units[row]); err != nil {
			return solver.StopNone, fmt.Errorf("take in what is foreseen: %w", err)
		}
	}
	a, err := f.problem.Solve(ctx, transport.Options{})
	if err != nil || a.Stop != solver.StopProved {
		return a.Stop, err
	}
	f.price = f.dearest(d.left)
	return a.Stop, nil
}

// take takes in one need that has come: one unit fewer is to come, and the need joins those of which the sample is. It takes
// the place of as many units of the sample as it should have there, as in a reservoir (Vitter 1985), so that the sample is
// always one of all that is known. It names the rows whose units have changed.
func (f *future) take(n *Need, changed map[int32]bool) error {
	f.left = max(0, f.left-1)
	f.known++
	f.pass(func(row int32) { f.change(row, -1, changed) })
	if f.ordered {
		return nil
	}
	copies := f.left / f.known
	if f.rng.IntN(f.known) < f.left%f.known {
		copies++
	}
	if copies == 0 {
		return nil
	}
	row, err := f.problem.Add(0, n.Unmet, n.Arcs)
	if err != nil {
		return err
	}
	f.needs, f.units = append(f.needs, *n), append(f.units, 0)
	for len(f.unit) < f.left { // the first need of a day without a history
		f.unit = append(f.unit, row)
		f.change(row, 1, changed)
		copies = 0
	}
	for range copies {
		i := f.rng.IntN(len(f.unit))
		f.change(f.unit[i], -1, changed)
		f.unit[i] = row
		f.change(row, 1, changed)
	}
	return nil
}

// pass takes away what is foreseen beyond the needs still to come: the first where the day has an order, else any. The need
// that is next is not among them, so that nobody competes with himself.
func (f *future) pass(away func(row int32)) {
	for len(f.unit)-f.first > f.left {
		if f.ordered {
			away(f.unit[f.first])
			f.first++
			continue
		}
		i := f.rng.IntN(len(f.unit))
		away(f.unit[i])
		f.unit[i] = f.unit[len(f.unit)-1]
		f.unit = f.unit[:len(f.unit)-1]
	}
}

func (f *future) change(row int32, by int64, changed map[int32]bool) {
	f.units[row] += by
	changed[row] = true
}
