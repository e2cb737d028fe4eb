package transport

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/internal/wide"
)

// Solver holds an open problem: what is changed in it, the next Solve answers from where it stands. It belongs to one
// goroutine. Rows and nodes keep the numbers of the problem; rows that are added follow.
//
// A change costs a search around what it touches, of a size that does not depend on that of the problem where there is room
// nearby. Every answer has the value that solving anew would have; which of several plans of that value it is may differ.
type Solver struct {
	parent []int32
	order  *order
	core   core
	worth  int64   // what all units may cost at the most; see Problem.Validate
	dear   []int64 // of each row: the largest magnitude of a cost it has had
}

// core is an engine of either width.
type core interface {
	base() *state
	run(ctx context.Context) solver.Stop
	adopt(r, v int32, units int64)
	allow(r, v int32, c int64)
	forbid(r, v int32)
	clearRow(r int32)
	setCost(r, v int32, c int64)
	setPenalty(r int32, c int64)
	setUnits(r int32, units int64)
	setCapacity(v int32, capacity int64)
	tightArc(r, v int32) int32
	cheapest(r int32) int64
	nodeOf(s int32) int32
	addRow(units, penalty int64) int32
	compact()
}

func (e *state) base() *state { return e }

// Answer is what a Solve of an open problem says at once; [Solver.Solution] copies everything out.
type Answer struct {
	Status    solver.Status
	Stop      solver.Stop
	Objective int64 // cost of the plan in hand, units left unmet included
	Work      int64 // of all calls so far
}

// New returns a solver for p, with nothing placed. It takes time linear in rows, nodes and arcs. The error is that of
// [Problem.Validate]; an open problem has no least units.
func New(p *Problem) (*Solver, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if p.Least != nil {
		var f faults
		f.add("/least", -1, "invalid", "must be absent: an open problem has no least units", int64(len(p.Least)))
		return nil, f.invalid.Err()
	}
	return build(context.Background(), p), nil
}

// build is New for a problem without faults; nil if ctx ends first.
func build(ctx context.Context, p *Problem) *Solver {
	s := &Solver{order: newOrder(p), parent: slices.Clone(p.Parent), dear: make([]int64, p.rows())}
	narrow := true
	for i := range s.dear {
		s.dear[i] = max(p.Unmet[i], -p.Unmet[i])
		for _, c := range p.Cost[p.From[i]:p.From[i+1]] {
			s.dear[i] = max(s.dear[i], c, -c)
			narrow = narrow && c == int64(int32(c))
		}
		s.worth += p.unitsOf(i) * s.dear[i]
	}
	if narrow {
		if e := newEngine[int32](ctx, p, s.order); e != nil {
			s.core = e
			return s
		}
	} else if e := newEngine[int64](ctx, p, s.order); e != nil {
		s.core = e
		return s
	}
	return nil
}

// Solve goes on to the optimum. A context or a limit that ends it first leaves the plan in hand, and the next call goes on.
func (s *Solver) Solve(ctx context.Context, opts Options) (Answer, error) {
	if opts.TimeLimit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, opts.TimeLimit)
		defer cancel()
	}
	e := s.core.base()
	if opts.Start != nil {
		if err := s.start(opts.Start); err != nil {
			return Answer{}, err
		}
	}
	if e.limit = 0; opts.WorkLimit > 0 {
		e.limit = e.work + opts.WorkLimit
	}
	s.core.compact()
	a := Answer{Status: solver.Feasible, Stop: s.core.run(ctx)}
	if a.Stop == solver.StopProved {
		a.Status = solver.Optimal
	}
	a.Work, a.Objective = e.work, e.objective
	if a.Stop != solver.StopProved {
		for r, units := range e.free { // they are unmet
			a.Objective += units * e.rows[r].penalty
		}
	}
	return a, nil
}

// start takes a warm start over.
func (s *Solver) start(from *Start) error {
	e := s.core.base()
	var f faults
	if from.Prices != nil && len(from.Prices) != len(s.order.nodeAt) {
		f.add("/start/prices", -1, "invalid", "must have one entry for each node", int64(len(from.Prices)))
	}
	for i, x := range from.Placed {
		if x.Row < 0 || int(x.Row) >= len(s.order.rowAt) {
			f.add("/start/placed", i, "unknown", "no such row", int64(x.Row))
		}
		if x.Node < 0 || int(x.Node) >= len(s.order.nodeAt) {
			f.add("/start/placed", i, "unknown", "no such node", int64(x.Node))
		}
	}
	if f.invalid.Total > 0 {
		return f.invalid.Err()
	}
	if from.Prices != nil {
		e.note(func(v int) int64 { return from.Prices[s.order.nodeID[v]] })
	}
	for _, x := range from.Placed {
		s.core.adopt(s.order.rowAt[x.Row], s.order.nodeAt[x.Node], x.Units)
	}
	e.loose, e.warm = true, true
	return nil
}

// Solution copies the plan in hand and the prices out, in time linear in rows and nodes.
func (s *Solver) Solution() *Solution {
	e := s.core.base()
	x := &Solution{Work: e.work, Objective: e.objective, Stop: e.stop}
	x.Unmet = make([]int64, len(s.order.rowAt))
	x.RowPrice = make([]int64, len(s.order.rowAt))
	for i, r := range s.order.rowAt {
		y := &e.rows[r]
		x.Unmet[i] = e.free[r] + e.unmet[r]
		x.Objective += e.free[r] * y.penalty
		x.RowPrice[i] = e.stance[r].price
		if e.stance[r].first == none {
			x.RowPrice[i] = s.core.cheapest(r) // searches leave a row without units behind
		}
		from := len(x.Placed)
		for at := e.stance[r].first; at != none; at = e.next[at] {
			x.Placed = append(x.Placed, Placed{int32(i), s.order.nodeID[s.core.nodeOf(at)], e.units[at]})
		}
		slices.SortFunc(x.Placed[from:], func(a, b Placed) int { return cmp.Compare(a.Node, b.Node) })
	}
	x.NodePrice = make([]int64, len(s.order.nodeAt))
	for v := len(x.NodePrice) - 1; v >= 0; v-- {
		x.NodePrice[v] = max(e.nodes[s.order.nodeAt[v]].price, s.behind(x.NodePrice, v)) // a node that nobody uses may be below
	}
	if x.Status = solver.Feasible; x.Stop == solver.StopProved {
		x.Status, x.Bound = solver.Optimal, x.Objective
	} else {
		x.Bound = s.bound(x)
	}
	return x
}

// behind returns the price of what is behind node v.
func (s *Solver) behind(price []int64, v int) int64 {
	if s.parent == nil || s.parent[v] == none {
		return 0
	}
	return price[s.parent[v]]
}

// bound returns what the prices of x prove; see Check. The room of a node counts up to the number of units there are.
func (s *Solver) bound(x *Solution) int64 {
	e := s.core.base()
	var sum wide.Sum
	units := int64(0)
	for i, r := range s.order.rowAt {
		units += e.total[r]
		sum.AddProduct(e.total[r], x.RowPrice[i])
	}
	for v, at := range s.order.nodeAt {
		sum.AddProduct(min(units, e.places[at].capacity), s.behind(x.NodePrice, v)-x.NodePrice[v])
	}
	if bound, ok := sum.Int64(); ok {
		return bound
	}
	return math.MinInt64
}
