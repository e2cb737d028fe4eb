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
	StandIn    int64 // per unit of a stand-in's penalty
	Interest   int64 // per interest of the need that the resource does not share
	Change     int64 // per unit of a lasting pairing that is not kept
	Load       int64 // of fair load: a volunteer with u units costs Load·u² more
}

// DefaultWeights returns 1 a metre, 1 a minor unit of money, 500 a broken preference, 1 a unit of penalty, 100 an interest
// not shared, 2,000 a changed pairing, and nothing for load.
func DefaultWeights() Weights {
	return Weights{Distance: 1, Price: 1, Preference: 500, StandIn: 1, Interest: 100, Change: 2000}
}

// Tier names one number of the tuple that a match minimises.
type Tier string

// The tiers.
const (
	TierUnmet1        Tier = "unmet_1"        // units unmet of class 1
	TierUnmet2        Tier = "unmet_2"        // of class 2
	TierUnmet3        Tier = "unmet_3"        // of class 3
	TierWorstDistance Tier = "worst_distance" // the longest way of any matched unit, metres
	TierWorstNeed     Tier = "worst_need"     // the dearest need: the greatest cost of all units of one need
	TierChanges       Tier = "changes"        // units of lasting pairings not kept
	TierLoad          Tier = "load"           // Σ units² over the volunteers: least where loads are as even as can be
	TierCost          Tier = "cost"
)

// Tiers lists every tier in the order of the documents.
func Tiers() []Tier {
	return []Tier{TierUnmet1, TierUnmet2, TierUnmet3, TierWorstDistance, TierWorstNeed, TierChanges, TierLoad, TierCost}
}

// DefaultTiers returns the order used when none is set: units unmet class by class, then cost.
func DefaultTiers() []Tier { return []Tier{TierUnmet1, TierUnmet2, TierUnmet3, TierCost} }

// Problem is one match. Solve reads it and never modifies it, so one Problem may serve several calls at once.
type Problem struct {
	Lists    care.Lists
	Weights  Weights          // as they are: the zero value makes every pair free; see DefaultWeights
	Detour   float64          // factor on every distance, >= 1; 0 means 1
	Barriers []travel.Polygon // no way enters them; nil means none
	Nearest  int              // consider only the k nearest eligible resources of each need; 0 means all

	Horizon    care.Horizon   // the days planned; the zero value is allowed where nothing in the lists has a time
	Zone       *time.Location // of every window; nil: a zone whose clocks never change
	Tiers      []Tier         // what is minimised, in order; nil means DefaultTiers
	KeepPinned bool           // a pinned pairing that breaks a rule of eligibility is kept and said; otherwise it is a fault
}

// Options tune the search. The zero value is a good default.
type Options struct {
	TimeLimit  time.Duration  // 0 means only ctx limits the run
	WorkLimit  int64          // pivots of the engine over all rounds; 0 means none
	OnProgress func(Progress) // called on the caller's goroutine; nil means silent

	Relaxations  int // for so many unmet needs, in order, their cheapest relaxations; negative: for all
	Alternatives int // so many next best resources for each match; 0: none

	few int // pairs up to which an engine gets all at once; 0 means fewColumns. For tests
}

// Progress is a look at a running match.
type Progress struct {
	Stage string  // "compile", "solve", "price", "explain"
	Done  float64 // share of the stage done, 0 to 1; negative when not known
	Round int     // of solving and pricing, from 1
	Unmet int64   // units unmet in the plan in hand; negative when not known
}

// Objective is what a match minimises: the tuple of Problem.Tiers in their order, by default units unmet of class 1, of
// class 2, of class 3, cost. Before all of them stands Short.
type Objective struct {
	Short         int64 // units short of promised minimums
	Unmet         [Classes]int64
	WorstDistance int64 // metres; 0 where it is no tier
	WorstNeed     int64 // cost; 0 where it is no tier
	Changes       int64 // units; 0 where it is no tier: changes then count in Cost
	Load          int64 // Σ units² over volunteers; 0 where it is no tier: load then counts in Cost
	Cost          int64
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

	Hard         []Hard         // the constraints that are not a flow and had to be branched on; nil: the match is a flow
	ChoicesKept  bool           // unit values, reasons and second thoughts hold with the choices of this plan kept (what opens, who is served whole, hours and money as spent, the worst distance)
	Alternatives []Alternatives // with Options.Alternatives, one for each match
	PinnedBreaks []Violation    // with Problem.KeepPinned: the rules that pinned pairings break

	EligiblePairs int64 // pairs that may be matched, capacity left aside
	PricedPairs   int64 // pairs that the engine saw
	Rounds        int   // of solving and pricing
	Work          int64 // pivots; the same problem with this WorkLimit gives the same answer
}

// Match is one pair with its units: of one service, and on one day if the need or the resource has a time.
type Match struct {
	Need      int32
	Resource  int32
	StandIn   int32 // position in the need's StandIns of the service given; -1 for the very service asked for
	Day       int32 // of the horizon; -1 where neither has a time
	Units     int64
	DistanceM int64 // metres between the two; 0 in mode remote
	Cost      int64 // of all its units
}

// Unmet is a need with units left over.
type Unmet struct {
	Need        int32
	Units       int64
	Reasons     []Reason
	Relaxations []Relaxation // with Options.Relaxations: the best first
}

// Relaxation is one change of the lists that would serve a unit of an unmet need.
type Relaxation struct {
	Code      Code      // the constraint that is relaxed
	Resource  int32     // the resource that would serve
	By        int64     // how far, in the constraint's unit: metres, money, minutes, units
	HasBy     bool      // false where the constraint has no unit
	StandIn   string    // the service given instead, for CodeService
	Day       int32     // the day of the visit, -1 if it has none
	Objective Objective // the optimum of the whole match with the relaxation
	Moves     []Move    // what it takes from others and gives them
}

// Move is a unit that changes hands: from one resource, or none (-1), to another, or none.
type Move struct {
	Need     int32
	From, To int32
}

// Alternatives are the next best resources for one match.
type Alternatives struct {
	Match int32 // position in Solution.Matches
	Best  []Alternative
}

// Alternative is another resource for one unit of a match, the rest of the match rearranged as best it can.
type Alternative struct {
	Resource  int32
	Objective Objective // of the whole match then
	Moves     []Move    // others who move; the unit in question is left out
}

// Hard counts the constraints of one kind that are not a flow and were broken by the plain flow, so that they had to be
// branched on.
type Hard struct {
	Kind  HardKind
	Count int
}

// HardKind is a kind of side constraint.
type HardKind string

// The kinds of side constraints.
const (
	HardBudget   HardKind = "budget"     // money of a provider, units of different charges
	HardHours    HardKind = "hours"      // minutes of a resource, units of different durations
	HardCarers   HardKind = "carers"     // units that take different numbers of carers at once
	HardMinimum  HardKind = "minimum"    // a resource that opens only with enough units
	HardWhole    HardKind = "whole"      // a need served by one resource or not at all
	HardEvent    HardKind = "event"      // stops of an outreach event
	HardApart    HardKind = "apart"      // days between visits
	HardDistinct HardKind = "distinct"   // visits on several days, each by another resource
	HardDay      HardKind = "day"        // a limit of a service beside a limit of a day
	HardNeed     HardKind = "worst_need" // the greatest cost of one need, where that is a tier
)

// Code names the constraint behind a refusal.
type Code string

// The codes of reasons and violations.
const (
	CodeService     Code = "SERVICE_CONSTRAINT"       // nobody offers the service
	CodeKind        Code = "KIND_CONSTRAINT"          // the need does not accept the kind
	CodeSkill       Code = "SKILL_CONSTRAINT"         // a required qualification is missing
	CodeLanguage    Code = "LANGUAGE_CONSTRAINT"      // no language in common
	CodeGender      Code = "GENDER_CONSTRAINT"        // not the gender asked for
	CodeMaxDistance Code = "MAX_DISTANCE_CONSTRAINT"  // farther than the need accepts
	CodeRadius      Code = "RADIUS_CONSTRAINT"        // farther than the resource serves
	CodeArea        Code = "AREA_CONSTRAINT"          // outside the areas of the resource
	CodePrice       Code = "PRICE_CONSTRAINT"         // dearer than the need accepts
	CodeMode        Code = "MODE_CONSTRAINT"          // a venue does not visit
	CodeCapacity    Code = "CAPACITY_CONSTRAINT"      // the resource, or this service of it, is full
	CodeQuota       Code = "QUOTA_CONSTRAINT"         // the provider's quota is used up
	CodeReachable   Code = "REACHABLE_CONSTRAINT"     // no way round the barriers leads there
	CodeTime        Code = "TIME_WINDOW_CONSTRAINT"   // not available for the duration when the need has time
	CodeAge         Code = "AGE_CONSTRAINT"           // not of an age asked for
	CodeCarers      Code = "CARERS_CONSTRAINT"        // fewer members than are needed at once
	CodeForbidden   Code = "COMPATIBILITY_CONSTRAINT" // the pairing is forbidden
	CodeLocking     Code = "LOCKING_CONSTRAINT"       // a pinned pairing holds it
	CodeBudget      Code = "BUDGET_CONSTRAINT"        // the provider's money is used up
	CodeHours       Code = "HOURS_CONSTRAINT"         // the minutes of the resource are used up
	CodeMinimum     Code = "MINIMUM_CONSTRAINT"       // too few to open
	CodeEvent       Code = "EVENT_CONSTRAINT"         // the event stops elsewhere
	CodeApart       Code = "DAYS_APART_CONSTRAINT"    // too soon after another visit
	CodeDistinct    Code = "DISTINCT_CONSTRAINT"      // another unit of the need has this resource
	CodeWhole       Code = "WHOLE_CONSTRAINT"         // not all its units fit
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
	Steady    Range     // capacities with which this very plan stays optimal
}

// Range is a span of whole numbers, both ends in it. To is negative where there is no end.
type Range struct{ From, To int64 }

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
