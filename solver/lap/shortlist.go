package lap

import "math/bits"

// shortlist finds the entries of a row that are least after reduction.
type shortlist struct {
	mins  []int32  // of each block of the row
	masks []uint32 // entries up to the bar
	gap   int32    // how far the bar of the row before lay above its least; -1 when there is none
	cols  []int32
	least []int32 // the k least of a list, in order
}

func newShortlist(m int) *shortlist {
	return &shortlist{mins: make([]int32, blocks(m)), masks: make([]uint32, blocks(m)), gap: -1}
}

// forget makes what follows independent of the rows before.
func (s *shortlist) forget() { s.gap = -1 }

// find returns from k to 2k columns with the least row − v, those up to limit only, and a bar: every entry below it is among them.
// Of equal entries those from the i-th block on, and round, come first. Rows are alike, so that the bar is first sought as far
// above the least entry as that of the row before was.
func (s *shortlist) find(row, v []int32, k int, limit int32, i int) (cols []int32, bar int32) {
	floor(s.mins, row, v)
	least := s.mins[0]
	for _, x := range s.mins {
		least = min(least, x)
	}
	bar, start := limit, i%len(s.mins)
	if s.gap >= 0 && int64(least)+int64(s.gap) < int64(limit) {
		bar = least + s.gap
		switch found := under(s.masks, row, v, bar); {
		case found >= k && found <= 2*k:
			return s.list(start), bar + 1
		case found > 2*k && s.gap == 0: // ties: any of them
			return s.list(start)[:2*k], bar
		}
		bar = limit
	}
	if len(s.mins) > k { // k blocks have entries up to the k-th least of their minima
		bar = min(limit, s.kth(s.mins, k))
	}
	found := under(s.masks, row, v, bar)
	cols = s.list(start)
	if found <= 2*k {
		s.gap = bar - least
		return cols, max(bar, bar+1) // all up to bar; where bar is the largest number, all there are
	}
	values := make([]int32, len(cols))
	for i, j := range cols {
		values[i] = row[j] - v[j]
	}
	bar = s.kth(values, k)
	s.gap = bar - least
	keep, room := cols[:0], k
	for i, j := range cols {
		if values[i] < bar || values[i] == bar && room > 0 {
			if values[i] == bar {
				room--
			}
			keep = append(keep, j)
		}
	}
	return keep, bar
}

// list returns the columns in the masks, from block start on and round.
func (s *shortlist) list(start int) []int32 {
	s.cols = appendPlaces(appendPlaces(s.cols[:0], s.masks, start, len(s.masks)), s.masks, 0, start)
	return s.cols
}

// appendPlaces appends the places of the bits in masks from block lo to hi, in order.
func appendPlaces(list []int32, masks []uint32, lo, hi int) []int32 {
	for b := lo; b < hi; b++ {
		for mask := masks[b]; mask != 0; mask &= mask - 1 {
			list = append(list, int32(b*block+bits.TrailingZeros32(mask)))
		}
	}
	return list
}

// kth returns the k-th least of values, of which there are at least k.
func (s *shortlist) kth(values []int32, k int) int32 {
	l := s.least[:0]
	for _, x := range values {
		if len(l) == k {
			if x >= l[k-1] {
				continue
			}
			l = l[:k-1]
		}
		i := len(l)
		l = append(l, x)
		for ; i > 0 && l[i-1] > x; i-- {
			l[i] = l[i-1]
		}
		l[i] = x
	}
	s.least = l
	return l[k-1]
}
