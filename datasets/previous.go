package datasets

import (
	"slices"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// Keep makes the pairs of an earlier answer lasting pairings of the request: one for each need and resource, of all units
// that the answer gave the pair, or of all that the need asks for where it recurs or is whole. A pair that the pairings hold already
// stays as they say. Rows of needs and resources that are no longer in the lists are left out; left counts them: somebody
// has gone. Rows without units are faults, in a [*solver.Invalid].
//
// The lists are not changed in place: the pairings are a new slice.
func (r *MatchRequest) Keep(previous []PlanRow) (left int, err error) {
	lists := &r.Problem.Lists
	needs, resources := positions(lists)
	type pair struct{ need, resource string }
	var (
		faults   solver.Invalid
		pairings = slices.Clip(lists.Pairings)
		given    = len(pairings)
		at       = make(map[pair]int, given+len(previous))
	)
	for k, p := range pairings {
		at[pair{p.Need, p.Resource}] = k
	}
	for k := range previous {
		row := &previous[k]
		if row.Units < 1 || row.Units > care.MaxWhole {
			faults.Add(solver.Fault{
				Pointer: "/previous/" + strconv.Itoa(k) + "/units", Code: "out_of_range",
				Detail: "must be a whole number of at least 1", Value: strconv.FormatInt(row.Units, 10),
			})
			continue
		}
		need, ok := needs[row.NeedID]
		if _, known := resources[row.ResourceID]; !ok || !known {
			left++
			continue
		}
		units := row.Units
		if n := &lists.Needs[need]; n.When.Recurs() || n.Whole {
			units = 0
		}
		key := pair{row.NeedID, row.ResourceID}
		switch first, ok := at[key]; {
		case !ok:
			at[key] = len(pairings)
			pairings = append(pairings, care.Pairing{Need: row.NeedID, Resource: row.ResourceID, State: care.Lasting, Units: units})
		case first >= given:
			pairings[first].Units = min(pairings[first].Units+units, care.MaxWhole)
		}
	}
	lists.Pairings = pairings
	return left, faults.Err()
}
