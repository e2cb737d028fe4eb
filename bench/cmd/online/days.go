//go:build linux || darwin

package main

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"github.com/courtyard-care/courtyard/bench/town"
	"github.com/courtyard-care/courtyard/solver/online"
	"github.com/courtyard-care/courtyard/solver/transport"
)

// kind is a kind of day.
type kind struct {
	name     string
	room     int  // hundredths of the units there are
	classes  bool // leaving a need unmet costs a quarter, once or four times the usual
	quarters bool // one quarter comes after the other
}

// kinds are the days of the table.
func kinds() []kind {
	return []kind{
		{name: "room for all, just", room: 100},
		{name: "room for seven in ten", room: 70},
		{name: "three classes of need, room for all", room: 100, classes: true},
		{name: "three classes of need, room for seven in ten", room: 70, classes: true},
		{name: "quarter after quarter", room: 100, quarters: true},
	}
}

// day draws the resources, and the needs of today and of an earlier day with other homes around the same centres.
func (k kind) day(homes, resources int, seed uint64) (capacity []int64, today, history []online.Need) {
	t := town.New(homes, resources, seed)
	rng := rand.New(rand.NewPCG(seed, 4))
	capacity = slices.Clone(t.Capacity)
	for v, units := range t.Capacity {
		for range units {
			if rng.IntN(100) >= k.room {
				capacity[v]--
			}
		}
	}
	return capacity, k.needs(t, rng), k.needs(t.Again(1), rng)
}

// needs draws the order in which the needs of a town come, and their classes.
func (k kind) needs(t *town.Town, rng *rand.Rand) []online.Need {
	p, n := t.Flow(), len(t.Homes)
	sink := int32(len(p.Supply) - 1)
	needs := make([]online.Need, n)
	for a, tail := range p.Tail {
		switch need := tail; {
		case int(need) >= n:
		case p.Head[a] == sink:
			needs[need].Unmet = p.Cost[a]
		default:
			needs[need].Arcs = append(needs[need].Arcs, transport.Arc{Node: p.Head[a] - int32(n), Cost: p.Cost[a]})
		}
	}
	if k.classes {
		for i := range needs {
			switch class := rng.IntN(10); {
			case class < 2:
				needs[i].Unmet *= 4
			case class >= 6:
				needs[i].Unmet /= 4
			}
		}
	}
	order := rng.Perm(n)
	if k.quarters {
		quarters := t.Quarters()
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(quarters[a], quarters[b]) })
	}
	sorted := make([]online.Need, n)
	for i, at := range order {
		sorted[i] = needs[at]
	}
	return sorted
}
