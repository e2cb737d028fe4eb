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
	"github.com/courtyard-care/courtyard/solver/lap"
)

func (a *app) assignment(r *recipe) *cobra.Command {
	maximize := false
	cmd := &cobra.Command{
		Use:   "assignment FILE",
		Short: "Linear assignment: OR-Library, DIMACS .asn, CSV of reals",
		Long: `assignment reads a matrix of costs, whole or with forbidden pairs, and gives each row a column: as many pairs as possible first,
then at least cost. Forms are told apart by content, plain or gzipped: OR-Library dense (n, then n×n costs) and sparse (n, then
lines "i j cost"; what fits both is dense), DIMACS .asn (rows are the nodes with a line n, columns all others), and CSV of reals,
where an empty or non-finite cell is no pair. Of a pair listed twice the better counts. Reals are exact, too: nothing is rounded
but the sum at the end. Work is counted in rows looked at. Seed, workers and threads change nothing but the time.

With --solution it writes the column of each row, numbered from 0, one a line, -1 where it has none.

` + exitCodes,
		Example: `  courtyard solve assignment assign100.txt --json
  courtyard solve assignment scores.csv.gz --maximize --solution pairs.txt`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("solve assignment needs one file (- is standard input); %d are given", len(args))
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&maximize, "maximize", false, "make the sum of costs as large as can be; the number of pairs comes first all the same")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.solveKind(cmd.Context(), "assignment", args[0], r, func(ctx context.Context) (*outcome, error) {
			return a.solveAssignment(ctx, args[0], r, maximize)
		})
	}
	return cmd
}

// solveAssignment reads and solves the file, and writes the solution where the recipe says.
func (a *app) solveAssignment(ctx context.Context, file string, r *recipe, maximize bool) (*outcome, error) {
	start := time.Now()
	in, err := datasets.OpenInstance(file, a.stdin)
	if err != nil {
		return nil, badInput(err)
	}
	defer in.Close()
	read, err := datasets.ReadAssignment(in)
	if err != nil {
		return nil, badInput(err)
	}
	out := &outcome{read: time.Since(start)}
	meter := a.newMeter()
	defer meter.clear()
	opts := lap.Options{
		TimeLimit: r.timeLimit.Duration, WorkLimit: r.workLimit,
		OnProgress: func(p lap.Progress) { meter.show(fmt.Sprintf("%s: %d rows", in.Name, p.Work), -1) },
	}
	start = time.Now()
	var col []int32
	if read.Real != nil {
		read.Real.Maximize = maximize
		s, err := lap.SolveReal(ctx, read.Real, opts)
		if err != nil {
			return nil, explainAssignment(err, in.Name, read.Real)
		}
		col, out.realObjective, out.realBound = s.Col, &s.Objective, &s.Bound
		out.status, out.stop, out.work = s.Status, s.Stop, s.Work
	} else {
		read.Whole.Maximize = maximize
		s, err := lap.Solve(ctx, read.Whole, opts)
		if err != nil {
			return nil, explainAssignment(err, in.Name, read.Whole)
		}
		col, out.objective, out.bound = s.Col, &s.Objective, &s.Bound
		out.status, out.stop, out.work = s.Status, s.Stop, s.Work
	}
	out.search = time.Since(start)
	write := func(w io.Writer) error { return datasets.WriteAssignment(w, col) }
	switch r.solution {
	case "":
	case "-":
		err = write(a.stdout)
	default:
		err = a.writeOut(r.solution, write)
	}
	return out, err
}

// explainAssignment names rows and columns in an error of the solver.
func explainAssignment[T lap.Number](err error, file string, p *lap.Problem[T]) error {
	var invalid *solver.Invalid
	if !errors.As(err, &invalid) {
		return fmt.Errorf("solve %s: %w", file, err)
	}
	out := &datasets.FileError{Total: invalid.Total}
	for _, f := range invalid.Faults {
		part := f.Pointer
		if k, err := strconv.Atoi(strings.TrimPrefix(part, "/cost/")); err == nil && k < len(p.Cost) {
			row, col := pairAt(p, k)
			part = fmt.Sprintf("row %d, column %d, cost", row, col)
		}
		out.Faults = append(out.Faults, datasets.FileFault{File: file, Column: part, Code: f.Code, Detail: f.Detail, Value: f.Value})
	}
	return out
}

// pairAt returns the row and the column, numbered from 0, of the cost at place k.
func pairAt[T lap.Number](p *lap.Problem[T], k int) (row, col int) {
	if p.Start == nil {
		return k / p.Cols, k % p.Cols
	}
	for k >= p.Start[row+1] {
		row++
	}
	return row, int(p.Col[k])
}
