package match

import (
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// fullModel solves p with every eligible pair given to the engine at once, class by class and then by cost, so that it
// shares neither the pricing nor the separation of classes with Solve. forced is a need that must be served one unit more
// than the least; -1 for none.
func fullModel(t *testing.T, p *Problem, forced int, floor int64) Objective {
	t.Helper()
	metric, err := p.prepare()
	if err != nil {
		t.Fatalf("prepare: %v", err)
	}
	v := newReviewer(p, metric)
	lists := &p.Lists
	var arcs struct {
		tail, head  []int32
		upper, cost []int64
		class       []int
	}
	nodes := int32(len(lists.Needs) + len(lists.Resources) + len(lists.Providers) + 1)
	sink := nodes - 1
	add := func(tail, head int32, upper, cost int64, class int) {
		arcs.tail, arcs.head = append(arcs.tail, tail), append(arcs.head, head)
		arcs.upper, arcs.cost = append(arcs.upper, upper), append(arcs.cost, cost)
		arcs.class = append(arcs.class, class)
	}
	provider := map[string]int32{}
	for k := range lists.Providers {
		at := int32(len(lists.Needs) + len(lists.Resources) + k)
		provider[lists.Providers[k].ID] = at
		most, ok := lists.Providers[k].Quota.Value()
		if !ok {
			most = 1 << 40
		}
		add(at, sink, most, 0, -1)
	}
	var supply []int64
	for j := range lists.Resources {
		r := &lists.Resources[j]
		next := sink
		if at, ok := provider[r.Provider]; ok {
			next = at
		}
		at := int32(len(lists.Needs) + j)
		add(at, next, r.Capacity, 0, -1)
		for o := range r.Services {
			entry := at
			if most, ok := r.Services[o].Capacity.Value(); ok {
				entry = nodes
				nodes++
				add(entry, at, most, 0, -1)
			}
			for i := range lists.Needs {
				n := &lists.Needs[i]
				if n.Service != r.Services[o].Service {
					continue
				}
				metres := metric.Metres(n.At, r.At)
				if len(v.breaks(n, r, metres)) == 0 {
					add(int32(i), entry, n.Units, v.unitCost(n, r, metres), -1)
				}
			}
		}
	}
	supply = make([]int64, nodes+Classes)
	for i := range lists.Needs {
		n := &lists.Needs[i]
		supply[i] += n.Units
		supply[sink] -= n.Units
		upper := n.Units
		if i == forced {
			upper = floor
		}
		add(int32(i), sink, upper, 0, n.Priority-1)
	}
	// Stage by stage: minimise the unmet units of a class, then fix them by a node that the class's unmet arcs pass.
	var got Objective
	hub := make([]int32, Classes)
	for c := range hub {
		hub[c] = nodes
		nodes++
	}
	for a, c := range arcs.class {
		if c >= 0 {
			arcs.head[a] = hub[c]
		}
	}
	hubArc := make([]int, Classes)
	for c := range hub {
		hubArc[c] = len(arcs.tail)
		add(hub[c], sink, 1<<40, 0, -1)
	}
	solve := func(cost []int64) *mcf.Solution {
		s, err := mcf.Solve(t.Context(), &mcf.Problem{Supply: supply, Tail: arcs.tail, Head: arcs.head, Upper: arcs.upper, Cost: cost}, mcf.Options{})
		if err != nil {
			t.Fatalf("mcf.Solve: %v", err)
		}
		if s.Status != solver.Optimal {
			t.Fatalf("the full model is %v", s.Status)
		}
		return s
	}
	for c := range Classes {
		cost := make([]int64, len(arcs.tail))
		cost[hubArc[c]] = 1
		s := solve(cost)
		got.Unmet[c] = s.Objective
		arcs.upper[hubArc[c]] = s.Objective
	}
	got.Cost = solve(arcs.cost).Objective
	return got
}

func TestSolveEqualsFullModel(t *testing.T) {
	for seed := range cases(1500) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := randomProblem(rng, shape{needs: 1 + rng.IntN(30), resources: 1 + rng.IntN(40), spread: 0.1, units: 1 + rng.Int64N(3), capacity: 1 + rng.Int64N(3)})
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := Check(p, s); err != nil {
			t.Fatalf("seed %d: Check: %v", seed, err)
		}
		if want := fullModel(t, p, -1, 0); s.Objective != want || s.Status != solver.Optimal {
			t.Fatalf("seed %d: Solve = %v %v, full model %v", seed, s.Status, s.Objective, want)
		}
	}
}

// TestUnitValues adds the unit and solves again.
func TestUnitValues(t *testing.T) {
	values := 0
	for seed := uint64(0); values < int(cases(3000)); seed++ {
		rng := rand.New(rand.NewPCG(seed, 2))
		p := randomProblem(rng, shape{needs: 1 + rng.IntN(25), resources: 1 + rng.IntN(15), spread: 0.1, units: 1 + rng.Int64N(3), capacity: 1 + rng.Int64N(3)})
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for j, u := range s.Resources {
			q := *p
			q.Lists.Resources = append([]care.Resource(nil), p.Lists.Resources...)
			q.Lists.Resources[j].Capacity++
			want := minus(s.Objective, fullModel(t, &q, -1, 0))
			if u.UnitValue != want {
				t.Fatalf("seed %d: one more unit of resource %d is worth %v, stated %v", seed, j, want, u.UnitValue)
			}
			values++
		}
	}
}

func minus(a, b Objective) Objective {
	for c := range a.Unmet {
		a.Unmet[c] -= b.Unmet[c]
	}
	a.Cost -= b.Cost
	return a
}

// TestReasons adds the room that a reason speaks of, forces one more unit of the need, and solves again: at the resource
// named and at every other eligible one.
func TestReasons(t *testing.T) {
	tried := 0
	for seed := uint64(0); tried < int(cases(1000)); seed++ {
		rng := rand.New(rand.NewPCG(seed, 3))
		p := randomProblem(rng, shape{needs: 1 + rng.IntN(20), resources: 1 + rng.IntN(10), spread: 0.1, units: 1 + rng.Int64N(2), capacity: 1 + rng.Int64N(2)})
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for _, u := range s.Unmet {
			for _, reason := range u.Reasons {
				if reason.Code != CodeCapacity && reason.Code != CodeQuota {
					continue
				}
				tried++
				checkOneMore(t, seed, p, s, u, reason)
				break
			}
		}
	}
}

func checkOneMore(t *testing.T, seed uint64, p *Problem, s *Solution, u Unmet, reason Reason) {
	t.Helper()
	metric, err := p.prepare()
	if err != nil {
		t.Fatal(err)
	}
	v := newReviewer(p, metric)
	n := &p.Lists.Needs[u.Need]
	best, at := Objective{Unmet: [Classes]int64{1 << 40, 0, 0}}, -1
	var outranked int
	for j := range p.Lists.Resources {
		r := &p.Lists.Resources[j]
		if len(v.breaks(n, r, metric.Metres(n.At, r.At))) > 0 {
			continue
		}
		q := withRoom(p, s, j, n.Service)
		if got := fullModel(t, q, int(u.Need), u.Units-1); got.Less(best) {
			best, at = got, j
			free := minus(s.Objective, fullModel(t, q, -1, 0))
			outranked = 0
			for c := n.Priority - 2; c >= 0; c-- {
				if free.Unmet[c] > 0 {
					outranked = c + 1
				}
			}
		}
	}
	if reason.Objective != best || int(reason.Resource) != at || reason.Outranked != outranked {
		t.Fatalf("seed %d, need %d: one more unit at %d gives %v (outranked by %d), stated %d, %v (%d)",
			seed, u.Need, at, best, outranked, reason.Resource, reason.Objective, reason.Outranked)
	}
}

// withRoom gives resource j one more unit: of capacity, of the service and of the quota, wherever these are used up.
func withRoom(p *Problem, s *Solution, j int, service string) *Problem {
	q := *p
	q.Lists.Resources = append([]care.Resource(nil), p.Lists.Resources...)
	r := &q.Lists.Resources[j]
	r.Services = append([]care.Offer(nil), r.Services...)
	var used, usedService, usedProvider int64
	for _, x := range s.Matches {
		if int(x.Resource) == j {
			used += x.Units
			if p.Lists.Needs[x.Need].Service == service {
				usedService += x.Units
			}
		}
		if p.Lists.Resources[x.Resource].Provider == r.Provider {
			usedProvider += x.Units
		}
	}
	if used >= r.Capacity {
		r.Capacity++
	}
	for o := range r.Services {
		if most, ok := r.Services[o].Capacity.Value(); ok && r.Services[o].Service == service && usedService >= most {
			r.Services[o].Capacity = care.AtMost(most + 1)
		}
	}
	if r.Provider != "" && p.Lists.Providers != nil {
		q.Lists.Providers = append([]care.Provider(nil), p.Lists.Providers...)
		for k := range q.Lists.Providers {
			if most, ok := q.Lists.Providers[k].Quota.Value(); ok && q.Lists.Providers[k].ID == r.Provider && usedProvider >= most {
				q.Lists.Providers[k].Quota = care.AtMost(most + 1)
			}
		}
	}
	return &q
}
