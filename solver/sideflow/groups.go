package sideflow

// Groups returns, for every arc, the switch without which it carries nothing, or -1. An arc that is a switch's own belongs
// to it. Beyond that, a switch guards the node that its arc leaves, if that is the only way out of a node without supply:
// then the arcs that lead there carry nothing while it is closed. The same holds for the node that the arc leads to, if it
// is the only way in. An arc that two switches guard belongs to the first. It takes O(n + m) time.
func (p *Problem) Groups() []int32 {
	n, m := len(p.Flow.Supply), len(p.Flow.Tail)
	outs, ins := make([]int32, n), make([]int32, n)
	for a := range m {
		outs[p.Flow.Tail[a]]++
		ins[p.Flow.Head[a]]++
	}
	group := make([]int32, m)
	for a := range group {
		group[a] = -1
	}
	ownerOut, ownerIn := make([]int32, n), make([]int32, n) // the switch on the only arc out of, into, the node
	for v := range n {
		ownerOut[v], ownerIn[v] = -1, -1
	}
	for s, w := range p.Switches {
		group[w.Arc] = int32(s)
		t, h := p.Flow.Tail[w.Arc], p.Flow.Head[w.Arc]
		if t == h {
			continue
		}
		if outs[t] == 1 && p.Flow.Supply[t] == 0 {
			ownerOut[t] = int32(s)
		}
		if ins[h] == 1 && p.Flow.Supply[h] == 0 {
			ownerIn[h] = int32(s)
		}
	}
	for a := range m {
		if group[a] >= 0 {
			continue
		}
		// A self loop has its node's only way out or in only if the switch is on it, which was left out above.
		out, in := ownerOut[p.Flow.Head[a]], ownerIn[p.Flow.Tail[a]]
		switch {
		case out >= 0 && (in < 0 || out < in):
			group[a] = out
		case in >= 0:
			group[a] = in
		}
	}
	return group
}
