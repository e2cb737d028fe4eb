package match

import (
	"fmt"
	"math/big"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// CodeUnits marks a plan that gives a need more units than it asks for, or lists a pair twice.
const CodeUnits Code = "UNITS_CONSTRAINT"

// Violation is one rule that a plan breaks.
type Violation struct {
	Code     Code
	Need     int32 // -1 when the rule concerns no single need
	Resource int32 // -1 when the rule concerns no single resource
	Provider int32 // -1 when the rule concerns no single provider
	ExcessBy int64 // in the constraint's unit; 0 where it has none
}

// Review measures a plan made elsewhere: every rule that it breaks, and its objective, in which the units of broken pairs
// count as served and their cost as the cost of any pair. Of each match only Need, Resource, StandIn, Day and Units are read. The error is
// a [*solver.Invalid] for a faulty problem, or for a match that names no need or resource or has no units. O(plan + n + m).
func Review(p *Problem, plan []Match) ([]Violation, Objective, error) {
	metric, err := p.prepare()
	if err != nil {
		return nil, Objective{}, err
	}
	var bad solver.Invalid
	for k, x := range plan {
		switch {
		case x.Need < 0 || int(x.Need) >= len(p.Lists.Needs):
			bad.Add(solver.Fault{Pointer: fmt.Sprintf("/matches/%d/need_id", k), Code: "unknown", Detail: "no such need in the list"})
		case x.Resource < 0 || int(x.Resource) >= len(p.Lists.Resources):
			bad.Add(solver.Fault{Pointer: fmt.Sprintf("/matches/%d/resource_id", k), Code: "unknown", Detail: "no such resource in the list"})
		case x.Units < 1 || x.Units > care.MaxWhole:
			bad.Add(solver.Fault{Pointer: fmt.Sprintf("/matches/%d/units", k), Code: "out_of_range", Detail: "must be a whole number from 1"})
		case x.StandIn < -1 || int(x.StandIn) >= len(p.Lists.Needs[x.Need].StandIns):
			bad.Add(solver.Fault{Pointer: fmt.Sprintf("/matches/%d/service", k), Code: "unknown", Detail: "the need accepts no such service"})
		case x.Day < -1 || x.Day >= p.Horizon.Days:
			bad.Add(solver.Fault{Pointer: fmt.Sprintf("/matches/%d/date", k), Code: "out_of_range", Detail: "must be a day of the horizon"})
		}
	}
	if err := bad.Err(); err != nil {
		return nil, Objective{}, err
	}
	return newReviewer(p, metric).review(plan)
}

// Check re-measures s: that its plan keeps every rule, its matches, unmet units, uses and objective add up, and, where it
// says optimal and carries a certificate, that the certificate proves it over all eligible pairs. It shares no code with the
// search. O(n·m): meant for tests and for answers one must be sure of.
func Check(p *Problem, s *Solution) error {
	if s.Status == solver.Unknown {
		return nil
	}
	if s.Status != solver.Optimal && s.Status != solver.Feasible {
		return fmt.Errorf("a match is never %v", s.Status)
	}
	broken, objective, err := Review(p, s.Matches)
	if err != nil {
		return err
	}
	broken = slices.DeleteFunc(broken, func(b Violation) bool { // those of pinned pairings are said
		return slices.ContainsFunc(s.PinnedBreaks, func(x Violation) bool {
			return x.Need == b.Need && x.Resource == b.Resource && x.Code == b.Code
		})
	})
	if len(broken) > 0 {
		b := broken[0]
		return fmt.Errorf("the plan breaks %d rules: %s by need %d, resource %d, provider %d", len(broken), b.Code, b.Need, b.Resource, b.Provider)
	}
	if objective != s.Objective {
		return fmt.Errorf("the objective is %v, not %v", objective, s.Objective)
	}
	if p.Less(s.Objective, s.Bound) {
		return fmt.Errorf("the objective %v is below the bound %v", s.Objective, s.Bound)
	}
	if s.Status == solver.Optimal && s.Bound != s.Objective {
		return fmt.Errorf("optimal, but the bound %v is not the objective %v", s.Bound, s.Objective)
	}
	metric, err := p.prepare()
	if err != nil {
		return err
	}
	v := newReviewer(p, metric)
	if err := v.rows(s); err != nil {
		return err
	}
	if s.Dual == nil {
		return nil
	}
	return v.proof(s)
}

// ascending reports whether a stands before b in the order of needs, resources, services and days.
func ascending(a, b *Match) bool {
	for _, x := range [][2]int32{{a.Need, b.Need}, {a.Resource, b.Resource}, {a.StandIn, b.StandIn}, {a.Day, b.Day}} {
		if x[0] != x[1] {
			return x[0] < x[1]
		}
	}
	return false
}

// rows checks each match, unmet need and resource of the answer.
func (v *reviewer) rows(s *Solution) error {
	lists := &v.p.Lists
	left := make([]int64, len(lists.Needs))
	for i := range left {
		left[i] = v.asked(&lists.Needs[i])
	}
	used := make([]int64, len(lists.Resources))
	for k, x := range s.Matches {
		if k > 0 && !ascending(&s.Matches[k-1], &x) {
			return fmt.Errorf("match %d is out of order", k)
		}
		n, r := &lists.Needs[x.Need], &lists.Resources[x.Resource]
		metres := v.metres(n, r)
		if cost := v.standInCost(n, r, metres, x.StandIn) * x.Units; metres != x.DistanceM || cost != x.Cost {
			return fmt.Errorf("match %d: distance %d and cost %d, stated %d and %d", k, metres, cost, x.DistanceM, x.Cost)
		}
		left[x.Need] -= x.Units
		used[x.Resource] += x.Units
	}
	for _, u := range s.Unmet {
		if u.Units < 1 || left[u.Need] != u.Units {
			return fmt.Errorf("need %d: %d units are left, stated %d", u.Need, left[u.Need], u.Units)
		}
		left[u.Need] = 0
		if s.Explained && len(u.Reasons) == 0 {
			return fmt.Errorf("need %d is unmet without a reason", u.Need)
		}
	}
	for i, u := range left {
		if u != 0 {
			return fmt.Errorf("need %d: %d units are neither served nor unmet", i, u)
		}
	}
	if len(s.Resources) != len(used) {
		return fmt.Errorf("%d resources stated, there are %d", len(s.Resources), len(used))
	}
	for j, u := range s.Resources {
		if u.Used != used[j] || u.Capacity != lists.Resources[j].Capacity {
			return fmt.Errorf("resource %d: %d of %d used, stated %d of %d", j, used[j], lists.Resources[j].Capacity, u.Used, u.Capacity)
		}
	}
	return nil
}

// proof checks the certificate: weak duality over all eligible pairs.
func (v *reviewer) proof(s *Solution) error {
	lists, d := &v.p.Lists, s.Dual
	provider := make(map[string]int, len(lists.Providers))
	for k := range lists.Providers {
		provider[lists.Providers[k].ID] = k
		if d.Provider[k] < 0 {
			return fmt.Errorf("provider %d has a negative price", k)
		}
	}
	total := new(big.Int)
	add := func(units, price int64) {
		x := big.NewInt(units)
		total.Add(total, x.Mul(x, big.NewInt(price)))
	}
	behind := make([]int64, len(lists.Resources)) // price of a unit of capacity and of quota
	offers := make(map[string][][2]int)           // resources and positions by service
	for j := range lists.Resources {
		r := &lists.Resources[j]
		if d.Resource[j] < 0 {
			return fmt.Errorf("resource %d has a negative price", j)
		}
		add(r.Capacity, -d.Resource[j])
		behind[j] = d.Resource[j]
		if k, ok := provider[r.Provider]; ok && r.Provider != "" {
			behind[j] += d.Provider[k]
		}
		for o := range r.Services {
			offers[r.Services[o].Service] = append(offers[r.Services[o].Service], [2]int{j, o})
			if d.Offer[j] == nil || d.Offer[j][o] == 0 {
				continue
			}
			most, ok := r.Services[o].Capacity.Value()
			if d.Offer[j][o] < 0 || !ok {
				return fmt.Errorf("resource %d: offer %d has no limit or a negative price", j, o)
			}
			add(most, -d.Offer[j][o])
		}
	}
	for k := range lists.Providers {
		most, ok := lists.Providers[k].Quota.Value()
		if !ok && d.Provider[k] != 0 {
			return fmt.Errorf("provider %d has a price but no quota", k)
		}
		add(most, -d.Provider[k])
	}
	chain := new(big.Int) // the dearest pair of every need: no chain of exchanges costs more
	for i := range lists.Needs {
		n := &lists.Needs[i]
		if d.Need[i] > d.Penalty[n.Priority-1] {
			return fmt.Errorf("need %d pays more than its penalty", i)
		}
		add(n.Units, d.Need[i])
		var dearest int64
		for _, at := range offers[n.Service] {
			r := &lists.Resources[at[0]]
			metres := v.metres(n, r)
			if len(v.breaks(n, r, metres)) > 0 {
				continue
			}
			cost := v.unitCost(n, r, metres)
			dearest = max(dearest, cost)
			price := behind[at[0]]
			if d.Offer[at[0]] != nil {
				price += d.Offer[at[0]][at[1]]
			}
			if d.Need[i] > cost+price {
				return fmt.Errorf("need %d and resource %d: the pair is a bargain", i, at[0])
			}
		}
		chain.Add(chain, big.NewInt(dearest))
	}
	for c, p := range d.Penalty {
		below := int64(0)
		if c+1 < len(d.Penalty) {
			below = d.Penalty[c+1]
		}
		if big.NewInt(p-below).Cmp(chain) <= 0 {
			return fmt.Errorf("the penalty of class %d is not above every chain of costs", c+1)
		}
	}
	have := big.NewInt(s.Objective.Cost)
	for c, u := range s.Objective.Unmet {
		x := big.NewInt(u)
		have.Add(have, x.Mul(x, big.NewInt(d.Penalty[c])))
	}
	if have.Cmp(total) != 0 {
		return fmt.Errorf("the prices prove %v, the match weighs %v", total, have)
	}
	return nil
}
