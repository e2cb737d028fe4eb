package gap

import "math"

// core is the part of a problem that is still open: the pairs of agent and job that may be in a better answer, agent by
// agent, in arrays. Costs are less the least cost of the job, so that none is negative. Leaving a job is a pair, too, with
// an agent of its own, the last, who has room for all; the search needs no other case for it.
type core struct {
	agents, jobs, dims int
	base               int64   // cost of the answer whose every pair costs 0
	scale              int64   // prices are multiples of 1/scale
	limit              float64 // largest price, either way, before scaling

	first    []int32 // pairs of agent i are first[i] to first[i+1], by job
	agent    []int32 // of a pair
	job      []int32
	cost     []int64
	use      []int64 // use[p*dims+d]
	firstOf  []int32 // pairs of job j are of[firstOf[j]:firstOf[j+1]], by agent
	of       []int32
	capacity []int64 // capacity[i*dims+d]
	least    []int64 // least[i*dims+d]: MinLoad
	general  []bool  // agents whose pricing is no plain knapsack: several dimensions or a least load
	nobody   int32   // the agent of jobs that are left, -1 if all must be done
}

// maxScale is the finest grid of prices: bounds are rounded by less than a millionth of a unit for each job. Large costs make
// it coarser.
const maxScale = 1 << 20

// newCore returns the core of the whole problem. Pairs that are forbidden or that do not fit alone are left out.
func newCore(p *Problem) *core {
	m, n, dims := p.Agents, p.Jobs, p.dims()
	c := &core{agents: m, jobs: n, dims: dims, nobody: -1}
	if p.Penalty != nil {
		c.nobody, c.agents = int32(m), m+1
	}
	cheapest := make([]int64, n)
	spread, largest := int64(1), int64(0)
	for j := range n {
		low, high := int64(math.MaxInt64), int64(math.MinInt64)
		see := func(v int64) {
			if v != None {
				low, high = min(low, v), max(high, v)
			}
		}
		for i := range m {
			see(p.Cost[i*n+j])
		}
		see(p.penalty(j))
		if high >= low {
			cheapest[j] = low
			c.base += low
			spread += high - low
			largest += max(high, -low)
		}
	}
	c.scale = maxScale
	for c.scale > 1 && max(float64(spread)*float64(n+1)*4, float64(largest))*float64(c.scale) > 1<<61 {
		c.scale /= 2
	}
	c.limit = float64(2 * spread)
	c.first = make([]int32, 1, c.agents+1)
	c.capacity = make([]int64, c.agents*dims)
	c.least = make([]int64, c.agents*dims)
	c.general = make([]bool, c.agents)
	for i := range m {
		for d := range dims {
			c.capacity[i*dims+d] = p.Capacity[d][i]
			c.least[i*dims+d] = p.minLoad(d, i)
			c.general[i] = c.general[i] || c.least[i*dims+d] > 0
		}
		c.general[i] = c.general[i] || dims != 1
	next:
		for j := range n {
			at := i*n + j
			if p.Cost[at] == None {
				continue
			}
			for d := range dims {
				if p.Use[d][at] > p.Capacity[d][i] {
					continue next
				}
			}
			c.add(int32(i), int32(j), p.Cost[at]-cheapest[j])
			for d := range dims {
				c.use = append(c.use, p.Use[d][at])
			}
		}
		c.first = append(c.first, int32(len(c.job)))
	}
	if c.nobody >= 0 {
		for d := range dims {
			c.capacity[m*dims+d] = math.MaxInt64
		}
		c.general[m] = dims == 0
		for j := range n {
			if v := p.Penalty[j]; v != None {
				c.add(c.nobody, int32(j), v-cheapest[j])
				for range dims {
					c.use = append(c.use, 0)
				}
			}
		}
		c.first = append(c.first, int32(len(c.job)))
	}
	c.index()
	return c
}

func (c *core) add(agent, job int32, cost int64) {
	c.agent, c.job, c.cost = append(c.agent, agent), append(c.job, job), append(c.cost, cost)
}

// index lists the pairs of each job.
func (c *core) index() {
	c.firstOf = make([]int32, c.jobs+1)
	for _, j := range c.job {
		c.firstOf[j+1]++
	}
	for j := range c.jobs {
		c.firstOf[j+1] += c.firstOf[j]
	}
	c.of = make([]int32, len(c.job))
	at := append([]int32(nil), c.firstOf[:c.jobs]...)
	for p, j := range c.job {
		c.of[at[j]] = int32(p)
		at[j]++
	}
}

// without returns the core less the pairs that are out, and where each of its pairs is in the new one, -1 for those out.
func (c *core) without(out []bool) (*core, []int32) {
	k := *c
	k.first, k.agent, k.job, k.cost, k.use = make([]int32, 1, c.agents+1), nil, nil, nil, nil
	at := make([]int32, len(c.job))
	for i := range c.agents {
		for p := c.first[i]; p < c.first[i+1]; p++ {
			if out[p] {
				at[p] = -1
				continue
			}
			at[p] = int32(len(k.job))
			k.add(int32(i), c.job[p], c.cost[p])
			k.use = append(k.use, c.use[int(p)*c.dims:(int(p)+1)*c.dims]...)
		}
		k.first = append(k.first, int32(len(k.job)))
	}
	k.index()
	return &k, at
}

// pairsOf returns the pairs of job j, by agent.
func (c *core) pairsOf(j int32) []int32 { return c.of[c.firstOf[j]:c.firstOf[j+1]] }

// fits reports whether pair p alone fits into room, a vector of dims.
func (c *core) fits(p int32, room []int64) bool {
	for d := range c.dims {
		if c.use[int(p)*c.dims+d] > room[d] {
			return false
		}
	}
	return true
}
