package transport

import "github.com/courtyard-care/courtyard/solver/internal/frontier"

// scratch is what one search leaves behind.
type scratch struct {
	queue   frontier.Radix
	step    []step  // by node: how it was reached
	touched []int32 // nodes with a label
}

// step is the part of a path between a node and the one from which the search came to it: in a forward search a unit moves
// from there (none: it is free) to the node, in a backward search it will move there from the node.
type step struct {
	from int32
	row  int32 // whose unit; none: room is passed between a node and its parent
	arc  int32 // over which it moves; none in backward searches, which look it up
}

// reach lowers the label of node v to d.
func (e *state) reach(v int32, d int64, how step) {
	x := &e.nodes[v]
	if d >= x.label {
		return
	}
	w := &e.scratch
	if x.label == unreached {
		w.touched = append(w.touched, v)
	}
	x.label = d
	w.step[v] = how
	w.queue.Push(frontier.Reach{Distance: d, Node: v})
}

// nearest returns the nearest node that has not been visited yet, none if it is not below the limit or the search must stop.
func (e *state) nearest(limit int64) int32 {
	w := &e.scratch
	for w.queue.Len() > 0 {
		if w.queue.Nearest() >= limit {
			return none
		}
		if h := w.queue.Pop(); h.Distance == e.nodes[h.Node].label {
			e.work++
			return h.Node
		}
	}
	return none
}

// clear forgets the labels.
func (e *state) clear() {
	w := &e.scratch
	for _, v := range w.touched {
		e.nodes[v].label = unreached
	}
	w.touched = w.touched[:0]
	w.queue.Clear()
}

// lookEvery is how many steps pass between two looks at the context; a power of two.
const lookEvery = 256

// stopped reports whether the context has ended or the work is done.
func (e *state) stopped() bool { return e.stoppedAt(e.work) }

// stoppedAt is stopped, of a search that counts its work itself.
func (e *state) stoppedAt(work int64) bool {
	return e.limit > 0 && work >= e.limit || work%lookEvery == 0 && e.ctx.Err() != nil
}

// leastOutlook is how far every search looks at first.
const leastOutlook = 8

// expect notes how far a search had to look. The next one looks at first twice as far as the last ones on average, and only
// if it finds nothing farther: otherwise most of what it reaches would lie beyond where it ends.
func (e *state) expect(d int64) { e.outlook = max(leastOutlook, e.outlook+(2*d-e.outlook)/8) }

// farther is the next outlook of a search that has found nothing within one.
func farther(outlook, farthest int64) int64 {
	if outlook > farthest/4 {
		return farthest
	}
	return 4 * outlook
}
