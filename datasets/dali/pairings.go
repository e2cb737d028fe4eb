package dali

import (
	"fmt"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// pairingTable is how many of a thousand needs look for a pairing of each state; about two of three find one. Those with a
// lasting pairing have a second helper standing by one time in five.
var pairingTable = []struct {
	state    care.PairingState
	perMille int
}{
	{care.Lasting, 80}, {care.Pinned, 12}, {care.Confirmed, 6}, {care.Forbidden, 20}, {care.Declined, 8}, {care.Open, 8},
}

const standByIn = 5

// matchmaker draws pairings.
type matchmaker struct {
	g         *generator
	d         dice
	metric    *travel.Metric
	near      [][]int32        // resources of each community
	inTown    [][]int32        // and of each town
	providers map[string]int   // position
	pinned    map[int32]bool   // resources that a pinned pairing holds already
	minutes   map[string]int64 // usual duration of each service
}

// makePairings draws who is to stay with whom, must, and must not. Whoever is paired may serve: distances go round the lake.
func (g *generator) makePairings() error {
	metric, err := travel.NewMetric(1, []travel.Polygon{g.geo.lake.polygon()})
	if err != nil {
		return fmt.Errorf("ways round the lake: %w", err)
	}
	m := matchmaker{
		g: g, d: newDice(g.opts.Seed, streamPairings), metric: metric, near: g.byCommunity(),
		inTown: make([][]int32, len(g.geo.towns)), providers: make(map[string]int), pinned: make(map[int32]bool),
		minutes: make(map[string]int64),
	}
	for _, s := range append(services(), fullServices()...) {
		m.minutes[s.ID] = s.Minutes
	}
	for i, k := range g.spotOf {
		town := g.spots[k].town
		m.inTown[town] = append(m.inTown[town], int32(i))
	}
	for i := range g.providers {
		m.providers[g.providers[i].ID] = i
	}
	spotOf := g.communityOf()
	weights, rest := []int{}, 1000
	for _, row := range pairingTable {
		weights = append(weights, row.perMille)
		rest -= row.perMille
	}
	weights = append(weights, rest)
	for i := range g.needs {
		if k := m.d.pick(weights); k < len(pairingTable) {
			m.pair(&g.needs[i], spotOf[g.needs[i].Party], pairingTable[k].state)
		}
	}
	return nil
}

// pair looks for a helper in the community, then in the town.
func (m *matchmaker) pair(n *care.Need, k int, state care.PairingState) {
	fits := m.mayServe
	if state == care.Pinned || state == care.Confirmed {
		fits = m.mayHold
	}
	j := m.draw(n, k, -1, fits)
	if j < 0 {
		return
	}
	p := care.Pairing{Need: n.ID, Resource: m.g.resources[j].ID, State: state}
	if state == care.Pinned || state == care.Confirmed {
		m.pinned[j] = true
	}
	if state == care.Lasting && n.Units > 1 && (n.Distinct || !n.Whole && m.d.chance(300)) && !n.When.Recurs() {
		p.Units = 1
	}
	if state == care.Open {
		p.Cost = int64(m.d.between(1, 5) * 100)
	}
	m.g.pairings = append(m.g.pairings, p)
	if state != care.Lasting || m.d.below(standByIn) > 0 {
		return
	}
	if second := m.draw(n, k, j, m.mayServe); second >= 0 {
		m.g.pairings = append(m.g.pairings, care.Pairing{Need: n.ID, Resource: m.g.resources[second].ID, State: care.StandBy})
	}
}

// draw returns a resource other than not that fits, -1 if a few tries find none.
func (m *matchmaker) draw(n *care.Need, k int, not int32, fits func(*care.Need, int32) bool) int32 {
	for _, candidates := range [][]int32{m.near[k], m.inTown[m.g.spots[k].town]} {
		const tries = 16
		for range tries {
			if len(candidates) == 0 {
				break
			}
			if j := candidates[m.d.below(len(candidates))]; j != not && fits(n, j) {
				return j
			}
		}
	}
	return -1
}

// mayHold reports whether resource j may be pinned to n with all its units whatever else is pinned: it may serve, has room,
// holds no other pinned pairing, and no limit of others (team, provider, event) and no choice (a least number) stands between.
func (m *matchmaker) mayHold(n *care.Need, j int32) bool {
	r := &m.g.resources[j]
	return !m.pinned[j] && r.Kind != care.Team && r.Team == "" && r.Provider == "" && r.MinUnits == 0 &&
		r.DayCapacity == nil && r.CapacityMinutes == care.Limit{} && r.Capacity >= n.Units &&
		n.When == care.When{} && n.Carers < 2 && !n.Distinct && m.mayServe(n, j)
}

// mayServe reports whether resource j may serve n with the very service: the rules of eligibility in a plain reading. Where
// something is limited or lent by contract it says no, which leaves enough to draw from.
func (m *matchmaker) mayServe(n *care.Need, j int32) bool {
	r := &m.g.resources[j]
	offers := slices.ContainsFunc(r.Services, func(o care.Offer) bool { return o.Service == n.Service && o.Capacity == care.Limit{} })
	switch {
	case !offers, r.Session != care.Session{},
		len(n.Accepts) > 0 && !slices.Contains(n.Accepts, r.Kind),
		r.Kind == care.Venue && n.Mode != care.Attend,
		len(n.Languages) > 0 && !slices.Contains(r.Languages, n.Languages[0]),
		n.Gender != "" && n.Gender != r.Gender,
		len(r.Areas) > 0 && !slices.ContainsFunc(r.Areas, n.Party.Within),
		n.Carers > 1 && !atLeast(r.Members, n.Carers, r.Kind != care.Volunteer),
		!ofAge(n, r), !m.qualified(n, r), !m.affords(n, r), !m.meets(n, r):
		return false
	case n.Mode == care.Remote:
		return true
	}
	distance := m.metric.Metres(n.At, r.At)
	return n.MaxDistanceM.Allows(distance) && r.RadiusM.Allows(distance)
}

// atLeast reports whether a number is at least least, and otherwise where the number is not stated.
func atLeast(l care.Limit, least int64, otherwise bool) bool {
	if v, ok := l.Value(); ok {
		return v >= least
	}
	return otherwise
}

func ofAge(n *care.Need, r *care.Resource) bool {
	from, asked := n.AgeFrom.Value()
	if asked && !atLeast(r.Age, from, false) {
		return false
	}
	age, stated := r.Age.Value()
	return n.AgeTo == care.Limit{} || stated && n.AgeTo.Allows(age)
}

// qualified reports whether every qualification is the resource's own or its provider's, without a last day before the end of
// the week.
func (m *matchmaker) qualified(n *care.Need, r *care.Resource) bool {
	holds := func(q string, have []string, expires []care.Expiry) bool {
		return slices.Contains(have, q) &&
			!slices.ContainsFunc(expires, func(e care.Expiry) bool { return e.Qualification == q && e.Until < monday+6 })
	}
	i, behind := m.providers[r.Provider]
	for _, q := range n.Requires {
		own := holds(q, r.Qualifications, r.Expires)
		if !own && (!behind || !holds(q, m.g.providers[i].Qualifications, m.g.providers[i].Expires)) {
			return false
		}
	}
	return true
}

// affords reports whether the person can pay what the subsidy leaves of the price.
func (m *matchmaker) affords(n *care.Need, r *care.Resource) bool {
	price := r.Price
	if i, behind := m.providers[r.Provider]; behind {
		if _, subsidised := m.g.providers[i].Subsidy.Value(); subsidised {
			price -= m.g.providers[i].Charge(r.Price)
		}
	}
	return n.MaxPrice.Allows(price)
}

// meets reports whether some day of the week suits both, dated exceptions left aside.
func (m *matchmaker) meets(n *care.Need, r *care.Resource) bool {
	if n.When == (care.When{}) || r.Availability == nil {
		return true
	}
	minutes, stated := n.Minutes.Value()
	if !stated {
		minutes = m.minutes[n.Service]
	}
	return slices.ContainsFunc(r.Availability, func(s care.Slot) bool {
		both, ok := s.Window.Meet(n.When.Window)
		suits := n.When.Date.Weekday() == s.Weekday
		if n.When.Recurs() {
			suits = n.When.Weekdays.Has(s.Weekday)
		}
		return ok && suits && int64(both.To-both.From) >= minutes
	})
}
