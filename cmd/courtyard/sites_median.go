package main

import (
	"context"
	"io"
	"math"
	"time"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/center"
	"github.com/courtyard-care/courtyard/solver/facility"
)

// centerPairs is the most pairs of customers and sites that p-center takes: 28 bytes each.
const centerPairs = 100_000_000

// tableForms tells the forms of the distance kinds in their help.
const tableForms = `Forms are told apart by content, plain or gzipped: OR-Library pmed graphs (distances along shortest paths), TSPLIB points in
the plane (unrounded), long CSV tables (distance,name,DestinationName,demand or demand,site,cost[,weight]; a pair that is absent
cannot serve) and wide ones (a row for each customer, which the first column names, a column for each site).`

const siteAnswer = `With --solution it writes {"open": [...], "assigned_to": [...]}: the open sites and the site of each customer, numbered from 0 in
the order of the file.`

func (a *app) pMedian(r *recipe) *cobra.Command {
	c := &siteCommand{}
	cmd := c.command("p-median", "p-median: the least sum of weighted distances", `p-median opens at most p sites so that the sum of weight × distance, each customer to its nearest open site, is least.
`+tableForms+`

`+siteAnswer, "  courtyard solve p-median pmed1.txt --json\n  courtyard solve p-median travel.csv --p 5 --weights demand.csv --solution plan.json")
	c.addP(cmd)
	c.addWeights(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.solveKind(cmd.Context(), "p-median", args[0], r, func(ctx context.Context) (*outcome, error) {
			run, err := a.readSites(args[0], r, c, datasets.ReadMedian)
			if err != nil {
				return nil, err
			}
			p, err := c.places(cmd, run.read)
			if err != nil {
				return nil, err
			}
			return run.facility(ctx, p, true)
		})
	}
	return cmd
}

func (a *app) pCenter(r *recipe) *cobra.Command {
	c := &siteCommand{}
	cmd := c.command("p-center", "p-centre: the least largest distance", `p-center opens at most p sites so that the largest distance of a customer to its nearest open site is least; weights do not count.
`+tableForms+`

`+siteAnswer, "  courtyard solve p-center pmed1.txt --json\n  courtyard solve p-center travel.csv --p 5 --solution plan.json")
	c.addP(cmd)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.solveKind(cmd.Context(), "p-center", args[0], r, func(ctx context.Context) (*outcome, error) {
			run, err := a.readSites(args[0], r, c, datasets.ReadMedian)
			if err != nil {
				return nil, err
			}
			p, err := c.places(cmd, run.read)
			if err != nil {
				return nil, err
			}
			if t := &run.read.Travel; t.Customers > centerPairs/t.Sites {
				return nil, badInputf("%s: %d customers and %d sites; p-center takes at most %d pairs", run.file, t.Customers, t.Sites, centerPairs)
			}
			return run.center(ctx, p)
		})
	}
	return cmd
}

func (a *app) facilityLocation(r *recipe) *cobra.Command {
	c := &siteCommand{}
	cmd := c.command("ufl", "Uncapacitated facility location: OR-Library cap, UflLib", `ufl opens sites so that fixed costs and the costs of serving each customer from its cheapest open site are least. It reads the
OR-Library's cap files, whose capacities do not count, and UflLib's simple format ("FILE:" first), plain or gzipped.

`+siteAnswer, "  courtyard solve ufl cap71.txt --json\n  courtyard solve ufl ga250a-1 --time-limit 10s --solution plan.json")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.solveKind(cmd.Context(), "ufl", args[0], r, func(ctx context.Context) (*outcome, error) {
			run, err := a.readSites(args[0], r, c, func(in io.Reader) (*datasets.Siting, error) {
				return datasets.ReadFacility(in, "", 0)
			})
			if err != nil {
				return nil, err
			}
			return run.facility(ctx, 0, false)
		})
	}
	return cmd
}

// facility solves with at most p sites; with 0 there is no such limit. The costs are weighted or as they stand.
func (s *siteRun) facility(ctx context.Context, p int, weighted bool) (*outcome, error) {
	t := &s.read.Travel
	keep := 0
	if t.From != nil && t.Customers > datasets.WholePairs/t.Sites {
		keep = min(t.Sites, max(1, min(60*t.Sites/p, datasets.WholePairs/t.Customers)))
	}
	defer s.meter.clear()
	for start := time.Now(); ; keep = min(4*keep, t.Sites) {
		problem, scale := s.read.Facility(p, weighted, keep)
		limit := s.recipe.timeLimit.Duration
		if limit > 0 { // putting the rows in order is part of the search
			limit = max(limit-time.Since(start), time.Millisecond)
		}
		sol, err := facility.Solve(ctx, problem, facility.Options{
			Seed: s.recipe.seed, TimeLimit: limit, WorkLimit: s.recipe.workLimit,
			OnProgress: func(g facility.Progress) {
				s.show(g.Objective != facility.None, scale.Real(g.Objective), scale.Real(g.Bound))
			},
		})
		if err != nil {
			return nil, s.explain(err)
		}
		if sol.Status == solver.Infeasible && keep > 0 && keep < t.Sites {
			continue // rows that are cut prove nothing
		}
		s.out.search, s.out.work = time.Since(start), sol.Work
		s.out.status, s.out.stop = sol.Status, sol.Stop
		if sol.HasBound {
			s.bounded(scale, sol.Bound, t.Customers+t.Sites)
		}
		if sol.Open == nil {
			return s.finish(ctx, nil)
		}
		answer := &datasets.SitesAnswer{Open: sol.Open}
		var between []float64
		answer.AssignedTo, between = s.read.Assign(sol.Open)
		total := 0.0
		for i, v := range between {
			if weighted && s.read.Weight != nil {
				v *= s.read.Weight[i]
			}
			total += v
		}
		for _, j := range sol.Open {
			if s.read.Fixed != nil {
				total += s.read.Fixed[j]
			}
		}
		if scale.Exact && keep == 0 {
			total = scale.Real(sol.Objective)
		}
		s.settle(total)
		return s.finish(ctx, answer)
	}
}

// center solves with at most p sites.
func (s *siteRun) center(ctx context.Context, p int) (*outcome, error) {
	defer s.meter.clear()
	start := time.Now()
	problem, distances := s.read.Center(p)
	at := func(k int64) float64 { return distances[max(0, min(k, int64(len(distances)-1)))] }
	if len(distances) == 0 {
		distances = []float64{math.Inf(1)} // nobody can be served: the answer will say so
	}
	s.out.read += time.Since(start)
	start = time.Now()
	sol, err := center.Solve(ctx, problem, center.Options{
		Seed: s.recipe.seed, TimeLimit: s.recipe.timeLimit.Duration, WorkLimit: s.recipe.workLimit,
		OnProgress: func(g center.Progress) { s.show(g.HasPlan, at(g.Objective), at(g.Bound)) },
	})
	if err != nil {
		return nil, s.explain(err)
	}
	s.out.search, s.out.work = time.Since(start), sol.Work
	s.out.status, s.out.stop = sol.Status, sol.Stop
	if sol.HasBound {
		s.lower = at(sol.Bound)
	}
	if sol.Open == nil {
		return s.finish(ctx, nil)
	}
	answer := &datasets.SitesAnswer{Open: sol.Open}
	answer.AssignedTo, _ = s.read.Assign(sol.Open)
	s.settle(at(sol.Objective))
	return s.finish(ctx, answer)
}
