package gap

import (
	"math/rand/v2"

	"github.com/courtyard-care/courtyard/solver"
)

// cases returns how many random cases a test runs: fewer with -short.
func cases(short bool, n int) int {
	if short {
		return max(1, n/10)
	}
	return n
}

// randomProblem mixes every feature: several dimensions, least loads, forbidden pairs, jobs that may be left, negative and
// large costs, jobs without use and agents without capacity. It may be infeasible.
func randomProblem(rng *rand.Rand, agents, jobs int) *Problem {
	p := &Problem{Agents: agents, Jobs: jobs, Cost: make([]int64, agents*jobs)}
	dims := 1
	switch rng.IntN(6) {
	case 0:
		dims = 0
	case 1, 2:
		dims = 2 + rng.IntN(2)
	}
	span := []int64{3, 20, 1000, 1 << 40}[rng.IntN(4)]
	forbid := rng.IntN(3) == 0
	for k := range p.Cost {
		p.Cost[k] = rng.Int64N(span) - rng.Int64N(2)*span/3
		if forbid && rng.IntN(4) == 0 {
			p.Cost[k] = None
		}
	}
	most := []int64{1, 5, 30}[rng.IntN(3)]
	tight := 0.5 + rng.Float64()
	least := rng.IntN(4) == 0
	for d := range dims {
		use, capacity := make([]int64, agents*jobs), make([]int64, agents)
		for k := range use {
			use[k] = rng.Int64N(most + 1)
		}
		for i := range capacity {
			capacity[i] = int64(tight * float64(most) / 2 * float64(jobs) / float64(agents) * (0.5 + rng.Float64()))
		}
		p.Use, p.Capacity = append(p.Use, use), append(p.Capacity, capacity)
		if least {
			low := make([]int64, agents)
			for i := range low {
				low[i] = rng.Int64N(capacity[i]/2 + 1)
			}
			if d > 0 && rng.IntN(2) == 0 {
				low = nil
			}
			p.MinLoad = append(p.MinLoad, low)
		}
	}
	if rng.IntN(2) == 0 {
		p.Penalty = make([]int64, jobs)
		for j := range p.Penalty {
			p.Penalty[j] = rng.Int64N(2*span+1) - span/4
			if rng.IntN(4) == 0 {
				p.Penalty[j] = None
			}
		}
	}
	return p
}

// bruteForce tries every assignment.
func bruteForce(p *Problem) (status solver.Status, least int64) {
	assigned := make([]int32, p.Jobs)
	var try func(j int)
	try = func(j int) {
		if j == p.Jobs {
			if cost, err := measureCost(p, assigned); err == nil && (status == solver.Unknown || cost < least) {
				status, least = solver.Optimal, cost
			}
			return
		}
		for i := -1; i < p.Agents; i++ {
			assigned[j] = int32(i)
			try(j + 1)
		}
	}
	try(0)
	if status == solver.Unknown {
		status = solver.Infeasible
	}
	return status, least
}

// hardProblem is of type D: what costs least uses most (Chu and Beasley 1997).
func hardProblem(rng *rand.Rand, agents, jobs int) *Problem {
	p := &Problem{
		Agents: agents, Jobs: jobs, Cost: make([]int64, agents*jobs),
		Use: [][]int64{make([]int64, agents*jobs)}, Capacity: [][]int64{make([]int64, agents)},
	}
	for i := range agents {
		sum := int64(0)
		for j := range jobs {
			use := 1 + rng.Int64N(100)
			sum += use
			p.Use[0][i*jobs+j], p.Cost[i*jobs+j] = use, 111-use+rng.Int64N(21)-10
		}
		p.Capacity[0][i] = sum * 8 / 10 / int64(agents)
	}
	return p
}
