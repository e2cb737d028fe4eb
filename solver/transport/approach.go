package transport

const (
	// Each eps is a falling-th of the one before, and the last one about the finest part of the spread of costs: with a larger
	// one the searches have more to do, with a smaller one the auction.
	falling = 8
	finest  = 64
	// patience is how many bids for each bidder an auction makes between two surveys: about as many as cost what one does.
	patience = 3
	// rounds bounds the surveys of a level. What is free then the searches place.
	rounds = 100
	// perUnit bounds the bidders of a row on average: a simplex moves crowds of units together.
	perUnit = 4
	// perPart is about how many rows make a part of an auction.
	perPart  = 12_000
	maxParts = 4
)

// approach places what it can: by an auction whose first eps is the spread of costs, divided by so much, or by a network
// simplex where nodes share room or units come in crowds. It returns false if the search must stop. Either way the plan may
// break the rules of the prices: see tighten.
func (e *engine[C]) approach(divide int64) bool {
	units := int64(0)
	for _, u := range e.total {
		units = min(units+u, most)
	}
	if e.nested || units > perUnit*int64(len(e.rows)) {
		return e.approachBySimplex()
	}
	return e.approachIn(divide, min(maxParts, 1+len(e.rows)/perPart))
}

// approachIn is the auction, in so many parts.
func (e *engine[C]) approachIn(divide int64, parts int) bool {
	if e.narrow() {
		return auctionOff(newAuction[C, int32](e, parts), divide)
	}
	return auctionOff(newAuction[C, int64](e, parts), divide)
}

// auctionOff goes through the levels of a.
func auctionOff[C, P cost](a *auction[C, P], divide int64) bool {
	e := a.e
	spread := e.spread()
	a.eps = max(1, spread/divide)
	done := a.level()
	for done && divide < finest && a.eps > 1 {
		divide *= falling
		a.eps = max(1, spread/divide)
		a.loosen()
		done = a.level()
	}
	e.work += a.work
	a.export()
	if done {
		a.note()
	}
	return done
}

// level ends with nobody free and no place open above price 0, but for what its limits leave over. It returns false if the
// search must stop.
func (a *auction[C, P]) level() bool {
	for range rounds {
		if a.run(int64(patience * len(a.bidders))) {
			break
		}
		if a.halted() || !a.lift() {
			return false
		}
	}
	if a.halted() || !a.drop() {
		return false
	}
	a.reverse(int64(2 * rounds * len(a.bidders)))
	return !a.halted()
}

// spread is how much the arcs of a row differ in cost, on average.
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

// loosen frees whoever pays eps too much, and leaves to every place the price of its node. It also writes the prices down as
// the best that are known.
func (a *auction[C, P]) loosen() {
	e := a.e
	rows := len(e.rows)
	a.inParts(func(p int) {
		at := &a.parts[p]
		for r := p * rows / len(a.parts); r < (p+1)*rows/len(a.parts); r++ {
			x := &e.rows[r]
			least := x.penalty
			for _, h := range e.arcs[x.from:x.to] {
				least = min(least, int64(h.cost)+int64(a.price[h.node]))
			}
			e.stance[r].price = least
			for b := a.begin[r]; b < a.begin[r+1]; b++ {
				if y := &a.bidders[b]; y.node != free && a.pays(b) > least+a.eps {
					a.leave(y)
					at.spill = append(at.spill, b)
				}
			}
		}
	})
	for p := range a.parts {
		for _, b := range a.parts[p].spill {
			a.enqueue(b)
		}
		a.parts[p].spill = a.parts[p].spill[:0]
	}
	a.flatten()
	a.note()
}

// note writes the prices down in the engine.
func (a *auction[C, P]) note() {
	a.e.note(func(v int) int64 { return int64(a.price[v]) })
}

// export puts the plan of the auction into the engine, whether or not it keeps the rules.
func (a *auction[C, P]) export() {
	e := a.e
	e.loose = true
	e.vacateAll()
	for r := range e.rows {
		for b := a.begin[r]; b < a.begin[r+1]; b++ {
			if x := &a.bidders[b]; x.node >= 0 && e.fits(x.node, 1) > 0 {
				e.free[r]--
				e.put(int32(r), x.arc, 1)
				e.pass(x.node, 1)
			}
		}
	}
}
