package access

import (
	"cmp"
	"math"
	"slices"
)

// Zone is one ring of a catchment: what is farther than the ring before it and not farther than Limit counts with Weight.
type Zone struct {
	Limit  float64 // in the unit of the table's distances; rising from zone to zone
	Weight float64 // >= 0
}

// EvenCatchment is the catchment of the two-step floating catchment area (2SFCA) of Luo and Wang (2003, Environment and
// Planning B 30): all within limit counts alike.
func EvenCatchment(limit float64) []Zone { return []Zone{{Limit: limit, Weight: 1}} }

// EnhancedCatchment is the catchment of the enhanced method (E2SFCA) of Luo and Qi (2009, Health & Place 15): three rings
// whose weights fall like a Gaussian, 1, 0.68 and 0.22, at a third, two thirds and the whole of limit.
func EnhancedCatchment(limit float64) []Zone {
	return []Zone{{Limit: limit / 3, Weight: 1}, {Limit: limit * 2 / 3, Weight: 0.68}, {Limit: limit, Weight: 0.22}}
}

// Floating returns the accessibility of each place of demand: supply by head in floating catchments. First every site
// divides its supply by the demand in its catchment; then every place adds up what the sites in its own catchment offer a
// head. supply has one number >= 0 a site, 0 for sites that are not open. Supply that has demand in its catchment is
// handed out whole: the weighted sum of the answers is the supply of the sites with demand within their zones. It takes
// time linear in pairs × zones.
func Floating(t *Table, supply []float64, zones []Zone) []float64 {
	demand := make([]float64, t.Sites)
	for i := range t.Demands() {
		for k := t.Start[i]; k < t.Start[i+1]; k++ {
			demand[t.Site[k]] += t.weight(i) * zoneWeight(zones, t.Distance[k])
		}
	}
	out := make([]float64, t.Demands())
	for i := range out {
		for k := t.Start[i]; k < t.Start[i+1]; k++ {
			if j := t.Site[k]; demand[j] > 0 {
				out[i] += supply[j] / demand[j] * zoneWeight(zones, t.Distance[k])
			}
		}
	}
	return out
}

func zoneWeight(zones []Zone, distance float64) float64 {
	for _, z := range zones {
		if distance <= z.Limit {
			return z.Weight
		}
	}
	return 0
}

// Gini returns the Gini coefficient of value under weight (nil means 1 each): half the mean difference of two heads as a
// share of the mean, 0 when all have the same, up to 1 when one has all. Values and weights must be finite and not
// negative. It is NaN when there is no weight and 0 when nobody has anything. It takes O(n log n) time.
func Gini(value, weight []float64) float64 {
	order := byValue(value)
	heads, sum, area := 0.0, 0.0, 0.0
	for _, i := range order {
		w := 1.0
		if weight != nil {
			w = weight[i]
		}
		area += w * (2*sum + w*value[i]) // twice the area below the Lorenz curve, in heads × value
		heads += w
		sum += w * value[i]
	}
	switch {
	case heads == 0:
		return math.NaN()
	case sum == 0:
		return 0
	}
	return max(0, 1-area/(heads*sum))
}

// Unevenness is Theil's index T and its two parts: between groups (communities) and within them; Total is their sum.
type Unevenness struct {
	Total, Between, Within float64
}

// Theil returns Theil's index (1967) of value under weight (nil means 1 each), the mean of v/mean × ln(v/mean), split by
// group: group has one number >= 0 for each value; nil means one group for all. It is 0 when all have the same, and at
// most ln of the number of heads. What has the value 0 adds 0, as the limit says. It is NaN when there is no weight and 0
// when nobody has anything. It takes time linear in n.
func Theil(value, weight []float64, group []int32) Unevenness {
	groups := 1
	for _, g := range group {
		groups = max(groups, int(g)+1)
	}
	heads, sums := make([]float64, groups), make([]float64, groups)
	allHeads, all := 0.0, 0.0
	at := func(i int) (w float64, g int32) {
		w = 1
		if weight != nil {
			w = weight[i]
		}
		if group != nil {
			g = group[i]
		}
		return w, g
	}
	for i, v := range value {
		w, g := at(i)
		heads[g] += w
		sums[g] += w * v
		allHeads += w
		all += w * v
	}
	switch {
	case allHeads == 0:
		return Unevenness{math.NaN(), math.NaN(), math.NaN()}
	case all == 0:
		return Unevenness{}
	}
	var out Unevenness
	mean := all / allHeads
	for g, s := range sums {
		if s > 0 {
			out.Between += s / all * math.Log(s/heads[g]/mean)
		}
	}
	for i, v := range value {
		if w, g := at(i); w > 0 && v > 0 {
			out.Within += w * v / all * math.Log(v/(sums[g]/heads[g]))
		}
	}
	out.Between, out.Within = max(0, out.Between), max(0, out.Within)
	out.Total = out.Between + out.Within
	return out
}

// byValue returns the indices of value in rising order, ties by index.
func byValue(value []float64) []int {
	order := make([]int, len(value))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(value[a], value[b]) })
	return order
}
