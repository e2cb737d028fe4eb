package report

import (
	"testing"

	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// Every word stands in both languages, and the embedded fonts draw all of them.
func TestWordsAreCompleteAndDrawable(t *testing.T) {
	regular, err := parseTypeface(regularTTF)
	if err != nil {
		t.Fatal(err)
	}
	bold, err := parseTypeface(boldTTF)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what, s string) {
		t.Helper()
		if s == "" {
			t.Errorf("%s is empty", what)
		}
		for _, r := range s {
			if !regular.has(r) || !bold.has(r) {
				t.Errorf("%s: the fonts lack %q of %q; see fonts/README.md", what, r, s)
			}
		}
	}
	for _, l := range []Lang{English, Chinese} {
		for w := range words {
			check("word", l.say(w))
		}
		for _, k := range care.Kinds() {
			check("kind "+string(k), l.Kind(k))
		}
		for _, c := range []match.Code{
			match.CodeService, match.CodeKind, match.CodeSkill, match.CodeLanguage, match.CodeGender, match.CodeMaxDistance,
			match.CodeRadius, match.CodeArea, match.CodePrice, match.CodeMode, match.CodeCapacity, match.CodeQuota,
		} {
			if _, ok := codeNames[c]; !ok {
				t.Errorf("code %s has no name", c)
			}
			check("code", l.Code(c))
		}
	}
	city, err := dali.Generate(dali.Options{Needs: dali.MinNeeds})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range city.Towns {
		check("town", p.Name)
		check("town", p.NameEN)
	}
	for _, s := range city.Lists.Services {
		check("service", s.Name)
		check("service", s.NameZH)
	}
	check("credit", dali.Credit)
}

func TestParseLang(t *testing.T) {
	for _, c := range []struct {
		tag  string
		want Lang
		ok   bool
	}{
		{"zh", Chinese, true},
		{"zh-CN", Chinese, true},
		{"zh_CN.UTF-8", Chinese, true},
		{"ZH_hant@x", Chinese, true},
		{"en", English, true},
		{"en_GB.UTF-8", English, true},
		{"C.UTF-8", English, true},
		{"POSIX", English, true},
		{"", English, true},
		{"fr", English, false},
		{"zhx", English, false},
	} {
		if got, ok := ParseLang(c.tag); got != c.want || ok != c.ok {
			t.Errorf("ParseLang(%q) = %v, %v, want %v, %v", c.tag, got, ok, c.want, c.ok)
		}
	}
}

func TestNumbers(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -999: "-999"} {
		if got := count(n); got != want {
			t.Errorf("count(%d) = %s, want %s", n, got, want)
		}
	}
	for share, want := range map[float64]string{0: "0.0%", 0.5: "50.0%", 0.99999: "99.9%", 1: "100.0%", 0.1234: "12.3%"} {
		if got := percent(share); got != want {
			t.Errorf("percent(%v) = %s, want %s", share, got, want)
		}
	}
}
