package report

import "math"

// point is a place on the picture, pixels from its top left corner.
type point struct{ x, y float64 }

// rect is an upright rectangle of the picture.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) width() float64  { return r.x1 - r.x0 }
func (r rect) height() float64 { return r.y1 - r.y0 }

func (r rect) holds(p point) bool { return p.x >= r.x0 && p.x <= r.x1 && p.y >= r.y0 && p.y <= r.y1 }

func (r rect) inset(by float64) rect { return rect{r.x0 + by, r.y0 + by, r.x1 - by, r.y1 - by} }

// verb is one step of a path.
type verb uint8

const (
	moveTo  verb = iota // 1 point
	lineTo              // 1 point
	cubicTo             // 3 points
	closed              // 0 points
)

// path is a sequence of steps. The zero value is empty.
type path struct {
	verbs []verb
	pts   []point
}

func (p *path) move(a point) { p.verbs, p.pts = append(p.verbs, moveTo), append(p.pts, a) }
func (p *path) line(a point) { p.verbs, p.pts = append(p.verbs, lineTo), append(p.pts, a) }
func (p *path) cubic(a, b, c point) {
	p.verbs, p.pts = append(p.verbs, cubicTo), append(p.pts, a, b, c)
}
func (p *path) close() { p.verbs = append(p.verbs, closed) }

// quad adds a quadratic curve as the cubic that equals it.
func (p *path) quad(from, ctrl, to point) {
	a := point{from.x + 2*(ctrl.x-from.x)/3, from.y + 2*(ctrl.y-from.y)/3}
	b := point{to.x + 2*(ctrl.x-to.x)/3, to.y + 2*(ctrl.y-to.y)/3}
	p.cubic(a, b, to)
}

// polygon adds the closed ring through ps.
func (p *path) polygon(ps ...point) {
	for i, a := range ps {
		if i == 0 {
			p.move(a)
		} else {
			p.line(a)
		}
	}
	if len(ps) > 0 {
		p.close()
	}
}

func (p *path) rectangle(r rect) {
	p.polygon(point{r.x0, r.y0}, point{r.x1, r.y0}, point{r.x1, r.y1}, point{r.x0, r.y1})
}

// rounded adds a rectangle whose corners have the given radius.
func (p *path) rounded(r rect, radius float64) {
	radius = min(radius, r.width()/2, r.height()/2)
	k := radius * (1 - arcHandle)
	p.move(point{r.x0 + radius, r.y0})
	p.line(point{r.x1 - radius, r.y0})
	p.cubic(point{r.x1 - k, r.y0}, point{r.x1, r.y0 + k}, point{r.x1, r.y0 + radius})
	p.line(point{r.x1, r.y1 - radius})
	p.cubic(point{r.x1, r.y1 - k}, point{r.x1 - k, r.y1}, point{r.x1 - radius, r.y1})
	p.line(point{r.x0 + radius, r.y1})
	p.cubic(point{r.x0 + k, r.y1}, point{r.x0, r.y1 - k}, point{r.x0, r.y1 - radius})
	p.line(point{r.x0, r.y0 + radius})
	p.cubic(point{r.x0, r.y0 + k}, point{r.x0 + k, r.y0}, point{r.x0 + radius, r.y0})
	p.close()
}

// arcHandle is the length of the handles of the cubic that stands for a quarter of a unit circle, 4/3·(√2-1): it leaves
// the circle by less than 0.03 % of the radius.
const arcHandle = 0.5522847498307936

func (p *path) circle(c point, r float64) {
	h := r * arcHandle
	p.move(point{c.x + r, c.y})
	p.cubic(point{c.x + r, c.y + h}, point{c.x + h, c.y + r}, point{c.x, c.y + r})
	p.cubic(point{c.x - h, c.y + r}, point{c.x - r, c.y + h}, point{c.x - r, c.y})
	p.cubic(point{c.x - r, c.y - h}, point{c.x - h, c.y - r}, point{c.x, c.y - r})
	p.cubic(point{c.x + h, c.y - r}, point{c.x + r, c.y - h}, point{c.x + r, c.y})
	p.close()
}

// clipSegment returns the part of ab inside r (Liang and Barsky 1984); ok is false when there is none.
func clipSegment(a, b point, r rect) (point, point, bool) {
	dx, dy := b.x-a.x, b.y-a.y
	t0, t1 := 0.0, 1.0
	for _, e := range [4][2]float64{{-dx, a.x - r.x0}, {dx, r.x1 - a.x}, {-dy, a.y - r.y0}, {dy, r.y1 - a.y}} {
		switch d, q := e[0], e[1]; {
		case d == 0:
			if q < 0 {
				return a, b, false
			}
		case d < 0:
			t0 = max(t0, q/d)
		default:
			t1 = min(t1, q/d)
		}
	}
	if t0 > t1 {
		return a, b, false
	}
	return point{a.x + t0*dx, a.y + t0*dy}, point{a.x + t1*dx, a.y + t1*dy}, true
}

// clipRing cuts a ring to r (Sutherland and Hodgman 1974). Where the ring leaves r and comes back, the result runs along
// the edge of r, so it is good for filling, not for drawing the outline.
func clipRing(ring []point, r rect) []point {
	sides := [4]struct {
		inside func(point) bool
		cross  func(a, b point) point
	}{
		{func(p point) bool { return p.x >= r.x0 }, func(a, b point) point { return atX(a, b, r.x0) }},
		{func(p point) bool { return p.x <= r.x1 }, func(a, b point) point { return atX(a, b, r.x1) }},
		{func(p point) bool { return p.y >= r.y0 }, func(a, b point) point { return atY(a, b, r.y0) }},
		{func(p point) bool { return p.y <= r.y1 }, func(a, b point) point { return atY(a, b, r.y1) }},
	}
	for _, s := range sides {
		var out []point
		for i, b := range ring {
			a := ring[(i+len(ring)-1)%len(ring)]
			if s.inside(a) != s.inside(b) {
				out = append(out, s.cross(a, b))
			}
			if s.inside(b) {
				out = append(out, b)
			}
		}
		ring = out
	}
	return ring
}

func atX(a, b point, x float64) point { return point{x, a.y + (b.y-a.y)*(x-a.x)/(b.x-a.x)} }
func atY(a, b point, y float64) point { return point{a.x + (b.x-a.x)*(y-a.y)/(b.y-a.y), y} }

// star returns the ring of a figure with n corners of radius r around c, the first straight up.
func star(c point, r float64, n int) []point {
	ps := make([]point, n)
	for i := range ps {
		s, k := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		ps[i] = point{c.x + r*s, c.y - r*k}
	}
	return ps
}
