//go:build linux || darwin

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/bench/measure"
)

func TestEveryFamilyIsSolved(t *testing.T) {
	for _, family := range []string{"uniform", "near", "ties", "product", "random", "around"} {
		path := filepath.Join(t.TempDir(), family+".npy")
		if err := run([]string{"-make", family, "-n", "60", "-seed", "3", "-out", path}, nil); err != nil {
			t.Fatal(err)
		}
		line := solved(t, path)
		if line.SolveS <= 0 || line.ReadS <= 0 || line.PeakRSS == 0 {
			t.Errorf("%s: %+v, want times and memory", family, line)
		}
		// i·j is least when the largest row takes the smallest column: Σ i·(61−i) = 61·1830 − 73810
		if want := int64(61*1830 - 73810); family == "product" && line.Optimum != want {
			t.Errorf("product: %d, want %d", line.Optimum, want)
		}
	}
}

func solved(t *testing.T, path string) (line measure.Line) {
	t.Helper()
	var out strings.Builder
	if err := run([]string{path}, &out); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(out.String()), &line); err != nil {
		t.Fatalf("run printed %q: %v", out.String(), err)
	}
	return line
}

func TestConvert(t *testing.T) {
	for k, c := range []struct {
		text string
		want int64
	}{
		{"2\n1 2 3 5\n", 5},                // 2 + 3
		{"3\n1 2 4\n2 1 5\n3 3 1\n", 10},   // the only assignment
		{"0.5,0.25\n0.125,2\n", 375_000},   // 0.25 + 0.125, in millionths
		{"p asn 2 1\nn 1\na 1 2 -7\n", -7}, // one pair
	} {
		dir := t.TempDir()
		from, to := filepath.Join(dir, strconv.Itoa(k)), filepath.Join(dir, "x.npy")
		if err := os.WriteFile(from, []byte(c.text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := run([]string{"-convert", from, "-out", to}, nil); err != nil {
			t.Fatal(err)
		}
		if got := solved(t, to).Optimum; got != c.want {
			t.Errorf("%q: %d, want %d", c.text, got, c.want)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.npy")
	if err := os.WriteFile(path, []byte("\x93NUMPY\x01\x00\xff\xff"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{nil, {"no such file"}, {path}, {"-make", "other", "-out", path}, {"-make", "ties", "-n", "1", "-out", path}} {
		if err := run(args, new(strings.Builder)); err == nil {
			t.Errorf("run(%q) is not refused", args)
		}
	}
}
