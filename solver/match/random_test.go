package match

import (
	"fmt"
	"math/rand/v2"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// shape says how large and how mixed a random problem is.
type shape struct {
	needs, resources int
	spread           float64 // degrees
	units, capacity  int64   // at most
	plain            bool    // only distance and capacity
}

// randomProblem mixes every feature of the lists.
func randomProblem(rng *rand.Rand, s shape) *Problem {
	p := &Problem{Weights: Weights{Distance: rng.Int64N(3), Price: rng.Int64N(3), Preference: rng.Int64N(800)}}
	if rng.IntN(2) == 0 {
		p.Weights = DefaultWeights()
	}
	if rng.IntN(3) == 0 {
		p.Detour = 1 + rng.Float64()
	}
	services := []string{"meal", "escort", "nursing"}[:1+rng.IntN(3)]
	kinds := care.Kinds()
	skills, tongues := []string{"nurse", "driver"}, []string{"zh", "bai"}
	parties := []care.Party{"a", "a/b", "a/b/c", "a/bc", ""}
	genders := []care.Gender{"", care.Female, care.Male}
	chance := func(n int) bool { return !s.plain && rng.IntN(n) == 0 }
	some := func(words []string) []string {
		var out []string
		for _, w := range words {
			if rng.IntN(2) == 0 {
				out = append(out, w)
			}
		}
		return out
	}
	place := func() travel.Place {
		return travel.Place{Lon: 100 + s.spread*rng.Float64(), Lat: 25 + s.spread*rng.Float64()}
	}
	if chance(2) {
		p.Lists.Providers = []care.Provider{
			{ID: "p0", Quota: care.AtMost(rng.Int64N(4)), Qualifications: some(skills)},
			{ID: "p1"},
			{ID: "p2", Quota: care.AtMost(rng.Int64N(6))},
		}
	}
	for j := range s.resources {
		r := care.Resource{ID: fmt.Sprint("r", j), Kind: care.Volunteer, At: place(), Capacity: rng.Int64N(s.capacity + 1)}
		for _, w := range services {
			o := care.Offer{Service: w}
			if chance(3) {
				o.Capacity = care.AtMost(rng.Int64N(s.capacity + 2))
			}
			if rng.IntN(3) > 0 {
				r.Services = append(r.Services, o)
			}
		}
		if r.Services == nil {
			r.Services = []care.Offer{{Service: services[0]}}
		}
		if !s.plain {
			r.Kind = kinds[rng.IntN(len(kinds))]
			r.Qualifications, r.Languages = some(skills), some(tongues)
			r.Gender = genders[rng.IntN(3)]
		}
		if chance(3) {
			r.RadiusM = care.AtMost(rng.Int64N(int64(s.spread*110_000) + 1))
		}
		if chance(4) {
			r.Areas = []care.Party{parties[rng.IntN(4)]}
		}
		if chance(2) {
			r.Price = rng.Int64N(2000)
		}
		if p.Lists.Providers != nil && chance(2) {
			r.Provider = fmt.Sprint("p", rng.IntN(3))
		}
		p.Lists.Resources = append(p.Lists.Resources, r)
	}
	for i := range s.needs {
		n := care.Need{
			ID: fmt.Sprint("n", i), Service: services[rng.IntN(len(services))], At: place(),
			Units: 1 + rng.Int64N(s.units), Priority: 1 + rng.IntN(3), Mode: care.Attend,
		}
		if chance(3) {
			n.Mode = care.Visit
		}
		if chance(4) {
			n.Accepts = []care.Kind{kinds[rng.IntN(5)], kinds[(1+rng.IntN(4))%5]}
		}
		if chance(4) {
			n.Requires = some(skills)
		}
		if chance(4) {
			n.Languages = some(tongues)
		}
		if chance(5) {
			n.Gender = genders[rng.IntN(3)]
		}
		if chance(2) {
			n.MaxDistanceM = care.AtMost(rng.Int64N(int64(s.spread*110_000) + 1))
		}
		if chance(5) {
			n.MaxPrice = care.AtMost(rng.Int64N(2000))
		}
		if chance(2) {
			n.Party = parties[rng.IntN(5)]
		}
		if chance(3) {
			n.Prefers = []string{fmt.Sprint("r", rng.IntN(s.resources))}
		}
		if chance(3) {
			n.Avoids = []string{fmt.Sprint("r", rng.IntN(s.resources))}
		}
		if chance(9) {
			n.Service = "nobody offers this"
		}
		p.Lists.Needs = append(p.Lists.Needs, n)
	}
	return p
}
