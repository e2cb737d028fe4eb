package report

import (
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
)

// proof says what is known about the answer.
type proof struct {
	Sentence string
	Notes    []string
	Rows     []proofRow
	Facts    []fact
}

// proofRow is one part of the objective, compared in order.
type proofRow struct{ Name, Objective, Bound, Gap string }

// proof compares the answer with its bound, part by part. A gap counts for the first part that differs: behind it the
// bound speaks of other matches.
func (p *Page) proof() proof {
	l, s := p.Lang, p.Solution
	var out proof
	open := false
	for _, part := range objectiveParts(&p.Request.Problem, s) {
		r := proofRow{Name: l.tier(part.name), Objective: count(part.objective), Bound: count(part.bound), Gap: "–"}
		if !open {
			r.Gap = count(part.objective - part.bound)
			open = part.objective != part.bound
		}
		out.Rows = append(out.Rows, r)
	}
	nearest, stop := p.Request.Problem.Nearest, l.stop(s.Stop.String())
	switch {
	case s.Status == solver.Optimal && nearest > 0:
		out.Sentence = l.pageWordf("proof nearest", nearest)
	case s.Status == solver.Optimal && p.Request.Problem.Tiers != nil:
		out.Sentence = l.pageWord("proof tiers")
	case s.Status == solver.Optimal:
		out.Sentence = l.pageWord("proof optimal")
	case s.Status == solver.Feasible:
		out.Sentence = l.pageWordf("proof feasible", stop)
	default:
		out.Sentence = l.pageWordf("proof unknown", stop)
	}
	if s.ChoicesKept {
		out.Notes = append(out.Notes, l.pageWord("choices kept"))
	}
	out.Facts = []fact{
		{l.say(wStatus), l.status(s.Status.String())},
		{l.pageWord("stop"), stop},
		{l.pageWord("eligible pairs"), count(s.EligiblePairs)},
		{l.pageWord("priced pairs"), count(s.PricedPairs)},
		{l.pageWord("rounds"), count(s.Rounds)},
		{l.pageWord("work"), count(s.Work)},
	}
	if gap := p.Answer.Gap; gap != nil {
		out.Facts = append(out.Facts, fact{l.pageWord("gap"), percent(*gap)})
	}
	for _, h := range s.Hard {
		out.Facts = append(out.Facts, fact{l.pageWordf("branched on", l.hard(h.Kind)), count(h.Count)})
	}
	return out
}

// objectivePart is one number of the objective with its bound.
type objectivePart struct {
	name             match.Tier
	objective, bound int64
}

// tierShort stands before the tiers of a problem: units short of promised minimums.
const tierShort match.Tier = "short"

// objectiveParts lists the numbers of the objective in the order in which they are compared.
func objectiveParts(p *match.Problem, s *match.Solution) []objectivePart {
	var parts []objectivePart
	if s.Objective.Short != 0 || s.Bound.Short != 0 {
		parts = append(parts, objectivePart{tierShort, s.Objective.Short, s.Bound.Short})
	}
	tiers := p.Tiers
	if tiers == nil {
		tiers = match.DefaultTiers()
	}
	for _, t := range tiers {
		if o, ok := tierValue(&s.Objective, t); ok {
			bound, _ := tierValue(&s.Bound, t)
			parts = append(parts, objectivePart{t, o, bound})
		}
	}
	return parts
}

// tierValue returns the number of one tier; ok is false for a tier that is not known here.
func tierValue(o *match.Objective, t match.Tier) (v int64, ok bool) {
	switch t {
	case match.TierUnmet1, match.TierUnmet2, match.TierUnmet3:
		return o.Unmet[slices.Index([]match.Tier{match.TierUnmet1, match.TierUnmet2, match.TierUnmet3}, t)], true
	case match.TierWorstDistance:
		return o.WorstDistance, true
	case match.TierWorstNeed:
		return o.WorstNeed, true
	case match.TierChanges:
		return o.Changes, true
	case match.TierLoad:
		return o.Load, true
	case match.TierCost:
		return o.Cost, true
	case tierShort:
		return o.Short, true
	}
	return 0, false
}

// options lists the options as used, whatever they are: those without words go by their keys.
func (p *Page) options() []fact {
	return p.facts(p.Answer.Options, func(key string) (string, bool) {
		w, ok := optionNames[key]
		return w[p.Lang], ok
	})
}

// further lists the figures that no other part of the page shows.
func (p *Page) further() []fact {
	return slices.DeleteFunc(p.facts(p.Answer.Figures, func(key string) (string, bool) { return "", shownFigures[key] }), func(f fact) bool {
		return strings.HasPrefix(f.Value, "[") || strings.HasPrefix(f.Value, "{")
	})
}

// facts lists the fields of a struct as JSON has them, each named by what name returns, or by its key when that knows none.
// A field that JSON leaves out, and one that is named "", is left out.
func (p *Page) facts(v any, name func(key string) (words string, known bool)) []fact {
	var out []fact
	for field, value := range reflect.ValueOf(v).Fields() {
		key, rest, _ := strings.Cut(field.Tag.Get("json"), ",")
		words, known := name(key)
		if !known {
			words = strings.ReplaceAll(key, "_", " ")
		}
		if words == "" || strings.HasPrefix(rest, "omit") && value.IsZero() {
			continue
		}
		text, err := json.Marshal(value.Interface())
		if err != nil {
			continue // a number that JSON cannot hold: there is nothing to show
		}
		out = append(out, fact{printable(words), p.value(text)})
	}
	return out
}

// value writes one JSON value for people.
func (p *Page) value(v jsontext.Value) string {
	switch v.Kind() {
	case 'n':
		return p.Lang.pageWord("none")
	case 't':
		return p.Lang.pageWord("yes")
	case 'f':
		return p.Lang.pageWord("no")
	case '"':
		if s, err := jsontext.AppendUnquote(nil, v); err == nil {
			return printable(string(s))
		}
	}
	var list []string
	if json.Unmarshal(v, &list) == nil {
		for i, w := range list {
			list[i] = p.Lang.tier(match.Tier(w))
		}
		return printable(strings.Join(list, ", "))
	}
	var n int64
	if json.Unmarshal(v, &n) == nil {
		return count(n)
	}
	const long = 200
	if s := string(v); len(s) <= long {
		return printable(s)
	}
	return "…"
}

// shownFigures are the figures that the page shows in their own way.
var shownFigures = map[string]bool{
	"asked": true, "served": true, "precision": true, "fineness": true, "satisfaction": true, "answered": true,
	"by_class": true, "by_service": true, "by_party": true, "load_by_kind": true, "distance_p50_m": true, "distance_p90_m": true, "changes": true, "programmes": true,
}
