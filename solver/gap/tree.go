package gap

import (
	"math"
	"math/rand/v2"
	"slices"
)

// node is a place of the search tree: what was taken out to get there from its parent.
type node struct {
	parent  *node
	depth   int
	removed []int32 // pairs, branching and all that followed; of a node not yet examined, the branching alone
	center  []float64
	step    float64
	bound   int64 // of the parent
}

// walker explores trees over one core, depth first. It owns a domain and a bundle.
type walker struct {
	c     *core
	d     *domain
	b     *bundle
	path  []*node // from the root to where the domain is
	marks []int   // length of the trail before each of them
	stack []*node
	limit int64      // answers must cost no more than this, in the units of value
	dive  bool       // fix many jobs at a time, and so miss some of the tree
	noise *rand.Rand // disturbs the shares that a dive follows; nil for none

	answer     []int32 // pairs of the best answer found, nil if none
	answerCost int64   // before scaling, less base
	nodes      int64
}

func newWalker(c *core) *walker {
	w := &walker{c: c, d: newDomain(c)}
	w.b = newBundle(c, w.d)
	return w
}

// ticks is the work done so far.
func (w *walker) ticks() int64 { return w.d.ticks + w.b.ticks + w.b.knap.ticks }

// goTo brings the domain to a node; false means that the node is empty.
func (w *walker) goTo(n *node) bool {
	var chain []*node
	for at := n; at != nil && (at.depth >= len(w.path) || w.path[at.depth] != at); at = at.parent {
		chain = append(chain, at)
	}
	depth := n.depth + 1 - len(chain)
	if depth < len(w.path) {
		w.d.undo(w.marks[depth])
		w.path, w.marks = w.path[:depth], w.marks[:depth]
	}
	for _, at := range slices.Backward(chain) {
		w.path = append(w.path, at)
		w.marks = append(w.marks, len(w.d.trail))
		for _, p := range at.removed {
			if !w.d.remove(p) {
				w.d.propagate()
				return false
			}
		}
		if !w.d.propagate() {
			return false
		}
	}
	return true
}

const (
	nodeSteps  = 8 // of the bundle at a node, at most
	nodeRepeat = 2 // times that a node is entered again after fixing
	diveLack   = 3 // units of cost: a dive follows the weights of the bundle, which must be good even far below the limit
	diveNoise  = 0.5
	diveSure   = 0.98
	diveLikely = 0.6
	diveShare  = 8 // a dive fixes one in so many open jobs at a node, if so many are likely
)

// step explores one node of the stack. stop is looked at between its parts; a node left unfinished goes back on the stack.
func (w *walker) step(stop func() bool) {
	n := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	if n.bound > w.limit {
		return
	}
	w.nodes++
	if !w.goTo(n) {
		return
	}
	if n.center != nil {
		copy(w.b.center, n.center)
		w.b.step = n.step
	}
	if !w.examine(stop) {
		return
	}
	if stop() {
		w.stack = append(w.stack, n)
		return
	}
	w.branch(n)
}

// examine bounds the domain and takes out what cannot be within the limit. It reports whether there is more to search.
func (w *walker) examine(stop func() bool) bool {
	for again := 0; ; again++ {
		if w.d.open == 0 {
			w.leaf()
			return false
		}
		w.b.enter()
		steps := nodeSteps
		if again > 0 {
			steps /= 2
		}
		for range steps {
			if w.b.value > w.limit {
				return false
			}
			if stop() {
				return true
			}
			predicted := w.b.improve()
			if predicted < w.enough() {
				break
			}
		}
		if w.b.value > w.limit {
			return false
		}
		w.b.measure()
		removed, ok := w.b.fixing(w.limit)
		if !ok {
			return false
		}
		if w.d.open == 0 {
			w.leaf()
			return false
		}
		if removed < 1+w.d.open/8 || again >= nodeRepeat {
			if removed > 0 {
				w.b.enter()
				if w.b.value > w.limit {
					return false
				}
				w.b.measure()
			}
			return true
		}
	}
}

// enough returns the rise, in units of cost, for which the bundle is worth no more steps.
func (w *walker) enough() float64 {
	lack := float64(w.limit-w.b.value) / float64(w.c.scale)
	if w.dive {
		lack = min(lack, diveLack)
	}
	return max(0.1*lack, 1e-4)
}

// leaf takes a domain in which every job is fixed as an answer.
func (w *walker) leaf() {
	for i := range w.c.agents {
		if !w.b.loaded(i) {
			return
		}
	}
	if w.d.cost*w.c.scale > w.limit {
		return
	}
	w.answer, w.answerCost = slices.Clone(w.d.fixed), w.d.cost
	w.limit = (w.d.cost - 1) * w.c.scale
}

// branch splits the domain at a job: one child keeps some of the job's pairs, the other the rest.
func (w *walker) branch(n *node) {
	c, d, b := w.c, w.d, w.b
	n.removed = nil
	for _, t := range d.trail[w.marks[n.depth]:] {
		if t >= 0 {
			n.removed = append(n.removed, t)
		}
	}
	share := w.shares()
	if w.dive {
		w.plunge(n, share)
		return
	}
	room := float64(w.limit-b.value) + 1
	bestScore, bestJob := math.Inf(-1), int32(-1)
	var bestKeep, keep, rest []int32
	for _, j := range b.jobs {
		if d.fixed[j] >= 0 {
			continue
		}
		absent := int64(0)
		first := int32(-1)
		least := int64(math.MaxInt64)
		for _, p := range c.pairsOf(j) {
			if !d.out[p] {
				absent += b.outCost[p]
			}
		}
		most := 0.0
		for _, p := range c.pairsOf(j) {
			if d.out[p] {
				continue
			}
			rise := b.in[p] - b.outCost[p]
			if first < 0 || share[p] > most+1e-9 || share[p] > most-1e-9 && rise < least {
				first, least, most = p, rise, share[p]
			}
		}
		// rise of the child that keeps the first pair, and of the one that keeps the others
		one := float64(least+absent) / room
		others := math.Inf(1)
		for _, p := range c.pairsOf(j) {
			if !d.out[p] && p != first {
				others = min(others, float64(b.in[p]+absent-b.outCost[p])/room)
			}
		}
		others = max(others, float64(b.outCost[first])/room)
		score := (0.05 + min(1, one)) * (0.05 + min(1, others)) * (0.2 + 4*most*(1-most))
		if score > bestScore {
			bestScore, bestJob = score, j
			keep = append(keep[:0], first)
			bestKeep = append(bestKeep[:0], keep...)
		}
	}
	keep, rest = bestKeep, rest[:0]
	for _, p := range c.pairsOf(bestJob) {
		if !d.out[p] && !slices.Contains(keep, p) {
			rest = append(rest, p)
		}
	}
	b.ticks += int64(4 * len(b.jobs))
	center := slices.Clone(b.center)
	child := func(removed []int32) *node {
		return &node{parent: n, depth: n.depth + 1, removed: slices.Clone(removed), center: center, step: b.step, bound: b.value}
	}
	w.stack = append(w.stack, child(keep), child(rest))
}

// plunge goes down from a node by fixing the jobs whose share is greatest, several at a time. The other child lacks the least
// sure of them alone, so that what has the others and not this one is searched, and the rest is not.
func (w *walker) plunge(n *node, share []float64) {
	c, d, b := w.c, w.d, w.b
	if w.noise != nil {
		for p := range share {
			if share[p] > 0 {
				share[p] *= 1 + diveNoise*(w.noise.Float64()-0.5)
			}
		}
	}
	var chosen []int32
	for _, j := range b.jobs {
		if d.fixed[j] >= 0 {
			continue
		}
		best := int32(-1)
		for _, p := range c.pairsOf(j) {
			if !d.out[p] && (best < 0 || share[p] > share[best]+1e-9 || share[p] > share[best]-1e-9 && b.in[p]-b.outCost[p] < b.in[best]-b.outCost[best]) {
				best = p
			}
		}
		chosen = append(chosen, best)
	}
	slices.SortStableFunc(chosen, func(p, q int32) int {
		switch {
		case share[p] > share[q]:
			return -1
		case share[p] < share[q]:
			return 1
		}
		return int(p - q)
	})
	count := 1
	for count < len(chosen) && (share[chosen[count]] > diveSure || share[chosen[count]] > diveLikely && count < d.open/diveShare) {
		count++
	}
	var removed []int32
	for _, p := range chosen[:count] {
		for _, q := range c.pairsOf(c.job[p]) {
			if q != p && !d.out[q] {
				removed = append(removed, q)
			}
		}
	}
	b.ticks += int64(8 * len(b.jobs))
	center := slices.Clone(b.center)
	child := func(removed []int32) *node {
		return &node{parent: n, depth: n.depth + 1, removed: removed, center: center, step: b.step, bound: b.value}
	}
	w.stack = append(w.stack, child([]int32{chosen[count-1]}), child(removed))
}

// shares returns, for each pair, its share in the fractional assignment of the bundle.
func (w *walker) shares() []float64 {
	share := make([]float64, len(w.c.job))
	for _, i := range w.b.agents {
		for _, col := range w.b.columns[i][:w.b.live[i]] {
			if col.weight > 0 {
				for _, p := range col.open {
					share[p] += col.weight
				}
			}
		}
	}
	return share
}
