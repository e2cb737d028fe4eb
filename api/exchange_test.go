package api

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

// TestExchange does what the page of the API tells of an offer: it posts each request and finds in the answer what the page
// shows of it.
func TestExchange(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "api.md"))
	if err != nil {
		t.Fatal(err)
	}
	s := newService(t, Config{})
	id, answer, asked, told := "", "", 0, 0
	for _, block := range regexp.MustCompile("(?ms)^```json (\\S+)(?: (\\S+))?\n(.*?)^```$").FindAllStringSubmatch(string(page), -1) {
		switch block[1] {
		case "POST":
			asked++
			resp := s.do(t, "POST", block[2], strings.ReplaceAll(block[3], "MATCH_ID", id))
			if answer = text(t, resp); resp.StatusCode != 200 {
				t.Fatalf("request %d: POST %s is answered %d %s", asked, block[2], resp.StatusCode, answer)
			}
			var kept KeptMatch
			if err := json.Unmarshal([]byte(answer), &kept); err == nil && kept.MatchID != "" {
				id = kept.MatchID
			}
		case "answer":
			told++
			var want, got any
			if err := json.Unmarshal([]byte(block[3]), &want); err != nil {
				t.Fatalf("answer %d of the page is no JSON: %v", told, err)
			}
			if err := json.Unmarshal([]byte(answer), &got); err != nil {
				t.Fatal(err)
			}
			if at := lacks(got, want, ""); at != "" {
				t.Errorf("answer %d: %s\n%s", told, at, answer)
			}
		}
	}
	if asked != 4 || told != 4 {
		t.Errorf("the page has %d requests and %d answers, want 4 of each", asked, told)
	}
}

// lacks says where got differs from want, "" if nowhere. Members that want leaves out may be anything.
func lacks(got, want any, at string) string {
	switch want := want.(type) {
	case map[string]any:
		object, ok := got.(map[string]any)
		if !ok {
			return at + " is no object"
		}
		for name, v := range want {
			if d := lacks(object[name], v, at+"/"+name); d != "" {
				return d
			}
		}
		return ""
	case []any:
		array, ok := got.([]any)
		if !ok || len(array) != len(want) {
			return fmt.Sprintf("%s has not %d entries", at, len(want))
		}
		for i := range want {
			if d := lacks(array[i], want[i], fmt.Sprintf("%s/%d", at, i)); d != "" {
				return d
			}
		}
		return ""
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Sprintf("%s is %v, the page says %v", at, got, want)
	}
	return ""
}
