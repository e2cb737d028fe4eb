// Package transport solves the transportation problem of needs and resources in exact integers: rows with units to place,
// nodes with room for them, a price for every unit left unmet, and room that nodes share (a service within a day, a day
// within a resource, a resource within a provider's quota).
//
// [Solve] answers one problem; [Solver] stays open, takes changes, and answers from where it stands. Capacities are never
// cut into slots and an unmet unit is no arc in any list, so that a city of needs fits into the caches of one machine.
// Every answer carries prices that prove it ([Check]).
package transport

import (
	"math"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// MaxCost bounds the magnitude of every cost: sums of a few prices stay within 64 bits.
const MaxCost = 1 << 58

// Problem is n rows, k nodes and the arcs between them. Solve and New read it, never modify it and keep no reference to it.
type Problem struct {
	Units    []int64 // Units[i] >= 0: units of row i to place; nil means 1 everywhere
	Unmet    []int64 // Unmet[i]: cost of one unit of row i left unmet; its length is n
	From     []int32 // the arcs of row i are From[i] <= a < From[i+1]; length n+1, From[0] = 0
	Node     []int32 // Node[a]: where arc a leads
	Cost     []int64 // Cost[a] of one unit on arc a; may be negative
	Capacity []int64 // Capacity[v] >= 0: units that may be at node v and all nodes below it together; its length is k
	Parent   []int32 // Parent[v] > v: the node whose room the units at node v use too, -1 for none; nil means none anywhere
	Least    []int64 // Least[v], from 0 to Capacity[v]: units that must be at node v, which is nobody's parent; nil means 0 everywhere
}

// Options tune the search. The zero value is a good default.
type Options struct {
	TimeLimit time.Duration // 0 means only ctx limits the run
	WorkLimit int64         // nodes visited and bids made; 0 means none
	Start     *Start        // warm start; nil means none
}

// Start is what is known before the search: any of it may be missing, and none of it need be good.
type Start struct {
	Prices []int64  // of the nodes, as in Solution.NodePrice; nil means none
	Placed []Placed // a plan, or part of one; units beyond what fits are left out
}

// Placed is a number of units of a row at a node.
type Placed struct {
	Row, Node int32
	Units     int64
}

// Solution is the plan and what proves it. Its slices belong to the caller.
type Solution struct {
	Status    solver.Status // Optimal, or Feasible when the search was cut; with Least also Infeasible, or Unknown when it was cut short of them
	Stop      solver.Stop
	Objective int64    // cost of the plan, units left unmet included
	Bound     int64    // no plan costs less; equals Objective when Status is Optimal, is more than any plan can cost when Infeasible
	Placed    []Placed // by row, then node; Units > 0
	Unmet     []int64  // units of each row that are placed nowhere
	RowPrice  []int64  // what one more unit of the row would cost
	NodePrice []int64  // what one more unit through the node would cost on its way out: never below the price of its parent, nor below 0, but where Least forces units there
	Short     []int64  // units that each node lacks of its Least, the fewest in all when Infeasible; nil when none does
	Work      int64    // nodes visited and bids made
}

// rows returns the number of rows.
func (p *Problem) rows() int { return len(p.Unmet) }

// parent returns the parent of node v, -1 for none.
func (p *Problem) parent(v int32) int32 {
	if p.Parent == nil {
		return -1
	}
	return p.Parent[v]
}

// unitsOf returns the units of row i.
func (p *Problem) unitsOf(i int) int64 {
	if p.Units == nil {
		return 1
	}
	return p.Units[i]
}

// Validate reports every fault of p at once, as a [*solver.Invalid] whose pointers are "/units/3", "/node/5" and so on. Costs
// so large that an answer could overflow are faults: every cost must lie within ±[MaxCost], and the units of all rows, each
// at the dearest it can meet, must cost less than 2^62. It takes time linear in rows, nodes and arcs.
func (p *Problem) Validate() error {
	f := faults{}
	n, k, m := p.rows(), len(p.Capacity), len(p.Node)
	length := func(field string, got, want int, of string) bool {
		if got == want {
			return true
		}
		f.add(field, -1, "invalid", "must have "+strconv.Itoa(want)+" entries, "+of, int64(got))
		return false
	}
	if n >= math.MaxInt32 || k >= math.MaxInt32 || m >= math.MaxInt32 {
		f.add("/node", -1, "out_of_range", "more than 2,147,483,646 rows, nodes or arcs", int64(max(n, k, m)))
		return f.invalid.Err()
	}
	ok := p.Units == nil || length("/units", len(p.Units), n, "one for each row")
	ok = length("/from", len(p.From), n+1, "one for each row and one more") && ok
	ok = length("/cost", len(p.Cost), m, "one for each arc") && ok
	ok = (p.Parent == nil || length("/parent", len(p.Parent), k, "one for each node")) && ok
	if !ok {
		return f.invalid.Err()
	}
	if p.From[0] != 0 || int(p.From[n]) != m {
		f.add("/from", -1, "invalid", "must begin with 0 and end with the number of arcs", int64(p.From[n]))
	}
	for i := range n {
		if p.From[i] > p.From[i+1] {
			f.add("/from", i+1, "out_of_range", "must not be below the entry before it", int64(p.From[i+1]))
		}
	}
	if f.invalid.Total > 0 {
		return f.invalid.Err()
	}
	p.numbers(&f)
	for v, c := range p.Capacity {
		if c < 0 {
			f.add("/capacity", v, "out_of_range", "must be >= 0", c)
		}
	}
	for v, q := range p.Parent {
		if q != -1 && (int(q) <= v || int(q) >= k) {
			f.add("/parent", v, "out_of_range", "must be a later node, or -1", int64(q))
		}
	}
	p.least(&f)
	return f.invalid.Err()
}

// least checks the least units of nodes, once all else was.
func (p *Problem) least(f *faults) {
	if p.Least == nil || f.invalid.Total > 0 {
		return
	}
	if len(p.Least) != len(p.Capacity) {
		f.add("/least", -1, "invalid", "must have "+strconv.Itoa(len(p.Capacity))+" entries, one for each node", int64(len(p.Least)))
		return
	}
	inner := make([]bool, len(p.Capacity))
	for _, q := range p.Parent {
		if q >= 0 {
			inner[q] = true
		}
	}
	for v, l := range p.Least {
		switch {
		case l < 0 || l > p.Capacity[v]:
			f.add("/least", v, "out_of_range", "must be from 0 to the capacity of the node, "+strconv.FormatInt(p.Capacity[v], 10), l)
		case l > 0 && inner[v]:
			f.add("/least", v, "invalid", "must be 0: the node is the parent of another", l)
		}
	}
	if _, ok := p.premium(); !ok && f.invalid.Total == 0 {
		f.add("/least", -1, "out_of_range", "with least units, the square of what all units may cost at the most must be below 2^60", int64(len(p.Least)))
	}
}

// numbers checks what rows and arcs say, and that no answer can overflow.
func (p *Problem) numbers(f *faults) {
	k := len(p.Capacity)
	total := int64(0)
	for i, unmet := range p.Unmet {
		units := p.unitsOf(i)
		if units < 0 {
			f.add("/units", i, "out_of_range", "must be >= 0", units)
			units = 0
		}
		if unmet < -MaxCost || unmet > MaxCost {
			f.add("/unmet", i, "out_of_range", "must lie within 2^58 of 0", unmet)
			unmet = 0
		}
		dearest := max(unmet, -unmet)
		for a := p.From[i]; a < p.From[i+1]; a++ {
			if v := p.Node[a]; v < 0 || int(v) >= k {
				f.add("/node", int(a), "out_of_range", "must be a node from 0 to "+strconv.Itoa(k-1), int64(v))
			}
			c := p.Cost[a]
			if c < -MaxCost || c > MaxCost {
				f.add("/cost", int(a), "out_of_range", "must lie within 2^58 of 0", c)
				continue
			}
			dearest = max(dearest, c, -c)
		}
		var fits bool
		if total, fits = addCost(total, units, dearest); !fits {
			f.add("/units", i, "out_of_range", "the units up to this row may cost 2^62 or more", units)
			total = 0
		}
	}
}

// most is the limit of what all units together may cost.
const most = 1 << 62

// addCost returns total + units·cost, and whether it stays below most. All are >= 0.
func addCost(total, units, cost int64) (int64, bool) {
	if cost > 0 && units > (most-1)/cost {
		return 0, false
	}
	total += units * cost
	return total, total < most
}

// faults collects faults; texts are made only for those that will be shown.
type faults struct{ invalid solver.Invalid }

func (f *faults) add(field string, index int, code, detail string, value int64) {
	if f.invalid.Total >= solver.MaxFaults {
		f.invalid.Total++
		return
	}
	if index >= 0 {
		field += "/" + strconv.Itoa(index)
	}
	f.invalid.Add(solver.Fault{Pointer: field, Code: code, Detail: detail, Value: strconv.FormatInt(value, 10)})
}
