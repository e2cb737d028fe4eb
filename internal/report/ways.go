package report

import (
	"math"
	"slices"
)

// shore bends lines round barriers as people walk, for drawing: the shortest way in the plane of the map that enters no
// barrier, found on the visibility graph of the barriers' corners. Distances in the answer are measured by the solver, on
// the sphere; nothing is measured here.
type shore struct {
	rings [][]point
	box   []rect
	node  []point // corners at which a way can turn
	dist  []float64
	next  []int32 // next[u*len(node)+v]: the corner after u on the shortest way to v, -1 if there is none
}

// mostCorners is the size up to which ways are bent: the table of ways takes its third power in time, 30 ms at this size.
const mostCorners = 400

// touch is how many pixels of a line may lie in a barrier and still count as touching it: less than what is seen.
const touch = 0.7

// newShore prepares the rings of barriers, given in pixels. It returns nil when there are none, or too many corners.
func newShore(rings [][]point) *shore {
	s := &shore{}
	for _, ring := range rings {
		if n := len(ring); n > 1 && ring[0] == ring[n-1] {
			ring = ring[:n-1]
		}
		if len(ring) < 3 {
			continue
		}
		s.rings = append(s.rings, ring)
		b := rect{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)}
		for _, p := range ring {
			b = rect{min(b.x0, p.x), min(b.y0, p.y), max(b.x1, p.x), max(b.y1, p.y)}
			s.node = append(s.node, p)
		}
		s.box = append(s.box, b)
	}
	if len(s.node) == 0 || len(s.node) > mostCorners {
		return nil
	}
	s.table()
	return s
}

// table fills the shortest ways between all corners (Floyd 1962).
func (s *shore) table() {
	n := len(s.node)
	s.dist, s.next = make([]float64, n*n), make([]int32, n*n)
	for u := range n {
		for v := range n {
			s.dist[u*n+v], s.next[u*n+v] = math.Inf(1), -1
			if u == v || v > u && s.free(s.node[u], s.node[v]) {
				s.dist[u*n+v], s.next[u*n+v] = between(s.node[u], s.node[v]), int32(v)
			} else if v < u && s.next[v*n+u] >= 0 {
				s.dist[u*n+v], s.next[u*n+v] = s.dist[v*n+u], int32(v)
			}
		}
	}
	for k := range n {
		for u := range n {
			first := s.dist[u*n+k]
			if math.IsInf(first, 1) {
				continue
			}
			for v := range n {
				if d := first + s.dist[k*n+v]; d < s.dist[u*n+v] {
					s.dist[u*n+v], s.next[u*n+v] = d, s.next[u*n+k]
				}
			}
		}
	}
}

// bend returns the corners that the way from a to b turns at, nil when it is straight, or when an end lies in a barrier.
func (s *shore) bend(a, b point) []point {
	if s.free(a, b) || s.wet(a) || s.wet(b) {
		return nil
	}
	n := len(s.node)
	from, to := make([]int, 0, n), make([]int, 0, n)
	for v, p := range s.node {
		if s.free(a, p) {
			from = append(from, v)
		}
		if s.free(b, p) {
			to = append(to, v)
		}
	}
	best, bu, bv := math.Inf(1), -1, -1
	for _, u := range from {
		head := between(a, s.node[u])
		for _, v := range to {
			if d := head + s.dist[u*n+v] + between(s.node[v], b); d < best {
				best, bu, bv = d, u, v
			}
		}
	}
	if bu < 0 {
		return nil
	}
	way := []point{s.node[bu]}
	for u := bu; u != bv; {
		u = int(s.next[u*n+bv])
		way = append(way, s.node[u])
	}
	return way
}

func between(a, b point) float64 { return math.Hypot(a.x-b.x, a.y-b.y) }

// free reports whether no more than touch pixels of the segment ab lie in a barrier.
func (s *shore) free(a, b point) bool {
	lo, hi := rect{min(a.x, b.x), min(a.y, b.y), 0, 0}, rect{max(a.x, b.x), max(a.y, b.y), 0, 0}
	cuts := []float64{0, 1}
	for i, ring := range s.rings {
		if box := s.box[i]; hi.x0 < box.x0 || lo.x0 > box.x1 || hi.y0 < box.y0 || lo.y0 > box.y1 {
			continue
		}
		for k, q := range ring {
			p := ring[(k+len(ring)-1)%len(ring)]
			if t, ok := crossing(a, b, p, q); ok {
				cuts = append(cuts, t)
			}
		}
	}
	slices.Sort(cuts)
	length, inside := between(a, b), 0.0
	for i := 1; i < len(cuts); i++ {
		if t := (cuts[i-1] + cuts[i]) / 2; cuts[i]-cuts[i-1] > 1e-9 && s.wet(point{a.x + t*(b.x-a.x), a.y + t*(b.y-a.y)}) {
			inside += (cuts[i] - cuts[i-1]) * length
		}
	}
	return inside <= touch
}

// crossing returns where on ab, 0 to 1, the segment pq meets it.
func crossing(a, b, p, q point) (float64, bool) {
	dx, dy, ex, ey := b.x-a.x, b.y-a.y, q.x-p.x, q.y-p.y
	det := dx*ey - dy*ex
	if det == 0 {
		return 0, false
	}
	t := ((p.x-a.x)*ey - (p.y-a.y)*ex) / det
	u := ((p.x-a.x)*dy - (p.y-a.y)*dx) / det
	return t, t > 0 && t < 1 && u >= 0 && u <= 1
}

// wet reports whether p lies in a barrier, its edge left out: it is inside an odd number of rings.
func (s *shore) wet(p point) bool {
	odd := false
	for i, ring := range s.rings {
		if !s.box[i].holds(p) {
			continue
		}
		for k, b := range ring {
			a := ring[(k+len(ring)-1)%len(ring)]
			if onSegment(p, a, b) {
				return false
			}
			if (a.y > p.y) != (b.y > p.y) && p.x < a.x+(p.y-a.y)*(b.x-a.x)/(b.y-a.y) {
				odd = !odd
			}
		}
	}
	return odd
}

// onSegment reports whether p lies on ab, within a millionth of a pixel.
func onSegment(p, a, b point) bool {
	const near = 1e-6
	if p.x < min(a.x, b.x)-near || p.x > max(a.x, b.x)+near || p.y < min(a.y, b.y)-near || p.y > max(a.y, b.y)+near {
		return false
	}
	off := (b.x-a.x)*(p.y-a.y) - (b.y-a.y)*(p.x-a.x)
	return math.Abs(off) <= near*between(a, b)
}
