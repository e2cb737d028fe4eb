package mcf

// Numbers that stand for arcs without an index, and limits of the arithmetic.
const (
	artUp   = -1 // the artificial arc from a node to the root
	artDown = -2 // the artificial arc from the root to a node

	infinite = 1 << 62 // stands for "no bound" among residual capacities
	limit    = 1 << 61 // no excess may be larger, so that sums of two and of an excess and infinite fit
)

// arc is one arc as the search sees it: oriented so that it carries nothing while it is outside of the tree. An arc that
// rests at its upper bound is stored flipped, from its head to its tail with its cost negated. A violated optimality
// condition is then a negative cost + pi[from] - pi[to] and nothing else, and arcs of the tree, whose reduced cost is exactly
// zero, need no mark: pricing reads 16 bytes an arc.
type arc struct {
	from, to int32
	cost     int64
}

// search is the state of one run. Its slices are made once by newSearch and are its own.
//
// The tree is kept in the indices of Barr, Glover and Klingman (1979), as Király and Kovács (2012) describe them: thread
// is a preorder, size and last the number of nodes and the last node in preorder of each subtree. The flow on the tree arc
// of v is kept with v as two residual capacities, towards the root and away from it; other arcs carry nothing in their own
// orientation, so no flow is stored for them.
type search struct {
	p    *Problem
	n, m int
	root int32 // node n, which the problem does not have

	arcs    []arc // in the order of pricing, see shuffle
	order   shuffle
	free    []uint64 // bit a: the upper bound of arc a cannot bind
	artCost int64    // cost of an artificial arc

	// Nodes have numbers of their own too, which change now and then, see renumber.
	node []int32 // the problem's number of the search's node v
	id   []int32 // inverse of node

	pi     []int64 // pi[v]; only differences mean something: they are exact even where pi itself wraps around
	parent []int32
	pred   []int32 // the tree arc from v to parent[v], or artUp or artDown
	up     []int64 // how much more can be sent from v to parent[v]; > 0 for every v: the tree is strongly feasible
	down   []int64 // how much more can be sent from parent[v] to v
	size   []int32
	thread []int32
	back   []int32 // inverse of thread
	last   []int32

	scratch []int32 // for renumber
	longs   []int64 // for renumber

	next        int32 // where pricing goes on
	block       int32 // arcs priced at a time
	most        int32 // the largest block
	priced      int64 // arcs priced since the block was adapted
	touched     int64 // nodes touched by pivots since then
	walked      int64 // nodes touched by pivots since nodes were renumbered
	watch       bool  // Auto has not looked yet, see deep
	seenPriced  int64 // arcs priced in all
	seenTouched int64 // nodes touched in all
	pivots      int64
	effort      int64 // nodes and arcs looked at since the limits were looked at
	objective   float64
}

// capacity returns how much arc a of the search can carry beyond its lower bound, at most infinite.
func (s *search) capacity(a int32) int64 {
	if s.free[a/64]>>(a%64)&1 != 0 || s.p.Upper == nil {
		return infinite
	}
	at := s.order.problem(a)
	u := s.p.Upper[at]
	if u == Inf {
		return infinite
	}
	return min(u-s.p.lower(at), infinite)
}

// flipped reports whether arc a of the search lies against its direction in the problem.
func (s *search) flipped(a int32) bool {
	from := s.arcs[a].from
	return from != s.root && s.node[from] != s.p.Tail[s.order.problem(a)]
}

// flip turns arc a around.
func (s *search) flip(a int32) {
	e := &s.arcs[a]
	e.from, e.to, e.cost = e.to, e.from, -e.cost
}

// cycle is what a pivot does to the flow: the entering arc closes a cycle with the tree, and delta units go around it.
type cycle struct {
	join   int32 // the node of the cycle nearest to the root
	leaves int32 // the leaving arc is the tree arc of this node; -1 when the entering arc itself is the first to be full
	atFrom bool  // leaves lies on the way from join to the tail of the entering arc
	delta  int64
}

// findCycle finds the cycle that arc e closes, and its leaving arc by Cunningham's rule (1976): of the arcs that become
// full, the last one in the direction of the entering arc, counted from join. This keeps the tree strongly feasible, so
// that the method cannot cycle.
func (s *search) findCycle(e int32) cycle {
	size, parent := s.size, s.parent
	u, v := s.arcs[e].from, s.arcs[e].to
	delta := s.capacity(e)
	leaveFrom, leaveTo := int32(-1), int32(-1)
	steps := int64(0)
	for u != v {
		// A node and its ancestor never have the same size, so the one with the smaller subtree is not above the other.
		if size[u] < size[v] {
			if d := s.down[u]; d < delta {
				delta, leaveFrom = d, u
				leaveTo = -1
			}
			u = parent[u]
		} else {
			if d := s.up[v]; d <= delta {
				delta, leaveTo = d, v
			}
			v = parent[v]
		}
		steps++
	}
	s.effort += steps
	s.touched += steps
	c := cycle{join: u, leaves: leaveTo, delta: delta}
	if leaveTo < 0 {
		c.leaves, c.atFrom = leaveFrom, leaveFrom >= 0
	}
	return c
}

// push sends delta units around the cycle that arc e closes.
func (s *search) push(e int32, c cycle) {
	for u := s.arcs[e].from; u != c.join; u = s.parent[u] {
		s.down[u] -= c.delta
		s.up[u] += c.delta
	}
	for v := s.arcs[e].to; v != c.join; v = s.parent[v] {
		s.up[v] -= c.delta
		s.down[v] += c.delta
	}
}

// exchange replaces the tree arc of q = c.leaves by arc e: the subtree of q is rooted anew at the end of e inside of it,
// and hung from the other end.
func (s *search) exchange(e int32, c cycle, reduced int64) {
	parent, pred, thread, back, last, size := s.parent, s.pred, s.thread, s.back, s.last, s.size
	q := c.leaves
	in, out := s.arcs[e].to, s.arcs[e].from
	eUp, eDown := s.capacity(e)-c.delta, c.delta // residual of e from its tail to its head, and back
	shift := reduced
	eUp, eDown = eDown, eUp // in is the head: up from in is against e
	if c.atFrom {
		in, out = out, in
		eUp, eDown = eDown, eUp
		shift = -reduced
	}

	// The arc that leaves: at its upper bound if it is full in its own direction.
	if a := pred[q]; a >= 0 && (s.arcs[a].from == q) == !c.atFrom {
		s.flip(a)
	}

	// Take the subtree out of the preorder, and out of the counts up to join.
	moved, oldLast, before := size[q], last[q], back[q]
	after := thread[oldLast]
	thread[before], back[after] = after, before
	for v := parent[q]; v != c.join; v = parent[v] {
		size[v] -= moved
	}
	for v := parent[q]; v >= 0 && last[v] == oldLast; v = parent[v] {
		last[v] = before
	}

	// Root it at in: walk from in to q, turning each tree arc around. In preorder the subtree of each node on the way
	// comes as a whole, then what is left of its parent's: the part before it and the part after it.
	end := last[in]
	endIn := end         // last of the previous node on the way, as it was
	rest := thread[end]  // what follows it in the old order
	piece := back[in]    // the node before it in the old order
	prevSize := size[in] // as it was
	par, edge, u, d := out, e, eUp, eDown
	for v := in; ; {
		nextPar, nextEdge, nextUp, nextDown := parent[v], pred[v], s.up[v], s.down[v]
		parent[v], pred[v], s.up[v], s.down[v] = par, edge, u, d
		if v == q {
			break
		}
		par, edge, u, d = v, nextEdge, nextDown, nextUp
		v = nextPar

		lastV, backV, sizeV := last[v], back[v], size[v]
		size[v] = moved - prevSize
		prevSize = sizeV
		thread[end], back[v] = v, end
		end = piece
		if lastV != endIn {
			tail := thread[lastV]
			thread[end], back[rest] = rest, end
			end, endIn, rest = lastV, lastV, tail
		}
		piece = backV
	}
	size[in] = moved
	for v := q; v != out; v = parent[v] {
		last[v] = end
	}

	// Hang it from out, first among the children.
	after = thread[out]
	thread[out], back[in] = in, out
	thread[end], back[after] = after, end
	for v := out; v != c.join; v = parent[v] {
		size[v] += moved
	}
	for v := out; v >= 0 && last[v] == out; v = parent[v] {
		last[v] = end
	}

	// Potentials are right up to a constant, so the smaller side is the one to change.
	if int(moved) <= s.n/2 {
		for v := in; v != after; v = thread[v] {
			s.pi[v] += shift
		}
		s.effort += int64(moved)
		s.touched += int64(moved)
		return
	}
	for v := after; v != in; v = thread[v] {
		s.pi[v] -= shift
	}
	s.effort += int64(s.n) - int64(moved)
	s.touched += int64(s.n) - int64(moved)
}
