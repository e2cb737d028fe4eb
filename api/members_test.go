package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// FuzzParts posts any text to the operations that read a body in parts: the answer is a success or a problem of the client's,
// never a fault of the server, and repeats nothing of what was marked but the names of members on the way to the fault, which
// a pointer is made of.
func FuzzParts(f *testing.F) {
	for _, body := range []string{
		diffOperation.example, offersOperation.example, `{"before":` + tiny + `,"after":{"match_id":"x"},"lasting":null}`,
		`{"match":` + street + `,"callers":[` + caller + `],"limit":1e2}`, `{"match_id":"zhang","callers":[{"id":"zhang","lon":"zhang"}]}`,
		`{"before":{"needs":[],"resources":[]},"after":{"needs":[],"resources":[]}}`, `{"callers":null,"match":null}`, `{`, `[]`, `{"a":{"a":1,"a":2}}`, "\xef\xbb\xbf{}",
		`{"zhang"0`, `{"zhang":1,"callers":{"zhang":"zhang"}}`,
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
			answer := text(t, resp)
			if resp.StatusCode == http.StatusOK {
				continue
			}
			var problem Problem
			if err := json.Unmarshal([]byte(answer), &problem); err != nil || resp.StatusCode >= 500 {
				t.Fatalf("POST %s %q = %d %s (%v)", path, body, resp.StatusCode, answer, err)
			}
			for i := range problem.Errors {
				problem.Errors[i].Pointer = ""
			}
			if rest := fmt.Sprintf("%+v", problem); strings.Contains(rest, "zhang") {
				t.Errorf("POST %s %q repeats a value: %s", path, body, rest)
			}
		}
	})
}
