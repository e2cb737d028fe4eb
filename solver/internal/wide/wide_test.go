package wide

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// FuzzSum compares every method with math/big, over sums of products of every size and sign.
func FuzzSum(f *testing.F) {
	for seed := range uint64(2000) {
		f.Add(seed, uint8(seed))
	}
	f.Fuzz(func(t *testing.T, seed uint64, shift uint8) {
		rng := rand.New(rand.NewPCG(seed, 1))
		shift %= 64
		draw := func() int64 {
			switch rng.IntN(8) {
			case 0:
				return math.MinInt64 + rng.Int64N(3)
			case 1:
				return math.MaxInt64 - rng.Int64N(3)
			case 2:
				return rng.Int64N(5) - 2
			default:
				return int64(rng.Uint64()) >> rng.IntN(64)
			}
		}
		one := func() (Sum, *big.Int) {
			var s Sum
			want := new(big.Int)
			for range rng.IntN(4) {
				a, b := draw(), draw()>>3 // so that three of them fit
				s.AddProduct(a, b)
				want.Add(want, new(big.Int).Mul(big.NewInt(a), big.NewInt(b)))
			}
			return s, want
		}
		value := func(s Sum) *big.Int {
			x := new(big.Int).Lsh(big.NewInt(s.hi), 64)
			return x.Add(x, new(big.Int).SetUint64(s.lo))
		}
		s, want := one()
		o, other := one()
		if value(s).Cmp(want) != 0 {
			t.Fatalf("sum = %v, want %v", value(s), want)
		}
		if got, ok := s.Int64(); ok != want.IsInt64() || ok && got != want.Int64() {
			t.Errorf("(%v).Int64() = %d, %t", want, got, ok)
		}
		near := want
		for _, end := range []int64{-math.MaxInt64, math.MaxInt64} {
			if e := big.NewInt(end); end < 0 && near.Cmp(e) < 0 || end > 0 && near.Cmp(e) > 0 {
				near = e
			}
		}
		if got := s.Near(); got != near.Int64() {
			t.Errorf("(%v).Near() = %d", want, got)
		}
		if got := s.Sign(); got != want.Sign() {
			t.Errorf("(%v).Sign() = %d", want, got)
		}
		if got := s.Less(o); got != (want.Cmp(other) < 0) {
			t.Errorf("(%v).Less(%v) = %t", want, other, got)
		}
		floor := new(big.Int).Rsh(want, uint(shift))
		if got := value(s.Floor(shift)); got.Cmp(floor) != 0 {
			t.Errorf("(%v).Floor(%d) = %v, want %v", want, shift, got, floor)
		}
		ceil := new(big.Int).Neg(want)
		ceil.Neg(ceil.Rsh(ceil, uint(shift)))
		if got := value(s.Ceil(shift)); got.Cmp(ceil) != 0 {
			t.Errorf("(%v).Ceil(%d) = %v, want %v", want, shift, got, ceil)
		}
	})
}
