package gap

import (
	"math"
	"math/rand/v2"
	"slices"
)

// chains improves complete assignments by ejection chains: a job shifts to another agent, or pushes a job out there, which
// shifts in turn, to a third agent or to the place of the first (a swap). Loads may leave their bounds at a price, which
// rises where they stay outside and falls where they do not (Yagiura, Ibaraki and Glover 2004, 2006).
// Differs: chains have at most two jobs, which is where nearly all of their chains end, and each job looks only at the agents
// that the Lagrangean dual finds least bad for it.
type chains struct {
	c    *core
	rng  *rand.Rand
	near [][]int32 // pairs of each job worth a look, least bad first

	pair    []int32   // of job j
	members [][]int32 // jobs of each agent
	place   []int32   // of job j among the members
	load    []int64   // load[i*dims+d]
	weight  []float64 // price of a unit outside the bounds, of agent and dimension
	cost    int64

	best     []int32 // the best assignment within all bounds since it was last taken; nil if none
	bestCost int64
	order    []int32
	ticks    int64
}

// maxNear is how many agents a job looks at.
const maxNear = 10

// newChains returns chains over c. badness orders the pairs of a job, least first.
func newChains(c *core, rng *rand.Rand, badness func(p int32) float64) *chains {
	l := &chains{
		c: c, rng: rng, near: make([][]int32, c.jobs), pair: make([]int32, c.jobs), members: make([][]int32, c.agents),
		place: make([]int32, c.jobs), load: make([]int64, len(c.capacity)), weight: make([]float64, len(c.capacity)), order: make([]int32, c.jobs),
	}
	for j := range c.jobs {
		near := slices.Clone(c.pairsOf(int32(j)))
		slices.SortStableFunc(near, func(p, q int32) int {
			switch a, b := badness(p), badness(q); {
			case a < b:
				return -1
			case a > b:
				return 1
			}
			return int(p - q)
		})
		l.near[j] = near[:min(len(near), maxNear)]
		l.order[j] = int32(j)
	}
	cost, use := 1.0, make([]float64, max(1, c.dims))
	for p := range c.cost {
		cost += float64(c.cost[p])
		for d := range c.dims {
			use[d] += float64(c.use[p*c.dims+d])
		}
	}
	for at := range l.weight {
		l.weight[at] = cost / (1 + use[at%c.dims])
	}
	return l
}

// set begins from an assignment: the pair of each job.
func (l *chains) set(pairs []int32) {
	c := l.c
	for i := range l.members {
		l.members[i] = l.members[i][:0]
	}
	clear(l.load)
	l.cost = 0
	for j, p := range pairs {
		l.put(int32(j), p)
	}
	l.ticks += int64(c.jobs + c.agents)
	l.keep()
}

// greedy begins from an assignment made job by job: the one whose second choice would cost most goes first, each to the least
// bad agent with room, or to the least bad of all.
func (l *chains) greedy() {
	c := l.c
	pairs := make([]int32, c.jobs)
	room := slices.Clone(c.capacity)
	order := slices.Clone(l.order)
	l.rng.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
	for _, j := range order {
		pairs[j] = l.near[j][0]
		for _, p := range l.near[j] {
			if i := int(c.agent[p]); c.fits(p, room[i*c.dims:(i+1)*c.dims]) {
				pairs[j] = p
				break
			}
		}
		i := int(c.agent[pairs[j]])
		for d := range c.dims {
			room[i*c.dims+d] -= c.use[int(pairs[j])*c.dims+d]
		}
	}
	l.set(pairs)
}

func (l *chains) put(j, p int32) {
	c := l.c
	i := c.agent[p]
	l.pair[j], l.place[j] = p, int32(len(l.members[i]))
	l.members[i] = append(l.members[i], j)
	l.cost += c.cost[p]
	for d := range c.dims {
		l.load[int(i)*c.dims+d] += c.use[int(p)*c.dims+d]
	}
}

func (l *chains) take(j int32) {
	c := l.c
	p := l.pair[j]
	i := c.agent[p]
	last := l.members[i][len(l.members[i])-1]
	l.members[i][l.place[j]], l.place[last] = last, l.place[j]
	l.members[i] = l.members[i][:len(l.members[i])-1]
	l.cost -= c.cost[p]
	for d := range c.dims {
		l.load[int(i)*c.dims+d] -= c.use[int(p)*c.dims+d]
	}
}

func (l *chains) move(j, p int32) {
	l.take(j)
	l.put(j, p)
}

// strain is what agent i pays for being outside the bounds, with one pair more and one less; -1 for none.
func (l *chains) strain(i, more, less int32) float64 {
	c := l.c
	sum := 0.0
	for d := range c.dims {
		at := int(i)*c.dims + d
		load := l.load[at]
		if more >= 0 {
			load += c.use[int(more)*c.dims+d]
		}
		if less >= 0 {
			load -= c.use[int(less)*c.dims+d]
		}
		if over := max(load-c.capacity[at], c.least[at]-load); over > 0 {
			sum += float64(l.weight[at] * float64(over))
		}
	}
	return sum
}

// within reports whether every load is within its bounds.
func (l *chains) within() bool {
	for at, v := range l.load {
		if v > l.c.capacity[at] || v < l.c.least[at] {
			return false
		}
	}
	return true
}

// keep remembers the assignment if it is the best within all bounds.
func (l *chains) keep() {
	if (l.best == nil || l.cost < l.bestCost) && l.within() {
		l.best, l.bestCost = append(l.best[:0:0], l.pair...), l.cost
	}
}

// descend applies improving moves until there is none, or the ticks are used up.
func (l *chains) descend(ticks int64, stop func() bool) {
	end := l.ticks + ticks
	idle := 0
	for idle < len(l.order) {
		l.rng.Shuffle(len(l.order), func(a, b int) { l.order[a], l.order[b] = l.order[b], l.order[a] })
		for _, j := range l.order {
			if l.ticks > end || stop() {
				return
			}
			if l.improve(j) {
				idle = 0
				l.keep()
			} else if idle++; idle >= len(l.order) {
				return
			}
		}
	}
}

// improve makes the best chain that begins with job j, if it lowers cost and strain, and reports whether it did.
func (l *chains) improve(j int32) bool {
	c := l.c
	p := l.pair[j]
	i := c.agent[p]
	l.ticks += int64(40 * (c.dims + 1))
	at := l.strain(i, -1, -1)
	freed := l.strain(i, -1, p) - at - float64(c.cost[p])
	best := -1e-6
	var first, second, other int32 = -1, -1, -1
	for _, q := range l.near[j] {
		to := c.agent[q]
		if to == i {
			continue
		}
		l.ticks += int64(16 * (c.dims + 1))
		before := l.strain(to, -1, -1)
		base := freed + float64(c.cost[q])
		full := l.strain(to, q, -1) - before
		if v := base + full; v < best {
			best, first, other = v, q, -1
		}
		if full == 0 && freed >= 0 { // a shift that fits gains nothing by pushing out
			continue
		}
		for _, k := range l.members[to] {
			r := l.pair[k]
			l.ticks += int64(8 * (c.dims + 1))
			pushed := base + l.strain(to, q, r) - before - float64(c.cost[r])
			if pushed > best {
				continue
			}
			for _, s := range l.near[k] {
				there := c.agent[s]
				if there == to || pushed+float64(c.cost[s]) > best+at {
					continue
				}
				l.ticks += int64(16 * (c.dims + 1))
				v := pushed + float64(c.cost[s])
				if there == i {
					v += l.strain(i, s, p) - l.strain(i, -1, p)
				} else {
					v += l.strain(there, s, -1) - l.strain(there, -1, -1)
				}
				if v < best {
					best, first, second, other = v, q, s, k
				}
			}
		}
	}
	if first < 0 {
		return false
	}
	l.move(j, first)
	if other >= 0 {
		l.move(other, second)
	}
	return true
}

// reprice raises the weights where loads are outside their bounds, and lowers all if none is.
func (l *chains) reprice() {
	l.ticks += int64(len(l.load) + 8)
	good := true
	for at, v := range l.load {
		if v > l.c.capacity[at] || v < l.c.least[at] {
			l.weight[at] *= 1.3
			good = false
		}
	}
	if good {
		for at := range l.weight {
			l.weight[at] = math.Max(1e-3, l.weight[at]*0.8)
		}
	}
}

// kick moves a few random jobs to random agents among those near.
func (l *chains) kick(jobs int) {
	for range jobs {
		j := int32(l.rng.IntN(l.c.jobs))
		l.move(j, l.near[j][l.rng.IntN(len(l.near[j]))])
	}
}

// relink walks from the assignment in hand towards another, each step the change that costs and strains least, and goes to
// the best place on the second half of the way (path relinking; Glover 1997).
func (l *chains) relink(to []int32) {
	var apart []int32
	for j, p := range to {
		if p >= 0 && l.pair[j] != p {
			apart = append(apart, int32(j))
		}
	}
	steps := len(apart) / 2
	for range steps {
		best, at := math.Inf(1), -1
		for k, j := range apart {
			p, q := l.pair[j], to[j]
			from, there := l.c.agent[p], l.c.agent[q]
			v := float64(l.c.cost[q]-l.c.cost[p]) + l.strain(from, -1, p) - l.strain(from, -1, -1) + l.strain(there, q, -1) - l.strain(there, -1, -1)
			if v < best {
				best, at = v, k
			}
		}
		l.ticks += int64(4 * len(apart) * (l.c.dims + 1))
		j := apart[at]
		l.move(j, to[j])
		apart[at] = apart[len(apart)-1]
		apart = apart[:len(apart)-1]
	}
	l.keep()
}
