package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
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

	from, timezone, pinned          string
	days, relaxations, alternatives int64
	tiers                           []string
}

// add gives cmd the flags.
func (f *optionFlags) add(cmd *cobra.Command) {
	fs := cmd.Flags()
	usual := match.DefaultWeights()
	fs.StringVar(&f.from, "from", "", "first `DATE` planned, such as 2026-12-01; needed where the lists speak of days")
	fs.Int64Var(&f.days, "days", datasets.DefaultDays, "days planned")
	fs.StringVar(&f.timezone, "timezone", datasets.DefaultTimezone, "IANA `NAME` of the zone of all windows")
	fs.StringSliceVar(&f.tiers, "tiers", tierNames(match.DefaultTiers()), "what is minimised, in `ORDER`, of "+strings.Join(tierNames(match.Tiers()), ", "))
	fs.Int64Var(&f.weights.Distance, "w-distance", usual.Distance, "cost of a metre")
	fs.Int64Var(&f.weights.Price, "w-price", usual.Price, "cost of a minor unit of money")
	fs.Int64Var(&f.weights.Preference, "w-preference", usual.Preference, "cost of a broken preference")
	fs.Int64Var(&f.weights.StandIn, "w-stand-in", usual.StandIn, "factor on the penalty of a stand-in")
	fs.Int64Var(&f.weights.Interest, "w-interest", usual.Interest, "cost of an interest not shared")
	fs.Int64Var(&f.weights.Change, "w-change", usual.Change, "cost of a unit of a lasting pairing not kept")
	fs.Int64Var(&f.weights.Load, "w-load", usual.Load, "fair load: a volunteer with u units costs this times u² more")
	fs.Float64Var(&f.detour, "detour", 1, "factor on every distance, at least 1")
	fs.StringVar(&f.barriers, "barriers", "", "GeoJSON `FILE` of polygons that no way enters")
	fs.StringVar(&f.pinned, "pinned", "refuse", "a pinned pairing that breaks a rule: refuse it or keep it")
	fs.IntVar(&f.nearest, "nearest", 0, "consider only the `K` nearest eligible resources of each need (default all)")
	fs.StringVar(&f.currency, "currency", datasets.DefaultCurrency, "ISO 4217 `CODE` of the prices")
	fs.Var(&f.timeLimit, "time-limit", "longest search, such as 30s (default none)")
	complete(cmd, "pinned", "refuse", "keep")
}

// addThoughts gives cmd the flags of second thoughts, which a command that shows one match has.
func (f *optionFlags) addThoughts(cmd *cobra.Command) {
	cmd.Flags().Int64Var(&f.relaxations, "relaxations", 0, "for so many `UNMET` needs the cheapest changes that would serve them; -1: for all")
	cmd.Flags().Int64Var(&f.alternatives, "alternatives", 0, "so many next best `RESOURCES` for each match")
}

func tierNames(tiers []match.Tier) []string {
	names := make([]string, len(tiers))
	for i, t := range tiers {
		names[i] = string(t)
	}
	return names
}

// applyFlags lets every flag that was given win over what the lists say.
func (a *app) applyFlags(f *optionFlags, j *job) error {
	r := j.request
	p := &r.Problem
	for _, option := range []struct {
		flag string
		set  func() error
	}{
		{"w-distance", assign(&p.Weights.Distance, f.weights.Distance)},
		{"w-price", assign(&p.Weights.Price, f.weights.Price)},
		{"w-preference", assign(&p.Weights.Preference, f.weights.Preference)},
		{"w-stand-in", assign(&p.Weights.StandIn, f.weights.StandIn)},
		{"w-interest", assign(&p.Weights.Interest, f.weights.Interest)},
		{"w-change", assign(&p.Weights.Change, f.weights.Change)},
		{"w-load", assign(&p.Weights.Load, f.weights.Load)},
		{"time-limit", assign(&r.TimeLimitS, f.timeLimit.Seconds())},
		{"detour", func() error {
			p.Detour = f.detour
			return must(f.detour >= 1, "must be at least 1")
		}},
		{"nearest", func() error {
			p.Nearest = f.nearest
			return must(f.nearest >= 1, "must be at least 1; leave it out to consider all")
		}},
		{"currency", func() error {
			r.Currency = f.currency
			return must(datasets.IsCurrency(f.currency), "must be three capital letters, such as CNY")
		}},
		{"from", func() error { return r.SetFrom(f.from) }},
		{"days", func() error { return r.SetDays(f.days) }},
		{"timezone", func() error { return r.SetTimezone(f.timezone) }},
		{"tiers", func() error { return firstFault(r.SetTiers(f.tiers)) }},
		{"pinned", func() error { return r.SetPinned(f.pinned) }},
		{"relaxations", func() error { return r.SetRelaxations(f.relaxations) }},
		{"alternatives", func() error { return r.SetAlternatives(f.alternatives) }},
	} {
		if !j.changed(option.flag) {
			continue
		}
		if err := option.set(); err != nil {
			return badInputf("--%s %s: %w", option.flag, j.given(option.flag), err)
		}
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

// assign returns a function that sets a field.
func assign[T any](field *T, value T) func() error {
	return func() error {
		*field = value
		return nil
	}
}

func must(ok bool, what string) error {
	if ok {
		return nil
	}
	return errors.New(what)
}

// firstFault is the first fault of an input, told in one line: a flag has one value.
func firstFault(err error) error {
	if invalid, ok := errors.AsType[*solver.Invalid](err); ok {
		f := invalid.Faults[0]
		return fmt.Errorf("%q %s", f.Value, f.Detail)
	}
	return err
}
