package lap

import (
	"errors"
	"fmt"
	"math"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/internal/frontier"
)

// Unlimited says that a cost may move as far as it likes.
const Unlimited = math.MaxInt64

// Ranges tells how far the cost of each pair may move, alone, while an answer stays optimal. It belongs to one goroutine.
//
// Another assignment with as many pairs differs from the answer by cycles, which leave pairs of the answer and take others in
// turn. The cheapest that takes a given pair is found along a shortest path, on what the duals leave of the costs, which is
// nowhere below 0. Rows that are alone are joined by a node of their own, so that one may come where another goes; columns too.
type Ranges[T Integer] struct {
	p      *Problem[T]
	s      *Solution[int64]
	sign   int64   // -1 when maximising
	u, v   []int64 // duals as if minimising
	topRow int64   // largest dual of a row that has a column
	topCol int64   // largest dual of a column that has a row
	rowOf  []int32
	inPair []int32 // place of the pair of each row; -1 if it is alone
	start  []int   // places of column j's pairs: place[start[j]:start[j+1]]
	place  []int32
	row    []int32 // and their rows
	left   []int32 // columns without a row
	dist   []int64 // of rows, and of the two nodes behind them; to the row that is asked for
	queue  frontier.Queue
}

// NewRanges prepares the ranges of s, an optimal answer of [Solve] to p. O(nm) time and 8 bytes a pair on a dense problem. The error
// says why s is not an optimal answer, or that the costs are so large that a range might not fit in 64 bits.
func NewRanges[T Integer](p *Problem[T], s *Solution[int64]) (*Ranges[T], error) {
	if err := Check(p, s); err != nil {
		return nil, fmt.Errorf("not an answer to this problem: %w", err)
	}
	if s.Status != solver.Optimal {
		return nil, errors.New("ranges are those of an optimal answer; this one is " + s.Status.String())
	}
	if len(p.Cost) > math.MaxInt32 {
		return nil, fmt.Errorf("%d pairs are too many for ranges", len(p.Cost))
	}
	r := &Ranges[T]{
		p: p, s: s, sign: 1, u: make([]int64, p.Rows), v: make([]int64, p.Cols), topRow: math.MinInt64, topCol: math.MinInt64,
		rowOf: make([]int32, p.Cols), inPair: make([]int32, p.Rows), dist: make([]int64, p.Rows+2),
	}
	if p.Maximize {
		r.sign = -1
	}
	limit := int64(math.MaxInt64) / 8 / int64(p.Rows+p.Cols+1)
	fits := func(x int64) bool { return x > -limit && x < limit }
	for i, x := range s.RowDual {
		r.u[i] = r.sign * x
		if !fits(x) {
			return nil, fmt.Errorf("the dual of row %d is so large that ranges might not fit in 64 bits", i)
		}
	}
	for j, x := range s.ColDual {
		r.v[j] = r.sign * x
		r.rowOf[j] = free
		if !fits(x) {
			return nil, fmt.Errorf("the dual of column %d is so large that ranges might not fit in 64 bits", j)
		}
	}
	for i, j := range s.Col {
		r.inPair[i] = -1
		if j < 0 {
			continue
		}
		r.rowOf[j], r.inPair[i] = int32(i), int32(place(p, i, j))
		r.topRow, r.topCol = max(r.topRow, r.u[i]), max(r.topCol, r.v[j])
	}
	if s.Pairs == 0 {
		r.topRow, r.topCol = 0, 0
	}
	for j, i := range r.rowOf {
		if i < 0 {
			r.left = append(r.left, int32(j))
		}
	}
	l := newLayout(p)
	l.turned = false // rows are the problem's own
	r.start = make([]int, p.Cols+1)
	far := -1
	l.pairs(func(_, j int32, k int) {
		r.start[j+1]++
		if !fits(int64(p.Cost[k])) {
			far = k
		}
	})
	if far >= 0 {
		return nil, fmt.Errorf("the cost %d is so large that ranges might not fit in 64 bits", p.Cost[far])
	}
	for j := range p.Cols {
		r.start[j+1] += r.start[j]
	}
	at := append([]int(nil), r.start...)
	r.place, r.row = make([]int32, r.start[p.Cols]), make([]int32, r.start[p.Cols])
	l.pairs(func(i, j int32, k int) {
		r.place[at[j]], r.row[at[j]] = int32(k), i
		at[j]++
	})
	return r, nil
}

// Row returns a number for each pair of row i, in the order of its costs, forbidden pairs of a matrix among them.
//
// The cost of the pair that the answer has may rise by that number, that of any other may fall by it, and the answer stays
// optimal; one more, and another is better. (When maximising, fall and rise change places.) It is [Unlimited] where that never
// happens: no assignment with so many pairs is without the one pair, or has the other. Several changes at once are not covered.
//
// A shortest path from every row and column to row i: O(P log n) time for a problem of P pairs. Ranges of all pairs take n
// times as long.
func (r *Ranges[T]) Row(i int) []int64 {
	r.search(int32(i))
	p := r.p
	from, to := i*p.Cols, (i+1)*p.Cols
	if p.Start != nil {
		from, to = p.Start[i], p.Start[i+1]
	}
	out := make([]int64, to-from)
	stay := int64(Unlimited)
	if r.inPair[i] >= 0 {
		stay = over(r.topRow-r.u[i], r.dist[p.Rows])
	}
	for k := from; k < to; k++ {
		j := int32(k - from)
		if p.Start != nil {
			j = p.Col[k]
		}
		switch {
		case p.Forbidden != nil && p.Forbidden[k]:
			out[k-from] = Unlimited
		case k != int(r.inPair[i]):
			out[k-from] = over(r.reduced(int32(i), j, k), r.onward(j))
			stay = min(stay, out[k-from])
		}
	}
	if k := r.inPair[i]; k >= 0 {
		out[int(k)-from] = stay
	}
	return out
}

// over returns a way's length with a step before it, Unlimited if there is no way.
func over(step, way int64) int64 {
	if way == Unlimited {
		return Unlimited
	}
	return step + way
}

// reduced returns what the duals leave of the cost at place k.
func (r *Ranges[T]) reduced(i, j int32, k int) int64 {
	return r.sign*int64(r.p.Cost[k]) - r.u[i] - r.v[j]
}

// onward returns the distance from column j, which somebody has just taken.
func (r *Ranges[T]) onward(j int32) int64 {
	if i := r.rowOf[j]; i >= 0 {
		return r.dist[i]
	}
	return over(r.v[j]-r.topCol, r.dist[r.p.Rows+1])
}

// search finds the distance of every row to row i0: the least that it costs if the row loses its column and i0 need not be where it is.
// The nodes behind the rows stand for being alone, and for being left.
func (r *Ranges[T]) search(i0 int32) {
	aloneNode, leftNode := int32(r.p.Rows), int32(r.p.Rows)+1
	for x := range r.dist {
		r.dist[x] = Unlimited
	}
	relax := func(x int32, d int64) {
		if d < r.dist[x] {
			r.dist[x] = d
			r.queue.Push(frontier.Reach{Distance: d, Node: x})
		}
	}
	takers := func(j int32, d int64) { // every row that could take column j, at distance d
		for at := r.start[j]; at < r.start[j+1]; at++ {
			if i, k := r.row[at], r.place[at]; k != r.inPair[i] {
				relax(i, d+r.reduced(i, j, int(k)))
			}
		}
	}
	r.queue = r.queue[:0]
	for relax(i0, 0); len(r.queue) > 0; {
		x := r.queue.Pop()
		d := x.Distance
		switch {
		case d > r.dist[x.Node]:
		case x.Node == aloneNode:
			for i, k := range r.inPair {
				if k >= 0 {
					relax(int32(i), d+r.topRow-r.u[i])
				}
			}
		case x.Node == leftNode:
			for _, j := range r.left {
				takers(j, d+r.v[j]-r.topCol)
			}
		case r.inPair[x.Node] < 0:
			relax(aloneNode, d+r.u[x.Node]-r.topRow)
		default:
			j := r.s.Col[x.Node]
			takers(j, d)
			relax(leftNode, d+r.topCol-r.v[j])
		}
	}
}
