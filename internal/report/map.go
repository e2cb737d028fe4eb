package report

import (
	"fmt"
	"io"
	"math"

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
	Credit    string                // to be printed on every map; "" is none
	Synthetic bool                  // the lists are invented: the map says so
	Parties   map[care.Party]string // names of service parties, in the language of the map; nil is none
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

// WritePNG draws the map as PNG, 1600 × 1200 pixels. The time grows with needs, resources and matches, up to where marks
// fall on the same half pixel and are drawn once: 0.2 s for 2,000 needs, 1 s for 100,000.
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

// drawing is one map while it is drawn.
type drawing struct {
	*Map
	pic           *picture
	regular, bold *typeface
	unmet         map[int32]bool         // by need
	sample        int                    // every sample-th match is drawn as a line
	bends         map[int][]travel.Place // by match: where its way turns; most ways are straight and not here
}

// mostLines bounds the match lines drawn in one frame: more would only be a blot.
const mostLines = 40000

func (m *Map) picture() (*picture, error) {
	d, err := m.drawing()
	if err != nil {
		return nil, err
	}
	d.pic = &picture{w: sheetWidth, h: sheetHeight, title: d.heading(), desc: d.describe()}
	d.sheet()
	return d.pic, nil
}

// drawing prepares to draw the map; its picture is yet to be set.
func (m *Map) drawing() (*drawing, error) {
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
		unmet:  make(map[int32]bool, len(m.Solution.Unmet)),
		sample: 1 + (len(m.Solution.Matches)-1)/mostLines,
	}
	for _, u := range m.Solution.Unmet {
		d.unmet[u.Need] = true
	}
	return d, nil
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
