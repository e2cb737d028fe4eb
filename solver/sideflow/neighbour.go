package sideflow

import (
	"cmp"
	"slices"

	"github.com/courtyard-care/courtyard/solver/internal/wide"
)

const (
	firstNodes = 24  // nodes set free at a time in the first pass
	lastNodes  = 192 // and in the last one, each pass taking twice as many
	widest     = 64  // a node that so many others send to is not walked through
	subNodes   = 40  // nodes of branch and bound for one part
	subWork    = 20_000
	mostGrown  = 4     // times the arcs that leave the nodes of a part may be in it
	largeLoss  = 0.002 // of all losses together
)

// parts is a search over parts of the problem, so that it can go on.
type parts struct {
	walk    *walk
	size    int
	losers  []loser
	next    int // of losers
	gained  bool
	covered []bool // nodes that were in a part of this pass
}

func (r *run) newParts() *parts {
	return &parts{walk: r.newWalk(), size: firstNodes, covered: make([]bool, len(r.p.Flow.Supply))}
}

// improve solves parts of the problem anew, the rest staying as it is in the flow in hand (large neighbourhood search: Shaw
// 1998): the flows out of some nodes and of the nodes that these lead to. A part grows from the node that loses most against
// the relaxation, through what it competes for, to the nodes that use it now. Parts are problems like this one and are
// solved by the same search, without this step. It ends when a pass over all losers gains nothing at the largest size, when
// so much work was done, or at a limit.
func (q *parts) improve(work int64) error {
	r := q.walk.r
	if r.best == nil || r.part || !r.strong.hasBound {
		return nil
	}
	for before := r.work; q.size <= lastNodes; {
		if q.next == len(q.losers) {
			if q.losers != nil && !q.gained {
				if q.size *= 2; q.size > lastNodes {
					return nil
				}
			}
			q.losers, q.next, q.gained = q.walk.losers(), 0, false
			clear(q.covered)
			if len(q.losers) == 0 {
				return nil
			}
		}
		l := q.losers[q.next]
		if q.next++; q.covered[l.node] {
			continue
		}
		for size := q.size; size <= lastNodes; size *= 2 {
			nodes := q.walk.grow(l.node, size)
			better, err := r.solvePart(q.walk, nodes)
			if err != nil || r.stopped() || r.closed() {
				return err
			}
			for _, u := range nodes {
				q.covered[u] = q.covered[u] || size == q.size
			}
			if q.gained = q.gained || better; better || l.loss < largeLoss {
				break // only a large loser is worth larger parts at once
			}
		}
		if r.work-before >= work {
			return nil
		}
	}
	return nil
}

// walk finds the arcs around nodes.
type walk struct {
	r        *run
	out, in  [][]int32 // arcs of each node
	seen     []int32   // of nodes, by stamp
	stamp    int32
	number   []int32 // of nodes in a part
	rowIndex []int32
	order    []int32
}

func (r *run) newWalk() *walk {
	n := len(r.p.Flow.Supply)
	w := &walk{r: r, out: make([][]int32, n), in: make([][]int32, n), seen: make([]int32, n), number: make([]int32, n)}
	for a, t := range r.p.Flow.Tail {
		if r.upper[a] == 0 {
			continue
		}
		w.out[t] = append(w.out[t], int32(a))
		w.in[r.p.Flow.Head[a]] = append(w.in[r.p.Flow.Head[a]], int32(a))
	}
	w.rowIndex = make([]int32, len(r.p.Rows))
	return w
}

// loser is a node whose flows cost more than at the best multipliers.
type loser struct {
	node int32
	loss float64 // its share of all losses
}

// losers returns the nodes that lose, those that lose most first.
func (w *walk) losers() []loser {
	r, s := w.r, w.r.strong
	s.point.copy(&s.best)
	s.evaluate(r.lower, r.upper)
	loss := make([]float64, len(w.seen))
	for a, x := range r.best {
		if d := x - s.flow[a]; d != 0 {
			loss[r.p.Flow.Tail[a]] += float64(float64(s.reduced[a]) * float64(d))
		}
	}
	var list []loser
	sum := 0.0
	for v, l := range loss {
		if l > 0 && len(w.out[v]) > 1 {
			list = append(list, loser{int32(v), l})
			sum += l
		}
	}
	for i := range list {
		list[i].loss /= sum
	}
	slices.SortFunc(list, func(x, y loser) int { return cmp.Or(cmp.Compare(y.loss, x.loss), cmp.Compare(x.node, y.node)) })
	return list
}

// grow returns about the given number of nodes around v: those that now use what the nodes before them could use.
func (w *walk) grow(v int32, size int) []int32 {
	f := &w.r.p.Flow
	w.stamp++
	w.seen[v] = w.stamp
	nodes := []int32{v}
	for i := 0; i < len(nodes) && len(nodes) < size; i++ {
		w.order = append(w.order[:0], w.out[nodes[i]]...)
		slices.SortFunc(w.order, func(x, y int32) int {
			return cmp.Or(cmp.Compare(w.r.strong.reduced[x], w.r.strong.reduced[y]), cmp.Compare(x, y))
		})
		for _, a := range w.order {
			if h := f.Head[a]; w.seen[h] != w.stamp && len(w.out[h]) > 0 && len(nodes) < size {
				w.seen[h] = w.stamp
				nodes = w.addUsers(nodes, h)
			}
		}
	}
	return nodes
}

// addUsers adds the nodes that send to h now, unless they are too many.
func (w *walk) addUsers(nodes []int32, h int32) []int32 {
	before := len(nodes)
	for _, b := range w.in[h] {
		if t := w.r.p.Flow.Tail[b]; w.r.best[b] > 0 && w.seen[t] != w.stamp {
			if len(nodes)-before == widest {
				break
			}
			w.seen[t] = w.stamp
			nodes = append(nodes, t)
		}
	}
	for i := before; i < len(nodes) && len(nodes) < before+widest; i++ { // and those that send to these
		for _, b := range w.in[nodes[i]] {
			if t := w.r.p.Flow.Tail[b]; w.r.best[b] > 0 && w.seen[t] != w.stamp {
				w.seen[t] = w.stamp
				nodes = append(nodes, t)
			}
		}
	}
	return nodes
}

// solvePart frees the arcs that leave the nodes and those that leave their heads, and solves for them. It reports whether a
// better flow was found.
func (r *run) solvePart(w *walk, nodes []int32) (bool, error) {
	p, keep, cost := w.part(nodes)
	if p == nil {
		return false, nil
	}
	opts := Options{WorkLimit: r.work + subWork}
	if r.opts.WorkLimit > 0 {
		opts.WorkLimit = min(opts.WorkLimit, r.opts.WorkLimit)
	}
	in := newRun(r.ctx, p, opts)
	in.part, in.work = true, r.work
	in.bestCost, in.priced = cost, true
	err := in.search()
	r.work = in.work
	if err != nil || in.best == nil {
		return false, err
	}
	flow := slices.Clone(r.best)
	for i, a := range keep {
		flow[a] = in.best[i]
	}
	return r.offer(flow), nil
}

// part makes the problem of some arcs, with all others as they are in the flow in hand. It returns the arcs and what they
// cost now; a nil problem if they cannot change.
func (w *walk) part(nodes []int32) (p *Problem, keep []int32, cost int64) {
	r, f := w.r, &w.r.p.Flow
	w.stamp++
	free := func(v int32) {
		if w.seen[v] != w.stamp {
			w.seen[v] = w.stamp
			keep = append(keep, w.out[v]...)
		}
	}
	for _, v := range nodes {
		free(v)
	}
	for i, most := 0, mostGrown*len(keep); i < len(keep) && len(keep) < most; i++ {
		free(f.Head[keep[i]])
	}
	slices.Sort(keep)
	p = &Problem{}
	g := &p.Flow
	w.stamp++
	node := func(v int32) int32 {
		if w.seen[v] != w.stamp {
			w.seen[v] = w.stamp
			w.number[v] = int32(len(g.Supply))
			g.Supply = append(g.Supply, 0)
		}
		return w.number[v]
	}
	var sum wide.Sum
	used := map[int32]bool{} // rows in the part
	at := map[int32]int32{}  // of each switch: its number in the part
	for _, a := range keep {
		t, h, x := node(f.Tail[a]), node(f.Head[a]), r.best[a]
		g.Supply[t] += x
		g.Supply[h] -= x
		g.Tail, g.Head = append(g.Tail, t), append(g.Head, h)
		g.Lower, g.Upper, g.Cost = append(g.Lower, r.lower[a]), append(g.Upper, r.upper[a]), append(g.Cost, f.Cost[a])
		sum.AddProduct(x, f.Cost[a])
		k := int32(len(g.Tail) - 1)
		for _, e := range r.rows.of(a) {
			if !used[e.row] {
				used[e.row] = true
				w.rowIndex[e.row] = int32(len(p.Rows))
				ex := r.excess(int(e.row), r.best)
				p.Rows = append(p.Rows, Row{Most: -ex.Near()})
			}
			row := &p.Rows[w.rowIndex[e.row]]
			row.Arc, row.Coef = append(row.Arc, k), append(row.Coef, e.coef)
			row.Most += e.coef * x
		}
		if s := r.switchOf[a]; s >= 0 {
			at[s] = int32(len(p.Switches))
			p.Switches = append(p.Switches, Switch{k, r.p.Switches[s].Least})
		}
	}
	for _, c := range r.p.Choices {
		var part Choice
		left := c.Most
		for _, s := range c.Switch {
			if k, ok := at[s]; ok {
				part.Switch = append(part.Switch, k)
			} else if r.best[r.p.Switches[s].Arc] > 0 {
				left--
			}
		}
		if len(part.Switch) > 0 {
			part.Most = left
			p.Choices = append(p.Choices, part)
		}
	}
	total, ok := sum.Int64()
	if !ok {
		return nil, nil, 0
	}
	return p, keep, total
}
