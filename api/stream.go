package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
)

const eventStream = "text/event-stream"

// progressEvery is the least time between two progress events: often enough for a person, too rare to cost anything.
const progressEvery = 200 * time.Millisecond

// ProgressEvent is the data of a progress event: how far a running match is.
type ProgressEvent struct {
	Stage    string   `json:"stage" doc:"compile, solve, price or explain"`
	Done     *float64 `json:"done" doc:"Share of the stage done, 0 to 1; null when not known"`
	Round    int      `json:"round" doc:"Round of solving and pricing, from 1"`
	Unmet    *int64   `json:"unmet" doc:"Units unmet in the best plan so far; null while there is none"`
	ElapsedS float64  `json:"elapsed_s" doc:"Seconds since the search began"`
}

// streamMatch answers with events: progress at most every [progressEvery], at last answer or problem. The solver calls
// back on this goroutine, so that events never interleave; a client that stops reading for WriteTimeout is cut off.
func (s *Server) streamMatch(hc huma.Context, in *bodyInput, req *datasets.MatchRequest, read time.Duration) {
	r, w := humachi.Unwrap(hc)
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()

	w.Header().Set("Content-Type", eventStream)
	w.Header().Set("X-Accel-Buffering", "no") // a proxy must not hold events back
	w.WriteHeader(http.StatusOK)
	events := eventWriter{server: s, w: w}
	start, last := time.Now(), time.Time{}
	answer, err := s.solveMatch(ctx, in, req, read, func(p match.Progress) {
		now := time.Now()
		if now.Sub(last) < progressEvery {
			return
		}
		last = now
		if events.send("progress", progressEvent(p, now.Sub(start))) != nil {
			cancel() // nobody reads on
		}
	})
	if err != nil {
		_ = events.send("problem", s.answerable(ctx, matchOperation.path, err))
		return
	}
	if err := events.send("answer", answer); err != nil {
		_ = s.answerable(ctx, matchOperation.path, err)
	}
}

func progressEvent(p match.Progress, elapsed time.Duration) *ProgressEvent {
	e := &ProgressEvent{Stage: p.Stage, Round: p.Round, ElapsedS: elapsed.Seconds()}
	if p.Done >= 0 {
		e.Done = &p.Done
	}
	if p.Unmet >= 0 {
		e.Unmet = &p.Unmet
	}
	return e
}

// eventWriter numbers the events that it writes.
type eventWriter struct {
	server *Server
	w      http.ResponseWriter
	id     int
}

// send writes one event and flushes it. JSON holds no line break, so data is one line.
func (e *eventWriter) send(event string, data any) error {
	text, err := marshal(data)
	if err != nil {
		return fmt.Errorf("encode event %s: %w", event, err)
	}
	e.id++
	e.server.extendWrite(e.w)
	if _, err := fmt.Fprintf(e.w, "id: %d\nevent: %s\ndata: %s\n\n", e.id, event, text); err != nil {
		return err
	}
	return http.NewResponseController(e.w).Flush()
}
