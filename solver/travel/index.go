package travel

import (
	"math"
	"slices"
)

// leafSize is the number of items in a leaf of an [Index]: 8 items of 24 bytes are three cache lines.
const leafSize = 8

// slack widens every comparison of a straight line with a limit, so that rounding never hides an item: chords and boxes
// are computed to a relative error below 1e-14 and distances are rounded to whole metres.
const slack = 1e-9

// Index is a static k-d tree (Bentley 1975) over places as points of the unit sphere in space, where the straight chord
// between two places never exceeds their great circle. Differs: every item has a key, an integer added to its cost, and
// every node knows the least key below it, so that one search answers "all items of metres × weight + key within a
// budget" (nearest items, or the pairs that a price makes attractive) and not only "all items within reach".
//
// An Index is safe for concurrent use while no search changes keys.
type Index struct {
	items []int32      // items in the order of the tree
	at    [][3]float64 // at[k]: position of items[k]
	keys  []int64      // keys[k]: key of items[k]
	slot  []int32      // slot[item]: its position in the tree
	nodes []indexNode  // nodes[0] is the root; a node's left child follows it
}

// indexNode covers items[from:to].
type indexNode struct {
	lo, hi   [3]float64 // box of its items
	key      int64      // least key of its items
	from, to int32
	right    int32 // right child; 0 in a leaf
}

// Direction returns p as a point of the unit sphere.
func Direction(p Place) [3]float64 {
	sinLat, cosLat := math.Sincos(p.Lat * (math.Pi / 180))
	sinLon, cosLon := math.Sincos(p.Lon * (math.Pi / 180))
	return [3]float64{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// NewIndex builds the index of places; item k is places[k], its key 0. O(n log n).
func NewIndex(places []Place) *Index {
	n := len(places)
	x := &Index{
		items: make([]int32, n),
		at:    make([][3]float64, n),
		keys:  make([]int64, n),
		slot:  make([]int32, n),
		nodes: make([]indexNode, 0, 2*(n/leafSize)+1),
	}
	for k, p := range places {
		x.items[k] = int32(k)
		x.at[k] = Direction(p)
	}
	if n > 0 {
		pos := slices.Clone(x.at)
		x.build(0, int32(n), pos)
		for k, item := range x.items {
			x.at[k] = pos[item]
			x.slot[item] = int32(k)
		}
	}
	return x
}

// Len returns the number of items.
func (x *Index) Len() int { return len(x.items) }

// build makes the node of items[from:to] and the nodes below it; pos is by item.
func (x *Index) build(from, to int32, pos [][3]float64) int32 {
	id := int32(len(x.nodes))
	x.nodes = append(x.nodes, indexNode{from: from, to: to})
	part := x.items[from:to]
	lo, hi := pos[part[0]], pos[part[0]]
	for _, item := range part[1:] {
		for d, v := range pos[item] {
			lo[d], hi[d] = min(lo[d], v), max(hi[d], v)
		}
	}
	x.nodes[id].lo, x.nodes[id].hi = lo, hi
	if to-from <= leafSize {
		return id
	}
	axis := 0
	for d := 1; d < 3; d++ {
		if hi[d]-lo[d] > hi[axis]-lo[axis] {
			axis = d
		}
	}
	mid := len(part) / 2
	selectNth(part, mid, func(a, b int32) bool {
		if pos[a][axis] != pos[b][axis] {
			return pos[a][axis] < pos[b][axis]
		}
		return a < b
	})
	x.build(from, from+int32(mid), pos)
	right := x.build(from+int32(mid), to, pos)
	x.nodes[id].right = right
	return id
}

// selectNth orders s so that s[n] is where sorting would put it, with nothing greater before it (Hoare 1961).
func selectNth(s []int32, n int, less func(a, b int32) bool) {
	lo, hi := 0, len(s)-1
	for lo < hi {
		pivot := s[lo+(hi-lo)/2]
		i, j := lo, hi
		for i <= j {
			for less(s[i], pivot) {
				i++
			}
			for less(pivot, s[j]) {
				j--
			}
			if i <= j {
				s[i], s[j] = s[j], s[i]
				i++
				j--
			}
		}
		switch {
		case n <= j:
			hi = j
		case n >= i:
			lo = i
		default:
			return
		}
	}
}

// SetKeys gives every item its key; keys[k] is that of item k. O(n).
func (x *Index) SetKeys(keys []int64) {
	for k, item := range x.items {
		x.keys[k] = keys[item]
	}
	for id := range slices.Backward(x.nodes) { // children come after their parent
		x.refresh(int32(id))
	}
}

// SetKey changes the key of one item. It may be called from Visit, of a walk that has the index for itself. O(log n).
func (x *Index) SetKey(item int32, key int64) {
	slot := x.slot[item]
	x.keys[slot] = key
	var path [64]int32 // the tree is balanced: its depth is far less
	depth := 0
	for id := int32(0); ; {
		path[depth] = id
		depth++
		n := &x.nodes[id]
		if n.right == 0 {
			break
		}
		if id++; slot >= x.nodes[id].to {
			id = n.right
		}
	}
	for depth > 0 {
		depth--
		x.refresh(path[depth])
	}
}

// refresh recomputes the least key of a node from its children or items.
func (x *Index) refresh(id int32) {
	n := &x.nodes[id]
	if n.right != 0 {
		n.key = min(x.nodes[id+1].key, x.nodes[n.right].key)
		return
	}
	key := int64(math.MaxInt64)
	for _, k := range x.keys[n.from:n.to] {
		key = min(key, k)
	}
	n.key = key
}

// Search is one walk through an [Index]. Visit is called for every item that may satisfy
//
//	metres(From, item) <= ReachM  and  PerMetre × metres(From, item) + key(item) <= Budget
//
// where metres is any distance, rounded half up, that is at least the great circle × Stretch. It may be called for a few
// items that do not: the caller measures. Items near From come first, so that a Visit which lowers Budget cuts the walk.
type Search struct {
	From     [3]float64                       // see Direction
	Stretch  float64                          // detour factor, >= 1
	ReachM   int64                            // metres; math.MaxInt64 for no limit
	PerMetre int64                            // >= 0
	Budget   int64                            // at most 2^61, as is every key; may be lowered by Visit
	Visit    func(item int32, chord2 float64) // chord2: the squared chord of the unit sphere between From and the item

	index    *Index
	reach2   float64 // square of the reach as a chord
	perChord float64 // least cost of one unit of chord
	rekeyed  bool    // an item below the node in hand changed its key
}

// SetKey changes the key of the item in hand; to be called from Visit only. A walk that changes keys needs the index for
// itself.
func (s *Search) SetKey(item int32, key int64) {
	s.index.keys[s.index.slot[item]] = key
	s.rekeyed = true
}

// Run walks through x. O(items visited + log n) for compact neighbourhoods.
func (s *Search) Run(x *Index) {
	if len(x.nodes) == 0 {
		return
	}
	s.index = x
	stretch := s.Stretch * EarthRadiusM
	s.reach2 = math.Inf(1)
	if s.ReachM < 1<<40 {
		chord := (float64(s.ReachM) + 0.5) * (1 + slack) / stretch
		s.reach2 = chord * chord
	}
	s.perChord = float64(s.PerMetre) * stretch * (1 - slack)
	s.rekeyed = false
	if d2 := x.boxDistance2(0, &s.From); s.keeps(d2, x.nodes[0].key) {
		s.walk(0)
	}
}

// keeps reports whether something at the squared chord d2 with this key may be within reach and budget.
func (s *Search) keeps(d2 float64, key int64) bool {
	if d2 > s.reach2 {
		return false
	}
	if key > s.Budget {
		return false
	}
	// Half a metre a unit of PerMetre pays for the rounding of the distance; the relative slack for that of the budget.
	left := float64(s.Budget-key)*(1+slack) + 0.5*float64(s.PerMetre) + 1
	return s.perChord*math.Sqrt(d2) <= left
}

func (s *Search) walk(id int32) {
	x := s.index
	n := &x.nodes[id]
	if n.right == 0 {
		rekeyed := s.rekeyed
		s.rekeyed = false
		for k := n.from; k < n.to; k++ {
			p := &x.at[k]
			dx, dy, dz := p[0]-s.From[0], p[1]-s.From[1], p[2]-s.From[2]
			if d2 := dx*dx + dy*dy + dz*dz; s.keeps(d2, x.keys[k]) {
				s.Visit(x.items[k], d2)
			}
		}
		if s.rekeyed {
			x.refresh(id)
		}
		s.rekeyed = s.rekeyed || rekeyed
		return
	}
	near, far := id+1, n.right
	nearD, farD := x.boxDistance2(near, &s.From), x.boxDistance2(far, &s.From)
	if farD < nearD {
		near, far, nearD, farD = far, near, farD, nearD
	}
	rekeyed := s.rekeyed
	s.rekeyed = false
	if s.keeps(nearD, x.nodes[near].key) {
		s.walk(near)
	}
	if s.keeps(farD, x.nodes[far].key) {
		s.walk(far)
	}
	if s.rekeyed {
		x.refresh(id)
	}
	s.rekeyed = s.rekeyed || rekeyed
}

// boxDistance2 is the squared distance from p to the box of a node, 0 inside.
func (x *Index) boxDistance2(id int32, p *[3]float64) float64 {
	n := &x.nodes[id]
	var sum float64
	for d := range 3 {
		if v := n.lo[d] - p[d]; v > 0 {
			sum += v * v
		} else if v := p[d] - n.hi[d]; v > 0 {
			sum += v * v
		}
	}
	return sum
}
