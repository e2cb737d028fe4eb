package report

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver/travel"
)

func TestClipSegment(t *testing.T) {
	r := rect{0, 0, 10, 10}
	for _, c := range []struct {
		a, b, p, q point
		ok         bool
	}{
		{point{2, 2}, point{8, 8}, point{2, 2}, point{8, 8}, true},
		{point{-5, 5}, point{15, 5}, point{0, 5}, point{10, 5}, true},
		{point{5, -5}, point{5, 5}, point{5, 0}, point{5, 5}, true},
		{point{-5, 5}, point{-1, 5}, point{}, point{}, false},
		{point{-5, -1}, point{15, -1}, point{}, point{}, false},
		{point{-6, 5}, point{5, 16}, point{}, point{}, false},
	} {
		p, q, ok := clipSegment(c.a, c.b, r)
		if ok != c.ok || ok && (p != c.p || q != c.q) {
			t.Errorf("clipSegment(%v, %v) = %v, %v, %v, want %v, %v, %v", c.a, c.b, p, q, ok, c.p, c.q, c.ok)
		}
	}
}

// The area of a clipped ring equals the share of random points of the frame that lie in the ring.
func TestClipRingKeepsTheAreaInside(t *testing.T) {
	ring := []point{{-5, 3}, {4, -6}, {14, 4}, {8, 6}, {9, 15}, {3, 8}}
	r := rect{0, 0, 10, 10}
	area := 0.0
	cut := clipRing(ring, r)
	for i, b := range cut {
		a := cut[(i+len(cut)-1)%len(cut)]
		area += (a.x*b.y - a.y*b.x) / 2
	}
	s := &shore{rings: [][]point{ring}, box: []rect{{-5, -6, 14, 15}}}
	rng := rand.New(rand.NewPCG(3, 4))
	const tries = 200000
	hits := 0
	for range tries {
		if s.wet(point{10 * rng.Float64(), 10 * rng.Float64()}) {
			hits++
		}
	}
	if want := 100 * float64(hits) / tries; math.Abs(math.Abs(area)-want) > 0.6 {
		t.Errorf("the clipped ring has area %.2f, random points say %.2f", area, want)
	}
}

func TestProjectionRoundTrip(t *testing.T) {
	var e extent
	e.add(travel.Place{Lon: 100, Lat: 25.4})
	e.add(travel.Place{Lon: 100.4, Lat: 26})
	frame := rect{430, 30, 1158, 1170}
	pr := fit(e, frame)
	for _, at := range []travel.Place{{Lon: 100, Lat: 25.4}, {Lon: 100.4, Lat: 26}, {Lon: 100.2, Lat: 25.7}} {
		p := pr.at(at)
		if !frame.inset(-1e-6).holds(p) {
			t.Errorf("%v is drawn at %v, outside the frame", at, p)
		}
		if back := pr.place(p); math.Abs(back.Lon-at.Lon) > 1e-9 || math.Abs(back.Lat-at.Lat) > 1e-9 {
			t.Errorf("place(at(%v)) = %v", at, back)
		}
	}
	for _, most := range []float64{60, 100, 180} {
		if m := pr.barMetres(most); m*pr.scale > most || m*pr.scale < most/2.6 {
			t.Errorf("barMetres(%v) is %v m, %v pixels", most, m, m*pr.scale)
		}
	}
}

func TestWrap(t *testing.T) {
	f, err := parseTypeface(regularTTF)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"Points and boundary: Vonng/adcode, CC BY 4.0 (from AMap)", "合成数据：人员、住处和资源均为虚构。", "", "Donaudampfschifffahrtsgesellschaft"} {
		lines := f.wrap(s, 12, 120)
		joined := ""
		for i, l := range lines {
			if _, w := f.outline(l, 12); w > 120 && len(lines) > 1 {
				t.Errorf("wrap(%q): line %q is %v wide", s, l, w)
			}
			if i > 0 && s[len(joined)] == ' ' {
				joined += " "
			}
			joined += l
		}
		if joined != s {
			t.Errorf("wrap(%q) = %q", s, lines)
		}
	}
}
