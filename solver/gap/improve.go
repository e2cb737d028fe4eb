package gap

import (
	"math"
	"math/rand/v2"
	"slices"
)

// improver looks for better assignments. It searches parts of the problem with the tree, for something cheaper by at least one
// unit: the whole, in a dive; a few agents whose jobs are freed; the jobs about which the dual is least sure. How much it frees
// follows from how hard the last such searches were. Between these it runs ejection chains and path relinking. Each method
// gets its share of the work, not of the turns: a dive of the whole may cost thirty searches of a few agents.
type improver struct {
	c    *core
	w    *walker
	l    *chains
	rng  *rand.Rand
	rise []float64 // of each pair, by which the dual bound rises if its job goes there

	pair    []int32 // the assignment in hand, nil if none
	cost    int64
	elite   [][]int32 // good assignments met, for path relinking
	prices  []float64 // centre of the dual
	step    float64
	agents  float64        // how many to free
	jobs    float64        // same
	share   []float64      // of each pair, in the fractional assignment of the dual
	nodes   int64          // nodes of the tree when the present search began
	lower   int64          // no assignment costs less
	running bool           // a search with the tree has begun
	begun   bool           // the chains have an assignment
	method  method         // of the present search
	spent   [methods]int64 // ticks of each method
	turn    int
}

// method is a way of looking for something better.
type method int

const (
	whole     method = iota // a dive of the whole problem
	fewAgents               // a search of a few agents, all their jobs free
	fewJobs                 // a search of the jobs that the dual is least sure about
	chain                   // ejection chains
	methods
)

// shares says what each method gets of the work: far from the bound, and near it, where a dive at the bound has few pairs to
// choose from.
func shares(near bool) [methods]float64 {
	if near {
		return [methods]float64{0.8, 0.1, 0.08, 0.02}
	}
	return [methods]float64{0.3, 0.35, 0.3, 0.05}
}

// nearBound is how many units of cost a better assignment may then be above the bound.
const nearBound = 3

const (
	subNodes  = 400 // of the search of a part
	diveNodes = 80  // of a dive for the whole problem
	maxElite  = 8

	beginTicks = 2_000 // the least that a search costs, however small its part
)

// ticks is the work done so far.
func (v *improver) ticks() int64 { return v.w.ticks() + v.l.ticks }

// adopt takes an assignment that is better than the one in hand.
func (v *improver) adopt(pairs []int32, cost int64) {
	if v.pair != nil && cost >= v.cost {
		return
	}
	v.pair, v.cost = slices.Clone(pairs), cost
	v.elite = append(v.elite, v.pair)
	if len(v.elite) > maxElite {
		v.elite = slices.Delete(v.elite, 0, 1)
	}
}

// work goes on until the ticks are used up, or stop says so.
func (v *improver) work(ticks int64, stop func() bool) {
	end := v.ticks() + ticks
	for v.ticks() < end && !stop() {
		if !v.running {
			v.choose()
		}
		before := v.ticks()
		switch {
		case v.method == chain:
			v.chain(end-before, stop)
		case v.running:
			v.search(stop)
		default:
			v.begin()
		}
		v.spent[v.method] += v.ticks() - before
	}
}

// choose takes the method that is farthest behind its share; before there is an assignment, dives and chains in turn.
func (v *improver) choose() {
	v.turn++
	v.method = whole
	if v.pair == nil {
		if v.turn%2 == 0 {
			v.method = chain
		}
		return
	}
	share := shares(v.cost-1-v.lower <= nearBound)
	for k := range methods {
		if float64(v.spent[k])*share[v.method] < float64(v.spent[v.method])*share[k] {
			v.method = k
		}
	}
}

// chain runs ejection chains for a while, from a place between two good assignments.
func (v *improver) chain(ticks int64, stop func() bool) {
	l := v.l
	if v.pair == nil {
		if !v.begun {
			l.greedy()
			v.begun = true
		}
	} else {
		l.set(v.elite[v.rng.IntN(len(v.elite))])
		if len(v.elite) > 1 && v.rng.IntN(2) == 0 {
			l.relink(v.elite[v.rng.IntN(len(v.elite))])
		} else {
			l.kick(2 + v.rng.IntN(1+l.c.jobs/20))
		}
	}
	end := l.ticks + min(ticks, 4_000_000)
	for l.ticks < end && !stop() {
		l.descend(end-l.ticks, stop)
		if l.best != nil && (v.pair == nil || l.bestCost < v.cost) {
			v.adopt(l.best, l.bestCost)
		}
		l.reprice()
		if l.within() {
			l.kick(1 + v.rng.IntN(4))
		}
	}
	l.best = nil
}

// begin begins a search.
func (v *improver) begin() {
	w := v.w
	w.answer, w.noise = nil, nil
	v.running = true
	switch v.method {
	case whole:
		v.aim()
	case fewAgents:
		v.freeAgents()
	case fewJobs:
		v.freeJobs()
	case chain, methods:
		panic("gap: ejection chains have no tree to begin")
	}
	v.nodes = w.nodes
	w.d.ticks += beginTicks
}

// subsearch begins a search of the assignment in hand without the pairs given.
func (v *improver) subsearch(removed []int32) {
	w := v.w
	w.limit = (v.cost - 1) * v.c.scale
	w.stack = append(w.stack[:0], &node{removed: removed, center: v.prices, step: v.step})
}

// freeAgents frees all jobs of a few agents, for these agents.
func (v *improver) freeAgents() {
	c := v.c
	chosen := v.pick(v.count(v.agents, c.agents))
	var removed []int32
	for j, p := range v.pair {
		free := chosen[c.agent[p]]
		for _, q := range c.pairsOf(int32(j)) {
			if q != p && (!free || !chosen[c.agent[q]]) {
				removed = append(removed, q)
			}
		}
	}
	v.subsearch(removed)
}

// count rounds a number up or down by chance.
func (v *improver) count(x float64, most int) int {
	n := int(x)
	if v.rng.Float64() < x-math.Floor(x) {
		n++
	}
	return min(n, most)
}

// freeJobs frees the jobs for which the fractional assignment of the dual agrees least with the assignment in hand, with some
// noise (relaxation induced neighbourhoods; Danna, Rothberg and Le Pape 2005).
func (v *improver) freeJobs() {
	c := v.c
	order := make([]int32, c.jobs)
	score := make([]float64, c.jobs)
	for j, p := range v.pair {
		order[j] = int32(j)
		score[j] = v.share[p] - v.rise[p]/float64(c.scale)/4 + 1.5*v.rng.Float64()
	}
	slices.SortFunc(order, func(a, b int32) int {
		switch {
		case score[a] < score[b]:
			return -1
		case score[a] > score[b]:
			return 1
		}
		return int(a - b)
	})
	var removed []int32
	for _, j := range order[v.count(v.jobs, c.jobs):] {
		for _, q := range c.pairsOf(j) {
			if q != v.pair[j] {
				removed = append(removed, q)
			}
		}
	}
	v.w.d.ticks += int64(20 * c.jobs)
	v.subsearch(removed)
}

// aim begins a dive for the whole problem, at a target anywhere from the bound to what is better than the assignment in hand:
// the lower, the fewer pairs are left, and the sooner a dive that went wrong is given up.
func (v *improver) aim() {
	w := v.w
	w.limit = math.MaxInt64 / 4
	if v.pair != nil {
		room := max(0, v.cost-1-v.lower)
		w.limit = (v.cost - 1 - v.rng.Int64N(room+1)) * v.c.scale
	}
	if v.turn > 1 {
		w.noise = v.rng
	}
	w.stack = append(w.stack[:0], &node{center: v.prices, step: v.step})
}

// pick chooses agents: the first by what the assignment loses there against the dual, the others by how many jobs could as
// well be with those chosen before.
func (v *improver) pick(count int) []bool {
	c := v.c
	chosen := make([]bool, c.agents)
	score := make([]float64, c.agents)
	for _, p := range v.pair {
		score[c.agent[p]] += v.rise[p]
	}
	for i := range score {
		score[i] = 0.05 + score[i]/float64(c.scale)
	}
	lost := slices.Clone(score)
	members := make([][]int32, c.agents)
	for j, p := range v.pair {
		members[c.agent[p]] = append(members[c.agent[p]], int32(j))
	}
	near := make([]float64, c.agents)
	for k := range count {
		at := draw(v.rng, score)
		if at < 0 {
			break
		}
		chosen[at] = true
		for _, j := range members[at] {
			for _, q := range c.pairsOf(j) {
				near[c.agent[q]] += 1 / (1 + 4*v.rise[q]/float64(c.scale))
			}
		}
		if k == 0 {
			clear(score)
		}
		for i := range score {
			score[i] = 0
			if !chosen[i] {
				score[i] = near[i] * near[i] * (0.2 + lost[i])
			}
		}
	}
	v.w.d.ticks += int64(len(c.job) + c.agents*count + 100)
	return chosen
}

// draw returns an index with a chance in proportion to its weight, -1 if all are 0.
func draw(rng *rand.Rand, weight []float64) int {
	sum := 0.0
	for _, w := range weight {
		sum += w
	}
	at := rng.Float64() * sum
	last := -1
	for i, w := range weight {
		if w > 0 {
			last = i
			if at -= w; at < 0 {
				return i
			}
		}
	}
	return last
}

// search explores one node of the present search, and ends it when it is done.
func (v *improver) search(stop func() bool) {
	w := v.w
	w.step(stop)
	if w.answer != nil {
		v.adopt(w.answer, w.answerCost)
		w.answer = nil
		v.nodes = w.nodes
	}
	used := w.nodes - v.nodes
	done := len(w.stack) == 0
	limit := int64(subNodes)
	if v.method == whole {
		limit = diveNodes
	}
	v.running = !done && used <= limit
	if v.method == whole {
		return
	}
	size, most := &v.agents, float64(v.c.agents)
	if v.method == fewJobs {
		size, most = &v.jobs, float64(v.c.jobs)
	}
	switch {
	case done && used < subNodes/4:
		*size = min(*size*1.05, most)
	case !done && !v.running:
		*size = max(2, *size*0.9)
	}
}
