package main

import (
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/courtyard-care/courtyard/bench/town"
	"github.com/courtyard-care/courtyard/datasets"
)

// The lists read back as they were made, from CSV and from JSON.
func TestListsReadBack(t *testing.T) {
	want := town.New(80, 30, 5).Lists(true)
	flags := []string{"-needs", "80", "-resources", "30", "-seed", "5", "-classes"}

	dir := filepath.Join(t.TempDir(), "city")
	if err := run(append(flags, "-as", "csv", "-out", dir), io.Discard); err != nil {
		t.Fatal(err)
	}
	lists, _, err := datasets.ListFiles{Needs: filepath.Join(dir, "needs.csv"), Resources: filepath.Join(dir, "resources.csv")}.Open(nil, datasets.FileLimits())
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(lists.Needs, want.Needs) || !reflect.DeepEqual(lists.Resources, want.Resources) {
		t.Error("the CSV lists read back otherwise")
	}

	file := filepath.Join(t.TempDir(), "city.json")
	if err := run(append(flags, "-as", "json", "-out", file), io.Discard); err != nil {
		t.Fatal(err)
	}
	request, _, err := datasets.OpenRequest(file, nil, datasets.FileLimits())
	if err != nil {
		t.Fatal(err)
	}
	if got := request.Problem.Lists; !reflect.DeepEqual(got.Needs, want.Needs) || !reflect.DeepEqual(got.Resources, want.Resources) {
		t.Error("the JSON lists read back otherwise")
	}
}

func TestRunRefuses(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{},
		{"-out", filepath.Join(dir, "x"), "-needs", "0"},
		{"-out", filepath.Join(dir, "x"), "-as", "xml"},
		{"-out", filepath.Join(dir, "missing", "x")},
		{"extra"},
	} {
		if err := run(args, io.Discard); err == nil {
			t.Errorf("run(%q) is not refused", args)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("a refused run left %v (%v)", left, err)
	}
}
