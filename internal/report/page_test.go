package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// cityPage is the page of a solved sample city.
func cityPage(t testing.TB, needs int, lang Lang) *Page {
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
	return &Page{
		Lang: lang, Request: req, Solution: sol, Answer: datasets.NewMatchAnswer(req, sol), Synthetic: dali.Synthetic,
		Ground: Ground{Name: "Dali", Land: []travel.Polygon{city.Boundary}, Water: city.Barriers, Credit: dali.Credit, Synthetic: true},
	}
}

// written returns the page as bytes.
func written(t testing.TB, p *Page) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// outline reads the page as XML, which it must be, and returns how often each element stands in it.
func outline(t testing.TB, page []byte) map[string]int {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(page))
	n := map[string]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return n
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
		if e, ok := token.(xml.StartElement); ok {
			n[e.Name.Local]++
		}
	}
}

func TestPageIsWholeAndLoadsNothing(t *testing.T) {
	for _, lang := range []Lang{English, Chinese} {
		page := written(t, cityPage(t, 300, lang))
		if n := outline(t, page); n["section"] < 6 || n["svg"] < 50 || n["script"] != 0 || n["link"] != 0 || n["h1"] != 1 {
			t.Errorf("the page in language %d has %v", lang, n)
		}
		for _, bad := range []string{"://", "@import", "url(", "%!", "NaN", "Inf ", "ZgotmplZ", " on" + "load="} {
			if bytes.Contains(page, []byte(bad)) {
				t.Errorf("the page in language %d holds %q", lang, bad)
			}
		}
		if !strings.Contains(string(page), "Vonng/adcode") {
			t.Errorf("the page in language %d lacks the credit", lang)
		}
	}
}

func TestPageIsDeterministic(t *testing.T) {
	p := cityPage(t, 200, Chinese)
	if !bytes.Equal(written(t, p), written(t, p)) {
		t.Error("two pages of the same match differ")
	}
}
