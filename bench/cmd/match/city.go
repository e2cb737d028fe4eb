//go:build linux || darwin

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/minload"
	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
)

// dali makes the match of a sample city.
func (d *driver) dali(full bool) (*match.Problem, error) {
	city, err := dali.Generate(dali.Options{Needs: d.needs, Seed: d.seed, Full: full})
	if err != nil {
		return nil, err
	}
	p := &match.Problem{Lists: city.Lists, Weights: match.DefaultWeights(), Barriers: city.Barriers}
	if full {
		p.Horizon = city.Horizon
		if p.Zone, err = time.LoadLocation(dali.Timezone); err != nil {
			return nil, fmt.Errorf("the zone of the city: %w", err)
		}
	}
	return p, nil
}

// city solves the sample city with every feature.
func (d *driver) city(ctx context.Context) (measure.Line, error) {
	p, err := d.dali(true)
	if err != nil {
		return measure.Line{}, err
	}
	return d.solve(ctx, p)
}

// minload solves an instance of minimum loads, or writes it for the peers.
func (d *driver) minload(ctx context.Context) (measure.Line, error) {
	in := minload.New(d.needs, d.sessions, d.seed)
	if d.write != "" {
		f, err := os.Create(d.write)
		if err != nil {
			return measure.Line{}, fmt.Errorf("write the instance: %w", err)
		}
		return measure.Line{}, errors.Join(in.Write(f), f.Close())
	}
	p := &match.Problem{Lists: in.Lists(), Weights: match.Weights{Distance: 1}}
	line, err := d.solve(ctx, p)
	if err != nil {
		return line, err
	}
	// all needs are of class 2: the other two are nought, as nothing asks for them
	line.Plan.Tiers = slices.DeleteFunc(line.Plan.Tiers, func(t measure.Tier) bool { return t.Name == "unmet_1" || t.Name == "unmet_3" })
	return line, nil
}

// offers opens the finished match of the plain city and asks for the offers of callers from a city of another seed, one after
// the other.
func (d *driver) offers(ctx context.Context) (measure.Line, error) {
	var line measure.Line
	p, err := d.dali(false)
	if err != nil {
		return line, err
	}
	start := time.Now()
	s, err := match.Solve(ctx, p, match.Options{})
	if err != nil {
		return line, err
	}
	if s.Status != solver.Optimal {
		return line, errors.New("the match was not finished")
	}
	finished, err := match.Open(ctx, p, s)
	if err != nil {
		return line, err
	}
	line.ReadS = time.Since(start).Seconds()
	line.Plan, err = plan(p, s)
	if err != nil {
		return line, err
	}
	other := *d
	other.seed += 1_000
	q, err := other.dali(false)
	if err != nil {
		return line, err
	}
	step := max(1, len(q.Lists.Needs)/d.callers) // needs are listed by place: every step-th is from all over the city
	times := make([]float64, 0, d.callers)
	err = d.timed(&line, func() error {
		for k := range d.callers {
			caller := q.Lists.Needs[k*step%len(q.Lists.Needs)]
			caller.ID = fmt.Sprintf("caller-%d", k)
			caller.Prefers, caller.Avoids = nil, nil // ids of the other city
			start := time.Now()
			found, err := finished.Offers(ctx, caller, limitOffers)
			if err != nil {
				return err
			}
			times = append(times, time.Since(start).Seconds())
			line.Optimum += int64(len(found))
		}
		return nil
	})
	line.SolveS, line.P90S = measure.Quantile(times, 0.5), measure.Quantile(times, 0.9)
	return line, err
}

// limitOffers is how many offers a caller is told.
const limitOffers = 5

// relax solves the plain city with the cheapest relaxations of unmet needs, and times that part alone.
func (d *driver) relax(ctx context.Context) (measure.Line, error) {
	var line measure.Line
	p, err := d.dali(false)
	if err != nil {
		return line, err
	}
	var begun time.Time
	var before float64
	start := time.Now()
	whole := measure.Line{}
	var s *match.Solution
	err = d.timed(&whole, func() (err error) {
		s, err = match.Solve(ctx, p, match.Options{Relaxations: d.relaxations, OnProgress: func(x match.Progress) {
			if x.Stage == "relax" && begun.IsZero() {
				begun = time.Now()
				before, _ = measure.Self()
			}
		}})
		return err
	})
	if err != nil {
		return line, err
	}
	if begun.IsZero() {
		return line, errors.New("no need was relaxed")
	}
	after, _ := measure.Self()
	line.SolveS, line.CPUS, line.ReadS = time.Since(begun).Seconds(), after-before, begun.Sub(start).Seconds()
	for i := range s.Unmet {
		if i < d.relaxations {
			line.Optimum++
		}
	}
	line.Plan, err = plan(p, s)
	return line, err
}
