package match

import (
	"cmp"
	"slices"
	"strings"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// Difference says what changes from one match to another, by ids: the lists of the two may differ.
type Difference struct {
	Status    Turn[solver.Status]
	Objective Turn[Objective]

	Total     ShareTurn
	ByClass   [Classes]ShareTurn
	ByService []GroupTurn // every service asked for in either match, by name
	ByParty   []PartyTurn // every party that holds a need in either match and every party above it, by path

	Persons   []PersonChange   // needs served otherwise than before, in the order of the first list, then of the second
	Resources []ResourceChange // resources used otherwise than before, in the same order
}

// Turn is one thing before and after.
type Turn[T any] struct{ Before, After T }

// ShareTurn is how much is asked for and served, before and after.
type ShareTurn = Turn[Share]

// GroupTurn is the share of one service.
type GroupTurn struct {
	Name string
	ShareTurn
}

// PartyTurn is the share of one service party.
type PartyTurn struct {
	Party care.Party
	Own   ShareTurn // of the needs on its own list
	Whole ShareTurn // with those of all parties below it
}

// Change is one word for what happens to a person or a resource.
type Change string

// The changes. Of a need that both matches know exactly one of the middle five holds.
const (
	ChangeAdded   Change = "added"            // only the second lists have it
	ChangeRemoved Change = "removed"          // only the first lists have it
	ChangeServed  Change = "newly_served"     // nobody served it before
	ChangeUnmet   Change = "no_longer_served" // nobody serves it now
	ChangeMoved   Change = "moved"            // other resources serve it
	ChangeUnits   Change = "units"            // the same resources serve other numbers of its units
	ChangeVisits  Change = "visits"           // the same resources serve as many, on other days or with another service
	ChangeLoad    Change = "load"             // of a resource: other units used, or another capacity
)

// Changes lists every change in the order of the documents.
func Changes() []Change {
	return []Change{ChangeAdded, ChangeRemoved, ChangeServed, ChangeUnmet, ChangeMoved, ChangeUnits, ChangeVisits, ChangeLoad}
}

// PersonChange is a need that is served otherwise than before.
type PersonChange struct {
	Need   string
	What   Change
	Units  ShareTurn // zero where the need is not listed
	From   []Held    // who served it, by resource, service and day
	To     []Held    // who serves it
	Passed int64     // units that left the resource that served them
}

// Held is the units of a need that one resource serves, of one service and on one day.
type Held struct {
	Resource string
	Service  string    // the stand-in given; "" is the very service asked for
	Date     care.Date // 0 if the visit has no day
	Units    int64
}

// ResourceChange is a resource that is used otherwise than before.
type ResourceChange struct {
	Resource string
	What     Change // ChangeAdded, ChangeRemoved or ChangeLoad
	Used     Turn[int64]
	Capacity Turn[int64]
}

// Compare says what changes from the match a of p to the match b of q. It reads the ids of the two problems, their stand-ins
// and horizons, and no rule: the answers are taken as they are. The same input gives the same difference.
// O(size of both · log size).
func Compare(p *Problem, a *Solution, q *Problem, b *Solution) *Difference {
	d := &Difference{
		Status:    Turn[solver.Status]{a.Status, b.Status},
		Objective: Turn[Objective]{a.Objective, b.Objective},
		Total:     ShareTurn{Share{a.Figures.Asked, a.Figures.Served}, Share{b.Figures.Asked, b.Figures.Served}},
		ByService: compareGroups(a.Figures.ByService, b.Figures.ByService),
		ByParty:   compareParties(a.Figures.ByParty, b.Figures.ByParty),
		Resources: compareResources(p, a, q, b),
	}
	for c := range d.ByClass {
		d.ByClass[c] = ShareTurn{a.Figures.ByClass[c], b.Figures.ByClass[c]}
	}
	d.Persons = comparePersons(serve(p, a), serve(q, b))
	return d
}

// Count returns how many persons change so, and how many of their units left the resource that served them.
func (d *Difference) Count(what Change) (persons int, passed int64) {
	for i := range d.Persons {
		if d.Persons[i].What == what {
			persons++
			passed += d.Persons[i].Passed
		}
	}
	return persons, passed
}

// account is what one match gives one need.
type account struct {
	id    string
	share Share
	held  []Held
}

// serve gathers the matches of each need, each list in the order of Held's members.
func serve(p *Problem, s *Solution) []account {
	list := make([]account, len(p.Lists.Needs))
	for i := range list {
		list[i].id = p.Lists.Needs[i].ID
	}
	for _, x := range s.Matches {
		h := Held{Resource: p.Lists.Resources[x.Resource].ID, Units: x.Units}
		if x.StandIn >= 0 && int(x.StandIn) < len(p.Lists.Needs[x.Need].StandIns) {
			h.Service = p.Lists.Needs[x.Need].StandIns[x.StandIn].Service
		}
		if x.Day >= 0 && p.Horizon.Days > 0 {
			h.Date = p.Horizon.Date(x.Day)
		}
		v := &list[x.Need]
		v.held = append(v.held, h)
		v.share.Served += x.Units
	}
	for i := range list {
		slices.SortFunc(list[i].held, func(x, y Held) int {
			return cmp.Or(cmp.Compare(x.Resource, y.Resource), cmp.Compare(x.Service, y.Service), cmp.Compare(x.Date, y.Date))
		})
		list[i].share.Asked = list[i].share.Served
	}
	for i := range s.Unmet {
		list[s.Unmet[i].Need].share.Asked += s.Unmet[i].Units
	}
	return list
}

// comparePersons lists the needs that are served otherwise.
func comparePersons(before, after []account) []PersonChange {
	var changes []PersonChange
	eachPair(before, after, func(v *account) string { return v.id }, func(x, y *account) {
		switch {
		case y == nil:
			changes = append(changes, PersonChange{
				Need: x.id, What: ChangeRemoved, Units: ShareTurn{Before: x.share}, From: x.held, Passed: x.share.Served,
			})
		case x == nil:
			changes = append(changes, PersonChange{Need: y.id, What: ChangeAdded, Units: ShareTurn{After: y.share}, To: y.held})
		case !slices.Equal(x.held, y.held): // one that only asks for more or less, and is served as before, has not changed
			what, passed := change(x, y)
			changes = append(changes, PersonChange{
				Need: x.id, What: what, Units: ShareTurn{x.share, y.share}, From: x.held, To: y.held, Passed: passed,
			})
		}
	})
	return changes
}

// change says what happened to a need that both matches know and serve otherwise, and how many units left their resource.
func change(x, y *account) (what Change, passed int64) {
	others := false // a resource serves in one match only
	a, b := x.held, y.held
	for len(a) > 0 || len(b) > 0 {
		var who string // the next resource of either list
		if len(b) == 0 || len(a) > 0 && a[0].Resource < b[0].Resource {
			who = a[0].Resource
		} else {
			who = b[0].Resource
		}
		var was, is int64
		for ; len(a) > 0 && a[0].Resource == who; a = a[1:] {
			was += a[0].Units
		}
		for ; len(b) > 0 && b[0].Resource == who; b = b[1:] {
			is += b[0].Units
		}
		others = others || was == 0 || is == 0
		passed += max(0, was-is)
	}
	switch {
	case x.share.Served == 0:
		return ChangeServed, 0
	case y.share.Served == 0:
		return ChangeUnmet, passed
	case others:
		return ChangeMoved, passed
	case passed > 0 || x.share.Served != y.share.Served:
		return ChangeUnits, passed
	}
	return ChangeVisits, 0
}

// compareResources lists the resources that are used otherwise.
func compareResources(p *Problem, a *Solution, q *Problem, b *Solution) []ResourceChange {
	type use struct {
		id             string
		used, capacity int64
	}
	gather := func(p *Problem, s *Solution) []use {
		list := make([]use, len(s.Resources))
		for j, u := range s.Resources {
			list[j] = use{p.Lists.Resources[j].ID, u.Used, u.Capacity}
		}
		return list
	}
	var changes []ResourceChange
	eachPair(gather(p, a), gather(q, b), func(u *use) string { return u.id }, func(x, y *use) {
		switch {
		case y == nil:
			changes = append(changes, ResourceChange{x.id, ChangeRemoved, Turn[int64]{Before: x.used}, Turn[int64]{Before: x.capacity}})
		case x == nil:
			changes = append(changes, ResourceChange{y.id, ChangeAdded, Turn[int64]{After: y.used}, Turn[int64]{After: y.capacity}})
		case *x != *y:
			changes = append(changes, ResourceChange{x.id, ChangeLoad, Turn[int64]{x.used, y.used}, Turn[int64]{x.capacity, y.capacity}})
		}
	})
	return changes
}

// eachPair calls f for each id: with its entries in both lists, or nil for the list that lacks it; in the order of the first
// list, then of what only the second has. Ids are unique in each list.
func eachPair[T any](first, second []T, id func(*T) string, f func(x, y *T)) {
	at := make(map[string]int32, len(second))
	for i := range second {
		at[id(&second[i])] = int32(i)
	}
	for i := range first {
		k, ok := at[id(&first[i])]
		if !ok {
			f(&first[i], nil)
			continue
		}
		f(&first[i], &second[k])
		delete(at, id(&first[i]))
	}
	for i := range second {
		if _, ok := at[id(&second[i])]; ok {
			f(nil, &second[i])
		}
	}
}

// compareGroups joins two lists of groups by name.
func compareGroups(before, after []Group) []GroupTurn {
	var list []GroupTurn
	eachPair(before, after, func(g *Group) string { return g.Name }, func(x, y *Group) {
		var t GroupTurn
		if x != nil {
			t.Name, t.Before = x.Name, x.Share
		}
		if y != nil {
			t.Name, t.After = y.Name, y.Share
		}
		list = append(list, t)
	})
	slices.SortFunc(list, func(a, b GroupTurn) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// compareParties joins two lists of groups by path, and adds each to every party above it.
func compareParties(before, after []Group) []PartyTurn {
	at := map[string]*PartyTurn{}
	party := func(path string) *PartyTurn {
		t := at[path]
		if t == nil {
			t = &PartyTurn{Party: care.Party(path)}
			at[path] = t
		}
		return t
	}
	for _, g := range compareGroups(before, after) {
		party(g.Name).Own = g.ShareTurn
		for path := g.Name; ; {
			w := &party(path).Whole
			w.Before.add(g.Before)
			w.After.add(g.After)
			cut := strings.LastIndexByte(path, '/')
			if cut < 0 {
				break
			}
			path = path[:cut]
		}
	}
	list := make([]PartyTurn, 0, len(at))
	for _, t := range at {
		list = append(list, *t)
	}
	slices.SortFunc(list, func(a, b PartyTurn) int { // by segments: a/b stands before a-b
		return slices.Compare(strings.Split(string(a.Party), "/"), strings.Split(string(b.Party), "/"))
	})
	return list
}

func (s *Share) add(o Share) {
	s.Asked += o.Asked
	s.Served += o.Served
}
