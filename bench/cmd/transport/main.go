//go:build linux || darwin

// Command transport is Courtyard's driver of solver/transport in the benchmarks: it solves one DIMACS .min file of the shape
// of a transportation problem (see read) and prints one line of JSON, as the peers' drivers do. The clock runs from the
// Problem in memory to the answer in memory. With -changes it keeps the problem open and times what follows; see changes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/transport"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "transport:", err)
		os.Exit(2)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("transport", flag.ContinueOnError)
	flags.SetOutput(stderr)
	figure := flags.String("changes", "", "keep the problem open and tell `what` it takes: cold, median, worst or crowd")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("usage: transport [-changes what] FILE")
	}
	debug.SetGCPercent(20) // what is read is large and stays
	start := time.Now()
	p, err := readFile(flags.Arg(0))
	if err != nil {
		return err
	}
	debug.FreeOSMemory() // what reading left is not the solver's to clear away
	ready := time.Now()
	line := measure.Line{ReadS: ready.Sub(start).Seconds()}
	before, _ := measure.Self()
	if *figure == "" {
		if line.Optimum, err = solve(p); err != nil {
			return fmt.Errorf("solve %s: %w", flags.Arg(0), err)
		}
		line.SolveS = time.Since(ready).Seconds()
	} else if err := changes(p, *figure, &line); err != nil {
		return fmt.Errorf("change %s: %w", flags.Arg(0), err)
	}
	after, peak := measure.Self()
	line.CPUS, line.PeakRSS = after-before, peak
	return json.NewEncoder(stdout).Encode(line)
}

// solve returns the optimum. The solver keeps nothing of p, which may be forgotten once it is built: a limit of memory just
// above what is needed has the collector see to that at once.
func solve(p *transport.Problem) (int64, error) {
	debug.SetMemoryLimit(int64(24*len(p.Node)) + 12<<20)
	s, err := transport.New(p)
	if err != nil {
		return 0, err
	}
	return optimum(s)
}

func optimum(s *transport.Solver) (int64, error) {
	a, err := s.Solve(context.Background(), transport.Options{})
	if err != nil {
		return 0, err
	}
	if a.Status != solver.Optimal {
		return 0, fmt.Errorf("no optimum: %v", a.Status)
	}
	return a.Objective, nil
}
