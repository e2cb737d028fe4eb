//go:build linux || darwin

package main

import (
	"context"
	"fmt"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/report"
)

// transportSizes are the care instances of solver/transport, and what is promised of them: so many times as fast as the
// fastest peer. The last is too large for the peers.
var transportSizes = [...]struct {
	homes, resources int
	faster           float64
}{{2_000, 800, 1.8}, {20_000, 8_000, 6}, {50_000, 20_000, 5}, {100_000, 40_000, 10}, {1_000_000, 400_000, 0}}

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
		f.alone = size.faster == 0
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
		table.Faster = append(table.Faster, report.Faster{Instance: f.name, Times: size.faster})
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
