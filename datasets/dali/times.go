package dali

import "github.com/courtyard-care/courtyard/solver/care"

// habit is when a service is wanted by those who state a time; all weights count against their likes.
type habit struct {
	service string
	once    int // of a thousand needs for one unit, how many name a date
	recurs  int // of a thousand needs for two units or more, how many recur week by week
	windows []care.Window
}

// The windows of a habit, drawn evenly, so that one that is listed twice is twice as common.
var (
	anyPart  = []care.Window{morning, morning, afternoon, afternoon, clock(900, 1130), clock(1500, 1730), {}}
	mealPart = []care.Window{clock(1100, 1300), clock(1100, 1230), clock(1700, 1900)}
	careDay  = []care.Window{daytime}
	workPart = []care.Window{morning, afternoon, daytime, clock(1800, 2030), {}}
)

// habitTable is an assumption. Together about a quarter of the needs of a full city have a time.
var habitTable = []habit{
	{"elder_meal", 100, 300, mealPart},
	{"home_meal", 100, 450, mealPart},
	{"day_care", 100, 400, careDay},
	{"bathing", 350, 0, anyPart},
	{nursing, 250, 450, anyPart},
	{"home_care", 200, 500, anyPart},
	{escort, 600, 0, anyPart},
	{"home_visit", 60, 350, anyPart},
	{"companionship", 100, 350, anyPart},
	{"counselling", 200, 200, workPart},
	{"forms", 150, 0, workPart},
	{"phone_help", 100, 0, workPart},
	{"cleaning", 150, 200, workPart},
	{"repair", 250, 0, workPart},
	{"haircut", 100, 0, anyPart},
	{"childcare", 200, 450, []care.Window{morning, afternoon, daytime}},
	{"tutoring", 100, 300, workPart},
	{holidayClass, 100, 400, []care.Window{morning, afternoon, {}}},
	{clinic, 200, 0, []care.Window{morning, {}}},
	{phoneCompany, 50, 300, []care.Window{morning, afternoon, evening, {}}},
}

// timeNeeds gives a quarter of the needs a time. A need for one unit may name a date; one for two or three may recur so
// many times a week, half of those at least two days apart; one in ten of these wants every day of a short set instead.
func (g *generator) timeNeeds() {
	d := newDice(g.opts.Seed, streamTimes)
	habits := make(map[string]*habit, len(habitTable))
	for i := range habitTable {
		habits[habitTable[i].service] = &habitTable[i]
	}
	for i := range g.needs {
		n := &g.needs[i]
		h := habits[n.Service]
		switch {
		case n.Units == 1 && d.chance(h.once):
			n.When.Date = monday + care.Date(d.pick([]int{16, 18, 18, 18, 18, 8, 4}))
		case n.Units > 1 && d.chance(h.recurs):
			n.When, n.Units = recurring(d, n.Units), 0
		default:
			continue
		}
		n.When.Window = h.windows[d.below(len(h.windows))]
		if d.chance(100) { // half an hour is enough for them, where the service takes longer
			n.Minutes = care.AtMost(30)
		}
	}
}

// recurring draws the rhythm of a need for so many visits a week, two or three.
func recurring(d dice, visits int64) care.When {
	if d.chance(100) {
		return care.When{Weekdays: [...]care.Weekdays{2: weekend, 3: odd}[visits]}
	}
	w := care.When{
		Weekdays:   [...]care.Weekdays{workdays, everyday, odd, even}[d.pick([]int{45, 25, 18, 12})],
		TimesAWeek: visits,
	}
	if d.chance(500) {
		w.DaysApart = 2
	}
	return w
}

// asks returns the units that a need asks for in the week: its visits, where it recurs.
func asks(n *care.Need) int64 {
	switch {
	case !n.When.Recurs():
		return n.Units
	case n.When.TimesAWeek > 0:
		return n.When.TimesAWeek
	default:
		return int64(len(n.When.Weekdays.Words()))
	}
}
