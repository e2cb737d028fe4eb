package lap

import "math"

// frontArcs is how many arcs stand at the front of a row. Measured from 3 to 8 on lists of 20 arcs and on cores.
const frontArcs = 3

// fronts keeps the arcs of each row that are cheapest at its front, and a bar that no other arc of the row has been below since.
// While duals of columns only fall, cost − v only rises, so that what is at the front and not above the bar is cheapest still, and the
// rest of the row need not be looked at. (Bertsekas's auction codes of 1991 keep the third best arc to the same end.)
type fronts []int64

// keepFronts begins to keep fronts.
func (e *network[C]) keepFronts() {
	e.fronts = make(fronts, len(e.rows))
	for i := range e.fronts {
		e.fronts[i] = math.MinInt64
	}
}

// twoCheapest returns the place of the arc of row i with the least cost − v, that least and the second least; being alone counts as
// an arc. at is -1 if no arc is below being alone.
func (e *network[C]) twoCheapest(i int32) (at int, least, second int64) {
	arcs := e.rows[i]
	if e.fronts == nil || len(arcs) <= frontArcs {
		return e.twoOf(arcs)
	}
	if at, least, second = e.twoOf(arcs[:frontArcs]); second <= e.fronts[i] {
		return at, least, second
	}
	e.sortFront(i)
	return e.twoOf(arcs[:frontArcs])
}

// twoOf is twoCheapest among some arcs.
func (e *network[C]) twoOf(arcs []arc[C]) (at int, least, second int64) {
	at, least, second = -1, e.alone, e.alone
	for k, a := range arcs {
		if r := int64(a.cost) - e.v[a.col]; r < second {
			if r < least {
				at, least, second = k, r, least
			} else {
				second = r
			}
		}
	}
	return at, least, second
}

// sortFront brings the cheapest arcs of row i to its front, in order. The row must have more.
func (e *network[C]) sortFront(i int32) {
	var front [frontArcs]int64
	arcs := e.rows[i]
	bar := int64(infinite)
	for k, a := range arcs {
		r := int64(a.cost) - e.v[a.col]
		at := k
		if k >= frontArcs {
			if r >= front[frontArcs-1] {
				bar = min(bar, r)
				continue
			}
			at = frontArcs - 1
			bar, arcs[k] = front[at], arcs[at]
		}
		for ; at > 0 && front[at-1] > r; at-- {
			front[at], arcs[at] = front[at-1], arcs[at-1]
		}
		front[at], arcs[at] = r, a
	}
	e.fronts[i] = bar
}

// within returns arcs of row i among which are all whose cost − v is below limit.
func (e *network[C]) within(i int32, limit int64) []arc[C] {
	if e.fronts != nil && len(e.rows[i]) > frontArcs && e.fronts[i] >= limit {
		return e.rows[i][:frontArcs]
	}
	return e.rows[i]
}

// grown says that row i has arcs that it had not.
func (e *network[C]) grown(i int32) {
	if e.fronts != nil {
		e.fronts[i] = math.MinInt64
	}
}
