package report

import "image/color"

// style is how a path is painted: filled, then stroked. A colour of zero alpha paints nothing.
type style struct {
	fill   color.NRGBA
	stroke color.NRGBA
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
func (p *picture) dots(at []point, r float64, c color.NRGBA) {
	if len(at) > 0 {
		p.shapes = append(p.shapes, shape{dots: at, r: r, style: style{fill: c}})
	}
}

// segment draws one straight line.
func (p *picture) segment(a, b point, c color.NRGBA, width float64) {
	var pa path
	pa.move(a)
	pa.line(b)
	p.draw(pa, style{stroke: c, width: width})
}

// rgb returns the opaque colour 0xRRGGBB.
func rgb(hex uint32) color.NRGBA {
	return color.NRGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255} //nolint:gosec // the low byte of each is meant
}

// faded returns c with its alpha set to a share, 0 to 1.
func faded(c color.NRGBA, share float64) color.NRGBA {
	c.A = uint8(share*255 + 0.5)
	return c
}
