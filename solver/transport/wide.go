package transport

import "math/bits"

// wide is a sum of products in 128 bits.
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
