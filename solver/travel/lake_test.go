package travel

import (
	"encoding/json"
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
