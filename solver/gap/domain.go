package gap

// domain is the set of pairs that one place of the search still allows, with all that follows from it: a job with one pair
// left is fixed there, and what no longer fits beside the fixed jobs is out. Changes are undone in reverse.
type domain struct {
	c       *core
	out     []bool  // of a pair
	left    []int32 // pairs left to job j
	fixed   []int32 // the pair of job j, -1 while it has several
	open    int     // jobs not fixed
	room    []int64 // room[i*dims+d] left beside the fixed jobs
	reach   []int64 // reach[i*dims+d]: use of all pairs of agent i that are not out
	nFixed  []int32 // fixed jobs of agent i
	free    []int32 // pairs of agent i that are not out, of jobs not fixed
	cost    int64   // of the fixed pairs
	touched []bool  // agents whose room shrank, to be swept
	sweep   []int32
	trail   []int32 // pairs removed, and ^j for jobs fixed
	ticks   int64
}

func newDomain(c *core) *domain {
	d := &domain{
		c: c, out: make([]bool, len(c.job)), left: make([]int32, c.jobs), fixed: make([]int32, c.jobs), open: c.jobs,
		room: append([]int64(nil), c.capacity...), reach: make([]int64, len(c.capacity)),
		nFixed: make([]int32, c.agents), free: make([]int32, c.agents), touched: make([]bool, c.agents),
	}
	for p := range c.job {
		d.free[c.agent[p]]++
		for k := range c.dims {
			d.reach[int(c.agent[p])*c.dims+k] += c.use[p*c.dims+k]
		}
	}
	for j := range c.jobs {
		d.left[j] = c.firstOf[j+1] - c.firstOf[j]
		d.fixed[j] = -1
	}
	return d
}

// start fixes the jobs that have one pair from the beginning. It reports false if no assignment is left.
func (d *domain) start() bool {
	for i := range d.c.agents {
		for k := range d.c.dims {
			if d.reach[i*d.c.dims+k] < d.c.least[i*d.c.dims+k] {
				return false
			}
		}
	}
	for j := range int32(d.c.jobs) {
		if d.left[j] == 0 || d.left[j] == 1 && d.fixed[j] < 0 && !d.fix(j) {
			return false
		}
	}
	return d.propagate()
}

// remove takes pair p out. It reports false if no assignment is left.
func (d *domain) remove(p int32) bool {
	if d.out[p] {
		return true
	}
	c := d.c
	d.out[p] = true
	d.trail = append(d.trail, p)
	d.ticks += 4
	i, j := int(c.agent[p]), c.job[p]
	d.left[j]--
	d.free[i]--
	ok := d.left[j] > 0
	for k := range c.dims {
		at := i*c.dims + k
		d.reach[at] -= c.use[int(p)*c.dims+k]
		ok = ok && d.reach[at] >= c.least[at]
	}
	return ok && (d.left[j] > 1 || d.fix(j))
}

// fix gives job j to the agent of its last pair.
func (d *domain) fix(j int32) bool {
	c := d.c
	for _, p := range c.pairsOf(j) {
		if d.out[p] {
			continue
		}
		i := int(c.agent[p])
		d.fixed[j] = p
		d.open--
		d.nFixed[i]++
		d.free[i]--
		d.cost += c.cost[p]
		d.trail = append(d.trail, ^j)
		ok := true
		for k := range c.dims {
			at := i*c.dims + k
			d.room[at] -= c.use[int(p)*c.dims+k]
			ok = ok && d.room[at] >= 0
		}
		if !d.touched[i] {
			d.touched[i] = true
			d.sweep = append(d.sweep, int32(i))
		}
		return ok
	}
	return false
}

// propagate takes out what no longer fits, until nothing changes. It reports false if no assignment is left.
func (d *domain) propagate() bool {
	c := d.c
	ok := true
	for len(d.sweep) > 0 {
		i := d.sweep[len(d.sweep)-1]
		d.sweep = d.sweep[:len(d.sweep)-1]
		d.touched[i] = false
		if !ok {
			continue
		}
		room := d.room[int(i)*c.dims : (int(i)+1)*c.dims]
		d.ticks += int64(c.first[i+1] - c.first[i])
		for p := c.first[i]; ok && p < c.first[i+1]; p++ {
			if !d.out[p] && d.fixed[c.job[p]] < 0 && !c.fits(p, room) {
				ok = d.remove(p)
			}
		}
	}
	return ok
}

// undo goes back to the time when the trail had this length.
func (d *domain) undo(length int) {
	c := d.c
	d.ticks += int64(4 * (len(d.trail) - length))
	for len(d.trail) > length {
		t := d.trail[len(d.trail)-1]
		d.trail = d.trail[:len(d.trail)-1]
		if t < 0 {
			j := ^t
			p := d.fixed[j]
			i := int(c.agent[p])
			d.fixed[j] = -1
			d.open++
			d.nFixed[i]--
			d.free[i]++
			d.cost -= c.cost[p]
			for k := range c.dims {
				d.room[i*c.dims+k] += c.use[int(p)*c.dims+k]
			}
			continue
		}
		d.out[t] = false
		d.left[c.job[t]]++
		d.free[c.agent[t]]++
		for k := range c.dims {
			d.reach[int(c.agent[t])*c.dims+k] += c.use[int(t)*c.dims+k]
		}
	}
}
