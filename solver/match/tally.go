package match

import (
	"cmp"
	"math"
	"math/big"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// tally adds up a plan under review: what every need got and what every resource and provider gave.
type tally struct {
	v    *reviewer
	list []Violation

	served  []int64 // by need
	used    []int64 // by resource: units
	carers  []int64 // by resource: units × carers, those of a team's members too
	minutes []int64 // by resource: as carers
	own     map[usedBy]int64
	pairs   map[[2]int32]int64        // units by need and resource
	days    map[int32]map[int32]int64 // by need, units by day
	seen    map[Match]bool            // need, resource, stand-in, day
	costs   []*big.Int                // by need
	quota   map[string]int64          // by provider
	money   map[string]int64          // by provider
	team    map[string]int32          // position of each resource
	worst   int64
}

// usedBy names a part of a resource's use: of one service on any day, or of any service on one day.
type usedBy struct {
	resource int32
	service  string
	day      int32
}

func newTally(v *reviewer) *tally {
	lists := &v.p.Lists
	t := &tally{
		v:      v,
		served: make([]int64, len(lists.Needs)), costs: make([]*big.Int, len(lists.Needs)),
		used: make([]int64, len(lists.Resources)), carers: make([]int64, len(lists.Resources)), minutes: make([]int64, len(lists.Resources)),
		own: make(map[usedBy]int64), pairs: make(map[[2]int32]int64), days: make(map[int32]map[int32]int64),
		seen: make(map[Match]bool), quota: make(map[string]int64), money: make(map[string]int64), team: make(map[string]int32),
	}
	for j := range lists.Resources {
		if lists.Resources[j].Kind == care.Team {
			t.team[lists.Resources[j].ID] = int32(j)
		}
	}
	return t
}

func (t *tally) violate(code Code, need, resource, provider int32, excess int64) {
	t.list = append(t.list, Violation{Code: code, Need: need, Resource: resource, Provider: provider, ExcessBy: excess})
}

// add counts one match whose units cost so much each.
func (t *tally) add(x *Match, service string, unit int64) {
	n, r := &t.v.p.Lists.Needs[x.Need], &t.v.p.Lists.Resources[x.Resource]
	key := Match{Need: x.Need, Resource: x.Resource, StandIn: x.StandIn, Day: x.Day}
	if t.seen[key] {
		t.violate(CodeUnits, x.Need, x.Resource, -1, x.Units)
	}
	t.seen[key] = true
	k := max(1, n.Carers)
	minutes := k * t.v.duration(n, service) * x.Units
	t.served[x.Need] += x.Units
	t.used[x.Resource] += x.Units
	t.carers[x.Resource] += k * x.Units
	t.minutes[x.Resource] += minutes
	behind := r.Provider
	if at, ok := t.team[r.Team]; ok && r.Team != "" {
		t.carers[at] += k * x.Units
		t.minutes[at] += minutes
		behind = t.v.p.Lists.Resources[at].Provider
	}
	t.own[usedBy{x.Resource, service, anyDay}] += k * x.Units
	t.own[usedBy{x.Resource, "", x.Day}] += k * x.Units
	t.pairs[[2]int32{x.Need, x.Resource}] += x.Units
	if t.days[x.Need] == nil {
		t.days[x.Need] = make(map[int32]int64)
	}
	t.days[x.Need][x.Day] += x.Units
	if t.costs[x.Need] == nil {
		t.costs[x.Need] = new(big.Int)
	}
	t.costs[x.Need].Add(t.costs[x.Need], new(big.Int).Mul(big.NewInt(unit), big.NewInt(x.Units)))
	if p := t.v.providers[behind]; p != nil {
		t.quota[behind] += k * x.Units
		charge := r.Price
		if subsidy, ok := p.Subsidy.Value(); ok && subsidy < charge {
			charge = subsidy
		}
		t.money[behind] += charge * x.Units
	}
}

// needs checks what every need got.
func (t *tally) needs() {
	for i := range t.v.p.Lists.Needs {
		n := &t.v.p.Lists.Needs[i]
		at := int32(i)
		if over := t.served[i] - t.v.asked(n); over > 0 {
			t.violate(CodeUnits, at, -1, -1, over)
		}
		if t.served[i] == 0 {
			continue
		}
		timed := n.When.Date != 0 || n.When.Weekdays != 0
		if u := t.days[at][anyDay]; timed && u > 0 { // a visit that has no day
			t.violate(CodeTime, at, -1, -1, u)
		}
		if n.When.Weekdays != 0 {
			t.recurs(at, n)
		}
	}
	var order [][2]int32
	for pair := range t.pairs {
		order = append(order, pair)
	}
	slices.SortFunc(order, func(a, b [2]int32) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	for _, pair := range order {
		n, r, units := &t.v.p.Lists.Needs[pair[0]], &t.v.p.Lists.Resources[pair[1]], t.pairs[pair]
		if (n.Distinct || r.Session.Date != 0) && units > 1 {
			t.violate(CodeDistinct, pair[0], pair[1], -1, units-1)
		}
		if all := t.v.asked(n); n.Whole && units < all {
			t.violate(CodeWhole, pair[0], pair[1], -1, all-units)
		}
	}
}

// recurs checks the days of a recurring need.
func (t *tally) recurs(at int32, n *care.Need) {
	horizon := t.v.p.Horizon
	last := int32(math.MinInt32 / 2)
	for d := range horizon.Days {
		u := t.days[at][d]
		if u == 0 {
			continue
		}
		if u > 1 {
			t.violate(CodeUnits, at, -1, -1, u-1)
		}
		if apart := int64(d - last); apart < n.When.DaysApart {
			t.violate(CodeApart, at, -1, -1, n.When.DaysApart-apart)
		}
		last = d
	}
	for from := int32(0); from < horizon.Days; from += 7 {
		var sum int64
		for d := from; d < min(from+7, horizon.Days); d++ {
			sum += t.days[at][d]
		}
		if over := sum - t.v.weekly(n, from); over > 0 {
			t.violate(CodeUnits, at, -1, -1, over)
		}
	}
}

// resources checks capacities, hours, days and minimums.
func (t *tally) resources() {
	for j := range t.v.p.Lists.Resources {
		r := &t.v.p.Lists.Resources[j]
		at := int32(j)
		over := t.carers[j] - r.Capacity
		for o := range r.Services {
			if most, ok := r.Services[o].Capacity.Value(); ok {
				over = max(over, t.own[usedBy{at, r.Services[o].Service, anyDay}]-most)
			}
		}
		for d := range t.v.p.Horizon.Days {
			weekday := (t.v.p.Horizon.From + care.Date(d)).Weekday()
			for _, x := range r.DayCapacity {
				if x.Weekday == weekday {
					over = max(over, t.own[usedBy{at, "", d}]-x.Capacity)
				}
			}
		}
		if over > 0 {
			t.violate(CodeCapacity, -1, at, -1, over)
		}
		if most, ok := r.CapacityMinutes.Value(); ok && t.minutes[j] > most {
			t.violate(CodeHours, -1, at, -1, t.minutes[j]-most)
		}
		if !r.Promised && t.used[j] > 0 && t.used[j] < r.MinUnits {
			t.violate(CodeMinimum, -1, at, -1, r.MinUnits-t.used[j])
		}
	}
}

// providers checks quotas and budgets.
func (t *tally) providers() {
	for k := range t.v.p.Lists.Providers {
		p := &t.v.p.Lists.Providers[k]
		if most, ok := p.Quota.Value(); ok && t.quota[p.ID] > most {
			t.violate(CodeQuota, -1, -1, int32(k), t.quota[p.ID]-most)
		}
		if most, ok := p.Budget.Value(); ok && t.money[p.ID] > most {
			t.violate(CodeBudget, -1, -1, int32(k), t.money[p.ID]-most)
		}
	}
}

// events checks how many stops of every event are open, and that no two are on one date.
func (t *tally) events() {
	days := make(map[string]care.Limit)
	for k := range t.v.p.Lists.Events {
		days[t.v.p.Lists.Events[k].ID] = t.v.p.Lists.Events[k].Days
	}
	type date struct {
		event string
		day   care.Date
	}
	open, dates := make(map[string]int64), make(map[date]bool)
	for j := range t.v.p.Lists.Resources {
		r := &t.v.p.Lists.Resources[j]
		if r.Event == "" || t.used[j] == 0 {
			continue
		}
		open[r.Event]++
		if !days[r.Event].Allows(open[r.Event]) {
			t.violate(CodeEvent, -1, int32(j), -1, 1)
		}
		if d := (date{r.Event, r.Session.Date}); d.day != 0 {
			if dates[d] {
				t.violate(CodeEvent, -1, int32(j), -1, 1)
			}
			dates[d] = true
		}
	}
}

// pins checks that pinned pairings are kept.
func (t *tally) pins() {
	if len(t.v.p.Lists.Pairings) == 0 {
		return
	}
	needs, resources := make(map[string]int32), make(map[string]int32)
	for i := range t.v.p.Lists.Needs {
		needs[t.v.p.Lists.Needs[i].ID] = int32(i)
	}
	for j := range t.v.p.Lists.Resources {
		resources[t.v.p.Lists.Resources[j].ID] = int32(j)
	}
	for k := range t.v.p.Lists.Pairings {
		x := &t.v.p.Lists.Pairings[k]
		if x.State != care.Pinned && x.State != care.Confirmed {
			continue
		}
		pair := [2]int32{needs[x.Need], resources[x.Resource]}
		want := x.Units
		if want == 0 {
			want = t.v.asked(&t.v.p.Lists.Needs[pair[0]])
		}
		if t.pairs[pair] < want {
			t.violate(CodeLocking, pair[0], pair[1], -1, want-t.pairs[pair])
		}
	}
}

// objective makes the tuple of a plan; what changes and load add is added to cost.
func (t *tally) objective(cost *big.Int) Objective {
	p := t.v.p
	var o Objective
	tiers := p.Tiers
	has := func(tier Tier) bool { return slices.Contains(tiers, tier) }
	for i := range p.Lists.Needs {
		n := &p.Lists.Needs[i]
		o.Unmet[n.Priority-1] += max(0, t.v.asked(n)-t.served[i])
		if c := t.costs[i]; c != nil && has(TierWorstNeed) && c.IsInt64() {
			o.WorstNeed = max(o.WorstNeed, c.Int64())
		}
	}
	for j := range p.Lists.Resources {
		if r := &p.Lists.Resources[j]; r.Promised {
			o.Short += max(0, r.MinUnits-t.used[j]) // the units of its team's members do not count
		}
	}
	if has(TierWorstDistance) {
		o.WorstDistance = t.worst
	}
	changes := t.changes()
	if has(TierChanges) {
		o.Changes = changes
	} else {
		cost.Add(cost, new(big.Int).Mul(big.NewInt(changes), big.NewInt(p.Weights.Change)))
	}
	var load int64
	for j := range p.Lists.Resources {
		if p.Lists.Resources[j].Kind == care.Volunteer {
			load += t.used[j] * t.used[j]
		}
	}
	if has(TierLoad) {
		o.Load = load
	} else {
		cost.Add(cost, new(big.Int).Mul(big.NewInt(load), big.NewInt(p.Weights.Load)))
	}
	return o
}

// changes counts the units of lasting pairings that are not kept.
func (t *tally) changes() (changes int64) {
	if len(t.v.p.Lists.Pairings) == 0 {
		return 0
	}
	at, resources := make(map[string]int32), make(map[string]int32)
	for i := range t.v.p.Lists.Needs {
		at[t.v.p.Lists.Needs[i].ID] = int32(i)
	}
	for j := range t.v.p.Lists.Resources {
		resources[t.v.p.Lists.Resources[j].ID] = int32(j)
	}
	lasting, kept := make([]int64, len(t.served)), make([]int64, len(t.served))
	for k := range t.v.p.Lists.Pairings {
		x := &t.v.p.Lists.Pairings[k]
		i := at[x.Need]
		all := t.v.asked(&t.v.p.Lists.Needs[i])
		units := x.Units
		if units == 0 {
			units = all
		}
		if x.State == care.Lasting {
			lasting[i] = min(all, lasting[i]+units)
		}
		if x.State == care.Lasting || x.State == care.StandBy {
			kept[i] += min(units, t.pairs[[2]int32{i, resources[x.Resource]}])
		}
	}
	for i := range lasting {
		changes += max(0, lasting[i]-kept[i])
	}
	return changes
}
