package travel

import (
	"math"
	"slices"
)

// point is where a leg begins or ends.
type point struct {
	pos    vec
	vertex int32   // the vertex it is, -1 if none
	edges  []int32 // the edges on which it lies between their vertices; nil for a vertex and away from barriers
}

// locate returns the point of a place: a vertex or a spot on edges where these are within the tolerance, moved there. What
// is left of an edge's arc but right of the line straight in longitude and latitude is on the edge, too.
func (s *scene) locate(place Place, p vec) point {
	around := (&box{p, p}).grow(2 * toleranceRad)
	var edges []int32
	var stack [maxDepth]int32
	for top := 1; top > 0; {
		top--
		id := stack[top]
		n := &s.tree.nodes[id]
		if !n.box.meets(&around) {
			continue
		}
		if n.right > 0 {
			stack[top], stack[top+1] = n.right, id+1
			top += 2
			continue
		}
		for _, k := range s.tree.order[n.first : n.first+n.count] {
			e := s.edges[k]
			u, v := s.points[e.u].pos, s.points[e.v].pos
			if d := u.sub(p); d.dot(d) <= toleranceRad*toleranceRad {
				return s.points[e.u]
			}
			if d := v.sub(p); d.dot(d) <= toleranceRad*toleranceRad {
				return s.points[e.v]
			}
			if s.onEdge(place, p, e) {
				edges = append(edges, k)
			}
		}
	}
	if edges == nil {
		return point{pos: p, vertex: -1}
	}
	// Of edges that meet in one vertex the first is enough: seen from it the other one is a boundary like any.
	slices.Sort(edges)
	on := s.edges[edges[0]]
	edges = slices.DeleteFunc(edges, func(k int32) bool {
		e := s.edges[k]
		return (e.u == on.u || e.u == on.v) != (e.v == on.u || e.v == on.v)
	})
	a := s.points[on.u].pos
	n := a.cross(s.points[on.v].pos.sub(a))
	return point{pos: p.sub(n.scale(n.dot(p) / n.dot(n))).unit(), vertex: -1, edges: edges}
}

// onEdge reports whether the place, at p, lies on an edge between its ends.
func (s *scene) onEdge(place Place, p vec, e edge) bool {
	u, v := s.points[e.u].pos, s.points[e.v].pos
	if !nearArc(p, u, v, toleranceRad+s.stray(e.u, e.v)) {
		return false
	}
	return nearArc(p, u, v, toleranceRad) ||
		orient(u, v, p) > 0 && leftOf(place, s.places[e.u], s.places[e.v]) <= toleranceRad
}

// visible reports whether the leg from a to b stays out of the barriers.
func (s *scene) visible(a, b *point) bool {
	if a.vertex >= 0 && a.vertex == b.vertex || a.pos == b.pos {
		return true
	}
	if s.leadsIn(a, b) || s.leadsIn(b, a) {
		return false
	}
	leg := newLeg(a, b)
	var stack [maxDepth]int32
	for top := 1; top > 0; {
		top--
		id := stack[top]
		n := &s.tree.nodes[id]
		if !n.box.meets(&leg.box) || leg.misses(&n.box) {
			continue
		}
		if n.right > 0 {
			stack[top], stack[top+1] = n.right, id+1
			top += 2
			continue
		}
		for _, e := range s.tree.order[n.first : n.first+n.count] {
			if s.blocks(e, &leg) {
				return false
			}
		}
	}
	return true
}

// leg is the arc from a to b.
type leg struct {
	a, b  *point
	n     vec     // a × (b-a)
	slack float64 // bounds the error of n·c for a grid point c
	box   box
}

func newLeg(a, b *point) leg {
	d := b.pos.sub(a.pos)
	return leg{a, b, a.pos.cross(d), orientError * d.norm(), arcBox(a.pos, b.pos)}
}

// misses reports whether the box lies on one side of the leg's great circle.
func (l *leg) misses(b *box) bool {
	middle, size := b.max.add(b.min), b.max.sub(b.min)
	reach := math.Abs(l.n.x)*size.x + math.Abs(l.n.y)*size.y + math.Abs(l.n.z)*size.z
	return math.Abs(l.n.dot(middle)) > reach+4*l.slack
}

// side is orient of the leg and c.
func (l *leg) side(c vec) int {
	h := l.n.dot(c)
	if math.Abs(h) > l.slack {
		return sign(h)
	}
	return orientExact(l.a.pos, l.b.pos, c)
}

// blocks reports whether the leg enters a polygon by crossing edge number k, or by passing over its first vertex.
func (s *scene) blocks(k int32, l *leg) bool {
	e := &s.edges[k]
	if e.u == l.a.vertex || e.u == l.b.vertex {
		return false
	}
	u, v := &s.points[e.u], &s.points[e.v]
	su := l.side(u.pos)
	if su == 0 {
		return l.holds(u.pos) && (s.leadsIn(u, l.a) || s.leadsIn(u, l.b))
	}
	if l.a.on(k, e) || l.b.on(k, e) || l.side(v.pos) != -su {
		return false
	}
	return orient(u.pos, v.pos, l.a.pos) == -su && orient(u.pos, v.pos, l.b.pos) == su
}

// holds reports whether c, exactly on the leg's great circle, lies between its ends.
func (l *leg) holds(c vec) bool {
	a, b := l.a.pos, l.b.pos
	return a.cross(c.sub(a)).dot(l.n) > 0 && c.cross(b.sub(c)).dot(l.n) > 0
}

// on reports whether the point is an end of edge number k or lies on it.
func (p *point) on(k int32, e *edge) bool {
	if p.vertex >= 0 {
		return p.vertex == e.u || p.vertex == e.v
	}
	return slices.Contains(p.edges, k)
}

// along reports whether the point is vertex w or lies on an edge between v and w, either way.
func (s *scene) along(p *point, v, w int32) bool {
	if p.vertex >= 0 {
		return p.vertex == w
	}
	for _, i := range p.edges {
		if e := s.edges[i]; e.u == v && e.v == w || e.u == w && e.v == v {
			return true
		}
	}
	return false
}

// leadsIn reports whether the direction from a to b leads into the barriers at once. They cover the two sides of the
// direction together or not at all: along a seam one polygon covers the left and another one the right.
func (s *scene) leadsIn(a, b *point) bool {
	var left, right bool
	cover := func(l, r bool) bool {
		left, right = left || l, right || r
		return left && right
	}
	if a.vertex >= 0 {
		for _, c := range s.at(a.vertex) {
			if cover(s.covers(a, c, b)) {
				return true
			}
		}
		return false
	}
	for _, k := range a.edges {
		e := s.edges[k]
		side := 0
		if !s.along(b, e.u, e.v) && b.vertex != e.u {
			side = orient(s.points[e.u].pos, s.points[e.v].pos, b.pos)
		}
		if side < 0 {
			continue
		}
		forth := b.pos.sub(a.pos).dot(s.points[e.v].pos.sub(s.points[e.u].pos)) > 0
		if cover(side > 0 || forth, side > 0 || !forth) {
			return true
		}
	}
	return false
}

// covers reports whether the sector c at vertex a covers what lies at once left and right of the direction to b.
func (s *scene) covers(a *point, c sector, b *point) (left, right bool) {
	w, u := s.points[c.w].pos, s.points[c.u].pos
	if s.along(b, a.vertex, c.w) {
		return true, false
	}
	if s.along(b, a.vertex, c.u) {
		return false, true
	}
	sw, su := orient(a.pos, w, b.pos), orient(a.pos, u, b.pos)
	if sw == 0 && ahead(a.pos, w, b.pos) {
		return true, false
	}
	if su == 0 && ahead(a.pos, u, b.pos) {
		return false, true
	}
	var in bool
	switch orient(a.pos, w, u) {
	case 1:
		in = sw > 0 && su < 0
	case -1:
		in = sw > 0 || su < 0
	default:
		in = sw > 0
	}
	return in, in
}

// walled reports whether every direction from a point on a boundary leads into the barriers.
func (s *scene) walled(a *point) bool {
	if a.vertex >= 0 {
		for _, c := range s.at(a.vertex) {
			if !s.leadsIn(a, &s.points[c.w]) || !s.leadsIn(a, &s.points[c.u]) {
				return false
			}
		}
		return true
	}
	for _, k := range a.edges {
		if e := s.edges[k]; !s.leadsIn(a, &s.points[e.u]) || !s.leadsIn(a, &s.points[e.v]) {
			return false
		}
	}
	return true
}
