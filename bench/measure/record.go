// Package measure runs a solver in a process of its own, keeps what it said, and sums up several runs. Records are
// written as they come, so that a stopped benchmark goes on where it was.
package measure

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"
)

// State is how one run ended.
type State string

// The states of a run.
const (
	OK     State = "ok"
	Capped State = "capped" // stopped at the time cap
	Failed State = "failed" // no answer; Note says why
	Wrong  State = "wrong"  // an answer that is not the optimum; Note says which
)

// Key names one run.
type Key struct {
	Subject  string `json:"subject"`  // "mcf", "endpoint", "scale", "match"
	Instance string `json:"instance"` // as in the table
	Solver   string `json:"solver"`
	Run      int    `json:"run"` // from 1
}

// Line is what every driver prints.
type Line struct {
	Optimum int64   `json:"optimum"`
	SolveS  float64 `json:"solve_s"`         // from the instance in memory to the answer in memory, wall clock
	CPUS    float64 `json:"cpu_s"`           // of the whole process over the same stretch, all threads
	ReadS   float64 `json:"read_s"`          // reading, excluded above
	PeakRSS int64   `json:"peak_rss"`        // bytes
	OwnB    int64   `json:"own_b,omitempty"` // bytes that the solve allocated, its answer included, where the driver can tell
	P90S    float64 `json:"p90_s,omitempty"` // 90th percentile, where SolveS is the median of many
	Plan    *Plan   `json:"plan,omitempty"`  // of drivers that may end without a proof
}

// Plan is a plan that need not be the best: the tuple that it minimises, and what is proved of it.
type Plan struct {
	Status string  `json:"status"`
	Gap    float64 `json:"gap"`   // of the first number not proved: (value − bound) / max(1, value)
	Tiers  []Tier  `json:"tiers"` // in the order in which they count
}

// Tier is one number of a tuple.
type Tier struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
	Bound int64  `json:"bound"` // no plan has less while those before it are at their bounds
}

// Weighted returns the value and the bound of the tuple as one sum in which a unit of each number outweighs worth units of the
// next, and the gap of the sum.
func (p *Plan) Weighted(worth int64) (value, bound, gap float64) {
	for _, t := range p.Tiers {
		value, bound = value*float64(worth)+float64(t.Value), bound*float64(worth)+float64(t.Bound)
	}
	return value, bound, (value - bound) / max(1, value)
}

// Record is one run. For the endpoint a run is a batch of requests and SolveS the median latency.
type Record struct {
	Key
	Line
	State State     `json:"state"`
	Note  string    `json:"note,omitempty"`
	PerS  float64   `json:"per_s,omitempty"` // endpoint: answers a second over two connections
	At    time.Time `json:"at"`
}

// Store is a file of records, one JSON object a line.
type Store struct {
	path    string
	records []Record
}

// Open reads the records at path; a file that does not exist holds none. A last line cut short by a crash is dropped.
func Open(path string) (*Store, error) {
	s := &Store{path: path}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("open records: %w", err)
	}
	whole := data
	if cut := bytes.LastIndexByte(data, '\n') + 1; cut < len(data) {
		whole = data[:cut]
		if err := os.Truncate(path, int64(cut)); err != nil {
			return nil, fmt.Errorf("open records: %w", err)
		}
	}
	lines := bufio.NewScanner(bytes.NewReader(whole))
	for n := 1; lines.Scan(); n++ {
		var r Record
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", path, n, err)
		}
		s.records = append(s.records, r)
	}
	return s, lines.Err()
}

// Add appends r to the file.
func (s *Store) Add(r Record) error {
	line, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("add record: %w", err)
	}
	f, err := os.OpenFile(s.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return fmt.Errorf("add record: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("add record: %w", err)
	}
	s.records = append(s.records, r)
	return nil
}

// Has reports whether the run of k is already there.
func (s *Store) Has(k Key) bool {
	return slices.ContainsFunc(s.records, func(r Record) bool { return r.Key == k })
}

// Runs returns the records of one solver on one instance, in the order they were made.
func (s *Store) Runs(subject, instance, solver string) []Record {
	var runs []Record
	for _, r := range s.records {
		if r.Subject == subject && r.Instance == instance && r.Solver == solver {
			runs = append(runs, r)
		}
	}
	return runs
}

// Span returns when the first and the last record were made; zero times if there are none.
func (s *Store) Span() (first, last time.Time) {
	for _, r := range s.records {
		if first.IsZero() || r.At.Before(first) {
			first = r.At
		}
		if r.At.After(last) {
			last = r.At
		}
	}
	return first, last
}
