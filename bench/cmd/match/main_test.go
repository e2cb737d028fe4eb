//go:build linux || darwin

package main

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/solver/match"
)

func driven(t *testing.T, args ...string) measure.Line {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), args, &out, io.Discard); err != nil {
		t.Fatalf("match %q: %v", args, err)
	}
	var line measure.Line
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatalf("match %q printed %q: %v", args, out.String(), err)
	}
	if line.Plan == nil || line.SolveS <= 0 || line.PeakRSS <= 0 {
		t.Errorf("match %q printed %q: figures are missing", args, out.String())
	}
	return line
}

func TestDriver(t *testing.T) {
	for _, args := range [][]string{
		{"city", "-needs", "100", "-limit", "2s"},
		{"minload", "-needs", "100", "-sessions", "6"},
		{"offers", "-needs", "200", "-callers", "5"},
		{"relax", "-needs", "200", "-relaxations", "5"},
	} {
		line := driven(t, args...)
		for _, tier := range line.Plan.Tiers[:1] {
			if tier.Bound > tier.Value {
				t.Errorf("match %q: the bound %d of %s is above its value %d", args, tier.Bound, tier.Name, tier.Value)
			}
		}
		if args[0] == "offers" && (line.Optimum == 0 || line.P90S < line.SolveS) {
			t.Errorf("match %q: %d offers, median %v s, 90th percentile %v s", args, line.Optimum, line.SolveS, line.P90S)
		}
	}
}

func TestDriverWritesTheInstance(t *testing.T) {
	path := filepath.Join(t.TempDir(), "instance.txt")
	var out bytes.Buffer
	if err := run(t.Context(), []string{"minload", "-needs", "50", "-sessions", "3", "-write", path}, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil || !strings.HasPrefix(string(text), "p 50 3 ") || out.Len() > 0 {
		t.Errorf("the file begins %.20q (%v), the output is %q", text, err, out.String())
	}
}

// Three papers and four reviewers.
const scores = "# rows are reviewers\n0.9,0.8,-1\n0.5,0.5,0.25\n1,0,0.123456\n0,0,0\n"

func TestReviewers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scores.csv.gz")
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write([]byte(scores)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	// each paper leaves out its worst of four, each time another reviewer: all have two papers at least
	const want = 4_926_544
	for _, goal := range []string{"total", "two", "worst"} {
		line := driven(t, "reviewer", "-goal", goal, path)
		got := line.Plan.Tiers[len(line.Plan.Tiers)-1]
		if got.Name != "cost" || got.Value != want {
			t.Errorf("%s: %s %d, want cost %d", goal, got.Name, got.Value, want)
		}
		if goal == "worst" {
			at := slices.IndexFunc(line.Plan.Tiers, func(x measure.Tier) bool { return x.Name == string(match.TierWorstNeed) })
			if at < 0 || line.Plan.Tiers[at].Value != 3_000_000-373_456 {
				t.Errorf("worst: %+v, want the third paper at 0.373456", line.Plan.Tiers)
			}
		}
	}
}

func TestReadCosts(t *testing.T) {
	costs, err := readCosts(strings.NewReader(scores))
	if err != nil || len(costs) != 4 || !slices.Equal(costs[2], []int64{0, 1_000_000, 876_544}) {
		t.Errorf("readCosts = %v, %v", costs, err)
	}
	for _, bad := range []string{"", "# nothing\n", "0.5,x\n", "0.5,1.5\n", "0,0\n0\n", "NaN\n"} {
		if _, err := readCosts(strings.NewReader(bad)); err == nil {
			t.Errorf("readCosts(%q) is not refused", bad)
		}
	}
}

func FuzzReadCosts(f *testing.F) {
	f.Add(scores)
	f.Add("1,-1\n\n-0.5,0\n")
	f.Fuzz(func(t *testing.T, text string) {
		costs, err := readCosts(strings.NewReader(text))
		if err != nil {
			return
		}
		for _, row := range costs {
			if len(row) != len(costs[0]) {
				t.Fatal("rows of different lengths")
			}
			for _, c := range row {
				if c < 0 || c > 2_000_000 {
					t.Fatalf("cost %d", c)
				}
			}
		}
	})
}

func TestFlags(t *testing.T) {
	for _, args := range [][]string{{}, {"town"}, {"city", "extra"}, {"reviewer"}, {"city", "-needs", "0"}, {"city", "-nosuch"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("match %q is not refused", args)
		}
	}
}
