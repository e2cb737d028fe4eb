package gap

import (
	"math"
	"slices"
)

// multiknapsack solves the pricing of an agent with several dimensions, or with a least load: 0-1 knapsacks that have a row
// for each. The rows are relaxed with multipliers, kept from call to call because similar problems follow each other, and a
// branch and bound over the items, the dearest decision first, closes the rest within a limit. Its bound is always true.
type multiknapsack struct {
	rows   map[int][]float64 // of agent i: a multiplier for each capacity, then for each least load; >= 0
	gain   []float64         // of an item
	rest   []float64         // gain less multipliers times use
	tail   []float64         // tail[k]: sum of what is positive in rest from k on
	pair   []int32
	order  []int32
	use    []float64 // use[k*dims+d]
	room   []float64
	need   []float64
	taken  []bool
	best   []bool
	target float64
	found  bool
	upper  float64 // the greatest bound of what was not searched
	nodes  int
	error  float64 // of a bound, at most
}

const (
	multiplierSteps = 12
	multiNodes      = 3000
)

// solve returns a bound on what agent i can earn at the prices on the grid, never below the truth, and the pairs that earn
// it or nearly so; nil pairs say that the column known is as good. The bound is impossible if the agent cannot reach its
// least load.
func (m *multiknapsack) solve(b *bundle, i int, known int64) (int64, []int32) {
	c, d := b.c, b.d
	dims := c.dims
	m.gain, m.pair, m.use = m.gain[:0], m.pair[:0], m.use[:0]
	needs := false
	m.room, m.need = grown(m.room, dims), grown(m.need, dims)
	for k := range dims {
		at := i*dims + k
		m.room[k] = float64(d.room[at])
		m.need[k] = float64(c.least[at] - (c.capacity[at] - d.room[at]))
		needs = needs || m.need[k] > 0
	}
	for p := c.first[i]; p < c.first[i+1]; p++ {
		j := c.job[p]
		gain := b.price[j] - c.cost[p]*c.scale
		switch {
		case d.out[p] || d.fixed[j] >= 0 || gain <= 0 && !needs:
		default:
			m.pair, m.gain = append(m.pair, p), append(m.gain, float64(gain))
			for k := range dims {
				m.use = append(m.use, float64(c.use[int(p)*dims+k]))
			}
		}
	}
	b.ticks += int64(int(c.first[i+1]-c.first[i]) + multiplierSteps*len(m.pair)*(dims+1))
	if m.rows == nil {
		m.rows = map[int][]float64{}
	}
	if m.rows[i] == nil {
		m.rows[i] = make([]float64, 2*dims)
	}
	m.target = math.Inf(-1)
	if known != math.MinInt64 {
		m.target = float64(known)
	}
	rows := m.multipliers(m.rows[i])
	upper := m.search(rows)
	b.ticks += int64(4 * m.nodes)
	out := int64(math.Ceil(upper + m.error))
	if math.IsInf(upper, -1) {
		out = impossible
	}
	if known != math.MinInt64 {
		out = max(out, known)
	}
	if !m.found && known != math.MinInt64 {
		return out, nil
	}
	pairs := []int32{}
	for k, in := range m.best {
		if in {
			pairs = append(pairs, m.pair[m.order[k]])
		}
	}
	return out, pairs
}

// bound returns the Lagrangian bound of the rows' multipliers, and the slope in each of them.
func (m *multiknapsack) bound(rows, slope []float64) float64 {
	dims := len(m.room)
	sum := 0.0
	for k := range dims {
		slope[k], slope[dims+k] = m.room[k], -m.need[k]
		sum += float64(rows[k]*m.room[k]) - float64(rows[dims+k]*m.need[k])
	}
	for t, g := range m.gain {
		use := m.use[t*dims : (t+1)*dims]
		for k, w := range use {
			g -= float64((rows[k] - rows[dims+k]) * w)
		}
		if g > 0 {
			sum += g
			for k, w := range use {
				slope[k] -= w
				slope[dims+k] += w
			}
		}
	}
	return sum
}

// multipliers improves the rows' multipliers by subgradient steps (Held, Wolfe and Crowder 1974) and returns the best.
func (m *multiknapsack) multipliers(rows []float64) []float64 {
	slope := make([]float64, len(rows))
	best := append([]float64(nil), rows...)
	low := math.Inf(1)
	greatest := 0.0
	for _, g := range m.gain {
		greatest += math.Abs(g)
	}
	at := append([]float64(nil), rows...)
	share := 0.5
	for range multiplierSteps {
		v := m.bound(at, slope)
		if v < low {
			low = v
			copy(best, at)
		} else {
			share *= 0.6
		}
		norm := 0.0
		for k, s := range slope {
			if at[k] > 0 || s < 0 {
				norm += float64(s * s)
			}
		}
		aim := math.Max(m.target, 0)
		if norm == 0 || v <= aim {
			break
		}
		move := share * math.Min(v-aim, greatest*0.1) / norm
		for k, s := range slope {
			at[k] = math.Max(0, at[k]-float64(move*s))
		}
	}
	copy(rows, best)
	return best
}

// search runs the branch and bound and returns the bound.
func (m *multiknapsack) search(rows []float64) float64 {
	dims, n := len(m.room), len(m.gain)
	m.rest, m.tail, m.order = grown(m.rest, n), grown(m.tail, n+1), grown(m.order, n)
	m.taken, m.best = grown(m.taken, n), grown(m.best, n)
	base := 0.0
	for k := range dims {
		base += float64(rows[k]*m.room[k]) - float64(rows[dims+k]*m.need[k])
	}
	for t := range n {
		g := m.gain[t]
		for k, w := range m.use[t*dims : (t+1)*dims] {
			g -= float64((rows[k] - rows[dims+k]) * w)
		}
		m.rest[t], m.order[t] = g, int32(t)
	}
	slices.SortFunc(m.order, func(x, y int32) int {
		switch a, b := math.Abs(m.rest[x]), math.Abs(m.rest[y]); {
		case a > b:
			return -1
		case a < b:
			return 1
		}
		return int(x - y)
	})
	m.tail[n] = 0
	for k := n - 1; k >= 0; k-- {
		m.tail[k] = m.tail[k+1] + math.Max(0, m.rest[m.order[k]])
		m.best[k] = m.rest[m.order[k]] > 0 // the relaxed set, if nothing better is found
		m.taken[k] = false
	}
	// Each sum has some n terms, none greater than all of them together, and each is rounded once.
	m.error = 1 + 1e-15*float64(n+dims+10)*(math.Abs(base)+m.tail[0]+m.total())
	m.found, m.upper, m.nodes = false, math.Inf(-1), 0
	m.branch(0, 0, base, append([]float64(nil), m.room...), append([]float64(nil), m.need...))
	if m.found || !math.IsInf(m.target, -1) {
		return math.Max(m.upper, m.target)
	}
	return m.upper
}

// total returns the sum of the sizes of what is left of the items' gains.
func (m *multiknapsack) total() float64 {
	sum := 0.0
	for _, r := range m.rest {
		sum += math.Abs(r)
	}
	return sum
}

// branch decides item k and on; relaxed is the bound of what is decided, less the items to come.
func (m *multiknapsack) branch(k int, gain, relaxed float64, room, need []float64) {
	bound := relaxed + m.tail[k]
	if bound <= m.target {
		m.upper = math.Max(m.upper, math.Min(bound, m.target))
		return
	}
	m.nodes++
	if m.nodes > multiNodes {
		m.upper = math.Max(m.upper, bound)
		return
	}
	dims := len(room)
	if k == len(m.order) {
		for d := range dims {
			if need[d] > 0 {
				return
			}
		}
		if gain > m.target {
			m.target, m.found = gain, true
			copy(m.best, m.taken)
		}
		return
	}
	t := m.order[k]
	use := m.use[int(t)*dims : (int(t)+1)*dims]
	fits := true
	for d, w := range use {
		fits = fits && w <= room[d]
	}
	put := func() {
		if !fits {
			return
		}
		for d, w := range use {
			room[d] -= w
			need[d] -= w
		}
		m.taken[k] = true
		m.branch(k+1, gain+m.gain[t], relaxed+m.rest[t], room, need)
		m.taken[k] = false
		for d, w := range use {
			room[d] += w
			need[d] += w
		}
	}
	if m.rest[t] > 0 {
		put()
		m.branch(k+1, gain, relaxed, room, need)
		return
	}
	m.branch(k+1, gain, relaxed, room, need)
	put()
}
