// Package gap solves the generalised assignment problem in exact integers: each job goes to one agent, each agent has only
// so much of each resource (hours, not heads), and the total cost is least.
//
// [Solve] is anytime with a true bound: a Lagrangean dual, the fixing of pairs that cannot be in a better answer, ejection
// chains and neighbourhoods of a few agents for good answers, and a tree search that proves. [Check] re-measures the answer
// and the dual bound.
package gap

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// None marks what may not be: as a Cost, a pair of agent and job that is forbidden; as a Penalty, a job that must be done.
const None = math.MaxInt64

// Unassigned is the agent of a job that nobody does.
const Unassigned = -1

// Problem is one instance. Matrices lie agent by agent: the entry of agent i and job j is at i*Jobs+j. Solve reads it and
// never modifies it, so one Problem may serve several calls at once.
type Problem struct {
	Agents   int
	Jobs     int
	Cost     []int64   // Cost[i*Jobs+j], may be negative; None forbids the pair
	Use      [][]int64 // Use[d][i*Jobs+j]: what job j takes of agent i in dimension d, >= 0
	Capacity [][]int64 // Capacity[d][i] >= 0: what agent i has in dimension d; as many dimensions as Use
	MinLoad  [][]int64 // MinLoad[d][i] >= 0: the least that agent i must be given in dimension d; nil, or nil for a dimension, means 0
	Penalty  []int64   // Penalty[j]: cost of leaving job j unassigned, None if it must be done; nil means that all must
}

// Options tune the search. The zero value is a good default.
type Options struct {
	Seed       uint64         // same Problem, Start, Seed, Workers and WorkLimit: the same bytes on any number of cores
	TimeLimit  time.Duration  // 0 means only ctx limits the run; the answer's Work replays a run that time cut
	WorkLimit  int64          // rounds; 0 means none
	Workers    int            // logical workers, part of the recipe; 0 means 4
	Start      []int32        // an assignment to begin from, used if it keeps every rule; nil means none
	OnProgress func(Progress) // called on the caller's goroutine between rounds; nil means silent
}

// Progress is a look at a running search.
type Progress struct {
	Work      int64
	Objective int64 // of the best assignment in hand; None if there is none
	Bound     int64
}

// Solution is the answer to one problem. Its slices belong to the caller.
type Solution struct {
	Status     solver.Status
	Stop       solver.Stop
	Objective  int64   // total cost, penalties included; meaningful when Status is Optimal or Feasible
	Bound      int64   // no assignment costs less; equals Objective when Status is Optimal
	HasBound   bool    // false when no bound is known
	AssignedTo []int32 // AssignedTo[j] is the agent of job j, Unassigned if none; nil when no assignment is in hand
	Work       int64   // rounds done
	Dual       *Dual   // the certificate of the part of Bound that is proved without a tree; nil when there is none
}

// Gap returns how far the objective is above the bound, as a share of the objective; 0 when optimal, +Inf without both.
func (s *Solution) Gap() float64 {
	switch {
	case s.Status == solver.Optimal:
		return 0
	case s.AssignedTo == nil || !s.HasBound:
		return math.Inf(1)
	}
	return float64(s.Objective-s.Bound) / math.Max(1, math.Abs(float64(s.Objective)))
}

// Dual is a Lagrangean certificate: with one multiplier for each job, the sum of the multipliers less what each agent could
// earn by jobs that pay their multiplier and cost their cost, and less what leaving jobs saves, is a lower bound.
//
// The multipliers are bid prices, too: Price[j] / Scale is what the last of job j costs at the margin, the room that it takes
// from other jobs included. A job that may be left is
// worth doing, by the dual, while its penalty is above its price. They are those of the Lagrangean dual of the whole problem:
// in whole assignments a small change may move the cost by more.
type Dual struct {
	Price []int64 // Price[j] / Scale is the multiplier of job j, in the units of Cost
	Scale int64   // > 0
	Bound int64   // the bound that the prices prove, rounded up
}

// maxMagnitude bounds the sums of costs and of use: with prices on a grid finer than a unit of cost nothing then overflows.
const maxMagnitude = 1 << 56

// dims returns the number of dimensions.
func (p *Problem) dims() int { return len(p.Use) }

// minLoad returns the least load of agent i in dimension d.
func (p *Problem) minLoad(d, i int) int64 {
	if p.MinLoad == nil || p.MinLoad[d] == nil {
		return 0
	}
	return p.MinLoad[d][i]
}

// penalty returns the cost of leaving job j, None if it must be done.
func (p *Problem) penalty(j int) int64 {
	if p.Penalty == nil {
		return None
	}
	return p.Penalty[j]
}

// Validate reports every fault of p at once, as a *solver.Invalid whose pointers are "/cost/3", "/use/0/5" and so on. A
// number with which a sum could overflow is a fault, too: the largest costs and penalties of the jobs may add up to less
// than 2^56 divided by the number of jobs, the largest use of the jobs in a dimension to less than 2^56. It takes time
// linear in Agents × Jobs × dimensions.
func (p *Problem) Validate() error {
	var f faults
	size := func(name string, v int) bool {
		if v < 0 || v > math.MaxInt32 {
			f.add(name, "out_of_range", "must be from 0 to 2,147,483,647", int64(v))
			return false
		}
		return true
	}
	if a, j := size("/agents", p.Agents), size("/jobs", p.Jobs); !a || !j {
		return f.invalid.Err()
	}
	if p.Agents > 0 && p.Jobs > 0 && p.Agents > math.MaxInt32/p.Jobs {
		f.add("/agents", "out_of_range", "agents times jobs must be at most 2,147,483,647", int64(p.Agents))
		return f.invalid.Err()
	}
	pairs := p.Agents * p.Jobs
	length := func(name string, got, want int) bool {
		if got != want {
			f.add(name, "invalid", "must have "+strconv.Itoa(want)+" entries", int64(got))
		}
		return got == want
	}
	costs := length("/cost", len(p.Cost), pairs)
	length("/capacity", len(p.Capacity), len(p.Use))
	if p.MinLoad != nil {
		length("/min_load", len(p.MinLoad), len(p.Use))
	}
	penalties := p.Penalty == nil || length("/penalty", len(p.Penalty), p.Jobs)
	for d := range p.Use {
		if length(fmt.Sprintf("/use/%d", d), len(p.Use[d]), pairs) {
			p.validateUse(&f, d)
		}
	}
	capacities := true
	for d := range p.Capacity {
		name := fmt.Sprintf("/capacity/%d", d)
		if !length(name, len(p.Capacity[d]), p.Agents) {
			capacities = false
			continue
		}
		for i, v := range p.Capacity[d] {
			if v < 0 {
				f.addAt(name, i, "out_of_range", "must be >= 0", v)
			}
		}
	}
	for d := range p.MinLoad {
		name := fmt.Sprintf("/min_load/%d", d)
		if p.MinLoad[d] == nil || !length(name, len(p.MinLoad[d]), p.Agents) {
			continue
		}
		for i, v := range p.MinLoad[d] {
			switch {
			case v < 0:
				f.addAt(name, i, "out_of_range", "must be >= 0", v)
			case capacities && d < len(p.Capacity) && v > p.Capacity[d][i]:
				f.addAt(name, i, "conflict", "must not be above the agent's capacity", v)
			}
		}
	}
	if costs && penalties {
		p.validateCosts(&f)
	}
	return f.invalid.Err()
}

// validateUse checks one dimension of Use; forbidden pairs count, too.
func (p *Problem) validateUse(f *faults, d int) {
	name := fmt.Sprintf("/use/%d", d)
	sum := int64(0)
	for j := range p.Jobs {
		most := int64(0)
		for i := range p.Agents {
			at := i*p.Jobs + j
			v := p.Use[d][at]
			if v < 0 {
				f.addAt(name, at, "out_of_range", "must be >= 0", v)
				continue
			}
			most = max(most, v)
			if sum+min(most, maxMagnitude) >= maxMagnitude {
				f.addAt(name, at, "out_of_range", "the largest use of the jobs up to this one adds up to 2^56 or more", v)
				return
			}
		}
		sum += most
	}
}

// validateCosts checks the size of costs and penalties.
func (p *Problem) validateCosts(f *faults) {
	limit := int64(maxMagnitude) / int64(max(1, p.Jobs))
	sum := int64(0)
	for j := range p.Jobs {
		most := int64(0)
		check := func(name string, at int, v int64) bool {
			if v == None {
				return true
			}
			if v == math.MinInt64 {
				v++
			}
			most = max(most, v, -v)
			if most >= limit || sum+most >= limit {
				f.addAt(name, at, "out_of_range", "the largest costs of the jobs up to this one add up to 2^56 or more, divided by the number of jobs", v)
				return false
			}
			return true
		}
		for i := range p.Agents {
			if at := i*p.Jobs + j; !check("/cost", at, p.Cost[at]) {
				return
			}
		}
		if p.Penalty != nil && !check("/penalty", j, p.Penalty[j]) {
			return
		}
		sum += most
	}
}

// faults collects faults; texts are made only for those that will be shown.
type faults struct{ invalid solver.Invalid }

func (f *faults) add(pointer, code, detail string, value int64) {
	f.invalid.Add(solver.Fault{Pointer: pointer, Code: code, Detail: detail, Value: strconv.FormatInt(value, 10)})
}

func (f *faults) addAt(field string, index int, code, detail string, value int64) {
	if f.invalid.Total >= solver.MaxFaults {
		f.invalid.Total++
		return
	}
	f.add(field+"/"+strconv.Itoa(index), code, detail, value)
}
