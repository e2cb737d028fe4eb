//go:build linux || darwin

package main

import (
	"compress/gzip"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/report"
)

// The solvers of minimum-cost flow; ours first.
var flowSolvers = [...]string{"Courtyard", "LEMON NS", "LEMON CS", "OR-Tools"}

// careSizes are the care instances, and the seed of all of them.
var careSizes = [...]struct{ homes, resources int }{{2_000, 800}, {20_000, 8_000}}

const seed = 1

// flowInstance is one file that every flow solver reads.
type flowInstance struct {
	name        string
	path        string // plain DIMACS .min
	nodes, arcs int
	optimum     int64
	known       bool // optimum is known from elsewhere; else the peers must agree
	alone       bool // too large for the peers
	floor       *report.Floor
}

// generalFloor is what the flow engine promises on every shared file.
const generalFloor = 1.1

// flowInstances unpacks the shared files, if they are there, and makes the care instances.
func (b *bench) flowInstances(ctx context.Context) ([]flowInstance, error) {
	dir := filepath.Join(b.cache, "instances")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("prepare the instances: %w", err)
	}
	var all []flowInstance
	for _, size := range careSizes {
		f, err := b.careInstance(ctx, size.homes, size.resources)
		if err != nil {
			return nil, err
		}
		if size.homes == 20_000 {
			f.floor = &report.Floor{Peer: 0, Ratio: 1.2}
		}
		all = append(all, f)
	}
	shared, err := sharedInstances()
	if err != nil {
		return nil, err
	}
	if shared == "" {
		fmt.Fprintln(b.progress, "the shared instances are not there: set COURTYARD_SHARED to their folder to measure them too")
		return all, nil
	}
	files, err := unpackShared(shared, dir)
	return append(all, files...), err
}

// careInstance makes one care instance.
func (b *bench) careInstance(ctx context.Context, homes, resources int) (flowInstance, error) {
	f := flowInstance{name: fmt.Sprintf("care_%dx%d", homes, resources)}
	f.path = filepath.Join(b.cache, "instances", f.name+".min")
	_, err := measure.Run(ctx, b.limit, io.Discard, b.bin("town"), "-as", "min", "-needs", strconv.Itoa(homes),
		"-resources", strconv.Itoa(resources), "-seed", strconv.Itoa(seed), "-out", f.path)
	if err == nil {
		f.nodes, f.arcs, err = sizes(f.path)
	}
	if err != nil {
		return f, fmt.Errorf("make %s: %w", f.name, err)
	}
	return f, nil
}

// sharedInstances returns the folder of index.csv, "" if there is none: below COURTYARD_SHARED, or below a folder
// shared/ beside the repository or one of the folders it lies in.
func sharedInstances() (string, error) {
	var tries []string
	if env := os.Getenv("COURTYARD_SHARED"); env != "" {
		tries = []string{env, filepath.Join(env, "data")}
	} else {
		dir, err := os.Getwd()
		if err != nil {
			return "", fmt.Errorf("find the shared instances: %w", err)
		}
		for ; ; dir = filepath.Dir(dir) {
			tries = append(tries, filepath.Join(dir, "shared", "data"))
			if dir == filepath.Dir(dir) {
				break
			}
		}
	}
	for _, try := range tries {
		if _, err := os.Stat(filepath.Join(try, "match", "index.csv")); err == nil {
			return filepath.Join(try, "match"), nil
		}
	}
	if os.Getenv("COURTYARD_SHARED") != "" {
		return "", errors.New("COURTYARD_SHARED holds no match/index.csv")
	}
	return "", nil
}

// unpackShared unpacks every file of kind min-cost-flow and transportation that index.csv lists into dir.
func unpackShared(shared, dir string) ([]flowInstance, error) {
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
	var all []flowInstance
	for _, row := range rows[1:] {
		if kind := row[column["kind"]]; kind != "min-cost-flow" && kind != "transportation" {
			continue
		}
		file := row[column["file"]]
		f := flowInstance{name: strings.TrimSuffix(strings.TrimSuffix(filepath.Base(file), ".gz"), ".min"), known: true}
		f.path = filepath.Join(dir, f.name+".min")
		f.floor = &report.Floor{Peer: report.Fastest, Ratio: generalFloor, Joins: true}
		if f.optimum, err = strconv.ParseInt(row[column["best_known"]], 10, 64); err != nil {
			return nil, fmt.Errorf("read the index: %s: %w", file, err)
		}
		if err := unpack(filepath.Join(shared, file), f.path); err != nil {
			return nil, err
		}
		if f.nodes, f.arcs, err = sizes(f.path); err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		all = append(all, f)
	}
	return all, nil
}

// unpack copies from, plain or gzip by its name, to the plain file to, unless that is there.
func unpack(from, to string) (err error) {
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return fmt.Errorf("unpack: %w", err)
	}
	defer in.Close()
	var plain io.Reader = in
	if strings.HasSuffix(from, ".gz") {
		if plain, err = gzip.NewReader(in); err != nil {
			return fmt.Errorf("unpack %s: %w", from, err)
		}
	}
	out, err := os.Create(to + ".part")
	if err != nil {
		return fmt.Errorf("unpack %s: %w", from, err)
	}
	_, err = io.Copy(out, plain)
	if err := errors.Join(err, out.Close()); err != nil {
		return fmt.Errorf("unpack %s: %w", from, err)
	}
	return os.Rename(to+".part", to)
}

// sizes reads the nodes and arcs from the problem line.
func sizes(path string) (nodes, arcs int, err error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, 0, err
	}
	defer f.Close()
	head := make([]byte, 1<<20) // comments may come first
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return 0, 0, err
	}
	for line := range strings.Lines(string(head[:n])) {
		if strings.HasPrefix(line, "p") {
			_, err := fmt.Sscanf(line, "p min %d %d", &nodes, &arcs)
			return nodes, arcs, err
		}
	}
	return 0, 0, errors.New("no problem line")
}

// measureFlows runs every solver on every instance, one after the other (A B C D A B C D ...). Ours is the named binary.
func (b *bench) measureFlows(ctx context.Context, subject, ours string, flows []flowInstance) error {
	for i := range flows {
		f := &flows[i]
		if !b.match.MatchString(f.name) {
			continue
		}
		commands := [...][]string{
			{b.bin(ours), f.path}, {b.lemon(), "ns", f.path}, {b.lemon(), "cs", f.path}, {b.python(), b.peer("ortools_mcf.py"), f.path},
		}
		for n := 1; n <= b.runs; n++ {
			for s, solver := range flowSolvers {
				key := measure.Key{Subject: subject, Instance: f.name, Solver: solver, Run: n}
				if f.alone && s > 0 || b.stores[subject].Has(key) || b.spent(b.stores[subject].Runs(subject, f.name, solver)) {
					continue
				}
				r, err := measure.Driver(ctx, b.limit, commands[s]...)
				if err != nil {
					return err
				}
				r.Key = key
				if r.State == measure.OK && f.known && r.Optimum != f.optimum {
					r.State, r.Note = measure.Wrong, fmt.Sprintf("optimum %d, not %d", r.Optimum, f.optimum)
				}
				if err := b.keep(r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// spent reports whether a solver has used up its budget on an instance, or does not end there.
func (b *bench) spent(runs []measure.Record) bool {
	sum := 0.0
	for _, r := range runs {
		if r.State != measure.OK {
			return true
		}
		sum += r.SolveS
	}
	return sum > b.budget.Seconds()
}

// flowTable sums the records of a subject up; nil if there are none.
func (b *bench) flowTable(subject string, flows []flowInstance) (table *report.Flows, faults []string) {
	table = &report.Flows{Peers: flowSolvers[1:], Small: &report.Floor{Peer: report.Fastest, Ratio: generalFloor}}
	for i := range flows {
		f := &flows[i]
		row := report.FlowRow{Instance: f.name, Nodes: f.nodes, Arcs: f.arcs, Floor: f.floor}
		var sums []measure.Summary
		var agreed *int64
		for _, solver := range flowSolvers {
			runs := b.stores[subject].Runs(subject, f.name, solver)
			for _, r := range runs {
				switch {
				case r.State == measure.Wrong || r.State == measure.Failed:
					faults = append(faults, fmt.Sprintf("%s, %s, run %d: %s: %s", f.name, solver, r.Run, r.State, r.Note))
				case r.State == measure.OK && agreed == nil:
					agreed = &r.Optimum
				case r.State == measure.OK && r.Optimum != *agreed:
					faults = append(faults, fmt.Sprintf("%s, %s, run %d: optimum %d, another found %d", f.name, solver, r.Run, r.Optimum, *agreed))
				}
			}
			sums = append(sums, measure.Sum(runs))
		}
		if sums[0].Runs == 0 {
			continue
		}
		row.Ours, row.Peers = sums[0], sums[1:]
		table.Rows = append(table.Rows, row)
	}
	if len(table.Rows) == 0 {
		return nil, faults
	}
	return table, faults
}
