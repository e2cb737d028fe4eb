package match

import (
	"errors"
	"math/big"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// reviewer reads the rules straight from the lists: it shares nothing with the search but the metric.
type reviewer struct {
	p      *Problem
	metric *travel.Metric

	providers map[string]*care.Provider
	contracts map[string][]*care.Contract // by resource
	pairings  map[[2]string]*care.Pairing
	minutes   map[string]int64  // by service
	teams     map[string]string // providers of the teams
}

func newReviewer(p *Problem, metric *travel.Metric) *reviewer {
	v := &reviewer{p: p, metric: metric}
	v.providers = make(map[string]*care.Provider)
	for k := range p.Lists.Providers {
		v.providers[p.Lists.Providers[k].ID] = &p.Lists.Providers[k]
	}
	v.contracts = make(map[string][]*care.Contract)
	for k := range p.Lists.Contracts {
		c := &p.Lists.Contracts[k]
		v.contracts[c.Resource] = append(v.contracts[c.Resource], c)
	}
	v.pairings = make(map[[2]string]*care.Pairing)
	for k := range p.Lists.Pairings {
		x := &p.Lists.Pairings[k]
		v.pairings[[2]string{x.Need, x.Resource}] = x
	}
	v.teams = make(map[string]string)
	for j := range p.Lists.Resources {
		if r := &p.Lists.Resources[j]; r.Kind == care.Team {
			v.teams[r.ID] = r.Provider
		}
	}
	v.minutes = make(map[string]int64)
	for k := range p.Lists.Services {
		v.minutes[p.Lists.Services[k].ID] = p.Lists.Services[k].Minutes
	}
	return v
}

// metres between a need and a resource; 0 where nobody travels.
func (v *reviewer) metres(n *care.Need, r *care.Resource) int64 {
	if n.Mode == care.Remote {
		return 0
	}
	return v.metric.Metres(n.At, r.At)
}

// anyDay is the day of a visit without one.
const anyDay = -1

// breaks returns the rules that a pair breaks at this distance for the very service, the day left aside.
func (v *reviewer) breaks(n *care.Need, r *care.Resource, metres int64) []Violation {
	return v.breaksFor(n, r, metres, n.Service, anyDay)
}

// breaksFor returns the rules that a pair breaks at this distance when this service is given on this day, with how far off
// it is.
func (v *reviewer) breaksFor(n *care.Need, r *care.Resource, metres int64, service string, day int32) []Violation {
	var list []Violation
	add := func(code Code, excess int64) {
		list = append(list, Violation{Code: code, Provider: -1, ExcessBy: excess})
	}
	offers := slices.ContainsFunc(r.Services, func(o care.Offer) bool { return o.Service == service })
	if !offers {
		add(CodeService, 0)
	}
	if len(n.Accepts) > 0 && !slices.Contains(n.Accepts, r.Kind) {
		add(CodeKind, 0)
	}
	if n.Mode != care.Attend && r.Kind == care.Venue {
		add(CodeMode, 0)
	}
	for _, q := range n.Requires {
		if !v.has(r, q, day) {
			add(CodeSkill, 0)
			break
		}
	}
	common := func(w string) bool { return slices.Contains(r.Languages, w) }
	if len(n.Languages) > 0 && !slices.ContainsFunc(n.Languages, common) {
		add(CodeLanguage, 0)
	}
	if n.Gender != "" && n.Gender != r.Gender {
		add(CodeGender, 0)
	}
	young, least := n.AgeFrom.Value()
	old, most := n.AgeTo.Value()
	if age, stated := r.Age.Value(); (least || most) && (!stated || least && age < young || most && age > old) {
		add(CodeAge, 0)
	}
	holds := func(a care.Party) bool { return n.Party == a || len(n.Party) > len(a) && n.Party[:len(a)+1] == a+"/" }
	if len(r.Areas) > 0 && !slices.ContainsFunc(r.Areas, holds) {
		add(CodeArea, 0)
	}
	if most, ok := n.MaxPrice.Value(); ok && v.pays(r) > most {
		add(CodePrice, v.pays(r)-most)
	}
	if members, ok := v.members(r); ok && max(1, n.Carers) > members {
		add(CodeCarers, max(1, n.Carers)-members)
	}
	if x := v.pairings[[2]string{n.ID, r.ID}]; x != nil && (x.State == care.Forbidden || x.State == care.Declined) {
		add(CodeForbidden, 0)
	}
	if short := v.overlapShort(n, r, service, day); short > 0 {
		add(CodeTime, short)
	}
	if n.Mode == care.Remote {
		return list
	}
	if metres == travel.Unreachable {
		add(CodeReachable, 0)
		return list
	}
	if most, ok := n.MaxDistanceM.Value(); ok && metres > most {
		add(CodeMaxDistance, metres-most)
	}
	if most, ok := r.RadiusM.Value(); ok && metres > most {
		add(CodeRadius, metres-most)
	}
	return list
}

// behind returns the provider of a resource, nil for none; that of its team for a volunteer who belongs to one.
func (v *reviewer) behind(r *care.Resource) *care.Provider {
	if r.Team != "" {
		return v.providers[v.teams[r.Team]]
	}
	return v.providers[r.Provider]
}

// pays returns what the person pays for a unit.
func (v *reviewer) pays(r *care.Resource) int64 {
	if p := v.behind(r); p != nil {
		if subsidy, ok := p.Subsidy.Value(); ok {
			return max(0, r.Price-subsidy)
		}
	}
	return r.Price
}

// members returns how many serve in a resource; ok is false where they are always enough.
func (v *reviewer) members(r *care.Resource) (int64, bool) {
	if n, ok := r.Members.Value(); ok {
		return n, true
	}
	return 1, r.Kind == care.Volunteer
}

// has reports whether a resource holds a qualification on a day: its own, its provider's or one lent by contract.
func (v *reviewer) has(r *care.Resource, q string, day int32) bool {
	date := v.p.Horizon.From
	if day != anyDay {
		date += care.Date(day)
	}
	valid := func(list []string, expires []care.Expiry) bool {
		if !slices.Contains(list, q) {
			return false
		}
		for _, x := range expires {
			if x.Qualification == q && date > x.Until {
				return false
			}
		}
		return true
	}
	if valid(r.Qualifications, r.Expires) {
		return true
	}
	if p := v.behind(r); p != nil && valid(p.Qualifications, p.Expires) {
		return true
	}
	for _, c := range v.contracts[r.ID] {
		in := (c.From == 0 || c.From <= date) && (c.To == 0 || date <= c.To)
		if p := v.providers[c.Provider]; in && (len(c.Lends) == 0 || slices.Contains(c.Lends, q)) && valid(p.Qualifications, p.Expires) {
			return true
		}
	}
	return false
}

// duration returns the minutes of one unit.
func (v *reviewer) duration(n *care.Need, service string) int64 {
	if m, ok := n.Minutes.Value(); ok {
		return m
	}
	return v.minutes[service]
}

// overlapShort returns by how many minutes the hours of a resource fall short of a visit on a day; a day that is not one of the
// need's, or not that of the session, is short of the whole visit.
func (v *reviewer) overlapShort(n *care.Need, r *care.Resource, service string, day int32) int64 {
	least := max(1, v.duration(n, service))
	timed := n.When.Date != 0 || n.When.Weekdays != 0
	session := r.Session.Date != 0
	if day == anyDay {
		return 0 // whether a day is missing is told of the whole plan
	}
	date := v.p.Horizon.From + care.Date(day)
	if session && r.Session.Date != date || timed && !v.suits(n, date) {
		return least
	}
	if !timed {
		return 0
	}
	asked := n.When.Window
	if asked.To == 0 {
		asked.To = care.MinutesADay
	}
	best := int64(0)
	var hours [care.MinutesADay]bool
	v.fillHours(r, date, &hours)
	for from := asked.From; from < asked.To; {
		to := from
		for to < asked.To && hours[to] {
			to++
		}
		if to > from {
			best = max(best, care.Window{From: from, To: to}.Minutes(date, v.p.Zone))
		}
		from = to + 1
	}
	if session {
		w := r.Session.Window
		if w.To == 0 {
			w.To = care.MinutesADay
		}
		least = w.Minutes(date, v.p.Zone)
	}
	return max(0, least-best)
}

// suits reports whether a date is one of the need's.
func (v *reviewer) suits(n *care.Need, date care.Date) bool {
	if n.When.Date != 0 {
		return n.When.Date == date
	}
	return n.When.Weekdays.Has(date.Weekday())
}

// fillHours marks the minutes of a date in which a resource is open.
func (v *reviewer) fillHours(r *care.Resource, date care.Date, hours *[care.MinutesADay]bool) {
	mark := func(w care.Window) {
		if w.To == 0 {
			w.To = care.MinutesADay
		}
		for k := w.From; k < w.To; k++ {
			hours[k] = true
		}
	}
	if r.Session.Date != 0 {
		mark(r.Session.Window)
		return
	}
	excepted := false
	for _, x := range r.Exceptions {
		if x.Date == date {
			excepted = true
			if !x.Off {
				mark(x.Window)
			}
		}
	}
	if excepted {
		return
	}
	if len(r.Availability) == 0 {
		mark(care.Window{})
	}
	for _, s := range r.Availability {
		if s.Weekday == date.Weekday() {
			mark(s.Window)
		}
	}
}

// unitCost is the cost of one unit of a pair, the very service given.
func (v *reviewer) unitCost(n *care.Need, r *care.Resource, metres int64) int64 {
	return v.standInCost(n, r, metres, -1)
}

// standInCost is the cost of one unit of a pair when one of the need's stand-ins is given; -1 is the very service.
func (v *reviewer) standInCost(n *care.Need, r *care.Resource, metres int64, standIn int32) int64 {
	w := &v.p.Weights
	broken := len(n.Prefers) > 0 && !slices.Contains(n.Prefers, r.ID) || slices.Contains(n.Avoids, r.ID)
	cost := w.Price * r.Price
	if metres != travel.Unreachable {
		cost += w.Distance * metres
	}
	if broken {
		cost += w.Preference
	}
	for _, wish := range n.Interests {
		if !slices.Contains(r.Interests, wish) {
			cost += w.Interest
		}
	}
	if standIn >= 0 {
		cost += w.StandIn * n.StandIns[standIn].Penalty
	}
	if x := v.pairings[[2]string{n.ID, r.ID}]; x != nil {
		cost += x.Cost
	}
	return cost
}

// asked returns the units of a need: those stated, or the visits of a recurring one.
func (v *reviewer) asked(n *care.Need) int64 {
	if n.When.Weekdays == 0 {
		return n.Units
	}
	var sum int64
	for from := int32(0); from < v.p.Horizon.Days; from += 7 {
		sum += v.weekly(n, from)
	}
	return sum
}

// weekly returns the visits asked for in the seven days from a day of the horizon on.
func (v *reviewer) weekly(n *care.Need, from int32) int64 {
	var most int64
	next := from
	for d := from; d < min(from+7, v.p.Horizon.Days); d++ {
		if d >= next && n.When.Weekdays.Has((v.p.Horizon.From + care.Date(d)).Weekday()) {
			most++
			next = d + int32(max(1, n.When.DaysApart))
		}
	}
	if n.When.TimesAWeek > 0 {
		return min(most, n.When.TimesAWeek)
	}
	return most
}

// errTooDear is the error of a plan whose cost does not fit.
var errTooDear = errors.New("the cost of the plan does not fit into 64 bits: lower the weights")

// review lists the violations of a plan and adds up its objective.
func (v *reviewer) review(plan []Match) ([]Violation, Objective, error) {
	t := newTally(v)
	cost := new(big.Int)
	for _, x := range plan {
		n, r := &v.p.Lists.Needs[x.Need], &v.p.Lists.Resources[x.Resource]
		metres := v.metres(n, r)
		service := n.Service
		if x.StandIn >= 0 {
			service = n.StandIns[x.StandIn].Service
		}
		for _, b := range v.breaksFor(n, r, metres, service, x.Day) {
			b.Need, b.Resource = x.Need, x.Resource
			t.list = append(t.list, b)
		}
		if metres != travel.Unreachable {
			t.worst = max(t.worst, metres)
		}
		unit := v.standInCost(n, r, metres, x.StandIn)
		t.add(&x, service, unit)
		total := new(big.Int).SetInt64(unit)
		cost.Add(cost, total.Mul(total, big.NewInt(x.Units)))
	}
	t.needs()
	t.resources()
	t.providers()
	t.events()
	t.pins()
	if !cost.IsInt64() {
		return nil, Objective{}, errTooDear
	}
	objective := t.objective(cost)
	if !cost.IsInt64() {
		return nil, Objective{}, errTooDear
	}
	objective.Cost = cost.Int64()
	return t.list, objective, nil
}
