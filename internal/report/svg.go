package report

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"strconv"
)

// writeSVG writes the picture as SVG 1.1. Text is drawn as outlines, so it looks the same wherever it is opened; the title
// and the description are words for those who cannot see it.
func (p *picture) writeSVG(w io.Writer) error {
	return p.encodeSVG(w, fmt.Sprintf(`xmlns="http://www.w3.org/2000/svg" width="%g" height="%g"`, p.w, p.h))
}

// encodeSVG writes the picture as an svg element with these attributes, as a file or inside a page.
func (p *picture) encodeSVG(w io.Writer, attributes string) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, `<svg %s viewBox="0 0 %g %g" role="img">`+"\n", attributes, p.w, p.h)
	b.WriteString("<title>")
	xml.EscapeText(b, []byte(p.title)) //nolint:errcheck // bufio keeps the first error until Flush
	b.WriteString("</title>\n<desc>")
	xml.EscapeText(b, []byte(p.desc)) //nolint:errcheck // as above
	b.WriteString("</desc>\n")
	var buf []byte
	for i := range p.shapes {
		buf = p.shapes[i].appendSVG(buf[:0])
		b.Write(buf)
	}
	b.WriteString("</svg>\n")
	return b.Flush()
}

func (s *shape) appendSVG(b []byte) []byte {
	b = append(b, `<path d="`...)
	if s.dots != nil { // a line of no length with round ends is a disc
		for _, c := range s.dots {
			b = append(b, 'M')
			b = appendPoint(b, c)
			b = append(b, "h0"...)
		}
		b = append(b, `" fill="none" stroke-linecap="round"`...)
		b = appendPaint(b, "stroke", s.style.fill)
		b = append(b, ` stroke-width="`...)
		b = appendNumber(b, 2*s.r)
		return append(b, "\"/>\n"...)
	}
	at := 0
	for _, v := range s.path.verbs {
		n := 1
		switch v {
		case moveTo:
			b = append(b, 'M')
		case lineTo:
			b = append(b, 'L')
		case cubicTo:
			b = append(b, 'C')
			n = 3
		case closed:
			b = append(b, 'Z')
			n = 0
		}
		for i := range n {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendPoint(b, s.path.pts[at+i])
		}
		at += n
	}
	b = append(b, '"')
	if !s.style.fill.visible() {
		b = append(b, ` fill="none"`...)
	} else {
		b = appendPaint(b, "fill", s.style.fill)
	}
	if s.style.stroke.visible() && s.style.width > 0 {
		b = appendPaint(b, "stroke", s.style.stroke)
		b = append(b, ` stroke-width="`...)
		b = appendNumber(b, s.style.width)
		b = append(b, `" stroke-linejoin="round" stroke-linecap="round"`...)
		for i, d := range s.style.dash {
			if i == 0 {
				b = append(b, ` stroke-dasharray="`...)
			} else {
				b = append(b, ' ')
			}
			b = appendNumber(b, d)
		}
		if len(s.style.dash) > 0 {
			b = append(b, '"')
		}
	}
	return append(b, "/>\n"...)
}

func appendPaint(b []byte, name string, t tint) []byte {
	c := t.nrgba()
	b = fmt.Appendf(b, ` %s="#%02x%02x%02x"`, name, c.R, c.G, c.B)
	if c.A != 255 {
		b = fmt.Appendf(b, ` %s-opacity="%.3g"`, name, float64(c.A)/255)
	}
	return b
}

func appendPoint(b []byte, p point) []byte {
	b = appendNumber(b, p.x)
	b = append(b, ' ')
	return appendNumber(b, p.y)
}

// appendNumber writes v with at most two decimals, a twentieth of what the eye sees at twice the size.
func appendNumber(b []byte, v float64) []byte {
	b = strconv.AppendFloat(b, v, 'f', 2, 64)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	if b[len(b)-1] == '.' {
		b = b[:len(b)-1]
	}
	return b
}
