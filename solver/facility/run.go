package facility

import "math"

// run searches until all is proved, or a limit is reached.
func (s *search) run() {
	s.whole, s.grid = newCore(s.p, s.halted)
	s.cost = math.MaxInt64
	if s.whole == nil {
		return
	}
	s.cost = s.grid.most + 1
	decided := make([]choice, s.p.Sites)
	for _, j := range s.p.Open {
		decided[j] = opened
	}
	for _, j := range s.p.Shut {
		decided[j] = shut
	}
	s.must = []int32{}
	for j, v := range decided {
		if v == opened {
			s.must = append(s.must, int32(j))
		}
	}
	root, _ := s.whole.derive(decided)
	if root == nil {
		s.lower = s.cost
		return
	}
	s.raise(root.floor())
	l := newLocal(root)
	for s.step() && l.step() {
	}
	s.take(l.open())
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
