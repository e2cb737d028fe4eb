package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// TestOffers adds the caller to the lists and tries every plan that serves it as the offer says.
func TestOffers(t *testing.T) {
	var offers, moved, plain int
	for seed := uint64(0); offers < int(cases(1500)); seed++ {
		rng := rand.New(rand.NewPCG(seed, 13))
		needs := 2 + rng.IntN(3)
		var whole *Problem
		if rng.IntN(2) == 0 {
			whole = randomProblem(rng, shape{needs: needs, resources: 1 + rng.IntN(5), spread: 0.05, units: 1, capacity: 2})
		} else {
			whole = richProblem(rng, needs, 1+rng.IntN(4))
			whole.Tiers = nil
		}
		caller := whole.Lists.Needs[needs-1]
		whole.Lists.Pairings = slices.DeleteFunc(whole.Lists.Pairings, func(x care.Pairing) bool { return x.Need == caller.ID })
		if caller.Units != 1 || caller.When.Recurs() || whole.Validate() != nil {
			continue
		}
		p := *whole
		p.Lists.Needs = whole.Lists.Needs[:needs-1]
		if _, _, ok := bruteForce(t, whole, 2000); !ok {
			continue
		}
		s, err := Solve(t.Context(), &p, Options{})
		if err != nil || len(s.PinnedBreaks) > 0 {
			continue
		}
		f, err := Open(t.Context(), &p, s)
		if err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, show(&p, s))
		}
		list, err := f.Offers(t.Context(), caller, 3)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		served := func(o *Offer) func([]Match) bool {
			return func(plan []Match) bool {
				return slices.ContainsFunc(plan, func(x Match) bool {
					return int(x.Need) == needs-1 && (o == nil || x.Resource == o.Resource && x.StandIn == o.StandIn && x.Day == o.Day)
				})
			}
		}
		least, some, _ := bruteForceWith(t, whole, 1<<20, nil, served(nil))
		if !s.ChoicesKept {
			if timeless := caller.When == (care.When{}) && slices.ContainsFunc(p.Lists.Resources, func(r care.Resource) bool {
				return len(r.Availability)+len(r.Exceptions)+len(r.DayCapacity) > 0
			}); some && !timeless && (len(list) == 0 || list[0].Objective != least) {
				t.Fatalf("seed %d: best of all %v, offered %+v\ncaller %+v\n%s", seed, least, list, caller, show(&p, s))
			}
			plain++
		}
		for _, o := range list {
			offers++
			if len(o.Moves) > 0 {
				moved++
			}
			if o.Day != noDay && caller.When == (care.When{}) && p.Lists.Resources[o.Resource].Session.Date == 0 {
				o.Day = noDay // a day was proposed to a caller who asked for none
			}
			want, _, _ := bruteForceWith(t, whole, 1<<20, nil, served(&o))
			if o.Objective != want && (!s.ChoicesKept || p.Less(o.Objective, want)) {
				t.Fatalf("seed %d: offer %+v, best plan with it %v\ncaller %+v\n%s", seed, o, want, caller, show(&p, s))
			}
			if len(o.Moves) == 0 && o.Objective.Unmet != s.Objective.Unmet {
				t.Fatalf("seed %d: offer %+v moves nobody, and yet units unmet change from %v", seed, o, s.Objective)
			}
		}
	}
	t.Log(offers, moved, plain)
}

// BenchmarkOffers asks for one caller in a city of 100,000 needs.
func BenchmarkOffers(b *testing.B) {
	p := city(5, 20_000, 8_000)
	s, err := Solve(b.Context(), p, Options{})
	if err != nil {
		b.Fatal(err)
	}
	f, err := Open(b.Context(), p, s)
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for b.Loop() {
		caller := p.Lists.Needs[rng.IntN(len(p.Lists.Needs))]
		caller.ID = fmt.Sprint("caller ", rng.IntN(1000))
		if _, err := f.Offers(b.Context(), caller, 5); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOffersFreeSeats: what opened for those in the lists has its free seats for a caller too.
func TestOffersFreeSeats(t *testing.T) {
	at := travel.Place{Lon: 100, Lat: 25}
	child := func(id string) care.Need {
		return care.Need{ID: id, Service: "class", At: at, Units: 1, Priority: 2, Mode: care.Attend}
	}
	p := &Problem{
		Lists: care.Lists{
			Needs: []care.Need{child("a"), child("b")},
			Resources: []care.Resource{{
				ID: "c", Kind: care.Venue, At: at, Services: []care.Offer{{Service: "class"}}, Capacity: 4, MinUnits: 2,
				Session: care.Session{Date: monday, Window: care.Window{From: 540, To: 600}},
			}},
		},
		Weights: DefaultWeights(),
		Horizon: care.Horizon{From: monday, Days: 7},
	}
	s := solve(t, p)
	if len(s.Matches) != 2 {
		t.Fatalf("matches %v, want both children in the class", s.Matches)
	}
	f, err := Open(t.Context(), p, s)
	if err != nil {
		t.Fatal(err)
	}
	offers, err := f.Offers(t.Context(), child("x"), 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(offers) != 1 || len(offers[0].Moves) != 0 || offers[0].Objective.Unmet != [Classes]int64{} {
		t.Errorf("offers %+v, want a free seat that moves nobody", offers)
	}
}
