package api

import (
	"io"
	"net/http"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// routes is the table of contents: everything the server answers. It also returns the OpenAPI document of the
// operations under /v1.
func (s *Server) routes() (http.Handler, []byte, error) {
	mux := chi.NewRouter()
	mux.Use(s.observe, s.recoverPanics, middleware.GetHead, harden)
	mux.NotFound(s.notFound)
	mux.MethodNotAllowed(s.methodNotAllowed)

	mux.Get("/healthz", s.health) // alive
	mux.Get("/readyz", s.ready)   // alive, and not stopping
	mux.Method(http.MethodGet, "/metrics", promhttp.HandlerFor(s.cfg.Registry, promhttp.HandlerOpts{}))
	mux.Method(http.MethodGet, "/docs", http.RedirectHandler("/docs/", http.StatusMovedPermanently))
	mux.Method(http.MethodGet, "/docs/*", docs())
	mux.Get(documentPath, s.document)

	v1 := newOperations(mux.With(s.requireKey, s.admit, s.openBody), s.cfg.Version)
	register(s, v1, matchOperation, s.match)      // POST /v1/match
	register(s, v1, checkOperation, s.checkMatch) // POST /v1/match/check
	register(s, v1, diffOperation, s.diffMatches) // POST /v1/match/diff
	register(s, v1, offersOperation, s.offer)     // POST /v1/match/offers

	document, err := v1.document()
	return mux, document, err
}

func (s *Server) health(w http.ResponseWriter, _ *http.Request) { writeText(w, "ok\n") }

func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if s.stopping.Load() {
		s.writeProblem(w, r, newProblem(http.StatusServiceUnavailable, "The server is stopping.").retryAfter(s.cfg.DrainTimeout))
		return
	}
	writeText(w, "ready\n")
}

func writeText(w http.ResponseWriter, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text)
}

func (s *Server) document(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json")
	_, _ = w.Write(s.openapi)
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.writeProblem(w, r, newProblem(http.StatusNotFound, "Nothing is served at this path; "+documentPath+" lists what is."))
}

// methodNotAllowed answers OPTIONS for every path that exists, and 405 with the methods that it has otherwise.
func (s *Server) methodNotAllowed(w http.ResponseWriter, r *http.Request) {
	routes := chi.RouteContext(r.Context()).Routes
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		if routes.Match(chi.NewRouteContext(), method, r.URL.Path) {
			w.Header().Add("Allow", method)
			if method == http.MethodGet {
				w.Header().Add("Allow", http.MethodHead)
			}
		}
	}
	w.Header().Add("Allow", http.MethodOptions)
	if r.Method == http.MethodOptions {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	s.writeProblem(w, r, newProblem(http.StatusMethodNotAllowed, "This path has other methods; the header Allow lists them."))
}

// harden tells browsers to take nothing from an answer but its data, and nobody to keep it: answers may be about people.
// The docs page replaces the policy by its own.
func harden(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
