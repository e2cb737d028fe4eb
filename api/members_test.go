package api

import (
	"net/http"
	"strings"
	"testing"
)

// FuzzParts posts any text to the operations that read a body in parts: the answer is a success or a problem of the client's,
// never a fault of the server, and repeats nothing of what was marked.
func FuzzParts(f *testing.F) {
	for _, body := range []string{
		diffOperation.example, offersOperation.example, `{"before":` + tiny + `,"after":{"match_id":"x"},"lasting":null}`,
		`{"match":` + street + `,"callers":[` + caller + `],"limit":1e2}`, `{"match_id":"zhang","callers":[{"id":"zhang","lon":"zhang"}]}`,
		`{"before":{"needs":[],"resources":[]},"after":{"needs":[],"resources":[]}}`, `{"callers":null,"match":null}`, `{`, `[]`, `{"a":{"a":1,"a":2}}`, "\xef\xbb\xbf{}",
	} {
		f.Add(body)
	}
	s, err := New(Config{MaxNeeds: 10, MaxResources: 10})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{diffOperation.path, offersOperation.path} {
			resp := service{Server: s}.do(t, http.MethodPost, path, body)
			if answer := text(t, resp); resp.StatusCode >= 500 || resp.StatusCode != http.StatusOK && strings.Contains(answer, "zhang") {
				t.Errorf("POST %s %q = %d %s", path, body, resp.StatusCode, answer)
			}
		}
	})
}
