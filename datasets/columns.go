package datasets

import (
	"github.com/courtyard-care/courtyard/solver/care"
)

// column is one column of a CSV list, and the member of the same name of a JSON list. One table for each list serves the
// CSV reader, the JSON reader and both writers, so the four cannot disagree.
type column[T any] struct {
	name   string
	needed bool         // a CSV list without this column is refused
	own    bool         // the text differs from row to row: not worth keeping in the table of shared texts
	at     func(*T) any // pointer to the field: *string, *care.Kind, *int64, *care.Limit, *[]string, ...
}

// list describes one list: its name (the member of the JSON object), its columns in the order of the documents, and a
// row with all defaults filled in.
type list[T any] struct {
	name    string
	columns []column[T]
	fresh   T
}

// names returns the names of the columns.
func (l *list[T]) names() []string {
	names := make([]string, len(l.columns))
	for i, c := range l.columns {
		names[i] = c.name
	}
	return names
}

func needList() *list[care.Need] {
	return &list[care.Need]{
		name:  "needs",
		fresh: care.Need{Units: 1, Priority: 2, Mode: care.Visit},
		columns: []column[care.Need]{
			{name: "id", needed: true, own: true, at: func(n *care.Need) any { return &n.ID }},
			{name: "service", needed: true, at: func(n *care.Need) any { return &n.Service }},
			{name: "lon", needed: true, at: func(n *care.Need) any { return &n.At.Lon }},
			{name: "lat", needed: true, at: func(n *care.Need) any { return &n.At.Lat }},
			{name: "units", at: func(n *care.Need) any { return &n.Units }},
			{name: "party", at: func(n *care.Need) any { return &n.Party }},
			{name: "priority", at: func(n *care.Need) any { return &n.Priority }},
			{name: "accepts", at: func(n *care.Need) any { return &n.Accepts }},
			{name: "requires", at: func(n *care.Need) any { return &n.Requires }},
			{name: "prefers", at: func(n *care.Need) any { return &n.Prefers }},
			{name: "avoids", at: func(n *care.Need) any { return &n.Avoids }},
			{name: "languages", at: func(n *care.Need) any { return &n.Languages }},
			{name: "gender", at: func(n *care.Need) any { return &n.Gender }},
			{name: "max_distance_m", at: func(n *care.Need) any { return &n.MaxDistanceM }},
			{name: "max_price", at: func(n *care.Need) any { return &n.MaxPrice }},
			{name: "mode", at: func(n *care.Need) any { return &n.Mode }},
		},
	}
}

func resourceList() *list[care.Resource] {
	return &list[care.Resource]{
		name:  "resources",
		fresh: care.Resource{Capacity: 1},
		columns: []column[care.Resource]{
			{name: "id", needed: true, own: true, at: func(r *care.Resource) any { return &r.ID }},
			{name: "kind", needed: true, at: func(r *care.Resource) any { return &r.Kind }},
			{name: "lon", needed: true, at: func(r *care.Resource) any { return &r.At.Lon }},
			{name: "lat", needed: true, at: func(r *care.Resource) any { return &r.At.Lat }},
			{name: "services", needed: true, at: func(r *care.Resource) any { return &r.Services }},
			{name: "qualifications", at: func(r *care.Resource) any { return &r.Qualifications }},
			{name: "capacity", at: func(r *care.Resource) any { return &r.Capacity }},
			{name: "radius_m", at: func(r *care.Resource) any { return &r.RadiusM }},
			{name: "areas", at: func(r *care.Resource) any { return &r.Areas }},
			{name: "price", at: func(r *care.Resource) any { return &r.Price }},
			{name: "languages", at: func(r *care.Resource) any { return &r.Languages }},
			{name: "gender", at: func(r *care.Resource) any { return &r.Gender }},
			{name: "provider", at: func(r *care.Resource) any { return &r.Provider }},
		},
	}
}

func providerList() *list[care.Provider] {
	return &list[care.Provider]{
		name: "providers",
		columns: []column[care.Provider]{
			{name: "id", needed: true, own: true, at: func(p *care.Provider) any { return &p.ID }},
			{name: "quota", at: func(p *care.Provider) any { return &p.Quota }},
			{name: "qualifications", at: func(p *care.Provider) any { return &p.Qualifications }},
		},
	}
}

func serviceList() *list[care.Service] {
	return &list[care.Service]{
		name: "services",
		columns: []column[care.Service]{
			{name: "id", needed: true, own: true, at: func(s *care.Service) any { return &s.ID }},
			{name: "parent", at: func(s *care.Service) any { return &s.Parent }},
			{name: "name", own: true, at: func(s *care.Service) any { return &s.Name }},
			{name: "name_zh", own: true, at: func(s *care.Service) any { return &s.NameZH }},
			{name: "minutes", at: func(s *care.Service) any { return &s.Minutes }},
			{name: "common", at: func(s *care.Service) any { return &s.Common }},
		},
	}
}

func planList() *list[PlanRow] {
	return &list[PlanRow]{
		name:  "matches",
		fresh: PlanRow{Units: 1},
		columns: []column[PlanRow]{
			{name: "need_id", needed: true, own: true, at: func(r *PlanRow) any { return &r.NeedID }},
			{name: "resource_id", needed: true, at: func(r *PlanRow) any { return &r.ResourceID }},
			{name: "units", at: func(r *PlanRow) any { return &r.Units }},
			{name: "distance_m", at: func(*PlanRow) any { return new(unread) }},
			{name: "cost", at: func(*PlanRow) any { return new(unread) }},
		},
	}
}

// unread is a member of an answer's matches that a plan may carry: a number that is checked and forgotten.
type unread struct{}

// shared keeps one copy of texts that repeat from row to row.
type shared map[string]string

func (s shared) text(t string) string {
	if kept, ok := s[t]; ok {
		return kept
	}
	if len(s) >= maxShared {
		return t
	}
	s[t] = t
	return t
}

// maxShared bounds the table of shared texts: past it texts are hardly shared, and the table would cost more than it saves.
const maxShared = 1 << 18
