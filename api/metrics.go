package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/prometheus/client_golang/prometheus"
)

// metrics are the server's counters. Labels hold only words of a fixed list: routes by pattern, methods, statuses,
// jobs, reason codes; never an id or anything that a client sent.
type metrics struct {
	requests        *prometheus.CounterVec
	requestSeconds  *prometheus.HistogramVec
	solveSeconds    *prometheus.HistogramVec
	solvesInFlight  prometheus.Gauge
	solvesRefused   *prometheus.CounterVec
	needs           *prometheus.CounterVec
	unmetByReason   *prometheus.CounterVec
	recoveredPanics prometheus.Counter
}

// newMetrics makes the metrics and registers them; an error means that reg holds metrics of these names already.
func newMetrics(reg prometheus.Registerer, version string, kept keeper) (*metrics, error) {
	m := &metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "courtyard_http_requests_total", Help: "Requests answered, by route pattern, method and status; 499: the client left first.",
		}, []string{"route", "method", "status"}),
		requestSeconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "courtyard_http_request_duration_seconds", Help: "Time from the header to the end of the answer.",
			Buckets: []float64{.001, .0025, .005, .01, .02, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60},
		}, []string{"route", "method"}),
		solveSeconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "courtyard_solve_duration_seconds", Help: "Time of one solve, by job (match, check, diff, offers), size (needs at most) and outcome (a match, a diff: what is proved; a check: kept or broken; offers: offered or none).",
			Buckets: []float64{.001, .0025, .005, .01, .02, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 180},
		}, []string{"job", "size", "status"}),
		solvesInFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "courtyard_solves_in_flight", Help: "Solves and checks running now.",
		}),
		solvesRefused: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "courtyard_solves_refused_total", Help: "Requests answered 503, by what was full.",
		}, []string{"full"}),
		needs: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "courtyard_needs_total", Help: "Needs in answered solves, by outcome: served, partly, unmet.",
		}, []string{"outcome"}),
		unmetByReason: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "courtyard_unmet_needs_total", Help: "Needs with units left over, by each reason given; a need with two reasons counts in both.",
		}, []string{"reason"}),
		recoveredPanics: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "courtyard_panics_recovered_total", Help: "Requests that ended in a panic and were answered 500.",
		}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "courtyard_build_info", Help: "Always 1; the version is a label.", ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	keptNow := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "courtyard_kept_matches", Help: "Finished matches in memory now.",
	}, func() float64 { now, _ := kept.kept(); return float64(now) })
	forgotten := prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "courtyard_forgotten_matches_total", Help: "Kept matches that expired or made room for others.",
	}, func() float64 { _, forgotten := kept.kept(); return float64(forgotten) })
	for _, c := range []prometheus.Collector{
		m.requests, m.requestSeconds, m.solveSeconds, m.solvesInFlight, m.solvesRefused, m.needs, m.unmetByReason, m.recoveredPanics, build, keptNow, forgotten,
	} {
		if err := reg.Register(c); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// request counts one answered request.
func (m *metrics) request(route, method string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Inc()
	m.requestSeconds.WithLabelValues(route, method).Observe(took.Seconds())
}

// solved counts one solve of a job with so many needs; status is what came of it.
func (m *metrics) solved(job string, needs int, status string, took time.Duration) {
	m.solveSeconds.WithLabelValues(job, sizeBucket(needs), status).Observe(took.Seconds())
}

// matched counts what became of the needs of a match that is answered with a plan.
func (m *metrics) matched(p *match.Problem, sol *match.Solution) {
	partly := 0
	for i := range sol.Unmet {
		u := &sol.Unmet[i]
		if u.Units < p.Lists.Needs[u.Need].Units {
			partly++
		}
		for _, r := range u.Reasons {
			m.unmetByReason.WithLabelValues(string(r.Code)).Inc()
		}
	}
	m.needs.WithLabelValues("served").Add(float64(len(p.Lists.Needs) - len(sol.Unmet)))
	m.needs.WithLabelValues("partly").Add(float64(partly))
	m.needs.WithLabelValues("unmet").Add(float64(len(sol.Unmet) - partly))
}

// sizeBucket names the smallest power of ten that n does not exceed.
func sizeBucket(n int) string {
	for _, top := range []int{100, 1_000, 10_000, 100_000, 1_000_000} {
		if n <= top {
			return strconv.Itoa(top)
		}
	}
	return "+Inf"
}

// methodLabel bounds the methods that a client can make up.
func methodLabel(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}
