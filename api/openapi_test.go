package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/courtyard-care/courtyard/datasets"
)

// document returns the service's OpenAPI document as JSON values.
func document(t *testing.T, s service) map[string]any {
	t.Helper()
	var doc map[string]any
	if err := json.Unmarshal([]byte(text(t, s.do(t, "GET", documentPath, ""))), &doc); err != nil {
		t.Fatalf("the document is no JSON: %v", err)
	}
	return doc
}

// schemaAt compiles the schema at a JSON Pointer of the document.
func schemaAt(t *testing.T, doc map[string]any, pointer string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler() // draft 2020-12, the dialect of OpenAPI 3.1
	if err := c.AddResource("mem:openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("mem:openapi.json#" + pointer)
	if err != nil {
		t.Fatalf("schema at %s: %v", pointer, err)
	}
	return schema
}

func at(t *testing.T, v any, path ...string) any {
	t.Helper()
	for i, name := range path {
		object, ok := v.(map[string]any)
		if !ok || object[name] == nil {
			t.Fatalf("the document has nothing at %v", path[:i+1])
		}
		v = object[name]
	}
	return v
}

func escape(name string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(name) }

func TestDocumentHoldsTogether(t *testing.T) {
	s := newService(t, Config{Version: "1.2.3"})
	doc := document(t, s)
	if v := at(t, doc, "openapi"); v != "3.1.0" {
		t.Errorf("openapi = %v", v)
	}
	if v := at(t, doc, "info", "version"); v != "1.2.3" {
		t.Errorf("version = %v", v)
	}
	// Every schema is one of JSON Schema 2020-12, and every reference leads somewhere.
	for name := range at(t, doc, "components", "schemas").(map[string]any) {
		schemaAt(t, doc, "/components/schemas/"+name)
	}
	var walk func(v any, path string)
	walk = func(v any, path string) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				at(t, doc, strings.Split(strings.TrimPrefix(ref, "#/"), "/")...)
			}
			if v["type"] == "string" && v["format"] == "binary" || v["$schema"] != nil {
				t.Errorf("%s is huma's own schema: %v", path, v)
			}
			for name, child := range v {
				walk(child, path+"/"+name)
			}
		case []any:
			for _, child := range v {
				walk(child, path+"/[]")
			}
		}
	}
	walk(doc, "")
}

// The document and the router know the same operations.
func TestDocumentMatchesTheRoutes(t *testing.T) {
	s := newService(t, Config{})
	doc := document(t, s)
	var described, served []string
	for path, item := range at(t, doc, "paths").(map[string]any) {
		for method := range item.(map[string]any) {
			described = append(described, strings.ToUpper(method)+" "+path)
		}
	}
	err := chi.Walk(s.handler.(chi.Routes), func(method, route string, _ http.Handler, _ ...func(http.Handler) http.Handler) error {
		if strings.HasPrefix(route, "/v1/") && route != documentPath {
			served = append(served, method+" "+route)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(described)
	slices.Sort(served)
	if !slices.Equal(described, served) || len(served) == 0 {
		t.Errorf("the document describes %v, the router serves %v", described, served)
	}
}

// The document asks for a key exactly where the server does.
func TestDocumentTellsOfKeys(t *testing.T) {
	for keys, want := range map[string]int{"": 3, "a-key": 2} { // with keys: one of two schemes; without: or none
		var cfg Config
		if keys != "" {
			cfg.Keys = []string{keys}
		}
		security := at(t, document(t, newService(t, cfg)), "paths", matchOperation.path, "post", "security").([]any)
		if len(security) != want {
			t.Errorf("with keys %q security = %v, want %d choices", keys, security, want)
		}
	}
}

// Real requests and answers fit the schemas that the document gives for them.
func TestAnswersFitTheDocument(t *testing.T) {
	s := newService(t, Config{MaxResources: 10})
	doc := document(t, s)
	rich := `{
		"needs": [
			{"id": "n1", "service": "meal", "lon": 100.226, "lat": 25.593, "units": 3, "party": "a/b", "priority": 1, "accepts": ["team"],
			 "requires": ["nurse"], "prefers": ["r1"], "avoids": ["r2"], "languages": ["bai"], "gender": "female", "max_distance_m": 900, "max_price": 500, "mode": "visit"},
			{"id": "n2", "service": "meal", "lon": 100.5, "lat": 25.6, "mode": "attend"},
			{"id": "n3", "service": "bath", "lon": 100.5, "lat": 25.6, "units": 2}
		],
		"resources": [
			{"id": "r1", "kind": "team", "lon": 100.227, "lat": 25.594, "services": [{"service": "meal", "capacity": 2}], "qualifications": ["nurse"],
			 "capacity": 5, "radius_m": 3000, "areas": ["a"], "price": 100, "languages": ["bai", "zh"], "gender": "female", "provider": "p1"},
			{"id": "r2", "kind": "venue", "lon": 100.5, "lat": 25.61, "services": [{"service": "meal"}]}
		],
		"providers": [{"id": "p1", "quota": 2, "qualifications": ["cook"]}],
		"services": [{"id": "meal", "name": "meal", "name_zh": "助餐", "minutes": 30, "common": 1}, {"id": "bath", "parent": "meal"}],
		"options": {"w_distance": 2, "w_price": 0, "w_preference": 10, "detour": 1.3, "nearest": 4, "currency": "CNY", "time_limit_s": 5.5,
			"barriers": {"type": "Polygon", "coordinates": [[[100.3, 25.5], [100.4, 25.5], [100.4, 25.7], [100.3, 25.7], [100.3, 25.5]]]}},
		"mode": "solve"
	}`
	full := `{
		"needs": [
			{"id": "n1", "service": "hot_meal", "lon": 100.226, "lat": 25.593, "weekdays": ["mon", "wed", "fri"], "window": "11:00-13:00", "minutes": 30, "times_a_week": 2,
			 "days_apart": 2, "stand_ins": [{"service": "soup", "penalty": 300}], "interests": ["chess"], "age_from": 18, "age_to": 80},
			{"id": "n2", "service": "lift", "lon": 100.227, "lat": 25.593, "date": "2026-12-02", "carers": 2, "minutes": 45},
			{"id": "n3", "service": "talk", "lon": 100.228, "lat": 25.593, "mode": "remote", "units": 2, "whole": true, "minutes": 20},
			{"id": "n4", "service": "clinic", "lon": 100.229, "lat": 25.593, "mode": "attend", "distinct": true}
		],
		"resources": [
			{"id": "t1", "kind": "team", "lon": 100.227, "lat": 25.594, "services": [{"service": "lift"}], "capacity": 4, "members": 2, "capacity_minutes": 300, "provider": "p1"},
			{"id": "v1", "kind": "volunteer", "lon": 100.227, "lat": 25.595, "services": [{"service": "hot_meal"}, {"service": "soup"}, {"service": "talk"}], "capacity": 6, "team": "t1",
			 "availability": [{"weekday": "mon", "window": "08:00-14:00"}, {"weekday": "wed", "window": "08:00-14:00"}], "exceptions": [{"date": "2026-12-02", "off": true}, {"date": "2026-12-04", "window": "10:00-13:00"}],
			 "capacity_by_weekday": [{"weekday": "mon", "capacity": 1}], "qualifications": ["cook"], "expires": [{"qualification": "cook", "until": "2027-01-31"}], "age": 30, "interests": ["chess"]},
			{"id": "s1", "kind": "venue", "lon": 100.23, "lat": 25.594, "services": [{"service": "clinic"}], "capacity": 5, "session_date": "2026-12-03", "session_window": "09:00-11:00",
			 "event": "e1", "programme": "clinics", "min_units": 1}
		],
		"providers": [{"id": "p1", "budget": 1000, "subsidy": 100, "qualifications": ["nurse"], "expires": [{"qualification": "nurse", "until": "2026-12-31"}]}],
		"services": [{"id": "meal"}, {"id": "hot_meal", "parent": "meal"}, {"id": "soup", "parent": "meal"}, {"id": "lift"}, {"id": "talk"}, {"id": "clinic"}],
		"contracts": [{"provider": "p1", "resource": "s1", "lends": ["nurse"], "from": "2026-01-01", "to": "2026-12-31"}],
		"events": [{"id": "e1", "days": 1}],
		"pairings": [{"need": "n3", "resource": "v1", "state": "lasting", "cost": 5}],
		"previous": [{"need_id": "n4", "resource_id": "s1", "units": 1, "days": [{"date": "2026-12-03", "units": 1}]}],
		"options": {"from": "2026-12-01", "days": 7, "timezone": "Asia/Shanghai", "tiers": ["unmet_1", "unmet_2", "unmet_3", "changes", "load", "cost"], "pinned": "keep",
			"relaxations": -1, "alternatives": 2, "w_stand_in": 2, "w_interest": 3, "w_change": 4, "w_load": 0}
	}`
	bodies := map[string]string{
		"full":     full,
		"tiny":     tiny,
		"rich":     rich,
		"empty":    `{"needs":[],"resources":[]}`,
		"nulls":    `{"needs":[{"id":"n1","service":"meal","lon":1,"lat":1,"units":null,"gender":null,"accepts":null}],"resources":[],"options":null,"services":null,"mode":null}`,
		"validate": strings.Replace(rich, `"mode": "solve"`, `"mode": "validate"`, 1),
	}
	for name, body := range bodies {
		for _, path := range []string{matchOperation.path, checkOperation.path} {
			body := withPlan(path, body)
			if name == "full" {
				body = strings.Replace(body, `"r1"`, `"v1"`, 1)
			}
			if name == "empty" || name == "nulls" {
				body = strings.Replace(body, `{"need_id": "n1", "resource_id": "r1", "units": 1}`, "", 1)
			}
			pointer := "/paths/" + escape(path) + "/post"
			fits(t, name+": request", schemaAt(t, doc, pointer+"/requestBody/content/application~1json/schema"), body)
			resp := s.do(t, "POST", path, body)
			answer := text(t, resp)
			if resp.StatusCode != 200 {
				t.Errorf("%s: POST %s = %d %s", name, path, resp.StatusCode, answer)
				continue
			}
			fits(t, name+": answer", schemaAt(t, doc, pointer+"/responses/200/content/application~1json/schema"), answer)
		}
	}
	for _, op := range []operation{matchOperation, checkOperation, diffOperation, offersOperation} {
		fits(t, "example", schemaAt(t, doc, "/paths/"+escape(op.path)+"/post/requestBody/content/application~1json/schema"), op.example)
		if resp := s.do(t, "POST", op.path, op.example); resp.StatusCode != 200 {
			t.Errorf("the example of %s = %d %s", op.path, resp.StatusCode, text(t, resp))
		}
	}
	for body, status := range map[string]string{`{}`: "422", `{`: "400"} {
		pointer := "/paths/" + escape(matchOperation.path) + "/post/responses/" + status + "/content/" + escape(problemJSON) + "/schema"
		fits(t, "problem "+status, schemaAt(t, doc, pointer), text(t, s.do(t, "POST", matchOperation.path, body)))
	}
}

func fits(t *testing.T, what string, schema *jsonschema.Schema, body string) {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%s does not fit its schema: %v\n%s", what, err, body)
	}
}

// The schema and the decoder know the same members: what the schema describes is accepted, and nothing else is.
func TestSchemaNamesWhatTheDecoderReads(t *testing.T) {
	s := newService(t, Config{})
	for list, of := range map[string]reflect.Type{
		"needs": reflect.TypeFor[datasets.NeedJSON](), "resources": reflect.TypeFor[datasets.ResourceJSON](),
		"providers": reflect.TypeFor[datasets.ProviderJSON](), "services": reflect.TypeFor[datasets.ServiceJSON](),
		"contracts": reflect.TypeFor[datasets.ContractJSON](), "events": reflect.TypeFor[datasets.EventJSON](),
		"pairings": reflect.TypeFor[datasets.PairingJSON](), "previous": reflect.TypeFor[datasets.PlanRowJSON](),
	} {
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			lists := map[string]any{"needs": []any{}, "resources": []any{}}
			lists[list] = []any{map[string]any{name: nil}}
			raw, err := json.Marshal(lists)
			if err != nil {
				t.Fatal(err)
			}
			if got := text(t, s.do(t, "POST", matchOperation.path, string(raw))); strings.Contains(got, "no such member") {
				t.Errorf("the schema of %s has %s, which is refused: %s", list, name, got)
			}
		}
	}
}
