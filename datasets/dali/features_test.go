package dali

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver/care"
)

func mustGenerateFull(t testing.TB, needs int, seed uint64) *City {
	t.Helper()
	c, err := Generate(Options{Needs: needs, Seed: seed, Full: true})
	if err != nil {
		t.Fatalf("Generate(%d, %d, full) failed: %v", needs, seed, err)
	}
	return c
}

func TestFullValid(t *testing.T) {
	zone, err := time.LoadLocation(Timezone)
	if err != nil {
		t.Fatalf("LoadLocation(%q) failed: %v", Timezone, err)
	}
	for _, needs := range []int{MinNeeds, 250, 2_000, 30_000} {
		for seed := range uint64(cases(3)) {
			c := mustGenerateFull(t, needs, seed)
			if err := c.Lists.Validate(c.Horizon, zone); err != nil {
				t.Errorf("Generate(%d, %d, full): %v", needs, seed, err)
			}
		}
	}
}

// TestWeek checks that the week begins on a Monday.
func TestWeek(t *testing.T) {
	if got := Week(); got.From.Weekday() != time.Monday || got.From.String() != "2027-01-18" || got.Days != 7 {
		t.Errorf("Week() = %s, a %s, for %d days", got.From, got.From.Weekday(), got.Days)
	}
}

// TestFullKeepsPlain checks that the rows of the plain city keep their ids and places, and that the same options give the same
// lists.
func TestFullKeepsPlain(t *testing.T) {
	plain, full, again := mustGenerate(t, 3_000, 5), mustGenerateFull(t, 3_000, 5), mustGenerateFull(t, 3_000, 5)
	for i := range plain.Lists.Needs {
		if p, f := &plain.Lists.Needs[i], &full.Lists.Needs[i]; p.ID != f.ID || p.At != f.At || p.Party != f.Party || p.Priority != f.Priority {
			t.Fatalf("need %d is %s at %v in the full city, %s at %v in the plain one", i, f.ID, f.At, p.ID, p.At)
		}
	}
	for j := range plain.Lists.Resources {
		if p, f := &plain.Lists.Resources[j], &full.Lists.Resources[j]; p.ID != f.ID || p.At != f.At || p.Kind != f.Kind {
			t.Fatalf("resource %d is %s at %v in the full city, %s at %v in the plain one", j, f.ID, f.At, p.ID, p.At)
		}
	}
	sum := func(c *City) [32]byte { return sha256.Sum256(fmt.Appendf(nil, "%+v", c.Lists)) }
	if sum(full) != sum(again) {
		t.Error("two full cities of the same options differ")
	}
}

// TestFeatures counts what the package comment promises of a full city, in thousandths.
func TestFeatures(t *testing.T) {
	const needs = 50_000
	c := mustGenerateFull(t, needs, 1)
	share := make(map[string]int)
	count := func(what string, is bool) { share[what] += b2i(is) }
	for i := range c.Lists.Needs {
		n := &c.Lists.Needs[i]
		count("once", n.When.Once())
		count("recurring", n.When.Recurs())
		count("carers", n.Carers > 1)
		count("whole", n.Whole)
		count("distinct", n.Distinct)
		count("stand-ins", n.StandIns != nil)
		count("interests", n.Interests != nil)
		count("age", n.AgeFrom != care.Limit{} || n.AgeTo != care.Limit{})
		count(n.Service, true)
	}
	for _, p := range c.Lists.Pairings {
		count(string(p.State), true)
	}
	for what, perMille := range map[string]float64{
		"once": 125, "recurring": 145, "carers": 45, "whole": 24, "distinct": 7, "stand-ins": 130, "interests": 80, "age": 23,
		holidayClass: 21, clinic: 13, phoneCompany: 16,
		string(care.Lasting): 64, string(care.Pinned): 5, string(care.Confirmed): 3, string(care.Forbidden): 15,
		string(care.Declined): 6, string(care.StandBy): 12, string(care.Open): 6,
	} {
		within(t, "share of "+what, float64(share[what])*1000/needs, perMille, 1.5+perMille/10)
	}

	var of [5]int // volunteers, and those of them with hours, in a team; staff, and those bounded in minutes
	last := make(map[string]bool)
	for j := range c.Lists.Resources {
		r := &c.Lists.Resources[j]
		volunteer, staff := r.Kind == care.Volunteer, r.Kind == care.ThirdParty
		of[0] += b2i(volunteer)
		of[1] += b2i(volunteer && r.Availability != nil)
		of[2] += b2i(volunteer && r.Team != "")
		of[3] += b2i(staff)
		of[4] += b2i(staff && r.CapacityMinutes != care.Limit{})
		for what, is := range map[string]bool{
			"exceptions": r.Exceptions != nil, "capacity by weekday": r.DayCapacity != nil, "promised": r.Promised,
			"least number": r.MinUnits > 0 && !r.Promised, "members": r.Members != care.Limit{}, "programme": r.Programme != "", "event": r.Event != "",
		} {
			last[what] = last[what] || is
		}
		for _, e := range r.Expires {
			last["expired"] = last["expired"] || e.Until < c.Horizon.From
			_, within := c.Horizon.Day(e.Until)
			last["expiring"] = last["expiring"] || within
		}
	}
	within(t, "volunteers with hours", float64(of[1])/float64(of[0]), 0.78, 0.03)
	within(t, "volunteers in a team", float64(of[2])/float64(of[0]), 0.25, 0.02)
	within(t, "staff by the hour", float64(of[4])/float64(of[3]), 0.70, 0.04)
	for _, p := range c.Lists.Providers {
		last["budget"] = last["budget"] || p.Budget != care.Limit{}
		last["subsidy"] = last["subsidy"] || p.Subsidy != care.Limit{}
	}
	for _, what := range []string{
		"exceptions", "capacity by weekday", "promised", "least number", "members", "programme", "event", "expired", "expiring", "budget", "subsidy",
	} {
		if !last[what] {
			t.Errorf("the full city lacks %s", what)
		}
	}
	if len(c.Lists.Contracts) == 0 || len(c.Lists.Events) == 0 {
		t.Errorf("%d contracts, %d events", len(c.Lists.Contracts), len(c.Lists.Events))
	}
}

func BenchmarkGenerateFull(b *testing.B) {
	for b.Loop() {
		mustGenerateFull(b, 100_000, 1)
	}
}
