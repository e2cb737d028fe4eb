package report

import "image/color"

// style is how a path is painted: filled, then stroked. A colour of zero alpha paints nothing.
type style struct {
	fill   tint
	stroke tint
	width  float64   // of the stroke, pixels
	dash   []float64 // lengths of dashes and gaps, pixels; nil is a solid line
}

// shape is one step of a drawing: a path, or dots of one size.
type shape struct {
	path  path
	dots  []point // when not nil: filled discs around these, of the given radius; path is empty
	r     float64
	style style
}

// picture is a drawing as a list of shapes, bottom first. One code draws it; two encoders write it, so that the PNG and
// the SVG cannot differ.
type picture struct {
	w, h   float64 // pixels
	title  string
	desc   string
	shapes []shape
}

func (p *picture) draw(pa path, s style) {
	if len(pa.verbs) > 0 {
		p.shapes = append(p.shapes, shape{path: pa, style: s})
	}
}

// dots fills discs of radius r around the points.
func (p *picture) dots(at []point, r float64, c tint) {
	if len(at) > 0 {
		p.shapes = append(p.shapes, shape{dots: at, r: r, style: style{fill: c}})
	}
}

// segment draws one straight line.
func (p *picture) segment(a, b point, c tint, width float64) {
	var pa path
	pa.move(a)
	pa.line(b)
	p.draw(pa, style{stroke: c, width: width})
}

// tint is a colour: 0xRRGGBBAA. Zero is invisible.
type tint uint32

func (c tint) nrgba() color.NRGBA {
	return color.NRGBA{R: uint8(c >> 24), G: uint8(c >> 16 & 0xff), B: uint8(c >> 8 & 0xff), A: uint8(c & 0xff)}
}

// visible reports whether c paints anything.
func (c tint) visible() bool { return c&0xff != 0 }

// faded returns c with its alpha set to a share, 0 to 1.
func faded(c tint, share float64) tint {
	return c&^0xff | tint(share*255+0.5)
}
