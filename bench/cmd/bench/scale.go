//go:build linux || darwin

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/report"
)

// The row of the whole command.
const (
	scaleNeeds      = 100_000
	scaleResources  = 40_000
	scaleFloorS     = 90
	scaleFloorBytes = 2 << 30
	scaleCap        = 300 * time.Second
	scaleRuns       = 3
)

func scaleInstance() string { return fmt.Sprintf("%dx%d", scaleNeeds, scaleResources) }

// measureScale runs `courtyard match` on two CSV files, from the start of the process to its end.
func (b *bench) measureScale(ctx context.Context) error {
	dir := filepath.Join(b.cache, "instances", "scale_"+scaleInstance())
	if _, err := measure.Run(ctx, b.limit, io.Discard, b.bin("town"), "-as", "csv", "-classes", "-needs", strconv.Itoa(scaleNeeds),
		"-resources", strconv.Itoa(scaleResources), "-seed", strconv.Itoa(seed), "-out", dir); err != nil {
		return fmt.Errorf("make the lists: %w", err)
	}
	for n := 1; n <= min(b.runs, scaleRuns); n++ {
		key := measure.Key{Subject: subjectScale, Instance: scaleInstance(), Solver: "Courtyard", Run: n}
		if b.stores[subjectScale].Has(key) || b.spent(b.stores[subjectScale].Runs(subjectScale, scaleInstance(), "Courtyard")) {
			continue
		}
		r, err := b.scaleRun(ctx, dir)
		if err != nil {
			return err
		}
		r.Key = key
		if err := b.keep(r); err != nil {
			return err
		}
	}
	return nil
}

// scaleRun makes one run. The error is ctx's, or that of our own files.
func (b *bench) scaleRun(ctx context.Context, dir string) (measure.Record, error) {
	r := measure.Record{State: measure.OK, At: time.Now().UTC()}
	path := filepath.Join(dir, "answer.json")
	out, err := os.Create(path)
	if err != nil {
		return r, fmt.Errorf("keep the answer: %w", err)
	}
	use, ended := measure.Run(ctx, scaleCap, out, b.bin("courtyard"), "match", "--json",
		"--needs", filepath.Join(dir, "needs.csv"), "--resources", filepath.Join(dir, "resources.csv"))
	if err := errors.Join(ctx.Err(), out.Close()); err != nil {
		return r, err
	}
	r.SolveS, r.CPUS, r.PeakRSS = use.WallS, use.CPUS, use.PeakRSS
	if errors.Is(ended, measure.ErrCapped) {
		r.State, r.SolveS = measure.Capped, scaleCap.Seconds()
	} else if said, err := scaleAnswer(path, ended); err != nil {
		r.State, r.Note = measure.Failed, err.Error()
	} else {
		r.Optimum = said.Objective.Cost
		r.Note = fmt.Sprintf("%s eligible pairs, %s of them priced, unmet by class %d", report.Thousands(said.EligiblePairs),
			report.Thousands(said.PricedPairs), said.Objective.UnmetByClass)
	}
	return r, nil
}

// scaleAnswer reads the answer of a run that ended with the error ended.
func scaleAnswer(path string, ended error) (*answer, error) {
	if ended != nil {
		return nil, ended
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	return readAnswer(text)
}

// scaleTable sums the records up; nil if there are none.
func (b *bench) scaleTable(faults *[]string) *report.Scale {
	runs := b.stores[subjectScale].Runs(subjectScale, scaleInstance(), "Courtyard")
	if len(runs) == 0 {
		return nil
	}
	table := &report.Scale{
		Needs: scaleNeeds, Resources: scaleResources, Ours: measure.Sum(runs),
		FloorS: scaleFloorS, FloorBytes: scaleFloorBytes,
	}
	for _, r := range runs {
		switch {
		case r.State == measure.OK:
			table.Pairs = " The optimum of " + r.Note + "."
		case r.State != measure.Capped:
			*faults = append(*faults, fmt.Sprintf("scale, run %d: %s: %s", r.Run, r.State, r.Note))
		}
	}
	return table
}
