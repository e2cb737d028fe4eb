package care

import (
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// Floors of premises. Storeys are counted as in China: 1 is the ground floor, 2 the one above it.
const (
	HalfFloor    = 0    // a semi-basement or a mezzanine
	LowestFloor  = -10  // -1 is the first basement
	HighestFloor = 1000 // far above any
)

// MaxArea bounds the area of premises and of a norm, in m².
const MaxArea = 10_000_000

// Premises are rooms that could become a venue.
type Premises struct {
	ID          string
	At          travel.Place
	AreaM2      int64    // usable area, whole square metres rounded down, 1 to MaxArea
	Floor       int64    // of the lowest room used; see the constants
	Lift        bool     // one that visitors may use
	BarrierFree bool     // reached without a step from the street
	Function    string   // what the rooms are built or used for; "" is not stated
	Owner       string   // opaque id of the owner; "" is not stated
	Party       Party    // the service party in whose area they lie; "" is none
	BuildCost   int64    // to make a venue of them, once, in minor units of the currency, >= 0
	RunCost     int64    // to run it for a year, in minor units, >= 0
	Services    []string // services they could host; empty: whatever the rules allow
}

// PopulationPoint is a place with the people of one group who live there: a building, a grid cell, a community.
type PopulationPoint struct {
	ID     string
	At     travel.Place
	People int64  // >= 0; a point of nobody is no demand
	Group  string // "60+", "under_3": the word that norms use; "" is everybody
	Party  Party  // "" is none
}

// Sites is what a planner reads besides needs and venues. It stands beside [Lists], which is what a match reads and
// which nothing here changes: rooms that are no venue yet serve nobody.
type Sites struct {
	Premises   []Premises
	Population []PopulationPoint
	Services   []Service // nil: none given, and every name is a service
}

// Validate reports every fault at once as a [*solver.Invalid], or nil. Pointers are "/premises/3/area_m2",
// "/population/0/people". The tree of services is taken as it is: [Lists.Validate] checks it. O(size of the lists).
func (s *Sites) Validate() error {
	var all solver.Invalid
	services := make(map[string]int, len(s.Services))
	for i := range s.Services {
		services[s.Services[i].ID] = i
	}
	seen := make(map[string]int, len(s.Premises))
	for i := range s.Premises {
		p, r := &s.Premises[i], row{&all, "premises", i}
		r.id(p.ID, seen)
		r.place(p.At)
		r.between("area_m2", p.AreaM2, 1, MaxArea)
		r.between("floor", p.Floor, LowestFloor, HighestFloor)
		r.party("party", p.Party)
		r.whole("build_cost", p.BuildCost, 0)
		r.whole("run_cost", p.RunCost, 0)
		r.words("services", p.Services)
		for k, id := range p.Services {
			if id != "" && s.Services != nil {
				r.knows(entry("services", k, ""), id, "service", services)
			}
		}
	}
	seen = make(map[string]int, len(s.Population))
	for i := range s.Population {
		p, r := &s.Population[i], row{&all, "population", i}
		r.id(p.ID, seen)
		r.place(p.At)
		r.whole("people", p.People, 0)
		r.party("party", p.Party)
	}
	return all.Err()
}
