package house

import (
	"bytes"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// maxLines is where a file is asked whether it holds two subjects.
const maxLines = 800

func TestTreePackagesSayWhatTheyAre(t *testing.T) {
	for _, p := range packages(t) {
		doc := p.Doc
		if len(p.GoFiles) == 0 { // go list reads the comment of ordinary files only
			for _, name := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
				f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, name), nil, parser.ParseComments|parser.PackageClauseOnly)
				if err != nil {
					t.Fatal(err)
				}
				doc += f.Doc.Text()
			}
		}
		if doc == "" {
			t.Errorf("%s: the package has no doc comment", p.rel())
		}
		if len(p.TestGoFiles)+len(p.XTestGoFiles) == 0 {
			t.Errorf("%s: the package has no test", p.rel())
		}
	}
}

// TestTreeSolversAreFuzzed: a job or an engine has a fuzz target, which CI finds and runs.
func TestTreeSolversAreFuzzed(t *testing.T) {
	for _, p := range packages(t) {
		if l := layerOf(p.rel()); l == nil || l.name != "engines" && l.name != "jobs" {
			continue
		}
		fuzzed := slices.ContainsFunc(slices.Concat(p.TestGoFiles, p.XTestGoFiles), func(name string) bool {
			text, err := os.ReadFile(filepath.Join(p.Dir, name))
			return err == nil && bytes.Contains(text, []byte("\nfunc Fuzz"))
		})
		if !fuzzed {
			t.Errorf("%s: no fuzz target", p.rel())
		}
	}
}

func TestTreeFilesHoldOneSubject(t *testing.T) {
	for _, name := range committed(t) {
		if path.Ext(name) != ".go" || strings.HasPrefix(path.Base(name), "z") {
			continue
		}
		if n := strings.Count(read(t, name), "\n"); n > maxLines {
			t.Errorf("%s: %d lines, more than %d: does it hold two subjects?", name, n, maxLines)
		}
	}
}

// foreign matches what ties a committed file to one machine: folders of its file system, and addresses of the places
// that packages come from. Both belong to whoever builds, not to the project.
var foreign = regexp.MustCompile(`(?:^|[\s"'` + "`" + `(=:])/(?:root|work|home|tmp|Users)/[\w.]|\b(?:proxy|registry|repo|mirrors?|sum)\.[a-z0-9-]+\.(?:org|com|net|io|cn)\b`)

func TestTreeIsBoundToNoMachine(t *testing.T) {
	for text, want := range map[string]bool{
		"read " + "/root/" + "x":                      true,
		`open("` + "/tmp/" + `a")`:                    true,
		"GOPROXY=https://" + "proxy." + "example.org": true,
		"stop: time/work/cancelled":                   false,
		"https://example.org/home/page":               false,
		"see solver/work/x":                           false,
	} {
		if got := foreign.MatchString(text); got != want {
			t.Errorf("foreign.MatchString(%q) = %t, want %t", text, got, want)
		}
	}
	for _, name := range committed(t) {
		text := read(t, name)
		if strings.ContainsRune(text, 0) {
			continue
		}
		line := 0
		for s := range strings.Lines(text) {
			line++
			if m := foreign.FindString(s); m != "" {
				t.Errorf("%s:%d: names %q, which belongs to one machine", name, line, strings.TrimSpace(m))
			}
		}
	}
}

// link matches a link or a picture of Markdown.
var link = regexp.MustCompile(`\]\(([^)\s]+)\)`)

func TestTreeLinksOfDocumentsLead(t *testing.T) {
	for _, name := range committed(t) {
		if path.Ext(name) != ".md" {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(read(t, name), -1) {
			target, _, _ := strings.Cut(m[1], "#")
			if target == "" || strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			file := filepath.Join(root, filepath.FromSlash(path.Join(path.Dir(name), target)))
			if _, err := os.Stat(file); err != nil {
				t.Errorf("%s: links to %s, which is not there", name, target)
			}
		}
	}
}

// TestTreeDocumentsNameAll: what an operator or a client can meet is in the documents.
func TestTreeDocumentsNameAll(t *testing.T) {
	for _, tt := range []struct{ source, pattern, document string }{
		{"api/metrics.go", `Name: "(courtyard_\w+)"`, "docs/operations.md"},
		{"api/match.go", `slog\.\w+\("(\w+)"`, "docs/operations.md"},
		{"api/diff.go", `slog\.\w+\("(\w+)"`, "docs/operations.md"},
		{"api/offers.go", `slog\.\w+\("(\w+)"`, "docs/operations.md"},
		{"api/routes.go", `// POST (/v1/[a-z/]+)`, "docs/api.md"},
		{"cmd/courtyard/serve.go", `Var\(&[\w.]+, "([a-z-]+)"`, "docs/operations.md"},
		{"solver/match/problem.go", `"([A-Z_]+_CONSTRAINT)"`, "docs/match.md"},
		{"datasets/schema.go", `json:"(\w+)[,"]`, "docs/contract.md"},
		{"api/stream.go", `json:"(\w+)[,"]`, "docs/api.md"},
		{"datasets/check_report.go", `json:"(\w+)[,"]`, "docs/api.md"},
		{"datasets/difference.go", `json:"(\w+)[,"]`, "docs/api.md"},
		{"datasets/offers.go", `json:"(\w+)[,"]`, "docs/api.md"},
		{"api/diff.go", `json:"(\w+)[,"]`, "docs/api.md"},
		{"api/offers.go", `json:"(\w+)[,"]`, "docs/api.md"},
		{"solver/match/compare.go", `Change = "(\w+)"`, "docs/api.md"},
	} {
		document := read(t, tt.document)
		found := regexp.MustCompile(tt.pattern).FindAllStringSubmatch(read(t, tt.source), -1)
		if len(found) == 0 {
			t.Errorf("%s: nothing matches %s: the test looks at nothing", tt.source, tt.pattern)
		}
		for _, m := range found {
			if !strings.Contains(document, m[1]) {
				t.Errorf("%s does not name %s of %s", tt.document, m[1], tt.source)
			}
		}
	}
}

// TestTreeDecisionsAreWhole: a record of a decision is of use only with all its parts.
func TestTreeDecisionsAreWhole(t *testing.T) {
	numbered := regexp.MustCompile(`^docs/decisions/(\d{4})-[a-z0-9-]+\.md$`)
	seen := map[string]string{}
	for _, name := range committed(t) {
		if !strings.HasPrefix(name, "docs/decisions/") || path.Base(name) == "README.md" {
			continue
		}
		m := numbered.FindStringSubmatch(name)
		if m == nil {
			t.Errorf("%s: want docs/decisions/NNNN-title.md", name)
			continue
		}
		if other := seen[m[1]]; other != "" {
			t.Errorf("%s and %s have the same number", other, name)
		}
		seen[m[1]] = name
		for _, part := range []string{"\nStatus: ", "\n## Context\n", "\n## Decision\n", "\n## What it costs\n"} {
			if !strings.Contains(read(t, name), part) {
				t.Errorf("%s: lacks %q", name, strings.TrimSpace(part))
			}
		}
	}
	if len(seen) == 0 {
		t.Error("docs/decisions holds no decision")
	}
}

// TestTreeHoldsNoBinary: what a build makes is not committed, nor is a file that everyone would have to download.
func TestTreeHoldsNoBinary(t *testing.T) {
	const limit = 4 << 20
	for _, name := range committed(t) {
		info, err := os.Stat(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		if info.Size() > limit {
			t.Errorf("%s: %d bytes, more than %d", name, info.Size(), limit)
		}
		switch path.Ext(name) {
		case ".exe", ".test", ".prof", ".so", ".a", ".o":
			t.Errorf("%s: is built, so it is not committed", name)
		}
	}
}
