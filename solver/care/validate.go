package care

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// MaxWhole bounds every whole number of a list (units, capacities, prices, metres): 10^12, far above any real one and
// low enough that sums over a million rows stay exact.
const MaxWhole = 1_000_000_000_000

// Validate reports every fault of the lists at once as a [*solver.Invalid], or nil. Pointers are those of the JSON lists:
// "/needs/3/service". No detail holds a value of the lists but the names of services, providers and kinds it suggests.
// O(size of the lists).
func (l *Lists) Validate() error {
	v := validator{
		lists:     l,
		services:  make(map[string]int, len(l.Services)),
		providers: make(map[string]int, len(l.Providers)),
		resources: make(map[string]int, len(l.Resources)),
	}
	// The lists that others name come first; faults are put in the order of the document at the end.
	v.checkServices()
	v.checkProviders()
	v.checkResources()
	v.checkNeeds()
	return v.merge()
}

// validator collects faults list by list.
type validator struct {
	lists                           *Lists
	services, providers, resources  map[string]int // position of each id
	inNeeds, inRes, inProv, inServs solver.Invalid
}

// merge puts the faults in the order needs, resources, providers, services.
func (v *validator) merge() error {
	var all solver.Invalid
	for _, part := range []*solver.Invalid{&v.inNeeds, &v.inRes, &v.inProv, &v.inServs} {
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
	r.to.Add(solver.Fault{Pointer: "/" + r.list + "/" + strconv.Itoa(r.i) + "/" + field, Code: code, Value: value, Detail: detail})
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

func (r row) whole(field string, v, least int64) {
	if v < least || v > MaxWhole {
		r.fault(field, "out_of_range", strconv.FormatInt(v, 10), fmt.Sprintf("must be a whole number from %d to %d", least, int64(MaxWhole)))
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
	for k, w := range list {
		switch {
		case w == "":
			r.fault(field+"/"+strconv.Itoa(k), "required", "", "an entry is empty")
		case slices.Index(list[:k], w) >= 0:
			r.fault(field+"/"+strconv.Itoa(k), "duplicate", w, "the same entry stands twice in the list")
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
	if _, ok := ids[name]; ok {
		return
	}
	detail := "no such " + what + " in the list"
	if r.to.Total >= solver.MaxFaults { // counted only: no need to look for a suggestion
		r.to.Total++
		return
	}
	if near := Nearest(name, sortedKeys(ids)); near != "" {
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

func (v *validator) checkServices() {
	l := v.lists.Services
	for i := range l {
		row{&v.inServs, "services", i}.id(l[i].ID, v.services)
	}
	for i := range l {
		r := row{&v.inServs, "services", i}
		r.whole("minutes", l[i].Minutes, 0)
		if l[i].Parent == "" {
			continue
		}
		if _, ok := v.services[l[i].Parent]; !ok {
			r.knows("parent", l[i].Parent, "service", v.services)
		} else if v.inCycle(i) {
			r.fault("parent", "conflict", l[i].Parent, "the service is its own ancestor")
		}
	}
}

// inCycle reports whether the parents of service i lead back to it.
func (v *validator) inCycle(i int) bool {
	l := v.lists.Services
	at := i
	for range l {
		next, ok := v.services[l[at].Parent]
		if !ok {
			return false
		}
		if next == i {
			return true
		}
		at = next
	}
	return false
}

func (v *validator) checkProviders() {
	for i := range v.lists.Providers {
		p := &v.lists.Providers[i]
		r := row{&v.inProv, "providers", i}
		r.id(p.ID, v.providers)
		r.limit("quota", p.Quota)
		r.words("qualifications", p.Qualifications)
	}
}

func (v *validator) checkResources() {
	for i := range v.lists.Resources {
		res := &v.lists.Resources[i]
		r := row{&v.inRes, "resources", i}
		r.id(res.ID, v.resources)
		r.kind("kind", res.Kind)
		r.place(res.At)
		if len(res.Services) == 0 {
			r.fault("services", "required", "", "a resource must offer at least one service")
		}
		for k, o := range res.Services {
			at := "services/" + strconv.Itoa(k)
			switch {
			case o.Service == "":
				r.fault(at+"/service", "required", "", "an entry is empty")
			case slices.ContainsFunc(res.Services[:k], func(e Offer) bool { return e.Service == o.Service }):
				r.fault(at+"/service", "duplicate", o.Service, "the same service stands twice in the list")
			case v.lists.Services != nil:
				r.knows(at+"/service", o.Service, "service", v.services)
			}
			r.limit(at+"/capacity", o.Capacity)
		}
		r.words("qualifications", res.Qualifications)
		r.whole("capacity", res.Capacity, 0)
		r.limit("radius_m", res.RadiusM)
		for k, a := range res.Areas {
			if a == "" {
				r.fault("areas/"+strconv.Itoa(k), "required", "", "an entry is empty")
			}
			r.party("areas/"+strconv.Itoa(k), a)
		}
		r.whole("price", res.Price, 0)
		r.words("languages", res.Languages)
		r.gender(res.Gender)
		if res.Provider != "" && v.lists.Providers != nil {
			r.knows("provider", res.Provider, "provider", v.providers)
		}
	}
}

func (r row) kind(field string, k Kind) {
	if slices.Contains(Kinds(), k) {
		return
	}
	if k == "" {
		r.fault(field, "required", "", "a kind is required: volunteer, team, provider, partner or venue")
		return
	}
	detail := "must be volunteer, team, provider, partner or venue"
	var names []string
	for _, known := range Kinds() {
		names = append(names, string(known))
	}
	if near := Nearest(string(k), names); near != "" {
		detail += fmt.Sprintf("; did you mean %q?", near)
	}
	r.fault(field, "unknown", string(k), detail)
}

func (v *validator) checkNeeds() {
	ids := make(map[string]int, len(v.lists.Needs))
	for i := range v.lists.Needs {
		n := &v.lists.Needs[i]
		r := row{&v.inNeeds, "needs", i}
		r.id(n.ID, ids)
		switch {
		case n.Service == "":
			r.fault("service", "required", "", "a service is required")
		case v.lists.Services != nil:
			r.knows("service", n.Service, "service", v.services)
		}
		r.place(n.At)
		r.whole("units", n.Units, 1)
		r.party("party", n.Party)
		if n.Priority < 1 || n.Priority > 3 {
			r.fault("priority", "out_of_range", strconv.Itoa(n.Priority), "must be 1, 2 or 3")
		}
		for k, kind := range n.Accepts {
			r.kind("accepts/"+strconv.Itoa(k), kind)
		}
		r.words("requires", n.Requires)
		v.known(r, "prefers", n.Prefers)
		v.known(r, "avoids", n.Avoids)
		r.words("languages", n.Languages)
		r.gender(n.Gender)
		r.limit("max_distance_m", n.MaxDistanceM)
		r.limit("max_price", n.MaxPrice)
		if n.Mode != Visit && n.Mode != Attend {
			r.fault("mode", "unknown", string(n.Mode), `must be "visit" or "attend"`)
		}
	}
}

// known checks a list of ids of resources. A suggestion would cost a search of all ids and ids are opaque: none is made.
func (v *validator) known(r row, field string, ids []string) {
	r.words(field, ids)
	for k, id := range ids {
		if _, ok := v.resources[id]; id != "" && !ok {
			r.fault(field+"/"+strconv.Itoa(k), "unknown", id, "no such resource in the list")
		}
	}
}
