//go:build linux || darwin

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRunWritesARowForEachWayAndDay(t *testing.T) {
	out := filepath.Join(t.TempDir(), "table.md")
	var text strings.Builder
	if err := run(t.Context(), []string{"-homes", "60", "-resources", "24", "-seeds", "2", "-out", out}, &text, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, k := range kinds() {
		for _, w := range ways(60, 0) {
			if row := "| " + k.name + " | " + w.name + " |"; !strings.Contains(text.String(), row) {
				t.Errorf("no row %q", row)
			}
		}
	}
	if written, err := os.ReadFile(out); err != nil || string(written) != text.String() {
		t.Errorf("the file holds something else: %v", err)
	}
	for _, args := range [][]string{{"-homes", "0"}, {"-days", "("}, {"-nothing"}} {
		if err := run(t.Context(), args, io.Discard, io.Discard); err == nil {
			t.Errorf("run(%q) is not refused", args)
		}
	}
}
