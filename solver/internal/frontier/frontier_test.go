package frontier

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestQueueGivesTheNearestFirst mixes pushes and pops and compares with a sorted list.
func TestQueueGivesTheNearestFirst(t *testing.T) {
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 0))
		var q Queue
		var want []Reach
		for range 200 {
			if len(want) > 0 && rng.IntN(3) == 0 {
				if got := q.Pop(); got != want[0] {
					t.Fatalf("seed %d: Pop() = %v, want %v", seed, got, want[0])
				}
				want = want[1:]
				continue
			}
			r := Reach{rng.Int64N(20) - 5, rng.Int32N(20)}
			q.Push(r)
			at, _ := slices.BinarySearchFunc(want, r, func(a, b Reach) int {
				if a.before(b) {
					return -1
				}
				return 1
			})
			want = slices.Insert(want, at, r)
		}
		for _, r := range want {
			if got := q.Pop(); got != r {
				t.Fatalf("seed %d: Pop() = %v, want %v", seed, got, r)
			}
		}
		if len(q) != 0 {
			t.Fatalf("seed %d: %d left", seed, len(q))
		}
	}
}
