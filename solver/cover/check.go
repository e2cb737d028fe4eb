package cover

import (
	"errors"
	"fmt"

	"github.com/courtyard-care/courtyard/solver"
)

// Check re-measures a solution and shares no code with the search: sites that must and must not open, budget or need, the
// objective, and that status, objective and bound agree. It takes time linear in the pairs.
func Check(p *Problem, s *Solution) error {
	if err := p.Validate(); err != nil {
		return err
	}
	switch s.Status {
	case solver.Unknown, solver.Infeasible:
		if s.Open != nil {
			return fmt.Errorf("status %v with a plan", s.Status)
		}
		return nil
	case solver.Optimal, solver.Feasible:
	default:
		return fmt.Errorf("status %v", s.Status)
	}
	if s.Open == nil {
		return fmt.Errorf("status %v without a plan", s.Status)
	}
	price, covered, err := checkPlan(p, s.Open)
	if err != nil {
		return err
	}
	objective, better := price, s.HasBound && s.Bound <= s.Objective
	if p.Goal == Most {
		objective, better = covered, s.HasBound && s.Bound >= s.Objective
	}
	switch {
	case p.Goal == Most && price > p.Budget:
		return fmt.Errorf("the open sites cost %d, the budget is %d", price, p.Budget)
	case p.Goal == Least && p.Need > 0 && covered < p.Need:
		return fmt.Errorf("a weight of %d is covered, %d is needed", covered, p.Need)
	case objective != s.Objective:
		return fmt.Errorf("the plan is worth %d, the objective is %d", objective, s.Objective)
	case s.HasBound && !better:
		return fmt.Errorf("the bound %d is passed by the objective %d", s.Bound, s.Objective)
	case s.Status == solver.Optimal && (!s.HasBound || s.Bound != s.Objective):
		return errors.New("optimal without a bound that meets the objective")
	}
	return nil
}

// checkPlan returns what the open sites cost and cover, or an error that names the first rule they break.
func checkPlan(p *Problem, open []int32) (price, covered int64, err error) {
	is := make([]bool, p.Sites)
	for k, j := range open {
		if j < 0 || int(j) >= p.Sites || k > 0 && j <= open[k-1] {
			return 0, 0, fmt.Errorf("open site %d: unknown, or not in ascending order", j)
		}
		is[j] = true
		if p.Price == nil {
			price++
		} else {
			price += p.Price[j]
		}
	}
	for _, j := range p.Open {
		if !is[j] {
			return 0, 0, fmt.Errorf("site %d must open and is shut", j)
		}
	}
	for _, j := range p.Shut {
		if is[j] {
			return 0, 0, fmt.Errorf("site %d must not open and is open", j)
		}
	}
	for i := range p.Clients() {
		is1 := false
		for _, j := range p.Site[p.Start[i]:p.Start[i+1]] {
			is1 = is1 || is[j]
		}
		switch {
		case is1 && p.Weight == nil:
			covered++
		case is1:
			covered += p.Weight[i]
		case p.Goal == Least && p.Need == 0:
			return 0, 0, fmt.Errorf("client %d is not covered", i)
		}
	}
	return price, covered, nil
}
