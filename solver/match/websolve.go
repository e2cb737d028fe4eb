package match

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"
	"sort"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
	"github.com/courtyard-care/courtyard/solver/sideflow"
)

const (
	// fewColumns is how many columns the engine gets all at once.
	fewColumns = 400_000
	// webColumns is how many of its cheapest columns a row starts with where there are more.
	webColumns = 24
	// webRound is how many bargains a round of pricing adds to a row.
	webRound = 8
)

// search solves one web under the goal of the problem: tier by tier where a tier is a threshold, otherwise at one go.
type search struct {
	ctx   context.Context
	opts  Options
	p     *Problem
	w     *web
	tiers []Tier

	reach   int32 // no column is longer
	dearest int64 // no need costs more; negative: no bound

	work, rounds int64
	report       func(stage string, done float64)
	hard         map[HardKind]int
	seen         int // columns that the engine saw
}

// solved is a plan of a web with what is proved of it.
type solved struct {
	status  solver.Status
	stop    solver.Stop
	flow    []int64 // by structural arc
	units   []int64 // by column; nil when no plan is in hand
	columns []int32 // those the engine saw
	value   value   // of the plan
	bound   value   // no plan is better
	engine  *sideflow.Solution
	problem *sideflow.Problem
}

// stages solves what the goal asks for in order and returns the last plan.
func (s *search) stages() (*solved, error) {
	proved := true
	var first, last *solved // the plan by the tiers before the first threshold; the one in hand
	for k, t := range s.tiers {
		if t != TierWorstDistance && t != TierWorstNeed {
			continue
		}
		best, good, ok, err := s.threshold(t, s.tiers[:k])
		if err != nil {
			return nil, err
		}
		if first == nil {
			first = best
		}
		last = good
		proved = proved && ok
	}
	out, err := s.solve(additive(s.tiers))
	if err != nil {
		return nil, err
	}
	if out.units == nil && last != nil && last.units != nil { // cut in the last stage
		last.stop, out = out.stop, last
		out.status = solver.Feasible
	}
	if !proved { // what is proved of the last plan is proved under a threshold that may be too high, or too low
		out.bound = first.bound
		if out.status == solver.Optimal {
			out.status, out.stop = solver.Feasible, stopOf(s.ctx)
		}
	}
	return out, nil
}

func stopOf(ctx context.Context) solver.Stop {
	if ctx.Err() == context.Canceled {
		return solver.StopCancelled
	}
	return solver.StopTime
}

// additive leaves out the tiers that are thresholds.
func additive(tiers []Tier) []Tier {
	return slices.DeleteFunc(slices.Clone(tiers), func(t Tier) bool { return t == TierWorstDistance || t == TierWorstNeed })
}

// threshold finds the least bound on the longest distance, or on the dearest need, with which the tiers before it are as good
// as without, by bisection (Gabow and Tarjan 1988 for the bottleneck), and keeps it. It returns the plan by the tiers before it,
// the one within the threshold, and whether the threshold is proved. Under a deadline each try has a share of the time left.
func (s *search) threshold(t Tier, before []Tier) (best, good *solved, proved bool, err error) {
	tiers := additive(before)
	if best, err = s.inTime(tiers, 4); err != nil || best.units == nil {
		return best, best, false, err
	}
	good = best
	proved = best.status == solver.Optimal
	last, at := s.steps(t, best)
	low, high := int64(0), last // at(high) is known to do
	for low < high {
		mid := low + (high-low)/2
		s.bound(t, at(mid))
		try, err := s.inTime(tiers, 2+bits.Len64(uint64(high-low)))
		if err != nil {
			return nil, nil, false, err
		}
		if try.units != nil && !s.less(tiers, best.value, try.value) {
			high, good = mid, try
			continue
		}
		proved = proved && try.status == solver.Optimal
		low = mid + 1
		if s.ctx.Err() != nil {
			proved = false
			break
		}
	}
	s.bound(t, at(high))
	return best, good, proved, nil
}

// inTime solves with one part in so many of the time that is left.
func (s *search) inTime(tiers []Tier, parts int) (*solved, error) {
	deadline, ok := s.ctx.Deadline()
	if !ok {
		return s.solve(tiers)
	}
	whole := s.ctx
	ctx, cancel := context.WithTimeout(whole, time.Until(deadline)/time.Duration(parts))
	defer func() {
		cancel()
		s.ctx = whole
	}()
	s.ctx = ctx
	return s.solve(tiers)
}

// bound sets a threshold.
func (s *search) bound(t Tier, v int64) {
	if t == TierWorstDistance {
		s.reach = int32(v)
		return
	}
	s.dearest = v
}

// steps returns the values that a threshold can have, ascending: at(0) to at(last), the last one being that of a plan.
func (s *search) steps(t Tier, plan *solved) (last int64, at func(int64) int64) {
	w := s.w
	if t == TierWorstNeed {
		worst := int64(0)
		for _, c := range w.costs(plan.units) {
			worst = max(worst, c)
		}
		return worst, func(k int64) int64 { return k }
	}
	worst := w.longest(plan.units)
	list := []int64{0}
	for k := range w.cols {
		if d := w.cols[k].metres; d <= worst {
			list = append(list, int64(d))
		}
	}
	slices.Sort(list)
	list = slices.Compact(list)
	return int64(len(list) - 1), func(k int64) int64 { return list[k] }
}

// longest returns the longest distance of a plan.
func (w *web) longest(units []int64) int32 {
	worst := int32(0)
	for k, u := range units {
		if u > 0 {
			worst = max(worst, w.cols[k].metres)
		}
	}
	return worst
}

// costs returns the cost of each need in a plan.
func (w *web) costs(units []int64) []int64 {
	costs := make([]int64, len(w.m.needs))
	for k, u := range units {
		if u > 0 {
			costs[w.rows[w.cols[k].row].need] += u * w.cols[k].cost
		}
	}
	return costs
}

// less compares two plans by the tiers alone.
func (s *search) less(tiers []Tier, a, b value) bool {
	weights := &s.p.Weights
	if c := cmp.Or(cmp.Compare(a.pin, b.pin), cmp.Compare(a.short, b.short)); c != 0 {
		return c < 0
	}
	for _, t := range tiers {
		c := 0
		switch t {
		case TierUnmet1, TierUnmet2, TierUnmet3:
			c = cmp.Compare(a.unmet[classOf(t)], b.unmet[classOf(t)])
		case TierChanges:
			c = cmp.Compare(a.changes, b.changes)
		case TierLoad:
			c = cmp.Compare(a.load, b.load)
		case TierCost:
			c = cmp.Compare(a.total(weights, tiers), b.total(weights, tiers))
		}
		if c != 0 {
			return c < 0
		}
	}
	return false
}

// total is the cost with the changes and the load that are no tiers of their own.
func (v value) total(weights *Weights, tiers []Tier) int64 {
	cost := v.cost
	if !slices.Contains(tiers, TierChanges) {
		cost += weights.Change * v.changes
	}
	if !slices.Contains(tiers, TierLoad) {
		cost += weights.Load * v.load
	}
	return cost
}

// solve finds the best plan by the additive tiers under the thresholds in force.
func (s *search) solve(tiers []Tier) (*solved, error) {
	sc, ok := s.w.newScale(tiers)
	if !ok {
		return nil, s.p.costsTooLarge()
	}
	allowed := s.allowed()
	chosen := allowed
	whole := len(allowed) <= cmp.Or(s.opts.few, fewColumns)
	opts := sideflow.Options{OnProgress: func(sideflow.Progress) { s.report("solve", -1) }}
	if !whole {
		var err error
		if chosen, opts.Root, err = s.plainColumns(allowed, &sc); err != nil {
			return nil, err
		}
	}
	counted, err := s.countBound(tiers, &sc, allowed, chosen, opts.Root)
	if err != nil {
		return nil, err
	}
	_, hurried := s.ctx.Deadline()
	hurried = hurried || s.opts.WorkLimit > 0
	for {
		if s.opts.WorkLimit > 0 {
			opts.WorkLimit = max(1, s.opts.WorkLimit-s.work)
		}
		s.rounds++
		problem := s.problem(chosen, &sc)
		opts.Root = unpriced(opts.Root, problem)
		answer, err := sideflow.Solve(s.ctx, problem, opts)
		if err != nil {
			return nil, err
		}
		s.work += answer.Work
		s.seen = max(s.seen, len(chosen))
		out := s.read(answer, problem, chosen)
		if !whole {
			added, below := s.bargains(allowed, chosen, problem, answer.Root, &sc)
			if len(added) > 0 && !hurried && s.ctx.Err() == nil {
				opts.Start, opts.Root = answer.Flow, answer.Root
				chosen = append(chosen, added...) // behind the others: the basis and the flow stay valid
				continue
			}
			out.overAll(below)
			if out.status == solver.Feasible && !hurried && s.ctx.Err() == nil && len(chosen) < len(allowed) {
				// Optimal for the columns seen, but not by the root bound: only all of them can prove it.
				opts.Start, opts.Root = answer.Flow, answer.Root
				chosen, whole = s.rest(allowed, chosen), true
				continue
			}
		}
		s.prove(out, tiers, &sc, counted)
		s.count(answer)
		return out, nil
	}
}

// unpriced gives a root that came from a plain flow a price of nothing for every limit of a problem.
func unpriced(root *sideflow.Root, problem *sideflow.Problem) *sideflow.Root {
	if root == nil || root.Row != nil || root.Choice != nil {
		return root
	}
	own := *root
	own.Row, own.Choice = make([]int64, len(problem.Rows)), make([]int64, len(problem.Choices))
	return &own
}

// rest appends the columns that are missing.
func (s *search) rest(allowed, chosen []int32) []int32 {
	inside := make([]bool, len(s.w.cols))
	for _, k := range chosen {
		inside[k] = true
	}
	for _, k := range allowed {
		if !inside[k] {
			chosen = append(chosen, k)
		}
	}
	return chosen
}

// overAll makes what is proved for the columns that the engine saw hold for all of them: those it did not see may lower the root
// bound by so much.
func (out *solved) overAll(below int64) {
	e := out.engine
	if e.Root == nil {
		e.HasBound = false
	} else {
		e.Bound = min(e.Bound, e.Root.Bound-below)
	}
	if out.status == solver.Optimal && (!e.HasBound || e.Bound < e.Objective) {
		out.status, out.stop = solver.Feasible, solver.StopWork
	}
}

// count counts the constraints that the plain flow breaks.
func (s *search) count(answer *sideflow.Solution) {
	for _, k := range answer.Binding.Rows {
		kind := HardNeed // the rows of a threshold stand behind the web's
		if int(k) < len(s.w.limits) {
			kind = s.w.limits[k].kind
		}
		s.hard[kind]++
	}
	for _, k := range answer.Binding.Switches {
		s.hard[s.w.switches[k].kind]++
	}
	for _, k := range answer.Binding.Choices {
		s.hard[s.w.choices[k].kind]++
	}
}

// allowed lists the columns within the thresholds.
func (s *search) allowed() []int32 {
	w := s.w
	list := make([]int32, 0, len(w.cols))
	for k := range w.cols {
		c := &w.cols[k]
		if c.metres > s.reach || s.dearest >= 0 && c.cost > s.dearest {
			continue
		}
		list = append(list, int32(k))
	}
	return list
}

// guarded reports whether a column can only be used when a gate is open. The root prices a gate and its columns together, so that
// it cannot tell what one more of them would be worth: all of them are there from the start.
func (w *web) guarded(k int32) bool {
	c := &w.cols[k]
	return w.rows[c.row].whole || w.gateOf[w.m.entries[c.entry].resource] >= 0
}

// first chooses the columns that the engine begins with: the cheapest of each row, those behind gates and of pairings, and a few
// drawn by position so that crowded quarters are not cut off.
func (s *search) first(allowed []int32) []int32 {
	w := s.w
	var chosen, row []int32
	begin := webColumns
	if s.opts.few > 0 {
		begin = 1
	}
	for from := 0; from < len(allowed); {
		to := from
		for to < len(allowed) && w.cols[allowed[to]].row == w.cols[allowed[from]].row {
			to++
		}
		row = append(row[:0], allowed[from:to]...)
		w.byRow(row)
		keep := row[:min(len(row), begin)]
		for k := begin; k < len(row); k++ {
			if w.guarded(row[k]) || w.cols[row[k]].state != 0 || s.opts.few == 0 && k*draws/len(row) != (k-1)*draws/len(row) {
				keep = append(keep, row[k])
			}
		}
		slices.Sort(keep)
		chosen = append(chosen, keep...)
		from = to
	}
	return chosen
}

// problem writes the web for the engine.
func (s *search) problem(chosen []int32, sc *scale) *sideflow.Problem {
	w := s.w
	p := &sideflow.Problem{Flow: w.flowProblem(chosen, sc.weigh, sc.weighColumn)}
	first := w.arcCount()
	at := make([]int32, len(w.cols)) // arc of each column, 0 if it is left out
	for k, c := range chosen {
		at[c] = first + int32(k)
	}
	for k := range w.limits {
		l := &w.limits[k]
		r := sideflow.Row{Most: l.Most}
		for x, a := range l.Arc {
			if a >= first {
				if a = at[a-first]; a == 0 {
					continue
				}
			}
			r.Arc, r.Coef = append(r.Arc, a), append(r.Coef, l.Coef[x])
		}
		p.Rows = append(p.Rows, r)
	}
	if s.dearest >= 0 {
		p.Rows = append(p.Rows, s.needRows(chosen, first)...)
	}
	for k := range w.switches {
		p.Switches = append(p.Switches, w.switches[k].Switch)
	}
	for k := range w.choices {
		p.Choices = append(p.Choices, w.choices[k].Choice)
	}
	return p
}

// needRows bounds the cost of every need that could come to more than the threshold.
func (s *search) needRows(chosen []int32, first int32) []sideflow.Row {
	w := s.w
	rows := make(map[int32]*sideflow.Row)
	var order []int32
	most := make(map[int32]int64)
	for k, x := range chosen {
		c := &w.cols[x]
		i := w.rows[c.row].need
		if rows[i] == nil {
			rows[i] = &sideflow.Row{Most: s.dearest}
			order = append(order, i)
		}
		rows[i].Arc, rows[i].Coef = append(rows[i].Arc, first+int32(k)), append(rows[i].Coef, c.cost)
		most[i] = max(most[i], c.cost)
	}
	var list []sideflow.Row
	for _, i := range order {
		if most[i]*w.m.needs[i].units > s.dearest {
			list = append(list, *rows[i])
		}
	}
	return list
}

// plainColumns finds the columns that matter to the plain flow: the first ones, and while its prices make others bargains, those
// (column generation, as in Solve). It returns them with the flow's prices and basis, nil if the search was cut.
func (s *search) plainColumns(allowed []int32, sc *scale) ([]int32, *sideflow.Root, error) {
	w := s.w
	chosen := s.first(allowed)
	var basis *mcf.Basis
	for {
		s.rounds++
		p := w.flowProblem(chosen, sc.weigh, sc.weighColumn)
		answer, err := mcf.Solve(s.ctx, &p, mcf.Options{Start: basis})
		if err != nil || answer.Status != solver.Optimal {
			return chosen, nil, err
		}
		s.work += answer.Work
		s.report("price", -1)
		root := &sideflow.Root{Potential: answer.Potential, Basis: answer.Basis}
		added, _ := s.bargains(allowed, chosen, nil, root, sc)
		if len(added) == 0 {
			return chosen, root, nil
		}
		chosen = append(chosen, added...)
		basis = answer.Basis
	}
}

// bargains returns, for each row, its best columns outside of a problem whose reduced cost at the root is negative, and by how
// much all of them can lower the root bound: a row sends no more than its units.
func (s *search) bargains(allowed, chosen []int32, problem *sideflow.Problem, root *sideflow.Root, sc *scale) (added []int32, below int64) {
	w := s.w
	if root == nil {
		return nil, 0
	}
	inside := make([]bool, len(w.cols))
	for _, k := range chosen {
		inside[k] = true
	}
	paid := s.paid(problem, root)
	type bargain struct {
		reduced int64
		col     int32
	}
	var list []bargain
	for from := 0; from < len(allowed); {
		r := w.cols[allowed[from]].row
		list = list[:0]
		most := int64(0)
		to := from
		for ; to < len(allowed) && w.cols[allowed[to]].row == r; to++ {
			k := allowed[to]
			if inside[k] {
				continue
			}
			c := &w.cols[k]
			reduced := sc.weighColumn(c)<<root.Shift + root.Potential[w.rows[c.row].node] - root.Potential[c.head]
			if paid != nil {
				reduced += paid[k]
			}
			if reduced < 0 {
				list = append(list, bargain{reduced, k})
				most = max(most, c.upper)
			}
		}
		from = to
		if len(list) == 0 {
			continue
		}
		slices.SortFunc(list, func(a, b bargain) int {
			return cmp.Or(cmp.Compare(a.reduced, b.reduced), cmp.Compare(a.col, b.col))
		})
		below += most * -(list[0].reduced >> root.Shift) // rounded away from zero
		for _, x := range list[:min(len(list), webRound)] {
			added = append(added, x.col)
		}
	}
	return added, below
}

// paid returns what the limits of a problem charge for each column at the root; nil for nothing.
func (s *search) paid(problem *sideflow.Problem, root *sideflow.Root) []int64 {
	if problem == nil {
		return nil
	}
	w := s.w
	paid := make([]int64, len(w.cols))
	first := w.arcCount()
	for k := range w.limits {
		for x, a := range w.limits[k].Arc {
			if a >= first && root.Row[k] != 0 {
				paid[a-first] += root.Row[k] * w.limits[k].Coef[x]
			}
		}
	}
	return paid
}

// read makes a plan of the engine's flow and measures it.
func (s *search) read(answer *sideflow.Solution, problem *sideflow.Problem, chosen []int32) *solved {
	w := s.w
	out := &solved{status: answer.Status, stop: answer.Stop, columns: chosen, engine: answer, problem: problem}
	if answer.Flow == nil {
		out.status = solver.Unknown
		return out
	}
	out.flow = answer.Flow[:len(w.arcs)]
	out.units = make([]int64, len(w.cols))
	for k, c := range chosen {
		out.units[c] = answer.Flow[len(w.arcs)+k]
	}
	out.value = w.valueOf(out.flow, out.units)
	return out
}

// valueOf adds up what a plan is worth.
func (w *web) valueOf(flow, units []int64) value {
	v := w.base
	for k, x := range flow {
		if x > 0 {
			v = v.plus(w.arcs[k].val.times(x))
		}
	}
	for k, u := range units {
		if u == 0 {
			continue
		}
		v.cost += u * w.cols[k].cost
		if w.cols[k].state&colKeeps != 0 {
			v.changes -= u
		}
		if w.cols[k].state&colPins != 0 {
			v.pin -= u
		}
	}
	return v
}

// countBound bounds the units unmet, tier by tier, where the weights of a search are not exact: those of the counts alone are. It
// is the Lagrangean bound of the root, corrected for the columns that were left out, and has a quarter of the time. Nil if it is
// not needed or not found.
func (s *search) countBound(tiers []Tier, sc *scale, allowed, chosen []int32, root *sideflow.Root) (*value, error) {
	if sc.exact || s.w.plainFlow() && s.dearest < 0 {
		return nil, nil
	}
	counts := slices.DeleteFunc(slices.Clone(tiers), func(t Tier) bool { return classOf(t) < 0 })
	only, ok := s.w.newScale(counts)
	if !ok || !only.exact {
		return nil, nil
	}
	ctx := s.ctx
	if deadline, ok := ctx.Deadline(); ok {
		quarter, cancel := context.WithTimeout(ctx, time.Until(deadline)/4)
		defer cancel()
		ctx = quarter
	}
	chosen = slices.Clone(chosen)
	opts := sideflow.Options{RootOnly: true, Root: root}
	var best *value
	for {
		problem := s.problem(chosen, &only)
		opts.Root = unpriced(opts.Root, problem)
		answer, err := sideflow.Solve(ctx, problem, opts)
		if err != nil {
			return nil, err
		}
		s.work += answer.Work
		if answer.Root == nil {
			return best, nil
		}
		added, below := s.bargains(allowed, chosen, problem, answer.Root, &only)
		v := only.unweigh(answer.Root.Bound-below+only.weigh(s.w.base), counts)
		if best == nil || s.less(counts, *best, v) {
			best = &v
		}
		if len(added) == 0 || ctx.Err() != nil {
			return best, nil
		}
		chosen = append(chosen, added...)
		opts.Root = answer.Root
	}
}

// plainFlow reports whether the engine has nothing but a flow to solve.
func (w *web) plainFlow() bool { return len(w.limits)+len(w.switches)+len(w.choices) == 0 }

// prove fills the bound of a plan in the order of the tiers.
func (s *search) prove(out *solved, tiers []Tier, sc *scale, counted *value) {
	if out.status == solver.Optimal && (sc.exact || s.w.plainFlow() && s.dearest < 0) {
		out.bound = out.value
		return
	}
	base := sc.weigh(s.w.base)
	if sc.exact {
		if out.engine.HasBound {
			out.bound = sc.unweigh(out.engine.Bound+base, tiers)
		}
		return
	}
	if out.status == solver.Optimal {
		out.status, out.stop = solver.Feasible, solver.StopWork // the best by weights that are not exact
	}
	if counted == nil || out.units == nil {
		return
	}
	out.bound = *counted
	if out.bound.unmet == out.value.unmet && out.bound.short == out.value.short && out.engine.HasBound {
		// No plan leaves fewer unmet, so that what is left of the weight is a bound on what stands behind.
		v := out.value
		v.changes, v.load, v.cost = 0, 0, 0
		rest := out.engine.Bound + base - sc.weigh(v)
		behind := slices.DeleteFunc(slices.Clone(tiers), func(t Tier) bool { return classOf(t) >= 0 })
		tail := *sc
		tail.short, tail.pin = 0, 0
		b := tail.unweigh(rest, behind)
		out.bound.changes, out.bound.load, out.bound.cost = b.changes, b.load, b.cost
	}
}

// objective writes a value, with the longest distance and the dearest need, as the tuple of the tiers.
func (s *search) objective(v value, worst, dearest int64) Objective {
	o := Objective{Short: v.short, Unmet: v.unmet, Cost: v.total(&s.p.Weights, s.tiers)}
	for _, t := range s.tiers {
		switch t {
		case TierChanges:
			o.Changes = v.changes
		case TierLoad:
			o.Load = v.load
		case TierWorstDistance:
			o.WorstDistance = worst
		case TierWorstNeed:
			o.WorstNeed = dearest
		}
	}
	return o
}

// plan lists the matches of a web's plan, columns of one pair, service and day together.
func (w *web) plan(units []int64) []Match {
	var list []Match
	for k, u := range units {
		if u == 0 {
			continue
		}
		c := &w.cols[k]
		list = append(list, Match{
			Need: w.rows[c.row].need, Resource: w.m.entries[c.entry].resource, StandIn: c.standIn, Day: c.day,
			Units: u, DistanceM: int64(c.metres), Cost: u * c.cost,
		})
	}
	sort.SliceStable(list, func(a, b int) bool { return before(&list[a], &list[b]) })
	merged := list[:0]
	for _, x := range list {
		if last := len(merged) - 1; last >= 0 && !before(&merged[last], &x) {
			merged[last].Units += x.Units
			merged[last].Cost += x.Cost
			continue
		}
		merged = append(merged, x)
	}
	return merged
}

// before orders matches by need, resource, service and day.
func before(a, b *Match) bool {
	return cmp.Or(cmp.Compare(a.Need, b.Need), cmp.Compare(a.Resource, b.Resource),
		cmp.Compare(a.StandIn, b.StandIn), cmp.Compare(a.Day, b.Day)) < 0
}

// noReach is the threshold of a search without one.
const noReach = math.MaxInt32
