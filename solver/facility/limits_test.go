package facility

import (
	"context"
	"math/rand/v2"
	"reflect"
	"runtime"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// plane makes a problem of points on a plane: each is client and site.
func plane(seed uint64, n, room int) *Problem {
	rng := rand.New(rand.NewPCG(seed, 3))
	x, y := make([]int64, n), make([]int64, n)
	for i := range n {
		x[i], y[i] = rng.Int64N(1000), rng.Int64N(1000)
	}
	p := &Problem{Sites: n, MaxOpen: room, Rows: Rows{Start: []int{0}}}
	for i := range n {
		for j := range n {
			p.Rows.Site = append(p.Rows.Site, int32(j))
			p.Rows.Cost = append(p.Rows.Cost, (x[i]-x[j])*(x[i]-x[j])+(y[i]-y[j])*(y[i]-y[j]))
		}
		p.Rows.Start = append(p.Rows.Start, len(p.Rows.Site))
	}
	return p
}

// noise makes facility location with random costs, whose relaxation is weak: it is not proved soon.
func noise(n, m int) *Problem {
	rng := rand.New(rand.NewPCG(7, 7))
	p := &Problem{Sites: m, Rows: Rows{Start: []int{0}}, Fixed: make([]int64, m)}
	for j := range p.Fixed {
		p.Fixed[j] = 1000 + rng.Int64N(1000)
	}
	for range n {
		for j := range m {
			p.Rows.Site = append(p.Rows.Site, int32(j))
			p.Rows.Cost = append(p.Rows.Cost, 1000+rng.Int64N(1000))
		}
		p.Rows.Start = append(p.Rows.Start, len(p.Rows.Site))
	}
	return p
}

func TestSolveIsTheSameOnAnyNumberOfCores(t *testing.T) {
	p := noise(60, 60)
	var first *Solution
	for _, cores := range []int{1, 8} {
		before := runtime.GOMAXPROCS(cores)
		sol, err := Solve(t.Context(), p, Options{Seed: 3, WorkLimit: 4000})
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = sol
		} else if !reflect.DeepEqual(first, sol) {
			t.Errorf("%d cores: %+v, one: %+v", cores, sol, first)
		}
	}
}

func TestWorkReplaysARunThatTimeCut(t *testing.T) {
	p := noise(120, 120)
	cut, err := Solve(t.Context(), p, Options{TimeLimit: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	if cut.Stop != solver.StopTime {
		t.Skipf("stop is %v: the machine is too fast", cut.Stop)
	}
	again, err := Solve(t.Context(), p, Options{WorkLimit: cut.Work})
	if err != nil {
		t.Fatal(err)
	}
	cut.Stop, again.Stop = 0, 0
	if cut.Work > 0 && !reflect.DeepEqual(cut, again) {
		t.Errorf("replayed: objective %d, bound %d, work %d; cut: %d, %d, %d", again.Objective, again.Bound, again.Work, cut.Objective, cut.Bound, cut.Work)
	}
}

func TestCancelledSolveReturnsWhatItHas(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p := noise(150, 150)
	time.AfterFunc(100*time.Millisecond, cancel)
	sol, err := Solve(ctx, p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if sol.Stop != solver.StopCancelled {
		t.Errorf("stop = %v, want cancelled", sol.Stop)
	}
	if err := Check(p, sol); err != nil {
		t.Error(err)
	}
}

// TestCutRows: with rows cut to the nearest sites the bound holds for the whole problem, and what is proved is true of it.
func TestCutRows(t *testing.T) {
	proved := 0
	for seed := range uint64(cases(60)) {
		whole := plane(seed, 40, 4)
		want, err := Solve(t.Context(), whole, Options{})
		if err != nil || want.Status != solver.Optimal {
			t.Fatalf("seed %d: %v, %v", seed, want.Status, err)
		}
		cut := *whole
		cut.Rows, cut.Beyond = nearest(whole, 4+int(seed%20))
		got, err := Solve(t.Context(), &cut, Options{WorkLimit: 3000})
		if err != nil {
			t.Fatal(err)
		}
		if err := Check(&cut, got); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if got.HasBound && got.Bound > want.Objective || got.Open != nil && got.Objective < want.Objective ||
			got.Status == solver.Optimal && got.Objective != want.Objective {
			t.Errorf("seed %d: cut: %v %d, bound %d; whole: %d", seed, got.Status, got.Objective, got.Bound, want.Objective)
		}
		if got.Status == solver.Optimal {
			proved++
		}
	}
	t.Logf("%d proved in spite of the cut", proved)
}

// nearest returns the count cheapest pairs of each client, and what the next one costs.
func nearest(p *Problem, count int) (Rows, []int64) {
	c, _ := newCore(p, func() bool { return false })
	r, beyond := Rows{Start: []int{0}}, make([]int64, c.clients())
	cost := map[[2]int32]int64{}
	for i := range c.clients() {
		sites, costs := p.Rows.Row(i)
		for k, j := range sites {
			cost[[2]int32{int32(i), j}] = costs[k]
		}
	}
	for i := range c.clients() {
		row := c.site[c.start[i]:c.start[i+1]]
		for _, j := range row[:count] {
			r.Site = append(r.Site, j)
			r.Cost = append(r.Cost, cost[[2]int32{int32(i), j}])
		}
		beyond[i] = cost[[2]int32{int32(i), row[count]}]
		r.Start = append(r.Start, len(r.Site))
	}
	return r, beyond
}

func TestSeek(t *testing.T) {
	p := plane(1, 60, 5)
	best, err := Solve(t.Context(), p, Options{})
	if err != nil || best.Status != solver.Optimal {
		t.Fatalf("%v, %v", best.Status, err)
	}
	enough, short := best.Objective, best.Objective-1
	if sol, _ := Solve(t.Context(), p, Options{Seek: &enough}); sol.Open == nil || sol.Objective > enough || sol.Stop != solver.StopProved {
		t.Errorf("seek %d: %v, %d", enough, sol.Status, sol.Objective)
	}
	if sol, _ := Solve(t.Context(), p, Options{Seek: &short}); sol.Open != nil || !sol.HasBound || sol.Bound <= short {
		t.Errorf("seek %d: %v, bound %d", short, sol.Status, sol.Bound)
	}
}
