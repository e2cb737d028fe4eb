//go:build linux || darwin

package main

import (
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/minload"
	"github.com/courtyard-care/courtyard/bench/report"
)

const subjectMatch = "match"

// What is promised of the whole match.
const (
	matchLimit     = 10 * time.Second
	matchRuns      = 3
	cityGap        = 0.01
	cityBytes      = 1 << 30
	minloadGap     = 0.005
	offersFloorS   = 0.010
	relaxFloorS    = 30
	thoughtCap     = 900 * time.Second // the match before is not what is measured, but takes its time
	minloadPeople  = 5_000
	minloadSession = 200
	reviews        = 3 * 118 // units of the papers
	knownWithin    = 1.5e-6  // the affinities of the file have six digits, the known totals were rounded from more
)

// matchWork is one instance of the whole match and how it is run.
type matchWork struct {
	name   string
	args   []string   // of our driver
	peers  [][]string // name, driver: they read the file that our driver writes with -write
	worth  int64      // as in report.PlanRow
	floor  string
	missed func(measure.Summary) bool
	what   string // of a second thought, "" for a plan
	floorS float64
	many   bool
}

// matchWorks lists the rows; without the file of the shared instances those of the reviewers are left out.
func matchWorks(shared string) []matchWork {
	number := strconv.Itoa
	var all []matchWork
	for _, needs := range [...]int{2_000, 20_000} {
		w := matchWork{
			name: fmt.Sprintf("dali_%d_full", needs), args: []string{"city", "-needs", number(needs), "-seed", number(seed)}, worth: unmetWorth,
		}
		if needs == 20_000 {
			w.floor = "gap ≤ 1 %, 10 s, < 1 GiB"
			w.missed = func(s measure.Summary) bool {
				return s.Plan.Gap > cityGap || s.PeakRSS >= cityBytes || late(s)
			}
		}
		all = append(all, w)
	}
	for s := 1; s <= 3; s++ {
		all = append(all, matchWork{
			name:  fmt.Sprintf("minload_%dx%d_%d", minloadPeople, minloadSession, s),
			args:  []string{"minload", "-needs", number(minloadPeople), "-sessions", number(minloadSession), "-seed", number(s)},
			peers: [][]string{{"OR-Tools CP-SAT", "minload_cpsat.py"}, {"HiGHS", "minload_highs.py"}},
			worth: minloadPeople*minload.Reach + 1,
			floor: "proved or gap ≤ 0.5 % in 10 s", missed: func(s measure.Summary) bool { return s.Plan.Gap > minloadGap || late(s) },
		})
	}
	if scores := filepath.Join(shared, "reviewer", "midl_scores.csv.gz"); shared != "" {
		for _, goal := range [...]struct {
			name, floor string
			known       float64
		}{{"total", "total 201.884879", 201.884879}, {"two", "total 150.043125", 150.043125}, {"worst", "", 0}} {
			w := matchWork{
				name: "reviewer_" + goal.name, args: []string{"reviewer", "-goal", goal.name, scores}, floor: goal.floor, worth: unmetWorth,
			}
			if goal.known > 0 {
				w.missed = func(s measure.Summary) bool {
					return math.Abs(affinity(cost(s.Plan).Value, reviews)-goal.known) > knownWithin
				}
			}
			all = append(all, w)
		}
	}
	for _, needs := range [...]int{20_000, 100_000} {
		offers := matchWork{
			name: fmt.Sprintf("offers_%d", needs), args: []string{"offers", "-needs", number(needs), "-seed", number(seed)},
			what: "offers for one caller, 200 callers", many: true,
		}
		relax := matchWork{
			name: fmt.Sprintf("relax_%d", needs), args: []string{"relax", "-needs", number(needs), "-seed", number(seed)},
			what: "cheapest relaxations of 1,000 unmet needs",
		}
		if needs == 100_000 {
			offers.floorS, relax.floorS = offersFloorS, relaxFloorS
		}
		all = append(all, offers, relax)
	}
	return all
}

// late allows a solve to end a little after its limit.
func late(s measure.Summary) bool { return s.SolveS > 1.05*matchLimit.Seconds() }

// affinity is the sum that a cost stands for: a unit costs (1 − affinity) millionths.
func affinity(cost, units int64) float64 { return float64(units) - float64(cost)/1e6 }

// cost is the last tier.
func cost(p *measure.Plan) measure.Tier { return p.Tiers[len(p.Tiers)-1] }

// measureMatches runs ours and the peers, one after the other (A B C A B C ...).
func (b *bench) measureMatches(ctx context.Context) error {
	shared, err := sharedInstances()
	if err != nil {
		return err
	}
	for _, w := range matchWorks(shared) {
		if !b.match.MatchString(w.name) {
			continue
		}
		commands := [][]string{append([]string{b.bin("match")}, w.args...)}
		if len(w.peers) > 0 {
			path := filepath.Join(b.cache, "instances", w.name+".txt")
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				return fmt.Errorf("prepare the instances: %w", err)
			}
			if _, err := measure.Run(ctx, b.limit, io.Discard, append(commands[0], "-write", path)...); err != nil {
				return fmt.Errorf("make %s: %w", w.name, err)
			}
			for _, peer := range w.peers {
				commands = append(commands, []string{b.python(), b.peer(peer[1]), path, strconv.FormatFloat(matchLimit.Seconds(), 'g', -1, 64)})
			}
		}
		limit, runs := b.limit, min(b.runs, matchRuns)
		if w.what != "" {
			limit, runs = thoughtCap, 1
		}
		for n := 1; n <= runs; n++ {
			for s, command := range commands {
				key := measure.Key{Subject: subjectMatch, Instance: w.name, Solver: w.solver(s), Run: n}
				if b.stores[subjectMatch].Has(key) {
					continue
				}
				r, err := measure.Driver(ctx, limit, command...)
				if err != nil {
					return err
				}
				if r.Key = key; r.State == measure.OK && r.Plan != nil {
					r.Note = r.Plan.Status
				}
				if err := b.keep(r); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// solver names ours (0) and the peers.
func (w *matchWork) solver(s int) string {
	if s == 0 {
		return "Courtyard"
	}
	return w.peers[s-1][0]
}

// reading says of the reviewers what their numbers stand for.
func (w *matchWork) reading(p *measure.Plan) string {
	if w.args[0] != "reviewer" {
		return ""
	}
	text := fmt.Sprintf("total affinity %.6f", affinity(cost(p).Value, reviews))
	if at := slices.IndexFunc(p.Tiers, func(t measure.Tier) bool { return t.Name == "worst_need" }); at >= 0 {
		t := p.Tiers[at]
		text += fmt.Sprintf(", of the worst paper %.6f (≤ %.6f; the LP bound is 0.94484)", affinity(t.Value, 3), affinity(t.Bound, 3))
	}
	return text
}

// matchTable sums the records up; nil if there are none.
func (b *bench) matchTable(faults *[]string) (*report.Matches, error) {
	shared, err := sharedInstances()
	if err != nil {
		return nil, err
	}
	table := &report.Matches{}
	for _, w := range matchWorks(shared) {
		var all []measure.Record
		for s := range len(w.peers) + 1 {
			runs := b.stores[subjectMatch].Runs(subjectMatch, w.name, w.solver(s))
			if len(runs) == 0 {
				continue
			}
			for _, r := range runs {
				if r.State != measure.OK {
					*faults = append(*faults, fmt.Sprintf("%s, %s, run %d: %s: %s", w.name, r.Solver, r.Run, r.State, r.Note))
				}
			}
			all = append(all, runs...)
			sum := measure.Sum(runs)
			if w.what != "" {
				table.Thoughts = append(table.Thoughts, report.ThoughtRow{Instance: w.name, What: w.what, Run: sum, Many: w.many, FloorS: w.floorS})
				continue
			}
			row := report.PlanRow{Instance: w.name, Solver: w.solver(s), Ours: s == 0, Run: sum, Worth: w.worth}
			if sum.State == measure.OK && sum.Plan != nil {
				row.Reading = w.reading(sum.Plan)
				if s == 0 && w.missed != nil {
					row.Floor, row.Missed = w.floor, w.missed(sum)
				}
			}
			table.Plans = append(table.Plans, row)
		}
		*faults = append(*faults, contradictions(w.name, all)...)
	}
	if len(table.Plans) == 0 && len(table.Thoughts) == 0 {
		return nil, nil
	}
	return table, nil
}

// contradictions names every bound that is above the plan of another run on the same instance: one of the two is wrong.
func contradictions(name string, runs []measure.Record) (faults []string) {
	for _, a := range runs {
		for _, c := range runs {
			if a.Plan == nil || c.Plan == nil || len(a.Plan.Tiers) != len(c.Plan.Tiers) {
				continue
			}
			for i, t := range a.Plan.Tiers {
				if value := c.Plan.Tiers[i].Value; t.Bound != value {
					if t.Bound > value {
						faults = append(faults, fmt.Sprintf("%s: %s, run %d says that %s is at least %d, %s, run %d has a plan of %d",
							name, a.Solver, a.Run, t.Name, t.Bound, c.Solver, c.Run, value))
					}
					break
				}
			}
		}
	}
	return faults
}
