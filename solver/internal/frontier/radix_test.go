package frontier

import (
	"math/rand/v2"
	"testing"
)

// TestRadixGivesTheNearestFirst mixes pushes and pops as a search does and compares the distances with those of Queue.
func TestRadixGivesTheNearestFirst(t *testing.T) {
	var q Radix
	for seed := range uint64(500) {
		rng := rand.New(rand.NewPCG(seed, 1))
		q.Clear()
		var want Queue
		last := int64(0)
		scale := int64(1) << rng.IntN(40)
		for range 300 {
			if len(want) > 0 && rng.IntN(3) == 0 {
				if near := q.Nearest(); near != want[0].Distance {
					t.Fatalf("seed %d: Nearest() = %d, want %d", seed, near, want[0].Distance)
				}
				got := q.Pop()
				if last = want.Pop().Distance; got.Distance != last {
					t.Fatalf("seed %d: Pop() = %v, want distance %d", seed, got, last)
				}
				continue
			}
			r := Reach{last + rng.Int64N(scale), rng.Int32N(20)}
			q.Push(r)
			want.Push(r)
		}
		for len(want) > 0 {
			if got, w := q.Pop(), want.Pop(); got.Distance != w.Distance {
				t.Fatalf("seed %d: Pop() = %v, want distance %d", seed, got, w.Distance)
			}
		}
		if q.Len() != 0 {
			t.Fatalf("seed %d: %d left", seed, q.Len())
		}
	}
}
