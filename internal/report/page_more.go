package report

import (
	"strings"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/match"
)

// programmes lists the series of sessions: how many open, and how their seats are taken.
func (p *Page) programmes() (rows []shareRow, left string) {
	all := p.Answer.Figures.Programmes
	if len(all) > mostShares {
		left = p.Lang.pageWordf("programmes left out", count(len(all)-mostShares))
		all = all[:mostShares]
	}
	for _, g := range all {
		row := newShare(printable(g.Programme), "served", g.Taken, g.Seats)
		row.Note = p.Lang.pageWordf("sessions opened", count(g.Opened), count(g.Sessions))
		rows = append(rows, row)
	}
	return rows, left
}

// standIns returns the units served with another service than the one asked for.
func (p *Page) standIns() int64 {
	sum := int64(0)
	for i := range p.Answer.Matches {
		if p.Answer.Matches[i].Service != "" {
			sum += p.Answer.Matches[i].Units
		}
	}
	return sum
}

// secondTable lists matches with the resources that could take their place.
type secondTable struct {
	Rows []secondRow
	Left string
}

type secondRow struct {
	Need, Resource string
	Others         []string
}

// second lists the next best resources of the first matches that have any.
func (p *Page) second() secondTable {
	var t secondTable
	left := 0
	for i := range p.Answer.Matches {
		m := &p.Answer.Matches[i]
		switch {
		case len(m.Alternatives) == 0:
			continue
		case len(t.Rows) == mostSeconds:
			left++
			continue
		}
		row := secondRow{Need: printable(m.NeedID), Resource: printable(m.ResourceID)}
		for k := range m.Alternatives[:min(len(m.Alternatives), mostReasons)] {
			row.Others = append(row.Others, p.alternative(&m.Alternatives[k]))
		}
		t.Rows = append(t.Rows, row)
	}
	if left > 0 {
		t.Left = p.Lang.pageWordf("second left out", count(left))
	}
	return t
}

// alternative says who would serve instead, what that would cost everybody, and how many others would move.
func (p *Page) alternative(a *datasets.AlternativeJSON) string {
	parts := []string{p.Lang.pageWordf("cost then", count(a.Objective.Cost))}
	for c, u := range a.Objective.UnmetByClass {
		if now := p.Answer.Objective.UnmetByClass; c < len(now) && u != now[c] {
			parts = append(parts, p.Lang.tier(match.DefaultTiers()[c])+": "+count(u))
		}
	}
	if len(a.Moves) > 0 {
		parts = append(parts, p.Lang.pageWordf("others move", count(len(a.Moves))))
	}
	return printable(a.ResourceID) + ": " + strings.Join(parts, "; ")
}
