//go:build linux || darwin

package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/town"
)

func TestRunPrintsTheLine(t *testing.T) {
	// 4 units over 1-2-3 at 1 + 1 a unit, one more at most by 1-3 at 1: 3·2 + 1·1 = 7
	const network = "p min 3 3\nn 1 4\nn 3 -4\na 1 2 0 4 1\na 2 3 0 4 1\na 1 3 0 1 1\n"
	path := filepath.Join(t.TempDir(), "tiny.min")
	if err := os.WriteFile(path, []byte(network), 0o644); err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := run([]string{path}, &out); err != nil {
		t.Fatal(err)
	}
	var line measure.Line
	if err := json.Unmarshal([]byte(out.String()), &line); err != nil {
		t.Fatalf("run printed %q: %v", out.String(), err)
	}
	if line.Optimum != 7 || line.SolveS <= 0 || line.ReadS <= 0 || line.PeakRSS == 0 || line.OwnB == 0 {
		t.Errorf("run printed %+v, want the optimum 7 with times and memory", line)
	}
}

// What the generator writes is what the reader reads: the peers solve the same network as we do.
func TestReadWhatTheTownWrites(t *testing.T) {
	want := town.New(50, 30, 3).Flow()
	path := filepath.Join(t.TempDir(), "care.min")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := town.WriteDIMACS(f, want); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := read(path)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Supply) != len(want.Supply) || len(got.Tail) != len(want.Tail) {
		t.Fatalf("read %d nodes and %d arcs, want %d and %d", len(got.Supply), len(got.Tail), len(want.Supply), len(want.Tail))
	}
	for v := range want.Supply {
		if got.Supply[v] != want.Supply[v] {
			t.Errorf("node %d: supply %d, want %d", v, got.Supply[v], want.Supply[v])
		}
	}
	for a := range want.Tail {
		if got.Tail[a] != want.Tail[a] || got.Head[a] != want.Head[a] || got.Upper[a] != want.Upper[a] || got.Cost[a] != want.Cost[a] {
			t.Errorf("arc %d differs", a)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "stuck.min")
	if err := os.WriteFile(path, []byte("p min 2 0\nn 1 1\nn 2 -1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{nil, {"no such file"}, {path}} {
		if err := run(args, new(strings.Builder)); err == nil {
			t.Errorf("run(%q) is not refused", args)
		}
	}
}
