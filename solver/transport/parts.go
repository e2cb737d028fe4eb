package transport

import "sync"

// part is a range of nodes that one goroutine works on.
type part struct {
	from, to int32   // its nodes
	spill    []int32 // bidders between the parts who have lost their place here; nodes not inner that have a place open
	work     int64
}

// together is the number of bidders or places from which it pays to let the parts work at once.
const together = 64

// divide cuts the nodes into parts of about as many callers each.
func (a *auction[C]) divide(parts int) {
	k := int32(len(a.price))
	a.parts = make([]part, parts)
	of := make([]uint8, k)
	all, seen, p := len(a.e.in), 0, 0
	for v := range k {
		for ; p < parts-1 && seen*parts >= all*(p+1); p++ {
			a.parts[p].to, a.parts[p+1].from = v, v
		}
		of[v] = uint8(p)
		seen += int(a.e.places[v].in.used)
	}
	for ; p < parts-1; p++ {
		a.parts[p].to, a.parts[p+1].from = k, k
	}
	a.parts[p].to = k
	a.home = make([]uint8, len(a.bidders))
	a.inner = make([]bool, k)
	for v := range a.inner {
		a.inner[v] = true
	}
	for r := range a.e.rows {
		x := &a.e.rows[r]
		home := uint8(0)
		for i, h := range a.e.arcs[x.from:x.to] {
			if i == 0 {
				home = of[h.node]
			} else if of[h.node] != home {
				home = uint8(parts)
				break
			}
		}
		for b := a.begin[r]; b < a.begin[r+1]; b++ {
			a.home[b] = home
		}
		if home == uint8(parts) {
			for _, h := range a.e.arcs[x.from:x.to] {
				a.inner[h.node] = false
			}
		}
	}
	a.queues = make([][]int32, parts+1)
	a.survey = survey{label: make([]int64, k), stand: make([]standing, len(a.bidders))}
}

// inParts calls do for every part, at once if there are several, and adds their work up.
func (a *auction[C]) inParts(do func(p int)) {
	if len(a.parts) == 1 {
		do(0)
	} else {
		var all sync.WaitGroup
		for p := range a.parts {
			all.Go(func() { do(p) })
		}
		all.Wait()
	}
	for p := range a.parts {
		a.work += a.parts[p].work
		a.parts[p].work = 0
	}
}

// halted reports whether the search must stop.
func (a *auction[C]) halted() bool {
	return a.e.limit > 0 && a.e.work+a.work >= a.e.limit || a.e.ctx.Err() != nil
}

// run lets free bidders bid, until there are none (true) or about so many bids were made.
func (a *auction[C]) run(bids int64) bool {
	if a.e.limit > 0 {
		bids = min(bids, a.e.limit-a.e.work-a.work)
	}
	between := &a.queues[len(a.parts)]
	for limit := a.work + bids; ; {
		queued := 0
		for _, q := range a.queues {
			queued += len(q)
		}
		switch {
		case queued == 0:
			return true
		case a.work >= limit || a.halted():
			return false
		case len(a.parts) == 1 || queued < together:
			for p := range a.parts {
				*between = append(*between, a.queues[p]...)
				a.queues[p] = a.queues[p][:0]
			}
			a.runBetween(limit-a.work, true)
		default:
			share := (limit-a.work)/int64(len(a.parts)) + 1
			a.inParts(func(p int) { a.runPart(p, share) })
			for p := range a.parts {
				*between = append(*between, a.parts[p].spill...)
				a.parts[p].spill = a.parts[p].spill[:0]
			}
			a.runBetween(limit-a.work, false)
		}
	}
}

// runPart lets the bidders of a part bid.
func (a *auction[C]) runPart(p int, bids int64) {
	at, q := &a.parts[p], a.queues[p]
	for len(q) > 0 && at.work < bids {
		b := q[len(q)-1]
		for q = q[:len(q)-1]; b != none; {
			if at.work >= bids || at.work%lookEvery == 0 && a.e.ctx.Err() != nil {
				q = append(q, b)
				a.queues[p] = q
				return
			}
			at.work++
			b = a.bid(b)
			if b != none && int(a.home[b]) != p {
				at.spill = append(at.spill, b)
				break
			}
		}
	}
	a.queues[p] = q
}

// runBetween lets the bidders between the parts bid, and those who lose their place to them too if it is for all.
func (a *auction[C]) runBetween(bids int64, forAll bool) {
	q := a.queues[len(a.parts)]
	limit := a.work + bids
	for len(q) > 0 && a.work < limit {
		b := q[len(q)-1]
		for q = q[:len(q)-1]; b != none; {
			if a.work >= limit || a.work%lookEvery == 0 && a.e.ctx.Err() != nil {
				q = append(q, b)
				limit = a.work
				break
			}
			a.work++
			b = a.bid(b)
			if b != none && !forAll && int(a.home[b]) < len(a.parts) {
				a.enqueue(b)
				break
			}
		}
	}
	a.queues[len(a.parts)] = q
}

// reverse lets open places above price 0 bid for units; each that takes one opens the place that is the next to bid. What is
// left after about so many bids the searches fill.
func (a *auction[C]) reverse(bids int64) {
	limit := a.work + bids
	share := bids/int64(len(a.parts)) + 1
	a.inParts(func(p int) {
		at := &a.parts[p]
		for v := at.from; v < at.to; v++ {
			for s := a.first[v]; s < a.first[v+1] && a.price[v] > 0; s++ {
				if a.places[s].bidder == none {
					a.refill(at, v, share)
				}
			}
		}
	})
	for p := range a.parts {
		for _, v := range a.parts[p].spill {
			for v != none && a.price[v] > 0 && a.work < limit {
				if a.work++; a.work%lookEvery == 0 && a.halted() {
					limit = a.work
				}
				v = a.offer(v)
			}
		}
		a.parts[p].spill = a.parts[p].spill[:0]
	}
}

// refill lets an open place of node v bid, then the one that it has opened, and so on as long as nodes are inner ones.
func (a *auction[C]) refill(at *part, v int32, bids int64) {
	for v != none && a.price[v] > 0 {
		if !a.inner[v] {
			at.spill = append(at.spill, v)
			return
		}
		if at.work >= bids || at.work%lookEvery == 0 && a.e.ctx.Err() != nil {
			return
		}
		at.work++
		v = a.offer(v)
	}
}
