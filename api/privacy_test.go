package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// mark returns a value for a member of a need or resource that would be known again wherever it came out.
func mark(n int) string { return fmt.Sprintf("zhang-san-%d", n) }

// TestNothingOfAPersonComesOut plants a marker in every member of a need, a resource, a provider and a service, one at a
// time, and in all of a need and a resource at once, in its proper type and in others, and looks for it in every error, log line and metric. Answers do hold
// ids: they are what the caller asked about.
func TestNothingOfAPersonComesOut(t *testing.T) {
	s := newService(t, Config{})
	good := func() map[string]any {
		return map[string]any{
			"needs": []any{map[string]any{
				"id": "n1", "service": "meal", "lon": 100.0, "lat": 25.0, "units": 1, "party": "a/b", "priority": 1, "accepts": []any{"team"},
				"requires": []any{"nurse"}, "prefers": []any{"r1"}, "avoids": []any{"r1"}, "languages": []any{"bai"}, "gender": "female",
				"max_distance_m": 100, "max_price": 5, "mode": "visit", "date": "2026-12-02", "window": "08:00-12:00", "minutes": 30, "carers": 1,
				"stand_ins": []any{map[string]any{"service": "soup", "penalty": 5}}, "interests": []any{"chess"}, "age_from": 1, "age_to": 90,
			}},
			"resources": []any{map[string]any{
				"id": "r1", "kind": "team", "lon": 100.0, "lat": 25.0, "services": []any{map[string]any{"service": "meal", "capacity": 1}},
				"qualifications": []any{"nurse"}, "capacity": 2, "radius_m": 500, "areas": []any{"a"}, "price": 1, "languages": []any{"bai"},
				"gender": "female", "provider": "p1", "interests": []any{"chess"}, "age": 30, "members": 2, "capacity_minutes": 90,
				"availability": []any{map[string]any{"weekday": "wed", "window": "08:00-12:00"}}, "exceptions": []any{map[string]any{"date": "2026-12-03", "off": true}},
				"expires": []any{map[string]any{"qualification": "nurse", "until": "2027-01-01"}}, "capacity_by_weekday": []any{map[string]any{"weekday": "wed", "capacity": 1}},
			}},
			"providers": []any{map[string]any{"id": "p1", "quota": 3, "qualifications": []any{"cook"}}},
			"services": []any{
				map[string]any{"id": "meal", "parent": "food", "name": "meal", "minutes": 5, "common": 0},
				map[string]any{"id": "soup", "parent": "food"},
				map[string]any{"id": "food"},
			},
			"contracts": []any{map[string]any{"provider": "p1", "resource": "r1", "lends": []any{"cook"}, "from": "2026-01-01", "to": "2027-01-01"}},
			"pairings":  []any{map[string]any{"need": "n1", "resource": "r1", "state": "lasting", "units": 1, "cost": 1}},
			"previous":  []any{map[string]any{"need_id": "n1", "resource_id": "r1", "units": 1}},
			"options":   map[string]any{"from": "2026-12-01"},
			"matches":   []any{map[string]any{"need_id": "n1", "resource_id": "r1", "units": 1}},
		}
	}
	row := func(body map[string]any, list string) map[string]any { return body[list].([]any)[0].(map[string]any) }

	n := 0
	refused, served := 0, 0
	send := func(body map[string]any) {
		for _, path := range []string{matchOperation.path, checkOperation.path, diffOperation.path, offersOperation.path} {
			sent := body
			switch path {
			case matchOperation.path:
				delete(body, "matches")
			case checkOperation.path:
				body["matches"] = good()["matches"]
			case diffOperation.path:
				sent = map[string]any{"before": body, "after": good()}
			case offersOperation.path:
				delete(body, "matches")
				sent = map[string]any{"match": body, "callers": body["needs"]}
			}
			raw, err := json.Marshal(sent)
			if err != nil {
				t.Fatal(err)
			}
			resp := s.do(t, "POST", path, string(raw))
			answer := text(t, resp)
			switch {
			case resp.StatusCode == 200:
				served++
			case strings.Contains(answer, "zhang"):
				t.Errorf("POST %s %s\nis answered %d %s", path, raw, resp.StatusCode, answer)
			case resp.StatusCode >= 500:
				t.Errorf("POST %s %s\nis answered %d", path, raw, resp.StatusCode)
			default:
				refused++
			}
		}
	}
	if send(good()); refused > 0 {
		t.Fatalf("the request that the markers are planted in is refused")
	}
	for _, list := range []string{"needs", "resources", "providers", "services", "contracts", "pairings", "previous"} {
		for member := range row(good(), list) {
			for _, plant := range []func(string) any{
				func(m string) any { return m },
				func(m string) any { return []any{m} },
				func(m string) any { return []any{map[string]any{"service": m, "capacity": m}} },
				func(m string) any { return map[string]any{"type": m} },
			} {
				body := good()
				row(body, list)[member] = plant(mark(n))
				n++
				send(body)
			}
		}
	}
	all := good()
	for _, list := range []string{"needs", "resources"} { // ids of providers and services are no person's: "did you mean" names them
		for member := range row(all, list) {
			row(all, list)[member] = mark(n)
			n++
		}
	}
	send(all)
	// Bodies that break off or go wrong right behind a marker.
	for _, raw := range []string{
		`{"needs":[{"id":"zhang-san`, `{"needs":[{"id":"zhang-san"zhang`, `{"needs":[{"id":"zhang-san\x"}]}`, `{"needs":[{"id":zhang-san}]}`,
		"{\"needs\":[{\"id\":\"zhang\xff\"}]}", `{"needs":[{"id":"n"}],"resources":[],"mode":"zhang-san"}`,
		`{"needs":[],"resources":[],"options":{"currency":"zhang-san","detour":"zhang-san","barriers":"zhang-san"}}`,
	} {
		resp := s.do(t, "POST", "/v1/match", raw)
		if answer := text(t, resp); resp.StatusCode == 200 || strings.Contains(answer, "zhang") {
			t.Errorf("POST %q is answered %d %s", raw, resp.StatusCode, answer)
		}
	}
	if got := text(t, s.do(t, "POST", "/v1/match?zhang=san", tiny)); strings.Contains(got, "zhang") {
		t.Errorf("the query comes back: %s", got)
	}
	s.do(t, "GET", "/zhang-san", "")
	if refused < 100 || served < 10 {
		t.Errorf("%d requests were refused and %d served: too few to tell", refused, served)
	}

	if strings.Contains(s.log.String(), "zhang") {
		for line := range strings.Lines(s.log.String()) {
			if strings.Contains(line, "zhang") {
				t.Errorf("the log holds a value: %s", line)
			}
		}
	}
	if got := text(t, s.do(t, "GET", "/metrics", "")); strings.Contains(got, "zhang") {
		t.Errorf("the metrics hold a value")
	}
}
