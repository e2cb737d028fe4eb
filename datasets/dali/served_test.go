package dali

import (
	"slices"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// TestServed holds the package comment to its word: of the default city 85 to 95 % of the units can be served, and what
// cannot has varied reasons.
func TestServed(t *testing.T) {
	reasons := make(map[match.Code]int)
	for seed := range uint64(cases(3)) {
		c := mustGenerate(t, 0, seed+1)
		p := &match.Problem{Lists: c.Lists, Weights: match.DefaultWeights(), Barriers: c.Barriers}
		s, err := match.Solve(t.Context(), p, match.Options{})
		if err != nil {
			t.Fatalf("Solve of seed %d failed: %v", seed+1, err)
		}
		if s.Status != solver.Optimal {
			t.Errorf("seed %d: status %v, want optimal", seed+1, s.Status)
		}
		within(t, "share served", float64(s.Figures.Served)/float64(s.Figures.Asked), 0.90, 0.05)
		for _, u := range s.Unmet {
			for _, r := range u.Reasons {
				reasons[r.Code]++
			}
		}
		for _, g := range s.Figures.ByService {
			if share := float64(g.Served) / float64(g.Asked); share < 0.4 {
				t.Errorf("seed %d: %s is served to %.0f %% only", seed+1, g.Name, 100*share)
			}
		}
	}
	want := []match.Code{
		match.CodeKind, match.CodeSkill, match.CodeLanguage, match.CodeGender, match.CodeMaxDistance, match.CodeRadius,
		match.CodeArea, match.CodePrice, match.CodeCapacity, match.CodeQuota,
	}
	for _, code := range want {
		if reasons[code] == 0 {
			t.Errorf("no need is unmet by %s; reasons seen: %v", code, reasons)
		}
	}
	for code := range reasons {
		if code != match.CodeMode && !slices.Contains(want, code) {
			t.Errorf("some need is unmet by %s", code)
		}
	}
}

// TestFullServed does the same for the full city, with all that is no flow left out of its lists, so that the match is proved at
// once: times, pairings, teams, sessions and stand-ins remain. What it serves is therefore an upper bound.
func TestFullServed(t *testing.T) {
	zone, err := time.LoadLocation(Timezone)
	if err != nil {
		t.Fatalf("LoadLocation(%q) failed: %v", Timezone, err)
	}
	for seed := range uint64(cases(3)) {
		c := mustGenerateFull(t, 0, seed+1)
		keepFlow(&c.Lists)
		p := &match.Problem{Lists: c.Lists, Weights: match.DefaultWeights(), Barriers: c.Barriers, Horizon: c.Horizon, Zone: zone}
		s, err := match.Solve(t.Context(), p, match.Options{})
		if err != nil {
			t.Fatalf("Solve of seed %d failed: %v", seed+1, err)
		}
		if s.Status != solver.Optimal || len(s.Hard) > 0 {
			t.Errorf("seed %d: status %v, hard %v, want an optimal flow", seed+1, s.Status, s.Hard)
		}
		var asked, served int64
		for i := range c.Lists.Needs {
			asked += asks(&c.Lists.Needs[i])
		}
		for _, m := range s.Matches {
			served += m.Units
		}
		within(t, "share served", float64(served)/float64(asked), 0.92, 0.03)
	}
}

// keepFlow takes from the lists what is no flow.
func keepFlow(l *care.Lists) {
	for i := range l.Needs {
		n := &l.Needs[i]
		n.Whole, n.Distinct, n.Carers, n.When.DaysApart = false, false, 0, 0
	}
	for j := range l.Resources {
		r := &l.Resources[j]
		r.MinUnits, r.Promised, r.CapacityMinutes, r.DayCapacity, r.Event = 0, false, care.Limit{}, nil, ""
	}
	for i := range l.Providers {
		l.Providers[i].Budget = care.Limit{}
	}
}
