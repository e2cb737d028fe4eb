package gap

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/courtyard-care/courtyard/solver"
)

// measureCost returns the cost of an assignment, or an error that names the first rule it breaks.
func measureCost(p *Problem, assigned []int32) (int64, error) {
	if len(assigned) != p.Jobs {
		return 0, fmt.Errorf("%d jobs are assigned, want %d", len(assigned), p.Jobs)
	}
	total := int64(0)
	load := make([][]int64, p.dims())
	for d := range load {
		load[d] = make([]int64, p.Agents)
	}
	for j, i := range assigned {
		if i == Unassigned {
			if p.penalty(j) == None {
				return 0, fmt.Errorf("job %d is left, but must be done", j)
			}
			total += p.penalty(j)
			continue
		}
		if i < 0 || int(i) >= p.Agents {
			return 0, fmt.Errorf("job %d is assigned to agent %d: there is no such agent", j, i)
		}
		at := int(i)*p.Jobs + j
		if p.Cost[at] == None {
			return 0, fmt.Errorf("job %d is assigned to agent %d: the pair is forbidden", j, i)
		}
		total += p.Cost[at]
		for d := range load {
			load[d][i] += p.Use[d][at]
		}
	}
	for d := range load {
		for i, v := range load[d] {
			if v > p.Capacity[d][i] {
				return 0, fmt.Errorf("agent %d: load %d in dimension %d is above the capacity %d", i, v, d, p.Capacity[d][i])
			}
			if v < p.minLoad(d, i) {
				return 0, fmt.Errorf("agent %d: load %d in dimension %d is below the least load %d", i, v, d, p.minLoad(d, i))
			}
		}
	}
	return total, nil
}

// Check re-measures a solution and shares no code with the search: every rule, the objective, that status, objective and
// bound agree, and, where the knapsacks are small enough to solve by plain dynamic programming, that the prices of the dual
// prove the dual's bound. A bound above that of the dual rests on a tree, which Check does not search again.
func Check(p *Problem, s *Solution) error {
	if err := p.Validate(); err != nil {
		return err
	}
	if s.AssignedTo != nil {
		cost, err := measureCost(p, s.AssignedTo)
		if err != nil {
			return err
		}
		if cost != s.Objective {
			return fmt.Errorf("the assignment costs %d, not %d", cost, s.Objective)
		}
		if s.HasBound && s.Bound > cost {
			return fmt.Errorf("the bound %d is above the objective %d", s.Bound, cost)
		}
	}
	switch s.Status {
	case solver.Optimal:
		if s.AssignedTo == nil || !s.HasBound || s.Bound != s.Objective {
			return errors.New("optimal needs an assignment and a bound that meets it")
		}
	case solver.Feasible:
		if s.AssignedTo == nil {
			return errors.New("feasible needs an assignment")
		}
	default:
		if s.AssignedTo != nil {
			return fmt.Errorf("%v with an assignment", s.Status)
		}
	}
	if s.Dual == nil {
		return nil
	}
	if s.HasBound && s.Dual.Bound > s.Bound {
		return fmt.Errorf("the dual proves %d, more than the bound %d", s.Dual.Bound, s.Bound)
	}
	return s.Dual.check(p)
}

// maxTable bounds the table of one knapsack that Check solves.
const maxTable = 50_000_000

// check recomputes the bound of the prices: Σ price − Σ over agents of the most they can earn − Σ saved by leaving jobs.
// Where there are several dimensions, or the table of a capacity would be too large, an agent earns at most what the
// dimension in which it earns least allows, or all of its gains; least loads only lower it. The bound must hold even so, unless
// such a relaxation was needed.
func (u *Dual) check(p *Problem) error {
	if len(u.Price) != p.Jobs || u.Scale <= 0 {
		return errors.New("the dual must have a price for each job and a positive scale")
	}
	sum := new(big.Int)
	for j, v := range u.Price {
		sum.Add(sum, big.NewInt(v))
		if pen := p.penalty(j); pen != None {
			if save := v - pen*u.Scale; save > 0 {
				sum.Sub(sum, big.NewInt(save))
			}
		}
	}
	for i := range p.Agents {
		earn, exact := u.earn(p, i)
		if !exact {
			return nil
		}
		sum.Sub(sum, earn)
	}
	claim := new(big.Int).Mul(big.NewInt(u.Bound-1), big.NewInt(u.Scale))
	if sum.Cmp(claim) <= 0 {
		return fmt.Errorf("the dual's prices prove %v / %d, less than its bound %d", sum, u.Scale, u.Bound)
	}
	return nil
}

// earn solves the knapsack of agent i by dynamic programming over its capacity; exact is false if the table would be too
// large, or the agent has other rows than one capacity.
func (u *Dual) earn(p *Problem, i int) (most *big.Int, exact bool) {
	if p.dims() != 1 || p.minLoad(0, i) > 0 {
		return nil, false
	}
	total := int64(0)
	for j := range p.Jobs {
		if p.Cost[i*p.Jobs+j] != None {
			total += p.Use[0][i*p.Jobs+j]
		}
	}
	room := min(p.Capacity[0][i], total)
	if room >= maxTable/int64(p.Jobs+1) {
		return nil, false
	}
	table := make([]int64, room+1)
	for j := range p.Jobs {
		at := i*p.Jobs + j
		if p.Cost[at] == None {
			continue
		}
		gain, use := u.Price[j]-p.Cost[at]*u.Scale, p.Use[0][at]
		if gain <= 0 {
			continue
		}
		for r := room; r >= use; r-- {
			table[r] = max(table[r], table[r-use]+gain)
		}
	}
	return big.NewInt(table[room]), true
}
