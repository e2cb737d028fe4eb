package datasets

import (
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/solver/travel"
)

// ReadBarriers reads the polygons of a GeoJSON (RFC 7946): a Polygon, a MultiPolygon, a GeometryCollection, a Feature or a
// FeatureCollection of these. Properties and foreign members are skipped, heights dropped, any other geometry is a fault.
// A ring may be left open. The error is a [*solver.Invalid] with a pointer for each fault, a [*Malformed] or a
// [*LimitError].
func ReadBarriers(r io.Reader, lim Limits) ([]travel.Polygon, error) {
	polygons, _, err := readBarriers(r, lim)
	return polygons, err
}

// readBarriers also returns the pointer to the rings of each polygon.
func readBarriers(r io.Reader, lim Limits) ([]travel.Polygon, []string, error) {
	d := newJSONReader(r, lim)
	polygons, at := d.polygons()
	d.end()
	if d.stop != nil {
		return nil, nil, d.stop
	}
	if len(polygons) == 0 && d.faults.Total == 0 {
		d.faultAt("", "required", "there is no polygon in it", "")
	}
	if err := d.faults.Err(); err != nil {
		return nil, nil, err
	}
	return polygons, at, nil
}

// geometry is one GeoJSON object, of any type: its type may stand after its other members, so all are read first.
type geometry struct {
	kind   string
	coords coords
	has    bool     // coordinates were there
	parts  []placed // of features, geometries or geometry, in that order of the text
	inside string   // which of the three held the parts
}

// placed is a polygon with the pointer to its coordinates.
type placed struct {
	polygon travel.Polygon
	at      string
}

// coords is a position or an array of coords.
type coords struct {
	place travel.Place
	parts []coords
	depth int // arrays around a position: 0 for a position itself, -1 for an empty array
}

// polygons reads a GeoJSON value, and the pointer to the rings of each polygon. null is no polygon.
func (d *jsonReader) polygons() ([]travel.Polygon, []string) {
	vertices := 0
	parts := d.geoJSON(&vertices)
	polygons, at := make([]travel.Polygon, len(parts)), make([]string, len(parts))
	for i, p := range parts {
		polygons[i], at[i] = p.polygon, p.at
	}
	return polygons, at
}

// geoJSON reads one GeoJSON object and returns its polygons.
func (d *jsonReader) geoJSON(vertices *int) []placed {
	var g geometry
	if !d.open('{') {
		return nil
	}
	at := d.pointer()
	ok := d.membersOf(nil, func(name []byte) bool {
		switch string(name) {
		case "type":
			d.text(false, func(s string) { g.kind = s })
		case "coordinates":
			g.has = true
			g.coords = d.coords(vertices)
		case "geometry":
			g.inside, g.parts = "geometry", d.geoJSON(vertices)
		case "features", "geometries":
			g.inside = string(name)
			d.array(g.inside, d.lim.Rows, func() { g.parts = append(g.parts, d.geoJSON(vertices)...) })
		default: // a foreign member, such as properties
			if t, ok := d.token(); ok {
				d.skip(t)
			}
		}
		return true
	})
	if !ok {
		return nil
	}
	within := map[string]string{"Feature": "geometry", "FeatureCollection": "features", "GeometryCollection": "geometries"}
	switch member, collection := within[g.kind]; {
	case collection && g.inside != member && g.kind != "Feature":
		d.faultAt(at+"/"+member, "required", "a "+g.kind+" needs this member", "")
		return nil
	case collection:
		return g.parts
	case g.kind == "Polygon" || g.kind == "MultiPolygon":
		return d.rings(g, at+"/coordinates")
	case g.kind == "":
		d.faultAt(at+"/type", "required", "a GeoJSON object needs a type", "")
	default:
		d.faultAt(at+"/type", "unknown", "barriers are polygons: Polygon, MultiPolygon, GeometryCollection, Feature or FeatureCollection", g.kind)
	}
	return nil
}

// rings turns the coordinates of a Polygon or MultiPolygon into polygons.
func (d *jsonReader) rings(g geometry, at string) []placed {
	if !g.has {
		d.faultAt(at, "required", "a "+g.kind+" needs coordinates", "")
		return nil
	}
	list, pointers := []coords{g.coords}, []string{at}
	if g.kind == "MultiPolygon" {
		list, pointers = g.coords.parts, nil
		for i := range list {
			pointers = append(pointers, at+"/"+strconv.Itoa(i))
		}
		if len(list) == 0 {
			d.faultAt(at, "invalid", "a MultiPolygon must hold polygons", "")
			return nil
		}
	}
	var out []placed
	for i, c := range list {
		var polygon travel.Polygon
		for k, ring := range c.parts {
			if ring.depth != 1 {
				continue
			}
			places := make([]travel.Place, len(ring.parts))
			for v := range ring.parts {
				places[v] = ring.parts[v].place
			}
			distinct := len(places)
			if places[0] == places[len(places)-1] {
				distinct--
			}
			if distinct < 3 {
				d.faultAt(pointers[i]+"/"+strconv.Itoa(k), "invalid", "a ring needs at least three different positions", "")
			}
			polygon = append(polygon, places)
		}
		if c.depth != 2 || len(polygon) != len(c.parts) {
			d.faultAt(pointers[i], "invalid", "must be an array of rings, each an array of positions [lon, lat]", "")
			continue
		}
		out = append(out, placed{polygon, pointers[i]})
	}
	return out
}

// coords reads nested arrays of positions. Arrays of uneven depth and positions that are not two or more numbers are
// faults; of what follows the second number nothing is kept.
func (d *jsonReader) coords(vertices *int) coords {
	none := coords{depth: -1}
	if !d.open('[') {
		return none
	}
	if k := d.dec.PeekKind(); k != '[' && k != ']' {
		var c coords
		n := 0
		for d.more() {
			axis := new(float64)
			switch n++; {
			case n == 1:
				axis = &c.place.Lon
			case n == 2:
				axis = &c.place.Lat
			case n > d.lim.Entries:
				d.limit("entries", d.lim.Entries)
			}
			d.number(finite(axis))
		}
		if n < 2 {
			d.fault("invalid", "a position is [lon, lat]", "")
		}
		if *vertices++; *vertices > d.lim.Vertices {
			d.limit("vertices of barriers", d.lim.Vertices)
		}
		return c
	}
	c := none
	for d.more() {
		part := d.coords(vertices)
		if part.depth < 0 {
			if d.stop == nil && d.faults.Total == 0 {
				d.fault("invalid", "an array of coordinates is empty", "")
			}
			continue
		}
		if c.depth >= 0 && part.depth+1 != c.depth {
			d.fault("invalid", "arrays of coordinates are nested unevenly", "")
			continue
		}
		c.depth = part.depth + 1
		c.parts = append(c.parts, part)
	}
	return c
}

// requestPointer turns a pointer into the problem into one into the request: barriers point into their GeoJSON.
func (r *MatchRequest) requestPointer(p string) string {
	p = strings.TrimPrefix(p, "/options")
	if rest, ok := strings.CutPrefix(p, "/barriers/"); ok {
		first, tail, more := strings.Cut(rest, "/")
		if k, err := strconv.Atoi(first); err == nil && k >= 0 && k < len(r.barrierAt) {
			if more {
				tail = "/" + tail
			}
			return r.barrierAt[k] + tail
		}
	}
	for _, option := range optionNames() {
		if strings.HasPrefix(p, "/"+option) {
			return "/options" + p
		}
	}
	return p
}

// OpenBarriers reads the barriers of the request from a GeoJSON file, "-" being stdin, in place of those it has. The
// origin remembers the file for later faults.
func (r *MatchRequest) OpenBarriers(path string, stdin io.Reader, origin *Origin, lim Limits) error {
	in, name := stdin, "standard input"
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		in, name = file, path
	}
	polygons, at, err := readBarriers(in, lim)
	if err != nil {
		return (&Origin{object: name}).Explain(err)
	}
	origin.Barriers = name
	r.Problem.Barriers, r.barrierAt = polygons, at
	for i := range at {
		at[i] = "/options/barriers" + at[i]
	}
	return nil
}
