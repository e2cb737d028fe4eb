// Package sideflow solves minimum-cost flow with side constraints, in exact integers.
//
// A [Problem] is a network of package mcf with three things that are not a flow: a [Row] bounds a weighted sum of flows
// (money, minutes), a [Switch] wants an arc to carry nothing or at least so much (minimum attendance, all or nothing), and
// a [Choice] lets only so many switches be open (stops of an outreach bus). Any of them makes the problem NP-hard.
//
// Solve finds a good flow early, goes on improving it, and proves a bound by Lagrangean relaxation and branch and bound: it
// says Optimal only when the bound meets the objective. [Check] measures an answer again. The multipliers of the root
// ([Root]) price arcs that the problem does not hold yet, so that a caller can generate columns.
package sideflow

import (
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// Problem is a network with side constraints. Solve reads it and never modifies it, so one Problem may serve several calls
// at once.
type Problem struct {
	Flow     mcf.Problem // the network; no cycle of negative cost may be without upper bounds
	Rows     []Row
	Switches []Switch // at most one for an arc
	Choices  []Choice
}

// Row is one bound on a weighted sum of flows: the sum of Coef[k] times the flow of Arc[k] is at most Most.
type Row struct {
	Arc  []int32 // no arc twice
	Coef []int64 // >= 0
	Most int64   // >= 0
}

// Switch wants an arc to carry nothing (closed) or at least Least (open). With Least equal to the arc's upper bound it is
// all or nothing; with Least 1 it only says whether the arc is used, for a Choice. An arc with a lower bound above 0 is
// always open.
type Switch struct {
	Arc   int32
	Least int64 // 1 <= Least <= the arc's upper bound
}

// Choice lets at most Most of some switches be open. A switch may be in several choices.
type Choice struct {
	Switch []int32 // indices into Problem.Switches, none twice
	Most   int64   // >= 0
}

// Options tune the search. The zero value is a good default: it runs until the optimum is proved.
type Options struct {
	TimeLimit  time.Duration  // 0 means only ctx limits the run
	WorkLimit  int64          // in the units of Solution.Work; 0 means none
	Start      []int64        // a flow to begin with, for all arcs or the first ones (the rest carry nothing); one that breaks side constraints is repaired, one that is no flow of the network is ignored; nil means none
	Root       *Root          // multipliers and basis of an earlier answer, to the same problem or to one with fewer arcs; nil means none
	RootOnly   bool           // stop after the root bound and the first flows: for column generation
	OnProgress func(Progress) // called on the caller's goroutine, never concurrently; nil means silent
}

// Progress is a look at a running search.
type Progress struct {
	Objective    int64 // of the best flow in hand; meaningful when HasObjective
	HasObjective bool
	Bound        int64 // meaningful when HasBound
	HasBound     bool
	Nodes        int64 // of branch and bound, done
	Work         int64
}

// Solution is the answer to one problem. Its slices belong to the caller.
type Solution struct {
	Status    solver.Status // never Unbounded: such a problem is refused
	Stop      solver.Stop
	Objective int64   // cost of Flow; meaningful when Status is Optimal or Feasible
	Bound     int64   // no flow that keeps all constraints costs less; equals Objective when Status is Optimal
	HasBound  bool    // false when no bound is known
	Flow      []int64 // Flow[a]; nil when no flow is in hand
	Binding   Binding // what makes this problem more than a flow
	Root      *Root   // the root bound and its multipliers; nil when the search ended before, or when there is no flow at all
	Cut       []bool  // when Infeasible already as a plain flow: the cut of mcf.Solution; nil when proved by exhaustion
	Short     int64   // when Cut is set: by how many units, as in mcf.Solution
	Nodes     int64   // nodes of branch and bound
	Work      int64   // pivots, and one unit for every 256 arcs looked at by the Lagrangean bound
}

// Binding lists the side constraints that the best plain flow breaks, by index: without them it would be the answer. All
// empty means that the plain flow is the optimum. Which of several best plain flows is measured may change between releases.
type Binding struct {
	Rows     []int32
	Switches []int32
	Choices  []int32
}

// Root is the Lagrangean bound at the root of the search. It is valid for any Row, Choice >= 0 and any Potential. All
// multipliers are multiples of 2^-Shift: the integer v stands for v / 2^Shift units of cost.
//
// With r(a) = cost + the sum over rows of Row times Coef + Potential[tail] - Potential[head], the bound is minus the sum of
// supplies times potentials, minus Row times Most, minus Choice times Most, plus the least that each arc can add within its
// bounds. The arcs that can only carry something when a switch is open (see [Problem.Groups]) add, together with the
// switch, either 0 or what they add when it is open, whichever is less: this is above the bound of the linear relaxation,
// which knows no such minimum.
type Root struct {
	Bound     int64 // rounded up to whole units of cost
	Shift     uint8
	Row       []int64    // >= 0, one for each row
	Choice    []int64    // >= 0, one for each choice
	Potential []int64    // one for each node
	Basis     *mcf.Basis // of the flow at these multipliers, for the next call
}

// Validate reports every fault of p at once, as a *solver.Invalid whose pointers are "/flow/tail/5", "/rows/3/coef/0",
// "/switches/2/least", "/choices/0/most" and so on. It takes time linear in the size of p.
func (p *Problem) Validate() error {
	var f faults
	if err := p.Flow.Validate(); err != nil {
		f.adopt("/flow", err)
	}
	m := len(p.Flow.Tail)
	arc := func(field string, i, k int, a int32) bool {
		if a >= 0 && int(a) < m {
			return true
		}
		f.add(field, i, "arc", k, "unknown", "the network has no such arc", int64(a))
		return false
	}
	seen := make([]int32, max(m, len(p.Switches)))
	for i, r := range p.Rows {
		if len(r.Coef) != len(r.Arc) {
			f.add("/rows", i, "coef", -1, "invalid", "must have one entry for each arc of the row", int64(len(r.Coef)))
		}
		if r.Most < 0 {
			f.add("/rows", i, "most", -1, "out_of_range", "must be >= 0", r.Most)
		}
		for k, a := range r.Arc {
			if k < len(r.Coef) && r.Coef[k] < 0 {
				f.add("/rows", i, "coef", k, "out_of_range", "must be >= 0", r.Coef[k])
			}
			if !arc("/rows", i, k, a) {
				continue
			}
			if seen[a] == int32(i)+1 {
				f.add("/rows", i, "arc", k, "duplicate", "the row names this arc already", int64(a))
			}
			seen[a] = int32(i) + 1
		}
	}
	clear(seen)
	for i, s := range p.Switches {
		if s.Least < 1 {
			f.add("/switches", i, "least", -1, "out_of_range", "must be >= 1", s.Least)
		}
		if !arc("/switches", i, -1, s.Arc) {
			continue
		}
		if seen[s.Arc] != 0 {
			f.add("/switches", i, "arc", -1, "duplicate", "another switch has this arc already", int64(s.Arc))
		}
		seen[s.Arc] = 1
		if int(s.Arc) < len(p.Flow.Upper) && s.Least > p.Flow.Upper[s.Arc] {
			f.add("/switches", i, "least", -1, "conflict", "must not be above the upper bound of the arc", s.Least)
		}
	}
	clear(seen)
	for i, c := range p.Choices {
		if c.Most < 0 {
			f.add("/choices", i, "most", -1, "out_of_range", "must be >= 0", c.Most)
		}
		for k, s := range c.Switch {
			if s < 0 || int(s) >= len(p.Switches) {
				f.add("/choices", i, "switch", k, "unknown", "the problem has no such switch", int64(s))
				continue
			}
			if seen[s] == int32(i)+1 {
				f.add("/choices", i, "switch", k, "duplicate", "the choice names this switch already", int64(s))
			}
			seen[s] = int32(i) + 1
		}
	}
	return f.invalid.Err()
}

// faults collects faults; texts are made only for those that will be shown.
type faults struct{ invalid solver.Invalid }

// add reports list/index/field/at; at < 0 leaves the last part out.
func (f *faults) add(list string, index int, field string, at int, code, detail string, value int64) {
	if f.invalid.Total >= solver.MaxFaults {
		f.invalid.Total++
		return
	}
	pointer := list + "/" + strconv.Itoa(index) + "/" + field
	if at >= 0 {
		pointer += "/" + strconv.Itoa(at)
	}
	f.invalid.Add(solver.Fault{Pointer: pointer, Code: code, Detail: detail, Value: strconv.FormatInt(value, 10)})
}

// adopt takes over the faults of a part of the problem.
func (f *faults) adopt(prefix string, err error) {
	inner := prefixed(prefix, err)
	for _, one := range inner.Faults {
		f.invalid.Add(one)
	}
	f.invalid.Total += inner.Total - len(inner.Faults)
}
