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
// lexicographically least. Units that lower bounds force onto arcs are the same in every flow. The dearest cost that must be
// used is found by threshold search as in [SolveBottleneck]; then the units at it are minimised, what is optimal is
// held to as in [SolveTiers], and the search goes on below that cost, so that the costs in between take no solve at all.
//
// Infeasible comes with Last, the answer to p without costs. When a limit ends the search, the flow is leximin down to the
// last cost of Proof. Errors are those of [Solve]. For k costs that must be used of d, it takes at most k (log2 d + 2) solves, all but
// the first from a basis.
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
	h.done = make([]bool, len(p.Cost))
	out := &LeximinSolution{}
	for top := len(h.levels) - 1; ; {
		found, err := h.least(top, out.Flow)
		if err != nil {
			return nil, err
		}
		out.Last, out.Stop = found.last, found.last.Stop
		if found.last.Status == solver.Infeasible && found.flow == nil {
			out.Last, err = t.solve(false)
			out.Status, out.Stop, out.Work = out.Last.Status, out.Last.Stop, t.work
			return out, err
		}
		if found.flow != nil {
			out.Flow = found.flow
		}
		if found.low < found.high || found.flow == nil {
			break
		}
		if found.high < 0 {
			out.Status = solver.Optimal
			break
		}
		if ok, err := h.settle(found.high, top, out); err != nil {
			return nil, err
		} else if !ok {
			break
		}
		top = found.high - 1
	}
	if out.Status == solver.Unknown && out.Flow != nil {
		out.Status = solver.Feasible
	}
	out.Levels, out.Work = p.levels(out.Flow), t.work
	return out, nil
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

// settle minimises the units at one level, with the levels above it up to top closed, and holds to that. It returns false when
// a limit ended that.
func (h *thresholds) settle(level, top int, out *LeximinSolution) (bool, error) {
	q := h.t.q
	h.t.open(h.p, h.levels, level, h.done)
	q.Cost = indicator(h.p, h.levels[level])
	s, err := h.t.solve(true)
	if err != nil {
		return false, err
	}
	out.Last, out.Stop = s, s.Stop
	if s.Flow != nil {
		out.Flow = s.Flow
	}
	if s.Status != solver.Optimal {
		return false, nil
	}
	out.Proof = append(out.Proof, LevelProof{h.levels[level], s.Potential})
	for a, c := range h.p.Cost {
		if c >= h.levels[level] && c <= h.levels[top] {
			h.done[a] = true // those above the level stay closed
		}
	}
	for a, x := range s.Flow {
		if r := q.Cost[a] + s.Potential[q.Tail[a]] - s.Potential[q.Head[a]]; r != 0 {
			q.Lower[a], q.Upper[a], h.done[a] = x, x, true
		}
	}
	return true, nil
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
		return Check(q, s.Last)
	default:
		return nil
	}
}
