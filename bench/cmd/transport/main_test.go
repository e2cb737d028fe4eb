//go:build linux || darwin

package main

import (
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/town"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// written is a town's network in a file.
func written(t *testing.T, n, m int) (path string, p *mcf.Problem) {
	t.Helper()
	p = town.New(n, m, 3).Flow()
	path = filepath.Join(t.TempDir(), "care.min")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := town.WriteDIMACS(f, p); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	return path, p
}

func TestRunPrintsTheOptimum(t *testing.T) {
	path, p := written(t, 300, 120)
	want, err := mcf.Solve(t.Context(), p, mcf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{path}, {"-changes", "cold", path}, {"-changes", "median", path}, {"-changes", "worst", path}, {"-changes", "crowd", path}} {
		var out strings.Builder
		if err := run(args, &out, io.Discard); err != nil {
			t.Fatal(err)
		}
		var line measure.Line
		if err := json.Unmarshal([]byte(out.String()), &line); err != nil {
			t.Fatalf("run printed %q: %v", out.String(), err)
		}
		if line.SolveS <= 0 || line.ReadS <= 0 || line.PeakRSS == 0 || len(args) < 3 && line.Optimum != want.Objective {
			t.Errorf("run(%q) printed %+v, want times, memory and at first the optimum %d", args, line, want.Objective)
		}
	}
}

// What the generator writes is what the reader reads.
func TestReadWhatTheTownWrites(t *testing.T) {
	path, want := written(t, 50, 30)
	p, err := readFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if p.Units != nil {
		t.Errorf("units %v, want none: all are 1", p.Units)
	}
	got := &mcf.Problem{Supply: make([]int64, 81)}
	add := func(tail, head int, upper, cost int64) {
		got.Tail, got.Head = append(got.Tail, int32(tail)), append(got.Head, int32(head))
		got.Upper, got.Cost = append(got.Upper, upper), append(got.Cost, cost)
	}
	for i, unmet := range p.Unmet {
		got.Supply[i]++
		got.Supply[80]--
		for a := p.From[i]; a < p.From[i+1]; a++ {
			add(i, 50+int(p.Node[a]), 1, p.Cost[a])
		}
		add(i, 80, 1, unmet)
	}
	for v, capacity := range p.Capacity {
		add(50+v, 80, capacity, 0)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, want %+v", got, want)
	}
}

func TestRunRefuses(t *testing.T) {
	dir := t.TempDir()
	file := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	good, _ := written(t, 5, 3)
	for _, args := range [][]string{
		nil,
		{"no such file"},
		{"-changes", "nothing", good},
		{file("three.min", "p min 3 2\nn 1 4\nn 3 -4\na 1 2 0 4 1\na 2 3 0 4 1\n")},
		{file("supply.min", "p min 3 1\nn 2 4\nn 3 -4\na 1 2 0 4 1\n")},
		{file("lower.min", "p min 3 1\nn 1 4\nn 3 -4\na 1 2 1 4 1\n")},
	} {
		if err := run(args, new(strings.Builder), io.Discard); err == nil {
			t.Errorf("run(%q) is not refused", args)
		}
	}
}
