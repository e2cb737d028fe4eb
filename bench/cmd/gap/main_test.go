//go:build linux || darwin

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/courtyard-care/courtyard/bench/measure"
)

func TestDriver(t *testing.T) {
	file := filepath.Join(t.TempDir(), "tiny")
	if err := os.WriteFile(file, []byte("2 3\n1 5 3\n9 2 4\n3 3 3\n2 3 2\n5 5\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := run([]string{file, "10s"}, &out); err != nil {
		t.Fatal(err)
	}
	var line measure.Line
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line.Optimum != 7 || line.Plan == nil || line.Plan.Status != "optimal" || line.Plan.Tiers[0].Bound != 7 {
		t.Errorf("line = %+v, plan %+v, want the optimum 7", line, line.Plan)
	}
	for _, args := range [][]string{nil, {file, "soon"}, {file + "x", "1s"}} {
		if err := run(args, &out); err == nil {
			t.Errorf("run(%q) is no error", args)
		}
	}
}
