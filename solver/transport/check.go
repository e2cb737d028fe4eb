package transport

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/courtyard-care/courtyard/solver"
)

// Check re-measures s from p alone and returns what s claims wrongly, nil if everything holds. It shares no code with Solve.
//
//   - The plan places every unit once, over an arc, or leaves it unmet; it fits into the room of every node; it costs Objective.
//   - The prices prove Bound by weak duality: whatever the prices, no plan costs less than the units of each row at the least
//     of its penalty and its arcs' costs plus the prices of their nodes, less the capacity of each node (as far as there are
//     units to fill it) at the part of its price that is not its parent's.
//   - Optimal: Bound equals Objective.
//   - Least units: the plan has them, or lacks what Short says. A price below that of the parent counts for the least units of
//     the node. Infeasible: the bound is more than the units could cost at the dearest.
//
// It takes O(n + k + m) time and O(k + m) memory.
func Check(p *Problem, s *Solution) error {
	if err := p.Validate(); err != nil {
		return fmt.Errorf("the problem itself is faulty: %w", err)
	}
	if s == nil {
		return errors.New("no solution")
	}
	lacking := s.Short != nil
	switch {
	case lacking && s.Status != solver.Infeasible && s.Status != solver.Unknown:
		return fmt.Errorf("status %v, but least units are missing", s.Status)
	case !lacking && s.Status != solver.Optimal && s.Status != solver.Feasible:
		return fmt.Errorf("status %v with a plan", s.Status)
	case s.Status == solver.Infeasible && big.NewInt(s.Bound).Cmp(costAtMost(p)) <= 0:
		return fmt.Errorf("infeasible, but a plan could cost the bound %d", s.Bound)
	case s.Status == solver.Optimal && s.Bound != s.Objective:
		return fmt.Errorf("optimal, but the bound is %d and the objective %d", s.Bound, s.Objective)
	}
	return errors.Join(checkPlan(p, s), checkBound(p, s))
}

// costAtMost returns what the units could cost at the most.
func costAtMost(p *Problem) *big.Int {
	sum := new(big.Int)
	for i, worst := range p.Unmet {
		for _, c := range p.Cost[p.From[i]:p.From[i+1]] {
			worst = max(worst, c)
		}
		units := int64(1)
		if p.Units != nil {
			units = p.Units[i]
		}
		sum.Add(sum, new(big.Int).Mul(big.NewInt(units), big.NewInt(worst)))
	}
	return sum
}

func checkPlan(p *Problem, s *Solution) error {
	n := len(p.Unmet)
	if len(s.Unmet) != n {
		return fmt.Errorf("unmet units of %d rows of %d", len(s.Unmet), n)
	}
	left := make([]int64, n)
	for i := range left {
		left[i] = 1
		if p.Units != nil {
			left[i] = p.Units[i]
		}
	}
	if s.Short != nil && (p.Least == nil || len(s.Short) != len(p.Capacity)) {
		return fmt.Errorf("missing units of %d nodes of %d", len(s.Short), len(p.Capacity))
	}
	used := make([]*big.Int, len(p.Capacity))
	for v := range used {
		used[v] = new(big.Int)
	}
	total := new(big.Int)
	pay := func(units, cost int64) { total.Add(total, new(big.Int).Mul(big.NewInt(units), big.NewInt(cost))) }
	for i, x := range s.Placed {
		if x.Row < 0 || int(x.Row) >= n || x.Units < 1 || x.Units > left[x.Row] {
			return fmt.Errorf("placed %d: %+v are not units of the row that are still to place", i, x)
		}
		left[x.Row] -= x.Units
		cost, found := int64(0), false
		for a := p.From[x.Row]; a < p.From[x.Row+1]; a++ {
			if p.Node[a] == x.Node && (!found || p.Cost[a] < cost) {
				cost, found = p.Cost[a], true
			}
		}
		if !found {
			return fmt.Errorf("placed %d: row %d has no arc to node %d", i, x.Row, x.Node)
		}
		pay(x.Units, cost)
		used[x.Node].Add(used[x.Node], big.NewInt(x.Units))
	}
	for i, u := range s.Unmet {
		if u != left[i] {
			return fmt.Errorf("row %d: %d units are not placed, stated are %d", i, left[i], u)
		}
		pay(u, p.Unmet[i])
	}
	for v, u := range used { // parents come later
		if u.Cmp(big.NewInt(p.Capacity[v])) > 0 {
			return fmt.Errorf("node %d holds %v units and has room for %d", v, u, p.Capacity[v])
		}
		if p.Least != nil {
			short := int64(0)
			if s.Short != nil {
				short = s.Short[v]
			}
			if lacks := max(0, p.Least[v]-u.Int64()); lacks != short {
				return fmt.Errorf("node %d lacks %d of its least units, stated are %d", v, lacks, short)
			}
		}
		if p.Parent != nil && p.Parent[v] >= 0 {
			q := used[p.Parent[v]]
			q.Add(q, u)
		}
	}
	if total.Cmp(big.NewInt(s.Objective)) != 0 {
		return fmt.Errorf("the plan costs %v, not %d", total, s.Objective)
	}
	return nil
}

func checkBound(p *Problem, s *Solution) error {
	if len(s.NodePrice) != len(p.Capacity) || len(s.RowPrice) != len(p.Unmet) {
		return fmt.Errorf("prices of %d nodes of %d and of %d rows of %d", len(s.NodePrice), len(p.Capacity), len(s.RowPrice), len(p.Unmet))
	}
	bound, all := new(big.Int), new(big.Int)
	for i, least := range p.Unmet {
		dual := big.NewInt(least)
		for a := p.From[i]; a < p.From[i+1]; a++ {
			x := new(big.Int).Add(big.NewInt(p.Cost[a]), big.NewInt(s.NodePrice[p.Node[a]]))
			if x.Cmp(dual) < 0 {
				dual = x
			}
		}
		if dual.Cmp(big.NewInt(s.RowPrice[i])) < 0 {
			return fmt.Errorf("row %d has a price of %d, above the %v that it could pay", i, s.RowPrice[i], dual)
		}
		units := int64(1)
		if p.Units != nil {
			units = p.Units[i]
		}
		all.Add(all, big.NewInt(units))
		bound.Add(bound, dual.Mul(big.NewInt(s.RowPrice[i]), big.NewInt(units)))
	}
	for v, price := range s.NodePrice {
		behind := int64(0)
		if p.Parent != nil && p.Parent[v] >= 0 {
			behind = s.NodePrice[p.Parent[v]]
		}
		rent := new(big.Int).Sub(big.NewInt(price), big.NewInt(behind))
		if rent.Sign() < 0 && p.Least != nil && p.Least[v] > 0 {
			bound.Sub(bound, rent.Mul(rent, big.NewInt(p.Least[v])))
			continue
		}
		if rent.Sign() < 0 {
			return fmt.Errorf("node %d has a price of %d, below the %d behind it", v, price, behind)
		}
		room := big.NewInt(p.Capacity[v])
		if room.Cmp(all) > 0 {
			room = all
		}
		bound.Sub(bound, rent.Mul(rent, room))
	}
	if bound.Cmp(big.NewInt(s.Bound)) < 0 {
		return fmt.Errorf("the prices prove a bound of %v, less than %d", bound, s.Bound)
	}
	return nil
}
