package datasets

import (
	"bufio"
	"cmp"
	"fmt"
	"io"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// WriteMatchGeoJSON writes a solution of the request as a GeoJSON FeatureCollection: a straight line from resource to need
// for each match of a day and service, a point for each need with units left over, and a point for each resource. The property "what" is
// "match", "unmet" or "resource"; the others are those of the answer. It streams: the text is never held in full.
func WriteMatchGeoJSON(w io.Writer, req *MatchRequest, sol *match.Solution) error {
	lists := &req.Problem.Lists
	out := bufio.NewWriterSize(w, 64<<10)
	e := &jsonWriter{enc: jsontext.NewEncoder(out)}
	e.open("type", "FeatureCollection")
	e.token(jsontext.String("features"))
	e.token(jsontext.BeginArray)
	b := newAnswerBuilder(req)
	for i := range sol.Matches {
		m := &sol.Matches[i]
		need, resource := &lists.Needs[m.Need], &lists.Resources[m.Resource]
		e.feature("match", resource.At, need.At)
		e.text("need_id", need.ID)
		e.text("resource_id", resource.ID)
		e.text("service", cmp.Or(b.stand(m), need.Service))
		e.number("units", m.Units)
		e.number("distance_m", m.DistanceM)
		e.number("cost", m.Cost)
		if date := b.date(m.Day); date != "" {
			e.text("date", date)
		}
		e.endFeature()
	}
	for _, u := range sol.Unmet {
		need := &lists.Needs[u.Need]
		e.feature("unmet", need.At)
		e.text("need_id", need.ID)
		e.text("service", need.Service)
		e.number("priority", int64(need.Priority))
		e.number("units", u.Units)
		e.token(jsontext.String("reasons"))
		e.token(jsontext.BeginArray)
		for _, r := range u.Reasons {
			e.token(jsontext.String(string(r.Code)))
		}
		e.token(jsontext.EndArray)
		e.endFeature()
	}
	for j, use := range sol.Resources {
		resource := &lists.Resources[j]
		e.feature("resource", resource.At)
		e.text("id", resource.ID)
		e.text("kind", string(resource.Kind))
		e.number("used", use.Used)
		e.number("capacity", use.Capacity)
		e.endFeature()
	}
	e.token(jsontext.EndArray)
	e.token(jsontext.EndObject)
	if e.err != nil {
		return fmt.Errorf("write GeoJSON: %w", e.err)
	}
	return out.Flush()
}

// open begins an object with one text member.
func (e *jsonWriter) open(name, value string) {
	e.token(jsontext.BeginObject)
	e.text(name, value)
}

func (e *jsonWriter) text(name, value string) {
	e.token(jsontext.String(name))
	e.token(jsontext.String(value))
}

func (e *jsonWriter) number(name string, value int64) {
	e.token(jsontext.String(name))
	e.token(jsontext.Int(value))
}

// feature begins a feature with a point, or a line through several places, and its properties.
func (e *jsonWriter) feature(what string, places ...travel.Place) {
	e.open("type", "Feature")
	e.token(jsontext.String("geometry"))
	kind := "Point"
	if len(places) > 1 {
		kind = "LineString"
	}
	e.open("type", kind)
	e.token(jsontext.String("coordinates"))
	if len(places) > 1 {
		e.token(jsontext.BeginArray)
	}
	for _, p := range places {
		e.token(jsontext.BeginArray)
		e.token(jsontext.Float(p.Lon))
		e.token(jsontext.Float(p.Lat))
		e.token(jsontext.EndArray)
	}
	if len(places) > 1 {
		e.token(jsontext.EndArray)
	}
	e.token(jsontext.EndObject)
	e.token(jsontext.String("properties"))
	e.open("what", what)
}

// endFeature ends the properties and the feature.
func (e *jsonWriter) endFeature() {
	e.token(jsontext.EndObject)
	e.token(jsontext.EndObject)
}
