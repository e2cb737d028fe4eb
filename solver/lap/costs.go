package lap

import (
	"context"
	"math"
	"math/big"
	"math/bits"
	"runtime"
)

// integers are the costs of a problem of whole numbers, each less the least, or the largest less each when maximising.
type integers[T Integer] struct {
	cost      []T
	forbidden []bool
	lo, hi    int64
	low       []int32 // least cost of each column as the costs stand, where that was found in passing
	maximize  bool
}

func newIntegers[T Integer](p *Problem[T]) *integers[T] {
	c := &integers[T]{cost: p.Cost, forbidden: p.Forbidden, maximize: p.Maximize, lo: math.MaxInt64, hi: math.MinInt64}
	if short, ok := any(p.Cost).([]int32); ok && p.Forbidden == nil && p.Start == nil && len(short) > 0 {
		low, lo, hi := extremes(short, p.Rows, p.Cols)
		c.low, c.lo, c.hi = low, int64(lo), int64(hi)
	} else if p.Forbidden == nil {
		for _, x := range p.Cost {
			c.lo, c.hi = min(c.lo, int64(x)), max(c.hi, int64(x))
		}
	} else {
		c.allowedSpan()
	}
	if c.lo > c.hi {
		c.lo, c.hi = 0, 0
	}
	return c
}

// allowedSpan finds the least and the largest cost of pairs that are not forbidden.
func (c *integers[T]) allowedSpan() {
	const least, most = math.MaxInt64, math.MinInt64
	spans := make([][2]int64, runtime.GOMAXPROCS(0))
	for w := range spans {
		spans[w] = [2]int64{least, most}
	}
	spread(context.Background(), len(c.cost), lookEvery, func(w, from, to int) {
		lo, hi := spans[w][0], spans[w][1]
		forbidden := c.forbidden[from:to]
		for k, x := range c.cost[from:to] {
			low, high := int64(x), int64(x)
			if forbidden[k] { // without a jump: which pairs are forbidden cannot be foretold
				low, high = least, most
			}
			lo, hi = min(lo, low), max(hi, high)
		}
		spans[w] = [2]int64{lo, hi}
	})
	for _, s := range spans {
		c.lo, c.hi = min(c.lo, s[0]), max(c.hi, s[1])
	}
}

func (c *integers[T]) value(k int) uint64 {
	if c.maximize {
		return uint64(c.hi) - uint64(c.cost[k])
	}
	return uint64(c.cost[k]) - uint64(c.lo)
}

func (c *integers[T]) bits() int                      { return bits.Len64(uint64(c.hi) - uint64(c.lo)) }
func (c *integers[T]) whole(k int) int64              { return int64(c.value(k)) }
func (c *integers[T]) exact(k int) *big.Int           { return new(big.Int).SetUint64(c.value(k)) }
func (c *integers[T]) coarse(k int, shift uint) int32 { return int32(c.value(k) >> shift) }

func (c *integers[T]) fill(out []int32, from int, shift uint, dear int32) {
	base, sign := uint64(c.lo), uint64(1)
	if c.maximize {
		base, sign = uint64(c.hi), math.MaxUint64 // -1
	}
	for k, x := range c.cost[from : from+len(out)] {
		out[k] = int32((uint64(x) - base) * sign >> shift)
	}
	if c.forbidden != nil {
		for k, no := range c.forbidden[from : from+len(out)] {
			x := out[k]
			if no {
				x = dear
			}
			out[k] = x
		}
	}
}

// direct returns the costs as they stand if the engines can use them so, and makes them count from 0; else nil.
func (c *integers[T]) direct(l *layout) *matrix {
	if cost, ok := any(c.cost).([]int32); ok && l.complete() && !c.maximize && !l.turned && c.lo >= -maxDense && c.hi <= maxDense {
		c.lo = 0
		return &matrix{l.n, l.m, cost, c.low}
	}
	return nil
}

// reals are the costs of a problem of reals: since every float64 is a whole multiple of a power of two, all are whole multiples of
// the least such power, 2^unit. However far apart they lie, nothing is rounded.
type reals struct {
	cost      []float64
	forbidden []bool
	lo, hi    float64
	maximize  bool
	unit      int
	width     int // bits of hi − lo in that unit
}

func newReals(p *Problem[float64]) *reals {
	c := &reals{cost: p.Cost, forbidden: p.Forbidden, maximize: p.Maximize, lo: math.Inf(1), hi: math.Inf(-1), unit: math.MaxInt}
	for k, x := range p.Cost {
		if p.Forbidden != nil && p.Forbidden[k] {
			continue
		}
		c.lo, c.hi = min(c.lo, x), max(c.hi, x)
		if m, e := split(x); m != 0 {
			c.unit = min(c.unit, e+bits.TrailingZeros64(uint64(m)))
		}
	}
	if c.lo > c.hi {
		c.lo, c.hi = 0, 0
	}
	if c.unit == math.MaxInt { // zeros only
		c.unit = 0
	}
	c.width = new(big.Int).Sub(c.multiple(c.hi), c.multiple(c.lo)).BitLen()
	return c
}

// split returns x as m·2^e.
func split(x float64) (m int64, e int) {
	f, e := math.Frexp(x)
	return int64(f * (1 << 53)), e - 53
}

// multiple returns x in units.
func (c *reals) multiple(x float64) *big.Int {
	m, e := split(x)
	n := big.NewInt(m)
	if e >= c.unit {
		return n.Lsh(n, uint(e-c.unit))
	}
	return n.Rsh(n, uint(c.unit-e)) // zeros only go out
}

func (c *reals) bits() int { return c.width }

func (c *reals) exact(k int) *big.Int {
	a, b := c.multiple(c.cost[k]), c.multiple(c.lo)
	if c.maximize {
		a, b = c.multiple(c.hi), a
	}
	return a.Sub(a, b)
}

// whole cannot overflow where bits is at most 62: the difference is a whole number of units, and so are both parts, modulo 2^64.
func (c *reals) whole(k int) int64 {
	if c.maximize {
		return c.low64(c.hi) - c.low64(c.cost[k])
	}
	return c.low64(c.cost[k]) - c.low64(c.lo)
}

// low64 returns the 64 lowest bits of x in units.
func (c *reals) low64(x float64) int64 {
	m, e := split(x)
	switch d := e - c.unit; {
	case d >= 64:
		return 0
	case d >= 0:
		return m << uint(d)
	case d > -64:
		return m >> uint(-d)
	default:
		return 0
	}
}

func (c *reals) coarse(k int, shift uint) int32 {
	e := -(c.unit + int(shift))
	from, to := c.lo, c.cost[k]
	if c.maximize {
		from, to = to, c.hi
	}
	// each side is scaled first, so that nothing overflows; what that and the difference round is below 2⁻²⁰
	d := scaled(to, e) - scaled(from, e)
	return int32(max(0, math.Floor(d-1.0/(1<<20))))
}

func (c *reals) fill(out []int32, from int, shift uint, dear int32) {
	for k := range out {
		switch {
		case c.forbidden != nil && c.forbidden[from+k]: // may hold anything
			out[k] = dear
		case shift > 0:
			out[k] = c.coarse(from+k, shift)
		default:
			out[k] = int32(c.whole(from + k))
		}
	}
}

// real returns a number of units as a real, rounded down if down is true, else to the nearest.
func (c *reals) real(x *big.Int, down bool) float64 {
	f := new(big.Float).SetInt(x)
	y, _ := f.SetMantExp(f, c.unit).Float64()
	if down && f.Cmp(new(big.Float).SetFloat64(y)) < 0 {
		y = math.Nextafter(y, math.Inf(-1))
	}
	return y
}

// scaled returns x·2^e; a product is faster than math.Ldexp and as exact, where 2^e is a normal number.
func scaled(x float64, e int) float64 {
	if e < -1022 || e > 1023 {
		return math.Ldexp(x, e)
	}
	return x * math.Float64frombits(uint64(1023+e)<<52)
}
