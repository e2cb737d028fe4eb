// Noskip reads the events of `go test -json` on standard input, prints what `go test` would have printed without -json,
// and counts. It fails when a test failed, when no test ran, and when a test was skipped although the shared instances
// are there: a test that quietly skips proves nothing.
//
// Usage:
//
//	go test -json ./... | noskip -shared ../shared -summary summary.txt
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path"
	"strings"
)

func main() {
	shared := flag.String("shared", "", "folder of the shared instances; while it exists no test may be skipped")
	summary := flag.String("summary", "", "file to write the closing line to; none if empty")
	flag.Parse()
	_, err := os.Stat(*shared)
	if err := run(os.Stdin, os.Stdout, *shared != "" && err == nil, *summary); err != nil {
		fmt.Fprintln(os.Stderr, "noskip:", err)
		os.Exit(1)
	}
}

// event is one line of `go test -json` (go doc test2json).
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	// Build events name the package here instead.
	ImportPath string
}

// name identifies a test; a package's own events have an empty Test.
func (e event) name() string { return e.Package + "." + e.Test }

// run copies the packages' own lines and all output of failed tests to out and counts tests without subtests.
// It returns an error when the run does not count as a pass.
func run(in io.Reader, out io.Writer, strict bool, summary string) error {
	var passed, failed, skipped int
	var broken bool
	var quiet []string // skipped tests that should have run
	held := map[string]string{}
	sc := bufio.NewScanner(in)
	sc.Buffer(nil, 16<<20) // one event holds at most one line of a test's output
	for sc.Scan() {
		var e event
		if err := json.Unmarshal(sc.Bytes(), &e); err != nil || e.Action == "" {
			fmt.Fprintln(out, sc.Text()) // a message of the go command itself
			continue
		}
		switch e.Action {
		case "build-output":
			fmt.Fprint(out, e.Output)
		case "build-fail":
			broken = true
		case "output":
			if e.Test != "" {
				held[e.name()] += e.Output
			} else if e.Output != "PASS\n" && !strings.HasPrefix(e.Output, "testing: warning: no tests to run") {
				fmt.Fprint(out, e.Output)
			}
		case "pass", "fail", "skip":
			top := e.Test != "" && !strings.Contains(e.Test, "/")
			switch {
			case e.Test == "":
				broken = broken || e.Action == "fail"
			case e.Action == "fail":
				fmt.Fprint(out, held[e.name()])
				failed += count(top)
			case e.Action == "pass":
				passed += count(top)
			default:
				skipped += count(top)
				// A seed of a fuzz target may be of no interest to it.
				if !strings.HasPrefix(e.Test, "Fuzz") {
					quiet = append(quiet, e.name())
					fmt.Fprint(out, held[e.name()])
				}
			}
			delete(held, e.name())
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("read events: %w", err)
	}
	line := fmt.Sprintf("%d passed, %d failed, %d skipped\n", passed, failed, skipped)
	fmt.Fprint(out, line)
	if summary != "" {
		if err := os.WriteFile(path.Clean(summary), []byte(line), 0o600); err != nil {
			return fmt.Errorf("write summary: %w", err)
		}
	}
	switch {
	case failed > 0 || broken:
		return errors.New("tests failed")
	case passed == 0:
		return errors.New("no test ran")
	case strict && len(quiet) > 0:
		return fmt.Errorf("the shared instances are there, and yet skipped: %s", strings.Join(quiet, " "))
	}
	return nil
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
