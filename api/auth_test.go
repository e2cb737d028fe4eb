package api

import (
	"strings"
	"testing"
)

func TestKeys(t *testing.T) {
	s := newService(t, Config{Keys: []string{"first-key-0123456789", "second-key"}})
	for name, tt := range map[string]struct {
		header []string
		status int
	}{
		"none":               {nil, 401},
		"bearer":             {[]string{"Authorization", "Bearer first-key-0123456789"}, 200},
		"bearer, lower case": {[]string{"Authorization", "bearer second-key"}, 200},
		"own header":         {[]string{"X-API-Key", "second-key"}, 200},
		"wrong":              {[]string{"X-API-Key", "third-key"}, 401},
		"prefix":             {[]string{"X-API-Key", "second-ke"}, 401},
		"empty":              {[]string{"X-API-Key", ""}, 401},
		"basic":              {[]string{"Authorization", "Basic second-key"}, 401},
	} {
		for _, path := range []string{"/v1/match", "/v1/match/check"} {
			got := s.do(t, "POST", path, withPlan(path, tiny), tt.header...)
			body := text(t, got)
			if got.StatusCode != tt.status {
				t.Errorf("%s: POST %s = %d %s, want %d", name, path, got.StatusCode, body, tt.status)
			}
			if tt.status == 401 && (got.Header.Get("WWW-Authenticate") == "" || got.Header.Get("Content-Type") != problemJSON) {
				t.Errorf("%s: POST %s: header = %v", name, path, got.Header)
			}
		}
	}
	for _, path := range []string{"/healthz", "/readyz", "/metrics", documentPath, "/docs/"} {
		if got := s.do(t, "GET", path, ""); got.StatusCode != 200 {
			t.Errorf("GET %s without a key = %d, want 200", path, got.StatusCode)
		}
	}
	if log := s.log.String(); strings.Contains(log, "-key") {
		t.Errorf("the log shows a key:\n%s", log)
	}
	// A key is asked for before the body is looked at, so that strangers cost nothing.
	if got := s.do(t, "POST", "/v1/match", "not JSON", "Content-Type", "text/plain"); got.StatusCode != 401 {
		t.Errorf("a bad body without a key = %d, want 401", got.StatusCode)
	}
}

func TestCheckBind(t *testing.T) {
	keys := []string{"k"}
	for _, tt := range []struct {
		addr string
		keys []string
		ok   bool
	}{
		{"127.0.0.1:8080", nil, true},
		{"127.8.8.8:0", nil, true},
		{"[::1]:8080", nil, true},
		{"localhost:8080", nil, true},
		{":8080", nil, false},
		{"0.0.0.0:8080", nil, false},
		{"[::]:8080", nil, false},
		{"192.0.2.1:80", nil, false},
		{"courtyard.example:80", nil, false},
		{"127.0.0.1", nil, false},
		{"", nil, false},
		{":8080", keys, true},
		{"0.0.0.0:8080", keys, true},
	} {
		if err := CheckBind(tt.addr, tt.keys); (err == nil) != tt.ok {
			t.Errorf("CheckBind(%q, %d keys) = %v, want ok %v", tt.addr, len(tt.keys), err, tt.ok)
		}
	}
}
