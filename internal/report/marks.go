package report

import (
	"cmp"
	"math"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// Colours of the sheet: quiet ground, so that the match stands out.
const (
	paper     tint = 0xffffffff
	outside   tint = 0xf1f0ecff
	land      tint = 0xfbfaf7ff
	landEdge  tint = 0xc9c4b8ff
	water     tint = 0xcfe2eeff
	waterEdge tint = 0x9dc0d6ff
	waterText tint = 0x4d83a6ff
	ink       tint = 0x23282dff
	softInk   tint = 0x646b73ff
	hairline  tint = 0xdcdad4ff
	frameEdge tint = 0xbdb9aeff
	trough    tint = 0xebe9e3ff
	slate     tint = 0x5b646dff
	homeGrey  tint = 0x4a4f55ff
	unmetRed  tint = 0xd3222fff
	teal      tint = 0x1f9d83ff
)

// kindTint tells the kinds apart, also for most people who see colours differently; the shapes say the same.
func kindTint(k care.Kind) tint {
	switch k {
	case care.Team:
		return 0x2f6fb5ff
	case care.ThirdParty:
		return 0x8a5bb0ff
	case care.Partner:
		return 0xdd8a1aff
	case care.Venue:
		return 0x7a4a2eff
	default:
		return teal
	}
}

// symbol returns the figure of a kind of resource around c.
func symbol(k care.Kind, c point, r float64) path {
	var pa path
	switch k {
	case care.Team:
		pa.rounded(rect{c.x - r*0.9, c.y - r*0.9, c.x + r*0.9, c.y + r*0.9}, r*0.25)
	case care.ThirdParty:
		pa.polygon(star(c, r*1.25, 4)...)
	case care.Partner:
		pa.polygon(star(point{c.x, c.y + r*0.2}, r*1.3, 3)...)
	case care.Venue: // a house
		pa.polygon(point{c.x - r*1.2, c.y - r*0.1}, point{c.x, c.y - r*1.3}, point{c.x + r*1.2, c.y - r*0.1},
			point{c.x + r*0.85, c.y - r*0.1}, point{c.x + r*0.85, c.y + r*1.1}, point{c.x - r*0.85, c.y + r*1.1},
			point{c.x - r*0.85, c.y - r*0.1})
	default:
		pa.circle(c, r)
	}
	return pa
}

// cross is the mark of an unmet need.
func cross(c point, r float64) path {
	var pa path
	pa.move(point{c.x - r, c.y - r})
	pa.line(point{c.x + r, c.y + r})
	pa.move(point{c.x - r, c.y + r})
	pa.line(point{c.x + r, c.y - r})
	return pa
}

// bend finds the turns of the ways that a straight line would lead through water.
func (d *drawing) bend(pr projection) {
	var rings [][]point
	for _, p := range d.Ground.Water {
		for _, ring := range p {
			ps := make([]point, len(ring))
			for i, at := range ring {
				ps[i] = pr.at(at)
			}
			rings = append(rings, ps)
		}
	}
	s := newShore(rings)
	if s == nil {
		return
	}
	d.bends = map[int][]travel.Place{}
	for i := 0; i < len(d.Solution.Matches); i += d.sample {
		a := d.Solution.Matches[i]
		for _, turn := range s.bend(pr.at(d.Lists.Resources[a.Resource].At), pr.at(d.Lists.Needs[a.Need].At)) {
			d.bends[i] = append(d.bends[i], pr.place(turn))
		}
	}
}

// sizes says how large marks are and how strong lines, so that a hundred needs and a hundred thousand both read.
func (d *drawing) sizes() (home, mark, line, alpha float64) {
	n := float64(max(len(d.Lists.Needs), 1))
	m := float64(max(len(d.Lists.Resources), 1))
	home = clamp(1.9*math.Pow(2000/n, 0.3), 0.6, 3)
	mark = clamp(3.9*math.Pow(600/m, 0.3), 0.9, 6.5)
	k := float64(max(len(d.Solution.Matches)/d.sample, 1))
	line = clamp(1.0*math.Pow(2000/k, 0.2), 0.4, 1.6)
	alpha = clamp(0.62*math.Pow(2000/k, 0.35), 0.16, 0.75)
	return home, mark, line, alpha
}

func clamp(v, least, most float64) float64 { return min(max(v, least), most) }

// match draws lines, homes, resources and unmet needs, in this order.
func (d *drawing) match(pr projection, f rect, growth float64) {
	home, mark, width, alpha := d.sizes()
	home, mark, width = home*growth, mark*growth, width*growth
	lists := d.Lists

	lines := map[care.Kind]*path{}
	for i := 0; i < len(d.Solution.Matches); i += d.sample {
		a := d.Solution.Matches[i]
		r := &lists.Resources[a.Resource]
		l := lines[r.Kind]
		if l == nil {
			l = &path{}
			lines[r.Kind] = l
		}
		from := pr.at(r.At)
		for _, turn := range append(d.bends[i], lists.Needs[a.Need].At) {
			to := pr.at(turn)
			if p, q, ok := clipSegment(from, to, f); ok {
				l.move(p)
				l.line(q)
			}
			from = to
		}
	}
	for _, k := range care.Kinds() {
		if l := lines[k]; l != nil {
			for from := 0; from < len(l.pts); from += 2 * linesAtOnce {
				to := min(from+2*linesAtOnce, len(l.pts))
				d.pic.draw(path{l.verbs[from:to], l.pts[from:to]}, style{stroke: faded(kindTint(k), alpha), width: width})
			}
		}
	}

	inner := f.inset(max(1, mark*1.4)) // no figure crosses the frame
	var homes, left []point
	for i := range lists.Needs {
		p := pr.at(lists.Needs[i].At)
		switch {
		case !inner.holds(p):
		case d.unmet[int32(i)]:
			left = append(left, p)
		default:
			homes = append(homes, p)
		}
	}
	d.pic.dots(thin(homes), home, faded(homeGrey, 0.85))

	for _, k := range care.Kinds() {
		var at []point
		for i := range lists.Resources {
			if r := &lists.Resources[i]; r.Kind == k {
				if p := pr.at(r.At); inner.holds(p) {
					at = append(at, p)
				}
			}
		}
		size := mark
		if k == care.Venue {
			size *= 1.25
		}
		rim := clamp(mark*0.36, 0.5, 1.6)
		switch {
		case size < leastFigure:
			d.pic.dots(thin(at), size, kindTint(k))
			continue
		case k == care.Volunteer: // a circle: the same picture in far fewer bytes
			for chunk := range slices.Chunk(thin(at), symbolsAtOnce) {
				d.pic.dots(chunk, size+rim/2, paper)
				d.pic.dots(chunk, size, kindTint(k))
			}
			continue
		}
		d.figures(at, style{fill: kindTint(k)}, rim, func(p point) path { return symbol(k, p, size) })
	}

	arm := clamp(home*1.5, 0.8, 4.2)
	if arm < leastFigure {
		d.pic.dots(thin(left), arm*0.8, unmetRed)
		return
	}
	d.figures(left, style{stroke: unmetRed, width: arm * 0.5}, arm*0.25, func(p point) path { return cross(p, arm) })
}

// leastFigure is the radius in pixels below which the eye does not tell figures apart: all are drawn as dots.
const leastFigure = 1.9

// figures draws one figure at each point, parted from what is below by a rim.
func (d *drawing) figures(at []point, s style, rim float64, figure func(point) path) {
	for chunk := range slices.Chunk(thin(at), symbolsAtOnce) {
		var pa path
		for _, p := range chunk {
			f := figure(p)
			pa.verbs, pa.pts = append(pa.verbs, f.verbs...), append(pa.pts, f.pts...)
		}
		if s.fill.visible() {
			d.pic.draw(pa, style{stroke: paper, width: rim})
		} else {
			d.pic.draw(pa, style{stroke: paper, width: s.width + 2*rim})
		}
		d.pic.draw(pa, s)
	}
}

// linesAtOnce and symbolsAtOnce are how many lines and figures share one path: many enough for small files, few enough
// for the rasteriser, whose cost grows faster than the edges it gets at once.
const (
	linesAtOnce   = 128
	symbolsAtOnce = 64
)

// thin drops points that fall on the same half pixel as an earlier one, and returns the rest sorted by place.
func thin(ps []point) []point {
	type cell struct{ x, y int32 }
	seen := make(map[cell]bool, min(len(ps), 1<<16))
	out := ps[:0]
	for _, p := range ps {
		c := cell{int32(p.x * 2), int32(p.y * 2)}
		if !seen[c] {
			seen[c] = true
			out = append(out, p)
		}
	}
	slices.SortStableFunc(out, func(a, b point) int { return cmp.Or(cmp.Compare(a.y, b.y), cmp.Compare(a.x, b.x)) })
	return out
}
