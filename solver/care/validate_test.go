package care

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// good is a valid set of lists that uses every field.
func good() *Lists {
	return &Lists{
		Needs: []Need{{
			ID: "n0", Service: "hot_meal", At: travel.Place{Lon: 100.2, Lat: 25.6}, Units: 2, Party: "532901/532901003", Priority: 1,
			Accepts: []Kind{Volunteer, ThirdParty}, Requires: []string{"nurse"}, Prefers: []string{"r0"}, Avoids: []string{"r1"},
			Languages: []string{"zh"}, Gender: Female, MaxDistanceM: AtMost(0), MaxPrice: AtMost(100), Mode: Visit,
		}},
		Resources: []Resource{
			{
				ID: "r0", Kind: ThirdParty, At: travel.Place{Lon: -180, Lat: -90}, Services: []Offer{{"meal", Limit{}}, {"hot_meal", AtMost(0)}},
				Qualifications: []string{"nurse"}, Capacity: 3, RadiusM: AtMost(5), Areas: []Party{"532901"}, Price: 7, Languages: []string{"zh"}, Gender: Male, Provider: "p0",
			},
			{ID: "r1", Kind: Venue, At: travel.Place{Lon: 180, Lat: 90}, Services: []Offer{{Service: "meal"}}},
		},
		Providers: []Provider{{ID: "p0", Quota: AtMost(4), Qualifications: []string{"licence"}}},
		Services:  []Service{{ID: "meal"}, {ID: "hot_meal", Parent: "meal", Minutes: 30, Common: true}},
	}
}

func TestValidate(t *testing.T) {
	if err := good().Validate(Horizon{}, nil); err != nil {
		t.Fatalf("good lists: %v", err)
	}
	if err := (&Lists{}).Validate(Horizon{}, nil); err != nil {
		t.Fatalf("empty lists: %v", err)
	}
	for name, c := range map[string]struct {
		break_  func(l *Lists)
		pointer string
		code    string
		says    string
	}{
		"need without id":       {func(l *Lists) { l.Needs[0].ID = "" }, "/needs/0/id", "required", ""},
		"resource id twice":     {func(l *Lists) { l.Resources[1].ID = "r0"; l.Needs[0].Avoids = nil }, "/resources/1/id", "duplicate", "/resources/0"},
		"unknown service":       {func(l *Lists) { l.Needs[0].Service = "hot_mael" }, "/needs/0/service", "unknown", `did you mean "hot_meal"?`},
		"no service":            {func(l *Lists) { l.Needs[0].Service = "" }, "/needs/0/service", "required", ""},
		"unknown offer":         {func(l *Lists) { l.Resources[1].Services[0].Service = "mael" }, "/resources/1/services/0/service", "unknown", `did you mean "meal"?`},
		"offer twice":           {func(l *Lists) { l.Resources[0].Services[1].Service = "meal" }, "/resources/0/services/1/service", "duplicate", ""},
		"offers nothing":        {func(l *Lists) { l.Resources[1].Services = nil }, "/resources/1/services", "required", ""},
		"NaN longitude":         {func(l *Lists) { l.Needs[0].At.Lon = math.NaN() }, "/needs/0/lon", "out_of_range", ""},
		"infinite latitude":     {func(l *Lists) { l.Needs[0].At.Lat = math.Inf(1) }, "/needs/0/lat", "out_of_range", ""},
		"swapped":               {func(l *Lists) { l.Needs[0].At = travel.Place{Lon: 25.6, Lat: 100.2} }, "/needs/0/lat", "out_of_range", "swapped"},
		"no units":              {func(l *Lists) { l.Needs[0].Units = 0 }, "/needs/0/units", "out_of_range", ""},
		"too many units":        {func(l *Lists) { l.Needs[0].Units = MaxWhole + 1 }, "/needs/0/units", "out_of_range", ""},
		"class 4":               {func(l *Lists) { l.Needs[0].Priority = 4 }, "/needs/0/priority", "out_of_range", ""},
		"hole in the path":      {func(l *Lists) { l.Needs[0].Party = "a//b" }, "/needs/0/party", "invalid", ""},
		"unknown kind accepted": {func(l *Lists) { l.Needs[0].Accepts[1] = "volunter" }, "/needs/0/accepts/1", "unknown", `did you mean "volunteer"?`},
		"empty requirement":     {func(l *Lists) { l.Needs[0].Requires = []string{""} }, "/needs/0/requires/0", "required", ""},
		"language twice":        {func(l *Lists) { l.Needs[0].Languages = []string{"zh", "zh"} }, "/needs/0/languages/1", "duplicate", ""},
		"prefers a stranger":    {func(l *Lists) { l.Needs[0].Prefers = []string{"r9"} }, "/needs/0/prefers/0", "unknown", ""},
		"avoids a stranger":     {func(l *Lists) { l.Needs[0].Avoids = []string{"r0", "r9"} }, "/needs/0/avoids/1", "unknown", ""},
		"unknown gender":        {func(l *Lists) { l.Needs[0].Gender = "f" }, "/needs/0/gender", "unknown", ""},
		"negative distance":     {func(l *Lists) { l.Needs[0].MaxDistanceM = AtMost(-1) }, "/needs/0/max_distance_m", "out_of_range", ""},
		"no mode":               {func(l *Lists) { l.Needs[0].Mode = "" }, "/needs/0/mode", "unknown", ""},
		"no kind":               {func(l *Lists) { l.Resources[0].Kind = "" }, "/resources/0/kind", "required", ""},
		"negative capacity":     {func(l *Lists) { l.Resources[0].Capacity = -1 }, "/resources/0/capacity", "out_of_range", ""},
		"negative limit":        {func(l *Lists) { l.Resources[0].Services[1].Capacity = AtMost(-1) }, "/resources/0/services/1/capacity", "out_of_range", ""},
		"empty area":            {func(l *Lists) { l.Resources[0].Areas = []Party{""} }, "/resources/0/areas/0", "required", ""},
		"unknown provider":      {func(l *Lists) { l.Resources[0].Provider = "p1" }, "/resources/0/provider", "unknown", `did you mean "p0"?`},
		"negative quota":        {func(l *Lists) { l.Providers[0].Quota = AtMost(-1) }, "/providers/0/quota", "out_of_range", ""},
		"unknown parent":        {func(l *Lists) { l.Services[1].Parent = "food" }, "/services/1/parent", "unknown", ""},
		"its own ancestor":      {func(l *Lists) { l.Services[0].Parent = "hot_meal" }, "/services/0/parent", "conflict", ""},
	} {
		l := good()
		c.break_(l)
		var invalid *solver.Invalid
		if err := l.Validate(Horizon{}, nil); !errors.As(err, &invalid) {
			t.Errorf("%s: Validate() = %v, want faults", name, err)
			continue
		}
		f := invalid.Faults[0]
		if f.Pointer != c.pointer || f.Code != c.code || !strings.Contains(f.Detail, c.says) {
			t.Errorf("%s: %s %s %q, want %s %s ... %s", name, f.Pointer, f.Code, f.Detail, c.pointer, c.code, c.says)
		}
		if f.Value != "" && f.Code != "unknown" && strings.Contains(f.Detail, strconv.Quote(f.Value)) {
			t.Errorf("%s: the detail %q shows the value", name, f.Detail)
		}
	}
}

func TestValidateReportsAllFaultsInTheOrderOfTheLists(t *testing.T) {
	l := good()
	l.Services[1].Minutes = -1
	l.Providers[0].Quota = AtMost(-1)
	l.Resources[0].Capacity = -1
	l.Needs[0].Units = 0
	l.Needs[0].Priority = 0
	var invalid *solver.Invalid
	if !errors.As(l.Validate(Horizon{}, nil), &invalid) {
		t.Fatal("no faults")
	}
	var got []string
	for _, f := range invalid.Faults {
		got = append(got, f.Pointer)
	}
	want := "/needs/0/units /needs/0/priority /resources/0/capacity /providers/0/quota /services/1/minutes"
	if strings.Join(got, " ") != want {
		t.Errorf("faults at %v, want %v", got, want)
	}
}

func TestValidateWithoutListsOfServicesAndProviders(t *testing.T) {
	l := good()
	l.Services, l.Providers = nil, nil
	if err := l.Validate(Horizon{}, nil); err != nil {
		t.Errorf("any name is a service and a provider: %v", err)
	}
	l.Providers = []Provider{}
	if l.Validate(Horizon{}, nil) == nil {
		t.Error("a given list of providers lacks p0: no fault")
	}
}

func TestWithin(t *testing.T) {
	for _, c := range []struct {
		party, area Party
		want        bool
	}{
		{"a/b/c", "a", true},
		{"a/b/c", "a/b", true},
		{"a/b", "a/b", true},
		{"a/bc", "a/b", false},
		{"a", "a/b", false},
		{"", "a", false},
		{"b/a", "a", false},
	} {
		if got := c.party.Within(c.area); got != c.want {
			t.Errorf("%q within %q = %v, want %v", c.party, c.area, got, c.want)
		}
	}
}

func TestLimit(t *testing.T) {
	var none Limit
	if _, ok := none.Value(); ok || !none.Allows(math.MaxInt64) {
		t.Error("the zero limit is a limit")
	}
	if v, ok := AtMost(0).Value(); v != 0 || !ok || AtMost(0).Allows(1) || !AtMost(0).Allows(0) {
		t.Error("a limit of 0 is not a limit of 0")
	}
}

func TestNearest(t *testing.T) {
	known := []string{"meal", "escort", "nursing", "送餐"}
	for word, want := range map[string]string{
		"maels": "meal", "mael": "meal", "nursign": "nursing", "escorts": "escort", "送歺": "送餐", "tax": "", "": "", "m": "",
	} {
		if got := Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func FuzzNearest(f *testing.F) {
	f.Add("mael", "meal")
	f.Fuzz(func(t *testing.T, word, known string) {
		if got := Nearest(word, []string{known}); got != "" && got != known {
			t.Errorf("Nearest(%q, %q) = %q", word, known, got)
		}
		if len([]rune(word)) > 1 && Nearest(word, []string{word}) != word {
			t.Errorf("Nearest(%q) does not find the word itself", word)
		}
	})
}
