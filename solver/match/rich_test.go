package match

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// monday is the first day of the random horizons.
var monday = care.DateOf(2026, time.November, 30)

// richProblem mixes every feature of the contract into a small problem.
func richProblem(rng *rand.Rand, needs, resources int) *Problem {
	p := randomProblem(rng, shape{needs: needs, resources: resources, spread: 0.05, units: 2, capacity: 3})
	one := func(n int) bool { return rng.IntN(n) == 0 }
	p.Horizon = care.Horizon{From: monday, Days: 3 + rng.Int32N(7)}
	p.Weights.StandIn, p.Weights.Interest = 1, 100
	p.Weights.Change = rng.Int64N(3000)
	if one(3) {
		p.Weights.Load = rng.Int64N(2000)
	}
	window := func() care.Window {
		from := int32(60 * (8 + rng.IntN(6)))
		return care.Window{From: from, To: from + 15*(2+rng.Int32N(12))} // often between the durations of two services
	}
	p.Lists.Services = []care.Service{
		{ID: "care", Minutes: 30},
		{ID: "meal", Parent: "care", Minutes: 30},
		{ID: "escort", Parent: "care", Minutes: 60},
		{ID: "nursing", Parent: "care", Minutes: 45},
	}
	if p.Lists.Providers == nil {
		p.Lists.Providers = []care.Provider{{ID: "p0"}, {ID: "p1", Qualifications: []string{"nurse"}}, {ID: "p2"}}
	}
	for k := range p.Lists.Providers {
		if one(2) {
			p.Lists.Providers[k].Subsidy = care.AtMost(1000 + rng.Int64N(500))
		}
		if one(2) {
			p.Lists.Providers[k].Budget = care.AtMost(900 + rng.Int64N(1500))
		}
	}
	if one(2) {
		p.Lists.Events = []care.Event{{ID: "clinic", Days: care.AtMost(1 + rng.Int64N(2))}}
	}
	team := ""
	for j := range p.Lists.Resources {
		r := &p.Lists.Resources[j]
		r.Areas = nil
		r.Price = min(r.Price, 900)
		if r.Provider != "" && one(2) {
			r.Price = 500
		}
		if r.Kind == care.Team {
			team = r.ID
			r.Provider = ""
			if one(2) {
				r.Members = care.AtMost(1 + rng.Int64N(3))
			}
		}
	}
	for j := range p.Lists.Resources {
		r := &p.Lists.Resources[j]
		if one(4) {
			for d := range 7 {
				if one(2) {
					r.Availability = append(r.Availability, care.Slot{Weekday: time.Weekday(d), Window: window()})
				}
			}
		}
		if one(6) {
			r.Exceptions = append(r.Exceptions, care.Exception{Date: monday + care.Date(rng.IntN(3)), Off: true})
		}
		if one(4) {
			for d := range 7 {
				r.DayCapacity = append(r.DayCapacity, care.DayLimit{Weekday: time.Weekday(d), Capacity: rng.Int64N(3)})
			}
		}
		if one(5) {
			r.CapacityMinutes = care.AtMost(30 + 15*rng.Int64N(8))
		}
		if one(5) && r.Capacity >= 2 {
			r.MinUnits = 2
			r.Promised = one(3)
		}
		if r.Kind == care.Volunteer && team != "" && one(2) {
			r.Team, r.Provider = team, ""
		}
		if one(5) {
			r.Availability, r.Exceptions = nil, nil
			r.Programme = "class"
			r.Session = care.Session{Date: monday + care.Date(rng.IntN(3)), Window: window()}
		}
		if p.Lists.Events != nil && one(4) {
			r.Event = "clinic"
		}
		if one(6) && len(r.Qualifications) > 0 {
			r.Expires = []care.Expiry{{Qualification: r.Qualifications[0], Until: monday + care.Date(rng.IntN(3)) - 1}}
		}
		if one(3) {
			r.Interests = []string{"chess"}
		}
		if one(2) {
			r.Age = care.AtMost(20 + rng.Int64N(50))
		}
	}
	if one(3) {
		p.Lists.Contracts = []care.Contract{{Provider: "p1", Resource: p.Lists.Resources[0].ID, From: monday}}
	}
	stranger := make(map[[2]string]bool)
	for i := range p.Lists.Needs {
		n := &p.Lists.Needs[i]
		n.Service = p.Lists.Services[1+rng.IntN(3)].ID
		n.Party = ""
		switch rng.IntN(5) {
		case 0:
			n.When = care.When{Date: monday + care.Date(rng.IntN(3)), Window: window()}
		case 1:
			n.Units = 0
			for d := range 7 {
				if one(2) {
					n.When.Weekdays = n.When.Weekdays.With(time.Weekday(d))
				}
			}
			n.When.Weekdays = n.When.Weekdays.With(time.Monday)
			n.When.Window = window()
			n.When.TimesAWeek = 1
			if one(2) {
				n.When.TimesAWeek = 0
			}
			if one(2) {
				n.When.DaysApart = 2
			}
		}
		if one(4) {
			n.Minutes = care.AtMost(15 + 15*rng.Int64N(4))
		}
		if one(6) {
			n.Carers = 2
		}
		n.Whole = one(5)
		n.Distinct = !n.Whole && one(5)
		if one(3) {
			for _, s := range []string{"care", "meal", "escort", "nursing"} {
				if s != n.Service && one(2) {
					n.StandIns = append(n.StandIns, care.StandIn{Service: s, Penalty: rng.Int64N(900)})
				}
			}
		}
		if one(4) {
			n.Interests = []string{"chess", "opera"}
		}
		if one(6) {
			n.AgeFrom = care.AtMost(30)
		}
		if one(6) {
			n.Mode = care.Remote
		}
		if one(2) {
			j := rng.IntN(resources)
			x := care.Pairing{Need: n.ID, Resource: p.Lists.Resources[j].ID, Cost: rng.Int64N(200)}
			x.State = []care.PairingState{care.Lasting, care.Lasting, care.Forbidden, care.StandBy, care.Open, care.Pinned}[rng.IntN(6)]
			if !n.Whole && n.When.Weekdays == 0 && n.Units > 1 && one(2) && x.State != care.Forbidden && x.State != care.Open {
				x.Units = 1
			}
			if key := [2]string{x.Need, x.Resource}; !stranger[key] {
				stranger[key] = true
				p.Lists.Pairings = append(p.Lists.Pairings, x)
			}
		}
	}
	p.KeepPinned = one(2)
	if one(2) {
		p.Tiers = []Tier{TierUnmet1, TierUnmet2, TierUnmet3}
		if one(3) {
			p.Tiers = []Tier{TierUnmet2, TierUnmet1, TierUnmet3}
		}
		rest := []Tier{TierCost}
		for _, t := range []Tier{TierWorstDistance, TierWorstNeed, TierChanges, TierLoad} {
			if one(3) {
				rest = append(rest, t)
			}
		}
		rng.Shuffle(len(rest), func(a, b int) { rest[a], rest[b] = rest[b], rest[a] })
		p.Tiers = append(p.Tiers, rest...)
	}
	return p
}

// options lists what one unit of a need may be: every eligible resource, service and day.
func (v *reviewer) options(i int32) []Match {
	p := v.p
	n := &p.Lists.Needs[i]
	var list []Match
	for j := range p.Lists.Resources {
		r := &p.Lists.Resources[j]
		for s := int32(-1); s < int32(len(n.StandIns)); s++ {
			service := n.Service
			if s >= 0 {
				service = n.StandIns[s].Service
			}
			timed := n.When.Date != 0 || n.When.Weekdays != 0 || r.Session.Date != 0
			for d := int32(-1); d < p.Horizon.Days; d++ {
				if (d >= 0) != timed {
					continue
				}
				if len(v.breaksFor(n, r, v.metres(n, r), service, d)) == 0 {
					list = append(list, Match{Need: i, Resource: int32(j), StandIn: s, Day: d, Units: 1})
				}
			}
		}
	}
	return list
}

// bruteForce tries every plan; ok is false if there are too many.
func bruteForce(t *testing.T, p *Problem, most int) (best Objective, found, ok bool) {
	t.Helper()
	return bruteForceWith(t, p, most, nil, nil)
}

// bruteForceWith tries every plan; a pair may be allowed that is not eligible, and plans may be refused.
func bruteForceWith(t *testing.T, p *Problem, most int, allow *Match, accept func([]Match) bool) (best Objective, found, ok bool) {
	t.Helper()
	metric, err := p.prepare()
	if err != nil {
		t.Fatal(err)
	}
	v := newReviewer(p, metric)
	options := make([][]Match, len(p.Lists.Needs))
	total := 1.0
	for i := range options {
		options[i] = v.options(int32(i))
		if allow != nil && allow.Need == int32(i) {
			options[i] = append(options[i], *allow)
		}
		for range v.asked(&p.Lists.Needs[i]) {
			total *= float64(len(options[i]) + 1)
		}
	}
	if total > float64(most) {
		return Objective{}, false, false
	}
	var plan []Match
	var try func(i int, left int64, from int)
	try = func(i int, left int64, from int) {
		for i < len(options) && (left == 0 || from == len(options[i])) {
			if i++; i < len(options) {
				left, from = v.asked(&p.Lists.Needs[i]), 0
			}
		}
		if i == len(options) {
			merged := slices.Clone(plan)
			violations, objective, err := v.review(merged)
			if err != nil {
				t.Fatal(err)
			}
			if allow != nil {
				violations = slices.DeleteFunc(violations, func(x Violation) bool {
					return x.Need == allow.Need && x.Resource == allow.Resource && x.Code != CodeUnits && x.Code != CodeDistinct
				})
			}
			if accept != nil && !accept(merged) {
				return
			}
			if len(violations) == 0 && (!found || p.Less(objective, best)) {
				best, found = objective, true
			}
			return
		}
		try(i, left, from+1)
		for u := int64(1); u <= left; u++ {
			x := options[i][from]
			x.Units = u
			plan = append(plan, x)
			try(i, left-u, from+1)
			plan = plan[:len(plan)-1]
		}
	}
	try(0, v.asked(&p.Lists.Needs[0]), 0)
	return best, found, true
}

// TestRichEqualsBruteForce compares with every plan there is.
func TestRichEqualsBruteForce(t *testing.T) {
	tried, hard := 0, map[HardKind]int{}
	for seed := uint64(0); tried < int(cases(1500)); seed++ {
		rng := rand.New(rand.NewPCG(seed, 11))
		p := richProblem(rng, 1+rng.IntN(8), 1+rng.IntN(6))
		if err := p.Validate(); err != nil {
			continue
		}
		want, found, ok := bruteForce(t, p, 20_000)
		if !ok {
			continue
		}
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			if found {
				t.Fatalf("seed %d: %v; brute force found %v", seed, err, want)
			}
			continue
		}
		tried++
		if err := Check(p, s); err != nil {
			t.Fatalf("seed %d: Check: %v\n%s", seed, err, show(p, s))
		}
		if len(s.PinnedBreaks) > 0 {
			continue
		}
		if s.Objective != want || s.Status != solver.Optimal {
			t.Fatalf("seed %d: Solve = %v %v, brute force %v (tiers %v)\n%s", seed, s.Status, s.Objective, want, p.Tiers, show(p, s))
		}
		for _, h := range s.Hard {
			hard[h.Kind]++
		}
		priced, err := Solve(t.Context(), p, Options{few: 1})
		if err != nil {
			t.Fatalf("seed %d: with pairs priced: %v", seed, err)
		}
		if err := Check(p, priced); err != nil || p.Less(priced.Objective, want) || p.Less(want, priced.Bound) {
			t.Fatalf("seed %d: with pairs priced: Check %v, %v, bound %v, brute force %v", seed, err, priced.Objective, priced.Bound, want)
		}
	}
	t.Log(hard)
}

func show(p *Problem, s *Solution) string {
	text := ""
	for _, n := range p.Lists.Needs {
		text += fmt.Sprintf("%+v\n", n)
	}
	for _, r := range p.Lists.Resources {
		text += fmt.Sprintf("%+v\n", r)
	}
	return text + fmt.Sprintf("%+v\n%+v\n%+v\n%+v", p.Lists.Providers, p.Lists.Pairings, p.Lists.Events, s.Matches)
}

// TestSecondThoughts solves again with every change that an answer speaks of, by trying every plan.
func TestSecondThoughts(t *testing.T) {
	var relaxed, others, values, exact int
	for seed := uint64(0); relaxed < int(cases(600)) || others < int(cases(600)); seed++ {
		rng := rand.New(rand.NewPCG(seed, 12))
		var p *Problem
		if rng.IntN(2) == 0 {
			p = randomProblem(rng, shape{needs: 1 + rng.IntN(5), resources: 1 + rng.IntN(5), spread: 0.05, units: 1, capacity: 2})
			p.Lists.Services = []care.Service{{ID: "care"}, {ID: "meal", Parent: "care"}, {ID: "escort", Parent: "care"}, {ID: "nursing", Parent: "care"}, {ID: "nobody offers this"}}
		} else {
			p = richProblem(rng, 1+rng.IntN(4), 1+rng.IntN(4))
			p.Tiers = nil
		}
		if p.Validate() != nil {
			continue
		}
		if _, _, ok := bruteForce(t, p, 3000); !ok {
			continue
		}
		s, err := Solve(t.Context(), p, Options{Relaxations: -1, Alternatives: 2})
		if err != nil || len(s.PinnedBreaks) > 0 {
			continue
		}
		pure := !s.ChoicesKept
		compare := func(what string, got, want Objective) {
			t.Helper()
			if pure {
				exact++
			}
			if pure && got != want || p.Less(got, want) {
				t.Fatalf("seed %d: %s: stated %v, best of all plans %v (a flow: %t)\n%s", seed, what, got, want, pure, show(p, s))
			}
		}
		for _, u := range s.Unmet {
			if asks := &p.Lists.Needs[u.Need]; asks.Units != 1 || asks.When.Recurs() {
				continue
			}
			for _, r := range u.Relaxations {
				if r.Code == CodeCapacity || r.Code == CodeQuota {
					continue
				}
				relaxed++
				q := *p
				allow := &Match{Need: u.Need, Resource: r.Resource, StandIn: -1, Day: r.Day, Units: 1}
				if r.StandIn != "" {
					n := &p.Lists.Needs[u.Need]
					at := slices.IndexFunc(n.StandIns, func(x care.StandIn) bool { return x.Service == r.StandIn })
					if at < 0 {
						q.Lists.Needs = slices.Clone(p.Lists.Needs)
						q.Lists.Needs[u.Need].StandIns = append(slices.Clone(n.StandIns), care.StandIn{Service: r.StandIn})
						allow = nil
					} else {
						allow.StandIn = int32(at)
					}
				}
				want, _, ok := bruteForceWith(t, &q, 1<<20, allow, nil)
				if ok {
					compare(fmt.Sprintf("need %d, %+v", u.Need, r), r.Objective, want)
				}
			}
		}
		for _, a := range s.Alternatives {
			x := s.Matches[a.Match]
			if n := &p.Lists.Needs[x.Need]; n.Units != 1 || n.When.Recurs() {
				continue
			}
			for _, o := range a.Best {
				others++
				want, _, _ := bruteForceWith(t, p, 1<<20, nil, func(plan []Match) bool {
					return slices.ContainsFunc(plan, func(y Match) bool { return y.Need == x.Need && y.Resource == o.Resource })
				})
				compare(fmt.Sprintf("match %+v, alternative %+v", x, o), o.Objective, want)
			}
		}
		for j, u := range s.Resources {
			values++
			q := *p
			q.Lists.Resources = slices.Clone(p.Lists.Resources)
			q.Lists.Resources[j].Capacity++
			want, _, _ := bruteForceWith(t, &q, 1<<20, nil, nil)
			got := minus(s.Objective, u.UnitValue)
			compare(fmt.Sprintf("one more unit of %d", j), got, want)
		}
	}
	t.Log(relaxed, others, values, exact)
}

// FuzzRich mixes every feature of the contract on small problems and compares with every plan there is.
func FuzzRich(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(3))
	f.Add(uint64(2), uint8(4), uint8(2))
	f.Fuzz(func(t *testing.T, seed uint64, n, m uint8) {
		rng := rand.New(rand.NewPCG(seed, 14))
		p := richProblem(rng, 1+int(n%8), 1+int(m%6))
		if p.Validate() != nil {
			t.Skip("not a valid problem")
		}
		s, err := Solve(t.Context(), p, Options{Relaxations: 2, Alternatives: 1})
		if err != nil {
			t.Skip("pinned pairings that do not fit")
		}
		if err := Check(p, s); err != nil {
			t.Fatal(err)
		}
		want, found, ok := bruteForce(t, p, 20_000)
		if ok && found && len(s.PinnedBreaks) == 0 && (s.Objective != want || s.Status != solver.Optimal) {
			t.Fatalf("Solve = %v %v, brute force %v", s.Status, s.Objective, want)
		}
	})
}
