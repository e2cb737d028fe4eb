package main

import (
	"errors"
	"io"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/internal/report"
	"github.com/courtyard-care/courtyard/solver/match"
)

// outputFlags say how a command writes its answer.
type outputFlags struct {
	json bool
	out  string
	lang string
}

func (f *outputFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.BoolVar(&f.json, "json", false, "the answer as JSON")
	fs.StringVar(&f.out, "out", "", "write the answer to `FILE`, all of it or nothing")
	fs.StringVar(&f.lang, "lang", "", "language of the table: en or zh (default: of the environment)")
	complete(cmd, "lang", "en", "zh")
}

func (a *app) diffCommand() *cobra.Command {
	var (
		out           outputFlags
		before, after string
	)
	cmd := &cobra.Command{
		Use:   "diff",
		Short: "Say what changes from one match to another",
		Long: `diff compares two answers of courtyard match --json: units served by class, service and community, the objective, every
person who is served otherwise and every resource that is used otherwise. Ids say who is the same: the lists behind the
two may differ.

` + exitCodes,
		Example: `  courtyard match --lists monday.json --json --out monday-answer.json
  courtyard match --lists tuesday.json --json --out tuesday-answer.json
  courtyard diff --before monday-answer.json --after tuesday-answer.json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.diff(before, after, &out) },
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&before, "before", "", "JSON `FILE` of the first answer; - is standard input")
	cmd.Flags().StringVar(&after, "after", "", "JSON `FILE` of the second answer")
	out.add(cmd)
	return cmd
}

func (a *app) diff(before, after string, out *outputFlags) error {
	lang, err := a.lang(out.lang)
	switch {
	case err != nil:
		return err
	case before == "" || after == "":
		return &inputError{errors.New("two answers are needed"), "Give --before FILE and --after FILE, each an answer of courtyard match --json."}
	case before == "-" && after == "-":
		return badInputf("standard input (-) can be read once only")
	}
	p, x, err := a.openAnswer(before)
	if err != nil {
		return err
	}
	q, y, err := a.openAnswer(after)
	if err != nil {
		return err
	}
	return a.writeDifference(out, &report.DifferenceTable{Lang: lang, Difference: datasets.NewDifference(match.Compare(p, x, q, y))})
}

// writeDifference writes what changes as JSON or as a table.
func (a *app) writeDifference(f *outputFlags, t *report.DifferenceTable) error {
	return a.writeOut(f.out, func(w io.Writer) error {
		if f.json {
			return t.Difference.WriteJSON(w)
		}
		return t.Write(w)
	})
}
