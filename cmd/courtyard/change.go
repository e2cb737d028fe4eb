package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// change is what becomes other from one match to the next.
type change struct {
	removeNeeds, removeResources []string // ids
	capacities                   []capacity
	added                        care.Lists
	origin                       *datasets.Origin // of what is added
}

// capacity is the new capacity of a resource.
type capacity struct {
	resource string
	units    int64
}

// parseCapacity reads ID=K. An id may hold the sign itself.
func parseCapacity(text string) (capacity, error) {
	at := strings.LastIndexByte(text, '=')
	k, err := strconv.ParseInt(text[at+1:], 10, 64)
	if at < 1 || err != nil || k < 0 || k > care.MaxWhole {
		return capacity{}, badInputf("--capacity %s: must be ID=K, K a whole number from 0", text)
	}
	return capacity{text[:at], k}, nil
}

// Headers of lists without a row.
const (
	noNeeds     = "id,service,lon,lat\n"
	noResources = "id,kind,lon,lat,services\n"
)

// readAdded reads the CSV lists of what is added; "" is no file.
func (a *app) readAdded(needs, resources string, c *change) error {
	needsIn, closeNeeds, err := a.openInput(needs, noNeeds)
	if err != nil {
		return err
	}
	defer closeNeeds()
	resourcesIn, closeResources, err := a.openInput(resources, noResources)
	if err != nil {
		return err
	}
	defer closeResources()
	added, origin, err := datasets.ReadLists(datasets.ListInputs{Needs: needsIn, Resources: resourcesIn}, datasets.FileLimits())
	if err != nil {
		return err
	}
	c.added, c.origin = *added, origin
	return nil
}

// openInput opens a file to read: standard input for "-", the given text for "".
func (a *app) openInput(name, text string) (in *datasets.Input, done func(), err error) {
	switch name {
	case "":
		return &datasets.Input{R: strings.NewReader(text)}, func() {}, nil
	case "-":
		return &datasets.Input{Name: "standard input", R: a.stdin}, func() {}, nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, nil, err
	}
	return &datasets.Input{Name: name, R: file}, func() { _ = file.Close() }, nil // read only: nothing to lose
}

// apply returns the job with the change made, validated. The first job stays as it is.
func (c *change) apply(first *job) (*job, error) {
	request := *first.request
	second := *first
	second.request = &request
	lists := &request.Problem.Lists
	goneNeeds, err := named("--remove-need", c.removeNeeds, lists.Needs, func(n *care.Need) string { return n.ID })
	if err != nil {
		return nil, err
	}
	goneResources, err := named("--remove-resource", c.removeResources, lists.Resources, func(r *care.Resource) string { return r.ID })
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(c.capacities))
	for i := range c.capacities {
		ids[i] = c.capacities[i].resource
	}
	changed, err := named("--capacity", ids, lists.Resources, func(r *care.Resource) string { return r.ID })
	if err != nil {
		return nil, err
	}

	needs := shift{name: "needs"}
	resources := shift{name: "resources"}
	lists.Needs = keep(lists.Needs, c.added.Needs, &needs, func(n *care.Need) bool { return goneNeeds[n.ID] })
	lists.Resources = keep(lists.Resources, c.added.Resources, &resources, func(r *care.Resource) bool { return goneResources[r.ID] })
	gone := func(id string) bool { return goneResources[id] }
	for i := range lists.Needs {
		n := &lists.Needs[i]
		n.Prefers, n.Avoids = without(n.Prefers, gone), without(n.Avoids, gone)
	}
	for j := range lists.Resources {
		if r := &lists.Resources[j]; changed[r.ID] {
			k := slices.IndexFunc(c.capacities, func(x capacity) bool { return x.resource == r.ID })
			r.Capacity = c.capacities[k].units
		}
	}
	lists.Pairings = without(lists.Pairings, func(p care.Pairing) bool { return goneNeeds[p.Need] || goneResources[p.Resource] })
	lists.Contracts = without(lists.Contracts, func(x care.Contract) bool { return goneResources[x.Resource] })

	if err := request.Validate(); err != nil {
		return nil, c.explain(first, err, &needs, &resources)
	}
	return &second, nil
}

// named returns the ids as a set, or an error for one that the list lacks or that is given twice.
func named[T any](flag string, ids []string, list []T, id func(*T) string) (map[string]bool, error) {
	set := make(map[string]bool, len(ids))
	for _, x := range ids {
		if set[x] {
			return nil, badInputf("%s %s: given twice", flag, x)
		}
		set[x] = true
	}
	if len(set) == 0 {
		return set, nil
	}
	known := make([]string, len(list))
	for i := range list {
		known[i] = id(&list[i])
	}
	for _, x := range ids {
		if slices.Contains(known, x) {
			continue
		}
		hint := ""
		if near := care.Nearest(x, known); near != "" {
			hint = fmt.Sprintf("; did you mean %q?", near)
		}
		return nil, badInputf("%s %s: no such id in the list%s", flag, x, hint)
	}
	return set, nil
}

// keep returns a list without what is gone and with what is added, and says in s where its rows come from.
func keep[T any](list, added []T, s *shift, gone func(*T) bool) []T {
	out := make([]T, 0, len(list)+len(added))
	for i := range list {
		if !gone(&list[i]) {
			out = append(out, list[i])
			s.from = append(s.from, i)
		}
	}
	return append(out, added...)
}

// without returns the entries that are not gone; the list itself, which others hold, stays as it is.
func without[T any](list []T, gone func(T) bool) []T {
	if !slices.ContainsFunc(list, gone) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), gone)
}

// shift says where the rows of a changed list come from: row i is row from[i] of the first list, or, past those, the next row
// of what is added.
type shift struct {
	name string
	from []int
}

// explain places the faults of the changed lists in the files that hold them.
func (c *change) explain(first *job, err error, shifts ...*shift) error {
	invalid, ok := errors.AsType[*solver.Invalid](err)
	if !ok {
		return err
	}
	out := &datasets.FileError{Total: invalid.Total}
	for _, f := range invalid.Faults {
		place := first.origin
		var added bool
		if f.Pointer, added = shifted(f.Pointer, shifts); added {
			place = c.origin
		}
		if before, pointer, ok := strings.Cut(f.Detail, " at /"); ok { // "the same id stands at /needs/3"
			there := first.origin
			pointer, added := shifted("/"+pointer, shifts)
			if added {
				there = c.origin
			}
			at := explained(there, solver.Fault{Pointer: pointer})
			f.Detail = strings.TrimSuffix(before+" at "+at.String(), ": ")
		}
		out.Faults = append(out.Faults, explained(place, f))
	}
	return out
}

// shifted takes a pointer into the changed lists back to the first lists, or to what is added.
func shifted(pointer string, shifts []*shift) (back string, added bool) {
	parts := strings.SplitN(pointer, "/", 4)
	if len(parts) < 3 {
		return pointer, false
	}
	for _, s := range shifts {
		i, err := strconv.Atoi(parts[2])
		if parts[1] != s.name || err != nil {
			continue
		}
		if added = i >= len(s.from); added {
			i -= len(s.from)
		} else {
			i = s.from[i]
		}
		parts[2] = strconv.Itoa(i)
		return strings.Join(parts, "/"), added
	}
	return pointer, false
}

// explained places one fault.
func explained(o *datasets.Origin, f solver.Fault) datasets.FileFault {
	file, _ := errors.AsType[*datasets.FileError](o.Explain(&solver.Invalid{Faults: []solver.Fault{f}, Total: 1}))
	return file.Faults[0]
}

// below takes the pointers of a fault to where its value stands.
func below(pointer string, err error) error {
	invalid, ok := errors.AsType[*solver.Invalid](err)
	if !ok {
		return err
	}
	out := &solver.Invalid{Faults: slices.Clone(invalid.Faults), Total: invalid.Total}
	for i := range out.Faults {
		out.Faults[i].Pointer = pointer + out.Faults[i].Pointer
	}
	return out
}
