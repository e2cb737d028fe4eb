package transport

import "sync"

// part is a range of nodes that one goroutine works on, and a range of patches.
type part struct {
	from, to int32   // its nodes
	patches  int32   // the first of its patches; they end where those of the next part begin
	spill    []int32 // bidders between the parts who have lost their place here; nodes not inner that have a place open
	work     int64
}

const (
	// together is the number of free bidders from which it pays to let the parts work at once.
	together = 64
	// patchNodes is how many nodes make a patch: what their bidders read fits into a second-level cache.
	patchNodes = 1024
)

// queues hold the free bidders by patch, those between the parts apart from the others: a stack each, so that one patch after
// the other is worked on while it is in the cache.
type queues struct {
	of   []int32 // by bidder: its stack, which is a patch, or patches + a patch for those between the parts
	next []int32 // by bidder: the one below it in its stack
	top  []int32 // by stack: none if it is empty
	in   []int32 // by part, and last for those between: how many
}

// divide cuts the nodes into parts of about as many callers each, and the parts into patches.
func (a *auction[C, P]) divide(parts int) {
	k := int32(len(a.price))
	a.parts = make([]part, parts)
	patch := make([]int32, k) // by node
	all, seen, p, patches, start := len(a.e.in), 0, 0, int32(0), int32(0)
	for v := range k {
		for ; p < parts-1 && seen*parts >= all*(p+1); p++ {
			a.parts[p].to, a.parts[p+1].from = v, v
			patches, start = patches+1, v
			a.parts[p+1].patches = patches
		}
		if v-start >= patchNodes {
			patches, start = patches+1, v
		}
		patch[v] = patches
		seen += int(a.e.places[v].in.used)
	}
	for ; p < parts-1; p++ {
		a.parts[p].to, a.parts[p+1].from = k, k
		patches++
		a.parts[p+1].patches = patches
	}
	a.parts[p].to = k
	patches++
	a.patches = patches
	a.inner = make([]bool, k)
	for v := range a.inner {
		a.inner[v] = true
	}
	a.free = queues{
		of: make([]int32, len(a.bidders)), next: make([]int32, len(a.bidders)),
		top: make([]int32, 2*patches), in: make([]int32, parts+1),
	}
	for i := range a.free.top {
		a.free.top[i] = none
	}
	for r := range a.e.rows {
		x := &a.e.rows[r]
		arcs := a.e.arcs[x.from:x.to]
		stack := int32(0)
		if len(arcs) > 0 {
			stack = patch[arcs[0].node]
			home := a.partOf(stack)
			for _, h := range arcs {
				if h.node < a.parts[home].from || h.node >= a.parts[home].to {
					stack += patches
					break
				}
			}
		}
		for b := a.begin[r]; b < a.begin[r+1]; b++ {
			a.free.of[b] = stack
		}
		if stack >= patches {
			for _, h := range arcs {
				a.inner[h.node] = false
			}
		}
	}
	a.survey = survey{label: make([]int64, k), stand: make([]standing, len(a.bidders))}
}

// partOf returns the part of a stack, the number of parts for those between them.
func (a *auction[C, P]) partOf(stack int32) int {
	if stack >= a.patches {
		return len(a.parts)
	}
	p := 0
	for p+1 < len(a.parts) && stack >= a.parts[p+1].patches {
		p++
	}
	return p
}

// enqueue puts bidder b on its stack.
func (a *auction[C, P]) enqueue(b int32) {
	a.push(b)
	a.free.in[a.partOf(a.free.of[b])]++
}

// push is enqueue without counting.
func (a *auction[C, P]) push(b int32) {
	q := &a.free
	top := &q.top[q.of[b]]
	q.next[b], *top = *top, b
}

// inParts calls do for every part, at once if there are several, and adds their work up.
func (a *auction[C, P]) inParts(do func(p int)) {
	if len(a.parts) == 1 {
		do(0)
	} else {
		var all sync.WaitGroup
		for p := range a.parts {
			all.Go(func() { do(p) })
		}
		all.Wait()
	}
	for p := range a.parts {
		a.work += a.parts[p].work
		a.parts[p].work = 0
	}
}

// halted reports whether the search must stop.
func (a *auction[C, P]) halted() bool {
	return a.e.limit > 0 && a.e.work+a.work >= a.e.limit || a.e.ctx.Err() != nil
}

// run lets free bidders bid, until there are none (true) or about so many bids were made.
func (a *auction[C, P]) run(bids int64) bool {
	if a.e.limit > 0 {
		bids = min(bids, a.e.limit-a.e.work-a.work)
	}
	for limit := a.work + bids; ; {
		waiting := int32(0)
		for _, n := range a.free.in {
			waiting += n
		}
		switch {
		case waiting == 0:
			return true
		case a.work >= limit || a.halted():
			return false
		case len(a.parts) == 1 || waiting < together:
			a.runBetween(limit-a.work, 0)
		default:
			share := (limit-a.work)/int64(len(a.parts)) + 1
			a.inParts(func(p int) { a.runPart(p, share) })
			for p := range a.parts {
				for _, b := range a.parts[p].spill {
					a.enqueue(b)
				}
				a.parts[p].spill = a.parts[p].spill[:0]
			}
			a.runBetween(limit-a.work, a.patches)
		}
	}
}

// runPart lets the bidders of a part bid.
func (a *auction[C, P]) runPart(p int, bids int64) {
	at, q := &a.parts[p], &a.free
	to := a.patches
	if p+1 < len(a.parts) {
		to = a.parts[p+1].patches
	}
	for q.in[p] > 0 {
		for patch := at.patches; patch < to; patch++ {
			for q.top[patch] != none {
				if at.work >= bids || at.work%lookEvery == 0 && a.e.ctx.Err() != nil {
					return
				}
				at.work++
				b := q.top[patch]
				q.top[patch] = q.next[b]
				out := a.bid(b)
				switch {
				case out == none:
					q.in[p]--
				case q.of[out] < a.patches:
					a.push(out)
				default:
					q.in[p]--
					at.spill = append(at.spill, out)
				}
			}
		}
	}
}

// runBetween lets the bidders in all stacks from the given one on bid.
func (a *auction[C, P]) runBetween(bids int64, from int32) {
	q := &a.free
	limit := a.work + bids
	for busy := true; busy; {
		busy = false
		for stack := from; stack < int32(len(q.top)); stack++ {
			for q.top[stack] != none {
				busy = true
				if a.work >= limit || a.work%lookEvery == 0 && a.e.ctx.Err() != nil {
					return
				}
				a.work++
				b := q.top[stack]
				q.top[stack] = q.next[b]
				q.in[a.partOf(stack)]--
				if out := a.bid(b); out != none {
					a.enqueue(out)
				}
			}
		}
	}
}

// reverse lets open places above price 0 bid for units; each that takes one opens the place that is the next to bid. What is
// left after about so many bids the searches fill.
func (a *auction[C, P]) reverse(bids int64) {
	limit := a.work + bids
	share := bids/int64(len(a.parts)) + 1
	a.inParts(func(p int) {
		at := &a.parts[p]
		for v := at.from; v < at.to; v++ {
			for s := a.first[v]; s < a.first[v+1] && a.price[v] > 0; s++ {
				if a.places[s].bidder == none {
					a.refill(at, v, share)
				}
			}
		}
	})
	for p := range a.parts {
		for _, v := range a.parts[p].spill {
			for v != none && a.price[v] > 0 && a.work < limit {
				if a.work++; a.work%lookEvery == 0 && a.halted() {
					limit = a.work
				}
				v = a.offer(v)
			}
		}
		a.parts[p].spill = a.parts[p].spill[:0]
	}
}

// refill lets an open place of node v bid, then the one that it has opened, and so on as long as nodes are inner ones.
func (a *auction[C, P]) refill(at *part, v int32, bids int64) {
	for v != none && a.price[v] > 0 {
		if !a.inner[v] {
			at.spill = append(at.spill, v)
			return
		}
		if at.work >= bids || at.work%lookEvery == 0 && a.e.ctx.Err() != nil {
			return
		}
		at.work++
		v = a.offer(v)
	}
}
