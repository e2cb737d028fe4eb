//go:build linux || darwin

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/report"
)

// The endpoint's row.
const (
	endpointNeeds     = 1_000
	endpointResources = 300
	endpointSeed      = 2 // the first that leaves needs unmet, so that reasons are part of our answer
	endpointFloorS    = 0.020
	endpointWarm      = 10  // requests before a server's first batch
	endpointBatch     = 100 // requests of one batch, one after the other
	endpointRush      = 3 * time.Second
	endpointConns     = 2
	endpointPeer      = "FastAPI + OR-Tools"
)

func endpointInstance() string { return fmt.Sprintf("%dx%d", endpointNeeds, endpointResources) }

// server is one server under test.
type server struct {
	name string
	argv []string
	addr string
	cmd  *exec.Cmd
	said bytes.Buffer
	pid  int
}

// measureEndpoint sends the same body to both servers, batch by batch (A B A B ...).
func (b *bench) measureEndpoint(ctx context.Context) error {
	body, err := b.endpointBody(ctx)
	if err != nil {
		return err
	}
	servers := []*server{
		{name: "Courtyard", argv: []string{b.bin("courtyard"), "serve", "--addr", "{addr}", "--log-level", "warn"}},
		{name: endpointPeer, argv: []string{
			b.python(), "-m", "uvicorn", "--app-dir", filepath.Join(b.root, "bench", "peers"),
			"--host", "127.0.0.1", "--port", "{port}", "--log-level", "warning", "endpoint:app",
		}},
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: endpointConns}, Timeout: b.limit}
	defer client.CloseIdleConnections()
	defer func() {
		for _, s := range servers {
			s.stop()
		}
	}()
	for n := 1; n <= b.runs; n++ {
		for _, s := range servers {
			key := measure.Key{Subject: subjectEndpoint, Instance: endpointInstance(), Solver: s.name, Run: n}
			if b.stores[subjectEndpoint].Has(key) {
				continue
			}
			if s.cmd == nil {
				if err := s.start(ctx, client); err != nil {
					return err
				}
				for range endpointWarm {
					if _, _, err := post(ctx, client, s.addr, body); err != nil {
						return fmt.Errorf("%s: %w", s.name, err)
					}
				}
			}
			r, err := s.batch(ctx, client, body)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			r.Key = key
			if err := b.keep(r); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) endpointBody(ctx context.Context) ([]byte, error) {
	path := filepath.Join(b.cache, "instances", "endpoint_"+endpointInstance()+".json")
	if _, err := measure.Run(ctx, b.limit, io.Discard, b.bin("town"), "-as", "json", "-needs", strconv.Itoa(endpointNeeds),
		"-resources", strconv.Itoa(endpointResources), "-seed", strconv.Itoa(endpointSeed), "-out", path); err != nil {
		return nil, fmt.Errorf("make the body: %w", err)
	}
	body, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("make the body: %w", err)
	}
	return body, nil
}

// start starts the server on a free port of the loopback and waits until it is well.
func (s *server) start(ctx context.Context, client *http.Client) error {
	free, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("start %s: %w", s.name, err)
	}
	s.addr = free.Addr().String()
	_, port, err := net.SplitHostPort(s.addr)
	if err := errors.Join(err, free.Close()); err != nil {
		return fmt.Errorf("start %s: %w", s.name, err)
	}
	argv := make([]string, len(s.argv))
	for i, a := range s.argv {
		switch a {
		case "{addr}":
			a = s.addr
		case "{port}":
			a = port
		}
		argv[i] = a
	}
	s.cmd = exec.CommandContext(ctx, argv[0], argv[1:]...)
	s.cmd.Stderr = &s.said
	s.cmd.Cancel = func() error { return s.cmd.Process.Signal(syscall.SIGTERM) }
	s.cmd.WaitDelay = 5 * time.Second
	if err := s.cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", s.name, err)
	}
	s.pid = s.cmd.Process.Pid
	for range 300 {
		if s.well(ctx, client) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(100 * time.Millisecond):
		}
	}
	s.stop() // so that nothing writes to said any more
	return fmt.Errorf("start %s: not well after 30 s: %.300s", s.name, s.said.String())
}

func (s *server) well(ctx context.Context, client *http.Client) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.addr+"/healthz", http.NoBody)
	if err != nil {
		return false
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	return resp.Body.Close() == nil && resp.StatusCode == http.StatusOK
}

// stop stops the server if it runs.
func (s *server) stop() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait() // a server that is told to end may end with any code
	s.cmd = nil
}

// batch sends one batch one after the other, then as many as two connections can for a while.
func (s *server) batch(ctx context.Context, client *http.Client, body []byte) (measure.Record, error) {
	r := measure.Record{State: measure.OK, At: time.Now().UTC()}
	latencies := make([]float64, endpointBatch)
	cpu := measure.CPU(s.pid)
	for i := range latencies {
		took, optimum, err := post(ctx, client, s.addr, body)
		if err != nil {
			return r, err
		}
		if i > 0 && optimum != r.Optimum {
			r.State, r.Note = measure.Wrong, fmt.Sprintf("optimum %d, then %d", r.Optimum, optimum)
		}
		latencies[i], r.Optimum = took.Seconds(), optimum
	}
	r.CPUS = (measure.CPU(s.pid) - cpu) / endpointBatch
	r.SolveS, r.P90S = measure.Quantile(latencies, 0.5), measure.Quantile(latencies, 0.9)

	var answers atomic.Int64
	var group sync.WaitGroup
	faults := make([]error, endpointConns)
	start := time.Now()
	for c := range endpointConns {
		group.Go(func() {
			for time.Since(start) < endpointRush {
				if _, _, err := post(ctx, client, s.addr, body); err != nil {
					faults[c] = err
					return
				}
				answers.Add(1)
			}
		})
	}
	group.Wait()
	r.PerS = float64(answers.Load()) / time.Since(start).Seconds()
	r.PeakRSS = measure.PeakRSS(s.pid)
	return r, errors.Join(faults...)
}

// unmetWorth folds the objective of one priority class into one number for comparison.
const unmetWorth = 1_000_000_000

// post sends one request and returns how long the whole answer took, and its objective.
func post(ctx context.Context, client *http.Client, addr string, body []byte) (time.Duration, int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+addr+"/v1/match", bytes.NewReader(body))
	if err != nil {
		return 0, 0, fmt.Errorf("post: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	start := time.Now()
	resp, err := client.Do(req)
	if err != nil {
		return 0, 0, fmt.Errorf("post: %w", err)
	}
	text, err := io.ReadAll(resp.Body)
	took := time.Since(start)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return 0, 0, fmt.Errorf("post: %w", err)
	}
	if resp.StatusCode != http.StatusOK {
		return 0, 0, fmt.Errorf("post: status %d: %.300s", resp.StatusCode, text)
	}
	answer, err := readAnswer(text)
	if err != nil {
		return 0, 0, fmt.Errorf("post: %w", err)
	}
	return took, answer.Objective.UnmetByClass[1]*unmetWorth + answer.Objective.Cost, nil
}

// answer is what the benchmarks read of a match.
type answer struct {
	Status    string `json:"status"`
	Objective struct {
		UnmetByClass [3]int64 `json:"unmet_by_class"`
		Cost         int64    `json:"cost"`
	} `json:"objective"`
	EligiblePairs int64 `json:"eligible_pairs"`
	PricedPairs   int64 `json:"priced_pairs"`
}

func readAnswer(text []byte) (*answer, error) {
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, fmt.Errorf("read the answer: %w", err)
	}
	if a.Status != "optimal" {
		return nil, fmt.Errorf("read the answer: status %q", a.Status)
	}
	return &a, nil
}

// endpointTable sums the records up; nil if there are none.
func (b *bench) endpointTable(faults *[]string) *report.Endpoint {
	ours := b.stores[subjectEndpoint].Runs(subjectEndpoint, endpointInstance(), "Courtyard")
	peer := b.stores[subjectEndpoint].Runs(subjectEndpoint, endpointInstance(), endpointPeer)
	if len(ours) == 0 {
		return nil
	}
	for _, r := range slices.Concat(ours, peer) {
		switch {
		case r.State != measure.OK:
			*faults = append(*faults, fmt.Sprintf("endpoint, %s, run %d: %s: %s", r.Solver, r.Run, r.State, r.Note))
		case r.Optimum != ours[0].Optimum:
			*faults = append(*faults, fmt.Sprintf("endpoint, %s, run %d: objective %d, Courtyard's is %d", r.Solver, r.Run, r.Optimum, ours[0].Optimum))
		}
	}
	table := &report.Endpoint{
		Needs: endpointNeeds, Resources: endpointResources, PeerName: endpointPeer, FloorS: endpointFloorS,
		Ours: measure.Sum(ours), Peer: measure.Sum(peer),
	}
	if info, err := os.Stat(filepath.Join(b.cache, "instances", "endpoint_"+endpointInstance()+".json")); err == nil {
		table.BodyBytes = info.Size()
	}
	return table
}
