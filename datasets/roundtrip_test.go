package datasets

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// anyLists draws lists that both formats can carry. They need not be valid: readers do not judge meaning.
func anyLists(t *rapid.T) care.Lists {
	word := rapid.StringMatching(`[a-z0-9一-龥"',.éあ-]{1,6}`)
	maybe := rapid.OneOf(rapid.Just(""), word)
	words := func(label string) []string {
		list := rapid.SliceOfN(word, 0, 3).Draw(t, label)
		if len(list) == 0 {
			return nil
		}
		return list
	}
	limit := func(label string) care.Limit {
		if rapid.Bool().Draw(t, label+"?") {
			return care.AtMost(rapid.Int64().Draw(t, label))
		}
		return care.Limit{}
	}
	place := func() travel.Place {
		return travel.Place{Lon: rapid.Float64Range(-180, 180).Draw(t, "lon"), Lat: rapid.Float64Range(-90, 90).Draw(t, "lat")}
	}
	times := anyTimes{t}
	positive := func(label string) int64 { return rapid.Int64Range(0, 1<<40).Draw(t, label) }
	lists := care.Lists{Needs: []care.Need{}, Resources: []care.Resource{}}
	for range rapid.IntRange(0, 4).Draw(t, "needs") {
		n := care.Need{
			ID: maybe.Draw(t, "id"), Service: maybe.Draw(t, "service"), At: place(),
			Units: rapid.Int64().Draw(t, "units"), Party: care.Party(maybe.Draw(t, "party")), Priority: rapid.IntRange(-1, 5).Draw(t, "priority"),
			Requires: words("requires"), Prefers: words("prefers"), Avoids: words("avoids"), Languages: words("languages"),
			Gender: care.Gender(maybe.Draw(t, "gender")), MaxDistanceM: limit("max_distance_m"), MaxPrice: limit("max_price"),
			Mode: care.Mode(word.Draw(t, "mode")),
			When: care.When{
				Date: times.date("date"), Weekdays: care.Weekdays(rapid.Uint8Range(0, 127).Draw(t, "weekdays")), Window: times.window("window"),
				TimesAWeek: positive("times_a_week"), DaysApart: positive("days_apart"),
			},
			Minutes: limit("minutes"), Carers: positive("carers"), Whole: rapid.Bool().Draw(t, "whole"), Distinct: rapid.Bool().Draw(t, "distinct"),
			Interests: words("interests"), AgeFrom: limit("age_from"), AgeTo: limit("age_to"),
		}
		if n.When.Recurs() && rapid.Bool().Draw(t, "units left out") {
			n.Units = 0
		}
		for _, s := range words("stand_ins") {
			n.StandIns = append(n.StandIns, care.StandIn{Service: s, Penalty: rapid.Int64().Draw(t, "penalty")})
		}
		for _, k := range words("accepts") {
			n.Accepts = append(n.Accepts, care.Kind(k))
		}
		lists.Needs = append(lists.Needs, n)
	}
	for range rapid.IntRange(0, 4).Draw(t, "resources") {
		r := care.Resource{
			ID: maybe.Draw(t, "id"), Kind: care.Kind(maybe.Draw(t, "kind")), At: place(), Qualifications: words("qualifications"),
			Capacity: rapid.Int64().Draw(t, "capacity"), RadiusM: limit("radius_m"), Price: rapid.Int64().Draw(t, "price"),
			Languages: words("languages"), Gender: care.Gender(maybe.Draw(t, "gender")), Provider: maybe.Draw(t, "provider"),
			CapacityMinutes: limit("capacity_minutes"), MinUnits: rapid.Int64().Draw(t, "min_units"), Promised: rapid.Bool().Draw(t, "promised"),
			Members: limit("members"), Team: maybe.Draw(t, "team"), Expires: times.expiries(words("expires")), Programme: maybe.Draw(t, "programme"),
			Session: care.Session{Date: times.date("session_date"), Window: times.window("session_window")},
			Event:   maybe.Draw(t, "event"), Interests: words("interests"), Age: limit("age"),
		}
		for range rapid.IntRange(0, 2).Draw(t, "availability") {
			r.Availability = append(r.Availability, care.Slot{Weekday: times.weekday(), Window: times.window("window")})
		}
		for range rapid.IntRange(0, 2).Draw(t, "exceptions") {
			e := care.Exception{Date: times.someDate("date"), Off: rapid.Bool().Draw(t, "off")}
			if !e.Off {
				e.Window = times.window("window")
			}
			r.Exceptions = append(r.Exceptions, e)
		}
		for range rapid.IntRange(0, 2).Draw(t, "capacity_by_weekday") {
			r.DayCapacity = append(r.DayCapacity, care.DayLimit{Weekday: times.weekday(), Capacity: rapid.Int64().Draw(t, "capacity")})
		}
		for _, s := range words("services") {
			r.Services = append(r.Services, care.Offer{Service: s, Capacity: limit("capacity")})
		}
		for _, a := range words("areas") {
			r.Areas = append(r.Areas, care.Party(a))
		}
		lists.Resources = append(lists.Resources, r)
	}
	if rapid.Bool().Draw(t, "providers?") {
		lists.Providers = []care.Provider{}
		for range rapid.IntRange(0, 3).Draw(t, "providers") {
			lists.Providers = append(lists.Providers, care.Provider{
				ID: word.Draw(t, "id"), Quota: limit("quota"), Qualifications: words("qualifications"),
				Budget: limit("budget"), Subsidy: limit("subsidy"), Expires: times.expiries(words("expires")),
			})
		}
	}
	if rapid.Bool().Draw(t, "contracts?") {
		lists.Contracts = []care.Contract{}
		for range rapid.IntRange(0, 3).Draw(t, "contracts") {
			lists.Contracts = append(lists.Contracts, care.Contract{
				Provider: word.Draw(t, "provider"), Resource: maybe.Draw(t, "resource"), Lends: words("lends"), From: times.date("from"), To: times.date("to"),
			})
		}
	}
	if rapid.Bool().Draw(t, "events?") {
		lists.Events = []care.Event{}
		for range rapid.IntRange(0, 3).Draw(t, "events") {
			lists.Events = append(lists.Events, care.Event{ID: word.Draw(t, "id"), Days: limit("days")})
		}
	}
	if rapid.Bool().Draw(t, "pairings?") {
		lists.Pairings = []care.Pairing{}
		for range rapid.IntRange(0, 3).Draw(t, "pairings") {
			lists.Pairings = append(lists.Pairings, care.Pairing{
				Need: word.Draw(t, "need"), Resource: maybe.Draw(t, "resource"), State: care.PairingState(maybe.Draw(t, "state")),
				Units: positive("units"), Cost: rapid.Int64().Draw(t, "cost"),
			})
		}
	}
	if rapid.Bool().Draw(t, "services?") {
		lists.Services = []care.Service{}
		for range rapid.IntRange(0, 3).Draw(t, "services") {
			lists.Services = append(lists.Services, care.Service{
				ID: word.Draw(t, "id"), Parent: maybe.Draw(t, "parent"), Name: maybe.Draw(t, "name") + "\n" + word.Draw(t, "line"),
				NameZH: maybe.Draw(t, "name_zh"), Minutes: rapid.Int64().Draw(t, "minutes"), Common: rapid.Bool().Draw(t, "common"),
			})
		}
		for i := range lists.Services {
			lists.Services[i].Name = strings.TrimSpace(lists.Services[i].Name)
		}
	}
	return lists
}

// anyTimes draws times that both formats can carry.
type anyTimes struct{ t *rapid.T }

func (a anyTimes) someDate(label string) care.Date {
	return care.Date(rapid.Int32Range(365, 376199).Draw(a.t, label)) // 1971-01-01 to 2999-12-31
}

func (a anyTimes) date(label string) care.Date {
	if rapid.Bool().Draw(a.t, label+"?") {
		return a.someDate(label)
	}
	return 0
}

func (a anyTimes) window(label string) care.Window {
	from := rapid.Int32Range(0, care.MinutesADay-1).Draw(a.t, label)
	w := care.Window{From: from, To: rapid.Int32Range(from+1, care.MinutesADay).Draw(a.t, label)}
	if w == (care.Window{From: 0, To: care.MinutesADay}) || rapid.Bool().Draw(a.t, label+" is the whole day") {
		return care.Window{}
	}
	return w
}

func (a anyTimes) weekday() time.Weekday {
	return time.Weekday(rapid.IntRange(0, 6).Draw(a.t, "weekday"))
}

func (a anyTimes) expiries(of []string) []care.Expiry {
	var list []care.Expiry
	for _, q := range of {
		list = append(list, care.Expiry{Qualification: q, Until: a.someDate("until")})
	}
	return list
}

// sameLists compares lists to the last bit; nil and empty entries of a row are the same, nil and empty lists are not.
func sameLists(a, b *care.Lists) string {
	return cmp.Diff(a, b, cmp.AllowUnexported(care.Limit{}), cmpopts.EquateNaNs())
}

func TestListsRoundTripCSV(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyLists(t)
		in, err := csvOf(&want)
		if err != nil {
			t.Skip(err) // a row that is one empty cell, say
		}
		got, _, err := ReadLists(in, FileLimits())
		if err != nil {
			t.Fatalf("read back: %v", err)
		}
		if d := sameLists(&want, got); d != "" {
			t.Fatalf("written and read back:\n%s", d)
		}
	})
}

// csvOf writes lists as CSV, ready to be read.
func csvOf(l *care.Lists) (ListInputs, error) {
	var needs, resources, providers, services, contracts, events, pairings bytes.Buffer
	in := ListInputs{Needs: &Input{"needs.csv", &needs}, Resources: &Input{"resources.csv", &resources}}
	if err := WriteNeedsCSV(&needs, l.Needs); err != nil {
		return in, err
	}
	if err := WriteResourcesCSV(&resources, l.Resources); err != nil {
		return in, err
	}
	if l.Providers != nil {
		in.Providers = &Input{"providers.csv", &providers}
		if err := WriteProvidersCSV(&providers, l.Providers); err != nil {
			return in, err
		}
	}
	if l.Services != nil {
		in.Services = &Input{"services.csv", &services}
		if err := WriteServicesCSV(&services, l.Services); err != nil {
			return in, err
		}
	}
	if l.Contracts != nil {
		in.Contracts = &Input{"contracts.csv", &contracts}
		if err := WriteContractsCSV(&contracts, l.Contracts); err != nil {
			return in, err
		}
	}
	if l.Events != nil {
		in.Events = &Input{"events.csv", &events}
		if err := WriteEventsCSV(&events, l.Events); err != nil {
			return in, err
		}
	}
	if l.Pairings != nil {
		in.Pairings = &Input{"pairings.csv", &pairings}
		if err := WritePairingsCSV(&pairings, l.Pairings); err != nil {
			return in, err
		}
	}
	return in, nil
}

func TestListsRoundTripJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyLists(t)
		_ = want.Validate(care.Horizon{From: care.DateOf(2026, 12, 1), Days: 7}, time.UTC) // finds what it finds, and ends
		var out bytes.Buffer
		if err := WriteListsJSON(&out, &want); err != nil {
			t.Fatal(err)
		}
		got, err := ReadRequest(&out, FileLimits())
		if err != nil {
			t.Fatalf("read back: %v", err)
		}
		if d := sameLists(&want, &got.Problem.Lists); d != "" {
			t.Fatalf("written and read back:\n%s", d)
		}
	})
}
