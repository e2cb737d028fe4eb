package report

import (
	"encoding/base64"
	"html/template"
	"strings"
)

// The map on a page, in pixels at its widest.
const (
	pageMapWidth  = 660
	pageMapLow    = 340
	pageMapHigh   = 940
	pageDetailW   = 420
	pageDetailH   = 580
	pageMostMarks = 12000 // needs, resources and matches up to which the map is drawn in lines; above, in pixels
	pageMostLines = 12000 // match lines drawn; more would only be a blot at this size
	pageSharpness = 1.6   // pixels for each pixel of the page, where it is drawn in pixels
)

// pageMap is the map as a page shows it; empty where there is nothing to show.
type pageMap struct {
	Main, Detail template.HTML // Detail is the part where needs are densest, "" where it tells no more than Main
	Sampled      string        // note that not every match is drawn; "" when all are
}

// forPage draws the map without the words around it, which a page writes itself, and the part where needs are densest.
func (m *Map) forPage() (pageMap, error) {
	d, err := m.drawing()
	if err != nil {
		return pageMap{}, err
	}
	d.sample = 1 + (len(m.Solution.Matches)-1)/pageMostLines
	sight, ok := d.sight()
	if !ok {
		return pageMap{}, nil
	}
	pr := fit(sight, rect{0, 0, pageMapWidth, pageMapWidth})
	aspect := (sight.north - sight.south) / max((sight.east-sight.west)*pr.cos, 1e-9)
	frame := rect{0, 0, pageMapWidth, clamp(pageMapWidth*aspect, pageMapLow, pageMapHigh)}
	pr = fit(sight, frame.inset(18))
	d.bend(pr)

	d.pic = &picture{w: frame.x1, h: frame.y1, title: d.heading(), desc: d.describe()}
	d.ground(pr, frame, true)
	d.match(pr, frame, 1)
	d.labels(pr, frame)
	main := d.pic
	part := rect{0, 0, pageDetailW, pageDetailH}
	box, show := d.densest(pr, frame, part)
	if show {
		var outline path
		outline.rectangle(box)
		main.draw(outline, style{stroke: faded(ink, 0.75), width: 1.4})
		z := pr.zoomed(point{(box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2}, box.width(), part)
		d.pic = &picture{w: part.x1, h: part.y1, title: d.Lang.say(wDensest), desc: d.heading()}
		d.ground(z, part, false)
		d.match(z, part, detailGrowth)
		d.labels(z, part)
		d.scaleBar(z, point{part.x0 + 16, part.y1 - 16}, 120)
	}
	detail := d.pic
	d.pic = main
	d.scaleBar(pr, point{18, frame.y1 - 18}, 160)
	d.north(point{frame.x1 - 26, 40})

	var out pageMap
	if d.sample > 1 {
		n := len(m.Solution.Matches)
		out.Sampled = m.Lang.sayf(wSampled, count((n+d.sample-1)/d.sample), count(n))
	}
	pixels := len(m.Lists.Needs)+len(m.Lists.Resources)+len(m.Solution.Matches) > pageMostMarks
	if out.Main, err = main.embed(pixels); err != nil || !show {
		return out, err
	}
	out.Detail, err = detail.embed(pixels)
	return out, err
}

// embed returns the picture as an element of a page: lines, or pixels where lines would take too many bytes.
func (p *picture) embed(pixels bool) (template.HTML, error) {
	var b strings.Builder
	if !pixels {
		if err := p.encodeSVG(&b, `class="picture"`); err != nil {
			return "", err
		}
		return template.HTML(b.String()), nil // numbers of our own and escaped words
	}
	b.WriteString(`<img class="picture" alt="` + template.HTMLEscapeString(p.title+". "+p.desc) + `" src="data:image/png;base64,`)
	e := base64.NewEncoder(base64.StdEncoding, &b)
	if err := p.encodePNG(e, pageSharpness); err != nil {
		return "", err
	}
	if err := e.Close(); err != nil {
		return "", err
	}
	b.WriteString(`"/>`)
	return template.HTML(b.String()), nil // as above
}
