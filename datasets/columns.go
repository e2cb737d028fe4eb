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

	// absent, if not nil, is asked where a row has no value for the column: it sets the field to what that means in this
	// row, or says why there must be a value. Without it the default of the list holds.
	absent func(*T) *cellFault
}

// yes is a field that is true or false, written yes and no.
type yes bool

// positive is a whole number of at least 1, where it is stated; 0 is the field's default.
type positive int64

// list describes one list: its name (the member of the JSON object), its columns in the order of the documents, and a
// row with all defaults filled in.
type list[T any] struct {
	name    string
	columns []column[T]
	fresh   T

	names []string       // of the columns
	index map[string]int // position of each
}

// indexed fills in the names and the index.
func (l *list[T]) indexed() *list[T] {
	l.index = make(map[string]int, len(l.columns))
	for i, c := range l.columns {
		l.names = append(l.names, c.name)
		l.index[c.name] = i
	}
	return l
}

// noNumber is asked where a number stands for nothing when it is absent.
func noNumber[T any](*T) *cellFault { return errNoNumber }

func needList() *list[care.Need] {
	return (&list[care.Need]{
		name:  "needs",
		fresh: care.Need{Units: 1, Priority: 2, Mode: care.Visit},
		columns: []column[care.Need]{
			{name: "id", needed: true, own: true, at: func(n *care.Need) any { return &n.ID }},
			{name: "service", needed: true, at: func(n *care.Need) any { return &n.Service }},
			{name: "lon", needed: true, at: func(n *care.Need) any { return &n.At.Lon }, absent: noNumber[care.Need]},
			{name: "lat", needed: true, at: func(n *care.Need) any { return &n.At.Lat }, absent: noNumber[care.Need]},
			{name: "units", at: func(n *care.Need) any { return &n.Units }, absent: usualUnits},
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
			{name: "date", at: func(n *care.Need) any { return &n.When.Date }},
			{name: "weekdays", at: func(n *care.Need) any { return &n.When.Weekdays }},
			{name: "window", at: func(n *care.Need) any { return &n.When.Window }},
			{name: "minutes", at: func(n *care.Need) any { return &n.Minutes }},
			{name: "times_a_week", at: func(n *care.Need) any { return (*positive)(&n.When.TimesAWeek) }},
			{name: "days_apart", at: func(n *care.Need) any { return (*positive)(&n.When.DaysApart) }},
			{name: "carers", at: func(n *care.Need) any { return (*positive)(&n.Carers) }},
			{name: "whole", at: func(n *care.Need) any { return (*yes)(&n.Whole) }},
			{name: "distinct", at: func(n *care.Need) any { return (*yes)(&n.Distinct) }},
			{name: "stand_ins", at: func(n *care.Need) any { return &n.StandIns }},
			{name: "interests", at: func(n *care.Need) any { return &n.Interests }},
			{name: "age_from", at: func(n *care.Need) any { return &n.AgeFrom }},
			{name: "age_to", at: func(n *care.Need) any { return &n.AgeTo }},
		},
	}).indexed()
}

// usualUnits are the units of a need that states none: 1, or what its visits come to if it recurs.
func usualUnits(n *care.Need) *cellFault {
	n.Units = 1
	if n.When.Recurs() {
		n.Units = 0
	}
	return nil
}

func resourceList() *list[care.Resource] {
	return (&list[care.Resource]{
		name:  "resources",
		fresh: care.Resource{Capacity: 1},
		columns: []column[care.Resource]{
			{name: "id", needed: true, own: true, at: func(r *care.Resource) any { return &r.ID }},
			{name: "kind", needed: true, at: func(r *care.Resource) any { return &r.Kind }},
			{name: "lon", needed: true, at: func(r *care.Resource) any { return &r.At.Lon }, absent: noNumber[care.Resource]},
			{name: "lat", needed: true, at: func(r *care.Resource) any { return &r.At.Lat }, absent: noNumber[care.Resource]},
			{name: "services", needed: true, at: func(r *care.Resource) any { return &r.Services }},
			{name: "qualifications", at: func(r *care.Resource) any { return &r.Qualifications }},
			{name: "capacity", at: func(r *care.Resource) any { return &r.Capacity }},
			{name: "radius_m", at: func(r *care.Resource) any { return &r.RadiusM }},
			{name: "areas", at: func(r *care.Resource) any { return &r.Areas }},
			{name: "price", at: func(r *care.Resource) any { return &r.Price }},
			{name: "languages", at: func(r *care.Resource) any { return &r.Languages }},
			{name: "gender", at: func(r *care.Resource) any { return &r.Gender }},
			{name: "provider", at: func(r *care.Resource) any { return &r.Provider }},
			{name: "availability", at: func(r *care.Resource) any { return &r.Availability }},
			{name: "exceptions", at: func(r *care.Resource) any { return &r.Exceptions }},
			{name: "capacity_by_weekday", at: func(r *care.Resource) any { return &r.DayCapacity }},
			{name: "capacity_minutes", at: func(r *care.Resource) any { return &r.CapacityMinutes }},
			{name: "min_units", at: func(r *care.Resource) any { return &r.MinUnits }},
			{name: "promised", at: func(r *care.Resource) any { return (*yes)(&r.Promised) }},
			{name: "members", at: func(r *care.Resource) any { return &r.Members }},
			{name: "team", at: func(r *care.Resource) any { return &r.Team }},
			{name: "expires", at: func(r *care.Resource) any { return &r.Expires }},
			{name: "programme", at: func(r *care.Resource) any { return &r.Programme }},
			{name: "session_date", at: func(r *care.Resource) any { return &r.Session.Date }},
			{name: "session_window", at: func(r *care.Resource) any { return &r.Session.Window }},
			{name: "event", at: func(r *care.Resource) any { return &r.Event }},
			{name: "interests", at: func(r *care.Resource) any { return &r.Interests }},
			{name: "age", at: func(r *care.Resource) any { return &r.Age }},
		},
	}).indexed()
}

func providerList() *list[care.Provider] {
	return (&list[care.Provider]{
		name: "providers",
		columns: []column[care.Provider]{
			{name: "id", needed: true, own: true, at: func(p *care.Provider) any { return &p.ID }},
			{name: "quota", at: func(p *care.Provider) any { return &p.Quota }},
			{name: "qualifications", at: func(p *care.Provider) any { return &p.Qualifications }},
			{name: "budget", at: func(p *care.Provider) any { return &p.Budget }},
			{name: "subsidy", at: func(p *care.Provider) any { return &p.Subsidy }},
			{name: "expires", at: func(p *care.Provider) any { return &p.Expires }},
		},
	}).indexed()
}

func serviceList() *list[care.Service] {
	return (&list[care.Service]{
		name: "services",
		columns: []column[care.Service]{
			{name: "id", needed: true, own: true, at: func(s *care.Service) any { return &s.ID }},
			{name: "parent", at: func(s *care.Service) any { return &s.Parent }},
			{name: "name", own: true, at: func(s *care.Service) any { return &s.Name }},
			{name: "name_zh", own: true, at: func(s *care.Service) any { return &s.NameZH }},
			{name: "minutes", at: func(s *care.Service) any { return &s.Minutes }},
			{name: "common", at: func(s *care.Service) any { return &s.Common }},
		},
	}).indexed()
}

func contractList() *list[care.Contract] {
	return (&list[care.Contract]{
		name: "contracts",
		columns: []column[care.Contract]{
			{name: "provider", needed: true, at: func(c *care.Contract) any { return &c.Provider }},
			{name: "resource", needed: true, at: func(c *care.Contract) any { return &c.Resource }},
			{name: "lends", at: func(c *care.Contract) any { return &c.Lends }},
			{name: "from", at: func(c *care.Contract) any { return &c.From }},
			{name: "to", at: func(c *care.Contract) any { return &c.To }},
		},
	}).indexed()
}

func eventList() *list[care.Event] {
	return (&list[care.Event]{
		name: "events",
		columns: []column[care.Event]{
			{name: "id", needed: true, own: true, at: func(e *care.Event) any { return &e.ID }},
			{name: "days", at: func(e *care.Event) any { return &e.Days }},
		},
	}).indexed()
}

func pairingList() *list[care.Pairing] {
	return (&list[care.Pairing]{
		name: "pairings",
		columns: []column[care.Pairing]{
			{name: "need", needed: true, own: true, at: func(p *care.Pairing) any { return &p.Need }},
			{name: "resource", needed: true, at: func(p *care.Pairing) any { return &p.Resource }},
			{name: "state", needed: true, at: func(p *care.Pairing) any { return &p.State }},
			{name: "units", at: func(p *care.Pairing) any { return (*positive)(&p.Units) }},
			{name: "cost", at: func(p *care.Pairing) any { return &p.Cost }},
		},
	}).indexed()
}

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
