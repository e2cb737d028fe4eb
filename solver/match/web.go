package match

import (
	"context"
	"math"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/sideflow"
)

// web is the network of a match whose parts have times, teams, sessions or pairings, or whose goal is not the default one.
// Unlike network, which looks pairs up when it needs them, a web holds every eligible pair, day by day, as a column.
//
// Units run from an ask (units of a need that are alike) to a row (the ask itself, or one day of it, or the one resource that
// serves a need whole), over a column to the chain of limits of a resource: day, service, hours, gate, capacity, team, money,
// quota; and then to the sink. What is not a flow stands beside it as rows, switches and choices of package sideflow.
type web struct {
	m *model

	asks    []ask
	askNode []int32 // node of each ask
	rows    []row
	nodes   int32 // the last one is the sink
	sink    int32

	arcs []arc   // the structural ones: all but the columns
	cols []col   // by row
	from []int32 // columns of row r: cols[from[r]:from[r+1]]

	limits   []limit
	switches []gate
	choices  []choice

	coarse bool // a limit is a flow only for the units that pass it now: money or minutes all alike, two carers, too small to open

	chain   chain
	through []load // by resource: what its own columns and those of its team's members take
	behind  []load // by provider in the list: what the columns of its resources take

	capacity []int32 // by resource: its capacity arcs begin here in arcs and end at capacityTo; equal where it has none
	capTo    []int32
	gateOf   []int32 // by resource: position in switches, -1 if it has no gate
	base     value   // of what is counted whatever the flow: promised units, units of lasting pairings
	asked    value   // most that each number can come to
}

// chain says where the units of resources pass.
type chain struct {
	tail    []int32            // by resource: the node in which its units arrive once its own limits are passed
	in      []int32            // by resource: the first node of its own limits but those of a service or a day
	limitAt map[int32]int32    // by entry: node of its limit
	dayAt   map[[2]int32]int32 // by resource and day
	team    []int32            // by resource: position of its team, -1 for none
	prov    []int32            // by resource: position of its provider in the list, -1 for none
	money   []int32            // by provider: its first node; the sink where it bounds nothing
	own     []load             // by resource: what its own columns take
}

// isFlow reports whether nothing stands beside the flow, nor would for one unit more.
func (w *web) isFlow() bool {
	return !w.coarse && len(w.limits)+len(w.switches)+len(w.choices) == 0
}

// value is what one unit on an arc adds to the numbers that are minimised.
type value struct {
	pin     int64 // pinned units missing; before all else
	short   int64
	unmet   [Classes]int64
	changes int64
	load    int64
	cost    int64
}

func (v value) times(k int64) value {
	v.pin, v.short, v.changes, v.load, v.cost = v.pin*k, v.short*k, v.changes*k, v.load*k, v.cost*k
	for c := range v.unmet {
		v.unmet[c] *= k
	}
	return v
}

func (v value) plus(o value) value {
	v.pin, v.short, v.changes, v.load, v.cost = v.pin+o.pin, v.short+o.short, v.changes+o.changes, v.load+o.load, v.cost+o.cost
	for c := range v.unmet {
		v.unmet[c] += o.unmet[c]
	}
	return v
}

// ask is a number of units of one need that are alike.
type ask struct {
	need  int32
	units int64
	keeps bool // units of lasting pairings
}

// row is where columns leave: an ask, one day of it, or the one resource that serves a need whole.
type row struct {
	node  int32
	need  int32
	ask   int32
	day   int32 // noDay where each column says its own
	only  int32 // the one resource, -1 for any
	whole bool  // it carries all units of the need or none
}

// col is one eligible pair: a row and an entry, on a day.
type col struct {
	row, entry int32
	head       int32
	day        int32
	standIn    int32 // -1 for the very service
	metres     int32
	upper      int64
	cost       int64
	state      uint8 // keeps, pins
}

// What a column counts for besides its cost.
const (
	colKeeps uint8 = 1 << iota // a unit of a lasting pairing, or of one that stands by
	colPins
)

// arc is a structural arc.
type arc struct {
	tail, head int32
	lower      int64
	upper      int64
	val        value
}

// limit is a weighted sum of flows that is bounded. Arcs are numbered as in web.arcs, columns after them.
type limit struct {
	kind HardKind
	sideflow.Row
}

// gate is an arc that carries nothing or at least so much.
type gate struct {
	kind HardKind
	sideflow.Switch
	most int64 // units that could pass if more came than there are now
}

// choice is a set of gates of which only so many may open.
type choice struct {
	kind HardKind
	sideflow.Choice
}

// simple reports whether the problem is one for network: nothing in it has a time, a team, a session or a lasting pairing, and
// its goal is the default one.
func (p *Problem) simple() bool {
	if p.Tiers != nil && !slices.Equal(p.Tiers, DefaultTiers()) || p.Weights.Load > 0 {
		return false
	}
	for i := range p.Lists.Needs {
		n := &p.Lists.Needs[i]
		if n.When != (care.When{}) || n.Carers > 1 || n.Whole || n.Distinct || len(n.StandIns) > 0 {
			return false
		}
	}
	for j := range p.Lists.Resources {
		r := &p.Lists.Resources[j]
		_, minutes := r.CapacityMinutes.Value()
		if len(r.DayCapacity) > 0 || minutes || r.MinUnits > 0 || r.Team != "" || r.Event != "" || r.Session.Date != 0 {
			return false
		}
	}
	for k := range p.Lists.Providers {
		if _, ok := p.Lists.Providers[k].Budget.Value(); ok {
			return false
		}
	}
	for k := range p.Lists.Pairings {
		switch p.Lists.Pairings[k].State {
		case care.Lasting, care.Pinned, care.Confirmed, care.StandBy:
			return false
		case care.Forbidden, care.Declined, care.Open: // eligibility and cost alone
		}
	}
	return true
}

// candidate is a need and an entry that may be matched on some day.
type candidate struct {
	need, entry int32
	standIn     int32
	metres      int32
	cost        int64
}

// newWeb compiles every eligible pair. ok is false if ctx ended. O(pairs × days) time and memory.
func newWeb(ctx context.Context, m *model) (w *web, eligible int64, ok bool) {
	b := &weaver{web: &web{m: m}}
	byChunk := make([][]candidate, (len(m.needs)+chunk-1)/chunk)
	scouts := m.scouts()
	ok = inChunks(ctx, len(m.needs), func(worker, from, to int) {
		var out []candidate
		for i := int32(from); i < int32(to); i++ {
			out = m.candidates(scouts[worker], i, out)
		}
		byChunk[from/chunk] = out
	})
	if !ok {
		return nil, 0, false
	}
	b.weave(byChunk)
	return b.web, b.eligible, true
}

// candidates appends the entries that need i may be matched to, its own service first.
func (m *model) candidates(s *scout, i int32, out []candidate) []candidate {
	n := &m.p.Lists.Needs[i]
	first := len(out)
	add := func(service string, standIn int32, penalty int64) {
		number, offered := m.offers[service]
		if !offered {
			return
		}
		s.around(i, number, func(e int32, metres int64) {
			j := m.entries[e].resource
			out = append(out, candidate{i, e, standIn, int32(metres), m.cost(i, j, metres) + penalty*m.p.Weights.StandIn})
		})
	}
	add(n.Service, -1, 0)
	for k, x := range n.StandIns {
		add(x.Service, int32(k), x.Penalty)
	}
	out = m.keepPinned(i, first, out)
	if m.p.Nearest > 0 {
		out = m.nearestOf(first, out)
	}
	slices.SortFunc(out[first:], func(a, b candidate) int {
		ja, jb := m.entries[a.entry].resource, m.entries[b.entry].resource
		if ja != jb {
			return int(ja - jb)
		}
		return int(a.standIn - b.standIn)
	})
	return out
}

// keepPinned adds the pinned pairings of a need that break a rule of eligibility and are kept all the same.
func (m *model) keepPinned(i int32, first int, out []candidate) []candidate {
	if !m.p.KeepPinned || !m.needs[i].paired {
		return out
	}
	n := &m.p.Lists.Needs[i]
	for j := range int32(len(m.resources)) {
		x := m.pairing(i, j)
		if x == nil || x.State != care.Pinned && x.State != care.Confirmed {
			continue
		}
		if slices.ContainsFunc(out[first:], func(c candidate) bool { return m.entries[c.entry].resource == j && len(m.daysOf(c)) > 0 }) {
			continue
		}
		out = slices.DeleteFunc(out, func(c candidate) bool { return c.need == i && m.entries[c.entry].resource == j })
		metres := m.metres(i, j)
		e, standIn, penalty := m.entryFor(n, j)
		out = append(out, candidate{i, e, standIn, int32(min(metres, math.MaxInt32)), m.cost(i, j, metres) + penalty*m.p.Weights.StandIn})
	}
	return out
}

// entryFor returns the entry of a resource that a pinned pairing is given: of the very service, else of the first stand-in that
// the resource offers.
func (m *model) entryFor(n *care.Need, j int32) (e, standIn int32, penalty int64) {
	offer := func(service string) int {
		return slices.IndexFunc(m.p.Lists.Resources[j].Services, func(o care.Offer) bool { return o.Service == service })
	}
	at := offer(n.Service)
	standIn = -1
	for k := 0; at < 0 && k < len(n.StandIns); k++ {
		if at = offer(n.StandIns[k].Service); at >= 0 {
			standIn, penalty = int32(k), n.StandIns[k].Penalty
		}
	}
	s := &m.services[m.offers[m.p.Lists.Resources[j].Services[max(0, at)].Service]]
	k, _ := slices.BinarySearchFunc(m.entries[s.from:s.to], j, func(e entry, j int32) int { return int(e.resource - j) })
	return s.from + int32(k), standIn, penalty
}

// nearestOf keeps the candidates of the nearest resources only, equal distances by the order of the resources.
func (m *model) nearestOf(first int, out []candidate) []candidate {
	type near struct {
		metres   int32
		resource int32
	}
	var list []near
	for _, c := range out[first:] {
		x := near{c.metres, m.entries[c.entry].resource}
		if len(m.daysOf(c)) > 0 && !slices.Contains(list, x) {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(a, b near) int {
		if a.metres != b.metres {
			return int(a.metres - b.metres)
		}
		return int(a.resource - b.resource)
	})
	list = list[:min(len(list), m.p.Nearest)]
	kept := out[:first]
	for _, c := range out[first:] {
		if slices.Contains(list, near{c.metres, m.entries[c.entry].resource}) {
			kept = append(kept, c)
		}
	}
	return kept
}

// daysOf returns the days on which a candidate may be matched; noDay alone where neither has a time.
func (m *model) daysOf(c candidate) []int32 {
	n := &m.p.Lists.Needs[c.need]
	j := m.entries[c.entry].resource
	service := m.p.Lists.Resources[j].Services[m.entries[c.entry].offer].Service
	forced := false
	if x := m.pairing(c.need, j); x != nil && m.p.KeepPinned {
		forced = x.State == care.Pinned || x.State == care.Confirmed
	}
	session := int32(noDay)
	if date := m.p.Lists.Resources[j].Session.Date; date != 0 {
		d, in := m.p.Horizon.Day(date)
		if !in {
			return nil
		}
		session = d
	}
	if !n.When.Once() && !n.When.Recurs() {
		if !forced && m.onDay(c.need, j, session, service) != 0 {
			return nil
		}
		return []int32{session}
	}
	var days, all []int32
	for _, b := range m.blocks(n) {
		for _, d := range b.days {
			all = append(all, d)
			if (session == noDay || d == session) && m.onDay(c.need, j, d, service) == 0 {
				days = append(days, d)
			}
		}
	}
	if forced && len(days) == 0 {
		return all
	}
	return days
}
