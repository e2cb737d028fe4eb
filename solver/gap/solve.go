package gap

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/courtyard-care/courtyard/solver"
)

const (
	defaultWorkers = 4
	roundTicks     = 5_000_000     // work of one worker in one round, at most: some 20 ms
	firstTicks     = 100_000       // of the first round; each is half as long again as the one before
	longStage      = 4_000_000_000 // a stage of more work, whose end will not be the end of the proof, gets fewer workers
	quickStage     = 1_000_000     // a stage of less work is followed by one that looks farther
	dualSteps      = 1_500         // of the dual of the whole problem, at most
	dualEnough     = 0.005         // units of cost: what is left to gain when the dual ends ...
	dualNoise      = 1e-10         // ... or this share of the bound
	dualStall      = 250           // steps since it gained so much
)

// search is one run of Solve.
type search struct {
	ctx     context.Context
	opts    *Options
	p       *Problem
	c       *core
	stopped atomic.Bool
	root    *walker

	workers int
	work    int64
	pairs   []int32 // of c: the best assignment, nil if none
	cost    int64   // before scaling, less base
	lower   int64   // no assignment costs less; before scaling, less base
	dual    *Dual

	provers   []*walker
	improvers []*improver
	ticks     int64   // of the next round
	reduced   int64   // cost of the best assignment when reduce last ran
	kept      *core   // pairs that may be in a better assignment than the one in hand when it was made
	back      []int32 // where its pairs are in c
	into      []int32 // where the pairs of c are in it, -1 for those that are not
}

// Solve returns an assignment of least cost, or the best it finds and a bound, when ctx or a limit ends it first.
//
// It maximises the Lagrangean dual of the assignment rows with a bundle method; takes out every pair that no better
// assignment can hold (Posta, Ferland and Michelon 2012, whom the search follows: it asks for an assignment of cost k, for k
// from the bound up, so that the bound rises while it searches); and meanwhile improves assignments by ejection chains and by
// solving a few agents at a time. Infeasible is an answer too. The error is a *solver.Invalid with every fault.
//
// Work is done in rounds by opts.Workers logical workers, half of which prove, or a quarter where that would take long; the same problem, Start, Seed, Workers and
// WorkLimit give the same bytes on any number of cores. There may be exponentially many rounds. Memory is some 60 bytes a
// pair for each worker, less for pairs that are taken out early. Solve may be called concurrently.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if opts.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.TimeLimit)
		defer cancel()
	}
	s := &search{ctx: ctx, opts: &opts, p: p, c: newCore(p), workers: opts.Workers, lower: math.MinInt64}
	if s.workers <= 0 {
		s.workers = defaultWorkers
	}
	defer context.AfterFunc(ctx, func() { s.stopped.Store(true) })()
	stop := s.run()
	return s.answer(stop), nil
}

// stop reports whether the run was cancelled; workers look at it often.
func (s *search) stop() bool { return s.stopped.Load() }

// over returns why no further round may begin, StopNone if one may.
func (s *search) over() solver.Stop {
	switch {
	case s.stop():
		if errors.Is(s.ctx.Err(), context.DeadlineExceeded) {
			return solver.StopTime
		}
		return solver.StopCancelled
	case s.opts.WorkLimit > 0 && s.work >= s.opts.WorkLimit:
		return solver.StopWork
	}
	return solver.StopNone
}

// round counts a round that was done, and shows it.
func (s *search) round() {
	s.work++
	if s.opts.OnProgress != nil {
		p := Progress{Work: s.work, Objective: None, Bound: s.c.base + s.lower}
		if s.pairs != nil {
			p.Objective = s.c.base + s.cost
		}
		s.opts.OnProgress(p)
	}
}

// take takes an assignment if it is better than the best.
func (s *search) take(pairs []int32, cost int64) {
	if s.pairs == nil || cost < s.cost {
		s.pairs, s.cost = slices.Clone(pairs), cost
	}
}

// run searches until all is proved, or a limit is reached, and returns which.
func (s *search) run() solver.Stop {
	s.warm()
	s.root = newWalker(s.c) // without start: its bound rests on the whole problem, so that Check can repeat it
	if !newDomain(s.c).start() {
		s.lower = math.MaxInt64
		return solver.StopProved
	}
	if stop := s.ascend(); stop != solver.StopNone {
		return stop
	}
	return s.climb()
}

// warm takes the assignment to begin from, if it keeps every rule.
func (s *search) warm() {
	start := s.opts.Start
	if len(start) != s.p.Jobs {
		return
	}
	cost, err := measureCost(s.p, start)
	if err != nil {
		return
	}
	pairs := make([]int32, s.c.jobs)
	for j, i := range start {
		if i == Unassigned {
			i = s.c.nobody
		}
		for _, p := range s.c.pairsOf(int32(j)) {
			if s.c.agent[p] == i {
				pairs[j] = p
			}
		}
	}
	s.take(pairs, cost-s.c.base)
}

// raise notes a lower bound in the units of value.
func (s *search) raise(value int64) {
	s.lower = max(s.lower, ceilDiv(value, s.c.scale))
}

// hopeless reports whether the bound shows that no assignment is left to be found: better than the best, or any.
func (s *search) hopeless() bool {
	if s.pairs != nil {
		return s.lower >= s.cost
	}
	return float64(s.lower) > s.c.limit/2
}

func ceilDiv(a, b int64) int64 {
	q := a / b
	if a%b > 0 {
		q++
	}
	return q
}

// ascend maximises the dual of the whole problem, a step a round, and makes a first assignment on the way.
func (s *search) ascend() solver.Stop {
	b := s.root.b
	b.stop = s.stop
	b.step = max(1, float64(s.c.limit)/float64(2*max(1, s.c.jobs))/10)
	b.shortest = b.step / 400
	if stop := s.over(); stop != solver.StopNone {
		return stop
	}
	if b.enter(); s.stop() {
		return s.over()
	}
	s.note()
	s.round()
	rng := rand.New(rand.NewPCG(s.opts.Seed, 0))
	first := newChains(s.c, rng, func(p int32) float64 { return float64(s.c.cost[p]) })
	first.greedy()
	gained, from, step := 0, b.value, b.step
	for k := 0; ; k++ {
		if s.hopeless() {
			return solver.StopProved
		}
		if stop := s.over(); stop != solver.StopNone {
			return stop
		}
		predicted := b.improve()
		if s.pairs == nil && k%4 == 0 {
			first.descend(roundTicks/4, s.stop)
			first.reprice()
		}
		if s.stop() {
			return s.over()
		}
		if first.best != nil {
			s.take(first.best, first.bestCost)
		}
		s.note()
		s.round()
		enough := max(dualEnough, dualNoise*math.Abs(float64(b.value))/float64(s.c.scale))
		if float64(b.value-from)/float64(s.c.scale) > enough {
			gained, from = k, b.value
		}
		if predicted < enough {
			// Little is left near the centre. Farther off there may be more while the columns do not yet add up to an assignment.
			if far := b.norm * math.Sqrt(float64(len(b.jobs))) * step / 8; far < 10*enough {
				return solver.StopNone
			}
			b.step = max(b.step, min(3*b.step, step))
			b.retry()
		}
		if k-gained > dualStall || k >= dualSteps {
			return solver.StopNone
		}
	}
}

// note records the bound of the dual, with its certificate.
func (s *search) note() {
	b := s.root.b
	if ceilDiv(b.value, s.c.scale) <= s.lower {
		return
	}
	s.raise(b.value)
	s.certify()
}

// certify writes the prices into the certificate, in the costs of the problem.
func (s *search) certify() {
	b := s.root.b
	b.grid(b.center)
	s.dual = &Dual{Price: make([]int64, s.c.jobs), Scale: s.c.scale, Bound: s.c.base + s.lower}
	for j := range s.dual.Price {
		shift := s.p.penalty(j)
		for i := range s.p.Agents {
			shift = min(shift, s.p.Cost[i*s.p.Jobs+j])
		}
		s.dual.Price[j] = b.price[j] + shift*s.c.scale
	}
}

// climb asks for an assignment of cost k, for k from the bound up.
func (s *search) climb() solver.Stop {
	s.ticks, s.reduced = firstTicks, math.MaxInt64
	s.root.b.measure()
	s.reduce()
	reach := int64(0)
	total := int64(0)
	for {
		if s.hopeless() {
			return solver.StopProved
		}
		target := s.lower + reach
		if s.pairs != nil {
			target = min(target, s.cost-1)
		}
		spent, stop := s.stage(target)
		if stop != solver.StopNone {
			return stop
		}
		if total += spent; spent < max(total/10, quickStage) {
			reach = 2*reach + 1
		} else {
			reach /= 2
		}
	}
}

// reduce keeps the pairs that a better assignment may hold, by the prices of the dual, and lets the improvers work on them, if
// they are fewer by a quarter than before.
func (s *search) reduce() {
	w := s.root
	limit := int64(math.MaxInt64 / 2)
	if s.pairs != nil {
		limit = (s.cost - 1) * s.c.scale
	}
	mark := len(w.d.trail)
	removed, _ := w.b.fixing(limit)
	if left := len(s.c.job) - removed; s.kept == nil || left < len(s.kept.job)*3/4 {
		s.kept, s.into = s.c.without(w.d.out)
		s.hire()
	}
	w.d.undo(mark)
}

// stage searches for assignments that cost at most target until none is left, and returns the work that took.
func (s *search) stage(target int64) (spent int64, stop solver.Stop) {
	c := s.c
	limit := target * c.scale
	w := s.root
	mark := len(w.d.trail)
	w.b.fixing(limit)
	kept, at := c.without(w.d.out)
	w.d.undo(mark)
	back := inverse(at, len(kept.job))
	s.provers = s.provers[:0]
	for range max(1, (s.workers+1)/2) {
		w := newWalker(kept)
		w.b.stop = s.stop
		w.b.inherit(s.root.b, at)
		w.limit = limit
		s.provers = append(s.provers, w)
	}
	var pool []*node
	if s.provers[0].d.start() {
		pool = []*node{{center: s.root.b.center, step: s.root.b.step, bound: w.b.value}}
		for _, w := range s.provers[1:] {
			w.d.start()
		}
	}
	for len(pool) > 0 {
		if stop := s.over(); stop != solver.StopNone {
			return 0, stop
		}
		if s.pairs != nil && s.cost <= target {
			limit = (s.cost - 1) * c.scale
		}
		before := int64(0)
		provers := len(s.provers) // at work in this round
		if spent > longStage && (s.pairs == nil || target < s.cost-1) {
			provers = max(1, s.workers/4)
		}
		for k, w := range s.provers {
			w.limit = min(w.limit, limit)
			w.stack, w.answer = w.stack[:0], nil
			for n := k; k < provers && n < len(pool); n += provers {
				w.stack = append(w.stack, pool[n])
			}
			before += w.ticks()
		}
		s.together(max(1, s.workers-provers))
		if s.stop() {
			return 0, s.over()
		}
		pool = pool[:0]
		low := limit + 1
		for _, w := range s.provers {
			if w.answer != nil {
				s.take(mapped(w.answer, back), w.answerCost)
			}
			spent += w.ticks()
			for _, n := range w.stack {
				if n.bound <= w.limit {
					pool = append(pool, n)
					low = min(low, n.bound)
				}
			}
		}
		spent -= before
		s.exchange()
		if s.pairs != nil && s.cost < s.reduced {
			s.reduced = s.cost
			s.reduce()
		}
		if len(pool) > 0 {
			s.raise(low)
		}
		s.round()
		if s.hopeless() {
			return spent, solver.StopNone
		}
	}
	if s.pairs != nil {
		target = min(target, s.cost-1)
	}
	s.lower = max(s.lower, target+1)
	return spent, solver.StopNone
}

// together lets the provers with nodes, and so many improvers, do one round's work.
func (s *search) together(improvers int) {
	var wait sync.WaitGroup
	for _, w := range s.provers {
		if len(w.stack) == 0 {
			continue
		}
		wait.Go(func() {
			end := w.ticks() + s.ticks
			for len(w.stack) > 0 && w.ticks() < end && !s.stop() {
				w.step(s.stop)
			}
		})
	}
	for _, v := range s.improvers[:min(improvers, len(s.improvers))] {
		v.lower = s.lower
		wait.Go(func() { v.work(s.ticks, s.stop) })
	}
	wait.Wait()
	s.ticks = min(roundTicks, s.ticks+s.ticks/2)
}

// exchange gives the best assignment to every improver.
func (s *search) exchange() {
	for _, v := range s.improvers {
		if v.pair != nil {
			s.take(mapped(v.pair, s.back), v.cost)
		}
	}
	if s.pairs == nil {
		return
	}
	for _, v := range s.improvers {
		if v.pair != nil && v.cost <= s.cost {
			continue
		}
		if pairs := s.known(s.pairs); pairs != nil {
			v.adopt(pairs, s.cost)
		}
	}
}

// known returns an assignment in the pairs of the kept core, nil if it holds others.
func (s *search) known(pairs []int32) []int32 {
	out := mapped(pairs, s.into)
	if slices.Contains(out, -1) {
		return nil
	}
	return out
}

func mapped(pairs, to []int32) []int32 {
	out := make([]int32, len(pairs))
	for j, p := range pairs {
		out[j] = to[p]
	}
	return out
}

// inverse returns where each of n values stands in at.
func inverse(at []int32, n int) []int32 {
	back := make([]int32, n)
	for p, q := range at {
		if q >= 0 {
			back[q] = int32(p)
		}
	}
	return back
}

// answer makes the solution.
func (s *search) answer(stop solver.Stop) *Solution {
	sol := &Solution{Stop: stop, Work: s.work, Dual: s.dual}
	if s.lower > math.MinInt64 && s.lower < math.MaxInt64 {
		sol.Bound, sol.HasBound = s.c.base+s.lower, true
	}
	switch {
	case s.pairs != nil:
		sol.Status = solver.Feasible
		sol.Objective = s.c.base + s.cost
		sol.AssignedTo = make([]int32, s.c.jobs)
		for j, p := range s.pairs {
			sol.AssignedTo[j] = s.c.agent[p]
			if s.c.agent[p] == s.c.nobody {
				sol.AssignedTo[j] = Unassigned
			}
		}
		if stop == solver.StopProved {
			sol.Status = solver.Optimal
			sol.Bound, sol.HasBound = sol.Objective, true
		}
	case stop == solver.StopProved:
		sol.Status = solver.Infeasible
		sol.HasBound = false
	}
	return sol
}
