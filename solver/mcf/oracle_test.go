package mcf

import (
	"math/rand/v2"

	"github.com/courtyard-care/courtyard/solver"
)

// simple solves p by cancelling negative cycles found by Bellman and Ford, after a flow of all supply was found by the same
// means: artificial arcs to a node of their own, of a cost above any path's. It is slow and obvious.
func simple(p *Problem) (status solver.Status, objective int64) {
	total := int64(0)
	for _, b := range p.Supply {
		total += b
	}
	if total != 0 {
		return solver.Infeasible, 0
	}
	type edge struct {
		from, to   int32
		room, cost int64 // room Inf: no bound
	}
	var edges []edge // edge i and i^1 are the two directions of one arc
	add := func(from, to int32, low, high, flow, cost int64) {
		room := int64(Inf)
		if high != Inf {
			room = high - flow
		}
		edges = append(edges, edge{from, to, room, cost}, edge{to, from, flow - low, -cost})
	}
	big := int64(1)
	balance := append([]int64(nil), p.Supply...)
	for a := range p.Tail {
		low := p.lower(int32(a))
		add(p.Tail[a], p.Head[a], low, p.upper(int32(a)), low, p.Cost[a])
		balance[p.Tail[a]] -= low
		balance[p.Head[a]] += low
		big += max(p.Cost[a], -p.Cost[a])
	}
	root := int32(len(p.Supply))
	arcs := len(edges)
	for v, b := range balance {
		if b >= 0 {
			add(int32(v), root, 0, Inf, b, 0)
		} else {
			add(root, int32(v), 0, Inf, -b, 0)
		}
	}
	cancel := func(least int64, costOf func(i int) int64) (unbounded bool) { // over edges with so much room
		for {
			dist := make([]int64, root+1)
			via := make([]int, root+1)
			at := int32(-1)
			for range dist {
				at = -1
				for i, e := range edges {
					if e.room >= least && dist[e.from]+costOf(i) < dist[e.to] {
						dist[e.to] = dist[e.from] + costOf(i)
						via[e.to] = i
						at = e.to
					}
				}
			}
			if at < 0 {
				return false
			}
			for range dist {
				at = edges[via[at]].from
			}
			room := int64(Inf)
			for v := at; ; {
				room = min(room, edges[via[v]].room)
				if v = edges[via[v]].from; v == at {
					break
				}
			}
			if room == Inf {
				return true
			}
			for v := at; ; {
				i := via[v]
				if edges[i].room != Inf {
					edges[i].room -= room
				}
				if edges[i^1].room != Inf {
					edges[i^1].room += room
				}
				if v = edges[i].from; v == at {
					break
				}
			}
		}
	}
	// First the artificial flow away, then the cost down.
	cancel(1, func(i int) int64 {
		switch {
		case i < arcs:
			return 0
		case i%2 == 0:
			return 1
		default:
			return -1
		}
	})
	for i := arcs; i < len(edges); i += 2 {
		if edges[i+1].room > 0 {
			return solver.Infeasible, 0
		}
		edges[i].room = 0
	}
	// Unbounded arcs first: only their cycles can be cancelled for ever.
	cost := func(i int) int64 { return edges[i].cost }
	if cancel(Inf, cost) {
		return solver.Unbounded, 0
	}
	cancel(1, cost)
	for a := range p.Tail {
		objective += p.Cost[a] * (p.lower(int32(a)) + edges[2*a+1].room)
	}
	return solver.Optimal, objective
}

// randomProblem makes a small problem with every feature mixed in.
func randomProblem(rng *rand.Rand) *Problem {
	n, m := 1+rng.IntN(8), rng.IntN(24)
	p := &Problem{Supply: make([]int64, n)}
	style := rng.IntN(6)
	negative := int64(rng.IntN(3)) * 5
	for range m {
		low := int64(0)
		if rng.IntN(4) == 0 {
			low = rng.Int64N(4)
		}
		high := low + rng.Int64N(8)
		if rng.IntN(3) == 0 && style != 0 {
			high = Inf
		}
		p.Tail = append(p.Tail, rng.Int32N(int32(n)))
		p.Head = append(p.Head, rng.Int32N(int32(n)))
		p.Lower = append(p.Lower, low)
		p.Upper = append(p.Upper, high)
		p.Cost = append(p.Cost, rng.Int64N(20)-negative)
	}
	switch style {
	case 1: // any supplies
		for v := range p.Supply {
			p.Supply[v] = rng.Int64N(7) - 3
		}
	case 2: // balanced
		for range n {
			v, w, b := rng.IntN(n), rng.IntN(n), rng.Int64N(5)
			p.Supply[v] += b
			p.Supply[w] -= b
		}
	default: // those of a flow, so feasible
		for a := range p.Tail {
			x := p.Lower[a]
			if p.Upper[a] == Inf {
				x += rng.Int64N(6)
			} else {
				x += rng.Int64N(p.Upper[a] - x + 1)
			}
			p.Supply[p.Tail[a]] += x
			p.Supply[p.Head[a]] -= x
		}
	}
	if style == 5 {
		p.Lower = nil
		for a := range p.Upper {
			p.Upper[a] = max(p.Upper[a], 0)
		}
	}
	return p
}

// randomProblemLike returns p with arcs appended and a few numbers changed.
func randomProblemLike(rng *rand.Rand, p *Problem) *Problem {
	q := &Problem{
		Supply: append([]int64(nil), p.Supply...),
		Tail:   append([]int32(nil), p.Tail...),
		Head:   append([]int32(nil), p.Head...),
		Lower:  append([]int64(nil), p.Lower...),
		Upper:  append([]int64(nil), p.Upper...),
		Cost:   append([]int64(nil), p.Cost...),
	}
	if p.Lower == nil {
		q.Lower = make([]int64, len(p.Tail))
	}
	for range rng.IntN(6) {
		q.Tail = append(q.Tail, rng.Int32N(int32(len(p.Supply))))
		q.Head = append(q.Head, rng.Int32N(int32(len(p.Supply))))
		q.Lower = append(q.Lower, 0)
		q.Upper = append(q.Upper, rng.Int64N(9))
		q.Cost = append(q.Cost, rng.Int64N(20)-5)
	}
	for range rng.IntN(4) {
		if len(q.Tail) == 0 {
			break
		}
		a := rng.IntN(len(q.Tail))
		q.Cost[a] += rng.Int64N(9) - 4
		a = rng.IntN(len(q.Tail))
		if q.Upper[a] != Inf {
			q.Upper[a] = q.Lower[a] + rng.Int64N(6)
		}
		v, w, b := rng.IntN(len(q.Supply)), rng.IntN(len(q.Supply)), rng.Int64N(3)
		q.Supply[v] += b
		q.Supply[w] -= b
	}
	return q
}
