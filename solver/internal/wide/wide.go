// Package wide adds up products of 64-bit integers without rounding or overflow.
package wide

import (
	"math"
	"math/bits"
)

// Sum is a signed sum in 128 bits; the zero value is 0. It holds any product of two numbers, and 2^31 of them where one
// factor stays below 2^32; a sum that leaves 128 bits wraps around. Sums are compared by ==. All methods take O(1) time.
type Sum struct { //nolint:recvcheck // one method adds in place; all others may follow each other on values
	hi int64
	lo uint64
}

// AddProduct adds a * b.
func (s *Sum) AddProduct(a, b int64) {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	h := int64(hi)
	if a < 0 { // the product of the bit patterns is too large by b * 2^64
		h -= b
	}
	if b < 0 {
		h -= a
	}
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, lo, 0)
	s.hi += h + int64(carry)
}

// Int64 returns the sum, and false if it does not fit in 64 bits.
func (s Sum) Int64() (int64, bool) {
	return int64(s.lo), s.hi == int64(s.lo)>>63
}

// Near returns the sum, or the nearest of ±math.MaxInt64: its negative fits, too.
func (s Sum) Near() int64 {
	switch x, ok := s.Int64(); {
	case ok:
		return max(x, -math.MaxInt64)
	case s.hi < 0:
		return -math.MaxInt64
	default:
		return math.MaxInt64
	}
}

// Sign returns -1, 0 or 1.
func (s Sum) Sign() int {
	switch {
	case s.hi < 0:
		return -1
	case s.hi == 0 && s.lo == 0:
		return 0
	default:
		return 1
	}
}

// Less reports s < t.
func (s Sum) Less(t Sum) bool {
	return s.hi < t.hi || s.hi == t.hi && s.lo < t.lo
}

// Floor returns the sum divided by 2^shift, rounded down; shift is below 64.
func (s Sum) Floor(shift uint8) Sum {
	return Sum{hi: s.hi >> shift, lo: s.lo>>shift | uint64(s.hi)<<(64-shift)}
}

// Ceil returns the sum divided by 2^shift, rounded up; shift is below 64.
func (s Sum) Ceil(shift uint8) Sum {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, 1<<shift-1, 0)
	s.hi += int64(carry)
	return s.Floor(shift)
}
