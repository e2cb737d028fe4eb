package travel

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// square returns a ring around (lon, lat), half a side h in degrees.
func square(lon, lat, h float64) []Place {
	return []Place{{lon - h, lat - h}, {lon + h, lat - h}, {lon + h, lat + h}, {lon - h, lat + h}}
}

func newMetric(t testing.TB, detour float64, barriers ...Polygon) *Metric {
	t.Helper()
	m, err := NewMetric(detour, barriers)
	if err != nil {
		t.Fatalf("NewMetric(%v, %v): %v", detour, barriers, err)
	}
	return m
}

func TestHaversine(t *testing.T) {
	half := math.Pi * EarthRadiusM
	for _, c := range []struct {
		name string
		a, b Place
		want float64
	}{
		{"identical", Place{100.16, 25.6}, Place{100.16, 25.6}, 0},
		{"a degree of the equator", Place{0, 0}, Place{1, 0}, half / 180},
		{"a degree of a meridian", Place{77, 40}, Place{77, 41}, half / 180},
		{"across the antimeridian", Place{179.5, 0}, Place{-179.5, 0}, half / 180},
		{"antipodes", Place{0, 0}, Place{180, 0}, half},
		{"pole to pole", Place{10, 90}, Place{-50, -90}, half},
		{"one pole, two longitudes", Place{10, 90}, Place{130, 90}, 0},
	} {
		got := Haversine(c.a, c.b)
		if math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%s: Haversine(%v, %v) = %v, want %v", c.name, c.a, c.b, got, c.want)
		}
		if back := Haversine(c.b, c.a); back != got {
			t.Errorf("%s: Haversine is %v and back %v", c.name, got, back)
		}
	}
}

func TestMetresRoundsHalfUp(t *testing.T) {
	for _, c := range []struct {
		metres, detour float64
		want           int64
	}{
		{0, 1, 0}, {0.5, 1, 1}, {2.5, 1, 3}, {0.49999999999999994, 1, 0}, {10, 1.25, 13}, {10, 1.3, 13},
	} {
		if got := newMetric(t, c.detour).round(c.metres); got != c.want {
			t.Errorf("%v m times %v = %d, want %d", c.metres, c.detour, got, c.want)
		}
	}
}

func TestMetresAroundASquare(t *testing.T) {
	const w, e, s, n = 99.9, 100.1, -0.1, 0.1
	ring := square(100, 0, 0.1)
	m := newMetric(t, 1, Polygon{ring})
	side := Haversine(Place{w, n}, Place{e, n})
	for _, c := range []struct {
		name string
		a, b Place
		want float64 // metres
	}{
		{"round two corners", Place{99.8, 0}, Place{100.2, 0}, 2*Haversine(Place{99.8, 0}, Place{w, n}) + side},
		{"past the square", Place{99.8, 0}, Place{99.8, 0.2}, Haversine(Place{99.8, 0}, Place{99.8, 0.2})},
		{"corner to corner along an edge", Place{w, n}, Place{e, n}, side},
		{"corner to the corner across", Place{w, s}, Place{e, n}, side + Haversine(Place{e, s}, Place{e, n})},
		{"along an edge's meridian, beyond both corners", Place{w, -0.3}, Place{w, 0.4}, Haversine(Place{w, -0.3}, Place{w, 0.4})},
		{
			"edge to edge round a corner",
			Place{w, 0.05},
			Place{99.95, n},
			Haversine(Place{w, 0.05}, Place{w, n}) + Haversine(Place{w, n}, Place{99.95, n}),
		},
		{"identical", Place{99.8, 0}, Place{99.8, 0}, 0},
		{"identical, on the boundary", Place{w, 0.05}, Place{w, 0.05}, 0},
	} {
		if got := m.Metres(c.a, c.b); math.Abs(float64(got)-c.want) > 0.51 {
			t.Errorf("%s: Metres(%v, %v) = %d, want %.2f", c.name, c.a, c.b, got, c.want)
		}
	}
}

// TestTouchingBarriers: a seam is no way, a single point is one.
func TestTouchingBarriers(t *testing.T) {
	a, b := Place{100, 25.3}, Place{100, 24.7} // north and south, in line with what lies between
	box := func(w, s, e, n float64) Polygon { return Polygon{{{w, s}, {e, s}, {e, n}, {w, n}}} }
	direct := Haversine(a, b)
	for _, c := range []struct {
		name     string
		barriers []Polygon
		straight bool
	}{
		{"two boxes share an edge", []Polygon{box(99.9, 24.9, 100, 25.1), box(100, 24.9, 100.1, 25.1)}, false},
		{"two boxes of unlike height share part of an edge", []Polygon{box(99.9, 24.9, 100, 25.1), box(100, 24.95, 100.1, 25.2)}, false},
		{"two boxes with a gap of 5 mm", []Polygon{box(99.9, 24.9, 100, 25.1), box(100.00000005, 24.9, 100.1, 25.1)}, false},
		{"two boxes with a gap of 1 m", []Polygon{box(99.9, 24.9, 99.999995, 25.1), box(100.000005, 24.9, 100.1, 25.1)}, true},
		{"two boxes overlap", []Polygon{box(99.9, 24.9, 100.01, 25.1), box(99.99, 24.9, 100.1, 25.1)}, false},
		{"four boxes around a point", []Polygon{
			box(99.9, 24.9, 100, 25), box(100, 24.9, 100.1, 25), box(99.9, 25, 100, 25.1), box(100, 25, 100.1, 25.1),
		}, false},
		{"two boxes touch in a corner", []Polygon{box(99.9, 24.9, 100, 25), box(100, 25, 100.1, 25.1)}, true},
		{"a box beside a box meets its edge inside", []Polygon{box(99.9, 24.9, 100.1, 25), box(99.95, 25, 100.05, 25.1)}, false},
	} {
		m := newMetric(t, 1, c.barriers...)
		got := m.Metres(a, b)
		if straight := float64(got) < direct+1; straight != c.straight || got == Unreachable {
			t.Errorf("%s: Metres = %d, the great circle %.1f, want a straight way: %v", c.name, got, direct, c.straight)
		}
	}
}

func TestUnreachable(t *testing.T) {
	m := newMetric(t, 1.5, Polygon{square(100, 25, 0.2), square(100, 25, 0.1)})
	island, shore := Place{100.05, 25.05}, Place{100.3, 25}
	if _, inside := m.Inside(island); inside {
		t.Errorf("Inside(%v), a place on the island, is true", island)
	}
	if got := m.Metres(island, shore); got != Unreachable {
		t.Errorf("Metres(island, shore) = %d, want Unreachable", got)
	}
	if got, want := m.Metres(island, Place{99.95, 25}), m.round(Haversine(island, Place{99.95, 25})); got != want {
		t.Errorf("Metres within the island = %d, want %d", got, want)
	}
}

func TestInside(t *testing.T) {
	const mm = 0.001 / EarthRadiusM * 180 / math.Pi
	box := func(w, s, e, n float64) Polygon { return Polygon{{{w, s}, {e, s}, {e, n}, {w, n}}} }
	m := newMetric(t, 1,
		Polygon{square(100, 25, 0.1), square(100, 25, 0.05)},     // with an island
		box(100.2, 25, 100.3, 25.1), box(100.3, 25, 100.4, 25.1), // share an edge
		Polygon{{{0, 89}, {90, 89}, {180, 89}, {-90, 89}}},            // holds a pole
		Polygon{{{179, 0}, {-179, 0}, {-179, 1}, {179, 1}, {179, 0}}}, // crosses the antimeridian, closed
	)
	for _, c := range []struct {
		name   string
		p      Place
		want   int
		inside bool
	}{
		{"in the water", Place{100.07, 25}, 0, true},
		{"on the island", Place{100, 25}, 0, false},
		{"far away", Place{-70, -30}, 0, false},
		{"on a corner", Place{100.1, 25.1}, 0, false},
		{"on an edge", Place{100.1, 25.03}, 0, false},
		{"5 mm inside an edge", Place{100.1 - 5*mm, 25.03}, 0, false},
		{"5 cm inside an edge", Place{100.1 - 50*mm, 25.03}, 0, true},
		{"5 mm inside a corner", Place{100.1 - 5*mm, 25.1 - 5*mm}, 0, false},
		{"5 cm outside an edge", Place{100.1 + 50*mm, 25.03}, 0, false},
		{"on the northern edge straight in longitude and latitude", Place{100.03, 25.1}, 0, false},
		{"5 cm south of it", Place{100.03, 25.1 - 50*mm}, 0, true},
		{"on the southern edge", Place{100.03, 24.9}, 0, false},
		{"second box", Place{100.25, 25.05}, 1, true},
		{"on the seam", Place{100.3, 25.05}, 1, true},
		{"where the seam ends", Place{100.3, 25.1}, 1, false},
		{"the pole", Place{33, 90}, 3, true},
		{"the other pole", Place{33, -90}, 0, false},
		{"on the antimeridian", Place{180, 0.5}, 4, true},
		{"on the antimeridian, named -180", Place{-180, 0.5}, 4, true},
		{"half round the Earth from it", Place{0, 0.5}, 0, false},
	} {
		got, inside := m.Inside(c.p)
		if inside != c.inside || inside && got != c.want {
			t.Errorf("%s: Inside(%v) = %d, %v, want %d, %v", c.name, c.p, got, inside, c.want, c.inside)
		}
	}
}

func TestBadArguments(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	many := make([]Place, MaxVertices+1)
	for k := range many {
		angle := 2 * math.Pi * float64(k) / float64(len(many))
		many[k] = Place{math.Cos(angle), math.Sin(angle)}
	}
	bow := []Place{{0, 0}, {1, 1}, {1, 0}, {0, 1}}
	for _, c := range []struct {
		name     string
		detour   float64
		barriers []Polygon
		want     []string // pointers and codes
	}{
		{"detour below 1", 0.9, nil, []string{"/detour out_of_range"}},
		{"detour negative", -1, nil, []string{"/detour out_of_range"}},
		{"detour NaN", nan, nil, []string{"/detour out_of_range"}},
		{"detour infinite", inf, nil, []string{"/detour out_of_range"}},
		{"detour above the limit", MaxDetour + 1, nil, []string{"/detour out_of_range"}},
		{"no ring", 1, []Polygon{{}}, []string{"/barriers/0 required"}},
		{"an empty ring", 1, []Polygon{{{}}}, []string{"/barriers/0/0 invalid"}},
		{"two places", 1, []Polygon{{{{0, 0}, {1, 1}, {0, 0}, {1, 1}}}}, []string{"/barriers/0/0 invalid"}},
		{"a point", 1, []Polygon{{{{0, 0}, {1e-9, 0}, {0, 1e-9}}}}, []string{"/barriers/0/0 invalid"}},
		{"a line there and back", 1, []Polygon{{{{0, 0}, {0, 1}, {0, 2}, {0, 1}}}}, []string{"/barriers/0 invalid"}},
		{
			"all faults at once", 2000,
			[]Polygon{{{{nan, 0}, {1, inf}, {2, 2}}}, {square(0, 0, 1), {{181, 0}, {25, 100}, {0, 0}}}},
			[]string{
				"/detour out_of_range", "/barriers/0/0/0 out_of_range", "/barriers/0/0/1 out_of_range",
				"/barriers/1/1/0 out_of_range", "/barriers/1/1/1 out_of_range",
			},
		},
		{"too many vertices", 1, []Polygon{{many}}, []string{"/barriers out_of_range"}},
		{"a bow", 1, []Polygon{{square(5, 5, 1)}, {bow}}, []string{"/barriers/1 invalid"}},
		{"a hole outside", 1, []Polygon{{square(0, 0, 1), square(3, 0, 1)}}, []string{"/barriers/0/1 invalid"}},
		{"a hole in a hole", 1, []Polygon{{square(0, 0, 3), square(0, 0, 2), square(0, 0, 1)}}, []string{"/barriers/0/2 invalid"}},
		{"a hole across the outer ring", 1, []Polygon{{square(0, 0, 1), square(0.5, 0, 0.7)}}, []string{"/barriers/0 invalid"}},
		{"a hole that is the whole", 1, []Polygon{{square(0, 0, 1), square(0, 0, 1)}}, []string{"/barriers/0/1 invalid"}},
		{"half the Earth", 1, []Polygon{{{{0, -60}, {90, -60}, {90, 60}, {0, 60}}}}, []string{"/barriers/0 out_of_range"}},
		{"around the equator", 1, []Polygon{{{{0, 0}, {120, 0}, {-120, 0}}}}, []string{"/barriers/0 out_of_range"}},
	} {
		_, err := NewMetric(c.detour, c.barriers)
		var bad *solver.Invalid
		if !errors.As(err, &bad) {
			t.Errorf("%s: NewMetric gave %v, want a *solver.Invalid", c.name, err)
			continue
		}
		var got []string
		for _, f := range bad.Faults {
			got = append(got, f.Pointer+" "+f.Code)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: faults %q, want %q", c.name, got, c.want)
		}
		if strings.Contains(err.Error(), "NaN") {
			t.Errorf("%s: the error %q tells a value", c.name, err)
		}
	}
	if m, err := NewMetric(0, nil); err != nil || m.detour != 1 {
		t.Errorf("NewMetric(0, nil) = %v, %v, want a detour of 1", m, err)
	}
}

// TestFieldOfSquares: 4,000 vertices whose corners see each other far and wide are refused, in time.
func TestFieldOfSquares(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	rng := rand.New(rand.NewPCG(1, 1))
	var field []Polygon
	for range MaxVertices / 4 {
		field = append(field, Polygon{square(100+rng.Float64(), 25+rng.Float64(), 0.0001+0.005*rng.Float64())})
	}
	_, err := NewMetric(1, field)
	var bad *solver.Invalid
	if !errors.As(err, &bad) || bad.Total != 1 || bad.Faults[0].Pointer != "/barriers" {
		t.Errorf("NewMetric(1,000 squares) = %v, want one fault of /barriers", err)
	}
}

// TestAntipodesAndPoles: places all over the Earth have ways between them past small barriers.
func TestAntipodesAndPoles(t *testing.T) {
	m := newMetric(t, 1, Polygon{square(100, 25, 0.1)}, Polygon{{{0, 89}, {90, 89}, {180, 89}, {-90, 89}}})
	half := int64(math.Round(math.Pi * EarthRadiusM))
	for _, c := range []struct {
		a, b Place
		want int64
	}{
		{Place{90, 0}, Place{-90, 0}, half},
		{Place{99.8, 25}, Place{-80.2, -25}, half},
		{Place{7, -90}, Place{-100, -90}, 0},
		{Place{0, 0}, Place{0, -90}, half / 2},
	} {
		if got := m.Metres(c.a, c.b); got < c.want-1 || got > c.want+1 {
			t.Errorf("Metres(%v, %v) = %d, want %d", c.a, c.b, got, c.want)
		}
	}
	// Over the barrier of the north pole: along its rim, a square of four arcs.
	a, b := Place{45, 80}, Place{-135, 80}
	if got, direct := m.Metres(a, b), m.round(Haversine(a, b)); got <= direct || got > direct+direct/20 {
		t.Errorf("Metres(%v, %v) = %d, want a little more than the great circle, %d", a, b, got, direct)
	}
}

// TestBetweenConcurrently asks all pairs from several goroutines, before any origin has looked around.
func TestBetweenConcurrently(t *testing.T) {
	m := newMetric(t, 1.2, Polygon{square(100, 25, 0.1)}, Polygon{square(100.3, 25, 0.1)})
	rng := rand.New(rand.NewPCG(4, 0))
	var places []Place
	for len(places) < 60 {
		p := Place{99.8 + 0.7*rng.Float64(), 24.8 + 0.4*rng.Float64()}
		if _, inside := m.Inside(p); !inside {
			places = append(places, p)
		}
	}
	os := m.Prepare(places)
	got := make([][]int64, 4)
	var wg sync.WaitGroup
	for g := range got {
		wg.Go(func() {
			for i := range os {
				for j := range os {
					got[g] = append(got[g], m.Between(&os[i], &os[j]))
				}
			}
		})
	}
	wg.Wait()
	for g := range got {
		if !slices.Equal(got[g], got[0]) {
			t.Errorf("goroutine %d found other ways than goroutine 0", g)
		}
	}
	k := 0
	for i := range places {
		for j := range places {
			if want := m.Metres(places[i], places[j]); got[0][k] != want {
				t.Errorf("Between(%v, %v) = %d, Metres %d", places[i], places[j], got[0][k], want)
			}
			k++
		}
	}
}

func TestBetweenDoesNotAllocate(t *testing.T) {
	m := newMetric(t, 1, Polygon{square(100, 25, 0.1)})
	os := m.Prepare([]Place{{99.8, 25}, {100.2, 25}, {100.1, 25}})
	if n := testing.AllocsPerRun(100, func() {
		m.Between(&os[0], &os[1])
		m.Between(&os[0], &os[2])
	}); n != 0 {
		t.Errorf("Between allocates %v times", n)
	}
}

// FuzzNewMetric draws polygons from bytes: NewMetric refuses them as a *solver.Invalid or measures ways that are symmetric
// and no shorter than the great circle.
func FuzzNewMetric(f *testing.F) {
	f.Add([]byte{0, 0, 9, 0, 9, 9, 0, 9, 255, 2, 2, 4, 2, 4, 4, 255, 255, 7, 7, 20, 7, 20, 20}, 1.0, 100.0, 25.0)
	f.Add([]byte{0, 0, 9, 9, 9, 0, 0, 9}, 0.01, 179.99, -89.0)
	f.Add([]byte{0, 0, 9, 0, 9, 9, 255, 255, 9, 9, 0, 0, 0, 9}, 1e-8, 0.0, 0.0)
	f.Add([]byte{1, 1, 200, 1, 100, 90}, math.NaN(), 0.0, math.Inf(1))
	f.Fuzz(func(t *testing.T, outline []byte, step, lon, lat float64) {
		if len(outline) > 200 {
			t.Skip("long")
		}
		barriers := []Polygon{{nil}}
		for len(outline) >= 2 {
			last := &barriers[len(barriers)-1]
			switch {
			case outline[0] == 255 && outline[1] == 255:
				barriers = append(barriers, Polygon{nil})
				outline = outline[2:]
			case outline[0] == 255:
				*last = append(*last, nil)
				outline = outline[1:]
			default:
				ring := &(*last)[len(*last)-1]
				*ring = append(*ring, Place{lon + step*float64(outline[0]), lat + step*float64(outline[1])})
				outline = outline[2:]
			}
		}
		m, err := NewMetric(1, barriers)
		if err != nil {
			var bad *solver.Invalid
			if !errors.As(err, &bad) || bad.Total == 0 {
				t.Errorf("NewMetric(%v) gave %v, want a *solver.Invalid", barriers, err)
			}
			return
		}
		var places []Place
		for _, polygon := range barriers {
			for _, ring := range polygon {
				places = append(places, ring[0], Place{ring[0].Lon, max(-90, ring[0].Lat-step/2)})
			}
		}
		os := m.Prepare(places)
		for i := range os {
			m.Inside(places[i])
			for j := range os {
				ij := m.Between(&os[i], &os[j])
				if back := m.Between(&os[j], &os[i]); ij != back || ij < m.Direct(&os[i], &os[j]) {
					t.Errorf("among %v: %v to %v is %d, back %d, the great circle %d", barriers, places[i], places[j], ij, back, m.Direct(&os[i], &os[j]))
				}
			}
		}
	})
}
