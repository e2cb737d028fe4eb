// Package minload makes the instances of the minimum loads: people in clusters and sessions that open only with enough of
// them ([New]), as lists for the whole match ([Instance.Lists]) and as a text for other solvers ([Instance.Write]). Everything
// is synthetic. The same sizes and seed give the same instance, byte for byte.
package minload

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// The recipe.
const (
	Reach = 4_000 // farthest session of a person, metres

	side          = 24_000 // of the square, metres
	spread        = 1_800  // standard deviation of people and sessions around their centre, metres
	peopleACentre = 400
	leastCentres  = 4
	leastSeats    = 15
	mostSeats     = 40
	seatsPerson   = 1.2 // seats of all sessions for each person
	leastShare    = 50  // of the seats, in a hundred, that a session wants taken before it opens
	mostShare     = 70

	centreLon     = 100.2
	centreLat     = 25.6
	metresADegree = 111_195.0
)

// Session is one session: it opens with at least Least of its Seats taken, or not at all.
type Session struct {
	At           travel.Place
	Seats, Least int64
}

// Pair is a session that a person can reach.
type Pair struct {
	Person, Session int
	Metres          int64
}

// Instance is one instance: each person takes one seat of a session within [Reach] at the cost of its metres, or none.
// Fewest without a seat come first, then least metres.
type Instance struct {
	People   []travel.Place
	Sessions []Session
	Pairs    []Pair // by person, then by session
}

// New returns the instance of n people and m sessions, both >= 1, around max(4, n/400) centres uniform on the square. Seats are
// uniform 15..40, then more or fewer until there are 1.2 n of them (as near as m sessions allow); 50 to 70 in a hundred of
// them, rounded up, must be taken. O(n·m).
func New(n, m int, seed uint64) *Instance {
	rng := rand.New(rand.NewPCG(seed, 4))
	type point struct{ x, y float64 }
	centres := make([]point, max(leastCentres, n/peopleACentre))
	for i := range centres {
		centres[i] = point{side * rng.Float64(), side * rng.Float64()}
	}
	around := func() travel.Place {
		c := centres[rng.IntN(len(centres))]
		x, y := c.x+float64(spread*rng.NormFloat64()), c.y+float64(spread*rng.NormFloat64())
		round := func(degrees float64) float64 { return math.Round(degrees*1e6) / 1e6 }
		return travel.Place{
			Lon: round(centreLon + (x-side/2)/(metresADegree*math.Cos(centreLat*math.Pi/180))),
			Lat: round(centreLat + (y-side/2)/metresADegree),
		}
	}
	in := &Instance{People: make([]travel.Place, n), Sessions: make([]Session, m)}
	for i := range in.People {
		in.People[i] = around()
	}
	total := 0
	for j := range in.Sessions {
		in.Sessions[j] = Session{At: around(), Seats: int64(leastSeats + rng.IntN(mostSeats-leastSeats+1))}
		total += int(in.Sessions[j].Seats)
	}
	want := min(max(int(seatsPerson*float64(n)), leastSeats*m), mostSeats*m)
	for total != want {
		s, step := &in.Sessions[rng.IntN(m)], int64(1)
		if total > want {
			step = -1
		}
		if seats := s.Seats + step; seats >= leastSeats && seats <= mostSeats {
			s.Seats = seats
			total += int(step)
		}
	}
	for j := range in.Sessions {
		s := &in.Sessions[j]
		s.Least = (s.Seats*int64(leastShare+rng.IntN(mostShare-leastShare+1)) + 99) / 100
	}
	for i, home := range in.People {
		for j := range in.Sessions {
			if metres := int64(math.Floor(travel.Haversine(home, in.Sessions[j].At) + 0.5)); metres <= Reach {
				in.Pairs = append(in.Pairs, Pair{i, j, metres})
			}
		}
	}
	return in
}

// Lists returns the instance as lists: people are needs, sessions are venues with min_units.
func (in *Instance) Lists() care.Lists {
	const service = "class"
	l := care.Lists{Needs: make([]care.Need, len(in.People)), Resources: make([]care.Resource, len(in.Sessions))}
	for i, at := range in.People {
		l.Needs[i] = care.Need{
			ID: "n" + strconv.Itoa(i), Service: service, At: at, Units: 1, Priority: 2, Mode: care.Attend, MaxDistanceM: care.AtMost(Reach),
		}
	}
	for j, s := range in.Sessions {
		l.Resources[j] = care.Resource{
			ID: "r" + strconv.Itoa(j), Kind: care.Venue, At: s.At, Services: []care.Offer{{Service: service}}, Capacity: s.Seats, MinUnits: s.Least,
		}
	}
	return l
}

// Worth is the price of a person without a seat at which the least sum of prices and metres is the least tuple: more than
// all people can walk together.
func (in *Instance) Worth() int64 { return int64(len(in.People))*Reach + 1 }

// Write writes the instance for other solvers: a line "p people sessions pairs worth", a line "s seats least" for each
// session, a line "a person session metres" for each pair, numbered from 0.
func (in *Instance) Write(w io.Writer) error {
	b := bufio.NewWriter(w)
	fmt.Fprintln(b, "p", len(in.People), len(in.Sessions), len(in.Pairs), in.Worth())
	for _, s := range in.Sessions {
		fmt.Fprintln(b, "s", s.Seats, s.Least)
	}
	for _, p := range in.Pairs {
		fmt.Fprintln(b, "a", p.Person, p.Session, p.Metres)
	}
	return b.Flush()
}

// Check returns the persons without a seat and the metres of a plan, the session of each person or -1, or says why it is none.
func (in *Instance) Check(sessions []int) (unmet, metres int64, err error) {
	if len(sessions) != len(in.People) {
		return 0, 0, errors.New("not one session for each person")
	}
	taken := make([]int64, len(in.Sessions))
	next := 0
	for i, j := range sessions {
		if j < 0 {
			unmet++
		}
		found := j < 0
		for ; next < len(in.Pairs) && in.Pairs[next].Person == i; next++ {
			if p := in.Pairs[next]; p.Session == j {
				taken[j]++
				metres += p.Metres
				found = true
			}
		}
		if !found {
			return 0, 0, fmt.Errorf("person %d cannot reach session %d", i, j)
		}
	}
	for j, s := range in.Sessions {
		if taken[j] > s.Seats || taken[j] > 0 && taken[j] < s.Least {
			return 0, 0, fmt.Errorf("session %d has %d persons, not 0 or %d to %d", j, taken[j], s.Least, s.Seats)
		}
	}
	return unmet, metres, nil
}
