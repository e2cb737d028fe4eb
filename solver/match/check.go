package match

import (
	"errors"
	"fmt"
	"math/big"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
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
// count as served and their cost as the cost of any pair. Of each match only Need, Resource and Units are read. The error is
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
		}
	}
	if err := bad.Err(); err != nil {
		return nil, Objective{}, err
	}
	v := &reviewer{p: p, metric: metric}
	return v.review(plan)
}

// reviewer reads the rules straight from the lists: it shares nothing with the search but the metric.
type reviewer struct {
	p      *Problem
	metric *travel.Metric
}

// breaks returns the rules that one pair breaks at this distance, with how far off it is.
func (v *reviewer) breaks(n *care.Need, r *care.Resource, metres int64) []Violation {
	var list []Violation
	add := func(code Code, excess int64) {
		list = append(list, Violation{Code: code, Provider: -1, ExcessBy: excess})
	}
	offers := slices.ContainsFunc(r.Services, func(o care.Offer) bool { return o.Service == n.Service })
	if !offers {
		add(CodeService, 0)
	}
	if len(n.Accepts) > 0 && !slices.Contains(n.Accepts, r.Kind) {
		add(CodeKind, 0)
	}
	if n.Mode == care.Visit && r.Kind == care.Venue {
		add(CodeMode, 0)
	}
	for _, q := range n.Requires {
		if !slices.Contains(r.Qualifications, q) && !slices.Contains(v.lent(r.Provider), q) {
			add(CodeSkill, 0)
			break
		}
	}
	common := func(w string) bool { return slices.Contains(r.Languages, w) }
	if len(n.Languages) > 0 && !slices.ContainsFunc(n.Languages, common) {
		add(CodeLanguage, 0)
	}
	if n.Gender != "" && n.Gender != r.Gender {
		add(CodeGender, 0)
	}
	holds := func(a care.Party) bool { return n.Party == a || len(n.Party) > len(a) && n.Party[:len(a)+1] == a+"/" }
	if len(r.Areas) > 0 && !slices.ContainsFunc(r.Areas, holds) {
		add(CodeArea, 0)
	}
	if most, ok := n.MaxPrice.Value(); ok && r.Price > most {
		add(CodePrice, r.Price-most)
	}
	if metres == travel.Unreachable {
		add(CodeReachable, 0)
		return list
	}
	if most, ok := n.MaxDistanceM.Value(); ok && metres > most {
		add(CodeMaxDistance, metres-most)
	}
	if most, ok := r.RadiusM.Value(); ok && metres > most {
		add(CodeRadius, metres-most)
	}
	return list
}

// lent returns the qualifications of a provider.
func (v *reviewer) lent(id string) []string {
	for k := range v.p.Lists.Providers {
		if id != "" && v.p.Lists.Providers[k].ID == id {
			return v.p.Lists.Providers[k].Qualifications
		}
	}
	return nil
}

// unitCost is the cost of one unit of a pair.
func (v *reviewer) unitCost(n *care.Need, r *care.Resource, metres int64) int64 {
	broken := len(n.Prefers) > 0 && !slices.Contains(n.Prefers, r.ID) || slices.Contains(n.Avoids, r.ID)
	cost := v.p.Weights.Price * r.Price
	if metres != travel.Unreachable {
		cost += v.p.Weights.Distance * metres
	}
	if broken {
		cost += v.p.Weights.Preference
	}
	return cost
}

func (v *reviewer) review(plan []Match) ([]Violation, Objective, error) {
	lists := &v.p.Lists
	var list []Violation
	var objective Objective
	cost := new(big.Int)
	served := make([]int64, len(lists.Needs))
	used := make([]int64, len(lists.Resources))
	byService := make(map[[2]int32]int64) // by resource and position of the offer
	seen := make(map[[2]int32]bool, len(plan))
	for _, x := range plan {
		n, r := &lists.Needs[x.Need], &lists.Resources[x.Resource]
		metres := v.metric.Metres(n.At, r.At)
		for _, b := range v.breaks(n, r, metres) {
			b.Need, b.Resource = x.Need, x.Resource
			list = append(list, b)
		}
		if seen[[2]int32{x.Need, x.Resource}] {
			list = append(list, Violation{Code: CodeUnits, Need: x.Need, Resource: x.Resource, Provider: -1, ExcessBy: x.Units})
		}
		seen[[2]int32{x.Need, x.Resource}] = true
		served[x.Need] += x.Units
		used[x.Resource] += x.Units
		if o := slices.IndexFunc(r.Services, func(o care.Offer) bool { return o.Service == n.Service }); o >= 0 {
			byService[[2]int32{x.Resource, int32(o)}] += x.Units
		}
		unit := new(big.Int).SetInt64(v.unitCost(n, r, metres))
		cost.Add(cost, unit.Mul(unit, big.NewInt(x.Units)))
	}
	if !cost.IsInt64() {
		return nil, objective, errors.New("the cost of the plan does not fit into 64 bits: lower the weights")
	}
	objective.Cost = cost.Int64()
	for i := range lists.Needs {
		n := &lists.Needs[i]
		if over := served[i] - n.Units; over > 0 {
			list = append(list, Violation{Code: CodeUnits, Need: int32(i), Resource: -1, Provider: -1, ExcessBy: over})
		}
		objective.Unmet[n.Priority-1] += max(0, n.Units-served[i])
	}
	for j := range lists.Resources {
		r := &lists.Resources[j]
		over := used[j] - r.Capacity
		for o := range r.Services {
			if most, ok := r.Services[o].Capacity.Value(); ok {
				over = max(over, byService[[2]int32{int32(j), int32(o)}]-most)
			}
		}
		if over > 0 {
			list = append(list, Violation{Code: CodeCapacity, Need: -1, Resource: int32(j), Provider: -1, ExcessBy: over})
		}
	}
	for k := range lists.Providers {
		most, ok := lists.Providers[k].Quota.Value()
		if !ok {
			continue
		}
		var sum int64
		for j := range lists.Resources {
			if lists.Resources[j].Provider == lists.Providers[k].ID {
				sum += used[j]
			}
		}
		if sum > most {
			list = append(list, Violation{Code: CodeQuota, Need: -1, Resource: -1, Provider: int32(k), ExcessBy: sum - most})
		}
	}
	return list, objective, nil
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
	if len(broken) > 0 {
		b := broken[0]
		return fmt.Errorf("the plan breaks %d rules: %s by need %d, resource %d, provider %d", len(broken), b.Code, b.Need, b.Resource, b.Provider)
	}
	if objective != s.Objective {
		return fmt.Errorf("the objective is %v, not %v", objective, s.Objective)
	}
	if s.Objective.Less(s.Bound) {
		return fmt.Errorf("the objective %v is below the bound %v", s.Objective, s.Bound)
	}
	if s.Status == solver.Optimal && s.Bound != s.Objective {
		return fmt.Errorf("optimal, but the bound %v is not the objective %v", s.Bound, s.Objective)
	}
	v := &reviewer{p: p}
	if v.metric, err = p.prepare(); err != nil {
		return err
	}
	if err := v.rows(s); err != nil {
		return err
	}
	if s.Dual == nil {
		return nil
	}
	return v.proof(s)
}

// rows checks each match, unmet need and resource of the answer.
func (v *reviewer) rows(s *Solution) error {
	lists := &v.p.Lists
	left := make([]int64, len(lists.Needs))
	for i := range left {
		left[i] = lists.Needs[i].Units
	}
	used := make([]int64, len(lists.Resources))
	for k, x := range s.Matches {
		if k > 0 && (x.Need < s.Matches[k-1].Need || x.Need == s.Matches[k-1].Need && x.Resource <= s.Matches[k-1].Resource) {
			return fmt.Errorf("match %d is out of order", k)
		}
		n, r := &lists.Needs[x.Need], &lists.Resources[x.Resource]
		metres := v.metric.Metres(n.At, r.At)
		if metres != x.DistanceM || v.unitCost(n, r, metres)*x.Units != x.Cost {
			return fmt.Errorf("match %d: distance %d and cost %d, stated %d and %d", k, metres, v.unitCost(n, r, metres)*x.Units, x.DistanceM, x.Cost)
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
			metres := v.metric.Metres(n.At, r.At)
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
