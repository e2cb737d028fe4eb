package datasets

import (
	"bytes"
	"strings"
	"testing"

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
	lists := care.Lists{Needs: []care.Need{}, Resources: []care.Resource{}}
	for range rapid.IntRange(0, 4).Draw(t, "needs") {
		n := care.Need{
			ID: maybe.Draw(t, "id"), Service: maybe.Draw(t, "service"), At: place(),
			Units: rapid.Int64().Draw(t, "units"), Party: care.Party(maybe.Draw(t, "party")), Priority: rapid.IntRange(-1, 5).Draw(t, "priority"),
			Requires: words("requires"), Prefers: words("prefers"), Avoids: words("avoids"), Languages: words("languages"),
			Gender: care.Gender(maybe.Draw(t, "gender")), MaxDistanceM: limit("max_distance_m"), MaxPrice: limit("max_price"),
			Mode: care.Mode(word.Draw(t, "mode")),
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
	var needs, resources, providers, services bytes.Buffer
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
	return in, nil
}

func TestListsRoundTripJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyLists(t)
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
