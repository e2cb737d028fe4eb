package travel

import (
	"math"
	"testing"
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

func TestMetresAroundASquare(t *testing.T) {
	m := newMetric(t, 1, Polygon{square(100, 0, 0.1)})
	west, east := Place{99.8, 0}, Place{100.2, 0}
	corner := Place{99.9, 0.1}
	want := 2*Haversine(west, corner) + Haversine(corner, Place{100.1, 0.1})
	if got := m.Metres(west, east); got != int64(math.Round(want)) {
		t.Errorf("Metres(west, east) = %d, want %.1f", got, want)
	}
	north := Place{99.8, 0.2}
	if got, want := m.Metres(west, north), math.Round(Haversine(west, north)); got != int64(want) {
		t.Errorf("Metres(west, north) = %d, want the great circle, %v", got, want)
	}
}
