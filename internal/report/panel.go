package report

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// words writes the left column: title, figures, who was served, the legend with the load of each kind, and the credit.
func (d *drawing) words(f rect) {
	l, s := d.Lang, d.Solution
	title := pen{face: d.bold, size: 40, color: ink}
	head := pen{face: d.bold, size: 17, color: ink}
	body := pen{face: d.regular, size: 15, color: ink}
	soft := pen{face: d.regular, size: 13.5, color: softInk}

	y := f.y0 + 16
	d.pic.text(pen{face: d.bold, size: 14, color: teal}, point{f.x0, y}, left, l.say(wCourtyard))
	y += 48
	name, sub := d.Ground.Name, l.say(wMatch)
	if name == "" {
		name, sub = l.say(wMatch), l.say(wTagline)
	}
	for { // a long name is written smaller
		if _, w := title.face.outline(name, title.size); w <= f.width() || title.size < 16 {
			break
		}
		title.size--
	}
	d.pic.text(title, point{f.x0, y}, left, name)
	y += 30
	d.pic.text(pen{face: d.regular, size: 19, color: softInk}, point{f.x0, y}, left, sub)
	y += 36
	d.pic.text(body, point{f.x0, y}, left, fmt.Sprintf("%s %s · %s %s", count(len(d.Lists.Needs)), l.say(wNeeds), count(len(d.Lists.Resources)), l.say(wResources)))
	y += 23
	status := l.status(s.Status.String())
	if s.Stop != solver.StopNone {
		status += ", " + l.stop(s.Stop.String())
	}
	d.pic.text(body, point{f.x0, y}, left, status)

	y += 56
	step := f.width() / 3
	satisfaction := "–"
	for i, g := range []struct{ value, name string }{
		{percent(s.Figures.Precision), l.say(wPrecision)},
		{percent(s.Figures.Fineness), l.say(wFineness)},
		{satisfaction, l.say(wSatisfaction)},
	} {
		x := f.x0 + float64(i)*step
		d.pic.text(pen{face: d.bold, size: 28, color: ink}, point{x, y}, left, g.value)
		d.pic.text(soft, point{x, y + 22}, left, g.name)
	}
	d.pic.text(pen{face: d.regular, size: 11.5, color: softInk}, point{f.x0 + 2*step, y + 38}, left, l.say(wNoFeedback))

	y += 66
	y = d.rule(f, y)
	d.pic.text(head, point{f.x0, y}, left, l.say(wServedByClass))
	for c, share := range s.Figures.ByClass {
		y += 27
		d.bar(f, y, l.say(wClass1+word(c)), share.Served, share.Asked, slate, point{})
	}

	y = d.rule(f, y+28)
	d.pic.text(head, point{f.x0, y}, left, l.say(wLoadByKind))
	d.pic.text(soft, point{f.x1, y}, right, l.say(wUsed)+" / "+l.say(wCapacity))
	for _, k := range s.Figures.LoadByKind {
		y += 29
		d.pic.draw(symbol(k.Kind, point{f.x0 + 8, y - 5}, 7), style{fill: kindTint(k.Kind)})
		d.bar(f, y, l.Kind(k.Kind)+" × "+count(k.Resources), k.Used, k.Capacity, kindTint(k.Kind), point{26, 0})
	}

	y = d.rule(f, y+28)
	y = d.services(f, y)

	y = d.rule(f, y+28)
	d.pic.dots([]point{{f.x0 + 8, y - 5}}, 3.4, homeGrey)
	d.pic.text(body, point{f.x0 + 26, y}, left, l.say(wServedNeed))
	y += 26
	d.pic.draw(cross(point{f.x0 + 8, y - 5}, 4.5), style{stroke: unmetRed, width: 2.2})
	d.pic.text(body, point{f.x0 + 26, y}, left, l.say(wUnmetNeed))
	y += 26
	d.pic.segment(point{f.x0, y - 5}, point{f.x0 + 16, y - 5}, kindTint(care.Team), 1.8)
	d.pic.text(body, point{f.x0 + 26, y}, left, l.say(wMatchLine))
	if d.sample > 1 {
		y += 22
		n := (len(s.Matches) + d.sample - 1) / d.sample
		d.pic.text(soft, point{f.x0 + 26, y}, left, l.sayf(wSampled, count(n), count(len(s.Matches))))
	}

	d.footer(f)
}

// mostServices is how many services the column has room for.
const mostServices = 6

// services draws how much of the services most asked for was served, and returns the baseline of the last line.
func (d *drawing) services(f rect, y float64) float64 {
	d.pic.text(pen{face: d.bold, size: 17, color: ink}, point{f.x0, y}, left, d.Lang.say(wServedByService))
	groups := slices.Clone(d.Solution.Figures.ByService)
	slices.SortStableFunc(groups, func(a, b match.Group) int { return cmp.Compare(b.Asked, a.Asked) })
	for _, g := range groups[:min(len(groups), mostServices)] {
		y += 27
		d.bar(f, y, d.serviceName(g.Name), g.Served, g.Asked, slate, point{})
	}
	return y
}

// serviceName returns the name of a service in the language of the map, or its id where there is none that the font can
// draw, cut to its column.
func (d *drawing) serviceName(id string) string {
	name := id
	for i := range d.Lists.Services {
		s := &d.Lists.Services[i]
		if s.ID != id {
			continue
		}
		called := s.Name
		if d.Lang == Chinese && s.NameZH != "" {
			called = s.NameZH
		}
		if called != "" && d.regular.draws(called) {
			name = called
		}
	}
	return d.regular.cut(name, 15, 178)
}

// rule draws a hairline and returns the baseline of the heading below it.
func (d *drawing) rule(f rect, y float64) float64 {
	d.pic.segment(point{f.x0, y}, point{f.x1, y}, hairline, 1)
	return y + 32
}

// bar writes one line "name ▭▭▭▭ part / whole", or with the percentage where the numbers are too long for the column.
func (d *drawing) bar(f rect, y float64, name string, part, whole int64, c tint, indent point) {
	const at, long = 184, 78
	d.pic.text(pen{face: d.regular, size: 15, color: ink}, point{f.x0 + indent.x, y}, left, name)
	numbers := pen{face: d.regular, size: 13.5, color: softInk}
	value := count(part) + " / " + count(whole)
	if _, w := d.regular.outline(value, numbers.size); w > f.width()-at-long-6 {
		value = shareOf(part, whole)
	}
	d.pic.text(numbers, point{f.x1, y}, right, value)
	x0 := f.x0 + at
	var ground, full path
	ground.rounded(rect{x0, y - 9, x0 + long, y - 1}, 4)
	d.pic.draw(ground, style{fill: trough})
	if whole > 0 && part > 0 {
		full.rounded(rect{x0, y - 9, x0 + max(long*float64(part)/float64(whole), 4), y - 1}, 4)
		d.pic.draw(full, style{fill: c})
	}
}

// footer writes the note on invented data and the credit at the foot of the column.
func (d *drawing) footer(f rect) {
	const size, step = 11.5, 16
	var lines []string
	if d.Ground.Credit != "" {
		lines = d.regular.wrap(d.Lang.say(wCredit)+": "+d.Ground.Credit, size, f.width())
	}
	y := f.y1 - step*float64(len(lines)) + 8
	for i, s := range lines {
		d.pic.text(pen{face: d.regular, size: size, color: softInk}, point{f.x0, y + step*float64(i)}, left, s)
	}
	if d.Ground.Synthetic {
		note := d.bold.wrap(d.Lang.say(wSynthetic), 12.5, f.width())
		y -= 18*float64(len(note)-1) + 22
		for i, s := range note {
			d.pic.text(pen{face: d.bold, size: 12.5, color: unmetRed}, point{f.x0, y + 18*float64(i)}, left, s)
		}
	}
}

// reasonCount is how many unmet needs name one code among their reasons.
type reasonCount struct {
	code  match.Code
	needs int
}

// countReasons returns the codes by how many unmet needs name them, the most frequent first.
func countReasons(unmet []match.Unmet) []reasonCount {
	n := map[match.Code]int{}
	for i := range unmet {
		for _, r := range unmet[i].Reasons {
			n[r.Code]++
		}
	}
	return sortReasons(n)
}

func sortReasons(n map[match.Code]int) []reasonCount {
	out := make([]reasonCount, 0, len(n))
	for c, k := range n {
		out = append(out, reasonCount{c, k})
	}
	slices.SortFunc(out, func(a, b reasonCount) int {
		return cmp.Or(cmp.Compare(b.needs, a.needs), cmp.Compare(a.code, b.code))
	})
	return out
}

// why draws how many unmet needs name each reason.
func (d *drawing) why(f rect) {
	l := d.Lang
	d.pic.text(pen{face: d.bold, size: 17, color: ink}, point{f.x0, f.y0}, left, l.say(wWhyUnmet))
	body := pen{face: d.regular, size: 14.5, color: ink}
	soft := pen{face: d.regular, size: 13.5, color: softInk}
	reasons := countReasons(d.Solution.Unmet)
	if len(d.Solution.Unmet) == 0 {
		d.pic.text(body, point{f.x0, f.y0 + 30}, left, l.say(wNoUnmet))
		return
	}
	d.pic.text(soft, point{f.x0, f.y0 + 22}, left, l.sayf(wReasonsNote, count(len(d.Solution.Unmet))))
	y := f.y0 + 56
	for _, r := range reasons {
		if y+14 > f.y1 {
			break
		}
		d.pic.text(body, point{f.x0, y}, left, l.Code(r.code))
		d.pic.text(soft, point{f.x1, y}, right, count(r.needs))
		var ground, full path
		ground.rounded(rect{f.x0, y + 8, f.x1, y + 14}, 3)
		d.pic.draw(ground, style{fill: trough})
		w := f.width() * float64(r.needs) / float64(len(d.Solution.Unmet))
		full.rounded(rect{f.x0, y + 8, f.x0 + max(w, 3), y + 14}, 3)
		d.pic.draw(full, style{fill: faded(unmetRed, 0.8)})
		y += 42
	}
}
