package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/bench/measure"
)

// squared is a growth in which ours takes needs^1.5 and the peer needs^2, but is stopped at the largest.
func squared() *Growth {
	f := &Flows{Peers: []string{"peer"}}
	needs := []int{1000, 10_000, 100_000, 1_000_000}
	for _, n := range needs {
		x := float64(n)
		row := FlowRow{Ours: measure.Summary{State: measure.OK, Runs: 5}, Peers: []measure.Summary{{State: measure.OK, Runs: 1}}}
		row.Ours.SolveS, row.Peers[0].SolveS = 1e-7*math.Pow(x, 1.5), 1e-9*x*x
		if n == 1_000_000 {
			row.Peers[0].State = measure.Capped
		}
		f.Rows = append(f.Rows, row)
	}
	return NewGrowth(f, needs, "growth.svg")
}

func TestGrowthFitsTheExponent(t *testing.T) {
	g := squared()
	for i, want := range []float64{1.5, 2} {
		if got, ok := g.Series[i].Exponent(); !ok || math.Abs(got-want) > 1e-9 {
			t.Errorf("%s grows with exponent %v, %v, want %v", g.Series[i].Solver, got, ok, want)
		}
	}
	if n := len(g.Series[1].Points); n != 3 {
		t.Errorf("the peer has %d sizes, want the 3 that it ended", n)
	}
	few := GrowthSeries{Points: g.Series[0].Points[:2]}
	if x, ok := few.Exponent(); ok {
		t.Errorf("two sizes grow with exponent %v, want none", x)
	}
	var page strings.Builder
	g.Write(&page)
	for _, want := range []string{"| Courtyard | 1.50 | 4 | 1,000 | 1,000,000 | 100 |", "| peer | 2.00 | 3 |", "(growth.svg)"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q:\n%s", want, page.String())
		}
	}
}

func TestGrowthIsDrawn(t *testing.T) {
	var a, b bytes.Buffer
	if err := errors.Join(squared().WriteSVG(&a), squared().WriteSVG(&b)); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Fatalf("two drawings differ, %v", err)
	}
	circles := 0
	for d := xml.NewDecoder(&a); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "circle" {
			circles++
		}
	}
	if circles != 7 {
		t.Errorf("%d points drawn, want 4 + 3", circles)
	}
	if err := new(Growth).WriteSVG(&a); err != nil || a.Len() > 0 {
		t.Errorf("nothing measured draws %d bytes, %v", a.Len(), err)
	}
}
