package match

import (
	"cmp"
	"slices"
)

// greedy serves the most urgent need by its cheapest pair with room, and so on: a plan for a search that is cut before the engine
// has one. It returns the flow of the columns in hand and of the needs' unmet arcs, and what it weighs. O(columns log columns).
func (r *run) greedy() (flow []int64, weight int64) {
	net := r.net
	p := &net.problem
	flow = make([]int64, len(p.Tail))
	for i := range r.m.needs {
		flow[i] = r.m.needs[i].units
	}
	order := make([]int32, len(net.columns))
	for k := range order {
		order[k] = int32(k)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(
			cmp.Compare(r.m.needs[net.columns[a].need].class, r.m.needs[net.columns[b].need].class),
			cmp.Compare(p.Cost[net.first+int(a)], p.Cost[net.first+int(b)]),
			cmp.Compare(a, b))
	})
	left := slices.Clone(net.capacity)
	for _, k := range order {
		c := net.columns[k]
		units := flow[c.need]
		for v := net.entry[c.entry]; v != net.sink; v = net.next[v] {
			units = min(units, left[v])
		}
		if units == 0 {
			continue
		}
		flow[c.need] -= units
		flow[net.first+int(k)] = units
		for v := net.entry[c.entry]; v != net.sink; v = net.next[v] {
			left[v] -= units
		}
	}
	return flow, net.weigh(flow)
}

// weigh adds up what a flow costs, penalties included.
func (w *network) weigh(flow []int64) (sum int64) {
	for a, x := range flow {
		sum += x * w.problem.Cost[a]
	}
	return sum
}
