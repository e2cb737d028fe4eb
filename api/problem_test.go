package api

import (
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestProblems compares the whole answer to each kind of bad request with testdata/problems.golden, which is read in
// review like code.
func TestProblems(t *testing.T) {
	const need = `{"id":"n1","service":"meal","lon":100,"lat":25}`
	const resource = `{"id":"r1","kind":"team","lon":100,"lat":25,"services":[{"service":"meal"}]}`
	lists := func(needs, resources string) string {
		return `{"needs":[` + needs + `],"resources":[` + resources + `]}`
	}
	tests := []struct {
		name, method, path, body string
		header                   []string
	}{
		{name: "empty body"},
		{name: "blank body", body: "  \n"},
		{name: "not JSON", body: "needs=1"},
		{name: "cut off", body: lists(need, resource)[:60]},
		{name: "not an object", body: "[]"},
		{name: "null", body: "null"},
		{name: "two values", body: lists("", "") + "{}"},
		{name: "not UTF-8", body: lists(`{"id":"`+"\xb4\xf3\xc0\xed"+`"}`, "")},
		{name: "member twice", body: `{"needs":[],"resources":[],"needs":[]}`},
		{name: "member of a row twice", body: lists(`{"id":"n1","id":"n2"}`, "")},
		{name: "nested too deep", body: `{"needs":` + strings.Repeat("[", 10_000)},
		{name: "unknown deep member", body: `{"notes":` + strings.Repeat(`{"a":`, 20) + "1" + strings.Repeat("}", 21)},
		{name: "text too long", body: lists(`{"id":"`+strings.Repeat("x", 2000)+`"}`, "")},
		{name: "lists missing", body: "{}"},
		{name: "unknown members, with a guess", body: `{"need":[],"resources":[],"needs":[{"id":"n1","servce":"meal","lon":1,"latt":2}],"options":{"w_distanc":1}}`},
		{name: "wrong upper case", body: `{"NEEDS":[],"resources":[]}`},
		{name: "wrong types", body: `{"needs":{},"resources":[{"id":1,"kind":null,"lon":"100","lat":true,"services":"meal"}]}`},
		{name: "coordinates", body: lists(`{"id":"n1","service":"meal","lon":25.5,"lat":100.2},{"id":"n2","service":"meal","lon":1e400,"lat":1}`, resource)},
		{name: "number too large", body: lists(`{"id":"n1","service":"meal","lon":1,"lat":2,"units":1000000000000000000}`, `{"id":"r1","kind":"team","lon":100,"lat":25,"services":[{"service":"meal"}],"capacity":99999999999999999999}`)},
		{name: "negative and fractional", body: lists(`{"id":"n1","service":"meal","lon":1,"lat":2,"units":0,"max_distance_m":-1,"priority":4}`, `{"id":"r1","kind":"robot","lon":100,"lat":25,"services":[{"service":"meal"}],"capacity":-1,"price":1.5}`)},
		{name: "duplicate ids", body: lists(need+","+need, resource+","+resource)},
		{name: "unknown service and provider", body: `{"needs":[` + need + `],"resources":[` + strings.Replace(resource, "}]", `}],"provider":"p"`, 1) + `],"services":[{"id":"meals"}],"providers":[]}`},
		{name: "unknown preference", body: lists(strings.Replace(need, "}", `,"prefers":["r2"],"avoids":["r1","r3"]}`, 1), resource)},
		{name: "options", body: `{"needs":[],"resources":[],"options":{"detour":0.5,"nearest":0,"time_limit_s":0,"currency":"yuan","w_price":-1},"mode":"guess"}`},
		{name: "barriers", body: `{"needs":[` + need + `],"resources":[],"options":{"barriers":{"type":"Polygon","coordinates":[[[99,24],[101,24],[101,26],[99,26],[99,24]]]}}}`},
		{name: "barriers of no shape", body: `{"needs":[],"resources":[],"options":{"barriers":{"type":"Point","coordinates":[1,2]}}}`},
		{name: "time limit over the server's", body: `{"needs":[],"resources":[],"options":{"time_limit_s":3600}}`},
		{name: "check without a plan", path: checkOperation.path, body: lists(need, resource)},
		{name: "check of unknown ids", path: checkOperation.path, body: `{"needs":[` + need + `],"resources":[` + resource + `],"matches":[{"need_id":"x","resource_id":"r1","units":1},{"need_id":"n1","units":0}]}`},
		{name: "diff of nothing", path: diffOperation.path, body: "{}"},
		{name: "diff of no object", path: diffOperation.path, body: "[]"},
		{name: "diff of wrong scenarios", path: diffOperation.path, body: `{"before":` + lists(strings.Replace(need, "meal", "", 1), resource) + `,"after":{"needs":[]},"lasting":"yes"}`},
		{name: "diff with unknown members", path: diffOperation.path, body: `{"befor":{},"after":{"match_id":7,"needs":{}}}`},
		{name: "diff of a made match, lasting", path: diffOperation.path, body: `{"before":` + lists(need, resource) + `,"after":{"match_id":"nosuchmatch"},"lasting":true}`},
		{name: "diff cut off", path: diffOperation.path, body: `{"before":` + lists(need, resource)[:60]},
		{name: "diff with a member twice", path: diffOperation.path, body: `{"before":{"needs":[],"resources":[],"needs":[]}}`},
		{name: "diff with a side twice", path: diffOperation.path, body: `{"before":{},"before":{}}`},
		{name: "diff with something after", path: diffOperation.path, body: `{"before":` + lists("", "") + `,"after":` + lists("", "") + `} 1`},
		{name: "diff over the server's time", path: diffOperation.path, body: `{"before":{"needs":[],"resources":[],"options":{"time_limit_s":3600}},"after":` + lists("", "") + `}`},
		{name: "offers of nothing", path: offersOperation.path, body: "{}"},
		{name: "offers of wrong parts", path: offersOperation.path, body: `{"match_id":7,"callers":[{"id":"c1","service":"meal","lon":200,"lat":"x"},{"id":""}],"limit":0,"calers":[]}`},
		{name: "offers to wrong callers", path: offersOperation.path, body: `{"match":` + lists(need, resource) + `,"callers":[` + need + `,{"id":"c2","service":"meal","lon":200,"lat":1,"priority":9}]}`},
		{name: "offers of two matches", path: offersOperation.path, body: `{"match":` + lists(need, resource) + `,"match_id":"nosuchmatch","callers":[` + need + `]}`},
		{name: "offers of a plan that breaks rules", path: offersOperation.path, body: `{"match":` + strings.Replace(lists(need, strings.Replace(resource, "meal", "walk", 1)), "{", `{"matches":[{"need_id":"n1","resource_id":"r1"}],`, 1) + `,"callers":[` + need + `]}`},
		{name: "offers of a plan of strangers", path: offersOperation.path, body: `{"match":` + strings.Replace(lists(need, resource), "{", `{"matches":[{"need_id":"n1","resource_id":"r7"}],`, 1) + `,"callers":[` + need + `]}`},
		{name: "offers to too many", path: offersOperation.path, body: `{"match":` + lists(need, resource) + `,"callers":[` + repeat(need, 101) + `]}`},
		{name: "keep of no flag", body: `{"needs":[],"resources":[],"keep":"yes"}`},
		{name: "form", body: "a=b", header: []string{"Content-Type", "application/x-www-form-urlencoded"}},
		{name: "no content type", body: lists("", ""), header: []string{"Content-Type", ""}},
		{name: "GBK declared", body: lists("", ""), header: []string{"Content-Type", "application/json; charset=gbk"}},
		{name: "unknown encoding", body: lists("", ""), header: []string{"Content-Encoding", "zstd"}},
		{name: "query", path: "/v1/match?pretty=1", body: lists("", "")},
		{name: "no such path", method: "GET", path: "/v1/matches"},
		{name: "wrong method", method: "DELETE"},
	}
	s := newService(t, Config{})
	var got strings.Builder
	for _, tt := range tests {
		if tt.method == "" {
			tt.method = http.MethodPost
		}
		if tt.path == "" {
			tt.path = matchOperation.path
		}
		resp := s.do(t, tt.method, tt.path, tt.body, tt.header...)
		body := text(t, resp)
		if ct := resp.Header.Get("Content-Type"); ct != problemJSON {
			t.Errorf("%s: Content-Type = %q, want %q", tt.name, ct, problemJSON)
		}
		fmt.Fprintf(&got, "-- %s: %s %s --\n%d\n%s\n", tt.name, tt.method, tt.path, resp.StatusCode, strings.NewReplacer(`"errors":[`, "\"errors\":[\n", "},{", "},\n{").Replace(strings.TrimSuffix(body, "\n")))
	}
	golden(t, "problems.golden", got.String())
}

// golden compares got with a file of testdata, or rewrites it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got; rewrite with -update if it is right):\n%s", name, diff)
	}
}

func TestFirstHundredFaults(t *testing.T) {
	s := newService(t, Config{})
	body := text(t, s.do(t, "POST", "/v1/match", request(repeat(`{"id":"","service":"meal","lon":1,"lat":1}`, 250), "", "{}")))
	if n := strings.Count(body, `"pointer"`); n != 100 || !strings.Contains(body, `"faults":250`) {
		t.Errorf("250 faults: %d are listed, want 100, and faults 250: %.200s", n, body)
	}
}

func TestFragment(t *testing.T) {
	for pointer, want := range map[string]string{
		"":              "#",
		"/needs/3/lon":  "#/needs/3/lon",
		"/a~1b/c d":     "#/a~1b/c%20d",
		"/需求":           "#/%E9%9C%80%E6%B1%82",
		"/%/\"<":        "#/%25/%22%3C",
		"/needs/0/~0id": "#/needs/0/~0id",
	} {
		if got := fragment(pointer); got != want {
			t.Errorf("fragment(%q) = %q, want %q", pointer, got, want)
		}
	}
}
