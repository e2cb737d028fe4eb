package api

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

var offersOperation = operation{
	id: "offer", path: "/v1/match/offers",
	summary: "Say who could serve a caller now",
	description: "Takes a finished match and its callers, needs that the match does not hold yet, and answers with the helpers that each could be offered: when, " +
		"what it would cost everybody, and who would have to move. The match is named by the match_id of a kept one, which answers in milliseconds, or sent whole: " +
		"its lists with the matches of its answer, or without them to be solved first. Nothing is decided by an offer.",
	request: OffersRequest{},
	example: `{"match": {` + exampleLists + `}, "callers": [{"id": "c1", "service": "meal", "lon": 100.229, "lat": 25.596, "priority": 1}], "limit": 3}`,
	answers: map[string]mediaExample{"application/json": {types: []any{datasets.OffersJSON{}}}},
	errors:  keptErrors(),
}

// OffersRequest is the body of POST /v1/match/offers. It describes the body; [Server.offer] reads it in one pass.
type OffersRequest struct {
	MatchID string              `json:"match_id,omitempty" doc:"From the answer to a match request with keep; or match"`
	Match   any                 `json:"match,omitempty" doc:"A match request with the matches of its answer, all of whose rules they keep; without matches it is solved first"`
	Callers []datasets.NeedJSON `json:"callers" minItems:"1" maxItems:"100" doc:"Those who call; of each one unit is offered"`
	Limit   *int64              `json:"limit,omitempty" minimum:"1" maximum:"100" default:"5" doc:"Most offers for each caller"`
}

// FinishedMatch is a match sent whole.
type FinishedMatch struct {
	datasets.MatchRequestJSON
	Matches []datasets.PlanRowJSON `json:"matches,omitempty" doc:"Of the answer; without them the match is solved first"`
}

// offersOutput is the answer of a call for offers.
type offersOutput struct {
	Body *datasets.OffersJSON
}

// offersInput is a call for offers as read.
type offersInput struct {
	kept    *keptMatch
	request *datasets.MatchRequest // instead of kept
	callers []care.Need
	limit   int
}

// offer answers POST /v1/match/offers.
func (s *Server) offer(ctx context.Context, in *bodyInput) (*offersOutput, error) {
	start := time.Now()
	call, err := s.readCall(in)
	if err != nil {
		in.body.discard()
		return nil, err
	}
	read := time.Since(start)
	start = time.Now()
	finished, err := s.finished(ctx, call)
	if err != nil {
		return nil, err
	}
	answer, err := s.ask(ctx, finished, call)
	if err != nil {
		return nil, err
	}
	took := time.Since(start)
	offers, status := 0, "none"
	for i := range answer.Callers {
		offers += len(answer.Callers[i].Offers)
	}
	if offers > 0 {
		status = "offered"
	}
	lists := &call.request.Problem.Lists
	s.metrics.solved("offers", len(lists.Needs), status, took)
	s.log.LogAttrs(ctx, slog.LevelInfo, "solve",
		slog.String("job", "offers"),
		slog.Int("needs", len(lists.Needs)),
		slog.Int("resources", len(lists.Resources)),
		slog.Bool("kept", call.kept != nil),
		slog.Int("callers", len(call.callers)),
		slog.Int("offers", offers),
		slog.Float64("read_s", read.Seconds()),
		slog.Float64("solve_s", took.Seconds()))
	return &offersOutput{Body: answer}, nil
}

// ask asks an open match for the offers of a call. There are as many places for it as for solves, but places of its own: a
// person waits on the telephone.
func (s *Server) ask(ctx context.Context, finished *match.Finished, call *offersInput) (*datasets.OffersJSON, error) {
	if !s.asks.acquire(ctx, s.cfg.SlotWait) {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		s.metrics.solvesRefused.WithLabelValues("offers").Inc()
		return nil, newProblem(http.StatusServiceUnavailable, "Too many calls for offers are being answered; come again.").retryAfter(s.cfg.SlotWait)
	}
	defer s.asks.release()
	asking, cancel := context.WithTimeout(ctx, s.cfg.MaxSolveTime)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	answer, err := call.request.Offer(asking, finished, call.callers, call.limit)
	switch {
	case err != nil:
		return nil, below("/callers", err)
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case asking.Err() != nil: // half an answer would name others than the best
		return nil, newProblem(http.StatusServiceUnavailable, "The offers could not be found in the time that this server gives.").retryAfter(s.cfg.SlotWait)
	}
	return answer, nil
}

// readCall reads the body of a call for offers.
func (s *Server) readCall(in *bodyInput) (*offersInput, error) {
	call := &offersInput{limit: datasets.DefaultOffers}
	var faults solver.Invalid
	matches := 0 // that the call names or sends
	err := readMembers(in.body, []string{"match_id", "match", "callers", "limit"}, func(name string, value jsontext.Value) (err error) {
		if strings.HasPrefix(name, "match") {
			if matches++; matches > 1 {
				return fault("/"+name, "conflict", "match_id and match name two matches: leave one of them out")
			}
		}
		switch name {
		case "match_id":
			var id string
			if err := json.Unmarshal(value, &id); err != nil {
				return fault("/match_id", "invalid", "must be a string")
			}
			if call.kept, err = s.recall(in, id, "/match_id"); err == nil {
				call.request = call.kept.request
			}
		case "match":
			call.request, err = s.readPart("/match", value)
		case "callers":
			call.callers, err = datasets.ReadCallers(bytes.NewReader(value), s.limits())
			err = below("/callers", err)
		case "limit":
			call.limit, err = readLimit(value)
		}
		return err
	})
	if err := addFaults(&faults, err); err != nil {
		return nil, err
	}
	if faults.Total == 0 {
		if call.request == nil {
			faults.Add(solver.Fault{Pointer: "/match_id", Code: "required", Detail: "a match is required: the match_id of a kept one, or match with its lists"})
		}
		if len(call.callers) == 0 {
			faults.Add(solver.Fault{Pointer: "/callers", Code: "required", Detail: "at least one caller is required"})
		}
	}
	return call, faults.Err()
}

// fault is the error of one faulty member.
func fault(pointer, code, detail string) error {
	return &solver.Invalid{Faults: []solver.Fault{{Pointer: pointer, Code: code, Detail: detail}}, Total: 1}
}

// readLimit reads how many offers are asked for; null counts as absent.
func readLimit(value jsontext.Value) (int, error) {
	if value.Kind() == 'n' {
		return datasets.DefaultOffers, nil
	}
	limit, err := strconv.Atoi(string(value))
	if err != nil || limit < 1 || limit > datasets.MaxOffers {
		return 0, fault("/limit", "out_of_range", fmt.Sprintf("must be a whole number from 1 to %d", datasets.MaxOffers))
	}
	return limit, nil
}

// recall returns the kept match of this id.
func (s *Server) recall(in *bodyInput, id, pointer string) (*keptMatch, error) {
	kept, p := s.matches.recall(in.owner(s), id, pointer)
	if p != nil {
		return nil, p
	}
	return kept, nil
}

// finished returns the match of a call, open for questions. A kept one is open; any other is opened, and solved first if need
// be, in a slot of its own.
func (s *Server) finished(ctx context.Context, call *offersInput) (*match.Finished, error) {
	if call.kept != nil && call.kept.finished != nil {
		return call.kept.finished, nil
	}
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.leave()
	var (
		solution *match.Solution
		err      error
	)
	switch {
	case call.kept != nil:
		solution = call.kept.solution
	case call.request.Plan != nil:
		if solution, err = call.request.Finished(); err != nil {
			return nil, below("/match", err)
		}
	default:
		if solution, _, err = s.run(ctx, call.request, nil); err != nil {
			return nil, err
		}
	}
	finished, err := s.open(ctx, call.request, solution)
	if err != nil {
		return nil, below("/match", err)
	}
	return finished, nil
}

// open opens a finished match for questions, within the time of one solve.
func (s *Server) open(ctx context.Context, req *datasets.MatchRequest, sol *match.Solution) (*match.Finished, error) {
	opening, cancel := context.WithTimeout(ctx, s.cfg.MaxSolveTime)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	finished, err := match.Open(opening, &req.Problem, sol)
	if err != nil && opening.Err() != nil && ctx.Err() == nil {
		return nil, newProblem(http.StatusServiceUnavailable, "The match could not be opened for offers in the time that this server gives.").retryAfter(s.cfg.SlotWait)
	}
	return finished, err
}
