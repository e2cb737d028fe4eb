package mcf

import (
	"context"
	"errors"
	"fmt"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/internal/frontier"
)

// CostRange returns every cost of arc a with which the flow of s stays optimal: with any other some flow costs less. The range
// ends where a cycle of residual arcs through a costs nothing; it is found by a shortest path over reduced costs each way
// (Dijkstra 1959), in O(m log n) time. The error says why s is not an optimal answer to p, that p has no such arc, or
// that ctx ended.
func CostRange(ctx context.Context, p *Problem, s *Solution, a int32) (Range, error) {
	if err := mustHaveArc(p, s, a); err != nil {
		return Range{}, err
	}
	out := Range{-Inf, Inf}
	c, r, x := p.Cost[a], reduced(p, s, a), s.Flow[a]
	if x < p.upper(a) {
		d, err := distance(ctx, p, s, p.Head[a], p.Tail[a], a)
		if err != nil {
			return Range{}, err
		}
		out.Low = plus(plus(c, -r), -d)
	}
	if x > p.lower(a) {
		d, err := distance(ctx, p, s, p.Tail[a], p.Head[a], a)
		if err != nil {
			return Range{}, err
		}
		out.High = plus(plus(c, -r), d)
	}
	return out, nil
}

// BoundRange returns every lower bound, and every upper bound, of arc a with which the potentials of s stay optimal: with any
// other, some potentials prove a better bound, or no flow is left. It solves two flow problems over the arcs of reduced cost
// 0. The error is as for [CostRange].
func BoundRange(ctx context.Context, p *Problem, s *Solution, a int32) (lower, upper Range, err error) {
	if err := mustHaveArc(p, s, a); err != nil {
		return Range{}, Range{}, err
	}
	there, err := passing(ctx, p, s, p.Head[a], p.Tail[a], a)
	if err != nil {
		return Range{}, Range{}, err
	}
	back, err := passing(ctx, p, s, p.Tail[a], p.Head[a], a)
	if err != nil {
		return Range{}, Range{}, err
	}
	lower, upper = boundRanges(p, s, a, there, back)
	return lower, upper, nil
}

// SupplyRange returns every supply of node v with which the potentials of s stay optimal while node at takes the difference;
// see [BoundRange].
func SupplyRange(ctx context.Context, p *Problem, s *Solution, v, at int32) (Range, error) {
	if err := mustBeOptimal(p, s); err != nil {
		return Range{}, err
	}
	if n := len(p.Supply); v < 0 || int(v) >= n || at < 0 || int(at) >= n {
		return Range{}, fmt.Errorf("the problem has no node %d, or no node %d", v, at)
	}
	if v == at {
		return Range{-Inf, Inf}, nil
	}
	more, err := passing(ctx, p, s, v, at, -1)
	if err != nil {
		return Range{}, err
	}
	less, err := passing(ctx, p, s, at, v, -1)
	if err != nil {
		return Range{}, err
	}
	return Range{plus(p.Supply[v], -less), plus(p.Supply[v], more)}, nil
}

func mustHaveArc(p *Problem, s *Solution, a int32) error {
	if err := mustBeOptimal(p, s); err != nil {
		return err
	}
	if a < 0 || int(a) >= len(p.Tail) {
		return fmt.Errorf("the problem has no arc %d", a)
	}
	return nil
}

// distance returns the least reduced cost of a residual way from u to v without arc without; Inf if there is none.
func distance(ctx context.Context, p *Problem, s *Solution, u, v, without int32) (int64, error) {
	n := len(p.Supply)
	start := make([]int32, n+1)
	for a, t := range p.Tail {
		start[t]++
		start[p.Head[a]]++
	}
	for v := range n {
		start[v+1] += start[v]
	}
	at := make([]int32, 2*len(p.Tail))
	for a, t := range p.Tail {
		for _, v := range [2]int32{t, p.Head[a]} {
			start[v]--
			at[start[v]] = int32(a)
		}
	}
	dist := make([]int64, n)
	for w := range dist {
		dist[w] = Inf
	}
	dist[u] = 0
	queue := frontier.Queue{{Node: u}}
	for looked := 0; len(queue) > 0; {
		near := queue.Pop()
		w := near.Node
		if w == v {
			break
		}
		if near.Distance > dist[w] {
			continue
		}
		for _, a := range at[start[w]:start[w+1]] {
			if a == without {
				continue
			}
			to, r := p.Head[a], reduced(p, s, a)
			open := s.Flow[a] < p.upper(a)
			if to == w {
				to, r, open = p.Tail[a], -r, s.Flow[a] > p.lower(a)
			}
			if !open {
				continue
			}
			if d := plus(near.Distance, r); d < dist[to] {
				dist[to] = d
				queue.Push(frontier.Reach{Distance: d, Node: to})
			}
		}
		if looked += int(start[w+1] - start[w]); looked >= checkEvery {
			if looked = 0; ctx.Err() != nil {
				return 0, ctx.Err()
			}
		}
	}
	return dist[v], nil
}

// passing returns how many units can go from u to v over residual arcs of reduced cost 0 without arc without, Inf if there is
// no limit: a largest flow, as the flow that pays 1 for each unit over an arc from v back to u.
func passing(ctx context.Context, p *Problem, s *Solution, u, v, without int32) (int64, error) {
	if u == v {
		return Inf, nil
	}
	q := &Problem{Supply: make([]int64, len(p.Supply)), Tail: []int32{v}, Head: []int32{u}, Upper: []int64{Inf}, Cost: []int64{-1}}
	add := func(tail, head int32, room int64) {
		if room > 0 {
			q.Tail, q.Head, q.Upper, q.Cost = append(q.Tail, tail), append(q.Head, head), append(q.Upper, room), append(q.Cost, 0)
		}
	}
	for a := range int32(len(p.Tail)) {
		if a != without && reduced(p, s, a) == 0 {
			add(p.Tail[a], p.Head[a], minus(p.upper(a), s.Flow[a]))
			add(p.Head[a], p.Tail[a], s.Flow[a]-p.lower(a))
		}
	}
	out, err := Solve(ctx, q, Options{})
	switch {
	case err != nil:
		return 0, err
	case out.Status == solver.Optimal:
		return -out.Objective, nil
	case out.Status == solver.Unbounded:
		return Inf, nil
	case ctx.Err() != nil:
		return 0, ctx.Err()
	default:
		return 0, errors.New("the largest flow was not found")
	}
}
