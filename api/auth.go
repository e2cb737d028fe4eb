package api

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// CheckBind reports an error when addr ("host:port") is wider than loopback and there are no keys: such a server would
// let anyone on the network in. An empty host listens on every interface and counts as wide; so does a name other than
// "localhost", since what it resolves to may change.
func CheckBind(addr string, keys []string) error {
	if len(keys) > 0 {
		return nil
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return fmt.Errorf("listen address: %w", err)
	}
	if ip := net.ParseIP(host); host == "localhost" || ip != nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("listening on %q reaches beyond this machine: set an API key first, or listen on 127.0.0.1", addr)
}

// keyring holds the digests of the keys, so that keys of any length compare in the same time.
type keyring [][sha256.Size]byte

func newKeyring(keys []string) keyring {
	ring := make(keyring, len(keys))
	for i, k := range keys {
		ring[i] = sha256.Sum256([]byte(k))
	}
	return ring
}

// holds reports whether key is one of the ring's. It looks at every key whatever it finds, in constant time.
func (ring keyring) holds(key string) bool {
	sum := sha256.Sum256([]byte(key))
	found := 0
	for i := range ring {
		found |= subtle.ConstantTimeCompare(ring[i][:], sum[:])
	}
	return found == 1
}

// requireKey lets a request pass only with one of the keys; an empty ring lets all pass.
func (s *Server) requireKey(next http.Handler) http.Handler {
	if len(s.keys) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.keys.holds(keyOf(r)) {
			p := newProblem(http.StatusUnauthorized, "An API key is required: send it as \"Authorization: Bearer KEY\" or as \"X-API-Key: KEY\".")
			p.header = http.Header{"Www-Authenticate": {`Bearer realm="courtyard"`}}
			s.writeProblem(w, r, p)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// keyOf returns the key that r carries, "" if none.
func keyOf(r *http.Request) string {
	if scheme, key, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(key)
	}
	return r.Header.Get("X-API-Key")
}
