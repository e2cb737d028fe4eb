package lap

// The inner loops over rows of a dense matrix. Every slice of one call has the same length but where it is said; all numbers
// are so small that sums and differences stay within 32 bits. Each has a twin in assembly where that is at least 1.2 times as
// fast; both give the same numbers.

// block is how many entries share one minimum in reduce.
const block = 32

// lowerPortable brings each entry of low down to that of row where that is less.
func lowerPortable(low, row []int32) {
	row = row[:len(low)]
	for j, c := range row {
		low[j] = min(low[j], c)
	}
}

// spanPortable returns the least and the largest number of a row that is not empty.
func spanPortable(row []int32) (lo, hi int32) {
	lo, hi = row[0], row[0]
	for _, c := range row {
		lo, hi = min(lo, c), max(hi, c)
	}
	return lo, hi
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

// reducePortable sets out to row − v and mins to the minimum of each block of it; the last block may be short.
func reducePortable(out, mins, row, v []int32) {
	v, out = v[:len(row)], out[:len(row)]
	for b := range mins {
		lo, hi := b*block, min((b+1)*block, len(row))
		least := int32(1<<31 - 1)
		r, w, o := row[lo:hi], v[lo:hi], out[lo:hi]
		for j, c := range r {
			x := c - w[j]
			o[j] = x
			least = min(least, x)
		}
		mins[b] = least
	}
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

// atPortable appends to list the places of x in dist, in order.
func atPortable(list, dist []int32, x int32) []int32 {
	for j, d := range dist {
		if d == x {
			list = append(list, int32(j))
		}
	}
	return list
}
