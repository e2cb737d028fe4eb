package facility

import (
	"errors"
	"fmt"

	"github.com/courtyard-care/courtyard/solver"
)

// Check re-measures a solution and shares no code with the search: sites that must and must not open, their number and
// price, that every client goes to its cheapest open site (or to nobody where the penalty is less), the objective, and that
// status, objective and bound agree. It takes time linear in the pairs.
func Check(p *Problem, s *Solution) error {
	if err := p.Validate(); err != nil {
		return err
	}
	if (s.Open == nil) != (s.AssignedTo == nil) {
		return errors.New("open sites without assignments, or the reverse")
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
	cost, err := checkPlan(p, s.Open, s.AssignedTo)
	switch {
	case err != nil:
		return err
	case cost != s.Objective:
		return fmt.Errorf("the plan costs %d, the objective is %d", cost, s.Objective)
	case s.HasBound && s.Bound > s.Objective:
		return fmt.Errorf("the bound %d is above the objective %d", s.Bound, s.Objective)
	case s.Status == solver.Optimal && (!s.HasBound || s.Bound != s.Objective):
		return errors.New("optimal without a bound that meets the objective")
	}
	return nil
}

// checkPlan returns the cost of a plan, or an error that names the first rule it breaks.
func checkPlan(p *Problem, open, assigned []int32) (int64, error) {
	is := make([]bool, p.Sites)
	total, price := int64(0), int64(0)
	for k, j := range open {
		if j < 0 || int(j) >= p.Sites || k > 0 && j <= open[k-1] {
			return 0, fmt.Errorf("open site %d: unknown, or not in ascending order", j)
		}
		is[j] = true
		if p.Fixed != nil {
			total += p.Fixed[j]
		}
		if p.Price != nil {
			price += p.Price[j]
		}
	}
	for _, j := range p.Open {
		if !is[j] {
			return 0, fmt.Errorf("site %d must open and is shut", j)
		}
	}
	for _, j := range p.Shut {
		if is[j] {
			return 0, fmt.Errorf("site %d must not open and is open", j)
		}
	}
	if p.MaxOpen > 0 && len(open) > p.MaxOpen {
		return 0, fmt.Errorf("%d sites are open, at most %d may be", len(open), p.MaxOpen)
	}
	if p.Price != nil && price > p.Budget {
		return 0, fmt.Errorf("the open sites cost %d, the budget is %d", price, p.Budget)
	}
	if len(assigned) != p.Rows.Clients() {
		return 0, fmt.Errorf("%d clients are assigned, want %d", len(assigned), p.Rows.Clients())
	}
	for i, to := range assigned {
		best, least := int32(Unserved), int64(None)
		sites, costs := p.Rows.Row(i)
		for k, j := range sites {
			if is[j] && (costs[k] < least || costs[k] == least && j < best) {
				best, least = j, costs[k]
			}
		}
		if p.Penalty != nil && p.Penalty[i] <= least && p.Penalty[i] != None {
			best, least = Unserved, p.Penalty[i]
		}
		if least == None {
			return 0, fmt.Errorf("client %d: no open site can serve it", i)
		}
		if to != best {
			return 0, fmt.Errorf("client %d goes to site %d, site %d is the cheapest", i, to, best)
		}
		total += least
	}
	return total, nil
}
