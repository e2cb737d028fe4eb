package sideflow

import (
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// cases returns how many random cases a test draws.
func cases(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// bruteForce tries every integer flow within the bounds, which must be finite, and returns the least cost of those that keep
// everything; found is false if none does.
func bruteForce(p *Problem) (best int64, found bool) {
	m := len(p.Flow.Tail)
	flow := make([]int64, m)
	balance := append([]int64(nil), p.Flow.Supply...)
	// Once the last arc that touches a node is set, the node must balance.
	last := make([]int, len(p.Flow.Supply))
	for v := range last {
		last[v] = -1
	}
	for a := range m {
		last[p.Flow.Tail[a]], last[p.Flow.Head[a]] = a, a
	}
	for v, a := range last {
		if a < 0 && balance[v] != 0 {
			return 0, false
		}
	}
	var try func(a int, cost int64)
	try = func(a int, cost int64) {
		if a == m {
			if keeps(p, flow) && (!found || cost < best) {
				best, found = cost, true
			}
			return
		}
		t, h := p.Flow.Tail[a], p.Flow.Head[a]
		low := int64(0)
		if p.Flow.Lower != nil {
			low = p.Flow.Lower[a]
		}
		for x := low; x <= p.Flow.Upper[a]; x++ {
			flow[a] = x
			balance[t] -= x
			balance[h] += x
			if (last[t] != a || balance[t] == 0) && (last[h] != a || balance[h] == 0) {
				try(a+1, cost+x*p.Flow.Cost[a])
			}
			balance[t] += x
			balance[h] -= x
		}
	}
	try(0, 0)
	return best, found
}

// keeps reports whether a flow keeps the side constraints.
func keeps(p *Problem, flow []int64) bool {
	for _, row := range p.Rows {
		sum := int64(0)
		for k, a := range row.Arc {
			sum += row.Coef[k] * flow[a]
		}
		if sum > row.Most {
			return false
		}
	}
	for _, w := range p.Switches {
		if flow[w.Arc] > 0 && flow[w.Arc] < w.Least {
			return false
		}
	}
	for _, c := range p.Choices {
		open := int64(0)
		for _, w := range c.Switch {
			if flow[p.Switches[w].Arc] > 0 {
				open++
			}
		}
		if open > c.Most {
			return false
		}
	}
	return true
}

// randomProblem makes a small problem with every feature mixed in: a network of any shape, or needs, sessions and a sink.
func randomProblem(rng *rand.Rand) *Problem {
	p := &Problem{}
	f := &p.Flow
	add := func(tail, head int, upper, cost int64) int32 {
		f.Tail, f.Head = append(f.Tail, int32(tail)), append(f.Head, int32(head))
		f.Upper, f.Cost = append(f.Upper, upper), append(f.Cost, cost)
		f.Lower = append(f.Lower, 0)
		return int32(len(f.Tail) - 1)
	}
	scale := []int64{1, 1, 1, 1000, 1_000_000}[rng.IntN(5)]
	if rng.IntN(2) == 0 {
		needs, sessions := 1+rng.IntN(5), 1+rng.IntN(3)
		sink := needs + sessions
		f.Supply = make([]int64, sink+1)
		for i := range needs {
			b := 1 + rng.Int64N(2)
			f.Supply[i] += b
			f.Supply[sink] -= b
			for j := range sessions {
				if rng.IntN(3) > 0 {
					add(i, needs+j, b, rng.Int64N(30))
				}
			}
			if rng.IntN(8) > 0 {
				add(i, sink, b, 40*scale+rng.Int64N(20))
			}
		}
		for j := range sessions {
			seats := 1 + rng.Int64N(4)
			a := add(needs+j, sink, seats, rng.Int64N(9)-4)
			if rng.IntN(4) > 0 {
				p.Switches = append(p.Switches, Switch{a, 1 + rng.Int64N(seats)})
			}
		}
	} else {
		n := 2 + rng.IntN(4)
		f.Supply = make([]int64, n)
		for range rng.IntN(9) + 1 {
			a := add(rng.IntN(n), rng.IntN(n), rng.Int64N(4), (rng.Int64N(20)-4)*scale)
			if rng.IntN(6) == 0 {
				f.Lower[a] = rng.Int64N(f.Upper[a] + 1)
			}
			if rng.IntN(3) == 0 && f.Upper[a] > 0 {
				p.Switches = append(p.Switches, Switch{a, 1 + rng.Int64N(f.Upper[a])})
			}
			x := f.Lower[a] + rng.Int64N(f.Upper[a]-f.Lower[a]+1)
			f.Supply[f.Tail[a]] += x
			f.Supply[f.Head[a]] -= x
		}
	}
	for range rng.IntN(3) {
		row := Row{Most: rng.Int64N(20)}
		for a := range f.Tail {
			if rng.IntN(2) == 0 {
				row.Arc, row.Coef = append(row.Arc, int32(a)), append(row.Coef, rng.Int64N(6))
			}
		}
		p.Rows = append(p.Rows, row)
	}
	for range rng.IntN(3) {
		c := Choice{Most: rng.Int64N(3)}
		for s := range p.Switches {
			if rng.IntN(2) == 0 {
				c.Switch = append(c.Switch, int32(s))
			}
		}
		p.Choices = append(p.Choices, c)
	}
	return p
}

// TestBruteForce compares with all flows of small problems, with limits and warm starts mixed in.
func TestBruteForce(t *testing.T) {
	seen := map[solver.Status]int{}
	for seed := range uint64(cases(6000)) {
		rng := rand.New(rand.NewPCG(seed, 7))
		p := randomProblem(rng)
		want, found := bruteForce(p)
		sol, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		seen[sol.Status]++
		examine(t, seed, p, sol, want, found)
		if found != (sol.Status == solver.Optimal) || !found != (sol.Status == solver.Infeasible) {
			t.Fatalf("seed %d: %v by %v, brute force found a flow: %t", seed, sol.Status, sol.Stop, found)
		}
		opts := Options{WorkLimit: 1 + rng.Int64N(60), RootOnly: rng.IntN(2) == 0, Root: sol.Root}
		if rng.IntN(2) == 0 {
			opts.Start = sol.Flow
		}
		cut, err := Solve(t.Context(), p, opts)
		if err != nil {
			t.Fatalf("seed %d, %+v: %v", seed, opts, err)
		}
		examine(t, seed, p, cut, want, found)
	}
	t.Log(seen)
}

// examine checks an answer against the truth.
func examine(t *testing.T, seed uint64, p *Problem, sol *Solution, want int64, found bool) {
	t.Helper()
	if err := Check(p, sol); err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	switch {
	case found && sol.Status == solver.Infeasible, !found && sol.Flow != nil:
		t.Fatalf("seed %d: %v, brute force found a flow: %t", seed, sol.Status, found)
	case found && sol.HasBound && sol.Bound > want:
		t.Fatalf("seed %d: bound %d, brute force %d", seed, sol.Bound, want)
	case found && sol.Root != nil && sol.Root.Bound > want:
		t.Fatalf("seed %d: root bound %d, brute force %d", seed, sol.Root.Bound, want)
	case sol.Flow != nil && sol.Objective < want, sol.Status == solver.Optimal && sol.Objective != want:
		t.Fatalf("seed %d: objective %d, brute force %d", seed, sol.Objective, want)
	}
}
