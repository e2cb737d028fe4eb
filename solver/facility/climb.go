package facility

import "math/rand/v2"

// climb is an iterated local search: the best plan is shaken, the local search descends, and the result is kept if it is no
// worse. Its moves are steps of the search's work.
type climb struct {
	l     *local
	rng   *rand.Rand
	best  []int32 // sites of the core, where the climb is
	value int64
	tries int // without a better plan
}

// newClimb starts from a plan in the sites of the core; nil starts from nothing.
func newClimb(c *core, rng *rand.Rand, start []int32) *climb {
	k := &climb{l: newLocal(c), rng: rng}
	if start != nil {
		k.l.become(start)
	} else if room := len(k.l.at); room > 8 && room <= c.sites()/2 && c.price == nil {
		// From nothing, each of the first sites would touch every client.
		k.l.become(pickSome(rng, c.sites(), room))
	}
	k.keep()
	return k
}

// pickSome returns count of n numbers.
func pickSome(rng *rand.Rand, n, count int) []int32 {
	all := rng.Perm(n)
	some := make([]int32, count)
	for i := range some {
		some[i] = int32(all[i])
	}
	return some
}

// keep notes where the local search is.
func (k *climb) keep() {
	k.value = k.l.value
	k.best = k.best[:0]
	for j, s := range k.l.slot {
		if s >= 0 {
			k.best = append(k.best, int32(j))
		}
	}
}

// descend follows the best moves to a local optimum and offers it. It reports whether there is work left for more.
func (s *search) descend(k *climb) bool {
	for {
		if !s.step() {
			return false
		}
		if !k.l.step() {
			break
		}
	}
	if k.l.value <= s.cost*s.grid.scale {
		s.take(k.l.c, k.l.open())
	}
	return true
}

// again shakes the best plan and descends.
func (s *search) again(k *climb) bool {
	if k.l.c.sites() == 0 {
		return true
	}
	k.l.shake(k.rng, 2+min(k.tries/40, 3)+k.rng.IntN(2))
	if !s.descend(k) {
		return false
	}
	if k.l.value < k.value {
		k.tries = 0
	} else {
		k.tries++
	}
	if k.l.value <= k.value {
		k.keep()
	} else {
		k.l.become(k.best)
	}
	return true
}

// from descends from given sites of the core.
func (s *search) from(k *climb, sites []int32) bool {
	k.l.become(sites)
	if !s.descend(k) {
		return false
	}
	if k.l.value <= k.value {
		k.keep()
	} else {
		k.l.become(k.best)
	}
	return true
}
