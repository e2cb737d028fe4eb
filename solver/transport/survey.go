package transport

import "github.com/courtyard-care/courtyard/solver/internal/frontier"

// survey is the state of one search over all nodes of an auction.
type survey struct {
	queue frontier.Radix
	label []int64    // by node
	stand []standing // by bidder
}

// standing is what a search backward reads of a bidder.
type standing struct {
	pays int64
	node int32
}

func (w *survey) init(nodes, bidders int) {
	w.label = make([]int64, nodes)
	w.stand = make([]standing, bidders)
}

func (w *survey) reach(v int32, d int64) {
	if d < w.label[v] {
		w.label[v] = d
		w.queue.Push(frontier.Reach{Distance: d, Node: v})
	}
}

// lift raises every price by the distance of its node from an open place, or from a unit that is best given up: then a path
// leads from every free bidder to where it can go, on which everybody pays the same before and after. Lengths are reduced
// costs, and 0 for those below. O(m + n log n).
func (a *auction[C]) lift() bool {
	w := &a.survey
	w.queue.Clear()
	for v := range w.label {
		w.label[v] = unreached
	}
	for b := range a.bidders {
		x := &a.bidders[b]
		w.stand[b] = standing{a.pays(int32(b)), x.node}
		if x.node >= 0 {
			w.label[x.node] = min(w.label[x.node], max(0, x.penalty-w.stand[b].pays))
		}
	}
	for v := range w.label {
		for s := a.first[v]; s < a.first[v+1]; s++ {
			if a.places[s].bidder == none {
				w.label[v] = 0
			}
		}
		if w.label[v] != unreached {
			w.queue.Push(frontier.Reach{Distance: w.label[v], Node: int32(v)})
		}
	}
	for w.queue.Len() > 0 {
		h := w.queue.Pop()
		if h.Distance != w.label[h.Node] {
			continue
		}
		if a.work++; a.e.stoppedAt(a.work) {
			return false
		}
		p := &a.e.places[h.Node].in
		base := h.Distance + a.price[h.Node]
		for _, in := range a.e.in[p.from : p.from+p.used] {
			for b := a.begin[in.row]; b < a.begin[in.row+1]; b++ {
				if y := &w.stand[b]; y.node >= 0 {
					w.reach(y.node, max(h.Distance, base+int64(in.cost)-y.pays))
				}
			}
		}
	}
	for v, d := range w.label {
		if d == unreached {
			continue
		}
		a.price[v] += d
		for s := a.first[v]; s < a.first[v+1]; s++ {
			a.places[s].price = max(a.places[s].price, a.price[v])
		}
	}
	return true
}

// drop lowers every price as far as can be without making anybody change: the distance of the node from where prices may
// fall no further, that is from price 0 and from units given up. Open places whose price is due to nothing but the haste of
// earlier bids lose it. O(m + n log n).
func (a *auction[C]) drop() bool {
	w := &a.survey
	w.queue.Clear()
	for v, price := range a.price {
		if w.label[v] = price; price != closed {
			w.queue.Push(frontier.Reach{Distance: price, Node: int32(v)})
		}
	}
	for b := range a.bidders {
		if x := &a.bidders[b]; x.node == givenUp {
			a.pull(x, 0, x.penalty)
		}
	}
	for w.queue.Len() > 0 {
		h := w.queue.Pop()
		if h.Distance != w.label[h.Node] {
			continue
		}
		if a.work++; a.e.stoppedAt(a.work) {
			return false
		}
		for s := a.first[h.Node]; s < a.first[h.Node+1]; s++ {
			if b := a.places[s].bidder; b != none {
				x := &a.bidders[b]
				a.pull(x, h.Distance, int64(x.cost)+a.price[h.Node])
			}
		}
	}
	for v := range a.price {
		if a.price[v] != closed {
			a.price[v] -= w.label[v]
		}
	}
	a.flatten()
	return true
}

// pull reaches the nodes that bidder x would change to if they became cheaper than it pays by more than d.
func (a *auction[C]) pull(x *bidder[C], d, pays int64) {
	base := d - pays
	for _, h := range a.e.arcs[x.from:x.to] {
		if v := h.node; a.price[v] != closed {
			a.survey.reach(v, max(d, base+int64(h.cost)+a.price[v]))
		}
	}
}
