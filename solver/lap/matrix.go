package lap

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// matrix is a complete dense matrix of costs, at most as many rows as columns, every cost within ±maxDense.
type matrix struct {
	n, m int
	cost []int32 // of row i and column j at i*m + j
	low  []int32 // least cost of each column; nil if it is not known
}

// maxDense bounds the costs of a matrix. Since every row may take every column, duals stay within twice the range of the
// costs and distances within twice that, so that 32 bits hold every number of the search.
const (
	maxDense  = 1 << 27
	denseBits = 27
)

func (d *matrix) row(i int32) []int32 { return d.cost[int(i)*d.m : (int(i)+1)*d.m] }

// startDuals returns duals of columns to begin with: their least cost where every column will be used, else 0. The slice is the
// matrix's own.
func (d *matrix) startDuals() []int32 {
	if d.n != d.m {
		return make([]int32, d.m)
	}
	if d.low == nil {
		d.low, _, _ = extremes(d.cost, d.n, d.m)
	}
	return d.low
}

// extremes returns the least cost of each column of a matrix that is not empty, the least and the largest of all.
func extremes(cost []int32, n, m int) (low []int32, lo, hi int32) {
	type extreme struct {
		low []int32
		hi  int32
	}
	found := make([]extreme, runtime.GOMAXPROCS(0))
	spread(context.Background(), n, max(1, lookEvery/m), func(w, from, to int) {
		e := &found[w]
		if e.low == nil {
			e.low, e.hi = slices.Clone(cost[from*m:(from+1)*m]), math.MinInt32
		}
		for i := from; i < to; i++ {
			e.hi = lower(e.low, cost[i*m:(i+1)*m], e.hi)
		}
	})
	hi = math.MinInt32
	for _, e := range found {
		switch {
		case e.low == nil:
			continue
		case low == nil:
			low = e.low
		default:
			lower(low, e.low, 0)
		}
		hi = max(hi, e.hi)
	}
	return low, slices.Min(low), hi
}

// spread calls f for n rows, so many at a time, on every core, until ctx is done; a worker does not run beside itself.
func spread(ctx context.Context, n, each int, f func(worker, lo, hi int)) {
	workers := min(runtime.GOMAXPROCS(0), (n+each-1)/each)
	var next atomic.Int64
	work := func(w int) {
		for ctx.Err() == nil {
			hi := int(next.Add(int64(each)))
			if lo := hi - each; lo < n {
				f(w, lo, min(hi, n))
				continue
			}
			return
		}
	}
	var all sync.WaitGroup
	for w := 1; w < workers; w++ {
		all.Go(func() { work(w) })
	}
	work(0)
	all.Wait()
}

// complete gives the rows without a column the cheapest that is left, one after the other.
func (d *matrix) complete(colOf []int32) {
	used := make([]bool, d.m)
	for _, j := range colOf {
		if j >= 0 {
			used[j] = true
		}
	}
	left := make([]int32, 0, d.m)
	for j, u := range used {
		if !u {
			left = append(left, int32(j))
		}
	}
	for i, j := range colOf {
		if j >= 0 {
			continue
		}
		row, at := d.row(int32(i)), 0
		for k, j := range left {
			if row[j] < row[left[at]] {
				at = k
			}
		}
		colOf[i] = left[at]
		left[at] = left[len(left)-1]
		left = left[:len(left)-1]
	}
}
