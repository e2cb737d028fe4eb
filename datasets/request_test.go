package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/courtyard-care/courtyard/solver/travel"
)

const (
	oneNeed     = `{"id":"n1","service":"meal","lon":100.2,"lat":25.6}`
	oneResource = `{"id":"r1","kind":"team","lon":100.2,"lat":25.6,"services":[{"service":"meal"},{"service":"escort","capacity":3}]}`
	okRequest   = `{"needs":[` + oneNeed + `],"resources":[` + oneResource + `]`
)

func TestReadRequest(t *testing.T) {
	got, err := ReadRequest(strings.NewReader(utf8BOM+`{
		"mode":"validate",
		"options":{"w_distance":2,"w_price":0,"w_preference":null,"detour":1.3,"nearest":5,"currency":"EUR","time_limit_s":0.5,
			"barriers":{"coordinates":[[[1,2,9],[3,4],[5,6.5],[1,2]]],"type":"Polygon"}},
		"needs":[{"id":"n1","service":"meal","lon":1e2,"lat":25.6,"units":null,"accepts":[],"prefers":["r1"],"max_price":0}],
		"resources":[`+oneResource+`],
		"providers":[],
		"services":[{"id":"meal","common":true},{"id":"escort","common":1},{"id":"c","common":0,"name_zh":"\u52a9\u9910"}],
		"matches":[{"need_id":"n1","resource_id":"r1","units":2,"distance_m":7,"cost":9},{"need_id":"n1","resource_id":"r1"}]
	}`), HTTPLimits())
	if err != nil {
		t.Fatal(err)
	}
	want := &MatchRequest{
		Mode: "validate", Currency: "EUR", TimeLimitS: 0.5,
		Problem: match.Problem{
			Weights: match.Weights{Distance: 2, Price: 0, Preference: 500, StandIn: 1, Interest: 100, Change: 2000}, Detour: 1.3, Nearest: 5,
			Barriers: []travel.Polygon{{{{Lon: 1, Lat: 2}, {Lon: 3, Lat: 4}, {Lon: 5, Lat: 6.5}, {Lon: 1, Lat: 2}}}},
			Lists: care.Lists{
				Needs: []care.Need{{
					ID: "n1", Service: "meal", At: travel.Place{Lon: 100, Lat: 25.6}, Units: 1, Priority: 2, Mode: care.Visit,
					Prefers: []string{"r1"}, MaxPrice: care.AtMost(0),
				}},
				Resources: []care.Resource{{
					ID: "r1", Kind: care.Team, At: travel.Place{Lon: 100.2, Lat: 25.6}, Capacity: 1,
					Services: []care.Offer{{Service: "meal"}, {Service: "escort", Capacity: care.AtMost(3)}},
				}},
				Providers: []care.Provider{},
				Services:  []care.Service{{ID: "meal", Common: true}, {ID: "escort", Common: true}, {ID: "c", NameZH: "助餐"}},
			},
		},
		Plan: []PlanRow{{NeedID: "n1", ResourceID: "r1", Units: 2}, {NeedID: "n1", ResourceID: "r1", Units: 1}},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(care.Limit{}), cmpopts.IgnoreUnexported(MatchRequest{})); d != "" {
		t.Error(d)
	}
}

// TestBadRequests has one case for each kind of fault of a value: pointer, code and detail.
func TestBadRequests(t *testing.T) {
	need := func(members string) string {
		return `{"needs":[{"id":"n1","service":"meal",` + members + `}],"resources":[` + oneResource + `]}`
	}
	options := func(members string) string { return okRequest + `,"options":{` + members + `}}` }
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"no object":      {`[]`, []string{` invalid: must be an object`}},
		"null":           {`null`, []string{` invalid: must be an object`}},
		"no lists":       {`{}`, []string{`/needs required: the list is required; it may be empty`, `/resources required: the list is required; it may be empty`}},
		"list of a kind": {`{"needs":{},"resources":null}`, []string{`/needs invalid: must be an array`, `/resources required: the list is required; it may be empty`}},
		"unknown list":   {okRequest + `,"provider":[]}`, []string{`/provider unknown: no such member; did you mean "providers"?`}},
		"unknown member": {need(`"lon":1,"lat":1,"unit":{"deep":[1,{"er":2}]}`), []string{`/needs/0/unit unknown: no such member; did you mean "units"?`}},
		"later member":   {need(`"lon":1,"lat":1,"availability":[]`), []string{`/needs/0/availability unknown: no such member`}},
		"a row's type":   {`{"needs":[7],"resources":[]}`, []string{`/needs/0 invalid: must be an object`}},
		"types": {need(`"lon":"1","lat":[1],"units":true,"accepts":"team","party":{"a":1}`), []string{
			`/needs/0/lon invalid: must be a number`, `/needs/0/lat invalid: must be a number`, `/needs/0/units invalid: must be a number`,
			`/needs/0/accepts invalid: must be an array`, `/needs/0/party invalid: must be a string`,
		}},
		"no place":   {need(`"lat":null`), []string{`/needs/0/lon required: a number is required`, `/needs/0/lat required: a number is required`}},
		"fraction":   {need(`"lon":1,"lat":1,"units":1.5`), []string{`/needs/0/units invalid: must be a whole number in plain digits`}},
		"exponent":   {need(`"lon":1,"lat":1,"units":1e3`), []string{`/needs/0/units invalid: must be a whole number in plain digits`}},
		"overflow":   {need(`"lon":1e400,"lat":1,"units":99999999999999999999`), []string{`/needs/0/lon out_of_range: is beyond the numbers that fit here`, `/needs/0/units out_of_range: is beyond the numbers that fit here`}},
		"null entry": {need(`"lon":1,"lat":1,"requires":[null]`), []string{`/needs/0/requires/0 required: an entry is empty`}},
		"swapped":    {need(`"lon":25.6,"lat":100.2`), []string{`/needs/0/lat out_of_range: latitude must lie from -90 to 90; are lon and lat swapped?`}},
		"type and sense": {`{"needs":[{"id":"n1","service":4,"lon":1,"lat":1,"units":-1}],"resources":[` + oneResource + `,` + oneResource + `]}`, []string{
			`/needs/0/service invalid: must be a string`, `/needs/0/units out_of_range: must be a whole number from 1 to 1000000000000`,
			`/resources/1/id duplicate: the same id stands at /resources/0`,
		}},
		"offers": {`{"needs":[],"resources":[{"id":"r","kind":"team","lon":1,"lat":1,"services":["meal",{"service":"a","capacty":1}]}]}`, []string{
			`/resources/0/services/0 invalid: must be an object`, `/resources/0/services/1/capacty unknown: no such member; did you mean "capacity"?`,
		}},
		"common":         {okRequest + `,"services":[{"id":"meal","common":2},{"id":"escort","common":"yes"}]}`, []string{`/services/0/common invalid: must be true or false`, `/services/1/common invalid: must be true or false`}},
		"mode":           {okRequest + `,"mode":"sovle"}`, []string{`/mode unknown: must be "solve" or "validate"`}},
		"unknown option": {options(`"detuor":2`), []string{`/options/detuor unknown: no such member; did you mean "detour"?`}},
		"weight":         {options(`"w_price":-1`), []string{`/options/w_price out_of_range: must be a whole number from 0 to 1000000000000`}},
		"detour":         {options(`"detour":0`), []string{`/options/detour out_of_range: must be at least 1`}},
		"small detour":   {options(`"detour":0.5`), []string{`/options/detour out_of_range: must be a number from 1 to 100`}},
		"nearest":        {options(`"nearest":0`), []string{`/options/nearest out_of_range: must be at least 1; leave it out to consider all`}},
		"currency":       {options(`"currency":"yuan"`), []string{`/options/currency invalid: must be three capital letters, such as CNY`}},
		"time":           {options(`"time_limit_s":0`), []string{`/options/time_limit_s out_of_range: must be more than 0 seconds; leave it out for no limit`}},
		"barriers":       {options(`"barriers":{"type":"Point","coordinates":[1,2]}`), []string{`/options/barriers/type unknown: barriers are polygons: Polygon, MultiPolygon, GeometryCollection, Feature or FeatureCollection`}},
		"barrier's ring": {options(`"barriers":{"type":"FeatureCollection","features":[null,{"type":"Feature","properties":{"a":[{}]},"geometry":{"type":"MultiPolygon","coordinates":[[[[1,1],[1,2],[2,2],[2,91]]],[[[1,1],[2,2],[1,1]]]]}}]}`), []string{
			`/options/barriers/features/1/geometry/coordinates/1/0 invalid: a ring needs at least three different positions`,
			`/options/barriers/features/1/geometry/coordinates/0/0/3 out_of_range: longitude must be within -180 to 180 and latitude within -90 to 90, in this order`,
		}},
		"plan": {okRequest + `,"matches":[{"need_id":"n1","resource":"r1","units":"1"}]}`, []string{`/matches/0/resource unknown: no such member; did you mean "resource_id"?`, `/matches/0/units invalid: must be a number`}},
	} {
		t.Run(name, func(t *testing.T) {
			req, err := ReadRequest(strings.NewReader(c.body), HTTPLimits())
			if err == nil {
				err = req.Validate()
			}
			invalid, ok := errors.AsType[*solver.Invalid](err)
			if !ok {
				t.Fatalf("error = %v, want faults", err)
			}
			var got []string
			for _, f := range invalid.Faults {
				got = append(got, f.Pointer+" "+f.Code+": "+f.Detail)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if invalid.Total != len(c.want) {
				t.Errorf("total = %d, want %d", invalid.Total, len(c.want))
			}
		})
	}
}

// TestNoValueInDetail checks that what a person's field holds is in no detail, so that it reaches neither logs nor clients.
func TestNoValueInDetail(t *testing.T) {
	const secret = "zhang-wei-13800000000"
	_, err := ReadRequest(strings.NewReader(`{"needs":[{"id":["`+secret+`"],"service":"meal","lon":"`+secret+`","lat":1,"gender":"`+secret+`","mode":"`+secret+
		`","accepts":["`+secret+`"],"party":"/`+secret+`","prefers":["`+secret+`"],"date":"`+secret+`","weekdays":["`+secret+`"],"window":"`+secret+
		`","stand_ins":[{"service":"`+secret+`","penalty":"`+secret+`"}],"interests":["`+secret+`","`+secret+`"]}],"resources":[{"id":"r","kind":"team","lon":1,"lat":1,"services":[{"service":"meal"}],"team":"`+secret+
		`","event":"`+secret+`","expires":[{"qualification":"`+secret+`","until":"`+secret+`"}]}],"events":[],"pairings":[{"need":"`+secret+`","resource":"`+secret+`","state":"`+secret+`"}],"mode":"`+secret+
		`","options":{"timezone":"`+secret+`","tiers":["`+secret+`"],"pinned":"`+secret+`"}}`), HTTPLimits())
	invalid, ok := errors.AsType[*solver.Invalid](err)
	if !ok || invalid.Total < 22 {
		t.Fatalf("error = %v, want a fault for each", err)
	}
	for _, f := range invalid.Faults {
		if strings.Contains(f.Detail+f.Pointer+f.Code, secret) {
			t.Errorf("%s: %s", f.Pointer, f.Detail)
		}
	}
}

func TestMalformed(t *testing.T) {
	for name, c := range map[string]struct{ body, want string }{
		"empty":           {``, "byte 0: the input is empty"},
		"blank":           {" \n", "byte 0: the input is empty"},
		"cut":             {`{"needs":[{"id":"n1"`, "/needs/0, byte 20: the input ends early"},
		"cut in a string": {`{"needs":[{"id":"n1`, "/needs/0/id, byte 19: the input ends early"},
		"no JSON":         {`id,service`, "byte 0: not valid JSON here"},
		"comma":           {`{"needs":[],}`, "byte 11: not valid JSON here"},
		"NaN":             {`{"needs":[{"lon":NaN}]}`, "/needs/0/lon, byte 17: not valid JSON here"},
		"duplicate key":   {okRequest + `,"needs":[]}`, "/needs, byte 192: the member stands twice in its object"},
		"duplicate below": {`{"needs":[{"id":"a","x":{"b":1,"b":2}}]}`, "/needs/0/x/b, byte 31: the member stands twice in its object"},
		"UTF-8":           {"{\"needs\":[{\"id\":\"\xC4\xE3\"}]}", "/needs/0/id, byte 17: not UTF-8"},
		"escape":          {`{"needs":[{"id":"\ud800"}]}`, "/needs/0/id, byte 17: an escape sequence in a string is not valid"},
		"trailing":        {okRequest + `}{}`, "byte 193: something follows the end of the JSON value"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadRequest(strings.NewReader(c.body), HTTPLimits())
			if _, ok := errors.AsType[*Malformed](err); !ok || err.Error() != c.want {
				t.Errorf("error = %v, want %s", err, c.want)
			}
		})
	}
}

// TestRequestLimits checks that each limit is one error with the field, and that what exceeds it is not read in.
func TestRequestLimits(t *testing.T) {
	lim := HTTPLimits()
	lim.Bytes, lim.Needs, lim.Rows, lim.Entries, lim.Vertices = 40<<20, 1000, 1000, 50, 100
	for name, c := range map[string]struct{ begin, text, want string }{
		"bytes":         {``, ` {"a":1}`[:1], "more than 4194304 bytes in one value"},
		"body":          {`{"x":[`, `"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",`, "more than 41943040 bytes"},
		"needs":         {`{"needs":[`, oneNeed + `,`, "/needs/999: more than 1000 needs"},
		"resources":     {`{"resources":[`, `{},`, "/resources/999: more than 1000 resources"},
		"plan":          {`{"matches":[`, `{},`, "/matches/999: more than 1000 matches"},
		"entries":       {`{"needs":[{"prefers":[`, `"r",`, "/needs/0/prefers/49: more than 50 entries"},
		"offers":        {`{"resources":[{"services":[`, `{},`, "/resources/0/services/49: more than 50 entries"},
		"text":          {`{"needs":[{"id":"` + strings.Repeat("a", 1001) + `"}]}`, ` `, "/needs/0/id: more than 1000 bytes"},
		"long text":     {`{"needs":[{"id":"`, `a`, "more than 4194304 bytes in one value"},
		"long number":   {`{"needs":[{"lon":`, `1`, "more than 4194304 bytes in one value"},
		"depth":         {`{"x":`, `[`, "more than 32 levels of nesting"},
		"deep objects":  {`{"options":{"barriers":{"properties":`, `{"a":`, "more than 32 levels of nesting"},
		"deep barriers": {`{"options":{"barriers":{"coordinates":`, `[`, "more than 32 levels of nesting"},
		"vertices":      {`{"options":{"barriers":{"coordinates":[[`, `[1,2],`, "/options/barriers/coordinates/0/100: more than 100 vertices of barriers"},
		"axes":          {`{"options":{"barriers":{"coordinates":[[[1,`, `1,`, "/options/barriers/coordinates/0/0/49: more than 50 entries"},
		"names":         {`{`, ``, "/1000: more than 1000 members in one object"},
		"names below":   {`{"x":{"y":`, ``, "/x/y/1000: more than 1000 members in one object"},
		"names besides": {`{"options":{"barriers":`, ``, "/options/barriers/1000: more than 1000 members in one object"},
	} {
		t.Run(name, func(t *testing.T) {
			if testing.Short() && strings.HasPrefix(c.want, "more than 4") {
				t.Skip("reads megabytes")
			}
			body := io.MultiReader(strings.NewReader(c.begin), &endless{text: c.text, left: 1 << 30})
			if c.text == "" {
				text := bytes.NewBufferString(strings.TrimSuffix(c.begin, "{"))
				for i := range 100_000 {
					fmt.Fprintf(text, `%c"%d":0`, "{,"[min(i, 1)], i)
				}
				body = text
			}
			var err error
			used := peak(func() { _, err = ReadRequest(body, lim) })
			if _, ok := errors.AsType[*LimitError](err); !ok || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %.200v, want %s", err, c.want)
			}
			if used > 48<<20 {
				t.Errorf("ReadRequest needed %d MB of heap", used>>20)
			}
		})
	}
}

func TestOpenRequestNamesTheFile(t *testing.T) {
	_, origin, err := OpenRequest("-", strings.NewReader(`{"needs":[{"id":"n1","service":"meal","lon":"x","lat":1}],"resources":[]}`), FileLimits())
	if want := `standard input: /needs/0/lon: must be a number (value "x")`; err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	_, _, err = OpenRequest("-", strings.NewReader(`{"needs":`), FileLimits())
	if want := `standard input: /needs, byte 9: the input ends early`; err == nil || err.Error() != want {
		t.Errorf("error = %v, want %s", err, want)
	}
	_ = origin
}

// BenchmarkReadRequest decodes 1,000 needs and 300 resources.
func BenchmarkReadRequest(b *testing.B) {
	needs, resources := manyRows(1_000, 300)
	lists, _, err := ReadLists(ListInputs{Needs: &Input{"needs.csv", bytes.NewReader(needs)}, Resources: &Input{"resources.csv", bytes.NewReader(resources)}}, FileLimits())
	if err != nil {
		b.Fatal(err)
	}
	var body bytes.Buffer
	if err := WriteListsJSON(&body, lists); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(body.Len()))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadRequest(bytes.NewReader(body.Bytes()), HTTPLimits()); err != nil {
			b.Fatal(err)
		}
	}
}
