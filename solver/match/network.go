package match

import (
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// network is the model as a flow: need → entry → resource → provider → served, and need → unmet, both ends being the sink.
// An entry has a node of its own only where its service has a limit that can bind, a provider only where it has a quota;
// elsewhere the arcs skip them.
type network struct {
	m        *model
	entry    []int32 // node of each entry: its own, or its resource's
	resource []int32 // node of each resource
	provider []int32 // node of each provider with a quota
	sink     int32
	next     []int32 // next[v]: where the one structural arc out of node v leads; -1 for the sink
	capacity []int64 // capacity[v] of that arc; -1 for the unmet arc of a need, which has no bound
	dead     []int32 // dead[e]: the node of capacity 0 on the way of entry e, -1 if it is alive
	hasDead  bool
	fromNode []int32 // entries whose pairs lead to node v: atNode[fromNode[v]:fromNode[v+1]]
	atNode   []int32

	problem mcf.Problem // its first arcs are the structural ones, arc v out of node v; the columns follow
	first   int         // number of structural arcs
	columns []column
}

// column is one eligible pair that the engine sees.
type column struct {
	need, entry int32
}

func newNetwork(m *model) *network {
	w := &network{
		m:        m,
		entry:    make([]int32, len(m.entries)),
		resource: make([]int32, len(m.resources)),
		provider: make([]int32, len(m.providers)),
		dead:     make([]int32, len(m.entries)),
	}
	node := int32(len(m.needs))
	for e := range m.entries {
		if m.entries[e].limit >= 0 {
			w.entry[e] = node
			node++
		}
	}
	for j := range w.resource {
		w.resource[j] = node
		node++
	}
	for k := range w.provider {
		w.provider[k] = node
		node++
	}
	w.sink = node
	w.next = make([]int32, node+1)
	w.capacity = make([]int64, node+1)
	w.next[w.sink] = -1
	for i := range m.needs {
		w.next[i], w.capacity[i] = w.sink, -1
	}
	for j := range m.resources {
		v := w.resource[j]
		w.next[v], w.capacity[v] = w.sink, m.resources[j].capacity
		if k := m.resources[j].provider; k >= 0 {
			w.next[v] = w.provider[k]
		}
	}
	for k := range m.providers {
		v := w.provider[k]
		w.next[v], w.capacity[v] = w.sink, m.providers[k].quota
	}
	for e := range m.entries {
		j := m.entries[e].resource
		if m.entries[e].limit >= 0 {
			w.next[w.entry[e]], w.capacity[w.entry[e]] = w.resource[j], m.entries[e].limit
		} else {
			w.entry[e] = w.resource[j]
		}
		w.dead[e] = -1
		for v := w.entry[e]; v != w.sink; v = w.next[v] {
			if w.capacity[v] == 0 {
				w.dead[e] = v
				w.hasDead = true
				break
			}
		}
	}
	w.fromNode, w.atNode = group(len(w.next), len(m.entries), func(e int) int32 { return w.entry[e] })
	w.structural()
	return w
}

// structural lays out the arcs that do not depend on pairs: arc v leaves node v.
func (w *network) structural() {
	nodes := int(w.sink) + 1
	p := &w.problem
	p.Supply = make([]int64, nodes)
	for v := range w.sink {
		p.Tail = append(p.Tail, v)
		p.Head = append(p.Head, w.next[v])
		upper, cost := w.capacity[v], int64(0)
		if int(v) < len(w.m.needs) {
			n := &w.m.needs[v]
			p.Supply[v] = n.units
			p.Supply[w.sink] -= n.units
			upper, cost = mcf.Inf, w.m.penalty[n.class] // the supply bounds it, and the starting tree stays strongly feasible
		}
		p.Upper = append(p.Upper, upper)
		p.Cost = append(p.Cost, cost)
	}
	w.first = len(p.Tail)
}

// add appends one column.
func (w *network) add(c column, cost int64) {
	p := &w.problem
	p.Tail = append(p.Tail, c.need)
	p.Head = append(p.Head, w.entry[c.entry])
	p.Upper = append(p.Upper, mcf.Inf)
	p.Cost = append(p.Cost, cost)
	w.columns = append(w.columns, c)
}

// start returns the basis in which every unit is unmet: the structural arcs are a tree towards the sink.
func (w *network) start() *mcf.Basis {
	tree := make([]int32, 0, w.first)
	for v := range int32(w.first) {
		if w.capacity[v] != 0 { // an arc that can carry nothing would spoil the strong feasibility of the tree
			tree = append(tree, v)
		}
	}
	return mcf.NewBasis(tree, nil)
}

// prices are the dual values of a flow: what one more unit passing a node costs on its way to the sink.
//
// of[v] >= 0 for every node but the needs, never falls along the way to the sink less what the passed capacities charge:
// of[v] >= of[next[v]], with equality where the capacity is not used up. of[i] of a need is the least, over its eligible
// entries, of cost + of[entry], and at most its penalty.
type prices struct {
	of []int64
}

// read makes prices of the engine's potentials.
func (w *network) read(s *mcf.Solution) prices {
	of := make([]int64, len(s.Potential))
	for v := range of {
		of[v] = s.Potential[w.sink] - s.Potential[v]
	}
	// An unused node may be priced below the node behind it: raise it. From the sink outwards.
	for k := range w.provider {
		v := w.provider[k]
		if of[v] = max(of[v], 0); w.capacity[v] == 0 {
			of[v] = 0
		}
	}
	raise := func(v int32) {
		if w.capacity[v] == 0 { // the engine leaves such nodes anywhere
			of[v] = of[w.next[v]]
		}
		of[v] = max(of[v], of[w.next[v]])
	}
	for _, v := range w.resource {
		raise(v)
	}
	for e := range w.entry {
		if w.m.entries[e].limit >= 0 {
			raise(w.entry[e])
		}
	}
	return prices{of: of}
}
