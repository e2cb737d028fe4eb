package match

import (
	"cmp"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// noDay is the day of a visit that may be on any.
const noDay = -1

// hours are the open windows of every resource on every day of the horizon.
type hours struct {
	days    int32
	always  []bool          // by resource: no availability, exceptions or session at all
	windows [][]care.Window // by resource and day: windows[j*days+d], in order, none touching; nil where always
}

func (m *model) compileHours() {
	p := m.p
	h := &m.hours
	h.days = p.Horizon.Days
	h.always = make([]bool, len(p.Lists.Resources))
	timed := false
	for j := range p.Lists.Resources {
		r := &p.Lists.Resources[j]
		h.always[j] = len(r.Availability) == 0 && len(r.Exceptions) == 0 && r.Session.Date == 0
		timed = timed || !h.always[j]
	}
	if !timed {
		return
	}
	h.windows = make([][]care.Window, len(p.Lists.Resources)*int(h.days))
	for j := range p.Lists.Resources {
		if h.always[j] {
			continue
		}
		for d := range h.days {
			h.windows[j*int(h.days)+int(d)] = openOn(&p.Lists.Resources[j], p.Horizon.Date(d))
		}
	}
}

// openOn returns the windows in which a resource is open on a date.
func openOn(r *care.Resource, date care.Date) []care.Window {
	if r.Session.Date != 0 {
		if r.Session.Date != date {
			return nil
		}
		return []care.Window{wholeDay(r.Session.Window)}
	}
	var list []care.Window
	dated := false
	for _, x := range r.Exceptions {
		if x.Date == date {
			dated = true
			if !x.Off {
				list = append(list, wholeDay(x.Window))
			}
		}
	}
	if !dated {
		if len(r.Availability) == 0 {
			return []care.Window{{From: 0, To: care.MinutesADay}}
		}
		for _, s := range r.Availability {
			if s.Weekday == date.Weekday() {
				list = append(list, wholeDay(s.Window))
			}
		}
	}
	slices.SortFunc(list, func(a, b care.Window) int { return cmp.Compare(a.From, b.From) })
	merged := list[:0]
	for _, w := range list {
		if last := len(merged) - 1; last >= 0 && w.From <= merged[last].To {
			merged[last].To = max(merged[last].To, w.To)
			continue
		}
		merged = append(merged, w)
	}
	return merged
}

func wholeDay(w care.Window) care.Window {
	if w == (care.Window{}) {
		return care.Window{From: 0, To: care.MinutesADay}
	}
	return w
}

// open returns the windows of resource j on a day; all is true where it is always open.
func (m *model) open(j, day int32) (windows []care.Window, all bool) {
	if m.hours.always[j] {
		return nil, true
	}
	return m.hours.windows[int(j)*int(m.hours.days)+int(day)], false
}

// missing returns by how many minutes the longest time that need i and resource j have in common on a day falls short of a visit
// that gives this service; 0 where it fits.
func (m *model) missing(i, j, day int32, service string) int64 {
	n := &m.p.Lists.Needs[i]
	least := max(1, m.minutes(i, service))
	date := m.p.Horizon.Date(day)
	windows, all := m.open(j, day)
	if all {
		return max(0, least-n.When.Window.Minutes(date, m.p.Zone))
	}
	session := m.p.Lists.Resources[j].Session.Date != 0
	best := int64(0)
	for _, w := range windows {
		both, ok := w.Meet(n.When.Window)
		if session { // the whole of it
			least = w.Minutes(date, m.p.Zone)
		}
		if ok {
			best = max(best, both.Minutes(date, m.p.Zone))
		}
	}
	return max(0, least-best)
}

// minutes returns the duration of one unit of need i when this service is given.
func (m *model) minutes(i int32, service string) int64 {
	if v, ok := m.p.Lists.Needs[i].Minutes.Value(); ok {
		return v
	}
	return m.usual[service]
}

// asked lists when the visits of a need are wanted: the units of each block of seven days and the days that suit in it. A need
// for one day is one block, a need without a time none.
type block struct {
	units int64
	days  []int32
}

func (m *model) blocks(n *care.Need) []block {
	h := m.p.Horizon
	if n.When.Once() {
		d, _ := h.Day(n.When.Date)
		return []block{{n.Units, []int32{d}}}
	}
	if !n.When.Recurs() {
		return nil
	}
	var list []block
	for from := int32(0); from < h.Days; from += 7 {
		var b block
		for d := from; d < min(from+7, h.Days); d++ {
			if n.When.Weekdays.Has(h.Date(d).Weekday()) {
				b.days = append(b.days, d)
			}
		}
		b.units = Apart(b.days, int32(n.When.DaysApart))
		if n.When.TimesAWeek > 0 {
			b.units = min(b.units, n.When.TimesAWeek)
		}
		if b.units > 0 {
			list = append(list, b)
		}
	}
	return list
}

// Apart returns how many of the days, in ascending order, can be chosen at least apart days from one to the next.
func Apart(days []int32, apart int32) (count int64) {
	last := int32(0)
	for k, d := range days {
		if k == 0 || d-last >= apart {
			count++
			last = d
		}
	}
	return count
}

// units returns the units that need i asks for in the horizon.
func (m *model) units(i int32) int64 {
	n := &m.p.Lists.Needs[i]
	if !n.When.Recurs() {
		return n.Units
	}
	var sum int64
	for _, b := range m.blocks(n) {
		sum += b.units
	}
	return sum
}

// asked returns the units that need i asks for, once the needs are compiled.
func (m *model) asked(i int) int64 { return m.needs[i].units }
