package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// Table is the answer of a match for people at a terminal.
type Table struct {
	Lang      Lang
	Name      string // of the city or the lists; "" is none
	Credit    string // to be printed with the answer; "" is none
	Synthetic string // note that the lists are invented; "" when they are not
	Map       string // file of the map that was drawn; "" is none
	Needs     int    // length of the needs list
	Answer    *datasets.MatchAnswer
}

// firstRows is how many matches and how many unmet needs the table lists.
const firstRows = 8

// Write prints the summary of the answer, its figures, the first matches and unmet needs, and how to get the rest.
func (t *Table) Write(w io.Writer) error {
	var b strings.Builder
	t.head(&b)
	t.served(&b)
	t.figures(&b)
	t.load(&b)
	t.reasons(&b)
	t.matches(&b)
	t.unmet(&b)
	t.foot(&b)
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *Table) head(b *strings.Builder) {
	l, a := t.Lang, t.Answer
	if t.Name != "" {
		fmt.Fprintf(b, "%s: ", t.Name)
	}
	fmt.Fprintf(b, "%s, %s\n", l.sayf(wNeedsFor, count(t.Needs), count(a.Figures.Asked)), l.sayf(wResourcesWith, count(len(a.Resources)), count(t.capacity())))
	fmt.Fprintf(b, "%s: %s, %s; %s %s; %s %s\n", l.say(wStatus), l.status(a.Status), l.stop(a.Stop),
		l.say(wUnmet), count(a.Figures.Asked-a.Figures.Served), l.say(wCost), count(a.Objective.Cost))
	t.proof(b)
	if a.Nearest != nil {
		fmt.Fprintln(b, l.sayf(wNearestOnly, *a.Nearest))
	}
}

func (t *Table) capacity() int64 {
	sum := int64(0)
	for _, k := range t.Answer.Figures.LoadByKind {
		sum += k.Capacity
	}
	return sum
}

func (t *Table) served(b *strings.Builder) {
	l := t.Lang
	rows := [][]string{{"", l.say(wAsked), l.say(wServed), l.say(wUnmet), l.say(wShare)}}
	for i, c := range t.Answer.Figures.ByClass {
		name := fmt.Sprintf("%s %d", l.say(wClass), c.Class)
		if i < match.Classes {
			name = l.say(wClass1 + word(i))
		}
		rows = append(rows, []string{name, count(c.Asked), count(c.Served), count(c.Asked - c.Served), shareOf(c.Served, c.Asked)})
	}
	section(b, l.say(wServedByClass))
	columns(b, rows, "lrrrr")
}

func (t *Table) figures(b *strings.Builder) {
	l, f := t.Lang, t.Answer.Figures
	satisfaction := l.say(wNoFeedback)
	if f.Satisfaction != nil {
		satisfaction = fmt.Sprintf("%.2f", *f.Satisfaction)
	}
	rows := [][]string{
		{l.say(wPrecision), percent(f.Precision), l.say(wPrecisionNote)},
		{l.say(wFineness), percent(f.Fineness), l.say(wFinenessNote)},
		{l.say(wSatisfaction), "–", satisfaction},
	}
	if f.DistanceP50M != nil && f.DistanceP90M != nil {
		rows = append(rows, []string{
			l.say(wDistance), count(*f.DistanceP50M) + " " + l.say(wMetres),
			fmt.Sprintf("%s; %s %s %s", l.say(wMedian), l.say(wP90), count(*f.DistanceP90M), l.say(wMetres)),
		})
	}
	section(b, l.say(wFigures))
	columns(b, t.kept(rows), "lrl")
}

func (t *Table) load(b *strings.Builder) {
	l := t.Lang
	rows := [][]string{{"", l.say(wResources), l.say(wUsed), l.say(wCapacity), l.say(wLoad)}}
	for _, k := range t.Answer.Figures.LoadByKind {
		rows = append(rows, []string{l.Kind(care.Kind(k.Kind)), count(k.Resources), count(k.Used), count(k.Capacity), shareOf(k.Used, k.Capacity)})
	}
	section(b, l.say(wLoadByKind))
	columns(b, rows, "lrrrr")
}

func (t *Table) reasons(b *strings.Builder) {
	if len(t.Answer.Unmet) == 0 {
		return
	}
	n := map[match.Code]int{}
	for i := range t.Answer.Unmet {
		for _, r := range t.Answer.Unmet[i].Reasons {
			n[match.Code(r.Code)]++
		}
	}
	rows := [][]string{}
	for _, r := range sortReasons(n) {
		rows = append(rows, []string{t.Lang.Code(r.code), count(r.needs)})
	}
	if len(rows) == 0 { // the search was cut before they were known
		return
	}
	section(b, t.Lang.say(wWhyUnmet)+" ("+t.Lang.sayf(wReasonsNote, count(len(t.Answer.Unmet)))+")")
	columns(b, rows, "lr")
}

func (t *Table) matches(b *strings.Builder) {
	l, all := t.Lang, t.Answer.Matches
	if len(all) == 0 {
		return
	}
	first := all[:min(len(all), firstRows)]
	head, extra := t.extras(first)
	rows := [][]string{append([]string{l.say(wNeed), l.say(wResource), l.say(wUnits), l.say(wDistance), l.say(wCost)}, head...)}
	for i := range first {
		m := &first[i]
		row := []string{printable(m.NeedID), printable(m.ResourceID), count(m.Units), count(m.DistanceM) + " " + l.say(wMetres), count(m.Cost)}
		rows = append(rows, append(row, extra(m)...))
	}
	section(b, l.say(wFirstMatches)+" ("+l.sayf(wOf, count(len(first)), count(len(all)))+")")
	columns(b, rows, "llrrr"+strings.Repeat("l", len(head)))
}

func (t *Table) unmet(b *strings.Builder) {
	l, all := t.Lang, t.Answer.Unmet
	if len(all) == 0 {
		section(b, l.say(wNoUnmet))
		return
	}
	first := all[:min(len(all), firstRows)]
	section(b, l.say(wFirstUnmet)+" ("+l.sayf(wOf, count(len(first)), count(len(all)))+")")
	for _, u := range first {
		fmt.Fprintf(b, "  %s  %s\n", printable(u.NeedID), l.units(u.Units))
		var together []string // constraints that remove nobody alone
		for _, r := range u.Reasons {
			if r.Removed == 0 && r.ResourceID == nil && len(u.Reasons) > 1 {
				together = append(together, l.Code(match.Code(r.Code)))
			} else {
				fmt.Fprintf(b, "    %s\n", t.reason(r))
			}
		}
		if len(together) > 0 {
			fmt.Fprintf(b, "    %s: %s\n", l.say(wTogether), strings.Join(together, "; "))
		}
		for i := range u.Relaxations {
			fmt.Fprintf(b, "    %s\n", t.relaxation(&u.Relaxations[i]))
		}
	}
}

// reason tells one reason in a sentence.
func (t *Table) reason(r datasets.ReasonJSON) string {
	l := t.Lang
	s := l.Code(match.Code(r.Code))
	if r.Removed > 0 {
		s += ": " + count(r.Removed)
	}
	switch {
	case r.ResourceID != nil:
		s += "; " + l.sayf(wOneMoreUnit, printable(*r.ResourceID))
		if r.Outranked != nil {
			s += "; " + l.sayf(wOutranked, *r.Outranked)
		}
	case r.NearestResourceID != nil && r.ShortBy != nil:
		s += "; " + l.sayf(wNearestBy, printable(*r.NearestResourceID), count(*r.ShortBy)+l.unit(match.Code(r.Code), t.Answer.Options.Currency))
	case r.NearestResourceID != nil:
		s += "; " + l.sayf(wNearestOne, printable(*r.NearestResourceID))
	}
	return s
}

// unit is the unit of a code's short_by, with the blank before it.
func (l Lang) unit(c match.Code, currency string) string {
	switch c {
	case match.CodeMaxDistance, match.CodeRadius:
		return " " + l.say(wMetres)
	case match.CodePrice, match.CodeBudget:
		return " " + l.sayf(wMinorUnits, currency)
	case match.CodeTime, match.CodeHours:
		return " " + l.pageWord("minutes")
	default:
		return ""
	}
}

func (t *Table) foot(b *strings.Builder) {
	drawn := t.Lang.say(wHowToMap)
	if t.Map != "" {
		drawn = t.Lang.sayf(wMapDrawn, t.Map)
	}
	fmt.Fprintf(b, "\n%s\n%s\n", t.Lang.say(wHowToGetAll), drawn)
	if t.Synthetic != "" {
		fmt.Fprintf(b, "\n%s\n", t.Synthetic)
	}
	if t.Credit != "" {
		fmt.Fprintf(b, "%s: %s\n", t.Lang.say(wCredit), t.Credit)
	}
}

func section(b *strings.Builder, title string) { fmt.Fprintf(b, "\n%s\n", title) }

// columns writes rows in columns two blanks apart, each aligned as align says: l or r. Widths are those on a terminal,
// where a Chinese character takes two places.
func columns(b *strings.Builder, rows [][]string, align string) {
	width := make([]int, len(align))
	for _, row := range rows {
		for i, cell := range row {
			width[i] = max(width[i], uniseg.StringWidth(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for i, cell := range row {
			blanks := strings.Repeat(" ", width[i]-uniseg.StringWidth(cell))
			if align[i] == 'r' {
				line.WriteString("  " + blanks + cell)
			} else {
				line.WriteString("  " + cell + blanks)
			}
		}
		fmt.Fprintln(b, strings.TrimRight(line.String(), " "))
	}
}

// shareOf is part of whole in percent, a dash for a share of nothing.
func shareOf(part, whole int64) string {
	if whole == 0 {
		return "–"
	}
	return percent(float64(part) / float64(whole))
}

// printable keeps an id from steering the terminal or breaking a page: control characters, and what is no character, are
// shown as a mark.
func printable(id string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff {
			return '�'
		}
		return r
	}, id)
}
