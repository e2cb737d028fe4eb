package lap

// paths is the dense engine: a shortest augmenting path for each row, over whole rows. It is the fallback of [core] for
// matrices on which every pair competes with every other. O(n²m) time, m numbers of memory.
type paths struct {
	*meter
	*matrix

	v     []int32 // dual of each column
	rowOf []int32 // row of each column, -1 if it is free
	colOf []int32

	// of the search that runs
	dist    []int32
	from    []int32
	masks   []uint32
	settled []int32 // columns settled; those of one distance are beside each other
	final   []int32 // their distances
}

func newPaths(m *meter, d *matrix) *paths {
	s := &paths{
		meter: m, matrix: d, v: make([]int32, d.m), rowOf: make([]int32, d.m), colOf: make([]int32, d.n),
		dist: make([]int32, d.m), from: make([]int32, d.m), masks: make([]uint32, blocks(d.m)),
	}
	for j := range s.rowOf {
		s.rowOf[j] = free
	}
	for i := range s.colOf {
		s.colOf[i] = free
	}
	copy(s.v, d.startDuals())
	return s
}

// solve matches every row, or stops early when the meter says so. Jonker and Volgenant (1987) without their bids.
func (s *paths) solve() {
	for i := range s.n {
		if s.colOf[i] == free && !s.augment(int32(i)) {
			return
		}
	}
}

// augment matches row i along a shortest path; false when the meter says stop.
func (s *paths) augment(i int32) bool {
	for j := range s.dist {
		s.dist[j] = 1<<31 - 1
	}
	s.settled, s.final = s.settled[:0], s.final[:0]
	h, at := -least(s.row(i), s.v), int32(0)
	var end int32
	for next := 0; ; next++ {
		if s.tick(s.m) {
			return false
		}
		if d := int32(scan(s.dist, s.from, s.row(i), s.v, h, i)); next == len(s.settled) || d == at {
			at = d
			if end = s.settle(at); end >= 0 {
				break
			}
		}
		j := s.settled[next]
		i = s.rowOf[j]
		h = at - (s.row(i)[j] - s.v[j])
	}
	for k, j := range s.settled {
		s.v[j] += s.final[k] - at
	}
	for end >= 0 {
		i := s.from[end]
		s.rowOf[end] = i
		s.colOf[i], end = end, s.colOf[i]
	}
	return true
}

// settle settles every column at distance at; it returns a free one as soon as there is one, else -1.
func (s *paths) settle(at int32) int32 {
	from := len(s.settled)
	equal(s.masks, s.dist, at)
	s.settled = appendPlaces(s.settled, s.masks, 0, len(s.masks))
	for _, j := range s.settled[from:] {
		if s.rowOf[j] < 0 {
			s.settled = s.settled[:from]
			return j
		}
		s.dist[j] = gone
		s.final = append(s.final, at)
	}
	return -1
}
