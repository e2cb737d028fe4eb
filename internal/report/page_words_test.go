package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/match"
)

// words of the model: every constant of a type of package match, read from its source, so that none can be forgotten.
func constants(t *testing.T, typeName string) []string {
	t.Helper()
	files, err := filepath.Glob("../../solver/match/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("the source of package match: %v, %d files", err, len(files))
	}
	var values []string
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.CONST {
				continue
			}
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				if id, ok := v.Type.(*ast.Ident); !ok || id.Name != typeName {
					continue
				}
				for _, e := range v.Values {
					if lit, ok := e.(*ast.BasicLit); ok {
						value, err := strconv.Unquote(lit.Value)
						if err != nil {
							t.Fatal(err)
						}
						values = append(values, value)
					}
				}
			}
		}
	}
	return values
}

// lacking returns the keys that the table has no words for, in one language or both.
func lacking[K ~string](keys []string, table map[K][2]string) []string {
	return slices.DeleteFunc(slices.Clone(keys), func(k string) bool {
		w := table[K(k)]
		return w[English] != "" && w[Chinese] != ""
	})
}

// What the solver can say has words. A word that is missing is no fault of the page, which shows the code then.
func TestEveryWordOfTheModelIsTranslated(t *testing.T) {
	codes := constants(t, "Code")
	codes = slices.DeleteFunc(codes, func(c string) bool { return c == string(match.CodeUnits) }) // of a plan, never of a need
	tiers, kinds := constants(t, "Tier"), constants(t, "HardKind")
	if len(codes) < 12 || len(tiers) < 8 || len(kinds) < 8 {
		t.Fatalf("%d codes, %d tiers, %d kinds of constraints: are they still where this test reads them?", len(codes), len(tiers), len(kinds))
	}
	for what, missing := range map[string][]string{
		"codeNames, for the map (its fonts must draw them: fonts/README.md)": lacking(codes, codeNames),
		"adviceNames": lacking(codes, adviceNames),
		"tierNames":   lacking(tiers, tierNames),
		"hardNames":   lacking(kinds, hardNames),
		"optionNames": lacking(members(datasets.UsedOptionsJSON{}), optionNames),
	} {
		if len(missing) > 0 {
			t.Errorf("%s lacks words for %s", what, strings.Join(missing, ", "))
		}
	}
	for _, tier := range tiers {
		if _, ok := tierValue(&match.Objective{}, match.Tier(tier)); !ok {
			t.Errorf("tierValue does not know %s", tier)
		}
	}
}

// members lists the names that a struct has in JSON.
func members(v any) []string {
	var names []string
	for f := range reflect.TypeOf(v).Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		names = append(names, name)
	}
	return names
}

func TestPageWords(t *testing.T) {
	verbs := regexp.MustCompile(`%(\[\d\])?[a-z]`)
	for name, table := range map[string]map[string][2]string{"pageTable": pageTable, "optionNames": optionNames} {
		for key, w := range table {
			if w[English] == "" || w[Chinese] == "" {
				t.Errorf("%s: %q lacks a language", name, key)
			}
			if len(verbs.FindAllString(w[English], -1)) != len(verbs.FindAllString(w[Chinese], -1)) {
				t.Errorf("%s: %q takes other arguments in English than in Chinese", name, key)
			}
			if _, twice := sharedWords[key]; twice && name == "pageTable" {
				t.Errorf("%q stands in pageTable and in sharedWords", key)
			}
		}
	}
	said := map[string]bool{}
	for _, m := range regexp.MustCompile(`sayf? "([^"]+)"`).FindAllStringSubmatch(pageText, -1) {
		said[m[1]] = true
		if _, ok := pageTable[m[1]]; !ok {
			if _, ok := sharedWords[m[1]]; !ok {
				t.Errorf("page.gohtml says %q, for which there are no words", m[1])
			}
		}
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	code := ""
	for _, name := range sources {
		if strings.HasSuffix(name, "_test.go") || name == "page_words.go" {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		code += string(text)
	}
	for key := range pageTable {
		if !said[key] && !strings.Contains(code, strconv.Quote(key)) {
			t.Errorf("nobody says %q", key)
		}
	}
	for key := range sharedWords {
		if !said[key] {
			t.Errorf("the page does not say %q", key)
		}
	}
}

func TestWordsOfWhatIsNotKnown(t *testing.T) {
	for _, got := range []string{
		Chinese.Code("NEW_CONSTRAINT"), Chinese.tier("NEW_CONSTRAINT"), Chinese.hard("NEW_CONSTRAINT"), Chinese.pageWord("NEW_CONSTRAINT"),
	} {
		if got != "NEW_CONSTRAINT" {
			t.Errorf("a code without words is %q", got)
		}
	}
	if got := Chinese.advice("NEW_CONSTRAINT"); got != "" {
		t.Errorf("the advice on a code that is not known is %q", got)
	}
	if n := niceStep(0, 4); n != 1 {
		t.Errorf("niceStep(0) = %d", n)
	}
}
