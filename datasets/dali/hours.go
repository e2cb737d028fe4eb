package dali

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// phoneScope says from which part of the city a telephone companion is called, as the list grows: from anywhere, from the
// same town, from the same community. Distance does not count, so it is what keeps the pairs from growing with the square.
func (g *generator) phoneScope(s *spot) []care.Party {
	switch {
	case g.opts.Needs <= 5_000:
		return nil
	case g.opts.Needs <= 50_000:
		return []care.Party{g.geo.towns[s.town].Party}
	default:
		return []care.Party{s.parties[0]}
	}
}

// joinTeams lets a quarter of the volunteers join a team of their town, if it has one. The team grows by two thirds of what
// they could do, so that what its members share is scarce.
func (g *generator) joinTeams() {
	d := newDice(g.opts.Seed, streamTeams)
	teams := make([][]int, len(g.geo.towns))
	for i := range g.resources {
		if g.resources[i].Kind == care.Team {
			town := g.spots[g.spotOf[i]].town
			teams[town] = append(teams[town], i)
		}
	}
	for i := range g.resources {
		r := &g.resources[i]
		if r.Kind == care.Volunteer {
			if own := teams[g.spots[g.spotOf[i]].town]; len(own) > 0 && d.chance(250) {
				team := &g.resources[own[d.below(len(own))]]
				r.Team = team.ID
				joined, _ := team.Members.Value()
				team.Members = care.AtMost(joined + 1)
				team.Capacity += (2*r.Capacity + 2) / 3
			}
		}
		if r.Kind == care.Team { // and those who are on no list of their own
			joined, _ := r.Members.Value()
			r.Members = care.AtMost(joined + int64(d.between(1, 5)))
		}
	}
}

// timeSupply gives the resources of the plain city their hours, and the volunteers ages, interests and the telephone. Teams and
// staff grow by a tenth, for the visits that take two of them at once.
func (g *generator) timeSupply() {
	d := newDice(g.opts.Seed, streamHours)
	for i := range g.resources {
		r := &g.resources[i]
		switch r.Kind {
		case care.Volunteer:
			g.timeVolunteer(d, r, &g.spots[g.spotOf[i]])
		case care.Team:
			r.Capacity += (r.Capacity + 5) / 10
			r.Availability = teamWeeks[d.below(len(teamWeeks))]
			if d.chance(300) {
				r.DayCapacity = perDay(r.Availability, r.Capacity/2+1)
			}
		case care.ThirdParty:
			r.Capacity += (r.Capacity + 5) / 10
			r.Availability = staffWeeks[d.below(len(staffWeeks))]
			if d.chance(300) {
				r.DayCapacity = perDay(r.Availability, int64(d.between(2, 4)))
			}
			if d.chance(700) { // employed by the hour
				r.CapacityMinutes = care.AtMost(r.Capacity * int64(d.between(60, 90)))
			}
			if d.chance(50) {
				r.MinUnits, r.Promised = 2, true
			}
		case care.Partner:
			r.Availability = deskWeek
			if r.Services[0].Service == "elder_meal" {
				r.Availability = mealWeek
			}
			if d.chance(150) {
				r.MinUnits = int64(d.between(2, 4))
			}
		case care.Venue:
			r.Availability = venueWeek
		}
		if r.Availability != nil && d.chance(60) {
			r.Exceptions = exception(d)
		}
		if r.Qualifications != nil && d.chance(300) {
			r.Expires = []care.Expiry{{Qualification: r.Qualifications[d.below(len(r.Qualifications))], Until: lastDay(d)}}
		}
	}
}

func (g *generator) timeVolunteer(d dice, r *care.Resource, s *spot) {
	weights := make([]int, 0, 4)
	for i := range lives {
		weights = append(weights, lives[i].weight)
	}
	l := &lives[d.pick(weights)]
	r.Age = care.AtMost(int64(d.between(l.from, l.to)))
	r.Availability = l.weeks[d.below(len(l.weeks))]
	if r.Availability != nil && d.chance(200) {
		r.DayCapacity = perDay(r.Availability, int64(d.between(1, 2)))
	}
	if d.chance(50) {
		r.CapacityMinutes = care.AtMost(r.Capacity * 60)
	}
	if d.chance(600) {
		r.Interests = someInterests(d, 3)
	}
	company := slices.ContainsFunc(r.Services, func(o care.Offer) bool {
		return o.Service == "home_visit" || o.Service == "companionship"
	})
	if company && d.chance(150) {
		r.Services = append(r.Services, care.Offer{Service: anyCompany})
	}
	if d.chance(120) {
		r.Services = append(r.Services, care.Offer{Service: phoneCompany})
		r.Areas = g.phoneScope(s)
	}
}

// perDay bounds each of the days on which somebody comes.
func perDay(week []care.Slot, units int64) []care.DayLimit {
	var limits []care.DayLimit
	for _, s := range week {
		if !slices.ContainsFunc(limits, func(l care.DayLimit) bool { return l.Weekday == s.Weekday }) {
			limits = append(limits, care.DayLimit{Weekday: s.Weekday, Capacity: units})
		}
	}
	return limits
}

// exception draws a date that differs: mostly a day off, else other hours.
func exception(d dice) []care.Exception {
	date := monday + care.Date(d.below(7))
	if d.chance(650) {
		return []care.Exception{{Date: date, Off: true}}
	}
	return []care.Exception{{Date: date, Window: clock(900, 1200)}, {Date: date, Window: clock(1300, 1600)}}
}

// lastDay draws the last day of a qualification: of a hundred ten have expired, ten expire in the week.
func lastDay(d dice) care.Date {
	switch d.pick([]int{10, 10, 80}) {
	case 0:
		return monday - care.Date(d.between(1, 90))
	case 1:
		return monday + care.Date(d.between(1, 5))
	default:
		return monday + care.Date(d.between(30, 700))
	}
}
