package dali

import "github.com/courtyard-care/courtyard/solver/travel"

// point is a place in whole microdegrees (about 0.1 m), so that tests of sides are exact and the same everywhere.
type point struct{ x, y int64 }

func (p point) place() travel.Place {
	return travel.Place{Lon: float64(p.x) / 1e6, Lat: float64(p.y) / 1e6}
}

// Microdegrees a metre in Dali: 1 degree of latitude is 111,195 m on a sphere of 6,371,008.8 m, 1 degree of longitude
// 100,194 m at 25.70 degrees north; over the city (25.44 to 26.03) the latter is off by at most 0.3 %.
const (
	lonPerKilometre = 9981
	latPerKilometre = 8993
)

// shift returns the place east and north metres from p.
func (p point) shift(east, north int) point {
	return point{p.x + int64(east)*lonPerKilometre/1000, p.y + int64(north)*latPerKilometre/1000}
}

// outline is one ring, not closed, with its edges sorted into bands of latitude so that a test of a point looks at the
// few edges of its band only: about 10 of the 1,407 of the boundary.
type outline struct {
	ring        []point
	south, high int64     // lowest latitude; height of a band
	bands       [][]int32 // bands[b] lists the edges i (ring[i] to its successor) that touch the band
}

const bandCount = 512

func newOutline(ring []point) *outline {
	south, north := ring[0].y, ring[0].y
	for _, p := range ring {
		south, north = min(south, p.y), max(north, p.y)
	}
	o := &outline{ring: ring, south: south, high: (north-south)/bandCount + 1, bands: make([][]int32, bandCount)}
	for i := range ring {
		a, b := o.edge(i)
		for k := (min(a.y, b.y) - south) / o.high; k <= (max(a.y, b.y)-south)/o.high; k++ {
			o.bands[k] = append(o.bands[k], int32(i))
		}
	}
	return o
}

func (o *outline) edge(i int) (from, to point) {
	if i+1 == len(o.ring) {
		return o.ring[i], o.ring[0]
	}
	return o.ring[i], o.ring[i+1]
}

// holds reports whether p lies inside, by the parity of the edges east of it. Points on an edge may go either way: who
// needs them clear of it keeps a margin.
func (o *outline) holds(p point) bool {
	if p.y < o.south || p.y >= o.south+o.high*bandCount {
		return false
	}
	in := false
	for _, i := range o.bands[(p.y-o.south)/o.high] {
		a, b := o.edge(int(i))
		if (a.y > p.y) == (b.y > p.y) {
			continue
		}
		if b.y < a.y {
			a, b = b, a
		}
		if (b.x-a.x)*(p.y-a.y) > (p.x-a.x)*(b.y-a.y) { // the edge passes east of p
			in = !in
		}
	}
	return in
}

func (o *outline) polygon() travel.Polygon {
	ring := make([]travel.Place, len(o.ring))
	for i, p := range o.ring {
		ring[i] = p.place()
	}
	return travel.Polygon{ring}
}

// shoreMargin keeps homes off the water's edge, in metres. It also makes "outside the lake" independent of how an edge
// between two vertices is drawn: a straight line on the map and a great circle differ by less than 0.1 m here.
const shoreMargin = 25

// habitable reports whether a home may stand at p: inside the boundary and clear of the lake.
func (g *geography) habitable(p point) bool {
	if !g.boundary.holds(p) || g.lake.holds(p) {
		return false
	}
	for _, q := range [...]point{p.shift(shoreMargin, 0), p.shift(-shoreMargin, 0), p.shift(0, shoreMargin), p.shift(0, -shoreMargin)} {
		if g.lake.holds(q) {
			return false
		}
	}
	return true
}
