package datasets

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"github.com/go-json-experiment/json"

	"github.com/courtyard-care/courtyard/solver/match"
)

// NewMatchAnswer turns a solution of the request into the answer that is printed and sent. O(size of the solution).
func NewMatchAnswer(req *MatchRequest, sol *match.Solution) *MatchAnswer {
	lists := &req.Problem.Lists
	a := &MatchAnswer{
		Status:        sol.Status.String(),
		Stop:          sol.Stop.String(),
		Objective:     objective(sol.Objective),
		Bound:         objective(sol.Bound),
		Matches:       make([]MatchJSON, len(sol.Matches)),
		Unmet:         make([]UnmetJSON, len(sol.Unmet)),
		Resources:     make([]ResourceUseJSON, len(sol.Resources)),
		Figures:       figures(&sol.Figures),
		EligiblePairs: sol.EligiblePairs,
		PricedPairs:   sol.PricedPairs,
		Options:       usedOptions(req),
	}
	a.Nearest = a.Options.Nearest
	for i, m := range sol.Matches {
		a.Matches[i] = MatchJSON{
			NeedID:     lists.Needs[m.Need].ID,
			ResourceID: lists.Resources[m.Resource].ID,
			Units:      m.Units,
			DistanceM:  m.DistanceM,
			Cost:       m.Cost,
		}
	}
	for i, u := range sol.Unmet {
		unmet := UnmetJSON{NeedID: lists.Needs[u.Need].ID, Units: u.Units, Reasons: make([]ReasonJSON, len(u.Reasons))}
		for k := range u.Reasons {
			unmet.Reasons[k] = reason(req, &u.Reasons[k])
		}
		a.Unmet[i] = unmet
	}
	for j, r := range sol.Resources {
		a.Resources[j] = ResourceUseJSON{ID: lists.Resources[j].ID, Used: r.Used, Capacity: r.Capacity}
		if sol.Explained {
			value := objective(r.UnitValue)
			a.Resources[j].UnitValue = &value
		}
	}
	return a
}

func objective(o match.Objective) ObjectiveJSON {
	return ObjectiveJSON{UnmetByClass: append([]int64(nil), o.Unmet[:]...), Cost: o.Cost}
}

// usedOptions returns the options with their defaults filled in.
func usedOptions(req *MatchRequest) UsedOptionsJSON {
	p := &req.Problem
	o := UsedOptionsJSON{
		WDistance:   p.Weights.Distance,
		WPrice:      p.Weights.Price,
		WPreference: p.Weights.Preference,
		Detour:      p.Detour,
		Barriers:    len(p.Barriers),
		Currency:    req.Currency,
	}
	if o.Detour == 0 {
		o.Detour = 1
	}
	if p.Nearest > 0 {
		o.Nearest = &p.Nearest
	}
	if req.TimeLimitS > 0 {
		o.TimeLimitS = &req.TimeLimitS
	}
	return o
}

// reason turns one reason into JSON, with a sentence that a planner can act on.
func reason(req *MatchRequest, r *match.Reason) ReasonJSON {
	resources := req.Problem.Lists.Resources
	out := ReasonJSON{Code: string(r.Code), Removed: r.Removed, Detail: reasonDetail(r, req.Currency)}
	if r.Nearest >= 0 {
		out.NearestResourceID = &resources[r.Nearest].ID
	}
	if r.HasShort {
		short := r.ShortBy
		out.ShortBy = &short
	}
	if (r.Code == match.CodeCapacity || r.Code == match.CodeQuota) && r.Resource >= 0 {
		out.ResourceID = &resources[r.Resource].ID
		o := objective(r.Objective)
		out.Objective = &o
	}
	if r.Outranked > 0 {
		class := r.Outranked
		out.Outranked = &class
	}
	return out
}

// reasonDetail says in English what kept the resources away and what would help. It holds no data of a person.
func reasonDetail(r *match.Reason, currency string) string {
	who := fmt.Sprintf("%d resources offer the service but ", r.Removed)
	if r.Removed == 1 {
		who = "1 resource offers the service but "
	}
	is := func(one, many string) string {
		if r.Removed == 1 {
			return who + one
		}
		return who + many
	}
	switch r.Code {
	case match.CodeService:
		return "nobody offers this service: add it to a resource, or find one that does"
	case match.CodeKind:
		return is("is", "are") + " of a kind that the need does not accept: accept more kinds"
	case match.CodeSkill:
		return is("lacks", "lack") + " a required qualification: train or certify one of them, or lend a provider's qualification"
	case match.CodeLanguage:
		return is("shares", "share") + " no language with the need: add a language or an interpreter"
	case match.CodeGender:
		return is("is", "are") + " not of the gender asked for"
	case match.CodeMaxDistance:
		return is("is", "are") + " farther than the need accepts" + byMetres(r) + ": raise max_distance_m, or find one nearer"
	case match.CodeRadius:
		return is("does not serve", "do not serve") + " that far" + byMetres(r) + ": raise a radius_m, or find one nearer"
	case match.CodeArea:
		return is("serves", "serve") + " other areas only: add the need's party to one"
	case match.CodePrice:
		d := is("costs", "cost") + " more than the need accepts"
		if r.HasShort {
			d += fmt.Sprintf(" (the nearest by %d minor units of %s)", r.ShortBy, currency)
		}
		return d + ": raise max_price, or subsidise"
	case match.CodeMode:
		return is("is a venue", "are venues") + " and does not visit homes: let the need attend, or find one that visits"
	case match.CodeReachable:
		return is("is", "are") + " beyond a barrier that no way goes round: correct the barriers, or find one on this side"
	case match.CodeUnits: // of a plan, never of a need
	case match.CodeCapacity:
		return fullDetail(r, "every eligible resource is full", "add a unit of capacity there")
	case match.CodeQuota:
		return fullDetail(r, "the quota of the providers behind the eligible resources is used up", "add a unit of quota there")
	}
	return ""
}

func byMetres(r *match.Reason) string {
	if !r.HasShort {
		return ""
	}
	return fmt.Sprintf(" (the nearest by %d m)", r.ShortBy)
}

func fullDetail(r *match.Reason, what, do string) string {
	if r.Outranked > 0 {
		return fmt.Sprintf("%s, and one more unit would rather go to a need of class %d", what, r.Outranked)
	}
	if r.Resource < 0 {
		return what
	}
	return what + ": " + do + " to serve this need at least cost"
}

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

// WriteCSV writes the matches as CSV: need_id,resource_id,units,distance_m,cost.
func (a *MatchAnswer) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	record := []string{"need_id", "resource_id", "units", "distance_m", "cost"}
	if err := out.Write(record); err != nil {
		return fmt.Errorf("write matches: %w", err)
	}
	for _, m := range a.Matches {
		record = append(record[:0], m.NeedID, m.ResourceID,
			strconv.FormatInt(m.Units, 10), strconv.FormatInt(m.DistanceM, 10), strconv.FormatInt(m.Cost, 10))
		if err := out.Write(record); err != nil {
			return fmt.Errorf("write matches: %w", err)
		}
	}
	out.Flush()
	return out.Error()
}
