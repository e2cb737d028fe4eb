package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/datasets/dali"
)

func (a *app) generateCommand() *cobra.Command {
	var (
		city, out string
		size      int
		seed      uint64
		full      bool
	)
	cmd := &cobra.Command{
		Use:   "generate",
		Short: "Write the lists of a sample city",
		Long: `generate writes synthetic lists of the sample city: a folder of CSV lists with the lake as barriers.geojson, or, when the
name ends in .json, one JSON file with the lake beside it (lists.json and lists-barriers.geojson). With --full the lists use
everything that a match can read: times, stand-ins, teams, sessions, outreach, contracts, budgets, pairings. They then speak
of one week, which a match must name: it is printed. The same size, seed and --full give the same bytes.

` + exitCodes,
		Example: `  courtyard generate --out lists
  courtyard generate --size 100000 --seed 7 --out dali.json
  courtyard generate --full --out week.json
  courtyard match --needs lists/needs.csv --resources lists/resources.csv --providers lists/providers.csv \
      --services lists/services.csv --barriers lists/barriers.geojson
  courtyard match --lists week.json --barriers week-barriers.geojson --from 2027-01-18`,
		Args: cobra.NoArgs,
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&city, "city", "dali", "sample `CITY`: dali")
	f.IntVar(&size, "size", dali.DefaultNeeds, fmt.Sprintf("needs, %d to %d", dali.MinNeeds, dali.MaxNeeds))
	f.Uint64Var(&seed, "seed", 1, "seed")
	f.BoolVar(&full, "full", false, "every feature: times, sessions, contracts, pairings and so on")
	f.StringVar(&out, "out", "", "folder for CSV lists, or a .json `FILE`; - is standard output as JSON")
	complete(cmd, "city", "dali")
	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if city != "dali" {
			return badInputf("--city %s: no such city; there is dali", city)
		}
		if out == "" {
			return badInputf("--out is needed: a folder for CSV lists, a .json file, or - for standard output")
		}
		c, err := generateCity(dali.Options{Needs: size, Seed: seed, Full: full})
		if err != nil {
			return err
		}
		if cmd.Context().Err() != nil {
			return errStopped
		}
		if out == "-" || strings.EqualFold(filepath.Ext(out), ".json") {
			err = a.writeJSON(out, c)
		} else {
			err = writeLists(out, c)
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(a.stderr, "%d needs, %d resources, %d providers, %d services\n",
			len(c.Lists.Needs), len(c.Lists.Resources), len(c.Lists.Providers), len(c.Lists.Services))
		if full {
			fmt.Fprintf(a.stderr, "%d contracts, %d events, %d pairings; their week: --from %s --days %d\n",
				len(c.Lists.Contracts), len(c.Lists.Events), len(c.Lists.Pairings), c.Horizon.From, c.Horizon.Days)
		}
		fmt.Fprintf(a.stderr, "%s\nCredit: %s\n", dali.Synthetic, dali.Credit)
		return nil
	}
	return cmd
}

// writeJSON writes the lists as one JSON file, and the lake beside it: dali.json and dali-barriers.geojson.
func (a *app) writeJSON(out string, c *dali.City) error {
	if err := a.writeOut(out, func(w io.Writer) error { return datasets.WriteListsJSON(w, &c.Lists) }); err != nil || out == "-" {
		return err
	}
	beside := strings.TrimSuffix(out, filepath.Ext(out)) + "-barriers.geojson"
	return writeFile(beside, func(w io.Writer) error { return writeBarriers(w, c.Barriers) })
}

// writeLists fills a folder with the CSV lists, the lake, and the notes that must go with them.
func writeLists(folder string, c *dali.City) error {
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return badInput(fmt.Errorf("make folder: %w", err))
	}
	type listFile struct {
		name  string
		write func(io.Writer) error
	}
	files := []listFile{
		{"needs.csv", func(w io.Writer) error { return datasets.WriteNeedsCSV(w, c.Lists.Needs) }},
		{"resources.csv", func(w io.Writer) error { return datasets.WriteResourcesCSV(w, c.Lists.Resources) }},
		{"providers.csv", func(w io.Writer) error { return datasets.WriteProvidersCSV(w, c.Lists.Providers) }},
		{"services.csv", func(w io.Writer) error { return datasets.WriteServicesCSV(w, c.Lists.Services) }},
		{"barriers.geojson", func(w io.Writer) error { return writeBarriers(w, c.Barriers) }},
		{"NOTICE", func(w io.Writer) error {
			_, err := fmt.Fprintf(w, "%s\n\n%s\n\nCredit: %s\n", dali.Synthetic, dali.SyntheticZH, dali.Credit)
			return err
		}},
	}
	if c.Lists.Events != nil { // a full city
		files = append(
			files,
			listFile{"contracts.csv", func(w io.Writer) error { return datasets.WriteContractsCSV(w, c.Lists.Contracts) }},
			listFile{"events.csv", func(w io.Writer) error { return datasets.WriteEventsCSV(w, c.Lists.Events) }},
			listFile{"pairings.csv", func(w io.Writer) error { return datasets.WritePairingsCSV(w, c.Lists.Pairings) }},
		)
	}
	for _, file := range files {
		if err := writeFile(filepath.Join(folder, file.name), file.write); err != nil {
			return err
		}
	}
	return nil
}
