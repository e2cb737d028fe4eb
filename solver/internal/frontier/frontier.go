// Package frontier is the queue of Dijkstra's algorithm: nodes with the distances at which they were reached.
package frontier

// Reach is a node with a distance at which it was reached.
type Reach struct {
	Distance int64
	Node     int32
}

// before orders by distance, equal ones by node: the order of a queue does not depend on the order of its pushes.
func (r Reach) before(o Reach) bool {
	return r.Distance < o.Distance || r.Distance == o.Distance && r.Node < o.Node
}

// Queue gives the nearest reach first. The zero value is empty. A node may stand in it more than once: whoever pops it knows whether the distance still counts. (Written out, since
// container/heap would box every reach; four children a node make it half as deep as two.)
type Queue []Reach

// Push adds r. O(log n).
func (q *Queue) Push(r Reach) {
	h := append(*q, r)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 4
		if !r.before(h[up]) {
			break
		}
		h[i] = h[up]
		i = up
	}
	h[i] = r
	*q = h
}

// Pop removes and returns the nearest reach of a queue that is not empty. O(log n).
func (q *Queue) Pop() Reach {
	h := *q
	top, r := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	for i := 0; len(h) > 0; {
		c := 4*i + 1
		if c >= len(h) {
			h[i] = r
			break
		}
		for k := c + 1; k < min(c+4, len(h)); k++ {
			if h[k].before(h[c]) {
				c = k
			}
		}
		if !h[c].before(r) {
			h[i] = r
			break
		}
		h[i] = h[c]
		i = c
	}
	*q = h
	return top
}
