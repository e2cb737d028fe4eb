package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/match"
)

// CheckTable is what a plan made elsewhere is worth, for people at a terminal.
type CheckTable struct {
	Lang   Lang
	Report *datasets.CheckReport
}

// checkWord names one entry of the table of words.
type checkWord int

const (
	cKept checkWord = iota
	cBroken
	cPlan
	cRules
	cRule
	cExcess
)

var checkWords = [...][2]string{
	cKept:   {"the plan keeps every rule", "方案符合全部规则"},
	cBroken: {"rules that the plan breaks: %s", "方案违反的规则：%s处"},
	cPlan:   {"%s pairs, %s units; unmet by class %s; cost %s", "%s对 %s个单位；各等级未满足 %s；成本 %s"},
	cRules:  {"What is broken", "违反明细"},
	cRule:   {"rule", "规则"},
	cExcess: {"by", "超出"},
}

// brokenNames say what is broken where the word of a reason, which is about who is not served, would not fit a plan.
var brokenNames = map[match.Code][2]string{
	match.CodeUnits:    {"more units than asked for, or listed twice", "超出需求数量或重复"},
	match.CodeCapacity: {"more units than it can serve", "超出容量"},
	match.CodeQuota:    {"beyond the provider's quota", "超出机构配额"},
	match.CodeBudget:   {"beyond the provider's budget", "超出机构预算"},
	match.CodeHours:    {"beyond its minutes", "超出可用时长"},
	match.CodeMinimum:  {"fewer units than it opens with", "不足最低开展数量"},
	match.CodeWhole:    {"units split that must stay together", "不可拆分的需求被拆分"},
	match.CodeLocking:  {"a pinned pairing is not kept", "未保留锁定的结对"},
}

func (t *CheckTable) rule(code string) string {
	if name, ok := brokenNames[match.Code(code)]; ok {
		return name[t.Lang]
	}
	return t.Lang.Code(match.Code(code))
}

func (t *CheckTable) sayf(w checkWord, args ...any) string {
	return fmt.Sprintf(checkWords[w][t.Lang], args...)
}

// Write prints the verdict, the objective of the plan, and every rule that it breaks.
func (t *CheckTable) Write(w io.Writer) error {
	var b strings.Builder
	r, l := t.Report, t.Lang
	if r.Valid {
		fmt.Fprintln(&b, t.sayf(cKept))
	} else {
		fmt.Fprintln(&b, t.sayf(cBroken, count(len(r.Violations))))
	}
	unmet := make([]string, len(r.Objective.UnmetByClass))
	for c, u := range r.Objective.UnmetByClass {
		unmet[c] = count(u)
	}
	fmt.Fprintln(&b, t.sayf(cPlan, count(r.Matches), count(r.Units), strings.Join(unmet, " + "), count(r.Objective.Cost)))
	if !r.Valid {
		section(&b, t.sayf(cRules))
		rows := [][]string{{l.say(wNeed), l.say(wResource), t.sayf(cRule), t.sayf(cExcess)}}
		for _, v := range r.Violations {
			row := []string{"–", "–", t.rule(v.Code), ""}
			if v.NeedID != nil {
				row[0] = printable(*v.NeedID)
			}
			switch {
			case v.ResourceID != nil:
				row[1] = printable(*v.ResourceID)
			case v.ProviderID != nil:
				row[1] = printable(*v.ProviderID)
			}
			if v.ExcessBy != 0 {
				row[3] = count(v.ExcessBy)
			}
			rows = append(rows, row)
		}
		columns(&b, rows, "lllr")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
