package lap

import (
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
)

// Check re-measures s from p alone and returns what s claims wrongly, nil if everything holds. It shares no code with Solve.
//
//   - Every row has at most one column and every column at most one row, every pair is allowed, Pairs and Objective are theirs.
//   - No assignment has more than MostPairs: it is the shorter side, or the cover touches every pair and is as small.
//   - The duals hold for every pair and prove Bound.
//   - Optimal: Pairs is MostPairs and Bound is Objective.
//
// It takes O(nm) time on a dense problem, O(pairs) on a sparse one, and O(n log n).
func Check[T Integer](p *Problem[T], s *Solution[int64]) error {
	c, err := newChecker(p, s)
	if err != nil {
		return err
	}
	if err := c.structure(); err != nil {
		return err
	}
	sum := new(big.Int)
	for i, j := range s.Col {
		if j >= 0 {
			sum.Add(sum, big.NewInt(int64(c.taken[i])))
		}
	}
	if sum.Cmp(big.NewInt(s.Objective)) != 0 {
		return fmt.Errorf("the pairs cost %v, not %d", sum, s.Objective)
	}
	wrong := c.each(func(i, j int, cost T) bool {
		x, y, z := s.RowDual[i], s.ColDual[j], int64(cost)
		if p.Maximize {
			x, y, z = -x, -y, -z
		}
		if sum := x + y; (x < 0) != (y < 0) || (sum < 0) == (x < 0) { // no overflow
			return sum <= z
		}
		return x < 0 // the sum lies beyond every cost
	})
	if wrong != nil {
		return wrong
	}
	bound, err := proved(c, big.NewInt, func(a, b *big.Int) *big.Int { return new(big.Int).Add(a, b) }, (*big.Int).Cmp)
	if err != nil {
		return err
	}
	claim := big.NewInt(s.Bound)
	if p.Maximize {
		claim.Neg(claim)
	}
	if bound.Cmp(claim) < 0 {
		return fmt.Errorf("the duals prove a bound of %v (minimising), less than %v", bound, claim)
	}
	return c.status()
}

// What CheckReal grants, since duals are rounded: so much of the bound, and of the duals that prove it.
const (
	grantBound = 1e-9
	grantDuals = 1e-12
)

// CheckReal is [Check] for real costs. The rounded duals are lowered until they hold for every pair; what they then prove may miss
// the bound by 1e-9 of it and 1e-12 of the sum of the duals' sizes.
func CheckReal(p *Problem[float64], s *Solution[float64]) error {
	c, err := newChecker(p, s)
	if err != nil {
		return err
	}
	if err := c.structure(); err != nil {
		return err
	}
	sum := exactly(0)
	for i, j := range s.Col {
		if j >= 0 {
			sum.Add(sum, exactly(c.taken[i]))
		}
	}
	if got, _ := sum.Float64(); got != s.Objective {
		return fmt.Errorf("the pairs cost %v, not %v", got, s.Objective)
	}
	sign := 1.0
	if p.Maximize {
		sign = -1
	}
	for k, x := range slices.Concat(s.RowDual, s.ColDual) {
		if x-x != 0 {
			return fmt.Errorf("dual %d is %v", k, x)
		}
	}
	excess := make([]float64, p.Rows) // of duals over the cost of a pair
	size := 0.0
	_ = c.each(func(i, j int, cost float64) bool {
		excess[i] = max(excess[i], sign*s.RowDual[i]+sign*s.ColDual[j]-sign*cost)
		return true
	})
	for _, x := range slices.Concat(s.RowDual, s.ColDual) {
		size += math.Abs(x)
	}
	over := 0.0
	for _, x := range excess {
		over += x
	}
	bound, err := proved(c, exactly, func(a, b *big.Float) *big.Float { return a.Add(a, b) }, (*big.Float).Cmp)
	if err != nil {
		return err
	}
	got, _ := bound.Float64()
	if got -= over; got < sign*s.Bound-grantBound*math.Abs(s.Bound)-grantDuals*size {
		return fmt.Errorf("the duals prove a bound of %v, not %v", sign*got, s.Bound)
	}
	return c.status()
}

// exactly returns x with room for the exact sum of any reals.
func exactly(x float64) *big.Float { return new(big.Float).SetPrec(2200).SetFloat64(x) }

type checker[T Number, S int64 | float64] struct {
	p     *Problem[T]
	s     *Solution[S]
	taken []T // cost of the pair of each row
}

func newChecker[T Number, S int64 | float64](p *Problem[T], s *Solution[S]) (*checker[T, S], error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("the problem itself is faulty: %w", err)
	}
	if s == nil {
		return nil, errors.New("no solution")
	}
	return &checker[T, S]{p: p, s: s, taken: make([]T, p.Rows)}, nil
}

// each calls f for every pair; where f is false it says so.
func (c *checker[T, S]) each(f func(i, j int, cost T) bool) error {
	p := c.p
	for i := range p.Rows {
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
			if !f(i, j, p.Cost[k]) {
				return fmt.Errorf("row %d and column %d: their duals do not hold for their cost %v", i, j, p.Cost[k])
			}
		}
	}
	return nil
}

// structure checks everything that does not depend on costs, and finds those of the pairs.
func (c *checker[T, S]) structure() error {
	p, s := c.p, c.s
	if len(s.Col) != p.Rows || len(s.RowDual) != p.Rows || len(s.ColDual) != p.Cols {
		return fmt.Errorf("%d columns, %d and %d duals for %d rows and %d columns", len(s.Col), len(s.RowDual), len(s.ColDual), p.Rows, p.Cols)
	}
	used, found, pairs := make([]bool, p.Cols), make([]bool, p.Rows), 0
	for i, j := range s.Col {
		switch {
		case j == -1:
			continue
		case j < 0 || int(j) >= p.Cols:
			return fmt.Errorf("row %d has column %d, which is not there", i, j)
		case used[j]:
			return fmt.Errorf("column %d has two rows", j)
		}
		used[j] = true
		pairs++
	}
	_ = c.each(func(i, j int, cost T) bool {
		if int(s.Col[i]) == j && (!found[i] || cost < c.taken[i] != p.Maximize && cost != c.taken[i]) {
			found[i], c.taken[i] = true, cost
		}
		return true
	})
	for i, j := range s.Col {
		if j >= 0 && !found[i] {
			return fmt.Errorf("row %d has column %d, which is forbidden", i, j)
		}
	}
	if pairs != s.Pairs || s.MostPairs < pairs {
		return fmt.Errorf("%d pairs, not %d of at most %d", pairs, s.Pairs, s.MostPairs)
	}
	if s.MostPairs >= min(p.Rows, p.Cols) {
		return nil
	}
	if len(s.CoverRow) != p.Rows || len(s.CoverCol) != p.Cols {
		return errors.New("fewer pairs than rows and columns would allow, but there is no cover")
	}
	size := 0
	for _, x := range slices.Concat(s.CoverRow, s.CoverCol) {
		if x {
			size++
		}
	}
	if size != s.MostPairs {
		return fmt.Errorf("a cover of %d rows and columns proves no most of %d pairs", size, s.MostPairs)
	}
	if c.each(func(i, j int, _ T) bool { return s.CoverRow[i] || s.CoverCol[j] }) != nil {
		return errors.New("the cover misses a pair")
	}
	return nil
}

// proved returns the bound that the duals prove, minimising, whether they hold or not: the least over all numbers of pairs that an
// optimum may have.
func proved[T Number, S int64 | float64, B any](c *checker[T, S], of func(S) B, add func(a, b B) B, cmp func(a, b B) int) (B, error) {
	p, s := c.p, c.s
	short, tall := s.RowDual, s.ColDual
	if p.Rows > p.Cols {
		short, tall = tall, short
	}
	least, most := s.Pairs, s.MostPairs
	if p.Start == nil && !slices.Contains(p.Forbidden, true) {
		least = len(short) // every complete matrix has so many pairs
	}
	zero, sum := of(0), of(0)
	values := make([]B, len(short))
	for i, x := range short {
		if p.Maximize {
			x = -x
		}
		values[i] = of(x)
	}
	slices.SortFunc(values, cmp)
	for i, x := range values {
		if i < least || i < most && cmp(x, zero) < 0 {
			sum = add(sum, x)
		}
	}
	all := len(short) == len(tall) && least == len(short)
	for j, y := range tall {
		if p.Maximize {
			y = -y
		}
		if y > 0 && !all {
			return sum, fmt.Errorf("dual %d of the longer side has the wrong sign: %v", j, y)
		}
		sum = add(sum, of(y))
	}
	return sum, nil
}

// status checks that the status says what the rest proves.
func (c *checker[T, S]) status() error {
	s := c.s
	switch s.Status {
	case solver.Optimal:
		if s.Pairs != s.MostPairs || s.Bound != s.Objective {
			return fmt.Errorf("optimal, but with %d pairs of %d, bound %v and objective %v", s.Pairs, s.MostPairs, s.Bound, s.Objective)
		}
	case solver.Feasible:
	default:
		return fmt.Errorf("status %v, though every answer is optimal or feasible", s.Status)
	}
	return nil
}
