package datasets

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// withTimes is a request of three needs and two resources: n1 is once and accepts a stand-in, n2 recurs, n3 is at any time.
func withTimes() *MatchRequest {
	at := travel.Place{Lon: 100.25, Lat: 25.5}
	req := NewRequest(care.Lists{
		Needs: []care.Need{
			{ID: "n1", Service: "meal", At: at, Units: 3, Priority: 1, Mode: care.Visit, When: care.When{Date: care.DateOf(2026, 12, 1)}, StandIns: []care.StandIn{{Service: "soup", Penalty: 7}}},
			{ID: "n2", Service: "meal", At: at, Priority: 2, Mode: care.Visit, When: care.When{Weekdays: 127, TimesAWeek: 3}},
			{ID: "n3", Service: "soup", At: at, Units: 2, Priority: 3, Mode: care.Visit},
		},
		Resources: []care.Resource{
			{ID: "r1", Kind: care.Team, At: at, Services: []care.Offer{{Service: "meal"}, {Service: "soup"}}, Capacity: 20},
			{ID: "r2", Kind: care.Team, At: at, Services: []care.Offer{{Service: "meal"}, {Service: "soup"}}, Capacity: 20},
		},
		Services: []care.Service{{ID: "food"}, {ID: "meal", Parent: "food"}, {ID: "soup", Parent: "food"}},
		Pairings: []care.Pairing{{Need: "n3", Resource: "r2", State: care.Forbidden}},
	})
	if err := req.SetFrom("2026-11-30"); err != nil {
		panic(err)
	}
	return req
}

const handMadePlan = "need_id,resource_id,units,service,date\n" +
	"n1,r1,2,meal,2026-12-01\n" +
	"n1,r2,,soup,2026-12-01\n" +
	"n2,r1,,,2026-12-06\n" +
	"n3,r1,2,,\n"

func TestPlans(t *testing.T) {
	want := []match.Match{
		{Need: 0, Resource: 0, StandIn: -1, Day: 1, Units: 2},
		{Need: 0, Resource: 1, StandIn: 0, Day: 1, Units: 1},
		{Need: 1, Resource: 0, StandIn: -1, Day: 6, Units: 1},
		{Need: 2, Resource: 0, StandIn: -1, Day: -1, Units: 2},
	}
	answer := `{"status":"optimal","objective":{"cost":3},"matches":[` +
		`{"need_id":"n1","resource_id":"r1","units":2,"distance_m":1,"cost":9,"days":[{"date":"2026-12-01","units":2}],"pairing":"lasting","alternatives":[{"resource_id":"r2","moves":[]}]},` +
		`{"need_id":"n1","resource_id":"r2","service":"soup","days":[{"date":"2026-12-01","units":1}]},` +
		`{"need_id":"n2","resource_id":"r1","date":"2026-12-06"},{"need_id":"n3","resource_id":"r1","units":2}],"figures":{"by_class":[]}}`
	for name, text := range map[string]string{
		"CSV": handMadePlan, "CSV with a mark": utf8BOM + handMadePlan, "an answer": answer, "a pretty answer": "\n\t " + answer + "\n",
		"matches": answer[strings.Index(answer, "["):strings.Index(answer, `,"figures"`)],
	} {
		rows, origin, err := OpenPlan("-", strings.NewReader(text), FileLimits())
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		req := withTimes()
		req.Plan = rows
		got, err := req.Matches()
		if err != nil {
			t.Errorf("%s: %v", name, origin.Explain(err))
			continue
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

func TestBadPlans(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"unknown column": {"need_id,resource_id,unit\n", []string{`plan.csv:1: no such column in matches; did you mean "units"? (value "unit")`}},
		"no column":      {"need_id\n", []string{`plan.csv:1: resource_id: the column is missing`}},
		"empty":          {"", []string{"plan.csv: the file is empty; it needs a header: need_id,resource_id"}},
		"cells": {"need_id,resource_id,units,date\nn1,r1,two,1.12.\n", []string{
			`plan.csv:2: units: must be a whole number in plain digits (value "two")`, `plan.csv:2: date: must be a date such as 2026-12-01 (value "1.12.")`,
		}},
		"meaning": {"need_id,resource_id,units,service,date,days\nn9,r1,0,,,\n,r9,,,,\nn1,r1,,bath,2027-01-01,\nn1,r1,4,,2026-12-01,2026-12-01:2;2026-12-09:0\n", []string{
			`plan.csv:2: need_id: no such id in the lists (value "n9")`, `plan.csv:2: units: must be a whole number of at least 1 (value "0")`,
			`plan.csv:3: need_id: an id is required`, `plan.csv:3: resource_id: no such id in the lists (value "r9")`,
			`plan.csv:4: service: is neither the service that the need asks for nor one of its stand_ins (value "bath")`,
			`plan.csv:4: date: lies outside the days planned (value "2027-01-01")`,
			`plan.csv:5: date: contradicts days: the units stand on one date or day by day (value "2026-12-01")`,
			`plan.csv:5: days: entry 2: must be a whole number of at least 1 (value "0")`,
			`plan.csv:5: units: are not the units of its days together (value "4")`,
		}},
		"no matches":   {`{"match":[]}`, []string{"plan.csv: /matches: the matches of an answer are required"}},
		"an answer":    {`{"matches":[{"need_id":7,"resource_id":"r1","unit":2}]}`, []string{`plan.csv: /matches/0/need_id: must be a string (value "7")`, `plan.csv: /matches/0/unit: no such member; did you mean "units"?`}},
		"ids in JSON":  {`[{"need_id":"n9","resource_id":"r1"}]`, []string{`plan.csv: /matches/0/need_id: no such id in the lists (value "n9")`}},
		"cut":          {`{"matches":[`, []string{"plan.csv: /matches, byte 12: the input ends early"}},
		"days of JSON": {`[{"need_id":"n1","resource_id":"r1","days":[{"units":1},null]}]`, []string{`plan.csv: /0/days/0/date: a value is required`, `plan.csv: /0/days/1: an entry is empty`}},
	} {
		path := filepath.Join(t.TempDir(), "plan.csv")
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		req := withTimes()
		rows, origin, err := OpenPlan(path, nil, FileLimits())
		if err == nil {
			req.Plan = rows
			lists := &Origin{object: "lists.json"}
			lists.Add(origin)
			_, err = req.Matches()
			err = lists.Explain(err)
		}
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		if d := cmp.Diff(c.want, strings.Split(strings.ReplaceAll(err.Error(), path, "plan.csv"), "\n")); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

func TestKeep(t *testing.T) {
	req := withTimes()
	given := req.Problem.Lists.Pairings
	req.Problem.Lists.Needs = append(req.Problem.Lists.Needs, care.Need{ID: "n4", Service: "soup", At: req.Problem.Lists.Needs[0].At, Units: 2, Priority: 3, Mode: care.Visit, Whole: true})
	previous := []PlanRow{
		{NeedID: "n1", ResourceID: "r1", Units: 1},
		{NeedID: "n1", ResourceID: "r1", Units: 1, Service: "soup"},
		{NeedID: "n1", ResourceID: "r2", Units: 1},
		{NeedID: "n2", ResourceID: "r1", Units: 2},
		{NeedID: "n2", ResourceID: "r1", Units: 1},
		{NeedID: "n3", ResourceID: "r2", Units: 2},
		{NeedID: "n4", ResourceID: "r2", Units: 2},
		{NeedID: "gone", ResourceID: "r1", Units: 1},
		{NeedID: "n1", ResourceID: "gone", Units: 1},
	}
	left, err := req.Keep(previous)
	if err != nil || left != 2 {
		t.Fatalf("Keep = %d, %v, want two who have gone", left, err)
	}
	want := []care.Pairing{
		given[0],
		{Need: "n1", Resource: "r1", State: care.Lasting, Units: 2}, // 1 + 1
		{Need: "n1", Resource: "r2", State: care.Lasting, Units: 1},
		{Need: "n2", Resource: "r1", State: care.Lasting}, // recurs: all
		{Need: "n4", Resource: "r2", State: care.Lasting}, // whole: all
	}
	if d := cmp.Diff(want, req.Problem.Lists.Pairings); d != "" {
		t.Error(d)
	}
	if err := req.Validate(); err != nil {
		t.Error(err)
	}
	if len(given) != 1 {
		t.Error("the pairings given were changed in place")
	}
	_, err = req.Keep([]PlanRow{{NeedID: "n1", ResourceID: "r1"}, {NeedID: "n1", ResourceID: "r1", Units: care.MaxWhole + 1}})
	if invalid, ok := errors.AsType[*solver.Invalid](err); !ok || invalid.Total != 2 || invalid.Faults[1].Pointer != "/previous/1/units" {
		t.Errorf("Keep of no units = %v", err)
	}
}

// TestPreviousInARequest checks that the member does what the file does.
func TestPreviousInARequest(t *testing.T) {
	req, err := ReadRequest(strings.NewReader(okRequest+`,"previous":[{"need_id":"n1","resource_id":"r1","units":1,"distance_m":3},{"need_id":"n2","resource_id":"r1","units":1}]}`), HTTPLimits())
	if err != nil {
		t.Fatal(err)
	}
	want := []care.Pairing{{Need: "n1", Resource: "r1", State: care.Lasting, Units: 1}}
	if d := cmp.Diff(want, req.Problem.Lists.Pairings); d != "" || req.Left != 1 {
		t.Errorf("left %d, pairings %s", req.Left, d)
	}
	_, err = ReadRequest(strings.NewReader(okRequest+`,"previous":[{"need_id":"n1","resource_id":"r1","units":0}]}`), HTTPLimits())
	if err == nil || err.Error() != "/previous/0/units: must be a whole number of at least 1" {
		t.Errorf("previous without units: %v", err)
	}
	rows, origin, err := OpenPrevious("-", strings.NewReader("need_id,resource_id,units\nn1,r1,-1\n"), FileLimits())
	if err != nil {
		t.Fatal(err)
	}
	if _, err = withTimes().Keep(rows); err == nil || origin.Explain(err).Error() != `standard input:2: units: must be a whole number of at least 1 (value "-1")` {
		t.Errorf("Keep = %v", origin.Explain(err))
	}
}
