package datasets

import (
	"bytes"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// handMade is a request of two needs and two resources with a solution written by hand.
func handMade() (*MatchRequest, *match.Solution) {
	req := NewRequest(care.Lists{
		Needs: []care.Need{
			{ID: "n1", Service: "meal", At: travel.Place{Lon: 100.25, Lat: 25.5}, Units: 2, Priority: 1},
			{ID: "n2", Service: "escort", At: travel.Place{Lon: 100.5, Lat: 25.75}, Units: 3, Priority: 2},
		},
		Resources: []care.Resource{
			{ID: "r1", Kind: care.Team, At: travel.Place{Lon: 100, Lat: 25}},
			{ID: "r2", Kind: care.Venue, At: travel.Place{Lon: 101, Lat: 26}},
		},
	})
	req.Problem.Nearest, req.TimeLimitS = 7, 1.5
	return req, &match.Solution{
		Status: solver.Feasible, Stop: solver.StopTime, Explained: true,
		Objective: match.Objective{Unmet: [3]int64{0, 3, 0}, Cost: 20},
		Bound:     match.Objective{Unmet: [3]int64{0, 2, 0}, Cost: 10},
		Matches:   []match.Match{{Need: 0, Resource: 0, Units: 2, DistanceM: 10, Cost: 20}},
		Unmet: []match.Unmet{{Need: 1, Units: 3, Reasons: []match.Reason{
			{Code: match.CodeMaxDistance, Removed: 1, Nearest: 1, ShortBy: 250, HasShort: true, Resource: -1},
			{Code: match.CodeLanguage, Removed: 2, Nearest: 0, Resource: -1},
			{Code: match.CodeCapacity, Nearest: -1, Resource: 0, Objective: match.Objective{Unmet: [3]int64{0, 2, 0}, Cost: 35}, Outranked: 1},
		}}},
		Resources: []match.ResourceUse{
			{Used: 2, Capacity: 2, UnitValue: match.Objective{Unmet: [3]int64{0, 1, 0}, Cost: -15}},
			{Used: 0, Capacity: 4},
		},
		Figures: match.Figures{
			Asked: 5, Served: 2, Precision: 0.4, Fineness: 0.4,
			ByClass:    [3]match.Share{{Asked: 2, Served: 2}, {Asked: 3}},
			ByService:  []match.Group{{Name: "escort", Share: match.Share{Asked: 3}}, {Name: "meal", Share: match.Share{Asked: 2, Served: 2}}},
			LoadByKind: []match.Load{{Kind: care.Team, Resources: 1, Used: 2, Capacity: 2}, {Kind: care.Venue, Resources: 1, Capacity: 4}},

			DistanceP50M: 10, DistanceP90M: -1,
		},
		EligiblePairs: 3, PricedPairs: 2,
	}
}

func TestMatchAnswer(t *testing.T) {
	req, sol := handMade()
	var out bytes.Buffer
	if err := NewMatchAnswer(req, sol).WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	want := `{"status":"feasible","stop":"time",` +
		`"objective":{"unmet_by_class":[0,3,0],"cost":20},"bound":{"unmet_by_class":[0,2,0],"cost":10},` +
		`"matches":[{"need_id":"n1","resource_id":"r1","units":2,"distance_m":10,"cost":20}],` +
		`"unmet":[{"need_id":"n2","units":3,"reasons":[` +
		`{"code":"MAX_DISTANCE_CONSTRAINT","removed":1,"nearest_resource_id":"r2","short_by":250,"detail":"1 resource offers the service but is farther than the need accepts (the nearest by 250 m): raise max_distance_m, or find one nearer"},` +
		`{"code":"LANGUAGE_CONSTRAINT","removed":2,"nearest_resource_id":"r1","short_by":null,"detail":"2 resources offer the service but share no language with the need: add a language or an interpreter"},` +
		`{"code":"CAPACITY_CONSTRAINT","removed":0,"nearest_resource_id":null,"short_by":null,"detail":"every eligible resource is full, and one more unit would rather go to a need of class 1",` +
		`"resource_id":"r1","objective":{"unmet_by_class":[0,2,0],"cost":35},"outranked":1}]}],` +
		`"resources":[{"id":"r1","used":2,"capacity":2,"unit_value":{"unmet_by_class":[0,1,0],"cost":-15}},{"id":"r2","used":0,"capacity":4,"unit_value":{"unmet_by_class":[0,0,0],"cost":0}}],` +
		`"figures":{"asked":5,"served":2,"precision":0.4,"fineness":0.4,"satisfaction":null,"answered":0,` +
		`"by_class":[{"class":1,"asked":2,"served":2,"share":1},{"class":2,"asked":3,"served":0,"share":0},{"class":3,"asked":0,"served":0,"share":0}],` +
		`"by_service":[{"service":"escort","asked":3,"served":0,"share":0},{"service":"meal","asked":2,"served":2,"share":1}],"by_party":[],` +
		`"load_by_kind":[{"kind":"team","resources":1,"used":2,"capacity":2,"share":1},{"kind":"venue","resources":1,"used":0,"capacity":4,"share":0}],` +
		`"distance_p50_m":10,"distance_p90_m":null},` +
		`"eligible_pairs":3,"priced_pairs":2,"nearest":7,` +
		`"options":{"w_distance":1,"w_price":1,"w_preference":500,"detour":1,"barriers":0,"nearest":7,"currency":"CNY","time_limit_s":1.5}}` + "\n"
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}

func TestMatchCSV(t *testing.T) {
	req, sol := handMade()
	var out bytes.Buffer
	if err := NewMatchAnswer(req, sol).WriteCSV(&out); err != nil {
		t.Fatal(err)
	}
	if got, want := out.String(), "need_id,resource_id,units,distance_m,cost\nn1,r1,2,10,20\n"; got != want {
		t.Errorf("WriteCSV = %q, want %q", got, want)
	}
	plan, _, err := OpenPlan("-", &out, FileLimits())
	if err != nil || len(plan) != 1 || !reflect.DeepEqual(plan[0], PlanRow{NeedID: "n1", ResourceID: "r1", Units: 2}) {
		t.Errorf("OpenPlan = %v, %v", plan, err)
	}
}

func TestMatchGeoJSON(t *testing.T) {
	req, sol := handMade()
	var out bytes.Buffer
	if err := WriteMatchGeoJSON(&out, req, sol); err != nil {
		t.Fatal(err)
	}
	want := `{"type":"FeatureCollection","features":[` +
		`{"type":"Feature","geometry":{"type":"LineString","coordinates":[[100,25],[100.25,25.5]]},"properties":{"what":"match","need_id":"n1","resource_id":"r1","service":"meal","units":2,"distance_m":10,"cost":20}},` +
		`{"type":"Feature","geometry":{"type":"Point","coordinates":[100.5,25.75]},"properties":{"what":"unmet","need_id":"n2","service":"escort","priority":2,"units":3,"reasons":["MAX_DISTANCE_CONSTRAINT","LANGUAGE_CONSTRAINT","CAPACITY_CONSTRAINT"]}},` +
		`{"type":"Feature","geometry":{"type":"Point","coordinates":[100,25]},"properties":{"what":"resource","id":"r1","kind":"team","used":2,"capacity":2}},` +
		`{"type":"Feature","geometry":{"type":"Point","coordinates":[101,26]},"properties":{"what":"resource","id":"r2","kind":"venue","used":0,"capacity":4}}]}` + "\n"
	if d := cmp.Diff(want, out.String()); d != "" {
		t.Error(d)
	}
}

// TestEveryReasonHasASentence keeps the sentences complete, and free of ids.
func TestEveryReasonHasASentence(t *testing.T) {
	for _, code := range []match.Code{
		match.CodeService, match.CodeKind, match.CodeSkill, match.CodeLanguage, match.CodeGender, match.CodeMaxDistance, match.CodeRadius,
		match.CodeArea, match.CodePrice, match.CodeMode, match.CodeCapacity, match.CodeQuota, match.CodeReachable,
		match.CodeTime, match.CodeAge, match.CodeCarers, match.CodeForbidden, match.CodeLocking, match.CodeBudget, match.CodeHours,
		match.CodeMinimum, match.CodeEvent, match.CodeApart, match.CodeDistinct, match.CodeWhole,
	} {
		for _, r := range []match.Reason{
			{Code: code, Removed: 1, Nearest: 0, ShortBy: 5, HasShort: true, Resource: 0},
			{Code: code, Removed: 2, Nearest: -1, Resource: -1},
			{Code: code, Removed: 3, Nearest: 0, Resource: 0, Outranked: 1},
		} {
			if s := reasonDetail(&r, "CNY"); len(s) < 20 || strings.HasSuffix(s, ".") {
				t.Errorf("%s: %q", code, s)
			}
		}
		if s := violationDetail(match.Violation{Code: code}); len(s) < 10 {
			t.Errorf("violation %s: %q", code, s)
		}
	}
}

// TestEndToEnd reads a request, solves it, sends the matches of the answer back for review and breaks them.
func TestEndToEnd(t *testing.T) {
	const lists = `"needs":[
		{"id":"n1","service":"meal","lon":100.2,"lat":25.6,"units":2,"priority":1},
		{"id":"n2","service":"meal","lon":100.21,"lat":25.6},
		{"id":"n3","service":"bath","lon":100.21,"lat":25.6,"priority":3}],
	"resources":[
		{"id":"r1","kind":"team","lon":100.2,"lat":25.61,"services":[{"service":"meal"}],"capacity":2,"provider":"p1"},
		{"id":"r2","kind":"volunteer","lon":100.22,"lat":25.6,"services":[{"service":"meal"}]}],
	"providers":[{"id":"p1","quota":2}]`
	req, err := ReadRequest(strings.NewReader(`{`+lists+`}`), HTTPLimits())
	if err != nil {
		t.Fatal(err)
	}
	if err := req.Validate(); err != nil {
		t.Fatal(err)
	}
	sol, err := req.Solve(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	answer := NewMatchAnswer(req, sol)
	if err := answer.WriteJSON(&out); err != nil {
		t.Fatal(err)
	}
	if answer.Status != "optimal" || cmp.Diff(answer.Objective.UnmetByClass, []int64{0, 0, 1}) != "" {
		t.Fatalf("answer = %s, want the bath alone unmet", out.String())
	}
	// The outside world parses the answer and sends its matches back as they are.
	var parsed struct {
		Matches json.RawMessage `json:"matches"`
	}
	if err := json.Unmarshal(out.Bytes(), &parsed); err != nil {
		t.Fatal(err)
	}
	report := review(t, `{`+lists+`,"matches":`+string(parsed.Matches)+`}`)
	if !report.Valid || cmp.Diff(report.Objective, answer.Objective) != "" || report.Units != 3 {
		t.Errorf("review of the answer = %+v, want valid with %+v", report, answer.Objective)
	}
	report = review(t, `{`+lists+`,"matches":[{"need_id":"n2","resource_id":"r1","units":3},{"need_id":"n3","resource_id":"r2","units":1}]}`)
	var codes []string
	for _, v := range report.Violations {
		if v.Detail == "" {
			t.Errorf("no detail: %+v", v)
		}
		codes = append(codes, v.Code+" "+v.Pointer)
	}
	want := []string{
		"SERVICE_CONSTRAINT /matches/1", "UNITS_CONSTRAINT /needs/1",
		"CAPACITY_CONSTRAINT /resources/0", "QUOTA_CONSTRAINT /providers/0",
	}
	if report.Valid || cmp.Diff(want, codes) != "" {
		t.Errorf("review of a broken plan: %s", cmp.Diff(want, codes))
	}
}

func review(t *testing.T, body string) *CheckReport {
	t.Helper()
	req, err := ReadRequest(strings.NewReader(body), HTTPLimits())
	if err != nil {
		t.Fatal(err)
	}
	report, err := Review(req)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestReviewRefusesUnknownIDs(t *testing.T) {
	for body, want := range map[string]string{
		okRequest + `}`: "/matches required",
		okRequest + `,"matches":[{"need_id":"n9","resource_id":"r1"}]}`:           "/matches/0/need_id unknown",
		okRequest + `,"matches":[{"resource_id":"r1"}]}`:                          "/matches/0/need_id required",
		okRequest + `,"matches":[{"need_id":"n1","resource_id":"r1","units":0}]}`: "/matches/0/units out_of_range",
	} {
		req, err := ReadRequest(strings.NewReader(body), HTTPLimits())
		if err != nil {
			t.Fatal(err)
		}
		_, err = Review(req)
		invalid, ok := errors.AsType[*solver.Invalid](err)
		if !ok || invalid.Faults[0].Pointer+" "+invalid.Faults[0].Code != want {
			t.Errorf("Review: %v, want %s", err, want)
		}
	}
}

// BenchmarkWriteJSON writes an answer of 100,000 matches.
func BenchmarkWriteJSON(b *testing.B) {
	answer := &MatchAnswer{}
	for i := range 100_000 {
		id := itoa(int64(i))
		answer.Matches = append(answer.Matches, MatchJSON{NeedID: "need-" + id, ResourceID: "resource-" + id, Units: 1, DistanceM: int64(i), Cost: int64(i)})
		answer.Resources = append(answer.Resources, ResourceUseJSON{ID: "resource-" + id, UnitValue: &ObjectiveJSON{UnmetByClass: make([]int64, 3)}})
	}
	b.ReportAllocs()
	for b.Loop() {
		var out counting
		if err := answer.WriteJSON(&out); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(out))
	}
}

type counting int

func (c *counting) Write(p []byte) (int, error) {
	*c += counting(len(p))
	return len(p), nil
}
