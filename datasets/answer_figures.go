package datasets

import (
	"cmp"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// figures turns the measures of success into JSON.
func figures(f *match.Figures) FiguresJSON {
	out := FiguresJSON{
		Asked: f.Asked, Served: f.Served, Precision: f.Precision, Fineness: f.Fineness,
		ByClass:    make([]ClassShareJSON, len(f.ByClass)),
		ByService:  make([]ServiceShareJSON, len(f.ByService)),
		ByParty:    make([]PartyShareJSON, len(f.ByParty)),
		LoadByKind: make([]KindLoadJSON, len(f.LoadByKind)),
	}
	for i, s := range f.ByClass {
		out.ByClass[i] = ClassShareJSON{Class: i + 1, Asked: s.Asked, Served: s.Served, Share: share(s.Served, s.Asked)}
	}
	for i, g := range f.ByService {
		out.ByService[i] = ServiceShareJSON{Service: g.Name, Asked: g.Asked, Served: g.Served, Share: share(g.Served, g.Asked)}
	}
	for i, g := range f.ByParty {
		out.ByParty[i] = PartyShareJSON{Party: g.Name, Asked: g.Asked, Served: g.Served, Share: share(g.Served, g.Asked)}
	}
	for i, l := range f.LoadByKind {
		out.LoadByKind[i] = KindLoadJSON{Kind: string(l.Kind), Resources: l.Resources, Used: l.Used, Capacity: l.Capacity, Share: share(l.Used, l.Capacity)}
	}
	if f.DistanceP50M >= 0 {
		out.DistanceP50M = &f.DistanceP50M
	}
	if f.DistanceP90M >= 0 {
		out.DistanceP90M = &f.DistanceP90M
	}
	return out
}

// share returns part/whole, 0 where there is no whole.
func share(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// changes counts the units of lasting pairings and those kept; nil where there are none. A unit is kept if the pair has it;
// units served by a resource that stands by for the need count as kept too, up to those of the need's lasting pairings.
func changes(lists *care.Lists, sol *match.Solution) *ChangesJSON {
	if !slices.ContainsFunc(lists.Pairings, func(p care.Pairing) bool { return p.State == care.Lasting }) {
		return nil
	}
	type pair struct{ need, resource string }
	served := map[pair]int64{}
	asked := map[string]int64{}
	for i := range sol.Matches {
		m := &sol.Matches[i]
		need := lists.Needs[m.Need].ID
		served[pair{need, lists.Resources[m.Resource].ID}] += m.Units
		asked[need] += m.Units
	}
	for _, u := range sol.Unmet {
		asked[lists.Needs[u.Need].ID] += u.Units
	}
	lasting, kept, standBy := map[string]int64{}, map[string]int64{}, map[string]int64{}
	for _, p := range lists.Pairings {
		switch has := served[pair{p.Need, p.Resource}]; p.State {
		case care.Lasting:
			units := p.Units
			if units == 0 {
				units = asked[p.Need]
			}
			lasting[p.Need] += units
			kept[p.Need] += min(units, has)
		case care.StandBy:
			standBy[p.Need] += has
		case care.Pinned, care.Confirmed, care.Forbidden, care.Declined, care.Open:
		}
	}
	out := &ChangesJSON{}
	for need, units := range lasting {
		units = min(units, asked[need])
		out.Lasting += units
		out.Kept += min(units, kept[need]+standBy[need])
	}
	return out
}

// programmes sums the sessions of each programme, by name.
func programmes(lists *care.Lists, sol *match.Solution) []ProgrammeJSON {
	var out []ProgrammeJSON
	at := map[string]int{}
	for j := range lists.Resources {
		r := &lists.Resources[j]
		if r.Programme == "" {
			continue
		}
		k, ok := at[r.Programme]
		if !ok {
			k = len(out)
			at[r.Programme] = k
			out = append(out, ProgrammeJSON{Programme: r.Programme})
		}
		p := &out[k]
		p.Sessions++
		p.Seats += r.Capacity
		if j < len(sol.Resources) && sol.Resources[j].Used > 0 {
			p.Opened++
			p.Taken += sol.Resources[j].Used
		}
	}
	slices.SortFunc(out, func(a, b ProgrammeJSON) int { return cmp.Compare(a.Programme, b.Programme) })
	return out
}
