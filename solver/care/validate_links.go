package care

import (
	"fmt"
	"slices"
	"strconv"
)

func (v *validator) checkServices() {
	l := v.lists.Services
	for i := range l {
		row{&v.inServs, "services", i}.id(l[i].ID, v.services)
	}
	for i := range l {
		r := row{&v.inServs, "services", i}
		r.between("minutes", l[i].Minutes, 0, MaxMinutes)
		if l[i].Parent == "" {
			continue
		}
		if _, ok := v.services[l[i].Parent]; !ok {
			r.knows("parent", l[i].Parent, "service", v.services)
		} else if v.inCycle(i) {
			r.fault("parent", "conflict", l[i].Parent, "the service is its own ancestor")
		}
	}
}

// inCycle reports whether the parents of service i lead back to it.
func (v *validator) inCycle(i int) bool {
	l := v.lists.Services
	at := i
	for range l {
		next, ok := v.services[l[at].Parent]
		if !ok {
			return false
		}
		if next == i {
			return true
		}
		at = next
	}
	return false
}

func (v *validator) checkProviders() {
	for i := range v.lists.Providers {
		p := &v.lists.Providers[i]
		r := row{&v.inProv, "providers", i}
		r.id(p.ID, v.providers)
		r.limit("quota", p.Quota)
		r.words("qualifications", p.Qualifications)
		r.limit("budget", p.Budget)
		r.limit("subsidy", p.Subsidy)
		r.expires(p.Expires, p.Qualifications)
	}
}

func (v *validator) checkEvents() {
	for i := range v.lists.Events {
		r := row{&v.inEvents, "events", i}
		r.id(v.lists.Events[i].ID, v.events)
		r.limit("days", v.lists.Events[i].Days)
	}
}

func (v *validator) checkContracts() {
	for i := range v.lists.Contracts {
		c := &v.lists.Contracts[i]
		r := row{&v.inContracts, "contracts", i}
		at, known := v.providers[c.Provider]
		switch {
		case c.Provider == "":
			r.fault("provider", "required", "", "the id of a provider is required")
		case v.lists.Providers == nil:
			r.fault("provider", "unknown", c.Provider, "a contract needs the providers list: it lends their qualifications")
		case !known:
			r.knows("provider", c.Provider, "provider", v.providers)
		}
		v.party(r, "resource", c.Resource, "resource", v.resources)
		r.words("lends", c.Lends)
		if known {
			own := v.lists.Providers[at].Qualifications
			for k, q := range c.Lends {
				if q != "" && !slices.Contains(own, q) {
					r.unknown(entry("lends", k, ""), q, "the provider has no such qualification to lend", func() []string { return own })
				}
			}
		}
		if c.From != 0 && c.To != 0 && c.From > c.To {
			r.fault("to", "conflict", c.To.String(), "lies before from")
		}
	}
}

// party checks an id that a row names. Ids of needs and resources are opaque: no other is suggested.
func (v *validator) party(r row, field, id, what string, ids map[string]int) {
	if id == "" {
		r.fault(field, "required", "", "the id of a "+what+" is required")
	} else if _, ok := ids[id]; !ok {
		r.fault(field, "unknown", id, "no such "+what+" in the list")
	}
}

func (v *validator) checkPairings() {
	type pair struct{ need, resource string }
	seen := make(map[pair]int, len(v.lists.Pairings))
	pinned := map[int]int64{} // units of pinned pairings, by need
	for i := range v.lists.Pairings {
		p := &v.lists.Pairings[i]
		r := row{&v.inPairings, "pairings", i}
		v.party(r, "need", p.Need, "need", v.needs)
		v.party(r, "resource", p.Resource, "resource", v.resources)
		switch {
		case p.State == "":
			r.fault("state", "required", "", "a state is required: lasting, pinned, confirmed, forbidden, declined, stand_by or open")
		case !slices.Contains(PairingStates(), p.State):
			r.unknown("state", string(p.State), "must be lasting, pinned, confirmed, forbidden, declined, stand_by or open", func() []string { return plain(PairingStates()) })
		}
		r.whole("units", p.Units, 0)
		r.whole("cost", p.Cost, 0)
		if p.Units > 0 && (p.State == Forbidden || p.State == Declined || p.State == StandBy || p.State == Open) {
			r.fault("units", "conflict", strconv.FormatInt(p.Units, 10), "only lasting and pinned pairings have units")
		}
		if at, ok := v.needs[p.Need]; ok && p.Units > 0 && (v.lists.Needs[at].Whole || v.lists.Needs[at].When.Recurs()) {
			r.fault("units", "conflict", strconv.FormatInt(p.Units, 10), "a pairing of a recurring or whole need holds all its units: leave the field out")
		}
		if first, ok := seen[pair{p.Need, p.Resource}]; ok {
			code, detail := "duplicate", "the same pair stands at /pairings/%d"
			if v.lists.Pairings[first].State != p.State {
				code, detail = "conflict", "the same pair stands in another state at /pairings/%d"
			}
			r.fault("state", code, string(p.State), fmt.Sprintf(detail, first))
			continue
		}
		seen[pair{p.Need, p.Resource}] = i
		if at, ok := v.needs[p.Need]; ok && (p.State == Pinned || p.State == Confirmed) {
			v.pinnedUnits(r, p, at, pinned)
		}
	}
}

// pinnedUnits adds up the units pinned of one need, which may not be more than it asks for.
func (v *validator) pinnedUnits(r row, p *Pairing, at int, pinned map[int]int64) {
	most := v.mostUnits(&v.lists.Needs[at])
	if most < 0 || p.Units < 0 || p.Units > MaxWhole {
		return
	}
	units := p.Units
	if units == 0 {
		units = most
	}
	if pinned[at] += units; pinned[at] > most {
		r.fault("units", "conflict", strconv.FormatInt(units, 10), fmt.Sprintf("the pinned pairings of the need hold %d units, more than it asks for", pinned[at]))
	}
}

// mostUnits bounds the units of a need: those it asks for, or the days of the horizon that suit it; -1 if not known.
func (v *validator) mostUnits(n *Need) int64 {
	if !n.When.Recurs() {
		return n.Units
	}
	if !v.planned {
		return -1
	}
	days := int64(0)
	for k := range v.horizon.Days {
		if n.When.Weekdays.Has(v.horizon.Date(k).Weekday()) {
			days++
		}
	}
	return days
}
