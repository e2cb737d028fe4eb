//go:build linux || darwin

package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
)

const tiny = "c tiny\nc more\np min 3 2\nn 1 4\nn 3 -4\na 1 2 0 4 1\na 2 3 0 4 1\n"

func zipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestUnpackShared(t *testing.T) {
	shared, cache := t.TempDir(), t.TempDir()
	files := map[string][]byte{
		"index.csv": []byte("file,kind,n,m,sense,lower_bound,best_known,verified_value,note\n" +
			"plain.min,min-cost-flow,3,2,min,8,8,8,\"optimal; by hand\"\n" +
			"packed.min.gz,transportation,3,2,min,8,8,8,\n" +
			"other.txt,assignment,3,9,min,8,8,8,\n"),
		"plain.min":     []byte(tiny),
		"packed.min.gz": zipped(t, tiny),
	}
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(shared, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := unpackShared(shared, cache)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 {
		t.Fatalf("unpackShared found %d flow instances, want 2: %v", len(got), got)
	}
	for i, name := range []string{"plain", "packed"} {
		f := got[i]
		if f.name != name || f.nodes != 3 || f.arcs != 2 || f.optimum != 8 || !f.known {
			t.Errorf("instance %d = %+v, want %s with 3 nodes, 2 arcs, optimum 8", i, f, name)
		}
		if text, err := os.ReadFile(f.path); err != nil || string(text) != tiny {
			t.Errorf("%s holds %q (%v), want the plain file", f.path, text, err)
		}
	}
}

func TestSharedInstances(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "data", "match"), 0o755); err != nil {
		t.Fatal(err)
	}
	index := filepath.Join(dir, "data", "match", "index.csv")
	if err := os.WriteFile(index, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, env := range []string{dir, filepath.Join(dir, "data")} {
		t.Setenv("COURTYARD_SHARED", env)
		if got, err := sharedInstances(); err != nil || got != filepath.Dir(index) {
			t.Errorf("COURTYARD_SHARED=%s: sharedInstances() = %q, %v, want %q", env, got, err, filepath.Dir(index))
		}
	}
	t.Setenv("COURTYARD_SHARED", t.TempDir())
	if _, err := sharedInstances(); err == nil {
		t.Error("a COURTYARD_SHARED without the instances is not refused")
	}
}

func TestSpent(t *testing.T) {
	b := &bench{config: &config{budget: 20 * time.Second}}
	run := func(state measure.State, s float64) measure.Record {
		return measure.Record{State: state, Line: measure.Line{SolveS: s}}
	}
	for _, c := range []struct {
		name string
		runs []measure.Record
		want bool
	}{
		{"nothing yet", nil, false},
		{"fast", []measure.Record{run(measure.OK, 4), run(measure.OK, 4)}, false},
		{"over the budget", []measure.Record{run(measure.OK, 12), run(measure.OK, 12)}, true},
		{"stopped at the cap", []measure.Record{run(measure.Capped, 1)}, true},
		{"failed", []measure.Record{run(measure.Failed, 0)}, true},
	} {
		if got := b.spent(c.runs); got != c.want {
			t.Errorf("%s: spent = %v, want %v", c.name, got, c.want)
		}
	}
}

// A wrong optimum is a fault of the page, wherever it comes from.
func TestFlowTableFindsWrongOptima(t *testing.T) {
	store, err := measure.Open(filepath.Join(t.TempDir(), "records.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{config: &config{}, stores: map[string]*measure.Store{subjectFlow: store}}
	for _, r := range []measure.Record{
		{Key: measure.Key{Subject: subjectFlow, Instance: "care", Solver: "Courtyard", Run: 1}, State: measure.OK, Line: measure.Line{Optimum: 8}},
		{Key: measure.Key{Subject: subjectFlow, Instance: "care", Solver: "LEMON NS", Run: 1}, State: measure.OK, Line: measure.Line{Optimum: 7}},
		{Key: measure.Key{Subject: subjectFlow, Instance: "known", Solver: "Courtyard", Run: 1}, State: measure.Wrong, Note: "optimum 1, not 2"},
	} {
		if err := store.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	table, faults := b.flowTable(subjectFlow, []flowInstance{{name: "care"}, {name: "known", known: true}, {name: "not measured"}})
	if len(table.Rows) != 2 {
		t.Errorf("the table has %d rows, want the 2 measured", len(table.Rows))
	}
	if len(faults) != 2 || !strings.Contains(faults[0], "optimum 7, another found 8") || !strings.Contains(faults[1], "optimum 1, not 2") {
		t.Errorf("faults = %q, want the disagreement and the wrong optimum", faults)
	}
}

func TestFlags(t *testing.T) {
	for _, args := range [][]string{{"-only", "mfc"}, {"-runs", "0"}, {"-match", "("}, {"extra"}} {
		if _, err := parse(args, io.Discard); err == nil {
			t.Errorf("parse(%q) is not refused", args)
		}
	}
	c, err := parse([]string{"-only", "mcf,scale", "-match", "netgen"}, io.Discard)
	if err != nil || c.out != "" || len(c.only) != 2 || !c.match.MatchString("netgen_8_14a") {
		t.Errorf("parse = %+v, %v, want two subjects, the expression and no file", c, err)
	}
	if c, err := parse(nil, io.Discard); err != nil || c.out != filepath.Join("bench", "RESULTS.md") {
		t.Errorf("parse of no flags = %+v, %v, want the page as the file", c, err)
	}
}
