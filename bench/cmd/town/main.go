// Command town writes the generated instances of the benchmarks: a care instance as a network in DIMACS .min, or the
// lists of a match as CSV or as the JSON body of POST /v1/match. The same flags give the same bytes.
//
//	go run ./bench/cmd/town -as min -needs 20000 -resources 8000 -seed 1 -out care.min
//	go run ./bench/cmd/town -as csv -needs 100000 -resources 40000 -classes -out city/
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/courtyard-care/courtyard/bench/town"
	"github.com/courtyard-care/courtyard/datasets"
)

func main() {
	if err := run(os.Args[1:], os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "town:", err)
		os.Exit(2)
	}
}

func run(args []string, stderr io.Writer) error {
	flags := flag.NewFlagSet("town", flag.ContinueOnError)
	flags.SetOutput(stderr)
	as := flags.String("as", "min", "min (a DIMACS file), csv (a folder with needs.csv and resources.csv) or json (a file)")
	needs := flags.Int("needs", 2_000, "homes, each with one need of one unit")
	resources := flags.Int("resources", 800, "resources")
	seed := flags.Uint64("seed", 1, "seed")
	classes := flags.Bool("classes", false, "csv and json: needs of three classes of priority instead of one")
	out := flags.String("out", "", "`file` or folder to write")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("unknown argument %q", flags.Arg(0))
	case *needs < 1 || *resources < 1:
		return errors.New("-needs and -resources: at least 1")
	case *out == "":
		return errors.New("-out: say where to write")
	}
	t := town.New(*needs, *resources, *seed)
	switch *as {
	case "min":
		return write(*out, func(w io.Writer) error { return town.WriteDIMACS(w, t.Flow()) })
	case "json":
		lists := t.Lists(*classes)
		return write(*out, func(w io.Writer) error { return datasets.WriteListsJSON(w, &lists) })
	case "csv":
		if err := os.MkdirAll(*out, 0o755); err != nil {
			return fmt.Errorf("write lists: %w", err)
		}
		lists := t.Lists(*classes)
		return errors.Join(
			write(filepath.Join(*out, "needs.csv"), func(w io.Writer) error { return datasets.WriteNeedsCSV(w, lists.Needs) }),
			write(filepath.Join(*out, "resources.csv"), func(w io.Writer) error { return datasets.WriteResourcesCSV(w, lists.Resources) }),
		)
	}
	return fmt.Errorf("-as: %q is none of min, csv, json", *as)
}

// write writes a file through a part beside it, so that no half-written file bears its name.
func write(path string, content func(io.Writer) error) error {
	f, err := os.Create(path + ".part")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	err = content(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", path, err), os.Remove(path+".part"))
	}
	return os.Rename(path+".part", path)
}
