package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/courtyard-care/courtyard/bench/measure"
)

// Transport is the table of the transportation engine: the care instances beside the peers, and open problems.
type Transport struct {
	Flows  *Flows
	Faster []Faster
	Opened []OpenedRow
}

// Faster is a promise: so many times as fast as the fastest peer; 0 for an instance that peers do not get.
type Faster struct {
	Instance string
	Times    float64
}

// OpenedRow is one open problem.
type OpenedRow struct {
	Instance string
	Cold     measure.Summary // solved from nothing
	Median   measure.Summary // one change and its answer
	Worst    measure.Summary // the same, 99th percentile
	Crowd    measure.Summary // one change of every hundredth need, answered together
}

// The floors of open problems and of the largest instance.
const (
	oneMedianS, oneWorstS = 0.001, 0.015
	crowdPart             = 0.1
	aloneS, aloneBytes    = 80, 600 << 20
)

// Write writes the tables and returns the losses.
func (t *Transport) Write(w io.Writer) []Lost {
	lost := t.Flows.Write(w)
	fmt.Fprintln(w)
	for _, promise := range t.Faster {
		for i := range t.Flows.Rows {
			r := &t.Flows.Rows[i]
			if r.Instance != promise.Instance || r.Ours.State != measure.OK {
				continue
			}
			var text string
			var missed bool
			if promise.Times == 0 {
				text = fmt.Sprintf("below %d s and %d MiB: %.1f s, %.0f MiB", aloneS, aloneBytes>>20, r.Ours.SolveS, float64(r.Ours.PeakRSS)/(1<<20))
				missed = r.Ours.SolveS >= aloneS || r.Ours.PeakRSS >= aloneBytes
			} else if peer, capped, ok := r.fastest(); ok {
				times := peer / r.Ours.SolveS
				text = fmt.Sprintf("at least %.1f times as fast as the fastest peer: %s%.1f", promise.Times, map[bool]string{true: "more than "}[capped], times)
				missed = times < promise.Times
			} else {
				continue
			}
			fmt.Fprintf(w, "- %s: %s%s. %.0f bytes an arc.\n", r.Instance, text, verdict(missed), float64(r.Ours.PeakRSS)/float64(r.Arcs))
			if missed {
				lost = append(lost, Lost{r.Instance, "floor " + text})
			}
		}
	}
	if len(t.Opened) == 0 {
		return lost
	}
	fmt.Fprint(w, "\nAn open problem: needs added, cancelled and moved, capacity one up or down, costs changed. Milliseconds from the change to the answer.\n\n")
	fmt.Fprintln(w, "| instance | solved anew | one change, median | 99th percentile | 1 % of needs moved | of solving anew | floors |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---|")
	for _, r := range t.Opened {
		part := r.Crowd.SolveS / r.Cold.SolveS
		var missed []string
		for _, f := range []struct {
			missed bool
			text   string
		}{
			{r.Median.SolveS >= oneMedianS, "median < 1 ms"},
			{r.Worst.SolveS >= oneWorstS, "99th percentile < 15 ms"},
			{part > crowdPart, "1 % ≤ 0.1"},
		} {
			if f.missed {
				missed = append(missed, f.text)
			}
		}
		text := "kept"
		if len(missed) > 0 {
			text = "**" + strings.Join(missed, ", ") + ": missed**"
			lost = append(lost, Lost{r.Instance, "floor " + strings.Join(missed, ", ")})
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %.2f | %s |\n", r.Instance, milliseconds(r.Cold.SolveS), milliseconds(r.Median.SolveS),
			milliseconds(r.Worst.SolveS), milliseconds(r.Crowd.SolveS), part, text)
	}
	return lost
}

func verdict(missed bool) string {
	if missed {
		return " (**missed**)"
	}
	return ""
}
