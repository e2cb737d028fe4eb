package match

import (
	"context"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// webResidual is the network of all changes that can be made to the plan of a web while its choices are kept: what is closed
// stays closed, what is open stays open, and every pair in which hours, money, carers or days are at stake stays as it is.
type webResidual struct {
	w     *web
	scale *scale
	of    []int64 // prices: what a unit at the node would save at the sink
	flow  []int64 // by structural arc
	units []int64 // by column
	lower []int64 // by structural arc
	upper []int64
	kept  []bool // by column: it stays as it is

	rowAt          []int32 // by node: the row that leaves it, -1 for none
	fromOut, out   []int32 // structural arcs by tail
	fromIn, in     []int32 // and by head
	fromHead, used []int32 // columns with units by head
	resource       []int32 // by node: the resource whose chain it is in, -1 for none
	need           []int32 // by node: the need whose units leave it, -1 for none
}

// keepChoices solves the flow that is left when the choices of a plan are kept, over all columns within the thresholds, and
// returns the network of its changes. The plan is replaced if that flow is better. ok is false if ctx ended.
func (s *search) keepChoices(ctx context.Context, out *solved, tiers []Tier) (*webResidual, bool, error) {
	w := s.w
	sc, ok := w.newScale(tiers)
	if !ok {
		return nil, false, s.p.costsTooLarge()
	}
	g := &webResidual{w: w, scale: &sc, lower: make([]int64, len(w.arcs)), upper: make([]int64, len(w.arcs)), kept: make([]bool, len(w.cols))}
	for k := range w.arcs {
		g.lower[k], g.upper[k] = w.arcs[k].lower, w.arcs[k].upper
		if w.arcs[k].val.pin != 0 {
			g.lower[k] = out.flow[k]
		}
	}
	first := w.arcCount()
	freeze := func(a int32) {
		if a >= first {
			g.kept[a-first] = true
			return
		}
		g.lower[a], g.upper[a] = out.flow[a], out.flow[a]
	}
	for k := range w.limits {
		for _, a := range w.limits[k].Arc {
			freeze(a)
		}
	}
	for k := range w.switches {
		switch x := &w.switches[k]; {
		case x.kind == HardWhole:
			freeze(x.Arc)
		case out.flow[x.Arc] == 0:
			g.upper[x.Arc] = 0
		default:
			g.lower[x.Arc] = x.Least
			g.upper[x.Arc] = max(g.upper[x.Arc], x.most)
		}
	}
	for k := range w.cols {
		c := &w.cols[k]
		if c.metres > s.reach || s.dearest >= 0 {
			g.kept[k] = true
		}
		if c.state&colPins != 0 && out.units[k] > 0 {
			g.kept[k] = true
		}
	}
	answer, chosen, ok, err := g.solve(ctx, out, &sc)
	if err != nil || !ok {
		return nil, ok, err
	}
	g.flow = answer.Flow[:len(w.arcs)]
	g.units = make([]int64, len(w.cols))
	for k, c := range chosen {
		g.units[c] = answer.Flow[len(w.arcs)+k]
	}
	g.of = make([]int64, w.nodes)
	for v := range g.of {
		g.of[v] = answer.Potential[w.sink] - answer.Potential[v]
	}
	if v := w.valueOf(g.flow, g.units); sc.weigh(v) < sc.weigh(out.value) {
		out.flow, out.units, out.value = g.flow, g.units, v
	}
	g.index()
	return g, true, nil
}

// solve finds the flow of least weight within the bounds, columns priced as the engine's prices make them bargains.
func (g *webResidual) solve(ctx context.Context, out *solved, sc *scale) (*mcf.Solution, []int32, bool, error) {
	w := g.w
	chosen := slices.Clone(out.columns)
	inside := make([]bool, len(w.cols))
	for _, k := range chosen {
		inside[k] = true
	}
	var basis *mcf.Basis
	if out.engine.Root != nil {
		basis = out.engine.Root.Basis
	}
	for {
		p := w.flowProblem(chosen, sc.weigh, sc.weighColumn)
		copy(p.Lower, g.lower)
		copy(p.Upper, g.upper)
		for k, c := range chosen {
			if a := len(w.arcs) + k; g.kept[c] {
				p.Lower[a], p.Upper[a] = out.units[c], out.units[c]
			}
		}
		answer, err := mcf.Solve(ctx, &p, mcf.Options{Start: basis})
		if err != nil || answer.Status != solver.Optimal {
			return nil, nil, false, err
		}
		added := 0
		for k := range w.cols {
			c := &w.cols[k]
			if inside[k] || g.kept[k] {
				continue
			}
			if sc.weighColumn(c)+answer.Potential[w.rows[c.row].node]-answer.Potential[c.head] < 0 {
				inside[k] = true
				chosen = append(chosen, int32(k))
				added++
			}
		}
		if added == 0 {
			return answer, chosen, true, nil
		}
		basis = answer.Basis
	}
}

// index builds the lists that a walk reads.
func (g *webResidual) index() {
	w := g.w
	n := int(w.nodes)
	g.rowAt = make([]int32, n)
	g.resource, g.need = make([]int32, n), make([]int32, n)
	for v := range n {
		g.rowAt[v], g.resource[v], g.need[v] = -1, -1, -1
	}
	for k, a := range w.asks {
		g.need[w.askNode[k]] = a.need
	}
	for r := range w.rows {
		g.rowAt[w.rows[r].node] = int32(r)
		g.need[w.rows[r].node] = w.rows[r].need
	}
	for j, v := range w.chain.tail {
		g.resource[v] = int32(j)
	}
	for j, v := range w.chain.in {
		g.resource[v] = int32(j)
	}
	for e, v := range w.chain.limitAt {
		g.resource[v] = w.m.entries[e].resource
	}
	for at, v := range w.chain.dayAt {
		g.resource[v] = at[0]
	}
	g.fromOut, g.out = group(n, len(w.arcs), func(a int) int32 { return w.arcs[a].tail })
	g.fromIn, g.in = group(n, len(w.arcs), func(a int) int32 { return w.arcs[a].head })
	g.fromHead, g.used = group(n, len(w.cols), func(k int) int32 {
		if g.units[k] == 0 || g.kept[k] {
			return -1
		}
		return w.cols[k].head
	})
}

// webWalker is one search through a webResidual. It belongs to one goroutine.
type webWalker struct {
	dijkstra
	g   *webResidual
	via []int32 // by node: the arc on which it was reached, see forward and backward
	own int32   // the need whose unmet arcs are closed, -1 for none
}

func newWebWalker(g *webResidual) *webWalker {
	w := &webWalker{dijkstra: newDijkstra(int(g.w.nodes)), g: g, via: make([]int32, g.w.nodes), own: -1}
	w.keepPaths()
	return w
}

// Arcs on paths are numbered: structural arcs, then columns; a backward step is the complement of the number.
func (w *webWalker) step(to int32, d int64, via int32) {
	if w.reach(to, d) {
		w.via[to] = via
	}
}

// relax reaches every node one step from v.
func (w *webWalker) relax(v int32) {
	g := w.g
	d := w.label[v]
	for _, a := range g.out[g.fromOut[v]:g.fromOut[v+1]] {
		x := &g.w.arcs[a]
		if g.flow[a] >= g.upper[a] || w.own >= 0 && x.head == g.w.sink && g.need[v] == w.own {
			continue
		}
		w.step(x.head, d+g.scale.weigh(x.val)-g.of[v]+g.of[x.head], a)
	}
	for _, a := range g.in[g.fromIn[v]:g.fromIn[v+1]] {
		if x := &g.w.arcs[a]; g.flow[a] > g.lower[a] {
			w.step(x.tail, d-g.scale.weigh(x.val)+g.of[x.tail]-g.of[v], ^a)
		}
	}
	first := g.w.arcCount()
	if r := g.rowAt[v]; r >= 0 {
		for k := g.w.from[r]; k < g.w.from[r+1]; k++ {
			if c := &g.w.cols[k]; !g.kept[k] && g.units[k] < c.upper {
				w.step(c.head, d+g.scale.weighColumn(c)-g.of[v]+g.of[c.head], first+k)
			}
		}
	}
	for _, k := range g.used[g.fromHead[v]:g.fromHead[v+1]] {
		c := &g.w.cols[k]
		u := g.w.rows[c.row].node
		w.step(u, d-g.scale.weighColumn(c)+g.of[u]-g.of[v], ^(first + k))
	}
}

// valueTo adds up what the path to a node changes.
func (w *webWalker) valueTo(v int32) value {
	var sum value
	first := w.g.w.arcCount()
	for ; w.pred[v] >= 0; v = w.pred[v] {
		a, sign := w.via[v], int64(1)
		if a < 0 {
			a, sign = ^a, -1
		}
		if a < first {
			sum = sum.plus(w.g.w.arcs[a].val.times(sign))
		} else {
			sum = sum.plus(w.g.w.cols[a-first].value().times(sign))
		}
	}
	return sum
}

// value is what one unit on a column changes.
func (c *col) value() value {
	v := value{cost: c.cost}
	if c.state&colKeeps != 0 {
		v.changes = -1
	}
	if c.state&colPins != 0 {
		v.pin = -1
	}
	return v
}
