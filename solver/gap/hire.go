package gap

import "math/rand/v2"

// inherit takes over centre, step and columns of a bundle over a larger core; at says where its pairs are in this one.
func (b *bundle) inherit(from *bundle, at []int32) {
	copy(b.center, from.center)
	b.step, b.shortest = from.step, from.shortest
	for i, cols := range from.columns {
		for _, col := range cols[:from.live[i]] {
			pairs := make([]int32, 0, len(col.pairs))
			for _, p := range col.pairs {
				if at[p] >= 0 {
					pairs = append(pairs, at[p])
				}
			}
			if len(pairs) == len(col.pairs) {
				b.keep(i, &column{pairs: pairs, weight: col.weight})
			}
		}
	}
}

// hire makes the improvers, over the kept pairs.
func (s *search) hire() {
	s.back = inverse(s.into, len(s.kept.job))
	rise := s.rises()
	agents, jobs, first := 3.0, 20.0, len(s.improvers) == 0
	for _, v := range s.improvers {
		agents, jobs = max(agents, v.agents), max(jobs, v.jobs)
	}
	all := s.root.shares()
	kept, share := make([]float64, len(s.back)), make([]float64, len(s.back))
	for q, p := range s.back {
		kept[q], share[q] = rise[p], all[p]
	}
	s.improvers = s.improvers[:0]
	for k := range max(1, s.workers-max(1, s.workers/4)) {
		rng := rand.New(rand.NewPCG(s.opts.Seed, uint64(s.work)<<16+uint64(k+1)))
		w := newWalker(s.kept)
		w.b.stop, w.dive = s.stop, true
		w.b.inherit(s.root.b, s.into)
		if !w.d.start() {
			continue
		}
		v := &improver{
			c: s.kept, w: w, rng: rng, rise: kept, prices: s.root.b.center, step: s.root.b.step, agents: agents, jobs: jobs, share: share,
			l: newChains(s.kept, rng, func(p int32) float64 { return kept[p] }),
		}
		if !first {
			v.turn = 1 + k
		}
		s.improvers = append(s.improvers, v)
	}
	s.exchange()
}

// rises returns by how much the dual bound rises, at least, when the job of a pair goes to its agent.
func (s *search) rises() []float64 {
	c, b := s.c, s.root.b
	rise := make([]float64, len(c.job))
	for j := range int32(c.jobs) {
		absent := int64(0)
		for _, p := range c.pairsOf(j) {
			absent += b.outCost[p]
		}
		for _, p := range c.pairsOf(j) {
			rise[p] = float64(b.in[p] + absent - b.outCost[p])
		}
	}
	return rise
}
