package datasets

import (
	"fmt"

	"github.com/courtyard-care/courtyard/solver/mcf"
)

// prepare builds what changes need, before the first line of a block.
func (r *NetworkReader) prepare() {
	p, n := &r.net.Problem, &r.net
	n.Renumbered = false
	if r.index == nil {
		n.ids = make([]int64, len(p.Supply))
		r.index = make(map[int64]int32, len(p.Supply))
		for v := range p.Supply {
			n.ids[v] = int64(v) + 1
			r.index[int64(v)+1] = int32(v)
		}
		r.dead = make([]bool, len(p.Tail))
		r.findArcs()
	}
	if live := len(p.Tail) - r.nDead; r.nDead > live+spareArcs || len(p.Supply) > 2*len(r.index)+spareArcs {
		r.renumber()
	}
}

// spareArcs is how many dead arcs or nodes are never worth numbering all anew.
const spareArcs = 1024

// findArcs lists the arcs at each node.
func (r *NetworkReader) findArcs() {
	p := &r.net.Problem
	r.arcs = make([][]int32, len(p.Supply))
	for a := range p.Tail {
		r.link(int32(a))
	}
}

// link lists arc a at its ends.
func (r *NetworkReader) link(a int32) {
	t, h := r.net.Problem.Tail[a], r.net.Problem.Head[a]
	r.arcs[t] = append(r.arcs[t], a)
	if h != t {
		r.arcs[h] = append(r.arcs[h], a)
	}
}

// change applies one line of a block.
func (r *NetworkReader) change() error {
	in := r.in
	switch string(in.fields[0].text) {
	case "n":
		return r.setNode()
	case "a":
		return r.setArc(formA)
	case "x":
		return r.setArc(formX)
	case "r":
		return r.removeNode()
	case "p":
		return in.faultAt(0, "a second header: changes follow the base network")
	}
	return in.faultAt(0, "no such change: it must begin with n, a, x or r")
}

// setNode adds a node or sets the supply of a known one.
func (r *NetworkReader) setNode() error {
	id, supply, kind, err := r.node()
	if err != nil {
		return err
	}
	n := &r.net
	v, known := r.index[id]
	if !known {
		if id < 1 {
			return r.in.faultAt(1, "a node must be a positive number")
		}
		if len(n.ids) >= maxNodes {
			return r.in.faultAt(1, fmt.Sprintf("more than %d nodes", maxNodes))
		}
		v = int32(len(n.ids))
		n.ids = append(n.ids, id)
		n.Problem.Supply = append(n.Problem.Supply, 0)
		r.arcs = append(r.arcs, nil)
		r.index[id] = v
	}
	n.Problem.Supply[v] = supply
	return r.setType(id, kind)
}

// setArc replaces every arc of the pair by the one of the line, or by none if its capacity is 0.
func (r *NetworkReader) setArc(form string) error {
	next, err := r.arc(form)
	if err != nil {
		return err
	}
	p := &r.net.Problem
	first := int32(-1)
	for _, a := range r.live(r.shorter(next.tail, next.head)) {
		switch {
		case p.Tail[a] != next.tail || p.Head[a] != next.head:
		case first < 0 && next.upper > 0:
			first = a
		default:
			r.kill(a)
		}
	}
	switch {
	case next.upper == 0:
	case first >= 0:
		if next.lower != 0 && p.Lower == nil {
			p.Lower = make([]int64, len(p.Tail))
		}
		if p.Lower != nil {
			p.Lower[first] = next.lower
		}
		p.Upper[first], p.Cost[first] = next.upper, next.cost
	default:
		r.append(next)
		r.dead = append(r.dead, false)
		r.link(int32(len(p.Tail) - 1))
	}
	return nil
}

// shorter returns whichever of two nodes has fewer arcs listed.
func (r *NetworkReader) shorter(v, w int32) int32 {
	if len(r.arcs[w]) < len(r.arcs[v]) {
		return w
	}
	return v
}

// live drops the dead arcs from the list of node v and returns the rest.
func (r *NetworkReader) live(v int32) []int32 {
	kept := r.arcs[v][:0]
	for _, a := range r.arcs[v] {
		if !r.dead[a] {
			kept = append(kept, a)
		}
	}
	r.arcs[v] = kept
	return kept
}

// kill takes all capacity from an arc.
func (r *NetworkReader) kill(a int32) {
	p := &r.net.Problem
	r.dead[a] = true
	r.nDead++
	p.Upper[a], p.Cost[a] = 0, 0
	if p.Lower != nil {
		p.Lower[a] = 0
	}
}

// removeNode removes a node and its arcs.
func (r *NetworkReader) removeNode() error {
	if err := r.in.want(2, 2, formR); err != nil {
		return err
	}
	id, err := r.in.whole(1, "the node")
	if err != nil {
		return err
	}
	v, err := r.find(1, id)
	if err != nil {
		return err
	}
	for _, a := range r.live(v) {
		r.kill(a)
	}
	r.arcs[v] = nil
	r.net.Problem.Supply[v] = 0
	delete(r.index, id)
	if r.typed == id {
		r.typed = 0
	}
	return nil
}

// endBlock balances the supplies and returns the network.
func (r *NetworkReader) endBlock() (*Network, error) {
	n := &r.net
	n.Block++
	n.Incremental = true
	total, ok := sum(n.Problem.Supply)
	if !ok {
		return nil, r.in.fault(0, "the supplies do not add up within 64 bits", "")
	}
	if only := r.onlyTaker(); only != 0 {
		r.lastSink = only
	}
	if total == 0 {
		return n, nil
	}
	sink := r.typed
	if sink == 0 {
		sink = r.lastSink
	}
	v, ok := int32(sink-1), sink != 0
	if r.index != nil {
		v, ok = r.index[sink]
	}
	if !ok {
		return n, nil // no sink is left: the network is infeasible as it stands
	}
	balanced := n.Problem.Supply[v] - total
	if total < 0 == (balanced < n.Problem.Supply[v]) {
		return nil, r.in.fault(0, "the supplies do not add up within 64 bits", "")
	}
	n.Problem.Supply[v] = balanced
	return n, nil
}

// renumber drops dead nodes and arcs.
func (r *NetworkReader) renumber() {
	n, old := &r.net, r.net.Problem
	n.Renumbered = true
	at := make([]int32, len(n.ids))
	var (
		ids []int64
		p   mcf.Problem
	)
	for v, id := range n.ids {
		at[v] = -1
		if w, ok := r.index[id]; ok && int(w) == v {
			at[v] = int32(len(ids))
			r.index[id] = at[v]
			ids = append(ids, id)
			p.Supply = append(p.Supply, old.Supply[v])
		}
	}
	n.ids, n.Problem = ids, p
	for a := range old.Tail {
		if r.dead[a] {
			continue
		}
		next := arc{tail: at[old.Tail[a]], head: at[old.Head[a]], upper: old.Upper[a], cost: old.Cost[a]}
		if old.Lower != nil {
			next.lower = old.Lower[a]
		}
		r.append(next)
	}
	r.dead, r.nDead = make([]bool, len(n.Problem.Tail)), 0
	r.findArcs()
}
