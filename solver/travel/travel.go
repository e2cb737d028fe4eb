// Package travel measures the way between places: great circles on a sphere, a detour factor, and barriers (a lake) that
// a way must go round. All arithmetic is on WGS-84 coordinates; other datums are converted before they come here.
package travel

// Place is a point on the Earth, WGS-84 degrees.
type Place struct {
	Lon float64 // -180 to 180
	Lat float64 // -90 to 90
}

// Polygon is one barrier: an outer ring and the rings of its holes. Rings may be closed (the first place repeated at the
// end) or not.
type Polygon [][]Place
