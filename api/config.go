package api

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// Config says what a [Server] accepts and how long it waits. The zero value of a field means its default; a negative
// value is refused by [New].
type Config struct {
	// Keys are the API keys. Every request that solves or checks must carry one of them, as "Authorization: Bearer KEY"
	// or "X-API-Key: KEY". Empty means that no key is asked for; then the server must listen on loopback only, see
	// [CheckBind]. An empty key or one with blanks is refused.
	Keys []string

	// MaxBodyBytes bounds one request body after decompression. Default 16 MiB: about 170,000 needs.
	MaxBodyBytes int64
	// MaxNeeds and MaxResources bound the lists of one request. Defaults 20,000 and 10,000.
	MaxNeeds, MaxResources int
	// MaxPairs bounds the pairs that a solve may have to look at: for each service its needs times the resources that
	// offer it, summed, before any distance is measured. Default 50,000,000.
	MaxPairs int64
	// MaxSolveTime bounds one solve on the wall clock. A request that asks for more is refused; one that asks for
	// nothing gets this limit. Default 30 s.
	MaxSolveTime time.Duration

	// Slots is how many solves and checks run at once. Default 2.
	Slots int
	// SlotWait is how long a request waits for a free slot before it is answered 503. Default 2 s.
	SlotWait time.Duration
	// MaxRequests is how many requests may hold a body in memory at once, waiting ones included; the next one is
	// answered 503 at once. Memory is bounded by about MaxRequests times a few MaxBodyBytes. Default 32.
	MaxRequests int

	// KeepMatches is how many finished matches are remembered for those who ask for it; negative keeps none. Default 16.
	KeepMatches int
	// KeepBytes bounds the lists of the matches remembered, as they came over the wire, decompressed. In memory a match
	// takes about six times as much, and about twenty times where its lists speak of days. Default 32 MiB.
	KeepBytes int64
	// KeepTime is how long a match is remembered after it was last asked for. Default 30 min.
	KeepTime time.Duration

	// ReadHeaderTimeout, ReadTimeout (header and body), WriteTimeout (from the first byte of the answer, or between two
	// events of a stream) and IdleTimeout bound a connection. Defaults 5 s, 60 s, 30 s and 120 s.
	ReadHeaderTimeout, ReadTimeout, WriteTimeout, IdleTimeout time.Duration
	// MaxHeaderBytes bounds the request line and header. Default 16 KiB.
	MaxHeaderBytes int
	// DrainTimeout is how long a stopping server lets requests finish; after it their solves are cancelled, and each
	// answers with the best plan it has. Default 20 s.
	DrainTimeout time.Duration

	// Registry receives the metrics and is what /metrics shows. Nil means a registry of the server's own.
	Registry *prometheus.Registry
	// Logger receives one line per request and one per solve. Nil means silence.
	Logger *slog.Logger
	// Version is named in the OpenAPI document. Default "dev".
	Version string
}

// withDefaults returns cfg with every zero field set to its default.
func (cfg Config) withDefaults() Config {
	set(&cfg.MaxBodyBytes, 16<<20)
	set(&cfg.MaxNeeds, 20_000)
	set(&cfg.MaxResources, 10_000)
	set(&cfg.MaxPairs, 50_000_000)
	set(&cfg.MaxSolveTime, 30*time.Second)
	set(&cfg.Slots, 2)
	set(&cfg.SlotWait, 2*time.Second)
	set(&cfg.MaxRequests, 32)
	set(&cfg.KeepMatches, 16)
	set(&cfg.KeepBytes, 32<<20)
	set(&cfg.KeepTime, 30*time.Minute)
	set(&cfg.ReadHeaderTimeout, 5*time.Second)
	set(&cfg.ReadTimeout, 60*time.Second)
	set(&cfg.WriteTimeout, 30*time.Second)
	set(&cfg.IdleTimeout, 120*time.Second)
	set(&cfg.MaxHeaderBytes, 16<<10)
	set(&cfg.DrainTimeout, 20*time.Second)
	set(&cfg.Version, "dev")
	if cfg.Registry == nil {
		cfg.Registry = prometheus.NewRegistry()
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	return cfg
}

func set[T comparable](field *T, def T) {
	var zero T
	if *field == zero {
		*field = def
	}
}

// validate reports every setting that cannot be served, all at once.
func (cfg Config) validate() error {
	var faults []error
	positive := func(name string, v int64) {
		if v < 0 {
			faults = append(faults, fmt.Errorf("%s must not be negative", name))
		}
	}
	positive("MaxBodyBytes", cfg.MaxBodyBytes)
	positive("MaxNeeds", int64(cfg.MaxNeeds))
	positive("MaxResources", int64(cfg.MaxResources))
	positive("MaxPairs", cfg.MaxPairs)
	positive("MaxSolveTime", int64(cfg.MaxSolveTime))
	positive("Slots", int64(cfg.Slots))
	positive("SlotWait", int64(cfg.SlotWait))
	positive("MaxRequests", int64(cfg.MaxRequests))
	positive("KeepBytes", cfg.KeepBytes)
	positive("KeepTime", int64(cfg.KeepTime))
	positive("ReadHeaderTimeout", int64(cfg.ReadHeaderTimeout))
	positive("ReadTimeout", int64(cfg.ReadTimeout))
	positive("WriteTimeout", int64(cfg.WriteTimeout))
	positive("IdleTimeout", int64(cfg.IdleTimeout))
	positive("MaxHeaderBytes", int64(cfg.MaxHeaderBytes))
	positive("DrainTimeout", int64(cfg.DrainTimeout))
	for i, k := range cfg.Keys {
		if k == "" || strings.ContainsFunc(k, func(r rune) bool { return r <= ' ' || r > '~' }) {
			faults = append(faults, fmt.Errorf("key %d must be printable ASCII without blanks, and not empty", i+1))
		}
	}
	return errors.Join(faults...)
}
