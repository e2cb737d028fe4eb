package match

import (
	"context"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/gap"
	"github.com/courtyard-care/courtyard/solver/mcf"
	"github.com/courtyard-care/courtyard/solver/sideflow"
)

const (
	// assignPairs bounds jobs × agents of an assignment: package gap keeps all of them.
	assignPairs = 1 << 20
	// assignDims bounds the limits of an agent.
	assignDims = 4
)

// assignment is a problem of the web seen as a generalised assignment: every ask is a job of one unit, and the limits that its
// columns meet, hours beside the flow and heads within it, are those of one agent each. Unmet is no agent: it has a price.
type assignment struct {
	gap.Problem
	jobs  []int32 // arc by which job j stays unmet
	arcOf []int32 // column of agent i and job j, at i*Jobs+j; -1 where there is none
	cols  []assigned
}

// assigned is a column: an arc from a job to an agent.
type assigned struct{ arc, job, agent int32 }

// assign sees a problem as a generalised assignment; nil where it is none: where something is all or nothing, a need has
// several units, two ways of serving it share a limit, an arc on the way costs something, or it is too large.
func assign(p *sideflow.Problem) *assignment {
	f := &p.Flow
	if len(p.Rows) == 0 || len(p.Switches)+len(p.Choices) > 0 {
		return nil
	}
	x := &assignment{}
	jobOf, out, sink := x.nodes(f)
	if jobOf == nil {
		return nil
	}
	agent := make([]int32, len(f.Supply)) // by node: the last one before the sink
	for v := range agent {
		agent[v] = -1
	}
	agents := int32(0)
	var last func(v int32) int32
	last = func(v int32) int32 {
		if agent[v] < 0 {
			switch a := out[v]; {
			case a < 0:
				return -1
			case f.Head[a] == sink:
				agent[v] = agents
				agents++
			default:
				agent[v] = last(f.Head[a])
			}
		}
		return agent[v]
	}
	for a := range f.Tail {
		j := jobOf[f.Tail[a]]
		if j < 0 || f.Head[a] == sink {
			continue
		}
		i := last(f.Head[a])
		if i < 0 {
			return nil
		}
		x.cols = append(x.cols, assigned{int32(a), j, i})
	}
	x.Jobs, x.Agents = len(x.jobs), int(agents)
	if agents == 0 || x.Jobs > assignPairs/x.Agents {
		return nil
	}
	if !x.costs(f) || !x.limits(p, out, sink) || x.Validate() != nil {
		return nil
	}
	return x
}

// nodes finds the jobs and the one arc that leaves each other node; jobOf is nil where a node is neither.
func (x *assignment) nodes(f *mcf.Problem) (jobOf, out []int32, sink int32) {
	jobOf, out, sink = make([]int32, len(f.Supply)), make([]int32, len(f.Supply)), -1
	for v, s := range f.Supply {
		jobOf[v], out[v] = -1, -1
		switch {
		case s == 1:
			jobOf[v] = int32(len(x.jobs))
			x.jobs = append(x.jobs, -1)
		case s < 0 && sink < 0:
			sink = int32(v)
		case s != 0:
			return nil, nil, -1
		}
	}
	for a, v := range f.Tail {
		j := jobOf[v]
		switch {
		case f.Lower != nil && f.Lower[a] != 0, v == sink, f.Upper[a] == 0 && j >= 0, jobOf[f.Head[a]] >= 0:
			return nil, nil, -1
		case j < 0:
			if out[v] >= 0 || f.Cost[a] != 0 {
				return nil, nil, -1
			}
			out[v] = int32(a)
		case f.Head[a] == sink:
			if x.jobs[j] >= 0 {
				return nil, nil, -1
			}
			x.jobs[j] = int32(a)
		}
	}
	for _, a := range x.jobs {
		if a < 0 {
			return nil, nil, -1
		}
	}
	return jobOf, out, sink
}

// costs fills costs and penalties; false where a job can come to an agent in two ways.
func (x *assignment) costs(f *mcf.Problem) bool {
	x.Cost, x.arcOf = make([]int64, x.Agents*x.Jobs), make([]int32, x.Agents*x.Jobs)
	for k := range x.Cost {
		x.Cost[k], x.arcOf[k] = gap.None, -1
	}
	for _, c := range x.cols {
		at := int(c.agent)*x.Jobs + int(c.job)
		if x.arcOf[at] >= 0 {
			return false
		}
		x.Cost[at], x.arcOf[at] = f.Cost[c.arc], c.arc
	}
	for _, a := range x.jobs {
		x.Penalty = append(x.Penalty, f.Cost[a])
	}
	return true
}

// limits fills use and capacity; false where a limit is not one agent's, or one has too many.
func (x *assignment) limits(p *sideflow.Problem, out []int32, sink int32) bool {
	f := &p.Flow
	passing := make(map[int32][]assigned) // by arc of the network
	colAt := make(map[int32]assigned, len(x.cols))
	var order []int32
	for _, c := range x.cols {
		colAt[c.arc] = c
		for v := f.Head[c.arc]; v != sink; v = f.Head[out[v]] {
			a := out[v]
			if passing[a] == nil {
				order = append(order, a)
			}
			passing[a] = append(passing[a], c)
		}
	}
	dims := make([]int, x.Agents) // limits of each agent so far
	limit := func(of []assigned, coef []int64, most int64) bool {
		if len(of) == 0 {
			return true
		}
		i := of[0].agent
		d := dims[i]
		if d == assignDims {
			return false
		}
		dims[i]++
		if d == len(x.Use) {
			x.Use = append(x.Use, make([]int64, x.Agents*x.Jobs))
			x.Capacity = append(x.Capacity, make([]int64, x.Agents))
		}
		x.Capacity[d][i] = most
		for k, c := range of {
			if c.agent != i {
				return false
			}
			use := int64(1)
			if coef != nil {
				use = coef[k]
			}
			x.Use[d][int(i)*x.Jobs+int(c.job)] = use
		}
		return true
	}
	for k := range p.Rows {
		r := &p.Rows[k]
		of := make([]assigned, len(r.Arc))
		for n, a := range r.Arc {
			c, ok := colAt[a]
			if !ok {
				return false
			}
			of[n] = c
		}
		if !limit(of, r.Coef, r.Most) {
			return false
		}
	}
	for _, a := range order {
		if f.Upper[a] < int64(len(passing[a])) && !limit(passing[a], nil, f.Upper[a]) {
			return false
		}
	}
	return true
}

// read returns the agents of a flow.
func (x *assignment) read(flow []int64) []int32 {
	if flow == nil {
		return nil
	}
	agents := make([]int32, x.Jobs)
	for j := range agents {
		agents[j] = gap.Unassigned
	}
	for _, c := range x.cols {
		if flow[c.arc] > 0 {
			agents[c.job] = c.agent
		}
	}
	return agents
}

// write returns the flow of an assignment.
func (x *assignment) write(p *sideflow.Problem, agents []int32) []int64 {
	f := &p.Flow
	flow := make([]int64, len(f.Tail))
	out := make([]int32, len(f.Supply))
	for a, v := range f.Tail { // of a job the last one, which nobody asks for
		out[v] = int32(a)
	}
	for j, i := range agents {
		if i == gap.Unassigned {
			flow[x.jobs[j]] = 1
			continue
		}
		a := x.arcOf[int(i)*x.Jobs+j]
		for flow[a]++; f.Supply[f.Head[a]] == 0; flow[a]++ {
			a = out[f.Head[a]]
		}
	}
	return flow
}

// improve goes on from an answer that is not proved, and takes over what is better: the plan, the bound.
func (x *assignment) improve(ctx context.Context, p *sideflow.Problem, answer *sideflow.Solution, workLimit int64) error {
	s, err := gap.Solve(ctx, &x.Problem, gap.Options{Start: x.read(answer.Flow), WorkLimit: workLimit})
	if err != nil {
		return err
	}
	answer.Work += s.Work
	answer.Stop = s.Stop
	if s.AssignedTo != nil && (answer.Flow == nil || s.Objective < answer.Objective) {
		answer.Status, answer.Objective, answer.Flow = solver.Feasible, s.Objective, x.write(p, s.AssignedTo)
	}
	if s.HasBound && (!answer.HasBound || s.Bound > answer.Bound) {
		answer.HasBound, answer.Bound = true, s.Bound
	}
	if answer.Flow != nil && answer.HasBound && answer.Bound >= answer.Objective {
		answer.Status, answer.Stop, answer.Bound = solver.Optimal, solver.StopProved, answer.Objective
	}
	return nil
}
