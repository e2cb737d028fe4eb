package mcf

// Basis is a spanning-tree basis in a form that outlives its problem: which arcs are in the tree and which lie at their
// upper bound. All others lie at their lower bound, so a basis also fits the problem to which arcs were appended, and one
// whose costs, bounds or supplies changed. It is immutable.
type Basis struct {
	tree  []int32 // arcs of a spanning forest
	upper []int32 // arcs outside of it at their upper bound
	tops  []int32 // nodes that hung from the root; nil means that Solve chooses
}

// NewBasis returns a basis made by the caller: the arcs in the tree and the arcs at their upper bound, by index. Solve
// reads both slices and keeps them; do not modify them afterwards.
//
// The arcs of tree should be a spanning forest: an arc that closes a cycle is left at its lower bound, and each part of the
// forest is joined to the rest by an artificial arc. Where the flow that the basis implies breaks a bound of an arc of the
// tree, or the tree is not strongly feasible there, that arc leaves the tree and an artificial one takes its place, so that
// any basis may be handed in; a good one has few such places. A tree arc is kept when a positive amount can still be sent
// over it towards the middle of the tree (the node with the most tree arcs): give an arc that points there, and that is full
// in the basis, a bound above its flow.
func NewBasis(tree, upper []int32) *Basis {
	return &Basis{tree: tree, upper: upper}
}

// check reports arcs that the problem does not have.
func (b *Basis) check(m int) error {
	var f faults
	for _, list := range []struct {
		name string
		arcs []int32
	}{{"/start/tree", b.tree}, {"/start/upper", b.upper}} {
		for i, a := range list.arcs {
			if a < 0 || int(a) >= m {
				f.add(list.name, i, "unknown", "the problem has no such arc", "")
			}
		}
	}
	return f.invalid.Err()
}

// basis returns the present one.
func (s *search) basis() *Basis {
	b := &Basis{tree: make([]int32, 0, s.n), tops: []int32{}}
	for v := range s.root {
		if a := s.pred[v]; a >= 0 {
			b.tree = append(b.tree, s.order.problem(a))
		} else {
			b.tops = append(b.tops, s.node[v])
		}
	}
	inTree := make([]uint64, (s.m+63)/64)
	for _, a := range b.tree {
		inTree[a/64] |= 1 << (a % 64)
	}
	for a := range int32(s.m) {
		if s.flipped(s.order.search(a)) && inTree[a/64]>>(a%64)&1 == 0 {
			b.upper = append(b.upper, a)
		}
	}
	return b
}

// plant builds the tree of b, a nil b meaning that every node hangs from the root by its artificial arc. The arcs must lie as
// b says already, and excess[v] is what node v has left over when the arcs at their upper bound carry their flow; plant uses
// it up. It returns false if the flows do not fit in 62 bits. It takes O(n + len(b.tree)) time.
func (s *search) plant(b *Basis, excess []int64) bool {
	var order []int32
	if b != nil {
		order = s.joinForest(b)
	} else {
		order = make([]int32, s.n)
		for v := range s.root {
			order[v] = v
			s.parent[v] = s.root
		}
	}
	if !s.settle(order, excess) {
		return false
	}
	s.preorder(order)
	return true
}

// joinForest fills parent and pred from the arcs of b and returns the nodes, parents first.
func (s *search) joinForest(b *Basis) []int32 {
	// Adjacency of the forest: the arcs at[start[v]:next[v]] touch v. Arcs left out of the search touch the root only.
	start := make([]int32, s.n+2)
	tree := make([]int32, len(b.tree))
	for i, a := range b.tree {
		tree[i] = s.order.search(a)
	}
	for _, a := range tree {
		start[s.arcs[a].from+1]++
		start[s.arcs[a].to+1]++
	}
	for v := range s.root {
		start[v+1] += start[v]
	}
	at := make([]int32, 2*len(tree))
	next := append([]int32(nil), start[:s.n]...)
	for _, a := range tree {
		for _, v := range [2]int32{s.arcs[a].from, s.arcs[a].to} {
			if v != s.root {
				at[next[v]] = a
				next[v]++
			}
		}
	}
	const unseen = -1
	for v := range s.root {
		s.parent[v] = unseen
	}
	order := make([]int32, 0, s.n)
	grow := func(top int32) { // breadth first from top
		s.parent[top] = s.root
		i := len(order)
		order = append(order, top)
		for ; i < len(order); i++ {
			v := order[i]
			for _, a := range at[start[v]:next[v]] {
				w := s.arcs[a].from + s.arcs[a].to - v
				if s.parent[w] == unseen {
					s.parent[w], s.pred[w] = v, a
					order = append(order, w)
				}
			}
		}
	}
	for _, v := range b.tops {
		if int(v) < s.n && s.parent[v] == unseen {
			grow(v)
		}
	}
	for v := range s.root {
		if s.parent[v] != unseen {
			continue
		}
		// The middle of this part of the forest makes the tree flat: a first walk to find it, a second to grow it.
		top, first := v, len(order)
		grow(v)
		for _, w := range order[first:] {
			if next[w]-start[w] > next[top]-start[top] {
				top = w
			}
		}
		if top != v {
			for _, w := range order[first:] {
				s.parent[w] = unseen
			}
			order = order[:first]
			grow(top)
		}
	}
	return order
}

// settle sends the excess of every node up its tree arc, leaves first. An arc that cannot carry it, or that would break
// strong feasibility, is put to its nearest bound and replaced by the artificial arc of its lower end.
func (s *search) settle(order []int32, excess []int64) bool {
	for i := s.n - 1; i >= 0; i-- {
		v := order[i]
		ex := excess[v]
		if p := s.parent[v]; p != s.root {
			a := s.pred[v]
			up := s.arcs[a].from == v
			full := s.capacity(a)
			x := ex
			if !up {
				x = -ex
			}
			x = min(max(x, 0), full)
			sent := x
			s.up[v], s.down[v] = full-x, x
			if !up {
				sent = -x
				s.up[v], s.down[v] = x, full-x
			}
			sum, ok := add64(excess[p], sent)
			if !ok {
				return false
			}
			excess[p] = sum
			ex -= sent
			if ex == 0 && s.up[v] > 0 {
				continue
			}
			if x == full {
				s.flip(a)
			}
			s.parent[v] = s.root
		}
		if ex <= -limit || ex >= limit {
			return false
		}
		if ex >= 0 {
			s.pred[v], s.up[v], s.down[v] = artUp, infinite-ex, ex
		} else {
			s.pred[v], s.up[v], s.down[v] = artDown, -ex, infinite+ex
		}
	}
	return true
}

// preorder fills thread, back, last, size and the potentials from parent and pred. The slice order is scratch.
func (s *search) preorder(order []int32) {
	child, sibling := s.last, s.back // until they get their own meaning
	for v := range s.root + 1 {
		child[v] = -1
		s.size[v] = 1
	}
	for v := s.root - 1; v >= 0; v-- {
		p := s.parent[v]
		sibling[v] = child[p]
		child[p] = v
	}
	order = order[:0]
	for v, stack := child[s.root], []int32(nil); ; {
		for ; v >= 0; v = child[v] {
			order = append(order, v)
			stack = append(stack, sibling[v])
		}
		if len(stack) == 0 {
			break
		}
		v = stack[len(stack)-1]
		stack = stack[:len(stack)-1]
	}
	prev := s.root
	s.last[prev] = prev
	for _, v := range order {
		s.thread[prev], s.back[v] = v, prev
		s.last[v] = v
		prev = v
	}
	s.thread[prev], s.back[s.root] = s.root, prev
	for i := s.n - 1; i >= 0; i-- {
		v := order[i]
		p := s.parent[v]
		s.size[p] += s.size[v]
		if s.last[p] == p { // v is the last child of p
			s.last[p] = s.last[v]
		}
	}
	s.reprice()
}

// reprice computes the potentials anew from the costs.
func (s *search) reprice() {
	s.pi[s.root] = 0
	for v := s.thread[s.root]; v != s.root; v = s.thread[v] {
		s.pi[v] = s.pi[s.parent[v]] + s.priceStep(v)
	}
}

// priceStep returns pi[v] - pi[parent[v]]: what makes the reduced cost of the tree arc of v zero.
func (s *search) priceStep(v int32) int64 {
	switch a := s.pred[v]; {
	case a == artUp:
		return -s.artCost
	case a == artDown:
		return s.artCost
	case s.arcs[a].from == v:
		return -s.arcs[a].cost
	default:
		return s.arcs[a].cost
	}
}
