package datasets

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// NewMatchAnswer turns a solution of the request into the answer that is printed and sent. O(size of the lists and of the
// solution).
func NewMatchAnswer(req *MatchRequest, sol *match.Solution) *MatchAnswer {
	b := newAnswerBuilder(req)
	a := &MatchAnswer{
		Status:        sol.Status.String(),
		Stop:          sol.Stop.String(),
		Objective:     b.goal.objective(sol.Objective),
		Bound:         b.goal.objective(sol.Bound),
		ChoicesKept:   sol.ChoicesKept,
		Matches:       b.matches(sol),
		Unmet:         make([]UnmetJSON, len(sol.Unmet)),
		Resources:     make([]ResourceUseJSON, len(sol.Resources)),
		Figures:       figures(&sol.Figures),
		EligiblePairs: sol.EligiblePairs,
		PricedPairs:   sol.PricedPairs,
		Options:       usedOptions(req),
		PinnedBreaks:  b.pinnedBreaks(sol.PinnedBreaks),
	}
	a.Nearest = a.Options.Nearest
	a.Figures.Changes = changes(b.lists, sol)
	a.Figures.Programmes = programmes(b.lists, sol)
	for _, h := range sol.Hard {
		a.Hard = append(a.Hard, HardJSON{Kind: string(h.Kind), Count: h.Count})
	}
	if len(sol.Hard) > 0 || sol.ChoicesKept {
		gap := b.goal.gap(sol.Objective, sol.Bound)
		a.Gap = &gap
	}
	for i := range sol.Unmet {
		a.Unmet[i] = b.unmet(&sol.Unmet[i])
	}
	for j := range sol.Resources {
		a.Resources[j] = b.resource(j, sol)
	}
	return a
}

// answerBuilder turns positions into ids.
type answerBuilder struct {
	req      *MatchRequest
	lists    *care.Lists
	goal     goal
	pairings map[[2]string]care.PairingState
}

func newAnswerBuilder(req *MatchRequest) *answerBuilder {
	b := &answerBuilder{req: req, lists: &req.Problem.Lists, goal: goalOf(&req.Problem)}
	if n := len(b.lists.Pairings); n > 0 {
		b.pairings = make(map[[2]string]care.PairingState, n)
		for _, p := range b.lists.Pairings {
			b.pairings[[2]string{p.Need, p.Resource}] = p.State
		}
	}
	return b
}

// resourceID returns the id of a resource, nil for none.
func (b *answerBuilder) resourceID(j int32) *string {
	if j < 0 {
		return nil
	}
	return &b.lists.Resources[j].ID
}

// date returns the date of a day of the horizon, "" for none.
func (b *answerBuilder) date(day int32) string {
	if day < 0 || b.req.Problem.Horizon.Days == 0 {
		return ""
	}
	return b.req.Problem.Horizon.Date(day).String()
}

// stand returns the stand-in given, "" for the very service asked for.
func (b *answerBuilder) stand(m *match.Match) string {
	if s := b.lists.Needs[m.Need].StandIns; m.StandIn >= 0 && int(m.StandIn) < len(s) {
		return s[m.StandIn].Service
	}
	return ""
}

// matches gathers the units of each need, resource and service, which the solution tells day by day.
func (b *answerBuilder) matches(sol *match.Solution) []MatchJSON {
	out := make([]MatchJSON, 0, len(sol.Matches))
	entryOf := make([]int32, len(sol.Matches)) // entry of each match
	first := 0                                 // entry at which the pair begins
	for k := range sol.Matches {
		m := &sol.Matches[k]
		if k == 0 || sol.Matches[k-1].Need != m.Need || sol.Matches[k-1].Resource != m.Resource {
			first = len(out)
		}
		service, at := b.stand(m), first
		for at < len(out) && out[at].Service != service {
			at++
		}
		if at == len(out) {
			need, resource := b.lists.Needs[m.Need].ID, b.lists.Resources[m.Resource].ID
			out = append(out, MatchJSON{
				NeedID: need, ResourceID: resource, DistanceM: m.DistanceM,
				Service: service, Pairing: string(b.pairings[[2]string{need, resource}]),
			})
		}
		e := &out[at]
		e.Units += m.Units
		e.Cost += m.Cost
		if date := b.date(m.Day); date != "" {
			e.Days = append(e.Days, DayUnitsJSON{Date: date, Units: m.Units})
		}
		entryOf[k] = int32(at)
	}
	for i := range sol.Alternatives {
		alternatives := &sol.Alternatives[i]
		e := &out[entryOf[alternatives.Match]]
		for k := range alternatives.Best {
			e.Alternatives = b.alternative(e.Alternatives, &alternatives.Best[k])
		}
	}
	return out
}

// alternative adds an alternative, of those of several days with one resource the first.
func (b *answerBuilder) alternative(list []AlternativeJSON, x *match.Alternative) []AlternativeJSON {
	id := b.lists.Resources[x.Resource].ID
	if slices.ContainsFunc(list, func(a AlternativeJSON) bool { return a.ResourceID == id }) {
		return list
	}
	return append(list, AlternativeJSON{ResourceID: id, Objective: b.goal.objective(x.Objective), Moves: b.moves(x.Moves)})
}

func (b *answerBuilder) moves(list []match.Move) []MoveJSON {
	out := make([]MoveJSON, len(list))
	for i, m := range list {
		out[i] = MoveJSON{NeedID: b.lists.Needs[m.Need].ID, From: b.resourceID(m.From), To: b.resourceID(m.To)}
	}
	return out
}

func (b *answerBuilder) unmet(u *match.Unmet) UnmetJSON {
	out := UnmetJSON{NeedID: b.lists.Needs[u.Need].ID, Units: u.Units, Reasons: make([]ReasonJSON, len(u.Reasons))}
	for k := range u.Reasons {
		out.Reasons[k] = b.reason(&u.Reasons[k])
	}
	for k := range u.Relaxations {
		r := &u.Relaxations[k]
		x := RelaxationJSON{
			Code: string(r.Code), ResourceID: b.resourceID(r.Resource), Service: r.StandIn, Date: b.date(r.Day),
			Objective: b.goal.objective(r.Objective), Moves: b.moves(r.Moves),
		}
		if r.HasBy {
			x.By = &r.By
		}
		out.Relaxations = append(out.Relaxations, x)
	}
	return out
}

func (b *answerBuilder) resource(j int, sol *match.Solution) ResourceUseJSON {
	r, use := &b.lists.Resources[j], &sol.Resources[j]
	out := ResourceUseJSON{ID: r.ID, Used: use.Used, Capacity: use.Capacity}
	if r.MinUnits > 0 || r.Event != "" {
		open := use.Used > 0
		out.Open = &open
	}
	if !sol.Explained {
		return out
	}
	value := b.goal.objective(use.UnitValue)
	out.UnitValue = &value
	s := use.Steady
	if asked := b.req.Relaxations != 0 || b.req.Alternatives != 0; asked && s.From <= use.Capacity && (s.To < 0 || use.Capacity <= s.To) {
		out.Steady = &SteadyJSON{From: s.From}
		if s.To >= 0 {
			out.Steady.To = &s.To
		}
	}
	return out
}

// pinnedBreaks gathers the rules by pair, in the order of the solution.
func (b *answerBuilder) pinnedBreaks(list []match.Violation) []PinnedBreakJSON {
	var out []PinnedBreakJSON
	at := map[[2]int32]int{}
	for _, v := range list {
		if v.Need < 0 || v.Resource < 0 {
			continue
		}
		pair := [2]int32{v.Need, v.Resource}
		k, ok := at[pair]
		if !ok {
			k = len(out)
			at[pair] = k
			out = append(out, PinnedBreakJSON{NeedID: b.lists.Needs[v.Need].ID, ResourceID: b.lists.Resources[v.Resource].ID})
		}
		out[k].Codes = append(out[k].Codes, string(v.Code))
	}
	return out
}

// WriteJSON writes the answer as one line of JSON, the same bytes for the same answer. It streams: the text is never held
// in full.
func (a *MatchAnswer) WriteJSON(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	if err := json.MarshalWrite(out, a); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	if err := out.WriteByte('\n'); err != nil {
		return fmt.Errorf("write the answer: %w", err)
	}
	return out.Flush()
}

// WriteCSV writes the matches as CSV: need_id,resource_id,units,distance_m,cost, and, where a match has them, service and
// date: one row for each day then.
func (a *MatchAnswer) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	services := slices.ContainsFunc(a.Matches, func(m MatchJSON) bool { return m.Service != "" })
	dates := slices.ContainsFunc(a.Matches, func(m MatchJSON) bool { return len(m.Days) > 0 })
	record := []string{"need_id", "resource_id", "units", "distance_m", "cost"}
	if services {
		record = append(record, "service")
	}
	if dates {
		record = append(record, "date")
	}
	err := out.Write(record)
	row := func(m *MatchJSON, day DayUnitsJSON) {
		if err != nil {
			return
		}
		cost := m.Cost / max(1, m.Units) * day.Units // units of one pair and service cost the same
		record = append(record[:0], m.NeedID, m.ResourceID,
			strconv.FormatInt(day.Units, 10), strconv.FormatInt(m.DistanceM, 10), strconv.FormatInt(cost, 10))
		if services {
			record = append(record, m.Service)
		}
		if dates {
			record = append(record, day.Date)
		}
		err = out.Write(record)
	}
	for i := range a.Matches {
		m := &a.Matches[i]
		if len(m.Days) == 0 {
			row(m, DayUnitsJSON{Units: m.Units})
		}
		for _, day := range m.Days {
			row(m, day)
		}
	}
	if err != nil {
		return fmt.Errorf("write matches: %w", err)
	}
	out.Flush()
	return out.Error()
}
