package gap

import "sort"

// measure computes, for every open pair, by how much L at the centre rises when the pair must be used, and when it may not
// be, in the units of value: from the linear relaxation of its agent's knapsack, which is a lower bound of the true rise, in
// O(log n) for each pair after the sorting; or exactly, by dynamic programming, where the table is small.
func (b *bundle) measure() {
	c, d := b.c, b.d
	b.grid(b.center)
	for _, i := range b.agents {
		dim := b.tightest(int(i))
		b.collect(int(i), dim)
		k := &b.knap
		room := int64(0)
		if c.dims > 0 {
			room = d.room[int(i)*c.dims+dim]
		}
		k.prefix(room)
		for p := c.first[i]; p < c.first[i+1]; p++ {
			if d.out[p] || d.fixed[c.job[p]] >= 0 {
				continue
			}
			b.in[p], b.outCost[p] = 0, 0
			if gain := b.price[c.job[p]] - c.cost[p]*c.scale; gain <= 0 {
				w := int64(0)
				if c.dims > 0 {
					w = c.use[int(p)*c.dims+dim]
				}
				b.in[p] = max(0, b.earned[i]-(k.within(room-w)+gain))
			}
		}
		for at, p := range k.pair {
			if at < k.broken {
				b.outCost[p] = max(0, b.earned[i]-k.lacking(at, room))
			} else {
				b.in[p] = max(0, b.earned[i]-(k.within(room-k.use[at])+k.profit[at]))
				if at == k.broken {
					b.outCost[p] = max(0, b.earned[i]-k.lacking(at, room))
				}
			}
		}
		b.ticks += int64(8 * len(k.pair))
		if !c.general[i] && room < maxExact && int(room+1)*(len(k.pair)+1) <= maxExact {
			b.exact(i, room)
		}
	}
}

// tightest returns the dimension in which the linear relaxation of agent i is lowest.
func (b *bundle) tightest(i int) int {
	if b.c.dims < 2 {
		return 0
	}
	dim, low := 0, int64(-1)
	for k := range b.c.dims {
		b.collect(i, k)
		room := b.d.room[i*b.c.dims+k]
		b.knap.prefix(room)
		if v := b.knap.within(room); low < 0 || v < low {
			dim, low = k, v
		}
	}
	return dim
}

// prefix sums up use and profit of the sorted items, and finds the first that does not fit whole.
func (k *knapsack) prefix(room int64) {
	n := len(k.profit)
	k.useTo, k.profitTo = grown(k.useTo, n+1), grown(k.profitTo, n+1)
	k.useTo[0], k.profitTo[0] = 0, 0
	k.broken = n
	for t := range n {
		k.useTo[t+1], k.profitTo[t+1] = k.useTo[t]+k.use[t], k.profitTo[t]+k.profit[t]
		if k.broken == n && k.useTo[t+1] > room {
			k.broken = t
		}
	}
}

// within returns the linear relaxation of the items in room, rounded up.
func (k *knapsack) within(room int64) int64 {
	n := len(k.profit)
	t := sort.Search(n, func(t int) bool { return k.useTo[t+1] > room })
	if t == n {
		return k.profitTo[n]
	}
	return k.profitTo[t] + k.part(room-k.useTo[t], t)
}

// lacking is within, without the item at.
func (k *knapsack) lacking(at int, room int64) int64 {
	n := len(k.profit)
	room += k.use[at]
	t := at + 1 + sort.Search(n-at-1, func(t int) bool { return k.useTo[at+t+2] > room })
	if t == n {
		return k.profitTo[n] - k.profit[at]
	}
	return k.profitTo[t] - k.profit[at] + k.part(room-k.useTo[t], t)
}

// part returns what a part of item t earns in room, rounded up.
func (k *knapsack) part(room int64, t int) int64 {
	return min(k.profit[t], int64(float64(room)*k.rate[t]*slack)+1)
}

// fixing takes out every pair with which the bound would pass the limit, in the units of value, and reports how many, or
// false if no assignment within the limit is left. A job that goes to an agent is missing at all others: their rises add up.
func (b *bundle) fixing(limit int64) (removed int, ok bool) {
	c, d := b.c, b.d
	room := limit - b.value
	ok = room >= 0
	for at := 0; ok && at < len(b.jobs); at++ {
		j := b.jobs[at]
		if d.fixed[j] >= 0 {
			continue
		}
		absent := int64(0)
		for _, p := range c.pairsOf(j) {
			if !d.out[p] {
				absent += b.outCost[p]
			}
		}
		for _, p := range c.pairsOf(j) {
			if ok && !d.out[p] && b.in[p]+absent-b.outCost[p] > room {
				ok = d.remove(p)
				removed++
			}
		}
		b.ticks += int64(4 * len(c.pairsOf(j)))
	}
	return removed, d.propagate() && ok
}
