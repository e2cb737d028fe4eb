package match

// ground answers what it takes to give one more unit a place in a finished plan: the least change of the plan is a shortest
// path in the network of its changes. There is one for each kind of network. It belongs to one goroutine.
type ground interface {
	// clear forgets the last question.
	clear()
	// enter lets the unit begin at a node, at this weight. Ways that weigh limit or more are of no interest.
	enter(node int32, weight, limit int64)
	// settle finds the lightest way to a node and returns its weight, false if there is none below the limit.
	settle(node int32) (int64, bool)
	// least is what a way from a node to another weighs at least.
	least(from, to int32) int64
	// way returns the nodes of the way found, the value of its steps (what the unit itself costs not counted) and where it began.
	way(node int32) (path []int32, sum value, start int32)

	// drain is the lightest way from a node to the sink: what it weighs, its nodes and its value; false if there is none.
	drain(node int32) (int64, bool)
	drainWay(node int32) (path []int32, sum value)

	sink() int32
	head(entry, day int32) int32 // where a unit of the entry enters on a day
	weigh(v value) int64
	owner(node int32) (need, resource int32) // whose units leave the node, or whose chain it is in; -1 for none
}

// movesOn lists who changes hands along a way: where the path comes to a need and leaves it again.
func movesOn(g ground, path []int32) []Move {
	var moves []Move
	at := int32(-1) // resource whose chain the path is in
	for k, v := range path {
		i, j := g.owner(v)
		if j >= 0 {
			at = j
		}
		if v == g.sink() {
			at = -1
		}
		if i < 0 {
			continue
		}
		if before, _ := ownerOf(g, path, k-1); before == i { // another node of the same need
			continue
		}
		to := int32(-1)
		for _, u := range path[k+1:] {
			n, r := g.owner(u)
			if n == i {
				continue
			}
			if r >= 0 {
				to = r
			}
			break
		}
		moves = append(moves, Move{Need: i, From: at, To: to})
	}
	return moves
}

func ownerOf(g ground, path []int32, k int) (need, resource int32) {
	if k < 0 {
		return -1, -1
	}
	return g.owner(path[k])
}

// plainGround asks a residual, in which pairs are looked up.
type plainGround struct {
	*walker
	ways     *ways
	resource []int32 // by node
}

func newPlainGround(g *residual, w *ways) *plainGround {
	p := &plainGround{walker: newWalker(g), ways: w, resource: make([]int32, len(g.net.next))}
	p.keepPaths()
	for v := range p.resource {
		p.resource[v] = -1
	}
	for j, v := range g.net.resource {
		p.resource[v] = int32(j)
	}
	for e, v := range g.net.entry {
		p.resource[v] = g.m.entries[e].resource
	}
	return p
}

func (p *plainGround) clear() { p.reset() }

func (p *plainGround) enter(node int32, weight, limit int64) {
	p.limit = limit
	p.at = -1
	p.reach(node, weight+p.g.of[node])
}

func (p *plainGround) settle(node int32) (int64, bool) {
	of := p.g.of
	for !p.settled[node] {
		v := p.next()
		if v < 0 {
			return 0, false
		}
		if v != node {
			p.relax(v)
		}
	}
	return p.label[node] - of[node], true
}

func (p *plainGround) drain(node int32) (int64, bool) { return p.ways.weight(node) }

func (p *plainGround) drainWay(node int32) ([]int32, value) {
	weight, _ := p.ways.weight(node)
	return p.ways.path(node), p.g.m.valueOf(weight)
}

func (p *plainGround) least(from, to int32) int64 { return p.g.of[from] - p.g.of[to] }

func (p *plainGround) way(node int32) ([]int32, value, int32) {
	path := p.path(node)
	start := path[0]
	weight := p.label[start] - p.g.of[start] // of the unit itself
	return path, p.g.m.valueOf(p.label[node] - p.g.of[node] - weight), start
}

func (p *plainGround) sink() int32 { return p.g.net.sink }

func (p *plainGround) head(entry, _ int32) int32 { return p.g.net.entry[entry] }

func (p *plainGround) weigh(v value) int64 {
	w := v.cost
	for c, u := range v.unmet {
		w += p.g.m.penalty[c] * u
	}
	return w
}

func (p *plainGround) owner(node int32) (need, resource int32) {
	if int(node) < len(p.g.m.needs) {
		return node, -1
	}
	return -1, p.resource[node]
}

// webGround asks a webResidual.
type webGround struct {
	*webWalker
	ways *webWays
}

func (p *webGround) clear() {
	p.dijkstra.clear()
	p.own = -1
}

func (p *webGround) enter(node int32, weight, limit int64) {
	p.limit = limit
	p.at = -1
	p.reach(node, weight+p.g.of[node])
}

func (p *webGround) settle(node int32) (int64, bool) {
	for !p.settled[node] {
		v := p.next()
		if v < 0 {
			return 0, false
		}
		if v != node {
			p.relax(v)
		}
	}
	return p.label[node] - p.g.of[node], true
}

func (p *webGround) drain(node int32) (int64, bool) { return p.ways.weight(node) }

func (p *webGround) drainWay(node int32) ([]int32, value) {
	return p.ways.path(node), p.ways.value(node)
}

func (p *webGround) least(from, to int32) int64 { return p.g.of[from] - p.g.of[to] }

func (p *webGround) way(node int32) ([]int32, value, int32) {
	path := p.path(node)
	return path, p.valueTo(node), path[0]
}

func (p *webGround) sink() int32 { return p.g.w.sink }

func (p *webGround) head(entry, day int32) int32 {
	c := &p.g.w.chain
	j := p.g.w.m.entries[entry].resource
	if v, ok := c.dayAt[[2]int32{j, day}]; ok && day != noDay {
		return v
	}
	if v, ok := c.limitAt[entry]; ok {
		return v
	}
	return c.in[j]
}

func (p *webGround) weigh(v value) int64 { return p.g.scale.weigh(v) }

func (p *webGround) owner(node int32) (need, resource int32) {
	return p.g.need[node], p.g.resource[node]
}
