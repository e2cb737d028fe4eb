package datasets

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/travel"
)

func TestReadBarriers(t *testing.T) {
	triangle := travel.Polygon{{{Lon: 1, Lat: 2}, {Lon: 3, Lat: 4}, {Lon: 5, Lat: 6.5}, {Lon: 1, Lat: 2}}}
	const rings = `[[[1,2],[3,4],[5,6.5],[1,2]]]`
	for name, c := range map[string]struct {
		text string
		want []travel.Polygon
	}{
		"polygon":      {`{"type":"Polygon","coordinates":` + rings + `}`, []travel.Polygon{triangle}},
		"type last":    {`{"bbox":[1,2,3,4],"coordinates":` + rings + `,"type":"Polygon"}`, []travel.Polygon{triangle}},
		"multipolygon": {`{"type":"MultiPolygon","coordinates":[` + rings + `,` + rings + `]}`, []travel.Polygon{triangle, triangle}},
		"feature":      {`{"type":"Feature","properties":{"name":"lake","deep":[{"a":1}]},"geometry":{"type":"Polygon","coordinates":` + rings + `}}`, []travel.Polygon{triangle}},
		"collection": {`{"type":"FeatureCollection","name":"x","features":[{"type":"Feature","geometry":null,"properties":null},{"type":"Feature","properties":null,"geometry":` +
			`{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":` + rings + `}]}}]}`, []travel.Polygon{triangle}},
		"a hole, open, heights": {
			`{"type":"Polygon","coordinates":[[[0,0,7],[9,0,7],[9,9,7]],[[7,1],[8,1],[8,2]]]}`,
			[]travel.Polygon{{{{}, {Lon: 9}, {Lon: 9, Lat: 9}}, {{Lon: 7, Lat: 1}, {Lon: 8, Lat: 1}, {Lon: 8, Lat: 2}}}},
		},
	} {
		got, err := ReadBarriers(strings.NewReader(c.text), FileLimits())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func TestBadBarriers(t *testing.T) {
	for text, want := range map[string]string{
		`{}`:                                    "/type required: a GeoJSON object needs a type",
		`[]`:                                    " invalid: must be an object",
		`{"type":"FeatureCollection"}`:          "/features required: a FeatureCollection needs this member",
		`{"type":"Polygon"}`:                    "/coordinates required: a Polygon needs coordinates",
		`{"type":"Polygon","coordinates":null}`: "/coordinates invalid: must be an array of rings, each an array of positions [lon, lat]",
		`{"type":"Polygon","coordinates":[[1,2],[3,4],[5,6]]}`:                                          "/coordinates invalid: must be an array of rings, each an array of positions [lon, lat]",
		`{"type":"Polygon","coordinates":[[[1],[3,4],[5,6]]]}`:                                          "/coordinates/0/0 invalid: a position is [lon, lat]",
		`{"type":"Polygon","coordinates":[[["1","2"]]]}`:                                                "/coordinates/0/0/0 invalid: must be a number",
		`{"type":"Polygon","coordinates":[[[1,2],[[3,4]],[5,6]]]}`:                                      "/coordinates/0/1 invalid: arrays of coordinates are nested unevenly",
		`{"type":"Polygon","coordinates":[[[1,2],[1,2],[5,6],[1,2]],[]]}`:                               "/coordinates/1 invalid: an array of coordinates is empty",
		`{"type":"MultiPolygon","coordinates":[]}`:                                                      "/coordinates invalid: a MultiPolygon must hold polygons",
		`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"LineString"}}]}`: "/features/0/geometry/type unknown: barriers are polygons: Polygon, MultiPolygon, GeometryCollection, Feature or FeatureCollection",
		`{"type":"FeatureCollection","features":[]}`:                                                    " required: there is no polygon in it",
		`{"type":"Polygon","coordinates":[[[1e999,2],[3,4],[5,6]]]}`:                                    "/coordinates/0/0/0 out_of_range: is beyond the numbers that fit here",
	} {
		_, err := ReadBarriers(strings.NewReader(text), FileLimits())
		invalid, ok := errors.AsType[*solver.Invalid](err)
		if !ok {
			t.Errorf("ReadBarriers(%s): %v, want %s", text, err, want)
			continue
		}
		if f := invalid.Faults[0]; f.Pointer+" "+f.Code+": "+f.Detail != want {
			t.Errorf("ReadBarriers(%s) = %s %s: %s, want %s", text, f.Pointer, f.Code, f.Detail, want)
		}
	}
}

// TestExplainNamesFilesAndFlags places faults of options and barriers that came from flags.
func TestExplainNamesFilesAndFlags(t *testing.T) {
	lake := filepath.Join(t.TempDir(), "lake.geojson")
	write := func(text string) {
		if err := os.WriteFile(lake, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	lists, origin, err := readText(okNeeds, okResources, "-", "-")
	if err != nil {
		t.Fatal(err)
	}
	req := NewRequest(*lists)
	write(`{"type":"Polygon","coordinates":[[[1,2],["x",4],[5,6]]]}`)
	want := lake + `: /coordinates/0/1/0: must be a number (value "x")`
	if err := req.OpenBarriers(lake, nil, origin, FileLimits()); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("OpenBarriers = %v, want %s", err, want)
	}
	write(`{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,96]]]}}`)
	if err := req.OpenBarriers(lake, nil, origin, FileLimits()); err != nil {
		t.Fatal(err)
	}
	req.Problem.Weights.Price = -1
	err = origin.Explain(req.Validate())
	for _, want := range []string{"--w-price: must be a whole number", lake + ": /geometry/coordinates/0/2: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Explain = %v, want %s", err, want)
		}
	}
}
