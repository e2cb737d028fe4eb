package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// examplesPage is where the worked examples are told, examplesFolder where their lists are.
const (
	examplesPage   = "../../docs/examples.md"
	examplesFolder = "../../docs/examples"
)

// fenced matches a fenced block of the page: its language, the file or folder it belongs to, its text.
var fenced = regexp.MustCompile("(?ms)^```([a-z]+)(?: (\\S+))?\n(.*?)^```$")

// TestExamples runs each command of the page in its folder and compares what the page says of the answer. It also holds the
// lists on the page and those in the folders to the same bytes.
func TestExamples(t *testing.T) {
	page, err := os.ReadFile(examplesPage)
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs(examplesFolder)
	if err != nil {
		t.Fatal(err)
	}
	shown := make(map[string]bool)
	var (
		command string
		answer  any
	)
	for _, m := range fenced.FindAllStringSubmatch(string(page), -1) {
		language, at, text := m[1], m[2], m[3]
		switch language {
		case "csv":
			shown[at] = true
			if file, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(at))); err != nil || string(file) != text {
				t.Errorf("docs/examples/%s differs from what the page shows (%v)", at, err)
			}
		case "sh":
			command = strings.TrimSpace(text)
			answer = runExample(t, filepath.Join(root, at), command)
		case "json":
			var want any
			if err := decodeNumbers(text, &want); err != nil {
				t.Fatalf("an answer of the page is no JSON: %v\n%s", err, text)
			}
			for _, fault := range differences("", want, answer) {
				t.Errorf("%s: %s", command, fault)
			}
		}
	}
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && path.Ext(name) == ".csv" && !shown[name] {
			t.Errorf("docs/examples/%s is not on the page", name)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// runExample runs a command line in a folder and returns its answer.
func runExample(t *testing.T, folder, command string) any {
	t.Helper()
	t.Chdir(folder)
	var stdout, stderr bytes.Buffer
	args := strings.Fields(command)
	if code := run(t.Context(), args[1:], func(string) string { return "" }, strings.NewReader(""), &stdout, &stderr); code != 0 {
		t.Errorf("%s: exit code %d: %s", command, code, stderr.String())
		return nil
	}
	var answer any
	if err := decodeNumbers(stdout.String(), &answer); err != nil {
		t.Errorf("%s: the answer is no JSON: %v", command, err)
	}
	return answer
}

func decodeNumbers(text string, v any) error {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return d.Decode(v)
}

// partial are the lists of an answer of which the page may show some entries only, in any order.
var partial = []string{"reasons", "resources", "relaxations", "programmes", "hard", "violations"}

// differences says what of want, which may leave out members, got does not have. Lists are compared entry by entry, but for
// those of which the page shows a part.
func differences(at string, want, got any) []string {
	switch want := want.(type) {
	case map[string]any:
		have, ok := got.(map[string]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %s, want an object", at, brief(got))}
		}
		var faults []string
		for _, name := range sortedNames(want) {
			faults = append(faults, differences(at+"/"+name, want[name], have[name])...)
		}
		return faults
	case []any:
		have, ok := got.([]any)
		if !ok {
			return []string{fmt.Sprintf("%s is %s, want a list", at, brief(got))}
		}
		if slices.Contains(partial, path.Base(at)) {
			return missing(at, want, have)
		}
		if len(have) != len(want) {
			return []string{fmt.Sprintf("%s is %s, want %d entries", at, brief(got), len(want))}
		}
		var faults []string
		for i := range want {
			faults = append(faults, differences(fmt.Sprintf("%s/%d", at, i), want[i], have[i])...)
		}
		return faults
	}
	if want != got {
		return []string{fmt.Sprintf("%s is %s, want %s", at, brief(got), brief(want))}
	}
	return nil
}

// missing names the entries of want that no entry of have matches.
func missing(at string, want, have []any) []string {
	var faults []string
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h any) bool { return len(differences("", w, h)) == 0 }) {
			faults = append(faults, fmt.Sprintf("%s lacks %s; it has %s", at, brief(w), brief(have)))
		}
	}
	return faults
}

func sortedNames(object map[string]any) []string {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func brief(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
