package mcf

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
)

// Level is how many units go over arcs of one cost.
type Level struct{ Cost, Units int64 }

// LevelProof is a proof that no fewer units can go over arcs of a cost.
type LevelProof struct {
	Cost      int64
	Potential []int64 // of a cost of 1 on these arcs and 0 on all others
}

// LeximinSolution is the answer of [SolveLeximin].
type LeximinSolution struct {
	Status solver.Status
	Stop   solver.Stop
	Flow   []int64      // nil when there is none
	Levels []Level      // what Flow carries at each cost, from the dearest on: this is least
	Proof  []LevelProof // from the dearest on; between these costs arcs carry their lower bounds, or what earlier proofs hold them to
	Last   *Solution    // the answer of the last solve; with the cut when there is no flow
	Work   int64
}

// SolveLeximin returns a flow in which as few units as can be go over arcs of the largest cost, of those flows one with
// as few as can be at the next, and so on down: leximin, as the costs of all units, sorted from the dearest on, are
// lexicographically least. Units that lower bounds force onto arcs are the same in every flow.
//
// It begins with a flow at costs that grow fast with the rank of a cost, as in [SolveBottleneck], and goes down: what is dearer than the
// dearest arc in use is closed, for the flow shows that it is not needed, the units there are minimised, and what is optimal
// is held to as in [SolveTiers]. The costs in between take no solve at all. Within a tier the fast growing costs decide among equals,
// at a weight that cannot outweigh a unit, so that the next tier has little left to do.
//
// Where there is no flow, Last is the answer of [Solve] to p. When a limit ends the search, the flow is leximin down to the
// last cost of Proof. Errors are those of [Solve]. It takes one or two solves for each cost in use, all but the first from a basis, and
// n potentials for each in memory.
func SolveLeximin(ctx context.Context, p *Problem, opts Options) (*LeximinSolution, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	t, cancel, err := newTiering(ctx, p, nil, opts)
	if err != nil {
		return nil, err
	}
	defer cancel()
	h := newThresholds(t, p)
	t.q.Cost = h.guide
	out := &LeximinSolution{}
	if out.Last, err = t.solve(true); err != nil {
		return nil, err
	}
	if out.Last.Status == solver.Infeasible {
		t.q.Cost = p.Cost
		if out.Last, err = t.solve(false); err != nil {
			return nil, err
		}
	}
	out.Status, out.Stop = out.Last.Status, out.Last.Stop
	if out.Status == solver.Feasible {
		out.Flow = out.Last.Flow
	}
	if out.Status == solver.Optimal {
		if err := h.descend(out); err != nil {
			return nil, err
		}
	}
	if out.Status == solver.Optimal || out.Status == solver.Feasible {
		out.Levels = p.levels(out.Flow)
	}
	out.Work = t.work
	return out, nil
}

// descend settles one level after the other, from a flow that the guides make cheapest.
func (h *thresholds) descend(out *LeximinSolution) error {
	q := h.t.q
	for out.Flow = out.Last.Flow; ; {
		level := h.used(out.Flow)
		if level < 0 {
			return nil
		}
		h.open(level)
		tier := indicator(h.p, h.levels[level])
		q.Cost = make([]int64, len(tier))
		for a, one := range tier {
			q.Cost[a] = h.guide[a] + one*h.weight
		}
		if ok, err := h.tier(out); !ok {
			return err
		}
		if h.used(out.Flow) < level {
			continue
		}
		q.Cost = tier // the tree is optimal for the tier alone, too: this gives its potentials
		if ok, err := h.tier(out); !ok {
			return err
		}
		out.Proof = append(out.Proof, LevelProof{h.levels[level], out.Last.Potential})
		for a, x := range out.Flow {
			if r := tier[a] + out.Last.Potential[q.Tail[a]] - out.Last.Potential[q.Head[a]]; r != 0 {
				q.Lower[a], q.Upper[a], h.held[a] = x, x, true
			}
			if h.p.Cost[a] >= h.levels[level] {
				h.held[a] = true // those above the level stay closed
			}
		}
	}
}

// tier solves what is in hand. It returns false when a limit ended that, or an error.
func (h *thresholds) tier(out *LeximinSolution) (bool, error) {
	s, err := h.t.solve(true)
	if err != nil {
		return false, err
	}
	out.Last, out.Stop = s, s.Stop
	if s.Flow != nil {
		out.Flow = s.Flow
	}
	if s.Status != solver.Optimal {
		out.Status = solver.Feasible
		return false, nil
	}
	return true, nil
}

// levels returns what a flow carries at each cost, from the dearest on.
func (p *Problem) levels(flow []int64) []Level {
	var all []Level
	for a, x := range flow {
		if x > 0 {
			all = append(all, Level{p.Cost[a], x})
		}
	}
	slices.SortFunc(all, func(x, y Level) int { return cmp.Compare(y.Cost, x.Cost) })
	out := all[:0]
	for _, l := range all {
		if k := len(out) - 1; k >= 0 && out[k].Cost == l.Cost {
			out[k].Units += l.Units
		} else {
			out = append(out, l)
		}
	}
	return out
}

// indicator returns the costs of a tier: 1 on the arcs that cost c.
func indicator(p *Problem, c int64) []int64 {
	cost := make([]int64, len(p.Cost))
	for a, have := range p.Cost {
		if have == c {
			cost[a] = 1
		}
	}
	return cost
}

// CheckLeximin measures s again and returns what it claims wrongly, nil if all holds. It takes O(n + m) time for each level.
func CheckLeximin(p *Problem, s *LeximinSolution) error {
	units := map[int64]int64{}
	if s.Flow != nil {
		if len(s.Flow) != len(p.Cost) {
			return fmt.Errorf("flow on %d arcs of %d", len(s.Flow), len(p.Cost))
		}
		for a, x := range s.Flow {
			units[p.Cost[a]] += x
		}
	}
	sum := int64(0)
	for _, x := range units {
		sum += x
	}
	for k, level := range s.Levels {
		if level.Units == 0 || level.Units != units[level.Cost] || k > 0 && level.Cost >= s.Levels[k-1].Cost {
			return fmt.Errorf("level %d of %d units: the flow carries %d at this cost", level.Cost, level.Units, units[level.Cost])
		}
		sum -= level.Units
	}
	if sum != 0 {
		return fmt.Errorf("the flow carries %d units more than the levels say", sum)
	}
	q := p.ownBounds()
	held := make([]bool, len(p.Cost)) // arcs that an earlier level holds to their flow
	for k, proof := range s.Proof {
		if k > 0 && proof.Cost >= s.Proof[k-1].Cost {
			return errors.New("the proofs do not go from the dearest on")
		}
		// Nothing dearer beyond its lower bounds, but for what was proved before.
		for a, c := range p.Cost {
			if !held[a] && c > proof.Cost && (k == 0 || c < s.Proof[k-1].Cost) {
				q.Upper[a], held[a] = q.Lower[a], true
			}
		}
		q.Cost = indicator(p, proof.Cost)
		one := &Solution{
			Status: solver.Optimal, Objective: units[proof.Cost], Bound: units[proof.Cost], HasBound: true, Flow: s.Flow, Potential: proof.Potential,
		}
		if err := Check(q, one); err != nil {
			return fmt.Errorf("cost %d: %w", proof.Cost, err)
		}
		for a, x := range s.Flow {
			if q.Cost[a]+proof.Potential[q.Tail[a]]-proof.Potential[q.Head[a]] != 0 {
				q.Lower[a], q.Upper[a], held[a] = x, x, true
			}
		}
	}
	q.Cost = make([]int64, len(p.Cost))
	switch s.Status {
	case solver.Optimal:
		for a, x := range s.Flow {
			if !held[a] && x > q.Lower[a] && (len(s.Proof) == 0 || p.Cost[a] < s.Proof[len(s.Proof)-1].Cost) {
				return fmt.Errorf("arc %d carries %d at %d, and nothing proves that it must", a, x, p.Cost[a])
			}
		}
		return Check(q, &Solution{Status: solver.Feasible, Flow: s.Flow})
	case solver.Feasible:
		return Check(q, &Solution{Status: solver.Feasible, Flow: s.Flow})
	case solver.Infeasible:
		return Check(p, s.Last)
	default:
		return nil
	}
}
