package api

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/datasets"
)

// keep asks for a match to be kept and returns its id.
func (s service) keep(t *testing.T, request string, header ...string) string {
	t.Helper()
	resp := s.do(t, "POST", matchOperation.path, strings.Replace(request, "{", `{"keep": true,`, 1), header...)
	body := text(t, resp)
	var answer struct {
		MatchID string `json:"match_id"`
	}
	if err := json.Unmarshal([]byte(body), &answer); err != nil || resp.StatusCode != http.StatusOK || len(answer.MatchID) < 26 {
		t.Fatalf("a match to keep is answered %d %s, want an id of 128 bits", resp.StatusCode, body)
	}
	return answer.MatchID
}

// diff compares two scenarios and returns status and body.
func (s service) diff(t *testing.T, before, after string, header ...string) (int, string) {
	t.Helper()
	resp := s.do(t, "POST", diffOperation.path, `{"before":`+before+`,"after":`+after+`}`, header...)
	return resp.StatusCode, text(t, resp)
}

func kept(id string) string { return `{"match_id":"` + id + `"}` }

// An answer has an id only where the request asks for one, and the id stands for the very match.
func TestMatchesAreKept(t *testing.T) {
	s := newService(t, Config{})
	if body := text(t, s.do(t, "POST", matchOperation.path, tiny)); strings.Contains(body, "match_id") {
		t.Errorf("a match that is not to be kept has an id: %s", body)
	}
	id := s.keep(t, tiny)
	for _, sides := range [][2]string{{kept(id), kept(id)}, {kept(id), tiny}, {tiny, kept(id)}} {
		status, body := s.diff(t, sides[0], sides[1])
		var d datasets.DifferenceJSON
		if err := json.Unmarshal([]byte(body), &d); err != nil || status != http.StatusOK || len(d.Persons) > 0 || d.Units.Before.Asked != 2 || d.Units.Before != d.Units.After {
			t.Errorf("%v: %d %s, want no change of two units", sides, status, body)
		}
	}
	// As a stream the answer has its id too.
	resp := s.do(t, "POST", matchOperation.path, strings.Replace(tiny, "{", `{"keep": true,`, 1), "Accept", eventStream)
	if body := text(t, resp); !strings.Contains(body, `data: {"match_id":"`) {
		t.Errorf("the stream has no id: %s", body)
	}
	if got := text(t, s.do(t, "GET", "/metrics", "")); !strings.Contains(got, "courtyard_kept_matches 2\n") || !strings.Contains(got, "courtyard_forgotten_matches_total 0\n") {
		t.Errorf("the metrics do not count two kept matches: %s", got)
	}
}

// A match is its key's: to every other key it is unknown, as is any other id.
func TestKeptMatchesHaveAnOwner(t *testing.T) {
	s := newService(t, Config{Keys: []string{"one", "two"}})
	id := s.keep(t, tiny, "X-API-Key", "one")
	if status, body := s.diff(t, kept(id), kept(id), "Authorization", "Bearer one"); status != http.StatusOK {
		t.Errorf("its own key: %d %s", status, body)
	}
	status, other := s.diff(t, kept(id), kept(id), "X-API-Key", "two")
	if status != http.StatusNotFound || strings.Contains(other, id) {
		t.Errorf("another key: %d %s, want 404 without the id", status, other)
	}
	status, unknown := s.diff(t, kept("NOSUCHMATCHNOSUCHMATCHNOSU"), kept(id), "X-API-Key", "two")
	if status != http.StatusNotFound || unknown != other {
		t.Errorf("an unknown id is answered %d %s, another key's %s: they must not differ", status, unknown, other)
	}
}

// Matches expire, make room for others, and are not kept where they cannot be.
func TestKeptMatchesAreForgotten(t *testing.T) {
	gone := func(s service, id string) bool {
		status, _ := s.diff(t, kept(id), kept(id))
		return status == http.StatusNotFound
	}
	s := newService(t, Config{KeepTime: time.Nanosecond})
	if !gone(s, s.keep(t, tiny)) {
		t.Error("an expired match is still there")
	}

	s = newService(t, Config{KeepMatches: 2})
	first, second := s.keep(t, tiny), s.keep(t, tiny)
	if gone(s, first) { // asked for, so that the second is the oldest
		t.Error("the first of two matches is gone")
	}
	third := s.keep(t, tiny)
	if gone(s, first) || !gone(s, second) || gone(s, third) {
		t.Error("of three matches the one asked for longest ago should be gone")
	}

	s = newService(t, Config{KeepBytes: int64(len(tiny)) * 3})
	first = s.keep(t, tiny)
	second, third = s.keep(t, tiny), s.keep(t, tiny)
	if !gone(s, first) || gone(s, second) || gone(s, third) {
		t.Error("of three matches, two of which fit, the first should be gone")
	}
	wide := strings.Replace(tiny, "{", `{"keep": true,`+strings.Repeat(" ", 3*len(tiny)), 1)
	if resp := s.do(t, "POST", matchOperation.path, wide); resp.StatusCode != 422 || !strings.Contains(text(t, resp), `"pointer":"#/keep","code":"too_large"`) {
		t.Errorf("lists that do not fit are answered %d", resp.StatusCode)
	}

	s = newService(t, Config{KeepMatches: -1})
	if resp := s.do(t, "POST", matchOperation.path, strings.Replace(tiny, "{", `{"keep": true,`, 1)); resp.StatusCode != 422 {
		t.Errorf("a server that keeps nothing answers %d", resp.StatusCode)
	}
	if !gone(s, "anything") {
		t.Error("a server that keeps nothing knows a match")
	}
}

// A running server deletes what has expired though nobody asks for it.
func TestExpiredMatchesLeaveMemory(t *testing.T) {
	s := newService(t, Config{KeepTime: time.Nanosecond})
	s.keep(t, tiny)
	stop, ended := make(chan struct{}), make(chan struct{})
	go func() {
		s.matches.forgetExpired(0, stop)
		close(ended)
	}()
	deadline := time.Now().Add(patience)
	for now := 1; now > 0; now, _ = s.matches.kept() {
		if time.Now().After(deadline) {
			t.Fatal("an expired match stays in memory")
		}
		time.Sleep(10 * time.Millisecond)
	}
	close(stop)
	<-ended
}
