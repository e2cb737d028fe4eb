package facility

import "math/rand/v2"

// mostExtra bounds the table of what pairs of moves are worth together: with more sites, fewer may be open in a local search.
const mostExtra = 1 << 25

// local is a local search over sets of open sites: one opens, one shuts, or one takes the place of another. It keeps what each
// move is worth and changes only what a move touches (Resende and Werneck 2007, "A fast swap-based local search procedure for
// location problems"). Clients that no open site serves cost what they pay.
type local struct {
	c     *core
	start []int32 // the pairs of a site: its clients and their costs
	to    []int32
	cost  []int64

	slot  []int32 // of an open site, -1 of a shut one
	at    []int32 // the site of a slot, -1 if it is empty
	count int
	money int64 // left of the budget
	value int64 // of the open sites

	near, next   []int32 // the nearest two open sites of a client, -1 if none
	first, other []int64 // what they cost, pay if none
	gain         []int64 // of a shut site: what clients save if it opens
	loss         []int64 // of an open site: what clients pay more if it shuts
	extra        []int64 // extra[j*len(at)+s]: what gain of j and loss of slot s count twice

	stamp   []int32 // the round that last touched a client
	round   int32
	touched []int32
}

// newLocal begins with no site open.
func newLocal(c *core) *local {
	m, n := c.sites(), c.clients()
	slots := min(c.room, m)
	if m > 0 {
		slots = min(slots, max(1, mostExtra/m))
	}
	l := &local{
		c: c, start: make([]int32, m+1), to: make([]int32, len(c.site)), cost: make([]int64, len(c.site)),
		slot: make([]int32, m), at: make([]int32, slots), money: c.money, value: c.base + c.owed,
		near: make([]int32, n), next: make([]int32, n), first: make([]int64, n), other: make([]int64, n),
		gain: make([]int64, m), loss: make([]int64, m), extra: make([]int64, m*slots), stamp: make([]int32, n),
	}
	for _, j := range c.site {
		l.start[j+1]++
	}
	for j := range m {
		l.start[j+1] += l.start[j]
		l.slot[j] = -1
	}
	fill := make([]int32, m)
	for i := range n {
		for k := c.start[i]; k < c.start[i+1]; k++ {
			j := c.site[k]
			l.to[l.start[j]+fill[j]] = int32(i)
			l.cost[l.start[j]+fill[j]] = c.cost[k]
			fill[j]++
		}
	}
	for s := range l.at {
		l.at[s] = -1
	}
	for i := range n {
		l.near[i], l.next[i] = -1, -1
		l.first[i], l.other[i] = c.pay[i], c.pay[i]
		l.value += c.pay[i]
		l.account(int32(i), 1)
	}
	return l
}

// account adds what client i contributes to the worth of moves, or takes it away (sign -1).
func (l *local) account(i int32, sign int64) {
	c := l.c
	near, first, other := l.near[i], l.first[i], l.other[i]
	for k := c.start[i]; k < c.start[i+1]; k++ {
		v := c.cost[k]
		if v >= other {
			break
		}
		j := c.site[k]
		if l.slot[j] >= 0 {
			continue
		}
		if v < first {
			l.gain[j] += sign * (first - v)
		}
		if near >= 0 {
			l.extra[int(j)*len(l.at)+int(l.slot[near])] += sign * (other - max(v, first))
		}
	}
	if near >= 0 {
		l.loss[near] += sign * (other - first)
	}
}

// move opens site in and shuts site out; either may be -1.
func (l *local) move(in, out int32) {
	l.round++
	l.touched = l.touched[:0]
	if in >= 0 {
		for k := l.start[in]; k < l.start[in+1]; k++ {
			if i := l.to[k]; l.cost[k] < l.other[i] || l.near[i] < 0 {
				l.stamp[i] = l.round
				l.touched = append(l.touched, i)
			}
		}
	}
	if out >= 0 {
		for k := l.start[out]; k < l.start[out+1]; k++ {
			if i := l.to[k]; (l.near[i] == out || l.next[i] == out) && l.stamp[i] != l.round {
				l.touched = append(l.touched, i)
			}
		}
	}
	for _, i := range l.touched {
		l.account(i, -1)
		l.value -= l.first[i]
	}
	if out >= 0 {
		l.value -= l.c.fixed[out]
		l.at[l.slot[out]] = -1
		l.slot[out] = -1
		l.count--
		if l.c.price != nil {
			l.money += l.c.price[out]
		}
	}
	if in >= 0 {
		l.value += l.c.fixed[in]
		for s, j := range l.at {
			if j < 0 {
				l.at[s], l.slot[in] = in, int32(s)
				break
			}
		}
		l.count++
		if l.c.price != nil {
			l.money -= l.c.price[in]
		}
	}
	for _, i := range l.touched {
		l.serve(i)
		l.account(i, 1)
		l.value += l.first[i]
	}
}

// serve finds the two nearest open sites of client i.
func (l *local) serve(i int32) {
	c := l.c
	l.near[i], l.next[i] = -1, -1
	l.first[i], l.other[i] = c.pay[i], c.pay[i]
	for k := c.start[i]; k < c.start[i+1]; k++ {
		j := c.site[k]
		if l.slot[j] < 0 {
			continue
		}
		if l.near[i] < 0 {
			l.near[i], l.first[i] = j, c.cost[k]
			continue
		}
		l.next[i], l.other[i] = j, c.cost[k]
		return
	}
}

// best returns the move that saves most, and what it saves: 0 or less if none saves anything. Of equals the first counts.
func (l *local) best() (in, out int32, saves int64) {
	c := l.c
	in, out = -1, -1
	dearest := int64(-1 << 62)
	for _, j := range l.at {
		if j < 0 {
			continue
		}
		dearest = max(dearest, c.fixed[j])
		if v := c.fixed[j] - l.loss[j]; v > saves {
			in, out, saves = -1, j, v
		}
	}
	for j := range c.sites() {
		if l.slot[j] >= 0 {
			continue
		}
		gain := l.gain[j] - c.fixed[j]
		if gain > saves && l.count < len(l.at) && (c.price == nil || c.price[j] <= l.money) {
			in, out, saves = int32(j), -1, gain
		}
		if gain+dearest <= saves {
			continue // extra is never more than the loss
		}
		extra := l.extra[j*len(l.at) : (j+1)*len(l.at)]
		for s, r := range l.at {
			if r < 0 {
				continue
			}
			if v := gain + extra[s] - l.loss[r] + c.fixed[r]; v > saves && (c.price == nil || c.price[j]-c.price[r] <= l.money) {
				in, out, saves = int32(j), r, v
			}
		}
	}
	return in, out, saves
}

// step makes the best move and reports whether there was one.
func (l *local) step() bool {
	in, out, saves := l.best()
	if saves <= 0 {
		return false
	}
	l.move(in, out)
	return true
}

// shake makes count moves at random, which keep the number of open sites where it can be kept.
func (l *local) shake(rng *rand.Rand, count int) {
	m := int32(l.c.sites())
	for range count {
		in := rng.Int32N(m)
		if l.slot[in] >= 0 {
			continue
		}
		out := int32(-1)
		if l.count > 0 {
			out = l.at[rng.IntN(len(l.at))]
		}
		if out < 0 && l.count == len(l.at) {
			continue
		}
		if l.c.price != nil {
			left := l.money - l.c.price[in]
			if out >= 0 {
				left += l.c.price[out]
			}
			if left < 0 {
				continue
			}
		}
		l.move(in, out)
	}
}

// become opens exactly the given sites, as many as there is room and money for.
func (l *local) become(sites []int32) {
	want := make([]bool, l.c.sites())
	for _, j := range sites {
		want[j] = true
	}
	var leave, enter []int32
	for j := range want {
		switch {
		case want[j] && l.slot[j] < 0:
			enter = append(enter, int32(j))
		case !want[j] && l.slot[j] >= 0:
			leave = append(leave, int32(j))
		}
	}
	for _, j := range leave {
		l.move(-1, j)
	}
	for _, j := range enter {
		if l.count < len(l.at) && (l.c.price == nil || l.c.price[j] <= l.money) {
			l.move(j, -1)
		}
	}
}

// open returns the open sites, ascending, as sites of the problem.
func (l *local) open() []int32 {
	sites := make([]int32, 0, l.count)
	for j, s := range l.slot {
		if s >= 0 {
			sites = append(sites, l.c.id[j])
		}
	}
	return sites
}
