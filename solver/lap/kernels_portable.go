//go:build !amd64 || purego

package lap

func lower(low, row []int32)                     { lowerPortable(low, row) }
func least(row, v []int32) int32                 { return leastPortable(row, v) }
func reduce(out, mins, row, v []int32)           { reducePortable(out, mins, row, v) }
func places(list, dist []int32, x int32) []int32 { return atPortable(list, dist, x) }
func span(row []int32) (lo, hi int32)            { return spanPortable(row) }
func scan(dist, from, row, v []int32, h, i int32) uint32 {
	return scanPortable(dist, from, row, v, h, i)
}
