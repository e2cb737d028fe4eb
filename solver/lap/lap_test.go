package lap

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/courtyard-care/courtyard/solver"
)

// cases returns how many random cases a test tries: fewer in short mode.
func cases(n int) int {
	if testing.Short() {
		return max(1, n/10)
	}
	return n
}

// brute returns the most pairs and their best cost, by trying every choice of columns.
func brute[T Number](p *Problem[T]) (pairs int, cost float64) {
	allowed := make([]map[int]T, p.Rows)
	for i := range p.Rows {
		allowed[i] = map[int]T{}
		from, to := i*p.Cols, (i+1)*p.Cols
		if p.Start != nil {
			from, to = p.Start[i], p.Start[i+1]
		}
		for k := from; k < to; k++ {
			j := k - from
			if p.Start != nil {
				j = int(p.Col[k])
			} else if p.Forbidden != nil && p.Forbidden[k] {
				continue
			}
			if old, ok := allowed[i][j]; !ok || p.Cost[k] < old != p.Maximize {
				allowed[i][j] = p.Cost[k]
			}
		}
	}
	used := make([]bool, p.Cols)
	pairs = -1
	var try func(i, n int, sum float64)
	try = func(i, n int, sum float64) {
		if i == p.Rows {
			if n > pairs || n == pairs && sum != cost && sum < cost != p.Maximize {
				pairs, cost = n, sum
			}
			return
		}
		try(i+1, n, sum)
		for j, c := range allowed[i] {
			if !used[j] {
				used[j] = true
				try(i+1, n+1, sum+float64(c))
				used[j] = false
			}
		}
	}
	try(0, 0, 0)
	return pairs, cost
}

// random makes a problem with up to side rows and columns, of every form.
func random[T Number](rng *rand.Rand, side int, cost func() T) *Problem[T] {
	p := &Problem[T]{Rows: rng.IntN(side + 1), Cols: rng.IntN(side + 1), Maximize: rng.IntN(3) == 0}
	if rng.IntN(2) == 0 {
		p.Cols = p.Rows
	}
	dense := rng.IntN(2) == 0
	share := []float64{0, 0.1, 0.3, 0.6, 1}[rng.IntN(5)] // of pairs forbidden
	if !dense {
		p.Start = []int{0}
	}
	for range p.Rows {
		for j := range p.Cols {
			no := rng.Float64() < share
			switch {
			case dense:
				p.Cost = append(p.Cost, cost())
				if share > 0 {
					p.Forbidden = append(p.Forbidden, no)
				}
			case !no:
				p.Col, p.Cost = append(p.Col, int32(j)), append(p.Cost, cost())
				if rng.IntN(8) == 0 { // twice
					p.Col, p.Cost = append(p.Col, int32(j)), append(p.Cost, cost())
				}
			}
		}
		if !dense {
			p.Start = append(p.Start, len(p.Col))
		}
	}
	return p
}

func TestSolveAgainstBruteForce(t *testing.T) {
	for seed := range uint64(cases(6000)) {
		rng := rand.New(rand.NewPCG(seed, 1))
		spread := []int64{1, 3, 100, 1 << 20, 1 << 40, 1 << 47}[rng.IntN(6)]
		base := []int64{0, -spread, 7, -3 * spread}[rng.IntN(4)]
		p := random(rng, 6, func() int64 { return base + rng.Int64N(spread) })
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := Check(p, s); err != nil {
			t.Fatalf("seed %d: Check(%+v, %+v): %v", seed, p, s, err)
		}
		pairs, cost := brute(p)
		if s.Status != solver.Optimal || s.Pairs != pairs || float64(s.Objective) != cost {
			t.Fatalf("seed %d: Solve(%+v) = %v, %d pairs, %d; want %d, %v", seed, p, s.Status, s.Pairs, s.Objective, pairs, cost)
		}
	}
}

// TestSolve32 is the same for costs of 32 bits, which the engines may use as they stand.
func TestSolve32(t *testing.T) {
	for seed := range uint64(cases(3000)) {
		rng := rand.New(rand.NewPCG(seed, 7))
		p := random(rng, 6, func() int32 { return rng.Int32N(12) - 6 })
		s, err := Solve(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := Check(p, s); err != nil {
			t.Fatalf("seed %d: Check(%+v, %+v): %v", seed, p, s, err)
		}
		if pairs, cost := brute(p); s.Pairs != pairs || float64(s.Objective) != cost {
			t.Fatalf("seed %d: Solve(%+v) = %d pairs, %d; want %d, %v", seed, p, s.Pairs, s.Objective, pairs, cost)
		}
	}
}

// TestSolveReal compares with brute force on costs whose sums are exact in float64, and on costs whose sums are not with the same
// costs as whole numbers.
func TestSolveReal(t *testing.T) {
	for seed := range uint64(cases(4000)) {
		rng := rand.New(rand.NewPCG(seed, 2))
		cost := []func() float64{
			func() float64 { return float64(rng.IntN(5)) / 4 },
			func() float64 { return float64(rng.Int64N(1<<40)) / 1024 },
			func() float64 { return math.Ldexp(float64(rng.IntN(3)-1), -40*rng.IntN(2)) },
			func() float64 { return math.Ldexp(float64(rng.IntN(8)), -10*rng.IntN(4)-500) },
		}[rng.IntN(4)]
		p := random(rng, 6, cost)
		s, err := SolveReal(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := CheckReal(p, s); err != nil {
			t.Fatalf("seed %d: CheckReal(%+v, %+v): %v", seed, p, s, err)
		}
		pairs, best := brute(p)
		if s.Status != solver.Optimal || s.Pairs != pairs || s.Objective != best {
			t.Fatalf("seed %d: SolveReal(%+v) = %v, %d pairs, %v; want %d, %v", seed, p, s.Status, s.Pairs, s.Objective, pairs, best)
		}
	}
}

// TestSolveRealFarApart: costs from 2^-1000 to 2^1000, so that only exact sums tell which is less.
func TestSolveRealFarApart(t *testing.T) {
	for seed := range uint64(cases(1000)) {
		rng := rand.New(rand.NewPCG(seed, 3))
		p := random(rng, 5, func() float64 { return math.Ldexp(rng.Float64()-0.25, 400*(rng.IntN(5)-2)) })
		s, err := SolveReal(t.Context(), p, Options{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := CheckReal(p, s); err != nil {
			t.Fatalf("seed %d: CheckReal(%+v, %+v): %v", seed, p, s, err)
		}
		sum := exactly(0)
		for i, j := range s.Col {
			if j >= 0 {
				sum.Add(sum, exactly(p.Cost[place(p, i, j)]))
			}
		}
		if pairs, best := bruteExact(p); pairs != s.Pairs || best.Cmp(sum) != 0 {
			t.Fatalf("seed %d: SolveReal(%+v) = %d pairs, %v; want %d, %v", seed, p, s.Pairs, sum, pairs, best)
		}
	}
}

// bruteExact is brute with exact sums.
func bruteExact(p *Problem[float64]) (pairs int, best *big.Float) {
	used := make([]bool, p.Cols)
	pairs = -1
	var try func(i, n int, sum *big.Float)
	try = func(i, n int, sum *big.Float) {
		if i == p.Rows {
			if d := 0; n >= pairs {
				if n == pairs {
					d = sum.Cmp(best)
				}
				if n > pairs || d < 0 && !p.Maximize || d > 0 && p.Maximize {
					pairs, best = n, sum
				}
			}
			return
		}
		try(i+1, n, sum)
		for j := range p.Cols {
			if used[j] {
				continue
			}
			k := i*p.Cols + j
			if p.Start != nil {
				if k = place(p, i, int32(j)); k < 0 {
					continue
				}
			} else if p.Forbidden != nil && p.Forbidden[k] {
				continue
			}
			used[j] = true
			try(i+1, n+1, new(big.Float).Add(sum, exactly(p.Cost[k])))
			used[j] = false
		}
	}
	try(0, 0, exactly(0))
	return pairs, best
}

// families are costs of one shape each.
func families(n int, rng *rand.Rand) map[string]func(i, j int) int32 {
	x, y := make([]float64, 4*n), make([]float64, 4*n)
	for k := range x {
		x[k], y[k] = rng.Float64()*3e4, rng.Float64()*3e4
	}
	return map[string]func(i, j int) int32{
		"uniform": func(int, int) int32 { return rng.Int32N(1_000_000) },
		"near":    func(i, j int) int32 { return int32(math.Hypot(x[i]-x[2*n+j], y[i]-y[2*n+j])) },
		"ties":    func(int, int) int32 { return 1 + rng.Int32N(100) },
		"few":     func(int, int) int32 { return rng.Int32N(2) },
		"product": func(i, j int) int32 { return int32(i+1) * int32(j+1) },
		"turned":  func(i, j int) int32 { return -int32(i+1) * int32(j+1) },
		"large":   func(int, int) int32 { return rng.Int32() - 1<<30 },
	}
}

// TestEnginesAgree solves matrices of each family as they are, as reals, turned and as lists, with the dense engine alone, and cut by a
// limit.
func TestEnginesAgree(t *testing.T) {
	for _, side := range [][2]int{{40, 40}, {120, 120}, {130, 200}, {70, 300}} {
		for name, cost := range families(300, rand.New(rand.NewPCG(1, 4))) {
			if testing.Short() && side[0] > 120 {
				continue
			}
			n, m := side[0], side[1]
			p := &Problem[int32]{Rows: n, Cols: m}
			lists := &Problem[int64]{Rows: n, Cols: m, Start: []int{0}}
			back := &Problem[int64]{Rows: m, Cols: n, Cost: make([]int64, n*m)}
			for i := range n {
				for j := range m {
					c := cost(i, j)
					p.Cost = append(p.Cost, c)
					lists.Cost, lists.Col = append(lists.Cost, int64(c)), append(lists.Col, int32(j))
					back.Cost[j*n+i] = int64(c)
				}
				lists.Start = append(lists.Start, len(lists.Col))
			}
			want := solved(t, name, p)
			if got := solved(t, name+", lists", lists); got != want {
				t.Errorf("%s %d × %d: %d as lists, %d as a matrix", name, n, m, got, want)
			}
			if got := solved(t, name+", turned", back); got != want {
				t.Errorf("%s %d × %d: %d turned, %d as a matrix", name, n, m, got, want)
			}
			if name != "large" {
				s := newPaths(newMeter(t.Context(), &Options{}), &matrix{n: n, m: m, cost: p.Cost})
				s.solve()
				sum := int64(0)
				for i, j := range s.colOf {
					sum += int64(p.Cost[i*m+int(j)])
				}
				if sum != want {
					t.Errorf("%s %d × %d: %d by paths, %d by the core", name, n, m, sum, want)
				}
			}
			reals := &Problem[float64]{Rows: n, Cols: m}
			for k, c := range p.Cost {
				reals.Cost = append(reals.Cost, float64(c)/3+1/float64(k+2))
			}
			s, err := SolveReal(t.Context(), reals, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := CheckReal(reals, s); err != nil {
				t.Errorf("%s %d × %d, reals: %v", name, n, m, err)
			}
		}
	}
}

// solved returns the checked optimum of p, and checks answers that a work limit cut on the way.
func solved[T Integer](t *testing.T, name string, p *Problem[T]) int64 {
	t.Helper()
	s, err := Solve(t.Context(), p, Options{})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := Check(p, s); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if s.Status != solver.Optimal {
		t.Errorf("%s: %v, want optimal", name, s.Status)
	}
	for limit := int64(1); limit < s.Work; limit = 3*limit + 1 {
		cut, err := Solve(t.Context(), p, Options{WorkLimit: limit})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := Check(p, cut); err != nil {
			t.Errorf("%s, cut after %d of %d: %v", name, limit, s.Work, err)
		}
		sign := int64(1)
		if p.Maximize {
			sign = -1
		}
		if sign*cut.Bound > sign*s.Objective || cut.Pairs == s.Pairs && sign*cut.Objective < sign*s.Objective {
			t.Errorf("%s, cut after %d: bound %d, objective %d of %d pairs; the optimum is %d of %d", name, limit, cut.Bound, cut.Objective, cut.Pairs, s.Objective, s.Pairs)
		}
	}
	return s.Objective
}
