package match

import (
	"context"
	"errors"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/mcf"
	"github.com/courtyard-care/courtyard/solver/sideflow"
)

// planOf finds the flow of a web that gives every need what a plan gives it. The plan must keep every rule.
func (s *search) planOf(ctx context.Context, matches []Match, tiers []Tier) (*solved, error) {
	w := s.w
	sc, ok := w.newScale(tiers)
	if !ok {
		return nil, s.p.costsTooLarge()
	}
	columns, units := w.share(matches)
	p := w.flowProblem(columns, sc.weigh, sc.weighColumn)
	for k := range columns {
		p.Lower[len(w.arcs)+k], p.Upper[len(w.arcs)+k] = units[k], units[k]
	}
	answer, err := mcf.Solve(ctx, &p, mcf.Options{})
	if err != nil {
		return nil, err
	}
	if answer.Status != solver.Optimal {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		return nil, errPlan
	}
	out := &solved{status: solver.Feasible, columns: columns, engine: &sideflow.Solution{}, flow: answer.Flow[:len(w.arcs)], units: make([]int64, len(w.cols))}
	for k, c := range columns {
		out.units[c] = answer.Flow[len(w.arcs)+k]
	}
	out.value = w.valueOf(out.flow, out.units)
	have := w.plan(out.units)
	if !slices.EqualFunc(have, matches, func(a, b Match) bool {
		return !before(&a, &b) && !before(&b, &a) && a.Units == b.Units
	}) {
		return nil, errPlan
	}
	return out, nil
}

// share gives the units of a plan to columns: those of lasting pairings first to the asks that keep them.
func (w *web) share(matches []Match) (columns []int32, units []int64) {
	left := make(map[Match]int64, len(matches))
	for _, x := range matches {
		left[w.key(x.Need, x.Resource, x.StandIn, x.Day)] += x.Units
	}
	asked := make([]int64, len(w.asks))
	for k := range w.asks {
		asked[k] = w.asks[k].units
	}
	given := make(map[int32]int64)
	kept := make(map[[2]int32]int64) // by row and resource
	for _, keeping := range []bool{true, false} {
		for k := range int32(len(w.cols)) {
			c := &w.cols[k]
			r := &w.rows[c.row]
			j := w.m.entries[c.entry].resource
			key := w.key(r.need, j, c.standIn, c.day)
			most := min(left[key], c.upper-given[k], asked[r.ask])
			if keeping {
				x := w.m.pairing(r.need, j)
				if x == nil || !w.asks[r.ask].keeps || x.State != care.Lasting && x.State != care.StandBy {
					continue
				}
				if x.Units > 0 {
					most = min(most, x.Units-kept[[2]int32{c.row, j}])
				}
			}
			if most <= 0 {
				continue
			}
			left[key] -= most
			asked[r.ask] -= most
			given[k] += most
			kept[[2]int32{c.row, j}] += most
		}
	}
	for k := range int32(len(w.cols)) {
		if given[k] > 0 {
			columns, units = append(columns, k), append(units, given[k])
		}
	}
	return columns, units
}

// errPlan is the error of a plan that the network of its problem does not hold.
var errPlan = errors.New("the plan does not fit the network of the problem")

// key names what a need gets from a resource on a day.
func (w *web) key(need, resource, standIn, day int32) Match {
	return Match{Need: need, Resource: resource, StandIn: standIn, Day: day}
}

// plainRoom is the room that a plan leaves in a network.
type plainRoom struct {
	m       *model
	net     *network
	through []int64
}

func (x *plainRoom) fits(_ *care.Need, j int32, service string, _ int32, _ []Match) bool {
	for v := x.net.entry[x.m.entryAt(j, service)]; v != x.net.sink; v = x.net.next[v] {
		if x.through[v] >= x.net.capacity[v] {
			return false
		}
	}
	return true
}

// webFree is the room that a plan leaves in a web: also that of the flow.
type webFree struct {
	*webRoom
	g    *webResidual
	flow []int64
}

func (x *webFree) fits(n *care.Need, j int32, service string, day int32, has []Match) bool {
	if !x.webRoom.fits(n, j, service, day, has) {
		return false
	}
	w, g := x.g.w, x.g
	at := &webGround{webWalker: &webWalker{g: g}}
	for v := at.head(w.m.entryAt(j, service), day); v != w.sink; {
		next, room := w.sink, false
		for _, a := range g.out[g.fromOut[v]:g.fromOut[v+1]] {
			next = w.arcs[a].head
			room = room || x.flow[a] < w.arcs[a].upper
		}
		if !room {
			return false
		}
		v = next
	}
	return true
}
