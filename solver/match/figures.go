package match

import (
	"cmp"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// measure computes the figures of a plan, its needs asking for so many units each. O((n + m + matches) log n).
func measure(p *Problem, s *Solution, asked func(i int) int64) Figures {
	f := Figures{DistanceP50M: -1, DistanceP90M: -1}
	served := make([]int64, len(p.Lists.Needs))
	var fine int64 // units served with the very service
	for _, x := range s.Matches {
		served[x.Need] += x.Units
		if x.StandIn < 0 {
			fine += x.Units
		}
	}
	services, parties := make(map[string]*Share), make(map[string]*Share)
	add := func(groups map[string]*Share, name string, asked, served int64) {
		g := groups[name]
		if g == nil {
			g = &Share{}
			groups[name] = g
		}
		g.Asked += asked
		g.Served += served
	}
	for i := range p.Lists.Needs {
		n := &p.Lists.Needs[i]
		units := asked(i)
		f.Asked += units
		f.Served += served[i]
		f.ByClass[n.Priority-1].Asked += units
		f.ByClass[n.Priority-1].Served += served[i]
		add(services, n.Service, units, served[i])
		add(parties, string(n.Party), units, served[i])
	}
	f.ByService, f.ByParty = sorted(services), sorted(parties)
	if f.Asked > 0 {
		f.Precision = float64(f.Served) / float64(f.Asked)
		f.Fineness = float64(fine) / float64(f.Asked)
	}
	f.DistanceP50M, f.DistanceP90M = percentiles(travelled(p, s.Matches))
	f.LoadByKind = loads(p, s)
	return f
}

func sorted(groups map[string]*Share) []Group {
	list := make([]Group, 0, len(groups))
	for name, share := range groups {
		list = append(list, Group{name, *share})
	}
	slices.SortFunc(list, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	return list
}

// travelled leaves out the matches in which nobody travels.
func travelled(p *Problem, matches []Match) []Match {
	return slices.DeleteFunc(slices.Clone(matches), func(x Match) bool { return p.Lists.Needs[x.Need].Mode == care.Remote })
}

// percentiles returns the distance that half, and nine tenths, of the units do not exceed; -1 when there are none. It sorts the
// matches.
func percentiles(byDistance []Match) (p50, p90 int64) {
	var served int64
	for _, x := range byDistance {
		served += x.Units
	}
	if served == 0 {
		return -1, -1
	}
	slices.SortFunc(byDistance, func(a, b Match) int { return cmp.Compare(a.DistanceM, b.DistanceM) })
	p50, p90 = -1, -1
	var sum int64
	for _, x := range byDistance {
		sum += x.Units
		if p50 < 0 && sum >= served-served/2 {
			p50 = x.DistanceM
		}
		if p90 < 0 && sum >= served-served/10 {
			p90 = x.DistanceM
		}
	}
	return p50, p90
}

func loads(p *Problem, s *Solution) []Load {
	var list []Load
	for _, kind := range care.Kinds() {
		l := Load{Kind: kind}
		for j := range p.Lists.Resources {
			if p.Lists.Resources[j].Kind == kind {
				l.Resources++
				l.Used += s.Resources[j].Used
				l.Capacity += s.Resources[j].Capacity
			}
		}
		if l.Resources > 0 {
			list = append(list, l)
		}
	}
	return list
}
