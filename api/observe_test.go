package api

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/solver/match"
)

func TestMetrics(t *testing.T) {
	s := newService(t, Config{Version: "1.2.3"})
	s.do(t, "POST", "/v1/match", tiny)
	s.do(t, "POST", "/v1/match", "{}")
	s.do(t, "BREW", "/zhang-san", "")
	got := text(t, s.do(t, "GET", "/metrics", ""))
	for _, want := range []string{
		`courtyard_http_requests_total{method="POST",route="/v1/match",status="200"} 1`,
		`courtyard_http_requests_total{method="POST",route="/v1/match",status="422"} 1`,
		`courtyard_http_requests_total{method="other",route="unmatched",status="405"} 1`,
		`courtyard_http_request_duration_seconds_count{method="POST",route="/v1/match"} 2`,
		`courtyard_solve_duration_seconds_count{job="match",size="100",status="optimal"} 1`,
		`courtyard_solves_in_flight 0`,
		// tiny: the one resource serves the need of class 1, the other need finds it full
		`courtyard_needs_total{outcome="served"} 1`,
		`courtyard_needs_total{outcome="partly"} 0`,
		`courtyard_needs_total{outcome="unmet"} 1`,
		`courtyard_unmet_needs_total{reason="` + string(match.CodeCapacity) + `"} 1`,
		`courtyard_build_info{version="1.2.3"} 1`,
	} {
		if !strings.Contains(got, want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

// One line a request and one a solve, with these keys and no other.
func TestLogLines(t *testing.T) {
	s := newService(t, Config{})
	s.do(t, "POST", "/v1/match", tiny)
	var lines []map[string]any
	for line := range strings.Lines(s.log.String()) {
		var v map[string]any
		if err := json.Unmarshal([]byte(line), &v); err != nil {
			t.Fatalf("line %q: %v", line, err)
		}
		lines = append(lines, v)
	}
	if len(lines) != 2 {
		t.Fatalf("one solve wrote %d lines, want 2:\n%s", len(lines), s.log)
	}
	for i, want := range [][]string{
		{
			"eligible_pairs", "job", "level", "msg", "needs", "priced_pairs", "read_s", "resources", "rounds", "solve_s", "status", "stop",
			"time", "unmet_needs", "work",
		},
		{"level", "method", "msg", "request_bytes", "request_s", "response_bytes", "route", "status", "time"},
	} {
		var keys []string
		for k := range lines[i] {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		if !slices.Equal(keys, want) {
			t.Errorf("line %d has the keys %v, want %v", i, keys, want)
		}
	}
}

func TestChecksAreCounted(t *testing.T) {
	s := newService(t, Config{})
	s.do(t, "POST", "/v1/match/check", withMatches(tiny))
	s.do(t, "POST", "/v1/match/check", strings.Replace(withMatches(tiny), `"units": 1`, `"units": 7`, 1))
	got := text(t, s.do(t, "GET", "/metrics", ""))
	for _, status := range []string{"kept", "broken"} {
		if want := `courtyard_solve_duration_seconds_count{job="check",size="100",status="` + status + `"} 1`; !strings.Contains(got, want+"\n") {
			t.Errorf("the metrics lack %s", want)
		}
	}
}
