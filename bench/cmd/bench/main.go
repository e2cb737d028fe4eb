//go:build linux || darwin

// Command bench measures Courtyard beside its peers and writes bench/RESULTS.md. Records are kept as they come, so a
// stopped run goes on where it was; a change of a binary or a driver begins its subject anew. See bench/README.md.
//
//	go run ./bench/cmd/bench                            everything, and RESULTS.md
//	go run ./bench/cmd/bench -only mcf -match netgen    a part, printed only
//	go run ./bench/cmd/bench -print                     the table of what is there, nothing measured
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/report"
)

// The subjects, in the order of the page.
const (
	subjectFlow     = "mcf"
	subjectEndpoint = "endpoint"
	subjectScale    = "scale"

	subjectTransport = "transport"
)

const defaultRuns = 5

// subjects are all of them.
func subjects() []string {
	return []string{subjectFlow, subjectTransport, subjectAssignment, subjectMatch, subjectGap, subjectEndpoint, subjectScale}
}

// config is what the flags say.
type config struct {
	only   []string       // subjects to measure
	match  *regexp.Regexp // instances to measure
	runs   int
	limit  time.Duration // of one run
	budget time.Duration // a solver that has used more on one instance is not run again there
	fresh  bool
	print  bool
	out    string // file to write; "" only prints
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func parse(args []string, stderr io.Writer) (*config, error) {
	c := &config{}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	only := flags.String("only", strings.Join(subjects(), ","), "subjects to measure, parted by commas")
	match := flags.String("match", "", "measure only the flow instances whose name matches this `expression`")
	flags.IntVar(&c.runs, "runs", defaultRuns, "runs of each solver on each instance")
	flags.DurationVar(&c.limit, "cap", 120*time.Second, "time cap of one run")
	flags.DurationVar(&c.budget, "budget", 20*time.Second, "a solver that has used more than this on one instance is not run again there")
	flags.BoolVar(&c.fresh, "fresh", false, "forget the records of a stopped run and begin anew")
	flags.BoolVar(&c.print, "print", false, "write the table of what has been measured; measure nothing")
	flags.StringVar(&c.out, "out", "", "`file` to write, from the root of the repository (default bench/RESULTS.md of a whole run, none of a part)")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() > 0 {
		return nil, fmt.Errorf("unknown argument %q", flags.Arg(0))
	}
	c.only = strings.Split(*only, ",")
	for _, s := range c.only {
		if !slices.Contains(subjects(), s) {
			return nil, fmt.Errorf("-only: unknown subject %q", s)
		}
	}
	if c.runs < 1 {
		return nil, errors.New("-runs: at least 1")
	}
	var err error
	if c.match, err = regexp.Compile(*match); err != nil {
		return nil, fmt.Errorf("-match: %w", err)
	}
	if whole := !c.print && *match == "" && len(c.only) == len(subjects()) && c.runs >= defaultRuns; whole && c.out == "" {
		c.out = filepath.Join("bench", "RESULTS.md")
	}
	return c, nil
}

// bench is one run of the command.
type bench struct {
	*config
	root     string                    // of the repository
	cache    string                    // <root>/bench/.cache
	stores   map[string]*measure.Store // by subject
	progress io.Writer
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	c, err := parse(args, stderr)
	if err != nil {
		return err
	}
	root, err := moduleRoot()
	if err != nil {
		return err
	}
	b := &bench{config: c, root: root, cache: filepath.Join(root, "bench", ".cache"), progress: stderr}
	if err := b.build(ctx); err != nil {
		return err
	}
	if err := b.open(); err != nil {
		return err
	}
	flows, err := b.flowInstances(ctx)
	if err != nil {
		return err
	}
	if !c.print {
		if err := b.measure(ctx, flows); err != nil {
			return err
		}
	}
	return b.write(ctx, stdout, flows)
}

// moduleRoot walks up from the working directory to the module's folder.
func moduleRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the repository: %w", err)
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module github.com/courtyard-care/courtyard\n") {
			return dir, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return "", errors.New("find the repository: run this inside a checkout of courtyard")
		}
		dir = up
	}
}

// build builds our binaries, and the peers where they are missing.
func (b *bench) build(ctx context.Context) error {
	if err := os.MkdirAll(filepath.Join(b.cache, "bin"), 0o755); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	build := exec.CommandContext(ctx, "go", "build", "-trimpath", "-buildvcs=false", "-o", filepath.Join(b.cache, "bin")+"/",
		"./bench/cmd/mcf", "./bench/cmd/gap", "./bench/cmd/transport", "./bench/cmd/lap", "./bench/cmd/match", "./bench/cmd/town", "./cmd/courtyard")
	build.Dir = b.root
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stdout, build.Stderr = b.progress, b.progress
	if err := build.Run(); err != nil {
		return fmt.Errorf("build: %w", err)
	}
	if b.installed() {
		return nil
	}
	install := exec.CommandContext(ctx, filepath.Join(b.root, "bench", "peers", "install.sh"))
	install.Stdout, install.Stderr = b.progress, b.progress
	if err := install.Run(); err != nil {
		return fmt.Errorf("install the peers: %w", err)
	}
	return nil
}

// installed reports whether the peers are there in the versions that are asked for.
func (b *bench) installed() bool {
	for _, peer := range []string{b.lemon(), b.python()} {
		if _, err := os.Stat(peer); err != nil {
			return false
		}
	}
	want, err1 := os.ReadFile(b.peer("requirements.txt"))
	have, err2 := os.ReadFile(filepath.Join(b.cache, "installed.txt"))
	return err1 == nil && err2 == nil && bytes.Equal(want, have)
}

func (b *bench) bin(name string) string  { return filepath.Join(b.cache, "bin", name) }
func (b *bench) peer(name string) string { return filepath.Join(b.root, "bench", "peers", name) }
func (b *bench) lemon() string           { return filepath.Join(b.cache, "lemon") }
func (b *bench) python() string          { return filepath.Join(b.cache, "venv", "bin", "python") }

// measure makes the runs that are not yet there.
func (b *bench) measure(ctx context.Context, flows []flowInstance) error {
	for _, subject := range b.only {
		var err error
		switch subject {
		case subjectFlow:
			err = b.measureFlows(ctx, subjectFlow, "mcf", flows)
		case subjectTransport:
			err = b.measureTransport(ctx)
		case subjectAssignment:
			err = b.measureAssignments(ctx)
		case subjectMatch:
			err = b.measureMatches(ctx)
		case subjectGap:
			err = b.measureGaps(ctx)
		case subjectEndpoint:
			err = b.measureEndpoint(ctx)
		case subjectScale:
			err = b.measureScale(ctx)
		}
		if err != nil {
			return fmt.Errorf("measure %s: %w", subject, err)
		}
	}
	return nil
}

// keep writes one record and says so.
func (b *bench) keep(r measure.Record) error {
	fmt.Fprintf(b.progress, "%s %-30s %-10s %d  %-6s %10.3f s %s\n", r.Subject, r.Instance, r.Solver, r.Run, r.State, r.SolveS, r.Note)
	return b.stores[r.Subject].Add(r)
}

// write writes the page to stdout and to the file, from every record there is. Nothing measured is an error, so that an
// empty page never looks like one without losses.
func (b *bench) write(ctx context.Context, stdout io.Writer, flows []flowInstance) error {
	page := report.Results{Environment: b.environment(ctx)}
	page.Flows, page.Faults = b.flowTable(subjectFlow, flows)
	page.Transport = b.transportTable(&page.Faults)
	page.Growth = growth(page.Transport)
	var err error
	if page.Assignments, err = b.assignmentTable(ctx, &page.Faults); err != nil {
		return err
	}
	if page.Matches, err = b.matchTable(&page.Faults); err != nil {
		return err
	}
	if page.Gaps, err = b.gapTable(&page.Faults); err != nil {
		return err
	}
	page.Endpoint = b.endpointTable(&page.Faults)
	page.Scale = b.scaleTable(&page.Faults)
	if page.Flows == nil && page.Transport == nil && page.Assignments == nil && page.Matches == nil && page.Gaps == nil && page.Endpoint == nil && page.Scale == nil {
		return errors.New("nothing has been measured with these binaries")
	}
	var text strings.Builder
	page.Write(&text)
	if _, err := io.WriteString(stdout, text.String()); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	if b.out == "" {
		return b.verdict(&page)
	}
	path := b.out
	if !filepath.IsAbs(path) {
		path = filepath.Join(b.root, path)
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o644); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	if page.Growth != nil {
		if err := writePlot(filepath.Dir(path), page.Growth); err != nil {
			return err
		}
	}
	return b.verdict(&page)
}

// verdict is an error if a run had no right answer.
func (b *bench) verdict(page *report.Results) error {
	if len(page.Faults) > 0 {
		return fmt.Errorf("%d runs without a right answer: see the end of the table", len(page.Faults))
	}
	return nil
}
