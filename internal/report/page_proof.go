package report

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// proof says what is known about the answer.
type proof struct {
	Sentence string
	Rows     []proofRow
	Facts    []fact
}

// proofRow is one part of the objective, compared in order.
type proofRow struct{ Name, Objective, Bound, Gap string }

// proof compares the answer with its bound, part by part. A gap counts for the first part that differs: behind it the
// bound speaks of other matches.
func (p *Page) proof() proof {
	l, a, s := p.Lang, p.Answer, p.Solution
	var out proof
	open := false
	row := func(name string, objective, bound int64) {
		r := proofRow{Name: name, Objective: count(objective), Bound: count(bound), Gap: "–"}
		if !open {
			r.Gap = count(objective - bound)
			open = objective != bound
		}
		out.Rows = append(out.Rows, r)
	}
	for i, u := range a.Objective.UnmetByClass {
		bound := int64(0)
		if i < len(a.Bound.UnmetByClass) {
			bound = a.Bound.UnmetByClass[i]
		}
		row(l.pageWordf("unmet of class", i+1), u, bound)
	}
	row(l.say(wCost), a.Objective.Cost, a.Bound.Cost)
	switch {
	case a.Status == "optimal" && a.Nearest == nil:
		out.Sentence = l.pageWord("proof optimal")
	case a.Status == "optimal":
		out.Sentence = l.pageWordf("proof nearest", *a.Nearest)
	case a.Status == "feasible":
		out.Sentence = l.pageWordf("proof feasible", l.stop(a.Stop))
	default:
		out.Sentence = l.pageWordf("proof unknown", l.stop(a.Stop))
	}
	out.Facts = []fact{
		{l.say(wStatus), l.status(a.Status)},
		{l.pageWord("stop"), l.stop(a.Stop)},
		{l.pageWord("eligible pairs"), count(a.EligiblePairs)},
		{l.pageWord("priced pairs"), count(a.PricedPairs)},
		{l.pageWord("rounds"), count(s.Rounds)},
		{l.pageWord("work"), count(s.Work)},
	}
	return out
}

// options lists the options as used, whatever they are: those without words go by their keys.
func (p *Page) options() []fact {
	return p.facts(&p.Answer.Options, func(key string) (string, bool) {
		w, ok := optionNames[key]
		return w[p.Lang], ok
	})
}

// further lists the figures that no other part of the page shows.
func (p *Page) further() []fact {
	var out []fact
	for _, f := range p.facts(&p.Answer.Figures, func(key string) (string, bool) { return "", shownFigures[key] }) {
		if f.Name != "" && !strings.HasPrefix(f.Value, "[") && !strings.HasPrefix(f.Value, "{") {
			out = append(out, f)
		}
	}
	return out
}

// facts lists the members of v as JSON has them, each named by what name returns, or by its key when that knows none.
func (p *Page) facts(v any, name func(key string) (words string, ok bool)) []fact {
	var out []fact
	text, err := json.Marshal(v)
	if err != nil {
		return nil // numbers that JSON cannot hold: there is nothing to show
	}
	d := jsontext.NewDecoder(bytes.NewReader(text))
	if _, err := d.ReadToken(); err != nil {
		return nil // no object
	}
	for d.PeekKind() == '"' {
		key, err := d.ReadToken()
		if err != nil {
			return out
		}
		member := key.String()
		value, err := d.ReadValue()
		if err != nil {
			return out
		}
		words, ok := name(member)
		if !ok {
			words = strings.ReplaceAll(member, "_", " ")
		}
		out = append(out, fact{printable(words), p.value(value)})
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
	"by_class": true, "by_service": true, "by_party": true, "load_by_kind": true, "distance_p50_m": true, "distance_p90_m": true,
}
