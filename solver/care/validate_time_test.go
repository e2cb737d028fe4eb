package care

import (
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// day is a date of the horizon of these tests, Saturday 2027-03-27 to Friday 2027-04-02. In Paris the clocks skip 02:00 to
// 03:00 on the second day.
func day(k int32) Date { return plan.Date(k) }

var plan = Horizon{From: DateOf(2027, time.March, 27), Days: 7}

// full is a valid set of lists that uses every field of time, contracts, teams, sessions and pairings.
func full() *Lists {
	at := travel.Place{Lon: 100.2, Lat: 25.6}
	weekdays := Weekdays(0).With(time.Monday).With(time.Wednesday).With(time.Friday)
	return &Lists{
		Needs: []Need{
			{ID: "once", Service: "soup", At: at, Units: 2, Priority: 1, Mode: Visit, When: When{Date: day(1), Window: Window{540, 660}}, Minutes: AtMost(0), Carers: 2, Distinct: true, StandIns: []StandIn{{"meal", 0}, {"hot_meal", 100}}},
			{ID: "weekly", Service: "care", At: at, Priority: 2, Mode: Remote, When: When{Weekdays: weekdays, Window: Window{60, 300}, TimesAWeek: 2, DaysApart: 2}, Whole: true, Interests: []string{"chess"}, AgeFrom: AtMost(60), AgeTo: AtMost(60)},
			{ID: "any", Service: "meal", At: at, Units: 1, Priority: 3, Mode: Attend, Whole: true, Distinct: true},
		},
		Resources: []Resource{
			{
				ID: "v", Kind: Volunteer, At: at, Services: []Offer{{Service: "care"}}, Capacity: 4, Qualifications: []string{"nurse", "cook"}, Expires: []Expiry{{"cook", day(0) - 30}},
				Availability: []Slot{{time.Sunday, Window{180, 300}}, {time.Monday, Window{540, 600}}, {time.Monday, Window{600, 660}}},
				Exceptions:   []Exception{{Date: day(9), Off: true}, {Date: day(3), Window: Window{480, 540}}, {Date: day(3), Window: Window{600, 660}}, {Date: day(4)}},
				DayCapacity:  []DayLimit{{time.Monday, 1}, {time.Sunday, 0}}, CapacityMinutes: AtMost(300), Team: "t", Interests: []string{"chess"}, Age: AtMost(60),
			},
			{ID: "t", Kind: Team, At: at, Services: []Offer{{Service: "care"}}, Capacity: 9, Members: AtMost(3), Provider: "p", Price: 40, MinUnits: 9, Promised: true},
			{ID: "s", Kind: Venue, At: at, Services: []Offer{{Service: "meal"}}, Capacity: 20, MinUnits: 5, Programme: "lunch", Session: Session{Date: day(6), Window: Window{600, 720}}, Event: "e"},
		},
		Providers: []Provider{{ID: "p", Qualifications: []string{"licence"}, Budget: AtMost(40), Subsidy: AtMost(50), Expires: []Expiry{{"licence", day(3)}}}},
		Services:  []Service{{ID: "food"}, {ID: "meal", Parent: "food"}, {ID: "soup", Parent: "meal"}, {ID: "hot_meal", Parent: "meal"}, {ID: "care", Minutes: 30}},
		Contracts: []Contract{{Provider: "p", Resource: "s", Lends: []string{"licence"}, From: day(-90), To: day(90)}, {Provider: "p", Resource: "s"}},
		Events:    []Event{{ID: "e", Days: AtMost(2)}},
		Pairings: []Pairing{
			{Need: "once", Resource: "v", State: Pinned, Units: 1},
			{Need: "once", Resource: "t", State: Confirmed, Units: 1, Cost: 3},
			{Need: "weekly", Resource: "v", State: Lasting},
			{Need: "weekly", Resource: "t", State: StandBy},
			{Need: "any", Resource: "v", State: Forbidden},
			{Need: "any", Resource: "t", State: Declined},
			{Need: "any", Resource: "s", State: Open, Cost: 9},
		},
	}
}

func TestValidateEveryFeature(t *testing.T) {
	paris := zone(t, "Europe/Paris")
	if err := full().Validate(plan, paris); err != nil {
		t.Fatalf("good lists: %v", err)
	}
	for name, c := range map[string]struct {
		break_  func(l *Lists)
		pointer string
		code    string
		says    string
	}{
		"date and weekdays":       {func(l *Lists) { l.Needs[0].When.Weekdays = 1 }, "/needs/0/units", "conflict", "recurring"},
		"recurs and has a date":   {func(l *Lists) { l.Needs[1].When.Date = day(0) }, "/needs/1/weekdays", "conflict", "once"},
		"units of a recurring":    {func(l *Lists) { l.Needs[1].Units = 1 }, "/needs/1/units", "conflict", "leave units out"},
		"before the horizon":      {func(l *Lists) { l.Needs[0].When.Date = day(-1) }, "/needs/0/date", "out_of_range", "2027-03-27 to 2027-04-02"},
		"after the horizon":       {func(l *Lists) { l.Needs[0].When.Date = day(7) }, "/needs/0/date", "out_of_range", ""},
		"window of any time":      {func(l *Lists) { l.Needs[2].When.Window = Window{1, 2} }, "/needs/2/window", "conflict", "date or weekdays"},
		"times of any time":       {func(l *Lists) { l.Needs[2].When.TimesAWeek = 2 }, "/needs/2/times_a_week", "conflict", "weekdays"},
		"days apart once":         {func(l *Lists) { l.Needs[0].When.DaysApart = 2 }, "/needs/0/days_apart", "conflict", "weekdays"},
		"three visits apart":      {func(l *Lists) { l.Needs[1].When.TimesAWeek = 3; l.Needs[1].When.DaysApart = 3 }, "/needs/1/times_a_week", "conflict", "at most 2"},
		"four visits on three":    {func(l *Lists) { l.Needs[1].When.TimesAWeek = 4; l.Needs[1].When.DaysApart = 0 }, "/needs/1/times_a_week", "conflict", "from sat on, holds at most 3"},
		"eight visits":            {func(l *Lists) { l.Needs[1].When.TimesAWeek = 8 }, "/needs/1/times_a_week", "out_of_range", "0 to 7"},
		"days apart below 0":      {func(l *Lists) { l.Needs[1].When.DaysApart = -1 }, "/needs/1/days_apart", "out_of_range", ""},
		"window backwards":        {func(l *Lists) { l.Needs[0].When.Window = Window{600, 540} }, "/needs/0/window", "out_of_range", "09:00-11:30"},
		"window past midnight":    {func(l *Lists) { l.Needs[0].When.Window = Window{600, 1441} }, "/needs/0/window", "out_of_range", ""},
		"once in the gap":         {func(l *Lists) { l.Needs[0].When.Window = Window{150, 300} }, "/needs/0/window", "invalid", "2027-03-28"},
		"a year of minutes":       {func(l *Lists) { l.Needs[0].Minutes = AtMost(MaxMinutes + 1) }, "/needs/0/minutes", "out_of_range", ""},
		"minutes not known":       {func(l *Lists) { l.Services[4].Minutes = 0 }, "/needs/1/minutes", "required", "capacity_minutes"},
		"units of many carers":    {func(l *Lists) { l.Needs[0].Units = MaxWhole/2 + 1 }, "/needs/0/units", "out_of_range", "carers"},
		"units of many minutes":   {func(l *Lists) { l.Needs[2].Service, l.Needs[2].Units = "care", MaxWhole/30+1 }, "/needs/2/units", "out_of_range", "minutes"},
		"carers below 0":          {func(l *Lists) { l.Needs[0].Carers = -1 }, "/needs/0/carers", "out_of_range", ""},
		"whole and distinct":      {func(l *Lists) { l.Needs[1].Distinct = true }, "/needs/1/distinct", "conflict", "whole"},
		"itself as stand-in":      {func(l *Lists) { l.Needs[0].StandIns[0].Service = "soup" }, "/needs/0/stand_ins/0/service", "conflict", "very service"},
		"a grandparent":           {func(l *Lists) { l.Needs[0].StandIns[0].Service = "food" }, "/needs/0/stand_ins/0/service", "conflict", "parent"},
		"a stranger as stand-in":  {func(l *Lists) { l.Needs[0].StandIns[1].Service = "care" }, "/needs/0/stand_ins/1/service", "conflict", "parent"},
		"roots are no siblings":   {func(l *Lists) { l.Needs[1].StandIns = []StandIn{{"food", 1}} }, "/needs/1/stand_ins/0/service", "conflict", ""},
		"unknown stand-in":        {func(l *Lists) { l.Needs[0].StandIns[0].Service = "mael" }, "/needs/0/stand_ins/0/service", "unknown", `"meal"`},
		"stand-in twice":          {func(l *Lists) { l.Needs[0].StandIns[1].Service = "meal" }, "/needs/0/stand_ins/1/service", "duplicate", ""},
		"empty stand-in":          {func(l *Lists) { l.Needs[0].StandIns[0].Service = "" }, "/needs/0/stand_ins/0/service", "required", ""},
		"penalty below 0":         {func(l *Lists) { l.Needs[0].StandIns[0].Penalty = -1 }, "/needs/0/stand_ins/0/penalty", "out_of_range", ""},
		"no tree":                 {func(l *Lists) { l.Services = nil; l.Needs[1].Minutes = AtMost(5) }, "/needs/0/stand_ins", "required", "services list"},
		"interest twice":          {func(l *Lists) { l.Needs[1].Interests = []string{"a", "a"} }, "/needs/1/interests/1", "duplicate", ""},
		"ages backwards":          {func(l *Lists) { l.Needs[1].AgeFrom = AtMost(61) }, "/needs/1/age_to", "conflict", "age_from"},
		"age below 0":             {func(l *Lists) { l.Needs[1].AgeFrom = AtMost(-1) }, "/needs/1/age_from", "out_of_range", ""},
		"unknown mode":            {func(l *Lists) { l.Needs[1].Mode = "remtoe" }, "/needs/1/mode", "unknown", `"remote"?`},
		"hours overlap":           {func(l *Lists) { l.Resources[0].Availability[2].Window.From = 599 }, "/resources/0/availability/2/window", "conflict", "entry 2 on the same weekday"},
		"a day and its hours":     {func(l *Lists) { l.Resources[0].Availability[1].Window = Window{} }, "/resources/0/availability/2/window", "conflict", "entry 2"},
		"no day of the week":      {func(l *Lists) { l.Resources[0].Availability[0].Weekday = 7 }, "/resources/0/availability/0/weekday", "unknown", ""},
		"hours backwards":         {func(l *Lists) { l.Resources[0].Availability[0].Window = Window{5, 5} }, "/resources/0/availability/0/window", "out_of_range", ""},
		"hours in the gap":        {func(l *Lists) { l.Resources[0].Availability[0].Window.From = 179 }, "/resources/0/availability/0/window", "invalid", "2027-03-28"},
		"off and on":              {func(l *Lists) { l.Resources[0].Exceptions[0].Date = day(3) }, "/resources/0/exceptions/1/window", "conflict", "entry 1 of the same date"},
		"off twice":               {func(l *Lists) { l.Resources[0].Exceptions[3] = l.Resources[0].Exceptions[0] }, "/resources/0/exceptions/3/window", "conflict", "entry 1"},
		"exceptions overlap":      {func(l *Lists) { l.Resources[0].Exceptions[2].Window.From = 500 }, "/resources/0/exceptions/2/window", "conflict", "entry 2"},
		"exception in the gap":    {func(l *Lists) { l.Resources[0].Exceptions[1] = Exception{Date: day(1), Window: Window{120, 600}} }, "/resources/0/exceptions/1/window", "invalid", ""},
		"exception without date":  {func(l *Lists) { l.Resources[0].Exceptions[3].Date = 0 }, "/resources/0/exceptions/3/date", "required", ""},
		"weekday limited twice":   {func(l *Lists) { l.Resources[0].DayCapacity[1].Weekday = time.Monday }, "/resources/0/capacity_by_weekday/1/weekday", "duplicate", ""},
		"weekday limit below 0":   {func(l *Lists) { l.Resources[0].DayCapacity[1].Capacity = -1 }, "/resources/0/capacity_by_weekday/1/capacity", "out_of_range", ""},
		"minutes below 0":         {func(l *Lists) { l.Resources[0].CapacityMinutes = AtMost(-1) }, "/resources/0/capacity_minutes", "out_of_range", ""},
		"expiry of another":       {func(l *Lists) { l.Resources[0].Expires[0].Qualification = "nurs" }, "/resources/0/expires/0/qualification", "unknown", `"nurse"`},
		"expiry twice":            {func(l *Lists) { l.Resources[0].Expires = append(l.Resources[0].Expires, l.Resources[0].Expires[0]) }, "/resources/0/expires/1/qualification", "duplicate", ""},
		"expiry without a day":    {func(l *Lists) { l.Resources[0].Expires[0].Until = 0 }, "/resources/0/expires/0/until", "required", ""},
		"a team of nobody":        {func(l *Lists) { l.Resources[1].Members = AtMost(0) }, "/resources/1/members", "out_of_range", "from 1"},
		"a team in a team":        {func(l *Lists) { l.Resources[1].Team = "t" }, "/resources/1/team", "conflict", "only a volunteer"},
		"a venue as team":         {func(l *Lists) { l.Resources[0].Team = "s" }, "/resources/0/team", "conflict", "kind team"},
		"unknown team":            {func(l *Lists) { l.Resources[0].Team = "x" }, "/resources/0/team", "unknown", ""},
		"another provider":        {func(l *Lists) { l.Providers = append(l.Providers, Provider{ID: "q"}); l.Resources[0].Provider = "q" }, "/resources/0/provider", "conflict", "its team"},
		"more minimum than seats": {func(l *Lists) { l.Resources[2].MinUnits = 21 }, "/resources/2/min_units", "conflict", "never open"},
		"promises nothing":        {func(l *Lists) { l.Resources[1].MinUnits = 0 }, "/resources/1/promised", "conflict", "min_units"},
		"session without date":    {func(l *Lists) { l.Resources[2].Session.Date = 0 }, "/resources/2/session_date", "required", ""},
		"session another week":    {func(l *Lists) { l.Resources[2].Session.Date = day(8) }, "/resources/2/session_date", "out_of_range", ""},
		"session in the gap":      {func(l *Lists) { l.Resources[2].Session = Session{day(1), Window{130, 300}} }, "/resources/2/session_window", "invalid", ""},
		"session backwards":       {func(l *Lists) { l.Resources[2].Session.Window = Window{9, 8} }, "/resources/2/session_window", "out_of_range", ""},
		"unknown event":           {func(l *Lists) { l.Events[0].ID = "f" }, "/resources/2/event", "unknown", ""},
		"budget below one unit":   {func(l *Lists) { l.Providers[0].Budget = AtMost(39) }, "/providers/0/budget", "conflict", "40"},
		"budget below subsidy": {func(l *Lists) {
			l.Providers[0] = Provider{ID: "p", Budget: AtMost(9), Subsidy: AtMost(10), Qualifications: []string{"licence"}}
		}, "/providers/0/budget", "conflict", "10"},
		"expiry of a provider":   {func(l *Lists) { l.Providers[0].Expires[0].Qualification = "x" }, "/providers/0/expires/0/qualification", "unknown", ""},
		"lends what it lacks":    {func(l *Lists) { l.Contracts[0].Lends[0] = "licences" }, "/contracts/0/lends/0", "unknown", `"licence"`},
		"from after to":          {func(l *Lists) { l.Contracts[0].To = day(-91) }, "/contracts/0/to", "conflict", "from"},
		"nobody lends":           {func(l *Lists) { l.Contracts[1].Provider = "" }, "/contracts/1/provider", "required", ""},
		"a stranger lends":       {func(l *Lists) { l.Contracts[1].Provider = "q" }, "/contracts/1/provider", "unknown", ""},
		"lends to a stranger":    {func(l *Lists) { l.Contracts[1].Resource = "q" }, "/contracts/1/resource", "unknown", ""},
		"no list of providers":   {func(l *Lists) { l.Providers = nil }, "/contracts/0/provider", "unknown", "providers list"},
		"days below 0":           {func(l *Lists) { l.Events[0].Days = AtMost(-1) }, "/events/0/days", "out_of_range", ""},
		"event twice":            {func(l *Lists) { l.Events = append(l.Events, Event{ID: "e"}) }, "/events/1/id", "duplicate", "/events/0"},
		"pairs a stranger":       {func(l *Lists) { l.Pairings[2].Need = "x" }, "/pairings/2/need", "unknown", ""},
		"pairs with a stranger":  {func(l *Lists) { l.Pairings[2].Resource = "x" }, "/pairings/2/resource", "unknown", ""},
		"pairs nobody":           {func(l *Lists) { l.Pairings[2].Resource = "" }, "/pairings/2/resource", "required", ""},
		"no state":               {func(l *Lists) { l.Pairings[2].State = "" }, "/pairings/2/state", "required", ""},
		"unknown state":          {func(l *Lists) { l.Pairings[2].State = "stand-by" }, "/pairings/2/state", "unknown", `"stand_by"`},
		"the same pair again":    {func(l *Lists) { l.Pairings[6] = l.Pairings[2] }, "/pairings/6/state", "duplicate", "at /pairings/2"},
		"states in conflict":     {func(l *Lists) { l.Pairings[6] = Pairing{Need: "weekly", Resource: "v", State: Forbidden} }, "/pairings/6/state", "conflict", "another state at /pairings/2"},
		"pinned beyond the need": {func(l *Lists) { l.Pairings[1].Units = 2 }, "/pairings/1/units", "conflict", "more than it asks for"},
		"pinned, all to each":    {func(l *Lists) { l.Pairings[0].Units, l.Pairings[1].Units = 0, 0 }, "/pairings/1/units", "conflict", "hold 4"},
		"pinned beyond the week": {func(l *Lists) { l.Pairings[2].State, l.Pairings[2].Units = Pinned, 4 }, "/pairings/2/units", "conflict", ""},
		"units of a whole need":  {func(l *Lists) { l.Needs[2].Distinct = false; l.Pairings[6].State, l.Pairings[6].Units = Lasting, 1 }, "/pairings/6/units", "conflict", "leave the field out"},
		"units of a forbidden":   {func(l *Lists) { l.Pairings[4].Units = 1 }, "/pairings/4/units", "conflict", "only lasting and pinned"},
		"cost below 0":           {func(l *Lists) { l.Pairings[6].Cost = -1 }, "/pairings/6/cost", "out_of_range", ""},
	} {
		l := full()
		c.break_(l)
		var invalid *solver.Invalid
		if err := l.Validate(plan, paris); !errors.As(err, &invalid) {
			t.Errorf("%s: Validate() = %v, want faults", name, err)
			continue
		}
		f := invalid.Faults[0]
		if f.Pointer != c.pointer || f.Code != c.code || !strings.Contains(f.Detail, c.says) {
			t.Errorf("%s: %s %s %q, want %s %s ... %s", name, f.Pointer, f.Code, f.Detail, c.pointer, c.code, c.says)
		}
	}
}

// TestNoFault lists what is unusual and allowed.
func TestNoFault(t *testing.T) {
	for name, change := range map[string]func(l *Lists){
		"a qualification expired":  func(l *Lists) { l.Providers[0].Expires[0].Until = day(-400) },
		"a window ends in the gap": func(l *Lists) { l.Needs[0].When.Window = Window{90, 150} },
		"the week is off in the gap": func(l *Lists) {
			l.Resources[0].Availability[0].Window.From = 150
			l.Resources[0].Exceptions[0].Date = day(1)
		},
		"an exception outside the horizon":  func(l *Lists) { l.Resources[0].Exceptions[0].Date = day(700) },
		"recurs on days outside":            func(l *Lists) { l.Needs[1].When = When{Weekdays: Weekdays(0).With(time.Tuesday)} },
		"pinned and lasting beyond a need":  func(l *Lists) { l.Pairings[0] = Pairing{Need: "once", Resource: "s", State: Lasting, Units: 99} },
		"no list of events":                 func(l *Lists) { l.Events = nil },
		"nothing costs the provider":        func(l *Lists) { l.Resources[1].Price = 0; l.Providers[0].Budget = AtMost(0) },
		"minutes of a need without a tree":  func(l *Lists) { l.Services = nil; l.Needs[0].StandIns = nil; l.Needs[1].Minutes = AtMost(0) },
		"a service of no counted resource":  func(l *Lists) { l.Needs[2].Minutes = Limit{} },
		"an hour of a zone without changes": func(l *Lists) { l.Needs[1].When.Window = Window{120, 240} },
	} {
		l := full()
		change(l)
		z := zone(t, "Europe/Paris")
		if strings.Contains(name, "without changes") {
			z = zone(t, "Asia/Shanghai")
		}
		if err := l.Validate(plan, z); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestHorizonIsRequired(t *testing.T) {
	for pointer, list := range map[string]*Lists{
		"/needs/1/weekdays":                {Needs: []Need{{}, {When: When{Weekdays: 1}}}},
		"/needs/0/date":                    {Needs: []Need{{When: When{Date: 9}}}, Providers: []Provider{{Expires: []Expiry{{}}}}},
		"/resources/0/availability":        {Resources: []Resource{{Availability: []Slot{{}}}}},
		"/resources/0/exceptions":          {Resources: []Resource{{Exceptions: []Exception{{}}}}},
		"/resources/0/expires":             {Resources: []Resource{{Expires: []Expiry{{}}}}},
		"/resources/0/session_date":        {Resources: []Resource{{Session: Session{Date: 9}}}},
		"/resources/0/capacity_by_weekday": {Resources: []Resource{{DayCapacity: []DayLimit{{}}}}},
		"/providers/0/expires":             {Providers: []Provider{{Expires: []Expiry{{}}}}},
		"/contracts/0/from":                {Contracts: []Contract{{From: 9}}},
		"/contracts/0/to":                  {Contracts: []Contract{{To: 9}}},
	} {
		var invalid *solver.Invalid
		if !errors.As(list.Validate(Horizon{}, nil), &invalid) {
			t.Fatalf("%s: no faults", pointer)
		}
		f := invalid.Faults[len(invalid.Faults)-1]
		if f.Pointer != "/options/from" || f.Code != "required" || !strings.HasSuffix(f.Detail, " at "+pointer) {
			t.Errorf("%s: the last fault is %+v", pointer, f)
		}
	}
	for want, h := range map[string]Horizon{"/options/days": {From: day(0)}, "/options/from": {From: -1, Days: 7}} {
		var invalid *solver.Invalid
		if !errors.As(full().Validate(h, nil), &invalid) || invalid.Total != 1 || invalid.Faults[0].Pointer != want {
			t.Errorf("%+v: %v, want one fault at %s", h, invalid, want)
		}
	}
}

// TestOverlaps compares the sweep with all pairs.
func TestOverlaps(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		slots := make([]Slot, rng.IntN(6))
		for k := range slots {
			from := rng.Int32N(8)
			slots[k] = Slot{time.Weekday(rng.IntN(2)), Window{from, from + 1 + rng.Int32N(3)}}
		}
		late := map[int]bool{} // entries that overlap another which begins no later
		for a, x := range slots {
			for b, y := range slots {
				if _, ok := x.Window.Meet(y.Window); a != b && ok && x.Weekday == y.Weekday {
					late[max(a, b)] = true
				}
			}
		}
		l := Lists{Resources: []Resource{{ID: "r", Kind: Team, Services: []Offer{{Service: "s"}}, Availability: slots}}}
		err := l.Validate(plan, nil)
		if (err != nil) != (len(late) > 0) {
			t.Fatalf("%v: %v, want faults: %v", slots, err, len(late) > 0)
		}
		if invalid, ok := errors.AsType[*solver.Invalid](err); ok {
			for _, f := range invalid.Faults {
				k := int(f.Pointer[len("/resources/0/availability/")] - '0')
				if !late[k] {
					t.Fatalf("%v: entry %d overlaps none before it", slots, k)
				}
			}
		}
	}
}

// TestMostVisits compares the greedy choice with all sets of days.
func TestMostVisits(t *testing.T) {
	for weekdays := Weekdays(1); weekdays < 1<<7; weekdays++ {
		for apart := range int64(9) {
			for first := range time.Weekday(7) {
				w := When{Weekdays: weekdays, DaysApart: apart}
				want := int64(0)
				for set := range 1 << 7 {
					var days []int64
					for k := range int64(7) {
						if set>>k&1 != 0 {
							days = append(days, k)
						}
					}
					ok := !slices.ContainsFunc(days, func(k int64) bool { return !weekdays.Has((first + time.Weekday(k)) % 7) })
					for i := 1; i < len(days); i++ {
						ok = ok && days[i]-days[i-1] >= apart
					}
					if ok {
						want = max(want, int64(len(days)))
					}
				}
				if got := mostVisits(&w, first); got != want {
					t.Fatalf("a week from %v holds %d visits on %v, %d days apart; counted %d", first, got, weekdays.Words(), apart, want)
				}
			}
		}
	}
}

// BenchmarkValidate reads a million recurring needs.
func BenchmarkValidate(b *testing.B) {
	l := full()
	need := l.Needs[1]
	l.Needs = make([]Need, 1_000_000)
	for i := range l.Needs {
		l.Needs[i] = need
		l.Needs[i].ID = "n" + number(float64(i))
	}
	l.Pairings = nil
	z := zone(b, "Europe/Paris")
	b.ReportAllocs()
	for b.Loop() {
		if err := l.Validate(plan, z); err != nil {
			b.Fatal(err)
		}
	}
}
