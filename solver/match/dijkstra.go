package match

import (
	"math"

	"github.com/courtyard-care/courtyard/solver/internal/frontier"
)

const unreached = math.MaxInt64

// dijkstra is the state of one search for shortest paths, lengths >= 0. It is used again and again: only the labels that a
// search touched are cleared.
type dijkstra struct {
	label   []int64
	settled []bool
	touched []int32
	queue   frontier.Queue
	limit   int64   // labels at or above it are of no interest
	at      int32   // the node settled last, -1 at the start
	pred    []int32 // by node: the one before it on its path, -1 for a start; nil: not kept
}

func newDijkstra(nodes int) dijkstra {
	d := dijkstra{label: make([]int64, nodes), settled: make([]bool, nodes), limit: unreached, at: -1}
	for v := range d.label {
		d.label[v] = unreached
	}
	return d
}

// keepPaths makes the search remember its paths.
func (d *dijkstra) keepPaths() { d.pred = make([]int32, len(d.label)) }

// clear forgets the last search.
func (d *dijkstra) clear() {
	for _, v := range d.touched {
		d.label[v], d.settled[v] = unreached, false
	}
	d.touched, d.queue, d.limit, d.at = d.touched[:0], d.queue[:0], unreached, -1
}

// reach lowers the label of a node to l.
func (d *dijkstra) reach(v int32, l int64) bool {
	if l >= d.label[v] || l >= d.limit {
		return false
	}
	if d.label[v] == unreached {
		d.touched = append(d.touched, v)
	}
	d.label[v] = l
	if d.pred != nil {
		d.pred[v] = d.at
	}
	d.queue.Push(frontier.Reach{Distance: l, Node: v})
	return true
}

// later makes next return node v once more, as v + the number of nodes, when the search has come to distance l.
func (d *dijkstra) later(v int32, l int64) {
	d.queue.Push(frontier.Reach{Distance: l, Node: v + int32(len(d.label))})
}

// next settles the node of least label and returns it, or one whose turn comes again (see later); -1 when none is left.
func (d *dijkstra) next() int32 {
	for len(d.queue) > 0 {
		h := d.queue.Pop()
		if again := h.Node - int32(len(d.label)); again >= 0 {
			if h.Distance >= d.limit {
				continue
			}
			d.at = again
			return h.Node
		}
		if !d.settled[h.Node] && h.Distance == d.label[h.Node] && h.Distance < d.limit {
			d.settled[h.Node] = true
			d.at = h.Node
			return h.Node
		}
	}
	return -1
}

// path returns the nodes from a start to v, v the last.
func (d *dijkstra) path(v int32) []int32 {
	var list []int32
	for ; v >= 0; v = d.pred[v] {
		list = append(list, v)
	}
	for a, b := 0, len(list)-1; a < b; a, b = a+1, b-1 {
		list[a], list[b] = list[b], list[a]
	}
	return list
}
