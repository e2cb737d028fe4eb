package sideflow

import (
	"errors"
	"math"
	"math/bits"

	"github.com/courtyard-care/courtyard/solver"
)

// Reduced returns the reduced cost of an arc that the problem does not hold yet, in whole units of cost, rounded down: it is
// below 0 exactly if the arc could make the root bound smaller. An arc with a reduced cost >= 0 leaves Bound valid, whatever
// its upper bound and with a lower bound of 0, as long as it does not leave a node that a switch guards (see
// [Problem.Groups]) by another way. The coefficients of the arc are Coef[k] in row Row[k]; they may be nil. A sum that
// does not fit is answered by the nearest number that does. It takes O(len(row)) time.
func (r *Root) Reduced(tail, head int32, cost int64, row []int32, coef []int64) int64 {
	var sum wide
	sum.addProduct(cost, 1<<r.Shift)
	sum.addProduct(r.Potential[tail], 1)
	sum.addProduct(r.Potential[head], -1)
	for k, i := range row {
		sum.addProduct(r.Row[i], coef[k])
	}
	lo := sum.lo>>r.Shift | uint64(sum.hi)<<(64-r.Shift)
	hi := sum.hi >> r.Shift
	switch {
	case hi == int64(lo)>>63:
		return int64(lo)
	case hi < 0:
		return math.MinInt64
	default:
		return math.MaxInt64
	}
}

// wide is a signed sum of products in 128 bits.
type wide struct {
	hi int64
	lo uint64
}

// addProduct adds a * b.
func (w *wide) addProduct(a, b int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	h := int64(hi)
	if a < 0 {
		h -= b
	}
	if b < 0 {
		h -= a
	}
	var carry uint64
	w.lo, carry = bits.Add64(w.lo, lo, 0)
	w.hi += h + int64(carry)
}

// int64 returns the sum, and false if it does not fit.
func (w *wide) int64() (int64, bool) {
	return int64(w.lo), w.hi == int64(w.lo)>>63
}

// ceil returns the sum divided by 2^shift, rounded up, and false if it does not fit.
func (w *wide) ceil(shift uint8) (int64, bool) {
	x := *w
	var carry uint64
	x.lo, carry = bits.Add64(x.lo, 1<<shift-1, 0)
	x.hi += int64(carry)
	x.lo = x.lo>>shift | uint64(x.hi)<<(64-shift)
	x.hi >>= shift
	return x.int64()
}

// prefixed returns the faults of a part of the problem, their pointers under prefix. Any other error is kept as one fault.
func prefixed(prefix string, err error) *solver.Invalid {
	var inner *solver.Invalid
	if !errors.As(err, &inner) {
		return &solver.Invalid{Faults: []solver.Fault{{Pointer: prefix, Code: "invalid", Detail: err.Error()}}, Total: 1}
	}
	out := &solver.Invalid{Total: inner.Total}
	for _, one := range inner.Faults {
		one.Pointer = prefix + one.Pointer
		out.Faults = append(out.Faults, one)
	}
	return out
}
