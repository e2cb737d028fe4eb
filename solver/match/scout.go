package match

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"

	"github.com/courtyard-care/courtyard/solver/travel"
)

// everything is a budget that cuts nothing, see [travel.Search].
const everything int64 = 1 << 61

// found is one eligible entry of a need.
type found struct {
	entry  int32
	metres int64
	cost   int64 // of one unit
	rank   int64 // what the search orders by
}

// scout looks for eligible entries around needs. It belongs to one goroutine.
type scout struct {
	m      *model
	search travel.Search
	census travel.Search
	need   int32
	from   int32 // first entry of the service in hand
	visit  func(f found)
}

func newScout(m *model) *scout {
	s := &scout{m: m}
	s.search.Stretch = max(1, m.p.Detour)
	s.search.Visit = func(item int32, _ float64) {
		e := s.from + item
		if m.screened(s.need, e) != 0 {
			return
		}
		j := m.screens[e].resource
		if metres := m.metres(s.need, j); m.distance(s.need, j, metres) == 0 {
			s.visit(found{entry: e, metres: metres, cost: m.cost(s.need, j, metres)})
		}
	}
	return s
}

// eligible calls visit for every eligible entry of need i for which perMetre × metres + the key of the entry in the index
// may be within budget: near ones first.
func (s *scout) eligible(i int32, perMetre, budget int64, visit func(f found)) {
	n := &s.m.needs[i]
	if n.service < 0 {
		return
	}
	service := &s.m.services[n.service]
	s.need, s.from, s.visit = i, service.from, visit
	s.search.From = n.at
	s.search.ReachM = s.m.reach(i)
	s.search.PerMetre = perMetre
	if n.remote {
		s.search.PerMetre = 0
	}
	s.search.Budget = budget
	s.search.Run(service.index)
}

// cheapest returns, in the order of entries, k eligible entries of need i of least rank within budget; which of equal ranks
// is not promised. The rank of an entry is at least w_distance × metres + its key in the index.
func (s *scout) cheapest(i int32, k int, budget int64, rank func(f found) int64, into []found) []found {
	into = into[:0]
	s.eligible(i, s.m.p.Weights.Distance, budget, func(f found) {
		f.rank = rank(f)
		if f.rank > s.search.Budget {
			return
		}
		into = keep(into, k, f)
		if len(into) == k {
			s.search.Budget = into[k-1].rank - 1 // an equal one would be no better
		}
	})
	byEntry(into)
	return into
}

// nearest returns, in the order of entries, the k nearest eligible entries of need i, equal distances by that order. The
// keys of the index must be 0.
func (s *scout) nearest(i int32, k int, into []found) []found {
	into = into[:0]
	s.eligible(i, 1, everything, func(f found) {
		f.rank = f.metres
		into = keep(into, k, f)
		if len(into) == k {
			s.search.Budget = into[k-1].rank
		}
	})
	byEntry(into)
	return into
}

// keep inserts f into the k entries of least rank, equal ranks by entry. Lists are short and most entries come in late
// places: moving from the end takes a third of the time of a binary search and a copy.
func keep(list []found, k int, f found) []found {
	if len(list) < k {
		list = append(list, f)
	} else if last := &list[k-1]; f.rank > last.rank || f.rank == last.rank && f.entry > last.entry {
		return list
	}
	at := len(list) - 1
	for ; at > 0; at-- {
		before := &list[at-1]
		if before.rank < f.rank || before.rank == f.rank && before.entry < f.entry {
			break
		}
		list[at] = *before
	}
	list[at] = f
	return list
}

// byEntry sorts a short list in place.
func byEntry(list []found) {
	for k := 1; k < len(list); k++ {
		f, at := list[k], k
		for ; at > 0 && list[at-1].entry > f.entry; at-- {
			list[at] = list[at-1]
		}
		list[at] = f
	}
}

// chunk is how many items one goroutine takes at a time; between two chunks it looks at the context.
const chunk = 256

// inChunks calls work for [0,n) in chunks, on every core; each call gets the number of its goroutine's own worker. The
// caller merges results by chunk, so the number of cores changes nothing. It returns false if ctx ended first.
func inChunks(ctx context.Context, n int, work func(worker, from, to int)) bool {
	return inChunksOf(ctx, chunk, n, work)
}

// inChunksOf is inChunks with chunks of another size.
func inChunksOf(ctx context.Context, chunk, n int, work func(worker, from, to int)) bool {
	workers := min(runtime.GOMAXPROCS(0), (n+chunk-1)/chunk)
	if workers <= 1 {
		for from := 0; from < n; from += chunk {
			if ctx.Err() != nil {
				return false
			}
			work(0, from, min(n, from+chunk))
		}
		return ctx.Err() == nil
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() {
			for ctx.Err() == nil {
				from := int(next.Add(int64(chunk))) - chunk
				if from >= n {
					return
				}
				work(k, from, min(n, from+chunk))
			}
		})
	}
	wg.Wait()
	return ctx.Err() == nil
}

// scouts makes one scout for each worker of inChunks.
func (m *model) scouts() []*scout {
	all := make([]*scout, runtime.GOMAXPROCS(0))
	for k := range all {
		all[k] = newScout(m)
	}
	return all
}

// census counts the eligible pairs of each need without storing them, and keeps a few drawn at random.
type census struct {
	counts []int32 // by need
	drawn  []int32 // entries: those of need i are drawn[i*draws:][:min(draws, counts[i])]
}

// draws is how many eligible pairs of each need the census keeps. They join its cheapest ones in the first round: near pairs
// alone leave crowded quarters cut off from room elsewhere, and every round of pricing moves their border by a street. On
// 20,000 needs × 8,000 resources in clusters they turn 9 rounds into 7 and 15 s of work into 10 at five times the size.
const draws = 6

// takeCensus is O(pairs within reach); ok is false if ctx ended.
func (m *model) takeCensus(ctx context.Context) (c census, ok bool) {
	c = census{counts: make([]int32, len(m.needs)), drawn: make([]int32, draws*len(m.needs))}
	arc := newArcTest(m)
	scouts := m.scouts()
	ok = inChunks(ctx, len(m.needs), func(worker, from, to int) {
		s := scouts[worker]
		for i := int32(from); i < int32(to); i++ {
			if m.needs[i].service >= 0 {
				c.counts[i] = s.count(i, arc, c.drawn[draws*i:draws*(i+1)])
			}
		}
	})
	return c, ok
}

// count returns the number of eligible pairs of need i and fills drawn with some of them (Waterman's reservoir, Knuth 1981).
// The draw depends on the need's position alone.
func (s *scout) count(i int32, arc *arcTest, drawn []int32) int32 {
	m := s.m
	n := &m.needs[i]
	service := &m.services[n.service]
	surely := arc.within(n.reach, arc.joinedHome[i])
	var count int32
	var rng rand.PCG
	s.census = travel.Search{From: n.at, Stretch: s.search.Stretch, ReachM: m.reach(i), Budget: everything}
	s.census.Visit = func(item int32, chord2 float64) {
		e := service.from + item
		if m.screened(i, e) != 0 {
			return
		}
		if j := m.screens[e].resource; !n.remote && (chord2 >= surely || chord2 >= arc.radius[j]) && m.distance(i, j, m.metres(i, j)) != 0 {
			return
		}
		at := count
		if int(count) >= len(drawn) {
			if int(count) == len(drawn) {
				rng.Seed(uint64(i), draws)
			}
			at = int32(rng.Uint64() >> 33 % uint64(count+1))
		}
		if int(at) < len(drawn) {
			drawn[at] = service.from + item
		}
		count++
	}
	s.census.Run(service.index)
	return count
}

// around calls visit for every entry of a service whose resource may serve need i, the day left aside.
func (s *scout) around(i, service int32, visit func(entry int32, metres int64)) {
	m := s.m
	n := &m.needs[i]
	group := &m.services[service]
	reach := min(n.reach, group.radius)
	if n.remote {
		reach = math.MaxInt64
	}
	s.census = travel.Search{From: n.at, Stretch: s.search.Stretch, ReachM: reach, Budget: everything}
	s.census.Visit = func(item int32, _ float64) {
		j := m.entries[group.from+item].resource
		if m.attributes(i, j) != 0 {
			return
		}
		if metres := m.metres(i, j); m.distance(i, j, metres) == 0 {
			visit(group.from+item, metres)
		}
	}
	s.census.Run(group.index)
}
