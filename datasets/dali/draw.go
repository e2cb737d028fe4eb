package dali

import (
	"math/bits"
	"math/rand/v2"
)

// dice draws whole numbers from a stream of its own. It uses rand.PCG alone, whose output is fixed by its definition,
// and no method of rand.Rand, so that neither a new release of Go nor another processor changes a city.
type dice struct{ pcg *rand.PCG }

// The streams of a city. Each list has its own, so that a change of one leaves the others as they were.
const (
	streamNeeds uint64 = iota + 1
	streamProviders
	streamResources
	streamQuotas
	streamPreferences
	streamTurns // from here on of the full city only
	streamTimes
	streamWishes
	streamTeams
	streamHours
	streamBacking
	streamSessions
	streamOutreach
	streamPairings
)

func newDice(seed, stream uint64) dice { return dice{rand.NewPCG(seed, stream)} }

// below returns a number from 0 to n-1, n >= 1. Bias is below n / 2^64.
func (d dice) below(n int) int {
	hi, _ := bits.Mul64(d.pcg.Uint64(), uint64(n))
	return int(hi)
}

// between returns a number from lo to hi, both included.
func (d dice) between(lo, hi int) int { return lo + d.below(hi-lo+1) }

// chance reports true perMille times in a thousand.
func (d dice) chance(perMille int) bool { return d.below(1000) < perMille }

// pick returns an index with the probability of its weight; some weight is positive.
func (d dice) pick(weights []int) int {
	total := 0
	for _, w := range weights {
		total += w
	}
	r := d.below(total)
	for i, w := range weights {
		if r -= w; r < 0 {
			return i
		}
	}
	panic("dali: pick passed the last weight")
}

// bell returns a number of mean 0 and standard deviation sigma: the sum of four uniform ones (Irwin-Hall), near normal
// and never more than 3.47 sigma from 0. The normal generators of the library call logarithms and exponentials, whose
// last bit differs between processors.
func (d dice) bell(sigma int) int {
	w := sigma * 1732 / 1000 // a uniform on 0..w has deviation w/sqrt(12), four of them w/sqrt(3)
	sum := -2 * w
	for range 4 {
		sum += d.below(w + 1)
	}
	return sum
}

// root returns the whole part of the square root of n >= 0 (Newton's method, exact).
func root(n int) int {
	if n < 2 {
		return n
	}
	x := 1 << (bits.Len(uint(n))/2 + 1)
	for {
		y := (x + n/x) / 2
		if y >= x {
			return x
		}
		x = y
	}
}
