// Package lap solves the linear assignment problem: rows get columns, one each at most, as many pairs as possible first and
// then at least (or most) cost. The matrix may be dense or sparse, rectangular, and forbid pairs; costs are whole numbers
// ([Solve]) or reals ([SolveReal]); either way the answer is exact, and its duals let [Check] prove it.
package lap

import (
	"math"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// Integer is a whole cost.
type Integer interface{ int32 | int64 }

// Number is a cost of any kind.
type Number interface{ int32 | int64 | float64 }

// Problem is a matrix of costs, in one of two forms. Solve reads it and never modifies it, so one Problem may serve several
// calls at once.
//
//   - Dense: Start and Col are nil, and Cost[i*Cols+j] is the cost of row i with column j.
//   - Sparse: only listed pairs are allowed. Those of row i are the entries Start[i] to Start[i+1]-1 of Col and Cost, in any
//     order. Of a pair that stands twice the better counts.
type Problem[T Number] struct {
	Rows, Cols int
	Cost       []T     // finite
	Forbidden  []bool  // dense form: pairs never used, laid out as Cost; nil means none
	Start      []int   // sparse form: Rows+1 entries, the first 0, none below the one before
	Col        []int32 // sparse form: column of each listed pair
	Maximize   bool    // most cost instead of least; the number of pairs comes first all the same
}

// Options tune the search. The zero value is a good default.
type Options struct {
	TimeLimit  time.Duration  // 0 means only ctx limits the run
	WorkLimit  int64          // rows looked at; 0 means none
	OnProgress func(Progress) // called on the caller's goroutine now and then; nil means silent
}

// Progress is a look at a running search.
type Progress struct {
	Work int64 // rows looked at so far
}

// Solution is the answer to one problem; S is int64 for whole costs and float64 for reals. Its slices belong to the caller.
//
// The duals prove the bound. Let "tall" be the longer side (the columns when there are as many rows). When minimising, the
// duals of the row and the column of every pair add up to at most its cost, and those of the tall side are not above 0 unless
// every row and every column is in a pair. An assignment of k pairs then costs at least the sum of the tall side's duals and
// of the k smallest of the other side's. When maximising, every sign is turned.
type Solution[S int64 | float64] struct {
	Status    solver.Status // Optimal, or Feasible when the search was cut
	Stop      solver.Stop
	Col       []int32 // Col[i] is the column of row i, -1 if none
	Pairs     int     // rows that have a column
	MostPairs int     // no assignment has more pairs; equals Pairs when Status is Optimal
	Objective S       // Σ cost of the pairs; of reals the exact sum, rounded once
	Bound     S       // no assignment with the most possible pairs costs less (minimising) or more (maximising)
	RowDual   []S     // with ColDual the certificate of Bound
	ColDual   []S
	CoverRow  []bool // when MostPairs < min(Rows, Cols): every pair has its row or column in the cover, which holds MostPairs of them; else nil
	CoverCol  []bool
	Work      int64 // rows looked at
}

// maxSide bounds rows and columns: indices are 32 bits, and sums of that many costs must stay far from 64.
const maxSide = 1 << 28

// Validate reports every fault of p at once, as a *solver.Invalid whose pointers are "/cost/3", "/col/5" and so on. It takes
// time linear in the size of p; Solve looks at costs while it converts them and reports them in the same way.
func (p *Problem[T]) Validate() error {
	f := faults{}
	if !p.shape(&f) {
		return f.invalid.Err()
	}
	p.entries(&f)
	return f.invalid.Err()
}

// shape checks everything but the costs; false means that they cannot be indexed.
func (p *Problem[T]) shape(f *faults) bool {
	side := func(field string, n int) {
		if n < 0 || n > maxSide {
			f.add(field, -1, "out_of_range", "must be from 0 to "+strconv.Itoa(maxSide), strconv.Itoa(n))
		}
	}
	side("/rows", p.Rows)
	side("/cols", p.Cols)
	if f.invalid.Total > 0 {
		return false
	}
	if p.Start == nil {
		return p.denseShape(f)
	}
	return p.sparseShape(f)
}

func (p *Problem[T]) denseShape(f *faults) bool {
	size := p.Rows * p.Cols
	if len(p.Cost) != size {
		f.add("/cost", -1, "invalid", "must have one entry for each of the "+strconv.Itoa(size)+" pairs", strconv.Itoa(len(p.Cost)))
	}
	if p.Forbidden != nil && len(p.Forbidden) != size {
		f.add("/forbidden", -1, "invalid", "must have one entry for each of the "+strconv.Itoa(size)+" pairs, or be nil", strconv.Itoa(len(p.Forbidden)))
	}
	if len(p.Col) > 0 {
		f.add("/col", -1, "conflict", "columns are listed, but there is no start: the sparse form needs both", "")
	}
	return f.invalid.Total == 0
}

func (p *Problem[T]) sparseShape(f *faults) bool {
	if p.Forbidden != nil {
		f.add("/forbidden", -1, "conflict", "the sparse form lists the allowed pairs; it forbids the others by itself", "")
	}
	if len(p.Start) != p.Rows+1 {
		f.add("/start", -1, "invalid", "must have "+strconv.Itoa(p.Rows+1)+" entries, one more than rows", strconv.Itoa(len(p.Start)))
		return false
	}
	if len(p.Col) != len(p.Cost) {
		f.add("/col", -1, "invalid", "must have one entry for each of the "+strconv.Itoa(len(p.Cost))+" costs", strconv.Itoa(len(p.Col)))
	}
	if p.Start[0] != 0 {
		f.add("/start", 0, "invalid", "must be 0", strconv.Itoa(p.Start[0]))
	}
	for i := range p.Rows {
		if p.Start[i+1] < p.Start[i] {
			f.add("/start", i+1, "invalid", "must not be below the entry before", strconv.Itoa(p.Start[i+1]))
		}
	}
	if last := p.Start[p.Rows]; last != len(p.Cost) {
		f.add("/start", p.Rows, "invalid", "must be the number of pairs, "+strconv.Itoa(len(p.Cost)), strconv.Itoa(last))
	}
	for a, j := range p.Col {
		if j < 0 || int(j) >= p.Cols {
			f.add("/col", a, "out_of_range", "must be a column from 0 to "+strconv.Itoa(p.Cols-1), strconv.Itoa(int(j)))
		}
	}
	return f.invalid.Total == 0
}

// entries checks the costs: reals must be finite. A forbidden pair may hold anything.
func (p *Problem[T]) entries(f *faults) {
	costs, ok := any(p.Cost).([]float64)
	if !ok {
		return
	}
	for a, c := range costs {
		if c-c != 0 && (p.Forbidden == nil || !p.Forbidden[a]) { // NaN and infinities alone
			f.add("/cost", a, "out_of_range", "must be a finite number; mark a pair as forbidden instead", strconv.FormatFloat(c, 'g', -1, 64))
		}
	}
}

// faults collects faults; texts are made only for those that will be shown.
type faults struct{ invalid solver.Invalid }

func (f *faults) add(field string, index int, code, detail, value string) {
	if f.invalid.Total >= solver.MaxFaults {
		f.invalid.Total++
		return
	}
	if index >= 0 {
		field += "/" + strconv.Itoa(index)
	}
	f.invalid.Add(solver.Fault{Pointer: field, Code: code, Detail: detail, Value: value})
}

// infinite is beyond every distance; two of them add up within 64 bits.
const infinite = math.MaxInt64 / 2
