package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestCurrent checks that the committed outlines are those of the full ones beside them.
func TestCurrent(t *testing.T) {
	const data = "../../data"
	fresh := t.TempDir()
	if err := run(data, fresh); err != nil {
		t.Fatalf("run(%s) failed: %v", data, err)
	}
	for _, name := range []string{"boundary-simplified.geojson", "erhai-simplified.geojson"} {
		want, err := os.ReadFile(filepath.Join(fresh, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not current: run go generate ./datasets/dali", name)
		}
	}
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	if err := run(dir, dir); err == nil {
		t.Error("run on an empty folder succeeded")
	}
	if err := os.WriteFile(filepath.Join(dir, "boundary.geojson"), []byte(`{"features":[]}`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, dir); err == nil {
		t.Error("run on a file without a polygon succeeded")
	}
}
