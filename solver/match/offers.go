package match

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"sync"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// Offer is one unit that a caller could be given now.
type Offer struct {
	Resource  int32
	StandIn   int32         // position in the caller's StandIns of the service given; -1 for the very service
	Day       int32         // of the horizon; -1 where neither has a time
	Windows   []care.Window // when, on that day; nil where any time does
	DistanceM int64
	Cost      int64
	Objective Objective // of the whole match with it
	Moves     []Move    // who has to change hands for it; nobody if empty
}

// Finished is a match kept open for questions. It is safe for concurrent use.
type Finished struct {
	p         *Problem
	m         *model
	sol       *Solution
	review    *reviewer
	room      room
	after     func(value, int64) Objective
	make      func() ground
	grounds   sync.Pool
	resources map[string]int32
	onlyRoom  bool // the plan is not the best one, so that what others would do is not known: only places that are free are offered
}

// Open makes a finished match ready for questions. The plan may be one that Solve returned for the problem, or any other that
// keeps every rule; to a plan that is not proved optimal, only offers that move nobody are made. The error is a
// [*solver.Invalid] for a faulty problem or a plan that breaks a rule. It takes the time of compiling the problem, and that of
// solving it where the solution carries no certificate.
func Open(ctx context.Context, p *Problem, s *Solution) (*Finished, error) {
	metric, err := p.prepare()
	if err != nil {
		return nil, err
	}
	broken, objective, err := Review(p, s.Matches)
	if err != nil {
		return nil, err
	}
	broken = slices.DeleteFunc(broken, func(x Violation) bool { return p.KeepPinned && x.Code != CodeLocking && x.Need >= 0 && x.Resource >= 0 })
	if len(broken) > 0 {
		return nil, planBreaks(broken)
	}
	f := &Finished{p: p, m: newModel(p, metric), review: newReviewer(p, metric)}
	f.sol = &Solution{Status: s.Status, Objective: objective, Matches: slices.Clone(s.Matches)}
	slices.SortStableFunc(f.sol.Matches, func(a, b Match) int {
		switch {
		case before(&a, &b):
			return -1
		case before(&b, &a):
			return 1
		}
		return 0
	})
	if p.simple() {
		err = f.openPlain(ctx, s)
	} else {
		err = f.openWeb(ctx)
	}
	if err != nil {
		return nil, err
	}
	f.resources = make(map[string]int32, len(p.Lists.Resources))
	for j := range p.Lists.Resources {
		f.resources[p.Lists.Resources[j].ID] = int32(j)
	}
	f.grounds.New = func() any { return f.make() }
	return f, nil
}

// planBreaks is the error of a plan that breaks rules.
func planBreaks(broken []Violation) error {
	var all solver.Invalid
	for _, x := range broken {
		all.Add(solver.Fault{
			Pointer: "/matches", Code: "conflict",
			Detail: fmt.Sprintf("the plan breaks %s: need %d, resource %d of the lists", x.Code, x.Need, x.Resource),
		})
	}
	return all.Err()
}

// openPlain builds the residual network of a plan from the prices of its certificate.
func (f *Finished) openPlain(ctx context.Context, s *Solution) error {
	m := f.m
	dual := s.Dual
	if dual == nil || s.Objective != f.sol.Objective {
		best, err := Solve(ctx, f.p, Options{})
		if err != nil {
			return err
		}
		if best.Dual == nil || best.Objective != f.sol.Objective {
			f.onlyRoom = true
		}
		dual = best.Dual
	}
	net := newNetwork(m)
	r := &run{ctx: ctx, m: m, net: net, sol: f.sol, unmet: make([]int64, len(m.needs))}
	for i := range m.needs {
		r.unmet[i] = m.needs[i].units
	}
	r.plan.through = make([]int64, len(net.next))
	for _, x := range f.sol.Matches {
		e := m.entryAt(x.Resource, f.p.Lists.Needs[x.Need].Service)
		r.plan.matched = append(r.plan.matched, matched{column{x.Need, e}, x.Units})
		r.unmet[x.Need] -= x.Units
		for v := net.entry[e]; v != net.sink; v = net.next[v] {
			r.plan.through[v] += x.Units
		}
	}
	slices.SortFunc(r.plan.matched, func(a, b matched) int {
		return cmp.Or(cmp.Compare(a.need, b.need), cmp.Compare(a.entry, b.entry))
	})
	r.prices = prices{of: make([]int64, len(net.next))}
	if dual != nil {
		r.prices = net.readDual(dual)
	}
	g := newResidual(r)
	r.setKeys(func(_, v int32) int64 { return g.of[v] })
	f.room, f.after = anyRoom{}, f.sol.after
	ways := waysOf(ctx, g)
	if ways == nil {
		return ctx.Err()
	}
	f.make = func() ground { return newPlainGround(g, ways) }
	if f.onlyRoom {
		f.room = &plainRoom{m: m, net: net, through: r.plan.through}
	}
	return nil
}

// readDual makes the prices of the nodes of a certificate.
func (w *network) readDual(d *Dual) prices {
	of := make([]int64, len(w.next))
	copy(of, d.Need)
	for k, v := range w.provider {
		of[v] = d.Provider[w.m.providers[k].position]
	}
	for j, v := range w.resource {
		of[v] = d.Resource[j] + of[w.next[v]]
	}
	for e, v := range w.entry {
		if w.m.entries[e].limit >= 0 {
			j := w.m.entries[e].resource
			of[v] = of[w.resource[j]]
			if d.Offer[j] != nil {
				of[v] += d.Offer[j][w.m.entries[e].offer]
			}
		}
	}
	return prices{of: of}
}

// openWeb builds the network of changes of a plan, its choices kept.
func (f *Finished) openWeb(ctx context.Context) error {
	w, _, ok := newWeb(ctx, f.m)
	if !ok {
		return ctx.Err()
	}
	s := &search{ctx: ctx, p: f.p, w: w, tiers: f.p.goal(), reach: noReach, dearest: -1}
	tiers := additive(s.tiers)
	given, err := s.planOf(ctx, f.sol.Matches, tiers)
	if err != nil {
		return err
	}
	before, flow := given.value, given.flow
	g, ok, err := s.keepChoices(ctx, given, tiers)
	if err != nil {
		return err
	}
	if !ok {
		return ctx.Err()
	}
	rest := newWebRoom(w, f.sol.Matches)
	f.room = rest
	if s.less(tiers, given.value, before) { // the plan is not the best with its own choices
		f.onlyRoom = true
		f.room = &webFree{webRoom: rest, g: g, flow: flow}
	}
	f.after = func(delta value, metres int64) Objective {
		o := s.objective(before.plus(delta), max(metres, f.sol.Objective.WorstDistance), f.sol.Objective.WorstNeed)
		return o
	}
	ways := g.waysOf(ctx)
	if ways == nil {
		return ctx.Err()
	}
	f.make = func() ground { return &webGround{newWebWalker(g), ways} }
	return nil
}

// Offers returns the best few units that a caller, a need that is not in the lists, could be given now, those that are best for
// everybody first, at most one a resource, service and day. Only its first unit is offered. The error is a [*solver.Invalid] for a faulty
// caller. It takes O(resources within reach) time, a few milliseconds on 100,000 needs.
func (f *Finished) Offers(ctx context.Context, caller care.Need, limit int) ([]Offer, error) {
	if err := f.checkCaller(caller); err != nil {
		return nil, err
	}
	places := f.places(&caller)
	g := f.grounds.Get().(ground)
	defer f.grounds.Put(g)
	slices.SortStableFunc(places, func(a, b place) int { return cmp.Compare(a.least(g), b.least(g)) })
	type answer struct {
		weight int64
		Offer
	}
	var best []answer
	for k := range places {
		x := &places[k]
		most := int64(unreached)
		if len(best) == limit {
			if most = best[limit-1].weight; x.least(g) >= most {
				break
			}
		}
		if ctx.Err() != nil {
			break
		}
		for _, o := range f.offersAt(&caller, x) {
			weight := g.weigh(x.value)
			var sum value
			if !f.onlyRoom {
				v := g.head(x.entry, o.Day)
				more, ok := g.drain(v)
				if weight += more; !ok || weight >= most {
					continue
				}
				var path []int32
				path, sum = g.drainWay(v)
				o.Moves = movesOn(g, path)
			}
			o.Objective = f.after(x.value.plus(sum), x.metres)
			best = append(best, answer{weight, o})
		}
		slices.SortStableFunc(best, func(a, b answer) int { return cmp.Compare(a.weight, b.weight) })
		best = best[:min(len(best), limit)]
	}
	list := make([]Offer, len(best))
	for k := range best {
		list[k] = best[k].Offer
	}
	return list, nil
}

// place is a resource within reach of a caller, for one service.
type place struct {
	entry   int32
	standIn int32
	metres  int64
	value   value
}

// least is what the place weighs at least.
func (x *place) least(g ground) int64 {
	return g.weigh(x.value) + g.least(g.head(x.entry, noDay), g.sink())
}

// checkCaller reports what is wrong with a caller.
func (f *Finished) checkCaller(caller care.Need) error {
	lists := care.Lists{Needs: []care.Need{caller}, Services: f.p.Lists.Services}
	for _, id := range slices.Concat(caller.Prefers, caller.Avoids) {
		if j, ok := f.resources[id]; ok && !slices.ContainsFunc(lists.Resources, func(r care.Resource) bool { return r.ID == id }) {
			r := f.p.Lists.Resources[j]
			r.Provider, r.Team, r.Event = "", "", ""
			lists.Resources = append(lists.Resources, r)
		}
	}
	return lists.Validate(f.p.Horizon, f.p.Zone)
}

// places lists the resources within reach.
func (f *Finished) places(caller *care.Need) []place {
	m := f.m
	var list []place
	add := func(service string, standIn int32) {
		number, ok := m.offers[service]
		if !ok {
			return
		}
		group := &m.services[number]
		reach := min(limitOr(caller.MaxDistanceM, math.MaxInt64), group.radius)
		if caller.Mode == care.Remote {
			reach = math.MaxInt64
		}
		search := travel.Search{From: travel.Direction(caller.At), Stretch: max(1, m.p.Detour), ReachM: reach, Budget: everything}
		search.Visit = func(item int32, _ float64) {
			e := group.from + item
			r := &m.p.Lists.Resources[m.entries[e].resource]
			metres := f.review.metres(caller, r)
			if metres != travel.Unreachable {
				list = append(list, place{e, standIn, metres, value{cost: f.review.standInCost(caller, r, metres, standIn)}})
			}
		}
		search.Run(group.index)
	}
	add(caller.Service, -1)
	for k, x := range caller.StandIns {
		add(x.Service, int32(k))
	}
	return list
}

// offersAt lists the days and windows on which a place could be offered, without the moves that it takes.
func (f *Finished) offersAt(caller *care.Need, x *place) []Offer {
	m := f.m
	j := m.entries[x.entry].resource
	r := &m.p.Lists.Resources[j]
	service := r.Services[m.entries[x.entry].offer].Service
	if len(f.review.breaksFor(caller, r, x.metres, service, anyDay)) > 0 && !f.review.hasDated(r) {
		return nil
	}
	timed := caller.When.Once() || caller.When.Recurs()
	var list []Offer
	for _, d := range f.days(caller, j) {
		if len(f.review.breaksFor(caller, r, x.metres, service, d)) > 0 || !f.room.fits(caller, j, service, d, nil) {
			continue
		}
		o := Offer{Resource: j, StandIn: x.standIn, Day: d, DistanceM: x.metres, Cost: x.value.cost}
		if d != noDay {
			if o.Windows = f.windows(caller, j, service, d); len(o.Windows) == 0 {
				continue
			}
		}
		list = append(list, o)
		if !timed { // the first day will do
			break
		}
	}
	return list
}

// hasDated reports whether a rule about a resource depends on the day.
func (v *reviewer) hasDated(r *care.Resource) bool {
	p := v.behind(r)
	return len(r.Expires) > 0 || len(v.contracts[r.ID]) > 0 || p != nil && len(p.Expires) > 0
}

// days lists the days on which a caller could be served by a resource.
func (f *Finished) days(caller *care.Need, j int32) []int32 {
	h := f.p.Horizon
	if caller.When.Once() {
		d, _ := h.Day(caller.When.Date)
		return []int32{d}
	}
	if !caller.When.Recurs() && f.m.hours.always[j] {
		return []int32{noDay}
	}
	var list []int32
	for d := range h.Days {
		if !caller.When.Recurs() || caller.When.Weekdays.Has(h.Date(d).Weekday()) {
			list = append(list, d)
		}
	}
	return list
}

// windows lists when a resource and a caller have the time of the visit in common on a day.
func (f *Finished) windows(caller *care.Need, j int32, service string, day int32) []care.Window {
	least := max(1, f.review.duration(caller, service))
	open, all := f.m.open(j, day)
	if all {
		open = []care.Window{{From: 0, To: care.MinutesADay}}
	}
	var list []care.Window
	for _, w := range open {
		both, ok := w.Meet(caller.When.Window)
		if ok && (both.Minutes(f.p.Horizon.Date(day), f.p.Zone) >= least || f.p.Lists.Resources[j].Session.Date != 0) {
			list = append(list, both)
		}
	}
	return list
}
