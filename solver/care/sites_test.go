package care

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// places lists pointer and code of each fault.
func places(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*solver.Invalid](err)
	if !ok {
		t.Fatalf("not an Invalid: %v", err)
	}
	var out []string
	for _, f := range invalid.Faults {
		out = append(out, f.Pointer+" "+f.Code)
	}
	return out
}

func hall() Premises {
	return Premises{ID: "h", At: travel.Place{Lon: 100, Lat: 25}, AreaM2: 400, Floor: 1, BarrierFree: true}
}

func TestSitesFaultsAllAtOnce(t *testing.T) {
	bad := hall()
	bad.AreaM2, bad.Floor, bad.BuildCost, bad.RunCost = 0, 1001, -1, MaxWhole+1
	bad.Party, bad.Services, bad.At.Lat = "a//b", []string{"meal", "meel", "", "meal"}, math.NaN()
	s := Sites{
		Premises:   []Premises{hall(), bad, {}},
		Population: []PopulationPoint{{ID: "p", People: -1}, {ID: "p"}},
		Services:   []Service{{ID: "meal"}},
	}
	want := []string{
		"/premises/1/id duplicate", "/premises/1/lat out_of_range", "/premises/1/area_m2 out_of_range", "/premises/1/floor out_of_range",
		"/premises/1/party invalid", "/premises/1/build_cost out_of_range", "/premises/1/run_cost out_of_range",
		"/premises/1/services/2 required", "/premises/1/services/3 duplicate", "/premises/1/services/1 unknown",
		"/premises/2/id required", "/premises/2/area_m2 out_of_range",
		"/population/0/people out_of_range", "/population/1/id duplicate",
	}
	if diff := cmp.Diff(want, places(t, s.Validate())); diff != "" {
		t.Error(diff)
	}
	s = Sites{Premises: []Premises{hall()}, Population: []PopulationPoint{{ID: "p"}}}
	if err := s.Validate(); err != nil {
		t.Errorf("sound sites: %v", err)
	}
}

func station() RuleSet {
	rule := func(id string, m Measure, v int64, region Party, from Date) Rule {
		return Rule{id, "station", m, v, m.Unit(), region, from, "a text", "confirm at the issuing office"}
	}
	return RuleSet{
		Version: "1",
		Uses:    []Use{{ID: "station", Services: []string{"day_care", "meal"}}, {ID: "shop", Services: []string{"haircut"}}},
		Rules: []Rule{
			rule("a", AreaMin, 300, "CN", 0),
			rule("b", AreaMin, 350, "CN/52", DateOf(2022, 1, 1)),
			rule("c", AreaMin, 380, "CN/52", DateOf(2024, 1, 1)),
			rule("d", FloorMin, 1, "CN", 0),
			rule("e", FloorMax, 3, "CN", 0),
			rule("f", LiftAbove, 1, "CN", 0),
			rule("g", BarrierFree, 1, "CN", 0),
			rule("h", AreaMin, 200, "CN/34", 0),
			rule("i", RadiusMax, 700, "CN", 0),
		},
	}
}

func TestRuleSetFaultsAllAtOnce(t *testing.T) {
	s := station()
	if err := s.Validate(); err != nil {
		t.Fatalf("a sound set: %v", err)
	}
	s.Version, s.Uses[1].Services = "", nil
	s.Rules[0].Unit, s.Rules[1].Subject, s.Rules[2].Measure, s.Rules[3].Region = "m", "staton", "area_mim", ""
	s.Rules[4].Source, s.Rules[5].Label, s.Rules[6].Value, s.Rules[7].Region = "", "", 2, "CN"
	want := []string{
		"/version required", "/uses/1/services required", "/rules/0/unit invalid", "/rules/1/subject unknown", "/rules/2/measure unknown",
		"/rules/3/region required", "/rules/4/source required", "/rules/5/label required", "/rules/6/value out_of_range", "/rules/7/measure conflict",
	}
	if diff := cmp.Diff(want, places(t, s.Validate())); diff != "" {
		t.Error(diff)
	}
}

func TestRegionChoosesItsRules(t *testing.T) {
	s := station()
	for _, c := range []struct {
		region Party
		day    Date
		area   string
	}{
		{"CN/53/5329", DateOf(2026, 1, 1), "a"}, // nothing nearer than the country
		{"CN/52", DateOf(2021, 12, 31), "a"},    // the province's is not in force yet
		{"CN/52/5201", DateOf(2023, 1, 1), "b"},
		{"CN/52/5201", DateOf(2024, 1, 1), "c"}, // the first day counts
		{"CN/34", 1, "h"},
		{"CN/520", DateOf(2026, 1, 1), "a"}, // whole segments only
	} {
		rules := s.In(c.region, c.day)
		var ids []string
		for _, r := range rules {
			ids = append(ids, r.ID)
		}
		if diff := cmp.Diff([]string{c.area, "d", "e", "f", "g", "i"}, ids); diff != "" {
			t.Errorf("In(%q, %v): %s", c.region, c.day, diff)
		}
	}
	if rules := s.In("FR", DateOf(2026, 1, 1)); len(rules) != 0 {
		t.Errorf("In(FR) = %v, want none", rules)
	}
}

func TestAssessListsWhatIsMissing(t *testing.T) {
	s := station()
	low, high, other := hall(), hall(), hall()
	low.AreaM2, low.Floor, low.BarrierFree = 310, HalfFloor, false
	high.Floor, high.Services = 5, []string{"meal"}
	other.Services = []string{"tutoring"} // hosts nothing that any use brings
	got := Assess([]Premises{hall(), low, high, other}, s.Uses, s.In("CN/52", DateOf(2023, 1, 1)))
	type line struct {
		Room, Use int
		Services  []string
		Changes   []string
	}
	var lines []line
	for _, v := range got {
		l := line{Room: v.Premises, Use: v.Use, Services: v.Services}
		for _, short := range v.Shortfalls {
			l.Changes = append(l.Changes, short.Rule.ID+": "+short.Change())
		}
		lines = append(lines, l)
	}
	both := []string{"day_care", "meal"}
	want := []line{
		{0, 0, both, nil},
		{0, 1, []string{"haircut"}, nil},
		{1, 0, both, []string{"b: 40 m2 missing", "d: 1 floors too low", "g: no access without steps"}}, // 350 - 310, 1 - 0
		{1, 1, []string{"haircut"}, nil},
		{2, 0, []string{"meal"}, []string{"e: 2 floors too high", "f: no lift, and 4 floors above the highest that needs none"}}, // 5 - 3, 5 - 1
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Error(diff)
	}
}

func TestCommonDemand(t *testing.T) {
	l := Lists{
		Services: []Service{{ID: "meal", Common: true}, {ID: "bath"}},
		Needs: []Need{
			{Service: "meal", Units: 2, Party: "a"},
			{Service: "bath", Units: 1},
			{Service: "meal", When: When{Weekdays: Weekdays(0).With(time.Monday).With(time.Friday)}},
			{Service: "meal", When: When{Weekdays: 127, TimesAWeek: 3}},
		},
	}
	want := []Demand{
		{From: 0, Party: "a", Service: "meal", Units: 2},
		{From: 2, Service: "meal", Units: 2},
		{From: 3, Service: "meal", Units: 3},
	}
	if diff := cmp.Diff(want, CommonDemand(&l)); diff != "" {
		t.Error(diff)
	}
}

func TestHeadDemandRounding(t *testing.T) {
	points := []PopulationPoint{{People: 100}, {People: 100, Group: "x"}, {People: 11}, {People: 12}, {People: 100}}
	// 4.5 for 1,000: the sums 0.45, 0.9, 0.9495, 1.0035, 1.4535 round to 0, 1, 1, 1, 1.
	got, err := HeadDemand(points, HeadNorm{Service: "s", PerMillion: 4500})
	if diff := cmp.Diff([]Demand{{From: 1, Service: "s", Units: 1}}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	// 100 × 0.005 = 0.5 rounds up; only the group counts.
	got, err = HeadDemand(points, HeadNorm{Service: "s", Group: "x", PerMillion: 5000})
	if diff := cmp.Diff([]Demand{{From: 1, Service: "s", Units: 1}}, got); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	// 1,000 × 1.1² = 1,210.
	got, err = HeadDemand([]PopulationPoint{{People: 1000}}, HeadNorm{Service: "s", PerMillion: million, Growth: 100_000, Years: 2})
	if err != nil || len(got) != 1 || got[0].Units != 1210 {
		t.Errorf("growth: %v, %v", got, err)
	}
}

func TestHeadDemandFaults(t *testing.T) {
	_, err := HeadDemand(nil, HeadNorm{PerMillion: -1, Growth: million + 1, Years: 101})
	want := []string{"/service required", "/per_million out_of_range", "/growth out_of_range", "/years out_of_range"}
	if diff := cmp.Diff(want, places(t, err)); diff != "" {
		t.Error(diff)
	}
	_, err = HeadDemand([]PopulationPoint{{}, {People: -1}}, HeadNorm{Service: "s"})
	if diff := cmp.Diff([]string{"/population/1/people out_of_range"}, places(t, err)); diff != "" {
		t.Error(diff)
	}
	_, err = HeadDemand([]PopulationPoint{{People: MaxWhole}}, HeadNorm{Service: "s", PerMillion: million + 1})
	if diff := cmp.Diff([]string{"/population/0/people out_of_range"}, places(t, err)); diff != "" {
		t.Error(diff)
	}
}

// TestHeadDemandKeepsTheTotal: whatever the points, the total is within half a unit of the product.
func TestHeadDemandKeepsTheTotal(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 0))
		points := make([]PopulationPoint, rng.IntN(50))
		var people, total int64
		for i := range points {
			points[i].People = rng.Int64N(40)
			people += points[i].People
		}
		rate := rng.Int64N(100_000)
		got, err := HeadDemand(points, HeadNorm{Service: "s", PerMillion: rate})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range got {
			if d.Units < 1 {
				t.Fatalf("seed %d: %d units", seed, d.Units)
			}
			total += d.Units
		}
		if off := 2 * (total*million - people*rate); off > million || off <= -million {
			t.Errorf("seed %d: %d people at %d a million: %d units", seed, people, rate, total)
		}
	}
}
