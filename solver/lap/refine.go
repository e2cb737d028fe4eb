package lap

import "math/big"

// A problem whose costs have too many bits is solved in steps, as scaling does (Gabow 1985): first with the leading bits, then with the
// bits that follow, on the reduced costs that the duals leave, and so on until none is left. Costs without their last bits are less than 1
// too low each, so that a pair whose reduced cost is above the number of pairs is in no optimum: few pairs are looked at twice.
// Whole numbers of any length are exact here: nothing is rounded, nothing loops.

// survivor is a pair that may still be in an optimum.
type survivor struct {
	i, j int32
	cost *big.Int
}

// refinement holds the duals reached so far, in whole units.
type refinement struct {
	*meter
	*layout
	u, v  []*big.Int // v goes on with a column for each row, which stands for the row's being alone
	alone *big.Int   // cost of a row without a column
	pairs []survivor
	colOf []int32
}

// refine goes on from an answer to the costs divided by 2^shift, in which a row without a column costs alone.
func refine(m *meter, l *layout, c costs, a *answer, shift uint, alone int64) *answer {
	kept := &answer{colOf: a.colOf, bigU: shifted(a.u, shift), bigV: shifted(a.v, shift)}
	if !a.done {
		return kept
	}
	// At least n + m + 2, since every pair and every free column may cost 1 more; some more to a row, lest duals run where pairs are missing.
	for within := max(int64(l.n+l.m+2), 2<<denseBits/int64(l.n)); ; within *= 8 {
		r := &refinement{
			meter: m, layout: l, u: shifted(a.u, shift), v: shifted(append(a.v[:l.m:l.m], make([]int64, l.n)...), shift), colOf: append([]int32(nil), a.colOf...),
			alone: new(big.Int).Lsh(big.NewInt(alone), shift),
		}
		l.pairs(func(i, j int32, k int) {
			if int64(c.coarse(k, shift))-a.u[i]-a.v[j] <= within {
				r.pairs = append(r.pairs, survivor{i, j, c.exact(k)})
			}
		})
		for left := shift; left > 0; {
			left = r.step(left)
			if m.halted() {
				return kept
			}
		}
		if r.holds(c, shift, a, within) {
			return &answer{colOf: r.colOf, bigU: r.u, bigV: r.v[:l.m], done: true}
		}
	}
}

// shifted returns x·2^shift.
func shifted(x []int64, shift uint) []*big.Int {
	out := make([]*big.Int, len(x))
	for i, y := range x {
		out[i] = big.NewInt(y)
		out[i].Lsh(out[i], shift)
	}
	return out
}

// holds reports whether the duals hold for the pairs that were left out, too. Where they do not, more must survive.
func (r *refinement) holds(c costs, shift uint, a *answer, within int64) bool {
	up := func(x []*big.Int) []int64 { // rounded up to coarse units
		out := make([]int64, len(x))
		for i, y := range x {
			z := new(big.Int).Neg(y)
			out[i] = -z.Rsh(z, shift).Int64()
		}
		return out
	}
	u, v, ok := up(r.u), up(r.v), true
	r.layout.pairs(func(i, j int32, k int) {
		if q := int64(c.coarse(k, shift)); q-a.u[i]-a.v[j] > within && q < u[i]+v[j] {
			ok = false
		}
	})
	return ok
}

// step solves the survivors on as many further bits as fit, and returns how many are left.
func (r *refinement) step(left uint) uint {
	// What the last bits can add up to in the optimum stays below so many units, and sums of n + m numbers of up to room bits
	// below 2^60. Larger numbers are lowered to room bits: no optimum uses such a pair, and duals that hold for less hold for it.
	n, limit := r.n, bitLen(r.n+r.m+2)
	room := 58 - limit
	shift := uint(max(0, int(left)-(room-limit)))
	cut := func(x *big.Int) int64 {
		if x.BitLen() > room+int(shift) {
			return 1 << room
		}
		return new(big.Int).Rsh(x, shift).Int64()
	}
	reduced := make([]int64, len(r.pairs))
	for k, p := range r.pairs {
		d := new(big.Int).Sub(p.cost, r.u[p.i])
		reduced[k] = cut(d.Sub(d, r.v[p.j]))
	}
	rows := make([][]arc[int64], n)
	for i := range rows {
		rest := new(big.Int).Sub(r.alone, r.u[i])
		rows[i] = append(rows[i], arc[int64]{int32(r.m + i), cut(rest.Sub(rest, r.v[r.m+i]))})
	}
	for k, p := range r.pairs {
		rows[p.i] = append(rows[p.i], arc[int64]{p.j, reduced[k]})
	}
	e := newNetwork(r.meter, rows, r.m+n, 1<<60)
	e.top = make([]int64, r.m+n)
	for j := range r.v {
		e.top[j] = cut(new(big.Int).Neg(r.v[j]))
	}
	for i, j := range r.colOf {
		if j < 0 {
			e.pair(int32(i), rows[i][0])
			continue
		}
		for _, a := range rows[i] {
			if a.col == j {
				e.pair(int32(i), a)
				break
			}
		}
	}
	e.release()
	e.match()
	if e.halted() {
		return left
	}
	add := func(to *big.Int, x int64) {
		y := big.NewInt(x)
		to.Add(to, y.Lsh(y, shift))
	}
	for i := range n {
		add(r.u[i], e.rowDual(int32(i)))
		if j := e.colOf[i]; int(j) < r.m {
			r.colOf[i] = j
		} else {
			r.colOf[i] = single
		}
	}
	for j := range r.v {
		add(r.v[j], e.v[j])
	}
	return shift
}
