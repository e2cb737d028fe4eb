package town

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

func TestFlowShape(t *testing.T) {
	const n, m = 600, 240
	p := New(n, m, 1).Flow()
	if got, want := len(p.Supply), n+m+1; got != want {
		t.Fatalf("nodes = %d, want %d", got, want)
	}
	if got, want := len(p.Tail), n*(Degree+1)+m; got != want {
		t.Fatalf("arcs = %d, want %d", got, want)
	}
	var capacity int64
	seen := map[[2]int32]bool{}
	for a := range p.Tail {
		pair := [2]int32{p.Tail[a], p.Head[a]}
		if seen[pair] {
			t.Fatalf("arc %d repeats the pair %v", a, pair)
		}
		seen[pair] = true
		switch {
		case p.Tail[a] >= n:
			capacity += p.Upper[a]
			if p.Upper[a] < 1 || p.Upper[a] > 4 { // n/m = 2.5: uniform 1..floor(5.5)-1
				t.Errorf("arc %d: capacity %d, want 1..4", a, p.Upper[a])
			}
		case p.Head[a] == n+m:
			if p.Cost[a] != UnmetCost {
				t.Errorf("arc %d: unmet costs %d, want %d", a, p.Cost[a], UnmetCost)
			}
		default:
			if p.Cost[a] < 0 || p.Cost[a] >= UnmetCost {
				t.Errorf("arc %d: cost %d, want below unmet", a, p.Cost[a])
			}
		}
	}
	if capacity < n*8/10 || capacity > n*12/10 {
		t.Errorf("total capacity = %d, want about %d", capacity, n)
	}
	if got := p.Supply[n+m]; got != -n {
		t.Errorf("the sink takes %d, want %d", -got, n)
	}
}

func TestFlowIsDeterministic(t *testing.T) {
	text := func(seed uint64) string {
		var b bytes.Buffer
		if err := WriteDIMACS(&b, New(300, 120, seed).Flow()); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	if first, second := text(1), text(1); first != second {
		t.Error("two instances of seed 1 differ")
	}
	if text(1) == text(2) {
		t.Error("seeds 1 and 2 give the same instance")
	}
}

// The published figures name an instance by its sizes and seed: the bytes behind that name must not change unseen.
func TestCareInstanceIsTheNamedOne(t *testing.T) {
	var b bytes.Buffer
	if err := WriteDIMACS(&b, New(2_000, 800, 1).Flow()); err != nil {
		t.Fatal(err)
	}
	const want = "3a8cc12cd50f7b74"
	if got := fmt.Sprintf("%x", sha256.Sum256(b.Bytes()))[:16]; got != want {
		t.Errorf("sha256 of care_2000x800 begins %s, want %s", got, want)
	}
}

func TestFlowHasAnOptimum(t *testing.T) {
	p := New(200, 80, 1).Flow()
	s, err := mcf.Solve(t.Context(), p, mcf.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if s.Status != solver.Optimal {
		t.Fatalf("status = %v, want optimal", s.Status)
	}
	if err := mcf.Check(p, s); err != nil {
		t.Error(err)
	}
}

func TestNearestAgainstAllPairs(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 0))
	for trial := range 200 {
		points := make([]Point, 1+rng.IntN(60))
		for i := range points {
			points[i] = Point{X: 500 * rng.Float64(), Y: 50 * rng.Float64()}
			if trial%3 == 0 {
				points[i] = Point{X: float64(rng.IntN(4)), Y: float64(rng.IntN(4))} // ties
			}
		}
		from := Point{X: 1500*rng.Float64() - 500, Y: 1500*rng.Float64() - 500} // mostly off the grid
		k := 1 + rng.IntN(25)
		var want []near
		for i, p := range points {
			dx, dy := p.X-from.X, p.Y-from.Y
			want = append(want, near{int32(i), math.Sqrt(float64(dx*dx) + float64(dy*dy))})
		}
		slices.SortFunc(want, func(a, b near) int {
			return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.resource, b.resource))
		})
		want = want[:min(k, len(want))]
		if got := newGrid(points).nearest(from, k, nil); !slices.Equal(got, want) {
			t.Fatalf("trial %d: nearest(%v, %d) of %v = %v, want %v", trial, from, k, points, got, want)
		}
	}
}

func TestLists(t *testing.T) {
	lists := New(1_000, 300, 1).Lists(true)
	if err := lists.Validate(care.Horizon{}, nil); err != nil {
		t.Fatalf("the lists are not valid: %v", err)
	}
	classes := map[int]int{}
	asked := map[string]int{}
	for _, n := range lists.Needs {
		classes[n.Priority]++
		asked[n.Service]++
	}
	if classes[1] < 50 || classes[2] < 600 || classes[3] < 100 {
		t.Errorf("needs by class = %v, want about 100, 700 and 200", classes)
	}
	if len(asked) != len(services) {
		t.Errorf("services asked for = %v, want all of %v", asked, services)
	}
	kinds := map[care.Kind]int{}
	for _, r := range lists.Resources {
		kinds[r.Kind]++
	}
	if kinds[care.Volunteer] < 180 || kinds[care.ThirdParty] < 60 {
		t.Errorf("resources by kind = %v, want about 210 volunteers and 90 providers", kinds)
	}
	for i, n := range New(100, 30, 1).Lists(false).Needs {
		if n.Priority != 2 {
			t.Errorf("need %d: priority %d without classes, want 2", i, n.Priority)
		}
	}
}
