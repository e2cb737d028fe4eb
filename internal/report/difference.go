package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// DifferenceTable is what changes from one match to another, for people at a terminal.
type DifferenceTable struct {
	Lang       Lang
	Title      string                // of the city or the lists; "" is none
	Parties    map[care.Party]string // names of service parties, where they are known
	Synthetic  string                // note that the lists are invented; "" when they are not
	Credit     string                // to be printed with the answer; "" is none
	Difference *datasets.DifferenceJSON
}

// turnRows is how many communities, services, persons and resources the table lists, each.
const turnRows = 20

// turnWord names one entry of the table of words.
type turnWord int

const (
	tBefore turnWord = iota
	tAfter
	tChange
	tAskedServed
	tClass
	tService
	tParty
	tNoParty
	tPersons
	tEach
	tNobody
	tUnitsMoved
	tResources
	tAll
)

var turnWords = [...][2]string{
	tBefore:      {"before", "之前"},
	tAfter:       {"after", "之后"},
	tChange:      {"change", "变化"},
	tAskedServed: {"units served of units asked", "已满足数量/提出数量"},
	tClass:       {"By class", "按等级"},
	tService:     {"By service, where it changes", "按服务项目（仅列变化者）"},
	tParty:       {"By community, where it changes (with all below it)", "按社区（仅列变化者，含所辖）"},
	tNoParty:     {"(none)", "（无）"},
	tPersons:     {"Persons served otherwise", "人员变动"},
	tEach:        {"Who, from whom to whom", "变动明细"},
	tNobody:      {"nobody is served otherwise", "没有人的安排发生变化"},
	tUnitsMoved:  {"units taken from their resource", "离开原资源的数量"},
	tResources:   {"Resources used otherwise", "资源变动"},
	tAll:         {"Everything: --json, with --out FILE.", "全部结果：--json，配合 --out 文件。"},
}

// changeNames say in a few words what happens to a person or a resource.
var changeNames = map[string][2]string{
	"added":            {"added to the list", "新增"},
	"removed":          {"off the list", "移除"},
	"newly_served":     {"newly served", "新获服务"},
	"no_longer_served": {"no longer served", "不再获得服务"},
	"moved":            {"moved to other resources", "改由其他资源服务"},
	"units":            {"other number of units", "数量改变"},
	"visits":           {"other days or services", "日期或服务项目改变"},
	"load":             {"other load", "负荷改变"},
}

func (t *DifferenceTable) say(w turnWord) string { return turnWords[w][t.Lang] }

// Write prints the objective, the units by class, service and community, and the first persons and resources that change.
func (t *DifferenceTable) Write(w io.Writer) error {
	var b strings.Builder
	t.head(&b)
	t.groups(&b)
	t.persons(&b)
	t.resources(&b)
	fmt.Fprintf(&b, "\n%s\n", t.say(tAll))
	if t.Synthetic != "" {
		fmt.Fprintf(&b, "\n%s\n", t.Synthetic)
	}
	if t.Credit != "" {
		fmt.Fprintf(&b, "%s: %s\n", t.Lang.say(wCredit), t.Credit)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (t *DifferenceTable) head(b *strings.Builder) {
	l, d := t.Lang, t.Difference
	if t.Title != "" {
		fmt.Fprintln(b, printable(t.Title))
	}
	rows := [][]string{
		{"", t.say(tBefore), t.say(tAfter), t.say(tChange)},
		{l.say(wStatus), l.status(d.Status.Before), l.status(d.Status.After), ""},
		numbers(l.say(wAsked), d.Units.Before.Asked, d.Units.After.Asked),
		numbers(l.say(wServed), d.Units.Before.Served, d.Units.After.Served),
	}
	for c, after := range d.Objective.After.UnmetByClass {
		rows = append(rows, numbers(l.say(wUnmet)+", "+t.class(c), d.Objective.Before.UnmetByClass[c], after))
	}
	before := map[match.Tier]int64{}
	for _, p := range further(&d.Objective.Before) {
		before[p.name] = p.value
	}
	for _, p := range further(&d.Objective.After) {
		rows = append(rows, numbers(l.tier(p.name), before[p.name], p.value))
		delete(before, p.name)
	}
	for _, p := range further(&d.Objective.Before) {
		if _, ok := before[p.name]; ok { // no tier of the second match
			rows = append(rows, numbers(l.tier(p.name), p.value, 0))
		}
	}
	rows = append(rows, numbers(l.say(wCost), d.Objective.Before.Cost, d.Objective.After.Cost))
	columns(b, rows, "lrrr")
}

func (t *DifferenceTable) class(c int) string { return t.Lang.say(wClass) + " " + strconv.Itoa(c+1) }

// groups prints the units by class, by service and by community.
func (t *DifferenceTable) groups(b *strings.Builder) {
	d := t.Difference
	var classes, services, parties [][]string
	for _, c := range d.ByClass {
		classes = append(classes, t.share(t.class(c.Class-1), c.ShareTurnJSON))
	}
	for _, s := range d.ByService {
		if s.Before != s.After {
			services = append(services, t.share(s.Service, s.ShareTurnJSON))
		}
	}
	for _, p := range d.ByParty {
		if p.Whole.Before == p.Whole.After {
			continue
		}
		name := p.Party
		if name == "" {
			name = t.say(tNoParty)
		}
		if known := t.Parties[care.Party(p.Party)]; known != "" {
			name += " " + known
		}
		parties = append(parties, t.share(name, p.Whole))
	}
	t.table(b, tClass, classes)
	t.table(b, tService, services)
	t.table(b, tParty, parties)
}

// share is a row of one group: served of asked before and after, and the change of what is served.
func (t *DifferenceTable) share(name string, s datasets.ShareTurnJSON) []string {
	part := func(u datasets.UnitsJSON) string { return count(u.Served) + "/" + count(u.Asked) }
	return []string{printable(name), part(s.Before), part(s.After), signed(s.After.Served - s.Before.Served)}
}

// table prints the first rows of one breakdown, nothing if there are none.
func (t *DifferenceTable) table(b *strings.Builder, title turnWord, rows [][]string) {
	if len(rows) == 0 {
		return
	}
	first := rows[:min(len(rows), turnRows)]
	section(b, t.say(title)+t.of(len(first), len(rows)))
	columns(b, append([][]string{{t.say(tAskedServed), t.say(tBefore), t.say(tAfter), t.say(tChange)}}, first...), "lrrr")
}

// of says how many of all are shown where that is not all.
func (t *DifferenceTable) of(shown, all int) string {
	if shown == all {
		return ""
	}
	return " (" + t.Lang.sayf(wOf, count(shown), count(all)) + ")"
}

func (t *DifferenceTable) persons(b *strings.Builder) {
	d := t.Difference
	section(b, t.say(tPersons))
	if len(d.Persons) == 0 {
		fmt.Fprintf(b, "  %s\n", t.say(tNobody))
		return
	}
	rows := [][]string{{"", t.Lang.say(wNeeds), t.say(tUnitsMoved)}}
	for _, c := range d.Changes {
		rows = append(rows, []string{t.what(c.Change), count(c.Persons), count(c.Units)})
	}
	columns(b, rows, "lrr")
	first := d.Persons[:min(len(d.Persons), turnRows)]
	rows = [][]string{{t.Lang.say(wNeed), t.say(tChange), t.say(tBefore), t.say(tAfter)}}
	for _, p := range first {
		rows = append(rows, []string{printable(p.NeedID), t.what(p.Change), held(p.From), held(p.To)})
	}
	section(b, t.say(tEach)+t.of(len(first), len(d.Persons)))
	columns(b, rows, "llll")
}

// held lists who serves a need: "v1 ×2, v3 2026-12-04".
func held(list []datasets.HeldJSON) string {
	if len(list) == 0 {
		return "–"
	}
	parts := make([]string, len(list))
	for i, h := range list {
		parts[i] = printable(h.ResourceID)
		if h.Service != "" {
			parts[i] += " (" + printable(h.Service) + ")"
		}
		if h.Date != "" {
			parts[i] += " " + h.Date
		}
		if h.Units > 1 {
			parts[i] += " ×" + count(h.Units)
		}
	}
	return strings.Join(parts, ", ")
}

func (t *DifferenceTable) resources(b *strings.Builder) {
	all := t.Difference.Resources
	if len(all) == 0 {
		return
	}
	first := all[:min(len(all), turnRows)]
	rows := [][]string{{t.Lang.say(wResource), t.say(tChange), t.say(tBefore), t.say(tAfter)}}
	for _, r := range first {
		row := []string{printable(r.ID), t.what(r.Change), count(r.Used.Before) + "/" + count(r.Capacity.Before), count(r.Used.After) + "/" + count(r.Capacity.After)}
		switch r.Change {
		case "added":
			row[2] = "–"
		case "removed":
			row[3] = "–"
		}
		rows = append(rows, row)
	}
	section(b, t.say(tResources)+" ("+t.Lang.say(wUsed)+"/"+t.Lang.say(wCapacity)+")"+t.of(len(first), len(all)))
	columns(b, rows, "llrr")
}

func (t *DifferenceTable) what(change string) string {
	if name, ok := changeNames[change]; ok {
		return name[t.Lang]
	}
	return change
}

// numbers is a row of a number before and after and its change.
func numbers(name string, before, after int64) []string {
	return []string{name, count(before), count(after), signed(after - before)}
}

// signed writes a change with its sign; nothing for none.
func signed(n int64) string {
	switch {
	case n == 0:
		return ""
	case n > 0:
		return "+" + count(n)
	}
	return count(n)
}
