package match

import (
	"cmp"
	"slices"
)

// keepPromises brings units to resources that have fewer than they were promised: unmet ones, or such as are served elsewhere.
func (p *polisher) keepPromises() (gained bool) {
	w := p.w
	var candidates map[int32][]int32 // columns by resource
	for a := range w.arcs {
		if w.arcs[a].val.short == 0 || p.flow[a] >= w.arcs[a].upper {
			continue
		}
		if candidates == nil {
			candidates = p.promised()
		}
		j := int32(slices.Index(w.chain.in, w.arcs[a].tail))
		if j < 0 {
			continue
		}
		for _, k := range candidates[j] {
			if p.flow[a] >= w.arcs[a].upper {
				break
			}
			gained = p.bring(k) || gained
		}
		for _, k := range candidates[j] {
			if p.flow[a] >= w.arcs[a].upper {
				break
			}
			gained = p.force(k) || gained
		}
	}
	return gained
}

// force brings a column a unit of its ask as bring does, another unit, which may be as urgent, making way.
func (p *polisher) force(k int32) bool {
	ask := p.w.rows[p.w.cols[k].row].ask
	var own []int32 // of the ask, whose unit could come; -1: an unmet one
	if p.flow[p.unmetArc[ask]] > 0 {
		own = append(own, -1)
	}
	for _, r := range p.rowsOf[ask] {
		for _, v := range p.cheap[r] {
			if v != k && p.units[v] > 0 && !p.w.rows[r].whole && p.w.cols[v].state&colPins == 0 {
				own = append(own, v)
			}
		}
	}
	p.ruthless = true
	defer func() { p.ruthless = false }()
	for _, v := range own {
		weight := int64(0)
		if v >= 0 {
			freed, ok := p.drop(v)
			if !ok {
				continue
			}
			weight = freed
		}
		for _, x := range p.rivals(ask, k, false, forced) {
			freed, ok := p.drop(x)
			if !ok {
				continue
			}
			if p.fits(k) {
				total := weight + freed + p.add(k)
				chain, more := p.direct(p.w.rows[p.w.cols[x].row].ask, x)
				if total+more < 0 {
					for _, y := range chain {
						p.add(y.col)
					}
					return true
				}
				p.drop(k)
			}
			p.add(x)
		}
		if v >= 0 {
			p.add(v)
		}
	}
	return false
}

// forced is how many units are tried as those that make way for a promise.
const forced = 64

// promised lists the columns of the resources that were promised units, lightest first.
func (p *polisher) promised() map[int32][]int32 {
	list := make(map[int32][]int32)
	for _, row := range p.cheap {
		for _, k := range row {
			if p.w.m.p.Lists.Resources[p.at[k]].Promised && !p.w.rows[p.w.cols[k].row].whole {
				list[p.at[k]] = append(list[p.at[k]], k)
			}
		}
	}
	for _, columns := range list {
		slices.SortStableFunc(columns, func(a, b int32) int { return cmp.Compare(p.weight[a], p.weight[b]) })
	}
	return list
}

// bring gives a column a unit of its ask, one that is unmet or one that another column has, if that gains.
func (p *polisher) bring(k int32) bool {
	ask := p.w.rows[p.w.cols[k].row].ask
	if p.flow[p.unmetArc[ask]] > 0 && p.fits(k) {
		if p.add(k) < 0 {
			return true
		}
		p.drop(k)
	}
	for _, r := range p.rowsOf[ask] {
		for _, v := range p.cheap[r] {
			if v == k || p.units[v] == 0 || p.w.rows[r].whole || p.w.cols[v].state&colPins != 0 {
				continue
			}
			freed, ok := p.drop(v)
			if !ok {
				continue
			}
			if p.fits(k) {
				if freed+p.add(k) < 0 {
					return true
				}
				p.drop(k)
			}
			p.add(v)
		}
	}
	return false
}

// openGates opens every closed gate that enough unmet units would pass, and for which no other must close.
func (p *polisher) openGates(order []int32) (gained bool) {
	w := p.w
	var waiting map[int32][]int32 // columns of unmet asks by resource, urgent ones first
	for g := range w.switches {
		x := &w.switches[g]
		if x.kind == HardWhole || p.flow[x.Arc] > 0 || !p.mayOpen(int32(g)) {
			continue
		}
		if waiting == nil {
			waiting = p.waiting(order)
		}
		j := int32(slices.Index(w.gateOf, int32(g)))
		if int64(len(waiting[j])) >= x.Least && p.openGate(int32(g), waiting[j]) {
			gained = true
			waiting = nil
		}
	}
	return gained
}

// mayOpen reports whether the choices let one gate more open.
func (p *polisher) mayOpen(gate int32) bool {
	for k := range p.w.choices {
		c := &p.w.choices[k]
		if !slices.Contains(c.Switch, gate) {
			continue
		}
		open := int64(0)
		for _, g := range c.Switch {
			if p.flow[p.w.switches[g].Arc] > 0 {
				open++
			}
		}
		if open >= c.Most {
			return false
		}
	}
	return true
}

// waiting lists the columns behind gates of asks with unmet units, by resource.
func (p *polisher) waiting(order []int32) map[int32][]int32 {
	list := make(map[int32][]int32)
	for _, k := range order {
		if p.flow[p.unmetArc[k]] == 0 {
			continue
		}
		for _, r := range p.rowsOf[k] {
			for _, c := range p.cheap[r] {
				if j := p.at[c]; p.w.gateOf[j] >= 0 {
					list[j] = append(list[j], c)
				}
			}
		}
	}
	return list
}

// openGate fills a gate with waiting units; it stays closed if they are too few.
func (p *polisher) openGate(gate int32, waiting []int32) bool {
	p.opening = gate
	defer func() { p.opening = -1 }()
	var added []int32
	for _, k := range waiting {
		for p.flow[p.unmetArc[p.w.rows[p.w.cols[k].row].ask]] > 0 && p.fits(k) {
			p.add(k)
			added = append(added, k)
		}
	}
	if x := &p.w.switches[gate]; p.flow[x.Arc] >= x.Least {
		return true
	}
	for _, k := range slices.Backward(added) {
		p.drop(k)
	}
	return false
}
