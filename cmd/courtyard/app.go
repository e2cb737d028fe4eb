package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/internal/report"
	"github.com/courtyard-care/courtyard/solver"
)

// Exit codes of every command.
const (
	exitAnswer   = 0 // an honest answer
	exitInternal = 1 // a fault of the program
	exitInput    = 2 // bad usage, or input that cannot be read or is not valid
	exitStopped  = 3 // stopped by a signal with no answer
)

// exitCodes is printed by every command's help.
const exitCodes = `Exit codes:
  0  an answer
  1  a fault of the program
  2  bad usage, or input that cannot be read or is not valid
  3  stopped by a signal with no answer`

// app is one run of the program: its surroundings, and what the commands share.
type app struct {
	getenv         func(string) string
	stdin          io.Reader
	stdout, stderr io.Writer

	running *cobra.Command // the command whose work began; nil while the command line is still being read
}

// errStopped is the end of a command that a signal stopped before it had an answer.
var errStopped = errors.New("stopped by a signal before there was an answer")

// inputError is a fault of what the caller gave: a flag, a file, a list.
type inputError struct {
	err  error
	hint string // what to do next, "" if the error says it
}

func (e *inputError) Error() string { return e.err.Error() }
func (e *inputError) Unwrap() error { return e.err }

// badInput marks err as a fault of the caller's input.
func badInput(err error) error { return &inputError{err: err} }

// badInputf is badInput of a formatted message.
func badInputf(format string, args ...any) error { return badInput(fmt.Errorf(format, args...)) }

// root returns the command tree.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "courtyard",
		Short: "Match what people in a neighbourhood need with those who can give it",
		Long: `Courtyard matches the needs of a neighbourhood (a needs list) with volunteers, teams, third-party providers, partners
and venues (a resources list) under distance, capacity and quota, exactly.

` + exitCodes,
		Example: `  courtyard match --city dali --map dali.png
  courtyard match --needs needs.csv --resources resources.csv --json`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.NoArgs,
		PersistentPreRun: func(cmd *cobra.Command, _ []string) {
			a.running = cmd
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.CompletionOptions.HiddenDefaultCmd = false
	root.SetHelpTemplate(helpTemplate)
	root.AddCommand(a.matchCommand(), a.checkCommand(), a.diffCommand(), a.whatifCommand(), a.offersCommand(), a.solveCommand(), a.generateCommand(), a.serveCommand(), a.versionCommand())
	return root
}

// helpTemplate puts the long text, then usage, and leaves no line of blanks at the end.
const helpTemplate = `{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}

{{end}}{{if or .Runnable .HasSubCommands}}{{.UsageString}}{{end}}`

// report tells the person at the terminal what went wrong, once, and returns the exit code.
func (a *app) report(err error) int {
	if err == nil {
		return exitAnswer
	}
	if errors.Is(err, errStopped) || errors.Is(err, context.Canceled) {
		fmt.Fprintln(a.stderr, "courtyard:", errStopped)
		return exitStopped
	}
	var bad *inputError
	if a.running != nil && !errors.As(err, &bad) && !isInput(err) {
		fmt.Fprintln(a.stderr, "courtyard: internal error:", err)
		return exitInternal
	}
	a.explain(err)
	switch {
	case bad != nil && bad.hint != "":
		fmt.Fprintln(a.stderr, bad.hint)
	case a.running == nil:
		fmt.Fprintln(a.stderr, `Run "courtyard --help", or "courtyard COMMAND --help", for usage and examples.`)
	}
	return exitInput
}

// isInput reports whether err is one of the readers' errors.
func isInput(err error) bool {
	var (
		file      *datasets.FileError
		malformed *datasets.Malformed
		limit     *datasets.LimitError
		invalid   *solver.Invalid
		path      *fs.PathError
	)
	return errors.As(err, &file) || errors.As(err, &malformed) || errors.As(err, &limit) || errors.As(err, &invalid) || errors.As(err, &path)
}

// explain prints the faults, one a line.
func (a *app) explain(err error) {
	var (
		file    *datasets.FileError
		invalid *solver.Invalid
	)
	switch {
	case errors.As(err, &file):
		if file.Total > 1 {
			fmt.Fprintf(a.stderr, "courtyard: %d faults%s:\n", file.Total, firstOf(len(file.Faults), file.Total))
		} else {
			fmt.Fprint(a.stderr, "courtyard: ")
		}
		for _, f := range file.Faults {
			fmt.Fprintln(a.stderr, f)
		}
	case errors.As(err, &invalid):
		if invalid.Total > 1 {
			fmt.Fprintf(a.stderr, "courtyard: %d faults%s:\n", invalid.Total, firstOf(len(invalid.Faults), invalid.Total))
		} else {
			fmt.Fprint(a.stderr, "courtyard: ")
		}
		for _, f := range invalid.Faults {
			line := f.Pointer + ": " + f.Detail
			if f.Value != "" {
				line += fmt.Sprintf(" (value %q)", f.Value)
			}
			fmt.Fprintln(a.stderr, line)
		}
	default:
		fmt.Fprintln(a.stderr, "courtyard:", err)
	}
}

func firstOf(shown, total int) string {
	if shown < total {
		return fmt.Sprintf(", the first %d", shown)
	}
	return ""
}

// lang returns the language that the flag asks for, or that of the environment when it asks for none.
func (a *app) lang(flag string) (report.Lang, error) {
	if flag != "" {
		lang, ok := report.ParseLang(flag)
		if !ok {
			return lang, badInputf("--lang %s: no such language; there are en and zh", flag)
		}
		return lang, nil
	}
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if v := a.getenv(name); v != "" {
			lang, _ := report.ParseLang(v)
			return lang, nil
		}
	}
	return report.English, nil
}

// choices writes "a, b and c".
func choices(words ...string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " and " + words[len(words)-1]
}
