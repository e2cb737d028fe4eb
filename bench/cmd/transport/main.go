//go:build linux || darwin

// Command transport is Courtyard's driver of solver/transport in the benchmarks: it solves one DIMACS .min file of the shape
// of a transportation problem (see read) and prints one line of JSON, as the peers' drivers do. The clock runs from the
// Problem in memory to the Solution in memory.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/transport"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "transport:", err)
		os.Exit(2)
	}
}

func run(args []string, stdout io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: transport FILE")
	}
	start := time.Now()
	p, err := readFile(args[0])
	if err != nil {
		return err
	}
	runtime.GC() // what reading left is not the solver's to clear away
	ready := time.Now()
	before, _ := measure.Self()
	s, err := transport.Solve(context.Background(), p, transport.Options{})
	if err != nil {
		return fmt.Errorf("solve %s: %w", args[0], err)
	}
	if s.Status != solver.Optimal {
		return fmt.Errorf("solve %s: no optimum: %v", args[0], s.Status)
	}
	line := measure.Line{Optimum: s.Objective, SolveS: time.Since(ready).Seconds(), ReadS: ready.Sub(start).Seconds()}
	after, peak := measure.Self()
	line.CPUS, line.PeakRSS = after-before, peak
	return json.NewEncoder(stdout).Encode(line)
}
