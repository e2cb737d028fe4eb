//go:build linux || darwin

// Command mcf is Courtyard's driver in the benchmarks: it solves one DIMACS .min file with solver/mcf and prints one
// line of JSON, as the peers' drivers do. The clock runs from the Problem in memory to the Solution in memory.
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
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mcf:", err)
		os.Exit(2)
	}
}

func run(args []string, stdout io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: mcf FILE")
	}
	start := time.Now()
	p, err := read(args[0])
	if err != nil {
		return err
	}
	runtime.GC() // what reading left is not the solver's to clear away
	var mem runtime.MemStats
	runtime.ReadMemStats(&mem)
	own := mem.TotalAlloc
	ready := time.Now()
	before, _ := measure.Self()
	s, err := mcf.Solve(context.Background(), p, mcf.Options{})
	if err != nil {
		return fmt.Errorf("solve %s: %w", args[0], err)
	}
	if s.Status != solver.Optimal {
		return fmt.Errorf("solve %s: no optimum: %v", args[0], s.Status)
	}
	line := measure.Line{Optimum: s.Objective, SolveS: time.Since(ready).Seconds(), ReadS: ready.Sub(start).Seconds()}
	after, peak := measure.Self()
	line.CPUS, line.PeakRSS = after-before, peak
	runtime.ReadMemStats(&mem)
	line.OwnB = int64(mem.TotalAlloc - own)
	return json.NewEncoder(stdout).Encode(line)
}

// read reads a DIMACS .min file, plain or gzipped.
func read(path string) (p *mcf.Problem, err error) {
	in, err := datasets.OpenInstance(path, os.Stdin)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	network, err := datasets.ReadMin(in)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return &network.Problem, nil
}
