package facility

import (
	"math"
	"math/rand/v2"
)

const (
	rootSteps  = 3000 // of the dual at the root, at most
	rootStall  = 200  // of those, without the bound coming closer by a hundredth of what is left
	rootEvery  = 20   // steps of the dual, then sites are decided, and a plan is made from those that it opens
	firstTries = 10   // of the local search before the dual
)

// run searches until all is proved, or a limit is reached.
func (s *search) run() {
	s.whole, s.grid = newCore(s.p, s.halted)
	s.cost = math.MaxInt64
	if s.whole == nil {
		return
	}
	s.cost = s.grid.most + 1
	if s.opts.Seek != nil {
		s.cost = min(s.cost, floorDiv(*s.opts.Seek, s.grid.unit)+1)
	}
	decided := make([]choice, s.p.Sites)
	for _, j := range s.p.Open {
		decided[j] = opened
	}
	for _, j := range s.p.Shut {
		decided[j] = shut
	}
	s.trunk, _ = s.whole.derive(decided)
	if s.trunk == nil {
		s.lower = s.cost
		return
	}
	s.raise(s.trunk.floor())
	s.begin()
	if !s.descend(s.climb) {
		return
	}
	s.climb.keep()
	for range firstTries {
		if s.proved() || !s.again(s.climb) {
			return
		}
	}
	d := s.root()
	if d == nil || s.proved() {
		return
	}
	s.branch(d)
}

// proved reports whether no better plan can be, or is sought.
func (s *search) proved() bool { return s.lower >= s.cost || s.opts.Seek != nil && s.open != nil }

// limit returns the cost, on the grid, that a better plan stays within.
func (s *search) limit() int64 { return (s.cost - 1) * s.grid.scale }

// begin starts a local search on the trunk, from the plan that was given or the best in hand.
func (s *search) begin() {
	from := s.open
	if from == nil {
		from = s.opts.Start
	}
	var start []int32
	if from != nil {
		start = s.trunk.own(from)
	}
	s.climb = newClimb(s.trunk, rand.New(rand.NewPCG(s.opts.Seed, 1)), start)
	s.climb.rng = s.rng
}

// own returns those sites of the problem that the core is free to open, as its own.
func (c *core) own(sites []int32) []int32 {
	at := make(map[int32]int32, len(c.id))
	for j, id := range c.id {
		at[id] = int32(j)
	}
	out := []int32{}
	for _, id := range sites {
		if j, ok := at[id]; ok {
			out = append(out, j)
		}
	}
	return out
}

// root maximises the bound of the trunk, decides sites on the way, and makes plans from what it opens. It returns nil when all
// is proved or a limit is reached.
func (s *search) root() *dual {
	if s.trunk.sites() == 0 {
		s.settle(s.trunk)
		return nil
	}
	d := newDual(s.trunk, s.prices(), 0)
	mark, from := 0, d.value
	for k := range rootSteps {
		if !s.step() {
			return nil
		}
		d.rise(s.limit() + 1)
		s.raise(d.value)
		if s.proved() {
			return nil
		}
		if float64(d.value-from) > 0.01*float64(s.limit()-from) {
			mark, from = k, d.value
		}
		if k-mark > rootStall {
			break
		}
		if k%rootEvery != rootEvery-1 {
			continue
		}
		if !s.from(s.climb, d.picked) || !s.again(s.climb) {
			return nil
		}
		if s.proved() {
			return nil
		}
		decided, count := d.decide(s.limit())
		if count*10 < s.trunk.sites() {
			continue
		}
		if d = s.shrink(d, decided); d == nil {
			return nil
		}
	}
	return d
}

// prices returns the prices to begin with: what the second best of the sites in hand costs a client, or halfway to it.
func (s *search) prices() []int64 {
	l := s.climb.l
	price := make([]int64, s.trunk.clients())
	for i := range price {
		price[i] = l.first[i] + (l.other[i]-l.first[i])/4
		if l.near[i] < 0 {
			price[i] = s.trunk.cost[s.trunk.start[i+1]-1]
		}
	}
	return price
}

// shrink makes the trunk what is left when sites are decided. It returns nil when nothing is.
func (s *search) shrink(d *dual, decided []choice) *dual {
	trunk, into := s.trunk.derive(decided)
	if trunk == nil {
		s.raise(s.limit() + 1)
		return nil
	}
	s.trunk = trunk
	if trunk.sites() == 0 {
		s.settle(trunk)
		return nil
	}
	child := newDual(trunk, carry(d.price, into, trunk.clients()), d.money)
	child.step, child.weight = d.step, d.weight
	s.begin()
	return child
}

// settle takes the plan of a core with nothing left to decide, and raises the bound to it, unless rows were cut.
func (s *search) settle(c *core) {
	s.take(c, nil)
	s.raise(min(c.base, s.limit()+1))
}

// carry gives the clients of a core the prices of those that they were made of.
func carry(price []int64, into []int32, n int) []int64 {
	out := make([]int64, n)
	for i, at := range into {
		if at >= 0 {
			out[at] += price[i]
		}
	}
	return out
}
