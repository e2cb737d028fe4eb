package match

import (
	"cmp"
	"context"
	"math"
	"slices"
	"sort"
	"time"

	"github.com/courtyard-care/courtyard/solver"
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
		case TierWorstDistance, TierWorstNeed: // thresholds are not compared
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
	var bounds counting
	var relaxed *value                      // of the plain flow
	defer func() { _, _ = bounds.wait() }() // also where an error ends the search
	polish := !s.w.plainFlow() && s.dearest < 0 && len(allowed) > cmp.Or(s.opts.few, polished)
	if !whole || polish {
		plain, err := s.plainColumns(allowed, whole, &sc)
		if err != nil {
			return nil, err
		}
		chosen, opts.Root = plain.columns, plain.root
		if plain.units != nil {
			relaxed = &plain.value
		}
		bounds.start(s, tiers, &sc, allowed, chosen, opts.Root)
		if plain.units != nil && polish && len(allowed) > cmp.Or(s.opts.few, begun) {
			chosen, opts.Start = s.begin(allowed, plain, &sc)
		}
	} else {
		bounds.start(s, tiers, &sc, allowed, chosen, nil)
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
		answer, err := s.engine(problem, opts, polish, whole)
		if err != nil {
			return nil, err
		}
		s.work += answer.Work
		s.seen = max(s.seen, len(chosen))
		out := s.read(answer, problem, chosen)
		if polish && out.status != solver.Optimal {
			s.polish(out, allowed, opts.Start, &sc)
		}
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
		counted, err := bounds.wait()
		if err != nil {
			return nil, err
		}
		if relaxed != nil && (counted == nil || s.less(unmetOf(tiers), *counted, *relaxed)) {
			counted = &value{pin: relaxed.pin, short: relaxed.short, unmet: relaxed.unmet}
		}
		s.prove(out, tiers, &sc, counted)
		s.count(answer)
		return out, nil
	}
}

// engine solves with all of the time, or under a deadline with what is not needed to finish the plan by hand and to explain it:
// about a microsecond a column, at most a third. Where the whole problem is a generalised assignment, package gap goes on from
// the first plan.
func (s *search) engine(problem *sideflow.Problem, opts sideflow.Options, polish, whole bool) (*sideflow.Solution, error) {
	ctx := s.ctx
	if deadline, ok := ctx.Deadline(); ok && polish {
		left := time.Until(deadline)
		part, cancel := context.WithTimeout(ctx, left-min(left/3, 200*time.Millisecond+time.Duration(len(s.w.cols))*time.Microsecond))
		defer cancel()
		ctx = part
	}
	var hours *assignment
	if whole {
		hours = assign(problem)
	}
	opts.RootOnly = hours != nil
	answer, err := sideflow.Solve(ctx, problem, opts)
	if err != nil || hours == nil || answer.Status == solver.Optimal || ctx.Err() != nil {
		return answer, err
	}
	limit := int64(0)
	if opts.WorkLimit > 0 {
		if limit = opts.WorkLimit - answer.Work; limit <= 0 {
			return answer, nil
		}
	}
	return answer, hours.improve(ctx, problem, answer, limit)
}

// counting finds the bound of the counts beside the search for a plan.
type counting struct {
	done  chan struct{}
	bound *value
	err   error
}

// start begins, where the bound is needed.
func (c *counting) start(s *search, tiers []Tier, sc *scale, allowed, chosen []int32, root *sideflow.Root) {
	if sc.exact || s.w.plainFlow() && s.dearest < 0 {
		return
	}
	c.done = make(chan struct{})
	chosen = slices.Clone(chosen)
	go func() {
		defer close(c.done)
		c.bound, c.err = s.countBound(tiers, allowed, chosen, root)
	}()
}

// wait returns the bound; nil if none was needed, or none found.
func (c *counting) wait() (*value, error) {
	if c.done == nil {
		return nil, nil
	}
	<-c.done
	return c.bound, c.err
}

// unpriced gives a root that came from a plain flow, or from a problem with other limits, a price of nothing for every limit.
func unpriced(root *sideflow.Root, problem *sideflow.Problem) *sideflow.Root {
	if root == nil || len(root.Row) == len(problem.Rows) && len(root.Choice) == len(problem.Choices) {
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

// begin makes a plan that follows the plain flow as far as the limits beside it allow, and gives those who lose by that
// another place. It returns the columns of the engine, with those of the plan behind them, and the flow.
func (s *search) begin(allowed []int32, plain *plain, sc *scale) (columns []int32, flow []int64) {
	p := newPolisher(s.w, sc, allowed)
	p.follow(plain.units)
	p.improve(s.ctx)
	inside := make([]bool, len(s.w.cols))
	for _, k := range plain.columns {
		inside[k] = true
	}
	columns = slices.Clip(plain.columns)
	for k, u := range p.units {
		if u > 0 && !inside[k] {
			columns = append(columns, int32(k))
		}
	}
	return columns, s.w.engineFlow(p.flow, p.units, columns)
}

// engineFlow writes a plan as the flow of the engine's arcs.
func (w *web) engineFlow(flow, units []int64, columns []int32) []int64 {
	all := make([]int64, len(w.arcs)+len(columns))
	copy(all, flow)
	for k, c := range columns {
		all[len(w.arcs)+k] = units[c]
	}
	return all
}

// polish improves a plan by hand; where the engine found none, or a worse one, that with which it began.
func (s *search) polish(out *solved, allowed []int32, start []int64, sc *scale) {
	w := s.w
	if start != nil {
		units := make([]int64, len(w.cols))
		for k, c := range out.columns[:len(start)-len(w.arcs)] {
			units[c] = start[len(w.arcs)+k]
		}
		flow := start[:len(w.arcs)]
		if v := w.valueOf(flow, units); out.units == nil || sc.weigh(v) < sc.weigh(out.value) {
			out.status, out.flow, out.units, out.value = solver.Feasible, flow, units, v
		}
	}
	if out.units == nil {
		return
	}
	p := newPolisher(w, sc, allowed)
	p.restore(out.flow, out.units)
	if !p.improve(s.ctx) {
		return
	}
	out.flow, out.units, out.value = p.flow, p.units, w.valueOf(p.flow, p.units)
	inside := make([]bool, len(w.cols))
	for _, k := range out.columns {
		inside[k] = true
	}
	for k, u := range out.units {
		if u > 0 && !inside[k] {
			out.columns = append(slices.Clip(out.columns), int32(k))
		}
	}
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

// unmetOf keeps the tiers that count units unmet.
func unmetOf(tiers []Tier) []Tier {
	return slices.DeleteFunc(slices.Clone(tiers), func(t Tier) bool { return classOf(t) < 0 })
}

// countBound bounds the units unmet, tier by tier, where the weights of a search are not exact: those of the counts alone are. It
// is the Lagrangean bound of the root, corrected for the columns that were left out. Nil if none is found in time.
func (s *search) countBound(tiers []Tier, allowed, chosen []int32, root *sideflow.Root) (*value, error) {
	counts := unmetOf(tiers)
	only, ok := s.w.newScale(counts)
	if !ok || !only.exact {
		return nil, nil
	}
	ctx := s.ctx
	if deadline, ok := ctx.Deadline(); ok {
		part, cancel := context.WithTimeout(ctx, time.Until(deadline)*2/3)
		defer cancel()
		ctx = part
	}
	opts := sideflow.Options{RootOnly: true, Root: root}
	var best *value
	for {
		problem := s.problem(chosen, &only)
		opts.Root = unpriced(opts.Root, problem)
		answer, err := sideflow.Solve(ctx, problem, opts)
		if err != nil {
			return nil, err
		}
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
			if out.units != nil && sc.weigh(out.value) <= out.engine.Bound+base {
				out.status, out.stop, out.bound = solver.Optimal, solver.StopProved, out.value
			}
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
		case TierUnmet1, TierUnmet2, TierUnmet3, TierCost: // always there
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
