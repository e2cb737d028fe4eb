package datasets

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPart compares the least of a list with those of the sorted list.
func TestPart(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		list := make([]near, 1+rng.IntN(30))
		for i := range list {
			list[i] = near{float64(rng.IntN(8)), int32(i)}
		}
		want := slices.Clone(list)
		slices.SortFunc(want, before)
		k := rng.IntN(len(list))
		part(list, k)
		slices.SortFunc(list[:k], before)
		if !slices.Equal(list[:k], want[:k]) {
			t.Fatalf("the least %d are %v, want %v", k, list[:k], want[:k])
		}
	}
}

// TestScale pins which reals are exact.
func TestScale(t *testing.T) {
	for _, c := range []struct {
		values []float64
		sum    float64
		want   Scale
	}{
		{nil, 0, Scale{1, true}},
		{[]float64{3, 1e9}, 2e9, Scale{1, true}},
		{[]float64{7095.675, 0.1}, 1e6, Scale{1000, true}},
		{[]float64{math.Pi, 1}, 1 << 20, Scale{1 << 34, false}},
		{[]float64{0.001}, 1 << 50, Scale{1 << 4, false}},
	} {
		if got := scaleOf(decimals(each(c.values)), c.sum); got != c.want {
			t.Errorf("scale of %v with sum %v: %v, want %v", c.values, c.sum, got, c.want)
		}
	}
}

// TestCutRows compares rows of the nearest sites with whole ones.
func TestCutRows(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	n := 12
	at := &Points{make([]float64, n), make([]float64, n)}
	weight := make([]float64, n)
	for i := range n {
		at.X[i], at.Y[i], weight[i] = rng.Float64(), rng.Float64(), rng.Float64()
	}
	s := &Siting{Travel: Travel{Customers: n, Sites: n, From: at, To: at}, Weight: weight}
	p, scale := s.Facility(2, true, 5)
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	for i := range n {
		sites, costs := p.Rows.Row(i)
		if len(sites) != 5 || !slices.IsSorted(costs) {
			t.Errorf("row %d: %v %v", i, sites, costs)
		}
		for j := range n {
			if !slices.Contains(sites, int32(j)) && scale.Whole(s.Travel.At(i, j)*weight[i]) < p.Beyond[i] {
				t.Errorf("row %d leaves out site %d, which costs less than %d", i, j, p.Beyond[i])
			}
		}
	}
}

func FuzzReadWeights(f *testing.F) {
	f.Add([]byte("id,pop\n1,2\n2,0.5\n"))
	f.Add([]byte("\xef\xbb\xbfid,name,weight\n2,\"a\nb\",1e3\n1,x,-1\n"))
	f.Add([]byte("pop\n1\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := NewInstance("weights.csv", bytes.NewReader(text))
		if err != nil {
			return
		}
		s := &Siting{Travel: Travel{Customers: 2, Sites: 1, Value: []float64{1, 2}}}
		if err := ReadWeights(in, s); err != nil {
			if err.Error() == "" || s.Weight != nil {
				t.Fatal("a fault that says nothing, or leaves weights behind")
			}
			return
		}
		if fault := unsound(s); fault != "" {
			t.Fatal(fault)
		}
	})
}
