package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/internal/report"
)

// problemFlags say what is to be matched, and how.
type problemFlags struct {
	files    datasets.ListFiles // CSV
	lists    string             // one JSON file instead
	city     string             // the sample city instead
	size     int
	seed     uint64
	full     bool   // with every feature of the lists
	previous string // answer of an earlier match, whose pairs last

	optionFlags
}

// add gives cmd the flags.
func (f *problemFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVar(&f.files.Needs, "needs", "", "CSV `FILE` of needs; - is standard input")
	fs.StringVar(&f.files.Resources, "resources", "", "CSV `FILE` of resources")
	fs.StringVar(&f.files.Providers, "providers", "", "CSV `FILE` of providers, their quotas and budgets")
	fs.StringVar(&f.files.Services, "services", "", "CSV `FILE` of the tree of services")
	fs.StringVar(&f.files.Contracts, "contracts", "", "CSV `FILE` of contracts that lend qualifications")
	fs.StringVar(&f.files.Events, "events", "", "CSV `FILE` of outreach events")
	fs.StringVar(&f.files.Pairings, "pairings", "", "CSV `FILE` of pairings: lasting, pinned, forbidden and so on")
	fs.StringVar(&f.lists, "lists", "", "JSON `FILE` with all lists, instead of CSV; - is standard input")
	fs.StringVar(&f.city, "city", "", "sample `CITY` instead of lists: dali; ways go round its lake")
	fs.IntVar(&f.size, "size", dali.DefaultNeeds, fmt.Sprintf("needs of the sample city, %d to %d", dali.MinNeeds, dali.MaxNeeds))
	fs.Uint64Var(&f.seed, "seed", 1, "seed of the sample city")
	fs.BoolVar(&f.full, "full", false, "the sample city with every feature: times, sessions, contracts, pairings and so on")
	fs.StringVar(&f.previous, "previous", "", "`FILE` of an earlier answer, JSON or CSV: its pairs are kept where they can be")
	complete(cmd, "city", "dali")
	f.optionFlags.add(cmd)
}

// complete offers words for a flag to the shell.
func complete(cmd *cobra.Command, flag string, words ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(fmt.Sprintf("completion of --%s: %v", flag, err)) // the flag is not there: our own mistake
	}
}

// csvList is one CSV list: its name, which is its flag, and where its file is named.
type csvList struct {
	name string
	file *string
}

// csvLists returns the lists in the order of the documents.
func csvLists(f *datasets.ListFiles) []csvList {
	return []csvList{
		{"needs", &f.Needs},
		{"resources", &f.Resources},
		{"providers", &f.Providers},
		{"services", &f.Services},
		{"contracts", &f.Contracts},
		{"events", &f.Events},
		{"pairings", &f.Pairings},
	}
}

// job is one match as it was asked for.
type job struct {
	request   *datasets.MatchRequest
	origin    *datasets.Origin // where the lists came from
	flags     *pflag.FlagSet
	name      string // of the city, "" for lists of one's own
	credit    string
	synthetic string
	ground    report.Ground
}

// readJob reads what the flags name, lets the flags win over the options of a JSON file, and validates the whole.
func (a *app) readJob(cmd *cobra.Command, f *problemFlags, lang report.Lang) (*job, error) {
	if err := f.oneSource(cmd); err != nil {
		return nil, err
	}
	var (
		j   *job
		err error
	)
	switch {
	case f.city != "":
		j, err = cityJob(dali.Options{Needs: f.size, Seed: f.seed, Full: f.full}, lang)
	case f.lists != "":
		j = &job{}
		j.request, j.origin, err = datasets.OpenRequest(f.lists, a.stdin, datasets.FileLimits())
	default:
		j, err = a.csvJob(f)
	}
	if err != nil {
		return nil, err
	}
	j.flags = cmd.Flags()
	if err := a.applyFlags(&f.optionFlags, j); err != nil {
		return nil, err
	}
	if err := a.applyPrevious(f.previous, j); err != nil {
		return nil, err
	}
	if len(j.ground.Water) == 0 {
		j.ground.Water = j.request.Problem.Barriers
	}
	if err := j.request.Validate(); err != nil {
		return nil, j.explain(err)
	}
	return j, nil
}

// applyPrevious makes the pairs of an earlier answer last.
func (a *app) applyPrevious(name string, j *job) error {
	if name != "" {
		previous, origin, err := datasets.OpenPrevious(name, a.stdin, datasets.FileLimits())
		if err != nil {
			return err
		}
		if j.request.Left, err = j.request.Keep(previous); err != nil {
			return origin.Explain(err)
		}
	}
	if left := j.request.Left; left > 0 {
		fmt.Fprintf(a.stderr, "courtyard: %d pairs of the earlier answer are of needs or resources that are no longer in the lists\n", left)
	}
	return nil
}

// changed reports whether a flag was given; given returns its value.
func (j *job) changed(flag string) bool { return j.flags.Changed(flag) }

func (j *job) given(flag string) string {
	return strings.Trim(j.flags.Lookup(flag).Value.String(), "[]")
}

// explain places the faults of err in the files or the flags that hold them.
func (j *job) explain(err error) error {
	err = j.origin.Explain(err)
	if file, ok := errors.AsType[*datasets.FileError](err); ok {
		for i := range file.Faults {
			f := &file.Faults[i]
			option, ok := strings.CutPrefix(f.Column, "/options/")
			if flag := strings.ReplaceAll(option, "_", "-"); ok && j.changed(flag) { // the flag won over the file
				f.File, f.Column = "", "--"+flag
			}
		}
	}
	return err
}

// oneSource checks that the flags name exactly one source of lists.
func (f *problemFlags) oneSource(cmd *cobra.Command) error {
	csv := f.files != (datasets.ListFiles{})
	sources := 0
	for _, given := range []bool{csv, f.lists != "", f.city != ""} {
		if given {
			sources++
		}
	}
	hint := "Give --needs FILE --resources FILE, or --lists FILE.json, or --city dali."
	switch {
	case sources == 0:
		return &inputError{errors.New("no lists"), hint}
	case sources > 1:
		return &inputError{errors.New("more than one source of lists"), hint}
	case csv && (f.files.Needs == "" || f.files.Resources == ""):
		return &inputError{errors.New("both a needs list and a resources list are needed"), hint}
	case f.city != "" && f.city != "dali":
		return badInputf("--city %s: no such city; there is dali", f.city)
	case f.city == "" && (cmd.Flags().Changed("size") || cmd.Flags().Changed("seed") || f.full):
		return badInputf("--size, --seed and --full choose a sample city; they need --city dali")
	}
	if f.stdins() > 1 {
		return badInputf("standard input (-) can be read once only")
	}
	return nil
}

// stdins returns how many of the files are standard input.
func (f *problemFlags) stdins() int {
	n := 0
	for _, name := range []string{f.lists, f.barriers, f.previous} {
		if name == "-" {
			n++
		}
	}
	for _, l := range csvLists(&f.files) {
		if *l.file == "-" {
			n++
		}
	}
	return n
}

func (a *app) csvJob(f *problemFlags) (*job, error) {
	lists, origin, err := f.files.Open(a.stdin, datasets.FileLimits())
	if err != nil {
		return nil, err
	}
	return &job{request: datasets.NewRequest(*lists), origin: origin}, nil
}

// cityJob generates the sample city, whose lake no way crosses. A full one speaks of a week of its own.
func cityJob(options dali.Options, lang report.Lang) (*job, error) {
	city, err := generateCity(options)
	if err != nil {
		return nil, err
	}
	j := &job{request: datasets.NewRequest(city.Lists), origin: &datasets.Origin{}, name: "Dali", credit: dali.Credit, synthetic: dali.Synthetic}
	if lang == report.Chinese {
		j.name, j.synthetic = "大理", dali.SyntheticZH
	}
	j.request.Problem.Barriers = city.Barriers
	if options.Full {
		if err := j.request.SetFrom(city.Horizon.From.String()); err != nil {
			return nil, fmt.Errorf("the week of the sample city: %w", err)
		}
	}
	j.ground = cityGround(city, lang)
	return j, nil
}
