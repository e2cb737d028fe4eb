package api

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/danielgtaylor/huma/v2/negotiation"
)

// solveErrors are the statuses that the solving operations share.
var solveErrors = map[int]string{
	http.StatusBadRequest:            "the body is not JSON, is cut off, has a member twice or is nested too deep",
	http.StatusUnauthorized:          "the server asks for an API key, and the request has none that it knows",
	http.StatusRequestTimeout:        "the body took too long to arrive",
	http.StatusRequestEntityTooLarge: "the body is larger than the server accepts, as sent or decompressed",
	http.StatusUnsupportedMediaType:  "the body is not declared as application/json, or its encoding is neither none nor gzip",
	http.StatusUnprocessableEntity:   "the request can be read but is wrong, or asks for more needs, resources, pairs or time than the server allows; errors points to each fault",
	http.StatusInternalServerError:   "a fault of the server",
	http.StatusServiceUnavailable:    "all solve slots are taken; Retry-After says when to come again",
}

// keptErrors are the statuses of operations to which a kept match may be named.
func keptErrors() map[int]string {
	errors := maps.Clone(solveErrors)
	errors[http.StatusNotFound] = "no match of the match_id is kept: it has expired, made room for others, or is of another key"
	return errors
}

// exampleLists are the lists of the example requests: two needs, and one resource that can serve only one of them.
const exampleLists = `"needs": [
	{"id": "n1", "service": "meal", "lon": 100.226, "lat": 25.593, "priority": 1},
	{"id": "n2", "service": "meal", "lon": 100.227, "lat": 25.594}
], "resources": [
	{"id": "r1", "kind": "volunteer", "lon": 100.228, "lat": 25.595, "services": [{"service": "meal"}]}
]`

var matchOperation = operation{
	id: "match", path: "/v1/match",
	summary: "Match needs to resources",
	description: "Decides who serves whom: as few units unmet as possible, class 1 first, then at least cost; exact over all eligible pairs. " +
		"With \"mode\": \"validate\" the request is only checked. A client that prefers text/event-stream gets the events progress (as the search goes) " +
		"and answer (the same object), or problem. Hanging up cancels the search.",
	request: datasets.MatchRequestJSON{},
	example: "{" + exampleLists + "}",
	answers: map[string]mediaExample{
		"application/json": {types: []any{MatchAnswer{}, ValidAnswer{}}, description: "The match; with mode validate, what was checked"},
		eventStream:        {description: "Server-sent events: progress with a ProgressEvent, then answer with a MatchAnswer or problem with a Problem"},
	},
	errors: solveErrors,
}

var checkOperation = operation{
	id: "check-match", path: "/v1/match/check",
	summary:     "Check a plan made elsewhere",
	description: "Measures the given matches against the same lists: every rule that they break, and their objective.",
	request:     datasets.CheckRequestJSON{},
	example:     "{" + exampleLists + `, "matches": [{"need_id": "n1", "resource_id": "r1", "units": 1}]}`,
	answers:     map[string]mediaExample{"application/json": {types: []any{datasets.CheckReport{}}}},
	errors:      solveErrors,
}

// MatchAnswer is the answer of a match. With keep it has an id by which later requests name the match.
type MatchAnswer struct {
	MatchID string `json:"match_id,omitempty" doc:"With keep: names this match in later requests with the same key, until it expires"`
	*datasets.MatchAnswer
}

// ValidAnswer is the answer of a request with mode validate that has no fault.
type ValidAnswer struct {
	Status    string `json:"status" enum:"valid" doc:"The request can be solved"`
	Needs     int    `json:"needs"`
	Resources int    `json:"resources"`
	Pairs     int64  `json:"pairs" doc:"Pairs of a need and a resource that offers its service, before any distance is measured"`
}

// answerOutput writes its answer itself: as JSON, or as a stream of events.
type answerOutput struct {
	Body func(huma.Context)
}

// match answers POST /v1/match.
func (s *Server) match(ctx context.Context, in *bodyInput) (*answerOutput, error) {
	start := time.Now()
	req, err := s.decode(in.body)
	if err != nil {
		return nil, err
	}
	read := time.Since(start)
	if req.Kept {
		if p := s.matches.refuse(in.body.bytes(s)); p != nil {
			return nil, p
		}
	}
	if req.Mode == "validate" {
		lists := &req.Problem.Lists
		valid := &ValidAnswer{Status: "valid", Needs: len(lists.Needs), Resources: len(lists.Resources), Pairs: offeredPairs(lists)}
		return &answerOutput{Body: func(hc huma.Context) { s.writeAnswer(hc, valid) }}, nil
	}
	return &answerOutput{Body: func(hc huma.Context) {
		if err := s.enter(hc.Context()); err != nil {
			s.fail(hc, err)
			return
		}
		if negotiation.SelectQValue(hc.Header("Accept"), []string{"application/json", eventStream}) == eventStream {
			s.streamMatch(hc, in, req, read)
			return
		}
		answer, err := s.solveMatch(hc.Context(), in, req, read, nil)
		if err != nil {
			s.fail(hc, err)
			return
		}
		s.writeAnswer(hc, answer)
	}}, nil
}

// solveMatch runs the solver in the slot that its caller entered, and leaves it: the answer is written outside, so that a
// slow reader holds none.
func (s *Server) solveMatch(ctx context.Context, in *bodyInput, req *datasets.MatchRequest, read time.Duration, progress func(match.Progress)) (*MatchAnswer, error) {
	defer s.leave()
	sol, took, err := s.run(ctx, req, progress)
	if err != nil {
		return nil, err
	}
	s.metrics.solved("match", len(req.Problem.Lists.Needs), sol.Status.String(), took)
	if sol.Status != solver.Unknown && !s.left(ctx) {
		s.metrics.matched(&req.Problem, sol)
	}
	attrs := []slog.Attr{
		slog.String("job", "match"),
		slog.Int("needs", len(req.Problem.Lists.Needs)),
		slog.Int("resources", len(req.Problem.Lists.Resources)),
		slog.String("status", sol.Status.String()),
		slog.String("stop", sol.Stop.String()),
		slog.Int("unmet_needs", len(sol.Unmet)),
		slog.Int64("eligible_pairs", sol.EligiblePairs),
		slog.Int64("priced_pairs", sol.PricedPairs),
		slog.Int("rounds", sol.Rounds),
		slog.Int64("work", sol.Work),
		slog.Float64("read_s", read.Seconds()),
		slog.Float64("solve_s", took.Seconds()),
	}
	answer := &MatchAnswer{MatchAnswer: datasets.NewMatchAnswer(req, sol)}
	if req.Kept && !s.left(ctx) {
		start := time.Now()
		answer.MatchID = s.keepMatch(ctx, in, req, sol)
		attrs = append(attrs, slog.Float64("keep_s", time.Since(start).Seconds()))
	}
	s.log.LogAttrs(ctx, slog.LevelInfo, "solve", attrs...)
	return answer, nil
}

// keepMatch remembers a match, open for questions if that can be done in time, and returns its id.
func (s *Server) keepMatch(ctx context.Context, in *bodyInput, req *datasets.MatchRequest, sol *match.Solution) string {
	kept := &keptMatch{owner: in.owner(s), request: req, solution: sol, bytes: in.body.bytes(s)}
	if sol.Status != solver.Unknown {
		kept.finished, _ = s.open(ctx, req, sol) // it is opened again when it is asked, and tells then why it cannot be
	}
	return s.matches.keep(kept)
}

// run solves one request. The search ends early, with the best plan it has, when the client hangs up or the server stops.
func (s *Server) run(ctx context.Context, req *datasets.MatchRequest, progress func(match.Progress)) (*match.Solution, time.Duration, error) {
	solving, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(s.life, cancel)()
	start := time.Now()
	sol, err := s.solve(solving, &req.Problem, req.Options(progress))
	if err != nil {
		return nil, 0, fmt.Errorf("solve: %w", err)
	}
	return sol, time.Since(start), nil
}

// checkOutput is the answer of a check.
type checkOutput struct {
	Body *datasets.CheckReport
}

// checkMatch answers POST /v1/match/check.
func (s *Server) checkMatch(ctx context.Context, in *bodyInput) (*checkOutput, error) {
	start := time.Now()
	req, err := s.decode(in.body)
	if err != nil {
		return nil, err
	}
	read := time.Since(start)
	if err := s.enter(ctx); err != nil {
		return nil, err
	}
	defer s.leave()
	start = time.Now()
	report, err := datasets.Review(req)
	if err != nil {
		return nil, err
	}
	took := time.Since(start)
	status := "broken"
	if report.Valid {
		status = "kept"
	}
	s.metrics.solved("check", len(req.Problem.Lists.Needs), status, took)
	s.log.LogAttrs(ctx, slog.LevelInfo, "solve",
		slog.String("job", "check"),
		slog.Int("needs", len(req.Problem.Lists.Needs)),
		slog.Int("resources", len(req.Problem.Lists.Resources)),
		slog.Int("matches", report.Matches),
		slog.String("status", status),
		slog.Int("violations", len(report.Violations)),
		slog.Float64("read_s", read.Seconds()),
		slog.Float64("solve_s", took.Seconds()))
	return &checkOutput{Body: report}, nil
}

// decode reads and checks one request: what cannot be read, what is wrong, and what is more than the server allows.
func (s *Server) decode(body *bodyReader) (*datasets.MatchRequest, error) {
	req, err := datasets.ReadRequest(body, s.limits())
	if err != nil {
		body.discard()
		return nil, err
	}
	if p := s.overLimits(req); p != nil {
		return nil, p
	}
	if err := req.Validate(); err != nil {
		return nil, err
	}
	return req, nil
}

// limits are those of one request; the body counts its bytes itself.
func (s *Server) limits() datasets.Limits {
	limits := datasets.HTTPLimits()
	limits.Bytes = s.cfg.MaxBodyBytes + 1
	limits.Needs = s.cfg.MaxNeeds
	limits.Rows = s.cfg.MaxResources
	return limits
}

// overLimits returns a problem when req asks for more than the server gives. It sets the server's time limit on a
// request that has none.
func (s *Server) overLimits(req *datasets.MatchRequest) *Problem {
	p := newProblem(http.StatusUnprocessableEntity, "The request asks for more than this server gives; errors says of what.")
	if pairs := offeredPairs(&req.Problem.Lists); pairs > s.cfg.MaxPairs {
		p.withFault("/needs", "too_many", "over "+strconv.FormatInt(s.cfg.MaxPairs, 10)+
			" pairs of a need and a resource that offers its service: split the lists by area or by service")
	}
	if most := s.cfg.MaxSolveTime.Seconds(); req.TimeLimitS > most {
		p.withFault("/options/time_limit_s", "out_of_range", "at most "+strconv.FormatFloat(most, 'f', -1, 64)+" s on this server")
	}
	if len(p.Errors) > 0 {
		return p
	}
	if req.TimeLimitS == 0 {
		req.TimeLimitS = s.cfg.MaxSolveTime.Seconds()
	}
	return nil
}

// offeredPairs counts the pairs of a need and a resource that offers its service, in O(needs + offers).
func offeredPairs(lists *care.Lists) int64 {
	offers := make(map[string]int64)
	for i := range lists.Resources {
		for _, o := range lists.Resources[i].Services {
			offers[o.Service]++
		}
	}
	pairs := int64(0)
	for i := range lists.Needs {
		pairs += offers[lists.Needs[i].Service]
	}
	return pairs
}

// enter takes a solve slot, or says why there is none. Whoever entered must leave.
func (s *Server) enter(ctx context.Context) error {
	if !s.solves.acquire(ctx, s.cfg.SlotWait) {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.metrics.solvesRefused.WithLabelValues("slots").Inc()
		return newProblem(http.StatusServiceUnavailable, "Every solve slot is taken; come again.").retryAfter(s.cfg.SlotWait)
	}
	s.metrics.solvesInFlight.Inc()
	return nil
}

func (s *Server) leave() {
	s.metrics.solvesInFlight.Dec()
	s.solves.release()
}

// writeAnswer writes a success as JSON.
func (s *Server) writeAnswer(hc huma.Context, answer any) {
	text, err := marshal(answer)
	if err != nil {
		s.fail(hc, fmt.Errorf("encode: %w", err))
		return
	}
	_, w := humachi.Unwrap(hc)
	if s.left(hc.Context()) {
		w.WriteHeader(statusClientLeft) // for the log: nobody reads it
		return
	}
	s.extendWrite(w)
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", strconv.Itoa(len(text)+1))
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(append(text, '\n'))
}

// fail answers with the problem that err is.
func (s *Server) fail(hc huma.Context, err error) {
	r, w := humachi.Unwrap(hc)
	s.extendWrite(w)
	s.writeProblem(w, r, s.answerable(hc.Context(), hc.Operation().Path, err))
}

// extendWrite gives the next write the whole WriteTimeout, however long the solve took.
func (s *Server) extendWrite(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(s.cfg.WriteTimeout))
}
