package match

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// hand makes a match by hand: needs and resources by their ids, and rows of who serves whom.
type hand struct {
	needs, resources []string
	rows             []Match
	unmet            []Unmet
}

func (h hand) build() (*Problem, *Solution) {
	p := &Problem{Horizon: care.Horizon{From: care.DateOf(2026, 12, 1), Days: 7}}
	for _, id := range h.needs {
		p.Lists.Needs = append(p.Lists.Needs, care.Need{ID: id, StandIns: []care.StandIn{{Service: "soup"}}})
	}
	s := &Solution{Status: solver.Optimal, Matches: h.rows, Unmet: h.unmet}
	for _, id := range h.resources {
		p.Lists.Resources = append(p.Lists.Resources, care.Resource{ID: id, Capacity: 9})
		s.Resources = append(s.Resources, ResourceUse{Capacity: 9})
	}
	for _, x := range h.rows {
		s.Resources[x.Resource].Used += x.Units
	}
	return p, s
}

// One person for each word, in the order of the lists.
func TestCompareNamesEachChange(t *testing.T) {
	row := func(need, resource int32, units int64) Match {
		return Match{Need: need, Resource: resource, Units: units, StandIn: -1, Day: -1}
	}
	on := func(x Match, day int32) Match { x.Day = day; return x }
	as := func(x Match) Match { x.StandIn = 0; return x }
	before := hand{
		needs:     []string{"gone", "same", "new", "lost", "moved", "units", "day", "soup", "asks"},
		resources: []string{"r1", "r2", "closed"},
		rows: []Match{
			row(0, 2, 1), row(1, 0, 2), row(3, 0, 1), row(4, 0, 1), row(4, 1, 1), row(5, 0, 2), on(row(6, 0, 1), 2), row(7, 1, 1), row(8, 1, 1),
		},
		unmet: []Unmet{{Need: 2, Units: 1}, {Need: 8, Units: 1}},
	}
	after := hand{ // the lists in another order
		needs:     []string{"asks", "soup", "day", "units", "moved", "lost", "new", "same", "late", "none"},
		resources: []string{"r2", "r1", "r3"},
		rows: []Match{
			row(0, 0, 1), as(row(1, 0, 1)), on(row(2, 1, 1), 3), row(3, 1, 1), row(4, 0, 1), row(4, 2, 1), row(6, 1, 1), row(7, 1, 2), row(8, 2, 1),
		},
		unmet: []Unmet{{Need: 3, Units: 1}, {Need: 5, Units: 1}, {Need: 9, Units: 2}},
	}
	p, a := before.build()
	q, b := after.build()
	held := func(resource string, units int64) Held { return Held{Resource: resource, Units: units} }
	one, none := Share{1, 1}, Share{1, 0}
	day := func(d int) Held { return Held{Resource: "r1", Units: 1, Date: care.DateOf(2026, 12, d)} }
	want := []PersonChange{
		{Need: "gone", What: ChangeRemoved, Units: ShareTurn{Before: one}, From: []Held{held("closed", 1)}, Passed: 1},
		{Need: "new", What: ChangeServed, Units: ShareTurn{none, one}, To: []Held{held("r1", 1)}},
		{Need: "lost", What: ChangeUnmet, Units: ShareTurn{one, none}, From: []Held{held("r1", 1)}, Passed: 1},
		{
			Need: "moved", What: ChangeMoved, Units: ShareTurn{Share{2, 2}, Share{2, 2}}, Passed: 1,
			From: []Held{held("r1", 1), held("r2", 1)}, To: []Held{held("r2", 1), held("r3", 1)},
		},
		{Need: "units", What: ChangeUnits, Units: ShareTurn{Share{2, 2}, Share{2, 1}}, From: []Held{held("r1", 2)}, To: []Held{held("r1", 1)}, Passed: 1},
		{Need: "day", What: ChangeVisits, Units: ShareTurn{one, one}, From: []Held{day(3)}, To: []Held{day(4)}},
		{Need: "soup", What: ChangeVisits, Units: ShareTurn{one, one}, From: []Held{held("r2", 1)}, To: []Held{{Resource: "r2", Service: "soup", Units: 1}}},
		{Need: "late", What: ChangeAdded, Units: ShareTurn{After: one}, To: []Held{held("r3", 1)}},
		{Need: "none", What: ChangeAdded, Units: ShareTurn{After: Share{2, 0}}},
	}
	d := Compare(p, a, q, b)
	if diff := cmp.Diff(want, d.Persons); diff != "" {
		t.Errorf("persons (-want +got):\n%s", diff)
	}
	resources := []ResourceChange{
		{"r1", ChangeLoad, Turn[int64]{7, 5}, Turn[int64]{9, 9}}, // 2+1+1+2+1, then 1+1+1+2
		{"closed", ChangeRemoved, Turn[int64]{Before: 1}, Turn[int64]{Before: 9}},
		{"r3", ChangeAdded, Turn[int64]{After: 2}, Turn[int64]{After: 9}},
	}
	if diff := cmp.Diff(resources, d.Resources); diff != "" {
		t.Errorf("resources (-want +got):\n%s", diff)
	}
	if persons, passed := d.Count(ChangeMoved); persons != 1 || passed != 1 {
		t.Errorf("Count(moved) = %d persons, %d units, want 1 and 1", persons, passed)
	}
	if persons, _ := d.Count(ChangeVisits); persons != 2 {
		t.Errorf("Count(visits) = %d persons, want 2", persons)
	}
}

// Units go up the path of a party: to each party above it, whether that holds needs itself or not.
func TestCompareRollsPartiesUp(t *testing.T) {
	group := func(name string, asked, served int64) Group { return Group{name, Share{asked, served}} }
	a := &Solution{Figures: Figures{ByParty: []Group{group("", 1, 0), group("a-b", 2, 2), group("a/b/c", 5, 1), group("a/d", 7, 0)}}}
	b := &Solution{Figures: Figures{ByParty: []Group{group("a", 4, 4), group("a/b/c", 6, 6)}}}
	turn := func(asked, served, later, laterServed int64) ShareTurn {
		return ShareTurn{Share{asked, served}, Share{later, laterServed}}
	}
	want := []PartyTurn{
		{"", turn(1, 0, 0, 0), turn(1, 0, 0, 0)},
		{"a", turn(0, 0, 4, 4), turn(12, 1, 10, 10)}, // 5+7 then 4+6
		{"a/b", turn(0, 0, 0, 0), turn(5, 1, 6, 6)},
		{"a/b/c", turn(5, 1, 6, 6), turn(5, 1, 6, 6)},
		{"a/d", turn(7, 0, 0, 0), turn(7, 0, 0, 0)},
		{"a-b", turn(2, 2, 0, 0), turn(2, 2, 0, 0)},
	}
	if diff := cmp.Diff(want, Compare(&Problem{}, a, &Problem{}, b).ByParty); diff != "" {
		t.Errorf("parties (-want +got):\n%s", diff)
	}
}

// On solved problems: nothing changes from a match to itself; backwards is the mirror image; what is listed adds up.
func TestCompareAddsUp(t *testing.T) {
	for seed := range uint64(60) {
		rng := rand.New(rand.NewPCG(seed, 5))
		p := randomProblem(rng, shape{needs: 1 + rng.IntN(12), resources: 1 + rng.IntN(6), spread: 0.05, units: 3, capacity: 4})
		q := *p // some needs and resources go, others come, and a capacity changes
		q.Lists.Needs = slices.Clone(p.Lists.Needs[rng.IntN(len(p.Lists.Needs)):])
		q.Lists.Resources = slices.Clone(p.Lists.Resources)
		last := &q.Lists.Resources[len(q.Lists.Resources)-1]
		last.Capacity += 2
		if rng.IntN(2) == 0 {
			last.ID = "new"
		}
		known := map[string]bool{}
		for _, r := range q.Lists.Resources {
			known[r.ID] = true
		}
		gone := func(id string) bool { return !known[id] }
		for i := range q.Lists.Needs {
			n := &q.Lists.Needs[i]
			n.Prefers = slices.DeleteFunc(slices.Clone(n.Prefers), gone)
			n.Avoids = slices.DeleteFunc(slices.Clone(n.Avoids), gone)
		}
		extra := q.Lists.Needs[0]
		extra.ID = "extra"
		q.Lists.Needs = append(q.Lists.Needs, extra)
		a, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		b, err := Solve(t.Context(), &q, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if d := Compare(p, a, p, a); len(d.Persons)+len(d.Resources) > 0 || d.Objective.Before != d.Objective.After {
			t.Errorf("seed %d: a match differs from itself: %+v", seed, d)
		}
		there, back := Compare(p, a, &q, b), Compare(&q, b, p, a)
		if len(there.Persons) != len(back.Persons) || len(there.Resources) != len(back.Resources) {
			t.Errorf("seed %d: %d persons and %d resources change, backwards %d and %d",
				seed, len(there.Persons), len(there.Resources), len(back.Persons), len(back.Resources))
		}
		served := there.Total.Before.Served
		for _, c := range there.Persons {
			served += c.Units.After.Served - c.Units.Before.Served
		}
		if served != there.Total.After.Served {
			t.Errorf("seed %d: with the changes of the persons %d units are served, want %d", seed, served, there.Total.After.Served)
		}
		used := there.Total.Before.Served
		for _, c := range there.Resources {
			used += c.Used.After - c.Used.Before
		}
		if used != there.Total.After.Served {
			t.Errorf("seed %d: with the changes of the resources %d units are used, want %d", seed, used, there.Total.After.Served)
		}
		var whole Turn[Share]
		for _, v := range there.ByParty {
			if !strings.Contains(string(v.Party), "/") {
				whole.Before.add(v.Whole.Before)
				whole.After.add(v.Whole.After)
			}
		}
		if whole != there.Total {
			t.Errorf("seed %d: the parties at the top add up to %v, want %v", seed, whole, there.Total)
		}
	}
}
