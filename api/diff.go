package api

import (
	"context"
	"log/slog"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
)

var diffOperation = operation{
	id: "diff-matches", path: "/v1/match/diff",
	summary: "Say what changes from one match to another",
	description: "Takes two scenarios, each a match request or the match_id of a kept match, solves what is not solved yet, and answers with the difference: " +
		"units by class, service and community, the objective, every person who is served otherwise, and every resource that is used otherwise. " +
		"With \"lasting\" the pairs of the first match are lasting pairings of the second, which then moves as few people as it can.",
	request: DiffRequest{},
	example: `{"before": {` + exampleLists + `}, "after": {` + exampleLists + `, "options": {"w_distance": 2}}}`,
	answers: map[string]mediaExample{"application/json": {types: []any{datasets.DifferenceJSON{}}}},
	errors:  keptErrors(),
}

// DiffRequest is the body of POST /v1/match/diff. It describes the body; [Server.diffMatches] reads it in one pass.
type DiffRequest struct {
	Before  any  `json:"before" doc:"The first scenario"`
	After   any  `json:"after" doc:"The second scenario"`
	Lasting bool `json:"lasting,omitempty" doc:"The pairs of the first match are lasting pairings of the second"`
}

// KeptMatch names a match that the server keeps.
type KeptMatch struct {
	MatchID string `json:"match_id" doc:"From the answer to a match request with keep"`
}

// scenario is one side of a comparison: a match that is kept, or a request that is still to be solved.
type scenario struct {
	request  *datasets.MatchRequest
	solution *match.Solution // nil while it is not solved
}

// needs counts the needs, 0 for a scenario that could not be read.
func (c *scenario) needs() int {
	if c.request == nil {
		return 0
	}
	return len(c.request.Problem.Lists.Needs)
}

// diffOutput is the answer of a comparison.
type diffOutput struct {
	Body *datasets.DifferenceJSON
}

// diffMatches answers POST /v1/match/diff.
func (s *Server) diffMatches(ctx context.Context, in *bodyInput) (*diffOutput, error) {
	start := time.Now()
	before, after, lasting, err := s.readScenarios(in)
	if err != nil {
		in.body.discard()
		return nil, err
	}
	read := time.Since(start)
	start = time.Now()
	if before.solution == nil || after.solution == nil {
		if err := s.enter(ctx); err != nil {
			return nil, err
		}
		defer s.leave()
	}
	if err := s.solveScenario(ctx, before); err != nil {
		return nil, err
	}
	if lasting {
		if err := before.last(after); err != nil {
			return nil, err
		}
	}
	if err := s.solveScenario(ctx, after); err != nil {
		return nil, err
	}
	difference := match.Compare(&before.request.Problem, before.solution, &after.request.Problem, after.solution)
	took := time.Since(start)
	s.metrics.solved("diff", max(before.needs(), after.needs()), after.solution.Status.String(), took)
	s.log.LogAttrs(ctx, slog.LevelInfo, "solve",
		slog.String("job", "diff"),
		slog.Int("needs", after.needs()),
		slog.Int("resources", len(after.request.Problem.Lists.Resources)),
		slog.String("status", after.solution.Status.String()),
		slog.String("stop", after.solution.Stop.String()),
		slog.Int("changed_needs", len(difference.Persons)),
		slog.Float64("read_s", read.Seconds()),
		slog.Float64("solve_s", took.Seconds()))
	return &diffOutput{Body: datasets.NewDifference(difference)}, nil
}

// readScenarios reads the body of a comparison. The time limit of each side is that of one solve.
func (s *Server) readScenarios(in *bodyInput) (before, after *scenario, lasting bool, err error) {
	var faults solver.Invalid
	err = readMembers(in.body, []string{"before", "after", "lasting"}, func(name string, value jsontext.Value) (err error) {
		switch name {
		case "before":
			before, err = s.readScenario(in, "/before", value)
		case "after":
			after, err = s.readScenario(in, "/after", value)
		case "lasting":
			lasting, err = readFlag("/lasting", value)
		}
		return err
	})
	if err := addFaults(&faults, err); err != nil {
		return nil, nil, false, err
	}
	if faults.Total == 0 {
		for _, side := range []struct {
			name string
			*scenario
		}{{"/before", before}, {"/after", after}} {
			if side.scenario == nil {
				faults.Add(solver.Fault{Pointer: side.name, Code: "required", Detail: "a scenario is required: a match request, or the match_id of a kept match"})
			}
		}
		if lasting && after != nil && after.solution != nil {
			faults.Add(solver.Fault{Pointer: "/lasting", Code: "conflict", Detail: "the second match is made already, so nothing can be kept in it"})
		}
	}
	return before, after, lasting, faults.Err()
}

// mostKeptBytes bounds the text of an object that holds nothing but a match_id: a longer one is a request.
const mostKeptBytes = 1000

// readScenario reads one side of a comparison.
func (s *Server) readScenario(in *bodyInput, pointer string, value jsontext.Value) (*scenario, error) {
	if id, ok := namesKept(value); ok {
		kept, err := s.recall(in, id, pointer+"/match_id")
		if err != nil {
			return nil, err
		}
		return &scenario{kept.request, kept.solution}, nil
	}
	req, err := s.readPart(pointer, value)
	if err != nil {
		return nil, err
	}
	return &scenario{request: req}, nil
}

// namesKept returns the match_id of an object that has one and little else; what else it has is then refused by nobody but
// says nothing.
func namesKept(value jsontext.Value) (id string, ok bool) {
	if len(value) > mostKeptBytes {
		return "", false
	}
	var kept KeptMatch
	if err := json.Unmarshal(value, &kept, json.RejectUnknownMembers(true)); err != nil || kept.MatchID == "" {
		return "", false
	}
	return kept.MatchID, true
}

// readFlag reads true or false; null counts as absent.
func readFlag(pointer string, value jsontext.Value) (bool, error) {
	switch value.Kind() {
	case 't', 'f', 'n':
		return value.Kind() == 't', nil
	}
	return false, fault(pointer, "invalid", "must be true or false")
}

// solveScenario solves a scenario that is not solved yet, in the slot that the caller entered.
func (s *Server) solveScenario(ctx context.Context, c *scenario) (err error) {
	if c.solution == nil {
		c.solution, _, err = s.run(ctx, c.request, nil)
	}
	return err
}

// last makes the pairs of a solved scenario lasting pairings of another.
func (c *scenario) last(other *scenario) error {
	if _, err := other.request.Keep(rowsOf(c.request, c.solution)); err != nil {
		return err
	}
	return below("/after", other.request.Validate())
}

// rowsOf returns the matches of a solution by their ids.
func rowsOf(req *datasets.MatchRequest, sol *match.Solution) []datasets.PlanRow {
	lists := &req.Problem.Lists
	rows := make([]datasets.PlanRow, len(sol.Matches))
	for k, m := range sol.Matches {
		rows[k] = datasets.PlanRow{NeedID: lists.Needs[m.Need].ID, ResourceID: lists.Resources[m.Resource].ID, Units: m.Units}
	}
	return rows
}
