package api

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// neighbourhood returns a request of n needs in 20 clusters and m resources among them, of 5 services, with capacity for
// about all.
func neighbourhood(seed uint64, n, m int) string {
	rng := rand.New(rand.NewPCG(seed, 0))
	services := []string{"meal", "escort", "clean", "nurse", "chat"}
	centres := make([]travel.Place, 20)
	for i := range centres {
		centres[i] = travel.Place{Lon: 100.15 + 0.15*rng.Float64(), Lat: 25.55 + 0.15*rng.Float64()}
	}
	near := func() travel.Place {
		c := centres[rng.IntN(len(centres))]
		return travel.Place{Lon: c.Lon + 0.004*rng.NormFloat64(), Lat: c.Lat + 0.004*rng.NormFloat64()}
	}
	lists := care.Lists{}
	for i := range n {
		lists.Needs = append(lists.Needs, care.Need{
			ID: fmt.Sprintf("n%d", i), Service: services[rng.IntN(5)], At: near(), Units: 1, Priority: 1 + rng.IntN(3), Mode: care.Visit, MaxDistanceM: care.AtMost(3000),
		})
	}
	for j := range m {
		a := rng.IntN(5)
		lists.Resources = append(lists.Resources, care.Resource{
			ID: fmt.Sprintf("r%d", j), Kind: care.Volunteer, At: near(), Capacity: int64(1 + rng.IntN(6)), Price: int64(rng.IntN(500)),
			Services: []care.Offer{{Service: services[a]}, {Service: services[(a+1)%5]}},
		})
	}
	var b bytes.Buffer
	if err := datasets.WriteListsJSON(&b, &lists); err != nil {
		panic(err)
	}
	return b.String()
}

// BenchmarkMatch measures 1,000 needs and 300 resources over a real connection, and its parts alone. The floor is a
// median under 20 ms for the whole on an idle core.
func BenchmarkMatch(b *testing.B) {
	body := neighbourhood(1, 1_000, 300)
	req, err := datasets.ReadRequest(strings.NewReader(body), datasets.HTTPLimits())
	if err != nil {
		b.Fatal(err)
	}
	sol, err := match.Solve(b.Context(), &req.Problem, match.Options{})
	if err != nil {
		b.Fatal(err)
	}

	b.Run("http", func(b *testing.B) {
		s, err := New(Config{})
		if err != nil {
			b.Fatal(err)
		}
		server := httptest.NewServer(s)
		defer server.Close()
		b.SetBytes(int64(len(body)))
		var times []time.Duration
		for b.Loop() {
			start := time.Now()
			r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, server.URL+matchOperation.path, strings.NewReader(body))
			if err != nil {
				b.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/json")
			resp, err := server.Client().Do(r)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, resp.Body); err != nil || resp.StatusCode != 200 {
				b.Fatal(resp.Status, err)
			}
			_ = resp.Body.Close()
			times = append(times, time.Since(start))
		}
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)/2].Microseconds())/1e3, "p50_ms")
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, err := datasets.ReadRequest(strings.NewReader(body), datasets.HTTPLimits()); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("validate", func(b *testing.B) {
		for b.Loop() {
			if err := req.Validate(); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("solve", func(b *testing.B) {
		for b.Loop() {
			if _, err := match.Solve(b.Context(), &req.Problem, match.Options{}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encode", func(b *testing.B) {
		for b.Loop() {
			if err := encode(io.Discard, datasets.NewMatchAnswer(req, sol)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
