package care

import (
	"math/big"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// Demand is what one place asks of the venues.
type Demand struct {
	From    int // index of the need or population point it comes from
	At      travel.Place
	Party   Party
	Service string
	Units   int64 // >= 1
}

// CommonDemand returns the demand of the needs whose service is a common one: those that venues answer. A recurring need
// that states no units asks for the visits of one week. Nothing else of a need is looked at. O(needs + services).
func CommonDemand(l *Lists) []Demand {
	common := make(map[string]bool, len(l.Services))
	for i := range l.Services {
		common[l.Services[i].ID] = l.Services[i].Common
	}
	var out []Demand
	for i := range l.Needs {
		n := &l.Needs[i]
		if !common[n.Service] {
			continue
		}
		units := n.Units
		if n.When.Recurs() && units == 0 {
			units = n.When.TimesAWeek
			if units == 0 {
				units = int64(len(n.When.Weekdays.Words()))
			}
		}
		if units > 0 {
			out = append(out, Demand{From: i, At: n.At, Party: n.Party, Service: n.Service, Units: units})
		}
	}
	return out
}

// Bounds of a head norm.
const (
	MaxGrowthYears = 100
	million        = 1_000_000
)

// HeadNorm turns people into units of a service.
type HeadNorm struct {
	Service    string
	Group      string // of the points it counts; "" counts those of every group
	PerMillion int64  // units for a million people, 0 to MaxWhole: 4.5 places for 1,000 are 4,500
	Growth     int64  // of the people in a year, in millionths: 12,000 is 1.2 %; -1,000,000 to 1,000,000
	Years      int64  // for how many, 0 to MaxGrowthYears
}

// validate reports what is out of range.
func (h *HeadNorm) validate() error {
	var all solver.Invalid
	check := func(field string, v, least, most int64) {
		if v < least || v > most {
			all.Add(solver.Fault{
				Pointer: "/" + field, Code: "out_of_range", Value: strconv.FormatInt(v, 10),
				Detail: "must be a whole number from " + strconv.FormatInt(least, 10) + " to " + strconv.FormatInt(most, 10),
			})
		}
	}
	if h.Service == "" {
		all.Add(solver.Fault{Pointer: "/service", Code: "required", Detail: "a service is required"})
	}
	check("per_million", h.PerMillion, 0, MaxWhole)
	check("growth", h.Growth, -million, million)
	check("years", h.Years, 0, MaxGrowthYears)
	return all.Err()
}

// HeadDemand returns the units that a norm asks for at each population point: people × rate × (1 + growth)^years.
//
// Rounding is of the running sum, in the order of the points: after each point the units so far are the exact product of
// the people so far, rounded half up, and the point gets what that adds. So the total is off by half a unit at most, where
// rounding each point alone would leave nothing of a thousand buildings with a tenth of a place each. Points that get no
// unit are left out. Arithmetic is exact.
//
// It returns a [*solver.Invalid] for a norm out of range ("/growth"), for a negative number of people
// ("/population/3/people") and where the units so far pass MaxWhole. O(points) operations on numbers of up to 2,200 bits.
func HeadDemand(points []PopulationPoint, h HeadNorm) ([]Demand, error) {
	if err := h.validate(); err != nil {
		return nil, err
	}
	var (
		year = big.NewInt(h.Years)
		num  = new(big.Int).Exp(big.NewInt(million+h.Growth), year, nil)
		den  = new(big.Int).Exp(big.NewInt(million), year, nil)
		most = big.NewInt(MaxWhole)

		people, sum, one big.Int
		before           int64
		out              []Demand
	)
	num.Mul(num, big.NewInt(2*h.PerMillion)) // twice, and twice below: half up is floor((2a + b) / 2b)
	den.Mul(den, big.NewInt(million))
	twice := new(big.Int).Lsh(den, 1)
	for i := range points {
		p := &points[i]
		if h.Group != "" && p.Group != h.Group {
			continue
		}
		var bad solver.Invalid
		if p.People < 0 || p.People > MaxWhole {
			row{&bad, "population", i}.whole("people", p.People, 0)
			return nil, bad.Err()
		}
		people.Add(&people, one.SetInt64(p.People))
		sum.Add(sum.Mul(&people, num), den)
		sum.Quo(&sum, twice)
		if sum.Cmp(most) > 0 {
			row{&bad, "population", i}.fault("people", "out_of_range", "", "the units of the list pass what is counted here")
			return nil, bad.Err()
		}
		if units := sum.Int64() - before; units > 0 {
			out = append(out, Demand{From: i, At: p.At, Party: p.Party, Service: h.Service, Units: units})
		}
		before = sum.Int64()
	}
	return out, nil
}
