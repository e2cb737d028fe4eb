package datasets

import (
	"cmp"
	"encoding/json"
	"io"
	"math"
	"slices"

	"github.com/courtyard-care/courtyard/solver/center"
	"github.com/courtyard-care/courtyard/solver/facility"
)

// WholePairs is the number of pairs up to which [Siting.Facility] is best asked for whole rows.
const WholePairs = 25_000_000

// near is a site and how far it is.
type near struct {
	value float64
	site  int32
}

// nearest returns the sites that can serve a customer in order of what lies between, the lower number first where that is
// equal. Only the first most are in order; 0 means all. The room is used again.
func (s *Siting) nearest(customer, most int, room []near) []near {
	t := &s.Travel
	room = room[:0]
	if t.Start != nil {
		for k := t.Start[customer]; k < t.Start[customer+1]; k++ {
			room = append(room, near{t.Value[k], t.Site[k]})
		}
	} else {
		for j := range t.Sites {
			if d := t.At(customer, j); !math.IsInf(d, 1) {
				room = append(room, near{d, int32(j)})
			}
		}
	}
	if most > 0 && most < len(room) {
		part(room, most)
		slices.SortFunc(room[:most], before)
		return room
	}
	slices.SortFunc(room, before)
	return room
}

func before(a, b near) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.site, b.site)) }

// part brings the least k of the list to its front, in any order, in linear time as a rule (Hoare 1961).
func part(list []near, k int) {
	for low, high := 0, len(list)-1; low < high; {
		pivot := list[(low+high)/2]
		i, j := low, high
		for i <= j {
			for before(list[i], pivot) < 0 {
				i++
			}
			for before(pivot, list[j]) < 0 {
				j--
			}
			if i <= j {
				list[i], list[j] = list[j], list[i]
				i++
				j--
			}
		}
		switch {
		case k <= j:
			high = j
		case k >= i:
			low = i
		default:
			return
		}
	}
}

// Facility returns the instance as facility location: at most open sites (0: any number), fixed costs if it has any, and
// what lies between times the weight of the customer if weighted. Rows are in order of cost. If keep > 0 each row holds so
// many sites only, and Beyond says what those that are left out cost at least. It takes O(pairs log row) time and 12 bytes
// for each pair kept.
func (s *Siting) Facility(open int, weighted bool, keep int) (*facility.Problem, Scale) {
	t := &s.Travel
	weight := s.Weight
	if !weighted {
		weight = nil
	}
	p := &facility.Problem{Sites: t.Sites, MaxOpen: open, Rows: facility.Rows{Start: make([]int, 1, t.Customers+1)}}
	var values, beyond []float64 // beyond: +Inf where the row is whole
	if t.Value != nil {
		values = make([]float64, 0, len(t.Value))
	}
	sum := 0.0
	for _, v := range s.Fixed {
		sum += v
	}
	var room []near
	for i := range t.Customers {
		room = s.nearest(i, keep, room)
		cut := math.Inf(1)
		if keep > 0 && keep < len(room) {
			cut = slices.MinFunc(room[keep:], before).value
			room = room[:keep]
			sum += cut * weightOf(weight, i)
		} else if len(room) > 0 {
			sum += room[len(room)-1].value * weightOf(weight, i)
		}
		beyond = append(beyond, cut)
		for _, n := range room {
			p.Rows.Site, values = append(p.Rows.Site, n.site), append(values, n.value)
		}
		p.Rows.Start = append(p.Rows.Start, len(values))
	}
	k, kw := decimals(each(values, s.Fixed)), decimals(each(weight))
	for _, v := range beyond {
		if k >= 0 && !math.IsInf(v, 1) {
			k = max(k, decimals(each([]float64{v})))
		}
	}
	exact := k + kw
	if min(k, kw) < 0 {
		exact = -1
	}
	scale := scaleOf(exact, sum)
	unit, unitW := Scale{Unit: math.Pow10(max(k, 0))}, Scale{Unit: math.Pow10(max(kw, 0))}
	whole := func(v, w float64) int64 {
		if scale.Exact { // factor by factor: the product of two doubles need not be one
			return unit.Whole(v) * unitW.Whole(w)
		}
		return scale.Whole(v * w)
	}
	p.Rows.Cost = make([]int64, len(values))
	for i := range t.Customers {
		w := weightOf(weight, i)
		for j := p.Rows.Start[i]; j < p.Rows.Start[i+1]; j++ {
			p.Rows.Cost[j] = whole(values[j], w)
		}
		if keep > 0 {
			least := int64(facility.None)
			if !math.IsInf(beyond[i], 1) {
				least = whole(beyond[i], w)
			}
			p.Beyond = append(p.Beyond, least)
		}
	}
	for _, v := range s.Fixed {
		p.Fixed = append(p.Fixed, whole(v, 1))
	}
	return p, scale
}

func weightOf(weight []float64, i int) float64 {
	if weight == nil {
		return 1
	}
	return weight[i]
}

// Center returns the instance as a p-centre problem, and the distances, ascending. The problem's own distances are places in
// that list: only their order counts, so nothing is rounded. It takes O(pairs log pairs) time and 28 bytes for each pair.
func (s *Siting) Center(open int) (*center.Problem, []float64) {
	p := &center.Problem{Sites: s.Travel.Sites, MaxOpen: open, Start: make([]int, 1, s.Travel.Customers+1)}
	var values []float64
	for i := range s.Travel.Customers {
		p.Site, values = s.Travel.Row(i, p.Site, values)
		p.Start = append(p.Start, len(values))
	}
	distinct := slices.Clone(values)
	slices.Sort(distinct)
	distinct = slices.Compact(distinct)
	p.Distance = make([]int64, len(values))
	for k, v := range values {
		at, _ := slices.BinarySearch(distinct, v)
		p.Distance[k] = int64(at)
	}
	return p, distinct
}

// Covering lists for each customer the sites within the radius: those of customer i are site[start[i]:start[i+1]]. It takes
// time linear in the pairs.
func (s *Siting) Covering(radius float64) (start []int, site []int32) {
	start = make([]int, 1, s.Travel.Customers+1)
	var sites []int32
	var values []float64
	for i := range s.Travel.Customers {
		sites, values = s.Travel.Row(i, sites[:0], values[:0])
		for k, v := range values {
			if v <= radius {
				site = append(site, sites[k])
			}
		}
		start = append(start, len(site))
	}
	return start, site
}

// Assign returns for each customer the open site with the least between, of equals the one listed first, and how much that
// is: +Inf, and site -1, where none can serve. It takes time customers × open.
func (s *Siting) Assign(open []int32) (site []int32, value []float64) {
	for i := range s.Travel.Customers {
		best := near{math.Inf(1), -1}
		for _, j := range open {
			if v := s.Travel.At(i, int(j)); v < best.value {
				best = near{v, j}
			}
		}
		site, value = append(site, best.site), append(value, best.value)
	}
	return site, value
}

// WriteSites writes the solution file of a siting instance, one line of JSON.
func WriteSites(w io.Writer, a *SitesAnswer) error { return json.NewEncoder(w).Encode(a) }
