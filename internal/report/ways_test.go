package report

import (
	"math"
	"math/rand/v2"
	"testing"
)

// A square lake from (10,10) to (20,20).
func pond() *shore {
	return newShore([][]point{{{10, 10}, {20, 10}, {20, 20}, {10, 20}, {10, 10}}})
}

func TestBendGoesRoundTheCorners(t *testing.T) {
	s := pond()
	for _, c := range []struct {
		name string
		a, b point
		want []point
	}{
		{"straight past it", point{0, 0}, point{30, 0}, nil},
		{"along its edge", point{0, 10}, point{30, 10}, nil},
		{"across, nearer the top", point{5, 12}, point{25, 12}, []point{{10, 10}, {20, 10}}},
		{"over a corner", point{9, 18}, point{18, 21}, []point{{10, 20}}},
		{"from within", point{15, 15}, point{30, 15}, nil},
	} {
		got := s.bend(c.a, c.b)
		if len(got) != len(c.want) {
			t.Errorf("%s: bend(%v, %v) = %v, want %v", c.name, c.a, c.b, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: bend(%v, %v) = %v, want %v", c.name, c.a, c.b, got, c.want)
			}
		}
	}
}

// On random star-shaped lakes every leg of a bent way is dry, and no way is longer than one that passes any two corners.
func TestBendIsDryAndShort(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		n := 5 + rng.IntN(8)
		ring := make([]point, n)
		for i := range ring {
			s, c := math.Sincos(2 * math.Pi * float64(i) / float64(n))
			r := 30 + 60*rng.Float64()
			ring[i] = point{200 + r*c, 200 + r*s}
		}
		s := newShore([][]point{ring})
		for range 20 {
			a := point{100 * rng.Float64(), 400 * rng.Float64()}
			b := point{300 + 100*rng.Float64(), 400 * rng.Float64()}
			way := s.bend(a, b)
			if way == nil {
				if !s.free(a, b) {
					t.Fatalf("bend(%v, %v) round %v is straight, and wet", a, b, ring)
				}
				continue
			}
			length, from := 0.0, a
			for _, p := range append(way, b) {
				if !s.free(from, p) {
					t.Fatalf("bend(%v, %v) = %v round %v: the leg to %v is wet", a, b, way, ring, p)
				}
				length += between(from, p)
				from = p
			}
			for _, u := range ring {
				for _, v := range ring {
					if s.free(a, u) && s.free(u, v) && s.free(v, b) {
						if other := between(a, u) + between(u, v) + between(v, b); other < length-1e-9 {
							t.Fatalf("bend(%v, %v) = %v is %v long, over %v and %v it is %v", a, b, way, length, u, v, other)
						}
					}
				}
			}
		}
	}
}

func TestManyCornersAreNotBent(t *testing.T) {
	ring := make([]point, mostCorners+1)
	for i := range ring {
		s, c := math.Sincos(2 * math.Pi * float64(i) / float64(len(ring)))
		ring[i] = point{c, s}
	}
	if newShore([][]point{ring}) != nil {
		t.Error("a ring of more than mostCorners corners is prepared")
	}
}
