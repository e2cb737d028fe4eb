package care

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

const daysAWeek = 7

// checkHorizon checks the days planned, that there are any where the lists hold a time, and finds the days on which the
// clocks skip an hour.
func (v *validator) checkHorizon() {
	add := func(field, code, value, detail string) {
		v.inOptions.Add(solver.Fault{Pointer: "/options/" + field, Code: code, Value: value, Detail: detail})
	}
	h := v.horizon
	switch {
	case h == Horizon{}:
		if first := v.lists.firstTime(); first != "" {
			add("from", "required", "", "a first day to plan is required: a time is stated at "+first)
		}
	case h.From < DateOf(1971, time.January, 1) || h.From > DateOf(2999, time.December, 31):
		add("from", "out_of_range", "", "must be a date such as 2026-12-01")
	case h.Days < 1 || h.Days > MaxDays:
		add("days", "out_of_range", strconv.Itoa(int(h.Days)), fmt.Sprintf("must be a whole number from 1 to %d", MaxDays))
	default:
		v.planned = true
		v.changes = forwards(h, v.zone)
	}
}

// firstTime returns the pointer of the first date, weekday or expiry of the lists, "" if they hold none.
func (l *Lists) firstTime() string {
	at := func(list string, i int, field string) string { return fmt.Sprintf("/%s/%d/%s", list, i, field) }
	for i := range l.Needs {
		switch w := &l.Needs[i].When; {
		case w.Once():
			return at("needs", i, "date")
		case w.Recurs():
			return at("needs", i, "weekdays")
		}
	}
	for j := range l.Resources {
		switch r := &l.Resources[j]; {
		case len(r.Availability) > 0:
			return at("resources", j, "availability")
		case len(r.Exceptions) > 0:
			return at("resources", j, "exceptions")
		case len(r.DayCapacity) > 0:
			return at("resources", j, "capacity_by_weekday")
		case len(r.Expires) > 0:
			return at("resources", j, "expires")
		case r.Session.Date != 0:
			return at("resources", j, "session_date")
		}
	}
	for k := range l.Providers {
		if len(l.Providers[k].Expires) > 0 {
			return at("providers", k, "expires")
		}
	}
	for k, c := range l.Contracts {
		switch {
		case c.From != 0:
			return at("contracts", k, "from")
		case c.To != 0:
			return at("contracts", k, "to")
		}
	}
	return ""
}

// forwards returns the days of the horizon that lack an hour, or part of one, because the clocks go forward.
func forwards(h Horizon, zone *time.Location) []Date {
	if zone == nil {
		return nil
	}
	var days []Date
	end := instant(h.From+Date(h.Days), 0, zone)
	for t := time.Unix(instant(h.From, 0, zone)-1, 0).In(zone); ; {
		_, change := t.ZoneBounds()
		if change.IsZero() || change.Unix() > end {
			return days
		}
		_, before := change.Add(-time.Second).Zone()
		_, after := change.Zone()
		if after > before {
			last := civil(change)
			for d := civil(change.Add(-time.Second)); d <= last; d++ { // the hour may lie on both sides of midnight
				if _, ok := h.Day(d); ok && !slices.Contains(days, d) {
					days = append(days, d)
				}
			}
		}
		t = change
	}
}

// civil returns the day that a moment falls on in its zone.
func civil(t time.Time) Date { return DateOf(t.Date()) }

// inHorizon checks that a date lies in the horizon.
func (v *validator) inHorizon(r row, field string, d Date) {
	if _, ok := v.horizon.Day(d); !ok {
		r.fault(field, "out_of_range", d.String(), fmt.Sprintf("lies outside the days planned, %v to %v", v.horizon.From, v.horizon.Date(v.horizon.Days-1)))
	}
}

// window checks the bounds of a part of a day.
func (r row) window(field string, w Window) {
	if w != (Window{}) && (w.From < 0 || w.From >= w.To || w.To > MinutesADay) {
		r.fault(field, "out_of_range", "", "must be a window of one day such as 09:00-11:30")
	}
}

// skips reports a window that begins in the hour that the clocks skip on one of the days on which it is used.
func (v *validator) skips(r row, field string, w Window, used func(Date) bool) {
	if w == (Window{}) {
		return
	}
	for _, d := range v.changes {
		if used(d) && Skipped(d, w.From, v.zone) {
			r.fault(field, "invalid", w.String(), fmt.Sprintf("begins at a time that does not exist on %v: the clocks skip it", d))
			return
		}
	}
}

// hours checks the availability, exceptions, daily capacity and session of a resource.
func (v *validator) hours(r row, res *Resource) {
	if len(res.Availability) > 0 {
		spans := make([]span, len(res.Availability))
		for k, s := range res.Availability {
			spans[k] = span{int32(s.Weekday), s.Window.orDay(), k}
			if s.Weekday < time.Sunday || s.Weekday > time.Saturday {
				r.fault(entry("availability", k, "weekday"), "unknown", "", "must be a day of the week")
			}
			v.hour(r, "availability", k, s.Window, func(d Date) bool {
				return d.Weekday() == s.Weekday && !slices.ContainsFunc(res.Exceptions, func(e Exception) bool { return e.Date == d })
			})
		}
		r.overlaps("availability", "on the same weekday", spans)
	}
	if len(res.Exceptions) > 0 {
		spans := make([]span, len(res.Exceptions))
		for k, e := range res.Exceptions {
			if e.Off {
				e.Window = Window{} // the whole day: nothing else may stand on it
			} else {
				v.hour(r, "exceptions", k, e.Window, func(d Date) bool { return d == e.Date })
			}
			spans[k] = span{int32(e.Date), e.Window.orDay(), k}
			if e.Date == 0 {
				r.fault(entry("exceptions", k, "date"), "required", "", "a date is required")
			}
		}
		r.overlaps("exceptions", "of the same date", spans)
	}
	for k, d := range res.DayCapacity {
		if slices.ContainsFunc(res.DayCapacity[:min(k, daysAWeek)], func(e DayLimit) bool { return e.Weekday == d.Weekday }) {
			r.fault(entry("capacity_by_weekday", k, "weekday"), "duplicate", WeekdayWord(d.Weekday), "the same weekday stands twice in the list")
		}
		if d.Weekday < time.Sunday || d.Weekday > time.Saturday {
			r.fault(entry("capacity_by_weekday", k, "weekday"), "unknown", "", "must be a day of the week")
		}
		if d.Capacity < 0 || d.Capacity > MaxWhole {
			r.whole(entry("capacity_by_weekday", k, "capacity"), d.Capacity, 0)
		}
	}
	s := res.Session
	r.window("session_window", s.Window)
	switch {
	case s.Date == 0 && s.Window != (Window{}):
		r.fault("session_date", "required", "", "a session_window needs its session_date")
	case s.Date != 0 && v.planned:
		v.inHorizon(r, "session_date", s.Date)
		v.skips(r, "session_window", s.Window, func(d Date) bool { return d == s.Date })
	}
}

// hour checks one window of a list.
func (v *validator) hour(r row, field string, k int, w Window, used func(Date) bool) {
	if w != (Window{}) && (w.From < 0 || w.From >= w.To || w.To > MinutesADay) {
		r.window(entry(field, k, "window"), w)
	} else if len(v.changes) > 0 {
		v.skips(r, entry(field, k, "window"), w, used)
	}
}

// span is a window of one day among others.
type span struct {
	day    int32
	window Window
	k      int // position in the list
}

// overlaps reports the windows that overlap one that begins no later. O(n log n).
func (r row) overlaps(field, which string, spans []span) {
	slices.SortFunc(spans, func(a, b span) int {
		return cmp.Or(cmp.Compare(a.day, b.day), cmp.Compare(a.window.From, b.window.From), cmp.Compare(a.k, b.k))
	})
	for i := 1; i < len(spans); i++ {
		before := spans[i-1] // of those so far on this day, the one that ends last
		if spans[i].day != before.day {
			continue
		}
		if spans[i].window.From < before.window.To {
			r.fault(entry(field, max(spans[i].k, before.k), "window"), "conflict", "",
				fmt.Sprintf("overlaps entry %d %s", min(spans[i].k, before.k)+1, which))
		}
		if before.window.To > spans[i].window.To {
			spans[i] = before
		}
	}
}

// expires checks the last days of qualifications.
func (r row) expires(list []Expiry, qualifications []string) {
	for k, again := range repeats(len(list), func(k int) string { return list[k].Qualification }) {
		e := list[k]
		switch {
		case e.Qualification == "":
			r.fault(entry("expires", k, "qualification"), "required", "", "a qualification is required")
		case again:
			r.fault(entry("expires", k, "qualification"), "duplicate", e.Qualification, "the same qualification stands twice in the list")
		case !slices.Contains(qualifications, e.Qualification):
			r.unknown(entry("expires", k, "qualification"), e.Qualification, "is none of the qualifications of this row", func() []string { return qualifications })
		}
		if e.Until == 0 {
			r.fault(entry("expires", k, "until"), "required", "", "a last day is required")
		}
	}
}
