//go:build linux || darwin

// Command lap is Courtyard's driver in the benchmarks of assignment: it makes instances, converts public ones, and solves one with
// solver/lap, printing one line of JSON as the peers' drivers do. The clock runs from the Problem in memory to the Solution in
// memory.
//
//	lap -make uniform -n 1000 -out x.npy     a matrix of n × n costs: uniform, near, ties or product
//	lap -make random -n 4000 -out x.npy      lists of 20 pairs a row: random, or around
//	lap -convert assign100.txt -out x.npy    a public instance in the same form
//	lap x.npy                                solve it
//
// Files are NumPy's: a matrix of costs, or three columns of rows, columns and costs, so that every solver reads the same bytes.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/lap"
)

// realScale makes a whole number, which the records hold, of a real optimum: it is rounded to a millionth.
const realScale = 1e6

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "lap:", err)
		os.Exit(2)
	}
}

func run(args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("lap", flag.ContinueOnError)
	family := flags.String("make", "", "write an instance of this `family`")
	n := flags.Int("n", 1000, "its rows")
	seed := flags.Uint64("seed", 1, "its seed")
	convert := flags.String("convert", "", "write this public `instance`")
	out := flags.String("out", "", "`file` to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case *family != "":
		t, err := generate(*family, *n, *seed)
		if err != nil {
			return err
		}
		return t.write(*out)
	case *convert != "":
		return public(*convert, *out)
	case flags.NArg() != 1:
		return errors.New("usage: lap FILE")
	}
	return solve(flags.Arg(0), stdout)
}

// public converts a public instance.
func public(from, to string) (err error) {
	in, err := datasets.OpenInstance(from, os.Stdin)
	if err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	a, err := datasets.ReadAssignment(in)
	if err != nil {
		return fmt.Errorf("convert: %w", err)
	}
	if p := a.Real; p != nil {
		if p.Start != nil || p.Forbidden != nil {
			return fmt.Errorf("convert %s: a matrix of reals with forbidden pairs", from)
		}
		return (&table{rows: p.Rows, cols: p.Cols, real: p.Cost}).write(to)
	}
	p := a.Whole
	t := &table{rows: p.Rows, cols: p.Cols, whole: make([]int32, 0, len(p.Cost))}
	if p.Start == nil {
		for _, c := range p.Cost {
			t.whole = append(t.whole, int32(c))
		}
		return t.write(to)
	}
	t.rows, t.cols = len(p.Cost), 3
	for i := range p.Rows {
		better := map[int32]int32{} // of a pair that stands twice; some peers want columns in order and once
		for k := p.Start[i]; k < p.Start[i+1]; k++ {
			if old, twice := better[p.Col[k]]; !twice || p.Cost[k] < int64(old) {
				better[p.Col[k]] = int32(p.Cost[k])
			}
		}
		for _, j := range slices.Sorted(maps.Keys(better)) {
			t.whole = append(t.whole, int32(i), j, better[j])
		}
	}
	t.rows = len(t.whole) / 3
	return t.write(to)
}

func solve(path string, stdout io.Writer) error {
	start := time.Now()
	t, err := read(path)
	if err != nil {
		return err
	}
	var ask func() (optimum float64, status solver.Status, err error)
	ctx, scale := context.Background(), 1.0
	if t.real != nil {
		scale = realScale
		p := &lap.Problem[float64]{Rows: t.rows, Cols: t.cols, Cost: t.real}
		ask = func() (float64, solver.Status, error) {
			s, err := lap.SolveReal(ctx, p, lap.Options{})
			if err != nil {
				return 0, 0, err
			}
			return s.Objective, s.Status, nil
		}
	} else {
		p := &lap.Problem[int32]{Rows: t.rows, Cols: t.cols, Cost: t.whole}
		if t.cols == 3 {
			p = t.lists()
		}
		ask = func() (float64, solver.Status, error) {
			s, err := lap.Solve(ctx, p, lap.Options{})
			if err != nil {
				return 0, 0, err
			}
			return float64(s.Objective), s.Status, nil
		}
	}
	runtime.GC() // what reading left is not the solver's to clear away
	ready := time.Now()
	before, _ := measure.Self()
	optimum, status, err := ask()
	if err != nil {
		return fmt.Errorf("solve %s: %w", path, err)
	}
	line := measure.Line{Optimum: int64(math.Round(optimum * scale)), SolveS: time.Since(ready).Seconds(), ReadS: ready.Sub(start).Seconds()}
	after, peak := measure.Self()
	line.CPUS, line.PeakRSS = after-before, peak
	if status != solver.Optimal {
		return fmt.Errorf("solve %s: no optimum: %v", path, status)
	}
	return json.NewEncoder(stdout).Encode(line)
}
