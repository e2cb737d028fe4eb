package match

// second fills the second thoughts that the options ask for, on every core.
func (r *run) second(t *thoughts, newGround func() ground) {
	sol := r.sol
	n := min(len(sol.Unmet), r.opts.Relaxations)
	if r.opts.Relaxations < 0 {
		n = len(sol.Unmet)
	}
	grounds := make([]ground, len(r.m.scouts()))
	at := func(worker int) ground {
		if grounds[worker] == nil {
			grounds[worker] = newGround()
		}
		return grounds[worker]
	}
	if n > 0 {
		r.report("relax", 0)
		inChunks(r.ctx, n, func(worker, from, to int) {
			for k := from; k < to; k++ {
				sol.Unmet[k].Relaxations = t.relaxations(at(worker), &sol.Unmet[k])
			}
		})
	}
	if r.opts.Alternatives > 0 {
		r.report("alternatives", 0)
		sol.Alternatives = make([]Alternatives, len(sol.Matches))
		inChunks(r.ctx, len(sol.Matches), func(worker, from, to int) {
			for k := from; k < to; k++ {
				sol.Alternatives[k] = Alternatives{Match: int32(k), Best: t.alternatives(at(worker), k, r.opts.Alternatives)}
			}
		})
	}
}
