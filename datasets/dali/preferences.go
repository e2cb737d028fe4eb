package dali

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// makePreferences lets 5 % of the needs prefer one to three resources of their own community that offer the service, and
// 2 % rather avoid one. Where the community has none, the need has no preference.
func (g *generator) makePreferences() {
	d := newDice(g.opts.Seed, streamPreferences)
	near, community := g.byCommunity(), g.communityOf()
	for i := range g.needs {
		n := &g.needs[i]
		prefers, avoids := d.chance(50), d.chance(20)
		if !prefers && !avoids {
			continue
		}
		candidates := near[community[n.Party]]
		if prefers {
			for range d.between(1, 3) {
				if id := g.draw(d, candidates, n); id != "" {
					n.Prefers = append(n.Prefers, id)
				}
			}
		}
		if avoids {
			if id := g.draw(d, candidates, n); id != "" {
				n.Avoids = []string{id}
			}
		}
	}
}

// communityOf returns the community of each party.
func (g *generator) communityOf() map[care.Party]int {
	community := make(map[care.Party]int, len(g.spots)*9)
	for i := range g.spots {
		for _, p := range g.spots[i].parties {
			community[p] = i
		}
	}
	return community
}

// byCommunity lists the resources of each community.
func (g *generator) byCommunity() [][]int32 {
	near := make([][]int32, len(g.spots))
	for i, k := range g.spotOf {
		near[k] = append(near[k], int32(i))
	}
	return near
}

// draw returns the id of a candidate that offers the need's service and is not yet named by it, "" if a few tries find none.
func (g *generator) draw(d dice, candidates []int32, n *care.Need) string {
	if len(candidates) == 0 {
		return ""
	}
	for range 12 {
		r := &g.resources[candidates[d.below(len(candidates))]]
		offers := slices.ContainsFunc(r.Services, func(o care.Offer) bool { return o.Service == n.Service })
		if offers && !slices.Contains(n.Prefers, r.ID) {
			return r.ID
		}
	}
	return ""
}
