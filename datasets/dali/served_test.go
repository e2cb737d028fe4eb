package dali

import (
	"slices"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
)

// TestServed holds the package comment to its word: of the default city 85 to 95 % of the units can be served, and what
// cannot has varied reasons.
func TestServed(t *testing.T) {
	reasons := make(map[match.Code]int)
	for seed := uint64(1); seed <= 3; seed++ {
		c := mustGenerate(t, 0, seed)
		p := &match.Problem{Lists: c.Lists, Weights: match.DefaultWeights(), Barriers: c.Barriers}
		s, err := match.Solve(t.Context(), p, match.Options{})
		if err != nil {
			t.Fatalf("Solve of seed %d failed: %v", seed, err)
		}
		if s.Status != solver.Optimal {
			t.Errorf("seed %d: status %v, want optimal", seed, s.Status)
		}
		within(t, "share served", float64(s.Figures.Served)/float64(s.Figures.Asked), 0.90, 0.05)
		for _, u := range s.Unmet {
			for _, r := range u.Reasons {
				reasons[r.Code]++
			}
		}
		for _, g := range s.Figures.ByService {
			if share := float64(g.Served) / float64(g.Asked); share < 0.4 {
				t.Errorf("seed %d: %s is served to %.0f %% only", seed, g.Name, 100*share)
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
