package report

import (
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/bench/measure"
)

// planned is a run that found a plan of three unmet at such a cost.
func planned(status string, unmetBound, cost, costBound int64, gap float64) measure.Summary {
	s := took(9.5)
	s.Plan = &measure.Plan{Status: status, Gap: gap, Tiers: []measure.Tier{
		{Name: "unmet_2", Value: 3, Bound: unmetBound}, {Name: "cost", Value: cost, Bound: costBound},
	}}
	return s
}

// matches holds a row of every sort: proved, floor kept and missed, a peer behind and one ahead, no answer.
func matches() *Matches {
	call := took(0.004)
	call.P90S, call.ReadS = 0.020, 30
	return &Matches{
		Plans: []PlanRow{
			{Instance: "kept", Solver: "Courtyard", Ours: true, Run: planned("optimal", 3, 5_000, 5_000, 0), Worth: 10_000, Floor: "proved"},
			{Instance: "kept", Solver: "a peer", Run: planned("feasible", 2, 6_000, 0, 1.0/3), Worth: 10_000},
			{
				Instance: "missed", Solver: "Courtyard", Ours: true, Run: planned("feasible", 3, 5_000, 4_000, 0.2), Worth: 10_000,
				Reading: "in other words", Floor: "gap ≤ 1 %", Missed: true,
			},
			{Instance: "missed", Solver: "a peer", Run: planned("feasible", 3, 4_900, 4_000, 0.18), Worth: 10_000},
			{Instance: "broken", Solver: "Courtyard", Ours: true, Run: measure.Summary{State: measure.Failed, Runs: 1}},
		},
		Thoughts: []ThoughtRow{
			{Instance: "calls", What: "offers", Run: call, Many: true, FloorS: 0.01},
			{Instance: "changes", What: "relaxations", Run: took(40), FloorS: 30},
		},
	}
}

func TestMatchLosses(t *testing.T) {
	var b strings.Builder
	var got []string
	for _, l := range matches().Write(&b) {
		got = append(got, l.Row+": "+l.What)
	}
	want := "missed: floor: gap ≤ 1 %|missed: a peer has a better plan|broken: no answer|changes: floor: relaxations < 30 s"
	if strings.Join(got, "|") != want {
		t.Errorf("losses = %q, want %q", got, want)
	}
}
