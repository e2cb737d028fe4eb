package travel

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// lake returns the outline of Erhai from the shared instances.
func lake(t testing.TB) Polygon {
	t.Helper()
	name := filepath.Join(shared(t), "dali", "erhai.geojson")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Skipf("the shared instances lack the lake: %v", err)
	}
	var file struct {
		Features []struct {
			Geometry struct{ Coordinates [][][2]float64 }
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	var p Polygon
	for _, ring := range file.Features[0].Geometry.Coordinates {
		var places []Place
		for _, c := range ring {
			places = append(places, Place{c[0], c[1]})
		}
		p = append(p, places)
	}
	return p
}

// shared returns the folder of the shared instances: the one that COURTYARD_SHARED names, or shared/data beside the
// repository.
func shared(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("COURTYARD_SHARED"); dir != "" {
		return dir
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		data := filepath.Join(dir, "shared", "data")
		if info, err := os.Stat(data); err == nil && info.IsDir() {
			return data
		}
	}
	t.Skip("shared instances are absent: set COURTYARD_SHARED to their folder")
	return ""
}

// shore returns n places around the lake, none inside it.
func shore(rng *rand.Rand, m *Metric, n int) []Place {
	var places []Place
	for len(places) < n {
		p := Place{100.02 + 0.33*rng.Float64(), 25.55 + 0.45*rng.Float64()}
		if _, inside := m.Inside(p); !inside {
			places = append(places, p)
		}
	}
	return places
}

// TestLakeAgainstPlanarBruteForce takes longitude and latitude for a plane, as most map software does, legs and edges
// alike. At the size of the lake the two differ by a few metres sideways, and so by less than 1e-6 of the way.
func TestLakeAgainstPlanarBruteForce(t *testing.T) {
	barrier := lake(t)
	m := newMetric(t, 1, barrier)
	scene := []rings{{nil}}
	for _, p := range barrier[0] {
		scene[0][0] = append(scene[0][0], xy{p.Lon, p.Lat})
	}
	r := scene[0][0]
	scene[0][0] = r[:len(r)-1] // the last place repeats the first
	places := shore(rand.New(rand.NewPCG(7, 0)), m, 60)
	for k := range 10 { // on the shore: at vertices and in the middle of edges
		a, b := barrier[0][15*k], barrier[0][15*k+1]
		places = append(places, a, Place{(a.Lon + b.Lon) / 2, (a.Lat + b.Lat) / 2})
	}
	plane := make([]xy, len(places))
	for i, p := range places {
		plane[i] = xy{p.Lon, p.Lat}
	}
	want := bruteForce(func(p xy) Place { return Place{p.x, p.y} }, scene, plane)
	os := m.Prepare(places)
	worst, round := 0.0, 0
	for i := range os {
		if _, inside := m.Inside(places[i]); inside {
			t.Errorf("Inside(%v), a place on the shore, is true", places[i])
		}
		for j := range os {
			got, w := m.length(&os[i], &os[j]), want[i][j]
			if math.IsInf(w, 1) {
				// In the plane a place that rounding put a hair inside the lake sees nothing.
				if i < 60 && j < 60 {
					t.Errorf("%v to %v: %v m, brute force finds no way", places[i], places[j], got)
				}
				continue
			}
			if w > Haversine(places[i], places[j])+1 {
				round++
			}
			worst = max(worst, math.Abs(got-w)/max(1, w))
		}
	}
	if worst > 1e-6 {
		t.Errorf("the ways differ from those in the plane by up to %.2g of their length, want 1e-6 at most", worst)
	}
	if round < len(places) {
		t.Errorf("%d pairs go round the lake, want more", round)
	}
	t.Logf("%d of %d pairs go round the lake; the plane differs by up to %.2g", round, len(places)*len(places), worst)
}

// TestLakeProperties holds for all pairs of 150 places and for sampled triples.
func TestLakeProperties(t *testing.T) {
	m := newMetric(t, 1.3, lake(t))
	rng := rand.New(rand.NewPCG(8, 0))
	places := shore(rng, m, 150)
	os := m.Prepare(places)
	for i := range os {
		for j := range os {
			ij := m.Between(&os[i], &os[j])
			if back := m.Between(&os[j], &os[i]); back != ij {
				t.Errorf("%v to %v is %d m, back %d", places[i], places[j], ij, back)
			}
			if direct := m.Direct(&os[i], &os[j]); ij < direct || i == j && ij != 0 {
				t.Errorf("%v to %v is %d m, the great circle %d", places[i], places[j], ij, direct)
			}
			k := rng.IntN(len(os))
			if over := m.Between(&os[i], &os[k]) + m.Between(&os[k], &os[j]); ij > over+2 {
				t.Errorf("%v to %v is %d m, over %v %d", places[i], places[j], ij, places[k], over)
			}
		}
	}
	for range 200 {
		i, j := rng.IntN(len(os)), rng.IntN(len(os))
		if one, many := m.Metres(places[i], places[j]), m.Between(&os[i], &os[j]); one != many {
			t.Errorf("Metres(%v, %v) = %d, Between %d", places[i], places[j], one, many)
		}
	}
}

func BenchmarkPrepareLake(b *testing.B) {
	barrier := lake(b)
	for b.Loop() {
		newMetric(b, 1, barrier)
	}
}

func BenchmarkBetweenLake(b *testing.B) {
	m := newMetric(b, 1.3, lake(b))
	os := m.Prepare(shore(rand.New(rand.NewPCG(1, 0)), m, 1000))
	round := 0
	for i := range os {
		for j := range os {
			if m.Between(&os[i], &os[j]) > m.Direct(&os[i], &os[j]) {
				round++
			}
		}
	}
	k := 0
	for b.Loop() {
		m.Between(&os[k%1000], &os[k/1000%1000])
		k++
	}
	b.ReportMetric(100*float64(round)/1e6, "round_%")
}

func BenchmarkSightLake(b *testing.B) {
	m := newMetric(b, 1.3, lake(b))
	os := m.Prepare(shore(rand.New(rand.NewPCG(1, 0)), m, 1000))
	k := 0
	seen := 0
	for b.Loop() {
		o := &os[k%1000]
		o.sight.Store(nil)
		seen += len(m.sight(o))
		k++
	}
	b.ReportMetric(float64(seen)/float64(k), "views")
	b.ReportMetric(float64(len(m.scene.bends)), "bends")
}

func BenchmarkBetweenFree(b *testing.B) {
	m := newMetric(b, 1.3)
	os := m.Prepare(shore(rand.New(rand.NewPCG(1, 0)), m, 1000))
	k := 0
	for b.Loop() {
		m.Between(&os[k%1000], &os[k/1000%1000])
		k++
	}
}
