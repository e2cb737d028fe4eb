// Package api serves Courtyard over HTTP: it decodes a request, calls a solver and encodes the answer. [New] makes the
// handler, [Server.Serve] runs it on a listener until its context ends.
//
// A request is bounded in bytes, in needs, resources and pairs, in time and in how many run at once; see [Config].
// Every fault of a request comes back at once as application/problem+json ([Problem]) with a JSON Pointer each. No
// value of a request is repeated in an error, a log line or a metric.
package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/courtyard-care/courtyard/solver/match"
)

// Server is the HTTP service. It is a handler, safe for concurrent use; make it with [New].
type Server struct {
	cfg     Config
	log     *slog.Logger
	metrics *metrics
	keys    keyring
	handler http.Handler
	openapi []byte // the document, encoded once

	requests slots  // may hold a body
	solves   slots  // may run a solver
	asks     slots  // may ask a kept match, which is not to wait for those who solve
	matches  keeper // finished, for those who asked for it

	stopping atomic.Bool        // no longer ready: the listener is closing
	life     context.Context    // ends when running solves must stop; every solve's context ends with it
	kill     context.CancelFunc // ends life

	// solve is [match.Solve]; tests of slots and stops put a slow or a failing one in its place.
	solve func(context.Context, *match.Problem, match.Options) (*match.Solution, error)
}

// New returns a server with every route. It fills the defaults of cfg and refuses a cfg that it cannot serve, or a
// registry that already holds the metrics of another server.
func New(cfg Config) (*Server, error) {
	cfg = cfg.withDefaults()
	if err := cfg.validate(); err != nil {
		return nil, fmt.Errorf("api configuration: %w", err)
	}
	s := &Server{
		cfg:      cfg,
		log:      cfg.Logger,
		keys:     newKeyring(cfg.Keys),
		requests: make(slots, cfg.MaxRequests),
		solves:   make(slots, cfg.Slots),
		asks:     make(slots, cfg.Slots),
		matches:  newKeeper(&cfg),
		solve:    match.Solve,
	}
	s.life, s.kill = context.WithCancel(context.Background())
	var err error
	if s.metrics, err = newMetrics(cfg.Registry, cfg.Version, s.matches); err != nil {
		return nil, fmt.Errorf("api metrics: %w", err)
	}
	if s.handler, s.openapi, err = s.routes(); err != nil {
		return nil, fmt.Errorf("api routes: %w", err)
	}
	return s, nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Serve answers requests from ln until ctx ends, then stops gracefully: it takes no new connection, /readyz says so on
// those that are open, and running requests get [Config].DrainTimeout to finish. Then their solves are cancelled, and
// answer with the best plan they have. Serve closes ln, and returns nil after a graceful stop. It may be called once.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	// Two bounds are not net/http's: a solve outlasts WriteTimeout, which is therefore set again before the answer.
	whole := s.cfg.ReadTimeout + s.cfg.SlotWait + s.cfg.MaxSolveTime + s.cfg.WriteTimeout
	srv := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: s.cfg.ReadHeaderTimeout,
		ReadTimeout:       s.cfg.ReadTimeout,
		WriteTimeout:      whole,
		IdleTimeout:       s.cfg.IdleTimeout,
		MaxHeaderBytes:    s.cfg.MaxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(s.log.Handler(), slog.LevelWarn),
	}
	ended := make(chan struct{})
	defer close(ended)
	go s.matches.forgetExpired(s.cfg.KeepTime/4, ended)
	served := make(chan error, 1)
	go func() { served <- srv.Serve(ln) }()
	s.log.Info("listening", "address", ln.Addr().String(), "keys", len(s.keys), "slots", s.cfg.Slots)

	select {
	case err := <-served:
		s.kill()
		return fmt.Errorf("serve on %s: %w", ln.Addr(), err)
	case <-ctx.Done():
	}
	start := time.Now()
	err := s.drain(srv)
	if end := <-served; !errors.Is(end, http.ErrServerClosed) {
		err = errors.Join(err, end)
	}
	s.log.Info("stopped", "drain_s", time.Since(start).Seconds(), "clean", err == nil)
	if err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// lastWords is how long a cancelled solve has to answer before its connection is cut: solvers look at their context
// every few milliseconds, and the answer has to cross the network.
const lastWords = 5 * time.Second

// drain stops srv in three steps: finish what runs, cancel the solves that still run, cut what is left.
func (s *Server) drain(srv *http.Server) error {
	s.stopping.Store(true)
	soft, done := context.WithTimeout(context.Background(), s.cfg.DrainTimeout)
	defer done()
	err := srv.Shutdown(soft)
	s.kill()
	if !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	hard, done := context.WithTimeout(context.Background(), lastWords)
	defer done()
	if err = srv.Shutdown(hard); err != nil {
		return errors.Join(err, srv.Close())
	}
	return nil
}
