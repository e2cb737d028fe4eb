package travel

import (
	"cmp"
	"math"
	"slices"
)

// box is an axis-parallel box in space around pieces of the unit sphere.
type box struct{ min, max vec }

// arcBox returns a box around the arc from a to b. The arc bulges from its chord by 1-cos(θ/2), at most sin²(θ/2), which
// is a quarter of the chord squared.
func arcBox(a, b vec) box {
	d := b.sub(a)
	pad := d.dot(d)/4 + 4e-16
	return box{
		vec{math.Min(a.x, b.x) - pad, math.Min(a.y, b.y) - pad, math.Min(a.z, b.z) - pad},
		vec{math.Max(a.x, b.x) + pad, math.Max(a.y, b.y) + pad, math.Max(a.z, b.z) + pad},
	}
}

func (b *box) join(o *box) box {
	return box{
		vec{math.Min(b.min.x, o.min.x), math.Min(b.min.y, o.min.y), math.Min(b.min.z, o.min.z)},
		vec{math.Max(b.max.x, o.max.x), math.Max(b.max.y, o.max.y), math.Max(b.max.z, o.max.z)},
	}
}

func (b *box) grow(by float64) box {
	return box{
		vec{b.min.x - by, b.min.y - by, b.min.z - by},
		vec{b.max.x + by, b.max.y + by, b.max.z + by},
	}
}

func (b *box) meets(o *box) bool {
	return b.min.x <= o.max.x && o.min.x <= b.max.x &&
		b.min.y <= o.max.y && o.min.y <= b.max.y &&
		b.min.z <= o.max.z && o.min.z <= b.max.z
}

// tree is a hierarchy of boxes around the edges of all barriers.
type tree struct {
	nodes []node
	order []int32 // edges, leaf by leaf
}

// node is a leaf when right is 0: it holds order[first : first+count]. Its left child, if any, is the next node.
type node struct {
	box          box
	right        int32
	first, count int32
}

const leafEdges = 4

// newTree builds the hierarchy over the boxes of the edges by splitting at the median of the longest side: O(n log² n).
func newTree(boxes []box) tree {
	t := tree{order: make([]int32, len(boxes))}
	for i := range t.order {
		t.order[i] = int32(i)
	}
	if len(boxes) > 0 {
		t.build(boxes, 0, len(boxes))
	}
	return t
}

func (t *tree) build(boxes []box, lo, hi int) {
	b := boxes[t.order[lo]]
	for _, e := range t.order[lo+1 : hi] {
		b = b.join(&boxes[e])
	}
	id := len(t.nodes)
	t.nodes = append(t.nodes, node{box: b, first: int32(lo), count: int32(hi - lo)})
	if hi-lo <= leafEdges {
		return
	}
	side := b.max.sub(b.min)
	middle := func(e int32) float64 { return boxes[e].min.x + boxes[e].max.x }
	if side.y >= side.x && side.y >= side.z {
		middle = func(e int32) float64 { return boxes[e].min.y + boxes[e].max.y }
	} else if side.z >= side.x {
		middle = func(e int32) float64 { return boxes[e].min.z + boxes[e].max.z }
	}
	slices.SortFunc(t.order[lo:hi], func(a, b int32) int {
		return cmp.Or(cmp.Compare(middle(a), middle(b)), cmp.Compare(a, b))
	})
	mid := (lo + hi) / 2
	t.build(boxes, lo, mid)
	t.nodes[id].right = int32(len(t.nodes))
	t.build(boxes, mid, hi)
}

// maxDepth is more than the depth of any tree: sizes halve, and there are fewer than 2^31 edges.
const maxDepth = 32
