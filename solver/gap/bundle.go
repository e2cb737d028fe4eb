package gap

import (
	"math"
	"slices"
)

// bundle maximises the Lagrangean dual of a domain: with price λ_j for job j,
//
//	L(λ) = Σ_j λ_j − Σ_i max { Σ_{j in S} (λ_j − c_ij) : S a set of jobs that agent i can take }.
//
// It is a proximal bundle method (Lemaréchal 1975; Kiwiel 1990) with a model of its own for each agent. The quadratic master
// problem is solved in its dual, a product of simplices, by moving weight between two columns of an agent at a time: columns
// are short, so that a move costs little. The weights are a fractional assignment, the primal side of the bound.
// Differs: prices are evaluated on a grid of 1/scale, so that every bound is an exact integer.
type bundle struct {
	c *core
	d *domain

	center   []float64 // the best prices so far
	value    int64     // L(center), times scale, less base; impossible if the domain is found to be empty
	trial    []float64 // prices of the master problem
	excess   []float64 // 1 − Σ weights of the columns with job j
	step     float64   // the proximal parameter t
	shortest float64   // below which it does not fall: a model of too few columns would have it vanish
	norm     float64   // of the excess, at the last step
	price    []int64   // prices being evaluated, on the grid

	columns [][]*column // of each agent; those that the domain allows come first
	live    []int       // how many they are
	shared  []overlaps  // of the columns of each agent
	floats  []float64   // scratch of balance
	slots   []int32     // same
	earn    []int64     // what agent i earns at most, at the prices evaluated last
	best    []*column   // the column that earns it
	order   []int32     // pairs of each agent, nearly sorted by rate
	agents  []int32     // agents with open pairs
	jobs    []int32     // open jobs
	earned  []int64     // earn, at the centre
	clock   int64

	// what each pair would cost at the centre, times scale; valid after measure
	in, outCost []int64 // if it must be used; if it may not be

	knap   knapsack
	tables tables
	multi  multiknapsack
	ticks  int64
	stop   func() bool // looked at between agents; what was computed after it said yes is void
}

// column is a set of jobs that an agent can take.
type column struct {
	pairs  []int32 // ascending
	open   []int32 // those of them whose jobs are open
	cost   float64 // of the open pairs
	weight float64
	score  float64 // cost less prices, at the trial prices of the master problem
	used   int64   // clock when it last had weight
	slot   int32   // where its overlaps are
}

const (
	patience     = 6    // null steps far below the model before the proximal parameter falls
	seriousShare = 0.1  // of the predicted rise that makes a step serious (Kiwiel's m_L)
	masterShare  = 0.25 // of the predicted rise, to which the master problem is solved
	maxSweeps    = 40   // of the master problem
	maxMoves     = 12   // of weight between columns of one agent, in a sweep
	fewColumns   = 12   // that an agent may have, whatever their age
	idleAge      = 12   // evaluations after which a column without weight is dropped
)

func newBundle(c *core, d *domain) *bundle {
	b := &bundle{
		c: c, d: d, center: make([]float64, c.jobs), trial: make([]float64, c.jobs), excess: make([]float64, c.jobs),
		price: make([]int64, c.jobs), columns: make([][]*column, c.agents), live: make([]int, c.agents), shared: make([]overlaps, c.agents),
		earn: make([]int64, c.agents), earned: make([]int64, c.agents), best: make([]*column, c.agents), order: make([]int32, len(c.job)),
		in: make([]int64, len(c.job)), outCost: make([]int64, len(c.job)),
	}
	for p := range b.order {
		b.order[p] = int32(p)
	}
	return b
}

// grid puts prices on the grid.
func (b *bundle) grid(prices []float64) {
	s := float64(b.c.scale)
	for _, j := range b.jobs {
		b.price[j] = int64(math.Round(max(-b.c.limit, min(prices[j], b.c.limit)) * s))
	}
}

// collect fills the knapsack with the open items of agent i that earn anything at the prices on the grid, best rate first, by
// their use in one dimension.
func (b *bundle) collect(i, dim int) {
	c, d, k := b.c, b.d, &b.knap
	order := b.order[c.first[i]:c.first[i+1]]
	k.profit, k.use, k.rate, k.pair = k.profit[:0], k.use[:0], k.rate[:0], k.pair[:0]
	b.ticks += int64(len(order))
	rest := 0 // pairs that stay behind, moved to the front of order
	for _, p := range order {
		j := c.job[p]
		if !d.out[p] && d.fixed[j] < 0 {
			if gain := b.price[j] - c.cost[p]*c.scale; gain > 0 {
				w := int64(0)
				if c.dims > 0 {
					w = c.use[int(p)*c.dims+dim]
				}
				rate := math.Inf(1)
				if w > 0 {
					rate = float64(gain) / float64(w)
				}
				k.profit, k.use, k.rate, k.pair = append(k.profit, gain), append(k.use, w), append(k.rate, rate), append(k.pair, p)
				continue
			}
		}
		order[rest] = p
		rest++
	}
	k.sort()
	copy(order[rest:], k.pair)
}

// sort brings the items into the order of their rates, the greatest first; they are nearly so. Equal rates are ordered by
// pair, so that the history of a worker cannot show in the answer.
func (k *knapsack) sort() {
	for at := 1; at < len(k.rate); at++ {
		rate, profit, use, pair := k.rate[at], k.profit[at], k.use[at], k.pair[at]
		to := at
		for to > 0 && (k.rate[to-1] < rate || k.rate[to-1] == rate && k.pair[to-1] > pair) {
			k.rate[to], k.profit[to], k.use[to], k.pair[to] = k.rate[to-1], k.profit[to-1], k.use[to-1], k.pair[to-1]
			to--
		}
		k.rate[to], k.profit[to], k.use[to], k.pair[to] = rate, profit, use, pair
		k.ticks += int64(at - to)
	}
}

// priceAgent finds the best column of agent i at the prices on the grid, sets earn and best, and adds the column if it is new.
func (b *bundle) priceAgent(i int) {
	c := b.c
	known, at := int64(math.MinInt64), -1
	for k, col := range b.columns[i][:b.live[i]] {
		v := int64(0)
		for _, p := range col.open {
			v += b.price[c.job[p]] - c.cost[p]*c.scale
		}
		b.ticks += int64(len(col.open))
		if v > known {
			known, at = v, k
		}
	}
	if c.general[i] {
		earn, pairs := b.multi.solve(b, i, known)
		b.earn[i] = earn
		if pairs != nil {
			b.add(i, pairs)
		} else if at >= 0 {
			b.best[i] = b.columns[i][at]
		}
		return
	}
	b.collect(i, 0)
	if at < 0 {
		known = -1
	}
	earn, better := b.knap.solve(b.d.room[i*c.dims], known)
	b.earn[i] = earn
	if !better {
		b.best[i] = b.columns[i][at]
		return
	}
	var pairs []int32
	for k, in := range b.knap.taken {
		if in {
			pairs = append(pairs, b.knap.pair[k])
		}
	}
	b.add(i, pairs)
}

// add adds a column of open pairs to the live ones of agent i, as its best.
func (b *bundle) add(i int, open []int32) {
	slices.Sort(open)
	cost := int64(0)
	for _, p := range open {
		cost += b.c.cost[p]
	}
	pairs := open
	if b.d.nFixed[i] > 0 {
		pairs = slices.Clone(open)
		for p := b.c.first[i]; p < b.c.first[i+1]; p++ {
			if b.d.fixed[b.c.job[p]] == p {
				pairs = append(pairs, p)
			}
		}
		slices.Sort(pairs)
	}
	col := &column{pairs: pairs, open: open, cost: float64(cost), used: b.clock}
	n := b.live[i]
	b.keep(i, col)
	last := len(b.columns[i]) - 1
	b.columns[i][n], b.columns[i][last] = b.columns[i][last], b.columns[i][n]
	b.live[i]++
	b.best[i] = col
}

// evaluate returns L at the prices on the grid, times scale, less base.
func (b *bundle) evaluate() int64 {
	b.clock++
	sum := b.d.cost * b.c.scale
	for _, j := range b.jobs {
		sum += b.price[j]
	}
	for _, i := range b.agents {
		if b.stop != nil && b.stop() {
			return b.value
		}
		b.priceAgent(int(i))
		if b.earn[i] == impossible {
			return -impossible
		}
		sum -= b.earn[i]
	}
	return sum
}

// impossible is what an agent earns who cannot reach the least load.
const impossible = math.MinInt64 / 4

// enter makes ready for the domain as it is now: columns that it forbids are set aside, and L is evaluated at the centre.
func (b *bundle) enter() {
	c, d := b.c, b.d
	b.agents, b.jobs = b.agents[:0], b.jobs[:0]
	for j, p := range d.fixed {
		if p < 0 {
			b.jobs = append(b.jobs, int32(j))
		}
	}
	for i := range c.agents {
		if d.free[i] > 0 {
			b.agents = append(b.agents, int32(i))
			b.admit(i)
		} else if !b.loaded(i) {
			b.value = -impossible
			return
		}
	}
	b.ticks += int64(c.jobs + c.agents)
	b.grid(b.center)
	b.value = b.evaluate()
	if b.value == -impossible {
		return
	}
	copy(b.earned, b.earn)
	b.settle()
}

// loaded reports whether the fixed jobs of agent i reach the least load.
func (b *bundle) loaded(i int) bool {
	for k := range b.c.dims {
		at := i*b.c.dims + k
		if b.c.least[at] > 0 && b.c.capacity[at]-b.d.room[at] < b.c.least[at] {
			return false
		}
	}
	return true
}

// admit sorts the columns of agent i into those that the domain allows, and the others.
func (b *bundle) admit(i int) {
	c, d := b.c, b.d
	cols := b.columns[i]
	live := 0
	for k, col := range cols {
		fixed := int32(0)
		ok := true
		cost := int64(0)
		for _, p := range col.pairs {
			if d.out[p] {
				ok = false
				break
			}
			if d.fixed[c.job[p]] >= 0 {
				fixed++
			}
		}
		b.ticks += int64(len(col.pairs))
		if !ok || fixed != d.nFixed[i] {
			continue
		}
		if fixed == 0 {
			col.open = col.pairs
		} else {
			col.open = nil
			for _, p := range col.pairs {
				if d.fixed[c.job[p]] < 0 {
					col.open = append(col.open, p)
				}
			}
		}
		for _, p := range col.open {
			cost += c.cost[p]
		}
		col.cost = float64(cost)
		cols[k], cols[live] = cols[live], cols[k]
		live++
	}
	b.live[i] = live
	b.trim(i)
}

// maxColumns is how many columns an agent keeps, of which those that the domain allows go last.
const maxColumns = 48

// trim drops the oldest columns of an agent that has too many.
func (b *bundle) trim(i int) {
	if len(b.columns[i]) <= maxColumns {
		return
	}
	dead := b.columns[i][b.live[i]:]
	slices.SortStableFunc(dead, func(x, y *column) int { return int(y.used - x.used) })
	keep := max(b.live[i], maxColumns*3/4)
	if keep < len(b.columns[i]) {
		b.forget(i, b.columns[i][keep:])
		b.columns[i] = b.columns[i][:keep]
	}
	if b.live[i] > maxColumns*3/4 {
		live := b.columns[i]
		slices.SortStableFunc(live, func(x, y *column) int { return int(y.used - x.used) })
		keep := maxColumns / 2
		b.forget(i, live[keep:])
		b.columns[i], b.live[i] = live[:keep], keep
	}
}

// settle makes the weights of every agent's live columns add up to 1, and the excess and trial prices follow from them.
func (b *bundle) settle() {
	for _, j := range b.jobs {
		b.excess[j] = 1
	}
	for _, i := range b.agents {
		live := b.columns[i][:b.live[i]]
		sum := 0.0
		for _, col := range live {
			sum += col.weight
		}
		if sum < 0.01 {
			if len(live) == 0 {
				continue // stopped
			}
			for _, col := range live {
				col.weight = 0
			}
			live[0].weight, sum = 1, 1
		}
		for _, col := range live {
			col.weight /= sum
			if col.weight == 0 {
				continue
			}
			for _, p := range col.open {
				b.excess[b.c.job[p]] -= col.weight
			}
		}
	}
	b.retry()
}

// retry recomputes the trial prices from centre, step and excess.
func (b *bundle) retry() {
	for _, j := range b.jobs {
		b.trial[j] = b.center[j] + float64(b.step*b.excess[j])
	}
	b.ticks += int64(len(b.jobs))
}

// master solves the quadratic problem to a fraction of the predicted rise, and returns that rise, above value, in units of
// cost.
func (b *bundle) master() float64 {
	rise := 0.0
	for sweep := 1; ; sweep++ {
		lack := 0.0
		for _, i := range b.agents {
			lack += b.balance(int(i))
		}
		if lack > masterShare*max(rise, 1e-4) && sweep%4 != 0 {
			continue
		}
		rise = float64(b.d.cost) - float64(b.value)/float64(b.c.scale)
		for _, j := range b.jobs {
			rise += b.trial[j]
		}
		for _, i := range b.agents {
			rise += b.lowest(int(i))
		}
		if lack <= masterShare*max(rise, 1e-4) || sweep >= maxSweeps {
			return rise
		}
	}
}

// lowest scores the live columns of agent i at the trial prices and returns the lowest score.
func (b *bundle) lowest(i int) float64 {
	low := math.Inf(1)
	for _, col := range b.columns[i][:b.live[i]] {
		v := col.cost
		for _, p := range col.open {
			v -= b.trial[b.c.job[p]]
		}
		col.score = v
		low = min(low, v)
		b.ticks += int64(len(col.open))
	}
	return low
}

// balance moves weight from the worst column of agent i to the best, several times, and returns by how much the agent's part
// of the master problem was out of balance. Scores follow from the overlaps of columns, without looking at their pairs.
func (b *bundle) balance(i int) float64 {
	live := b.columns[i][:b.live[i]]
	if len(live) < 2 {
		return 0
	}
	low := b.lowest(i)
	lack := 0.0
	score, weight, slot, which := b.scratch(len(live))
	heavy, light := 0, len(live) // columns with weight come first: only they can give some away
	for k, col := range live {
		at := heavy
		if col.weight > 0 {
			heavy++
		} else {
			light--
			at = light
		}
		score[at], weight[at], slot[at], which[at] = col.score, col.weight, col.slot, int32(k)
		lack += float64(col.weight * (col.score - low))
	}
	swap := func(x, y int) {
		score[x], weight[x], slot[x], which[x], score[y], weight[y], slot[y], which[y] = score[y], weight[y], slot[y], which[y], score[x], weight[x], slot[x], which[x]
	}
	share := &b.shared[i]
	for range maxMoves {
		to, from := 0, 0
		least, most := score[0], score[0]
		for k, v := range score {
			if v < least {
				to, least = k, v
			}
		}
		for k, v := range score[:heavy] {
			if v > most {
				from, most = k, v
			}
		}
		fall := most - least
		if fall < 1e-9 || fall < 0.02*lack {
			break
		}
		with, without := share.row(slot[to]), share.row(slot[from])
		move := weight[from]
		if apart := len(live[which[from]].pairs) + len(live[which[to]].pairs) - 2*int(with[slot[from]]); apart > 0 {
			move = min(move, fall/(b.step*float64(apart)))
		}
		if weight[from] -= move; weight[from] < 1e-12 {
			move += weight[from]
			weight[from] = 0
		}
		weight[to] += move
		shift := b.step * move
		for k, at := range slot {
			score[k] += float64(shift * float64(int32(with[at])-int32(without[at])))
		}
		if to >= heavy {
			swap(to, heavy)
			heavy++
		}
		if weight[from] == 0 {
			heavy--
			swap(from, heavy)
		}
		b.ticks += int64(2 * len(live))
	}
	for k, at := range which {
		col := live[at]
		change := weight[k] - col.weight
		if change == 0 {
			continue
		}
		col.weight = weight[k]
		shift := b.step * change
		for _, p := range col.open {
			j := b.c.job[p]
			b.excess[j] -= change
			b.trial[j] -= shift
		}
		b.ticks += int64(2 * len(col.open))
	}
	return lack
}

// scratch returns arrays for n columns.
func (b *bundle) scratch(n int) (score, weight []float64, slot, which []int32) {
	b.floats, b.slots = grown(b.floats, 2*n), grown(b.slots, 2*n)
	return b.floats[:n], b.floats[n:], b.slots[:n], b.slots[n:]
}

// improve does one step of the method and returns the rise that the model had predicted, an estimate of what is left to gain
// near the centre.
func (b *bundle) improve() (predicted float64) {
	predicted = b.master()
	norm := 0.0
	for _, j := range b.jobs {
		norm += float64(b.excess[j] * b.excess[j])
	}
	for _, i := range b.agents {
		for _, col := range b.columns[i][:b.live[i]] {
			if col.weight > 0 {
				col.used = b.clock
			}
		}
	}
	b.norm = math.Sqrt(norm)
	b.grid(b.trial)
	got := b.evaluate()
	rise := float64(got-b.value) / float64(b.c.scale)
	step := b.step
	// Kiwiel's interpolation: what step would have met the model.
	if predicted > 1e-9 {
		fit := step / max(0.1, 2*(1-rise/predicted))
		switch {
		case rise >= seriousShare*predicted:
			if rise > 0.5*predicted {
				b.step = min(max(step, fit), 3*step)
			}
		case rise < -predicted:
			b.step = max(0.4*step, min(step, fit), min(step, b.shortest))
		}
	}
	// When the model is exact nearby, the way is long: look farther.
	if aggregate := predicted - float64(step*norm); aggregate < 0.1*predicted && rise > -predicted {
		b.step = max(b.step, 1.3*step)
	}
	if rise >= seriousShare*predicted && got > b.value {
		for _, j := range b.jobs {
			b.center[j] = b.trial[j]
		}
		copy(b.earned, b.earn)
		b.value = got
	}
	b.drop()
	b.retry()
	return predicted
}

// drop forgets live columns that have had no weight for long.
func (b *bundle) drop() {
	for _, i := range b.agents {
		cols := b.columns[i]
		if b.live[i] < fewColumns {
			continue
		}
		for k := 0; k < b.live[i]; k++ {
			if col := cols[k]; col.weight > 0 || b.clock-col.used <= idleAge {
				continue
			}
			b.shared[i].release(cols[k].slot)
			last, end := b.live[i]-1, len(cols)-1
			cols[k], cols[last], cols[end] = cols[last], cols[end], nil
			cols = cols[:end]
			b.live[i]--
			k--
		}
		b.columns[i] = cols
	}
}
