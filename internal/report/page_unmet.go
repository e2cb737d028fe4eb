package report

import (
	"cmp"
	"slices"
	"strings"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// unmetTable lists unmet needs, the most urgent first.
type unmetTable struct {
	Rows []unmetRow
	Left string
}

type unmetRow struct {
	ID, Service string
	Class       int
	Units       string
	Reasons     []string
	More        string // reasons left out
	Cheapest    string // the cheapest change that would serve it, "" where none was sought
}

func (p *Page) unmet() unmetTable {
	lists, a := &p.Request.Problem.Lists, p.Answer
	order := make([]int, len(p.Solution.Unmet))
	for i := range order {
		order[i] = i
	}
	need := func(i int) *care.Need { return &lists.Needs[p.Solution.Unmet[i].Need] }
	slices.SortStableFunc(order, func(i, k int) int { return cmp.Compare(need(i).Priority, need(k).Priority) })
	var t unmetTable
	if len(order) > mostUnmetRows {
		t.Left = p.Lang.pageWordf("unmet left out", count(len(order)-mostUnmetRows), count(len(order)))
		order = order[:mostUnmetRows]
	}
	sentences := Table{Lang: p.Lang, Answer: a}
	for _, i := range order {
		n, u := need(i), &a.Unmet[i]
		row := unmetRow{ID: printable(n.ID), Service: printable(p.name(n.Service)), Class: n.Priority, Units: count(u.Units)}
		for k, r := range u.Reasons {
			if k == mostReasons {
				row.More = p.Lang.pageWordf("more reasons", count(len(u.Reasons)-k))
				break
			}
			row.Reasons = append(row.Reasons, sentences.reason(r))
		}
		if ways := u.Relaxations; len(ways) > 0 {
			row.Cheapest = p.Lang.pageWordf("cheapest", p.relaxed(&ways[0]))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// relaxed names a change of the lists: the resource that would serve, what stands against it, by how much, and how many
// others would move.
func (p *Page) relaxed(r *datasets.RelaxationJSON) string {
	l := p.Lang
	var parts []string
	if r.ResourceID != nil {
		parts = append(parts, printable(*r.ResourceID))
	}
	parts = append(parts, l.Code(match.Code(r.Code)))
	if r.By != nil {
		parts = append(parts, l.pageWordf("by", count(*r.By)+l.unit(match.Code(r.Code), p.Answer.Options.Currency)))
	}
	if r.Service != "" {
		parts = append(parts, printable(p.name(r.Service)))
	}
	if r.Date != "" {
		parts = append(parts, r.Date)
	}
	if len(r.Moves) > 0 {
		parts = append(parts, l.pageWordf("others move", count(len(r.Moves))))
	}
	return strings.Join(parts, " · ")
}

// breaks lists the rules that pinned pairings break, and how many of them are left out.
func (p *Page) breaks() (rows []breakRow, left string) {
	lists, all := &p.Request.Problem.Lists, p.Solution.PinnedBreaks
	if len(all) > mostBreaks {
		left = p.Lang.pageWordf("pinned left", count(len(all)-mostBreaks))
		all = all[:mostBreaks]
	}
	for _, v := range all {
		row := breakRow{Need: "–", Resource: "–", Rule: p.Lang.Code(v.Code)}
		if v.Need >= 0 {
			row.Need = printable(lists.Needs[v.Need].ID)
		}
		if v.Resource >= 0 {
			row.Resource = printable(lists.Resources[v.Resource].ID)
		}
		rows = append(rows, row)
	}
	return rows, left
}

// breakRow is one rule that a pinned pairing breaks.
type breakRow struct{ Need, Resource, Rule string }
