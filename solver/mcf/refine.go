package mcf

import (
	"context"

	"github.com/courtyard-care/courtyard/solver"
)

// far is the rank of a node that no search has reached.
const far = 1 << 30

// refine makes a flow of the pseudoflow and keeps it ε-optimal. Short is true when it finds that some supply cannot get out.
// It takes O(n^2 m) time at worst, and a few hundred looks at each link in practice.
func (c *scaling[T]) refine(ctx context.Context) (stop solver.Stop, short bool) {
	c.from, c.in = 0, 0
	for v := range int32(c.n) {
		if c.excess[v] > 0 {
			c.enqueue(v)
		}
	}
	defer func() {
		if c.in > 0 {
			clear(c.queued)
		}
	}()
	for stale := true; c.in > 0; stale = c.work-c.updated >= int64(c.n) {
		if stale {
			if !c.update(ctx) {
				return solver.StopProved, true
			}
		}
		if v := c.queue[c.from]; c.excess[v] > 0 {
			c.augment(v)
		} else {
			c.dequeue()
		}
		if c.ended(ctx) {
			return stopOf(ctx), false
		}
		if c.workLimit > 0 && c.work >= c.workLimit {
			return solver.StopWork, false
		}
	}
	return solver.StopNone, false
}

// augment walks from v over links of negative reduced cost, pathLength of them or to a node that has too little, and sends
// what fits along the way. Where the walk cannot go on, it relabels and steps back.
func (c *scaling[T]) augment(v int32) {
	var path, tips [pathLength]int32
	links, pi, first, mult := c.links, c.pi, c.first, c.mult
	tip, steps := v, 0
	for steps < pathLength && (tip == v || c.excess[tip] >= 0) {
		lo, hi, mid := first[tip], first[tip+1], c.now[tip]
		price := pi[tip]
		// The link back over the path has no room yet, but will have.
		least, arg := int64(infinite), lo
		if steps > 0 {
			l := &links[path[steps-1]]
			least, arg = price-int64(l.cost)*mult-pi[tips[steps-1]], l.rev
		}
		for i := mid; i < hi; i++ {
			if l := &links[i]; l.room > 0 {
				if r := int64(l.cost)*mult + price - pi[l.head]; r < least {
					if least, arg = r, i; r < 0 {
						break
					}
				}
			}
		}
		if least >= 0 {
			for i := lo; i < mid; i++ {
				if l := &links[i]; l.room > 0 {
					if r := int64(l.cost)*mult + price - pi[l.head]; r < least {
						if least, arg = r, i; r < 0 {
							break
						}
					}
				}
			}
		}
		c.now[tip] = arg
		c.effort += int64(hi - lo)
		if least < 0 {
			path[steps], tips[steps] = arg, tip
			steps++
			tip = links[arg].head
			continue
		}
		if least == infinite { // nothing leaves v at all: an update shall say so
			c.updated = c.work - int64(c.n)
			return
		}
		pi[tip] = price - least - 1<<c.shift
		c.work++
		if steps > 0 {
			steps--
			tip = tips[steps]
		}
		if c.work-c.updated >= int64(c.n) { // perhaps there is no way out
			break
		}
	}
	u := v
	for _, i := range path[:steps] {
		l := &links[i]
		c.send(u, l, min(c.excess[u], int64(l.room)))
		if u = l.head; c.excess[u] > 0 {
			c.enqueue(u)
		}
	}
}

// update lowers the potential of each node by ε times its distance to the nodes that have too little, where a link of reduced
// cost r has the length ⌊r/ε⌋ + 1 (Goldberg 1997): Dial's buckets, backwards. It ends when all nodes that have too much are
// reached. It returns false if one cannot be: its supply has no way out. If ctx ends first it changes nothing.
func (c *scaling[T]) update(ctx context.Context) bool {
	c.updated = c.work
	n := int32(c.n)
	links, pi, mult := c.links, c.pi, c.mult
	left, cut := 0, false
	for v := range n {
		c.rank[v] = far
		if c.excess[v] < 0 {
			c.rank[v] = 0
			c.insert(v, 0)
		} else if c.excess[v] > 0 {
			left++
		}
	}
	k, top := int32(0), int32(0)
	for left > 0 {
		u := c.bucket[k]
		if u < 0 {
			if k++; k > top {
				break
			}
			continue
		}
		c.remove(u, k)
		price := pi[u]
		for i := c.first[u]; i < c.first[u+1]; i++ {
			l := &links[i]
			if l.back == 0 {
				continue
			}
			v := l.head
			old := c.rank[v]
			if old <= k {
				continue
			}
			// Reduced costs are at least -ε, so lengths at least 0. More than n ranks are not told apart.
			r := int32(min(int64(k)+1+(pi[v]-price-int64(l.cost)*mult)>>c.shift, int64(n)))
			if r < old {
				if old != far {
					c.remove(v, old)
				}
				c.rank[v] = r
				c.insert(v, r)
				top = max(top, r)
			}
		}
		c.effort += int64(c.first[u+1] - c.first[u])
		if c.excess[u] > 0 {
			left--
		}
		if c.ended(ctx) {
			c.effort, cut = checkEvery, true // for refine to see
			break
		}
	}
	for i := min(k, top); i <= top; i++ {
		c.bucket[i] = -1
	}
	if cut {
		return true
	}
	if left > 0 {
		return false
	}
	for v := range n {
		pi[v] -= int64(min(c.rank[v], k)) << c.shift
	}
	c.effort += 2 * int64(n)
	return true
}

// insert puts v into the bucket of rank k.
func (c *scaling[T]) insert(v, k int32) {
	w := c.bucket[k]
	c.next[v], c.prev[v] = w, -1
	if w >= 0 {
		c.prev[w] = v
	}
	c.bucket[k] = v
}

// remove takes v out of the bucket of rank k.
func (c *scaling[T]) remove(v, k int32) {
	p, w := c.prev[v], c.next[v]
	if p < 0 {
		c.bucket[k] = w
	} else {
		c.next[p] = w
	}
	if w >= 0 {
		c.prev[w] = p
	}
}
