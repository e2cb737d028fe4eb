package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
)

// observe writes one line and counts one request, after the handler ran. Neither holds the path as sent, the query, the
// body, or the address of the client: any of them may name a person.
func (s *Server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		ww := middleware.NewWrapResponseWriter(w, r.ProtoMajor)
		// Deferred, so that a request aborted by http.ErrAbortHandler is counted too.
		defer func() {
			took := time.Since(start)
			status, route, method := s.statusOf(r, ww), routeOf(r), methodLabel(r.Method)
			s.metrics.request(route, method, status, took)
			s.log.LogAttrs(context.WithoutCancel(r.Context()), requestLevel(route, status), "request",
				slog.String("method", method),
				slog.String("route", route),
				slog.Int("status", status),
				slog.Float64("request_s", took.Seconds()),
				slog.Int64("request_bytes", max(0, r.ContentLength)),
				slog.Int("response_bytes", ww.BytesWritten()))
		}()
		next.ServeHTTP(ww, r)
	})
}

// statusOf returns the status to count: the one written, which is 499 when the client had hung up before it, or 499 for
// a stream of events that was cut short after its 200.
func (s *Server) statusOf(r *http.Request, ww middleware.WrapResponseWriter) int {
	switch status := ww.Status(); {
	case status == 0:
		return http.StatusOK
	case status == http.StatusOK && ww.Header().Get("Content-Type") == eventStream && s.left(r.Context()):
		return statusClientLeft
	default:
		return status
	}
}

// left reports whether the client of a request hung up; that the server stops is no fault of the client.
func (s *Server) left(ctx context.Context) bool {
	return errors.Is(ctx.Err(), context.Canceled) && s.life.Err() == nil
}

// routeOf returns the pattern that served r, "unmatched" if none did.
func routeOf(r *http.Request) string {
	if rctx := chi.RouteContext(r.Context()); rctx != nil {
		if pattern := rctx.RoutePattern(); pattern != "" && !strings.HasPrefix(pattern, "/*") {
			return pattern
		}
	}
	return "unmatched"
}

// requestLevel keeps probes and scrapes, which come every few seconds, out of the log unless they fail.
func requestLevel(route string, status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError && status != http.StatusServiceUnavailable:
		return slog.LevelError
	case status < 400 && (route == "/healthz" || route == "/readyz" || route == "/metrics"):
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// recoverPanics answers 500 for a handler that panicked and logs where. Of the panic's value only its type is logged,
// and a runtime error's text: any other text may hold what the client sent.
func (s *Server) recoverPanics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if v == http.ErrAbortHandler { //nolint:errorlint // net/http compares by identity, too
				panic(v)
			}
			s.metrics.recoveredPanics.Inc()
			what := fmt.Sprintf("%T", v)
			if e, ok := v.(runtime.Error); ok {
				what = e.Error()
			}
			s.log.LogAttrs(r.Context(), slog.LevelError, "panic",
				slog.String("route", routeOf(r)), slog.String("panic", what), slog.String("stack", string(debug.Stack())))
			if ww, ok := w.(middleware.WrapResponseWriter); ok && ww.Status() != 0 {
				panic(http.ErrAbortHandler) // half an answer is out: cut the connection, so that nobody takes it for a whole one
			}
			s.writeProblem(w, r, newProblem(http.StatusInternalServerError, ""))
		}()
		next.ServeHTTP(w, r)
	})
}

// errorTypes names the types of err and of what it wraps, outermost first, without their texts.
func errorTypes(err error) string {
	var names []string
	for ; err != nil; err = errors.Unwrap(err) {
		names = append(names, fmt.Sprintf("%T", err))
	}
	return strings.Join(names, " < ")
}
