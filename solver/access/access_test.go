package access

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

func near(a, b float64) bool {
	return a == b || math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}

// street is three homes of 10, 20 and 30 people and two sites: the first home is near one, the second near both, the
// third reaches none.
func street() *Table {
	return &Table{
		Sites: 2, Start: []int{0, 1, 3, 3}, Site: []int32{0, 1, 0}, Distance: []float64{200, 500, 400},
		Weight: []float64{10, 20, 30},
	}
}

func TestNearestAndDescribe(t *testing.T) {
	d := Nearest(street(), nil)
	if d[0] != 200 || d[1] != 400 || !math.IsInf(d[2], 1) {
		t.Fatalf("Nearest = %v", d)
	}
	if d := Nearest(street(), []bool{false, true}); !math.IsInf(d[0], 1) || d[1] != 500 {
		t.Fatalf("Nearest with the first site shut = %v", d)
	}
	s := Describe(d, street().Weight, []float64{200, 300, 400})
	if s.Total != 60 || s.Unreached != 30 || !near(s.Within[0], 1./6) || !near(s.Within[1], 1./6) || !near(s.Within[2], .5) {
		t.Errorf("Describe = %+v", s)
	}
	if !near(s.Mean, (10*200+20*400)/30.) || s.Median != 400 || s.P90 != 400 || s.Max != 400 {
		t.Errorf("Describe = %+v", s)
	}
	if s := Describe([]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, nil, nil); s.Median != 5 || s.P90 != 9 || s.Mean != 5.5 {
		t.Errorf("ten homes: %+v", s)
	}
	if s := Describe(nil, nil, []float64{1}); s.Within[0] != 1 || !math.IsNaN(s.Mean) || !math.IsNaN(s.Max) {
		t.Errorf("no demand: %+v", s)
	}
}

func TestWorstShare(t *testing.T) {
	d := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for _, c := range []struct{ share, want float64 }{
		{0.1, 10},
		{0.2, 9.5},
		{0.25, (10 + 9 + 8*0.5) / 2.5},
		{1, 5.5},
		{0, math.NaN()},
		{1.1, math.NaN()},
	} {
		if got := WorstShare(d, nil, c.share); !near(got, c.want) {
			t.Errorf("WorstShare(%v) = %v, want %v", c.share, got, c.want)
		}
	}
	if got := WorstShare([]float64{1, math.Inf(1)}, []float64{9, 1}, 0.1); !math.IsInf(got, 1) {
		t.Errorf("a tenth that reaches nothing: %v", got)
	}
	if got := WorstShare([]float64{1, math.Inf(1)}, []float64{10, 0}, 0.5); got != 1 {
		t.Errorf("nobody lives where nothing is reached: %v", got)
	}
}

func TestFloating(t *testing.T) {
	// Site 0 has 30 people within 450, site 1 nobody: 60 places are 2 a head.
	got := Floating(street(), []float64{60, 7}, EvenCatchment(450))
	if got[0] != 2 || got[1] != 2 || got[2] != 0 {
		t.Errorf("2SFCA = %v", got)
	}
	// Rings of 200, 400, 600: site 0 has 10 at 1 and 20 at 0.68, site 1 has 20 at 0.22.
	got = Floating(street(), []float64{23.6, 4.4}, EnhancedCatchment(600))
	if !near(got[0], 1) || !near(got[1], 0.68+0.22) || got[2] != 0 {
		t.Errorf("E2SFCA = %v", got)
	}
}

// TestFloatingHandsOutAll holds on random tables: what all heads are given is the supply of the sites that have demand.
func TestFloatingHandsOutAll(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		table := randomTable(rng)
		zones := EnhancedCatchment(800 * rng.Float64())
		supply := make([]float64, table.Sites)
		want, given, asked := 0.0, 0.0, make([]float64, table.Sites)
		for i := range table.Demands() {
			for k := table.Start[i]; k < table.Start[i+1]; k++ {
				if table.Distance[k] <= zones[2].Limit {
					asked[table.Site[k]] += table.weight(i)
				}
			}
		}
		for j := range supply {
			supply[j] = float64(rng.IntN(50))
			if asked[j] > 0 {
				want += supply[j]
			}
		}
		for i, a := range Floating(table, supply, zones) {
			given += a * table.weight(i)
		}
		if !near(given, want) {
			t.Fatalf("handed out %v of %v", given, want)
		}
	}
}

func TestGini(t *testing.T) {
	for _, c := range []struct {
		value, weight []float64
		want          float64
	}{
		{[]float64{3, 3, 3}, nil, 0},
		{[]float64{0, 0, 0, 1}, nil, 0.75},
		{[]float64{1, 3}, nil, 0.25},
		{[]float64{1, 3}, []float64{3, 1}, 0.25},
		{[]float64{0, 0}, nil, 0},
		{nil, nil, math.NaN()},
	} {
		if got := Gini(c.value, c.weight); !near(got, c.want) {
			t.Errorf("Gini(%v, %v) = %v, want %v", c.value, c.weight, got, c.want)
		}
	}
}

// TestGiniByPairs compares with the definition: half the mean difference of all pairs over the mean.
func TestGiniByPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		n := 1 + rng.IntN(12)
		v, w := make([]float64, n), make([]float64, n)
		for i := range v {
			v[i], w[i] = float64(rng.IntN(6)), float64(1+rng.IntN(4))
		}
		diff, heads, sum := 0.0, 0.0, 0.0
		for i := range v {
			heads += w[i]
			sum += w[i] * v[i]
			for k := range v {
				diff += w[i] * w[k] * math.Abs(v[i]-v[k])
			}
		}
		want := 0.0
		if sum > 0 {
			want = diff / (2 * heads * sum)
		}
		if got := Gini(v, w); !near(got, want) {
			t.Fatalf("Gini(%v, %v) = %v, want %v", v, w, got, want)
		}
	}
}

func TestTheil(t *testing.T) {
	if u := Theil([]float64{2, 2, 2}, nil, []int32{0, 0, 1}); u != (Unevenness{}) {
		t.Errorf("all alike: %+v", u)
	}
	if u := Theil([]float64{0, 0, 0, 1}, nil, nil); !near(u.Total, math.Log(4)) || u.Between != 0 {
		t.Errorf("one has all: %+v", u)
	}
	// Two groups that differ, each even in itself: all between.
	if u := Theil([]float64{1, 1, 3, 3}, nil, []int32{0, 0, 1, 1}); u.Within != 0 || !near(u.Between, .25*math.Log(.5)+.75*math.Log(1.5)) {
		t.Errorf("between: %+v", u)
	}
	// The split never changes the sum.
	v, g := []float64{1, 5, 2, 0, 7, 4}, []int32{0, 1, 2, 1, 0, 2}
	if a, b := Theil(v, nil, g), Theil(v, nil, nil); !near(a.Total, b.Total) {
		t.Errorf("split %+v, whole %+v", a, b)
	}
	if u := Theil(nil, nil, nil); !math.IsNaN(u.Total) {
		t.Errorf("nobody: %+v", u)
	}
}

func TestValidate(t *testing.T) {
	if err := street().Validate(); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*Table){
		"/sites":      func(x *Table) { x.Sites = -1 },
		"/start":      func(x *Table) { x.Start[1] = 4 },
		"/weight":     func(x *Table) { x.Weight = x.Weight[:1] },
		"/weight/1":   func(x *Table) { x.Weight[1] = math.NaN() },
		"/distance":   func(x *Table) { x.Distance = nil },
		"/distance/2": func(x *Table) { x.Distance[2] = -1 },
		"/site/0":     func(x *Table) { x.Site[0] = 2 },
		"/site/2":     func(x *Table) { x.Site[2] = 1 },
	} {
		x := street()
		spoil(x)
		invalid, ok := errors.AsType[*solver.Invalid](x.Validate())
		if !ok || invalid.Faults[0].Pointer != name {
			t.Errorf("%s: %v", name, x.Validate())
		}
	}
}

func randomTable(rng *rand.Rand) *Table {
	t := &Table{Sites: 1 + rng.IntN(6), Start: []int{0}}
	for range rng.IntN(30) {
		for j := range t.Sites {
			if rng.IntN(2) == 0 {
				t.Site = append(t.Site, int32(j))
				t.Distance = append(t.Distance, float64(rng.IntN(1000)))
			}
		}
		t.Start = append(t.Start, len(t.Site))
		t.Weight = append(t.Weight, float64(rng.IntN(5)))
	}
	return t
}

// FuzzFigures measures any table that is valid: shares and coefficients stay in their ranges, and nothing panics.
func FuzzFigures(f *testing.F) {
	f.Add(uint64(1), 300.0)
	f.Fuzz(func(t *testing.T, seed uint64, limit float64) {
		table := randomTable(rand.New(rand.NewPCG(seed, 1)))
		if err := table.Validate(); err != nil {
			t.Fatal(err)
		}
		d := Nearest(table, nil)
		if s := Describe(d, table.Weight, []float64{limit}); s.Within[0] < 0 || s.Within[0] > 1 || s.Median > s.P90 || s.P90 > s.Max {
			t.Errorf("%+v", s)
		}
		supply := make([]float64, table.Sites)
		for j := range supply {
			supply[j] = 1
		}
		a := Floating(table, supply, EvenCatchment(limit))
		if g := Gini(a, table.Weight); g < 0 || g > 1 {
			t.Errorf("Gini %v", g)
		}
		if u := Theil(a, table.Weight, nil); u.Total < 0 {
			t.Errorf("Theil %+v", u)
		}
	})
}
