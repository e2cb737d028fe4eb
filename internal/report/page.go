package report

import (
	"bytes"
	_ "embed" // the page
	"fmt"
	"html/template"
	"io"
	"strconv"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// Page is the answer of a match as one HTML file for people: figures, map, charts and tables. It loads nothing from
// anywhere and runs no script. It only reads what it points to.
type Page struct {
	Lang      Lang
	Ground    Ground
	Synthetic string // note that the lists are invented; "" when they are not
	Request   *datasets.MatchRequest
	Solution  *match.Solution
	Answer    *datasets.MatchAnswer // of Solution
}

// What a page holds at most, so that its size does not grow with the lists; what is left out is counted on the page.
const (
	mostShares    = 40  // services
	mostParties   = 400 // service parties
	mostLoaded    = 40  // resources
	firstLoaded   = 10  // of them, before the list is opened
	mostUnmetRows = 200 // unmet needs
	mostReasons   = 5   // reasons of one unmet need
	mostDays      = 14  // lines of units by day
	mostSeconds   = 100 // matches with their next best resources
	mostBreaks    = 50  // rules that pinned pairings break
)

//go:embed page.gohtml
var pageText string

//go:embed page.css
var pageStyle string

// Write writes the page as HTML that is well-formed XML too: the same bytes for the same match. It holds ids of needs and
// resources, never more of a person. The time and the size are bounded but for sums over the lists:
// O((needs + resources + matches) log matches).
func (p *Page) Write(w io.Writer) error {
	t, err := template.New("page").Funcs(template.FuncMap{"say": p.Lang.pageWord, "sayf": p.Lang.pageWordf}).Parse(pageText)
	if err != nil {
		return fmt.Errorf("parse the embedded page: %w", err)
	}
	v, err := p.view()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, v); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	_, err = w.Write(b.Bytes())
	return err
}

// pageView is what the template reads: every number is a text already.
type pageView struct {
	Tag   string // of the language
	Style template.CSS

	Title, Sizes, Status, Nearest, Synthetic, Credit string
	Proved                                           bool
	Cards                                            []pageCard

	Classes, Services, Programmes []shareRow
	LeftServices, LeftProgrammes  string
	Kinds                         []shareRow // the load of each kind, which is the legend of the map too
	Spread                        []shareRow // resources by load

	Map      pageMap
	Distance *histogram
	Days     []shareRow
	Loaded   loadTable
	Second   secondTable
	Parties  partyTree

	Reasons    []shareRow
	Named      string // what the numbers of Reasons are
	Unmet      unmetTable
	Breaks     []breakRow
	LeftBreaks string

	Proof            proof
	Options, Further []fact
}

// pageCard is one figure at the head.
type pageCard struct{ Name, Value, Note, Class string }

// shareRow is one line "name ▭▭▭▭ value".
type shareRow struct {
	Name, Note string
	Class      string // of the bar's colour
	Width      string // of the bar, 0 to 100
	Numbers    string // part / whole
	Share      string
	Symbol     template.HTML
}

// fact is one line of a list of names and values.
type fact struct{ Name, Value string }

func newShare(name, class string, part, whole int64) shareRow {
	return shareRow{Name: name, Class: class, Width: barWidth(part, whole), Numbers: count(part) + " / " + count(whole), Share: shareOf(part, whole)}
}

// barWidth is part of whole, 0 to 100, with one decimal; a part that is not nothing can be seen.
func barWidth(part, whole int64) string {
	if whole <= 0 || part <= 0 {
		return "0"
	}
	return strconv.FormatFloat(clamp(100*float64(part)/float64(whole), 0.8, 100), 'f', 1, 64)
}

func (p *Page) view() (*pageView, error) {
	l, a, lists := p.Lang, p.Answer, &p.Request.Problem.Lists
	m := Map{Lang: l, Ground: p.Ground, Lists: lists, Solution: p.Solution}
	v := &pageView{
		Tag:       [...]string{English: "en", Chinese: "zh-CN"}[l],
		Style:     template.CSS(pageStyle), // our own file
		Title:     (&drawing{Map: &m}).heading(),
		Sizes:     l.sayf(wNeedsFor, count(len(lists.Needs)), count(a.Figures.Asked)) + " · " + l.sayf(wResourcesWith, count(len(lists.Resources)), count(p.capacity())),
		Status:    l.status(a.Status) + " · " + l.stop(a.Stop),
		Proved:    a.Status == "optimal",
		Synthetic: p.Synthetic,
		Credit:    p.Ground.Credit,
		Cards:     p.cards(),
		Kinds:     p.kinds(),
		Classes:   p.classes(),
		Distance:  p.distances(),
		Spread:    p.spread(),
		Loaded:    p.loaded(),
		Parties:   p.parties(),
		Unmet:     p.unmet(),
		Days:      p.days(),
		Second:    p.second(),
		Proof:     p.proof(),
		Options:   p.options(),
		Further:   p.further(),
	}
	if a.Gap != nil && !v.Proved {
		v.Status += " · " + l.pageWord("gap") + " " + percent(*a.Gap)
	}
	if a.Nearest != nil {
		v.Nearest = l.sayf(wNearestOnly, *a.Nearest)
	}
	v.Services, v.LeftServices = p.services()
	v.Reasons, v.Named = p.reasons()
	v.Breaks, v.LeftBreaks = p.breaks()
	v.Programmes, v.LeftProgrammes = p.programmes()
	var err error
	v.Map, err = m.forPage()
	return v, err
}

func (p *Page) capacity() int64 {
	sum := int64(0)
	for _, k := range p.Answer.Figures.LoadByKind {
		sum += k.Capacity
	}
	return sum
}

func (p *Page) cards() []pageCard {
	l, f := p.Lang, &p.Answer.Figures
	satisfaction, note := "–", l.say(wNoFeedback)
	if f.Satisfaction != nil {
		satisfaction, note = fmt.Sprintf("%.2f", *f.Satisfaction), l.pageWordf("answered", count(f.Answered))
	}
	fineness := l.say(wFinenessNote)
	if n := p.standIns(); n > 0 {
		fineness += "; " + l.pageWordf("stand-ins", l.units(n))
	}
	cards := []pageCard{
		{Name: l.say(wPrecision), Value: percent(f.Precision), Note: l.say(wPrecisionNote)},
		{Name: l.say(wFineness), Value: percent(f.Fineness), Note: fineness},
		{Name: l.say(wSatisfaction), Value: satisfaction, Note: note},
	}
	if f.DistanceP50M != nil && f.DistanceP90M != nil {
		cards = append(cards, pageCard{
			Name: l.pageWord("median distance"), Value: l.metres(*f.DistanceP50M),
			Note: l.pageWordf("nine in ten within", l.metres(*f.DistanceP90M)),
		})
	}
	if c := f.Changes; c != nil {
		cards = append(cards, pageCard{Name: l.pageWord("pairings kept"), Value: shareOf(c.Kept, c.Lasting), Note: l.pageWordf("kept of lasting", count(c.Kept), count(c.Lasting))})
	}
	unmet := pageCard{Name: l.pageWord("units unmet"), Value: count(f.Asked - f.Served), Note: l.pageWordf("of needs", count(len(p.Answer.Unmet)))}
	if f.Asked > f.Served {
		unmet.Class = "bad"
	}
	return append(cards, unmet)
}

// metres writes a distance as people say it.
func (l Lang) metres(m int64) string {
	if m < 10000 {
		return count(m) + " " + l.say(wMetres)
	}
	return strconv.FormatFloat(float64(m)/1000, 'f', 1, 64) + " " + l.say(wKilometres)
}

func (p *Page) classes() []shareRow {
	rows := make([]shareRow, 0, match.Classes)
	for i, c := range p.Answer.Figures.ByClass {
		name := fmt.Sprintf("%s %d", p.Lang.say(wClass), c.Class)
		if i < match.Classes {
			name = p.Lang.say(wClass1 + word(i))
		}
		rows = append(rows, newShare(name, "served", c.Served, c.Asked))
	}
	return rows
}

func (p *Page) kinds() []shareRow {
	rows := make([]shareRow, 0, len(p.Answer.Figures.LoadByKind))
	for _, k := range p.Answer.Figures.LoadByKind {
		row := newShare(p.Lang.Kind(care.Kind(k.Kind)), "k-"+k.Kind, k.Used, k.Capacity)
		row.Note = "× " + count(k.Resources)
		row.Symbol = symbolMark(care.Kind(k.Kind))
		rows = append(rows, row)
	}
	return rows
}

// symbolMark is the figure of a kind as a small drawing in a line of text.
func symbolMark(k care.Kind) template.HTML {
	s := shape{path: symbol(k, point{8, 8}, 5.4), style: style{fill: kindTint(k)}}
	return template.HTML(`<svg class="symbol" viewBox="0 0 16 16" aria-hidden="true">` + string(s.appendSVG(nil)) + `</svg>`) // numbers of our own
}

// name returns what a service is called in the language of the page, its id where there is no name.
func (p *Page) name(service string) string {
	lists := &p.Request.Problem.Lists
	for i := range lists.Services {
		s := &lists.Services[i]
		switch {
		case s.ID != service:
		case p.Lang == Chinese && s.NameZH != "":
			return s.NameZH
		case s.Name != "":
			return s.Name
		}
	}
	return service
}
