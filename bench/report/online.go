package report

import (
	"fmt"
	"io"
)

// Online is the table of days on which needs come one by one.
type Online struct {
	Needs, Resources, Seeds int
	Rows                    []OnlineRow
}

// OnlineRow is one way of answering on one kind of day, over all seeds.
type OnlineRow struct {
	Day, Way      string
	Mean, Least   float64 // share of the value in hindsight
	Served        float64 // needs served, in parts of those served in hindsight
	MedianS       float64 // of one answer
	WorstS        float64 // of one answer, 99th percentile
	ReckoningS    float64 // median of one reckoning of the prices, between two answers
	ReckoningCPUS float64 // of all of a day, a history learnt included
	Floor         float64 // promised share, 0 for none
}

// Write writes the table and returns the floors that were missed.
func (o *Online) Write(w io.Writer) []Lost {
	fmt.Fprintf(w, "%s needs come one by one to %s resources; towns of seeds 1 to %d. Value: Σ over served needs of (unmet − cost), as a share of the optimum with all needs known.\n\n",
		Thousands(int64(o.Needs)), Thousands(int64(o.Resources)), o.Seeds)
	fmt.Fprintln(w, "| day | answers | share of hindsight, mean | least | served | one answer, µs: median | 99th percentile | one reckoning, ms | of a day, CPU s | floor |")
	fmt.Fprintln(w, "|---|---|---:|---:|---:|---:|---:|---:|---:|---|")
	var lost []Lost
	for _, r := range o.Rows {
		reckonings, floor := " | ", ""
		if r.ReckoningS > 0 {
			reckonings = fmt.Sprintf(" %.1f | %.1f ", r.ReckoningS*1e3, r.ReckoningCPUS)
		}
		if r.Floor > 0 {
			floor = fmt.Sprintf("≥ %.1f %%: kept", 100*r.Floor)
			if r.Least < r.Floor {
				floor = fmt.Sprintf("**≥ %.1f %%: missed**", 100*r.Floor)
				lost = append(lost, Lost{r.Day, "floor " + floor + ": " + r.Way})
			}
		}
		fmt.Fprintf(w, "| %s | %s | %.2f %% | %.2f %% | %.2f %% | %.1f | %.1f |%s| %s |\n",
			r.Day, r.Way, 100*r.Mean, 100*r.Least, 100*r.Served, r.MedianS*1e6, r.WorstS*1e6, reckonings, floor)
	}
	return lost
}
