package transport

import "github.com/courtyard-care/courtyard/solver/internal/frontier"

// survey is the state of one search over all nodes of an auction.
type survey struct {
	label []int64    // by node
	stand []standing // by bidder
	queue frontier.Radix
}

// standing is what a search backward reads of a bidder.
type standing struct {
	pays int64
	node int32
}

// reach lowers the label of node v to d.
func (w *survey) reach(v int32, d int64) {
	if d < w.label[v] {
		w.label[v] = d
		w.queue.Push(frontier.Reach{Distance: d, Node: v})
	}
}

// next returns the nearest node that has not been visited yet, none if there is none or the search must stop.
func (a *auction[C, P]) next() (v int32, d int64) {
	for w := &a.survey; w.queue.Len() > 0; {
		if h := w.queue.Pop(); h.Distance == w.label[h.Node] {
			if a.work++; a.work%lookEvery == 0 && a.e.ctx.Err() != nil {
				return none, 0
			}
			return h.Node, h.Distance
		}
	}
	return none, 0
}

// lift raises every price by the distance of its node from an open place, or from a unit that is best given up: then a path
// leads from every free bidder to where it can go, on which everybody pays the same before and after. Lengths are reduced
// costs, and 0 for those below. O(m + n log n).
func (a *auction[C, P]) lift() bool {
	w := &a.survey
	w.queue.Clear()
	for b := range a.bidders {
		w.stand[b] = standing{a.pays(int32(b)), a.bidders[b].node}
	}
	for v := range w.label {
		least := int64(unreached)
		for _, s := range a.places[a.first[v]:a.first[v+1]] {
			if s.bidder == none {
				least = 0
				break
			}
			least = min(least, max(0, a.bidders[s.bidder].penalty-w.stand[s.bidder].pays))
		}
		if w.label[v] = unreached; least != unreached {
			w.reach(int32(v), least)
		}
	}
	for v, d := a.next(); v != none; v, d = a.next() {
		in := &a.e.places[v].in
		base := d + int64(a.price[v])
		for _, h := range a.e.in[in.from : in.from+in.used] {
			from, to := h.row, h.row+1
			if !a.single {
				from, to = a.begin[h.row], a.begin[h.row+1]
			}
			for b := from; b < to; b++ {
				if y := &w.stand[b]; y.node >= 0 {
					w.reach(y.node, max(d, base+int64(h.cost)-y.pays))
				}
			}
		}
	}
	if a.e.ctx.Err() != nil {
		return false
	}
	for v, d := range w.label {
		if d == unreached || d == 0 {
			continue
		}
		a.price[v] += P(d)
		for s := a.first[v]; s < a.first[v+1]; s++ {
			a.places[s].price = max(a.places[s].price, a.price[v])
		}
	}
	return true
}

// drop lowers every price as far as can be without making anybody change: by the distance of the node from where prices may
// fall no further, that is from price 0 and from units given up. Open places whose price is due to nothing but the haste of
// earlier bids lose it. O(m + n log n).
func (a *auction[C, P]) drop() bool {
	w := &a.survey
	w.queue.Clear()
	for v, price := range a.price {
		if w.label[v] = unreached; price != a.closed {
			w.reach(int32(v), int64(price))
		}
	}
	for b := range a.bidders {
		if x := &a.bidders[b]; x.node == givenUp {
			a.pull(x, 0, x.penalty)
		}
	}
	for v, d := a.next(); v != none; v, d = a.next() {
		for _, s := range a.places[a.first[v]:a.first[v+1]] {
			if s.bidder != none {
				x := &a.bidders[s.bidder]
				a.pull(x, d, int64(x.cost)+int64(a.price[v]))
			}
		}
	}
	if a.e.ctx.Err() != nil {
		return false
	}
	for v := range a.price {
		if a.price[v] != a.closed {
			a.price[v] -= P(w.label[v])
		}
	}
	a.flatten()
	return true
}

// pull reaches the nodes that bidder x, who pays so much at distance d, could go to.
func (a *auction[C, P]) pull(x *bidder[C], d, pays int64) {
	base := d - pays
	for _, h := range a.e.arcs[x.from:x.to] {
		if a.price[h.node] != a.closed {
			a.survey.reach(h.node, max(d, base+int64(h.cost)+int64(a.price[h.node])))
		}
	}
}

// flatten gives every place the price of its node.
func (a *auction[C, P]) flatten() {
	for v, price := range a.price {
		for s := a.first[v]; s < a.first[v+1]; s++ {
			a.places[s].price = price
		}
	}
}
