package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/internal/report"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
)

// matchFlags are the flags of the match command.
type matchFlags struct {
	needs, resources, providers, services string // CSV files
	lists                                 string // one JSON file instead
	city                                  string // the sample city instead
	size                                  int
	seed                                  uint64

	wDistance, wPrice, wPreference int64
	detour                         float64
	barriers                       string
	nearest                        int
	currency                       string
	timeLimit                      duration

	json   bool
	format string
	out    string
	maps   string
	lang   string
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
  courtyard match --lists - --json < lists.json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return a.match(cmd, &f) },
	}
	fs := cmd.Flags()
	fs.SortFlags = false
	fs.StringVar(&f.needs, "needs", "", "CSV `FILE` of needs; - is standard input")
	fs.StringVar(&f.resources, "resources", "", "CSV `FILE` of resources")
	fs.StringVar(&f.providers, "providers", "", "CSV `FILE` of providers and their quotas")
	fs.StringVar(&f.services, "services", "", "CSV `FILE` of the tree of services")
	fs.StringVar(&f.lists, "lists", "", "JSON `FILE` with all lists, instead of CSV; - is standard input")
	fs.StringVar(&f.city, "city", "", "sample `CITY` instead of lists: dali; ways go round its lake")
	fs.IntVar(&f.size, "size", dali.DefaultNeeds, fmt.Sprintf("needs of the sample city, %d to %d", dali.MinNeeds, dali.MaxNeeds))
	fs.Uint64Var(&f.seed, "seed", 1, "seed of the sample city")
	fs.Int64Var(&f.wDistance, "w-distance", match.DefaultWeights().Distance, "cost of a metre")
	fs.Int64Var(&f.wPrice, "w-price", match.DefaultWeights().Price, "cost of a minor unit of money")
	fs.Int64Var(&f.wPreference, "w-preference", match.DefaultWeights().Preference, "cost of a broken preference")
	fs.Float64Var(&f.detour, "detour", 1, "factor on every distance, at least 1")
	fs.StringVar(&f.barriers, "barriers", "", "GeoJSON `FILE` of polygons that no way enters")
	fs.IntVar(&f.nearest, "nearest", 0, "consider only the `K` nearest eligible resources of each need (default all)")
	fs.StringVar(&f.currency, "currency", datasets.DefaultCurrency, "ISO 4217 `CODE` of the prices")
	fs.Var(&f.timeLimit, "time-limit", "longest search, such as 30s (default none)")
	fs.BoolVar(&f.json, "json", false, "the answer as JSON; the same as --format json")
	fs.StringVar(&f.format, "format", "", "`FORMAT` of the answer: table, json, csv or geojson (default table)")
	fs.StringVar(&f.out, "out", "", "write the answer to `FILE`, all of it or nothing")
	fs.StringVar(&f.maps, "map", "", "draw a map to `FILE`, .png or .svg")
	addReport(cmd)
	fs.StringVar(&f.lang, "lang", "", "language of table and map: en or zh (default: of the environment)")
	complete(cmd, "city", "dali")
	complete(cmd, "format", "table", "json", "csv", "geojson")
	complete(cmd, "lang", "en", "zh")
	return cmd
}

// complete offers words for a flag to the shell.
func complete(cmd *cobra.Command, flag string, words ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(fmt.Sprintf("completion of --%s: %v", flag, err)) // the flag is not there: our own mistake
	}
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
	j, err := a.readJob(cmd, f, lang)
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

// readJob reads what the flags name, lets the flags win over the options of a JSON file, and validates the whole.
func (a *app) readJob(cmd *cobra.Command, f *matchFlags, lang report.Lang) (*job, error) {
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
	if err := a.applyFlags(f, j); err != nil {
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
func (f *matchFlags) oneSource(cmd *cobra.Command) error {
	csv := f.needs != "" || f.resources != "" || f.providers != "" || f.services != ""
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
	stdin := 0
	for _, name := range []string{f.needs, f.resources, f.providers, f.services, f.lists, f.barriers} {
		if name == "-" {
			stdin++
		}
	}
	if stdin > 1 {
		return badInputf("standard input (-) can be read once only")
	}
	return nil
}

func (a *app) csvJob(f *matchFlags) (*job, error) {
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

// applyFlags lets every flag that was given win over what the lists say.
func (a *app) applyFlags(f *matchFlags, j *job) error {
	given := j.changed
	p := &j.request.Problem
	for name, set := range map[string]func(){
		"w-distance":   func() { p.Weights.Distance = f.wDistance },
		"w-price":      func() { p.Weights.Price = f.wPrice },
		"w-preference": func() { p.Weights.Preference = f.wPreference },
		"detour":       func() { p.Detour = f.detour },
		"nearest":      func() { p.Nearest = f.nearest },
		"currency":     func() { j.request.Currency = f.currency },
		"time-limit":   func() { j.request.TimeLimitS = f.timeLimit.Seconds() },
	} {
		if given(name) {
			set()
		}
	}
	switch {
	case given("nearest") && f.nearest < 1:
		return badInputf("--nearest %d: must be at least 1; leave it out to consider all", f.nearest)
	case given("detour") && !(f.detour >= 1):
		return badInputf("--detour %g: must be at least 1", f.detour)
	case given("currency") && !datasets.IsCurrency(f.currency):
		return badInputf("--currency %q: must be three capital letters, such as CNY", f.currency)
	}
	if f.barriers == "" {
		return nil
	}
	barriers, err := a.readBarriers(f.barriers)
	if err != nil {
		return err
	}
	p.Barriers = append(slices.Clip(p.Barriers), barriers...)
	j.origin.Barriers = f.barriers
	return nil
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
