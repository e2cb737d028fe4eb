package datasets

import (
	"errors"
	"math"
	"math/bits"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sharedSites returns the folder of the public siting instances; without it the test is skipped.
func sharedSites(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(filepath.Dir(sharedMatch(t)), "sites")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the shared siting instances are absent")
	}
	return dir
}

// openShared reads one shared file.
func openShared[T any](t *testing.T, path string, read func(*Instance) (T, error)) T {
	t.Helper()
	in, err := OpenInstance(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := read(in)
	if err := errors.Join(err, in.Close()); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSharedSites reads every shared file of the kinds that can be read.
func TestSharedSites(t *testing.T) {
	dir := sharedSites(t)
	median := func(in *Instance) (*Siting, error) { return ReadMedian(in) }
	covering := func(in *Instance) (*Siting, error) { return ReadCovering(in) }
	capacitated := func(in *Instance) (*Siting, error) { return ReadCapacitatedMedian(in, "") }
	facility := func(format string) func(*Instance) (*Siting, error) {
		return func(in *Instance) (*Siting, error) {
			capacity := -1.0
			if strings.Contains(in.Name, "capa.") || strings.Contains(in.Name, "capc.") {
				capacity = 8000
			}
			return ReadFacility(in, format, capacity)
		}
	}
	for _, family := range []struct {
		glob  string
		files int
		read  func(*Instance) (*Siting, error)
	}{
		{"pmed/*", 30, median},
		{"tsplib/*", 7, median},
		{"city_sf/SF_network*", 1, median},
		{"city_tarrant/travel*", 1, median},
		{"cap/*", 10, facility("")},
		{"cap_sscflp/*", 18, facility("")},
		{"koerkel_ghosh/*", 38, facility("")},
		{"holmberg/p[0-9]*", 53, facility("")},
		{"sscflp_yang/*", 15, facility("")},
		{"sscflp_delmaire/*", 42, facility("delmaire")},
		{"sscflp_tb1/*", 4, facility("tb1")},
		{"cpmp_orlib/*", 15, capacitated},
		{"cpmp_lorena/*", 8, capacitated},
		{"mclp_sjc/*", 4, covering},
		{"mclp_maximo/*", 3, covering},
		{"mclp_random/*", 4, covering},
		{"mclp_bds/*.txt*", 9, covering},
	} {
		files, err := filepath.Glob(filepath.Join(dir, filepath.FromSlash(family.glob)))
		if err != nil || len(files) != family.files {
			t.Errorf("%s: %d files, want %d (%v)", family.glob, len(files), family.files, err)
		}
		for _, path := range files {
			if info, err := os.Stat(path); testing.Short() && (err != nil || info.Size() > 50_000) {
				continue
			}
			s := openShared(t, path, family.read)
			name := strings.TrimPrefix(path, dir)
			if s.Travel.Customers < 4e6/s.Travel.Sites {
				if fault := unsound(s); fault != "" {
					t.Errorf("%s: %s", name, fault)
				}
			}
			if s.Travel.Value != nil && s.Travel.Start == nil && strings.Contains(family.glob, "pmed") {
				for _, d := range s.Travel.Value {
					if math.IsInf(d, 1) {
						t.Errorf("%s: the graph is not connected", name)
						break
					}
				}
			}
		}
	}
}

// TestSharedSizes pins what single files hold.
func TestSharedSizes(t *testing.T) {
	dir := sharedSites(t)
	sum := func(a []float64) float64 {
		s := 0.0
		for _, v := range a {
			s += v
		}
		return s
	}
	median := func(in *Instance) (*Siting, error) { return ReadMedian(in) }
	covering := func(in *Instance) (*Siting, error) { return ReadCovering(in) }
	capacitated := func(in *Instance) (*Siting, error) { return ReadCapacitatedMedian(in, "") }
	facility := func(format string) func(*Instance) (*Siting, error) {
		return func(in *Instance) (*Siting, error) { return ReadFacility(in, format, -1) }
	}
	type figures struct {
		customers, sites, open          int
		weight, fixed, capacity, travel float64 // sums; the last from the first site to the last customer
	}
	for path, c := range map[string]struct {
		read func(*Instance) (*Siting, error)
		want figures
	}{
		"pmed/pmed1.txt":                      {median, figures{100, 100, 5, 0, 0, 0, 88}},
		"cap/cap72.txt":                       {facility(""), figures{50, 16, 0, 58268, 187500, 932288, 7095.675}},
		"cap_sscflp/cap61":                    {facility(""), figures{50, 16, 0, 58268, 112500, 240000, 7095.675}},
		"sscflp_delmaire/p2":                  {facility("delmaire"), figures{20, 10, 0, 401, 5519, 532, 33}},
		"cpmp_orlib/pmedcap1_1.txt":           {capacitated, figures{50, 50, 5, 490, 0, 6000, 4}},
		"cpmp_lorena/SJC1.dat":                {capacitated, figures{100, 100, 10, 5807, 0, 72000, 1021.7524161948431}},
		"mclp_sjc/SJC324.txt":                 {covering, figures{324, 324, 0, 12152, 0, 0, 982.3013794146885}},
		"mclp_bds/BDS100000A.txt.gz":          {covering, figures{100000, 100, 0, 5040640, 100, 0, 16.26263919633394}},
		"city_tarrant/travel_minutes_car.csv": {median, figures{448, 30, 0, 0, 0, 0, 43}},
	} {
		s := openShared(t, filepath.Join(dir, filepath.FromSlash(path)), c.read)
		got := figures{s.Travel.Customers, s.Travel.Sites, s.Open, sum(s.Weight), sum(s.Fixed), sum(s.Capacity), s.Travel.At(s.Travel.Customers-1, 0)}
		if got != c.want {
			t.Errorf("%s: %v, want %v", path, got, c.want)
		}
	}
}

// TestSharedValues finds published optima again by trying every choice of sites.
func TestSharedValues(t *testing.T) {
	dir := sharedSites(t)
	covering := func(in *Instance) (*Siting, error) { return ReadCovering(in) }
	median := func(in *Instance) (*Siting, error) { return ReadMedian(in) }
	// most returns the most weight that one site covers.
	most := func(s *Siting, radius float64) float64 {
		best := 0.0
		for j := range s.Travel.Sites {
			covered := 0.0
			for i, w := range s.Weight {
				if s.Travel.At(i, j) <= radius {
					covered += w
				}
			}
			best = max(best, covered)
		}
		return best
	}
	for path, want := range map[string][2]float64{
		"SJC324.txt": {5461, 9932}, "SJC402.txt": {6555, 10607}, "SJC500.txt": {7944, 10726},
	} {
		s := openShared(t, filepath.Join(dir, "mclp_sjc", path), covering)
		if got := [2]float64{most(s, 800), most(s, 1200)}; got != want {
			t.Errorf("%s: one site covers %v within 800 and 1,200 m, want %v", path, got, want)
		}
	}

	s := openShared(t, filepath.Join(dir, "city_sf", "SF_network_distance_candidateStore_16_censusTract_205_new.csv"), median)
	sum, worst, covered, least := math.Inf(1), math.Inf(1), 0.0, math.MaxInt
	for set := range 1 << s.Travel.Sites {
		open := bits.OnesCount(uint(set))
		if open != 4 && open >= least {
			continue
		}
		total, far, near := 0.0, 0.0, 0.0
		for i, w := range s.Weight {
			d := math.Inf(1)
			for rest := uint(set); rest > 0; rest &= rest - 1 {
				d = min(d, s.Travel.At(i, bits.TrailingZeros(rest)))
			}
			total, far = total+w*d, max(far, d)
			if d <= 5000 {
				near += w
			}
		}
		if open == 4 {
			sum, worst, covered = min(sum, total), min(worst, far), max(covered, near)
		}
		if far <= 5000 {
			least = min(least, open)
		}
	}
	if math.Abs(sum-2848268129.714512) > 1e-3 || math.Abs(worst-7403.06381) > 1e-5 || covered != 875247 || least != 8 {
		t.Errorf("San Francisco: median %v, centre %v, covered %v, least %d; want 2848268129.714512, 7403.06381, 875247 and 8", sum, worst, covered, least)
	}
}
