package dali

import "github.com/courtyard-care/courtyard/solver/care"

// venueSort is one sort of venue.
type venueSort struct {
	weight   int // share of the capacity of all venues
	price    int64
	profile  profile
	operated bool     // by a provider
	sites    []string // codes of the divisions at whose point it stands
}

// venueTable are the venues that the city reports, 3, 12 and 9; where they stand is synthetic. A street's centre stands
// at the seat of its street. The community centres stand in the communities of the three streets, of Dali and of Fengyi
// about by population, located points first. Of the children's homes five stand in streets and in Dali, four in towns.
var venueTable = []venueSort{
	{
		weight: 6, price: 800, operated: true,
		profile: profile{[]string{"elder_meal", "day_care", "companionship", "phone_help", "haircut"}, []string{careWorker}},
		sites:   []string{"532901003", "532901004", "532901005"},
	},
	{
		weight: 3, price: 600,
		profile: profile{[]string{"elder_meal", "day_care", "companionship", "forms"}, []string{careWorker}},
		sites: []string{
			"532901003005", "532901003007", "532901003010", "532901003018", "532901003020", // Xiaguan
			"532901004001", "532901004008", // Taihe
			"532901005004", "532901005006", // Manjiang
			"532901102002", "532901102005", // Dali
			"532901103001", // Fengyi
		},
	},
	{
		weight:  2,
		profile: profile{[]string{"childcare", "tutoring", "counselling"}, []string{childWorker}},
		sites: []string{
			"532901003013", "532901003019", "532901004003", "532901005007", "532901102202",
			"532901103207", "532901104201", "532901105201", "532901110201",
		},
	},
}

// venueCapacities divides a capacity among the venues by weight, at least 1 each, in the order of venueTable.
func venueCapacities(capacity int) []int {
	weights := 0
	for _, sort := range venueTable {
		weights += sort.weight * len(sort.sites)
	}
	var each []int
	for _, sort := range venueTable {
		for range sort.sites {
			each = append(each, max(1, capacity*sort.weight/weights))
		}
	}
	return each
}

func (w *workshop) venues(capacities []int) {
	number := 0
	for _, sort := range venueTable {
		for i, code := range sort.sites {
			k, at := w.g.site(code)
			r := care.Resource{
				ID: label('h', number+1), Kind: care.Venue, At: at.place(), Capacity: int64(capacities[number]),
				Price: sort.price, Qualifications: sort.profile.qualifications, Languages: w.languages(&w.g.spots[k]),
			}
			for _, id := range sort.profile.services {
				r.Services = append(r.Services, care.Offer{Service: id})
			}
			if sort.operated {
				r.Provider = w.g.providers[i].ID
			}
			w.add(r, k)
			number++
		}
	}
}

// site returns the point of a division and a community there: itself, or the first of the town.
func (g *generator) site(code string) (community int, at point) {
	for i := range g.geo.communities {
		c := &g.geo.communities[i]
		if c.Code == code {
			return i, g.geo.points[i]
		}
		if c.town() == code {
			t := &g.geo.towns[g.spots[i].town]
			return i, micro(t.At.Lon, t.At.Lat)
		}
	}
	panic("dali: no division " + code)
}
