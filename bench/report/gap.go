package report

import (
	"fmt"
	"io"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
)

// Gaps is the table of generalised assignment: what was found and proved within a limit.
type Gaps struct {
	Peer  string
	Limit time.Duration
	Rows  []GapRow
}

// GapRow is one instance. Peer has no runs where the peer was not asked.
type GapRow struct {
	Instance   string
	Best       int64 // the best value known
	Ours, Peer measure.Summary
}

// Write writes the table and returns the losses: a worse assignment or a longer proof than the peer's.
func (g *Gaps) Write(w io.Writer) []Lost {
	fmt.Fprintf(w, "One run of %.0f s at most. The gap is (objective − bound) / objective; 0 is proved. Best: the best value known.\n\n", g.Limit.Seconds())
	fmt.Fprintf(w, "| instance | best | objective | bound | gap | s | %s objective | bound | gap | s |\n", g.Peer)
	fmt.Fprintln(w, "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
	var lost []Lost
	for i := range g.Rows {
		r := &g.Rows[i]
		fmt.Fprintf(w, "| %s | %d |%s|%s|\n", r.Instance, r.Best, found(&r.Ours), found(&r.Peer))
		ours, peer := r.Ours.Plan, r.Peer.Plan
		switch {
		case ours == nil:
			lost = append(lost, Lost{r.Instance, "no answer"})
		case peer == nil:
		case peer.Tiers[0].Value < ours.Tiers[0].Value:
			lost = append(lost, Lost{r.Instance, g.Peer + " has a better assignment"})
		case peer.Gap == 0 && (ours.Gap > 0 || r.Peer.SolveS < r.Ours.SolveS):
			lost = append(lost, Lost{r.Instance, g.Peer + " proves it sooner"})
		}
	}
	return lost
}

// found returns the four cells of one solver.
func found(s *measure.Summary) string {
	switch {
	case s.Runs == 0:
		return " | | | "
	case s.State != measure.OK || s.Plan == nil:
		return fmt.Sprintf(" **%s** | | | ", s.State)
	}
	t := s.Plan.Tiers[0]
	return fmt.Sprintf(" %d | %d | %.4f %% | %.2f ", t.Value, t.Bound, 100*s.Plan.Gap, s.SolveS)
}
