//go:build linux || darwin

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/report"
)

// transportSizes are the care instances of solver/transport, and what is promised of them: so many times as fast as the
// fastest peer (0: nothing). Those that are alone are too large for the peers, whose times grow with the square of the needs;
// the largest has a floor of its own.
var transportSizes = [...]struct {
	homes, resources int
	faster           float64
	alone            bool
}{
	{2_000, 800, 1.8, false},
	{5_000, 2_000, 0, false},
	{10_000, 4_000, 0, false},
	{20_000, 8_000, 6, false},
	{50_000, 20_000, 5, false},
	{100_000, 40_000, 10, false},
	{200_000, 80_000, 0, true},
	{500_000, 200_000, 0, true},
	{largest, 400_000, 0, true},
}

// largest is the number of needs of the largest instance.
const largest = 1_000_000

// growthPlot is the plot's file, beside the page.
const growthPlot = "growth.svg"

// openedSizes are those on which an open problem is changed.
var openedSizes = [...]int{20_000, 100_000}

// What the driver says of an open problem, as the solvers of its records.
const (
	openCold   = "solved anew"
	openMedian = "one change, median"
	openWorst  = "one change, 99th percentile"
	openCrowd  = "1 % of needs moved"
)

func transportName(homes, resources int) string { return fmt.Sprintf("care_%dx%d", homes, resources) }

// measureTransport runs solver/transport and the peers on the care instances, and changes open problems.
func (b *bench) measureTransport(ctx context.Context) error {
	for _, size := range transportSizes {
		if !b.match.MatchString(transportName(size.homes, size.resources)) {
			continue
		}
		f, err := b.careInstance(ctx, size.homes, size.resources)
		if err != nil {
			return err
		}
		f.alone = size.alone
		if err := b.measureFlows(ctx, subjectTransport, "transport", []flowInstance{f}); err != nil {
			return err
		}
		for _, homes := range openedSizes {
			if homes == size.homes {
				if err := b.measureOpened(ctx, f); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// measureOpened changes an open problem; one run of the driver makes a record of each of its figures.
func (b *bench) measureOpened(ctx context.Context, f flowInstance) error {
	for n := 1; n <= b.runs; n++ {
		if b.stores[subjectTransport].Has(measure.Key{Subject: subjectTransport, Instance: f.name, Solver: openCrowd, Run: n}) {
			continue
		}
		for _, figure := range [...][2]string{{openCold, "cold"}, {openMedian, "median"}, {openWorst, "worst"}, {openCrowd, "crowd"}} {
			r, err := measure.Driver(ctx, b.limit, b.bin("transport"), "-changes", figure[1], f.path)
			if err != nil {
				return err
			}
			r.Key = measure.Key{Subject: subjectTransport, Instance: f.name, Solver: figure[0], Run: n}
			if err := b.keep(r); err != nil {
				return err
			}
		}
	}
	return nil
}

// transportTable sums the records up; nil if there are none.
func (b *bench) transportTable(faults *[]string) *report.Transport {
	table := &report.Transport{}
	var flows []flowInstance
	for _, size := range transportSizes {
		f := flowInstance{name: transportName(size.homes, size.resources)}
		f.nodes, f.arcs = size.homes+size.resources+1, 21*size.homes+size.resources
		flows = append(flows, f)
		if size.faster > 0 || size.homes == largest {
			table.Faster = append(table.Faster, report.Faster{Instance: f.name, Times: size.faster})
		}
	}
	var wrong []string
	if table.Flows, wrong = b.flowTable(subjectTransport, flows); table.Flows == nil {
		return nil
	}
	*faults = append(*faults, wrong...)
	for _, f := range flows {
		row := report.OpenedRow{Instance: f.name}
		for solver, to := range map[string]*measure.Summary{openCold: &row.Cold, openMedian: &row.Median, openWorst: &row.Worst, openCrowd: &row.Crowd} {
			*to = measure.Sum(b.stores[subjectTransport].Runs(subjectTransport, f.name, solver))
		}
		if row.Cold.Runs > 0 {
			table.Opened = append(table.Opened, row)
		}
	}
	return table
}

// growth fits the growth of the times in table, which may be nil.
func growth(table *report.Transport) *report.Growth {
	if table == nil {
		return nil
	}
	needs := make([]int, len(table.Flows.Rows))
	for i, row := range table.Flows.Rows {
		for _, size := range transportSizes {
			if row.Instance == transportName(size.homes, size.resources) {
				needs[i] = size.homes
			}
		}
	}
	return report.NewGrowth(table.Flows, needs, growthPlot)
}

// writePlot draws the growth into dir.
func writePlot(dir string, g *report.Growth) error {
	var picture bytes.Buffer
	if err := g.WriteSVG(&picture); err != nil {
		return fmt.Errorf("draw the growth: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, growthPlot), picture.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write the plot: %w", err)
	}
	return nil
}
