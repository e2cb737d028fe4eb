package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/courtyard-care/courtyard/api"
)

func (a *app) serveCommand() *cobra.Command {
	var (
		cfg    api.Config
		addr   string
		listen string
		level  string
	)
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer over HTTP",
		Long: `serve answers matches, checks, comparisons and offers over HTTP until it is told to stop (SIGINT or SIGTERM); then it
finishes what is running. The documentation is served at /docs, the OpenAPI document at /v1/openapi.json, /healthz, /readyz and
/metrics beside them. It listens on this machine only (--addr). To be reached from other machines, name the address
with --listen and put the API keys, parted by commas, into the environment variable COURTYARD_API_KEYS.

Every setting may also come from the environment; a flag wins. Standard error says where it listens; the logs follow there as
JSON.

` + exitCodes,
		Example: `  courtyard serve
  courtyard serve --addr 127.0.0.1:0 --max-solve-time 10s
  COURTYARD_API_KEYS=$(openssl rand -hex 24) courtyard serve --listen :8080`,
		Args: cobra.NoArgs,
	}
	f := cmd.Flags()
	f.StringVar(&addr, "addr", "127.0.0.1:8080", "address on this machine; port 0 takes a free one (COURTYARD_ADDR)")
	f.StringVar(&listen, "listen", "", "address to be reached from other machines, instead of --addr; needs keys (COURTYARD_LISTEN)")
	f.Int64Var(&cfg.MaxBodyBytes, "max-body-bytes", 16<<20, "largest body of a request, bytes (COURTYARD_MAX_BODY_BYTES)")
	f.IntVar(&cfg.MaxNeeds, "max-needs", 20_000, "most needs of a request (COURTYARD_MAX_NEEDS)")
	f.IntVar(&cfg.MaxResources, "max-resources", 10_000, "most resources of a request (COURTYARD_MAX_RESOURCES)")
	f.Int64Var(&cfg.MaxPairs, "max-pairs", 50_000_000, "most pairs of need and resource to look at (COURTYARD_MAX_PAIRS)")
	f.DurationVar(&cfg.MaxSolveTime, "max-solve-time", 30*time.Second, "longest solve (COURTYARD_MAX_SOLVE_TIME)")
	f.IntVar(&cfg.Slots, "slots", 2, "solves at once (COURTYARD_SLOTS)")
	f.DurationVar(&cfg.SlotWait, "slot-wait", 2*time.Second, "how long a request waits for a slot before 503 (COURTYARD_SLOT_WAIT)")
	f.IntVar(&cfg.MaxRequests, "max-requests", 32, "requests with a body in memory at once (COURTYARD_MAX_REQUESTS)")
	f.IntVar(&cfg.KeepMatches, "keep-matches", 16, "finished matches to remember for those who ask; negative: none (COURTYARD_KEEP_MATCHES)")
	f.Int64Var(&cfg.KeepBytes, "keep-bytes", 32<<20, "lists of all matches remembered, bytes as sent (COURTYARD_KEEP_BYTES)")
	f.DurationVar(&cfg.KeepTime, "keep-time", 30*time.Minute, "how long a match is remembered after it was last asked for (COURTYARD_KEEP_TIME)")
	f.DurationVar(&cfg.ReadTimeout, "read-timeout", 60*time.Second, "longest reading of a request (COURTYARD_READ_TIMEOUT)")
	f.DurationVar(&cfg.WriteTimeout, "write-timeout", 30*time.Second, "longest writing of an answer (COURTYARD_WRITE_TIMEOUT)")
	f.DurationVar(&cfg.DrainTimeout, "drain-timeout", 20*time.Second, "how long running requests may finish when the server stops (COURTYARD_DRAIN_TIMEOUT)")
	f.StringVar(&level, "log-level", "info", "least level that is logged: debug, info, warn or error (COURTYARD_LOG_LEVEL)")

	cmd.RunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Flags().Changed("addr") && cmd.Flags().Changed("listen") {
			return badInputf("--addr and --listen name two addresses; give one")
		}
		if err := a.fromEnvironment(cmd); err != nil {
			return err
		}
		var least slog.Level
		if err := least.UnmarshalText([]byte(level)); err != nil {
			return badInputf("--log-level %s: no such level; there are debug, info, warn and error", level)
		}
		cfg.Keys = splitKeys(a.getenv("COURTYARD_API_KEYS"))
		at := addr
		if listen != "" {
			at = listen
			if len(cfg.Keys) == 0 {
				return &inputError{
					err:  fmt.Errorf("--listen %s: other machines may reach this server, and it has no API keys", listen),
					hint: "Put one or more keys, parted by commas, into the environment variable COURTYARD_API_KEYS, or use --addr 127.0.0.1:8080.",
				}
			}
		} else if err := api.CheckBind(addr, nil); err != nil {
			return &inputError{
				err:  fmt.Errorf("--addr %s: not an address of this machine alone: %w", addr, err),
				hint: "Use --addr 127.0.0.1:8080, or --listen with API keys in the environment variable COURTYARD_API_KEYS.",
			}
		}
		a.tuneCollector()
		cfg.Logger = slog.New(slog.NewJSONHandler(a.stderr, &slog.HandlerOptions{Level: least}))
		cfg.Version = version()
		server, err := api.New(cfg)
		if err != nil {
			return badInput(err)
		}
		ln, err := new(net.ListenConfig).Listen(cmd.Context(), "tcp", at)
		if err != nil {
			return badInput(fmt.Errorf("listen: %w", err))
		}
		fmt.Fprintf(a.stderr, "courtyard: listening on http://%s (documentation at /docs)\n", ln.Addr())
		return server.Serve(cmd.Context(), ln)
	}
	return cmd
}

// Settings of the garbage collector for a server whose live heap is a few MB between requests: at the usual 100 % it would
// run several times in each request and take a fifth of the time. Above the limit it works as hard as it must.
const (
	collectPercent = 400
	collectBytes   = 1 << 30
)

// tuneCollector leaves memory to itself where the operator has set GOGC or GOMEMLIMIT.
func (a *app) tuneCollector() {
	if a.getenv("GOGC") != "" || a.getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(collectPercent)
	debug.SetMemoryLimit(collectBytes)
}

// fromEnvironment sets every flag that was not given to its variable of the environment, where there is one:
// --max-needs to COURTYARD_MAX_NEEDS. It reports every variable that does not fit.
func (a *app) fromEnvironment(cmd *cobra.Command) error {
	var faults []error
	cmd.LocalNonPersistentFlags().VisitAll(func(flag *pflag.Flag) {
		env := "COURTYARD_" + strings.ToUpper(strings.ReplaceAll(flag.Name, "-", "_"))
		v := a.getenv(env)
		if flag.Changed || v == "" || flag.Name == "help" {
			return
		}
		if err := cmd.Flags().Set(flag.Name, v); err != nil {
			faults = append(faults, fmt.Errorf("%s=%q: %w", env, v, err))
		}
	})
	if len(faults) > 0 {
		return badInput(errors.Join(faults...))
	}
	return nil
}

// splitKeys parts keys at commas, and drops blanks around them and empty ones.
func splitKeys(s string) []string {
	var keys []string
	for k := range strings.SplitSeq(s, ",") {
		if k = strings.TrimSpace(k); k != "" {
			keys = append(keys, k)
		}
	}
	return keys
}
