// Package access measures how well places of demand reach places of service: shares within a walk, quantiles of the
// distance, supply to demand in floating catchments (2SFCA, E2SFCA), and how evenly all of that falls (Gini, Theil).
//
// It measures and decides nothing: arrays in, figures out. Distances are those of the way towards the service. Every sum
// is taken in the order of the input, so that the same table gives the same figures everywhere.
package access

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
)

// Table says how far each of n places of demand has to go to the sites that it can reach at all. Row i is the half-open
// range Start[i] to Start[i+1] of Site and Distance, in any order; a site that is not listed cannot be reached.
type Table struct {
	Sites    int       // number of sites, >= 0
	Start    []int     // n+1 offsets, from 0 up to len(Site), never falling
	Site     []int32   // 0 to Sites-1, each at most once a row
	Distance []float64 // >= 0, in one unit: metres, or seconds of walking
	Weight   []float64 // n weights >= 0: people, or units asked for; nil means 1 each
}

// Demands returns n, the number of places of demand.
func (t *Table) Demands() int { return max(0, len(t.Start)-1) }

func (t *Table) weight(i int) float64 {
	if t.Weight == nil {
		return 1
	}
	return t.Weight[i]
}

// Validate reports every fault of t at once, as a *solver.Invalid with pointers such as "/distance/3". It takes time linear
// in the pairs.
func (t *Table) Validate() error {
	var f solver.Invalid
	add := func(pointer, code, detail string) { f.Add(solver.Fault{Pointer: pointer, Code: code, Detail: detail}) }
	if t.Sites < 0 || t.Sites > math.MaxInt32 {
		add("/sites", "out_of_range", "must be from 0 to 2,147,483,647")
	}
	if len(t.Distance) != len(t.Site) {
		add("/distance", "invalid", fmt.Sprintf("must have one entry for each of the %d pairs", len(t.Site)))
	}
	if t.Weight != nil && len(t.Weight) != t.Demands() {
		add("/weight", "invalid", fmt.Sprintf("must have one entry for each of the %d places of demand, or be absent", t.Demands()))
	}
	if len(t.Start) == 0 || t.Start[0] != 0 || t.Start[len(t.Start)-1] != len(t.Site) || !slices.IsSorted(t.Start) {
		add("/start", "invalid", "must rise from 0 to the number of pairs")
	}
	if f.Total > 0 {
		return f.Err()
	}
	for i, w := range t.Weight {
		if !number(w) {
			add("/weight/"+strconv.Itoa(i), "out_of_range", "must be a number of at least 0")
		}
	}
	seen := make([]int, t.Sites)
	for i := range t.Demands() {
		for k := t.Start[i]; k < t.Start[i+1]; k++ {
			j := t.Site[k]
			switch {
			case j < 0 || int(j) >= t.Sites:
				add("/site/"+strconv.Itoa(k), "out_of_range", fmt.Sprintf("must be from 0 to %d", t.Sites-1))
			case seen[j] == i+1:
				add("/site/"+strconv.Itoa(k), "duplicate", "this row has the site already")
			default:
				seen[j] = i + 1
			}
			if !number(t.Distance[k]) {
				add("/distance/"+strconv.Itoa(k), "out_of_range", "must be a number of at least 0")
			}
		}
	}
	return f.Err()
}

// number tells whether v is finite and not negative.
func number(v float64) bool { return v >= 0 && !math.IsInf(v, 1) }

// Nearest returns for each place of demand the distance to the nearest of the open sites, +Inf where none can be reached.
// open has one entry a site; nil means that all are open. It takes time linear in the pairs.
func Nearest(t *Table, open []bool) []float64 {
	out := make([]float64, t.Demands())
	for i := range out {
		out[i] = math.Inf(1)
		for k := t.Start[i]; k < t.Start[i+1]; k++ {
			if (open == nil || open[t.Site[k]]) && t.Distance[k] < out[i] {
				out[i] = t.Distance[k]
			}
		}
	}
	return out
}

// Spread tells how the distances of all demand are distributed, by weight.
type Spread struct {
	Total       float64   // weight of all demand
	Unreached   float64   // weight of demand that reaches nothing: it counts in no figure below but the shares
	Within      []float64 // share of Total within each limit, between 0 and 1
	Mean        float64   // of the demand that reaches something; NaN when there is none
	Median, P90 float64   // the least distance within which half, and nine tenths, of the reached weight are; NaN when there is none
	Max         float64   // NaN when nothing is reached
}

// Describe returns the spread of distances, such as [Nearest] gives, under weights (nil means 1 each) and at the given
// limits. A share of no demand at all is 1. It takes O(n log n) time.
func Describe(distance, weight, limits []float64) Spread {
	s := Spread{Within: make([]float64, len(limits)), Mean: math.NaN(), Median: math.NaN(), P90: math.NaN(), Max: math.NaN()}
	order := make([]int, 0, len(distance))
	w := func(i int) float64 {
		if weight == nil {
			return 1
		}
		return weight[i]
	}
	reached, sum := 0.0, 0.0
	for i, d := range distance {
		s.Total += w(i)
		for k, limit := range limits {
			if d <= limit {
				s.Within[k] += w(i)
			}
		}
		switch {
		case math.IsInf(d, 1):
			s.Unreached += w(i)
		case w(i) > 0:
			order = append(order, i)
			reached += w(i)
			sum += w(i) * d
		}
	}
	for k := range s.Within {
		if s.Total > 0 {
			s.Within[k] = min(1, s.Within[k]/s.Total)
		} else {
			s.Within[k] = 1
		}
	}
	if len(order) == 0 {
		return s
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(distance[a], distance[b]) })
	s.Mean, s.Max = sum/reached, distance[order[len(order)-1]]
	below := 0.0
	for _, i := range order {
		below += w(i)
		if math.IsNaN(s.Median) && below >= 0.5*reached {
			s.Median = distance[i]
		}
		if math.IsNaN(s.P90) && below >= 0.9*reached {
			s.P90 = distance[i]
		}
	}
	if math.IsNaN(s.P90) { // rounding kept the sum below its own nine tenths
		s.P90 = s.Max
	}
	return s
}

// WorstShare returns the mean distance of the share of the weight that has the longest way, as 0.1 for the worst-served
// tenth: of the place on the edge of the share only the part inside counts. It is +Inf if the share reaches nothing
// somewhere, and NaN when there is no weight or share is not in (0, 1]. It takes O(n log n) time.
func WorstShare(distance, weight []float64, share float64) float64 {
	if !(share > 0 && share <= 1) {
		return math.NaN()
	}
	order := make([]int, len(distance))
	total := 0.0
	w := func(i int) float64 {
		if weight == nil {
			return 1
		}
		return weight[i]
	}
	for i := range order {
		order[i] = i
		total += w(i)
	}
	if total == 0 {
		return math.NaN()
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(distance[b], distance[a]) })
	room, sum := share*total, 0.0
	for _, i := range order {
		take := min(room, w(i))
		if take > 0 {
			sum += take * distance[i]
		}
		if room -= take; room <= 0 {
			break
		}
	}
	return sum / (share * total)
}
