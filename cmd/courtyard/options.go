package main

import (
	"slices"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/match"
)

// optionFlags are the options of a match, as flags.
type optionFlags struct {
	weights   match.Weights
	detour    float64
	barriers  string
	nearest   int
	currency  string
	timeLimit duration
}

// add gives cmd the flags.
func (f *optionFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	usual := match.DefaultWeights()
	fs.Int64Var(&f.weights.Distance, "w-distance", usual.Distance, "cost of a metre")
	fs.Int64Var(&f.weights.Price, "w-price", usual.Price, "cost of a minor unit of money")
	fs.Int64Var(&f.weights.Preference, "w-preference", usual.Preference, "cost of a broken preference")
	fs.Float64Var(&f.detour, "detour", 1, "factor on every distance, at least 1")
	fs.StringVar(&f.barriers, "barriers", "", "GeoJSON `FILE` of polygons that no way enters")
	fs.IntVar(&f.nearest, "nearest", 0, "consider only the `K` nearest eligible resources of each need (default all)")
	fs.StringVar(&f.currency, "currency", datasets.DefaultCurrency, "ISO 4217 `CODE` of the prices")
	fs.Var(&f.timeLimit, "time-limit", "longest search, such as 30s (default none)")
}

// applyFlags lets every flag that was given win over what the lists say.
func (a *app) applyFlags(f *optionFlags, j *job) error {
	given := j.changed
	p := &j.request.Problem
	for name, set := range map[string]func(){
		"w-distance":   func() { p.Weights.Distance = f.weights.Distance },
		"w-price":      func() { p.Weights.Price = f.weights.Price },
		"w-preference": func() { p.Weights.Preference = f.weights.Preference },
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
