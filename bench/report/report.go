// Package report writes the tables of the benchmarks as Markdown: ours, each peer, the ratio to the fastest peer, the
// floor where there is one. Losses are marked in their row and listed again at the end.
package report

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/bench/measure"
)

// Small is the time below which rows are summed into one: on them the start of a process weighs more than the solver.
const Small = 0.010

// Environment is where and how the figures were made.
type Environment struct {
	Facts [][2]string // name, value: machine, versions, date, command
}

// Floor is a promise: Courtyard's wall time is at most Ratio times that of the peer.
type Floor struct {
	Peer  int // index into Flows.Peers, or Fastest
	Ratio float64
	Joins bool // a small row goes into the sum of the small files nevertheless
}

// Fastest stands for whichever peer is fastest on the row.
const Fastest = -1

// Flows is the table of the flow solvers.
type Flows struct {
	Peers []string
	Rows  []FlowRow
	Small *Floor // of the sum of the small files; nil if none
}

// FlowRow is one instance.
type FlowRow struct {
	Instance    string
	Nodes, Arcs int
	Ours        measure.Summary
	Peers       []measure.Summary // in the order of Flows.Peers
	Floor       *Floor            // nil if none
	best        float64           // of a sum: what the fastest peer of each file needs, together; 0 if the row is no sum
}

// fastest returns the least wall time of the peers that answered, and whether one did. A peer that was stopped at its
// cap took longer than the cap.
func (r *FlowRow) fastest() (wallS float64, capped, ok bool) {
	if r.best > 0 {
		return r.best, false, true
	}
	for _, p := range r.Peers {
		if p.State != measure.OK && p.State != measure.Capped {
			continue
		}
		if !ok || p.SolveS < wallS {
			wallS, capped, ok = p.SolveS, p.State == measure.Capped, true
		}
	}
	return wallS, capped, ok
}

// Lost names a row where Courtyard is behind, for the list of losses.
type Lost struct{ Row, What string }

// group splits off the rows on which the fastest peer needs less than [Small] and sums them into one. A peer that was not
// run on all of them has no sum.
func (f *Flows) group() (rows []FlowRow, small []string) {
	sum := FlowRow{Peers: make([]measure.Summary, len(f.Peers))}
	partial := make([]bool, len(f.Peers))
	add := func(to *measure.Summary, s measure.Summary) {
		switch {
		case to.Runs == 0:
			*to = s
			return
		case s.State != measure.OK && to.State == measure.OK:
			to.State, to.Note = s.State, s.Note
		}
		to.Runs = min(to.Runs, s.Runs)
		to.SolveS += s.SolveS
		to.CPUS += s.CPUS
		to.PeakRSS = max(to.PeakRSS, s.PeakRSS)
		to.OwnB += s.OwnB
	}
	for _, r := range f.Rows {
		wallS, capped, ok := r.fastest()
		if !ok || capped || wallS >= Small || r.Floor != nil && !r.Floor.Joins {
			rows = append(rows, r)
			continue
		}
		small = append(small, fmt.Sprintf("%s %.2f", r.Instance, r.Ours.SolveS/wallS))
		sum.Nodes += r.Nodes
		sum.Arcs += r.Arcs
		sum.best += wallS
		add(&sum.Ours, r.Ours)
		for i := range r.Peers {
			add(&sum.Peers[i], r.Peers[i])
			partial[i] = partial[i] || r.Peers[i].Runs == 0
		}
	}
	for i := range partial {
		if partial[i] {
			sum.Peers[i] = measure.Summary{}
		}
	}
	if len(small) > 0 {
		sum.Instance, sum.Floor = fmt.Sprintf("%d small files together", len(small)), f.Small
		rows = append(rows, sum)
	}
	return rows, small
}

// Write writes two tables, time and memory, and returns the losses.
func (f *Flows) Write(w io.Writer) []Lost {
	var lost []Lost
	rows, small := f.group()
	head := "| instance | nodes | arcs | Courtyard | " + strings.Join(f.Peers, " | ") + " |"
	line := "|---|---:|---:|---:|" + strings.Repeat("---:|", len(f.Peers))
	fmt.Fprintf(w, "Milliseconds of wall clock, in parentheses of CPU. Medians of 5 runs unless a cell says how many.\n\n")
	fmt.Fprintf(w, "%s ratio to the fastest peer | floor |\n%s---|---|\n", head, line)
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(w, "| %s | %s | %s | %s |", r.Instance, Thousands(int64(r.Nodes)), Thousands(int64(r.Arcs)), timeCell(r.Ours))
		for _, p := range r.Peers {
			fmt.Fprintf(w, " %s |", timeCell(p))
		}
		ratio, behind := r.ratio()
		if behind {
			lost = append(lost, Lost{r.Instance, "wall time " + strings.Trim(ratio, "*")})
		}
		floor, missed := r.floor(f.Peers)
		if missed {
			lost = append(lost, Lost{r.Instance, "floor " + strings.Trim(floor, "*")})
		}
		fmt.Fprintf(w, " %s | %s |\n", ratio, floor)
	}
	if len(small) > 0 {
		fmt.Fprintf(w, "\nSmall: the fastest peer needs less than %.0f ms. Their sum stands beside that of the fastest peer of each file. Ratio to the fastest peer, file by file: %s.\n",
			Small*1e3, strings.Join(small, ", "))
	}
	fmt.Fprintf(w, "\nPeak resident memory, MB, reading included; and the bytes an arc that Courtyard's solve allocates in all, its answer included.\n\n")
	fmt.Fprintf(w, "%s Courtyard, B an arc |\n%s---:|\n", head, line)
	for i := range rows {
		r := &rows[i]
		fmt.Fprintf(w, "| %s | %s | %s | %s |", r.Instance, Thousands(int64(r.Nodes)), Thousands(int64(r.Arcs)), megabytes(r.Ours))
		for _, p := range r.Peers {
			fmt.Fprintf(w, " %s |", megabytes(p))
		}
		own := ""
		if r.Ours.OwnB > 0 {
			own = strconv.FormatFloat(float64(r.Ours.OwnB)/float64(r.Arcs), 'f', 0, 64)
		}
		fmt.Fprintf(w, " %s |\n", own)
	}
	return lost
}

// ratio is ours over the fastest peer, in bold with "lost" where it is above 1.
func (r *FlowRow) ratio() (text string, lost bool) {
	wallS, capped, ok := r.fastest()
	switch {
	case r.Ours.Runs == 0 || !ok:
		return "", false
	case r.Ours.State == measure.Capped && capped:
		return "none ended", false
	case r.Ours.State == measure.Capped:
		return fmt.Sprintf("**at least %.2f, lost**", r.Ours.SolveS/wallS), true
	case r.Ours.State != measure.OK:
		return "**lost**", true
	case capped:
		return fmt.Sprintf("at most %.2f", r.Ours.SolveS/wallS), false
	}
	if x := r.Ours.SolveS / wallS; x > 1 {
		return fmt.Sprintf("**%.2f, lost**", x), true
	}
	return fmt.Sprintf("%.2f", r.Ours.SolveS/wallS), false
}

func (r *FlowRow) floor(peers []string) (text string, missed bool) {
	if r.Floor == nil {
		return "", false
	}
	name := "the fastest"
	wallS, _, ok := r.fastest()
	if r.Floor.Peer != Fastest {
		peer := r.Peers[r.Floor.Peer]
		name, wallS, ok = peers[r.Floor.Peer], peer.SolveS, peer.Runs > 0 && (peer.State == measure.OK || peer.State == measure.Capped)
	}
	promise := fmt.Sprintf("≤ %g × %s", r.Floor.Ratio, name)
	if r.Ours.Runs == 0 || !ok {
		return promise + ": not measured", false
	}
	x := r.Ours.SolveS / wallS
	if r.Ours.State != measure.OK || x > r.Floor.Ratio {
		return fmt.Sprintf("**%s: %.2f, missed**", promise, x), true
	}
	return fmt.Sprintf("%s: %.2f, kept", promise, x), false
}

// timeCell is "157 (156)", "> 120 s", "**wrong**" or "–"; fewer than five runs are said.
func timeCell(s measure.Summary) string {
	switch {
	case s.Runs == 0:
		return "–"
	case s.State == measure.Capped:
		return fmt.Sprintf("> %.0f s", s.SolveS)
	case s.State != measure.OK:
		return "**" + string(s.State) + "**"
	}
	text := milliseconds(s.SolveS) + " (" + milliseconds(s.CPUS) + ")"
	switch {
	case s.Runs == 1:
		text += ", 1 run"
	case s.Runs < 5:
		text += fmt.Sprintf(", %d runs", s.Runs)
	}
	return text
}

// milliseconds keeps three digits: "0.412", "4.12", "41.2", "412", "4,120".
func milliseconds(s float64) string {
	switch ms := s * 1e3; {
	case ms < 1:
		return fmt.Sprintf("%.3f", ms)
	case ms < 10:
		return fmt.Sprintf("%.2f", ms)
	case ms < 100:
		return fmt.Sprintf("%.1f", ms)
	default:
		return Thousands(int64(ms + 0.5))
	}
}

func megabytes(s measure.Summary) string {
	if s.Runs == 0 || s.PeakRSS <= 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f", float64(s.PeakRSS)/1e6)
}

// Thousands writes n >= 0 with commas.
func Thousands(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
