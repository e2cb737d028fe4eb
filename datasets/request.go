package datasets

import (
	"context"
	"errors"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// MatchRequest is one match as read: from JSON over HTTP or from a file, or from CSV lists with flags.
type MatchRequest struct {
	Problem    match.Problem
	Currency   string    // ISO 4217; "CNY" unless stated
	TimeLimitS float64   // seconds; 0 means none
	Mode       string    // "solve" or "validate"
	Plan       []PlanRow // the `matches` of a check; nil when there are none
	Left       int       // rows of the `previous` answer whose need or resource has gone
	Kept       bool      // `keep`: a service remembers the match, and its answer says by which id

	Relaxations  int // for so many unmet needs, their cheapest relaxations; -1 is all
	Alternatives int // so many next best resources for each match

	horizon   horizon
	barrierAt []string // pointer in the request of each barrier's rings; nil when the barriers were not in it
}

// DefaultCurrency is the currency of prices unless the request states another.
const DefaultCurrency = "CNY"

// NewRequest returns the request to match the lists with every option at its default.
func NewRequest(lists care.Lists) *MatchRequest {
	return &MatchRequest{
		Problem:  match.Problem{Lists: lists, Weights: match.DefaultWeights()},
		Currency: DefaultCurrency,
		Mode:     "solve",
	}
}

// TimeLimit returns the time limit as a duration, 0 for none.
func (r *MatchRequest) TimeLimit() time.Duration {
	return time.Duration(min(r.TimeLimitS, float64(1<<31)) * float64(time.Second))
}

// Solve answers the request within its time limit.
func (r *MatchRequest) Solve(ctx context.Context, progress func(match.Progress)) (*match.Solution, error) {
	return match.Solve(ctx, &r.Problem, r.Options(progress))
}

// Options returns what the request asks of the search.
func (r *MatchRequest) Options(progress func(match.Progress)) match.Options {
	return match.Options{TimeLimit: r.TimeLimit(), OnProgress: progress, Relaxations: r.Relaxations, Alternatives: r.Alternatives}
}

// Validate reports every fault of the problem at once as a [*solver.Invalid], with pointers into the JSON request.
func (r *MatchRequest) Validate() error {
	err := r.Problem.Validate()
	if invalid, ok := errors.AsType[*solver.Invalid](err); ok {
		return r.repoint(invalid)
	}
	return err
}
