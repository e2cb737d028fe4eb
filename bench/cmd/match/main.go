//go:build linux || darwin

// Command match is Courtyard's driver of solver/match in the benchmarks. It prints one line of JSON, as the peers' drivers do:
// the objective tier by tier with its bound, what it took, and the peak of memory. The first argument says what is measured:
//
//	city -needs 20000                     the sample city with every feature, under a time limit
//	minload -needs 5000 -sessions 200     sessions that open only with enough people
//	reviewer -goal worst SCORES.csv.gz    papers and reviewers: total, two or worst
//	offers -needs 100000                  median time of the offers for one caller, from a finished match
//	relax -needs 100000                   time of the cheapest relaxations of unmet needs
//
// With -cpuprofile FILE the profile of what is measured is written.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/pprof"
	"syscall"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "match:", err)
		os.Exit(2)
	}
}

// driver is one call of the command.
type driver struct {
	needs, sessions, callers, relaxations int
	seed                                  uint64
	limit                                 time.Duration
	goal, write, file, profile            string
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	works := map[string]func(*driver, context.Context) (measure.Line, error){
		"city": (*driver).city, "minload": (*driver).minload, "reviewer": (*driver).reviewer, "offers": (*driver).offers, "relax": (*driver).relax,
	}
	if len(args) == 0 || works[args[0]] == nil {
		return errors.New("usage: match city|minload|reviewer|offers|relax [flags]")
	}
	work := works[args[0]]
	d := &driver{}
	flags := flag.NewFlagSet("match "+args[0], flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&d.needs, "needs", 2_000, "needs")
	flags.Uint64Var(&d.seed, "seed", 1, "seed of the instance")
	flags.DurationVar(&d.limit, "limit", 10*time.Second, "time limit of city, minload and reviewer")
	flags.IntVar(&d.sessions, "sessions", 80, "sessions of minload")
	flags.StringVar(&d.write, "write", "", "minload: only write the instance to this `file`")
	flags.StringVar(&d.goal, "goal", "total", "reviewer: total, two (at least two papers each) or worst (of the papers, first)")
	flags.IntVar(&d.callers, "callers", 200, "callers of offers")
	flags.IntVar(&d.relaxations, "relaxations", 1_000, "unmet needs of relax")
	flags.StringVar(&d.profile, "cpuprofile", "", "write the profile of what is measured to this `file`")
	if err := flags.Parse(args[1:]); err != nil {
		return err
	}
	if d.file = flags.Arg(0); flags.NArg() > 1 || (d.file != "") != (args[0] == "reviewer") {
		return fmt.Errorf("%s: wrong number of arguments: %q", args[0], flags.Args())
	}
	if d.needs < 1 || d.sessions < 1 || d.callers < 1 || d.relaxations < 1 {
		return errors.New("-needs, -sessions, -callers and -relaxations: at least 1")
	}
	line, err := work(d, ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	if line == (measure.Line{}) {
		return nil
	}
	_, line.PeakRSS = measure.Self()
	return json.NewEncoder(stdout).Encode(line)
}

// timed puts what work takes into line, and profiles it if asked to.
func (d *driver) timed(line *measure.Line, work func() error) (err error) {
	if d.profile != "" {
		f, err := os.Create(d.profile)
		if err != nil {
			return fmt.Errorf("write the profile: %w", err)
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return fmt.Errorf("write the profile: %w", err)
		}
		defer pprof.StopCPUProfile()
	}
	before, _ := measure.Self()
	start := time.Now()
	err = work()
	after, _ := measure.Self()
	line.SolveS, line.CPUS = time.Since(start).Seconds(), after-before
	return err
}

// solve solves p under the time limit and says what came of it.
func (d *driver) solve(ctx context.Context, p *match.Problem) (measure.Line, error) {
	var line measure.Line
	var s *match.Solution
	err := d.timed(&line, func() (err error) {
		s, err = match.Solve(ctx, p, match.Options{TimeLimit: d.limit})
		return err
	})
	if err == nil {
		line.Plan, err = plan(p, s)
	}
	return line, err
}

// plan says what a match is and what is proved of it. The objective is measured again, from the lists. A match that was
// stopped before its first plan serves nobody.
func plan(p *match.Problem, s *match.Solution) (*measure.Plan, error) {
	broken, again, err := match.Review(p, s.Matches)
	switch {
	case err != nil:
		return nil, fmt.Errorf("measure the plan again: %w", err)
	case len(broken) > 0 && s.Status != solver.Unknown:
		return nil, fmt.Errorf("the plan breaks %d rules, first %+v", len(broken), broken[0])
	case again != s.Objective && s.Status != solver.Unknown:
		return nil, fmt.Errorf("the plan is worth %v, not %v", again, s.Objective)
	}
	tiers := p.Tiers
	if tiers == nil {
		tiers = match.DefaultTiers()
	}
	out := &measure.Plan{Status: s.Status.String(), Gap: s.Gap(tiers)}
	if s.Status == solver.Unknown {
		out.Status, out.Gap = "no plan", 1
	}
	if again.Short > 0 || s.Bound.Short > 0 {
		out.Tiers = append(out.Tiers, measure.Tier{Name: "short", Value: again.Short, Bound: s.Bound.Short})
	}
	for _, t := range tiers {
		out.Tiers = append(out.Tiers, measure.Tier{Name: string(t), Value: number(&again, t), Bound: number(&s.Bound, t)})
	}
	return out, nil
}

// number returns one number of the tuple.
func number(o *match.Objective, t match.Tier) int64 {
	switch t {
	case match.TierUnmet1:
		return o.Unmet[0]
	case match.TierUnmet2:
		return o.Unmet[1]
	case match.TierUnmet3:
		return o.Unmet[2]
	case match.TierWorstDistance:
		return o.WorstDistance
	case match.TierWorstNeed:
		return o.WorstNeed
	case match.TierChanges:
		return o.Changes
	case match.TierLoad:
		return o.Load
	case match.TierCost:
	}
	return o.Cost
}
