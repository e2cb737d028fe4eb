package care

import (
	"strconv"
)

func (v *validator) checkResources() {
	for i := range v.lists.Resources {
		res := &v.lists.Resources[i]
		r := row{&v.inRes, "resources", i}
		r.id(res.ID, v.resources)
		r.kind("kind", res.Kind)
		r.place(res.At)
		v.offers(r, res.Services)
		r.words("qualifications", res.Qualifications)
		r.whole("capacity", res.Capacity, 0)
		r.limit("radius_m", res.RadiusM)
		for k, a := range res.Areas {
			if a == "" {
				r.fault(entry("areas", k, ""), "required", "", "an entry is empty")
			}
			r.party(entry("areas", k, ""), a)
		}
		r.whole("price", res.Price, 0)
		r.words("languages", res.Languages)
		r.gender(res.Gender)
		if res.Provider != "" && v.lists.Providers != nil {
			r.knows("provider", res.Provider, "provider", v.providers)
		}
		v.hours(r, res)
		r.limit("capacity_minutes", res.CapacityMinutes)
		r.whole("min_units", res.MinUnits, 0)
		switch {
		case res.MinUnits > res.Capacity && res.Capacity >= 0:
			r.fault("min_units", "conflict", strconv.FormatInt(res.MinUnits, 10), "is more than the capacity: it could never open")
		case res.Promised && res.MinUnits == 0:
			r.fault("promised", "conflict", "", "needs min_units: so many are promised")
		}
		if members, ok := res.Members.Value(); ok {
			r.whole("members", members, 1)
		}
		r.expires(res.Expires, res.Qualifications)
		if res.Event != "" && v.lists.Events != nil {
			r.knows("event", res.Event, "event", v.events)
		}
		r.words("interests", res.Interests)
		r.limit("age", res.Age)
	}
}

// offers checks the services of a resource.
func (v *validator) offers(r row, offers []Offer) {
	if len(offers) == 0 {
		r.fault("services", "required", "", "a resource must offer at least one service")
	}
	for k, again := range repeats(len(offers), func(k int) string { return offers[k].Service }) {
		switch o := offers[k]; {
		case o.Service == "":
			r.fault(entry("services", k, "service"), "required", "", "an entry is empty")
		case again:
			r.fault(entry("services", k, "service"), "duplicate", o.Service, "the same service stands twice in the list")
		case v.lists.Services != nil:
			if _, ok := v.services[o.Service]; !ok {
				r.knows(entry("services", k, "service"), o.Service, "service", v.services)
			}
		}
		if most, ok := offers[k].Capacity.Value(); ok && (most < 0 || most > MaxWhole) {
			r.whole(entry("services", k, "capacity"), most, 0)
		}
	}
}

// checkTeams checks the teams of volunteers, and notes the services whose minutes count.
func (v *validator) checkTeams() {
	v.counted = map[string]bool{}
	for i := range v.lists.Resources {
		res := &v.lists.Resources[i]
		r := row{&v.inRes, "resources", i}
		_, counts := res.CapacityMinutes.Value()
		if res.Team != "" {
			at, known := v.resources[res.Team]
			switch {
			case res.Kind != Volunteer:
				r.fault("team", "conflict", res.Team, "only a volunteer belongs to a team")
			case !known:
				r.fault("team", "unknown", res.Team, "no such resource in the list")
			case v.lists.Resources[at].Kind != Team:
				r.fault("team", "conflict", res.Team, "must be the id of a resource of kind team")
			default:
				team := &v.lists.Resources[at]
				if res.Provider != "" && res.Provider != team.Provider {
					r.fault("provider", "conflict", res.Provider, "is not the provider of its team, which stands behind its members")
				}
				_, teamCounts := team.CapacityMinutes.Value()
				counts = counts || teamCounts
			}
		}
		if counts {
			for _, o := range res.Services {
				v.counted[o.Service] = true
			}
		}
	}
}

// checkBudgets checks that the money of each provider pays for one unit at least.
func (v *validator) checkBudgets() {
	least := make([]int64, len(v.lists.Providers)) // positive charge of a unit; 0: none
	for i := range v.lists.Resources {
		res := &v.lists.Resources[i]
		behind := res.Provider
		if at, ok := v.resources[res.Team]; ok && res.Team != "" {
			behind = v.lists.Resources[at].Provider
		}
		k, ok := v.providers[behind]
		if !ok {
			continue
		}
		if charge := v.lists.Providers[k].Charge(res.Price); charge > 0 && (least[k] == 0 || charge < least[k]) {
			least[k] = charge
		}
	}
	for k := range v.lists.Providers {
		if budget, ok := v.lists.Providers[k].Budget.Value(); ok && budget >= 0 && budget < least[k] {
			row{&v.inProv, "providers", k}.fault("budget", "conflict", strconv.FormatInt(budget, 10), "pays for no unit: the cheapest of its resources costs it "+strconv.FormatInt(least[k], 10))
		}
	}
}
