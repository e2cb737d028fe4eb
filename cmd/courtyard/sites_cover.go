package main

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/cover"
)

func (a *app) maximalCovering(r *recipe) *cobra.Command {
	c := &siteCommand{}
	radius := 0.0
	cmd := c.command("mclp", "Maximal covering: SJC, Maximo, BDS, graphs, tables", `mclp opens at most p sites so that the demand within the radius of one of them is most; a distance that equals the radius counts.
Forms are told apart by content, plain or gzipped: SJC and Maximo (a header that begins with n, then "x y demand"; latitudes and
longitudes on a sphere), BDS ("F id x y cost" and "C id x y demand"), random graphs, and the points and tables of p-median.

With --solution it writes {"open": [...]}: the open sites, numbered from 0 in the order of the file.`,
		"  courtyard solve mclp SJC324.txt --p 3 --radius 800 --json\n  courtyard solve mclp travel.csv --p 5 --radius 15 --weights demand.csv --solution plan.json")
	c.addP(cmd)
	c.addWeights(cmd)
	cmd.Flags().Float64Var(&radius, "radius", 0, "a site covers customers up to so far away, in the file's units; metres on a sphere")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.solveKind(cmd.Context(), "mclp", args[0], r, func(ctx context.Context) (*outcome, error) {
			switch {
			case !cmd.Flags().Changed("radius"):
				return nil, badInputf("--radius must be given")
			case !(radius >= 0):
				return nil, badInputf("--radius %v: must not be negative", radius)
			}
			run, err := a.readSites(args[0], r, c, datasets.ReadCovering)
			if err != nil {
				return nil, err
			}
			p, err := c.places(cmd, run.read)
			if err != nil {
				return nil, err
			}
			return run.most(ctx, p, radius)
		})
	}
	return cmd
}

// most covers as much demand as at most p sites can.
func (s *siteRun) most(ctx context.Context, p int, radius float64) (*outcome, error) {
	defer s.meter.clear()
	begin := time.Now()
	start, site := s.read.Covering(radius)
	weight, scale := datasets.ScaleAll(s.read.Weight)
	s.out.read += time.Since(begin)
	begin = time.Now()
	sol, err := cover.Solve(ctx, &cover.Problem{
		Sites: s.read.Travel.Sites, Start: start, Site: site, Weight: weight, Goal: cover.Most, Budget: int64(p),
	}, cover.Options{
		Seed: s.recipe.seed, TimeLimit: s.recipe.timeLimit.Duration, WorkLimit: s.recipe.workLimit,
		OnProgress: func(g cover.Progress) { s.show(g.HasPlan, scale.Real(g.Objective), scale.Real(g.Bound)) },
	})
	if err != nil {
		return nil, s.explain(err)
	}
	s.out.search, s.out.work = time.Since(begin), sol.Work
	s.out.status, s.out.stop = sol.Status, sol.Stop
	upper := float64(sol.Bound)
	if !scale.Exact {
		upper += float64(s.read.Travel.Customers) / 2 // half a unit of each weight may be lost
	}
	upper /= scale.Unit
	if sol.HasBound {
		s.out.realBound = &upper
	}
	if sol.Open == nil {
		return s.finish(ctx, nil)
	}
	open := make([]bool, s.read.Travel.Sites)
	for _, j := range sol.Open {
		open[j] = true
	}
	covered := 0.0
	for i := range s.read.Travel.Customers {
		for _, j := range site[start[i]:start[i+1]] {
			if open[j] {
				covered += weightOf(s.read.Weight, i)
				break
			}
		}
	}
	if scale.Exact {
		covered = scale.Real(sol.Objective)
	}
	s.out.realObjective, upper = &covered, max(upper, covered)
	if s.out.status == solver.Optimal && upper-covered > 1e-9*covered {
		s.out.status = solver.Feasible // scaling cost more than real data allow
	}
	return s.finish(ctx, &datasets.SitesAnswer{Open: sol.Open})
}

// weightOf returns the weight of a customer, 1 where the file has none.
func weightOf(weight []float64, i int) float64 {
	if weight == nil {
		return 1
	}
	return weight[i]
}
