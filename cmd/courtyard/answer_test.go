package main

import (
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/solver/match"
)

// FuzzAnswer compares whatever is read as an answer with itself: nothing changes, and nothing breaks.
func FuzzAnswer(f *testing.F) {
	f.Add(`{"status":"optimal","objective":{"unmet_by_class":[0,0,1],"cost":5,"changes":2},"matches":[
		{"need_id":"n1","resource_id":"r1","units":2,"service":"soup","days":[{"date":"2026-12-01","units":1},{"date":"2026-12-03","units":1}]}],
		"unmet":[{"need_id":"n2","units":1}],"resources":[{"id":"r1","used":2,"capacity":3}],
		"figures":{"asked":3,"served":2,"by_class":[{"class":2,"asked":3,"served":2}],"by_party":[{"party":"a/b","asked":3,"served":2}]}}`)
	f.Add(`{"status":"unknown","objective":{"unmet_by_class":[0,0,0]},"resources":[{"id":"r"},{"id":"r"}]}`)
	f.Add(`{"status":"feasible","objective":{"unmet_by_class":[1]},"matches":[{"resource_id":"x"}]}`)
	f.Fuzz(func(t *testing.T, text string) {
		a := &app{stdin: strings.NewReader(text)}
		p, s, err := a.openAnswer("-")
		if err != nil {
			return
		}
		if d := match.Compare(p, s, p, s); len(d.Persons)+len(d.Resources) > 0 {
			t.Errorf("%s\ndiffers from itself: %+v", text, d)
		}
	})
}
