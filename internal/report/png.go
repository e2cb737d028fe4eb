package report

import (
	"fmt"
	"image"
	"image/png"
	"io"

	"git.sr.ht/~sbinet/gg"
)

// dotsAtOnce is how many discs go to the rasteriser together: each call costs a pass over the rows, and its cost grows
// faster than the edges on a row.
const dotsAtOnce = 256

// raster paints the picture, scale pixels for each of its own.
func (p *picture) raster(scale float64) image.Image {
	c := gg.NewContext(int(p.w*scale+0.5), int(p.h*scale+0.5))
	c.Scale(scale, scale)
	c.SetLineCapRound()
	c.SetLineJoinRound()
	for i := range p.shapes {
		s := &p.shapes[i]
		for from := 0; from < len(s.dots); from += dotsAtOnce {
			var pa path
			for _, at := range s.dots[from:min(from+dotsAtOnce, len(s.dots))] {
				pa.circle(at, s.r)
			}
			trace(c, &pa)
			c.SetColor(s.style.fill.nrgba())
			c.Fill()
		}
		if len(s.path.verbs) == 0 {
			continue
		}
		trace(c, &s.path)
		if s.style.fill.visible() {
			c.SetColor(s.style.fill.nrgba())
			c.FillPreserve()
		}
		if s.style.stroke.visible() && s.style.width > 0 {
			c.SetColor(s.style.stroke.nrgba())
			c.SetLineWidth(s.style.width * scale)
			dash := make([]float64, len(s.style.dash))
			for k, d := range s.style.dash {
				dash[k] = d * scale
			}
			c.SetDash(dash...)
			c.StrokePreserve()
		}
		c.ClearPath()
	}
	return c.Image()
}

func trace(c *gg.Context, p *path) {
	at := 0
	for _, v := range p.verbs {
		switch q := p.pts[at:]; v {
		case moveTo:
			c.MoveTo(q[0].x, q[0].y)
			at++
		case lineTo:
			c.LineTo(q[0].x, q[0].y)
			at++
		case cubicTo:
			c.CubicTo(q[0].x, q[0].y, q[1].x, q[1].y, q[2].x, q[2].y)
			at += 3
		case closed:
			c.ClosePath()
		}
	}
}

// writePNG writes the picture as PNG.
func (p *picture) writePNG(w io.Writer) error { return p.encodePNG(w, 1) }

// encodePNG writes the picture as PNG, scale pixels for each of its own.
func (p *picture) encodePNG(w io.Writer, scale float64) error {
	if err := png.Encode(w, p.raster(scale)); err != nil {
		return fmt.Errorf("write png: %w", err)
	}
	return nil
}
