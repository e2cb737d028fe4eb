package care

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// MaxWhole bounds every whole number of a list (units, capacities, prices, metres): 10^12, far above any real one and
// low enough that sums over a million rows stay exact.
const MaxWhole = 1_000_000_000_000

// Bounds on numbers that others are multiplied by.
const (
	MaxCarers  = 1_000         // of one unit
	MaxMinutes = 366 * 24 * 60 // of one unit: a year
	MaxDays    = 366           // of a horizon
)

// Validate reports every fault of the lists, planned for the horizon h with windows of the zone, at once as a
// [*solver.Invalid], or nil. Pointers are those of the JSON request: "/needs/3/service", and "/options/from" where the
// lists hold a time and h is the zero value. No detail holds a value of the lists but the names of services, providers,
// qualifications and kinds it suggests. An expired qualification is no fault: it is an answer, with its reason.
// O(size of the lists).
func (l *Lists) Validate(h Horizon, zone *time.Location) error {
	v := &validator{
		lists:     l,
		horizon:   h,
		zone:      zone,
		services:  make(map[string]int, len(l.Services)),
		providers: make(map[string]int, len(l.Providers)),
		resources: make(map[string]int, len(l.Resources)),
		needs:     make(map[string]int, len(l.Needs)),
		events:    make(map[string]int, len(l.Events)),
	}
	v.checkHorizon()
	// The lists that others name come first; faults are put in the order of the document at the end.
	v.checkServices()
	v.checkEvents()
	v.checkProviders()
	v.checkResources()
	v.checkTeams()
	v.checkBudgets()
	v.checkNeeds()
	v.checkContracts()
	v.checkPairings()
	return v.merge()
}

// validator collects faults list by list.
type validator struct {
	lists   *Lists
	horizon Horizon
	zone    *time.Location
	planned bool   // there is a horizon, and it is sound
	changes []Date // days of the horizon on which the clocks go forward

	services, providers, resources, needs, events map[string]int  // position of each id
	counted                                       map[string]bool // services offered by a resource whose minutes are bounded

	inNeeds, inRes, inProv, inServs, inContracts, inEvents, inPairings, inOptions solver.Invalid
}

// merge puts the faults in the order of the documents.
func (v *validator) merge() error {
	var all solver.Invalid
	for _, part := range []*solver.Invalid{
		&v.inNeeds, &v.inRes, &v.inProv, &v.inServs, &v.inContracts, &v.inEvents, &v.inPairings, &v.inOptions,
	} {
		for _, f := range part.Faults {
			all.Add(f)
		}
		all.Total += part.Total - len(part.Faults)
	}
	return all.Err()
}

// row reports faults of one row of one list.
type row struct {
	to   *solver.Invalid
	list string
	i    int
}

func (r row) fault(field, code, value, detail string) {
	if r.to.Total >= solver.MaxFaults { // counted only
		r.to.Total++
		return
	}
	r.to.Add(solver.Fault{Pointer: "/" + r.list + "/" + strconv.Itoa(r.i) + "/" + field, Code: code, Value: value, Detail: detail})
}

// entry is the pointer of entry k of a list inside a row, or of a member of it.
func entry(field string, k int, member string) string {
	at := field + "/" + strconv.Itoa(k)
	if member != "" {
		at += "/" + member
	}
	return at
}

// id checks an id and remembers its position.
func (r row) id(id string, seen map[string]int) {
	switch first, dup := seen[id]; {
	case id == "":
		r.fault("id", "required", "", "an id is required")
	case dup:
		r.fault("id", "duplicate", id, fmt.Sprintf("the same id stands at /%s/%d", r.list, first))
	default:
		seen[id] = r.i
	}
}

func (r row) whole(field string, v, least int64) { r.between(field, v, least, MaxWhole) }

func (r row) between(field string, v, least, most int64) {
	if v < least || v > most {
		r.fault(field, "out_of_range", strconv.FormatInt(v, 10), fmt.Sprintf("must be a whole number from %d to %d", least, most))
	}
}

func (r row) limit(field string, l Limit) {
	if v, ok := l.Value(); ok {
		r.whole(field, v, 0)
	}
}

func (r row) place(p travel.Place) {
	bad := func(v, most float64) bool { return math.IsNaN(v) || v < -most || v > most }
	switch {
	case bad(p.Lat, 90) && !bad(p.Lat, 180) && !bad(p.Lon, 90):
		r.fault("lat", "out_of_range", number(p.Lat), "latitude must lie from -90 to 90; are lon and lat swapped?")
	default:
		if bad(p.Lon, 180) {
			r.fault("lon", "out_of_range", number(p.Lon), "longitude must lie from -180 to 180")
		}
		if bad(p.Lat, 90) {
			r.fault("lat", "out_of_range", number(p.Lat), "latitude must lie from -90 to 90")
		}
	}
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// words checks that a list has no empty and no repeated entries.
func (r row) words(field string, list []string) {
	for k, again := range repeats(len(list), func(k int) string { return list[k] }) {
		switch {
		case list[k] == "":
			r.fault(entry(field, k, ""), "required", "", "an entry is empty")
		case again:
			r.fault(entry(field, k, ""), "duplicate", list[k], "the same entry stands twice in the list")
		}
	}
}

// repeats yields each position of a list and whether its word stood before. O(n) for long lists; short ones, which are
// nearly all, are compared without a map.
func repeats(n int, word func(int) string) func(yield func(int, bool) bool) {
	const short = 16
	return func(yield func(int, bool) bool) {
		var seen map[string]bool
		if n > short {
			seen = make(map[string]bool, n)
		}
		for k := range n {
			w, again := word(k), false
			if seen != nil {
				again = seen[w]
				seen[w] = true
			} else {
				for e := range k {
					again = again || word(e) == w
				}
			}
			if !yield(k, again) {
				return
			}
		}
	}
}

func (r row) party(field string, p Party) {
	if p != "" && slices.Contains(strings.Split(string(p), "/"), "") {
		r.fault(field, "invalid", string(p), "a path must have no empty segment")
	}
}

func (r row) gender(g Gender) {
	if g != "" && g != Female && g != Male {
		r.fault("gender", "unknown", string(g), `must be "female", "male" or absent`)
	}
}

// knows checks that name is in a list that was given; known are its ids.
func (r row) knows(field, name, what string, ids map[string]int) {
	if _, ok := ids[name]; !ok {
		r.unknown(field, name, "no such "+what+" in the list", func() []string { return sortedKeys(ids) })
	}
}

// unknown reports a name that is none of those known, with the one it is most like.
func (r row) unknown(field, name, detail string, known func() []string) {
	if r.to.Total >= solver.MaxFaults { // counted only: no need to look for a suggestion
		r.to.Total++
		return
	}
	if near := Nearest(name, known()); near != "" {
		detail += fmt.Sprintf("; did you mean %q?", near)
	}
	r.fault(field, "unknown", name, detail)
}

func sortedKeys(ids map[string]int) []string {
	keys := make([]string, 0, len(ids))
	for k := range ids {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (r row) kind(field string, k Kind) {
	switch {
	case slices.Contains(Kinds(), k):
	case k == "":
		r.fault(field, "required", "", "a kind is required: volunteer, team, provider, partner or venue")
	default:
		r.unknown(field, string(k), "must be volunteer, team, provider, partner or venue", func() []string { return plain(Kinds()) })
	}
}

// plain turns words of a named type into strings.
func plain[S ~string](words []S) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}
