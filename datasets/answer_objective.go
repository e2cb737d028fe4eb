package datasets

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// goal is the tuple that a problem minimises: which members its objectives have.
type goal struct {
	tiers []match.Tier
	short bool // a minimum is promised
}

func goalOf(p *match.Problem) goal {
	g := goal{tiers: p.Tiers}
	if len(g.tiers) == 0 {
		g.tiers = match.DefaultTiers()
	}
	g.short = slices.ContainsFunc(p.Lists.Resources, func(r care.Resource) bool { return r.Promised })
	return g
}

// objective turns an objective, or a difference of two, into JSON.
func (g goal) objective(o match.Objective) ObjectiveJSON {
	out := ObjectiveJSON{UnmetByClass: append([]int64(nil), o.Unmet[:]...), Cost: o.Cost}
	if g.short {
		out.Short = &o.Short
	}
	for _, t := range g.tiers {
		switch t {
		case match.TierWorstDistance:
			out.WorstDistance = &o.WorstDistance
		case match.TierWorstNeed:
			out.WorstNeed = &o.WorstNeed
		case match.TierChanges:
			out.Changes = &o.Changes
		case match.TierLoad:
			out.Load = &o.Load
		case match.TierUnmet1, match.TierUnmet2, match.TierUnmet3, match.TierCost: // always there
		}
	}
	return out
}

// gap returns (objective - bound) / max(1, objective) of the first tier not proved, 0 where all are.
func (g goal) gap(o, bound match.Objective) float64 {
	if o.Short != bound.Short {
		return relative(o.Short, bound.Short)
	}
	for _, t := range g.tiers {
		if have, least := tier(&o, t), tier(&bound, t); have != least {
			return relative(have, least)
		}
	}
	return 0
}

func relative(have, least int64) float64 { return float64(have-least) / float64(max(1, have)) }

// tier returns the number of a tier.
func tier(o *match.Objective, t match.Tier) int64 {
	switch t {
	case match.TierUnmet1:
		return o.Unmet[0]
	case match.TierUnmet2:
		return o.Unmet[1]
	case match.TierUnmet3:
		return o.Unmet[2]
	case match.TierWorstDistance:
		return o.WorstDistance
	case match.TierWorstNeed:
		return o.WorstNeed
	case match.TierChanges:
		return o.Changes
	case match.TierLoad:
		return o.Load
	case match.TierCost:
		return o.Cost
	}
	return 0
}

// objective turns an objective into JSON where the problem is not at hand: with the tiers that are not 0.
func objective(o match.Objective) ObjectiveJSON {
	g := goal{short: o.Short != 0}
	for _, t := range match.Tiers() {
		if tier(&o, t) != 0 {
			g.tiers = append(g.tiers, t)
		}
	}
	return g.objective(o)
}
