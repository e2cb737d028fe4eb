package mcf

import (
	"context"

	"github.com/courtyard-care/courtyard/solver"
)

// Method is a way to solve.
type Method uint8

// The methods. All give the same objective, and a proof of it; where several flows cost the same they may give different ones.
const (
	// Auto begins with the simplex and looks once at what its pivots cost, when it has looked at deepAfter times as many nodes
	// and arcs as there are: where a pivot touches more than a half of all nodes on average, and cost scaling fits, it changes
	// over. Its trees are then paths rather than bushes, and a pivot takes as long as a pass over the network. The rule reads
	// no clock. With a Start it stays with the simplex.
	Auto Method = iota
	// Simplex is the primal network simplex.
	Simplex
	// CostScaling is cost scaling by partial augmentations. It takes no Start, and where it does not fit the simplex solves
	// instead: where an arc of negative cost has no upper bound, where (n + 1)^2 times the largest cost, or the sum of the
	// capacities, comes near 2^61, or where some supply has no way out.
	CostScaling
)

// The rule of Auto. Of the networks that were measured (docs/decisions/0013-network-simplex-or-cost-scaling.md) those on which
// the simplex wins have touched at most a third of their nodes at a pivot by then, nearly all of them less than a fiftieth;
// goto_8_15a four fifths.
const (
	deepAfter = 100
	deepShare = 2
)

// deep applies the rule of Auto, once.
func (s *search) deep() bool {
	if !s.watch || s.seenTouched+s.seenPriced < deepAfter*int64(s.n+s.m) {
		return false
	}
	s.watch = false
	return deepShare*s.seenTouched > s.pivots*int64(s.n)
}

// scale solves p by cost scaling. It returns nil where that does not fit. Kept is a flow in hand, work what has been done.
func scale(ctx context.Context, p *Problem, opts *Options, kept []int64, work int64) (*Solution, error) {
	excess, err := p.excess()
	if err != nil {
		return nil, err
	}
	ok, small, most := p.fits(excess)
	switch {
	case !ok:
		return nil, nil //nolint:nilnil // not an answer, and no fault either
	case small:
		return scaleIn[int32](ctx, p, opts, excess, most, kept, work)
	default:
		return scaleIn[int64](ctx, p, opts, excess, most, kept, work)
	}
}

func scaleIn[T int32 | int64](ctx context.Context, p *Problem, opts *Options, excess []int64, most int64, kept []int64, work int64) (*Solution, error) {
	c := newScaling[T](p, excess, most)
	c.kept, c.work, c.updated, c.workLimit, c.progress = kept, work, work, opts.WorkLimit, opts.OnProgress
	stop, short := c.run(ctx)
	if short {
		return nil, nil //nolint:nilnil // the simplex finds the cut, and the flow that leaves the least
	}
	sol := &Solution{Stop: stop, Work: c.work}
	optimal := stop == solver.StopProved
	c.unscale(ctx, &optimal)
	sol.Potential = c.pi
	if err := sol.measure(p, c.kept, optimal); err != nil {
		return nil, err
	}
	if sol.Stop == solver.StopProved && !optimal {
		sol.Stop = stopOf(ctx)
	}
	if sol.Flow != nil {
		sol.Basis = c.basis()
	}
	return sol, nil
}

// unscale makes the potentials those of the costs themselves. Rounded, they leave reduced costs of -1 here and there, so those
// of an optimal flow are set right by shortest paths; optimal becomes false if ctx ends first.
func (c *scaling[T]) unscale(ctx context.Context, optimal *bool) {
	for v, y := range c.pi {
		q := y / c.mult
		if y%c.mult < 0 {
			q--
		}
		c.pi[v] = q
	}
	c.mult = 1
	if !*optimal {
		return
	}
	for a, i := range c.at { // arcs that are full only because "no bound" is a number here
		if i >= 0 && c.p.capacity(int32(a)) > c.most && c.links[i].room == 0 {
			c.links[i].room = 1
		}
	}
	*optimal = c.tighten(ctx, 0, 0)
}

// basis returns a tree that holds the arcs between their bounds as far as they form one, and then arcs of no reduced cost.
// Where such arcs close a cycle it is not the basis of this flow, but the simplex is near its end from there.
func (c *scaling[T]) basis() *Basis {
	p, up := c.p, c.queue
	for v := range up {
		up[v] = int32(v)
	}
	root := func(v int32) int32 {
		for up[v] != v {
			up[v] = up[up[v]]
			v = up[v]
		}
		return v
	}
	b := &Basis{tree: make([]int32, 0, c.n)}
	inTree := make([]uint64, (len(c.at)+63)/64)
	for _, between := range []bool{true, false} {
		for a := range int32(len(c.at)) {
			v, w, x := p.Tail[a], p.Head[a], c.kept[a]
			if c.at[a] < 0 || between != (p.lower(a) < x && x < p.upper(a)) || p.Cost[a]+c.pi[v]-c.pi[w] != 0 {
				continue
			}
			if v, w = root(v), root(w); v != w {
				up[v] = w
				b.tree = append(b.tree, a)
				inTree[a/64] |= 1 << (a % 64)
			}
		}
	}
	for a := range int32(len(c.at)) {
		if c.at[a] >= 0 && c.kept[a] == p.upper(a) && inTree[a/64]>>(a%64)&1 == 0 {
			b.upper = append(b.upper, a)
		}
	}
	return b
}
