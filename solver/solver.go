// Package solver holds the few words that every solver of Courtyard shares: what an answer proves ([Status]), why the
// search ended ([Stop]), and how faults of an input are reported ([Fault], [Invalid]).
//
// Every solver package has one shape. A Problem is plain data; Solve reads it and never modifies it; the Solution says
// what was found and what is proved; Check re-measures it and shares no code with the search. Three questions get three
// answers: error says that the call could not be carried out, Status what is proved, Stop why the search ended. An
// infeasible problem, or a search cut before it found anything, is an answer with a nil error.
package solver

import "fmt"

// Status is what an answer proves about its problem.
type Status uint8

// The zero value promises nothing.
const (
	Unknown    Status = iota // nothing is proved and no usable plan is in hand
	Optimal                  // the plan is in hand and the bound meets its objective
	Feasible                 // a plan is in hand; a better one may exist
	Infeasible               // no plan exists; the answer says why
	Unbounded                // plans of any low cost exist; the answer shows the cycle
)

var statusNames = [...]string{"unknown", "optimal", "feasible", "infeasible", "unbounded"}

// String returns the word used in every answer: "optimal", "feasible", and so on.
func (s Status) String() string {
	if int(s) < len(statusNames) {
		return statusNames[s]
	}
	return fmt.Sprintf("status(%d)", uint8(s))
}

// Stop is the reason a search ended.
type Stop uint8

// The zero value means that no search has run.
const (
	StopNone      Stop = iota // no search has run
	StopProved                // the status is proved: nothing was left to search
	StopTime                  // the time limit, or the context's deadline, was reached
	StopWork                  // the work limit was reached
	StopCancelled             // the context was cancelled
)

var stopNames = [...]string{"none", "proved", "time", "work", "cancelled"}

// String returns the word used in every answer: "proved", "time", "work" or "cancelled".
func (s Stop) String() string {
	if int(s) < len(stopNames) {
		return stopNames[s]
	}
	return fmt.Sprintf("stop(%d)", uint8(s))
}
