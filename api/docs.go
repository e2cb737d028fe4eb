package api

import (
	_ "embed"
	"net/http"

	"github.com/swaggest/swgui/v5emb"
)

//go:embed docs.html
var docsPage []byte

//go:embed docs.js
var docsScript []byte

// docsPolicy lets the viewer run: its own script and style, the document from this server, and nothing from elsewhere.
const docsPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
	"connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// docs serves a page that shows the OpenAPI document, from files inside the program: it needs no outside network.
func docs() http.Handler {
	viewer := v5emb.New("Courtyard", documentPath, "/docs/")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", docsPolicy)
		switch r.URL.Path {
		case "/docs/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(docsPage)
		case "/docs/docs.js":
			w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
			_, _ = w.Write(docsScript)
		default:
			w.Header().Set("Cache-Control", "max-age=86400")
			viewer.ServeHTTP(w, r)
		}
	})
}
