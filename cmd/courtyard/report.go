package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/internal/report"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// pageFile is the value of --report: the file of a page, "" for none.
type pageFile string

func (p *pageFile) String() string { return string(*p) }
func (*pageFile) Type() string     { return "string" }

func (p *pageFile) Set(name string) error {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".html", ".htm":
		*p = pageFile(name)
		return nil
	}
	return fmt.Errorf("a report is a .html file")
}

const reportFlag = "report"

// addReport gives cmd the flag --report.
func addReport(cmd *cobra.Command) {
	cmd.Flags().Var(new(pageFile), reportFlag, "write figures, map and charts as a page to `FILE`, .html")
}

// writeReport writes the page that --report of cmd asks for, if it does.
func writeReport(cmd *cobra.Command, lang report.Lang, j *job, solution *match.Solution, answer *datasets.MatchAnswer) error {
	name := cmd.Flags().Lookup(reportFlag).Value.String()
	if name == "" {
		return nil
	}
	page := report.Page{Lang: lang, Ground: j.ground, Synthetic: j.synthetic, Request: j.request, Solution: solution, Answer: answer}
	return writeFile(name, page.Write)
}

// partyNames are the names of the sample city's service parties.
func partyNames(city *dali.City, ground *report.Ground, lang report.Lang) map[care.Party]string {
	names := make(map[care.Party]string, len(city.Towns)+len(city.Communities)+1)
	for _, p := range city.Communities {
		names[p.Party] = p.Name
	}
	for _, t := range city.Towns {
		names[t.Party] = t.Name
		if lang == report.English {
			names[t.Party] = t.NameEN
		}
		if top, _, ok := strings.Cut(string(t.Party), "/"); ok {
			names[care.Party(top)] = ground.Name
		}
	}
	return names
}
