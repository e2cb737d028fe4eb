package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/gap"
)

func (a *app) generalisedAssignment(r *recipe) *cobra.Command {
	maximize := false
	cmd := &cobra.Command{
		Use:   "gap FILE",
		Short: "Generalised assignment: OR-Library and its successors",
		Long: `gap reads a generalised assignment problem: the numbers of agents and jobs, the costs agent by agent, the use of each agent's
capacity in the same order, and the capacities; plain or gzipped. Each job goes to one agent, within the capacities, at least cost.
The search goes on until the answer is proved or a limit ends it, with a bound at any time. Work is counted in rounds, and half of
the logical workers prove while the others improve.

With --solution it writes the agent of each job, numbered from 0, with blanks between.

` + exitCodes,
		Example: `  courtyard solve gap d20200 --time-limit 60s --json
  courtyard solve gap gap1-0 --maximize --solution -`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("solve gap needs one file (- is standard input); %d are given", len(args))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&maximize, "maximize", false, "read the costs as values, and make their sum as large as can be")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.solveKind(cmd.Context(), "gap", args[0], r, func(ctx context.Context) (*outcome, error) {
			return a.solveGap(ctx, args[0], r, maximize)
		})
	}
	return cmd
}

// solveGap reads and solves the file, and writes the solution where the recipe says.
func (a *app) solveGap(ctx context.Context, file string, r *recipe, maximize bool) (*outcome, error) {
	start := time.Now()
	in, err := datasets.OpenInstance(file, a.stdin)
	if err != nil {
		return nil, badInput(err)
	}
	defer in.Close()
	p, err := datasets.ReadGap(in, maximize)
	if err != nil {
		return nil, badInput(err)
	}
	out := &outcome{read: time.Since(start)}
	meter := a.newMeter()
	defer meter.clear()
	sign := int64(1)
	if maximize {
		sign = -1
	}
	start = time.Now()
	sol, err := gap.Solve(ctx, p, gap.Options{
		Seed: r.seed, TimeLimit: r.timeLimit.Duration, WorkLimit: r.workLimit, Workers: r.workers,
		OnProgress: func(s gap.Progress) {
			best := "none"
			if s.Objective != gap.None {
				best = strconv.FormatInt(sign*s.Objective, 10)
			}
			meter.show(fmt.Sprintf("%s: best %s, bound %d", in.Name, best, sign*s.Bound), -1)
		},
	})
	if err != nil {
		return nil, explainGap(err, in.Name, p.Jobs)
	}
	out.search, out.work = time.Since(start), sol.Work
	out.status, out.stop = sol.Status, sol.Stop
	if out.status == solver.Unknown && out.stop == solver.StopCancelled {
		return nil, errStopped
	}
	if sol.AssignedTo != nil {
		objective := sign * sol.Objective
		out.objective = &objective
	}
	if sol.HasBound {
		bound := sign * sol.Bound
		out.bound = &bound
	}
	if sol.Status == solver.Infeasible {
		meter.clear()
		for _, why := range p.Why() {
			fmt.Fprintf(a.stderr, "%s: %s\n", in.Name, sayWhy(why))
		}
	}
	write := func(w io.Writer) error {
		if sol.AssignedTo == nil {
			return nil // the family has no word for it: the file is empty
		}
		return datasets.WriteGap(w, sol.AssignedTo)
	}
	switch r.solution {
	case "":
	case "-":
		err = write(a.stdout)
	default:
		err = a.writeOut(r.solution, write)
	}
	return out, err
}

// sayWhy tells a reason in the numbers of the file, from 0.
func sayWhy(r gap.Reason) string {
	switch {
	case r.Dim < 0:
		return fmt.Sprintf("job %d fits no agent", r.Jobs[0])
	case len(r.Jobs) == 0:
		return fmt.Sprintf("agent %d must be given %d and can be given %d at most", r.Agents[0], r.Need, r.Have)
	}
	return fmt.Sprintf("%d jobs, among them %d, need %d at least; the %d agents who can do any of them have %d", len(r.Jobs), r.Jobs[0], r.Need, len(r.Agents), r.Have)
}

// explainGap names agents and jobs of the file in an error of the solver.
func explainGap(err error, file string, jobs int) error {
	var invalid *solver.Invalid
	if !errors.As(err, &invalid) {
		return fmt.Errorf("solve %s: %w", file, err)
	}
	out := &datasets.FileError{Total: invalid.Total}
	for _, f := range invalid.Faults {
		part := f.Pointer
		words := strings.Split(f.Pointer, "/")
		if at, err := strconv.Atoi(words[len(words)-1]); err == nil && (words[1] == "cost" || words[1] == "use") {
			part = fmt.Sprintf("%s of job %d at agent %d", words[1], at%jobs, at/jobs)
		}
		out.Faults = append(out.Faults, datasets.FileFault{File: file, Column: part, Code: f.Code, Detail: f.Detail, Value: f.Value})
	}
	return out
}
