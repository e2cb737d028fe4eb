package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/courtyard-care/courtyard/bench/measure"
)

// Matches are the tables of the whole match: plans under a time limit, and second thoughts from a finished one.
type Matches struct {
	Plans    []PlanRow
	Thoughts []ThoughtRow
}

// PlanRow is the plan of one solver on one instance.
type PlanRow struct {
	Instance string
	Solver   string
	Ours     bool
	Run      measure.Summary
	Worth    int64  // of a unit of a number in units of the next, in the weighted sum
	Reading  string // what the plan says in the words of the instance, "" for nothing
	Floor    string // what is promised, "" for nothing
	Missed   bool
}

// ThoughtRow is what is asked of a finished match.
type ThoughtRow struct {
	Instance string
	What     string
	Run      measure.Summary // SolveS is the median of Many, or the whole; ReadS is the match before
	Many     bool
	FloorS   float64
}

// Write writes the tables and returns the losses: floors missed, and peers with a better plan.
func (m *Matches) Write(w io.Writer) []Lost {
	var lost []Lost
	if len(m.Plans) > 0 {
		fmt.Fprint(w, "Plans under a time limit of 10 s, the first of up to three runs, times and memory their medians. Each number of the tuple with its bound "+
			"where that is not proved; the gap is that of the first number not proved, (value − bound) / value. The weighted sum makes one number of "+
			"all, each unit of a number worth more than all of the next.\n\n")
		fmt.Fprintln(w, "| instance | solver | status | objective (bound) | gap | gap of the weighted sum | wall s | CPU s | peak MB | floor |")
		fmt.Fprintln(w, "|---|---|---|---|---:|---:|---:|---:|---:|---|")
	}
	best := map[string]*measure.Plan{}
	for i := range m.Plans {
		r := &m.Plans[i]
		if r.Run.State != measure.OK || r.Run.Plan == nil {
			fmt.Fprintf(w, "| %s | %s | **%s** | | | | | | | %s |\n", r.Instance, r.Solver, r.Run.State, r.Floor)
			if r.Ours {
				lost = append(lost, Lost{r.Instance, "no answer"})
			}
			continue
		}
		p := r.Run.Plan
		switch ours := best[r.Instance]; {
		case r.Ours:
			best[r.Instance] = p
		case ours != nil && less(p, ours):
			lost = append(lost, Lost{r.Instance, r.Solver + " has a better plan"})
		}
		_, _, weighted := p.Weighted(r.Worth)
		floor := r.Floor
		switch {
		case floor != "" && r.Missed:
			lost = append(lost, Lost{r.Instance, "floor: " + floor})
			floor = "**" + floor + ": missed**"
		case floor != "":
			floor += ": kept"
		}
		numbers := tuple(p)
		if r.Reading != "" {
			numbers += "; " + r.Reading
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %s | %s | %.2f | %.2f | %s | %s |\n", r.Instance, r.Solver, p.Status, numbers, percent(p.Gap),
			percent(weighted), r.Run.SolveS, r.Run.CPUS, megabytes(r.Run), floor)
	}
	if len(m.Thoughts) == 0 {
		return lost
	}
	fmt.Fprint(w, "\nSecond thoughts, from a finished match.\n\n")
	fmt.Fprintln(w, "| instance | what | time | 90th percentile | match before, s | peak MB | floor |")
	fmt.Fprintln(w, "|---|---|---:|---:|---:|---:|---|")
	for _, r := range m.Thoughts {
		if r.Run.State != measure.OK {
			fmt.Fprintf(w, "| %s | %s | **%s** | | | | |\n", r.Instance, r.What, r.Run.State)
			lost = append(lost, Lost{r.Instance, r.What + ": no answer"})
			continue
		}
		took, tail, floor := fmt.Sprintf("%.2f s", r.Run.SolveS), "", ""
		if r.Many {
			took, tail = milliseconds(r.Run.SolveS)+" ms, median", milliseconds(r.Run.P90S)+" ms"
		}
		if r.FloorS > 0 {
			floor = fmt.Sprintf("< %g s", r.FloorS)
			if r.Many {
				floor = fmt.Sprintf("median < %g ms", r.FloorS*1e3)
			}
			if r.Run.SolveS < r.FloorS {
				floor += ": kept"
			} else {
				lost = append(lost, Lost{r.Instance, "floor: " + r.What + " " + floor})
				floor = "**" + floor + ": missed**"
			}
		}
		fmt.Fprintf(w, "| %s | %s | %s | %s | %.1f | %s | %s |\n", r.Instance, r.What, took, tail, r.Run.ReadS, megabytes(r.Run), floor)
	}
	return lost
}

// less reports whether plan p is better than q, tier by tier.
func less(p, q *measure.Plan) bool {
	for i := range min(len(p.Tiers), len(q.Tiers)) {
		if a, b := p.Tiers[i].Value, q.Tiers[i].Value; a != b {
			return a < b
		}
	}
	return false
}

// tuple is "unmet_1 32 (≥ 29), cost 6,237,500".
func tuple(p *measure.Plan) string {
	var parts []string
	for _, t := range p.Tiers {
		text := t.Name + " " + Thousands(t.Value)
		if t.Bound != t.Value {
			text += " (≥ " + Thousands(t.Bound) + ")"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// percent keeps two digits behind the point, and more where they would be nought.
func percent(share float64) string {
	switch {
	case share == 0:
		return "0"
	case share < 0.0001:
		return fmt.Sprintf("%.1e %%", share*100)
	}
	return fmt.Sprintf("%.2f %%", share*100)
}
