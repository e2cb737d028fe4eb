package travel

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
)

// Tolerance is the distance in metres within which places and vertices count as on a boundary. It is wider than the gap
// between a great-circle arc and the line straight in longitude and latitude for edges up to a kilometre at 26°.
const Tolerance = 0.01

const toleranceRad = Tolerance / EarthRadiusM

// MaxVertices is how many vertices all barriers of one [Metric] may have together. The table of ways between them takes
// up to 8·MaxVertices² bytes = 128 MB.
const MaxVertices = 4000

// maxCapRad is the largest radius of a cap around one barrier: within it the barrier's interior is the smaller side.
const maxCapRad = math.Pi / 4

// scene is the barriers made ready: vertices closer than Tolerance are one, and an edge that passes a vertex within
// Tolerance runs through it, so that whatever touches shares a vertex. Edges keep the interior to their left.
type scene struct {
	places []Place // vertices
	sphere []sphere
	points []point
	edges  []edge // by polygon
	tree   tree
	areas  []area // by polygon
	// sectors[first[v]:first[v+1]] are the directions at vertex v that lead into a polygon.
	sectors []sector
	first   []int32
	hidden  []bool  // hidden[v]: vertex v lies inside another polygon
	bends   []int32 // vertices where a way may bend
}

// edge runs from vertex u to vertex v with the interior of its polygon to its left.
type edge struct{ u, v, polygon int32 }

// sector is the part of a polygon's interior close to one of its vertices: from the direction of vertex w
// counterclockwise to that of vertex u. The boundary comes from u and leaves to w.
type sector struct{ w, u, polygon int32 }

// area is one polygon.
type area struct {
	centre     vec
	cosCap     float64 // of the cap around centre that holds the polygon
	far        vec     // a point outside the cap
	first, end int32   // its edges
}

// ring is a ring of a polygon by vertices, not closed.
type ring struct {
	polygon, number int
	vertices        []int32
}

// newScene checks the barriers and makes them ready, or adds what is wrong to bad, with pointers below /barriers.
// It takes O(V²) time for V vertices.
func newScene(barriers []Polygon, bad *solver.Invalid) *scene {
	before := bad.Total
	s := &scene{}
	var rings []ring
	for _, step := range []func(){
		func() { checkBarriers(barriers, bad) },
		func() { rings = s.merge(barriers, bad) },
		func() { s.enclose(rings, len(barriers), bad) },
		func() { s.node(rings); s.direct(rings, bad) },
		func() { s.plant(); s.refuseCrossings(bad) },
		func() { s.sectorise(bad) },
		func() { s.findBends() },
	} {
		if step(); bad.Total > before {
			return nil
		}
	}
	return s
}

func pointer(polygon, ring int) string { return fmt.Sprintf("/barriers/%d/%d", polygon, ring) }

// checkBarriers looks at each coordinate on its own.
func checkBarriers(barriers []Polygon, bad *solver.Invalid) {
	n := 0
	for i, polygon := range barriers {
		if len(polygon) == 0 {
			bad.Add(solver.Fault{Pointer: fmt.Sprintf("/barriers/%d", i), Code: "required", Detail: "a polygon needs an outer ring"})
		}
		for r, places := range polygon {
			n += len(places)
			for k, p := range places {
				// Written so that NaN fails.
				if math.Abs(p.Lon) <= 180 && math.Abs(p.Lat) <= 90 {
					continue
				}
				bad.Add(solver.Fault{
					Pointer: fmt.Sprintf("%s/%d", pointer(i, r), k),
					Code:    "out_of_range",
					Detail:  "longitude must be within -180 to 180 and latitude within -90 to 90, in this order",
					Value:   fmt.Sprintf("[%v, %v]", p.Lon, p.Lat),
				})
			}
		}
	}
	if n > MaxVertices {
		bad.Add(solver.Fault{
			Pointer: "/barriers", Code: "out_of_range", Value: strconv.Itoa(n),
			Detail: fmt.Sprintf("the polygons have more than %d vertices together; simplify their outlines", MaxVertices),
		})
	}
}

// merge numbers the vertices, one number for all that lie within the tolerance of the first of them.
func (s *scene) merge(barriers []Polygon, bad *solver.Invalid) []ring {
	var rings []ring
	for i, polygon := range barriers {
		for r, places := range polygon {
			ids := make([]int32, 0, len(places))
			for _, p := range places {
				if id := s.vertex(p); len(ids) == 0 || ids[len(ids)-1] != id {
					ids = append(ids, id)
				}
			}
			for len(ids) > 1 && ids[0] == ids[len(ids)-1] {
				ids = ids[:len(ids)-1]
			}
			distinct := slices.Clone(ids)
			slices.Sort(distinct)
			if len(slices.Compact(distinct)) < 3 {
				bad.Add(solver.Fault{Pointer: pointer(i, r), Code: "invalid", Detail: "a ring needs at least 3 places more than 1 cm apart"})
				continue
			}
			rings = append(rings, ring{i, r, ids})
		}
	}
	return rings
}

func (s *scene) vertex(p Place) int32 {
	v := p.vector()
	for id := range s.points {
		if d := s.points[id].pos.sub(v); d.dot(d) <= toleranceRad*toleranceRad {
			return int32(id)
		}
	}
	id := int32(len(s.points))
	s.points = append(s.points, point{pos: v, vertex: id})
	s.places = append(s.places, p)
	s.sphere = append(s.sphere, newSphere(p))
	return id
}

// enclose finds the cap of each polygon.
func (s *scene) enclose(rings []ring, polygons int, bad *solver.Invalid) {
	s.areas = make([]area, polygons)
	sums := make([]vec, polygons)
	for _, r := range rings {
		for _, v := range r.vertices {
			sums[r.polygon] = sums[r.polygon].add(s.points[v].pos)
		}
	}
	for i := range s.areas {
		if sums[i].norm() < 1e-3 { // the vertices surround the Earth, or all rings were refused
			s.areas[i].cosCap = -1
			continue
		}
		c := sums[i].unit()
		axis := vec{x: 1}
		if math.Abs(c.x) > 0.6 {
			axis = vec{y: 1}
		}
		s.areas[i] = area{centre: c, cosCap: 1, far: c.cross(axis).unit()}
	}
	for _, r := range rings {
		a := &s.areas[r.polygon]
		for _, v := range r.vertices {
			a.cosCap = min(a.cosCap, a.centre.dot(s.points[v].pos)-1e-15)
		}
	}
	for i := range s.areas {
		ringed := slices.ContainsFunc(rings, func(r ring) bool { return r.polygon == i })
		if ringed && s.areas[i].cosCap < math.Cos(maxCapRad) {
			bad.Add(solver.Fault{
				Pointer: fmt.Sprintf("/barriers/%d", i), Code: "out_of_range",
				Detail: "a barrier must fit into a circle of 5,000 km radius",
			})
		}
	}
}

// node lets edges run through the vertices they pass within the tolerance, measured from the arc or from the line straight
// in longitude and latitude: polygons drawn side by side meet in the latter.
func (s *scene) node(rings []ring) {
	const rounds = 4 // an edge bent onto a vertex may pass another one
	for range rounds {
		done := true
		for i := range rings {
			r := &rings[i]
			var out []int32
			for k, u := range r.vertices {
				v := r.vertices[(k+1)%len(r.vertices)]
				out = append(append(out, u), s.passed(u, v)...)
			}
			if len(out) > len(r.vertices) {
				r.vertices, done = out, false
			}
		}
		if done {
			return
		}
	}
}

// passed returns the vertices that the edge from u to v passes within the tolerance, in the order in which it does.
func (s *scene) passed(u, v int32) []int32 {
	a, b := s.points[u].pos, s.points[v].pos
	stray := s.stray(u, v)
	var on []int32
	var at []float64
	for x := range s.points {
		p := s.points[x].pos
		if x := int32(x); x == u || x == v || !nearArc(p, a, b, toleranceRad+stray) {
			continue
		}
		if !nearArc(p, a, b, toleranceRad) && math.Abs(leftOf(s.places[x], s.places[u], s.places[v])) > toleranceRad {
			continue
		}
		on = append(on, int32(x))
		at = append(at, p.sub(a).dot(b.sub(a)))
	}
	if len(on) > 1 {
		order := make([]int, len(on))
		for i := range order {
			order[i] = i
		}
		slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(at[i], at[j]) })
		sorted := make([]int32, len(on))
		for i, k := range order {
			sorted[i] = on[k]
		}
		return sorted
	}
	return on
}

// nearArc reports whether x lies within a distance of the arc from a to b, its ends left aside.
func nearArc(x, a, b vec, distance float64) bool {
	d := b.sub(a)
	n := a.cross(d)
	if h := n.dot(x); float64(h*h) > distance*distance*n.dot(n) {
		return false
	}
	return n.dot(a.cross(x.sub(a))) > 0 && n.dot(x.cross(b.sub(x))) > 0
}

// maxLineDeg is the most degrees of longitude over which the line straight in longitude and latitude stands for an edge:
// over more, and near a pole, it strays from the arc by over 1% of its length, and may pass vertices that the arc does not.
const maxLineDeg = 5

// stray bounds the distance between the arc from u to v and the line straight in longitude and latitude, 0 if that is none.
// The line turns against the arc by at most the difference of longitudes from end to end, so it strays by an eighth of that
// times the length; the bound is twice as much.
func (s *scene) stray(u, v int32) float64 {
	wide := math.Abs(s.places[u].Lon - s.places[v].Lon)
	if wide > maxLineDeg {
		return 0
	}
	return wide * (math.Pi / 180) * s.points[u].pos.sub(s.points[v].pos).norm() / 4
}

// leftOf returns how far to the left of the line from a to b, straight in longitude and latitude, x lies, as an angle at
// the Earth's centre.
func leftOf(x, a, b Place) float64 {
	shrink := math.Cos(x.Lat * (math.Pi / 180))
	dx, dy := (b.Lon-a.Lon)*shrink, b.Lat-a.Lat
	px, py := math.Remainder(x.Lon-a.Lon, 360)*shrink, x.Lat-a.Lat
	return (float64(dx*py) - float64(dy*px)) / math.Hypot(dx, dy) * (math.Pi / 180)
}

// direct turns each ring so that the interior lies to the left of its edges, and lists the edges. Edges that run both ways
// in one polygon (a spike, a hole along the outer ring) enclose nothing and are dropped.
func (s *scene) direct(rings []ring, bad *solver.Invalid) {
	for len(rings) > 0 {
		n := 1
		for n < len(rings) && rings[n].polygon == rings[0].polygon {
			n++
		}
		s.directPolygon(rings[:n], bad)
		rings = rings[n:]
	}
}

func (s *scene) directPolygon(rings []ring, bad *solver.Invalid) {
	polygon := int32(rings[0].polygon)
	a := &s.areas[polygon]
	a.first = int32(len(s.edges))
	seen := map[edge]bool{}
	for i, r := range rings {
		where := pointer(r.polygon, r.number)
		for j, o := range rings {
			if i == 0 || i == j || s.ringInRing(a, r, o) == (j == 0) {
				continue
			}
			bad.Add(solver.Fault{Pointer: where, Code: "invalid", Detail: "a hole must lie inside the outer ring and outside the other holes"})
			break
		}
		if (s.turn(a, r) > 0) != (i == 0) {
			slices.Reverse(r.vertices)
		}
		for k, u := range r.vertices {
			e := edge{u, r.vertices[(k+1)%len(r.vertices)], polygon}
			if seen[e] {
				bad.Add(solver.Fault{Pointer: where, Code: "invalid", Detail: "the polygon covers an edge twice; its rings must not overlap"})
				break
			}
			seen[e] = true
			s.edges = append(s.edges, e)
		}
	}
	kept := s.edges[:a.first]
	for _, e := range s.edges[a.first:] {
		if !seen[edge{e.v, e.u, polygon}] {
			kept = append(kept, e)
		}
	}
	s.edges = kept
	a.end = int32(len(s.edges))
	if a.first == a.end && bad.Total == 0 {
		bad.Add(solver.Fault{Pointer: fmt.Sprintf("/barriers/%d", polygon), Code: "invalid", Detail: "the polygon encloses no area"})
	}
}

// turn is positive for a ring that runs counterclockwise: twice its area in the gnomonic plane of the polygon's centre,
// where arcs are straight.
func (s *scene) turn(a *area, r ring) float64 {
	sum := 0.0
	for k, u := range r.vertices {
		p, q := s.points[u].pos, s.points[r.vertices[(k+1)%len(r.vertices)]].pos
		sum += p.cross(q.sub(p)).dot(a.centre) / float64(a.centre.dot(p)*a.centre.dot(q))
	}
	return sum
}

// ringInRing reports whether ring r lies inside ring o of the same polygon, judged by one point of r that is not on o.
func (s *scene) ringInRing(a *area, r, o ring) bool {
	inside := func(p vec) bool {
		odd := false
		for k, u := range o.vertices {
			if crossesRay(p, a.far, s.points[u].pos, s.points[o.vertices[(k+1)%len(o.vertices)]].pos) {
				odd = !odd
			}
		}
		return odd
	}
	for _, v := range r.vertices {
		if !slices.Contains(o.vertices, v) {
			return inside(s.points[v].pos)
		}
	}
	for k, u := range r.vertices {
		v := r.vertices[(k+1)%len(r.vertices)]
		i := slices.Index(o.vertices, u)
		if n := len(o.vertices); o.vertices[(i+1)%n] != v && o.vertices[(i+n-1)%n] != v {
			return inside(s.points[u].pos.add(s.points[v].pos).unit())
		}
	}
	return false
}

// crossesRay reports whether the ray from p through far meets the edge from u to v. A vertex exactly on the ray counts as
// left of it, so that a boundary through the vertex is counted once. All lie in one hemisphere, far outside the polygon.
func crossesRay(p, far, u, v vec) bool {
	left := orient(p, far, u) >= 0
	if left == (orient(p, far, v) >= 0) {
		return false
	}
	return (orient(u, v, p) > 0) == !left
}

// plant builds the tree.
func (s *scene) plant() {
	boxes := make([]box, len(s.edges))
	for i, e := range s.edges {
		boxes[i] = arcBox(s.points[e.u].pos, s.points[e.v].pos)
		boxes[i] = boxes[i].grow(s.stray(e.u, e.v))
	}
	s.tree = newTree(boxes)
}

// refuseCrossings reports polygons whose edges cross.
func (s *scene) refuseCrossings(bad *solver.Invalid) {
	for i := range s.areas {
		own := s.edges[s.areas[i].first:s.areas[i].end]
		if k, l, ok := s.crossing(own); ok {
			p, q := s.places[own[k].u], s.places[own[l].u]
			bad.Add(solver.Fault{
				Pointer: fmt.Sprintf("/barriers/%d", i), Code: "invalid", Detail: "the polygon's edges cross each other",
				Value: fmt.Sprintf("edges from [%v, %v] and [%v, %v]", p.Lon, p.Lat, q.Lon, q.Lat),
			})
		}
	}
}

func (s *scene) crossing(edges []edge) (int, int, bool) {
	for k, e := range edges {
		a, b := &s.points[e.u], &s.points[e.v]
		for l := k + 1; l < len(edges); l++ {
			f := edges[l]
			if e.u != f.u && e.u != f.v && e.v != f.u && e.v != f.v && cross(a.pos, b.pos, s.points[f.u].pos, s.points[f.v].pos) {
				return k, l, true
			}
		}
	}
	return 0, 0, false
}

// cross reports whether the arcs from a to b and from u to v cross in a point inside both.
func cross(a, b, u, v vec) bool {
	side := orient(a, b, v)
	return side != 0 && orient(a, b, u) == -side && orient(u, v, a) == side && orient(u, v, b) == -side
}

// sectorise pairs at each vertex the edges that leave it with those that come in next, counterclockwise.
func (s *scene) sectorise(bad *solver.Invalid) {
	type spoke struct {
		at, to, polygon int32
		out             bool
	}
	spokes := make([]spoke, 0, 2*len(s.edges))
	for _, e := range s.edges {
		spokes = append(spokes, spoke{e.u, e.v, e.polygon, true}, spoke{e.v, e.u, e.polygon, false})
	}
	slices.SortStableFunc(spokes, func(a, b spoke) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.polygon, b.polygon))
	})
	s.first = make([]int32, len(s.points)+1)
	for len(spokes) > 0 {
		n := 1
		for n < len(spokes) && spokes[n].at == spokes[0].at && spokes[n].polygon == spokes[0].polygon {
			n++
		}
		fan := spokes[:n]
		spokes = spokes[n:]
		at, from := s.points[fan[0].at].pos, s.points[fan[0].to].pos
		if n > 2 {
			slices.SortStableFunc(fan, func(a, b spoke) int {
				p, q := s.points[a.to].pos, s.points[b.to].pos
				return cmp.Or(cmp.Compare(half(at, from, p), half(at, from, q)), -orient(at, p, q))
			})
		}
		for i, out := range fan {
			in := fan[(i+1)%n]
			if out.out == in.out {
				bad.Add(solver.Fault{
					Pointer: fmt.Sprintf("/barriers/%d", out.polygon), Code: "invalid", Detail: "the polygon crosses itself at a vertex",
					Value: fmt.Sprintf("[%v, %v]", s.places[out.at].Lon, s.places[out.at].Lat),
				})
				break
			}
			if out.out {
				s.sectors = append(s.sectors, sector{out.to, in.to, out.polygon})
				s.first[out.at+1]++
			}
		}
	}
	for v := range s.points {
		s.first[v+1] += s.first[v]
	}
}

// half tells in which half turn counterclockwise from the direction of vertex from, seen from at, p lies: 0 or 1.
func half(at, from, p vec) int {
	switch side := orient(at, from, p); {
	case side > 0, side == 0 && ahead(at, from, p):
		return 0
	}
	return 1
}

func (s *scene) at(v int32) []sector { return s.sectors[s.first[v]:s.first[v+1]] }

// reflexSlack is the angle, as a sine, by which a corner may exceed a straight angle and still count as one where a way
// may bend. Places on a boundary are judged at the nearest grid point, at most a few nm off; more than Tolerance from a
// vertex that turns an edge by at most 1e-6.
const reflexSlack = 1e-5

// findBends lists the vertices where a way may bend: some polygon fills less than a straight angle, and none all around.
func (s *scene) findBends() {
	s.hidden = make([]bool, len(s.points))
	for v := range s.points {
		corner := false
		var own []int32
		for _, c := range s.at(int32(v)) {
			own = append(own, c.polygon)
			p, w, u := s.points[v].pos, s.points[c.w].pos.sub(s.points[v].pos), s.points[c.u].pos.sub(s.points[v].pos)
			corner = corner || w.cross(u).dot(p) > -reflexSlack*w.norm()*u.norm()
		}
		for i := range s.areas {
			if !slices.Contains(own, int32(i)) && s.inside(i, s.points[v].pos) {
				s.hidden[v] = true
				break
			}
		}
		if corner && !s.hidden[v] && !s.walled(&s.points[v]) {
			s.bends = append(s.bends, int32(v))
		}
	}
}

// inside reports whether p lies inside polygon i. A point exactly on the boundary may count as either.
func (s *scene) inside(i int, p vec) bool {
	a := &s.areas[i]
	if a.centre.dot(p) < a.cosCap {
		return false
	}
	ray := newLeg(&point{pos: p}, &point{pos: a.far})
	odd := false
	var stack [maxDepth]int32
	for top := 1; top > 0; {
		top--
		id := stack[top]
		n := &s.tree.nodes[id]
		if ray.misses(&n.box) {
			continue
		}
		if n.right > 0 {
			stack[top], stack[top+1] = n.right, id+1
			top += 2
			continue
		}
		for _, k := range s.tree.order[n.first : n.first+n.count] {
			if e := &s.edges[k]; int(e.polygon) == i && crossesRay(p, a.far, s.points[e.u].pos, s.points[e.v].pos) {
				odd = !odd
			}
		}
	}
	return odd
}

// holds reports whether a place lies inside a polygon, and which: not on its boundary, or walled in there.
func (s *scene) holds(p Place) (int, bool) {
	at := s.locate(p, p.vector())
	on := make([]int32, 0, 4) // polygons on whose boundary p lies
	for _, k := range at.edges {
		on = append(on, s.edges[k].polygon)
	}
	if at.vertex >= 0 {
		for _, c := range s.at(at.vertex) {
			on = append(on, c.polygon)
		}
	}
	for i := range s.areas {
		if !slices.Contains(on, int32(i)) && s.inside(i, at.pos) {
			return i, true
		}
	}
	if len(on) > 0 && s.walled(&at) {
		return int(slices.Min(on)), true
	}
	return 0, false
}
