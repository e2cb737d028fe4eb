package minload

import (
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
)

func TestRecipe(t *testing.T) {
	in := New(500, 20, 7)
	total := int64(0)
	for j, s := range in.Sessions {
		total += s.Seats
		if s.Seats < leastSeats || s.Seats > mostSeats || 2*s.Least < s.Seats || 10*(s.Least-1) > 7*s.Seats {
			t.Errorf("session %d: %d of %d seats must be taken", j, s.Least, s.Seats)
		}
	}
	if total != 600 {
		t.Errorf("%d seats for 500 people, want 600", total)
	}
	if len(in.Pairs) < 500 || len(in.Pairs) > 500*20/2 {
		t.Errorf("%d pairs: the geography is not clustered", len(in.Pairs))
	}
	var a, b, c strings.Builder
	for _, x := range []struct {
		to   *strings.Builder
		seed uint64
	}{{&a, 7}, {&b, 7}, {&c, 8}} {
		if err := New(500, 20, x.seed).Write(x.to); err != nil {
			t.Fatal(err)
		}
	}
	if a.String() != b.String() || a.String() == c.String() {
		t.Error("the same seed, and only that, must give the same bytes")
	}
}

// The pairs written for the peers are those that the match finds, and its plan costs what Check measures.
func TestListsAreTheSameModel(t *testing.T) {
	in := New(200, 10, 1)
	p := &match.Problem{Lists: in.Lists(), Weights: match.Weights{Distance: 1}}
	s, err := match.Solve(t.Context(), p, match.Options{})
	if err != nil || s.Status != solver.Optimal {
		t.Fatalf("Solve = %v, %v", s, err)
	}
	if s.EligiblePairs != int64(len(in.Pairs)) {
		t.Errorf("%d eligible pairs, %d written", s.EligiblePairs, len(in.Pairs))
	}
	plan := make([]int, len(in.People))
	for i := range plan {
		plan[i] = -1
	}
	for _, m := range s.Matches {
		plan[m.Need] = int(m.Resource)
	}
	unmet, metres, err := in.Check(plan)
	if err != nil || unmet != s.Objective.Unmet[1] || metres != s.Objective.Cost {
		t.Errorf("Check = %d, %d, %v; the match says %d, %d", unmet, metres, err, s.Objective.Unmet[1], s.Objective.Cost)
	}
	few := make([]int, len(in.People))
	for i := range few {
		few[i] = -1
	}
	few[in.Pairs[0].Person] = in.Pairs[0].Session
	for name, bad := range map[string][]int{"short": nil, "too few to open": few} {
		if _, _, err := in.Check(bad); err == nil {
			t.Errorf("%s: Check finds no fault", name)
		}
	}
}
