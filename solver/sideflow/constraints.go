package sideflow

import "github.com/courtyard-care/courtyard/solver/internal/wide"

// empty reports whether nothing is broken.
func (b *Binding) empty() bool {
	return len(b.Rows)+len(b.Switches)+len(b.Choices) == 0
}

// broken lists the side constraints that a flow breaks. It takes time linear in the size of the side constraints.
func (r *run) broken(flow []int64) Binding {
	var b Binding
	for i := range r.p.Rows {
		if ex := r.excess(i, flow); ex.Sign() > 0 {
			b.Rows = append(b.Rows, int32(i))
		}
	}
	for s, w := range r.p.Switches {
		if x := flow[w.Arc]; 0 < x && x < w.Least {
			b.Switches = append(b.Switches, int32(s))
		}
	}
	for i, c := range r.p.Choices {
		open := int64(0)
		for _, s := range c.Switch {
			if flow[r.p.Switches[s].Arc] > 0 {
				open++
			}
		}
		if open > c.Most {
			b.Choices = append(b.Choices, int32(i))
		}
	}
	return b
}

// excess returns by how much a flow breaks row i; what it leaves unused is negative.
func (r *run) excess(i int, flow []int64) wide.Sum {
	row := &r.p.Rows[i]
	var sum wide.Sum
	sum.AddProduct(-1, row.Most)
	for k, a := range row.Arc {
		if x := flow[a]; x != 0 {
			sum.AddProduct(row.Coef[k], x)
		}
	}
	return sum
}

// tighten makes bounds smaller where the side constraints say so, without losing any flow that keeps them. It returns false
// if there is none. It takes time linear in the size of the side constraints.
func (r *run) tighten(lower, upper []int64) bool {
	for _, w := range r.p.Switches {
		if lower[w.Arc] > 0 {
			lower[w.Arc] = max(lower[w.Arc], w.Least)
		}
		if upper[w.Arc] < w.Least {
			upper[w.Arc] = 0
		}
		if lower[w.Arc] > upper[w.Arc] {
			return false
		}
	}
	for i := range r.p.Rows {
		row := &r.p.Rows[i]
		least := r.excess(i, lower)
		if least.Sign() > 0 {
			return false
		}
		room := -least.Near()
		for k, a := range row.Arc {
			if c := row.Coef[k]; c > 0 {
				if extra := room / c; upper[a]-lower[a] > extra {
					upper[a] = lower[a] + extra
				}
			}
		}
	}
	for _, w := range r.p.Switches {
		if upper[w.Arc] < w.Least {
			if lower[w.Arc] > 0 {
				return false
			}
			upper[w.Arc] = 0
		}
	}
	for _, c := range r.p.Choices {
		open := int64(0)
		for _, s := range c.Switch {
			if lower[r.p.Switches[s].Arc] > 0 {
				open++
			}
		}
		if open > c.Most {
			return false
		}
		if open == c.Most {
			for _, s := range c.Switch {
				if a := r.p.Switches[s].Arc; lower[a] == 0 {
					upper[a] = 0
				}
			}
		}
	}
	return true
}

// imply bounds the arcs that leave a node to which no arc leads by what it sends, and those that lead to a node that no arc
// leaves by what it takes: a relaxation of the balance then has a bound for every arc of a transportation. Nodes that neither send
// nor take are left alone: their arcs may still come, see [Root.Reduced].
func (r *run) imply(upper []int64) {
	f := &r.p.Flow
	entered, left := make([]bool, len(f.Supply)), make([]bool, len(f.Supply))
	for a, t := range f.Tail {
		left[t] = true
		entered[f.Head[a]] = true
	}
	for a, t := range f.Tail {
		if !entered[t] && f.Supply[t] > 0 {
			upper[a] = min(upper[a], max(0, f.Supply[t]))
		}
		if h := f.Head[a]; !left[h] && f.Supply[h] < 0 {
			upper[a] = min(upper[a], max(0, -f.Supply[h]))
		}
	}
}
