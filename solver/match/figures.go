package match

import (
	"cmp"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// measure computes the figures of a plan. O((n + m + matches) log n).
func measure(p *Problem, s *Solution) Figures {
	f := Figures{DistanceP50M: -1, DistanceP90M: -1}
	served := make([]int64, len(p.Lists.Needs))
	for _, x := range s.Matches {
		served[x.Need] += x.Units
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
		f.Asked += n.Units
		f.Served += served[i]
		f.ByClass[n.Priority-1].Asked += n.Units
		f.ByClass[n.Priority-1].Served += served[i]
		add(services, n.Service, n.Units, served[i])
		add(parties, string(n.Party), n.Units, served[i])
	}
	f.ByService, f.ByParty = sorted(services), sorted(parties)
	if f.Asked > 0 {
		f.Precision = float64(f.Served) / float64(f.Asked)
		f.Fineness = f.Precision // until stand-ins exist, every unit served is the very service
	}
	f.DistanceP50M, f.DistanceP90M = percentiles(s.Matches, f.Served)
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

// percentiles returns the distance that half, and nine tenths, of the served units do not exceed; -1 when none is served.
func percentiles(matches []Match, served int64) (p50, p90 int64) {
	if served == 0 {
		return -1, -1
	}
	byDistance := slices.Clone(matches)
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
