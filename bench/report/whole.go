package report

import (
	"fmt"
	"io"

	"github.com/courtyard-care/courtyard/bench/measure"
)

// Endpoint is the table of POST /v1/match: the same body, the same optimum.
type Endpoint struct {
	Needs, Resources int
	BodyBytes        int64
	Ours, Peer       measure.Summary
	PeerName         string
	FloorS           float64 // Courtyard's median latency stays below
}

// Write writes the table and returns the losses.
func (e *Endpoint) Write(w io.Writer) []Lost {
	var lost []Lost
	name := fmt.Sprintf("%s needs × %s resources", Thousands(int64(e.Needs)), Thousands(int64(e.Resources)))
	fmt.Fprintf(w, "%s, a body of %s kB. Milliseconds over loopback, one client; answers a second over two connections.\n\n",
		name, Thousands(e.BodyBytes/1000))
	fmt.Fprintln(w, "| server | median | 90th percentile | CPU an answer | answers/s, 2 connections | peak MB |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|")
	row := func(server string, s measure.Summary) {
		switch {
		case s.Runs == 0:
			fmt.Fprintf(w, "| %s | – | – | – | – | – |\n", server)
		case s.State != measure.OK:
			fmt.Fprintf(w, "| %s | **%s** | – | – | – | – |\n", server, s.State)
		default:
			fmt.Fprintf(w, "| %s | %s | %s | %s | %.0f | %s |\n", server, milliseconds(s.SolveS), milliseconds(s.P90S),
				milliseconds(s.CPUS), s.PerS, megabytes(s))
		}
	}
	row("Courtyard", e.Ours)
	row(e.PeerName, e.Peer)
	if e.Ours.Runs > 0 && e.Peer.Runs > 0 && e.Ours.State == measure.OK && e.Peer.State == measure.OK {
		latency, rate := e.Ours.SolveS/e.Peer.SolveS, e.Ours.PerS/e.Peer.PerS
		fmt.Fprintf(w, "\nRatio of the medians %.2f%s; of the answers a second %.1f%s.", latency, mark(latency > 1), rate, mark(rate < 1))
		if latency > 1 {
			lost = append(lost, Lost{name, fmt.Sprintf("median latency %.2f", latency)})
		}
		if rate < 1 {
			lost = append(lost, Lost{name, fmt.Sprintf("answers a second %.2f", rate)})
		}
	}
	text, missed := below("median", e.Ours, e.Ours.SolveS*1e3, e.FloorS*1e3, "ms")
	fmt.Fprintf(w, "\nFloor: %s.\n", text)
	if missed {
		lost = append(lost, Lost{name, "floor: " + text})
	}
	return lost
}

// Scale is the row of the whole command on a city.
type Scale struct {
	Needs, Resources int
	Ours             measure.Summary // SolveS is the wall clock from start to exit, reading and writing included
	Pairs            string          // what the answer says of its pairs and unmet units
	FloorS           float64
	FloorBytes       int64
}

// Write writes the table and returns the losses.
func (s *Scale) Write(w io.Writer) []Lost {
	var lost []Lost
	name := fmt.Sprintf("%s needs × %s resources", Thousands(int64(s.Needs)), Thousands(int64(s.Resources)))
	fmt.Fprintf(w, "%s from CSV files to the JSON answer, one process from start to exit.%s\n\n", name, s.Pairs)
	fmt.Fprintln(w, "| command | runs | wall s | CPU s | peak MB |")
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|")
	switch {
	case s.Ours.Runs == 0:
		fmt.Fprintln(w, "| `courtyard match` | 0 | – | – | – |")
	case s.Ours.State == measure.Capped:
		fmt.Fprintf(w, "| `courtyard match` | %d | > %.0f | – | – |\n", s.Ours.Runs, s.Ours.SolveS)
	case s.Ours.State != measure.OK:
		fmt.Fprintf(w, "| `courtyard match` | %d | **%s** | – | – |\n", s.Ours.Runs, s.Ours.State)
	default:
		fmt.Fprintf(w, "| `courtyard match` | %d | %.1f | %.1f | %s |\n", s.Ours.Runs, s.Ours.SolveS, s.Ours.CPUS, megabytes(s.Ours))
	}
	text, missed := below("wall", s.Ours, s.Ours.SolveS, s.FloorS, "s")
	memory, fat := below("peak", s.Ours, float64(s.Ours.PeakRSS)/1e6, float64(s.FloorBytes)/1e6, "MB")
	fmt.Fprintf(w, "\nFloors: %s; %s.\n", text, memory)
	if missed {
		lost = append(lost, Lost{name, "floor: " + text})
	}
	if fat {
		lost = append(lost, Lost{name, "floor: " + memory})
	}
	return lost
}

// below words the floor "what stays below limit".
func below(what string, s measure.Summary, value, limit float64, unit string) (text string, missed bool) {
	promise := fmt.Sprintf("%s < %.0f %s", what, limit, unit)
	switch {
	case s.Runs == 0:
		return promise + ", not measured", false
	case s.State != measure.OK || value >= limit:
		return promise + ", **missed**", true
	}
	return promise + ", kept", false
}

func mark(lost bool) string {
	if lost {
		return " (**lost**)"
	}
	return ""
}

// Results is the whole page.
type Results struct {
	Environment Environment
	Flows       *Flows     // nil if not measured
	Transport   *Transport // nil if not measured
	Growth      *Growth    // nil if not measured
	Assignments *Flows     // nil if not measured; an instance's name tells lapx's fastest function
	Matches     *Matches   // nil if not measured
	Gaps        *Gaps      // nil if not measured
	Endpoint    *Endpoint  // nil if not measured
	Scale       *Scale     // nil if not measured
	Faults      []string   // runs that failed or gave a wrong optimum
}

// Write writes the page.
func (r *Results) Write(w io.Writer) {
	fmt.Fprint(w, "# Results\n\nMade by the command below; README.md says how to read them. Nothing is edited by hand.\n\n| | |\n|---|---|\n")
	for _, fact := range r.Environment.Facts {
		fmt.Fprintf(w, "| %s | %s |\n", fact[0], fact[1])
	}
	var lost []Lost
	if r.Flows != nil {
		fmt.Fprint(w, "\n## Minimum-cost flow\n\n")
		lost = append(lost, r.Flows.Write(w)...)
	}
	if r.Transport != nil {
		fmt.Fprint(w, "\n## Transportation\n\n")
		lost = append(lost, r.Transport.Write(w)...)
	}
	if r.Growth != nil {
		fmt.Fprint(w, "\n## Growth\n\n")
		r.Growth.Write(w)
	}
	if r.Assignments != nil {
		fmt.Fprint(w, "\n## Assignment\n\n")
		lost = append(lost, r.Assignments.Write(w)...)
	}
	if r.Matches != nil {
		fmt.Fprint(w, "\n## The whole match\n\n")
		lost = append(lost, r.Matches.Write(w)...)
	}
	if r.Gaps != nil {
		fmt.Fprint(w, "\n## Generalised assignment\n\n")
		lost = append(lost, r.Gaps.Write(w)...)
	}
	if r.Endpoint != nil {
		fmt.Fprint(w, "\n## The endpoint\n\n")
		lost = append(lost, r.Endpoint.Write(w)...)
	}
	if r.Scale != nil {
		fmt.Fprint(w, "\n## A city from files\n\n")
		lost = append(lost, r.Scale.Write(w)...)
	}
	fmt.Fprint(w, "\n## Losses\n\n")
	if len(lost) == 0 {
		fmt.Fprintln(w, "None in this run.")
	}
	for _, l := range lost {
		fmt.Fprintf(w, "- %s: %s\n", l.Row, l.What)
	}
	if len(r.Faults) > 0 {
		fmt.Fprint(w, "\n## Runs without a right answer\n\n")
		for _, f := range r.Faults {
			fmt.Fprintf(w, "- %s\n", f)
		}
	}
}
