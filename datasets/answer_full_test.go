package datasets

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// handMadeWeek is the request of withTimes with every member that an answer may have, written by hand.
func handMadeWeek() (*MatchRequest, *match.Solution) {
	req := withTimes()
	lists := &req.Problem.Lists
	lists.Resources[0].Programme, lists.Resources[0].MinUnits = "lunch", 2
	lists.Resources[1].Programme, lists.Resources[1].Promised, lists.Resources[1].MinUnits = "lunch", true, 3
	lists.Pairings = append(lists.Pairings,
		care.Pairing{Need: "n1", Resource: "r1", State: care.Lasting, Units: 3}, care.Pairing{Need: "n1", Resource: "r2", State: care.StandBy},
		care.Pairing{Need: "n2", Resource: "r1", State: care.Lasting}, care.Pairing{Need: "n3", Resource: "r1", State: care.Pinned})
	req.Problem.Tiers = []match.Tier{match.TierUnmet1, match.TierUnmet2, match.TierUnmet3, match.TierWorstDistance, match.TierWorstNeed, match.TierChanges, match.TierLoad, match.TierCost}
	req.Problem.KeepPinned = true
	req.Problem.Weights.Load = 2
	lists.Needs[0].Interests = []string{"chess"}
	req.Relaxations, req.Alternatives = -1, 2
	o := match.Objective{Short: 2, Unmet: [3]int64{0, 1, 0}, WorstDistance: 9, WorstNeed: 40, Changes: 1, Load: 0, Cost: 99}
	bound := o
	bound.WorstNeed, bound.Cost = 30, 200
	return req, &match.Solution{
		Status: solver.Feasible, Stop: solver.StopTime, Explained: true, Objective: o, Bound: bound, ChoicesKept: true,
		Hard: []match.Hard{{Kind: match.HardBudget, Count: 2}, {Kind: match.HardApart, Count: 1}},
		Matches: []match.Match{
			{Need: 0, Resource: 0, StandIn: -1, Day: 1, Units: 1, DistanceM: 3, Cost: 3},
			{Need: 0, Resource: 1, StandIn: -1, Day: 1, Units: 1, DistanceM: 3, Cost: 3},
			{Need: 0, Resource: 1, StandIn: 0, Day: 1, Units: 1, DistanceM: 3, Cost: 10},
			{Need: 1, Resource: 0, StandIn: -1, Day: 0, Units: 1, DistanceM: 9, Cost: 9},
			{Need: 1, Resource: 0, StandIn: -1, Day: 2, Units: 1, DistanceM: 9, Cost: 9},
			{Need: 2, Resource: 0, StandIn: -1, Day: -1, Units: 2, DistanceM: 5, Cost: 10},
		},
		Unmet: []match.Unmet{{Need: 1, Units: 1, Reasons: []match.Reason{
			{Code: match.CodeTime, Removed: 1, Nearest: 1, ShortBy: 30, HasShort: true, Resource: -1},
			{Code: match.CodeBudget, Nearest: -1, Resource: 1, Objective: o},
		}, Relaxations: []match.Relaxation{
			{Code: match.CodeTime, Resource: 1, By: 30, HasBy: true, Day: 3, Objective: bound, Moves: []match.Move{{Need: 0, From: 1, To: -1}}},
			{Code: match.CodeService, Resource: 0, StandIn: "soup", Day: -1, Objective: o},
		}}},
		Resources: []match.ResourceUse{
			{Used: 5, Capacity: 20, UnitValue: match.Objective{Cost: 4}, Steady: match.Range{From: 5, To: -1}},
			{Used: 2, Capacity: 20, UnitValue: match.Objective{WorstNeed: 1}, Steady: match.Range{From: 2, To: 21}},
		},
		Alternatives: []match.Alternatives{
			{Match: 0, Best: []match.Alternative{{Resource: 1, Objective: o, Moves: []match.Move{{Need: 2, From: -1, To: 0}}}}},
			{Match: 3, Best: []match.Alternative{{Resource: 1, Objective: o}}},
			{Match: 4, Best: []match.Alternative{{Resource: 1, Objective: bound}}},
		},
		PinnedBreaks:  []match.Violation{{Code: match.CodeGender, Need: 2, Resource: 0, Provider: -1}, {Code: match.CodeAge, Need: 2, Resource: 0, Provider: -1}},
		Figures:       match.Figures{Asked: 8, Served: 7, DistanceP50M: -1, DistanceP90M: -1},
		EligiblePairs: 6, PricedPairs: 6,
	}
}

func TestMatchAnswerOfAWeek(t *testing.T) {
	req, sol := handMadeWeek()
	var out bytes.Buffer
	if err := NewMatchAnswer(req, sol).WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	const (
		o     = `{"unmet_by_class":[0,1,0],"cost":99,"short":2,"worst_distance_m":9,"worst_need":40,"changes":1,"load":0}`
		bound = `{"unmet_by_class":[0,1,0],"cost":200,"short":2,"worst_distance_m":9,"worst_need":30,"changes":1,"load":0}`
	)
	want := `{"status":"feasible","stop":"time","objective":` + o + `,"bound":` + bound + `,"gap":0.25,` + // (40 - 30) / 40
		`"hard":[{"kind":"budget","count":2},{"kind":"apart","count":1}],"choices_kept":true,` +
		`"matches":[` +
		`{"need_id":"n1","resource_id":"r1","units":1,"distance_m":3,"cost":3,"days":[{"date":"2026-12-01","units":1}],"pairing":"lasting","alternatives":[{"resource_id":"r2","objective":` + o + `,"moves":[{"need_id":"n3","from":null,"to":"r1"}]}]},` +
		`{"need_id":"n1","resource_id":"r2","units":1,"distance_m":3,"cost":3,"days":[{"date":"2026-12-01","units":1}],"pairing":"stand_by"},` +
		`{"need_id":"n1","resource_id":"r2","units":1,"distance_m":3,"cost":10,"service":"soup","days":[{"date":"2026-12-01","units":1}],"pairing":"stand_by"},` +
		`{"need_id":"n2","resource_id":"r1","units":2,"distance_m":9,"cost":18,"days":[{"date":"2026-11-30","units":1},{"date":"2026-12-02","units":1}],"pairing":"lasting","alternatives":[{"resource_id":"r2","objective":` + o + `,"moves":[]}]},` +
		`{"need_id":"n3","resource_id":"r1","units":2,"distance_m":5,"cost":10,"pairing":"pinned"}],` +
		`"unmet":[{"need_id":"n2","units":1,"reasons":[` +
		`{"code":"TIME_WINDOW_CONSTRAINT","removed":1,"nearest_resource_id":"r2","short_by":30,"detail":"1 resource offers the service but is not available when the need has time (the nearest lacks 30 minutes): accept other days or hours, or widen its hours"},` +
		`{"code":"BUDGET_CONSTRAINT","removed":0,"nearest_resource_id":null,"short_by":null,"detail":"the budget of the providers behind the eligible resources is used up: add the money of a unit there to serve this need at least cost","resource_id":"r2","objective":` + o + `}],` +
		`"relaxations":[{"code":"TIME_WINDOW_CONSTRAINT","resource_id":"r2","by":30,"date":"2026-12-03","objective":` + bound + `,"moves":[{"need_id":"n1","from":"r2","to":null}]},` +
		`{"code":"SERVICE_CONSTRAINT","resource_id":"r1","by":null,"service":"soup","objective":` + o + `,"moves":[]}]}],` +
		`"resources":[{"id":"r1","used":5,"capacity":20,"unit_value":{"unmet_by_class":[0,0,0],"cost":4,"short":0,"worst_distance_m":0,"worst_need":0,"changes":0,"load":0},"open":true,"steady":{"from":5}},` +
		`{"id":"r2","used":2,"capacity":20,"unit_value":{"unmet_by_class":[0,0,0],"cost":0,"short":0,"worst_distance_m":0,"worst_need":1,"changes":0,"load":0},"open":true,"steady":{"from":2,"to":21}}],` +
		`"figures":{"asked":8,"served":7,"precision":0,"fineness":0,"satisfaction":null,"answered":0,` +
		`"by_class":[{"class":1,"asked":0,"served":0,"share":0},{"class":2,"asked":0,"served":0,"share":0},{"class":3,"asked":0,"served":0,"share":0}],` +
		`"by_service":[],"by_party":[],"load_by_kind":[],"distance_p50_m":null,"distance_p90_m":null,` +
		// n1 lasts with 3 and keeps 1 with r1 and 2 with whoever stands by; n2 lasts with all 3 visits and keeps 2.
		`"changes":{"lasting":6,"kept":5},"programmes":[{"programme":"lunch","sessions":2,"opened":2,"seats":40,"taken":7}]},` +
		`"eligible_pairs":6,"priced_pairs":6,"nearest":null,` +
		`"options":{"w_distance":1,"w_price":1,"w_preference":500,"detour":1,"barriers":0,"nearest":null,"currency":"CNY","time_limit_s":null,` +
		`"w_stand_in":1,"w_interest":100,"w_change":2000,"w_load":2,"from":"2026-11-30","days":7,"timezone":"Asia/Shanghai",` +
		`"tiers":["unmet_1","unmet_2","unmet_3","worst_distance","worst_need","changes","load","cost"],"pinned":"keep","relaxations":-1,"alternatives":2},` +
		`"pinned_breaks":[{"need_id":"n3","resource_id":"r1","codes":["GENDER_CONSTRAINT","AGE_CONSTRAINT"]}]}` + "\n"
	if d := cmp.Diff(strings.Split(want, ","), strings.Split(out.String(), ",")); d != "" {
		t.Error(d)
	}
}

// TestMatchCSVOfAWeek checks that the rows are the matches of the solution and read back as such.
func TestMatchCSVOfAWeek(t *testing.T) {
	req, sol := handMadeWeek()
	var out bytes.Buffer
	if err := NewMatchAnswer(req, sol).WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	want := "need_id,resource_id,units,distance_m,cost,service,date\n" +
		"n1,r1,1,3,3,,2026-12-01\nn1,r2,1,3,3,,2026-12-01\nn1,r2,1,3,10,soup,2026-12-01\n" +
		"n2,r1,1,9,9,,2026-11-30\nn2,r1,1,9,9,,2026-12-02\nn3,r1,2,5,10,,\n"
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
	var answer bytes.Buffer
	if err := NewMatchAnswer(req, sol).WriteJSON(&answer); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{want, answer.String()} {
		rows, _, err := OpenPlan("-", strings.NewReader(text), FileLimits())
		if err != nil {
			t.Fatal(err)
		}
		req.Plan = rows
		got, err := req.Matches()
		if err != nil {
			t.Fatal(err)
		}
		for k := range got {
			got[k].DistanceM, got[k].Cost = sol.Matches[k].DistanceM, sol.Matches[k].Cost // not read
		}
		if d := cmp.Diff(sol.Matches, got); d != "" {
			t.Error(d)
		}
	}
}

func TestMatchGeoJSONOfAWeek(t *testing.T) {
	req, sol := handMadeWeek()
	var out bytes.Buffer
	if err := WriteMatchGeoJSON(&out, req, sol); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"what":"match","need_id":"n1","resource_id":"r2","service":"soup","units":1,"distance_m":3,"cost":10,"date":"2026-12-01"}`,
		`{"what":"match","need_id":"n3","resource_id":"r1","service":"soup","units":2,"distance_m":5,"cost":10}`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the GeoJSON lacks %s", want)
		}
	}
}

// TestCheckOfAWeek reviews a plan with a stand-in and dates by hand: two rules are broken.
func TestCheckOfAWeek(t *testing.T) {
	req := withTimes()
	req.Problem.Lists.Resources[1].Availability = []care.Slot{{Weekday: time.Monday, Window: care.Window{From: 540, To: 600}}}
	rows, _, err := OpenPlan("-", strings.NewReader(handMadePlan+"n3,r2,1,,\n"), FileLimits())
	if err != nil {
		t.Fatal(err)
	}
	req.Plan = rows
	report, err := Review(req)
	if err != nil {
		t.Fatal(err)
	}
	type broken struct{ code, pointer string }
	var got []broken
	for _, v := range report.Violations {
		got = append(got, broken{v.Code, v.Pointer})
		if v.Detail == "" {
			t.Errorf("%s has no sentence", v.Code)
		}
	}
	want := []broken{{"TIME_WINDOW_CONSTRAINT", "/matches/1"}, {"COMPATIBILITY_CONSTRAINT", "/matches/4"}, {"UNITS_CONSTRAINT", "/needs/2"}}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(broken{})); d != "" || report.Matches != 5 || report.Units != 7 {
		t.Errorf("%d rows, %d units: %s", report.Matches, report.Units, d)
	}
}
