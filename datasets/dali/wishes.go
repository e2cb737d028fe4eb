package dali

import "github.com/courtyard-care/courtyard/solver/care"

// standInTable says what is taken instead of a service, at which penalty a unit: an assumption. Nursing, day care and what
// takes a craft have no stand-in.
var standInTable = map[string][][]care.StandIn{
	"elder_meal":    {{{Service: "home_meal", Penalty: 400}}},
	"home_meal":     {{{Service: "elder_meal", Penalty: 300}}},
	"bathing":       {{{Service: "home_care", Penalty: 600}}},
	"home_visit":    {{{Service: "companionship", Penalty: 200}}, {{Service: "companionship", Penalty: 200}, {Service: anyCompany, Penalty: 100}}},
	"companionship": {{{Service: "home_visit", Penalty: 200}}, {{Service: anyCompany, Penalty: 100}}},
	phoneCompany:    {{{Service: "companionship", Penalty: 300}}},
	"tutoring":      {{{Service: holidayClass, Penalty: 500}}},
	holidayClass:    {{{Service: "tutoring", Penalty: 400}}},
	"cleaning":      {{{Service: "household", Penalty: 300}}},
	"forms":         {{{Service: "phone_help", Penalty: 900}}},
}

// pairOfCarersTable is how many of a thousand visits take two carers at once: whoever cannot stand up alone.
var pairOfCarersTable = map[string]int{"bathing": 350, "home_care": 200, escort: 250, nursing: 100}

// interests of people, for company that both enjoy.
var interests = []string{"calligraphy", "chess", "dancing", "films", "gardening", "history", "music", "walking"}

// someInterests draws up to most interests, each once, in the order of the list.
func someInterests(d dice, most int) []string {
	chosen := 0
	for range d.between(1, most) {
		chosen |= 1 << d.below(len(interests))
	}
	var list []string
	for i, name := range interests {
		if chosen>>i&1 != 0 {
			list = append(list, name)
		}
	}
	return list
}

// wishNeeds adds stand-ins, carers, whole and distinct needs, interests and ages, and the nurse that some need in day care.
func (g *generator) wishNeeds() {
	d := newDice(g.opts.Seed, streamWishes)
	nurseToo := [2][]string{{nurse}, {careWorker, nurse}}
	for i := range g.needs {
		n := &g.needs[i]
		if choices := standInTable[n.Service]; choices != nil && d.chance(250) {
			n.StandIns = choices[d.below(len(choices))]
		}
		if n.Mode == care.Visit && d.chance(pairOfCarersTable[n.Service]) {
			n.Carers = 2
		}
		personal := false // does it matter who comes?
		switch n.Service {
		case "home_visit", "companionship", "tutoring", phoneCompany:
			personal = true
		}
		switch {
		case asks(n) < 2:
		case n.When.Recurs() && (n.Service == nursing || n.Service == "home_care"):
			n.Whole = d.chance(150)
		case personal && d.chance(60):
			n.Distinct = true
		case !n.When.Recurs() && n.Service != holidayClass:
			n.Whole = d.chance(80)
		}
		if personal && d.chance(400) {
			n.Interests = someInterests(d, 2)
		}
		if n.Service == phoneCompany || n.Service == "companionship" {
			switch d.pick([]int{60, 25, 15}) {
			case 1: // of one's own generation
				n.AgeFrom = care.AtMost(55)
			case 2: // somebody young
				n.AgeTo = care.AtMost(30)
			}
		}
		if n.Service == "day_care" && d.chance(250) { // as in a micro nursing home
			n.Requires = nurseToo[b2i(len(n.Requires) > 0)]
		}
	}
}
