package dali

import "github.com/courtyard-care/courtyard/solver/care"

// The services that only a full city has.
const (
	holidayClass = "holiday_class"
	clinic       = "clinic"
	phoneCompany = "phone_company"
	anyCompany   = "company" // the parent of all companionship, which some offer as such
)

// fullServices are the nodes that a full city adds to the tree.
func fullServices() []care.Service {
	return []care.Service{
		{ID: holidayClass, Parent: "children", NameZH: "寒假课堂", Name: "Holiday class", Minutes: 90, Common: true},
		{ID: clinic, Parent: "care", NameZH: "社区义诊", Name: "Free clinic", Minutes: 20, Common: true},
		{ID: phoneCompany, Parent: anyCompany, NameZH: "电话陪伴", Name: "Telephone companion", Minutes: 30},
	}
}

// makeFeatures turns a plain city into a full one. Draws come from streams of their own; the rows of the plain city keep
// their ids and places.
func (g *generator) makeFeatures() error {
	g.turnNeeds()
	g.timeNeeds()
	g.wishNeeds()
	g.joinTeams()
	g.timeSupply()
	g.backSupply()
	g.makeSessions()
	g.makeOutreach()
	return g.makePairings()
}

// turnNeeds lets some needs ask for what only a full city has: a place in a holiday class or at a free clinic, a voice on
// the telephone. What the plain city drew for the old service (preferences, price, qualification) is dropped.
func (g *generator) turnNeeds() {
	d := newDice(g.opts.Seed, streamTurns)
	spotOf := g.communityOf()
	for i := range g.needs {
		n := &g.needs[i]
		s := &g.spots[spotOf[n.Party]]
		to := ""
		switch {
		case n.Service == "tutoring" && n.Mode == care.Attend && d.chance(400):
			to = holidayClass
		case n.Service == "home_visit" && d.chance(150):
			to = clinic
		case n.Service == "home_visit" && d.chance(80), n.Service == "companionship" && n.Mode == care.Visit && d.chance(250):
			to = phoneCompany
		}
		if to == "" {
			continue
		}
		*n = care.Need{
			ID: n.ID, Service: to, At: n.At, Units: n.Units, Party: n.Party, Priority: n.Priority, Mode: care.Attend,
			Languages: n.Languages,
		}
		switch to {
		case holidayClass: // families bring their children farther than the old would go
			n.MaxDistanceM = metres(d, 12000, s, max(g.reach, 1000))
		case clinic:
			n.Units = 1
			n.MaxDistanceM = metres(d, 9000, s, max(g.reach, 1000))
		case phoneCompany:
			n.Mode = care.Remote
		}
	}
}
