package mcf

import (
	"context"
	"slices"

	"github.com/courtyard-care/courtyard/solver/internal/frontier"
)

// A cold start is a shortest-path forest: every node hangs from a node that takes units, on its cheapest way there, so that
// most of the flow starts where it will end. (Costs below 0 count as 0.) Two forests come into question. The first takes all
// arcs: where it would send more over an arc than fits, the arc is filled and the rest waits on an artificial arc. The second
// takes only arcs wide enough for all the supply, so that nothing waits if it reaches every node that sends; it is better
// where the first is blocked nearly everywhere, as on GOTO.
//
// Pivots from a forest, and from artificial arcs alone: care 20,000 x 8,000 106,000 and 229,000; goto_8_12a (the second
// forest) 28,000 and 170,000; firmament 1000m 4,300 and 28,000; road_flow_01_DC 6,700 and 16,000; netgen_8_14a 42,000 and
// 51,000; trc_4000_80k 36,000 and 37,000.

// crash returns a basis to start from, or nil if nothing has to be sent or ctx ended.
func (s *search) crash(ctx context.Context, excess []int64) *Basis {
	total := int64(0)
	for _, ex := range excess {
		total += max(ex, 0)
	}
	if total == 0 {
		return nil
	}
	f := newForest(s, excess)
	if !f.grow(ctx, 0) {
		return nil
	}
	via, tops := f.via, f.tops
	if waiting := f.waiting(excess); waiting > total/2 {
		via = slices.Clone(via)
		if !f.grow(ctx, total) {
			return nil
		}
		if f.waiting(excess) < waiting/4 {
			// The trees of the second forest hang from nodes that send, the other way up: the ties of the leaving arc are
			// then broken in favour of arcs near the source. GOTO takes a quarter of the pivots that it takes from the sink.
			via, tops = f.via, nil
			for v, ex := range excess {
				if ex > 0 {
					tops = append(tops, int32(v))
				}
			}
			tops = append(tops, f.tops...)
		}
	}
	b := &Basis{tops: tops}
	for _, a := range via {
		if a >= 0 {
			b.tree = append(b.tree, s.order.problem(a))
		}
	}
	return b
}

// forest is a shortest-path forest towards the nodes that take units.
type forest struct {
	s     *search
	tops  []int32 // the nodes that take units
	start []int32 // the arcs in[start[v]:start[v+1]] lead to v
	in    []int32
	dist  []int64
	via   []int32 // the arc that leads from v towards its top; -1 for a top and for what is not reached
	order []int32 // the nodes reached, parents first
	queue frontier.Radix
}

func newForest(s *search, excess []int64) *forest {
	f := &forest{s: s, start: make([]int32, s.n+2), dist: make([]int64, s.n), via: make([]int32, s.n)}
	for v, ex := range excess {
		if ex < 0 {
			f.tops = append(f.tops, int32(v))
		}
	}
	// Filling in from the back of each node's share leaves start where it belongs.
	for i := range s.arcs {
		f.start[s.arcs[i].to]++
	}
	for v := range s.n + 1 {
		f.start[v+1] += f.start[v]
	}
	f.in = make([]int32, s.m)
	for i := s.m - 1; i >= 0; i-- {
		to := s.arcs[i].to
		f.start[to]--
		f.in[f.start[to]] = int32(i)
	}
	return f
}

// grow finds the forest over arcs that can carry least units or more (Dijkstra 1959). It returns false if ctx ended.
func (f *forest) grow(ctx context.Context, least int64) bool {
	const unreached = 1 << 62
	for v := range f.dist {
		f.dist[v], f.via[v] = unreached, -1
	}
	f.order = f.order[:0]
	f.queue.Clear()
	for _, v := range f.tops {
		f.dist[v] = 0
		f.queue.Push(frontier.Reach{Node: v})
	}
	for looked := 0; f.queue.Len() > 0; {
		near := f.queue.Pop()
		v := near.Node
		if near.Distance > f.dist[v] {
			continue
		}
		f.order = append(f.order, v)
		for _, a := range f.in[f.start[v]:f.start[v+1]] {
			e := &f.s.arcs[a]
			if d := near.Distance + max(e.cost, 0); d < f.dist[e.from] && f.s.capacity(a) >= least {
				f.dist[e.from], f.via[e.from] = d, a
				f.queue.Push(frontier.Reach{Distance: d, Node: e.from})
			}
		}
		if looked += 1 + int(f.start[v+1]-f.start[v]); looked >= checkEvery {
			looked = 0
			if ctx.Err() != nil {
				return false
			}
		}
	}
	return true
}

// waiting returns how much supply would not get to a node that takes it, along the forest.
func (f *forest) waiting(excess []int64) int64 {
	at := append([]int64(nil), excess...)
	for _, v := range slices.Backward(f.order) {
		if a := f.via[v]; a >= 0 && at[v] > 0 {
			x := min(at[v], f.s.capacity(a))
			at[v] -= x
			at[f.s.arcs[a].to] += x
		}
	}
	sum := int64(0)
	for _, x := range at {
		sum += max(x, 0)
	}
	return sum
}
