//go:build !purego

package lap

// wideVectors says whether the processor and the system have AVX2. The functions in assembly take pointers to n numbers, n a
// positive multiple of 8, or of [block] where it is said; what is left over is done by the portable ones.
var wideVectors = hasAVX2() //nolint:gochecknoglobals // a fact of the machine, written once

//go:noescape
func hasAVX2() bool

//go:noescape
func lowerAVX2(low, row *int32, n int)

//go:noescape
func leastAVX2(row, v *int32, n int) int32

// reduceAVX2 takes a multiple of block.
//
//go:noescape
func reduceAVX2(out, mins, row, v *int32, n int)

//go:noescape
func spanAVX2(row *int32, n int) (lo, hi int32)

//go:noescape
func scanAVX2(dist, from, row, v *int32, n int, h, i int32) uint32

func lower(low, row []int32) {
	n := 0
	if wideVectors {
		if n = len(low) &^ 7; n > 0 {
			_ = row[n-1]
			lowerAVX2(&low[0], &row[0], n)
		}
	}
	lowerPortable(low[n:], row[n:])
}

func least(row, v []int32) int32 {
	n := len(row) &^ 7
	if !wideVectors || n == 0 {
		return leastPortable(row, v)
	}
	_ = v[n-1]
	return min(leastAVX2(&row[0], &v[0], n), leastPortable(row[n:], v[n:]))
}

func reduce(out, mins, row, v []int32) {
	n := len(row) &^ (block - 1)
	if !wideVectors || n == 0 {
		reducePortable(out, mins, row, v)
		return
	}
	_, _, _ = out[n-1], mins[n/block-1], v[n-1]
	reduceAVX2(&out[0], &mins[0], &row[0], &v[0], n)
	reducePortable(out[n:], mins[n/block:], row[n:], v[n:])
}

func scan(dist, from, row, v []int32, h, i int32) uint32 {
	n := len(row) &^ 7
	if !wideVectors || n == 0 {
		return scanPortable(dist, from, row, v, h, i)
	}
	_, _, _ = dist[n-1], from[n-1], v[n-1]
	return min(scanAVX2(&dist[0], &from[0], &row[0], &v[0], n, h, i), scanPortable(dist[n:], from[n:], row[n:], v[n:], h, i))
}

func places(list, dist []int32, x int32) []int32 { return atPortable(list, dist, x) }

func span(row []int32) (lo, hi int32) {
	n := len(row) &^ 7
	if !wideVectors || n == 0 {
		return spanPortable(row)
	}
	lo, hi = spanAVX2(&row[0], n)
	if n < len(row) {
		low, high := spanPortable(row[n:])
		lo, hi = min(lo, low), max(hi, high)
	}
	return lo, hi
}
