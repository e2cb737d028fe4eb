package frontier

import "math/bits"

// Radix is a queue for searches whose distances never fall: what is pushed is at least as far as what was popped last, which
// is 0 at first. The zero value is empty. The order among equal distances follows from that of the pushes.
//
// Ahuja, Mehlhorn, Orlin and Tarjan (1990): a reach lies in the bucket of the highest bit in which its distance differs from
// the last one popped, and moves to lower buckets only.
type Radix struct {
	last    int64
	held    int
	full    uint64 // bit b: buckets[b] is not empty
	buckets [64][]Reach
}

// Len returns how many reaches it holds.
func (q *Radix) Len() int { return q.held }

// Clear empties the queue and keeps its memory.
func (q *Radix) Clear() {
	for ; q.full != 0; q.full &= q.full - 1 {
		b := bits.TrailingZeros64(q.full)
		q.buckets[b] = q.buckets[b][:0]
	}
	q.last, q.held = 0, 0
}

// Push adds r, which is at least as far as what was popped last. O(1).
func (q *Radix) Push(r Reach) {
	b := bits.Len64(uint64(r.Distance^q.last)) & 63
	q.buckets[b] = append(q.buckets[b], r)
	q.full |= 1 << b
	q.held++
}

// Nearest returns the least distance in a queue that is not empty. What is pushed from then on is at least as far.
func (q *Radix) Nearest() int64 {
	if q.full&1 == 0 {
		q.spread()
	}
	return q.last
}

// Pop removes and returns a nearest reach of a queue that is not empty. O(log of the range of distances), amortised.
func (q *Radix) Pop() Reach {
	if q.full&1 == 0 {
		q.spread()
	}
	first := q.buckets[0]
	r := first[len(first)-1]
	if q.buckets[0] = first[:len(first)-1]; len(first) == 1 {
		q.full &^= 1
	}
	q.held--
	return r
}

// spread moves the nearest bucket to those below it.
func (q *Radix) spread() {
	b := bits.TrailingZeros64(q.full)
	from := q.buckets[b]
	least := from[0].Distance
	for _, r := range from[1:] {
		least = min(least, r.Distance)
	}
	q.last = least
	q.full &^= 1 << b
	for _, r := range from {
		to := bits.Len64(uint64(r.Distance^least)) & 63
		q.buckets[to] = append(q.buckets[to], r)
		q.full |= 1 << to
	}
	q.buckets[b] = from[:0]
}
