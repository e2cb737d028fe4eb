// Package match decides who serves whom: the units of individual needs go to volunteers, teams, third-party providers,
// partners and venues, under distance, capacity and quota, at least cost and with as few units unmet as can be.
package match

import (
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// Classes is the number of priority classes; class 1 is served first.
const Classes = 3

// Weights are the factors of the cost of one matched unit, whole numbers >= 0.
type Weights struct {
	Distance   int64 // per metre
	Price      int64 // per minor unit of the currency
	Preference int64 // for a pair outside the need's prefers or inside its avoids
}

// DefaultWeights returns 1 a metre, 1 a minor unit of money and 500 a broken preference.
func DefaultWeights() Weights { return Weights{Distance: 1, Price: 1, Preference: 500} }

// Problem is one match. Solve reads it and never modifies it, so one Problem may serve several calls at once.
type Problem struct {
	Lists    care.Lists
	Weights  Weights          // as they are: the zero value makes every pair free; see DefaultWeights
	Detour   float64          // factor on every distance, >= 1; 0 means 1
	Barriers []travel.Polygon // no way enters them; nil means none
	Nearest  int              // consider only the k nearest eligible resources of each need; 0 means all
}

// Options tune the search. The zero value is a good default.
type Options struct {
	TimeLimit  time.Duration  // 0 means only ctx limits the run
	WorkLimit  int64          // pivots of the engine over all rounds; 0 means none
	OnProgress func(Progress) // called on the caller's goroutine; nil means silent
}

// Progress is a look at a running match.
type Progress struct {
	Stage string  // "compile", "solve", "price", "explain"
	Done  float64 // share of the stage done, 0 to 1; negative when not known
	Round int     // of solving and pricing, from 1
	Unmet int64   // units unmet in the plan in hand; negative when not known
}

// Objective is the tuple that a match minimises, compared in order: unmet units of class 1, of class 2, of class 3, cost.
type Objective struct {
	Unmet [Classes]int64
	Cost  int64
}

// Solution is the best match found and what is known about it. Needs and resources are named by their position in the
// problem's lists.
type Solution struct {
	Status    solver.Status // Optimal, Feasible or Unknown; a need that cannot be served is unmet, never infeasible
	Stop      solver.Stop
	Objective Objective
	Bound     Objective     // no match is better; equals Objective when Status is Optimal
	Matches   []Match       // pairs with units > 0, by need, then by resource
	Unmet     []Unmet       // needs with units left over, by need; all of them when Status is Unknown
	Resources []ResourceUse // one for each resource, in order
	Figures   Figures
	Dual      *Dual // the certificate of Optimal that Check verifies; nil otherwise, and with Nearest set
	Explained bool  // unit values and the objectives in reasons are there; false when the search was cut

	EligiblePairs int64 // pairs that may be matched, capacity left aside
	PricedPairs   int64 // pairs that the engine saw
	Rounds        int   // of solving and pricing
	Work          int64 // pivots; the same problem with this WorkLimit gives the same answer
}

// Match is one pair with its units.
type Match struct {
	Need      int32
	Resource  int32
	Units     int64
	DistanceM int64 // metres between the two
	Cost      int64 // of all its units
}

// Unmet is a need with units left over.
type Unmet struct {
	Need    int32
	Units   int64
	Reasons []Reason
}

// Code names the constraint behind a refusal.
type Code string

// The codes of reasons and violations.
const (
	CodeService     Code = "SERVICE_CONSTRAINT"      // nobody offers the service
	CodeKind        Code = "KIND_CONSTRAINT"         // the need does not accept the kind
	CodeSkill       Code = "SKILL_CONSTRAINT"        // a required qualification is missing
	CodeLanguage    Code = "LANGUAGE_CONSTRAINT"     // no language in common
	CodeGender      Code = "GENDER_CONSTRAINT"       // not the gender asked for
	CodeMaxDistance Code = "MAX_DISTANCE_CONSTRAINT" // farther than the need accepts
	CodeRadius      Code = "RADIUS_CONSTRAINT"       // farther than the resource serves
	CodeArea        Code = "AREA_CONSTRAINT"         // outside the areas of the resource
	CodePrice       Code = "PRICE_CONSTRAINT"        // dearer than the need accepts
	CodeMode        Code = "MODE_CONSTRAINT"         // a venue does not visit
	CodeCapacity    Code = "CAPACITY_CONSTRAINT"     // the resource, or this service of it, is full
	CodeQuota       Code = "QUOTA_CONSTRAINT"        // the provider's quota is used up
	CodeReachable   Code = "REACHABLE_CONSTRAINT"    // no way round the barriers leads there
)

// Reason is one constraint that kept resources from an unmet need.
//
// For CodeCapacity and CodeQuota the reason also says where one more unit would help most: Resource is the eligible
// resource which, given one more unit (of its capacity, its limit for the service and its provider's quota, wherever
// these bind) and with one more unit of this need forced to be served, gives the least objective; Objective is that one.
type Reason struct {
	Code      Code
	Removed   int   // resources offering the service that fail this constraint and no other
	Nearest   int32 // the nearest of those, -1 if none
	ShortBy   int64 // how far off Nearest is, in the constraint's unit
	HasShort  bool  // false where the constraint has no unit
	Resource  int32 // see above; -1 for the other codes
	Objective Objective
	Outranked int // class of the more urgent need that the added unit would rather serve; 0 if none
}

// ResourceUse says how much of a resource is used and what one more unit of its capacity would be worth.
type ResourceUse struct {
	Used      int64
	Capacity  int64
	UnitValue Objective // the objective now minus the optimum with one more unit of total capacity; exact
}

// Dual is the proof that a match is optimal: prices under which no eligible pair is a bargain and every used one is fair.
// A unit unmet of class c weighs Penalty[c-1], a number computed from the problem's own costs so large that no chain of
// cost can outweigh one unit of a class (see Solve). Prices are in the same unit.
type Dual struct {
	Penalty  [Classes]int64
	Need     []int64   // Need[i]: what serving one more unit of need i costs, at most its penalty
	Resource []int64   // Resource[j] >= 0: price of one unit of capacity
	Offer    [][]int64 // Offer[j][o] >= 0: price of one unit of the service limit; Offer[j] is nil where resource j has none
	Provider []int64   // Provider[p] >= 0: price of one unit of quota
}

// Figures are the measures of success and their breakdowns.
type Figures struct {
	Asked, Served int64
	Precision     float64 // share of all units served by a qualified resource within its distance
	Fineness      float64 // share of all units served with the very service asked for
	ByClass       [Classes]Share
	ByService     []Group // by name
	ByParty       []Group // by path
	LoadByKind    []Load  // in the order of care.Kinds, kinds without resources left out
	DistanceP50M  int64   // median metres of a served unit; -1 when none is served
	DistanceP90M  int64
}

// Share counts units asked for and served.
type Share struct{ Asked, Served int64 }

// Group is the share of one service or one party.
type Group struct {
	Name string
	Share
}

// Load sums resources of one kind.
type Load struct {
	Kind      care.Kind
	Resources int
	Used      int64
	Capacity  int64
}
