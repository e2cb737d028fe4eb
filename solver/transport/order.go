package transport

// order numbers rows and nodes so that what is close in the network is close in memory.
type order struct {
	rowID, nodeID []int32 // the problem's number of a row and of a node
	rowAt, nodeAt []int32 // and the other way round
}

const (
	// sample is how many arcs of a row the order looks at.
	sample = 4
	// patch is how many rows are numbered around one before the next is begun: their arcs and nodes fit into a second-level cache.
	patch = 512
)

// newOrder numbers patch after patch of rows that are close to each other, each beginning at the rim of earlier ones.
// Searches then find most of what they need in the caches.
func newOrder(p *Problem) *order {
	n, k := p.rows(), len(p.Capacity)
	o := &order{rowID: make([]int32, 0, n), nodeID: make([]int32, 0, k), rowAt: make([]int32, n), nodeAt: make([]int32, k)}
	for i := range o.rowAt {
		o.rowAt[i] = none
	}
	for v := range o.nodeAt {
		o.nodeAt[v] = none
	}
	arcs := func(r int32, visit func(v int32)) {
		from, to := p.From[r], p.From[r+1]
		if to-from <= sample {
			for a := from; a < to; a++ {
				visit(p.Node[a])
			}
			return
		}
		for i := range int32(sample) {
			visit(p.Node[from+i*(to-from-1)/(sample-1)])
		}
	}
	// Rows by node, of the sampled arcs.
	from := make([]int32, k+2)
	for r := range int32(n) {
		arcs(r, func(v int32) { from[v+2]++ })
	}
	for v := range k {
		from[v+2] += from[v+1]
	}
	rows := make([]int32, from[k+1])
	for r := range int32(n) {
		arcs(r, func(v int32) {
			rows[from[v+1]] = r
			from[v+1]++
		})
	}
	var rim, near []int32 // nodes whose rows are to be numbered
	number := func(r int32) {
		o.rowAt[r] = int32(len(o.rowID))
		o.rowID = append(o.rowID, r)
		arcs(r, func(v int32) {
			if o.nodeAt[v] == none {
				o.nodeAt[v] = int32(len(o.nodeID))
				o.nodeID = append(o.nodeID, v)
				near = append(near, v)
			}
		})
	}
	for r := range int32(n) {
		if o.rowAt[r] != none {
			continue
		}
		number(r)
		for len(near) > 0 || len(rim) > 0 {
			if len(near) == 0 {
				near, rim = append(near, rim[0]), rim[1:]
			}
			stop := len(o.rowID) + patch
			i := 0
			for ; i < len(near) && len(o.rowID) < stop; i++ {
				v := near[i]
				for _, x := range rows[from[v]:from[v+1]] {
					if o.rowAt[x] == none {
						number(x)
					}
				}
			}
			rim = append(rim, near[i:]...)
			near = near[:0]
		}
	}
	for v := range int32(k) {
		if o.nodeAt[v] == none {
			o.nodeAt[v] = int32(len(o.nodeID))
			o.nodeID = append(o.nodeID, v)
		}
	}
	return o
}
