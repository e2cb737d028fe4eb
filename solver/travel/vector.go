package travel

import (
	"math"
	"math/bits"
)

// vec is a point of the unit sphere whose coordinates are whole multiples of 2^-52. On that grid (0.9 nm apart on the
// Earth) the difference of two vectors is exact in float64 and a determinant is exact in 192-bit integers, so that the
// side of a line on which a point lies is never in doubt, and all decisions made of such sides agree with each other.
type vec struct{ x, y, z float64 }

const grid = 1 << 52 // steps in a radius

// vector returns the grid point nearest to p.
func (p Place) vector() vec {
	sinLat, cosLat := math.Sincos(p.Lat * (math.Pi / 180))
	sinLon, cosLon := math.Sincos(p.Lon * (math.Pi / 180))
	return vec{float64(cosLat * cosLon), float64(cosLat * sinLon), sinLat}.snap()
}

func (a vec) snap() vec {
	return vec{math.Round(a.x*grid) / grid, math.Round(a.y*grid) / grid, math.Round(a.z*grid) / grid}
}

func (a vec) sub(b vec) vec { return vec{a.x - b.x, a.y - b.y, a.z - b.z} }
func (a vec) add(b vec) vec { return vec{a.x + b.x, a.y + b.y, a.z + b.z} }

func (a vec) scale(f float64) vec { return vec{a.x * f, a.y * f, a.z * f} }

func (a vec) dot(b vec) float64 {
	return float64(a.x*b.x) + float64(a.y*b.y) + float64(a.z*b.z)
}

func (a vec) cross(b vec) vec {
	return vec{
		float64(a.y*b.z) - float64(a.z*b.y),
		float64(a.z*b.x) - float64(a.x*b.z),
		float64(a.x*b.y) - float64(a.y*b.x),
	}
}

func (a vec) norm() float64 { return math.Sqrt(a.dot(a)) }

// unit returns a scaled to length 1, on the grid.
func (a vec) unit() vec { return a.scale(1 / a.norm()).snap() }

// orientError bounds the rounding error of n·c for n = a×(b-a), relative to |b-a|.
//
// Let u = 2^-53 and d = b-a, which is exact. Each component of n is the difference of two products, each rounded, and is
// rounded itself: its error is at most 2u(|a_i d_j| + |a_j d_i|)(1+u) <= 2u|a||d|(1+u) by Cauchy. The dot product adds
// at most 3u·Σ|n_k c_k| <= 3u|n||c|, and the components' errors weigh Σ|c_k| <= √3. Together (3 + 2√3)u|d| < 6.5u|d|,
// with |a|, |b|, |c| <= 1 + 2^-51 and the terms in u² below 7u|d| = 7.8e-16|d|.
const orientError = 8e-16

// orient returns the side of the great circle from a to b on which c lies: +1 left, -1 right, 0 exactly on it.
func orient(a, b, c vec) int {
	d := b.sub(a)
	det := a.cross(d).dot(c)
	if float64(det*det) > orientError*orientError*d.dot(d) {
		return sign(det)
	}
	return orientExact(a, b, c)
}

func sign(x float64) int {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return 0
}

// orientExact is orient in whole numbers: coordinates have 53 bits and a sign, minors 107, the determinant 162.
func orientExact(a, b, c vec) int {
	var sum int192
	sum.addProduct(minor(a.y, a.z, b.y, b.z), int64(c.x*grid))
	sum.addProduct(minor(a.z, a.x, b.z, b.x), int64(c.y*grid))
	sum.addProduct(minor(a.x, a.y, b.x, b.y), int64(c.z*grid))
	return sum.sign()
}

// int128 is hi·2^64 + lo, in two's complement.
type int128 struct {
	hi int64
	lo uint64
}

// minor returns ps - qr in units of 2^-104.
func minor(p, q, r, s float64) int128 {
	x, y := product(int64(p*grid), int64(s*grid)), product(int64(q*grid), int64(r*grid))
	lo, borrow := bits.Sub64(x.lo, y.lo, 0)
	return int128{x.hi - y.hi - int64(borrow), lo}
}

func product(a, b int64) int128 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	// A negative factor was read as 2^64 more than it is.
	return int128{int64(hi) - a>>63&b - b>>63&a, lo}
}

// int192 is a number in two's complement, lowest word first.
type int192 [3]uint64

// addProduct adds m·c = m.hi·c·2^64 + m.lo·c.
func (s *int192) addProduct(m int128, c int64) {
	high := product(m.hi, c)
	up, low := bits.Mul64(m.lo, uint64(c))
	mid, carry := bits.Add64(high.lo, up, 0)
	top := uint64(high.hi) + carry
	if c < 0 { // it was read as 2^64 more
		var borrow uint64
		mid, borrow = bits.Sub64(mid, m.lo, 0)
		top -= borrow
	}
	s[0], carry = bits.Add64(s[0], low, 0)
	s[1], carry = bits.Add64(s[1], mid, carry)
	s[2] += top + carry
}

func (s *int192) sign() int {
	switch {
	case int64(s[2]) < 0:
		return -1
	case s[0]|s[1]|s[2] == 0:
		return 0
	}
	return 1
}

// ahead reports whether, of three points on one great circle, c lies from a towards b (the shorter way) rather than away.
func ahead(a, b, c vec) bool {
	n := a.cross(b.sub(a))
	return a.cross(c.sub(a)).dot(n) > 0
}
