package online

import (
	"math"

	"github.com/courtyard-care/courtyard/solver/internal/frontier"
)

// entry is an arc seen from its resource.
type entry struct {
	row  int32
	cost int64
}

// dearest returns for each resource what the rest of the day would lose with one unit less of it: the highest of all prices
// that prove the optimum. Those of the solver are some of them, anywhere between what one unit more would bring and this;
// whoever takes a unit away must pay this.
//
// Without a unit of v somebody who is there goes elsewhere, to where there is room or another gives way, or is left unmet:
// the shortest such way, by Dijkstra's algorithm from all ends over the reduced costs. It takes O(m + k log k) time for k
// resources and the m arcs of what is foreseen.
func (f *future) dearest(left []int64) []int64 {
	x := f.problem.Solution()
	price := x.NodePrice
	first := make([]int32, len(price)+2) // first[v+1]: where the arcs into v begin, later where they end
	used := make([]int64, len(price))
	for i, p := range x.Placed {
		used[p.Node] += p.Units
		if i == 0 || x.Placed[i-1].Row != p.Row {
			for _, arc := range f.needs[p.Row].Arcs {
				first[arc.Node+2]++
			}
		}
	}
	for v := range price {
		first[v+2] += first[v+1]
	}
	in := make([]entry, first[len(price)+1])
	for i, p := range x.Placed {
		if i == 0 || x.Placed[i-1].Row != p.Row {
			for _, arc := range f.needs[p.Row].Arcs {
				in[first[arc.Node+1]] = entry{p.Row, arc.Cost}
				first[arc.Node+1]++
			}
		}
	}

	more := make([]int64, len(price)) // how far the price of v can rise
	var queue frontier.Queue
	reach := func(v int32, far int64) {
		if far < more[v] {
			more[v] = far
			queue.Push(frontier.Reach{Distance: far, Node: v})
		}
	}
	for v := range more {
		if more[v] = math.MaxInt64; used[v] < left[v] {
			reach(int32(v), 0)
		}
	}
	at := make([]int32, len(x.Unmet)+1) // the places of row i are Placed[at[i]:at[i+1]]
	for _, p := range x.Placed {
		at[p.Row+1]++
		reach(p.Node, f.needs[p.Row].Unmet-x.RowPrice[p.Row])
	}
	for i := range x.Unmet {
		at[i+1] += at[i]
	}
	for len(queue) > 0 {
		r := queue.Pop()
		if r.Distance > more[r.Node] {
			continue
		}
		for _, e := range in[first[r.Node]:first[r.Node+1]] {
			for _, p := range x.Placed[at[e.row]:at[e.row+1]] {
				reach(p.Node, r.Distance+e.cost+price[r.Node]-x.RowPrice[e.row])
			}
		}
	}
	for v := range price {
		if more[v] < math.MaxInt64 { // else there is no unit to take
			price[v] += more[v]
		}
	}
	return price
}
