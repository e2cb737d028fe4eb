package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/internal/report"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

func (a *app) offersCommand() *cobra.Command {
	var (
		problem          problemFlags
		output           outputFlags
		matches, callers string
		limit            int
	)
	cmd := &cobra.Command{
		Use:   "offers",
		Short: "Say who could serve a caller now",
		Long: `offers takes the lists with a finished match and one or more callers, who are needs that the match does not hold yet,
and says which helpers each could be offered, when, what that would cost everybody, and who would have to move: nobody, as
a rule. Nothing is decided by it. To make an offer that was accepted part of the match, add the caller to the needs and
the pair to the pairings (confirmed; declined if it was refused), and match again with --previous.

The match is an answer of courtyard match, JSON or CSV, or a plan made by hand. Without one the lists are matched first.

` + exitCodes,
		Example: `  courtyard match --lists lists.json --json --out answer.json
  courtyard offers --lists lists.json --matches answer.json --callers caller.csv
  courtyard offers --city dali --callers callers.csv --limit 3 --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.offers(cmd, &problem, matches, callers, limit, &output)
		},
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&callers, "callers", "", "CSV `FILE` of those who call, a needs list; - is standard input")
	fs.StringVar(&matches, "matches", "", "`FILE` of the finished match, JSON or CSV")
	fs.IntVar(&limit, "limit", datasets.DefaultOffers, "most offers for each caller")
	problem.add(cmd)
	output.add(cmd)
	return cmd
}

func (a *app) offers(cmd *cobra.Command, f *problemFlags, matches, callers string, limit int, output *outputFlags) error {
	lang, err := a.lang(output.lang)
	switch {
	case err != nil:
		return err
	case callers == "":
		return &inputError{errors.New("nobody calls"), "Give --callers FILE.csv: a needs list of those who call."}
	case limit < 1 || limit > datasets.MaxOffers:
		return badInputf("--limit %d: must be a whole number from 1 to %d", limit, datasets.MaxOffers)
	case callers == "-" && matches == "-" || (callers == "-" || matches == "-") && f.stdins() > 0:
		return badInputf("standard input (-) can be read once only")
	}
	j, err := a.readJob(cmd, f, lang)
	if err != nil {
		return err
	}
	who, origin, err := a.readCallers(callers)
	if err != nil {
		return err
	}
	finished, err := a.finish(cmd, j, matches)
	if err != nil {
		return err
	}
	answer, err := j.request.Offer(cmd.Context(), finished, who, limit)
	if err != nil {
		return origin.Explain(below("/needs", err))
	}
	return a.writeOut(output.out, func(w io.Writer) error {
		if output.json {
			return writeJSON(w, answer)
		}
		t := report.OffersTable{Lang: lang, Offers: answer}
		return t.Write(w)
	})
}

// readCallers reads the CSV of those who call.
func (a *app) readCallers(name string) ([]care.Need, *datasets.Origin, error) {
	var c change
	if err := a.readAdded(name, "", &c); err != nil {
		return nil, nil, err
	}
	return c.added.Needs, c.origin, nil
}

// finish returns the match of the job, open for questions: the plan in the named file, or that in the lists, or the best.
func (a *app) finish(cmd *cobra.Command, j *job, matches string) (*match.Finished, error) {
	if matches != "" {
		plan, origin, err := datasets.OpenPlan(matches, a.stdin, datasets.FileLimits())
		if err != nil {
			return nil, err
		}
		j.request.Plan = plan
		j.origin.Add(origin)
	}
	var (
		solution *match.Solution
		err      error
	)
	if j.request.Plan == nil {
		solution, err = a.solveMatch(cmd.Context(), j)
	} else {
		solution, err = j.request.Finished()
	}
	if err != nil {
		return nil, j.explain(err)
	}
	finished, err := match.Open(cmd.Context(), &j.request.Problem, solution)
	if invalid, ok := errors.AsType[*solver.Invalid](err); ok { // the lists are valid, so it is the plan
		return nil, &inputError{
			err:  fmt.Errorf("rules that the match breaks: %d", invalid.Total),
			hint: "courtyard check, with the same lists and --matches, says which and whose.",
		}
	}
	return finished, err
}
