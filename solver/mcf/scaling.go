package mcf

import (
	"context"
	"math/bits"

	"github.com/courtyard-care/courtyard/solver"
)

// Constants of cost scaling. What was measured stands in docs/decisions/0013-network-simplex-or-cost-scaling.md.
const (
	scaleShift   = 4 // ε of one phase is 2^scaleShift times that of the next
	pathLength   = 4 // arcs of a partial augmentation
	tightenScans = 8 // scans of a node, on average, before new potentials alone are given up
)

// link is one residual arc. The links of a node follow each other, so that a scan reads memory in order; what the link
// against it has room for is kept here too, so that a scan against the arcs reads the same memory. It takes 20 bytes where
// costs and capacities fit in 32 bits, else 32.
type link[T int32 | int64] struct {
	room T // how much more fits
	back T // room of the link against this one
	cost T
	head int32
	rev  int32 // the link against this one
}

// scaling is the state of one run of cost scaling (Goldberg and Tarjan 1990). It keeps a pseudoflow (nodes may have too much
// or too little) and potentials that make it ε-optimal: no link with room has a reduced cost mult*cost + pi[tail] - pi[head]
// below -ε. A phase makes a flow of it for a smaller ε, by partial augmentations and relabels as Bünnagel, Korte and Vygen
// (1998) and Király and Kovács (2012) have them, with Goldberg's (1997) global updates and price refinement.
//
// Where we depart: a phase fills only the arcs whose reduced cost is below -ε, not all below 0; it starts from potentials
// that price refinement has bettered even where that did not succeed; and a relabel sees all links of a node, from the one
// used last, so that it never misses one.
type scaling[T int32 | int64] struct {
	p    *Problem
	n    int
	mult int64 // n + 1: an ε-optimal flow of ε <= 1 is then optimal (Bertsekas 1979)
	most int64 // some optimal flow carries less than this on every arc

	first  []int32 // the links of v are links[first[v]:first[v+1]]
	links  []link[T]
	at     []int32 // the link of arc a; -1 for an arc that is left out
	pi     []int64
	excess []int64
	now    []int32 // the link of v that was used last
	shift  uint    // ε is 1 << shift

	queue    []int32 // ring of nodes to look at
	queued   []bool
	from, in int // its first place, and how many are in it

	rank       []int32 // of the global update
	bucket     []int32 // the first node of each rank, -1 if none
	next, prev []int32 // the lists of the buckets

	kept      []int64 // the flow in hand; nil if none
	updated   int64   // value of work at the last global update
	work      int64   // relabels, after the pivots that came before
	workLimit int64   // limit on work, 0 for none
	effort    int64   // links and nodes looked at since the limits were looked at
	progress  func(Progress)
}

// fits reports whether p can be solved by cost scaling, and whether in 32 bits; most is what some optimal flow stays below on
// every arc. It does not fit where a potential, or a sum of capacities, could pass 61 bits, or where arcs of negative cost
// have no upper bound.
//
// Some flow of least cost falls apart into ways of the supplies and cycles of negative cost, and each of these cycles uses up
// an arc of negative cost. So no arc need carry more than all supply and the capacities of those arcs.
//
// In a phase no potential falls by more than n (1 + 2^scaleShift) ε, by relabels (Goldberg and Tarjan 1990), nor by more than
// tightenScans n 2^scaleShift ε by price refinement; the ε of all phases add up to less than 2 (n + 1) largest / 2^scaleShift.
func (p *Problem) fits(excess []int64) (ok, small bool, most int64) {
	n, m := uint64(len(p.Supply)), len(p.Tail)
	sum, largest := uint64(1), uint64(0)
	for _, ex := range excess {
		sum += uint64(max(ex, 0))
	}
	for a, c := range p.Cost {
		room := p.capacity(int32(a))
		if room == 0 {
			continue
		}
		largest = max(largest, magnitude(c))
		if c < 0 {
			if sum += uint64(room); room == infinite || sum >= limit {
				return false, false, 0
			}
		}
	}
	all := sum
	for a := range p.Tail {
		if all += min(uint64(p.capacity(int32(a))), sum); all >= limit {
			return false, false, 0
		}
	}
	hi, size := bits.Mul64(largest, 4*(tightenScans+3)*(n+1)*(n+1))
	if hi != 0 || size >= limit || n >= 1<<28 || m >= 1<<29 {
		return false, false, 0
	}
	return true, largest < 1<<31 && sum < 1<<31, int64(sum)
}

// capacity returns how much arc a can carry beyond its lower bound, at most infinite.
func (p *Problem) capacity(a int32) int64 {
	u := p.upper(a)
	if u == Inf {
		return infinite
	}
	return min(u-p.lower(a), infinite)
}

// newScaling sets up the links of a problem that fits.
func newScaling[T int32 | int64](p *Problem, excess []int64, most int64) *scaling[T] {
	n, m := len(p.Supply), len(p.Tail)
	c := &scaling[T]{
		p: p, n: n, mult: int64(n) + 1, most: most, first: make([]int32, n+2), at: make([]int32, m),
		pi: make([]int64, n), excess: append([]int64(nil), excess...), queued: make([]bool, n),
	}
	ints := make([]int32, 6*n+1)
	for _, f := range []*[]int32{&c.now, &c.queue, &c.rank, &c.next, &c.prev} {
		*f, ints = ints[:n:n], ints[n:]
	}
	c.bucket = ints
	for i := range c.bucket {
		c.bucket[i] = -1
	}
	largest := uint64(0)
	for a, v := range p.Tail {
		c.at[a] = -1
		if v != p.Head[a] && p.capacity(int32(a)) > 0 {
			c.at[a] = 0
			c.first[v]++
			c.first[p.Head[a]]++
			largest = max(largest, magnitude(p.Cost[a]))
		}
	}
	for v := range n + 1 {
		c.first[v+1] += c.first[v]
	}
	// Filling in from the back of each node's share leaves first where it belongs.
	c.links = make([]link[T], c.first[n])
	for a := m - 1; a >= 0; a-- {
		if c.at[a] < 0 {
			continue
		}
		v, w := p.Tail[a], p.Head[a]
		c.first[v]--
		c.first[w]--
		i, j := c.first[v], c.first[w]
		room := T(min(p.capacity(int32(a)), most))
		c.at[a] = i
		c.links[i] = link[T]{room: room, cost: T(p.Cost[a]), head: w, rev: j}
		c.links[j] = link[T]{back: room, cost: T(-p.Cost[a]), head: v, rev: i}
	}
	copy(c.now, c.first)
	c.shift = uint(bits.Len64(largest * uint64(c.mult)))
	return c
}

// run goes through the phases. It returns StopProved when the flow is optimal, or when none exists: short is then true.
func (c *scaling[T]) run(ctx context.Context) (stop solver.Stop, short bool) {
	for first := true; first || c.shift > 0; first = false {
		c.shift -= min(c.shift, scaleShift)
		if !first && c.tighten(ctx, 1<<c.shift, tightenScans*int64(c.n)) {
			continue
		}
		c.saturate()
		if stop, short = c.refine(ctx); short || stop != solver.StopNone {
			return stop, short
		}
		c.keep()
	}
	return solver.StopProved, false
}

// saturate fills every link whose reduced cost is below -ε.
func (c *scaling[T]) saturate() {
	least := int64(-1) << c.shift
	for v := range int32(c.n) {
		price := c.pi[v]
		links := c.links[c.first[v]:c.first[v+1]]
		for i := range links {
			l := &links[i]
			if l.room > 0 && int64(l.cost)*c.mult+price-c.pi[l.head] < least {
				c.send(v, l, int64(l.room))
			}
		}
	}
	c.effort += int64(len(c.links))
}

// send sends x units from v over link l.
func (c *scaling[T]) send(v int32, l *link[T], x int64) {
	r := &c.links[l.rev]
	l.room -= T(x)
	r.back -= T(x)
	r.room += T(x)
	l.back += T(x)
	c.excess[v] -= x
	c.excess[l.head] += x
}

// keep takes the flow down, on the arcs of the problem.
func (c *scaling[T]) keep() {
	if c.kept == nil {
		c.kept = make([]int64, len(c.at))
	}
	cost := 0.0
	for a, i := range c.at {
		x := c.p.lower(int32(a))
		if i >= 0 {
			x += int64(c.links[i].back)
		} else if c.p.Cost[a] < 0 && c.p.Tail[a] == c.p.Head[a] {
			x = c.p.upper(int32(a))
		}
		c.kept[a] = x
		cost += float64(x) * float64(c.p.Cost[a])
	}
	c.effort += int64(len(c.at))
	if c.progress != nil {
		c.progress(Progress{Pivots: c.work, Objective: cost})
	}
}

// tighten looks for potentials that make the pseudoflow ε-optimal for ε = least, from the present ones (Bellman 1958, Ford,
// with a queue). It gives up, and returns false, after so many scans of a node, 0 meaning never, or when ctx ends; the
// potentials are better then all the same, since most links have no more to wish for.
func (c *scaling[T]) tighten(ctx context.Context, least, scans int64) bool {
	c.from, c.in = 0, 0
	for v := range int32(c.n) {
		c.enqueue(v)
	}
	pi := c.pi
	for n := int64(0); c.in > 0; n++ {
		if scans > 0 && n >= scans || c.ended(ctx) {
			clear(c.queued)
			return false
		}
		v := c.dequeue()
		price := pi[v] + least
		links := c.links[c.first[v]:c.first[v+1]]
		for i := range links {
			if l := &links[i]; l.room > 0 && int64(l.cost)*c.mult+price < pi[l.head] {
				pi[l.head] = int64(l.cost)*c.mult + price
				c.enqueue(l.head)
			}
		}
		c.effort += int64(len(links))
	}
	return true
}

// ended reports, about once in a millisecond, whether ctx ended.
func (c *scaling[T]) ended(ctx context.Context) bool {
	if c.effort < checkEvery {
		return false
	}
	c.effort = 0
	return ctx.Err() != nil
}

// enqueue puts v at the end of the queue unless it is in it.
func (c *scaling[T]) enqueue(v int32) {
	if c.queued[v] {
		return
	}
	c.queued[v] = true
	i := c.from + c.in
	if i >= c.n {
		i -= c.n
	}
	c.queue[i] = v
	c.in++
}

// dequeue takes the first node out of the queue.
func (c *scaling[T]) dequeue() int32 {
	v := c.queue[c.from]
	if c.from++; c.from == c.n {
		c.from = 0
	}
	c.in--
	c.queued[v] = false
	return v
}
