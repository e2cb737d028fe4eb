package report

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// histogram is the chart of units by distance, in the pixels of its own sheet.
type histogram struct {
	W, H, X0, X1, Y0, Y1 string // the sheet, and the frame in it
	Desc                 string
	Bars                 []histogramBar
	Lines, Ticks         []mark
	Marks                []mark // the median and the ninth decile
	AxisY                string // baseline of what the axis is called
	Left                 string // note on what lies beyond the last bin; "" when nothing does
}

type histogramBar struct {
	X, Y, W, H   string
	Range, Units string
	Count        string // of units
	Tail         bool   // everything farther
}

// mark is a line at a place of an axis, with its words.
type mark struct {
	At, TextAt string
	Anchor     string
	Words      string
	TextY      string
}

const (
	chartW, chartH         = 1000.0, 300.0
	chartLeft, chartRight  = 54.0, 974.0
	chartTop, chartBottom  = 42.0, 252.0
	fewestBins, mostBins   = 8, 36
	tailAfter              = 1.6 // a bin for everything farther when the farthest is this much beyond the 99th percentile
	tailPercentile, median = 0.99, 0.5
)

// distances draws how far the units served go; nil when none is served.
func (p *Page) distances() *histogram {
	f := &p.Answer.Figures
	if f.DistanceP50M == nil || f.DistanceP90M == nil || f.Served == 0 {
		return nil
	}
	l := p.Lang
	far, end := reach(p.Solution.Matches, f.Served)
	step := niceStep(end, int(clamp(2*math.Sqrt(float64(len(p.Solution.Matches))), fewestBins, mostBins)))
	bins := end/step + 1
	tail := far >= bins*step
	units := make([]int64, bins, bins+1)
	if tail {
		units = append(units, 0)
	}
	for _, m := range p.Solution.Matches {
		units[min(m.DistanceM/step, int64(len(units)-1))] += m.Units
	}
	most := slices.Max(units)
	rise := niceStep(most, 4)
	top := (most + rise - 1) / rise * rise
	width := (chartRight - chartLeft) / float64(len(units))
	x := func(m int64) float64 { return chartLeft + width*float64(m)/float64(step) }
	y := func(u int64) float64 { return chartBottom - (chartBottom-chartTop)*float64(u)/float64(top) }

	h := &histogram{
		W: pixel(chartW), H: pixel(chartH), X0: pixel(chartLeft), X1: pixel(chartRight), Y0: pixel(chartTop), Y1: pixel(chartBottom),
		AxisY: pixel(chartH - 8),
		Desc:  l.pageWordf("distance desc", l.metres(*f.DistanceP50M), l.metres(*f.DistanceP90M), l.metres(far)),
	}
	for i, u := range units {
		from := int64(i) * step
		bar := histogramBar{X: pixel(x(from) + 1), Y: pixel(y(u)), W: pixel(max(width-2, 1)), H: pixel(chartBottom - y(u)), Units: l.units(u), Count: count(u)}
		bar.Range = l.pageWordf("range", count(from), count(from+step))
		if tail && i == len(units)-1 {
			bar.Tail, bar.Range = true, l.pageWordf("farther", l.metres(from))
			h.Left = l.pageWordf("tail", l.units(u), l.metres(from), l.metres(far))
		}
		h.Bars = append(h.Bars, bar)
	}
	for u := int64(0); u <= top; u += rise {
		h.Lines = append(h.Lines, mark{At: pixel(y(u)), TextAt: pixel(chartLeft - 8), TextY: pixel(y(u) + 4), Words: count(u)})
	}
	for m, each := int64(0), step*niceStep(bins, 12); m <= bins*step; m += each {
		h.Ticks = append(h.Ticks, mark{At: pixel(x(m)), TextY: pixel(chartBottom + 18), Words: l.tick(m, each)})
	}
	h.Marks = []mark{
		chartMark(x(min(*f.DistanceP50M, bins*step)), chartTop-24, l.pageWordf("half within", l.metres(*f.DistanceP50M))),
		chartMark(x(min(*f.DistanceP90M, bins*step)), chartTop-8, l.pageWordf("nine in ten within", l.metres(*f.DistanceP90M))),
	}
	return h
}

// chartMark is an upright line at x with words on the side where there is room.
func chartMark(x, y float64, words string) mark {
	m := mark{At: pixel(x), TextAt: pixel(x + 6), TextY: pixel(y), Anchor: "start", Words: words}
	if x > (chartLeft+chartRight)*0.6 {
		m.Anchor, m.TextAt = "end", pixel(x-6)
	}
	return m
}

// tick names a place on the axis of distances whose ticks are each metres apart.
func (l Lang) tick(m, each int64) string {
	switch {
	case each >= 1000 && each%1000 == 0:
		return count(m/1000) + " " + l.say(wKilometres)
	case each >= 100 && m >= 1000:
		return strconv.FormatFloat(float64(m)/1000, 'f', -1, 64) + " " + l.say(wKilometres)
	}
	return count(m) + " " + l.say(wMetres)
}

// reach returns the farthest distance of a served unit, and where the axis ends: there, unless a few units lie so far out
// that the rest would be squeezed.
func reach(matches []match.Match, served int64) (far, end int64) {
	byDistance := slices.SortedFunc(slices.Values(matches), func(a, b match.Match) int { return cmp.Compare(a.DistanceM, b.DistanceM) })
	sum := int64(0)
	for _, m := range byDistance {
		sum += m.Units
		if end = m.DistanceM; float64(sum) >= tailPercentile*float64(served) {
			break
		}
	}
	far = byDistance[len(byDistance)-1].DistanceM
	if float64(far) <= tailAfter*float64(end) {
		end = far
	}
	return far, end
}

// niceStep returns the least of 1, 2, 5 times a power of ten that parts 0 to most into no more than parts steps.
func niceStep(most int64, parts int) int64 {
	for power := int64(1); ; power *= 10 {
		for _, k := range []int64{1, 2, 5} {
			if most/(k*power) < int64(parts) {
				return k * power
			}
		}
	}
}

// pixel writes a coordinate.
func pixel(v float64) string { return string(appendNumber(nil, v)) }

// spread counts resources by how full they are.
func (p *Page) spread() []shareRow {
	l := p.Lang
	edges := []string{"unused", "to 25", "to 50", "to 75", "below 100", "full"}
	n := make([]int64, len(edges))
	none := int64(0)
	for _, r := range p.Solution.Resources {
		switch {
		case r.Capacity <= 0 && r.Used <= 0:
			none++
			continue
		case r.Used >= r.Capacity:
			n[5]++
		case r.Used <= 0:
			n[0]++
		default:
			n[1+min(int(math.Ceil(4*float64(r.Used)/float64(r.Capacity)))-1, 3)]++
		}
	}
	total, most := int64(len(p.Solution.Resources)), max(none, slices.Max(n))
	rows := make([]shareRow, 0, len(edges)+1)
	for i, k := range n {
		row := newShare(l.pageWord(edges[i]), "load-"+strconv.Itoa(i), k, total)
		row.Width, row.Numbers = barWidth(k, most), count(k)
		rows = append(rows, row)
	}
	if none > 0 {
		row := newShare(l.pageWord("no capacity"), "load-0", none, total)
		row.Width, row.Numbers = barWidth(none, most), count(none)
		rows = append(rows, row)
	}
	return rows
}

// days counts the units served on each day of the horizon, in spans of days where it is long; nil where no visit has a day.
func (p *Page) days() []shareRow {
	h := p.Request.Problem.Horizon
	dated := slices.ContainsFunc(p.Solution.Matches, func(m match.Match) bool { return m.Day >= 0 })
	if h.Days <= 0 || !dated {
		return nil
	}
	span := (h.Days + mostDays - 1) / mostDays
	units := make([]int64, (h.Days+span-1)/span)
	for _, m := range p.Solution.Matches {
		if m.Day >= 0 && m.Day < h.Days {
			units[m.Day/span] += m.Units
		}
	}
	most, rows := slices.Max(units), make([]shareRow, len(units))
	for i, u := range units {
		first := int32(i) * span
		name := p.Lang.date(h.Date(first))
		if last := min(first+span, h.Days) - 1; last > first {
			name = p.Lang.pageWordf("to", name, p.Lang.date(h.Date(last)))
		}
		rows[i] = shareRow{Name: name, Class: "served", Width: barWidth(u, most), Numbers: count(u)}
	}
	return rows
}

// date writes a day with its weekday.
func (l Lang) date(d care.Date) string {
	return d.String() + " " + strings.Fields(l.pageWord("weekdays"))[d.Weekday()]
}

// loadTable lists the fullest resources.
type loadTable struct {
	Rows      []loadRow
	More      *loadTable // to be opened; nil when Rows are all
	Left      string     // how many are left out
	Explained bool
}

type loadRow struct {
	ID, Kind string
	shareRow
	Worth string // of one more unit
}

// loaded lists the resources where one more unit would be worth most, then the fullest.
func (p *Page) loaded() loadTable {
	s, lists := p.Solution, &p.Request.Problem.Lists
	order := make([]int, 0, len(s.Resources))
	for j, r := range s.Resources {
		if r.Used > 0 || r.Capacity > 0 {
			order = append(order, j)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := s.Resources[a], s.Resources[b]
		worth := 0
		if s.Explained {
			worth = cmp.Or(slices.Compare(y.UnitValue.Unmet[:], x.UnitValue.Unmet[:]), cmp.Compare(y.UnitValue.Cost, x.UnitValue.Cost))
		}
		load := func(r match.ResourceUse) float64 { return float64(r.Used) / float64(max(r.Capacity, 1)) }
		return cmp.Or(worth, cmp.Compare(load(y), load(x)), cmp.Compare(y.Used, x.Used), cmp.Compare(a, b))
	})
	t := loadTable{Explained: s.Explained}
	if len(order) > mostLoaded {
		t.Left = p.Lang.pageWordf("resources left out", count(len(order)-mostLoaded), count(len(order)))
		order = order[:mostLoaded]
	}
	for _, j := range order {
		r, use := &lists.Resources[j], s.Resources[j]
		row := loadRow{ID: printable(r.ID), Kind: p.Lang.Kind(r.Kind), shareRow: newShare("", "k-"+string(r.Kind), use.Used, use.Capacity)}
		row.Symbol = symbolMark(r.Kind)
		if s.Explained {
			row.Worth = p.worth(use.UnitValue)
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) > firstLoaded {
		t.More = &loadTable{Rows: t.Rows[firstLoaded:], Explained: t.Explained}
		t.Rows = t.Rows[:firstLoaded]
	}
	return t
}

// worth says what one more unit of a capacity would bring.
func (p *Page) worth(o match.Objective) string {
	for c, u := range o.Unmet {
		if u > 0 {
			return p.Lang.pageWordf("serves one more", p.Lang.units(u), c+1)
		}
		if u < 0 {
			break
		}
	}
	if o.Cost > 0 && o.Unmet == [match.Classes]int64{} {
		return p.Lang.pageWordf("saves cost", count(o.Cost))
	}
	return "–"
}

// services returns the services most asked for and a note on the rest.
func (p *Page) services() (rows []shareRow, left string) {
	groups := slices.Clone(p.Answer.Figures.ByService)
	slices.SortStableFunc(groups, func(a, b datasets.ServiceShareJSON) int { return cmp.Compare(b.Asked, a.Asked) })
	if len(groups) > mostShares {
		var asked, served int64
		for _, g := range groups[mostShares:] {
			asked, served = asked+g.Asked, served+g.Served
		}
		left = p.Lang.pageWordf("services left out", count(len(groups)-mostShares), count(served), count(asked))
		groups = groups[:mostShares]
	}
	for _, g := range groups {
		rows = append(rows, newShare(printable(p.name(g.Service)), "served", g.Served, g.Asked))
	}
	return rows, left
}

// reasons counts how many unmet needs name each reason.
func (p *Page) reasons() (rows []shareRow, named string) {
	total := int64(len(p.Solution.Unmet))
	if total == 0 {
		return nil, ""
	}
	for _, r := range countReasons(p.Solution.Unmet) {
		row := newShare(p.Lang.Code(r.code), "unmet", int64(r.needs), total)
		row.Numbers, row.Note = count(r.needs), p.Lang.advice(r.code)
		rows = append(rows, row)
	}
	return rows, p.Lang.pageWordf("several", count(total))
}
