package datasets

import (
	"iter"
	"math"
)

// maxScaled bounds the sums of scaled numbers: half of what the engines take, so that rounding cannot pass it.
const maxScaled = 1 << 55

// maxDecimals is the most decimals with which a real still counts as a decimal fraction.
const maxDecimals = 15

// Scale turns the reals of an instance into the whole numbers that the engines take.
type Scale struct {
	Unit  float64 // a real v is the whole number round(v × Unit)
	Exact bool    // Unit is a power of ten, and nothing is lost
}

// Whole returns the whole number of a real.
func (s Scale) Whole(v float64) int64 { return int64(math.Round(v * s.Unit)) }

// Real returns the real of a whole number.
func (s Scale) Real(v int64) float64 { return float64(v) / s.Unit }

// decimals returns the least k with which every value is a whole number of 10^-k, in the sense that the nearest such number
// is written by the same double; -1 if there is none.
func decimals(values iter.Seq[float64]) int {
	k, unit := 0, 1.0
	for v := range values {
		for math.Round(v*unit)/unit != v {
			if k++; k > maxDecimals {
				return -1
			}
			unit = math.Pow10(k)
		}
	}
	return k
}

// scaleOf chooses the scale of values with so many decimals (negative: they have none that serve), of which at most sum is
// added up: powers of ten lose nothing; where they do not fit it is the largest power of two that does.
func scaleOf(k int, sum float64) Scale {
	if k >= 0 && sum*math.Pow10(k) < maxScaled {
		return Scale{Unit: math.Pow10(k), Exact: true}
	}
	_, e := math.Frexp(sum / maxScaled) // sum/maxScaled < 2^e
	return Scale{Unit: math.Ldexp(1, min(max(-e, -1000), 1000))}
}

// each yields the values of all lists.
func each(lists ...[]float64) iter.Seq[float64] {
	return func(yield func(float64) bool) {
		for _, l := range lists {
			for _, v := range l {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// ScaleAll scales a list of reals >= 0; nil stays nil, at scale 1.
func ScaleAll(values []float64) ([]int64, Scale) {
	if values == nil {
		return nil, Scale{Unit: 1, Exact: true}
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	scale := scaleOf(decimals(each(values)), sum)
	whole := make([]int64, len(values))
	for i, v := range values {
		whole[i] = scale.Whole(v)
	}
	return whole, scale
}
