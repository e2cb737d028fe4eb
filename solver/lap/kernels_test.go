package lap

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestKernels: what runs on this machine gives the same numbers as the portable loops, for every length and tail.
func TestKernels(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 8))
	list := func(n int, top int32) []int32 {
		x := make([]int32, n)
		for j := range x {
			x[j] = rng.Int32N(2*top) - top
		}
		return x
	}
	for n := range 140 {
		row, v := list(n, maxDense), list(n, 4*maxDense)
		low := list(n, maxDense)
		want := slices.Clone(low)
		top := rng.Int32N(maxDense)
		wantTop := lowerPortable(want, row, top)
		if got := lower(low, row, top); got != wantTop || !slices.Equal(low, want) {
			t.Fatalf("lower of %d differs", n)
		}
		if got, want := least(row, v), leastPortable(row, v); got != want {
			t.Fatalf("least of %d = %d, want %d", n, got, want)
		}
		mins, wantMins := make([]int32, blocks(n)), make([]int32, blocks(n))
		floor(mins, row, v)
		floorPortable(wantMins, row, v)
		if !slices.Equal(mins, wantMins) {
			t.Fatalf("floor of %d differs", n)
		}
		masks, wantMasks := make([]uint32, blocks(n)), make([]uint32, blocks(n))
		bar := rng.Int32N(4*maxDense) - 2*maxDense
		if got, want := under(masks, row, v, bar), underPortable(wantMasks, row, v, bar); got != want || !slices.Equal(masks, wantMasks) {
			t.Fatalf("under of %d differs: %d, want %d", n, got, want)
		}
		few := list(n, 3)
		equal(masks, few, 1)
		equalPortable(wantMasks, few, 1)
		if !slices.Equal(masks, wantMasks) {
			t.Fatalf("equal of %d differs", n)
		}
		h := -leastPortable(row, v)
		if n == 0 {
			h = 0
		}
		dist, from := make([]int32, n), list(n, 9)
		for j := range dist {
			dist[j] = []int32{gone, math.MaxInt32, rng.Int32N(1 << 30)}[rng.IntN(3)]
		}
		wantDist, wantFrom := slices.Clone(dist), slices.Clone(from)
		got, want32 := scan(dist, from, row, v, h, 77), scanPortable(wantDist, wantFrom, row, v, h, 77)
		if got != want32 || !slices.Equal(dist, wantDist) || !slices.Equal(from, wantFrom) {
			t.Fatalf("scan of %d differs: %d, want %d", n, got, want32)
		}
	}
}
