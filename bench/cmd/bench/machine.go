//go:build linux || darwin

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/report"
)

// open opens the records of each subject that belong to its binaries, its drivers and this machine.
func (b *bench) open() error {
	parts := map[string][]string{
		subjectFlow:     {b.bin("mcf"), b.bin("town"), b.lemon(), b.peer("ortools_mcf.py"), b.peer("requirements.txt")},
		subjectEndpoint: {b.bin("courtyard"), b.bin("town"), b.peer("endpoint.py"), b.peer("requirements.txt")},
		subjectScale:    {b.bin("courtyard"), b.bin("town")},

		subjectGap: {b.bin("gap"), b.peer("gap_cpsat.py"), b.peer("requirements.txt")},

		subjectAssignment: {b.bin("lap"), b.peer("lap_peers.py"), b.peer("requirements.txt")},

		subjectMatch: {
			b.bin("match"), b.peer("minload_cpsat.py"), b.peer("minload_highs.py"), b.peer("minload_file.py"), b.peer("requirements.txt"),
		},

		subjectTransport: {b.bin("transport"), b.bin("town"), b.lemon(), b.peer("ortools_mcf.py"), b.peer("requirements.txt")},
	}
	b.stores = map[string]*measure.Store{}
	for _, subject := range subjects() {
		sum := sha256.New()
		for _, path := range parts[subject] {
			if err := hashFile(sum, path); err != nil {
				return fmt.Errorf("open records: %w", err)
			}
		}
		fmt.Fprint(sum, processor(), b.limit)
		path := filepath.Join(b.cache, fmt.Sprintf("results-%s-%.6x.jsonl", subject, sum.Sum(nil)))
		if b.fresh && slices.Contains(b.only, subject) {
			if err := os.RemoveAll(path); err != nil {
				return fmt.Errorf("open records: %w", err)
			}
		}
		store, err := measure.Open(path)
		if err != nil {
			return err
		}
		b.stores[subject] = store
	}
	return nil
}

// span returns when the first and the last record of all subjects were made; zero times if there are none.
func (b *bench) span() (first, last time.Time) {
	for _, store := range b.stores {
		from, to := store.Span()
		if from.IsZero() {
			continue
		}
		if first.IsZero() || from.Before(first) {
			first = from
		}
		if to.After(last) {
			last = to
		}
	}
	return first, last
}

func hashFile(to io.Writer, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(to, f)
	return err
}

// environment tells the machine, the versions, the date and the command. What cannot be found out is left out.
func (b *bench) environment(ctx context.Context) report.Environment {
	var e report.Environment
	add := func(name, value string) {
		if value = strings.TrimSpace(value); value != "" {
			e.Facts = append(e.Facts, [2]string{name, value})
		}
	}
	first, last := b.span()
	if !first.IsZero() {
		const minute = "2006-01-02 15:04"
		add("measured", fmt.Sprintf("%s to %s UTC", first.Format(minute), last.Format("15:04")))
		if last.Sub(first) > 12*time.Hour {
			e.Facts[0][1] = fmt.Sprintf("%s to %s UTC", first.Format(minute), last.Format(minute))
		}
	}
	add("command", "`go run ./bench/cmd/bench`")
	add("revision", b.revision(ctx))
	add("machine", fmt.Sprintf("%s, %d cores, %s, %s", processor(), runtime.NumCPU(), memory(), system()))
	add("Go", strings.TrimPrefix(runtime.Version(), "go"))
	if config, err := os.ReadFile("/usr/include/lemon/config.h"); err == nil {
		for line := range strings.Lines(string(config)) {
			if rest, ok := strings.CutPrefix(line, "#define LEMON_VERSION "); ok {
				compiler, _, _ := strings.Cut(b.output(ctx, "g++", "-dumpfullversion"), "\n")
				add("LEMON", strings.Trim(strings.TrimSpace(rest), `"`)+", g++ "+compiler+" -O3")
			}
		}
	}
	add("Python", b.output(ctx, b.python(), "-c", `
import platform
from importlib.metadata import version
print(platform.python_version() + ", " + ", ".join(n + " " + version(n) for n in "ortools scipy lapx numpy fastapi pydantic uvicorn".split()))`))
	return e
}

// revision is the commit, and whether the checkout differs from it in anything but the page that is being written.
func (b *bench) revision(ctx context.Context) string {
	commit := b.output(ctx, "git", "-C", b.root, "rev-parse", "--short=10", "HEAD")
	if commit != "" && b.output(ctx, "git", "-C", b.root, "status", "--porcelain", "--", ".", ":!bench/RESULTS.md") != "" {
		commit += " with local changes"
	}
	return commit
}

// output returns what a command prints, "" if it cannot be run.
func (b *bench) output(ctx context.Context, argv ...string) string {
	var out bytes.Buffer
	if _, err := measure.Run(ctx, 20*time.Second, &out, argv...); err != nil {
		return ""
	}
	return strings.TrimSpace(out.String())
}

// processor is the model of the CPU, or the architecture where Linux does not say.
func processor() string {
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(info)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				return strings.TrimSpace(value)
			}
		}
	}
	return runtime.GOARCH
}

func memory() string {
	info, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return "memory unknown"
	}
	for line := range strings.Lines(string(info)) {
		if rest, ok := strings.CutPrefix(line, "MemTotal:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			if err == nil {
				return fmt.Sprintf("%.0f GB", float64(kb)*1024/1e9)
			}
		}
	}
	return "memory unknown"
}

func system() string {
	release, err := os.ReadFile("/etc/os-release")
	if err == nil {
		for line := range strings.Lines(string(release)) {
			if rest, ok := strings.CutPrefix(line, "PRETTY_NAME="); ok {
				return strings.Trim(strings.TrimSpace(rest), `"`)
			}
		}
	}
	return runtime.GOOS
}
