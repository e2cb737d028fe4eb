package gap

// tables solves a knapsack by dynamic programming over its room, once from either end of the items, so that the best set with
// or without each item follows.
type tables struct {
	front []int64 // front[t*(room+1)+r]: the best of items 0..t-1 in room r
	back  []int64 // the best of the items after the present one, in each room
}

const (
	maxExact      = 1 << 21 // entries of front that one agent may have
	exactPerEntry = 2       // ticks
)

// exact replaces the linear bounds of in and outCost of agent i, for the items in the knapsack, by the true values. An item of
// the best set costs nothing to use, another nothing to do without, so that one of both is to be found.
func (b *bundle) exact(i int32, room int64) {
	k, t := &b.knap, &b.tables
	n := len(k.profit)
	if total := k.useTo[n]; total <= room {
		return // every item is in: the linear bounds are exact
	}
	width := int(room) + 1
	t.front = grown(t.front, (n+1)*width)
	t.back = grown(t.back, width)
	clear(t.front[:width])
	for at := range n {
		from, to := t.front[at*width:(at+1)*width], t.front[(at+1)*width:(at+2)*width]
		use, profit := int(k.use[at]), k.profit[at]
		if use >= width {
			copy(to, from)
			continue
		}
		copy(to[:use], from[:use])
		low := from[:width-use]
		high := from[use:]
		out := to[use:]
		for r, v := range low {
			out[r] = max(high[r], v+profit)
		}
	}
	best := t.front[(n+1)*width-1]
	b.ticks += int64(exactPerEntry * n * width)
	clear(t.back)
	for at := n - 1; at >= 0; at-- {
		use, profit := int(k.use[at]), k.profit[at]
		front := t.front[at*width : (at+1)*width]
		p := k.pair[at]
		in := int64(0) // the best with the item
		if use < width {
			in = profit + together(front, t.back[:width-use])
		}
		if in < best {
			b.in[p] = max(b.in[p], b.earned[i]-in)
		} else {
			b.outCost[p] = max(b.outCost[p], b.earned[i]-together(front, t.back))
		}
		for r := width - 1; r >= use; r-- {
			t.back[r] = max(t.back[r], t.back[r-use]+profit)
		}
	}
	c, d := b.c, b.d
	for p := c.first[i]; p < c.first[i+1]; p++ {
		if d.out[p] || d.fixed[c.job[p]] >= 0 {
			continue
		}
		if gain := b.price[c.job[p]] - c.cost[p]*c.scale; gain <= 0 {
			if use := c.use[int(p)*c.dims]; use <= room {
				b.in[p] = max(b.in[p], b.earned[i]-gain-t.front[n*width+int(room-use)])
			}
		}
	}
}

// together returns the best of the items before and after one, in as much room as back has entries for.
func together(front, back []int64) int64 {
	best := int64(0)
	front = front[:len(back)]
	for r, v := range front {
		best = max(best, v+back[len(back)-1-r])
	}
	return best
}
