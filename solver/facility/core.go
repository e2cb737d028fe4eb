package facility

import (
	"math"
	"slices"
)

// core is what is left to decide: sites that are free, and for each client the free sites that would serve it for less than
// what it falls back to. Sites that are open lie in base and in what clients fall back to; sites that are shut are gone.
// All costs are in units of 1/scale, the scale of the search.
type core struct {
	start []int32
	site  []int32 // of the pairs of a client, in order of cost, then site
	cost  []int64
	fall  []int64 // what a client costs if no free site serves it, at least: for the bound
	pay   []int64 // what it costs then in a plan; more than fall where a row was cut or a client must be served
	fixed []int64 // of the free sites
	price []int64 // nil if there is no budget
	id    []int32 // the site of the problem, ascending
	in    []int32 // sites of the problem that are open for sure
	base  int64   // cost of what is decided, with fall for clients whom no free site can serve
	owed  int64   // what pay is more than fall for those clients
	room  int     // so many free sites may open, at most
	money int64   // what is left of the budget
}

func (c *core) sites() int   { return len(c.id) }
func (c *core) clients() int { return len(c.fall) }

// scaling is the grid of the search.
type scaling struct {
	unit  int64 // what all costs are multiples of; they are divided by it first
	scale int64 // then multiplied by this
	most  int64 // no plan costs more than this; before scaling, in units
}

const (
	finest   = 1 << 20 // the grid is this fine unless sums could overflow
	sumLimit = 1 << 60 // of the sum of what clients fall back to, scaled
)

// divisor returns the greatest common divisor of all costs, at least 1.
func (p *Problem) divisor() int64 {
	g := int64(0)
	add := func(values []int64) bool {
		for _, v := range values {
			if v == None {
				continue
			}
			for a, b := g, max(v, -v); ; a, b = b, a%b {
				if b == 0 {
					g = a
					break
				}
			}
			if g == 1 {
				return true
			}
		}
		return false
	}
	if add(p.Fixed) || add(p.Penalty) || add(p.Beyond) || add(p.Rows.Cost) {
		return 1
	}
	return max(1, g)
}

// newCore makes the core of the whole problem, in which every site is free, and the grid. Rows are sorted. It returns nil if
// stop says so.
func newCore(p *Problem, stop func() bool) (*core, scaling) {
	g := scaling{unit: p.divisor()}
	n := p.Rows.Clients()
	c := &core{
		start: make([]int32, 1, n+1), fall: make([]int64, n), pay: make([]int64, n),
		fixed: make([]int64, p.Sites), id: make([]int32, p.Sites),
		room: p.Sites, money: p.Budget,
	}
	if p.MaxOpen > 0 {
		c.room = min(c.room, p.MaxOpen)
	}
	if p.Price != nil {
		c.price = p.Price
	}
	for j := range c.id {
		c.id[j] = int32(j)
		if p.Fixed != nil {
			c.fixed[j] = p.Fixed[j] / g.unit
			g.most += max(0, c.fixed[j])
		}
	}
	dearest := make([]int64, n)
	for i := range n {
		_, costs := p.Rows.Row(i)
		for _, v := range costs {
			dearest[i] = max(dearest[i], v/g.unit)
		}
		if v := p.penalty(i); v != None {
			dearest[i] = max(dearest[i], v/g.unit)
		}
		g.most += dearest[i]
	}
	// A client that must be served falls back to more than any plan costs, unless such sums could overflow.
	never := g.most + 1
	for _, v := range c.fixed {
		never += max(0, -v) // what opening may earn does not make up for it
	}
	if never > sumLimit/4/int64(max(1, n)) {
		never = 0
	}
	sum := g.most
	for i := range n {
		c.fall[i] = never
		if never == 0 {
			c.fall[i] = 2*dearest[i] + 1
		}
		if v := p.penalty(i); v != None {
			c.fall[i] = v / g.unit
		}
		c.pay[i] = c.fall[i]
		if v := p.beyond(i); v != None {
			c.fall[i] = min(c.fall[i], v/g.unit)
		}
		sum += c.pay[i]
	}
	g.scale = 1
	for g.scale < finest && sum < sumLimit/2/g.scale {
		g.scale *= 2
	}
	if !c.fill(p, g, stop) {
		return nil, g
	}
	for i := range n {
		c.fall[i] *= g.scale
		c.pay[i] *= g.scale
	}
	for j := range c.fixed {
		c.fixed[j] *= g.scale
	}
	return c, g
}

// fill sorts the rows into the core, leaving out what costs no less than leaving the client.
func (c *core) fill(p *Problem, g scaling, stop func() bool) bool {
	c.site = make([]int32, 0, len(p.Rows.Site))
	c.cost = make([]int64, 0, len(p.Rows.Site))
	var order []int32
	var keys []uint64
	for i := range c.clients() {
		if i%64 == 0 && stop() {
			return false
		}
		sites, costs := p.Rows.Row(i)
		put := func(j int32, v int64) {
			if v < c.pay[i] {
				c.site = append(c.site, j)
				c.cost = append(c.cost, v*g.scale)
			}
		}
		sorted, small := true, true
		for k := range sites {
			if k > 0 && (costs[k] < costs[k-1] || costs[k] == costs[k-1] && sites[k] < sites[k-1]) {
				sorted = false
			}
			small = small && costs[k]/g.unit < math.MaxUint32
		}
		switch {
		case sorted:
			for k, j := range sites {
				put(j, costs[k]/g.unit)
			}
		case small: // cost and site in one word sort three times as fast
			keys = keys[:0]
			for k, j := range sites {
				keys = append(keys, uint64(costs[k]/g.unit)<<31|uint64(j))
			}
			slices.Sort(keys)
			for _, v := range keys {
				put(int32(v&(1<<31-1)), int64(v>>31))
			}
		default:
			order = order[:0]
			for k := range sites {
				order = append(order, int32(k))
			}
			slices.SortFunc(order, func(a, b int32) int {
				if costs[a] != costs[b] {
					if costs[a] < costs[b] {
						return -1
					}
					return 1
				}
				return int(sites[a]) - int(sites[b])
			})
			for _, k := range order {
				put(sites[k], costs[k]/g.unit)
			}
		}
		c.start = append(c.start, int32(len(c.site)))
	}
	return true
}

// choice is what is decided of a site.
type choice uint8

const (
	free choice = iota
	opened
	shut
)

// derive makes the core that is left when sites are decided, and where the clients of c are in it: clients that rank the same
// sites in the same order are one, clients whom no free site can serve are none (-1). It returns nil if the decisions cannot
// be: too many sites, or too dear. It takes time linear in the pairs looked at.
func (c *core) derive(decided []choice) (*core, []int32) {
	d := &core{base: c.base, owed: c.owed, room: c.room, money: c.money, in: slices.Clip(c.in)}
	for j, v := range decided {
		if v != opened {
			continue
		}
		d.base += c.fixed[j]
		d.room--
		d.in = append(d.in, c.id[j])
		if c.price != nil {
			d.money -= c.price[j]
		}
	}
	if d.room < 0 || c.price != nil && d.money < 0 {
		return nil, nil
	}
	isFree := make([]bool, c.sites())
	for j, v := range decided {
		isFree[j] = v == free && d.room > 0 && (c.price == nil || c.price[j] <= d.money)
	}
	n := c.clients()
	into := make([]int32, n)
	d.start = make([]int32, 1, n+1)
	d.fall, d.pay = make([]int64, 0, n), make([]int64, 0, n)
	if size := len(c.site); size < 1<<16 {
		d.site, d.cost = make([]int32, 0, size), make([]int64, 0, size)
	}
	used := make([]bool, c.sites())
	same := map[uint64]int32{}
	for i := range n {
		begin := len(d.site)
		fall, pay := c.fall[i], c.pay[i]
		hash := uint64(14695981039346656037)
		for k := c.start[i]; k < c.start[i+1]; k++ {
			j := c.site[k]
			if decided[j] == opened {
				fall, pay = min(fall, c.cost[k]), min(pay, c.cost[k])
			}
			if c.cost[k] >= pay {
				break
			}
			if isFree[j] {
				d.site = append(d.site, j)
				d.cost = append(d.cost, c.cost[k])
				hash = (hash ^ uint64(j)) * 1099511628211
			}
		}
		if len(d.site) == begin {
			into[i] = -1
			d.base += fall
			d.owed += pay - fall
			continue
		}
		if fall == pay {
			if at, found := same[hash]; found && d.merge(at, begin, fall) {
				into[i] = at
				continue
			} else if !found {
				same[hash] = int32(len(d.fall))
			}
		}
		for _, j := range d.site[begin:] {
			used[j] = true
		}
		into[i] = int32(len(d.fall))
		d.start = append(d.start, int32(len(d.site)))
		d.fall, d.pay = append(d.fall, fall), append(d.pay, pay)
	}
	d.renumber(c, isFree, used)
	return d, into
}

// merge adds the row that begins at begin to client at, if it ranks the same sites.
func (c *core) merge(at int32, begin int, fall int64) bool {
	from := int(c.start[at])
	if !slices.Equal(c.site[from:c.start[at+1]], c.site[begin:]) {
		return false
	}
	for k, v := range c.cost[begin:] {
		c.cost[from+k] += v
	}
	c.fall[at] += fall
	c.pay[at] += fall
	c.site, c.cost = c.site[:begin], c.cost[:begin]
	return true
}

// renumber numbers the sites of a core made from c: those that are free and serve somebody, or are worth opening for nobody.
func (c *core) renumber(from *core, isFree, used []bool) {
	to := make([]int32, len(isFree))
	for j := range isFree {
		if !isFree[j] || !used[j] && from.fixed[j] >= 0 {
			continue
		}
		to[j] = int32(len(c.id))
		c.id = append(c.id, from.id[j])
		c.fixed = append(c.fixed, from.fixed[j])
		if from.price != nil {
			c.price = append(c.price, from.price[j])
		}
	}
	for k, j := range c.site {
		c.site[k] = to[j]
	}
	c.room = min(c.room, c.sites())
}

// floor returns a bound that takes no search: every client goes where it is cheapest, for nothing.
func (c *core) floor() int64 {
	low := c.base
	for i := range c.clients() {
		low += min(c.fall[i], c.cost[c.start[i]])
	}
	for _, v := range c.fixed {
		low += min(0, v)
	}
	return low
}
