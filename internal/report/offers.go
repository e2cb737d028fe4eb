package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/courtyard-care/courtyard/datasets"
)

// OffersTable is who could serve each caller, for people at a terminal.
type OffersTable struct {
	Lang   Lang
	Offers *datasets.OffersJSON
}

// offerWord names one entry of the table of words.
type offerWord int

const (
	oNobody offerWord = iota
	oWhen
	oMoves
	oThen
)

var offerWords = [...][2]string{
	oNobody: {"nobody could serve now", "目前无人可提供服务"},
	oWhen:   {"when", "时间"},
	oMoves:  {"who would move", "需变动者"},
	oThen:   {"the whole match then", "整体方案"},
}

func (t *OffersTable) say(w offerWord) string { return offerWords[w][t.Lang] }

// Write prints the offers to each caller, the best first.
func (t *OffersTable) Write(w io.Writer) error {
	var b strings.Builder
	l := t.Lang
	for k := range t.Offers.Callers {
		c := &t.Offers.Callers[k]
		if k > 0 {
			fmt.Fprintln(&b)
		}
		fmt.Fprintln(&b, printable(c.ID))
		if len(c.Offers) == 0 {
			fmt.Fprintf(&b, "  %s\n", t.say(oNobody))
			continue
		}
		stands := slices.ContainsFunc(c.Offers, func(o datasets.UnitOfferJSON) bool { return o.Service != "" })
		head, align := []string{l.say(wResource), t.say(oWhen), l.say(wDistance), l.say(wCost), t.say(oThen), t.say(oMoves)}, "llrrll"
		if stands {
			head, align = append(head, l.moreWord(mStandIn)), align+"l"
		}
		rows := [][]string{head}
		for i := range c.Offers {
			o := &c.Offers[i]
			row := []string{
				printable(o.ResourceID), strings.TrimSpace(o.Date + " " + strings.Join(o.Windows, ", ")), count(o.DistanceM) + " " + l.say(wMetres),
				count(o.Cost), l.brief(&o.Objective), t.moves(o.Moves),
			}
			if stands {
				row = append(row, printable(o.Service))
			}
			rows = append(rows, row)
		}
		columns(&b, rows, align)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// mostMoves is how many moves are told one by one.
const mostMoves = 2

// moves says who changes hands, "n3: v1 → v2", or how many do.
func (t *OffersTable) moves(list []datasets.MoveJSON) string {
	switch {
	case len(list) == 0:
		return t.Lang.moreWord(mNobodyMoves)
	case len(list) > mostMoves:
		return fmt.Sprintf(t.Lang.moreWord(mMoves), count(len(list)))
	}
	id := func(p *string) string {
		if p == nil {
			return "–"
		}
		return printable(*p)
	}
	parts := make([]string, len(list))
	for i, m := range list {
		parts[i] = printable(m.NeedID) + ": " + id(m.From) + " → " + id(m.To)
	}
	return strings.Join(parts, ", ")
}
