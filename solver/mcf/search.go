package mcf

import (
	"context"
	"math"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
)

// Constants of the run.
const (
	checkEvery    = 1 << 18 // arcs and nodes looked at between two looks at the limits: about a millisecond
	progressEvery = 4096    // pivots between two calls of OnProgress

	// Pricing a larger block of arcs takes longer and saves pivots. The best size depends on what a pivot costs, and that
	// differs by a factor of 20 between flat trees (homes around resources) and deep ones. So every adaptEvery pivots the
	// block is made an eighth smaller or larger, towards priceBase arcs a pivot and priceShare more for each node that a
	// pivot touches. Against the square root of the number of arcs, the usual size, 200 and 2 take 0.9 of the time on care
	// 20,000 x 8,000, 0.86 on netgen_8_14a, 0.75 on firmament 1000m, 1.0 on goto_8_12a and 1.2 on goto_sr_10a; 320 and 1 take
	// 0.83 to 1.04 of that, see docs/decisions/0013-network-simplex-or-cost-scaling.md.
	adaptEvery = 64
	priceBase  = 320
	priceShare = 1
	minBlock   = 16
	mostBlock  = 4 // times the square root of the number of arcs

	// Nodes are numbered anew when pivots have touched this many times as many nodes as there are nodes and arcs: 1 and 16
	// took a tenth longer than 4.
	renumberAfter = 4
)

// newSearch sets up the arcs and the starting tree. It refuses numbers that could overflow later.
//
// Every bound is proved from the problem's own numbers. Let B be the sum over nodes of the largest |cost| among the arcs at
// the node. A simple path or cycle costs at most B in absolute value, since each of its arcs can be charged to a node of its
// own. An artificial arc costs artCost = B/2 + 1: then taking two artificial arcs out of use for any path between their nodes
// always pays, so that in an optimal basis artificial arcs carry flow only if there is no such path, that is, if the problem
// is infeasible; no larger number is needed, and this one is not guessed. Two potentials of a tree differ by at most
// 2 artCost + B = 2B + 2, and a reduced cost is at most 5/2 B + 2 < 2^63 for B <= 2^61.
func newSearch(ctx context.Context, p *Problem, start *Basis) (*search, error) {
	n, m := len(p.Supply), len(p.Tail)
	s := &search{p: p, n: n, m: m, root: int32(n), order: newShuffle(m), free: make([]uint64, (m+63)/64)}
	if err := s.setCosts(); err != nil {
		return nil, err
	}
	ints := make([]int32, 9*(n+1))
	for i, f := range []*[]int32{&s.parent, &s.pred, &s.size, &s.thread, &s.back, &s.last, &s.node, &s.id, &s.scratch} {
		*f = ints[i*(n+1) : (i+1)*(n+1) : (i+1)*(n+1)]
	}
	longs := make([]int64, 4*(n+1))
	for i, f := range []*[]int64{&s.pi, &s.up, &s.down, &s.longs} {
		*f = longs[i*(n+1) : (i+1)*(n+1) : (i+1)*(n+1)]
	}
	s.scratch, s.longs = s.scratch[:n], s.longs[:n]
	s.parent[s.root], s.pred[s.root] = -1, artUp
	for v := range s.root + 1 {
		s.node[v], s.id[v] = v, v
	}
	s.most = max(minBlock, int32(mostBlock*math.Sqrt(float64(m))))
	s.block = max(minBlock, s.most/mostBlock)

	excess, err := p.excess()
	if err != nil {
		return nil, err
	}
	s.freeArcs(excess)
	if start == nil {
		start = s.crash(ctx, excess)
	}
	if start != nil {
		warm := append([]int64(nil), excess...)
		if s.raise(start.upper, warm) && s.plant(start, warm) {
			return s, nil
		}
		// The flows that the basis implies are too large to compute with: begin anew.
		if err := s.setCosts(); err != nil {
			return nil, err
		}
	}
	if !s.plant(nil, excess) {
		return nil, refuse("/supply", -1, "the supply of a node, with the lower bounds at it, must be below 2^61", 0)
	}
	return s, nil
}

// freeArcs finds the arcs whose upper bound cannot bind, and lets the search take them for unbounded: those with none, those
// from a node that no arc leads to with room for all that it sends, and those to a node that no arc leaves with room for all
// that it takes. An assignment with capacities 1 becomes a plain transportation problem: no arc rests at its upper bound, and
// a home may hang from the resource that serves it.
func (s *search) freeArcs(excess []int64) {
	const in, out = 1, 2
	touched := make([]uint8, s.n+1)
	for i := range s.arcs {
		touched[s.arcs[i].from] |= out
		touched[s.arcs[i].to] |= in
	}
	for i := range int32(s.m) {
		e := &s.arcs[i]
		if e.from == s.root {
			continue
		}
		if room := s.capacity(i); room >= infinite && s.p.upper(s.order.problem(i)) == Inf ||
			touched[e.from] == out && 0 <= excess[e.from] && excess[e.from] <= room ||
			touched[e.to] == in && excess[e.to] <= 0 && -excess[e.to] <= room {
			s.free[i/64] |= 1 << (i % 64)
		}
	}
}

// setCosts fills arcs, every one at its lower bound. Self loops and arcs that can carry only one amount are left out of the
// search: they touch the root only.
func (s *search) setCosts() error {
	p := s.p
	if s.arcs == nil {
		s.arcs = make([]arc, s.m)
	}
	largest := make([]uint64, s.n)
	worst, worstCost := 0, uint64(0)
	for i := range s.arcs {
		a := int(s.order.problem(int32(i)))
		from, to, c := p.Tail[a], p.Head[a], p.Cost[a]
		if from == to || s.capacity(int32(i)) == 0 {
			s.arcs[i] = arc{s.root, s.root, 0}
			continue
		}
		s.arcs[i] = arc{from, to, c}
		size := magnitude(c)
		largest[from] = max(largest[from], size)
		largest[to] = max(largest[to], size)
		if size > worstCost {
			worst, worstCost = a, size
		}
	}
	sum := uint64(0)
	for _, c := range largest {
		if sum += c; c > limit || sum > limit {
			return refuse("/cost", worst, "the largest costs at the nodes, added up, must be below 2^61; this cost is the largest", p.Cost[worst])
		}
	}
	s.artCost = int64(sum/2) + 1
	return nil
}

// excess returns what each node has left over when every arc carries its lower bound.
func (p *Problem) excess() ([]int64, error) {
	excess := append([]int64(nil), p.Supply...)
	for a, low := range p.Lower {
		if low == 0 {
			continue
		}
		var ok1, ok2 bool
		from, to := p.Tail[a], p.Head[a]
		excess[from], ok1 = add64(excess[from], -low)
		excess[to], ok2 = add64(excess[to], low)
		if !ok1 || !ok2 {
			return nil, refuse("/lower", a, "the lower bounds at a node add up to more than 2^63", low)
		}
	}
	sum := uint64(0)
	for v, ex := range excess {
		size := magnitude(ex)
		if sum += size; size > limit || sum > limit {
			return nil, refuse("/supply", v, "supplies, with the lower bounds of the arcs, add up to more than 2^61", p.Supply[v])
		}
	}
	return excess, nil
}

// raise puts the arcs of the list, by the problem's index, to their upper bounds and takes the flow into account; arcs that
// have none, and arcs left out of the search, stay. It returns false if the sums do not fit.
func (s *search) raise(list []int32, excess []int64) bool {
	for _, a := range list {
		a = s.order.search(a)
		e := s.arcs[a]
		c := s.capacity(a)
		if c == infinite || e.from == s.root || s.flipped(a) {
			continue
		}
		var ok1, ok2 bool
		excess[e.from], ok1 = add64(excess[e.from], -c)
		excess[e.to], ok2 = add64(excess[e.to], c)
		if !ok1 || !ok2 {
			return false
		}
		s.flip(a)
	}
	return true
}

// outcome says how a run ended.
type outcome struct {
	stop  solver.Stop // StopProved: no arc is left to enter, or cycle is set
	cycle []int32     // a cycle of negative cost and no upper bound
	deep  bool        // pivots are so slow that cost scaling should go on
}

// run pivots until no arc violates its optimality condition, or until a limit.
func (s *search) run(ctx context.Context, opts *Options) (outcome, error) {
	nextProgress := s.pivots + progressEvery
	for {
		e, reduced, found := s.price(ctx)
		if s.effort >= checkEvery {
			s.effort = 0
			if stop := stopOf(ctx); stop != solver.StopNone {
				return outcome{stop: stop}, nil
			}
		}
		if !found {
			return outcome{stop: solver.StopProved}, nil
		}
		if opts.WorkLimit > 0 && s.pivots >= opts.WorkLimit {
			return outcome{stop: solver.StopWork}, nil
		}
		c := s.findCycle(e)
		if c.delta >= limit || s.blockedAtInfinite(c) {
			return s.endless(e, c)
		}
		s.pivots++
		s.objective += float64(reduced) * float64(c.delta)
		if c.delta > 0 {
			s.push(e, c)
		}
		if c.leaves < 0 {
			s.flip(e)
		} else {
			s.exchange(e, c, reduced)
		}
		if s.pivots%adaptEvery == 0 {
			s.adapt()
			if s.deep() {
				return outcome{deep: true}, nil
			}
			if s.walked > renumberAfter*int64(s.n+s.m) {
				s.renumber()
			}
		}
		if opts.OnProgress != nil && s.pivots >= nextProgress {
			nextProgress += progressEvery
			opts.OnProgress(Progress{Pivots: s.pivots, Objective: s.objective})
		}
	}
}

// adapt moves the block size a step towards priceBase and priceShare.
func (s *search) adapt() {
	if want := adaptEvery*priceBase + priceShare*s.touched; s.priced > want {
		s.block = max(minBlock, s.block-s.block/8)
	} else {
		s.block = min(s.most, s.block+s.block/8)
	}
	s.walked += s.touched
	s.seenPriced += s.priced
	s.seenTouched += s.touched
	s.priced, s.touched = 0, 0
}

// price returns the arc to enter: of the first block of arcs that holds any with a negative reduced cost, going around from
// where the last search ended, the one whose reduced cost is least. Found is false if no arc has one, or if ctx ended.
func (s *search) price(ctx context.Context) (e int32, reduced int64, found bool) {
	m := int32(s.m)
	arcs, pi := s.arcs, s.pi
	best, bestAt := int64(0), int32(-1)
	at := s.next
	for left := m; left > 0; {
		stop := at + min(s.block, left, m-at)
		for i, a := range arcs[at:stop] {
			if r := a.cost + pi[a.from] - pi[a.to]; r < best {
				best, bestAt = r, at+int32(i)
			}
		}
		left -= stop - at
		s.effort += int64(stop - at)
		s.priced += int64(stop - at)
		if at = stop; at == m {
			at = 0
		}
		if best < 0 {
			break
		}
		if s.effort >= checkEvery && stopOf(ctx) != solver.StopNone {
			return 0, 0, false // run looks again
		}
	}
	s.next = at
	return bestAt, best, bestAt >= 0
}

// stopOf translates the end of a context.
func stopOf(ctx context.Context) solver.Stop {
	switch ctx.Err() {
	case nil:
		return solver.StopNone
	case context.DeadlineExceeded:
		return solver.StopTime
	default:
		return solver.StopCancelled
	}
}

// blockedAtInfinite reports whether the arc that stops the flow of c is full only because "no bound" is a number here.
func (s *search) blockedAtInfinite(c cycle) bool {
	if c.leaves < 0 {
		return c.delta >= infinite
	}
	a := s.pred[c.leaves]
	if a < 0 {
		return (a == artUp) == !c.atFrom
	}
	return (s.arcs[a].from == c.leaves) == !c.atFrom && s.capacity(a) >= infinite
}

// endless deals with a flow too large to compute with: either the cycle has no bound at all, or some arc of it does.
func (s *search) endless(e int32, c cycle) (outcome, error) {
	bounded, artificial := int32(-1), false
	var there, back []int32
	look := func(a int32, forward bool) {
		if a < 0 {
			artificial = true
		} else if at := s.order.problem(a); !forward || s.flipped(a) || s.p.upper(at) != Inf {
			bounded = at
		}
	}
	look(e, true)
	for u := s.arcs[e].from; u != c.join; u = s.parent[u] {
		look(s.pred[u], s.pred[u] >= 0 && s.arcs[s.pred[u]].to == u)
		there = append(there, s.pred[u])
	}
	for v := s.arcs[e].to; v != c.join; v = s.parent[v] {
		look(s.pred[v], s.pred[v] >= 0 && s.arcs[s.pred[v]].from == v)
		back = append(back, s.pred[v])
	}
	if bounded >= 0 {
		return outcome{}, refuse("/upper", int(bounded), "the flow on a cycle through this arc exceeds 2^61", s.p.upper(bounded))
	}
	if artificial {
		return outcome{}, refuse("/supply", -1, "supplies and capacities add up to more than 2^61", 0)
	}
	arcs := make([]int32, 0, len(there)+1+len(back))
	for _, a := range slices.Backward(there) {
		arcs = append(arcs, a)
	}
	arcs = append(arcs, e)
	arcs = append(arcs, back...)
	for i, a := range arcs {
		arcs[i] = s.order.problem(a)
	}
	return outcome{stop: solver.StopProved, cycle: arcs}, nil
}

// add64 returns a + b, and false if it does not fit.
func add64(a, b int64) (int64, bool) {
	sum := a + b
	return sum, (a^sum)&(b^sum) >= 0
}

// magnitude returns |x|.
func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}
