package gap

import (
	"math"
	"math/rand/v2"
	"slices"
)

// improver looks for better assignments. It takes a few agents of the assignment in hand, frees all their jobs, and searches
// the problem of these agents alone with the tree, for something cheaper by at least one unit; how many agents it takes
// follows from how hard the last such problems were. Between these it runs ejection chains and path relinking.
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
	agents  float64 // how many to free
	nodes   int64   // nodes of the tree when the present search began
	lower   int64   // no assignment costs less
	running bool
	whole   bool // the present search is of all agents
	begun   bool // the chains have an assignment
	turn    int
}

const (
	subNodes  = 400 // of the search of a few agents
	diveNodes = 80  // of a dive for the whole problem
	maxElite  = 8
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
		switch {
		case v.running:
			v.search(stop)
		case v.turn%8 == 7 || v.pair == nil && v.turn%2 == 1:
			v.chain(end-v.ticks(), stop)
			v.turn++
		default:
			v.begin()
			v.turn++
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

// begin frees a few agents.
func (v *improver) begin() {
	c := v.c
	w := v.w
	w.answer = nil
	w.noise = nil
	if v.pair == nil || v.turn%3 == 0 {
		v.aim()
		return
	}
	count := min(int(v.agents), c.agents)
	if v.rng.Float64() < v.agents-math.Floor(v.agents) {
		count = min(count+1, c.agents)
	}
	chosen := v.pick(count)
	var removed []int32
	for j, p := range v.pair {
		free := chosen[c.agent[p]]
		for _, q := range c.pairsOf(int32(j)) {
			if q != p && (!free || !chosen[c.agent[q]]) {
				removed = append(removed, q)
			}
		}
	}
	w.limit = (v.cost - 1) * c.scale
	w.stack = append(w.stack[:0], &node{removed: removed, center: v.prices, step: v.step})
	v.nodes, v.running, v.whole = w.nodes, true, false
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
	if v.turn > 0 {
		w.noise = v.rng
	}
	w.stack = append(w.stack[:0], &node{center: v.prices, step: v.step})
	v.nodes, v.running, v.whole = w.nodes, true, true
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
	switch {
	case v.whole:
		v.running = len(w.stack) > 0 && used <= diveNodes
	case len(w.stack) == 0:
		v.running = false
		if used < subNodes/4 {
			v.agents = min(v.agents*1.05, float64(v.c.agents))
		}
	case used > subNodes:
		v.running = false
		v.agents = max(2, v.agents*0.9)
	}
}
