package mcf

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/courtyard-care/courtyard/solver"
)

// Check re-measures s from p alone and returns what s claims wrongly, nil if everything holds. It shares no code with Solve.
//
//   - Optimal and Feasible: the flow keeps every bound and balances every node, and costs Objective. Optimal: Bound equals
//     Objective, and flow and potentials satisfy complementary slackness.
//   - A bound, of whatever status, is what the potentials prove.
//   - Infeasible: the supply of Cut, less the upper bounds of the arcs that leave it, plus the lower bounds of those that
//     enter it, is Short > 0 (or Cut holds every node and Short < 0). The flow, if there is one, keeps every bound, costs
//     Objective, and leaves nodes with what Left says, which is no more than the cut proves.
//   - Unbounded: the flow is feasible, and the arcs of Cycle form a closed way of negative cost without upper bounds.
//   - Unknown claims no flow.
//
// It takes O(n + m) time.
func Check(p *Problem, s *Solution) error {
	if err := p.Validate(); err != nil {
		return fmt.Errorf("the problem itself is faulty: %w", err)
	}
	if s == nil {
		return errors.New("no solution")
	}
	c := checker{p: p, s: s}
	if s.HasBound {
		if err := c.bound(); err != nil {
			return err
		}
	}
	switch s.Status {
	case solver.Unknown:
		if s.Flow != nil {
			return errors.New("status unknown, but there is a flow")
		}
		return nil
	case solver.Optimal:
		if !s.HasBound || s.Bound != s.Objective {
			return fmt.Errorf("optimal, but the bound is %d (known: %t) and the objective %d", s.Bound, s.HasBound, s.Objective)
		}
		return errors.Join(c.flow(), c.objective(), c.slackness())
	case solver.Feasible:
		return errors.Join(c.flow(), c.objective())
	case solver.Infeasible:
		if s.Flow == nil {
			return c.cut()
		}
		return errors.Join(c.cut(), c.flow(), c.objective(), c.left())
	case solver.Unbounded:
		return errors.Join(c.flow(), c.objective(), c.cycle())
	default:
		return fmt.Errorf("no such status: %d", s.Status)
	}
}

type checker struct {
	p *Problem
	s *Solution
}

// bounds returns the least and the most flow of arc a; capped is false if there is no most.
func (c checker) bounds(a int) (low, high int64, capped bool) {
	if c.p.Lower != nil {
		low = c.p.Lower[a]
	}
	if c.p.Upper == nil || c.p.Upper[a] == Inf {
		return low, 0, false
	}
	return low, c.p.Upper[a], true
}

// flow checks bounds, and balance up to what is left.
func (c checker) flow() error {
	if len(c.s.Flow) != len(c.p.Tail) {
		return fmt.Errorf("flow on %d arcs of %d", len(c.s.Flow), len(c.p.Tail))
	}
	// Sums over arcs may pass 64 bits on the way: they are kept in two halves of 32 and 32 + carries.
	high := make([]int64, len(c.p.Supply))
	low := make([]int64, len(c.p.Supply))
	for v, b := range c.p.Supply {
		high[v], low[v] = b>>32, b&0xffffffff
	}
	if c.s.Status == solver.Infeasible && len(c.s.Left) == len(high) {
		for v, x := range c.s.Left {
			high[v] -= x >> 32
			low[v] -= x & 0xffffffff
		}
	}
	for a, x := range c.s.Flow {
		least, most, capped := c.bounds(a)
		if x < least || capped && x > most {
			return fmt.Errorf("arc %d carries %d, outside its bounds", a, x)
		}
		t, h := c.p.Tail[a], c.p.Head[a]
		high[t] -= x >> 32
		low[t] -= x & 0xffffffff
		high[h] += x >> 32
		low[h] += x & 0xffffffff
	}
	for v := range high {
		if low[v]&0xffffffff != 0 || high[v]+low[v]>>32 != 0 {
			return fmt.Errorf("node %d does not balance", v)
		}
	}
	return nil
}

// objective checks the cost of the flow.
func (c checker) objective() error {
	if len(c.s.Flow) != len(c.p.Cost) {
		return nil // reported by flow
	}
	var sum exactSum
	for a, x := range c.s.Flow {
		sum.add(x, c.p.Cost[a])
	}
	if got := sum.total(); got.Cmp(big.NewInt(c.s.Objective)) != 0 {
		return fmt.Errorf("the flow costs %v, not %d", got, c.s.Objective)
	}
	return nil
}

// reduced calls visit with the reduced cost of every arc; its sign is exact, and exact is false where it passes 64 bits.
func (c checker) reduced(visit func(a int, r *big.Int, small int64, isSmall bool) error) error {
	if len(c.s.Potential) != len(c.p.Supply) {
		return fmt.Errorf("potentials of %d nodes of %d", len(c.s.Potential), len(c.p.Supply))
	}
	const safe = 1 << 61 // three numbers of this size add up within 64 bits
	inside := func(x int64) bool { return -safe < x && x < safe }
	var r, y big.Int
	for a, cost := range c.p.Cost {
		t, h := c.s.Potential[c.p.Tail[a]], c.s.Potential[c.p.Head[a]]
		var err error
		if inside(cost) && inside(t) && inside(h) {
			err = visit(a, nil, cost+t-h, true)
		} else {
			r.Add(r.SetInt64(cost), y.SetInt64(t))
			r.Sub(&r, y.SetInt64(h))
			err = visit(a, &r, int64(r.Sign()), false)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// slackness checks that arcs whose reduced cost is positive are at their lower bound, negative at their upper bound.
func (c checker) slackness() error {
	if len(c.s.Flow) != len(c.p.Cost) {
		return nil // reported by flow
	}
	return c.reduced(func(a int, _ *big.Int, r int64, _ bool) error {
		least, most, capped := c.bounds(a)
		switch x := c.s.Flow[a]; {
		case r > 0 && x != least:
			return fmt.Errorf("arc %d has a positive reduced cost and carries %d, more than its lower bound", a, x)
		case r < 0 && (!capped || x != most):
			return fmt.Errorf("arc %d has a negative reduced cost and carries %d, less than its upper bound", a, x)
		}
		return nil
	})
}

// bound checks that the potentials prove the bound: for any potentials, the least cost is at least the sum over nodes of
// -supply times potential, plus the sum over arcs of the reduced cost times the bound that makes it least.
func (c checker) bound() error {
	var sum exactSum
	err := c.reduced(func(a int, large *big.Int, r int64, small bool) error {
		x, most, capped := c.bounds(a)
		if r < 0 {
			if x = most; !capped {
				return fmt.Errorf("arc %d has a negative reduced cost and no upper bound: the potentials prove no bound", a)
			}
		}
		if small {
			sum.add(x, r)
		} else {
			sum.rest.Add(&sum.rest, new(big.Int).Mul(large, big.NewInt(x)))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for v, b := range c.p.Supply {
		minus := new(big.Int).Neg(big.NewInt(c.s.Potential[v]))
		sum.rest.Add(&sum.rest, minus.Mul(minus, big.NewInt(b)))
	}
	if proved := sum.total(); proved.Cmp(big.NewInt(c.s.Bound)) < 0 {
		return fmt.Errorf("the potentials prove a bound of %v, less than %d", proved, c.s.Bound)
	}
	return nil
}

// cut checks the proof of infeasibility.
func (c checker) cut() error {
	cut := c.s.Cut
	if len(cut) != len(c.p.Supply) {
		return fmt.Errorf("infeasible, but the cut has %d nodes of %d", len(cut), len(c.p.Supply))
	}
	short, all := new(big.Int), true
	for v, b := range c.p.Supply {
		if cut[v] {
			short.Add(short, big.NewInt(b))
		} else {
			all = false
		}
	}
	for a, t := range c.p.Tail {
		least, most, capped := c.bounds(a)
		switch h := c.p.Head[a]; {
		case cut[t] && !cut[h]:
			if !capped {
				return fmt.Errorf("infeasible, but arc %d leaves the cut without an upper bound", a)
			}
			short.Sub(short, big.NewInt(most))
		case !cut[t] && cut[h]:
			short.Add(short, big.NewInt(least))
		}
	}
	if short.Cmp(big.NewInt(c.s.Short)) != 0 {
		return fmt.Errorf("the cut falls short by %v, not %d", short, c.s.Short)
	}
	if sign := short.Sign(); sign == 0 || sign < 0 && !all {
		return fmt.Errorf("a cut that falls short by %v proves nothing", short)
	}
	return nil
}

// left checks that no flow leaves fewer units: the cut proves Short, and the difference between what is left with and without
// is the same for all flows.
func (c checker) left() error {
	if len(c.s.Left) != len(c.p.Supply) {
		return fmt.Errorf("infeasible, but what is left is said of %d nodes of %d", len(c.s.Left), len(c.p.Supply))
	}
	over := new(big.Int)
	for _, x := range c.s.Left {
		if x > 0 {
			over.Add(over, big.NewInt(x))
		}
	}
	if least := big.NewInt(max(c.s.Short, 0)); over.Cmp(least) != 0 {
		return fmt.Errorf("the flow leaves nodes with %v units; the cut proves %v", over, least)
	}
	return nil
}

// cycle checks the proof of unboundedness.
func (c checker) cycle() error {
	arcs := c.s.Cycle
	if len(arcs) == 0 {
		return errors.New("unbounded, but there is no cycle")
	}
	cost := new(big.Int)
	at := int32(-1)
	for i, a := range arcs {
		if a < 0 || int(a) >= len(c.p.Tail) {
			return fmt.Errorf("the cycle's arc %d does not exist", a)
		}
		if i > 0 && c.p.Tail[a] != at {
			return fmt.Errorf("the cycle's arc %d does not start where the one before ends", a)
		}
		if _, _, capped := c.bounds(int(a)); capped {
			return fmt.Errorf("the cycle's arc %d has an upper bound", a)
		}
		at = c.p.Head[a]
		cost.Add(cost, big.NewInt(c.p.Cost[a]))
	}
	if at != c.p.Tail[arcs[0]] {
		return errors.New("the cycle does not close")
	}
	if cost.Sign() >= 0 {
		return fmt.Errorf("the cycle costs %v, which is not negative", cost)
	}
	return nil
}

// exactSum is a sum of products of any size: those of small numbers are added up in 64 bits, and moved to rest in time.
type exactSum struct {
	part int64
	rest big.Int
}

func (e *exactSum) add(x, y int64) {
	const small = 1 << 30
	if -small < x && x < small && -small < y && y < small {
		if e.part += x * y; e.part < -1<<62 || e.part > 1<<62 {
			e.flush()
		}
		return
	}
	e.rest.Add(&e.rest, new(big.Int).Mul(big.NewInt(x), big.NewInt(y)))
}

func (e *exactSum) flush() {
	e.rest.Add(&e.rest, big.NewInt(e.part))
	e.part = 0
}

func (e *exactSum) total() *big.Int {
	e.flush()
	return new(big.Int).Set(&e.rest)
}
