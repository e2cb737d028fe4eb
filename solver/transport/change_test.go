package transport

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// mirror is a problem as lists of arcs, changed beside a solver in the plainest way.
type mirror struct {
	units, unmet []int64
	arcs         [][]Arc
	capacity     []int64
	parent       []int32
}

func newMirror(p *Problem) *mirror {
	m := &mirror{capacity: slices.Clone(p.Capacity), parent: p.Parent, unmet: slices.Clone(p.Unmet)}
	for i := range p.Unmet {
		m.units = append(m.units, p.unitsOf(i))
		var arcs []Arc
		for a := p.From[i]; a < p.From[i+1]; a++ {
			arcs = append(arcs, Arc{p.Node[a], p.Cost[a]})
		}
		m.arcs = append(m.arcs, arcs)
	}
	return m
}

func (m *mirror) problem() *Problem {
	p := &Problem{Units: m.units, Unmet: m.unmet, Capacity: m.capacity, Parent: m.parent, From: []int32{0}}
	for _, arcs := range m.arcs {
		for _, a := range arcs {
			p.Node, p.Cost = append(p.Node, a.Node), append(p.Cost, a.Cost)
		}
		p.From = append(p.From, int32(len(p.Node)))
	}
	return p
}

// set gives row r an arc, instead of all it has to that node.
func (m *mirror) set(r int, a Arc) {
	m.arcs[r] = append(slices.DeleteFunc(m.arcs[r], func(x Arc) bool { return x.Node == a.Node }), a)
}

// change makes one random change to both.
func (m *mirror) change(t testing.TB, rng *rand.Rand, s *Solver) {
	t.Helper()
	k := len(m.capacity)
	arcs := func() (list []Arc) {
		for v := range k {
			if rng.IntN(2) == 0 {
				list = append(list, Arc{int32(v), rng.Int64N(900) - 100})
			}
		}
		return list
	}
	ok := func(err error) {
		if err != nil {
			t.Fatalf("a change was refused: %v", err)
		}
	}
	kind := rng.IntN(9)
	if k == 0 || len(m.units) == 0 {
		kind = 0
	}
	r := 0
	if len(m.units) > 0 {
		r = rng.IntN(len(m.units))
	}
	switch row := int32(r); kind {
	case 0:
		units, unmet, list := rng.Int64N(4), rng.Int64N(1500), arcs()
		got, err := s.Add(units, unmet, list)
		ok(err)
		if int(got) != len(m.units) {
			t.Fatalf("Add = %d, want %d", got, len(m.units))
		}
		m.units, m.unmet, m.arcs = append(m.units, units), append(m.unmet, unmet), append(m.arcs, list)
	case 1:
		ok(s.Cancel(row))
		m.units[r] = 0
	case 2:
		list := arcs()
		ok(s.Move(row, list))
		m.arcs[r] = list
	case 3, 4:
		v := rng.IntN(k)
		m.capacity[v] = max(0, m.capacity[v]+rng.Int64N(5)-2)
		ok(s.SetCapacity(int32(v), m.capacity[v]))
	case 5:
		a := Arc{rng.Int32N(int32(k)), rng.Int64N(900) - 100}
		if rng.IntN(20) == 0 {
			a.Cost = 1<<31 + rng.Int64N(100)
		}
		ok(s.Allow(row, a.Node, a.Cost))
		m.set(r, a)
	case 6:
		if len(m.arcs[r]) > 0 {
			v := m.arcs[r][rng.IntN(len(m.arcs[r]))].Node
			ok(s.Forbid(row, v))
			m.arcs[r] = slices.DeleteFunc(m.arcs[r], func(x Arc) bool { return x.Node == v })
		}
	case 7:
		m.units[r] = rng.Int64N(5)
		ok(s.SetUnits(row, m.units[r]))
	case 8:
		m.unmet[r] = rng.Int64N(1500)
		ok(s.SetUnmet(row, m.unmet[r]))
	}
}

// changes makes a sequence of random changes and compares every answer with that of the network simplex from nothing.
func changes(t testing.TB, seed uint64, n, k, steps int) {
	t.Helper()
	rng := rand.New(rand.NewPCG(seed, 4))
	p := randomProblem(rng, n, k)
	m := newMirror(p)
	s, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	for step := range steps {
		a, err := s.Solve(t.Context(), Options{})
		if err != nil || a.Status != solver.Optimal {
			t.Fatalf("seed %d, step %d: Solve = %+v, %v", seed, step, a, err)
		}
		now := m.problem()
		if err := Check(now, s.Solution()); err != nil {
			t.Fatalf("seed %d, step %d: Check(%+v): %v", seed, step, now, err)
		}
		if want := byFlow(t, now); a.Objective != want {
			t.Fatalf("seed %d, step %d: Solve = %d, network simplex of %+v = %d", seed, step, a.Objective, now, want)
		}
		for range 1 + rng.IntN(3) {
			m.change(t, rng, s)
		}
	}
}

func TestSolverEqualsSolvingAnew(t *testing.T) {
	for seed := range cases(3000) {
		changes(t, seed, int(seed%9), int(seed%8), 12)
	}
	for seed := range cases(20) {
		changes(t, seed, 60, 40, 20)
	}
}

func FuzzSolver(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(3))
	f.Fuzz(func(t *testing.T, seed uint64, n, k uint8) {
		changes(t, seed, int(n%16), int(k%12), 10)
	})
}

// TestManyMovesLeaveNoGaps moves needs until the arcs are closed up, more than once.
func TestManyMovesLeaveNoGaps(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 11))
	p := crowded(600)
	m := newMirror(p)
	s, err := New(p)
	if err != nil {
		t.Fatal(err)
	}
	e, ok := s.core.(*engine[int32])
	if !ok {
		t.Fatal("not narrow")
	}
	closed := 0
	for step := range 40 {
		for range 60 {
			r, like := rng.IntN(len(m.units)), rng.IntN(len(m.units))
			list := slices.Clone(m.arcs[like])
			if err := s.Move(int32(r), list); err != nil {
				t.Fatal(err)
			}
			m.arcs[r] = list
		}
		before := len(e.arcs)
		a, err := s.Solve(t.Context(), Options{})
		if err != nil {
			t.Fatal(err)
		}
		if len(e.arcs) < before {
			closed++
		}
		now := m.problem()
		if err := Check(now, s.Solution()); err != nil {
			t.Fatalf("step %d: %v", step, err)
		}
		if want := mustSolve(t, now, Options{}).Objective; a.Objective != want {
			t.Fatalf("step %d: %d, anew %d", step, a.Objective, want)
		}
	}
	if closed < 2 {
		t.Errorf("the arcs were closed up %d times", closed)
	}
}
