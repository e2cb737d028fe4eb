package travel

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The brute force works in a plane where everything lies on a grid of whole numbers, so that polygons share vertices and
// edges, and legs graze corners, all the time. The gnomonic projection turns straight lines of the plane into great
// circles, so that the same scene stands on the sphere. It tests every leg against every edge, joins all vertices, and
// shares no code with the metric.

type xy struct{ x, y float64 }

// rings is a polygon of the plane.
type rings [][]xy

// chart maps the plane to the sphere: unit metres a step of the grid, seen from the centre.
type chart struct {
	centre Place
	unit   float64
}

func (c chart) place(p xy) Place {
	x, y := (p.x-10)*c.unit/EarthRadiusM, (p.y-10)*c.unit/EarthRadiusM
	lon, lat := c.centre.Lon*math.Pi/180, c.centre.Lat*math.Pi/180
	// The point of the tangent plane: up is the centre, then east and north.
	up := [3]float64{math.Cos(lat) * math.Cos(lon), math.Cos(lat) * math.Sin(lon), math.Sin(lat)}
	east := [3]float64{-math.Sin(lon), math.Cos(lon), 0}
	north := [3]float64{-math.Sin(lat) * math.Cos(lon), -math.Sin(lat) * math.Sin(lon), math.Cos(lat)}
	var v [3]float64
	for i := range v {
		v[i] = up[i] + x*east[i] + y*north[i]
	}
	return Place{math.Atan2(v[1], v[0]) * 180 / math.Pi, math.Atan2(v[2], math.Hypot(v[0], v[1])) * 180 / math.Pi}
}

func (c chart) polygons(scene []rings) []Polygon {
	var out []Polygon
	for _, p := range scene {
		var polygon Polygon
		for _, r := range p {
			var places []Place
			for _, v := range r {
				places = append(places, c.place(v))
			}
			polygon = append(polygon, places)
		}
		out = append(out, polygon)
	}
	return out
}

func side(a, b, c xy) float64 { return (b.x-a.x)*(c.y-a.y) - (b.y-a.y)*(c.x-a.x) }

// contains reports whether q, on no edge, is inside the polygon.
func (p rings) contains(q xy) bool {
	odd := false
	for _, r := range p {
		for i, a := range r {
			b := r[(i+1)%len(r)]
			if (a.y > q.y) != (b.y > q.y) && (side(a, b, q) > 0) == (b.y > a.y) {
				odd = !odd
			}
		}
	}
	return odd
}

// walled reports whether the points just left and just right of m, on a line towards (dx, dy), are both inside.
func walled(scene []rings, m xy, dx, dy float64) bool {
	const aside = 1e-11
	h := math.Hypot(dx, dy)
	covered := func(q xy) bool {
		return slices.ContainsFunc(scene, func(p rings) bool { return p.contains(q) })
	}
	return covered(xy{m.x - aside*dy/h, m.y + aside*dx/h}) && covered(xy{m.x + aside*dy/h, m.y - aside*dx/h})
}

// free reports whether the segment from a to b stays out of the union's inside: it is cut wherever it meets an edge, and
// of each piece the middle is tested.
func free(scene []rings, a, b xy) bool {
	if a == b {
		return true
	}
	cuts := []float64{0, 1}
	dx, dy := b.x-a.x, b.y-a.y
	for _, p := range scene {
		for _, r := range p {
			for i, u := range r {
				v := r[(i+1)%len(r)]
				su, sv := side(a, b, u), side(a, b, v)
				if math.Abs(su) < 1e-9 {
					cuts = append(cuts, ((u.x-a.x)*dx+(u.y-a.y)*dy)/(dx*dx+dy*dy))
				} else if math.Abs(sv) > 1e-9 && su*sv < 0 {
					pa, pb := side(u, v, a), side(u, v, b)
					cuts = append(cuts, pa/(pa-pb))
				}
			}
		}
	}
	slices.Sort(cuts)
	for i, t := range cuts[1:] {
		if s := cuts[i]; s > -1e-12 && t < 1+1e-12 && t-s > 1e-11 {
			if m := (s + t) / 2; walled(scene, xy{a.x + m*dx, a.y + m*dy}, dx, dy) {
				return false
			}
		}
	}
	return true
}

// enclosed reports whether a small circle around p lies in the union's closure: every short segment from p is walled.
func enclosed(scene []rings, p xy) bool {
	const short = 1e-4
	for k := range 720 { // the grid's directions are farther apart than half a degree near every vertex used below
		angle := (float64(k) + 0.123) * math.Pi / 360
		q := xy{p.x + short*math.Cos(angle), p.y + short*math.Sin(angle)}
		if !slices.ContainsFunc(scene, func(r rings) bool { return r.contains(q) }) {
			return false
		}
	}
	return true
}

// bruteForce returns the metres between each two of the places, +Inf where there is no way. place maps the plane to the
// sphere.
func bruteForce(place func(xy) Place, scene []rings, places []xy) [][]float64 {
	nodes := slices.Clone(places)
	for _, p := range scene {
		for _, r := range p {
			nodes = append(nodes, r...)
		}
	}
	n := len(nodes)
	d := make([][]float64, n)
	for i := range d {
		d[i] = make([]float64, n)
		for j := range d[i] {
			d[i][j] = math.Inf(1)
			if free(scene, nodes[i], nodes[j]) {
				d[i][j] = Haversine(place(nodes[i]), place(nodes[j]))
			}
		}
	}
	for k := range d {
		for i := range d {
			for j := range d {
				d[i][j] = min(d[i][j], d[i][k]+d[k][j])
			}
		}
	}
	return d
}

func whole(rng *rand.Rand, lo, hi int) float64 { return float64(lo + rng.IntN(hi-lo+1)) }

// star returns a ring around a point, concave as a rule; nil when rounding to the grid spoiled it.
func star(rng *rand.Rand) []xy {
	n := 3 + rng.IntN(8)
	cx, cy := whole(rng, 4, 16), whole(rng, 4, 16)
	var r []xy
	for k := range n {
		angle := 2 * math.Pi * (float64(k) + 0.5*rng.Float64()) / float64(n)
		far := 1 + 6*rng.Float64()
		r = append(r, xy{math.Round(cx + far*math.Cos(angle)), math.Round(cy + far*math.Sin(angle))})
	}
	if !simple(r) {
		return nil
	}
	return r
}

// simple reports whether no two edges of the ring touch but neighbours in their vertex.
func simple(r []xy) bool {
	n := len(r)
	between := func(a, b, c xy) bool {
		return side(a, b, c) == 0 && min(a.x, b.x) <= c.x && c.x <= max(a.x, b.x) && min(a.y, b.y) <= c.y && c.y <= max(a.y, b.y)
	}
	for i := range n {
		a, b := r[i], r[(i+1)%n]
		if a == b {
			return false
		}
		for j := i + 1; j < n; j++ {
			u, v := r[j], r[(j+1)%n]
			next, last := j == i+1, (j+1)%n == i
			switch {
			case next && between(a, b, v), next && between(u, v, a):
				return false
			case last && between(a, b, u), last && between(u, v, b):
				return false
			case next || last:
			case between(a, b, u) || between(a, b, v) || between(u, v, a) || between(u, v, b):
				return false
			case side(a, b, u)*side(a, b, v) < 0 && side(u, v, a)*side(u, v, b) < 0:
				return false
			}
		}
	}
	return true
}

func rectangle(x, y, w, h float64) []xy { return []xy{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}} }

// frame returns a rectangle with a hole, which may touch the outer ring.
func frame(rng *rand.Rand) rings {
	x, y, w, h := whole(rng, 0, 12), whole(rng, 0, 12), whole(rng, 3, 8), whole(rng, 3, 8)
	if rng.IntN(3) == 0 { // a diamond whose corners touch the outer ring's edges or not
		return rings{rectangle(x, y, w, h), {{x + 1, y}, {x + 2, y + 1}, {x + 1, y + 2}, {x, y + 1}}}
	}
	return rings{rectangle(x, y, w, h), rectangle(x+1, y+1, whole(rng, 1, int(w)-1), whole(rng, 1, int(h)-1))}
}

func randomScene(rng *rand.Rand) []rings {
	var scene []rings
	for range 1 + rng.IntN(4) {
		switch rng.IntN(4) {
		case 0:
			scene = append(scene, frame(rng))
		case 1:
			scene = append(scene, rings{rectangle(whole(rng, 0, 15), whole(rng, 0, 15), whole(rng, 1, 5), whole(rng, 1, 5))})
		default:
			if r := star(rng); r != nil {
				scene = append(scene, rings{r})
			}
		}
	}
	for _, p := range scene {
		for _, r := range p {
			if rng.IntN(2) == 0 {
				slices.Reverse(r)
			}
		}
	}
	return scene
}

// randomPlaces returns places on the grid, between its lines, on edges and on vertices, none inside.
func randomPlaces(rng *rand.Rand, scene []rings, n int) []xy {
	var places []xy
	for tries := 0; len(places) < n && tries < 100*n; tries++ {
		p := xy{whole(rng, 0, 20), whole(rng, 0, 20)}
		if len(scene) > 0 {
			polygon := scene[rng.IntN(len(scene))]
			r := polygon[rng.IntN(len(polygon))]
			k := rng.IntN(len(r))
			u, v := r[k], r[(k+1)%len(r)]
			switch rng.IntN(5) {
			case 0:
				p = u
			case 1:
				f := whole(rng, 1, 3) / 4
				p = xy{u.x + f*(v.x-u.x), u.y + f*(v.y-u.y)}
			case 2:
				p = xy{p.x + 0.5, p.y + 0.25}
			}
		}
		if !enclosed(scene, p) {
			places = append(places, p)
		}
	}
	return places
}

var charts = []chart{
	{Place{100.2, 25.7}, 1000},
	{Place{0, 0}, 1},
	{Place{179.999, -40}, 20000},
	{Place{-60, 90}, 5000},
	{Place{12, -89.99}, 300},
	{Place{-120, 60}, 100000},
}

// compare checks the metric on one scene against the brute force.
func compare(t *testing.T, c chart, scene []rings, places []xy) {
	t.Helper()
	m, err := NewMetric(1, c.polygons(scene))
	if err != nil {
		t.Fatalf("NewMetric(%v on %v): %v", scene, c, err)
	}
	want := bruteForce(c.place, scene, places)
	globe := make([]Place, len(places))
	for i, p := range places {
		globe[i] = c.place(p)
		if k, inside := m.Inside(globe[i]); inside {
			t.Errorf("Inside(%v) = %d, true, want outside; scene %v on %v", p, k, scene, c)
		}
	}
	os := m.Prepare(globe)
	for i := range os {
		for j := range os {
			got := m.length(&os[i], &os[j])
			// Touching is decided to a hundredth of a metre; the grid's places lie far apart, so nothing but rounding is left.
			if d := got - want[i][j]; got != want[i][j] && !(math.Abs(d) < 1e-4) {
				t.Errorf("from %v to %v: %v m, brute force %v; scene %v on %v", places[i], places[j], got, want[i][j], scene, c)
				return
			}
			if got != m.length(&os[j], &os[i]) {
				t.Errorf("from %v to %v: %v m, back %v; scene %v on %v", places[i], places[j], got, m.length(&os[j], &os[i]), scene, c)
			}
			if one, many := m.Metres(globe[i], globe[j]), m.Between(&os[i], &os[j]); one != many {
				t.Errorf("from %v to %v: Metres %d, Between %d; scene %v on %v", places[i], places[j], one, many, scene, c)
			}
		}
	}
}

func TestAgainstBruteForce(t *testing.T) {
	cases := 2000
	if testing.Short() {
		cases = 200
	}
	for seed := range cases {
		rng := rand.New(rand.NewPCG(uint64(seed), 1))
		scene := randomScene(rng)
		places := randomPlaces(rng, scene, 6)
		t.Run(fmt.Sprint(seed), func(t *testing.T) { compare(t, charts[seed%len(charts)], scene, places) })
	}
}

func FuzzAgainstBruteForce(f *testing.F) {
	f.Add(uint64(1), uint8(0))
	f.Fuzz(func(t *testing.T, seed uint64, where uint8) {
		rng := rand.New(rand.NewPCG(seed, 2))
		scene := randomScene(rng)
		compare(t, charts[int(where)%len(charts)], scene, randomPlaces(rng, scene, 5))
	})
}

// shaken returns the place moved by up to metres in both directions.
func shaken(rng *rand.Rand, p Place, metres float64) Place {
	step := metres / EarthRadiusM * 180 / math.Pi
	lat := p.Lat + step*(2*rng.Float64()-1)
	return Place{p.Lon + step*(2*rng.Float64()-1)/math.Cos(lat*math.Pi/180), lat}
}

// FuzzTriangle shakes grid scenes by about the tolerance, so that vertices, edges and places come within it and stay just
// outside it. No way may then be longer than one over a third place by more than what the tolerance moves.
func FuzzTriangle(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(seed, uint8(seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, shake uint8) {
		rng := rand.New(rand.NewPCG(seed, 3))
		c := chart{Place{100.2, 25.7}, []float64{1, 1000}[seed%2]}
		scene := randomScene(rng)
		spots := randomPlaces(rng, scene, 8)
		by := Tolerance * float64(shake%8) / 2
		polygons := c.polygons(scene)
		for _, p := range polygons {
			for _, r := range p {
				for k := range r {
					r[k] = shaken(rng, r[k], by)
				}
			}
		}
		m, err := NewMetric(1, polygons)
		if err != nil {
			t.Skip(err) // rings of the grid that touch themselves may cross now
		}
		var places []Place
		for _, s := range spots {
			p := shaken(rng, c.place(s), Tolerance)
			if _, inside := m.Inside(p); !inside {
				places = append(places, p)
			}
		}
		os := m.Prepare(places)
		for i := range os {
			for j := range os {
				ij := m.length(&os[i], &os[j])
				if direct := Haversine(places[i], places[j]); ij < direct {
					t.Errorf("%v to %v: %v m, the great circle %v", places[i], places[j], ij, direct)
				}
				for k := range os {
					ik, kj := m.length(&os[i], &os[k]), m.length(&os[k], &os[j])
					if ij > ik+kj+8*Tolerance {
						t.Fatalf("scene %v shaken by %v: %v to %v is %v m, over %v %v + %v", scene, by, spots[i], spots[j], ij, spots[k], ik, kj)
					}
				}
			}
		}
	})
}
