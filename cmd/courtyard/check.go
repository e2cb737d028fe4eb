package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/internal/report"
)

func (a *app) checkCommand() *cobra.Command {
	var (
		problem problemFlags
		output  outputFlags
		matches string
	)
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Say what is wrong with a match made by hand",
		Long: `check reads the lists and a plan of who serves whom, made by hand or by another program, and says which rules it breaks,
whose, by how much, and what the plan is worth: units unmet by class, and cost. The plan is a CSV with the columns need_id,
resource_id and, where the plan has them, units, service and date; or an answer of courtyard match, as CSV or JSON; or it
stands in the JSON file of the lists, as matches.

A plan that breaks rules is an answer like any other; "valid" of the JSON says whether it does.

` + exitCodes,
		Example: `  courtyard check --needs needs.csv --resources resources.csv --matches plan.csv
  courtyard check --lists lists.json --matches plan.csv --json
  courtyard match --city dali --format csv | courtyard check --city dali --matches -`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.check(cmd, &problem, matches, &output) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&matches, "matches", "", "`FILE` of the plan, CSV or JSON; - is standard input")
	problem.add(cmd)
	output.add(cmd)
	return cmd
}

func (a *app) check(cmd *cobra.Command, f *problemFlags, matches string, output *outputFlags) error {
	lang, err := a.lang(output.lang)
	if err != nil {
		return err
	}
	if matches == "-" && f.stdins() > 0 {
		return badInputf("standard input (-) can be read once only")
	}
	j, err := a.readJob(cmd, f, lang)
	if err != nil {
		return err
	}
	explain := j.explain
	if matches != "" {
		var origin *datasets.Origin
		if j.request.Plan, origin, err = datasets.OpenPlan(matches, a.stdin, datasets.FileLimits()); err != nil {
			return err
		}
		explain = origin.Explain
	}
	if j.request.Plan == nil {
		return &inputError{errors.New("no plan"), "Give --matches FILE, or matches in the JSON file of the lists."}
	}
	answer, err := datasets.Review(j.request)
	if err != nil {
		return explain(err)
	}
	return a.writeOut(output.out, func(w io.Writer) error {
		if output.json {
			return writeJSON(w, answer)
		}
		t := report.CheckTable{Lang: lang, Report: answer}
		return t.Write(w)
	})
}
