package datasets

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// seven are the texts of all lists, each with every column that is not of the first contract.
func seven() map[string]string {
	return map[string]string{
		"needs": "id,service,lon,lat,units,mode,date,weekdays,window,minutes,times_a_week,days_apart,carers,whole,distinct,stand_ins,interests,age_from,age_to\n" +
			"n1,soup,1,2,3,,2026-12-01,,09:00-11:30,0,,,2,no,true,meal:0;hot_meal:300,,,\n" +
			"n2,meal,1,2,,remote,,sun; mon,,,2,3,,yes,0,,chess;tea,60,75\n",
		"resources": "id,kind,lon,lat,services,availability,exceptions,capacity_by_weekday,capacity_minutes,min_units,promised,members,team,qualifications,expires,programme,session_date,session_window,event,interests,age,capacity\n" +
			"r1,volunteer,1,2,meal,mon 08:00-12:00; tue 0:00-24:00,2026-12-02 off;2026-12-05  9:00-12:00,mon:3;tue:0,600,,,,r2,nurse;a:b,nurse:2026-12-31;a:b:2027-01-01,,,,,chess,61,\n" +
			"r2,team,1,2,soup:4,,,,,2,yes,3,,,,lunch,2026-12-03,14:00-16:00,e1,,,8\n",
		"providers": "id,budget,subsidy,qualifications,expires\np1,5000,40,licence,licence:2026-12-31\n",
		"services":  "id,parent,common,minutes\nfood,,yes,\nmeal,food,no,30\nsoup,meal,false,\nhot_meal,meal,1,\n",
		"contracts": "provider,resource,lends,from,to\np1,r1,licence,2026-12-01,2026-12-31\np1,r2,,,\n",
		"events":    "id,days\ne1,2\ne2,\n",
		"pairings":  "need,resource,state,units,cost\nn1,r1,lasting,2,\nn2,r1,stand_by,,7\n",
	}
}

// inputs turns texts into files named after their lists.
func inputs(texts map[string]string) ListInputs {
	var in ListInputs
	for name, to := range map[string]**Input{
		"needs": &in.Needs, "resources": &in.Resources, "providers": &in.Providers, "services": &in.Services,
		"contracts": &in.Contracts, "events": &in.Events, "pairings": &in.Pairings,
	} {
		if text, ok := texts[name]; ok {
			*to = &Input{name + ".csv", strings.NewReader(text)}
		}
	}
	return in
}

func TestReadSevenLists(t *testing.T) {
	got, _, err := ReadLists(inputs(seven()), FileLimits())
	if err != nil {
		t.Fatal(err)
	}
	at := travel.Place{Lon: 1, Lat: 2}
	date := func(month time.Month, day int) care.Date { return care.DateOf(2026+int(month)/13, (month-1)%12+1, day) }
	want := &care.Lists{
		Needs: []care.Need{
			{
				ID: "n1", Service: "soup", At: at, Units: 3, Priority: 2, Mode: care.Visit, When: care.When{Date: date(12, 1), Window: care.Window{From: 540, To: 690}}, Minutes: care.AtMost(0), Carers: 2, Distinct: true,
				StandIns: []care.StandIn{{Service: "meal"}, {Service: "hot_meal", Penalty: 300}},
			},
			{
				ID: "n2", Service: "meal", At: at, Priority: 2, Mode: care.Remote, When: care.When{Weekdays: care.Weekdays(0).With(time.Sunday).With(time.Monday), TimesAWeek: 2, DaysApart: 3}, Whole: true,
				Interests: []string{"chess", "tea"}, AgeFrom: care.AtMost(60), AgeTo: care.AtMost(75),
			},
		},
		Resources: []care.Resource{
			{
				ID: "r1", Kind: care.Volunteer, At: at, Services: []care.Offer{{Service: "meal"}}, Capacity: 1, Qualifications: []string{"nurse", "a:b"},
				Availability:    []care.Slot{{Weekday: time.Monday, Window: care.Window{From: 480, To: 720}}, {Weekday: time.Tuesday}},
				Exceptions:      []care.Exception{{Date: date(12, 2), Off: true}, {Date: date(12, 5), Window: care.Window{From: 540, To: 720}}},
				DayCapacity:     []care.DayLimit{{Weekday: time.Monday, Capacity: 3}, {Weekday: time.Tuesday}},
				CapacityMinutes: care.AtMost(600), Team: "r2", Expires: []care.Expiry{{Qualification: "nurse", Until: date(12, 31)}, {Qualification: "a:b", Until: date(13, 1)}}, Interests: []string{"chess"}, Age: care.AtMost(61),
			},
			{
				ID: "r2", Kind: care.Team, At: at, Services: []care.Offer{{Service: "soup", Capacity: care.AtMost(4)}}, Capacity: 8, MinUnits: 2, Promised: true, Members: care.AtMost(3),
				Programme: "lunch", Session: care.Session{Date: date(12, 3), Window: care.Window{From: 840, To: 960}}, Event: "e1",
			},
		},
		Providers: []care.Provider{{ID: "p1", Budget: care.AtMost(5000), Subsidy: care.AtMost(40), Qualifications: []string{"licence"}, Expires: []care.Expiry{{Qualification: "licence", Until: date(12, 31)}}}},
		Services:  []care.Service{{ID: "food", Common: true}, {ID: "meal", Parent: "food", Minutes: 30}, {ID: "soup", Parent: "meal"}, {ID: "hot_meal", Parent: "meal", Common: true}},
		Contracts: []care.Contract{{Provider: "p1", Resource: "r1", Lends: []string{"licence"}, From: date(12, 1), To: date(12, 31)}, {Provider: "p1", Resource: "r2"}},
		Events:    []care.Event{{ID: "e1", Days: care.AtMost(2)}, {ID: "e2"}},
		Pairings:  []care.Pairing{{Need: "n1", Resource: "r1", State: care.Lasting, Units: 2}, {Need: "n2", Resource: "r1", State: care.StandBy, Cost: 7}},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(care.Limit{})); d != "" {
		t.Error(d)
	}
}

// TestBadTimes has one case for each kind of fault of the columns of time, contracts, teams, sessions and pairings.
func TestBadTimes(t *testing.T) {
	needs := func(column, cell string) map[string]string {
		return map[string]string{"needs": "id,service,lon,lat," + column + "\nn1,meal,1,1," + cell + "\n", "resources": okResources}
	}
	resources := func(column, cell string) map[string]string {
		return map[string]string{"needs": okNeeds, "resources": "id,kind,lon,lat,services," + column + "\nr1,team,1,1,meal," + cell + "\n"}
	}
	other := func(list, text string) map[string]string {
		return map[string]string{"needs": okNeeds, "resources": okResources, list: text}
	}
	for name, c := range map[string]struct {
		texts map[string]string
		want  []string
	}{
		"date":              {needs("date", "01.12.2026"), []string{`needs.csv:2: date: must be a date such as 2026-12-01 (value "01.12.2026")`}},
		"no such date":      {needs("date", "2026-02-30"), []string{`needs.csv:2: date: must be a date such as 2026-12-01 (value "2026-02-30")`}},
		"window":            {needs("date,window", "2026-12-01,22:00-06:00"), []string{`needs.csv:2: window: must be a window of one day such as 09:00-11:30 (value "22:00-06:00")`}},
		"weekday":           {needs("weekdays", "mon;Tue"), []string{`needs.csv:2: weekdays: must be mon, tue, wed, thu, fri, sat or sun (value "mon;Tue")`}},
		"weekday twice":     {needs("weekdays", "mon;mon"), []string{`needs.csv:2: weekdays: the same weekday stands twice in the list (value "mon;mon")`}},
		"times":             {needs("weekdays,times_a_week,days_apart", "mon,0,-1"), []string{`needs.csv:2: times_a_week: must be a whole number of at least 1 (value "0")`, `needs.csv:2: days_apart: must be a whole number of at least 1 (value "-1")`}},
		"units and days":    {needs("weekdays,units", "mon,1"), []string{`needs.csv:2: units: leave units out: those of a recurring need are its visits, which times_a_week states (value "1")`}},
		"carers":            {needs("carers", "0"), []string{`needs.csv:2: carers: must be a whole number of at least 1 (value "0")`}},
		"whole":             {needs("whole,distinct", "ja,2"), []string{`needs.csv:2: whole: must be yes or no (value "ja")`, `needs.csv:2: distinct: must be yes or no (value "2")`}},
		"stand-in":          {needs("stand_ins", "soup"), []string{`needs.csv:2: stand_ins: entry 1: must be a service and its penalty, such as soup:300 (value "soup")`}},
		"penalty":           {needs("stand_ins", "a:1;soup:x"), []string{`needs.csv:2: stand_ins: entry 2: the penalty after ":" must be a whole number in plain digits (value "a:1;soup:x")`}},
		"stand-ins alone":   {needs("stand_ins", "soup:1"), []string{`needs.csv:2: stand_ins: stand-ins need the services list: its tree says which services are near`}},
		"availability":      {resources("availability", "mon 08:00-12:00;weekend"), []string{`resources.csv:2: availability: entry 2: must be a weekday and a window, such as mon 08:00-12:00 (value "mon 08:00-12:00;weekend")`}},
		"a whole day":       {resources("availability", "mon"), []string{`resources.csv:2: availability: entry 1: must be a window of one day such as 09:00-11:30 (value "mon")`}},
		"hours overlap":     {resources("availability", "mon 8:00-12:00;tue 8:00-9:00;mon 11:00-13:00"), []string{`resources.csv:2: availability: entry 3: overlaps entry 1 on the same weekday`}},
		"exception":         {resources("exceptions", "2026-12-02"), []string{`resources.csv:2: exceptions: entry 1: must be a date and off, or a date and a window: 2026-12-02 off, 2026-12-05 09:00-12:00 (value "2026-12-02")`}},
		"day capacity":      {resources("capacity_by_weekday", "mon;tue:x"), []string{`resources.csv:2: capacity_by_weekday: entry 1: must be a weekday and its capacity, such as mon:3 (value "mon;tue:x")`}},
		"expiry":            {resources("expires", "nurse:soon"), []string{`resources.csv:2: expires: entry 1: the last day after ":" must be a date such as 2026-12-01 (value "nurse:soon")`}},
		"expires nothing":   {resources("qualifications,expires", "nurse,nurs:2026-12-31"), []string{`resources.csv:2: expires: entry 1: is none of the qualifications of this row; did you mean "nurse"? (value "nurs")`}},
		"members":           {resources("members", "0"), []string{`resources.csv:2: members: must be a whole number from 1 to 1000000000000 (value "0")`}},
		"minimum":           {resources("min_units,capacity", "9,8"), []string{`resources.csv:2: min_units: is more than the capacity: it could never open (value "9")`}},
		"session":           {resources("session_window", "9:00-10:00"), []string{`resources.csv:2: session_date: a session_window needs its session_date`}},
		"column":            {resources("availibility", ""), []string{`resources.csv:1: no such column in resources; did you mean "availability"? (value "availibility")`}},
		"contracts":         {other("contracts", "provider,resource,from,to\np1,r9,2026-12-31,2026-12-01\n"), []string{`contracts.csv:2: provider: a contract needs the providers list: it lends their qualifications (value "p1")`, `contracts.csv:2: resource: no such resource in the list (value "r9")`, `contracts.csv:2: to: lies before from (value "2026-12-01")`}},
		"contracts, column": {other("contracts", "provider\n"), []string{`contracts.csv:1: resource: the column is missing`}},
		"events":            {other("events", "id,days\ne1,-1\ne1,\n"), []string{`events.csv:2: days: must be a whole number from 0 to 1000000000000 (value "-1")`, `events.csv:3: id: the same id stands at events.csv:2 (value "e1")`}},
		"pairings": {other("pairings", "need,resource,state,units\nn9,r9,keep,0\nn1,r1,lasting,\nn1,r1,forbidden,\n"), []string{
			`pairings.csv:2: units: must be a whole number of at least 1 (value "0")`,
			`pairings.csv:2: need: no such need in the list (value "n9")`, `pairings.csv:2: resource: no such resource in the list (value "r9")`,
			`pairings.csv:2: state: must be lasting, pinned, confirmed, forbidden, declined, stand_by or open (value "keep")`,
			`pairings.csv:4: state: the same pair stands in another state at pairings.csv:3 (value "forbidden")`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			lists, origin, err := ReadLists(inputs(c.texts), FileLimits())
			if err == nil {
				err = origin.Explain(lists.Validate(care.Horizon{From: care.DateOf(2026, 11, 30), Days: 7}, nil))
			}
			if err == nil {
				t.Fatalf("no error, want %s", c.want)
			}
			if d := cmp.Diff(c.want, strings.Split(err.Error(), "\n")); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestHorizonFault checks that lists without the horizon they need are told once, where a flag sets it, and not while the flag
// may still come.
func TestHorizonFault(t *testing.T) {
	lists, origin, err := ReadLists(inputs(seven()), FileLimits())
	if err != nil {
		t.Fatal(err)
	}
	req := NewRequest(*lists)
	want := `--from: a first day to plan is required: a time is stated at needs.csv:2: date`
	if err := origin.Explain(req.Validate()); err == nil || err.Error() != want {
		t.Errorf("Validate = %v, want %s", err, want)
	}
	texts := seven()
	texts["events"] = "id,days\ne1,two\n"
	want = `events.csv:2: days: must be a whole number in plain digits (value "two")`
	if _, _, err := ReadLists(inputs(texts), FileLimits()); err == nil || err.Error() != want {
		t.Errorf("ReadLists = %v, want %s", err, want)
	}
	timed := `{"needs":[{"id":"n1","service":"meal","lon":1,"lat":1,"date":"2026-12-01","units":"x"}],"resources":[]}`
	if _, err := ReadRequest(strings.NewReader(timed), HTTPLimits()); err == nil || !strings.Contains(err.Error(), "/options/from") {
		t.Errorf("over HTTP no flag can come: %v", err)
	}
	if _, _, err := OpenRequest("-", strings.NewReader(timed), HTTPLimits()); err == nil || strings.Contains(err.Error(), "/options/from") {
		t.Errorf("a flag may still set the horizon: %v", err)
	}
}

func TestOptions(t *testing.T) {
	read := func(options string) (*MatchRequest, error) {
		req, err := ReadRequest(strings.NewReader(okRequest+`,"options":{`+options+`}}`), HTTPLimits())
		if err == nil {
			err = req.Validate()
		}
		return req, err
	}
	req, err := read(`"from":"2026-11-30"`)
	if err != nil {
		t.Fatal(err)
	}
	p := &req.Problem
	if want := (care.Horizon{From: care.DateOf(2026, 11, 30), Days: 7}); p.Horizon != want || p.Zone.String() != "Asia/Shanghai" {
		t.Errorf("the default horizon is %v in %v", p.Horizon, p.Zone)
	}
	if p.Weights != match.DefaultWeights() || p.Tiers != nil || p.KeepPinned {
		t.Errorf("defaults %+v, %v, %v", p.Weights, p.Tiers, p.KeepPinned)
	}
	req, err = read(`"timezone":"Europe/Paris","days":366,"from":"2026-11-30","tiers":["unmet_2","unmet_1","unmet_3","changes","cost"],"pinned":"keep","relaxations":-1,"alternatives":3,"w_stand_in":2,"w_interest":3,"w_change":4,"w_load":5`)
	if err != nil {
		t.Fatal(err)
	}
	p = &req.Problem
	if p.Horizon.Days != 366 || p.Zone.String() != "Europe/Paris" || !p.KeepPinned || len(p.Tiers) != 5 || p.Tiers[3] != match.TierChanges {
		t.Errorf("read %v in %v, tiers %v, pinned %v", p.Horizon, p.Zone, p.Tiers, p.KeepPinned)
	}
	if o := req.Options(nil); o.Relaxations != -1 || o.Alternatives != 3 {
		t.Errorf("options of the search: %+v", o)
	}
	if want := (match.Weights{Distance: 1, Price: 1, Preference: 500, StandIn: 2, Interest: 3, Change: 4, Load: 5}); p.Weights != want {
		t.Errorf("weights %+v", p.Weights)
	}
	if req, err = read(`"days":3,"timezone":"UTC","tiers":[]`); err != nil || req.Problem.Horizon != (care.Horizon{}) || req.Problem.Tiers != nil {
		t.Errorf("without a first day there is no horizon, and no tiers are the default: %+v, %v", req.Problem.Horizon, err)
	}
	for options, want := range map[string]string{
		`"from":"tomorrow"`:                   `/options/from invalid: must be a date such as 2026-12-01`,
		`"from":20261130`:                     `/options/from invalid: must be a string`,
		`"days":0`:                            `/options/days out_of_range: must be a whole number from 1 to 366`,
		`"days":367`:                          `/options/days out_of_range: must be a whole number from 1 to 366`,
		`"timezone":"Asia/Shangai"`:           `/options/timezone unknown: must be the IANA name of a time zone, such as Asia/Shanghai`,
		`"timezone":"+08:00"`:                 `/options/timezone unknown: must be the IANA name of a time zone, such as Asia/Shanghai`,
		`"timezone":"Local"`:                  `/options/timezone unknown: must be the IANA name of a time zone, such as Asia/Shanghai`,
		`"timezone":""`:                       `/options/timezone unknown: must be the IANA name of a time zone, such as Asia/Shanghai`,
		`"timezone":"../../etc/passwd"`:       `/options/timezone unknown: must be the IANA name of a time zone, such as Asia/Shanghai`,
		`"timezone":"Europe"`:                 `/options/timezone unknown: must be the IANA name of a time zone, such as Asia/Shanghai`,
		`"tiers":["unmet_1","worst_distnce"]`: `/options/tiers/1 unknown: must be unmet_1, unmet_2, unmet_3, worst_distance, worst_need, changes, load or cost; did you mean "worst_distance"?`,
		`"tiers":["unmet_1","unmet_2","unmet_3","changes"]`: `/options/tiers required: cost must be there: it settles what the other tiers leave open`,
		`"tiers":"cost"`:    `/options/tiers invalid: must be an array`,
		`"pinned":"drop"`:   `/options/pinned unknown: must be "refuse" or "keep"`,
		`"relaxations":-2`:  `/options/relaxations out_of_range: must be a whole number, or -1 for all`,
		`"alternatives":-1`: `/options/alternatives out_of_range: must be a whole number from 0`,
		`"w_chance":1`:      `/options/w_chance unknown: no such member; did you mean "w_change"?`,
		`"w_load":-1`:       `/options/w_load out_of_range: must be a whole number from 0 to 1000000000000`,
	} {
		_, err := read(options)
		invalid, ok := errors.AsType[*solver.Invalid](err)
		if !ok {
			t.Errorf("%s: %v, want a fault", options, err)
			continue
		}
		if f := invalid.Faults[0]; f.Pointer+" "+f.Code+": "+f.Detail != want || invalid.Total != 1 {
			t.Errorf("%s: %s %s: %s and %d more, want %s", options, f.Pointer, f.Code, f.Detail, invalid.Total-1, want)
		}
	}
}

// TestBadTimesOfJSON has the faults that only JSON can have.
func TestBadTimesOfJSON(t *testing.T) {
	for member, want := range map[string][]string{
		`"date":1`:                        {`/needs/0/date invalid: must be a string`},
		`"date":"x"`:                      {`/needs/0/date invalid: must be a date such as 2026-12-01`},
		`"weekdays":"mon"`:                {`/needs/0/weekdays invalid: must be an array`},
		`"weekdays":["mon",7,null,"mon"]`: {`/needs/0/weekdays/1 invalid: must be a string`, `/needs/0/weekdays/2 invalid: must be mon, tue, wed, thu, fri, sat or sun`, `/needs/0/weekdays/3 duplicate: the same weekday stands twice in the list`},
		`"whole":"yes"`:                   {`/needs/0/whole invalid: must be true or false`},
		`"stand_ins":{"soup":3}`:          {`/needs/0/stand_ins invalid: must be an array`},
		`"stand_ins":[{"service":"s"}]`:   {`/needs/0/stand_ins/0/penalty required: a value is required`},
		`"stand_ins":[null]`:              {`/needs/0/stand_ins/0 required: an entry is empty`},
		`"stand_ins":[{"service":"s","p":1,"penalty":1.5}]`: {`/needs/0/stand_ins/0/p unknown: no such member`, `/needs/0/stand_ins/0/penalty invalid: must be a whole number in plain digits`},
		`"carers":0`: {`/needs/0/carers out_of_range: must be a whole number of at least 1`},
	} {
		got := faultsOf(`{"needs":[{"id":"n1","service":"meal","lon":1,"lat":1,` + member + `}],"resources":[],"services":[{"id":"meal","parent":"f"},{"id":"s","parent":"f"},{"id":"f"}]}`)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s:\n%s", member, d)
		}
	}
	for member, want := range map[string][]string{
		`"availability":[{"weekday":"mon"},{"window":"9:00-10:00"},{"weekday":1,"window":2}]`: {
			`/resources/0/availability/0/window required: a value is required`, `/resources/0/availability/1/weekday required: a value is required`,
			`/resources/0/availability/2/weekday invalid: must be a string`, `/resources/0/availability/2/window invalid: must be a string`,
		},
		`"exceptions":[{"date":"2026-12-01"},{"off":true},{"date":"2026-12-01","off":false}]`: {
			`/resources/0/exceptions/0/window required: the hours of that date are required, or off`, `/resources/0/exceptions/1/date required: a value is required`,
			`/resources/0/exceptions/2/window required: the hours of that date are required, or off`,
		},
		`"capacity_by_weekday":[{"weekday":"mon"},["mon",3]]`:      {`/resources/0/capacity_by_weekday/0/capacity required: a value is required`, `/resources/0/capacity_by_weekday/1 invalid: must be an object`},
		`"qualifications":["a"],"expires":[{"qualification":"a"}]`: {`/resources/0/expires/0/until required: a value is required`},
		`"promised":1,"min_units":2,"session_date":"2026-12-41"`:   {`/resources/0/session_date invalid: must be a date such as 2026-12-01`},
	} {
		got := faultsOf(`{"needs":[],"resources":[{"id":"r1","kind":"team","lon":1,"lat":1,"capacity":9,"services":[{"service":"meal"}],` + member + `}],"options":{"from":"2026-11-30"}}`)
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s:\n%s", member, d)
		}
	}
}

// faultsOf lists the faults of a request, those of the horizon left out.
func faultsOf(body string) []string {
	req, err := readRequest(strings.NewReader(body), HTTPLimits(), true)
	if err == nil {
		err = req.Validate()
	}
	invalid, _ := errors.AsType[*solver.Invalid](err)
	if invalid == nil {
		return nil
	}
	var list []string
	for _, f := range invalid.Faults {
		list = append(list, f.Pointer+" "+f.Code+": "+f.Detail)
	}
	return list
}
