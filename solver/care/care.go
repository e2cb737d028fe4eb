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
	Units        int64    // units of service asked for, >= 1; they may be split over several resources
	Party        Party    // the service party whose list holds the need; "" is none
	Priority     int      // class 1, 2 or 3; 1 is served first
	Accepts      []Kind   // kinds of resource accepted; empty accepts all
	Requires     []string // qualifications required
	Prefers      []string // ids of resources preferred; empty prefers none
	Avoids       []string // ids of resources rather avoided
	Languages    []string // at least one in common; empty asks for none
	Gender       Gender   // of the resource; "" asks for none
	MaxDistanceM Limit    // metres
	MaxPrice     Limit    // of one unit, in minor units of the currency
	Mode         Mode
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
}

// Provider is a third-party organisation under contract.
type Provider struct {
	ID             string
	Quota          Limit    // bounds the units of all resources that name the provider
	Qualifications []string // lent to all its resources
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
}
