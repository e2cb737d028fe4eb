package gap

// overlaps holds, for the columns of one agent, how many pairs each two of them share. Columns have slots in it.
type overlaps struct {
	size int // slots there are
	free []int32
	at   []uint16
}

// row returns the overlaps of the column in a slot with all others, by their slots.
func (o *overlaps) row(slot int32) []uint16 { return o.at[int(slot)*o.size : (int(slot)+1)*o.size] }

// claim returns a free slot.
func (o *overlaps) claim() int32 {
	if len(o.free) == 0 {
		old := *o
		o.size = max(16, 2*old.size)
		o.at = make([]uint16, o.size*o.size)
		for s := range old.size {
			copy(o.row(int32(s)), old.row(int32(s)))
		}
		for s := o.size - 1; s >= old.size; s-- {
			o.free = append(o.free, int32(s))
		}
	}
	slot := o.free[len(o.free)-1]
	o.free = o.free[:len(o.free)-1]
	return slot
}

func (o *overlaps) release(slot int32) { o.free = append(o.free, slot) }

// keep adds a column to those of agent i, and counts its overlaps.
func (b *bundle) keep(i int, col *column) {
	o := &b.shared[i]
	col.slot = o.claim()
	b.columns[i] = append(b.columns[i], col)
	for _, other := range b.columns[i] {
		n := common(col.pairs, other.pairs)
		o.at[int(col.slot)*o.size+int(other.slot)], o.at[int(other.slot)*o.size+int(col.slot)] = n, n
		b.ticks += int64(len(other.pairs))
	}
}

// forget releases the slots of columns that are dropped, and clears the list.
func (b *bundle) forget(i int, cols []*column) {
	for _, col := range cols {
		b.shared[i].release(col.slot)
	}
	clear(cols)
}

// common returns how many pairs are in both of two ascending lists, modulo 2^16: differences of overlaps of fewer pairs than
// that come out right, and longer columns are beyond what the method can do.
func common(a, b []int32) uint16 {
	n, at := uint16(0), 0
	for _, p := range a {
		for at < len(b) && b[at] < p {
			at++
		}
		if at == len(b) {
			break
		}
		if b[at] == p {
			n++
		}
	}
	return n
}
