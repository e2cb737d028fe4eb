package sideflow

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// Check re-measures s from p alone and returns what s claims wrongly, nil if everything holds. It shares no code with Solve.
//
//   - A flow keeps bounds, balance and all side constraints, and costs Objective.
//   - A root bound is what its multipliers prove.
//   - No bound is above the objective; Optimal: they are equal.
//   - Infeasible with a cut: the cut proves it.
//
// What only exhaustion proves, a bound above the root's or Infeasible without a cut, is not proved again: that would be
// another search. It takes time linear in the size of p.
func Check(p *Problem, s *Solution) error {
	if err := p.Validate(); err != nil {
		return fmt.Errorf("the problem itself is faulty: %w", err)
	}
	if s == nil {
		return errors.New("no solution")
	}
	if s.Root != nil {
		if err := checkRoot(p, s.Root); err != nil {
			return err
		}
		if s.HasBound && s.Bound < s.Root.Bound && s.Bound < s.Objective {
			return fmt.Errorf("the bound %d is below the root's %d", s.Bound, s.Root.Bound)
		}
	}
	switch s.Status {
	case solver.Optimal, solver.Feasible:
		if err := checkFlow(p, s); err != nil {
			return err
		}
		if s.HasBound && s.Bound > s.Objective || s.Root != nil && s.Root.Bound > s.Objective {
			return fmt.Errorf("a bound is above the objective %d", s.Objective)
		}
		if s.Status == solver.Optimal && (!s.HasBound || s.Bound != s.Objective) {
			return fmt.Errorf("optimal, but the bound is %d (known: %t) and the objective %d", s.Bound, s.HasBound, s.Objective)
		}
		return nil
	case solver.Infeasible:
		if s.Flow != nil {
			return errors.New("status infeasible, but there is a flow")
		}
		if s.Cut == nil {
			return nil
		}
		return mcf.Check(&p.Flow, &mcf.Solution{Status: solver.Infeasible, Cut: s.Cut, Short: s.Short})
	case solver.Unknown:
		if s.Flow != nil {
			return errors.New("status unknown, but there is a flow")
		}
		return nil
	default:
		return fmt.Errorf("the status cannot be %v", s.Status)
	}
}

// checkFlow checks the flow in the network, and then each side constraint.
func checkFlow(p *Problem, s *Solution) error {
	if err := mcf.Check(&p.Flow, &mcf.Solution{Status: solver.Feasible, Flow: s.Flow, Objective: s.Objective}); err != nil {
		return err
	}
	for i, row := range p.Rows {
		sum := new(big.Int)
		for k, a := range row.Arc {
			sum.Add(sum, new(big.Int).Mul(big.NewInt(row.Coef[k]), big.NewInt(s.Flow[a])))
		}
		if sum.Cmp(big.NewInt(row.Most)) > 0 {
			return fmt.Errorf("row %d adds up to %v, more than %d", i, sum, row.Most)
		}
	}
	for i, w := range p.Switches {
		if x := s.Flow[w.Arc]; x != 0 && x < w.Least {
			return fmt.Errorf("switch %d: arc %d carries %d, less than %d", i, w.Arc, x, w.Least)
		}
	}
	for i, c := range p.Choices {
		var open int64
		for _, w := range c.Switch {
			if s.Flow[p.Switches[w].Arc] != 0 {
				open++
			}
		}
		if open > c.Most {
			return fmt.Errorf("choice %d: %d switches are open, more than %d", i, open, c.Most)
		}
	}
	return nil
}

// checkRoot adds up what the multipliers prove. Any set of arcs that carry nothing while a switch is closed may be taken for
// its group; which arcs do is seen here from the network anew.
func checkRoot(p *Problem, root *Root) error {
	if len(root.Row) != len(p.Rows) || len(root.Choice) != len(p.Choices) || len(root.Potential) != len(p.Flow.Supply) {
		return errors.New("the root's multipliers do not fit the problem")
	}
	// Reduced costs.
	reduced := make([]*big.Int, len(p.Flow.Tail))
	for a, c := range p.Flow.Cost {
		x := new(big.Int).Lsh(big.NewInt(c), uint(root.Shift))
		x.Add(x, big.NewInt(root.Potential[p.Flow.Tail[a]]))
		reduced[a] = x.Sub(x, big.NewInt(root.Potential[p.Flow.Head[a]]))
	}
	total := new(big.Int)
	subtract := func(x, y int64) { total.Sub(total, new(big.Int).Mul(big.NewInt(x), big.NewInt(y))) }
	for i, row := range p.Rows {
		if root.Row[i] < 0 {
			return fmt.Errorf("the multiplier of row %d is negative", i)
		}
		subtract(root.Row[i], row.Most)
		for k, a := range row.Arc {
			reduced[a].Add(reduced[a], new(big.Int).Mul(big.NewInt(root.Row[i]), big.NewInt(row.Coef[k])))
		}
	}
	for v, b := range p.Flow.Supply {
		subtract(root.Potential[v], b)
	}
	// What each switch adds when it is open: its own arc, then those of its group. A nil stands for "no bound".
	price := make([]*big.Int, len(p.Switches))
	for s := range price {
		price[s] = new(big.Int)
	}
	for i, c := range p.Choices {
		if root.Choice[i] < 0 {
			return fmt.Errorf("the multiplier of choice %d is negative", i)
		}
		subtract(root.Choice[i], c.Most)
		for _, s := range c.Switch {
			price[s].Add(price[s], big.NewInt(root.Choice[i]))
		}
	}
	group := checkGroups(p)
	low, high := checkLimits(p)
	forced, shut := make([]bool, len(p.Switches)), make([]bool, len(p.Switches))
	for a := range p.Flow.Tail {
		s := group[a]
		x := low[a]
		if s >= 0 && x > 0 {
			forced[s] = true
		}
		if s >= 0 && p.Switches[s].Arc == int32(a) {
			x = max(x, p.Switches[s].Least)
			shut[s] = high[a] < x
		}
		if reduced[a].Sign() < 0 {
			if x = high[a]; x == mcf.Inf {
				return fmt.Errorf("arc %d has a negative reduced cost at the root and no upper bound", a)
			}
		}
		part := new(big.Int).Mul(reduced[a], big.NewInt(x))
		if s < 0 {
			total.Add(total, part)
		} else {
			price[s].Add(price[s], part)
		}
	}
	for s := range p.Switches {
		if forced[s] || !shut[s] && price[s].Sign() < 0 {
			total.Add(total, price[s])
		}
	}
	// Round up.
	unit := new(big.Int).Lsh(big.NewInt(1), uint(root.Shift))
	total.Neg(total).Div(total, unit).Neg(total) // Div rounds down for a positive divisor
	if total.Cmp(big.NewInt(root.Bound)) < 0 {
		return fmt.Errorf("the root's multipliers prove a bound of %v, less than %d", total, root.Bound)
	}
	return nil
}

// checkLimits returns the least and the most that each arc can carry: its own bounds, what a
// node sends that no arc leads to, or takes that no arc leaves, the least of a switch that is always
// open, what the rows leave when all other arcs carry their least, nothing where a switch cannot open, and nothing for the
// others of a choice whose number is reached by switches that are always open.
func checkLimits(p *Problem) (low, high []int64) {
	low, high = make([]int64, len(p.Flow.Tail)), make([]int64, len(p.Flow.Tail))
	copy(low, p.Flow.Lower)
	for a := range high {
		high[a] = mcf.Inf
		if p.Flow.Upper != nil {
			high[a] = p.Flow.Upper[a]
		}
	}
	ways := make([][2]int, len(p.Flow.Supply)) // arcs in, arcs out
	for a := range p.Flow.Tail {
		ways[p.Flow.Head[a]][0]++
		ways[p.Flow.Tail[a]][1]++
	}
	for a := range p.Flow.Tail {
		if t := p.Flow.Tail[a]; ways[t][0] == 0 && p.Flow.Supply[t] < high[a] {
			high[a] = max(0, p.Flow.Supply[t])
		}
		if h := p.Flow.Head[a]; ways[h][1] == 0 && -p.Flow.Supply[h] < high[a] {
			high[a] = max(0, -p.Flow.Supply[h])
		}
	}
	for _, w := range p.Switches {
		if low[w.Arc] > 0 && low[w.Arc] < w.Least {
			low[w.Arc] = w.Least
		}
	}
	for _, row := range p.Rows {
		room := big.NewInt(row.Most)
		for k, a := range row.Arc {
			room.Sub(room, new(big.Int).Mul(big.NewInt(row.Coef[k]), big.NewInt(low[a])))
		}
		for k, a := range row.Arc {
			if row.Coef[k] == 0 || room.Sign() < 0 {
				continue
			}
			most := new(big.Int).Div(room, big.NewInt(row.Coef[k]))
			if most.Add(most, big.NewInt(low[a])); most.Cmp(big.NewInt(high[a])) < 0 {
				high[a] = most.Int64()
			}
		}
	}
	for _, w := range p.Switches {
		if high[w.Arc] < w.Least {
			high[w.Arc] = 0
		}
	}
	for _, c := range p.Choices {
		left := c.Most
		for _, s := range c.Switch {
			if low[p.Switches[s].Arc] > 0 {
				left--
			}
		}
		for _, s := range c.Switch {
			if a := p.Switches[s].Arc; left == 0 && low[a] == 0 {
				high[a] = 0
			}
		}
	}
	return low, high
}

// checkGroups finds the arcs that carry nothing while a switch is closed: those at the far side of a node without supply that
// the switch's arc alone leaves or alone enters.
func checkGroups(p *Problem) []int32 {
	group := make([]int32, len(p.Flow.Tail))
	from, to := map[int32][]int{}, map[int32][]int{}
	for a := range p.Flow.Tail {
		group[a] = -1
		from[p.Flow.Tail[a]] = append(from[p.Flow.Tail[a]], a)
		to[p.Flow.Head[a]] = append(to[p.Flow.Head[a]], a)
	}
	for s, w := range p.Switches {
		group[w.Arc] = int32(s)
	}
	for s, w := range p.Switches {
		tail, head := p.Flow.Tail[w.Arc], p.Flow.Head[w.Arc]
		var behind []int
		if p.Flow.Supply[tail] == 0 && len(from[tail]) == 1 {
			behind = append(behind, to[tail]...)
		}
		if p.Flow.Supply[head] == 0 && len(to[head]) == 1 {
			behind = append(behind, from[head]...)
		}
		for _, a := range behind {
			if group[a] < 0 && tail != head {
				group[a] = int32(s)
			}
		}
	}
	return group
}
