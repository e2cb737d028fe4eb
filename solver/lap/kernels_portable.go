//go:build !amd64 || purego

package lap

func lower(low, row []int32, hi int32) int32              { return lowerPortable(low, row, hi) }
func least(row, v []int32) int32                          { return leastPortable(row, v) }
func floor(mins, row, v []int32)                          { floorPortable(mins, row, v) }
func under(masks []uint32, row, v []int32, bar int32) int { return underPortable(masks, row, v, bar) }
func equal(masks []uint32, dist []int32, x int32)         { equalPortable(masks, dist, x) }
func scan(dist, from, row, v []int32, h, i int32) uint32 {
	return scanPortable(dist, from, row, v, h, i)
}
