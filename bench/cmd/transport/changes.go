//go:build linux || darwin

package main

import (
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/solver/transport"
)

// single is how many changes are made one by one.
const single = 1000

// changes opens p, solves it, and puts into line what was asked for: "cold", seconds of solving it anew; "median" and
// "worst", the median and the 99th percentile of the seconds from one change to its answer, over adding, cancelling and
// moving a need, capacity one up and one down, and another cost; "crowd", seconds of moving every hundredth need and
// answering once. The optimum is the last one.
func changes(p *transport.Problem, figure string, line *measure.Line) error {
	start := time.Now()
	s, err := transport.New(p)
	if err != nil {
		return err
	}
	if line.Optimum, err = optimum(s); err != nil {
		return err
	}
	line.SolveS = time.Since(start).Seconds()
	o := &opened{p: p, s: s, rng: rand.New(rand.NewPCG(1, 1))}
	switch figure {
	case "cold":
		return nil
	case "crowd":
		start := time.Now()
		for range len(p.Unmet) / 100 {
			if err := o.move(); err != nil {
				return err
			}
		}
		if line.Optimum, err = optimum(s); err != nil {
			return err
		}
		line.SolveS = time.Since(start).Seconds()
	case "median", "worst":
		times := make([]float64, single)
		for i := range times {
			start := time.Now()
			if err := o.change(); err != nil {
				return err
			}
			if line.Optimum, err = optimum(s); err != nil {
				return err
			}
			times[i] = time.Since(start).Seconds()
		}
		q := 0.5
		if figure == "worst" {
			q = 0.99
		}
		line.SolveS = measure.Quantile(times, q)
	default:
		return fmt.Errorf("-changes: %q is none of cold, median, worst, crowd", figure)
	}
	return nil
}

// opened is an open problem.
type opened struct {
	p   *transport.Problem // as it was
	s   *transport.Solver
	rng *rand.Rand
}

// arcs returns arcs such as a need beside that of a random row would have.
func (o *opened) arcs() []transport.Arc {
	r := o.rng.IntN(len(o.p.Unmet))
	var list []transport.Arc
	for a := o.p.From[r]; a < o.p.From[r+1]; a++ {
		list = append(list, transport.Arc{Node: o.p.Node[a], Cost: o.p.Cost[a] + o.rng.Int64N(100)})
	}
	return list
}

func (o *opened) move() error {
	return o.s.Move(o.rng.Int32N(int32(len(o.p.Unmet))), o.arcs())
}

// change makes one random change.
func (o *opened) change() error {
	r := o.rng.Int32N(int32(len(o.p.Unmet)))
	v := o.rng.Int32N(int32(len(o.p.Capacity)))
	switch o.rng.IntN(6) {
	case 0:
		_, err := o.s.Add(1, o.p.Unmet[r], o.arcs())
		return err
	case 1:
		return o.s.Cancel(r)
	case 2:
		return o.move()
	case 3:
		return o.s.SetCapacity(v, o.p.Capacity[v]+1)
	case 4:
		return o.s.SetCapacity(v, o.p.Capacity[v]-1)
	default:
		a := o.arcs()[0]
		return o.s.Allow(r, a.Node, a.Cost)
	}
}
