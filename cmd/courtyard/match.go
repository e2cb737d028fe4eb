package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/internal/report"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
)

// matchFlags are the flags of the match command.
type matchFlags struct {
	problem problemFlags

	json   bool
	format string
	out    string
	maps   string
	lang   string
}

func (a *app) matchCommand() *cobra.Command {
	var f matchFlags
	cmd := &cobra.Command{
		Use:   "match",
		Short: "Decide who serves whom",
		Long: `match reads a needs list and a resources list and decides who serves whom: as few units unmet as can be, the most
urgent class first, then at least cost, exactly. Lists are CSV files, one JSON file, or the sample city. A need that
nobody may serve is an answer, with its reasons.

` + exitCodes,
		Example: `  courtyard match --city dali --map dali.png
  courtyard match --city dali --size 5000 --seed 7 --json --out answer.json
  courtyard match --needs needs.csv --resources resources.csv --providers providers.csv
  courtyard match --needs needs.csv --resources resources.csv --barriers lake.geojson --format geojson --out matches.geojson
  courtyard match --lists - --json < lists.json
  courtyard match --needs needs.csv --resources resources.csv --pairings pairings.csv --from 2026-12-01 --days 14
  courtyard match --lists tuesday.json --previous monday-answer.json --w-change 5000
  courtyard match --lists lists.json --tiers unmet_1,unmet_2,unmet_3,worst_distance,load,cost
  courtyard match --lists lists.json --relaxations -1 --alternatives 2 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.match(cmd, &f) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	f.problem.add(cmd)
	f.problem.addThoughts(cmd)
	fs.BoolVar(&f.json, "json", false, "the answer as JSON; the same as --format json")
	fs.StringVar(&f.format, "format", "", "`FORMAT` of the answer: table, json, csv or geojson (default table)")
	fs.StringVar(&f.out, "out", "", "write the answer to `FILE`, all of it or nothing")
	fs.StringVar(&f.maps, "map", "", "draw a map to `FILE`, .png or .svg")
	addReport(cmd)
	fs.StringVar(&f.lang, "lang", "", "language of table and map: en or zh (default: of the environment)")
	complete(cmd, "format", "table", "json", "csv", "geojson")
	complete(cmd, "lang", "en", "zh")
	return cmd
}

// match carries out the match command.
func (a *app) match(cmd *cobra.Command, f *matchFlags) error {
	format, err := f.outputFormat()
	if err != nil {
		return err
	}
	lang, err := a.lang(f.lang)
	if err != nil {
		return err
	}
	mapFormat, err := mapFormat(f.maps)
	if err != nil {
		return err
	}
	j, err := a.readJob(cmd, &f.problem, lang)
	if err != nil {
		return err
	}
	if j.request.Mode == "validate" {
		lists := &j.request.Problem.Lists
		fmt.Fprintf(a.stdout, "valid: %d needs, %d resources; nothing was solved, as the lists ask with \"mode\": \"validate\"\n", len(lists.Needs), len(lists.Resources))
		return nil
	}
	solution, err := a.solveMatch(cmd.Context(), j)
	if err != nil {
		return err
	}
	answer := datasets.NewMatchAnswer(j.request, solution)
	if f.maps != "" {
		m := report.Map{Lang: lang, Ground: j.ground, Lists: &j.request.Problem.Lists, Solution: solution}
		draw := m.WritePNG
		if mapFormat == "svg" {
			draw = m.WriteSVG
		}
		if err := writeFile(f.maps, draw); err != nil {
			return err
		}
	}
	if err := writeReport(cmd, lang, j, solution, answer); err != nil {
		return err
	}
	return a.writeOut(f.out, func(w io.Writer) error {
		switch format {
		case "json":
			return answer.WriteJSON(w)
		case "csv":
			return answer.WriteCSV(w)
		case "geojson":
			return datasets.WriteMatchGeoJSON(w, j.request, solution)
		}
		t := report.Table{Lang: lang, Name: j.name, Credit: j.credit, Synthetic: j.synthetic, Map: f.maps, Needs: len(j.request.Problem.Lists.Needs), Answer: answer}
		return t.Write(w)
	})
}

func (f *matchFlags) outputFormat() (string, error) {
	switch f.format {
	case "":
		if f.json {
			return "json", nil
		}
		return "table", nil
	case "table", "json", "csv", "geojson":
		if f.json && f.format != "json" {
			return "", badInputf("--json and --format %s contradict each other", f.format)
		}
		return f.format, nil
	}
	return "", badInputf("--format %s: no such format; there are %s", f.format, choices("table", "json", "csv", "geojson"))
}

func mapFormat(name string) (string, error) {
	switch ext := strings.ToLower(filepath.Ext(name)); {
	case name == "":
		return "", nil
	case ext == ".png" || ext == ".svg":
		return ext[1:], nil
	}
	return "", badInputf("--map %s: a map is a .png or a .svg file", name)
}

// solveMatch solves with progress for a person who waits.
func (a *app) solveMatch(ctx context.Context, j *job) (*match.Solution, error) {
	m := a.newMeter()
	solution, err := j.request.Solve(ctx, func(p match.Progress) { m.show(stageOf(p), p.Done) })
	m.clear()
	switch {
	case err != nil:
		return nil, j.explain(err)
	case solution.Status == solver.Unknown && ctx.Err() != nil:
		return nil, errStopped
	}
	return solution, nil
}

func stageOf(p match.Progress) string {
	s := p.Stage
	if p.Round > 1 {
		s += fmt.Sprintf(", round %d", p.Round)
	}
	if p.Unmet >= 0 {
		s += fmt.Sprintf(", %d unmet", p.Unmet)
	}
	return s
}
