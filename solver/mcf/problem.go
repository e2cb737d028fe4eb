// Package mcf solves the minimum-cost flow problem in exact integers.
//
// [Solve] runs the primal network simplex method on strongly feasible trees, or cost scaling (see [Method]); it proves every
// answer (optimal, infeasible, unbounded) and [Check] verifies the proof. It starts from nothing, from the basis of an earlier
// answer, or from a basis that the caller makes up ([NewBasis]), also after arcs were appended: column generation is its
// intended use.
//
// [SolveTiers] minimises one cost after the other, [SolveBottleneck] the dearest arc in use, [SolveLeximin] all of them from
// the dearest on. [Sensitivity] says how far the numbers of a problem may move before its answer does.
package mcf

import (
	"math"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// Inf as an upper bound means that the arc has none.
const Inf = math.MaxInt64

// Problem is a directed network. Solve reads it and never modifies it, so one Problem may serve several calls at once.
// Parallel arcs and self loops are allowed.
type Problem struct {
	Supply []int64 // Supply[v]: units that node v sends (> 0) or takes (< 0); its length is the number of nodes
	Tail   []int32 // arc a goes from Tail[a] ...
	Head   []int32 // ... to Head[a]
	Lower  []int64 // least flow of arc a, >= 0; nil means 0 everywhere
	Upper  []int64 // most flow of arc a, Inf for no bound; nil means Inf everywhere
	Cost   []int64 // cost of one unit on arc a; may be negative
}

// Options tune the search. The zero value is a good default.
type Options struct {
	Method     Method         // which way to solve; the zero value, Auto, chooses by a fixed rule
	TimeLimit  time.Duration  // 0 means only ctx limits the run
	WorkLimit  int64          // pivots and relabels; 0 means none
	Start      *Basis         // warm start of the simplex from an earlier basis of this network, or of one whose arcs are the first of this; nil means none
	CutOnly    bool           // of an infeasible problem only the cut is wanted, not the flow that leaves the least
	OnProgress func(Progress) // called on the caller's goroutine every few thousand pivots, or after each phase of cost scaling; nil means silent
}

// Progress is a look at a running search.
type Progress struct {
	Pivots    int64   // pivots, and relabels of cost scaling
	Objective float64 // of the basis in hand, artificial arcs included, or of the flow after a phase
}

// Solution is the answer to one problem. Its slices belong to the caller.
type Solution struct {
	Status    solver.Status
	Stop      solver.Stop
	Objective int64   // cost of Flow
	Bound     int64   // no flow costs less; equals Objective when Status is Optimal
	HasBound  bool    // false when no bound is known
	Flow      []int64 // Flow[a], the lower bound included; nil when no flow is in hand; when Unbounded, a flow to which Cycle can be added for ever; when Infeasible, a flow within all bounds that leaves the fewest units
	Potential []int64 // Potential[v], with Cost[a]+Potential[tail]-Potential[head] the reduced cost of arc a: the certificate of Bound
	Cut       []bool  // when Infeasible: a set of nodes whose supply cannot get out; nil otherwise
	Short     int64   // when Infeasible: by how many units; < 0 only where all nodes together take that many more than they send
	Left      []int64 // when Infeasible and Flow is not nil: Left[v] is what the flow leaves node v with (> 0) or without (< 0); see Solve
	Cycle     []int32 // when Unbounded: the arcs of a cycle of negative cost and no upper bound, in order
	Basis     *Basis  // for a warm start
	Work      int64   // pivots done, and relabels of cost scaling
}

// upper returns the most flow of arc a.
func (p *Problem) upper(a int32) int64 {
	if p.Upper == nil {
		return Inf
	}
	return p.Upper[a]
}

// lower returns the least flow of arc a.
func (p *Problem) lower(a int32) int64 {
	if p.Lower == nil {
		return 0
	}
	return p.Lower[a]
}

// Validate reports every fault of p at once, as a *solver.Invalid whose pointers are "/supply/3", "/tail/5" and so on.
// It takes time linear in nodes and arcs.
func (p *Problem) Validate() error {
	f := faults{}
	n, m := len(p.Supply), len(p.Tail)
	if n >= math.MaxInt32 {
		f.add("/supply", -1, "out_of_range", "more than 2,147,483,646 nodes", "")
	}
	if m >= math.MaxInt32 {
		f.add("/tail", -1, "out_of_range", "more than 2,147,483,646 arcs", "")
	}
	length := func(field string, got int, optional bool) bool {
		if got == m || optional && got == 0 {
			return true
		}
		f.add(field, -1, "invalid", "must have one entry for each of the "+strconv.Itoa(m)+" arcs", strconv.Itoa(got))
		return false
	}
	heads := length("/head", len(p.Head), false)
	lowers := length("/lower", len(p.Lower), p.Lower == nil) && p.Lower != nil
	uppers := length("/upper", len(p.Upper), p.Upper == nil) && p.Upper != nil
	length("/cost", len(p.Cost), false)
	node := func(field string, a int, v int32) {
		if v < 0 || int(v) >= n {
			f.add(field, a, "out_of_range", "must be a node from 0 to "+strconv.Itoa(n-1), strconv.Itoa(int(v)))
		}
	}
	for a, v := range p.Tail {
		node("/tail", a, v)
		if heads {
			node("/head", a, p.Head[a])
		}
		low := int64(0)
		if lowers {
			low = p.Lower[a]
			if low < 0 || low == Inf {
				f.add("/lower", a, "out_of_range", "must be >= 0 and finite", strconv.FormatInt(low, 10))
			}
		}
		if uppers && p.Upper[a] < low {
			f.add("/upper", a, "conflict", "must not be below the arc's lower bound", strconv.FormatInt(p.Upper[a], 10))
		}
	}
	return f.invalid.Err()
}

// faults collects faults; texts are made only for those that will be shown.
type faults struct{ invalid solver.Invalid }

func (f *faults) add(field string, index int, code, detail, value string) {
	if f.invalid.Total >= solver.MaxFaults {
		f.invalid.Total++
		return
	}
	if index >= 0 {
		field += "/" + strconv.Itoa(index)
	}
	f.invalid.Add(solver.Fault{Pointer: field, Code: code, Detail: detail, Value: value})
}

// refuse returns the error of one number too large to compute with.
func refuse(field string, index int, detail string, value int64) error {
	var f faults
	f.add(field, index, "out_of_range", detail, strconv.FormatInt(value, 10))
	return f.invalid.Err()
}
