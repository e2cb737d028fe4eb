package dali

import "github.com/courtyard-care/courtyard/solver/care"

// makeNeeds fills the needs list, preferences left out.
func (g *generator) makeNeeds() {
	d := newDice(g.opts.Seed, streamNeeds)
	ages := g.ages()
	var services [ageBands][]int
	for i := range serviceTable {
		for b := range services {
			services[b] = append(services[b], serviceTable[i].byAge[b])
		}
	}
	required := make(map[string][]string)
	for i := range serviceTable {
		if q := serviceTable[i].requires; q != "" {
			required[q] = []string{q}
		}
	}
	var (
		baiOnly    = []string{southernBai}
		staffOnly  = []care.Kind{care.ThirdParty}
		neighbours = []care.Kind{care.Volunteer, care.Team}
		venueOnly  = []care.Kind{care.Venue}
		households = int(g.geo.figures[figure{cityCode, "households"}])
		single     = int(g.geo.figures[figure{cityCode, "one_person_households"}])
	)

	g.needs = make([]care.Need, g.opts.Needs)
	for i := range g.needs {
		s := &g.spots[choose(d, g.homes)]
		at, group := g.spread(d, s)
		if d.chance(300) {
			group = 0
		}
		age := ageBand(d.pick(ages[:]))
		o := &serviceTable[d.pick(services[age])]
		alone := age != child && d.below(households) < single
		n := care.Need{
			ID: label('n', i+1), Service: o.id, At: at.place(), Units: int64(d.between(1, o.units)),
			Party: s.parties[group], Priority: class(age, alone, o), Mode: care.Visit,
		}
		factor := g.reach
		if d.chance(o.attend) {
			n.Mode = care.Attend
			factor = max(factor, 1000)
		}
		n.MaxDistanceM = metres(d, o.reachM, s, factor)
		if d.chance(o.requiresIn) {
			n.Requires = required[o.requires]
		}
		if d.chance(o.gender) {
			n.Gender = care.Male
			if d.chance(womenByAgeTable[age]) {
				n.Gender = care.Female
			}
		}
		if d.chance(baiOnlyPerThousand(age, s)) {
			n.Languages = baiOnly
		}
		if o.id != nursing && d.chance(250) { // a quarter name a price, two fifths of them want it free; nursing has set fees
			n.MaxPrice = care.AtMost(int64([...]int{0, 0, 500, 1000, 2000}[d.below(5)]))
		}
		switch {
		case o.id == nursing && d.chance(400):
			n.Accepts = staffOnly
		case n.Mode == care.Visit && d.chance(40):
			n.Accepts = neighbours
		case o.common && d.chance(60):
			n.Accepts = venueOnly
		}
		g.needs[i] = n
	}
}

// ages returns how many needs each age raises, a million times.
func (g *generator) ages() [ageBands]int {
	count := func(indicator string) int64 { return g.geo.figures[figure{cityCode, indicator}] }
	people := [ageBands]int64{
		child:  count("age_0_14"),
		adult:  count("population") - count("age_0_14") - count("age_65plus"),
		old:    count("age_65plus") - count("age_80plus"),
		oldest: count("age_80plus"),
	}
	var needs [ageBands]int
	for b := range needs {
		needs[b] = int(people[b] * needsByAgeTable[b])
	}
	return needs
}

// class returns the priority class: see the package comment.
func class(age ageBand, alone bool, o *offering) int {
	urgent := o.id == nursing || o.id == escort
	switch {
	case age == oldest && (alone || urgent), age == old && alone && urgent:
		return 1
	case age < old && o.id != nursing:
		return 3
	default:
		return 2
	}
}

// baiOnlyPerThousand says how many speak Bai and no other language, in the villages where Bai is spoken: an assumption.
func baiOnlyPerThousand(age ageBand, s *spot) int {
	if !s.bai {
		return 0
	}
	return [ageBands]int{old: 120, oldest: 250}[age]
}
