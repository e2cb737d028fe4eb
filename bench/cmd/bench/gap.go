//go:build linux || darwin

package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/report"
)

const (
	subjectGap = "gap"
	gapLimit   = 60 * time.Second // of each solver, on each instance
	gapPeer    = "CP-SAT"
)

// gapInstance is one file of the generalised assignment problem.
type gapInstance struct {
	name, path string
	best       int64 // the best value known
	peer       bool  // run the peer too: on type D, and on a sample of the others
}

// gapInstances lists the shared files, none where they are absent.
func gapInstances() ([]gapInstance, error) {
	shared, err := sharedInstances()
	if err != nil || shared == "" {
		return nil, err
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
	var all []gapInstance
	for _, row := range rows[1:] {
		kind := row[column["kind"]]
		if !strings.HasPrefix(kind, "gap-") {
			continue
		}
		file := row[column["file"]]
		g := gapInstance{name: strings.TrimSuffix(filepath.Base(file), ".gz"), path: filepath.Join(shared, filepath.FromSlash(file))}
		if g.best, err = strconv.ParseInt(row[column["best_known"]], 10, 64); err != nil {
			return nil, fmt.Errorf("read the index: %s: %w", file, err)
		}
		switch g.name {
		case "c10400", "c201600", "e10200", "e20400", "gap12-0":
			g.peer = true
		default:
			g.peer = kind == "gap-D"
		}
		all = append(all, g)
	}
	return all, nil
}

// measureGaps runs ours, and the peer where it is asked, once on every instance: a run lasts a minute, not a moment.
func (b *bench) measureGaps(ctx context.Context) error {
	all, err := gapInstances()
	if err != nil {
		return err
	}
	for _, g := range all {
		if !b.match.MatchString(g.name) {
			continue
		}
		commands := map[string][]string{"Courtyard": {b.bin("gap"), g.path, gapLimit.String()}}
		if g.peer {
			commands[gapPeer] = []string{b.python(), b.peer("gap_cpsat.py"), g.path, strconv.FormatFloat(gapLimit.Seconds(), 'f', -1, 64)}
		}
		for _, solver := range []string{"Courtyard", gapPeer} {
			key := measure.Key{Subject: subjectGap, Instance: g.name, Solver: solver, Run: 1}
			if commands[solver] == nil || b.stores[subjectGap].Has(key) {
				continue
			}
			r, err := measure.Driver(ctx, max(b.limit, 2*gapLimit), commands[solver]...)
			if err != nil {
				return err
			}
			r.Key = key
			if r.State == measure.OK && r.Plan != nil && (r.Plan.Tiers[0].Bound > g.best || r.Plan.Status == "optimal" && r.Optimum > g.best) {
				r.State, r.Note = measure.Wrong, fmt.Sprintf("objective %d, bound %d; %d is known", r.Optimum, r.Plan.Tiers[0].Bound, g.best)
			}
			if err := b.keep(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// gapTable lists what was measured; nil if nothing was.
func (b *bench) gapTable(faults *[]string) (*report.Gaps, error) {
	all, err := gapInstances()
	if err != nil {
		return nil, err
	}
	table := &report.Gaps{Peer: gapPeer, Limit: gapLimit}
	for _, g := range all {
		row := report.GapRow{Instance: g.name, Best: g.best}
		for solver, to := range map[string]*measure.Summary{"Courtyard": &row.Ours, gapPeer: &row.Peer} {
			runs := b.stores[subjectGap].Runs(subjectGap, g.name, solver)
			*to = measure.Sum(runs)
			for _, r := range runs {
				if r.State == measure.Wrong || r.State == measure.Failed && solver == "Courtyard" {
					*faults = append(*faults, fmt.Sprintf("%s, %s: %s: %s", g.name, solver, r.State, r.Note))
				}
			}
		}
		if row.Ours.Runs > 0 {
			table.Rows = append(table.Rows, row)
		}
	}
	if len(table.Rows) == 0 {
		return nil, nil
	}
	return table, nil
}
