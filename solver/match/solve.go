package match

import "context"

// Solve returns the match of least objective.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	panic("being written")
}

// Violation is one rule that a plan breaks.
type Violation struct {
	Code     Code  // CodeUnits for a need served with more units than it asks for
	Need     int32 // -1 when the rule concerns no single need
	Resource int32 // -1 when the rule concerns no single resource
	Provider int32 // -1 when the rule concerns no single provider
	ExcessBy int64 // in the constraint's unit; 0 where it has none
}

// CodeUnits marks a plan that gives a need more units than it asks for, or a pair twice.
const CodeUnits Code = "UNITS_CONSTRAINT"

// Review measures a plan made elsewhere: every rule that it breaks, and its objective (which counts the units of broken
// pairs as served). Of each match only Need, Resource and Units are read.
func Review(p *Problem, plan []Match) ([]Violation, Objective, error) {
	panic("being written")
}

// Check re-measures s.
func Check(p *Problem, s *Solution) error {
	panic("being written")
}

// Validate reports every fault of p at once, as a *solver.Invalid.
func (p *Problem) Validate() error {
	panic("being written")
}
