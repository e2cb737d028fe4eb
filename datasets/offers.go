package datasets

import (
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// OffersJSON is who could serve each caller now: what `courtyard offers --json` prints and POST /v1/match/offers returns.
type OffersJSON struct {
	Callers []CallerOffersJSON `json:"callers" doc:"In the order of the request"`
}

// CallerOffersJSON is who could serve one caller.
type CallerOffersJSON struct {
	ID     string          `json:"id"`
	Offers []UnitOfferJSON `json:"offers" doc:"Best for everybody first; none when nobody could serve"`
}

// UnitOfferJSON is one unit that a caller could be given.
type UnitOfferJSON struct {
	ResourceID string        `json:"resource_id"`
	Service    string        `json:"service,omitempty" doc:"The stand-in given; left out for the very service asked for"`
	Date       string        `json:"date,omitempty" format:"date" doc:"Day of the visit, where the caller or the resource has a time"`
	Windows    []string      `json:"windows,omitempty" doc:"When on that day, by the clock on the wall"`
	DistanceM  int64         `json:"distance_m"`
	Cost       int64         `json:"cost" doc:"Of this unit alone"`
	Objective  ObjectiveJSON `json:"objective" doc:"Of the whole match with it: what it would cost everybody"`
	Moves      []MoveJSON    `json:"moves" doc:"Who would have to change hands for it; nobody if empty"`
}

// MaxCallers and MaxOffers bound what one request for offers asks; DefaultOffers are given where it does not say.
const (
	MaxCallers    = 100
	MaxOffers     = 100
	DefaultOffers = 5
)

// callerOffers turns the offers to one caller into JSON.
func (r *MatchRequest) callerOffers(caller *care.Need, offers []match.Offer) CallerOffersJSON {
	b := &answerBuilder{req: r, lists: &r.Problem.Lists, goal: goalOf(&r.Problem)}
	out := CallerOffersJSON{ID: caller.ID, Offers: make([]UnitOfferJSON, len(offers))}
	for k := range offers {
		o := &offers[k]
		x := UnitOfferJSON{
			ResourceID: *b.resourceID(o.Resource), Date: b.date(o.Day), DistanceM: o.DistanceM, Cost: o.Cost,
			Objective: b.goal.objective(o.Objective), Moves: b.moves(o.Moves),
		}
		if o.StandIn >= 0 {
			x.Service = caller.StandIns[o.StandIn].Service
		}
		for _, w := range o.Windows {
			x.Windows = append(x.Windows, w.String())
		}
		out.Offers[k] = x
	}
	return out
}

// ReadCallers reads the callers of a request for offers: a JSON array of needs. Errors are those of [ReadRequest], with
// pointers into the array.
func ReadCallers(r io.Reader, lim Limits) ([]care.Need, error) {
	d := newJSONReader(r, lim)
	callers := needList()
	callers.name = "callers"
	list := readRows(d, callers, MaxCallers)
	d.end()
	if d.stop != nil {
		return nil, d.stop
	}
	return list, d.faults.Err()
}

// Offer asks a finished match for the best units that each caller could be given, at most limit each. The pointers of a
// [*solver.Invalid] lead into the array of callers.
func (r *MatchRequest) Offer(ctx context.Context, finished *match.Finished, callers []care.Need, limit int) (*OffersJSON, error) {
	out := &OffersJSON{Callers: make([]CallerOffersJSON, len(callers))}
	var faults solver.Invalid
	for k := range callers {
		offers, err := finished.Offers(ctx, callers[k], limit)
		invalid, ok := errors.AsType[*solver.Invalid](err)
		switch {
		case ok:
			for _, f := range invalid.Faults {
				f.Pointer = "/" + strconv.Itoa(k) + strings.TrimPrefix(f.Pointer, "/needs/0")
				faults.Add(f)
			}
			faults.Total += invalid.Total - len(invalid.Faults)
		case err != nil:
			return nil, err
		default:
			out.Callers[k] = r.callerOffers(&callers[k], offers)
		}
	}
	return out, faults.Err()
}

// Finished returns the solution that the plan of the request is: what [match.Open] reads of one. Rows of the plan that name
// what is not there are faults, in a [*solver.Invalid].
func (r *MatchRequest) Finished() (*match.Solution, error) {
	matches, err := r.Matches()
	if err != nil {
		return nil, err
	}
	return &match.Solution{Status: solver.Feasible, Matches: matches}, nil
}
