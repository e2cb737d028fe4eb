//go:build linux || darwin

package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// Reviewers of papers (Kobren, Saha and McCallum, KDD 2019): each paper has three, each reviewer at most four papers. An affinity
// is −1 to 1; a unit of a pair costs (1 − affinity) millionths.
const (
	reviewersAPaper   = 3
	papersAReviewer   = 4
	promisedAReviewer = 2
	millionths        = 1_000_000
)

// reviewer solves the assignment of reviewers in a file of affinities.
func (d *driver) reviewer(ctx context.Context) (measure.Line, error) {
	start := time.Now()
	f, err := os.Open(d.file)
	if err != nil {
		return measure.Line{}, err
	}
	defer f.Close()
	plain, err := gzip.NewReader(f)
	if err != nil {
		return measure.Line{}, fmt.Errorf("read %s: %w", d.file, err)
	}
	costs, err := readCosts(plain)
	if err != nil {
		return measure.Line{}, fmt.Errorf("read %s: %w", d.file, err)
	}
	p, err := papers(costs, d.goal)
	if err != nil {
		return measure.Line{}, err
	}
	read := time.Since(start).Seconds()
	line, err := d.solve(ctx, p)
	line.ReadS = read
	return line, err
}

// readCosts reads a row of affinities for each reviewer, a column for each paper, and returns what each pair costs.
func readCosts(r io.Reader) ([][]int64, error) {
	var costs [][]int64
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		cells := strings.Split(text, ",")
		row := make([]int64, len(cells))
		for i, cell := range cells {
			x, err := strconv.ParseFloat(cell, 64)
			if err != nil || !(x >= -1 && x <= 1) {
				return nil, fmt.Errorf("line %d, column %d: not an affinity of −1 to 1", n, i+1)
			}
			row[i] = int64(math.Round((1 - x) * millionths))
		}
		if len(costs) > 0 && len(row) != len(costs[0]) {
			return nil, fmt.Errorf("line %d: %d columns, not %d", n, len(row), len(costs[0]))
		}
		costs = append(costs, row)
	}
	if len(costs) == 0 && lines.Err() == nil {
		return nil, errors.New("no row")
	}
	return costs, lines.Err()
}

// papers makes the match: papers are needs of distinct units, reviewers are resources, the pairings state the costs.
func papers(costs [][]int64, goal string) (*match.Problem, error) {
	const service = "review"
	at := travel.Place{Lon: 100, Lat: 25} // where distance does not count, any place will do
	p := &match.Problem{}
	for i := range costs[0] {
		p.Lists.Needs = append(p.Lists.Needs, care.Need{
			ID: "p" + strconv.Itoa(i+1), Service: service, At: at, Units: reviewersAPaper, Priority: 2, Mode: care.Remote, Distinct: true,
		})
	}
	for j, row := range costs {
		r := care.Resource{
			ID: "r" + strconv.Itoa(j+1), Kind: care.Volunteer, At: at, Services: []care.Offer{{Service: service}}, Capacity: papersAReviewer,
		}
		if goal == "two" {
			r.MinUnits, r.Promised = promisedAReviewer, true
		}
		p.Lists.Resources = append(p.Lists.Resources, r)
		for i, cost := range row {
			p.Lists.Pairings = append(p.Lists.Pairings, care.Pairing{
				Need: p.Lists.Needs[i].ID, Resource: r.ID, State: care.Open, Cost: cost,
			})
		}
	}
	switch goal {
	case "total", "two":
	case "worst":
		p.Tiers = []match.Tier{match.TierUnmet1, match.TierUnmet2, match.TierUnmet3, match.TierWorstNeed, match.TierCost}
	default:
		return nil, fmt.Errorf("-goal: %q is none of total, two, worst", goal)
	}
	return p, nil
}
