package match

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// room tells whether one more unit passes the limits that are not a flow.
type room interface {
	// fits reports whether one more unit of a need may go to a resource on a day beside what the need has.
	fits(n *care.Need, j int32, service string, day int32, has []Match) bool
}

// anyRoom is the room of a plan without such limits.
type anyRoom struct{}

func (anyRoom) fits(*care.Need, int32, string, int32, []Match) bool { return true }

// webRoom counts what a plan of a web takes of the limits that are not a flow, or would not be for one unit more.
type webRoom struct {
	w       *web
	carers  []int64 // by resource, those of a team's members too
	minutes []int64 // by resource, those of a team's members too
	parts   map[part]int64
	quota   []int64 // by provider: carers
	money   []int64 // by provider
	open    []bool  // by resource
}

// part is the use of a resource for one service, or on one day.
type part struct {
	resource int32
	service  string
	day      int32
}

func newWebRoom(w *web, matches []Match) *webRoom {
	m := w.m
	x := &webRoom{
		w: w, carers: make([]int64, len(m.resources)), minutes: make([]int64, len(m.resources)), parts: make(map[part]int64),
		quota: make([]int64, len(m.p.Lists.Providers)), money: make([]int64, len(m.p.Lists.Providers)), open: make([]bool, len(m.resources)),
	}
	for k := range matches {
		c := &matches[k]
		n := &m.p.Lists.Needs[c.Need]
		service := n.Service
		if c.StandIn >= 0 {
			service = n.StandIns[c.StandIn].Service
		}
		carers, minutes, charge := x.takes(n, c.Resource, service)
		x.open[c.Resource] = true
		for at := c.Resource; at >= 0; at = w.chain.team[at] {
			x.carers[at] += carers * c.Units
			x.minutes[at] += minutes * c.Units
		}
		x.parts[part{c.Resource, service, noDay}] += carers * c.Units
		if c.Day != noDay {
			x.parts[part{c.Resource, "", c.Day}] += carers * c.Units
		}
		if p := w.chain.prov[c.Resource]; p >= 0 {
			x.quota[p] += carers * c.Units
			x.money[p] += charge * c.Units
		}
	}
	return x
}

// takes returns what one unit takes of a resource: carers, minutes of all of them, money.
func (x *webRoom) takes(n *care.Need, j int32, service string) (carers, minutes, charge int64) {
	m := x.w.m
	carers = max(1, n.Carers)
	minutes = carers * limitOr(n.Minutes, m.usual[service])
	if p := x.w.chain.prov[j]; p >= 0 {
		charge = m.p.Lists.Providers[p].Charge(m.resources[j].price)
	}
	return carers, minutes, charge
}

func (x *webRoom) fits(n *care.Need, j int32, service string, day int32, has []Match) bool {
	return x.firstFull(n, j, service, day, has) == ""
}

// firstFull returns the first limit that a unit more would break; "" if it fits. Limits that the flow knows are not looked at.
func (x *webRoom) firstFull(n *care.Need, j int32, service string, day int32, has []Match) Code {
	w, m := x.w, x.w.m
	carers, minutes, charge := x.takes(n, j, service)
	if least := w.opensWith(j); least > 1 && !x.open[j] {
		return CodeMinimum
	} else if least > 0 && !x.open[j] {
		return CodeEvent
	}
	for at := j; at >= 0; at = w.chain.team[at] {
		r, l := &m.p.Lists.Resources[at], &w.through[at]
		if l.mixed(carers) && x.carers[at]+carers > r.Capacity {
			return CodeCapacity
		}
		own := &w.chain.own[at]
		native := at == j && own.minutesLow == minutes && own.minutes == minutes && l.units == own.units
		if most, ok := r.CapacityMinutes.Value(); ok && !native && x.minutes[at]+minutes > most {
			return CodeHours
		}
	}
	r, own := &m.p.Lists.Resources[j], &w.chain.own[j]
	for _, o := range r.Services {
		most, ok := o.Capacity.Value()
		crossing := len(r.DayCapacity) > 0 && len(r.Services) > 1
		if ok && o.Service == service && (crossing || own.mixed(carers) || x.unlisted(j, service)) && x.parts[part{j, service, noDay}]+carers > most {
			return CodeCapacity
		}
	}
	if most, ok := w.dayLimit(r, day); ok {
		_, listed := w.chain.dayAt[[2]int32{j, day}]
		if (own.mixed(carers) || !listed) && x.parts[part{j, "", day}]+carers > most {
			return CodeCapacity
		}
	}
	if p := w.chain.prov[j]; p >= 0 {
		l := &w.behind[p]
		if most, ok := m.p.Lists.Providers[p].Quota.Value(); ok && l.mixed(carers) && x.quota[p]+carers > most {
			return CodeQuota
		}
		native := l.charge == charge && l.chargeLow == charge
		if most, ok := m.p.Lists.Providers[p].Budget.Value(); ok && !native && x.money[p]+charge > most {
			return CodeBudget
		}
	}
	return x.besides(n, j, day, has)
}

// unlisted reports whether no node stands for the limit of a service.
func (x *webRoom) unlisted(j int32, service string) bool {
	_, ok := x.w.chain.limitAt[x.w.m.entryAt(j, service)]
	return !ok
}

// mixed reports whether units that take so many carers are not alike with those that pass already.
func (l *load) mixed(carers int64) bool {
	return carers > 1 && !l.any || l.any && (l.carersLow != carers || l.carers != carers)
}

// besides returns the rule about the other units of the need that a unit more would break; "" if none.
func (x *webRoom) besides(n *care.Need, j, day int32, has []Match) Code {
	m := x.w.m
	if n.Whole && (n.Units > 1 || n.When.Recurs()) { // one unit alone is not served
		return CodeWhole
	}
	if n.Distinct || m.p.Lists.Resources[j].Session.Date != 0 {
		if slices.ContainsFunc(has, func(c Match) bool { return c.Resource == j }) {
			return CodeDistinct
		}
	}
	if !n.When.Recurs() {
		return ""
	}
	var inBlock int64
	for _, c := range has {
		if c.Day/7 == day/7 {
			inBlock += c.Units
		}
		if gap := int64(max(c.Day-day, day-c.Day)); gap < max(1, n.When.DaysApart) {
			return CodeApart
		}
	}
	for _, b := range m.blocks(n) {
		if b.days[0]/7 == day/7 && inBlock < b.units {
			return ""
		}
	}
	return CodeUnits
}
