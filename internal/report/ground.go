package report

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/travel"
)

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
