package travel

import "math"

// table holds the shortest ways between all pairs of vertices where a way may bend.
type table struct {
	n      int
	metres []float64 // n×n, symmetric to the bit, +Inf where there is no way
}

func (t *table) row(k int32) []float64 { return t.metres[int(k)*t.n : (int(k)+1)*t.n] }

// link is a leg between two bends, as seen from the one that lists it.
type link struct {
	to      int32
	corners sides // of the polygons at to, seen along the leg
	metres  float64
}

// newTable joins the vertices that see each other (Lozano-Pérez and Wesley 1979) by legs that touch a corner at both ends,
// the only ones that a taut way uses between two bends, and searches the ways from each.
func newTable(s *scene) table {
	n := len(s.bends)
	t := table{n: n, metres: make([]float64, n*n)}
	links := make([][]link, n)
	for i, v := range s.bends {
		for j, w := range s.bends[:i] {
			a, b := &s.points[v], &s.points[w]
			atA, atB := s.tangent(b, a), s.tangent(a, b)
			if atA != 0 && atB != 0 && s.visible(a, b) {
				d := s.sphere[v].metres(&s.sphere[w])
				links[i] = append(links[i], link{int32(j), atB, d})
				links[j] = append(links[j], link{int32(i), atA, d})
			}
		}
	}
	search := search{s, links, make([]link, n), nil}
	for i := range n {
		row := t.row(int32(i))
		search.from(int32(i), row)
		// Sums in the other direction may differ in the last bit; those from the lower vertex count.
		for j := range i {
			row[j] = t.row(int32(j))[i]
		}
	}
	return t
}

// search is Dijkstra's algorithm over the links. Differs: from a vertex it goes on only where the way turns around
// a corner, or straight ahead; any other way has a shortcut. In a field of 1,000 squares that saves two thirds of the time.
type search struct {
	scene *scene
	links [][]link
	by    []link // by[v]: how the best way known comes to bend v; its to is where from
	queue queue
}

// from fills dist with the shortest ways from one bend, O(m log m) for m links.
func (s *search) from(start int32, dist []float64) {
	for i := range dist {
		dist[i] = math.Inf(1)
	}
	dist[start] = 0
	s.by[start] = link{to: start, corners: left | right}
	s.queue.push(view{start, 0})
	for len(s.queue) > 0 {
		at := s.queue.pop()
		if at.metres > dist[at.bend] {
			continue
		}
		by := s.by[at.bend]
		a := s.position(by.to)
		step := s.position(at.bend).sub(a)
		n := a.cross(step)
		slack := orientError * step.norm()
		for _, l := range s.links[at.bend] {
			d := at.metres + l.metres
			if d >= dist[l.to] {
				continue
			}
			if turn := n.dot(s.position(l.to)); turn > slack && by.corners&left == 0 || turn < -slack && by.corners&right == 0 {
				continue
			}
			dist[l.to] = d
			s.by[l.to] = link{to: at.bend, corners: l.corners}
			s.queue.push(view{l.to, d})
		}
	}
}

func (s *search) position(bend int32) vec { return s.scene.points[s.scene.bends[bend]].pos }

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

// sides is a set of the two sides of a leg.
type sides uint8

const (
	left sides = 1 << iota
	right
)

// tangent tells on which sides of the leg from a to vertex b there is a polygon's corner at b, for a taut way that goes on
// from b to bend around. A corner within rounding of the leg counts as on either side, one that the leg points into as on
// none. No side: no taut way goes on.
func (s *scene) tangent(a, b *point) sides {
	if a.vertex == b.vertex {
		return left | right
	}
	d := b.pos.sub(a.pos)
	n := a.pos.cross(d)
	slack := orientError * d.norm()
	var on sides
	for _, c := range s.at(b.vertex) {
		w, u := n.dot(s.points[c.w].pos), n.dot(s.points[c.u].pos)
		if math.Abs(w) <= slack || s.along(a, b.vertex, c.w) {
			w = 0
		}
		if math.Abs(u) <= slack || s.along(a, b.vertex, c.u) {
			u = 0
		}
		if w >= 0 && u >= 0 {
			on |= left
		}
		if w <= 0 && u <= 0 {
			on |= right
		}
	}
	return on
}
