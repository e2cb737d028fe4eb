package travel

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// bigOrient is orient by arbitrary precision.
func bigOrient(a, b, c vec) int {
	r := func(x float64) *big.Rat { return new(big.Rat).SetFloat64(x) }
	minor := func(p, q, r1, s float64) *big.Rat {
		m := new(big.Rat).Mul(r(p), r(s))
		return m.Sub(m, new(big.Rat).Mul(r(q), r(r1)))
	}
	sum := new(big.Rat).Mul(minor(a.y, a.z, b.y, b.z), r(c.x))
	sum.Add(sum, new(big.Rat).Mul(minor(a.z, a.x, b.z, b.x), r(c.y)))
	sum.Add(sum, new(big.Rat).Mul(minor(a.x, a.y, b.x, b.y), r(c.z)))
	return sum.Sign()
}

func randomVec(rng *rand.Rand) vec {
	return vec{rng.NormFloat64(), rng.NormFloat64(), rng.NormFloat64()}.unit()
}

// TestOrientIsExact tries points anywhere, and points a few grid steps off a line, where rounding would decide.
func TestOrientIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 0))
	step := func() float64 { return float64(rng.IntN(5)-2) / grid }
	zero := 0
	for k := range 20000 {
		a, b, c := randomVec(rng), randomVec(rng), randomVec(rng)
		if k%2 > 0 {
			scale := math.Pow(10, -10*rng.Float64())
			b = a.add(b.scale(scale)).unit()
			c = a.add(b.sub(a).scale(4*rng.Float64() - 2)).unit()
			c = c.add(vec{step(), step(), step()})
		}
		if k%7 == 0 {
			c = []vec{a, b, {-a.x, -a.y, -a.z}, {}}[rng.IntN(4)]
		}
		want := bigOrient(a, b, c)
		if want == 0 {
			zero++
		}
		if got, exact := orient(a, b, c), orientExact(a, b, c); got != want || exact != want {
			t.Fatalf("orient(%v, %v, %v) = %d, in whole numbers %d, want %d", a, b, c, got, exact, want)
		}
		if back := orient(b, a, c); back != -want {
			t.Fatalf("orient(%v, %v, %v) = %d, want %d", b, a, c, back, -want)
		}
	}
	if zero < 1000 {
		t.Errorf("%d of 20000 triples on one line, want 1000 or more", zero)
	}
}

// TestLegSideIsExact holds the filter of a leg against the exact side.
func TestLegSideIsExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 0))
	for range 20000 {
		a := point{pos: randomVec(rng)}
		b := point{pos: a.pos.add(randomVec(rng).scale(math.Pow(10, -9*rng.Float64()))).unit()}
		c := a.pos.add(b.pos.sub(a.pos).scale(4*rng.Float64() - 2)).unit()
		c.x += float64(rng.IntN(9)-4) / grid
		l := newLeg(&a, &b)
		if got, want := l.side(c), bigOrient(a.pos, b.pos, c); got != want {
			t.Fatalf("side of %v on the leg from %v to %v = %d, want %d", c, a.pos, b.pos, got, want)
		}
	}
}

func BenchmarkOrientExact(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 0))
	p, q, r := randomVec(rng), randomVec(rng), randomVec(rng)
	for b.Loop() {
		orientExact(p, q, r)
	}
}
