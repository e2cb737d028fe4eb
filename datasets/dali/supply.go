package dali

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// The division of the capacity, in hundredths of the units asked for; the volunteers have what the others leave.
const (
	capacityOfDemand = 104
	staffShare       = 22
	teamShare        = 14
	partnerShare     = 12
	venueShare       = 10
)

// makeSupply fills the providers and the resources, in the order of care.Kinds.
func (g *generator) makeSupply() {
	asked := 0
	for i := range g.needs {
		asked += int(g.needs[i].Units)
	}
	total := asked * capacityOfDemand / 100
	venues := venueCapacities(total * venueShare / 100)
	for _, c := range venues {
		total -= c
	}
	hundred := 100 - venueShare
	staff, teams, partners := total*staffShare/hundred, total*teamShare/hundred, total*partnerShare/hundred

	contracts := g.makeProviders()
	d := newDice(g.opts.Seed, streamResources)
	w := workshop{g: g, d: d}
	w.volunteers(total - staff - teams - partners)
	w.teams(teams)
	w.staff(staff, contracts)
	w.partners(partners)
	w.venues(venues)
	g.setQuotas()
}

// contract is what the staff of a provider share.
type contract struct {
	profile *profile
	spots   []int        // communities of the towns it works in
	sums    []int        // people in spots[0] to spots[i]
	areas   []care.Party // its towns, or nil where the contract names none
}

// makeProviders fills the providers: 4 and an eighth of the square root of the needs (9 for 2,000 needs, 129 for a
// million), since firms grow as well as multiply. Each works in four towns drawn by population; for three of five the
// contract names them.
func (g *generator) makeProviders() []contract {
	d := newDice(g.opts.Seed, streamProviders)
	contracts := make([]contract, 4+root(g.opts.Needs)/8)
	for i := range contracts {
		c := &contracts[i]
		c.profile = &providerTable[i%len(providerTable)]
		g.providers = append(g.providers, care.Provider{ID: label('p', i+1), Qualifications: c.profile.qualifications})
		var towns []int
		for len(towns) < 4 {
			if t := g.spots[choose(d, g.homes)].town; !slices.Contains(towns, t) {
				towns = append(towns, t)
			}
		}
		slices.Sort(towns)
		people := 0
		for k := range g.spots {
			if slices.Contains(towns, g.spots[k].town) {
				people += int(g.geo.communities[k].Weight)
				c.spots = append(c.spots, k)
				c.sums = append(c.sums, people)
			}
		}
		if d.chance(600) {
			for _, t := range towns {
				c.areas = append(c.areas, g.geo.towns[t].Party)
			}
		}
	}
	return contracts
}

// setQuotas gives two providers of three a quota of 40 to 90 % of the capacity that names them.
func (g *generator) setQuotas() {
	d := newDice(g.opts.Seed, streamQuotas)
	capacity := make(map[string]int)
	for i := range g.resources {
		capacity[g.resources[i].Provider] += int(g.resources[i].Capacity)
	}
	for i := range g.providers {
		p := &g.providers[i]
		if share := d.between(40, 90); i%3 != 2 {
			p.Quota = care.AtMost(int64(capacity[p.ID] * share / 100))
		}
	}
}

// workshop makes resources of one kind after another.
type workshop struct {
	g       *generator
	d       dice
	weights []int // scratch of pickServices
}

// fill makes resources of lo to hi units until the capacity is spent; the last one takes what is left.
func (w *workshop) fill(capacity, lo, hi int, add func(number, units int)) {
	for number := 1; capacity > 0; number++ {
		units := min(w.d.between(lo, hi), capacity)
		capacity -= units
		add(number, units)
	}
}

// add appends a resource whose home community is spot k.
func (w *workshop) add(r care.Resource, k int) {
	w.g.resources = append(w.g.resources, r)
	w.g.spotOf = append(w.g.spotOf, int32(k))
}

func (w *workshop) volunteers(capacity int) {
	w.fill(capacity, 1, 5, func(number, units int) {
		k := choose(w.d, w.g.helpers)
		s := &w.g.spots[k]
		at, _ := w.g.spread(w.d, s)
		r := care.Resource{
			ID: label('v', number), Kind: care.Volunteer, At: at.place(), Capacity: int64(units),
			RadiusM: metres(w.d, 4500, s, w.g.reach), Languages: w.languages(s), Gender: w.gender(580),
		}
		r.Services = w.pickServices(w.d.between(3, 5), units, func(o *offering) int { return o.volunteers })
		r.Qualifications = w.qualifications(r.Services, 300)
		if w.d.chance(150) {
			r.Areas = []care.Party{s.parties[0]}
		}
		w.add(r, k)
	})
}

func (w *workshop) teams(capacity int) {
	w.fill(capacity, 8, 16, func(number, units int) {
		k := choose(w.d, w.g.helpers)
		s := &w.g.spots[k]
		r := care.Resource{
			ID: label('t', number), Kind: care.Team, At: s.at.place(), Capacity: int64(units),
			RadiusM: metres(w.d, 8000, s, w.g.reach), Languages: w.languages(s),
		}
		r.Services = w.pickServices(w.d.between(3, 5), units, func(o *offering) int { return o.teams })
		r.Qualifications = w.qualifications(r.Services, 400)
		if w.d.chance(600) {
			r.Areas = []care.Party{w.g.geo.towns[s.town].Party}
		}
		w.add(r, k)
	})
}

func (w *workshop) staff(capacity int, contracts []contract) {
	w.fill(capacity, 4, 10, func(number, units int) {
		c := &contracts[(number-1)%len(contracts)]
		k := c.spots[choose(w.d, c.sums)]
		s := &w.g.spots[k]
		at, _ := w.g.spread(w.d, s)
		r := care.Resource{
			ID: label('s', number), Kind: care.ThirdParty, At: at.place(), Capacity: int64(units),
			RadiusM: metres(w.d, 15000, s, w.g.reach), Languages: w.languages(s), Gender: w.gender(700),
			Price: int64(w.d.between(1, 8) * 500), Areas: c.areas,
			Provider: w.g.providers[(number-1)%len(contracts)].ID,
		}
		r.Services = w.pickServices(w.d.between(2, 3), units, func(o *offering) int {
			return b2i(slices.Contains(c.profile.services, o.id))
		})
		w.add(r, k)
	})
}

func (w *workshop) partners(capacity int) {
	w.fill(capacity, 6, 14, func(number, units int) {
		k := choose(w.d, w.g.homes)
		s := &w.g.spots[k]
		at, _ := w.g.spread(w.d, s)
		p := &partnerTable[(number-1)%len(partnerTable)]
		r := care.Resource{
			ID: label('b', number), Kind: care.Partner, At: at.place(), Capacity: int64(units),
			RadiusM: metres(w.d, 8000, s, w.g.reach), Languages: w.languages(s),
			Price: int64(w.d.between(0, 3) * 300), Qualifications: p.qualifications,
		}
		for _, id := range p.services {
			r.Services = append(r.Services, care.Offer{Service: id})
		}
		if w.d.chance(300) {
			r.Areas = []care.Party{w.g.geo.towns[s.town].Party}
		}
		w.add(r, k)
	})
}

// pickServices draws up to count services by their weights, in the order of the list. One of seven has a limit of its own.
func (w *workshop) pickServices(count, units int, weight func(*offering) int) []care.Offer {
	w.weights = w.weights[:0]
	left := 0
	for i := range serviceTable {
		v := weight(&serviceTable[i])
		w.weights = append(w.weights, v)
		left += b2i(v > 0)
	}
	count = min(count, left)
	picked := make([]int, count)
	for i := range picked {
		picked[i] = w.d.pick(w.weights)
		w.weights[picked[i]] = 0
	}
	slices.Sort(picked)
	offers := make([]care.Offer, count)
	for i, p := range picked {
		offers[i].Service = serviceTable[p].id
		if w.d.chance(140) {
			offers[i].Capacity = care.AtMost(int64(w.d.between(1, units)))
		}
	}
	return offers
}

// qualifications gives each qualification that the services may require to perMille of a thousand.
func (w *workshop) qualifications(offers []care.Offer, perMille int) []string {
	var have []string
	for _, f := range offers {
		q := serviceTable[position(f.Service)].requires
		if q != "" && w.d.chance(perMille) && !slices.Contains(have, q) {
			have = append(have, q)
		}
	}
	return have
}

// languages of whoever lives at s: in the villages where Bai is spoken two of five speak it, elsewhere one of ten.
func (w *workshop) languages(s *spot) []string {
	bilingual := 100
	if s.bai {
		bilingual = 400
	}
	if w.d.chance(bilingual) {
		return w.g.both
	}
	return w.g.both[:1:1]
}

func (w *workshop) gender(women int) care.Gender {
	if w.d.chance(women) {
		return care.Female
	}
	return care.Male
}
