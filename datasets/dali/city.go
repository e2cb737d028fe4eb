package dali

import (
	"fmt"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// Sizes of a generated city, in needs.
const (
	MinNeeds     = 100
	MaxNeeds     = 1_000_000
	DefaultNeeds = 2_000
)

// Options choose a city. The zero value is the default one.
type Options struct {
	Needs int    // length of the needs list, MinNeeds to MaxNeeds; 0 means DefaultNeeds
	Seed  uint64 // same Options: the same bytes on any machine; 0 is a seed like any other
	Full  bool   // with every feature of the lists: times, sessions, contracts, pairings and so on; see the package comment
}

// City is a generated city. Slices inside its lists (languages, qualifications, areas) are shared between rows: read
// them, or copy them first.
type City struct {
	Lists       care.Lists
	Horizon     care.Horizon     // the week that the lists of a full city speak of; zero for a plain one
	Barriers    []travel.Polygon // the lake at full detail, one ring of 166 vertices (167 in the file, which closes it)
	Boundary    travel.Polygon   // outline of the city, simplified for drawing
	Lake        travel.Polygon   // outline of the lake, simplified for drawing
	Towns       []Place          // 13 streets, towns and the township, by code
	Communities []Place          // 144 communities and villages, by code
}

// Precision says how well a place is located.
type Precision string

// The precisions of places.
const (
	Exact        Precision = "exact"        // the source has a point for that very unit; off by up to about 0.5 km
	Approximate  Precision = "approximate"  // a predecessor's point, the seat of the parent, or a mean of located communities
	Interpolated Precision = "interpolated" // synthetic: spread over the likely settled land of the town
)

// Tier is the kind of a division.
type Tier string

// The tiers of divisions.
const (
	Street    Tier = "street"
	Town      Tier = "town" // the one township (乡) counts as a town
	Community Tier = "community"
	Village   Tier = "village"
)

// Place is one division of the city.
type Place struct {
	Code      string // of the division: "532901003"
	Name      string // in Chinese: "下关街道"
	NameEN    string // "Xiaguan"; "" for communities and villages
	Tier      Tier
	At        travel.Place // its seat
	Precision Precision    // of At
	Party     care.Party   // "532901/532901003"
	Weight    int64        // share of homes, in people: census where there is one, otherwise assumed
}

// Timezone is the zone of every window of the city.
const Timezone = "Asia/Shanghai"

// Week is the horizon of a full city: seven days of the winter holidays, from Monday 18 January 2027.
func Week() care.Horizon { return care.Horizon{From: monday, Days: 7} }

// Generate makes a city. It returns a [*solver.Invalid] when the size is out of range. O(needs) time and memory: about
// one second and 0.6 GB for a million, twice that for a full one.
func Generate(opts Options) (*City, error) {
	if opts.Needs == 0 {
		opts.Needs = DefaultNeeds
	}
	if opts.Needs < MinNeeds || opts.Needs > MaxNeeds {
		var bad solver.Invalid
		bad.Add(solver.Fault{
			Pointer: "/needs", Code: "out_of_range", Value: strconv.Itoa(opts.Needs),
			Detail: fmt.Sprintf("the sample city has %d to %d needs", MinNeeds, MaxNeeds),
		})
		return nil, bad.Err()
	}
	geo, err := load()
	if err != nil {
		return nil, fmt.Errorf("read the embedded city of Dali: %w", err)
	}
	g := newGenerator(geo, opts)
	g.makeNeeds()
	g.makeSupply()
	g.makePreferences()
	lists := care.Lists{Services: services()}
	var horizon care.Horizon
	if opts.Full {
		if err := g.makeFeatures(); err != nil {
			return nil, err
		}
		lists.Services = append(lists.Services, fullServices()...)
		lists.Contracts, lists.Events, lists.Pairings = g.contracts, g.events, g.pairings
		horizon = Week()
	}
	lists.Needs, lists.Resources, lists.Providers = g.needs, g.resources, g.providers
	return &City{
		Lists:       lists,
		Horizon:     horizon,
		Barriers:    []travel.Polygon{geo.lake.polygon()},
		Boundary:    geo.boundaryDrawn.polygon(),
		Lake:        geo.lakeDrawn.polygon(),
		Towns:       geo.towns,
		Communities: geo.communities,
	}, nil
}
