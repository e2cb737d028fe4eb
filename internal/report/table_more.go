package report

import (
	"fmt"
	"strings"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/match"
)

// part is one number of an objective.
type part struct {
	name  match.Tier
	value int64
}

// further returns the numbers of an objective besides units unmet and cost.
func further(o *datasets.ObjectiveJSON) []part {
	var parts []part
	for _, p := range []struct {
		name  match.Tier
		value *int64
	}{
		{tierShort, o.Short},
		{match.TierWorstDistance, o.WorstDistance},
		{match.TierWorstNeed, o.WorstNeed},
		{match.TierChanges, o.Changes},
		{match.TierLoad, o.Load},
	} {
		if p.value != nil {
			parts = append(parts, part{p.name, *p.value})
		}
	}
	return parts
}

// tuple says the numbers of an objective in a line.
func (l Lang) tuple(o *datasets.ObjectiveJSON) string {
	var parts []string
	for c, u := range o.UnmetByClass {
		parts = append(parts, l.tier(match.DefaultTiers()[c])+" "+count(u))
	}
	for _, p := range further(o) {
		parts = append(parts, l.tier(p.name)+" "+count(p.value))
	}
	return strings.Join(append(parts, l.tier(match.TierCost)+" "+count(o.Cost)), "; ")
}

// brief says the numbers of an objective in a few words.
func (l Lang) brief(o *datasets.ObjectiveJSON) string {
	unmet := make([]string, len(o.UnmetByClass))
	for c, u := range o.UnmetByClass {
		unmet[c] = count(u)
	}
	parts := []string{l.say(wUnmet) + " " + strings.Join(unmet, " + ")}
	for _, p := range further(o) {
		parts = append(parts, l.tier(p.name)+" "+count(p.value))
	}
	return strings.Join(append(parts, l.say(wCost)+" "+count(o.Cost)), "; ")
}

// proof says in the head what else is minimised, and which constraints are not a flow: what the search branched on, or, while
// the bound is not met, what is proved but for them.
func (t *Table) proof(b *strings.Builder) {
	l, a := t.Lang, t.Answer
	var goals []string
	for _, p := range further(&a.Objective) {
		goals = append(goals, l.tier(p.name)+" "+count(p.value))
	}
	if len(goals) > 0 {
		fmt.Fprintln(b, strings.Join(goals, "; "))
	}
	if a.Status != "optimal" {
		fmt.Fprintf(b, "%s: %s\n", l.say(wBound), l.tuple(&a.Bound))
	}
	if len(a.Hard) == 0 {
		return
	}
	hard := make([]string, len(a.Hard))
	for i, h := range a.Hard {
		hard[i] = l.hard(match.HardKind(h.Kind)) + " (" + count(h.Count) + ")"
	}
	if a.Status == "optimal" {
		fmt.Fprintln(b, l.pageWordf("branched on", strings.Join(hard, ", ")))
		return
	}
	line := l.moreWord(mButFor) + strings.Join(hard, ", ")
	if a.Gap != nil {
		line += "; " + l.pageWord("gap") + " " + fmt.Sprintf("%.2f%%", 100**a.Gap)
	}
	fmt.Fprintln(b, line)
}

// moreWord names one entry of the table of words.
type moreWordKey int

const (
	mButFor moreWordKey = iota
	mDays
	mStandIn
	mNext
	mBy
	mNobodyMoves
	mMoves
)

var moreWords = [...][2]string{
	mButFor:      {"proved but for: ", "除以下限制外已证明："},
	mDays:        {"days", "日期"},
	mStandIn:     {"stand-in", "替代服务"},
	mNext:        {"next best", "备选"},
	mBy:          {"by %s", "差%s"},
	mNobodyMoves: {"nobody else moves", "其他人不变"},
	mMoves:       {"%s others move", "另有%s人变动"},
}

func (l Lang) moreWord(w moreWordKey) string { return moreWords[w][l] }

// extras are the columns of matches that only some answers have.
func (t *Table) extras(first []datasets.MatchJSON) (head []string, cells func(*datasets.MatchJSON) []string) {
	var columns []func(*datasets.MatchJSON) string
	add := func(title string, cell func(*datasets.MatchJSON) string) {
		for i := range first {
			if cell(&first[i]) != "" {
				head, columns = append(head, title), append(columns, cell)
				return
			}
		}
	}
	add(t.Lang.moreWord(mDays), func(m *datasets.MatchJSON) string {
		days := make([]string, len(m.Days))
		for i, d := range m.Days {
			if days[i] = d.Date; d.Units > 1 {
				days[i] += " ×" + count(d.Units)
			}
		}
		return strings.Join(days, ", ")
	})
	add(t.Lang.moreWord(mStandIn), func(m *datasets.MatchJSON) string { return printable(m.Service) })
	add(t.Lang.moreWord(mNext), func(m *datasets.MatchJSON) string {
		others := make([]string, len(m.Alternatives))
		for i, a := range m.Alternatives {
			others[i] = printable(a.ResourceID)
		}
		return strings.Join(others, ", ")
	})
	return head, func(m *datasets.MatchJSON) []string {
		row := make([]string, len(columns))
		for i, cell := range columns {
			row[i] = cell(m)
		}
		return row
	}
}

// relaxation tells one change that would serve the need, what the whole match would then be, and who would move.
func (t *Table) relaxation(r *datasets.RelaxationJSON) string {
	l := t.Lang
	what := l.advice(match.Code(r.Code))
	if r.By != nil && *r.By > 0 {
		what += ", " + fmt.Sprintf(l.moreWord(mBy), count(*r.By)+l.unit(match.Code(r.Code), t.Answer.Options.Currency))
	}
	if r.Service != "" {
		what += " (" + printable(r.Service) + ")"
	}
	if r.ResourceID != nil {
		what += ": " + printable(*r.ResourceID)
	}
	if r.Date != "" {
		what += " " + r.Date
	}
	moves := l.moreWord(mNobodyMoves)
	if len(r.Moves) > 0 {
		moves = fmt.Sprintf(l.moreWord(mMoves), count(len(r.Moves)))
	}
	return l.pageWordf("cheapest", what) + "; " + l.brief(&r.Objective) + "; " + moves
}

// kept says how many units of lasting pairings are kept, and fills rows with the seats of programmes.
func (t *Table) kept(rows [][]string) [][]string {
	l, f := t.Lang, t.Answer.Figures
	if c := f.Changes; c != nil {
		rows = append(rows, []string{l.pageWord("pairings kept"), shareOf(c.Kept, c.Lasting), l.pageWordf("kept of lasting", count(c.Kept), count(c.Lasting))})
	}
	for _, p := range f.Programmes {
		rows = append(rows, []string{
			printable(p.Programme), count(p.Taken) + "/" + count(p.Seats), l.pageWordf("sessions opened", count(p.Opened), count(p.Sessions)),
		})
	}
	return rows
}
