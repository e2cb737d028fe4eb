package dali

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geo"
	"github.com/paulmach/orb/planar"
)

func mustLoad(t *testing.T) *geography {
	t.Helper()
	g, err := load()
	if err != nil {
		t.Fatalf("load() failed: %v", err)
	}
	return g
}

// closed returns the outline as a closed ring of degrees.
func closed(o *outline) orb.Ring {
	var ring orb.Ring
	for _, p := range append(slices.Clip(o.ring), o.ring[0]) {
		ring = append(ring, orb.Point{float64(p.x) / 1e6, float64(p.y) / 1e6})
	}
	return ring
}

// TestPrecision recounts the table of the data's README.
func TestPrecision(t *testing.T) {
	g := mustLoad(t)
	got := make(map[string]int)
	for _, p := range slices.Concat(g.towns, g.communities) {
		tier := string(p.Tier)
		if p.Tier == Street {
			tier = string(Town) // the README counts them together
		}
		got[tier+" "+string(p.Precision)]++
	}
	want := map[string]int{
		"town exact": 10, "town approximate": 3,
		"community exact": 15, "community approximate": 2, "community interpolated": 27,
		"village exact": 10, "village approximate": 7, "village interpolated": 83,
	}
	for key, n := range want {
		if got[key] != n {
			t.Errorf("%s: %d places, want %d", key, got[key], n)
		}
	}
	if len(got) != len(want) {
		t.Errorf("tiers and precisions: %v, want %v", got, want)
	}
}

func TestGeography(t *testing.T) {
	g := mustLoad(t)
	if n := len(g.boundary.ring); n != 1406 { // 1,407 with the closing one
		t.Errorf("boundary has %d vertices, want 1406", n)
	}
	if n := len(g.lake.ring); n != 166 { // 167 with the closing one
		t.Errorf("lake has %d vertices, want 166", n)
	}
	for _, c := range []struct {
		what string
		o    *outline
		want float64 // km2
	}{{"boundary", g.boundary, 1738.8}, {"lake", g.lake, 250.0}} {
		if got := geo.Area(orb.Polygon{closed(c.o)}) / 1e6; math.Abs(got-c.want) > 0.01*c.want {
			t.Errorf("%s covers %.1f km2, want about %.1f", c.what, got, c.want)
		}
	}
	for _, p := range slices.Concat(g.towns, g.communities) {
		if !g.habitable(micro(p.At.Lon, p.At.Lat)) {
			t.Errorf("%s %s lies outside the boundary or in the lake", p.Code, p.Name)
		}
		if p.Tier != Street && p.Tier != Town {
			continue
		}
		if p.NameEN == "" {
			t.Errorf("%s %s has no name in Latin letters", p.Code, p.Name)
		}
	}
}

// TestWeights checks the people of the towns against the census: 146,517 and 67,766, and 771,128 in all.
func TestWeights(t *testing.T) {
	g := mustLoad(t)
	towns, all := make(map[string]int64), int64(0)
	for _, p := range g.towns {
		towns[p.Code] = p.Weight
		all += p.Weight
	}
	if towns["532901003"] != 146_517 || towns["532901103"] != 67_766 {
		t.Errorf("Xiaguan %d, Fengyi %d, want 146517, 67766", towns["532901003"], towns["532901103"])
	}
	if all > 771_128 || all < 771_128-11 { // eleven shares are rounded down
		t.Errorf("the towns have %d people, want 771128 but for rounding", all)
	}
	for _, c := range g.communities {
		if c.Weight <= 0 {
			t.Errorf("%s has weight %d", c.Code, c.Weight)
		}
		towns[c.town()] -= c.Weight
	}
	for code, left := range towns {
		if left < 0 || left > 22 { // at most one a community
			t.Errorf("town %s: its communities leave %d people", code, left)
		}
	}
}

// TestHolds compares the banded test with orb's on points all over and on points close to vertices.
func TestHolds(t *testing.T) {
	g := mustLoad(t)
	rnd := rand.New(rand.NewPCG(1, 1))
	for _, o := range []*outline{g.boundary, g.lake} {
		ring := closed(o)
		box := ring.Bound()
		for i := range cases(20_000) {
			p := micro(box.Min[0]+rnd.Float64()*(box.Max[0]-box.Min[0])*1.02, box.Min[1]+rnd.Float64()*(box.Max[1]-box.Min[1])*1.02)
			if i%2 == 0 {
				v := o.ring[rnd.IntN(len(o.ring))]
				p = point{v.x + rnd.Int64N(401) - 200, v.y + rnd.Int64N(401) - 200}
			}
			q := orb.Point{float64(p.x) / 1e6, float64(p.y) / 1e6}
			if planar.DistanceFrom(orb.LineString(ring), q) < 2e-6 {
				continue // on an edge either answer is right
			}
			if got, want := o.holds(p), planar.RingContains(ring, q); got != want {
				t.Fatalf("holds(%v) = %v, orb says %v", p, got, want)
			}
		}
	}
}

func TestOctant(t *testing.T) {
	for _, c := range []struct{ east, north, want int }{
		{2, 1, 1}, {1, 2, 2}, {-1, 2, 3}, {-2, 1, 4}, {-2, -1, 5}, {-1, -2, 6}, {1, -2, 7}, {2, -1, 8}, {0, 0, 1},
	} {
		if got := octant(c.east, c.north); got != c.want {
			t.Errorf("octant(%d, %d) = %d, want %d", c.east, c.north, got, c.want)
		}
	}
}

func TestRoot(t *testing.T) {
	for n := range 20_000 {
		if r := root(n); r*r > n || (r+1)*(r+1) <= n {
			t.Fatalf("root(%d) = %d", n, r)
		}
	}
	if got := root(2_000_000_000); got != 44_721 {
		t.Errorf("root(2e9) = %d, want 44721", got)
	}
}

// TestBell checks mean, deviation and range of the spread.
func TestBell(t *testing.T) {
	d := newDice(1, 0)
	const n, sigma = 100_000, 500
	sum, squares := 0.0, 0.0
	for range n {
		v := float64(d.bell(sigma))
		if math.Abs(v) > 3.47*sigma {
			t.Fatalf("bell(%d) = %v", sigma, v)
		}
		sum += v
		squares += v * v
	}
	if mean, dev := sum/n, math.Sqrt(squares/n); math.Abs(mean) > 10 || math.Abs(dev-sigma) > 10 {
		t.Errorf("bell(%d): mean %.1f, deviation %.1f", sigma, mean, dev)
	}
}

func TestLicences(t *testing.T) {
	all := Licences()
	for _, want := range []string{
		Credit, "SYNTHETIC",
		"Attribution 4.0 International", "Open Database License", "GNU LESSER GENERAL PUBLIC LICENSE",
		"GNU GENERAL PUBLIC LICENSE", "MIT License",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("Licences() lacks %q", want)
		}
	}
	for name, least := range map[string]int{"CC-BY-4.0": 18_000, "GPL-3.0": 34_000, "LGPL-3.0": 7_000, "ODbL-1.0": 24_000} {
		text := read("licences/" + name + ".txt")
		if len(text) < least || strings.ContainsRune(text, '\uFFFD') {
			t.Errorf("licences/%s.txt has %d bytes, want the whole text of %d or more", name, len(text), least)
		}
	}
}
