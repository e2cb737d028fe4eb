// Package travel measures the way between places: great circles on a sphere, a detour factor, and barriers (a lake) that
// a way must go round. All arithmetic is on WGS-84 coordinates; other datums are converted before they come here.
//
//	m, err := travel.NewMetric(1.3, barriers) // detour factor and polygons, both optional
//	m.Metres(a, b)                            // one pair
//	os := m.Prepare(places)                   // many pairs of the same places
//	m.Between(&os[i], &os[j])                 // the same metres, no allocation, from any number of goroutines
//
// Without barriers both cost one [Haversine]. With barriers, [Metric.Between] adds a search among the barriers' edges and,
// for a pair that must go round, a look-up in the table of ways between the vertices where a way can bend.
//
// # What a way is
//
// The way from a to b is the shortest chain of great-circle legs that does not enter the barriers. Barriers are taken
// together: what two of them enclose without a gap, such as the seam along an edge they share, is inside. Touching is
// allowed: a way may run along an edge, over a vertex, or between two barriers that touch in a single point. Where no
// chain exists (from an island in a lake) the way is [Unreachable].
//
// Edges of barriers are great-circle arcs, like legs. GeoJSON draws them straight in longitude and latitude; the two lie
// apart by about L²·tan(latitude)/(8R) for an edge of L metres: 3 mm for 600 m at 26°, 0.3 km for 100 km at 60°. A place
// between the two is on the boundary. Around the lake of Dali ways equal those of a plane of longitude and latitude.
//
// Everything within [Tolerance] of a barrier's boundary counts as on it.
package travel

import "math"

// EarthRadiusM is the radius of the sphere in metres: the mean radius of the WGS-84 ellipsoid, (2a+b)/3.
const EarthRadiusM = 6371008.8

// Unreachable is the length of a way that does not exist.
const Unreachable int64 = math.MaxInt64

// Place is a point on the Earth, WGS-84 degrees.
type Place struct {
	Lon float64 // -180 to 180
	Lat float64 // -90 to 90
}

// Polygon is one barrier: an outer ring and the rings of its holes. Rings may be closed (the first place repeated at the
// end) or not, and run either way round.
type Polygon [][]Place

// Haversine returns the great-circle distance between two places in metres, 2R·asin(min(1, sqrt(h))) with h the haversine
// of the angle between them. It is symmetric to the bit, and no product is fused with a sum, so every CPU agrees on all
// but what its library's sine differs by.
func Haversine(a, b Place) float64 {
	pa, pb := newSphere(a), newSphere(b)
	return pa.metres(&pb)
}

// sphere holds of a place what the haversine needs, so that asking twice does not compute it twice.
type sphere struct {
	lon, lat float64 // radians
	cosLat   float64
}

func newSphere(p Place) sphere {
	lat := p.Lat * (math.Pi / 180)
	return sphere{lon: p.Lon * (math.Pi / 180), lat: lat, cosLat: math.Cos(lat)}
}

// metres is the haversine distance.
func (a *sphere) metres(b *sphere) float64 {
	u := math.Sin((b.lat - a.lat) / 2)
	v := math.Sin((b.lon - a.lon) / 2)
	h := float64(u*u) + float64(float64(a.cosLat*b.cosLat)*float64(v*v))
	return 2 * EarthRadiusM * math.Asin(math.Min(1, math.Sqrt(h)))
}
