package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/internal/report"
)

// problemFlags say what is to be matched, and how.
type problemFlags struct {
	needs, resources, providers, services string // CSV files
	lists                                 string // one JSON file instead
	city                                  string // the sample city instead
	size                                  int
	seed                                  uint64

	optionFlags
}

// add gives cmd the flags.
func (f *problemFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	fs.StringVar(&f.needs, "needs", "", "CSV `FILE` of needs; - is standard input")
	fs.StringVar(&f.resources, "resources", "", "CSV `FILE` of resources")
	fs.StringVar(&f.providers, "providers", "", "CSV `FILE` of providers and their quotas")
	fs.StringVar(&f.services, "services", "", "CSV `FILE` of the tree of services")
	fs.StringVar(&f.lists, "lists", "", "JSON `FILE` with all lists, instead of CSV; - is standard input")
	fs.StringVar(&f.city, "city", "", "sample `CITY` instead of lists: dali; ways go round its lake")
	fs.IntVar(&f.size, "size", dali.DefaultNeeds, fmt.Sprintf("needs of the sample city, %d to %d", dali.MinNeeds, dali.MaxNeeds))
	fs.Uint64Var(&f.seed, "seed", 1, "seed of the sample city")
	complete(cmd, "city", "dali")
	f.optionFlags.add(cmd)
}

// complete offers words for a flag to the shell.
func complete(cmd *cobra.Command, flag string, words ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(fmt.Sprintf("completion of --%s: %v", flag, err)) // the flag is not there: our own mistake
	}
}

// csvFiles returns the files of lists, by their flags.
func (f *problemFlags) csvFiles() []string {
	return []string{f.needs, f.resources, f.providers, f.services}
}

// job is one match as it was asked for.
type job struct {
	request   *datasets.MatchRequest
	origin    *datasets.Origin // where the lists came from
	changed   func(flag string) bool
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
		j, err = cityJob(f.size, f.seed, lang)
	case f.lists != "":
		j = &job{}
		j.request, j.origin, err = datasets.OpenRequest(f.lists, a.stdin, datasets.FileLimits())
	default:
		j, err = a.csvJob(f)
	}
	if err != nil {
		return nil, err
	}
	j.changed = cmd.Flags().Changed
	if err := a.applyFlags(&f.optionFlags, j); err != nil {
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
	csv := slices.ContainsFunc(f.csvFiles(), func(name string) bool { return name != "" })
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
	case csv && (f.needs == "" || f.resources == ""):
		return &inputError{errors.New("both a needs list and a resources list are needed"), hint}
	case f.city != "" && f.city != "dali":
		return badInputf("--city %s: no such city; there is dali", f.city)
	case f.city == "" && (cmd.Flags().Changed("size") || cmd.Flags().Changed("seed")):
		return badInputf("--size and --seed choose a sample city; they need --city dali")
	}
	if f.stdins() > 1 {
		return badInputf("standard input (-) can be read once only")
	}
	return nil
}

// stdins returns how many of the files are standard input.
func (f *problemFlags) stdins() int {
	n := 0
	for _, name := range append(f.csvFiles(), f.lists, f.barriers) {
		if name == "-" {
			n++
		}
	}
	return n
}

func (a *app) csvJob(f *problemFlags) (*job, error) {
	lists, origin, err := datasets.OpenLists(f.needs, f.resources, f.providers, f.services, a.stdin, datasets.FileLimits())
	if err != nil {
		return nil, err
	}
	return &job{request: datasets.NewRequest(*lists), origin: origin}, nil
}

// cityJob generates the sample city, whose lake no way crosses.
func cityJob(size int, seed uint64, lang report.Lang) (*job, error) {
	city, err := generateCity(size, seed)
	if err != nil {
		return nil, err
	}
	j := &job{request: datasets.NewRequest(city.Lists), origin: &datasets.Origin{}, name: "Dali", credit: dali.Credit, synthetic: dali.Synthetic}
	if lang == report.Chinese {
		j.name, j.synthetic = "大理", dali.SyntheticZH
	}
	j.request.Problem.Barriers = city.Barriers
	j.ground = cityGround(city, lang)
	return j, nil
}
