package lap

// How the auction goes. Measured on random and geographic lists of 4,000 to 100,000 rows and on cores of matrices.
const (
	auctionLeast = 64     // with fewer rows there is nothing to gain
	auctionStart = 2      // first step over the mean spread of a row: prices of far quarters must move, too
	auctionDown  = 7      // each step over the next
	auctionEnd   = 20_000 // first step over the last: what is below that the searches settle
	auctionBids  = 20     // most bids a row in one step
	auctionLeave = 10_000 // a step ends when one row in so many is still free: the last ones would fight for long
)

// auction finds good duals for as many columns as rows, and no pairs: rows bid for columns as in [network.bid], but each bid lowers the
// dual by step more than it need, so that prices move fast; step shrinks, and rows whose column is dearer by more than step than
// their best bid anew (Bertsekas 1988). Departs from him in that it never ends a step, nor goes on to steps too small to matter:
// whatever the duals are, match is exact.
func (e *network[C]) auction() {
	n := len(e.rows)
	if n < auctionLeast || n != e.m {
		return
	}
	e.keepFronts()
	first := auctionStart * e.spread()
	if first < auctionDown*auctionDown { // costs so near that there would be two steps: prices tell little
		return
	}
	for step := first; step >= max(1, first/auctionEnd); step /= auctionDown {
		e.sell(step)
		if e.halted() {
			break
		}
	}
	for i, j := range e.colOf {
		if j >= 0 {
			e.rowOf[j], e.colOf[i] = free, free
		}
	}
}

// spread returns the mean, over rows, of how far their mean reduced cost lies above their least.
func (e *network[C]) spread() int64 {
	total := int64(0)
	for _, arcs := range e.rows {
		if len(arcs) == 0 {
			continue
		}
		sum, least := int64(0), int64(infinite)
		for _, a := range arcs {
			r := int64(a.cost) - e.v[a.col]
			sum += r
			least = min(least, r)
		}
		total += sum/int64(len(arcs)) - least // fits: so do the costs of n pairs
	}
	return total / int64(len(e.rows))
}

// sell runs one step of the auction.
func (e *network[C]) sell(step int64) {
	n := len(e.rows)
	turn, next := e.turns[0][:0], e.turns[1][:0]
	for i := range e.rows {
		if j := e.colOf[i]; j >= 0 {
			if _, least, _ := e.twoCheapest(int32(i)); int64(e.cost[j])-e.v[j] <= least+step {
				continue
			}
			e.rowOf[j], e.colOf[i] = free, free
		}
		turn = append(turn, int32(i))
	}
	for bids := 0; len(turn) > n/auctionLeave && bids < auctionBids*n; turn, next = next, turn[:0] {
		bids += len(turn)
		for _, i := range turn {
			if e.tick(len(e.rows[i])) {
				return
			}
			at, least, second := e.twoCheapest(i)
			if at < 0 {
				continue
			}
			a := e.rows[i][at]
			other := e.rowOf[a.col]
			e.v[a.col] -= second - least + step
			e.pair(i, a)
			if other >= 0 {
				e.colOf[other] = free
				next = append(next, other)
			}
		}
	}
	e.turns = [2][]int32{turn, next}
}
