package datasets

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// usedOptions returns the options with their defaults filled in; of those that belong to a feature, the ones in use.
func usedOptions(req *MatchRequest) UsedOptionsJSON {
	p := &req.Problem
	o := UsedOptionsJSON{
		WDistance:    p.Weights.Distance,
		WPrice:       p.Weights.Price,
		WPreference:  p.Weights.Preference,
		Detour:       p.Detour,
		Barriers:     len(p.Barriers),
		Currency:     req.Currency,
		Relaxations:  req.Relaxations,
		Alternatives: req.Alternatives,
	}
	if o.Detour == 0 {
		o.Detour = 1
	}
	if p.Nearest > 0 {
		o.Nearest = &p.Nearest
	}
	if req.TimeLimitS > 0 {
		o.TimeLimitS = &req.TimeLimitS
	}
	needs, pairings := p.Lists.Needs, p.Lists.Pairings
	if slices.ContainsFunc(needs, func(n care.Need) bool { return len(n.StandIns) > 0 }) {
		o.WStandIn = &p.Weights.StandIn
	}
	if slices.ContainsFunc(needs, func(n care.Need) bool { return len(n.Interests) > 0 }) {
		o.WInterest = &p.Weights.Interest
	}
	if slices.ContainsFunc(pairings, func(p care.Pairing) bool { return p.State == care.Lasting }) {
		o.WChange = &p.Weights.Change
	}
	if p.Weights.Load > 0 {
		o.WLoad = &p.Weights.Load
	}
	if p.Horizon.Days > 0 {
		o.From, o.Days = p.Horizon.From.String(), p.Horizon.Days
		if p.Zone != nil {
			o.Timezone = p.Zone.String()
		}
	}
	for _, t := range p.Tiers {
		o.Tiers = append(o.Tiers, string(t))
	}
	switch pinned := func(p care.Pairing) bool { return p.State == care.Pinned || p.State == care.Confirmed }; {
	case p.KeepPinned:
		o.Pinned = "keep"
	case slices.ContainsFunc(pairings, pinned):
		o.Pinned = "refuse"
	}
	return o
}
