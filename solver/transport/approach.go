package transport

const (
	// Each eps is a falling-th of the one before, and the last one about the finest part of the spread of costs: with a larger
	// one the searches have more to do, with a smaller one the auction.
	falling = 8
	finest  = 100
	// patience is how many bids for each bidder an auction makes between two surveys: about as many as cost what one does.
	patience = 5
	// rounds bounds the surveys of a level. What is free then the searches place.
	rounds = 100
	// perUnit bounds the bidders by rows: where units come in crowds, the searches move them together.
	perUnit = 4
)

// approach places what it can by an auction whose first eps is the spread of costs, divided by so much. It returns false if
// the search must stop. Either way the plan may break the rules of the prices: see tighten.
func (e *engine[C]) approach(divide int64) bool {
	units := int64(0)
	for _, u := range e.total {
		if units += u; units > perUnit*int64(len(e.rows)) {
			return true
		}
	}
	a := newAuction(e)
	a.eps = max(1, e.spread()/divide)
	done := true
	for done = a.level(); done && divide*falling < finest && a.eps > 1; done = a.level() {
		divide *= falling
		a.eps = max(1, a.eps/falling)
		a.loosen()
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
	e.vacateAll()
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
