package main

import (
	"errors"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/internal/report"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// whatifFlags say what changes from the first match to the second.
type whatifFlags struct {
	problem problemFlags
	output  outputFlags

	removeNeeds, removeResources []string // ids
	capacities                   []string // ID=K
	addNeeds, addResources       string   // CSV files
	keep                         bool

	files datasets.ListFiles // CSV lists of the second match, instead of those of the first
	lists string             // its JSON file
}

func (a *app) whatifCommand() *cobra.Command {
	var f whatifFlags
	cmd := &cobra.Command{
		Use:   "whatif",
		Short: "Say what a change of the lists would change for everybody",
		Long: `whatif matches the lists twice, as they are and with a change, and says what differs: units served by community, class and
service, the objective, and every person who would be served by others. A volunteer leaves, a canteen closes, fifty needs
come: give the change as flags, as many as you like. Wishes and pairings that name a removed id are dropped with it. Or
name other lists for the second match: --needs2, --resources2 and so on replace one list each, --lists2 all of them.

With --keep the first match stands: its pairings are lasting ones of the second, which therefore moves as few people as
it can (--w-change says what moving one unit costs).

Two matches that were made already are compared by courtyard diff.

` + exitCodes,
		Example: `  courtyard whatif --city dali --remove-resource s000003
  courtyard whatif --needs needs.csv --resources resources.csv --add-needs more.csv --keep
  courtyard whatif --lists lists.json --capacity team-7=20 --capacity canteen-2=0 --json
  courtyard whatif --needs needs.csv --resources monday.csv --resources2 tuesday.csv --keep`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.whatif(cmd, &f) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringArrayVar(&f.removeResources, "remove-resource", nil, "`ID` of a resource that leaves; may be given again")
	fs.StringArrayVar(&f.removeNeeds, "remove-need", nil, "`ID` of a need that ends; may be given again")
	fs.StringVar(&f.addNeeds, "add-needs", "", "CSV `FILE` of further needs")
	fs.StringVar(&f.addResources, "add-resources", "", "CSV `FILE` of further resources")
	fs.StringArrayVar(&f.capacities, "capacity", nil, "`ID=K`: the resource has a capacity of K; may be given again")
	fs.BoolVar(&f.keep, "keep", false, "the second match keeps the pairings of the first where it can")
	for _, l := range csvLists(&f.files) {
		fs.StringVar(l.file, l.name+"2", "", "CSV `FILE` of "+l.name+" for the second match, instead of those of the first")
	}
	fs.StringVar(&f.lists, "lists2", "", "JSON `FILE` with all lists for the second match")
	f.problem.add(cmd)
	f.output.add(cmd)
	return cmd
}

// second returns the flags of the second match, and whether it has lists of its own.
func (f *whatifFlags) second() (problem problemFlags, others bool, err error) {
	problem = f.problem
	switch {
	case f.lists != "" && f.problem.city != "":
		return problem, false, badInputf("--lists2 stands beside lists of one's own, not beside --city")
	case f.lists != "":
		problem.files, problem.lists, others = datasets.ListFiles{}, f.lists, true
	}
	into := csvLists(&problem.files)
	for k, l := range csvLists(&f.files) {
		switch {
		case *l.file == "":
			continue
		case f.lists != "" || f.problem.files.Needs == "":
			return problem, false, badInputf("--%s2 replaces a CSV list of the first match; --lists2 replaces all lists", l.name)
		}
		*into[k].file, others = *l.file, true
	}
	if others && problem.stdins() > 0 {
		return problem, false, badInputf("standard input (-) can be read once only, and the second match reads its lists anew")
	}
	return problem, others, nil
}

func (a *app) whatif(cmd *cobra.Command, f *whatifFlags) error {
	lang, err := a.lang(f.output.lang)
	if err != nil {
		return err
	}
	other, others, err := f.second()
	if err != nil {
		return err
	}
	change, err := a.readChange(f, others)
	if err != nil {
		return err
	}
	first, err := a.readJob(cmd, &f.problem, lang)
	if err != nil {
		return err
	}
	second := first
	if others {
		if second, err = a.readJob(cmd, &other, lang); err != nil {
			return err
		}
	}
	if second, err = change.apply(second); err != nil {
		return err
	}
	before, err := a.solveMatch(cmd.Context(), first)
	if err != nil {
		return err
	}
	if f.keep {
		if _, err := second.request.Keep(rowsOf(&first.request.Problem.Lists, before)); err != nil {
			return err
		}
	}
	after, err := a.solveMatch(cmd.Context(), second)
	if err != nil {
		return err
	}
	d := match.Compare(&first.request.Problem, before, &second.request.Problem, after)
	return a.writeDifference(&f.output, &report.DifferenceTable{
		Lang: lang, Title: first.name, Parties: first.ground.Parties, Credit: first.credit, Synthetic: first.synthetic, Difference: datasets.NewDifference(d),
	})
}

// readChange reads the flags and the files of the change; where the second match has lists of its own there may be none.
func (a *app) readChange(f *whatifFlags, others bool) (*change, error) {
	if !others && len(f.removeNeeds)+len(f.removeResources)+len(f.capacities) == 0 && f.addNeeds == "" && f.addResources == "" {
		return nil, &inputError{
			err:  errors.New("nothing changes"),
			hint: "Give --remove-resource ID, --remove-need ID, --capacity ID=K, --add-needs FILE, --add-resources FILE, or other lists: --needs2 FILE and so on.",
		}
	}
	c := &change{removeNeeds: f.removeNeeds, removeResources: f.removeResources, origin: &datasets.Origin{}}
	for _, text := range f.capacities {
		k, err := parseCapacity(text)
		if err != nil {
			return nil, err
		}
		c.capacities = append(c.capacities, k)
	}
	if f.addNeeds == "-" && f.addResources == "-" || (f.addNeeds == "-" || f.addResources == "-") && f.problem.stdins() > 0 {
		return nil, badInputf("standard input (-) can be read once only")
	}
	if f.addNeeds == "" && f.addResources == "" {
		return c, nil
	}
	return c, a.readAdded(f.addNeeds, f.addResources, c)
}

// rowsOf returns the matches of a solution by their ids.
func rowsOf(lists *care.Lists, s *match.Solution) []datasets.PlanRow {
	rows := make([]datasets.PlanRow, len(s.Matches))
	for k, x := range s.Matches {
		rows[k] = datasets.PlanRow{NeedID: lists.Needs[x.Need].ID, ResourceID: lists.Resources[x.Resource].ID, Units: x.Units}
	}
	return rows
}
