package travel

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// cityPlaces are near each other, some at the same place; worldPlaces are anywhere, the poles and the antimeridian too.
func cityPlaces(rng *rand.Rand, n int) []Place {
	ps := make([]Place, n)
	for i := range ps {
		ps[i] = Place{Lon: 100 + 0.2*rng.Float64(), Lat: 25 + 0.2*rng.Float64()}
		if i > 0 && rng.IntN(4) == 0 {
			ps[i] = ps[rng.IntN(i)]
		}
	}
	return ps
}

func worldPlaces(rng *rand.Rand, n int) []Place {
	ps := make([]Place, n)
	for i := range ps {
		ps[i] = Place{Lon: -180 + 360*rng.Float64(), Lat: -90 + 180*rng.Float64()}
		switch rng.IntN(8) {
		case 0:
			ps[i].Lat = 90
		case 1:
			ps[i].Lon = 180 - 360*float64(rng.IntN(2))
		}
	}
	return ps
}

// TestSearchMissesNothing compares every search with a scan of all places.
func TestSearchMissesNothing(t *testing.T) {
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 0))
		places, reach := cityPlaces(rng, 1+rng.IntN(200)), rng.Int64N(25_000)
		if seed%2 == 1 {
			places, reach = worldPlaces(rng, 1+rng.IntN(200)), rng.Int64N(20_100_000)
		}
		if rng.IntN(4) == 0 {
			reach = Unreachable
		}
		detour := 1 + float64(rng.IntN(3))/4
		metric, err := NewMetric(detour, nil)
		if err != nil {
			t.Fatal(err)
		}
		x := NewIndex(places)
		keys := make([]int64, len(places))
		for round := range 3 {
			for k := range keys {
				keys[k] = rng.Int64N(30_000) - 10_000
			}
			x.SetKeys(keys)
			from := places[rng.IntN(len(places))]
			weight, budget := rng.Int64N(3), rng.Int64N(60_000)-5_000
			if round == 2 {
				budget = 1 << 61
			}
			want := map[int32]bool{}
			for k, p := range places {
				if d := metric.Metres(from, p); d <= reach && weight*d+keys[k] <= budget {
					want[int32(k)] = true
				}
			}
			seen := map[int32]bool{}
			s := Search{From: Direction(from), Stretch: detour, ReachM: reach, PerMetre: weight, Budget: budget}
			s.Visit = func(item int32, _ float64) {
				if seen[item] {
					t.Fatalf("seed %d: item %d visited twice", seed, item)
				}
				seen[item] = true
				delete(want, item)
				// A changed key must not hide what is still to come.
				s.SetKey(item, keys[item]+rng.Int64N(5_000))
			}
			s.Run(x)
			if len(want) > 0 {
				t.Fatalf("seed %d: search missed %d places", seed, len(want))
			}
			for _, n := range x.nodes { // the nodes know the keys that the search left
				if n.right == 0 && n.key != slices.Min(x.keys[n.from:n.to]) {
					t.Fatalf("seed %d: a leaf does not know its least key", seed)
				}
			}
		}
	}
}

// TestSearchNarrows looks for the nearest place by lowering the budget.
func TestSearchNarrows(t *testing.T) {
	for seed := range uint64(200) {
		rng := rand.New(rand.NewPCG(seed, 1))
		places := worldPlaces(rng, 1+rng.IntN(300))
		metric, err := NewMetric(1, nil)
		if err != nil {
			t.Fatal(err)
		}
		x := NewIndex(places)
		from := worldPlaces(rng, 1)[0]
		want := Unreachable
		for _, p := range places {
			want = min(want, metric.Metres(from, p))
		}
		got := Unreachable
		s := Search{From: Direction(from), Stretch: 1, ReachM: Unreachable, PerMetre: 1, Budget: 1 << 61}
		s.Visit = func(item int32, _ float64) {
			got = min(got, metric.Metres(from, places[item]))
			s.Budget = got
		}
		s.Run(x)
		if got != want {
			t.Errorf("seed %d: nearest is %d m away, found %d", seed, want, got)
		}
	}
}

func TestEmptyIndex(t *testing.T) {
	x := NewIndex(nil)
	x.SetKeys(nil)
	s := Search{Stretch: 1, Visit: func(int32, float64) { t.Error("visited an item of an empty index") }}
	s.Run(x)
}

func BenchmarkNearest20(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	x := NewIndex(cityPlaces(rng, 40_000))
	metric, err := NewMetric(1, nil)
	if err != nil {
		b.Fatal(err)
	}
	homes := cityPlaces(rng, 1000)
	from, to := metric.Prepare(homes), metric.Prepare(cityPlaces(rand.New(rand.NewPCG(1, 2)), 40_000))
	k := 0
	for b.Loop() {
		var best []int64
		s := Search{From: Direction(homes[k]), Stretch: 1, ReachM: 3000, PerMetre: 1, Budget: 1 << 61}
		s.Visit = func(item int32, _ float64) {
			d := metric.Between(&from[k], &to[item])
			at, _ := slices.BinarySearch(best, d)
			if best = slices.Insert(best, at, d); len(best) > 20 {
				best = best[:20]
				s.Budget = best[19]
			}
		}
		s.Run(x)
		k = (k + 1) % len(homes)
	}
}

// TestSetKeyKeepsTheLeastKeys compares an index whose keys were changed one by one with one that got them all at once.
func TestSetKeyKeepsTheLeastKeys(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for n := range 200 {
		places := make([]Place, n)
		for k := range places {
			places[k] = Place{Lon: rng.Float64(), Lat: rng.Float64()}
		}
		one, all := NewIndex(places), NewIndex(places)
		keys := make([]int64, n)
		for range 3 * n {
			k := rng.IntN(n)
			keys[k] = rng.Int64N(1000) - 500
			one.SetKey(int32(k), keys[k])
		}
		all.SetKeys(keys)
		for id := range all.nodes {
			if one.nodes[id].key != all.nodes[id].key {
				t.Fatalf("%d places: node %d has the least key %d, want %d", n, id, one.nodes[id].key, all.nodes[id].key)
			}
		}
	}
}
