package center

import (
	"errors"
	"fmt"
	"math"

	"github.com/courtyard-care/courtyard/solver"
)

// Check re-measures a solution and shares no code with the search: sites that must and must not open, their number, that every
// client goes to its nearest open site, the objective, and that status, objective and bound agree. It takes time linear in the
// pairs.
func Check(p *Problem, s *Solution) error {
	if err := p.Validate(); err != nil {
		return err
	}
	switch s.Status {
	case solver.Unknown, solver.Infeasible:
		if s.Open != nil || s.AssignedTo != nil {
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
	worst, err := checkPlan(p, s.Open, s.AssignedTo)
	switch {
	case err != nil:
		return err
	case worst != s.Objective:
		return fmt.Errorf("the largest distance is %d, the objective is %d", worst, s.Objective)
	case s.HasBound && s.Bound > s.Objective:
		return fmt.Errorf("the bound %d is above the objective %d", s.Bound, s.Objective)
	case s.Status == solver.Optimal && (!s.HasBound || s.Bound != s.Objective):
		return errors.New("optimal without a bound that meets the objective")
	}
	return nil
}

// checkPlan returns the largest distance of a plan, or an error that names the first rule it breaks.
func checkPlan(p *Problem, open, assigned []int32) (int64, error) {
	is := make([]bool, p.Sites)
	for k, j := range open {
		if j < 0 || int(j) >= p.Sites || k > 0 && j <= open[k-1] {
			return 0, fmt.Errorf("open site %d: unknown, or not in ascending order", j)
		}
		is[j] = true
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
	if len(assigned) != p.Clients() {
		return 0, fmt.Errorf("%d clients are assigned, want %d", len(assigned), p.Clients())
	}
	worst := int64(0)
	for i, to := range assigned {
		best, least := int32(-1), int64(math.MaxInt64)
		for k := p.Start[i]; k < p.Start[i+1]; k++ {
			j, d := p.Site[k], p.Distance[k]
			if is[j] && (best < 0 || d < least || d == least && j < best) {
				best, least = j, d
			}
		}
		switch {
		case best < 0:
			return 0, fmt.Errorf("client %d: no open site can serve it", i)
		case to != best:
			return 0, fmt.Errorf("client %d goes to site %d, site %d is the nearest", i, to, best)
		}
		worst = max(worst, least)
	}
	return worst, nil
}
