//go:build linux || darwin

// Command online lets the needs of a town come one by one and measures what solver/online makes of the day beside what could
// have been had in hindsight, and beside two simpler ways: whoever comes first takes the cheapest unit there is, and the
// same at the prices of an earlier day's optimum, which then stay.
//
//	go run ./bench/cmd/online -out bench/RESULTS-online.md
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"

	"github.com/courtyard-care/courtyard/bench/report"
)

// The promise for needs that come in random order.
const floor = 0.95

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "online:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("online", flag.ContinueOnError)
	flags.SetOutput(stderr)
	homes := flags.Int("homes", 20_000, "needs of a day")
	resources := flags.Int("resources", 8_000, "resources")
	seeds := flags.Int("seeds", 3, "towns, of seeds 1, 2 and so on")
	futures := flags.Int("futures", 0, "rests of the day that are foreseen (0: the desk's own)")
	days := flags.String("days", "", "only days whose name matches this `expression`")
	out := flags.String("out", "", "`file` to write, too")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *homes < 1 || *resources < 1 || *seeds < 1 {
		return errors.New("-homes, -resources, -seeds: at least 1")
	}
	match, err := regexp.Compile(*days)
	if err != nil {
		return fmt.Errorf("-days: %w", err)
	}
	table := report.Online{Needs: *homes, Resources: *resources, Seeds: *seeds}
	for _, k := range kinds() {
		if !match.MatchString(k.name) {
			continue
		}
		var rows []report.OnlineRow
		for seed := range uint64(*seeds) {
			capacity, today, history := k.day(*homes, *resources, seed+1)
			for i, way := range ways(*homes, *futures) {
				if seed == 0 {
					rows = append(rows, report.OnlineRow{Day: k.name, Way: way.name, Least: 1})
					if way.desk != nil && !k.quarters {
						rows[i].Floor = floor
					}
				}
				if err := add(ctx, &rows[i], way, capacity, today, history, *seeds); err != nil {
					return fmt.Errorf("%s, %s: %w", k.name, way.name, err)
				}
			}
			fmt.Fprintf(stderr, "%s, seed %d\n", k.name, seed+1)
		}
		table.Rows = append(table.Rows, rows...)
	}
	var text strings.Builder
	text.WriteString("# Needs that come one by one\n\n")
	lost := table.Write(&text)
	fmt.Fprintf(&text, "\n%d floors missed. Written by `go run ./bench/cmd/online %s`.\n", len(lost), strings.Join(args, " "))
	if _, err := io.WriteString(stdout, text.String()); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	if *out == "" {
		return nil
	}
	if err := os.WriteFile(*out, []byte(text.String()), 0o644); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	return nil
}
