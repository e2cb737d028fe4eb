package report

import (
	_ "embed" // the fonts
	"fmt"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// Subsets of Noto Sans SC with the glyphs of the table of words, of Latin and of the sample city's names; fonts/README.md
// says how they were made.
//
//go:embed fonts/NotoSansSC-Regular-subset.ttf
var regularTTF []byte

//go:embed fonts/NotoSansSC-Bold-subset.ttf
var boldTTF []byte

// typeface turns text into outlines. It is not safe for concurrent use.
type typeface struct {
	font *sfnt.Font
	em   float64
	buf  sfnt.Buffer
}

func parseTypeface(ttf []byte) (*typeface, error) {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		return nil, fmt.Errorf("parse embedded font: %w", err)
	}
	return &typeface{font: f, em: float64(f.UnitsPerEm())}, nil
}

// has reports whether the font draws r.
func (t *typeface) has(r rune) bool {
	g, err := t.font.GlyphIndex(&t.buf, r)
	return err == nil && g != 0
}

// draws reports whether the font has every rune of s.
func (t *typeface) draws(s string) bool {
	for _, r := range s {
		if !t.has(r) {
			return false
		}
	}
	return true
}

// cut returns s, or as much of its start as fits into width, with three dots.
func (t *typeface) cut(s string, size, width float64) string {
	if _, w := t.outline(s, size); w <= width {
		return s
	}
	runes := []rune(s)
	for n := len(runes) - 1; n > 0; n-- {
		short := string(runes[:n]) + "..."
		if _, w := t.outline(short, size); w <= width {
			return short
		}
	}
	return "..."
}

// outline returns the outlines of s at the given size, its baseline starting at the origin, and its width. Runes that the
// font lacks are drawn as its box.
func (t *typeface) outline(s string, size float64) (path, float64) {
	var out path
	ppem := fixed.I(int(t.em)) // one unit of the font is one pixel: no rounding
	scale := size / t.em
	x := 0.0
	var before sfnt.GlyphIndex
	for i, r := range s {
		g, err := t.font.GlyphIndex(&t.buf, r)
		if err != nil {
			continue
		}
		if i > 0 {
			if k, err := t.font.Kern(&t.buf, before, g, ppem, font.HintingNone); err == nil {
				x += float64(k) / 64 * scale
			}
		}
		before = g
		segments, err := t.font.LoadGlyph(&t.buf, g, ppem, nil)
		if err == nil {
			addGlyph(&out, segments, x, scale)
		}
		if a, err := t.font.GlyphAdvance(&t.buf, g, ppem, font.HintingNone); err == nil {
			x += float64(a) / 64 * scale
		}
	}
	return out, x
}

func addGlyph(out *path, segments sfnt.Segments, x, scale float64) {
	at := func(p fixed.Point26_6) point {
		return point{x + float64(p.X)/64*scale, float64(p.Y) / 64 * scale}
	}
	open := false
	var last point
	for _, s := range segments {
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if open {
				out.close()
			}
			open = true
			last = at(s.Args[0])
			out.move(last)
		case sfnt.SegmentOpLineTo:
			last = at(s.Args[0])
			out.line(last)
		case sfnt.SegmentOpQuadTo:
			out.quad(last, at(s.Args[0]), at(s.Args[1]))
			last = at(s.Args[1])
		case sfnt.SegmentOpCubeTo:
			last = at(s.Args[2])
			out.cubic(at(s.Args[0]), at(s.Args[1]), last)
		}
	}
	if open {
		out.close()
	}
}

// anchor says which point of a text is placed.
type anchor float64

const (
	left   anchor = 0
	middle anchor = 0.5
	right  anchor = 1
)

// pen writes text of one look.
type pen struct {
	face  *typeface
	size  float64
	color tint
	halo  tint // drawn around the letters to part them from the ground; zero alpha draws none
}

func (p *picture) text(t pen, at point, a anchor, s string) {
	if s == "" {
		return
	}
	pa, w := t.face.outline(s, t.size)
	for i := range pa.pts {
		pa.pts[i].x += at.x - float64(a)*w
		pa.pts[i].y += at.y
	}
	if t.halo.visible() {
		p.draw(pa, style{stroke: t.halo, width: t.size * 0.26})
	}
	p.draw(pa, style{fill: t.color})
}

// wrap parts s into lines no wider than width: at blanks, and anywhere between Chinese characters.
func (t *typeface) wrap(s string, size, width float64) []string {
	var lines []string
	start, cut := 0, 0 // cut: the last place where the line may end
	for i, r := range s {
		if r == ' ' || r >= 0x2E80 && i > start {
			if _, w := t.outline(s[start:i], size); w <= width {
				cut = i
				continue
			}
			if cut > start {
				lines = append(lines, s[start:cut])
				start = cut
				for start < len(s) && s[start] == ' ' {
					start++
				}
			}
			cut = i
		}
	}
	if _, w := t.outline(s[start:], size); w > width && cut > start {
		lines = append(lines, s[start:cut])
		start = cut
		for start < len(s) && s[start] == ' ' {
			start++
		}
	}
	return append(lines, s[start:])
}

//go:embed fonts/OFL.txt
var fontLicence string

// FontLicence returns the licence of the embedded fonts.
func FontLicence() string { return fontLicence }
