package travel

import (
	"fmt"
	"math"

	"github.com/courtyard-care/courtyard/solver"
)

// maxLegs is how many legs may join corners. A rugged outline of 4,000 vertices has 3,700 and takes 0.7 s in all, a field of
// 500 separate squares 124,000 and 4 s; at the limit 4,000 vertices take some ten seconds.
const maxLegs = 150_000

// table holds the shortest ways between all pairs of vertices where a way may bend.
type table struct {
	n      int
	metres []float64 // n×n, symmetric to the bit, +Inf where there is no way
}

func (t *table) row(k int32) []float64 { return t.metres[int(k)*t.n : (int(k)+1)*t.n] }

// newTable joins the vertices that see each other (Lozano-Pérez and Wesley 1979) by legs that touch a corner at both ends,
// the only ones that a taut way uses between two bends, and runs Dijkstra's search from each.
// Too many such legs are added to bad.
func newTable(s *scene, bad *solver.Invalid) table {
	n, legs := len(s.bends), 0
	t := table{n: n, metres: make([]float64, n*n)}
	links := make([][]view, n)
	for i, v := range s.bends {
		for j, w := range s.bends[:i] {
			a, b := &s.points[v], &s.points[w]
			if s.tangent(a, b) && s.tangent(b, a) && s.visible(a, b) {
				d := s.sphere[v].metres(&s.sphere[w])
				links[i] = append(links[i], view{int32(j), d})
				links[j] = append(links[j], view{int32(i), d})
				legs++
			}
		}
		if legs > maxLegs {
			bad.Add(solver.Fault{
				Pointer: "/barriers", Code: "out_of_range",
				Detail: fmt.Sprintf("corners of the polygons see each other in more than %d pairs; simplify the outlines or leave out the smallest", maxLegs),
			})
			return table{}
		}
	}
	for i := range n {
		row := t.row(int32(i))
		search(links, i, row)
		// Sums in the other direction may differ in the last bit; those from the lower vertex count.
		for j := range i {
			row[j] = t.row(int32(j))[i]
		}
	}
	return t
}

// search fills dist with the shortest ways from one vertex: Dijkstra's algorithm, O(m log m) for m links.
func search(links [][]view, from int, dist []float64) {
	for i := range dist {
		dist[i] = math.Inf(1)
	}
	dist[from] = 0
	q := queue{{int32(from), 0}}
	for len(q) > 0 {
		at := q.pop()
		if at.metres > dist[at.bend] {
			continue
		}
		for _, l := range links[at.bend] {
			if d := at.metres + l.metres; d < dist[l.bend] {
				dist[l.bend] = d
				q.push(view{l.bend, d})
			}
		}
	}
}

// queue is a binary heap, nearest first. Written out, since container/heap took half of the time of newTable.
type queue []view

func (q *queue) push(v view) {
	h := append(*q, v)
	k := len(h) - 1
	for k > 0 && h[(k-1)/2].metres > v.metres {
		h[k] = h[(k-1)/2]
		k = (k - 1) / 2
	}
	h[k] = v
	*q = h
}

func (q *queue) pop() view {
	h := *q
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	k := 0
	for child := 1; child < len(h); child = 2*k + 1 {
		if child+1 < len(h) && h[child+1].metres < h[child].metres {
			child++
		}
		if h[child].metres >= last.metres {
			break
		}
		h[k] = h[child]
		k = child
	}
	if len(h) > 0 {
		h[k] = last
	}
	*q = h
	return top
}

// tangent reports whether a leg from a to vertex b can be part of a taut way that goes on from b: some polygon's corner at
// b lies on one side of it, for the way to bend around. A corner within rounding of the leg counts as on either side.
func (s *scene) tangent(a, b *point) bool {
	if a.vertex == b.vertex {
		return true
	}
	d := b.pos.sub(a.pos)
	n := a.pos.cross(d)
	slack := orientError * d.norm()
	for _, c := range s.at(b.vertex) {
		w, u := n.dot(s.points[c.w].pos), n.dot(s.points[c.u].pos)
		if math.Abs(w) <= slack || s.along(a, b.vertex, c.w) {
			w = 0
		}
		if math.Abs(u) <= slack || s.along(a, b.vertex, c.u) {
			u = 0
		}
		if w >= 0 && u >= 0 || w <= 0 && u <= 0 {
			return true
		}
	}
	return false
}
