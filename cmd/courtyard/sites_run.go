package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
)

// siteCommand holds the flags of the siting kinds.
type siteCommand struct {
	p       int
	weights string
}

// command returns the command of a kind, which reads one file.
func (c *siteCommand) command(name, short, long, example string) *cobra.Command {
	return &cobra.Command{
		Use: name + " FILE", Short: short, Long: long + "\n\n" + exitCodes, Example: example,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("solve %s needs one file (- is standard input); %d are given", name, len(args))
			}
			return nil
		},
	}
}

func (c *siteCommand) addP(cmd *cobra.Command) {
	cmd.Flags().IntVar(&c.p, "p", 0, "open at most so many sites (default: what the file says)")
}

func (c *siteCommand) addWeights(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.weights, "weights", "", "weights of the customers: a CSV `FILE` joined on its first column; column weight, demand, population or pop")
}

// places returns how many sites may open: --p, else what the file says.
func (c *siteCommand) places(cmd *cobra.Command, s *datasets.Siting) (int, error) {
	p := s.Open
	if cmd.Flags().Changed("p") {
		p = c.p
		if p < 1 || p > s.Travel.Sites {
			return 0, badInputf("--p %d: must be from 1 to the %d sites of the file", p, s.Travel.Sites)
		}
	}
	if p == 0 {
		return 0, badInputf("the file does not say how many sites may open: --p must be given")
	}
	return p, nil
}

// siteRun is one run of a siting kind.
type siteRun struct {
	app    *app
	recipe *recipe
	file   string
	read   *datasets.Siting
	out    *outcome
	meter  *meter
	lower  float64 // proved bound of what is minimised
}

// readSites reads the file and the weights, if any.
func (a *app) readSites(file string, r *recipe, c *siteCommand, read func(io.Reader) (*datasets.Siting, error)) (*siteRun, error) {
	start := time.Now()
	in, err := datasets.OpenInstance(file, a.stdin)
	if err != nil {
		return nil, badInput(err)
	}
	defer in.Close()
	s, err := read(in)
	if err != nil {
		return nil, badInput(err)
	}
	if c.weights != "" {
		w, err := datasets.OpenInstance(c.weights, a.stdin)
		if err != nil {
			return nil, badInput(err)
		}
		defer w.Close()
		if err := datasets.ReadWeights(w, s); err != nil {
			return nil, badInput(err)
		}
	}
	return &siteRun{
		app: a, recipe: r, file: in.Name, read: s, meter: a.newMeter(), lower: math.Inf(-1),
		out: &outcome{read: time.Since(start)},
	}, nil
}

// show tells how far the search is.
func (s *siteRun) show(found bool, best, bound float64) {
	text := "none"
	if found {
		text = fmt.Sprintf("%.10g", best)
	}
	s.meter.show(fmt.Sprintf("%s: best %s, bound %.10g", s.file, text, bound), -1)
}

// bounded keeps the proved bound of costs, none of which is negative. Where scaling rounded, half a unit of each number that
// is added up may be lost.
func (s *siteRun) bounded(scale datasets.Scale, bound int64, numbers int) {
	s.lower = float64(bound)
	if !scale.Exact {
		s.lower -= float64(numbers) / 2
	}
	s.lower = max(0, s.lower/scale.Unit)
}

// settle records the objective of the plan that was found, measured in the file's own numbers.
func (s *siteRun) settle(objective float64) {
	s.out.realObjective = &objective
	s.lower = min(s.lower, objective)
	switch met := objective-s.lower <= 1e-9*objective; {
	case s.out.status == solver.Optimal && !met:
		s.out.status = solver.Feasible // scaling cost more than real data allow
	case s.out.status == solver.Optimal && s.out.stop == solver.StopProved:
	case met:
		s.out.status, s.out.stop = solver.Optimal, solver.StopProved
	}
}

// finish writes the solution where the recipe says; nil is none, and an empty file.
func (s *siteRun) finish(ctx context.Context, answer *datasets.SitesAnswer) (*outcome, error) {
	s.meter.clear()
	if answer == nil && s.out.status == solver.Unknown && ctx.Err() != nil && s.out.stop == solver.StopCancelled {
		return nil, errStopped
	}
	if !math.IsInf(s.lower, -1) && s.out.status != solver.Infeasible {
		lower := s.lower
		s.out.realBound = &lower
	}
	if s.out.status == solver.Infeasible {
		s.why()
	}
	write := func(w io.Writer) error {
		if answer == nil {
			return nil
		}
		return datasets.WriteSites(w, answer)
	}
	switch s.recipe.solution {
	case "":
		return s.out, nil
	case "-":
		return s.out, write(s.app.stdout)
	}
	return s.out, s.app.writeOut(s.recipe.solution, write)
}

// why tells which customers nobody can serve.
func (s *siteRun) why() {
	first, lost := -1, 0
	var sites []int32
	var values []float64
	for i := range s.read.Travel.Customers {
		if sites, values = s.read.Travel.Row(i, sites[:0], values[:0]); len(sites) == 0 {
			if lost++; first < 0 {
				first = i
			}
		}
	}
	if lost > 0 {
		fmt.Fprintf(s.app.stderr, "%s: no site can serve %d of %d customers; the first is number %d\n", s.file, lost, s.read.Travel.Customers, first)
		return
	}
	fmt.Fprintf(s.app.stderr, "%s: each customer has a site that can serve it, but so few sites cannot serve all\n", s.file)
}

// explain names the file in an error of the solver.
func (s *siteRun) explain(err error) error {
	if invalid := (*solver.Invalid)(nil); errors.As(err, &invalid) {
		out := &datasets.FileError{Total: invalid.Total}
		for _, f := range invalid.Faults {
			out.Faults = append(out.Faults, datasets.FileFault{File: s.file, Column: f.Pointer, Code: f.Code, Detail: f.Detail, Value: f.Value})
		}
		return badInput(out)
	}
	return fmt.Errorf("solve %s: %w", s.file, err)
}
