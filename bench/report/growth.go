package report

import (
	"fmt"
	"io"
	"math"

	"github.com/courtyard-care/courtyard/bench/measure"
)

// Growth is how the time of each solver grows with the number of needs: a fitted exponent and a plot.
type Growth struct {
	Plot   string // file of the plot, beside the page; see [Growth.WriteSVG]
	Series []GrowthSeries
}

// GrowthSeries is one solver on instances of rising size.
type GrowthSeries struct {
	Solver string
	Points []GrowthPoint // those that ended within the cap
}

// GrowthPoint is the median of one size.
type GrowthPoint struct {
	Needs int
	Runs  int
	S     float64 // > 0
}

// NewGrowth takes what ended within its cap from the rows of f; needs is the size of each row.
func NewGrowth(f *Flows, needs []int, plot string) *Growth {
	g := &Growth{Plot: plot, Series: []GrowthSeries{{Solver: "Courtyard"}}}
	for _, peer := range f.Peers {
		g.Series = append(g.Series, GrowthSeries{Solver: peer})
	}
	add := func(to *GrowthSeries, needs int, s measure.Summary) {
		if s.Runs > 0 && s.State == measure.OK && s.SolveS > 0 {
			to.Points = append(to.Points, GrowthPoint{needs, s.Runs, s.SolveS})
		}
	}
	for i, row := range f.Rows {
		add(&g.Series[0], needs[i], row.Ours)
		for p, s := range row.Peers {
			add(&g.Series[p+1], needs[i], s)
		}
	}
	return g
}

// leastPoints is how many sizes make a growth.
const leastPoints = 3

// Exponent returns the x for which time grows as needs^x: the least-squares slope of the logarithm of time over that of
// needs. ok is false for fewer than three sizes.
func (s *GrowthSeries) Exponent() (x float64, ok bool) {
	n := float64(len(s.Points))
	if len(s.Points) < leastPoints {
		return 0, false
	}
	meanX, meanY := 0.0, 0.0
	for _, p := range s.Points {
		meanX += math.Log(float64(p.Needs)) / n
		meanY += math.Log(p.S) / n
	}
	xx, xy := 0.0, 0.0
	for _, p := range s.Points {
		dx := math.Log(float64(p.Needs)) - meanX
		xx += dx * dx
		xy += dx * (math.Log(p.S) - meanY)
	}
	return xy / xx, xx > 0
}

// Write writes the exponents and the link to the plot.
func (g *Growth) Write(w io.Writer) {
	fmt.Fprint(w, "Care instances, two resources to five needs. Seconds grow as needs to the power of the exponent: the least-squares\n"+
		"slope of their logarithms, over the sizes that each solver ended within its cap.\n\n")
	fmt.Fprintln(w, "| solver | exponent | sizes | from | to | s at the largest |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|")
	for i := range g.Series {
		s := &g.Series[i]
		if len(s.Points) == 0 {
			continue
		}
		exponent := "–"
		if x, ok := s.Exponent(); ok {
			exponent = fmt.Sprintf("%.2f", x)
		}
		first, last := s.Points[0], s.Points[len(s.Points)-1]
		fmt.Fprintf(w, "| %s | %s | %d | %s | %s | %.3g |\n", s.Solver, exponent, len(s.Points),
			Thousands(int64(first.Needs)), Thousands(int64(last.Needs)), last.S)
	}
	fmt.Fprintf(w, "\n![Seconds by number of needs, both on logarithmic scales](%s)\n", g.Plot)
}

// The plot, in its own units.
const (
	plotW, plotH             = 760, 460
	left, right, top, bottom = 70.0, 610.0, 48.0, 400.0
)

// hues are the colours of the series, ours first; they stay apart for readers who do not tell red from green.
func hues() []string { return []string{"#0b6e4f", "#d1495b", "#edae49", "#3066be"} }

// WriteSVG draws seconds over needs, both on logarithmic scales, one line a solver. The same growth gives the same bytes.
func (g *Growth) WriteSVG(w io.Writer) error {
	lowX, highX, lowY, highY := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, s := range g.Series {
		for _, p := range s.Points {
			x, y := math.Log10(float64(p.Needs)), math.Log10(p.S)
			lowX, highX, lowY, highY = min(lowX, x), max(highX, x), min(lowY, y), max(highY, y)
		}
	}
	if lowX > highX {
		return nil
	}
	lowX, highX, lowY, highY = math.Floor(lowX), math.Ceil(highX), math.Floor(lowY), math.Ceil(highY)
	across := func(x float64) float64 { return left + (right-left)*(x-lowX)/max(1, highX-lowX) }
	down := func(y float64) float64 { return bottom - (bottom-top)*(y-lowY)/max(1, highY-lowY) }

	d := &drawing{w: w}
	d.f(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="system-ui,sans-serif" font-size="13" fill="#333">`, plotW, plotH)
	d.f(`<title>Time to the optimum by number of needs</title><rect width="%d" height="%d" fill="#fff"/>`, plotW, plotH)
	d.f(`<text x="%.1f" y="26" font-size="16" font-weight="600">Time to the optimum, care instances</text>`, left)
	for x := lowX; x <= highX; x++ {
		d.f(`<path d="M%.1f %.1fV%.1f" stroke="#ddd"/>`, across(x), top, bottom)
		d.f(`<text x="%.1f" y="%.1f" text-anchor="middle">%s</text>`, across(x), bottom+20, Thousands(int64(math.Round(math.Pow(10, x)))))
	}
	for y := lowY; y <= highY; y++ {
		d.f(`<path d="M%.1f %.1fH%.1f" stroke="#ddd"/>`, left, down(y), right)
		d.f(`<text x="%.1f" y="%.1f" text-anchor="end">%s</text>`, left-8, down(y)+4, decade(y))
	}
	d.f(`<text x="%.1f" y="%.1f" text-anchor="middle">needs</text>`, (left+right)/2, bottom+44)
	for i := len(g.Series) - 1; i >= 0; i-- { // ours on top
		s := &g.Series[i]
		if len(s.Points) == 0 {
			continue
		}
		hue := hues()[i%len(hues())]
		d.f(`<g fill="none" stroke="%s" stroke-width="2"><path d="`, hue)
		for j, p := range s.Points {
			d.f("%c%.1f %.1f", "ML"[min(j, 1)], across(math.Log10(float64(p.Needs))), down(math.Log10(p.S)))
		}
		d.f(`"/></g>`)
		for _, p := range s.Points {
			d.f(`<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>`, across(math.Log10(float64(p.Needs))), down(math.Log10(p.S)), hue)
		}
		line := top + 14 + 40*float64(i)
		d.f(`<path d="M%.1f %.1fh22" stroke="%s" stroke-width="3"/>`, right+16, line-4, hue)
		d.f(`<text x="%.1f" y="%.1f" font-weight="600">%s</text>`, right+44, line, s.Solver)
		if x, ok := s.Exponent(); ok {
			d.f(`<text x="%.1f" y="%.1f" fill="#666">needs^%.2f</text>`, right+44, line+17, x)
		}
	}
	d.f("</svg>\n")
	return d.err
}

// decade words 10^y seconds.
func decade(y float64) string {
	if y < 0 {
		return fmt.Sprintf("%g ms", math.Pow(10, y+3))
	}
	return fmt.Sprintf("%.0f s", math.Pow(10, y))
}

// drawing writes until something goes wrong.
type drawing struct {
	w   io.Writer
	err error
}

func (d *drawing) f(format string, args ...any) {
	if d.err == nil {
		_, d.err = fmt.Fprintf(d.w, format, args...)
	}
}
