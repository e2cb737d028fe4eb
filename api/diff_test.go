package api

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/datasets"
)

// Two needs side by side and two volunteers: what r1 serves, r2 serves when r1 leaves.
const (
	bothHelp = `{"needs": [
		{"id": "n1", "service": "meal", "lon": 100.226, "lat": 25.593, "party": "a/b", "priority": 1},
		{"id": "n2", "service": "meal", "lon": 100.227, "lat": 25.593, "party": "a/c"}
	], "resources": [
		{"id": "r1", "kind": "volunteer", "lon": 100.226, "lat": 25.593, "services": [{"service": "meal"}]},
		{"id": "r2", "kind": "volunteer", "lon": 100.227, "lat": 25.593, "services": [{"service": "meal"}]}
	]}`
	oneHelps = `{"needs": [
		{"id": "n1", "service": "meal", "lon": 100.226, "lat": 25.593, "party": "a/b", "priority": 1},
		{"id": "n2", "service": "meal", "lon": 100.227, "lat": 25.593, "party": "a/c"}
	], "resources": [
		{"id": "r2", "kind": "volunteer", "lon": 100.227, "lat": 25.593, "services": [{"service": "meal"}]}
	]}`
)

func TestDiff(t *testing.T) {
	s := newService(t, Config{})
	status, body := s.diff(t, bothHelp, oneHelps)
	var d datasets.DifferenceJSON
	if err := json.Unmarshal([]byte(body), &d); err != nil || status != 200 {
		t.Fatalf("POST %s = %d %s", diffOperation.path, status, body)
	}
	one := []datasets.HeldJSON{{ResourceID: "r1", Units: 1}}
	two := []datasets.HeldJSON{{ResourceID: "r2", Units: 1}}
	served, unmet := datasets.UnitsJSON{Asked: 1, Served: 1}, datasets.UnitsJSON{Asked: 1}
	want := []datasets.PersonChangeJSON{
		{NeedID: "n1", Change: "moved", Units: datasets.ShareTurnJSON{Before: served, After: served}, From: one, To: two},
		{NeedID: "n2", Change: "no_longer_served", Units: datasets.ShareTurnJSON{Before: served, After: unmet}, From: two, To: []datasets.HeldJSON{}},
	}
	if diff := cmp.Diff(want, d.Persons); diff != "" {
		t.Errorf("persons (-want +got):\n%s", diff)
	}
	var parties []string
	for _, p := range d.ByParty {
		if p.Whole.Before != p.Whole.After {
			parties = append(parties, p.Party)
		}
	}
	if strings.Join(parties, " ") != "a a/c" {
		t.Errorf("units change in the parties %v, want a and a/c", parties)
	}
	got := text(t, s.do(t, "GET", "/metrics", ""))
	if want := `courtyard_solve_duration_seconds_count{job="diff",size="100",status="optimal"} 1`; !strings.Contains(got, want+"\n") {
		t.Errorf("the metrics lack %s", want)
	}
}

// With lasting the second match moves whom it must, and nobody else: r1 is nearer to n2 now, but moving costs more.
func TestDiffKeepsPairs(t *testing.T) {
	s := newService(t, Config{})
	swapped := strings.NewReplacer(`"r1"`, `"r2"`, `"r2"`, `"r1"`).Replace(bothHelp)
	for lasting, want := range map[string]int{"false": 2, "true": 0, "null": 2} {
		resp := s.do(t, "POST", diffOperation.path, `{"before":`+bothHelp+`,"after":`+swapped+`,"lasting":`+lasting+`}`)
		body := text(t, resp)
		var d datasets.DifferenceJSON
		if err := json.Unmarshal([]byte(body), &d); err != nil || len(d.Persons) != want {
			t.Errorf("with lasting %s %d persons change, want %d: %s", lasting, len(d.Persons), want, body)
		}
	}
	// The first may be a kept match.
	id := s.keep(t, bothHelp)
	resp := s.do(t, "POST", diffOperation.path, `{"before":`+kept(id)+`,"after":`+swapped+`,"lasting":true}`)
	if body := text(t, resp); !strings.Contains(body, `"persons":[]`) {
		t.Errorf("after a kept match: %s", body)
	}
}
