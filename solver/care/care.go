// Package care is the shared model of a neighbourhood's care as plain data: the needs list, the resources list, the
// providers behind the resources, and the tree of services. Ids are opaque: the model never holds a name, an address
// or a contact of a person.
//
// The data is explicit. Defaults (one unit, priority 2, capacity 1, mode visit) belong to the readers of files and
// requests; here a need for zero units is a fault that [Lists.Validate] reports.
package care

import (
	"strings"

	"github.com/courtyard-care/courtyard/solver/travel"
)

// Kind says who or what a resource is.
type Kind string

// The kinds of resources.
const (
	Volunteer  Kind = "volunteer"
	Team       Kind = "team"     // volunteers who serve together with a shared capacity
	ThirdParty Kind = "provider" // a qualified third-party organisation
	Partner    Kind = "partner"  // a body or firm of the neighbourhood that lends people or rooms
	Venue      Kind = "venue"    // an open service place, attended by those who need it
)

// Kinds lists every kind in the order of the documents.
func Kinds() []Kind { return []Kind{Volunteer, Team, ThirdParty, Partner, Venue} }

// Mode says who travels.
type Mode string

// The modes of a need.
const (
	Visit  Mode = "visit"  // the resource comes to the home; never a venue
	Attend Mode = "attend" // the person goes to the resource
	Remote Mode = "remote" // nobody travels (a telephone companion): distance neither limits nor costs; never a venue
)

// Gender is a gender asked for or had; "" asks for none, or is not stated.
type Gender string

// The genders that a need may ask for.
const (
	Female Gender = "female"
	Male   Gender = "male"
)

// Party is the path of a service party from the city down, segments parted by "/":
// "532901/532901003/532901003002/group-4". Any depth; "" is none.
type Party string

// Within reports whether p is area or lies below it, by whole segments: "a/bc" is not within "a/b".
func (p Party) Within(area Party) bool {
	return strings.HasPrefix(string(p), string(area)) && (len(p) == len(area) || p[len(area)] == '/')
}

// Limit is an upper bound that may be absent. The zero value is no limit.
type Limit struct {
	set bool
	max int64
}

// AtMost returns the limit "at most v", v >= 0.
func AtMost(v int64) Limit { return Limit{set: true, max: v} }

// Allows reports whether v keeps the limit; an absent limit allows everything.
func (l Limit) Allows(v int64) bool { return !l.set || v <= l.max }

// Value returns the limit and whether there is one.
func (l Limit) Value() (v int64, ok bool) { return l.max, l.set }

// Need is one request of one person or household.
type Need struct {
	ID           string
	Service      string
	At           travel.Place
	Units        int64    // units of service asked for, >= 1; they may be split over several resources. 0 for a recurring need: its visits in the horizon
	Party        Party    // the service party whose list holds the need; "" is none
	Priority     int      // class 1, 2 or 3; 1 is served first
	Accepts      []Kind   // kinds of resource accepted; empty accepts all
	Requires     []string // qualifications required
	Prefers      []string // ids of resources preferred; empty prefers none
	Avoids       []string // ids of resources rather avoided
	Languages    []string // at least one in common; empty asks for none
	Gender       Gender   // of the resource; "" asks for none
	MaxDistanceM Limit    // metres
	MaxPrice     Limit    // of one unit after subsidy, in minor units of the currency
	Mode         Mode

	When      When      // the zero value is any time
	Minutes   Limit     // duration of one unit; absent: that of its service
	Carers    int64     // how many of a resource serve one unit at once; 0 means 1
	Whole     bool      // one resource serves all its units, or none are served
	Distinct  bool      // each of its units is served by another resource
	StandIns  []StandIn // services accepted instead, each the parent or a sibling of Service
	Interests []string  // wished to be shared
	AgeFrom   Limit     // the resource's least age, years
	AgeTo     Limit     // and its greatest
}

// StandIn is a service that a need accepts instead of its own.
type StandIn struct {
	Service string
	Penalty int64 // added to the cost of each unit, >= 0
}

// Offer is one service of a resource.
type Offer struct {
	Service  string
	Capacity Limit // units of this service; never raises the resource's capacity
}

// Resource is whoever or whatever serves.
type Resource struct {
	ID             string
	Kind           Kind
	At             travel.Place
	Services       []Offer
	Qualifications []string
	Capacity       int64   // bounds all its units, >= 0
	RadiusM        Limit   // how far it serves, metres
	Areas          []Party // the parties it serves; empty serves all
	Price          int64   // of one unit, >= 0, in minor units of the currency
	Languages      []string
	Gender         Gender
	Provider       string // id of the provider that stands behind it; "" is none

	Availability    []Slot      // weekly hours; empty: always, but for the exceptions
	Exceptions      []Exception // dates that differ
	DayCapacity     []DayLimit  // units a day, by weekday; units of needs without a time do not count
	CapacityMinutes Limit       // minutes of all its units
	MinUnits        int64       // it opens with at least so many units; 0: with any
	Promised        bool        // MinUnits is promised: units short of it are the first thing to be made few
	Members         Limit       // how many serve in it; absent: 1 for a volunteer, enough for all others
	Team            string      // id of the team to which a volunteer belongs and whose capacity its units share; "" is none
	Expires         []Expiry    // last days of its qualifications
	Programme       string      // the series whose session it is; "" is none
	Session         Session     // the zero value: it is not a dated session
	Event           string      // id of the outreach event of which it is one possible stop; "" is none
	Interests       []string
	Age             Limit // years; absent: not stated
}

// Provider is a third-party organisation under contract.
type Provider struct {
	ID             string
	Quota          Limit    // bounds the units of all resources that name the provider
	Qualifications []string // lent to all its resources
	Budget         Limit    // bounds the money paid for those units, in minor units of the currency
	Subsidy        Limit    // money paid for one unit, at most its price; absent: the price
	Expires        []Expiry // last days of its qualifications
}

// Charge is the money that the contract of the provider pays for one unit at this price.
func (p *Provider) Charge(price int64) int64 {
	if v, ok := p.Subsidy.Value(); ok {
		return min(v, price)
	}
	return price
}

// Contract links a provider and a resource, mostly a venue, to which it lends qualifications: a hospital and a day-care
// centre are a micro nursing home.
type Contract struct {
	Provider string
	Resource string
	Lends    []string // some of the provider's qualifications; empty lends all
	From, To Date     // first and last day; 0 is none
}

// Event is an outreach event: a clinic that visits estates. Its possible stops are the resources that name it. Of stops on
// the same date one may open.
type Event struct {
	ID   string
	Days Limit // how many of its stops may open; absent: all
}

// PairingState says what is to become of a pairing.
type PairingState string

// The states of a pairing.
const (
	Lasting   PairingState = "lasting"   // kept if it can be: each unit not kept costs Weights.Change
	Pinned    PairingState = "pinned"    // must be kept
	Confirmed PairingState = "confirmed" // an offer that was accepted: as pinned
	Forbidden PairingState = "forbidden" // never this helper again
	Declined  PairingState = "declined"  // an offer that was refused: as forbidden
	StandBy   PairingState = "stand_by"  // the helper who stands by: moving to it from a lasting pairing costs no change
	Open      PairingState = "open"      // left to choice: the entry only states a cost
)

// PairingStates lists every state in the order of the documents.
func PairingStates() []PairingState {
	return []PairingState{Lasting, Pinned, Confirmed, Forbidden, Declined, StandBy, Open}
}

// Pairing is what is known of one need and one resource together.
type Pairing struct {
	Need     string
	Resource string
	State    PairingState
	Units    int64 // of a lasting or pinned pairing; 0: as many as the need asks for
	Cost     int64 // added to the cost of each unit, >= 0
}

// Service is one node of the tree of services.
type Service struct {
	ID      string
	Parent  string // id of the parent; "" is a root
	Name    string
	NameZH  string
	Minutes int64 // usual duration of one unit, >= 0
	Common  bool  // answered by venues, planned by coverage
}

// Lists is everything that a match reads. Providers and Services distinguish nil (no such list was given) from empty
// (a list with no rows): a given list must hold whatever the others name.
type Lists struct {
	Needs     []Need
	Resources []Resource
	Providers []Provider // nil: none given, and no provider has a quota
	Services  []Service  // nil: none given, and every name is a service
	Contracts []Contract
	Events    []Event // nil: none given, and no event bounds its stops
	Pairings  []Pairing
}
