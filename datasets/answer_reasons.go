package datasets

import (
	"fmt"

	"github.com/courtyard-care/courtyard/solver/match"
)

// reason turns one reason into JSON, with a sentence that a planner can act on.
func (b *answerBuilder) reason(r *match.Reason) ReasonJSON {
	out := ReasonJSON{Code: string(r.Code), Removed: r.Removed, Detail: reasonDetail(r, b.req.Currency), NearestResourceID: b.resourceID(r.Nearest)}
	if r.HasShort {
		short := r.ShortBy
		out.ShortBy = &short
	}
	if r.Resource >= 0 {
		out.ResourceID = b.resourceID(r.Resource)
		o := b.goal.objective(r.Objective)
		out.Objective = &o
	}
	if r.Outranked > 0 {
		class := r.Outranked
		out.Outranked = &class
	}
	return out
}

// reasonDetail says in English what kept the resources away and what would help. It holds no data of a person.
func reasonDetail(r *match.Reason, currency string) string {
	who := fmt.Sprintf("%d %s the service but ", r.Removed, one(r.Removed, "resource offers", "resources offer"))
	is := func(single, many string) string { return who + one(r.Removed, single, many) }
	switch r.Code {
	case match.CodeService:
		return "nobody offers this service: add it to a resource, or find one that does"
	case match.CodeKind:
		return is("is", "are") + " of a kind that the need does not accept: accept more kinds"
	case match.CodeSkill:
		return is("lacks", "lack") + " a required qualification: train or certify one of them, or lend a provider's qualification"
	case match.CodeLanguage:
		return is("shares", "share") + " no language with the need: add a language or an interpreter"
	case match.CodeGender:
		return is("is", "are") + " not of the gender asked for"
	case match.CodeMaxDistance:
		return is("is", "are") + " farther than the need accepts" + byMetres(r) + ": raise max_distance_m, or find one nearer"
	case match.CodeRadius:
		return is("does not serve", "do not serve") + " that far" + byMetres(r) + ": raise a radius_m, or find one nearer"
	case match.CodeArea:
		return is("serves", "serve") + " other areas only: add the need's party to one"
	case match.CodePrice:
		d := is("costs", "cost") + " more than the need accepts"
		if r.HasShort {
			d += fmt.Sprintf(" (the nearest by %d minor units of %s)", r.ShortBy, currency)
		}
		return d + ": raise max_price, or subsidise"
	case match.CodeMode:
		return is("is a venue", "are venues") + " and does not visit homes: let the need attend, or find one that visits"
	case match.CodeReachable:
		return is("is", "are") + " beyond a barrier that no way goes round: correct the barriers, or find one on this side"
	case match.CodeTime:
		d := is("is", "are") + " not available when the need has time"
		if r.HasShort {
			d += fmt.Sprintf(" (the nearest lacks %d minutes)", r.ShortBy)
		}
		return d + ": accept other days or hours, or widen its hours"
	case match.CodeAge:
		return is("is", "are") + " not of an age asked for, or " + one(r.Removed, "states", "state") + " none"
	case match.CodeCarers:
		d := is("has", "have") + " fewer members than are needed at once"
		if r.HasShort {
			d += fmt.Sprintf(" (the nearest lacks %d)", r.ShortBy)
		}
		return d + ": add members, or ask a team"
	case match.CodeForbidden:
		return is("is", "are") + " paired with the need as forbidden or declined"
	case match.CodeLocking:
		return lockedDetail(r)
	case match.CodeBudget:
		return fullDetail(r, "the budget of the providers behind the eligible resources is used up", "add the money of a unit there")
	case match.CodeHours:
		return fullDetail(r, "the minutes of every eligible resource are used up", "add the minutes of a unit there")
	case match.CodeMinimum:
		return "the eligible resources do not open: too few would go to them; lower min_units, or find more needs for one"
	case match.CodeEvent:
		return "the eligible stops do not open: the event stops elsewhere; add a day to the event"
	case match.CodeApart:
		return "every visit left would lie too few days from another visit of the need: lower days_apart, or accept other days"
	case match.CodeDistinct:
		return "every eligible resource with room serves another unit of the need: drop distinct, or find another resource"
	case match.CodeWhole:
		return "no eligible resource has room for all units of the need: drop whole, or ask for fewer units"
	case match.CodeUnits: // of a plan, never of a need
	case match.CodeCapacity:
		return fullDetail(r, "every eligible resource is full", "add a unit of capacity there")
	case match.CodeQuota:
		return fullDetail(r, "the quota of the providers behind the eligible resources is used up", "add a unit of quota there")
	}
	return ""
}

// one chooses between singular and plural.
func one(n int, single, many string) string {
	if n == 1 {
		return single
	}
	return many
}

// lockedDetail says who is held by pinned pairings.
func lockedDetail(r *match.Reason) string {
	if r.Removed == 0 {
		return "pinned pairings hold the units that could serve this need: unpin one"
	}
	return fmt.Sprintf("pinned pairings hold the units of %d %s that could serve this need: unpin one", r.Removed, one(r.Removed, "resource", "resources"))
}

func byMetres(r *match.Reason) string {
	if !r.HasShort {
		return ""
	}
	return fmt.Sprintf(" (the nearest by %d m)", r.ShortBy)
}

func fullDetail(r *match.Reason, what, do string) string {
	if r.Outranked > 0 {
		return fmt.Sprintf("%s, and one more unit would rather go to a need of class %d", what, r.Outranked)
	}
	if r.Resource < 0 {
		return what
	}
	return what + ": " + do + " to serve this need at least cost"
}
