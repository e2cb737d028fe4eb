package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/solver"
)

// recipe holds the flags that every kind shares: how long to search, and what to write.
type recipe struct {
	timeLimit duration
	workLimit int64
	threads   int
	seed      uint64
	workers   int
	solution  string
	json      bool
}

// outcome is what a kind found for its file.
type outcome struct {
	status    solver.Status
	stop      solver.Stop
	objective *int64 // nil when there is none
	bound     *int64
	work      int64
	read      time.Duration // spent on reading
	search    time.Duration // spent on searching

	realObjective, realBound *float64 // instead of the two above, where the instance is of reals
}

// solveLine is the JSON object that ends standard output.
type solveLine struct {
	Kind         string  `json:"kind"`
	Instance     string  `json:"instance"`
	Status       string  `json:"status"`
	Stop         string  `json:"stop"`
	Objective    any     `json:"objective"` // a number of the instance's kind, or nil
	Bound        any     `json:"bound"`
	TimeS        float64 `json:"time_s"`
	ReadS        float64 `json:"read_s"`
	PeakRSSBytes int64   `json:"peak_rss_bytes"`
	Threads      int     `json:"threads"`
	Workers      int     `json:"workers"`
	Work         int64   `json:"work"`
	Seed         uint64  `json:"seed"`
	Version      string  `json:"version"`
}

func (a *app) solveCommand() *cobra.Command {
	r := &recipe{}
	kinds := []*cobra.Command{a.mincostFlow(r), a.generalisedAssignment(r), a.assignment(r), a.pMedian(r), a.pCenter(r), a.facilityLocation(r), a.maximalCovering(r)}
	known := make([]string, len(kinds))
	for i, k := range kinds {
		known[i] = k.Name()
	}
	cmd := &cobra.Command{
		Use:   "solve KIND FILE",
		Short: "Solve a public instance in its own format",
		Long: `solve reads one public instance in the format of its family, plain or gzipped, and answers so that a stranger's script can
check it. Progress and messages go to standard error.

Kinds: ` + strings.Join(known, ", ") + `

` + exitCodes,
		Example: `  courtyard solve mincost-flow network.min --json
  courtyard solve mincost-flow network.min.gz --time-limit 10s --solution flow.txt`,
		FParseErrWhitelist: cobra.FParseErrWhitelist{UnknownFlags: true}, // an unknown kind is told before its flags
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return fmt.Errorf("solve %s: no such kind; there is %s", args[0], choices(known...))
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			return badInputf("solve needs a kind and a file; kinds: %s", choices(known...))
		},
	}
	f := cmd.PersistentFlags()
	f.SortFlags = false
	f.Var(&r.timeLimit, "time-limit", "longest search, reading excluded, such as 10s (default: until proved)")
	f.Int64Var(&r.workLimit, "work-limit", 0, "most work, in the unit that the answer's work is counted in (default none)")
	f.IntVar(&r.threads, "threads", 0, "threads at work; changes the time only (default: all cores)")
	f.Uint64Var(&r.seed, "seed", 1, "seed of the search")
	f.IntVar(&r.workers, "workers", 4, "logical workers; part of the recipe, like the seed")
	f.StringVar(&r.solution, "solution", "", "write the solution to `OUT` in the family's format; - is standard output")
	f.BoolVar(&r.json, "json", false, "end standard output with one line of JSON")
	cmd.AddCommand(kinds...)
	return cmd
}

// check refuses a recipe that cannot be followed.
func (r *recipe) check() error {
	switch {
	case r.workLimit < 0:
		return badInputf("--work-limit %d: must not be negative", r.workLimit)
	case r.threads < 0:
		return badInputf("--threads %d: must not be negative", r.threads)
	case r.workers < 1:
		return badInputf("--workers %d: must be at least 1", r.workers)
	}
	return nil
}

// solveKind runs one kind on one file, with as many threads as the recipe says, and prints what it found.
func (a *app) solveKind(ctx context.Context, kind, file string, r *recipe, solve func(context.Context) (*outcome, error)) error {
	if err := r.check(); err != nil {
		return err
	}
	threads := runtime.GOMAXPROCS(0)
	if r.threads > 0 {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(r.threads))
		threads = r.threads
	}
	out, err := solve(ctx)
	if err != nil {
		return err
	}
	line := solveLine{
		Kind: kind, Instance: filepath.Base(file),
		Status: out.status.String(), Stop: out.stop.String(), Objective: number(out.objective, out.realObjective), Bound: number(out.bound, out.realBound),
		TimeS: out.search.Seconds(), ReadS: out.read.Seconds(), PeakRSSBytes: peakRSS(),
		Threads: threads, Workers: r.workers, Work: out.work, Seed: r.seed, Version: version(),
	}
	if !r.json && r.solution == "-" { // standard output is the solution's
		return line.print(a.stderr)
	}
	return a.writeOut("", func(w io.Writer) error {
		if r.json {
			return json.NewEncoder(w).Encode(line)
		}
		return line.print(w)
	})
}

// print writes the line for people.
func (l *solveLine) print(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%s %s: %s (%s), objective %v, bound %v, %.3f s, work %d\n", l.Kind, l.Instance,
		l.Status, l.Stop, orNone(l.Objective), orNone(l.Bound), l.TimeS, l.Work)
	return err
}

// number returns the one that there is, nil if there is none.
func number(whole *int64, fraction *float64) any {
	switch {
	case whole != nil:
		return *whole
	case fraction != nil:
		return *fraction
	}
	return nil
}

func orNone(v any) any {
	if v == nil {
		return "none"
	}
	return v
}
