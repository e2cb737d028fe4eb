package match

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// goal returns the tiers in force.
func (p *Problem) goal() []Tier {
	if p.Tiers == nil {
		return DefaultTiers()
	}
	return p.Tiers
}

// checkTiers reports tiers that contradict each other.
func (p *Problem) checkTiers(all *solver.Invalid) {
	if p.Tiers == nil {
		return
	}
	fault := func(k int, code, detail string) {
		all.Add(solver.Fault{Pointer: "/options/tiers/" + strconv.Itoa(k), Code: code, Value: string(p.Tiers[k]), Detail: detail})
	}
	var names []string
	for _, t := range Tiers() {
		names = append(names, string(t))
	}
	unmet := 0
	for k, t := range p.Tiers {
		switch {
		case !slices.Contains(Tiers(), t):
			detail := "no such tier"
			if near := care.Nearest(string(t), names); near != "" {
				detail += fmt.Sprintf("; did you mean %q?", near)
			}
			fault(k, "unknown", detail)
		case slices.Contains(p.Tiers[:k], t):
			fault(k, "duplicate", "the same tier stands twice in the list")
		case classOf(t) >= 0:
			unmet++
			if k >= Classes {
				fault(k, "conflict", "the tiers unmet_1, unmet_2 and unmet_3 come first: whatever stands before one of them is best when nobody is served")
			}
		}
	}
	if unmet < Classes {
		all.Add(solver.Fault{Pointer: "/options/tiers", Code: "required", Detail: "unmet_1, unmet_2 and unmet_3 must all be there, first, in any order"})
	}
	if !slices.Contains(p.Tiers, TierCost) {
		all.Add(solver.Fault{Pointer: "/options/tiers", Code: "required", Detail: "cost must be there: it settles what the other tiers leave open"})
	}
}

// Less reports whether objective a is better than b by the tiers of the problem.
func (p *Problem) Less(a, b Objective) bool {
	if a.Short != b.Short {
		return a.Short < b.Short
	}
	for _, t := range p.goal() {
		if x, y := a.tier(t), b.tier(t); x != y {
			return x < y
		}
	}
	return false
}

// tier returns one number of the tuple.
func (o Objective) tier(t Tier) int64 {
	switch t {
	case TierUnmet1, TierUnmet2, TierUnmet3:
		return o.Unmet[classOf(t)]
	case TierWorstDistance:
		return o.WorstDistance
	case TierWorstNeed:
		return o.WorstNeed
	case TierChanges:
		return o.Changes
	case TierLoad:
		return o.Load
	default:
		return o.Cost
	}
}

// Gap returns how far the plan may be from the best one: of the first number of the tuple that is not proved, what it is above
// its bound, as a share of it. 0 when the match is proved.
func (s *Solution) Gap(tiers []Tier) float64 {
	if s.Status == solver.Optimal {
		return 0
	}
	if tiers == nil {
		tiers = DefaultTiers()
	}
	share := func(have, bound int64) float64 { return float64(have-bound) / float64(max(1, have)) }
	if s.Objective.Short != s.Bound.Short {
		return share(s.Objective.Short, s.Bound.Short)
	}
	for _, t := range tiers {
		if have, bound := s.Objective.tier(t), s.Bound.tier(t); have != bound {
			return share(have, bound)
		}
	}
	return 0
}
