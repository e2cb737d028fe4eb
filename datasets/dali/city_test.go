package dali

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

func mustGenerate(t testing.TB, needs int, seed uint64) *City {
	t.Helper()
	c, err := Generate(Options{Needs: needs, Seed: seed})
	if err != nil {
		t.Fatalf("Generate(%d, %d) failed: %v", needs, seed, err)
	}
	return c
}

// digest is that of the lists as CSV files, the tree of services left out.
func digest(t testing.TB, c *City) string {
	t.Helper()
	h := sha256.New()
	if err := errors.Join(
		datasets.WriteNeedsCSV(h, c.Lists.Needs), datasets.WriteResourcesCSV(h, c.Lists.Resources), datasets.WriteProvidersCSV(h, c.Lists.Providers),
	); err != nil {
		t.Fatalf("write the lists: %v", err)
	}
	return fmt.Sprintf("%x", h.Sum(nil)[:8])
}

// TestGolden holds cities to the bytes they had: whoever changes the generator changes every published figure of the
// sample city, and says so.
func TestGolden(t *testing.T) {
	for _, c := range []struct {
		needs int
		seed  uint64
		want  string
	}{
		{100, 1, "e20d4b162d37f1cf"}, {100, 2, "59c3e35a2b69a41c"}, {2_000, 1, "93418ae0916c1982"}, {2_000, 2, "82063a077d4ebc11"},
	} {
		if got := digest(t, mustGenerate(t, c.needs, c.seed)); got != c.want {
			t.Errorf("Generate(%d, %d) has digest %s, want %s", c.needs, c.seed, got, c.want)
		}
	}
	if got, want := digest(t, mustGenerate(t, 0, 1)), digest(t, mustGenerate(t, DefaultNeeds, 1)); got != want {
		t.Errorf("Generate(0, 1) has digest %s, that of %d needs is %s", got, DefaultNeeds, want)
	}
}

func TestSizes(t *testing.T) {
	for _, needs := range []int{-1, 1, MinNeeds - 1, MaxNeeds + 1} {
		c, err := Generate(Options{Needs: needs})
		var bad *solver.Invalid
		if !errors.As(err, &bad) || c != nil || bad.Faults[0].Code != "out_of_range" {
			t.Errorf("Generate(%d) = %v, %v, want a fault out_of_range", needs, c, err)
		}
	}
	for _, needs := range []int{MinNeeds, 101, 999, 5_000} {
		if c := mustGenerate(t, needs, 3); len(c.Lists.Needs) != needs {
			t.Errorf("Generate(%d) has %d needs", needs, len(c.Lists.Needs))
		}
	}
}

// cases is how many of n cases a test tries: a few in a short run.
func cases(n int) int {
	if testing.Short() {
		return (n + 9) / 10
	}
	return n
}

func TestValid(t *testing.T) {
	for _, needs := range []int{100, 2_000, 30_000} {
		for seed := range uint64(3) {
			c := mustGenerate(t, needs, seed)
			if err := c.Lists.Validate(care.Horizon{}, nil); err != nil {
				t.Errorf("Generate(%d, %d): %v", needs, seed, err)
			}
		}
	}
}

// TestVenues counts the venues that the city reports.
func TestVenues(t *testing.T) {
	for _, needs := range []int{100, 2_000, 50_000} {
		c := mustGenerate(t, needs, 1)
		var streets, communities, children int
		sites := make(map[string]bool)
		for i := range c.Lists.Resources {
			r := &c.Lists.Resources[i]
			if r.Kind != care.Venue {
				continue
			}
			sites[fmt.Sprint(r.At)] = true
			switch {
			case r.Provider != "":
				streets++
			case r.Services[0].Service == "elder_meal":
				communities++
			case r.Services[0].Service == "childcare":
				children++
			}
			if r.Capacity < 1 {
				t.Errorf("%d needs: venue %s has capacity %d", needs, r.ID, r.Capacity)
			}
		}
		if streets != 3 || communities != 12 || children != 9 || len(sites) != 24 {
			t.Errorf("%d needs: %d, %d, %d venues on %d sites, want 3, 12, 9 on 24", needs, streets, communities, children, len(sites))
		}
	}
}

// TestHomes checks where everybody lives: with orb's own test of the full outlines, and with the barrier that ways go
// round, which refuses a place inside it.
func TestHomes(t *testing.T) {
	g := mustLoad(t)
	c := mustGenerate(t, 5_000, 7)
	ways, err := travel.NewMetric(1, c.Barriers)
	if err != nil {
		t.Fatalf("NewMetric failed: %v", err)
	}
	boundary, lake := closed(g.boundary), closed(g.lake)
	check := func(id string, at travel.Place) {
		t.Helper()
		p := orb.Point{at.Lon, at.Lat}
		if !planar.RingContains(boundary, p) || planar.RingContains(lake, p) {
			t.Errorf("%s at %v lies outside the boundary or in the lake", id, at)
		}
		if _, in := ways.Inside(at); in {
			t.Errorf("%s at %v lies inside the barrier", id, at)
		}
	}
	for i := range c.Lists.Needs {
		check(c.Lists.Needs[i].ID, c.Lists.Needs[i].At)
	}
	for i := range c.Lists.Resources {
		check(c.Lists.Resources[i].ID, c.Lists.Resources[i].At)
	}
}

// TestParties checks that each path leads from the city to a community, or to one of its eight groups.
func TestParties(t *testing.T) {
	c := mustGenerate(t, 3_000, 1)
	known := make(map[care.Party]bool)
	for _, p := range c.Communities {
		known[p.Party] = true
	}
	groups := 0
	for i := range c.Lists.Needs {
		path := strings.Split(string(c.Lists.Needs[i].Party), "/")
		if len(path) < 3 || len(path) > 4 || !known[care.Party(strings.Join(path[:3], "/"))] ||
			path[0] != cityCode || !strings.HasPrefix(path[1], path[0]) || !strings.HasPrefix(path[2], path[1]) {
			t.Fatalf("need %s: party %q", c.Lists.Needs[i].ID, c.Lists.Needs[i].Party)
		}
		if len(path) == 4 {
			groups++
			if !strings.HasPrefix(path[3], "group-") || len(path[3]) != len("group-4") {
				t.Fatalf("need %s: party %q", c.Lists.Needs[i].ID, c.Lists.Needs[i].Party)
			}
		}
	}
	within(t, "share with a group", float64(groups)/3_000, 0.70, 0.03)
}

func within(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.Abs(got-want) > tolerance {
		t.Errorf("%s is %.4f, want %.4f ± %.4f", what, got, want, tolerance)
	}
}

// TestProportions checks the package comment on a large city; tolerances are four deviations of a share or more.
func TestProportions(t *testing.T) {
	const needs = 50_000
	c := mustGenerate(t, needs, 1)
	asked, services, towns := int64(0), make(map[string]float64), make(map[string]float64)
	var classes [4]float64
	for i := range c.Lists.Needs {
		n := &c.Lists.Needs[i]
		asked += n.Units
		services[n.Service] += 1.0 / needs
		towns[strings.Split(string(n.Party), "/")[1]] += 1.0 / needs
		classes[n.Priority] += 1.0 / needs
	}
	people := 0.0
	for _, p := range c.Towns {
		people += float64(p.Weight)
	}
	for _, p := range c.Towns {
		within(t, "share of homes in "+p.NameEN, towns[p.Code], float64(p.Weight)/people, 0.008)
	}

	// Needs by age: 111,552 x 0.120 = 13,386; 572,426 x 0.020 = 11,449; 71,494 x 0.350 = 25,023; 15,656 x 0.900 = 14,090;
	// 63,948 in all. Children's services of children: (36+44) of 86 childcare and tutoring.
	within(t, "share of childcare and tutoring", services["childcare"]+services["tutoring"], 13_386.0/63_948*80/86, 0.008)
	// Class 1 is, of the oldest: those alone (28.26 %), and those not alone with nursing or escort; of the old alone:
	// nursing or escort.
	alone := 73_556.0 / 260_257
	weights := func(b ageBand) (urgent, all float64) {
		for _, o := range serviceTable {
			all += float64(o.byAge[b])
			if o.id == nursing || o.id == escort {
				urgent += float64(o.byAge[b])
			}
		}
		return urgent, all
	}
	u80, a80 := weights(oldest)
	u65, a65 := weights(old)
	within(t, "share of class 1", classes[1], 14_090.0/63_948*(alone+(1-alone)*u80/a80)+25_023.0/63_948*alone*u65/a65, 0.006)

	capacity, kinds := int64(0), make(map[care.Kind]float64)
	for i := range c.Lists.Resources {
		capacity += c.Lists.Resources[i].Capacity
		kinds[c.Lists.Resources[i].Kind] += float64(c.Lists.Resources[i].Capacity)
	}
	within(t, "capacity of the units asked for", float64(capacity)/float64(asked), 1.04, 0.001)
	for kind, want := range map[care.Kind]float64{
		care.Volunteer: 0.42, care.Team: 0.14, care.ThirdParty: 0.22, care.Partner: 0.12, care.Venue: 0.10,
	} {
		within(t, "share of "+string(kind), kinds[kind]/float64(capacity), want, 0.005)
	}
}

// TestOffered checks that every service asked for is offered, so that no need of the sample city is one of a kind.
func TestOffered(t *testing.T) {
	c := mustGenerate(t, 2_000, 1)
	offered := make(map[string]bool)
	for i := range c.Lists.Resources {
		for _, o := range c.Lists.Resources[i].Services {
			offered[o.Service] = true
		}
	}
	for _, o := range serviceTable {
		if !offered[o.id] {
			t.Errorf("nobody offers %s", o.id)
		}
	}
	if got, want := len(c.Lists.Services), len(serviceTable)+6; got != want {
		t.Errorf("the tree has %d services, want %d", got, want)
	}
}

// TestPairs counts the eligible resources of every hundredth need, distances through the water included: the lists may
// grow fifty times and a need keeps some tens of them.
func TestPairs(t *testing.T) {
	for _, c := range []struct {
		needs       int
		least, most float64 // mean
	}{{2_000, 10, 30}, {20_000, 30, 150}, {100_000, 30, 150}} {
		city := mustGenerate(t, c.needs, 1)
		pairs, sample := 0, 0
		for i := 0; i < c.needs; i += max(c.needs/cases(300), 1) {
			pairs += eligible(&city.Lists, &city.Lists.Needs[i])
			sample++
		}
		if mean := float64(pairs) / float64(sample); mean < c.least || mean > c.most {
			t.Errorf("of %d needs one has %.1f eligible resources, want %v to %v", c.needs, mean, c.least, c.most)
		}
	}
}

// eligible counts the resources that may serve n, leaving out what the provider lends: a lower bound.
func eligible(l *care.Lists, n *care.Need) int {
	count := 0
	for j := range l.Resources {
		r := &l.Resources[j]
		ok := slices.ContainsFunc(r.Services, func(o care.Offer) bool { return o.Service == n.Service }) &&
			(len(n.Accepts) == 0 || slices.Contains(n.Accepts, r.Kind)) &&
			!slices.ContainsFunc(n.Requires, func(q string) bool { return !slices.Contains(r.Qualifications, q) }) &&
			(len(n.Languages) == 0 || slices.Contains(r.Languages, n.Languages[0])) &&
			(n.Gender == "" || n.Gender == r.Gender) &&
			(len(r.Areas) == 0 || slices.ContainsFunc(r.Areas, n.Party.Within)) &&
			n.MaxPrice.Allows(r.Price) && (n.Mode == care.Attend || r.Kind != care.Venue)
		if !ok {
			continue
		}
		d := int64(geo.DistanceHaversine(orb.Point{n.At.Lon, n.At.Lat}, orb.Point{r.At.Lon, r.At.Lat}))
		if n.MaxDistanceM.Allows(d) && r.RadiusM.Allows(d) {
			count++
		}
	}
	return count
}

// TestMillion makes the largest city and looks at its ends.
func TestMillion(t *testing.T) {
	if testing.Short() {
		t.Skip("a million needs take 0.6 GB")
	}
	c := mustGenerate(t, MaxNeeds, 1)
	if first, last := c.Lists.Needs[0].ID, c.Lists.Needs[MaxNeeds-1].ID; first != "n000001" || last != "n1000000" {
		t.Errorf("ids run from %s to %s", first, last)
	}
	ids := make(map[string]bool, MaxNeeds)
	for i := range c.Lists.Needs {
		ids[c.Lists.Needs[i].ID] = true
	}
	for i := range c.Lists.Resources {
		ids[c.Lists.Resources[i].ID] = true
	}
	if got, want := len(ids), MaxNeeds+len(c.Lists.Resources); got != want {
		t.Errorf("%d different ids, want %d", got, want)
	}
}

func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		mustGenerate(b, 100_000, 1)
	}
}
