package online

import (
	"math/rand/v2"
	"testing"
)

// FuzzDesk lets days of any kind pass, with cancellations: no answer breaks a rule, and hindsight is never beaten.
func FuzzDesk(f *testing.F) {
	f.Add(uint64(1), uint8(9), uint8(4), uint8(8), uint8(0))
	f.Add(uint64(2), uint8(40), uint8(9), uint8(0), uint8(7))
	f.Add(uint64(3), uint8(30), uint8(1), uint8(60), uint8(255))
	f.Fuzz(func(t *testing.T, seed uint64, n, k, h, how uint8) {
		rng := rand.New(rand.NewPCG(seed, 10))
		resources := int(k % 12)
		capacity := randomCapacity(rng, resources, 1+int(how%4))
		opts := Options{Expected: 1 + rng.IntN(80), Ordered: how&4 != 0, Futures: int(how >> 6), Every: rng.IntN(9), Seed: seed}
		var history []Need
		if h > 0 {
			history = randomNeeds(rng, int(h%64), resources)
		}
		d := mustDesk(t, capacity, opts, history)
		day := spend(t, d, randomNeeds(rng, int(n%64), resources))
		r := mustHindsight(t, day)
		if r.Value > r.Hindsight {
			t.Fatalf("value %d beats hindsight %d", r.Value, r.Hindsight)
		}
		if how&8 == 0 {
			return
		}
		for i, v := range day.Resource {
			if v == Refused {
				continue
			}
			if err := d.Cancel(i); err != nil {
				t.Fatalf("Cancel(%d): %v", i, err)
			}
		}
		for v, left := range d.Left() {
			if left != capacity[v] {
				t.Fatalf("resource %d has %d units left of %d when all have cancelled", v, left, capacity[v])
			}
		}
		mustHindsight(t, spend(t, d, randomNeeds(rng, int(n%64), resources)))
	})
}
