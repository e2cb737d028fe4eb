package match

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// maxDetour bounds the detour factor: a way a hundred times the straight line is a mistake.
const maxDetour = 100

// Validate reports every fault of p at once as a [*solver.Invalid], or nil: the faults of its lists, its weights, detour
// and barriers, and the places that lie inside a barrier.
func (p *Problem) Validate() error {
	_, err := p.prepare()
	return err
}

// prepare validates p and returns the metric its distances are measured with.
func (p *Problem) prepare() (*travel.Metric, error) {
	var all solver.Invalid
	if err := join(&all, p.Lists.Validate(p.Horizon, p.Zone)); err != nil {
		return nil, err
	}
	for _, w := range []struct {
		name string
		v    int64
	}{
		{"w_distance", p.Weights.Distance},
		{"w_price", p.Weights.Price},
		{"w_preference", p.Weights.Preference},
		{"w_stand_in", p.Weights.StandIn},
		{"w_interest", p.Weights.Interest},
		{"w_change", p.Weights.Change},
		{"w_load", p.Weights.Load},
	} {
		if w.v < 0 || w.v > care.MaxWhole {
			all.Add(solver.Fault{
				Pointer: "/options/" + w.name, Code: "out_of_range", Value: strconv.FormatInt(w.v, 10),
				Detail: fmt.Sprintf("must be a whole number from 0 to %d", int64(care.MaxWhole)),
			})
		}
	}
	p.checkTiers(&all)
	if p.Nearest < 0 {
		all.Add(solver.Fault{
			Pointer: "/options/nearest", Code: "out_of_range", Value: strconv.Itoa(p.Nearest),
			Detail: "must be a whole number from 1, or absent for all",
		})
	}
	detour := p.Detour
	if detour == 0 {
		detour = 1
	}
	if !(detour >= 1 && detour <= maxDetour) {
		all.Add(solver.Fault{
			Pointer: "/options/detour", Code: "out_of_range", Value: strconv.FormatFloat(detour, 'g', -1, 64),
			Detail: fmt.Sprintf("must be a number from 1 to %d", maxDetour),
		})
		detour = 1
	}
	metric, err := travel.NewMetric(detour, p.Barriers)
	if err := join(&all, err); err != nil {
		return nil, err
	}
	if all.Total == 0 {
		p.outsideBarriers(metric, &all)
		p.costsFit(&all)
	}
	return metric, all.Err()
}

// join adds the faults in err to all; any other error is returned.
func join(all *solver.Invalid, err error) error {
	var invalid *solver.Invalid
	if !errors.As(err, &invalid) {
		return err
	}
	for _, f := range invalid.Faults {
		all.Add(f)
	}
	all.Total += invalid.Total - len(invalid.Faults)
	return nil
}

// outsideBarriers reports the places that lie inside a barrier.
func (p *Problem) outsideBarriers(metric *travel.Metric, all *solver.Invalid) {
	if len(p.Barriers) == 0 {
		return
	}
	report := func(list string, i int, at travel.Place) {
		if k, inside := metric.Inside(at); inside {
			all.Add(solver.Fault{
				Pointer: fmt.Sprintf("/%s/%d/lon", list, i), Code: "conflict",
				Detail: fmt.Sprintf("the place lies inside barrier %d: move it to the shore, or correct the barrier", k),
			})
		}
	}
	for i := range p.Lists.Needs {
		report("needs", i, p.Lists.Needs[i].At)
	}
	for j := range p.Lists.Resources {
		report("resources", j, p.Lists.Resources[j].At)
	}
}

// maxChain bounds the cost of a chain of exchanges, so that six separated classes of it stay below 2^60 (see separation).
const maxChain = 1 << 56

// costsFit reports a problem whose costs are too large to be added exactly.
func (p *Problem) costsFit(all *solver.Invalid) {
	chain, _, units := p.chainBound()
	over := chain >= maxChain
	if !over {
		hi, lo := bits.Mul64(uint64(6*(2*chain+1)), uint64(units+1))
		over = hi != 0 || lo > math.MaxInt64/2
	}
	if over {
		all.Add(p.tooDear())
	}
}

// costsTooLarge is the error of a match whose tiers cannot be weighed against each other in 64 bits.
func (p *Problem) costsTooLarge() error {
	var all solver.Invalid
	all.Add(p.tooDear())
	return all.Err()
}

// tooDear names the weight that makes costs too large to be added exactly.
func (p *Problem) tooDear() solver.Fault {
	field := "w_distance"
	var price int64
	for j := range p.Lists.Resources {
		price = max(price, p.Lists.Resources[j].Price)
	}
	reach := p.span()
	switch d, c := float64(p.Weights.Distance)*float64(reach), float64(p.Weights.Price)*float64(price); {
	case float64(p.Weights.Preference) > max(d, c):
		field = "w_preference"
	case c > d:
		field = "w_price"
	}
	return solver.Fault{
		Pointer: "/options/" + field, Code: "out_of_range",
		Detail: "costs or units are too large to be added exactly: lower this weight (only ratios between weights matter), or set max_distance_m",
	}
}

// chainBound returns a bound on the cost that any chain of exchanges can gain or lose, each need standing in it at most
// once, and one pair more that a relaxation allows: the sum over needs of the dearest pair it may have and the dearest pair of
// all; that one alone; and the units asked for in all. Saturates at maxChain.
func (p *Problem) chainBound() (chain, single, units int64) {
	var price, subsidy int64
	for j := range p.Lists.Resources {
		price = max(price, p.Lists.Resources[j].Price)
	}
	for k := range p.Lists.Providers {
		if v, ok := p.Lists.Providers[k].Subsidy.Value(); ok {
			subsidy = max(subsidy, v)
		}
	}
	span := p.span()
	listed := make(map[string]int64, len(p.Lists.Pairings)) // dearest pairing of each need
	for k := range p.Lists.Pairings {
		x := &p.Lists.Pairings[k]
		listed[x.Need] = max(listed[x.Need], x.Cost)
	}
	add := func(v float64) {
		if v >= maxChain || chain >= maxChain-int64(v) {
			chain = maxChain
			return
		}
		chain += int64(v)
	}
	pair := func(metres, price int64, wishes int) float64 {
		w := &p.Weights
		return (float64(w.Distance)*float64(metres) + float64(w.Price)*float64(price) + float64(w.Preference) + float64(w.Interest)*float64(wishes)) * (1 + slack)
	}
	wishes := 0
	for i := range p.Lists.Needs {
		n := &p.Lists.Needs[i]
		reach, dearest := span, price
		if v, ok := n.MaxDistanceM.Value(); ok {
			reach = min(reach, v)
		}
		if v, ok := n.MaxPrice.Value(); ok {
			dearest = min(dearest, v+subsidy)
		}
		// Each product is exact or far above the limit; the factor covers the rounding of the sum.
		wishes = max(wishes, len(n.Interests))
		add(pair(reach, dearest, len(n.Interests)) + float64(listed[n.ID]) + float64(p.Weights.StandIn)*float64(worstStandIn(n)))
		units = min(units+max(n.Units, int64(p.Horizon.Days)), math.MaxInt64/4)
	}
	if len(p.Lists.Needs) > 0 {
		before := chain
		add(pair(span, price, wishes+moreWishes))
		single = chain - before
	}
	return chain, single, units
}

// moreWishes is how many interests a caller may have beyond any need of the lists.
const moreWishes = 8

// worstStandIn returns the greatest penalty of the stand-ins of a need.
func worstStandIn(n *care.Need) (penalty int64) {
	for _, x := range n.StandIns {
		penalty = max(penalty, x.Penalty)
	}
	return penalty
}

// slack covers the rounding of a few floating-point operations.
const slack = 1e-9

// span bounds the metres between any need and any resource: along the meridian and a parallel, the detour counted, and
// once round every barrier.
func (p *Problem) span() int64 {
	low, high := travel.Place{Lon: 180, Lat: 90}, travel.Place{Lon: -180, Lat: -90}
	grow := func(at travel.Place) {
		low.Lon, high.Lon = min(low.Lon, at.Lon), max(high.Lon, at.Lon)
		low.Lat, high.Lat = min(low.Lat, at.Lat), max(high.Lat, at.Lat)
	}
	for i := range p.Lists.Needs {
		grow(p.Lists.Needs[i].At)
	}
	for j := range p.Lists.Resources {
		grow(p.Lists.Resources[j].At)
	}
	degrees := min(max(0, high.Lon-low.Lon)+max(0, high.Lat-low.Lat), 180)
	metres := degrees * math.Pi / 180 * travel.EarthRadiusM
	for _, poly := range p.Barriers {
		for _, ring := range poly {
			for k := range ring {
				metres += travel.Haversine(ring[k], ring[(k+1)%len(ring)])
			}
		}
	}
	return int64(math.Ceil(metres*max(1, p.Detour)*(1+slack))) + 1
}
