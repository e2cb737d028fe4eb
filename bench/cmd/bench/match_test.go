//go:build linux || darwin

package main

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/bench/measure"
)

func planRecord(solver string, unmet, unmetBound, cost, costBound int64) measure.Record {
	return measure.Record{
		Key: measure.Key{Subject: subjectMatch, Instance: "x", Solver: solver, Run: 1}, State: measure.OK,
		Line: measure.Line{SolveS: 1, Plan: &measure.Plan{Status: "feasible", Tiers: []measure.Tier{
			{Name: "unmet_2", Value: unmet, Bound: unmetBound}, {Name: "cost", Value: cost, Bound: costBound},
		}}},
	}
}

func TestContradictions(t *testing.T) {
	for _, c := range []struct {
		name string
		runs []measure.Record
		want int
	}{
		{"bounds below every plan", []measure.Record{planRecord("A", 3, 3, 50, 40), planRecord("B", 4, 2, 10, 90)}, 0},
		{"a count too high", []measure.Record{planRecord("A", 5, 4, 50, 40), planRecord("B", 3, 2, 10, 10)}, 1},
		{"a cost too high", []measure.Record{planRecord("A", 3, 3, 50, 40), planRecord("B", 3, 3, 39, 10)}, 1},
		{"no plan", []measure.Record{planRecord("A", 3, 3, 50, 40), {State: measure.Failed}}, 0},
	} {
		if got := contradictions("x", c.runs); len(got) != c.want {
			t.Errorf("%s: contradictions = %q, want %d", c.name, got, c.want)
		}
	}
}

func TestMatchWorks(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range matchWorks("shared") {
		if seen[w.name] {
			t.Errorf("%s stands twice in the list", w.name)
		}
		seen[w.name] = true
		if (w.floor != "") != (w.missed != nil) {
			t.Errorf("%s: a floor and the judge of it must come together", w.name)
		}
	}
	for _, name := range []string{"dali_20000_full", "minload_5000x200_3", "reviewer_worst", "offers_100000", "relax_100000"} {
		if !seen[name] {
			t.Errorf("%s is not in the list", name)
		}
	}
	if all := matchWorks(""); len(all) != len(seen)-3 {
		t.Errorf("without the shared instances there are %d rows, want %d", len(all), len(seen)-3)
	}
}

func TestMatchTable(t *testing.T) {
	store, err := measure.Open(filepath.Join(t.TempDir(), "records.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{config: &config{}, stores: map[string]*measure.Store{subjectMatch: store}}
	var faults []string
	if table, err := b.matchTable(&faults); table != nil || err != nil {
		t.Errorf("matchTable of nothing = %v, %v", table, err)
	}
	ours, peer := planRecord("Courtyard", 3, 3, 50, 40), planRecord("HiGHS", 3, 3, 60, 55)
	ours.Instance, peer.Instance = "minload_5000x200_1", "minload_5000x200_1"
	for _, r := range []measure.Record{ours, peer} {
		if err := store.Add(r); err != nil {
			t.Fatal(err)
		}
	}
	table, err := b.matchTable(&faults)
	if err != nil || len(table.Plans) != 2 || !table.Plans[0].Ours || table.Plans[1].Solver != "HiGHS" {
		t.Fatalf("matchTable = %+v, %v", table, err)
	}
	if len(faults) != 1 || !strings.Contains(faults[0], "HiGHS") {
		t.Errorf("faults = %q, want the bound of HiGHS above our plan", faults)
	}
}
