package online

import (
	"context"
	"fmt"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/transport"
)

// Day is what came and what was answered, without cancellations.
type Day struct {
	Capacity []int64 // units of each resource
	Needs    []Need  // in the order in which they came, at most MaxNeeds
	Resource []int32 // of each need, Refused if none
}

// Result is what a day is worth. The value of a plan is the sum, over the needs that are served, of what it would have cost to
// refuse them less what serving them costs.
type Result struct {
	Served    int     // needs
	Value     int64   // of the answers
	Hindsight int64   // of the best plan, had all needs been known before the first answer
	Best      []int32 // that plan: the resource of each need, Refused if none
	Price     []int64 // of one unit of each resource in hindsight; they prove that no plan is better
}

// Ratio returns Value / Hindsight, 1 if both are 0.
func (r *Result) Ratio() float64 {
	if r.Value == r.Hindsight {
		return 1
	}
	return float64(r.Value) / float64(r.Hindsight)
}

// Hindsight returns what a day is worth beside the best that could have been made of it, in one exact solve. A context that
// ends it first is an error. So is an answer that breaks a rule; faults of the day come as a [*solver.Invalid].
func Hindsight(ctx context.Context, day *Day) (*Result, error) {
	if err := day.Validate(); err != nil {
		return nil, err
	}
	p := &transport.Problem{Capacity: day.Capacity, From: []int32{0}, Unmet: []int64{}}
	all := int64(0)
	for i := range day.Needs {
		n := &day.Needs[i]
		for _, arc := range n.Arcs {
			p.Node, p.Cost = append(p.Node, arc.Node), append(p.Cost, arc.Cost)
		}
		p.Unmet, p.From = append(p.Unmet, n.Unmet), append(p.From, int32(len(p.Node)))
		all += n.Unmet
	}
	best, err := transport.Solve(ctx, p, transport.Options{})
	if err != nil {
		return nil, fmt.Errorf("solve in hindsight: %w", err)
	}
	if best.Status != solver.Optimal {
		return nil, fmt.Errorf("solve in hindsight: ended before the optimum: %v", best.Stop)
	}
	r := &Result{Hindsight: all - best.Objective, Best: make([]int32, len(day.Needs)), Price: best.NodePrice}
	for i := range r.Best {
		r.Best[i] = Refused
	}
	for _, x := range best.Placed {
		r.Best[x.Row] = x.Node
	}
	for i, v := range day.Resource {
		if v == Refused {
			continue
		}
		r.Served++
		r.Value += day.Needs[i].Unmet - day.Needs[i].cost(v)
	}
	if err := Check(day, r); err != nil {
		return nil, err
	}
	return r, nil
}

// cost returns the least cost of the need at a resource, 0 if that cannot serve it.
func (n *Need) cost(v int32) int64 {
	least, found := int64(0), false
	for _, arc := range n.Arcs {
		if arc.Node == v && (!found || arc.Cost < least) {
			least, found = arc.Cost, true
		}
	}
	return least
}

// Validate reports every fault of the data at once, as a [*solver.Invalid]: "/needs/3/arcs/0/cost" and so on. Whether the
// answers keep the rules is for [Check].
func (day *Day) Validate() error {
	var f faults
	f.capacity(day.Capacity)
	if len(day.Needs) > MaxNeeds {
		f.add(at("", "/needs", -1), "out_of_range", "must have at most 2^20 needs", int64(len(day.Needs)))
		return f.invalid.Err()
	}
	for i := range day.Needs {
		f.need("/needs/"+strconv.Itoa(i), &day.Needs[i], len(day.Capacity))
	}
	if len(day.Resource) != len(day.Needs) {
		f.add(at("", "/resource", -1), "invalid", "must have one entry for each need", int64(len(day.Resource)))
	}
	for i, v := range day.Resource {
		if v != Refused && (v < 0 || int(v) >= len(day.Capacity)) {
			f.add(at("", "/resource", i), "unknown", "no such resource", int64(v))
		}
	}
	return f.invalid.Err()
}
