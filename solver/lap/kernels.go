package lap

// The inner loops over rows of a dense matrix. Every slice of one call has the same length but where it is said; all numbers
// are so small that sums and differences stay within 32 bits. Each has a twin in assembly where that is at least 1.2 times as
// fast; both give the same numbers.

// block is how many entries share one minimum, or one mask with a bit for each.
const block = 32

// blocks returns how many blocks n entries make.
func blocks(n int) int { return (n + block - 1) / block }

// lowerPortable brings each entry of low down to that of row where that is less, and returns the larger of hi and the largest of row.
func lowerPortable(low, row []int32, hi int32) int32 {
	row = row[:len(low)]
	for j, c := range row {
		low[j] = min(low[j], c)
		hi = max(hi, c)
	}
	return hi
}

// leastPortable returns the least row − v, the largest int32 for an empty row.
func leastPortable(row, v []int32) int32 {
	least := int32(1<<31 - 1)
	v = v[:len(row)]
	for j, c := range row {
		least = min(least, c-v[j])
	}
	return least
}

// floorPortable sets mins to the minimum of each block of row − v; the last block may be short.
func floorPortable(mins, row, v []int32) {
	for b := range mins {
		lo, hi := b*block, min((b+1)*block, len(row))
		mins[b] = leastPortable(row[lo:hi], v[lo:hi])
	}
}

// underPortable sets the bit of every entry whose row − v is at most bar in the mask of its block, and returns how many there are.
func underPortable(masks []uint32, row, v []int32, bar int32) int {
	count := 0
	for b := range masks {
		lo, hi := b*block, min((b+1)*block, len(row))
		mask := uint32(0)
		for j, c := range row[lo:hi] {
			if c-v[lo+j] <= bar {
				mask |= 1 << j
				count++
			}
		}
		masks[b] = mask
	}
	return count
}

// gone marks a settled column in the distances of scan: below every distance, so that it is never improved, and as an
// unsigned number above every distance, so that it is never the least.
const gone = -1 << 31

// scanPortable improves dist, and from to i where it does, by row − v + h, and returns the least distance of a column that is not
// gone; gone's unsigned value if all are. No row − v + h and no distance but gone is negative.
func scanPortable(dist, from, row, v []int32, h, i int32) uint32 {
	least := uint32(1 << 31)
	dist, from, v = dist[:len(row)], from[:len(row)], v[:len(row)]
	for j, c := range row {
		d := c - v[j] + h
		if d < dist[j] {
			dist[j], from[j] = d, i
		}
		least = min(least, uint32(dist[j]))
	}
	return least
}

// equalPortable sets the bit of every entry that is x in the mask of its block.
func equalPortable(masks []uint32, dist []int32, x int32) {
	for b := range masks {
		mask := uint32(0)
		for j, d := range dist[b*block : min((b+1)*block, len(dist))] {
			if d == x {
				mask |= 1 << j
			}
		}
		masks[b] = mask
	}
}
