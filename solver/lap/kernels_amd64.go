//go:build !purego

package lap

// wideVectors says whether the processor and the system have AVX2. The functions in assembly take pointers to n numbers, n a
// positive multiple of 8, or of [block] where it is said; what is left over is done by the portable ones.
var wideVectors = hasAVX2() //nolint:gochecknoglobals // a fact of the machine, written once

//go:noescape
func hasAVX2() bool

//go:noescape
func lowerAVX2(low, row *int32, n int, hi int32) int32

//go:noescape
func leastAVX2(row, v *int32, n int) int32

// floorAVX2 takes a multiple of block.
//
//go:noescape
func floorAVX2(mins, row, v *int32, n int)

// underAVX2 takes a multiple of block.
//
//go:noescape
func underAVX2(masks *uint32, row, v *int32, n int, bar int32) int

// equalAVX2 takes a multiple of block.
//
//go:noescape
func equalAVX2(masks *uint32, dist *int32, n int, x int32)

//go:noescape
func scanAVX2(dist, from, row, v *int32, n int, h, i int32) uint32

func lower(low, row []int32, hi int32) int32 {
	n := 0
	if wideVectors {
		if n = len(low) &^ 7; n > 0 {
			_ = row[n-1]
			hi = lowerAVX2(&low[0], &row[0], n, hi)
		}
	}
	return lowerPortable(low[n:], row[n:], hi)
}

func least(row, v []int32) int32 {
	n := len(row) &^ 7
	if !wideVectors || n == 0 {
		return leastPortable(row, v)
	}
	_ = v[n-1]
	return min(leastAVX2(&row[0], &v[0], n), leastPortable(row[n:], v[n:]))
}

func floor(mins, row, v []int32) {
	n := len(row) &^ (block - 1)
	if !wideVectors || n == 0 {
		floorPortable(mins, row, v)
		return
	}
	_, _ = mins[n/block-1], v[n-1]
	floorAVX2(&mins[0], &row[0], &v[0], n)
	floorPortable(mins[n/block:], row[n:], v[n:])
}

func under(masks []uint32, row, v []int32, bar int32) int {
	n := len(row) &^ (block - 1)
	if !wideVectors || n == 0 {
		return underPortable(masks, row, v, bar)
	}
	_, _ = masks[n/block-1], v[n-1]
	return underAVX2(&masks[0], &row[0], &v[0], n, bar) + underPortable(masks[n/block:], row[n:], v[n:], bar)
}

func equal(masks []uint32, dist []int32, x int32) {
	n := len(dist) &^ (block - 1)
	if wideVectors && n > 0 {
		_ = masks[n/block-1]
		equalAVX2(&masks[0], &dist[0], n, x)
		masks, dist = masks[n/block:], dist[n:]
	}
	equalPortable(masks, dist, x)
}

func scan(dist, from, row, v []int32, h, i int32) uint32 {
	n := len(row) &^ 7
	if !wideVectors || n == 0 {
		return scanPortable(dist, from, row, v, h, i)
	}
	_, _, _ = dist[n-1], from[n-1], v[n-1]
	return min(scanAVX2(&dist[0], &from[0], &row[0], &v[0], n, h, i), scanPortable(dist[n:], from[n:], row[n:], v[n:], h, i))
}
