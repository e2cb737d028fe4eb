package lap

import (
	"math"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
)

// solution measures the answer in the costs of the problem.
func (c *integers[T]) solution(p *Problem[T], l *layout, m *meter, a *answer) (*Solution[int64], error) {
	s := shape[int64](l, m, a)
	a.settleDuals()
	base, sign := c.lo, int64(1)
	if c.maximize {
		base, sign = c.hi, -1
	}
	fits := true
	duals := func(small []int64, large []*big.Int, n int, base int64) []int64 {
		out := make([]int64, n)
		for i := range out {
			var x int64
			ok := true
			if large == nil {
				x = small[i]
			} else {
				x, ok = large[i].Int64(), large[i].IsInt64()
			}
			y := base + sign*x
			fits = fits && ok && (y < base) == (sign*x < 0)
			out[i] = y
		}
		return out
	}
	u, v := duals(a.u, a.bigU, l.n, base), duals(a.v, a.bigV, l.m, 0)
	s.RowDual, s.ColDual = u, v
	if l.turned {
		s.RowDual, s.ColDual = v, u
	}
	var high, low uint64
	for i, j := range s.Col {
		if j >= 0 {
			x := int64(p.Cost[place(p, i, j)])
			sum, carry := bits.Add64(low, uint64(x), 0)
			low, high = sum, high+uint64(x>>63)+carry
		}
	}
	s.Objective = int64(low)
	if !fits || int64(high) != s.Objective>>63 {
		return nil, c.tooLarge()
	}
	if s.Bound = s.Objective; !a.done {
		s.Bound = clamp(lowest(l, wide(u, sign), wide(v, sign), s.Pairs), sign)
	}
	return s, nil
}

// wide returns sign times each number.
func wide(x []int64, sign int64) []*big.Int {
	out := make([]*big.Int, len(x))
	for i, y := range x {
		out[i] = big.NewInt(y)
		if sign < 0 {
			out[i].Neg(out[i])
		}
	}
	return out
}

// clamp returns sign times x, or the number nearest to it that fits.
func clamp(x *big.Int, sign int64) int64 {
	if sign < 0 {
		x.Neg(x)
	}
	switch {
	case x.IsInt64():
		return x.Int64()
	case x.Sign() < 0:
		return math.MinInt64
	}
	return math.MaxInt64
}

// tooLarge refuses the cost that is farthest from 0.
func (c *integers[T]) tooLarge() error {
	far := func(x T) uint64 {
		if x < 0 {
			return -uint64(x)
		}
		return uint64(x)
	}
	at := 0
	for k, x := range c.cost {
		if far(x) > far(c.cost[at]) && (c.forbidden == nil || !c.forbidden[k]) {
			at = k
		}
	}
	f := faults{}
	f.add("/cost", at, "out_of_range", "costs are so large that the objective or a dual does not fit in 64 bits", strconv.FormatInt(int64(c.cost[at]), 10))
	return f.invalid.Err()
}

// solution measures the answer in the costs of the problem.
func (c *reals) solution(p *Problem[float64], l *layout, m *meter, a *answer) (*Solution[float64], error) {
	s := shape[float64](l, m, a)
	a.settleDuals()
	if a.bigU == nil {
		a.bigU, a.bigV = wide(a.u, 1), wide(a.v, 1)
	}
	base, sign := c.multiple(c.lo), 1.0
	if c.maximize {
		base, sign = c.multiple(c.hi), -1
		base.Neg(base)
	}
	duals := func(units []*big.Int) []float64 {
		out := make([]float64, len(units))
		for i, x := range units {
			out[i] = sign * c.real(x, false)
		}
		return out
	}
	for i, x := range a.bigU {
		a.bigU[i] = new(big.Int).Add(x, base)
	}
	s.RowDual, s.ColDual = duals(a.bigU), duals(a.bigV)
	if l.turned {
		s.RowDual, s.ColDual = s.ColDual, s.RowDual
	}
	sum := new(big.Int)
	for i, j := range s.Col {
		if j >= 0 {
			sum.Add(sum, c.multiple(p.Cost[place(p, i, j)]))
		}
	}
	s.Objective = c.real(sum, false)
	large := func(x float64) bool { return math.IsInf(x, 0) }
	if large(s.Objective) || slices.ContainsFunc(s.RowDual, large) || slices.ContainsFunc(s.ColDual, large) {
		return nil, c.tooLarge()
	}
	if s.Bound = s.Objective; !a.done {
		s.Bound = sign * c.real(lowest(l, a.bigU, a.bigV, s.Pairs), true)
	}
	return s, nil
}

// tooLarge refuses the cost that is farthest from 0.
func (c *reals) tooLarge() error {
	at := 0
	for k, x := range c.cost {
		if math.Abs(x) > math.Abs(c.cost[at]) && (c.forbidden == nil || !c.forbidden[k]) {
			at = k
		}
	}
	f := faults{}
	f.add("/cost", at, "out_of_range", "costs are so large that the objective or a dual is beyond the largest real", strconv.FormatFloat(c.cost[at], 'g', -1, 64))
	return f.invalid.Err()
}
