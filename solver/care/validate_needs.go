package care

import (
	"fmt"
	"slices"
	"strconv"
	"time"
)

func (v *validator) checkNeeds() {
	for i := range v.lists.Needs {
		n := &v.lists.Needs[i]
		r := row{&v.inNeeds, "needs", i}
		r.id(n.ID, v.needs)
		switch {
		case n.Service == "":
			r.fault("service", "required", "", "a service is required")
		case v.lists.Services != nil:
			r.knows("service", n.Service, "service", v.services)
		}
		r.place(n.At)
		switch {
		case !n.When.Recurs():
			r.whole("units", n.Units, 1)
		case n.Units != 0:
			r.fault("units", "conflict", strconv.FormatInt(n.Units, 10), "leave units out: those of a recurring need are its visits, which times_a_week states")
		}
		r.party("party", n.Party)
		if n.Priority < 1 || n.Priority > 3 {
			r.fault("priority", "out_of_range", strconv.Itoa(n.Priority), "must be 1, 2 or 3")
		}
		for k, kind := range n.Accepts {
			r.kind(entry("accepts", k, ""), kind)
		}
		r.words("requires", n.Requires)
		v.known(r, "prefers", n.Prefers)
		v.known(r, "avoids", n.Avoids)
		r.words("languages", n.Languages)
		r.gender(n.Gender)
		r.limit("max_distance_m", n.MaxDistanceM)
		r.limit("max_price", n.MaxPrice)
		if n.Mode != Visit && n.Mode != Attend && n.Mode != Remote {
			r.unknown("mode", string(n.Mode), `must be "visit", "attend" or "remote"`, func() []string { return plain([]Mode{Visit, Attend, Remote}) })
		}
		v.when(r, &n.When)
		v.minutes(r, n)
		r.between("carers", n.Carers, 0, MaxCarers)
		v.product(r, n)
		if n.Whole && n.Distinct && n.Units != 1 {
			r.fault("distinct", "conflict", "", "contradicts whole: one resource cannot serve all units and no two of them")
		}
		v.standIns(r, n)
		r.words("interests", n.Interests)
		r.limit("age_from", n.AgeFrom)
		r.limit("age_to", n.AgeTo)
		from, _ := n.AgeFrom.Value()
		if to, ok := n.AgeTo.Value(); ok && from > to {
			r.fault("age_to", "conflict", strconv.FormatInt(to, 10), "lies below age_from")
		}
	}
}

// known checks a list of ids of resources. A suggestion would cost a search of all ids and ids are opaque: none is made.
func (v *validator) known(r row, field string, ids []string) {
	r.words(field, ids)
	for k, id := range ids {
		if _, ok := v.resources[id]; id != "" && !ok {
			r.fault(entry(field, k, ""), "unknown", id, "no such resource in the list")
		}
	}
}

// when checks the time of a need.
func (v *validator) when(r row, w *When) {
	if *w == (When{}) {
		return
	}
	r.window("window", w.Window)
	r.between("times_a_week", w.TimesAWeek, 0, daysAWeek)
	r.between("days_apart", w.DaysApart, 0, MaxDays)
	if w.Once() && w.Recurs() {
		r.fault("weekdays", "conflict", "", "contradicts date: a need is asked for once, on a date, or recurs, on weekdays")
		return
	}
	if !w.Once() && !w.Recurs() && w.Window != (Window{}) {
		r.fault("window", "conflict", w.Window.String(), "a window needs a date or weekdays")
	}
	if !w.Recurs() {
		if w.TimesAWeek != 0 {
			r.fault("times_a_week", "conflict", strconv.FormatInt(w.TimesAWeek, 10), "needs weekdays: only a recurring need is visited so many times a week")
		}
		if w.DaysApart != 0 {
			r.fault("days_apart", "conflict", strconv.FormatInt(w.DaysApart, 10), "needs weekdays: only visits of a recurring need lie days apart")
		}
	}
	if !v.planned {
		return
	}
	if w.Once() {
		v.inHorizon(r, "date", w.Date)
		v.skips(r, "window", w.Window, func(d Date) bool { return d == w.Date })
		return
	}
	v.skips(r, "window", w.Window, func(d Date) bool { return w.Weekdays.Has(d.Weekday()) })
	if most := mostVisits(w, v.horizon.From.Weekday()); w.Recurs() && w.TimesAWeek > most {
		r.fault("times_a_week", "conflict", strconv.FormatInt(w.TimesAWeek, 10),
			fmt.Sprintf("a week of the horizon, from %s on, holds at most %d such visits on these weekdays so many days apart", WeekdayWord(v.horizon.From.Weekday()), most))
	}
}

// mostVisits returns how many visits of a recurring need a full week beginning on the given day can hold. Taking each
// first day that is far enough from the one before is best.
func mostVisits(w *When, first time.Weekday) int64 {
	most, last := int64(0), -max(w.DaysApart, 1)
	for k := range int64(daysAWeek) {
		if w.Weekdays.Has((first+time.Weekday(k))%daysAWeek) && k-last >= max(w.DaysApart, 1) {
			most, last = most+1, k
		}
	}
	return most
}

// minutes checks the duration of a need, which must be known where the minutes of a resource are bounded.
func (v *validator) minutes(r row, n *Need) {
	if m, ok := n.Minutes.Value(); ok {
		r.between("minutes", m, 0, MaxMinutes)
		return
	}
	if v.counts(n) && v.serviceMinutes(n.Service) == 0 {
		r.fault("minutes", "required", "", "a resource that offers the service has capacity_minutes: state how long a unit takes, here or in the services list")
	}
}

// product checks that what the units of a need take of any capacity stays within [MaxWhole]: carers, and carers times minutes
// where minutes count.
func (v *validator) product(r row, n *Need) {
	each := min(max(n.Carers, 1), MaxCarers)
	if v.counts(n) {
		minutes, ok := n.Minutes.Value()
		if !ok {
			minutes = v.serviceMinutes(n.Service)
		}
		each *= min(max(minutes, 1), MaxMinutes)
	}
	if n.Units <= MaxWhole && n.Units > MaxWhole/each {
		r.fault("units", "out_of_range", strconv.FormatInt(n.Units, 10), fmt.Sprintf("with its carers and minutes comes to more than %d", int64(MaxWhole)))
	}
}

// counts reports whether a resource that offers a service of the need has its minutes bounded.
func (v *validator) counts(n *Need) bool {
	if len(v.counted) == 0 {
		return false
	}
	return v.counted[n.Service] || slices.ContainsFunc(n.StandIns, func(s StandIn) bool { return v.counted[s.Service] })
}

func (v *validator) serviceMinutes(service string) int64 {
	if at, ok := v.services[service]; ok {
		return v.lists.Services[at].Minutes
	}
	return 0
}

// standIns checks the services that a need accepts instead of its own.
func (v *validator) standIns(r row, n *Need) {
	if len(n.StandIns) == 0 {
		return
	}
	if v.lists.Services == nil {
		r.fault("stand_ins", "required", "", "stand-ins need the services list: its tree says which services are near")
		return
	}
	var parent string
	own, ownKnown := v.services[n.Service]
	if ownKnown {
		parent = v.lists.Services[own].Parent
	}
	for k, again := range repeats(len(n.StandIns), func(k int) string { return n.StandIns[k].Service }) {
		s := n.StandIns[k]
		at, ok := v.services[s.Service]
		switch {
		case s.Service == "":
			r.fault(entry("stand_ins", k, "service"), "required", "", "a service is required")
		case again:
			r.fault(entry("stand_ins", k, "service"), "duplicate", s.Service, "the same service stands twice in the list")
		case !ok:
			r.knows(entry("stand_ins", k, "service"), s.Service, "service", v.services)
		case s.Service == n.Service:
			r.fault(entry("stand_ins", k, "service"), "conflict", s.Service, "is the very service asked for")
		case ownKnown && (parent == "" || s.Service != parent && v.lists.Services[at].Parent != parent):
			r.fault(entry("stand_ins", k, "service"), "conflict", s.Service, "must be the parent of the service asked for, or have the same parent")
		}
		if s.Penalty < 0 || s.Penalty > MaxWhole {
			r.whole(entry("stand_ins", k, "penalty"), s.Penalty, 0)
		}
	}
}
