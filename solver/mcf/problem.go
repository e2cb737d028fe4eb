// Package mcf solves the minimum-cost flow problem in exact integers.
package mcf

import (
	"context"
	"math"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// Inf as an upper bound means that the arc has none.
const Inf = math.MaxInt64

// Problem is a directed network. Solve reads it and never modifies it, so one Problem may serve several calls at once.
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
	TimeLimit  time.Duration  // 0 means only ctx limits the run
	WorkLimit  int64          // pivots; 0 means none
	Start      *Basis         // warm start from an earlier basis of this network, or of one whose first arcs are these; nil means none
	OnProgress func(Progress) // called on the caller's goroutine every few thousand pivots; nil means silent
}

// Progress is a look at a running search.
type Progress struct {
	Pivots    int64
	Objective float64 // of the basis in hand, artificial arcs included
}

// Solution is the answer to one problem.
type Solution struct {
	Status    solver.Status
	Stop      solver.Stop
	Objective int64   // cost of Flow; meaningful when Status is Optimal or Feasible
	Bound     int64   // no flow costs less; equals Objective when Status is Optimal
	HasBound  bool    // false when no bound is known
	Flow      []int64 // Flow[a], the lower bound included; nil when no flow is in hand
	Potential []int64 // Potential[v] with Cost[a]+Potential[tail]-Potential[head] the reduced cost of arc a; the certificate of Optimal
	Cut       []bool  // when Infeasible: Cut[v] is set for a set of nodes whose supply cannot get out; nil otherwise
	Short     int64   // when Infeasible: by how many units that cut falls short
	Cycle     []int32 // when Unbounded: the arcs of a cycle of negative cost and no upper bound, in order
	Basis     *Basis  // for a warm start; owned by the caller
	Work      int64   // pivots done
}

// Basis is a spanning-tree basis in a form that outlives its problem.
type Basis struct {
	tree  []int32
	upper []int32
}

// Solve returns a flow of least cost.
func Solve(ctx context.Context, p *Problem, opts Options) (*Solution, error) {
	panic("being written")
}

// Check re-measures s.
func Check(p *Problem, s *Solution) error {
	panic("being written")
}
