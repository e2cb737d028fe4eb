package api

import (
	"compress/gzip"
	"errors"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"
)

// admit bounds how many requests hold a body at once; the next one is sent away before a byte of it is read.
func (s *Server) admit(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.requests.acquire(r.Context(), 0) {
			s.metrics.solvesRefused.WithLabelValues("requests").Inc()
			s.writeProblem(w, r, newProblem(http.StatusServiceUnavailable, "Too many requests are being answered; come again.").retryAfter(s.cfg.SlotWait))
			return
		}
		defer s.requests.release()
		next.ServeHTTP(w, r)
	})
}

// openBody checks what can be known of a body before it is read, and puts in its place one that is decompressed, and
// bounded both as sent and as decompressed, so that neither a gzip bomb nor a body without end costs memory.
func (s *Server) openBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if p := s.refuseBody(r); p != nil {
			s.writeProblem(w, r, p)
			return
		}
		body := &bodyReader{from: http.MaxBytesReader(w, r.Body, s.cfg.MaxBodyBytes), left: s.cfg.MaxBodyBytes}
		body.src = body.from
		// Once the body is here, the deadline of reading it must not end the solve: net/http watches the connection
		// for a hang-up by reading on, and takes a passed deadline for one.
		body.whole = func() { _ = http.NewResponseController(w).SetReadDeadline(time.Time{}) }
		if encodingOf(r) == "gzip" {
			z, err := gzip.NewReader(body.src)
			if err != nil {
				s.writeProblem(w, r, unreadable(err))
				return
			}
			body.src = z
		}
		r.Body = body
		next.ServeHTTP(w, r)
	})
}

// refuseBody returns why the body of r will not be read, nil if it will.
func (s *Server) refuseBody(r *http.Request) *Problem {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := params["charset"]; err != nil || mediaType != "application/json" || charset != "" && !strings.EqualFold(charset, "utf-8") {
		p := newProblem(http.StatusUnsupportedMediaType, "Send JSON in UTF-8, with the header Content-Type: application/json.")
		p.header = http.Header{"Accept": {"application/json"}}
		return p
	}
	if encoding := encodingOf(r); encoding != "" && encoding != "identity" && encoding != "gzip" {
		p := newProblem(http.StatusUnsupportedMediaType, "The only Content-Encoding understood is gzip.")
		p.header = http.Header{"Accept-Encoding": {"gzip"}}
		return p
	}
	if r.ContentLength > s.cfg.MaxBodyBytes {
		return tooLarge()
	}
	return nil
}

func encodingOf(r *http.Request) string {
	return strings.ToLower(strings.TrimSpace(r.Header.Get("Content-Encoding")))
}

// bodyReader reads src, which reads from. Its errors are problems.
type bodyReader struct {
	src   io.Reader
	from  io.ReadCloser
	left  int64  // bytes of src that may still be read
	whole func() // called when all was read
}

func (b *bodyReader) Read(p []byte) (int, error) {
	n, err := b.src.Read(p)
	b.left -= int64(n)
	switch {
	case b.left < 0:
		return 0, tooLarge()
	case err == io.EOF: //nolint:errorlint // a Reader returns io.EOF itself
		b.whole()
	case err != nil:
		err = unreadable(err)
	}
	return n, err
}

// bytes returns how many bytes were read, decompressed.
func (b *bodyReader) bytes(s *Server) int64 { return s.cfg.MaxBodyBytes - b.left }

// discard takes in what is left of the body as sent, within its limit and without decompressing it: a client that is
// still sending would not read why it was refused.
func (b *bodyReader) discard() { _, _ = io.Copy(io.Discard, b.from) }

func (b *bodyReader) Close() error { return b.from.Close() }

// unreadable says why a body ended early.
func unreadable(err error) *Problem {
	var over *http.MaxBytesError
	var timeout net.Error
	switch {
	case errors.As(err, &over):
		return tooLarge()
	case errors.As(err, &timeout) && timeout.Timeout():
		return newProblem(http.StatusRequestTimeout, "The body took too long to arrive.")
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return newProblem(http.StatusBadRequest, "The body is not gzip, or it is damaged.").withFault("", "unreadable", "not gzip, or damaged")
	}
	return newProblem(http.StatusBadRequest, "The body ended before its end.").withFault("", "unreadable", "cut off, or damaged")
}
