package dali

import (
	"sort"
	"strconv"

	"github.com/courtyard-care/courtyard/solver/care"
)

// generator holds a city in the making.
type generator struct {
	geo   *geography
	opts  Options
	reach int // of a thousand: how far help reaches, see reachAt

	spots     []spot   // one a community
	both      []string // both languages; the first alone is the common one
	homes     []int    // homes[i]: people in communities 0 to i
	helpers   []int    // the same of those who volunteer
	needs     []care.Need
	providers []care.Provider
	resources []care.Resource
	spotOf    []int32 // community of each resource

	// Of a full city only.
	contracts []care.Contract
	events    []care.Event
	pairings  []care.Pairing
}

// spot is a community with what its rows share.
type spot struct {
	at      point
	sigma   int           // metres, of the spread of homes
	rural   bool          // distances are twice as long
	bai     bool          // some of the old speak Bai only
	parties [9]care.Party // of the community, then of its groups
	town    int           // index among the towns
}

// reachAt returns the factor on distances, in thousandths: 1000 from 2,000 to 5,000 needs. Above, it falls with the square
// root, so that the number of helpers in reach stays; below, where homes are few and far between, it rises the same way,
// to twice at most.
func reachAt(needs int) int {
	const sparse, dense = 2_000, 5_000
	switch {
	case needs > dense:
		return root(1000 * (1000 * dense / needs))
	case needs < sparse:
		return min(root(1000*(1000*sparse/needs)), 2000)
	default:
		return 1000
	}
}

// volunteersPerHundred says where people volunteer more or less than elsewhere: an assumption, which makes supply uneven.
func volunteersPerHundred(t *Place) int64 {
	switch t.Code {
	case "532901106", "532901109", "532901110", "532901201": // Wase, Shuanglang, Shangguan, Taiyi
		return 75
	}
	if t.Tier == Street {
		return 115
	}
	return 100
}

func newGenerator(geo *geography, opts Options) *generator {
	g := &generator{geo: geo, opts: opts, reach: reachAt(opts.Needs), both: []string{mandarin, southernBai}}
	townAt := make(map[string]int)
	for i := range geo.towns {
		townAt[geo.towns[i].Code] = i
	}
	homes, helpers := 0, 0
	for i := range geo.communities {
		c := &geo.communities[i]
		s := spot{at: geo.points[i], sigma: 350, town: townAt[c.town()], rural: c.Tier == Village}
		if s.rural {
			s.sigma = 700
			// Fengyi and Taiyi are left out: the one mixed, the other a township of the Yi.
			s.bai = c.town() != "532901103" && c.town() != "532901201"
		}
		s.parties[0] = c.Party
		for k := 1; k < len(s.parties); k++ {
			s.parties[k] = c.Party + care.Party("/group-"+strconv.Itoa(k))
		}
		g.spots = append(g.spots, s)
		homes += int(c.Weight)
		helpers += int(c.Weight * volunteersPerHundred(&geo.towns[s.town]) / 100)
		g.homes = append(g.homes, homes)
		g.helpers = append(g.helpers, helpers)
	}
	return g
}

// choose returns an index with the probability of its step in a rising list of sums.
func choose(d dice, sums []int) int {
	return sort.SearchInts(sums, d.below(sums[len(sums)-1])+1)
}

// spread returns a habitable point about the community and the residents' group it lies in, 1 to 8.
func (g *generator) spread(d dice, s *spot) (at point, group int) {
	const tries = 100 // a shore village keeps about half of its draws; the point itself is habitable
	for range tries {
		east, north := d.bell(s.sigma), d.bell(s.sigma)
		if at := s.at.shift(east, north); g.geo.habitable(at) {
			return at, octant(east, north)
		}
	}
	return s.at, 1
}

// octant numbers the eight directions from east-north-east, 1, counterclockwise to east-south-east, 8.
func octant(east, north int) int {
	upper, ahead := north >= 0, east >= 0
	steep := max(north, -north) > max(east, -east)
	switch {
	case upper && ahead:
		return 1 + b2i(steep)
	case upper:
		return 4 - b2i(steep)
	case !ahead:
		return 5 + b2i(steep)
	default:
		return 8 - b2i(steep)
	}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// metres draws from half to all of reachM, twice that in a village, rounded up to 50 m, times the factor in thousandths.
func metres(d dice, reachM int, s *spot, factor int) care.Limit {
	m := d.between(reachM/2, reachM)
	if s.rural {
		m *= 2
	}
	m = m * factor / 1000
	const step = 50
	return care.AtMost(int64((m + step - 1) / step * step))
}

// label makes an opaque id: n000001.
func label(prefix byte, number int) string {
	digits := strconv.Itoa(number)
	id := make([]byte, 0, 8)
	id = append(id, prefix)
	for range 6 - len(digits) {
		id = append(id, '0')
	}
	return string(append(id, digits...))
}
