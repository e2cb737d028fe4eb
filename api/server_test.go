package api

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// tiny is a request with two needs and one resource that can serve one of them.
const tiny = `{
	"needs": [
		{"id": "n1", "service": "meal", "lon": 100.226, "lat": 25.593, "priority": 1},
		{"id": "n2", "service": "meal", "lon": 100.227, "lat": 25.594}
	],
	"resources": [
		{"id": "r1", "kind": "volunteer", "lon": 100.228, "lat": 25.595, "services": [{"service": "meal"}]}
	]
}`

// service is a server under test with what it logged.
type service struct {
	*Server
	log *bytes.Buffer
}

func newService(t *testing.T, cfg Config) service {
	t.Helper()
	var log bytes.Buffer
	cfg.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s, err := New(cfg)
	if err != nil {
		t.Fatalf("New(%+v): %v", cfg, err)
	}
	return service{s, &log}
}

// do sends one request through the real router. header holds names and values in turn.
func (s service) do(t *testing.T, method, path, body string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, path, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatalf("read the answer: %v", err)
	}
	return string(b)
}

// blocking returns a solver that runs until its context ends, and a channel that says when one has started.
func blocking() (func(context.Context, *match.Problem, match.Options) (*match.Solution, error), chan struct{}) {
	started := make(chan struct{}, 100)
	return func(ctx context.Context, p *match.Problem, o match.Options) (*match.Solution, error) {
		started <- struct{}{}
		var limit <-chan time.Time
		if o.TimeLimit > 0 {
			limit = time.After(o.TimeLimit)
		}
		stop := solver.StopCancelled
		select {
		case <-ctx.Done():
		case <-limit:
			stop = solver.StopTime
		}
		return &match.Solution{Status: solver.Unknown, Stop: stop, Resources: make([]match.ResourceUse, len(p.Lists.Resources))}, nil
	}, started
}

func TestRoutes(t *testing.T) {
	s := newService(t, Config{})
	tests := []struct {
		method, path string
		status       int
		contentType  string
		contains     string
	}{
		{"GET", "/healthz", 200, "text/plain", "ok"},
		{"HEAD", "/healthz", 200, "text/plain", ""},
		{"GET", "/readyz", 200, "text/plain", "ready"},
		{"GET", "/metrics", 200, "text/plain", "courtyard_build_info"},
		{"GET", "/v1/openapi.json", 200, "application/openapi+json", `"openapi":"3.1.0"`},
		{"GET", "/docs", 301, "text/html", ""},
		{"GET", "/docs/", 200, "text/html", "swagger-ui-bundle.js"},
		{"GET", "/docs/docs.js", 200, "text/javascript", documentPath},
		{"GET", "/docs/swagger-ui-bundle.js", 200, "application/javascript", "SwaggerUIBundle"},
		{"GET", "/docs/swagger-ui.css", 200, "text/css", ".swagger-ui"},
		{"GET", "/", 404, problemJSON, documentPath},
		{"GET", "/v1/nothing", 404, problemJSON, `"status":404`},
		{"GET", "/docs/nothing", 404, "", ""},
		{"GET", "/v1/match", 405, problemJSON, `"status":405`},
		{"HEAD", "/v1/match", 405, problemJSON, ""},
		{"PUT", "/v1/match/check", 405, problemJSON, `"status":405`},
		{"POST", "/healthz", 405, problemJSON, `"status":405`},
		{"OPTIONS", "/v1/match", 204, "", ""},
		{"POST", "/docs/", 405, problemJSON, `"status":405`},
	}
	for _, tt := range tests {
		got := s.do(t, tt.method, tt.path, "")
		body := text(t, got)
		if got.StatusCode != tt.status || !strings.HasPrefix(got.Header.Get("Content-Type"), tt.contentType) || !strings.Contains(body, tt.contains) {
			t.Errorf("%s %s = %d %s %.200q, want %d %s with %q", tt.method, tt.path, got.StatusCode, got.Header.Get("Content-Type"), body, tt.status, tt.contentType, tt.contains)
		}
	}
}

func TestAllow(t *testing.T) {
	s := newService(t, Config{})
	for _, tt := range []struct{ method, path, allow string }{
		{"GET", "/v1/match", "POST, OPTIONS"},
		{"OPTIONS", "/v1/match", "POST, OPTIONS"},
		{"POST", "/healthz", "GET, HEAD, OPTIONS"},
	} {
		got := strings.Join(s.do(t, tt.method, tt.path, "").Header.Values("Allow"), ", ")
		if got != tt.allow {
			t.Errorf("%s %s: Allow = %q, want %q", tt.method, tt.path, got, tt.allow)
		}
	}
}

func TestNewRefusesHalfConfigured(t *testing.T) {
	used := prometheus.NewRegistry()
	if _, err := New(Config{Registry: used}); err != nil {
		t.Fatalf("New: %v", err)
	}
	for name, cfg := range map[string]Config{
		"negative slots":     {Slots: -1},
		"negative time":      {MaxSolveTime: -1},
		"empty key":          {Keys: []string{"a-good-key", ""}},
		"key with a blank":   {Keys: []string{"not a key"}},
		"registry used once": {Registry: used},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: New(%+v) succeeded", name, cfg)
		}
	}
}

// instant is a solver that leaves every need unmet, at once.
func instant(_ context.Context, p *match.Problem, _ match.Options) (*match.Solution, error) {
	sol := &match.Solution{Status: solver.Optimal, Stop: solver.StopProved, Resources: make([]match.ResourceUse, len(p.Lists.Resources))}
	for i, n := range p.Lists.Needs {
		sol.Unmet = append(sol.Unmet, match.Unmet{Need: int32(i), Units: n.Units})
		sol.Objective.Unmet[n.Priority-1] += n.Units
	}
	sol.Bound = sol.Objective
	return sol, nil
}

func newRequest(ctx context.Context, path, body string) *http.Request {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return r
}

// discard returns a writer for an answer that nobody reads.
func discard() http.ResponseWriter { return httptest.NewRecorder() }

// withMatches adds a plan to a request.
func withMatches(request string) string {
	return strings.Replace(request, "{", `{"matches": [{"need_id": "n1", "resource_id": "r1", "units": 1}],`, 1)
}

// withPlan adds a plan to a request for the check, and leaves other requests as they are.
func withPlan(path, request string) string {
	if path == checkOperation.path {
		return withMatches(request)
	}
	return request
}
