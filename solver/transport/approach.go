package transport

import "slices"

const (
	// levels is how many values of eps an auction goes through, each a falling-th of the one before: with fewer the searches
	// have more to do, with more the auction.
	levels  = 3
	falling = 8
	// patience is how many bids for each bidder an auction makes between two surveys: about as many as cost what one does.
	patience = 5
	// rounds bounds the surveys of a level. What is free then the searches place.
	rounds = 100
	// perUnit bounds the bidders by rows: where units come in crowds, the searches move them together.
	perUnit = 4
)

// approach places what it can by an auction. It returns false if the search must stop: then the plan may break the rules of
// the prices, which run will mend.
func (e *engine[C]) approach() bool {
	units := int64(0)
	for _, u := range e.total {
		if units += u; units > perUnit*int64(len(e.rows)) {
			return true
		}
	}
	a := newAuction(e)
	a.eps = e.spread()
	for b := range a.bidders {
		a.queue = append(a.queue, int32(b))
	}
	slices.Reverse(a.queue)
	done := true
	for level := 0; level < levels && done; level++ {
		if level > 0 {
			if a.eps = max(a.eps/falling, 1); a.eps == 1 && level > 1 {
				break
			}
			a.loosen()
		}
		done = a.level()
	}
	e.work += a.work
	a.export()
	if !done {
		return false
	}
	e.note(a.price)
	return true
}

// level ends with nobody free and no place open above price 0, but for what its limits leave over.
func (a *auction[C]) level() bool {
	for range rounds {
		if a.run(int64(patience * len(a.bidders))) {
			break
		}
		if a.e.ctx.Err() != nil || !a.lift() {
			return false
		}
	}
	if !a.drop() {
		return false
	}
	a.reverse(int64(2 * rounds * len(a.bidders)))
	return a.e.ctx.Err() == nil
}

// spread is the first eps: how much the arcs of a row differ in cost, on average.
func (e *engine[C]) spread() int64 {
	sum, rows := 0.0, 0.0
	for r := range e.rows {
		x := &e.rows[r]
		if x.from == x.to {
			continue
		}
		least, most := e.arcs[x.from].cost, e.arcs[x.from].cost
		for _, h := range e.arcs[x.from:x.to] {
			least, most = min(least, h.cost), max(most, h.cost)
		}
		sum += float64(int64(most) - int64(least))
		rows++
	}
	return max(1, int64(sum/max(rows, 1)))
}

// export puts the plan of the auction into the engine, whether or not it keeps the rules.
func (a *auction[C]) export() {
	e := a.e
	e.loose = true
	for r := range e.rows {
		for b := a.begin[r]; b < a.begin[r+1]; b++ {
			x := &a.bidders[b]
			if x.node < 0 || e.fits(x.node, 1) == 0 {
				continue
			}
			e.free[r]--
			e.put(int32(r), e.tightArc(int32(r), x.node), 1)
			e.pass(x.node, 1)
		}
	}
}
