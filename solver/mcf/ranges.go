package mcf

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
)

// Range is every number from Low to High, both included. -Inf and Inf as ends mean that there is none.
type Range struct{ Low, High int64 }

// Ranges says how far the numbers of a problem may move, each alone, while an optimal answer stays what it is.
type Ranges struct {
	Cost   []Range // Cost[a]: with the cost of arc a in this range, the flow of the answer stays optimal
	Lower  []Range // Lower[a], Upper[a]: with the bound of arc a in this range, the potentials of the answer stay optimal ...
	Upper  []Range
	Supply []Range // ... and with the supply of node v in this range, while another node takes the difference
}

// Sensitivity returns the ranges of a basis of s, an optimal answer of [Solve] to p: textbook ranging (Ahuja, Magnanti and Orlin
// 1993, ch. 11) in integers. Node at takes the difference where supplies change. The basis is a spanning forest of arcs of
// reduced cost 0, those between their bounds first.
//
// Promised: anywhere within its range, each number alone, the flow (for costs) or the potentials (for bounds and supplies)
// belong to an optimal answer. The potentials then tell the objective: a unit more of an upper bound, or of a lower bound, is
// worth the arc's reduced cost where that is below, or above 0, and else nothing; a unit more of the supply of v costs
// Potential[at] - Potential[v]. A range of supply holds one number where no way of the forest joins v and at.
//
// Not promised: that the answer changes just outside. Where the answer is degenerate (an arc of the forest is at a bound, or
// one outside of it has a reduced cost of 0) a range may be too narrow, and another basis has others. [CostRange], [BoundRange]
// and [SupplyRange] return the widest for one number, in the time of a search each.
//
// It takes O(m log m) time for m arcs. The error says why s is not an optimal answer to p.
func Sensitivity(p *Problem, s *Solution, at int32) (*Ranges, error) {
	if err := mustBeOptimal(p, s); err != nil {
		return nil, err
	}
	if at < 0 || int(at) >= len(p.Supply) {
		return nil, fmt.Errorf("the node that takes the difference: the problem has no node %d", at)
	}
	f := newBasisForest(p, s)
	n, m := len(p.Supply), len(p.Tail)
	r := &Ranges{Cost: f.costs(), Lower: make([]Range, m), Upper: make([]Range, m), Supply: make([]Range, n)}
	for a := range int32(m) {
		there, back := int64(0), int64(0) // an arc of the forest cannot be gone round
		if t, h := p.Tail[a], p.Head[a]; !f.has(a) && t != h {
			there, back = f.path(h, t), f.path(t, h)
		} else if t == h {
			there, back = Inf, Inf
		}
		r.Lower[a], r.Upper[a] = boundRanges(p, s, a, there, back)
	}
	for v, b := range p.Supply {
		r.Supply[v] = Range{plus(b, -f.path(at, int32(v))), plus(b, f.path(int32(v), at))}
	}
	return r, nil
}

// mustBeOptimal returns what is wrong with s as an optimal answer to p.
func mustBeOptimal(p *Problem, s *Solution) error {
	if err := Check(p, s); err != nil {
		return fmt.Errorf("not an answer to this problem: %w", err)
	}
	if s.Status != solver.Optimal {
		return errors.New("ranges are those of an optimal answer; this one is " + s.Status.String())
	}
	return nil
}

// reduced returns the reduced cost of arc a.
func reduced(p *Problem, s *Solution, a int32) int64 {
	return p.Cost[a] + s.Potential[p.Tail[a]] - s.Potential[p.Head[a]]
}

// boundRanges returns the ranges of the bounds of arc a, where there more units can go over the arc, and back fewer, at no cost.
func boundRanges(p *Problem, s *Solution, a int32, there, back int64) (lower, upper Range) {
	x, low, high, r := s.Flow[a], p.lower(a), p.upper(a), reduced(p, s, a)
	lower = Range{0, plus(x, min(minus(high, x), there))} // the flow gives way to a bound that comes near ...
	upper = Range{x - min(x-low, back), Inf}
	if r > 0 { // ... and follows one that it leans on
		lower.Low = max(0, plus(x, -back))
	}
	if r < 0 {
		upper.High = plus(x, there)
	}
	return lower, upper
}

// basisForest is a forest of arcs of reduced cost 0, below a node n that joins its trees and that nothing can pass. Each node
// has a link to an ancestor further up (Myers 1983), so that a way in the forest is followed in O(log n) steps.
type basisForest struct {
	p      *Problem
	s      *Solution
	parent []int32
	via    []int32 // the arc to the parent; -1 for the top of a tree
	depth  []int32
	jump   []int32
	room   [][2]int64 // units that can go from v to its parent, and back
	leap   [][2]int64 // the least of that on the way from v to jump[v]
}

func newBasisForest(p *Problem, s *Solution) *basisForest {
	n, m := len(p.Supply), len(p.Tail)
	join := make([]int32, n)
	for v := range join {
		join[v] = int32(v)
	}
	start := make([]int32, n+2)
	tree := make([]int32, 0, n)
	for _, between := range []bool{true, false} {
		for a := range int32(m) {
			x := s.Flow[a]
			if between != (p.lower(a) < x && x < p.upper(a)) || reduced(p, s, a) != 0 {
				continue
			}
			if v, w := find(join, p.Tail[a]), find(join, p.Head[a]); v != w {
				join[v] = w
				tree = append(tree, a)
				start[p.Tail[a]+1]++
				start[p.Head[a]+1]++
			}
		}
	}
	for v := range n {
		start[v+1] += start[v]
	}
	next := slices.Clone(start[:n])
	at := make([]int32, 2*len(tree))
	for _, a := range tree {
		for _, v := range [2]int32{p.Tail[a], p.Head[a]} {
			at[next[v]] = a
			next[v]++
		}
	}
	f := &basisForest{
		p: p, s: s, parent: make([]int32, n+1), via: make([]int32, n+1), depth: make([]int32, n+1), jump: make([]int32, n+1),
		room: make([][2]int64, n+1), leap: make([][2]int64, n+1),
	}
	root := int32(n)
	f.parent[root], f.jump[root], f.via[root] = root, root, -1
	queue := make([]int32, 0, n)
	for top := range root {
		if f.depth[top] > 0 {
			continue
		}
		f.hang(top, root, -1)
		for queue = append(queue[:0], top); len(queue) > 0; {
			v := queue[len(queue)-1]
			queue = queue[:len(queue)-1]
			for _, a := range at[start[v]:start[v+1]] {
				if w := p.Tail[a] + p.Head[a] - v; f.depth[w] == 0 {
					f.hang(w, v, a)
					queue = append(queue, w)
				}
			}
		}
	}
	return f
}

// find returns the end of the chain from v, and halves it.
func find(chain []int32, v int32) int32 {
	for chain[v] != v {
		chain[v] = chain[chain[v]]
		v = chain[v]
	}
	return v
}

// hang hangs v from u by arc a, -1 for none.
func (f *basisForest) hang(v, u, a int32) {
	f.parent[v], f.via[v], f.depth[v] = u, a, f.depth[u]+1
	if a >= 0 {
		more, less := minus(f.p.upper(a), f.s.Flow[a]), f.s.Flow[a]-f.p.lower(a)
		if f.room[v] = [2]int64{more, less}; f.p.Tail[a] != v {
			f.room[v] = [2]int64{less, more}
		}
	}
	// A link skips as many nodes as the two before it together, where those skip equally many.
	j := f.jump[u]
	if k := f.jump[j]; f.depth[u]-f.depth[j] == f.depth[j]-f.depth[k] {
		f.jump[v] = k
		for way := range 2 {
			f.leap[v][way] = min(f.room[v][way], f.leap[u][way], f.leap[j][way])
		}
		return
	}
	f.jump[v], f.leap[v] = u, f.room[v]
}

// has reports whether arc a belongs to the forest.
func (f *basisForest) has(a int32) bool {
	return f.via[f.p.Tail[a]] == a || f.via[f.p.Head[a]] == a
}

// path returns how many units can go from u to v in the forest.
func (f *basisForest) path(u, v int32) int64 {
	room := int64(Inf)
	f.walk(u, v, func(x int32, far bool, way int) int32 {
		if far {
			room = min(room, f.leap[x][way])
			return f.jump[x]
		}
		room = min(room, f.room[x][way])
		return f.parent[x]
	})
	return room
}

// meet returns the nearest node above both u and v.
func (f *basisForest) meet(u, v int32) int32 {
	return f.walk(u, v, func(x int32, far bool, _ int) int32 {
		if far {
			return f.jump[x]
		}
		return f.parent[x]
	})
}

// walk climbs from u and from v to where they meet. Each step goes to the parent or, far, to the end of the link; way is 0 on
// the side of u and 1 on that of v.
func (f *basisForest) walk(u, v int32, step func(x int32, far bool, way int) int32) int32 {
	for u != v {
		switch du, dv := f.depth[u], f.depth[v]; {
		case du > dv:
			u = step(u, f.depth[f.jump[u]] >= dv, 0)
		case du < dv:
			v = step(v, f.depth[f.jump[v]] >= du, 1)
		default: // links of nodes equally deep skip equally many
			far := f.jump[u] != f.jump[v]
			u, v = step(u, far, 0), step(v, far, 1)
		}
	}
	return u
}

// costs returns the ranges of the costs. With the cost of an arc of the forest, the potentials of all below it move: the
// range ends where a residual arc that leaves, or enters, what is below has a reduced cost of 0. Residual arcs are gone
// through by increasing reduced cost, and each arc of the forest is met once for either (Tarjan 1982).
func (f *basisForest) costs() []Range {
	p, s := f.p, f.s
	type residual struct {
		cost     int64
		from, to int32
	}
	var rest []residual
	out := make([]Range, len(p.Cost))
	for a := range out {
		i := int32(a)
		t, h, x, r := p.Tail[a], p.Head[a], s.Flow[a], reduced(p, s, i)
		out[a] = Range{-Inf, Inf}
		if x < p.upper(i) {
			out[a].Low = plus(p.Cost[a], -r)
		}
		if x > p.lower(i) {
			out[a].High = plus(p.Cost[a], -r)
		}
		if f.has(i) || t == h {
			continue
		}
		if x < p.upper(i) {
			rest = append(rest, residual{r, t, h})
		}
		if x > p.lower(i) {
			rest = append(rest, residual{-r, h, t})
		}
	}
	slices.SortFunc(rest, func(x, y residual) int { return cmp.Compare(x.cost, y.cost) })
	n := len(p.Supply)
	var least [2][]int64 // the least reduced cost that leaves, and that enters, what is below the arc of v
	var chain [2][]int32 // from v to the first node above it, or v, whose arc has none yet
	for side := range 2 {
		least[side], chain[side] = make([]int64, n), make([]int32, n+1)
		for v := range chain[side] {
			chain[side][v] = int32(v)
		}
		for v := range least[side] {
			least[side][v] = Inf
		}
	}
	for _, e := range rest {
		top := f.depth[f.meet(e.from, e.to)]
		for side, v := range [2]int32{e.from, e.to} {
			for v = find(chain[side], v); f.depth[v] > top; v = find(chain[side], v) {
				least[side][v] = e.cost
				chain[side][v] = f.parent[v]
			}
		}
	}
	for v := range least[0] {
		a := f.via[v]
		if a < 0 {
			continue
		}
		rise, fall := least[0][v], least[1][v]
		if p.Tail[a] != int32(v) {
			rise, fall = fall, rise
		}
		if s.Flow[a] < p.upper(a) {
			out[a].Low = plus(p.Cost[a], -fall)
		}
		if s.Flow[a] > p.lower(a) {
			out[a].High = plus(p.Cost[a], rise)
		}
	}
	return out
}

// plus returns x + y, and an end of the numbers where y is one or the sum does not fit.
func plus(x, y int64) int64 {
	switch sum, ok := add64(x, y); {
	case y == Inf || !ok && y > 0:
		return Inf
	case y == -Inf || !ok || sum < -Inf:
		return -Inf
	default:
		return sum
	}
}

// minus returns x - y >= 0 for bounds of an arc: nothing is taken off Inf.
func minus(x, y int64) int64 {
	if x == Inf {
		return Inf
	}
	return x - y
}
