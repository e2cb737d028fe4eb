package report

import (
	"math"

	"github.com/courtyard-care/courtyard/solver/travel"
)

// metresPerDegree is the length of one degree of a great circle on the sphere of [travel].
const metresPerDegree = 6371008.8 * math.Pi / 180

// projection is the local equirectangular one: metres east and north of a middle point, east-west shrunk by the cosine
// of its latitude. Over a city of 100 km it is off by less than half a percent. Places are set so that the sight fills
// the frame as far as it can.
type projection struct {
	lon0, lat0 float64
	cos        float64
	x0, y0     float64 // the pixel of the middle point
	scale      float64 // pixels per metre
}

// extent is an upright box of places. The zero value holds no place.
type extent struct {
	west, south, east, north float64
	any                      bool
}

func (e *extent) add(p travel.Place) {
	if !e.any {
		*e = extent{p.Lon, p.Lat, p.Lon, p.Lat, true}
		return
	}
	e.west, e.east = min(e.west, p.Lon), max(e.east, p.Lon)
	e.south, e.north = min(e.south, p.Lat), max(e.north, p.Lat)
}

// leastSightM is how much ground a map shows at least, metres from edge to edge, when all its places are close together.
const leastSightM = 400

// fit returns the projection that shows e as large as it goes in the middle of frame.
func fit(e extent, frame rect) projection {
	pr := projection{
		lon0: (e.west + e.east) / 2, lat0: (e.south + e.north) / 2,
		x0: (frame.x0 + frame.x1) / 2, y0: (frame.y0 + frame.y1) / 2,
	}
	pr.cos = max(math.Cos(pr.lat0*math.Pi/180), 0.01)
	w := max((e.east-e.west)*metresPerDegree*pr.cos, leastSightM)
	h := max((e.north-e.south)*metresPerDegree, leastSightM)
	pr.scale = min(frame.width()/w, frame.height()/h)
	return pr
}

// at returns the pixel of a place.
func (pr *projection) at(p travel.Place) point {
	return point{
		pr.x0 + (p.Lon-pr.lon0)*metresPerDegree*pr.cos*pr.scale,
		pr.y0 - (p.Lat-pr.lat0)*metresPerDegree*pr.scale,
	}
}

// place returns the place of a pixel.
func (pr *projection) place(p point) travel.Place {
	return travel.Place{
		Lon: pr.lon0 + (p.x-pr.x0)/(metresPerDegree*pr.cos*pr.scale),
		Lat: pr.lat0 - (p.y-pr.y0)/(metresPerDegree*pr.scale),
	}
}

// zoomed returns the projection of the same ground, centred on the place that pr shows at c, so that the square of
// side pixels around c fills frame's width.
func (pr *projection) zoomed(c point, side float64, frame rect) projection {
	z := *pr
	middle := pr.place(c)
	z.lon0, z.lat0 = middle.Lon, middle.Lat
	z.scale *= frame.width() / side
	z.x0, z.y0 = (frame.x0+frame.x1)/2, (frame.y0+frame.y1)/2
	return z
}

// barMetres returns the longest of 1, 2, 5 times a power of ten metres that takes no more than these pixels.
func (pr *projection) barMetres(pixels float64) float64 {
	m := pixels / pr.scale
	power := math.Pow(10, math.Floor(math.Log10(m)))
	for _, k := range []float64{5, 2} {
		if k*power <= m {
			return k * power
		}
	}
	return power
}
