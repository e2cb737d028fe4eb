package mcf

import (
	"context"
	"fmt"

	"github.com/courtyard-care/courtyard/solver"
)

// BottleneckSolution is the answer of [SolveBottleneck]. Its Solution is that to the problem whose arcs cost at most Worst;
// Objective and Bound are costs there. [CheckBottleneck] checks both.
type BottleneckSolution struct {
	*Solution
	Used  bool   // some arc must carry something, or does; else Worst and Floor mean nothing
	Worst int64  // no arc that carries something costs more
	Floor int64  // in every flow some arc that carries something costs at least this; equals Worst when Status is Optimal
	Proof []bool // nodes whose supply arcs cheaper than Floor cannot take away; nil where no arc is cheaper, or one that must be used costs Floor
}

// SolveBottleneck returns a flow whose dearest arc that carries something is as cheap as can be, and which is of least
// cost among those: Garfinkel (1971), a search for the least threshold below which a flow exists, and least cost
// below it. It begins with a flow at costs that grow fast, whose dearest arc is often cheap enough already, and goes down from there by
// steps that double, each try from the basis of the one before; where it has no flow, its cut says which cost is the next
// that could help.
//
// Where there is no flow at all the answer is that of [Solve] to p. When a limit ends the search it is a flow that was tried,
// or Unknown, with the best Floor known. Errors are those of Solve. It takes at most 2 log2(distinct costs) + 3 solves.
func SolveBottleneck(ctx context.Context, p *Problem, opts Options) (*BottleneckSolution, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	t, cancel, err := newTiering(ctx, p, nil, opts)
	if err != nil {
		return nil, err
	}
	defer cancel()
	h := newThresholds(t, p)
	found, err := h.least()
	if err != nil {
		return nil, err
	}
	out := &BottleneckSolution{Solution: found.last}
	switch {
	case found.last.Status == solver.Infeasible && found.flow == nil:
		h.open(len(h.levels) - 1)
		t.q.Cost = p.Cost
		out.Solution, err = t.solve(false)
		return out, err
	case found.flow == nil:
		out.Solution = &Solution{Stop: found.last.Stop, Work: t.work}
		return out, nil
	}
	h.measure(found, out)
	for a, c := range p.Cost {
		if t.q.Upper[a] = p.upper(int32(a)); !out.Used || c > out.Worst {
			t.q.Upper[a] = p.lower(int32(a))
		}
	}
	t.q.Cost = p.Cost
	if out.Solution, err = t.solve(false); err != nil {
		return nil, err
	}
	out.Work = t.work
	if out.Flow == nil { // cut short: the flow of the search is in hand
		out.Status = solver.Feasible
		return out, out.take(p, found.flow)
	}
	if found.low < found.high {
		out.Status, out.Stop, out.HasBound = solver.Feasible, found.last.Stop, false
	}
	return out, nil
}

// measure fills in what the search says of the dearest arc.
func (h *thresholds) measure(found *threshold, out *BottleneckSolution) {
	forced, must := h.p.dearestForced()
	out.Used = must || found.high >= 0
	out.Worst, out.Floor = forced, forced
	if found.high >= 0 {
		if out.Worst = h.levels[found.high]; must {
			out.Worst = max(out.Worst, forced)
		}
		if floor := h.levels[max(found.low, 0)]; !must || floor > forced {
			out.Floor, out.Proof = floor, found.cut
		}
	}
}

// dearestForced returns the largest cost of an arc with a lower bound, false if there is none.
func (p *Problem) dearestForced() (cost int64, must bool) {
	for a, low := range p.Lower {
		if low > 0 && (!must || p.Cost[a] > cost) {
			cost, must = p.Cost[a], true
		}
	}
	return cost, must
}

// CheckBottleneck measures s again and returns what it claims wrongly, nil if all holds: the answer is right for the problem whose arcs
// cost at most Worst, and no flow does with arcs that all cost less than Floor.
func CheckBottleneck(p *Problem, s *BottleneckSolution) error {
	if s.Status == solver.Infeasible || s.Status == solver.Unknown {
		return Check(p, s.Solution)
	}
	if s.Status == solver.Optimal && s.Used && s.Worst != s.Floor {
		return fmt.Errorf("optimal, but the worst is %d and its floor %d", s.Worst, s.Floor)
	}
	q := p.ownBounds()
	for a, x := range s.Flow {
		if s.Used && p.Cost[a] <= s.Worst {
			continue
		}
		if x > 0 {
			return fmt.Errorf("arc %d carries %d at %d, more than the worst, %d (known: %t)", a, x, p.Cost[a], s.Worst, s.Used)
		}
		q.Upper[a] = 0
	}
	if err := Check(q, s.Solution); err != nil || !s.Used {
		return err
	}
	return p.checkFloor(s)
}

// checkFloor checks the proof of Floor.
func (p *Problem) checkFloor(s *BottleneckSolution) error {
	q := p.ownBounds()
	cheaper := false
	for a, c := range p.Cost {
		if c == s.Floor && q.Lower[a] > 0 {
			return nil // this arc must be used
		}
		if c >= s.Floor {
			q.Upper[a] = q.Lower[a]
		} else {
			cheaper = cheaper || q.Upper[a] > 0
		}
	}
	if !cheaper {
		return nil
	}
	if len(s.Proof) != len(p.Supply) {
		return fmt.Errorf("nothing proves the floor %d", s.Floor)
	}
	short := exactSum{}
	for v, in := range s.Proof {
		if in {
			short.add(p.Supply[v], 1)
		}
	}
	for a, v := range q.Tail {
		switch w := q.Head[a]; {
		case s.Proof[v] && !s.Proof[w]:
			short.add(q.Upper[a], -1)
		case !s.Proof[v] && s.Proof[w]:
			short.add(q.Lower[a], 1)
		}
	}
	if total := short.total(); total.Sign() <= 0 {
		return fmt.Errorf("the cut that is to prove the floor %d falls short by %v", s.Floor, total)
	}
	return nil
}
