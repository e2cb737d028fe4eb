package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/datasets"
)

// Two volunteers on one street: r1 serves n1, r2, a step farther, is free.
const street = `{"needs": [
	{"id": "n1", "service": "meal", "lon": 100, "lat": 25}
], "resources": [
	{"id": "r1", "kind": "volunteer", "lon": 100, "lat": 25.001, "services": [{"service": "meal"}]},
	{"id": "r2", "kind": "volunteer", "lon": 100, "lat": 25.003, "services": [{"service": "meal"}]}
]}`

// caller lives where r1 does.
const caller = `{"id": "c1", "service": "meal", "lon": 100, "lat": 25.001, "priority": 1}`

func (s service) offers(t *testing.T, body string, header ...string) (int, string) {
	t.Helper()
	resp := s.do(t, "POST", offersOperation.path, body, header...)
	return resp.StatusCode, text(t, resp)
}

// r2 is free: 222 m for c1, 111 + 222 in all. r1 is next door, but n1 would have to go to r2: 0 + 334.
func TestOffers(t *testing.T) {
	s := newService(t, Config{})
	id := s.keep(t, street)
	r1, r2 := "r1", "r2"
	want := []datasets.UnitOfferJSON{
		{ResourceID: "r2", DistanceM: 222, Cost: 222, Objective: datasets.ObjectiveJSON{UnmetByClass: []int64{0, 0, 0}, Cost: 333}, Moves: []datasets.MoveJSON{}},
		{
			ResourceID: "r1", Objective: datasets.ObjectiveJSON{UnmetByClass: []int64{0, 0, 0}, Cost: 334},
			Moves: []datasets.MoveJSON{{NeedID: "n1", From: &r1, To: &r2}},
		},
	}
	whole := strings.Replace(street, "{", `{"matches": [{"need_id": "n1", "resource_id": "r1", "units": 1, "distance_m": 111, "cost": 111}],`, 1)
	for name, match := range map[string]string{"kept": `"match_id":"` + id + `"`, "whole": `"match":` + whole, "to be solved": `"match":` + street} {
		status, body := s.offers(t, `{`+match+`,"callers":[`+caller+`]}`)
		var got datasets.OffersJSON
		if err := json.Unmarshal([]byte(body), &got); err != nil || status != http.StatusOK || len(got.Callers) != 1 || got.Callers[0].ID != "c1" {
			t.Errorf("%s: %d %s", name, status, body)
			continue
		}
		if diff := cmp.Diff(want, got.Callers[0].Offers); diff != "" {
			t.Errorf("%s: offers (-want +got):\n%s", name, diff)
		}
	}
	if _, body := s.offers(t, `{"match_id":"`+id+`","callers":[`+caller+`],"limit":1}`); strings.Count(body, "resource_id") != 1 {
		t.Errorf("with limit 1: %s", body)
	}
	// r2 is the helper of another: only r1 is left, and nobody can take n1 over.
	if _, body := s.offers(t, `{"match_id":"`+id+`","callers":[`+strings.Replace(caller, "meal", "walk", 1)+`]}`); !strings.Contains(body, `"offers":[]`) {
		t.Errorf("a service that nobody offers: %s", body)
	}
	metrics := text(t, s.do(t, "GET", "/metrics", ""))
	for status, n := range map[string]string{"offered": "4", "none": "1"} {
		if want := `courtyard_solve_duration_seconds_count{job="offers",size="100",status="` + status + `"} ` + n + "\n"; !strings.Contains(metrics, want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}

// Offers from a kept match take no solve slot: they are answered while every slot is taken.
func TestOffersNeedNoSlot(t *testing.T) {
	s := newService(t, Config{Slots: 1, SlotWait: time.Millisecond})
	id := s.keep(t, street)
	s.solves <- struct{}{}
	defer s.solves.release()
	if status, body := s.offers(t, `{"match_id":"`+id+`","callers":[`+caller+`]}`); status != http.StatusOK {
		t.Errorf("from a kept match: %d %s", status, body)
	}
	if status, _ := s.offers(t, `{"match":`+street+`,"callers":[`+caller+`]}`); status != http.StatusServiceUnavailable {
		t.Errorf("from a match to be solved: %d, want 503", status)
	}
	s.asks <- struct{}{}
	defer s.asks.release()
	if status, body := s.offers(t, `{"match_id":"`+id+`","callers":[`+caller+`]}`); status != http.StatusServiceUnavailable {
		t.Errorf("while others ask: %d %s, want 503", status, body)
	}
	if got := text(t, s.do(t, "GET", "/metrics", "")); !strings.Contains(got, `courtyard_solves_refused_total{full="offers"} 1`) {
		t.Error("the refused call is not counted")
	}
}

// A match is another key's, or it is not there: no difference.
func TestOffersHaveAnOwner(t *testing.T) {
	s := newService(t, Config{Keys: []string{"one", "two"}})
	id := s.keep(t, street, "X-API-Key", "one")
	body := `{"match_id":"` + id + `","callers":[` + caller + `]}`
	if status, got := s.offers(t, body, "X-API-Key", "one"); status != http.StatusOK {
		t.Errorf("its own key: %d %s", status, got)
	}
	if status, got := s.offers(t, body, "X-API-Key", "two"); status != http.StatusNotFound || strings.Contains(got, id) {
		t.Errorf("another key: %d %s", status, got)
	}
}
