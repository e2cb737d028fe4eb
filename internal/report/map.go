package report

import (
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// Ground is what lies under a map of a match. The zero value is a blank sheet.
type Ground struct {
	Name      string           // of the city, in the language of the map; "" is none
	Land      []travel.Polygon // outline; nil means none
	Water     []travel.Polygon // what no way enters
	WaterName string
	Labels    []Label
	Credit    string // to be printed on every map; "" is none
	Synthetic bool   // the lists are invented: the map says so
}

// Label is the name of a place.
type Label struct {
	Name string
	At   travel.Place
}

// Map is the picture of one match. It only reads what it points to.
type Map struct {
	Lang     Lang
	Ground   Ground
	Lists    *care.Lists
	Solution *match.Solution
}

// The sheet, in pixels.
const (
	sheetWidth  = 1600
	sheetHeight = 1200
)

// WritePNG draws the map as PNG, 1600 × 1200 pixels. The time grows with needs, resources and matches: 0.3 s for 2,000
// needs, about 3 s for 1,000,000, of which the pixel thins what would fall on the same spot.
func (m *Map) WritePNG(w io.Writer) error {
	p, err := m.picture()
	if err != nil {
		return err
	}
	return p.writePNG(w)
}

// WriteSVG draws the same picture as SVG.
func (m *Map) WriteSVG(w io.Writer) error {
	p, err := m.picture()
	if err != nil {
		return err
	}
	return p.writeSVG(w)
}

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

// drawing is one map while it is drawn.
type drawing struct {
	*Map
	pic           *picture
	regular, bold *typeface
	unmet         map[int32]bool         // by need
	served        []bool                 // by need
	sample        int                    // every sample-th match is drawn as a line
	bends         map[int][]travel.Place // by match: where its way turns; most ways are straight and not here
}

// mostLines bounds the match lines drawn in one frame: more would only be a blot.
const mostLines = 40000

func (m *Map) picture() (*picture, error) {
	regular, err := parseTypeface(regularTTF)
	if err != nil {
		return nil, err
	}
	bold, err := parseTypeface(boldTTF)
	if err != nil {
		return nil, err
	}
	d := &drawing{
		Map: m, regular: regular, bold: bold,
		pic:    &picture{w: sheetWidth, h: sheetHeight},
		unmet:  make(map[int32]bool, len(m.Solution.Unmet)),
		served: make([]bool, len(m.Lists.Needs)),
		sample: 1 + (len(m.Solution.Matches)-1)/mostLines,
	}
	for _, u := range m.Solution.Unmet {
		d.unmet[u.Need] = true
	}
	for _, a := range m.Solution.Matches {
		d.served[a.Need] = true
	}
	d.pic.title, d.pic.desc = d.heading(), d.describe()
	d.sheet()
	return d.pic, nil
}

func (d *drawing) heading() string {
	if d.Ground.Name == "" {
		return d.Lang.say(wMatch)
	}
	if d.Lang == Chinese {
		return d.Ground.Name + " " + d.Lang.say(wMatch)
	}
	return d.Ground.Name + ": " + d.Lang.say(wMatch)
}

// describe says in words what the picture shows.
func (d *drawing) describe() string {
	l, f := d.Lang, d.Solution.Figures
	s := fmt.Sprintf("%s %s, %s %s; %s %s, %s %s; %s %s.",
		count(len(d.Lists.Needs)), l.say(wNeeds), count(len(d.Lists.Resources)), l.say(wResources),
		l.say(wServed), count(f.Served), l.say(wUnmet), count(f.Asked-f.Served), l.say(wPrecision), percent(f.Precision))
	if d.Ground.Synthetic {
		s += " " + l.say(wSynthetic)
	}
	if d.Ground.Credit != "" {
		s += " " + l.say(wCredit) + ": " + d.Ground.Credit
	}
	return s
}

// sheet lays out the whole picture: words on the left, the map in the middle, the densest part and the reasons on the
// right.
func (d *drawing) sheet() {
	var all path
	all.rectangle(rect{0, 0, sheetWidth, sheetHeight})
	d.pic.draw(all, style{fill: paper})

	main := rect{430, 30, 1158, sheetHeight - 30}
	detail := rect{1184, 66, 1570, 620}
	sight, ok := d.sight()
	if !ok {
		d.frame(main)
		d.pic.text(pen{face: d.regular, size: 20, color: softInk}, point{(main.x0 + main.x1) / 2, 600}, middle, d.Lang.say(wNoPoints))
	} else {
		pr := fit(sight, main.inset(26))
		d.bend(pr)
		d.ground(pr, main, true)
		d.match(pr, main, 1)
		d.labels(pr, main)
		box, show := d.densest(pr, main, detail)
		if show {
			z := pr.zoomed(point{(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2}, box.width(), detail)
			d.pic.text(pen{face: d.bold, size: 17, color: ink}, point{detail.x0, 52}, left, d.Lang.say(wDensest))
			d.ground(z, detail, false)
			d.match(z, detail, detailGrowth)
			d.labels(z, detail)
			d.scaleBar(z, point{detail.x0 + 14, detail.y1 - 16}, 130)
			d.frame(detail)
			var outline path
			outline.rectangle(box)
			d.pic.draw(outline, style{stroke: faded(ink, 0.75), width: 1.4})
			d.pic.segment(point{box.x1, box.y0}, point{detail.x0, detail.y0}, faded(ink, 0.28), 1)
			d.pic.segment(point{box.x1, box.y1}, point{detail.x0, detail.y1}, faded(ink, 0.28), 1)
		}
		d.scaleBar(pr, point{main.x0 + 18, main.y1 - 20}, 180)
		d.north(point{main.x1 - 32, main.y0 + 46})
		d.frame(main)
	}
	d.words(rect{44, 30, 402, sheetHeight - 30})
	d.why(rect{detail.x0, 664, detail.x1, sheetHeight - 30})
}

// detailGrowth is how much larger marks are drawn in the part that is shown enlarged.
const detailGrowth = 1.35

// sight returns the box of places that the map must show.
func (d *drawing) sight() (extent, bool) {
	var e extent
	for _, p := range d.Ground.Land {
		for _, ring := range p {
			for _, at := range ring {
				e.add(at)
			}
		}
	}
	if e.any { // the city, even where a few homes lie outside
		return e, true
	}
	for i := range d.Lists.Needs {
		e.add(d.Lists.Needs[i].At)
	}
	for i := range d.Lists.Resources {
		e.add(d.Lists.Resources[i].At)
	}
	return e, e.any
}

func (d *drawing) frame(f rect) {
	var pa path
	pa.rectangle(f)
	d.pic.draw(pa, style{stroke: frameEdge, width: 1})
}

// ground draws land and water inside the frame.
func (d *drawing) ground(pr projection, f rect, edge bool) {
	var sheet path
	sheet.rectangle(f)
	if len(d.Ground.Land) == 0 {
		d.pic.draw(sheet, style{fill: land})
	} else {
		d.pic.draw(sheet, style{fill: outside})
		d.area(pr, f, d.Ground.Land, land, landEdge, 1.4)
	}
	d.area(pr, f, d.Ground.Water, water, waterEdge, 1)
	if d.Ground.WaterName == "" || !edge {
		return
	}
	for _, p := range d.Ground.Water {
		if len(p) > 0 && len(p[0]) > 0 {
			var e extent
			for _, at := range p[0] {
				e.add(at)
			}
			c := pr.at(travel.Place{Lon: (e.west + e.east) / 2, Lat: (e.south + e.north) / 2})
			if f.holds(c) {
				d.pic.text(pen{face: d.regular, size: 19, color: waterText}, c, middle, d.Ground.WaterName)
			}
		}
	}
}

func (d *drawing) area(pr projection, f rect, polygons []travel.Polygon, fill, edge tint, width float64) {
	for _, p := range polygons {
		var inside, outline path
		for _, ring := range p {
			ps := make([]point, len(ring))
			for i, at := range ring {
				ps[i] = pr.at(at)
			}
			inside.polygon(clipRing(ps, f)...)
			for i, b := range ps {
				if a, b, ok := clipSegment(ps[(i+len(ps)-1)%len(ps)], b, f); ok {
					outline.join(a, b)
				}
			}
		}
		d.pic.draw(inside, style{fill: fill})
		d.pic.draw(outline, style{stroke: edge, width: width})
	}
}

// join adds the segment ab, going on from the last point when it starts there.
func (p *path) join(a, b point) {
	if n := len(p.pts); n == 0 || p.pts[n-1] != a {
		p.move(a)
	}
	p.line(b)
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
		if size < leastFigure {
			d.pic.dots(thin(at), size, kindTint(k))
			continue
		}
		d.figures(at, style{fill: kindTint(k)}, clamp(mark*0.36, 0.5, 1.6), func(p point) path { return symbol(k, p, size) })
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

// labels writes the names of places, in the order given, leaving out those that would cover one already written.
func (d *drawing) labels(pr projection, f rect) {
	t := pen{face: d.bold, size: 15, color: ink, halo: faded(paper, 0.9)}
	var taken []rect
	for _, l := range d.Ground.Labels {
		p := pr.at(l.At)
		if !f.inset(6).holds(p) {
			continue
		}
		_, w := t.face.outline(l.Name, t.size)
		for _, offset := range []point{{0, -9}, {0, 22}, {-w/2 - 10, 5}, {w/2 + 10, 5}} {
			c := point{p.x + offset.x, p.y + offset.y}
			box := rect{c.x - w/2 - 3, c.y - 15, c.x + w/2 + 3, c.y + 5}
			if box.x0 < f.x0 || box.x1 > f.x1 || box.y0 < f.y0 || box.y1 > f.y1 ||
				slices.ContainsFunc(taken, func(o rect) bool { return box.x0 < o.x1 && o.x0 < box.x1 && box.y0 < o.y1 && o.y0 < box.y1 }) {
				continue
			}
			taken = append(taken, box)
			d.pic.text(t, c, middle, l.Name)
			break
		}
	}
}

// densest returns the part of the main frame with the most needs, in the shape of the detail's frame, and whether showing
// it enlarged tells more than the main map does.
func (d *drawing) densest(pr projection, main, detail rect) (rect, bool) {
	const parts = 24 // cells across the window
	w := main.width() / 6.5
	h := w * detail.height() / detail.width()
	cell := w / parts
	cols, rows := int(main.width()/cell), int(main.height()/cell)
	across, down := parts, int(h/cell)
	if cols < across || rows < down {
		return rect{}, false
	}
	sum := make([]int, (cols+1)*(rows+1)) // prefix sums
	total := 0
	for i := range d.Lists.Needs {
		p := pr.at(d.Lists.Needs[i].At)
		x, y := int(math.Floor((p.x-main.x0)/cell)), int(math.Floor((p.y-main.y0)/cell))
		if x >= 0 && x < cols && y >= 0 && y < rows {
			sum[(y+1)*(cols+1)+x+1]++
			total++
		}
	}
	for y := 1; y <= rows; y++ {
		for x := 1; x <= cols; x++ {
			sum[y*(cols+1)+x] += sum[y*(cols+1)+x-1] + sum[(y-1)*(cols+1)+x] - sum[(y-1)*(cols+1)+x-1]
		}
	}
	best, bx, by := -1, 0, 0
	for y := 0; y+down <= rows; y++ {
		for x := 0; x+across <= cols; x++ {
			n := sum[(y+down)*(cols+1)+x+across] - sum[y*(cols+1)+x+across] - sum[(y+down)*(cols+1)+x] + sum[y*(cols+1)+x]
			if n > best {
				best, bx, by = n, x, y
			}
		}
	}
	x, y := main.x0+float64(bx)*cell, main.y0+float64(by)*cell
	return rect{x, y, x + w, y + h}, total >= 20
}

func (d *drawing) scaleBar(pr projection, at point, most float64) {
	m := pr.barMetres(most)
	w := m * pr.scale
	name := count(int64(m)) + " " + d.Lang.say(wMetres)
	if m >= 1000 {
		name = count(int64(m/1000)) + " " + d.Lang.say(wKilometres)
	}
	t := pen{face: d.regular, size: 13, color: ink}
	var ground, pa path
	ground.rounded(rect{at.x - 8, at.y - 26, at.x + w + 8, at.y + 8}, 4)
	d.pic.draw(ground, style{fill: faded(paper, 0.85)})
	pa.move(point{at.x, at.y - 6})
	pa.line(at)
	pa.line(point{at.x + w, at.y})
	pa.line(point{at.x + w, at.y - 6})
	d.pic.draw(pa, style{stroke: ink, width: 1.5})
	d.pic.text(t, point{at.x + w/2, at.y - 7}, middle, name)
}

func (d *drawing) north(at point) {
	var pa path
	pa.polygon(point{at.x, at.y - 24}, point{at.x + 8, at.y}, point{at.x, at.y - 6}, point{at.x - 8, at.y})
	d.pic.draw(pa, style{fill: ink})
	d.pic.text(pen{face: d.bold, size: 13, color: ink}, point{at.x, at.y + 15}, middle, "N")
}
