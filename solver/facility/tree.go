package facility

import (
	"container/heap"
	"slices"
)

const (
	nodeSteps = 60 // of the dual at a node, at most
	nodeStall = 12 // of those, at least, before the node is given up as not worth more
)

// node is a part of the plans: those with some sites decided.
type node struct {
	bound  int64
	site   int32 // of the trunk
	choice choice
	depth  int32
	up     *node   // what else is decided
	price  []int64 // of the clients of the trunk; shared with the sibling
	money  int64
	more   []decision // decided on the way, shared with the sibling
}

type decision struct {
	site   int32
	choice choice
}

// frontier holds the nodes that are open, the lowest bound first, of equals the deepest.
type frontier []*node

func (f frontier) Len() int { return len(f) }
func (f frontier) Less(a, b int) bool {
	if f[a].bound != f[b].bound {
		return f[a].bound < f[b].bound
	}
	return f[a].depth > f[b].depth
}
func (f frontier) Swap(a, b int) { f[a], f[b] = f[b], f[a] }
func (f *frontier) Push(v any)   { *f = append(*f, v.(*node)) }
func (f *frontier) Pop() any {
	old := *f
	v := old[len(old)-1]
	old[len(old)-1] = nil
	*f = old[:len(old)-1]
	return v
}

// branch searches the tree, the node with the lowest bound first.
func (s *search) branch(d *dual) {
	stuck := s.cost // the least that a part of the plans may cost that no decision can settle, in units: rows were cut
	f := frontier{{bound: d.value, site: -1, price: d.price, money: d.money}}
	for len(f) > 0 {
		s.raise(min(f[0].bound, stuck*s.grid.scale))
		if s.proved() || f[0].bound > s.limit() {
			break
		}
		n := heap.Pop(&f).(*node)
		children, low, ok := s.expand(n)
		if !ok {
			return
		}
		stuck = min(stuck, low)
		for _, child := range children {
			heap.Push(&f, child)
		}
		if s.proved() || !s.again(s.climb) {
			return
		}
	}
	s.raise(min(s.limit()+1, stuck*s.grid.scale))
}

// expand bounds a node and splits it. It returns what a settled part of it that has no plan costs at least; ok is false when a
// limit was reached.
func (s *search) expand(n *node) (children []*node, stuck int64, ok bool) {
	stuck = s.cost
	decided := make([]choice, s.trunk.sites())
	for a := n; a != nil; a = a.up {
		if a.site >= 0 {
			decided[a.site] = a.choice
		}
		for _, v := range a.more {
			decided[v.site] = v.choice
		}
	}
	c, into := s.trunk.derive(decided)
	if c == nil {
		return nil, stuck, true
	}
	if c.sites() == 0 {
		return nil, s.leaf(c), true
	}
	d := newDual(c, carry(n.price, into, c.clients()), n.money)
	d.step = 0.3
	mark, from := 0, d.value
	for k := range nodeSteps {
		if !s.step() {
			return nil, 0, false
		}
		if d.value > s.limit() {
			return nil, stuck, true
		}
		d.rise(s.limit() + 1)
		if float64(d.value-from) > 0.1*float64(s.limit()-from) {
			mark, from = k, d.value
		}
		if k-mark >= nodeStall {
			break
		}
	}
	if d.value > s.limit() {
		return nil, stuck, true
	}
	known, _ := d.decide(s.limit())
	if low, done := s.settled(c, known); done {
		return nil, low, true
	}
	back := s.trunk.own(c.id) // the sites of c in the trunk
	var more []decision
	for j, v := range known {
		if v != free {
			more = append(more, decision{back[j], v})
		}
	}
	j := d.fork(known)
	price := make([]int64, s.trunk.clients())
	first := make([]bool, c.clients())
	for i, at := range into {
		if at >= 0 && !first[at] {
			first[at] = true // the child merges at least these clients again: one holds the price of all
			price[i] = d.price[at]
		}
	}
	in, out := d.margins()
	bounds := [2]int64{d.value, d.value}
	if v := d.kept[j]; v < 0 && v <= in {
		bounds[1] = d.value - v + out
	} else {
		bounds[0] = d.value + d.force(v, in)
	}
	for k, v := range [2]choice{opened, shut} {
		if bounds[k] <= s.limit() {
			children = append(children, &node{bound: bounds[k], site: back[j], choice: v, depth: n.depth + 1, up: n, price: price, money: d.money, more: more})
		}
	}
	n.price = nil
	return children, stuck, true
}

// settled handles a node whose sites are all decided.
func (s *search) settled(c *core, known []choice) (stuck int64, done bool) {
	if slices.Contains(known, free) {
		return 0, false
	}
	last, _ := c.derive(known)
	if last == nil {
		return s.cost, true
	}
	if last.sites() > 0 {
		panic("facility: a core with every site decided has a free one")
	}
	return s.leaf(last), true
}

// leaf takes the only plan of a core without free sites. It returns the least that the part may cost where it is not settled.
func (s *search) leaf(c *core) (stuck int64) {
	s.take(c, nil)
	if c.owed > 0 {
		return ceilDiv(c.base, s.grid.scale)
	}
	return s.cost
}

// fork returns the site to branch on: one that the relaxation opens in part, and that serves for much.
func (d *dual) fork(known []choice) int {
	best, most := -1, 0.0
	for j, v := range d.share {
		if known[j] != free {
			continue
		}
		worth := float64(d.c.fixed[j]-d.kept[j]) + 1
		if score := (v*(1-v) + 1e-3) * worth; best < 0 || score > most {
			best, most = j, score
		}
	}
	return best
}
