package town

import (
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// MaxDistance is how far away a need of [Town.Lists] accepts a resource, metres.
const MaxDistance = 3_000

// The square lies around this place, and a degree of latitude is this long.
const (
	centreLon      = 100.2
	centreLat      = 25.6
	metresADegree  = 111_195.0
	nursing        = "nursing"
	mostPrice      = 300 // of one unit, minor units of money
	volunteerShare = 0.7
	nursingShare   = 0.7 // of the resources that offer care
)

// services and how many needs in a hundred ask for each. Care requires the nursing qualification.
var services = [...]struct {
	name  string
	share int
}{{"meal", 40}, {"clean", 25}, {"care", 20}, {"escort", 15}}

// Lists returns the town as lists: needs of one unit for one of four services within [MaxDistance], resources with one
// or two services, seven in ten of them volunteers, the others providers with a price. With classes one need in ten is
// of priority 1 and seven in ten of priority 2; without, all are of priority 2, the default. Coordinates have six
// decimals, so that text keeps them.
func (t *Town) Lists(classes bool) care.Lists {
	rng := rand.New(rand.NewPCG(t.seed, 3))
	var l care.Lists
	for i, home := range t.Homes {
		need := care.Need{
			ID: "n" + strconv.Itoa(i+1), Service: services[drawService(rng)].name, At: place(home), Units: 1,
			Priority: 2, Mode: care.Visit, MaxDistanceM: care.AtMost(MaxDistance),
		}
		if need.Service == "care" {
			need.Requires = []string{nursing}
		}
		if classes {
			switch draw := rng.IntN(10); {
			case draw < 1:
				need.Priority = 1
			case draw >= 8:
				need.Priority = 3
			}
		}
		l.Needs = append(l.Needs, need)
	}
	for j, at := range t.Resources {
		r := care.Resource{ID: "r" + strconv.Itoa(j+1), Kind: care.Volunteer, At: place(at), Capacity: t.Capacity[j]}
		if rng.Float64() >= volunteerShare {
			r.Kind = care.ThirdParty
			r.Price = rng.Int64N(mostPrice)
		}
		first, second := drawService(rng), drawService(rng)
		r.Services = append(r.Services, care.Offer{Service: services[first].name})
		if second != first {
			r.Services = append(r.Services, care.Offer{Service: services[second].name})
		}
		for _, offer := range r.Services {
			if offer.Service == "care" && rng.Float64() < nursingShare {
				r.Qualifications = []string{nursing}
			}
		}
		l.Resources = append(l.Resources, r)
	}
	return l
}

func drawService(rng *rand.Rand) int {
	draw := rng.IntN(100)
	for i, s := range services {
		if draw < s.share {
			return i
		}
		draw -= s.share
	}
	panic("town: the shares of the services add up to 100")
}

// place lays the plane on the Earth around the centre.
func place(p Point) travel.Place {
	round := func(degrees float64) float64 { return math.Round(degrees*1e6) / 1e6 }
	return travel.Place{
		Lon: round(centreLon + (p.X-Side/2)/(metresADegree*math.Cos(centreLat*math.Pi/180))),
		Lat: round(centreLat + (p.Y-Side/2)/metresADegree),
	}
}
