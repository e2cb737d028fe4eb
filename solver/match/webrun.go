package match

import (
	"fmt"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// solveWeb solves a problem that is more than network knows, and fills the solution.
func (r *run) solveWeb() error {
	p, m, sol := r.m.p, r.m, r.sol
	if err := m.pinsFit(); err != nil {
		return err
	}
	w, eligible, ok := newWeb(r.ctx, m)
	if !ok {
		r.unmet = nil
		r.stopped()
		r.nothing()
		return nil
	}
	sol.EligiblePairs = eligible
	s := &search{
		ctx: r.ctx, opts: r.opts, p: p, w: w, tiers: p.goal(), reach: noReach, dearest: -1,
		report: r.report, hard: make(map[HardKind]int),
	}
	out, err := s.stages()
	if err != nil {
		return err
	}
	sol.Status, sol.Stop = out.status, out.stop
	sol.Work, sol.Rounds, sol.PricedPairs = s.work, int(s.rounds), int64(s.seen)
	for _, k := range hardKinds {
		if n := s.hard[k]; n > 0 {
			sol.Hard = append(sol.Hard, Hard{k, n})
		}
	}
	if out.units == nil {
		r.nothing()
		return nil
	}
	if out.value.pin > 0 {
		return m.pinsConflict(w, out)
	}
	r.takeWeb(s, w, out)
	if r.ctx.Err() == nil {
		if err := r.explainWeb(s, out); err != nil {
			return err
		}
	}
	sol.Figures = measure(p, sol, m.asked)
	return nil
}

// takeWeb fills what the solution says of a plan.
func (r *run) takeWeb(s *search, w *web, out *solved) {
	sol, m := r.sol, r.m
	sol.Matches = w.plan(out.units)
	sol.Unmet = nil
	dearest := int64(0)
	for _, c := range w.costs(out.units) {
		dearest = max(dearest, c)
	}
	worst := int64(w.longest(out.units))
	sol.Objective = s.objective(out.value, worst, dearest)
	sol.Bound = s.objective(out.bound, 0, 0)
	if sol.Status == solver.Optimal {
		sol.Bound = sol.Objective
	}
	r.uses()
	sol.PinnedBreaks = m.pinnedBreaks()
	sol.ChoicesKept = !w.isFlow() || slices.ContainsFunc(s.tiers, isThreshold)
}

// hardKinds lists the kinds of side constraints in the order of the answer.
var hardKinds = []HardKind{HardBudget, HardHours, HardCarers, HardMinimum, HardWhole, HardEvent, HardApart, HardDistinct, HardDay, HardNeed}

// nothing fills the solution of a search cut before its first plan.
func (r *run) nothing() {
	m, sol := r.m, r.sol
	sol.Status = solver.Unknown
	sol.Resources = make([]ResourceUse, len(m.resources))
	for j := range sol.Resources {
		sol.Resources[j].Capacity = m.resources[j].capacity
	}
	for i := range m.needs {
		if u := m.needs[i].units; u > 0 {
			sol.Objective.Unmet[m.needs[i].class] += u
			sol.Unmet = append(sol.Unmet, Unmet{Need: int32(i), Units: u})
		}
	}
	sol.Figures = measure(m.p, sol, m.asked)
}

// uses fills unmet units and the use of every resource from the matches.
func (r *run) uses() {
	m, sol := r.m, r.sol
	left := make([]int64, len(m.needs))
	for i := range left {
		left[i] = m.needs[i].units
	}
	sol.Resources = make([]ResourceUse, len(m.resources))
	for j := range sol.Resources {
		sol.Resources[j].Capacity = m.resources[j].capacity
	}
	for _, x := range sol.Matches {
		left[x.Need] -= x.Units
		sol.Resources[x.Resource].Used += x.Units
	}
	for i, u := range left {
		if u > 0 {
			sol.Unmet = append(sol.Unmet, Unmet{Need: int32(i), Units: u})
		}
	}
}

// pinsFit reports the pinned pairings that break a rule of eligibility, unless they are to be kept. One whose resource gives no
// service that the need accepts cannot be kept.
func (m *model) pinsFit() error {
	var all solver.Invalid
	for _, x := range m.pinsBroken() {
		if m.p.KeepPinned && x.rules[0] != CodeService {
			continue
		}
		all.Add(solver.Fault{
			Pointer: fmt.Sprintf("/pairings/%d/state", x.pairing), Code: "conflict", Value: string(m.p.Lists.Pairings[x.pairing].State),
			Detail: fmt.Sprintf("the pinned pairing breaks %s: correct it, or set pinned to keep (which keeps all but a service not offered)", x.rules[0]),
		})
	}
	return all.Err()
}

// broken is a pinned pairing with the rules of eligibility that it breaks.
type broken struct {
	pairing        int
	need, resource int32
	rules          []Code
}

// pinsBroken lists the pinned pairings that are not eligible.
func (m *model) pinsBroken() []broken {
	var list []broken
	needs, resources := m.positions()
	for k := range m.p.Lists.Pairings {
		x := &m.p.Lists.Pairings[k]
		if x.State != care.Pinned && x.State != care.Confirmed {
			continue
		}
		i, j := needs[x.Need], resources[x.Resource]
		if m.needs[i].units == 0 { // it asks for nothing in this horizon
			continue
		}
		if rules := m.keptApart(i, j); len(rules) > 0 {
			list = append(list, broken{k, i, j, rules})
		}
	}
	return list
}

// positions returns the position of every need and resource that stands in a pairing, by id.
func (m *model) positions() (needs, resources map[string]int32) {
	needs, resources = make(map[string]int32), make(map[string]int32)
	for at := range m.pairs {
		needs[m.p.Lists.Needs[at[0]].ID] = at[0]
		resources[m.p.Lists.Resources[at[1]].ID] = at[1]
	}
	return needs, resources
}

// keptApart returns the rules of eligibility that a pair breaks; none if it is eligible for some service on some day.
func (m *model) keptApart(i, j int32) []Code {
	f := m.attributes(i, j) | m.distance(i, j, m.metres(i, j))
	n := &m.p.Lists.Needs[i]
	offers := slices.ContainsFunc(m.p.Lists.Resources[j].Services, func(o care.Offer) bool {
		return o.Service == n.Service || slices.ContainsFunc(n.StandIns, func(x care.StandIn) bool { return x.Service == o.Service })
	})
	var list []Code
	if !offers {
		list = append(list, CodeService)
	}
	f |= m.bestDay(i, j)
	for _, known := range codes {
		if f&known.bit != 0 {
			list = append(list, known.code)
		}
	}
	return list
}

// shared lists the services that a need accepts and a resource offers, the very service first; that alone if there is none.
func (m *model) shared(i, j int32) []string {
	n := &m.p.Lists.Needs[i]
	var list []string
	add := func(service string) {
		if slices.ContainsFunc(m.p.Lists.Resources[j].Services, func(o care.Offer) bool { return o.Service == service }) {
			list = append(list, service)
		}
	}
	add(n.Service)
	for _, x := range n.StandIns {
		add(x.Service)
	}
	if list == nil {
		list = []string{n.Service}
	}
	return list
}

// bestDay returns the constraints that a pair fails on the day, and with the service, with which it fails fewest.
func (m *model) bestDay(i, j int32) failing {
	session := int32(noDay)
	if date := m.p.Lists.Resources[j].Session.Date; date != 0 {
		d, in := m.p.Horizon.Day(date)
		if !in {
			return failsTime
		}
		session = d
	}
	n := &m.p.Lists.Needs[i]
	if !n.When.Once() && !n.When.Recurs() {
		return m.onDay(i, j, session, n.Service)
	}
	best := failsTime | failsSkill
	for _, b := range m.blocks(n) {
		for _, d := range b.days {
			if session != noDay && session != d {
				continue
			}
			for _, service := range m.shared(i, j) {
				f := m.onDay(i, j, d, service)
				if f == 0 {
					return 0
				}
				if f&(f-1) == 0 && best&(best-1) != 0 || f&failsTime == 0 && best&failsTime != 0 {
					best = f
				}
			}
		}
	}
	if session != noDay && best == failsTime|failsSkill { // on none of its days
		return failsTime
	}
	return best
}

// pinnedBreaks lists the rules that pinned pairings break and that are kept all the same.
func (m *model) pinnedBreaks() []Violation {
	if !m.p.KeepPinned {
		return nil
	}
	var list []Violation
	for _, x := range m.pinsBroken() {
		for _, code := range x.rules {
			list = append(list, Violation{Code: code, Need: x.need, Resource: x.resource, Provider: -1})
		}
	}
	return list
}

// pinsConflict reports the pinned pairings that no plan can keep beside the others.
func (m *model) pinsConflict(w *web, out *solved) error {
	have := make(map[[2]int32]int64)
	for k, u := range out.units {
		if c := &w.cols[k]; u > 0 {
			have[[2]int32{w.rows[c.row].need, m.entries[c.entry].resource}] += u
		}
	}
	needs, resources := m.positions()
	var all solver.Invalid
	for k := range m.p.Lists.Pairings {
		x := &m.p.Lists.Pairings[k]
		if x.State != care.Pinned && x.State != care.Confirmed {
			continue
		}
		i, j := needs[x.Need], resources[x.Resource]
		if have[[2]int32{i, j}] < pinnedUnits(x, m.needs[i].units) {
			all.Add(solver.Fault{
				Pointer: fmt.Sprintf("/pairings/%d/units", k), Code: "conflict",
				Detail: "the pinned pairings do not fit together into capacities, days, hours, quotas and budgets: unpin one, or make room",
			})
		}
	}
	return all.Err()
}
