//go:build linux || darwin

// Command gap is Courtyard's driver in the benchmarks of generalised assignment: it solves one file with solver/gap within a
// time limit and prints one line of JSON, as the peer's driver does. The clock runs from the Problem in memory to the Solution
// in memory.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/gap"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "gap:", err)
		os.Exit(2)
	}
}

func run(args []string, stdout io.Writer) error {
	if len(args) != 2 {
		return errors.New("usage: gap FILE LIMIT, the limit such as 60s")
	}
	limit, err := time.ParseDuration(args[1])
	if err != nil {
		return fmt.Errorf("the limit: %w", err)
	}
	start := time.Now()
	p, err := read(args[0])
	if err != nil {
		return err
	}
	runtime.GC() // what reading left is not the solver's to clear away
	ready := time.Now()
	before, _ := measure.Self()
	s, err := gap.Solve(context.Background(), p, gap.Options{TimeLimit: limit})
	if err != nil {
		return fmt.Errorf("solve %s: %w", args[0], err)
	}
	if s.AssignedTo == nil || !s.HasBound {
		return fmt.Errorf("solve %s: no assignment: %v", args[0], s.Status)
	}
	line := measure.Line{Optimum: s.Objective, SolveS: time.Since(ready).Seconds(), ReadS: ready.Sub(start).Seconds()}
	after, peak := measure.Self()
	line.CPUS, line.PeakRSS = after-before, peak
	if err := gap.Check(p, s); err != nil {
		return fmt.Errorf("check %s: %w", args[0], err)
	}
	line.Plan = &measure.Plan{Status: s.Status.String(), Gap: s.Gap(), Tiers: []measure.Tier{{Name: "cost", Value: s.Objective, Bound: s.Bound}}}
	return json.NewEncoder(stdout).Encode(line)
}

// read reads an instance, plain or gzipped.
func read(path string) (p *gap.Problem, err error) {
	in, err := datasets.OpenInstance(path, os.Stdin)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if p, err = datasets.ReadGap(in, false); err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return p, nil
}
