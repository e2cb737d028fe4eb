package transport

// auction finds a plan and prices from which the searches have little left to do.
//
// Every unit is a bidder that offers a node more than others pay there (Bertsekas 1979), as much as makes the node as dear
// for it as the next best, and eps. The places of a node are alike: its price is the least bid of those who are there
// (Bertsekas and Castañon 1989, similar objects), and an open place has the price at which it was left. Levels of falling eps
// follow each other; see level. Limits of nodes further back are left to the searches.
//
// Differs from the books: when bidding drags on, surveys set all prices at once; a level that leaves places open above price
// 0 lowers prices by a survey and then lets the places bid for units (the reverse auction of Bertsekas, Castañon and
// Tsaknakis 1993); and no eps is small enough to be exact, for the searches that follow are exact from any prices.
//
// Large problems are worked on in parts, as many as the size says and not the machine: a part is a range of nodes and the
// bidders who can go nowhere else. The parts work at once on what is theirs, then the few bidders between them have their
// turn, so that the answer is the same on any number of cores.
type auction[C, P cost] struct {
	e       *engine[C]
	bidders []bidder[C]
	begin   []int32  // the bidders of row r are begin[r] <= b < begin[r+1]
	single  bool     // bidder r is row r
	price   []P      // of nodes
	closed  P        // the price of a node without a place
	places  []bid[P] // of node v: first[v] <= s < first[v+1], a heap with the least bid first
	first   []int32
	eps     int64
	work    int64
	parts   []part
	patches int32
	inner   []bool // of nodes: nobody from elsewhere can come
	free    queues
	survey  survey
}

// bidder is one unit.
type bidder[C cost] struct {
	penalty  int64
	from, to int32 // arcs
	node     int32 // where it is; free or given up
	place    int32
	arc      int32 // that it uses
	cost     C     // of that arc
}

// bid is a place and who has it.
type bid[P cost] struct {
	price  P
	bidder int32 // none: the place is open
}

const (
	free    = int32(-1) // bidder.node of one who has to bid
	givenUp = int32(-2) // bidder.node of one who is left unmet
)

// limitOf is above every price that an auction with prices of that width may have; see narrow.
func limitOf[P cost]() int64 {
	if P(1)<<31 < 0 { // 32 bits
		return 1 << 30
	}
	return 1 << 60
}

// narrow reports whether all prices of an auction fit into 32 bits: none is above the largest penalty and cost together,
// and the first eps.
func (e *engine[C]) narrow() bool {
	most := int64(0)
	for r := range e.rows {
		most = max(most, e.rows[r].penalty)
	}
	cost := int64(0)
	for _, h := range e.arcs {
		cost = max(cost, int64(h.cost), -int64(h.cost))
	}
	return most < 1<<29 && cost < 1<<27
}

// newAuction returns an auction that begins with the plan and the prices of e.
func newAuction[C, P cost](e *engine[C], parts int) *auction[C, P] {
	k := len(e.nodes) - 1
	a := &auction[C, P]{
		e:     e,
		begin: make([]int32, len(e.rows)+1),
		price: make([]P, k),
		first: make([]int32, k+1),
	}
	a.closed = P(limitOf[P]())
	a.single = true
	for r, units := range e.total {
		a.begin[r+1] = a.begin[r] + int32(units)
		a.single = a.single && units == 1
	}
	a.bidders = make([]bidder[C], a.begin[len(e.rows)])
	for r := range e.rows {
		x := &e.rows[r]
		for b := a.begin[r]; b < a.begin[r+1]; b++ {
			a.bidders[b] = bidder[C]{penalty: x.penalty, from: x.from, to: x.to, node: free}
		}
	}
	for v := range k {
		a.price[v] = P(min(e.nodes[v].price, limitOf[P]()-1))
		a.first[v+1] = a.first[v] + int32(min(e.places[v].capacity, a.callers(int32(v))))
	}
	a.places = make([]bid[P], a.first[k])
	for v := range k {
		for s := a.first[v]; s < a.first[v+1]; s++ {
			a.places[s] = bid[P]{a.price[v], none}
		}
		if a.first[v] == a.first[v+1] {
			a.price[v] = a.closed
		}
	}
	a.divide(parts)
	a.enter()
	return a
}

// callers returns how many units could come to node v.
func (a *auction[C, P]) callers(v int32) int64 {
	p := &a.e.places[v].in
	if a.single {
		return int64(p.used)
	}
	units := int64(0)
	for _, h := range a.e.in[p.from : p.from+p.used] {
		units += a.e.total[h.row]
	}
	return units
}

// enter gives every unit the place that it has in the plan.
func (a *auction[C, P]) enter() {
	e := a.e
	taken := make([]int32, len(a.price))
	for r := range e.rows {
		b := a.begin[r]
		for s := e.stance[r].first; s != none; s = e.next[s] {
			at := e.slot[s].arc
			h := e.arcs[at]
			for range e.units[s] {
				x := &a.bidders[b]
				x.node, x.place, x.arc, x.cost = h.node, taken[h.node], at, h.cost
				a.places[a.first[h.node]+x.place].bidder = b
				taken[h.node]++
				b++
			}
		}
		for range e.unmet[r] {
			a.bidders[b].node = givenUp
			b++
		}
		for ; b < a.begin[r+1]; b++ {
			a.enqueue(b)
		}
	}
}

// bid lets bidder b bid and returns who has lost the place to it, none if nobody.
func (a *auction[C, P]) bid(b int32) int32 {
	x := &a.bidders[b]
	best, second, at := x.penalty, int64(unreached), none
	arcs := a.e.arcs[x.from:x.to]
	for i := range arcs {
		h := &arcs[i]
		if v := int64(h.cost) + int64(a.price[h.node]); v < second {
			if v < best {
				best, second, at = v, best, int32(i)
			} else {
				second = v
			}
		}
	}
	if at == none {
		x.node = givenUp
		return none
	}
	v := arcs[at].node
	root := &a.places[a.first[v]]
	out := root.bidder
	*root = bid[P]{P(second - int64(arcs[at].cost) + a.eps), b}
	x.node, x.arc, x.cost = v, x.from+at, arcs[at].cost
	if out != none {
		a.bidders[out].node = free
	}
	a.sink(v)
	return out
}

// sink restores the heap of node v after its first place got a higher bid.
func (a *auction[C, P]) sink(v int32) {
	s := a.places[a.first[v]:a.first[v+1]]
	x, i := s[0], 0
	for {
		c := 2*i + 1
		if c >= len(s) {
			break
		}
		if c+1 < len(s) && s[c+1].price < s[c].price {
			c++
		}
		if s[c].price >= x.price {
			break
		}
		a.seat(s, i, s[c])
		i = c
	}
	a.seat(s, i, x)
	a.price[v] = s[0].price
}

// rise restores the heap of node v after place i of it got a lower bid.
func (a *auction[C, P]) rise(v int32, i int) {
	s := a.places[a.first[v]:a.first[v+1]]
	x := s[i]
	for i > 0 {
		up := (i - 1) / 2
		if s[up].price <= x.price {
			break
		}
		a.seat(s, i, s[up])
		i = up
	}
	a.seat(s, i, x)
	a.price[v] = s[0].price
}

// seat puts x at place i of a node's places.
func (a *auction[C, P]) seat(s []bid[P], i int, x bid[P]) {
	s[i] = x
	if x.bidder != none {
		a.bidders[x.bidder].place = int32(i)
	}
}

// leave opens the place of bidder x, at the price it has.
func (a *auction[C, P]) leave(x *bidder[C]) {
	if x.node >= 0 {
		a.places[a.first[x.node]+x.place].bidder = none
	}
	x.node = free
}

// pays returns what bidder b pays.
func (a *auction[C, P]) pays(b int32) int64 {
	x := &a.bidders[b]
	if x.node >= 0 {
		return int64(x.cost) + int64(a.price[x.node])
	}
	return x.penalty
}

// offer lets the cheapest open place of node v bid and returns the node at which a place became open thereby, none if none.
// The place lowers its price to what the second best bidder would pay, less eps, and takes the best one from where it is.
func (a *auction[C, P]) offer(v int32) int32 {
	places := a.places[a.first[v]:a.first[v+1]]
	at := -1
	for i := range places {
		if places[i].bidder == none && (at < 0 || places[i].price < places[at].price) {
			at = i
		}
	}
	if at < 0 {
		return none
	}
	best, second, who := int64(-1), int64(-1), none
	p := &a.e.places[v].in
	for _, h := range a.e.in[p.from : p.from+p.used] {
		from, to := h.row, h.row+1
		if !a.single {
			from, to = a.begin[h.row], a.begin[h.row+1]
		}
		for b := from; b < to; b++ {
			if y := a.bidders[b].node; y == v || y == free {
				continue
			}
			if gain := a.pays(b) - int64(h.cost); gain > second {
				if gain > best {
					best, second, who = gain, best, b
				} else {
					second = gain
				}
			}
		}
	}
	if who == none || best < a.eps {
		places[at].price = 0 // nobody is worth it
		a.rise(v, at)
		return none
	}
	y := &a.bidders[who]
	left := y.node
	a.leave(y)
	y.node, y.arc = v, a.arcTo(y, v)
	y.cost = a.e.arcs[y.arc].cost
	places[at] = bid[P]{min(places[at].price, P(max(0, second-a.eps))), who}
	a.rise(v, at)
	return max(left, none)
}

// arcTo returns the cheapest arc of bidder x to node v.
func (a *auction[C, P]) arcTo(x *bidder[C], v int32) int32 {
	best := none
	for i := x.from; i < x.to; i++ {
		if h := &a.e.arcs[i]; h.node == v && (best == none || h.cost < a.e.arcs[best].cost) {
			best = i
		}
	}
	return best
}
