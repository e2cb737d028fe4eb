package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// cityMap is the map of a solved sample city.
func cityMap(t testing.TB, needs int, lang Lang) *Map {
	t.Helper()
	city, err := dali.Generate(dali.Options{Needs: needs, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	req := datasets.NewRequest(city.Lists)
	req.Problem.Barriers = city.Barriers
	sol, err := req.Solve(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	m := &Map{Lang: lang, Lists: &req.Problem.Lists, Solution: sol, Ground: Ground{
		Name: "Dali", Land: []travel.Polygon{city.Boundary}, Water: city.Barriers, WaterName: "Erhai", Credit: dali.Credit, Synthetic: true,
	}}
	for _, town := range city.Towns {
		m.Ground.Labels = append(m.Ground.Labels, Label{town.NameEN, town.At})
	}
	return m
}

// write writes the map both ways; as SVG only in short tests, since the race detector makes pictures slow.
func write(m *Map, b *bytes.Buffer) error {
	if testing.Short() {
		return m.WriteSVG(b)
	}
	return errors.Join(m.WriteSVG(b), m.WritePNG(b))
}

func TestMapIsAPictureWithInkEverywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector makes pictures slow")
	}
	var b bytes.Buffer
	if err := cityMap(t, 300, English).WritePNG(&b); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if got := img.Bounds().Size(); got.X != sheetWidth || got.Y != sheetHeight {
		t.Fatalf("the map is %v, want %d × %d", got, sheetWidth, sheetHeight)
	}
	// Words on the left, the city in the middle, the detail and the reasons on the right.
	for _, part := range []rect{{40, 30, 400, 300}, {40, 1050, 400, 1180}, {440, 100, 1150, 1100}, {1190, 70, 1560, 600}, {1190, 650, 1560, 900}} {
		colours := map[any]bool{}
		for y := int(part.y0); y < int(part.y1); y++ {
			for x := int(part.x0); x < int(part.x1); x++ {
				colours[img.At(x, y)] = true
			}
		}
		if len(colours) < 20 {
			t.Errorf("the part %v of the map has %d colours only", part, len(colours))
		}
	}
}

func TestMapIsDeterministic(t *testing.T) {
	m := cityMap(t, 200, Chinese)
	var first, second bytes.Buffer
	for _, b := range []*bytes.Buffer{&first, &second} {
		if err := write(m, b); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two maps of the same match differ")
	}
}

func TestSVGIsWellFormedAndCarriesTheCredit(t *testing.T) {
	m := cityMap(t, 200, English)
	m.Ground.Credit += " <&>"
	var b bytes.Buffer
	if err := m.WriteSVG(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "Vonng/adcode") || !strings.Contains(b.String(), English.say(wSynthetic)) {
		t.Error("the description of the SVG lacks the credit or the note on synthetic data")
	}
	d := xml.NewDecoder(&b)
	paths := 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "path" {
			paths++
		}
	}
	if paths < 100 {
		t.Errorf("the SVG has %d paths, want a drawing", paths)
	}
}

// The edges: nothing at all, one need alone, everything on one spot, the poles and the date line.
func TestMapOfOddLists(t *testing.T) {
	need := func(lon, lat float64) care.Need { return care.Need{ID: "n", At: travel.Place{Lon: lon, Lat: lat}} }
	for name, lists := range map[string]*care.Lists{
		"empty":     {},
		"one need":  {Needs: []care.Need{need(0, 0)}},
		"one spot":  {Needs: []care.Need{need(5, 5), need(5, 5)}, Resources: []care.Resource{{At: travel.Place{Lon: 5, Lat: 5}, Kind: care.Venue}}},
		"the world": {Needs: []care.Need{need(-180, -90), need(180, 90)}},
	} {
		m := &Map{Lists: lists, Solution: &match.Solution{}}
		var b bytes.Buffer
		if err := write(m, &b); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "Inf ") {
			t.Errorf("%s: the SVG holds a number that is none", name)
		}
	}
}

func TestManyMatchesAreSampledAndSaySo(t *testing.T) {
	lists := &care.Lists{Needs: make([]care.Need, 10), Resources: make([]care.Resource, 1)}
	sol := &match.Solution{Matches: make([]match.Match, 2*mostLines+1)}
	d := &drawing{Map: &Map{Lists: lists, Solution: sol}}
	p, err := d.picture()
	if err != nil {
		t.Fatal(err)
	}
	if p == nil || 1+(len(sol.Matches)-1)/mostLines != 3 {
		t.Error("two times mostLines and one matches are not drawn every third")
	}
}

func BenchmarkMapPNG(b *testing.B) {
	m := cityMap(b, 2000, English)
	for b.Loop() {
		if err := m.WritePNG(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}
