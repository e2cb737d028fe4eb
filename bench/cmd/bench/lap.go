//go:build linux || darwin

package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/report"
)

const subjectAssignment = "lap"

// assignmentPeers are the columns of the table beside ours. Lapx's is that of the function which is fastest on the row.
var assignmentPeers = []string{"SciPy", "OR-Tools", "lapx"}

// denseFunctions and listFunctions are those of lapx; the second on costs of 32 bits where these hold every sum exactly.
var (
	denseFunctions = []string{"lapjv", "lapjvx", "lapjvxa", "lapjvc", "lapjvh", "lapjvr", "lapjvs", "lapjvsa"}
	shortFunctions = []string{"lapjvh/f32", "lapjvr/f32"}
	listFunctions  = []string{"lapmod"}
)

// assignmentSizes are the instances that are made; seed 1.
var assignmentSizes = [...]struct {
	family string
	n      int
	listed bool // pairs, not a matrix
	short  bool // sums are exact in 32 bits of float
	floor  float64
}{
	{"uniform", 1000, false, false, 0.6},
	{"uniform", 3000, false, false, 0.2},
	{"uniform", 5000, false, false, 0.2},
	{"near", 1000, false, true, 0.45},
	{"near", 3000, false, true, 0.2},
	{"near", 5000, false, true, 0.2},
	{"ties", 1000, false, true, tiesFloor},
	{"ties", 3000, false, true, tiesFloor},
	{"product", 1000, false, false, 0.7},
	{"random", 4_000, true, false, listFloor},
	{"random", 20_000, true, false, listFloor},
	{"random", 100_000, true, false, listFloor},
	{"around", 4_000, true, false, listFloor},
	{"around", 20_000, true, false, listFloor},
	{"around", 100_000, true, false, listFloor},
}

// What is promised of matrices whose costs nearly tie, and of lists, beside the fastest peer.
const (
	tiesFloor = 1.05
	listFloor = 0.85
)

// assignment is one file that every assignment solver reads.
type assignment struct {
	name, path    string
	nodes, pairs  int
	listed, short bool
	optimum       int64
	known         bool
	floor         report.Floor
}

// solvers are ours, then every peer with its function, that take the form of a.
func (a *assignment) solvers() []string {
	functions := append([]string{"scipy"}, denseFunctions...)
	switch {
	case a.listed:
		functions = append([]string{"scipy", "ortools"}, listFunctions...)
	case a.short:
		functions = append(functions, shortFunctions...)
	}
	return append([]string{"Courtyard"}, functions...)
}

// assignments makes the instances, and converts the shared ones if they are there.
func (b *bench) assignments(ctx context.Context) ([]assignment, error) {
	dir := filepath.Join(b.cache, "instances")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("prepare the instances: %w", err)
	}
	provide := func(path string, args ...string) error {
		if _, err := os.Stat(path); err == nil {
			return nil
		}
		if _, err := measure.Run(ctx, b.limit, io.Discard, append([]string{b.bin("lap"), "-out", path + ".part"}, args...)...); err != nil {
			return fmt.Errorf("make %s: %w", path, err)
		}
		return os.Rename(path+".part", path)
	}
	var all []assignment
	for _, s := range &assignmentSizes {
		a := assignment{name: fmt.Sprintf("%s_%d", s.family, s.n), nodes: 2 * s.n, pairs: s.n * s.n, listed: s.listed, short: s.short}
		a.floor = report.Floor{Peer: report.Fastest, Ratio: s.floor}
		if s.listed {
			a.pairs = 20 * s.n
		}
		a.path = filepath.Join(dir, "lap_"+a.name+".npy")
		if err := provide(a.path, "-make", s.family, "-n", strconv.Itoa(s.n), "-seed", strconv.Itoa(seed)); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	shared, err := sharedInstances()
	if err != nil || shared == "" {
		return all, err
	}
	index, err := os.Open(filepath.Join(shared, "index.csv"))
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	defer index.Close()
	rows, err := csv.NewReader(index).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("read the index: %w", err)
	}
	column := map[string]int{}
	for i, name := range rows[0] {
		column[name] = i
	}
	for _, row := range rows[1:] {
		kind, file := row[column["kind"]], row[column["file"]]
		if !strings.HasPrefix(kind, "assignment") {
			continue
		}
		a := assignment{name: strings.Split(filepath.Base(file), ".")[0], known: true, short: kind == "assignment"}
		a.floor = report.Floor{Peer: report.Fastest, Ratio: tiesFloor, Joins: true}
		value, err := strconv.ParseFloat(row[column["verified_value"]], 64)
		if err != nil {
			return nil, fmt.Errorf("read the index: %s: %w", file, err)
		}
		if kind == "assignment-float" {
			value *= 1e6 // as the drivers print it
		}
		a.optimum = int64(math.Round(value))
		if a.nodes, err = strconv.Atoi(row[column["n"]]); err != nil {
			return nil, fmt.Errorf("read the index: %s: %w", file, err)
		}
		if a.pairs, err = strconv.Atoi(row[column["m"]]); err != nil {
			return nil, fmt.Errorf("read the index: %s: %w", file, err)
		}
		if kind != "assignment-sparse" { // there it counts both sides
			a.listed = a.pairs != a.nodes*a.nodes
			a.nodes *= 2
		} else {
			a.listed = true
		}
		if a.listed {
			a.floor.Ratio = listFloor
		}
		a.path = filepath.Join(dir, "lap_"+a.name+".npy")
		if err := provide(a.path, "-convert", filepath.Join(shared, file)); err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// slow is how many times as long as the fastest function of lapx another may take on an instance and still be run again.
const slow = 2

// measureAssignments runs every solver on every instance, one after the other (A B C A B C ...).
func (b *bench) measureAssignments(ctx context.Context) error {
	all, err := b.assignments(ctx)
	if err != nil {
		return err
	}
	store := b.stores[subjectAssignment]
	for i := range all {
		a := &all[i]
		if !b.match.MatchString(a.name) {
			continue
		}
		for n := 1; n <= b.runs; n++ {
			for _, solver := range a.solvers() {
				key := measure.Key{Subject: subjectAssignment, Instance: a.name, Solver: solver, Run: n}
				runs := store.Runs(subjectAssignment, a.name, solver)
				if store.Has(key) || b.spent(runs) || n > 1 && strings.HasPrefix(solver, "lap") && runs[0].SolveS > slow*b.lapx(a).SolveS {
					continue
				}
				command := []string{b.bin("lap"), a.path}
				if solver != "Courtyard" {
					command = []string{b.python(), b.peer("lap_peers.py"), a.path, solver}
				}
				r, err := measure.Driver(ctx, b.limit, command...)
				if err != nil {
					return err
				}
				r.Key = key
				if r.State == measure.OK && a.known && r.Optimum != a.optimum {
					r.State, r.Note = measure.Wrong, fmt.Sprintf("optimum %d, not %d", r.Optimum, a.optimum)
				}
				if err := b.keep(r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// lapx sums up the fastest of its functions on an instance.
func (b *bench) lapx(a *assignment) measure.Summary {
	best := measure.Summary{}
	for _, solver := range a.solvers() {
		if !strings.HasPrefix(solver, "lap") {
			continue
		}
		s := measure.Sum(b.stores[subjectAssignment].Runs(subjectAssignment, a.name, solver))
		if s.State == measure.OK && (best.Runs == 0 || s.SolveS < best.SolveS) {
			best, best.Note = s, solver
		}
	}
	return best
}

// assignmentTable sums the records up; nil if there are none. A wrong answer of one of lapx's functions only takes it out.
func (b *bench) assignmentTable(ctx context.Context, faults *[]string) (*report.Flows, error) {
	if first, _ := b.stores[subjectAssignment].Span(); first.IsZero() {
		return nil, nil
	}
	all, err := b.assignments(ctx)
	if err != nil {
		return nil, err
	}
	table := &report.Flows{Peers: assignmentPeers, Small: &report.Floor{Peer: report.Fastest, Ratio: tiesFloor}}
	for i := range all {
		a := &all[i]
		sums, agreed := map[string]measure.Summary{}, (*int64)(nil)
		for _, solver := range a.solvers() {
			runs := b.stores[subjectAssignment].Runs(subjectAssignment, a.name, solver)
			sums[solver] = measure.Sum(runs)
			if strings.HasPrefix(solver, "lap") {
				continue
			}
			for _, r := range runs {
				switch {
				case r.State == measure.Wrong || r.State == measure.Failed:
					*faults = append(*faults, fmt.Sprintf("%s, %s, run %d: %s: %s", a.name, solver, r.Run, r.State, r.Note))
				case r.State == measure.OK && agreed == nil:
					agreed = &r.Optimum
				case r.State == measure.OK && r.Optimum != *agreed:
					*faults = append(*faults, fmt.Sprintf("%s, %s, run %d: optimum %d, another found %d", a.name, solver, r.Run, r.Optimum, *agreed))
				}
			}
		}
		if sums["Courtyard"].Runs == 0 {
			continue
		}
		row := report.FlowRow{Instance: a.name, Nodes: a.nodes, Arcs: a.pairs, Ours: sums["Courtyard"]}
		lapx := b.lapx(a)
		if lapx.Note != "" {
			row.Instance += " (" + lapx.Note + ")"
		}
		row.Floor = &a.floor
		row.Peers = []measure.Summary{sums["scipy"], sums["ortools"], lapx}
		table.Rows = append(table.Rows, row)
	}
	return table, nil
}
