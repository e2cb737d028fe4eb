package sideflow

import (
	"cmp"
	"math/bits"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/internal/wide"
	"github.com/courtyard-care/courtyard/solver/mcf"
)

// The relaxation of the rows. Each row gets a price for what it takes up, the multiplier; the flow that is cheapest with
// those prices added to the costs is a lower bound when what may be taken up is paid back (Fisher 1981, "The Lagrangian
// relaxation method for solving integer programming problems"). Differs: there is no step length for all rows together,
// since costs that stand for classes of priority differ by factors of a million or more. Each row has its own step, which
// doubles as long as the row stays on one side of its bound and is halved when it changes sides (Riedmiller and Braun
// 1993, "RPROP"): for a row alone this is a search for the kink of a concave function, by doubling and bisection.

const (
	stallRounds  = 12 // rounds without a better bound that end it
	nodeRounds   = 3  // most rounds at a node below
	growth       = 2
	headroomBits = 4 // of the objective, for what multipliers add
)

// relaxed is the flow of least penalised cost.
type relaxed struct {
	infeasible bool
	cut        []bool // that proves it
	flow       []int64
	potential  []int64
	basis      *mcf.Basis
	bound      int64 // false in hasBound when it does not fit
	hasBound   bool
}

// setShift chooses the scale of multipliers from the numbers of the plain flow, so that penalised costs and objectives fit.
func (r *run) setShift(plain *mcf.Solution) {
	largest := make([]uint64, len(r.p.Flow.Supply))
	for a, c := range r.p.Flow.Cost {
		t, h := r.p.Flow.Tail[a], r.p.Flow.Head[a]
		largest[t] = max(largest[t], magnitude(c))
		largest[h] = max(largest[h], magnitude(c))
	}
	sum := uint64(1)
	for _, c := range largest {
		sum += c // below 2^61, or the plain flow would have been refused
	}
	costs := 58 - bits.Len64(sum)
	objective := 62 - headroomBits - bits.Len64(magnitude(plain.Objective))
	r.shift = uint8(max(0, min(maxShift, costs, objective)))
	r.setMaxPrice()
}

// setMaxPrice bounds the multipliers so that what all rows add to the costs stays below 2^58, summed over the largest at each
// node.
func (r *run) setMaxPrice() {
	most := int32(1)
	for a := range r.m {
		most = max(most, r.rows.start[a+1]-r.rows.start[a])
	}
	penalty := (1 << 58) / (int64(len(r.p.Flow.Supply)+1) * int64(most))
	r.maxPrice = make([]int64, len(r.p.Rows))
	for i, row := range r.p.Rows {
		largest := int64(1)
		for _, c := range row.Coef {
			largest = max(largest, c)
		}
		r.maxPrice[i] = penalty / largest
	}
}

// magnitude returns |x|.
func magnitude(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

// penalise sets the costs of r.net to those under the multipliers. It takes O(m) time.
func (r *run) penalise(multipliers []int64) {
	copy(r.multipliers, multipliers)
	for a, c := range r.p.Flow.Cost {
		c <<= r.shift
		for _, e := range r.rows.of(int32(a)) {
			c += e.coef * multipliers[e.row]
		}
		r.net.Cost[a] = c
	}
}

// relax solves the flow under the multipliers, within the bounds of r.net. Multipliers that make costs too large to compute
// with are halved, in place, until they do not. It returns nil when a limit ended the solve.
func (r *run) relax(multipliers []int64, start *mcf.Basis) (*relaxed, error) {
	for {
		r.penalise(multipliers)
		s, err := r.flow(start)
		if err != nil {
			none := true
			for i := range multipliers {
				multipliers[i] /= 2
				none = none && multipliers[i] == 0
			}
			if none {
				return nil, prefixed("/flow", err)
			}
			continue
		}
		if s == nil {
			return nil, nil
		}
		if s.Status != solver.Optimal {
			return &relaxed{infeasible: true, cut: s.Cut}, nil
		}
		var sum wide.Sum
		sum.AddProduct(s.Objective, 1)
		for i, l := range multipliers {
			sum.AddProduct(-l, r.p.Rows[i].Most)
		}
		x := &relaxed{flow: s.Flow, potential: s.Potential, basis: s.Basis}
		x.bound, x.hasBound = sum.Ceil(r.shift).Int64()
		return x, nil
	}
}

// prices is a search over the multipliers of the rows.
type prices struct {
	r    *run
	at   []int64
	step []int64
	side []int8 // of each row in the last round: 1 broken, -1 slack with a price, 0 neither
}

func (r *run) newPrices(from []int64) *prices {
	p := &prices{
		r: r, at: slices.Clone(from),
		step: make([]int64, len(from)), side: make([]int8, len(from)),
	}
	var sizes []int64
	for i, row := range r.p.Rows {
		sizes = sizes[:0]
		for k, a := range row.Arc {
			if c := row.Coef[k]; c > 0 {
				sizes = append(sizes, min(int64(magnitude(r.p.Flow.Cost[a])), mcf.Inf>>maxShift)<<r.shift/c)
			}
		}
		p.step[i] = 1
		if len(sizes) > 0 {
			slices.Sort(sizes)
			p.step[i] = max(1, sizes[len(sizes)/2]/4)
		}
	}
	return p
}

// estimate makes the first step of every broken row what its price would have to be for arcs in use to give up what is too
// much, those first that lose least by it for what they take up.
func (p *prices) estimate(x *relaxed) {
	r := p.r
	bx := r.newBox()
	bx.findRegret(x.flow, x.potential)
	var used []int32
	for i, row := range r.p.Rows {
		ex := r.excess(i, x.flow)
		if ex.Sign() <= 0 {
			continue
		}
		used = used[:0]
		for k, a := range row.Arc {
			if row.Coef[k] > 0 && x.flow[a] > r.lower[a] {
				used = append(used, int32(k))
			}
		}
		price := func(k int32) int64 { return max(bx.regret[row.Arc[k]], 0) / row.Coef[k] }
		slices.SortFunc(used, func(x, y int32) int { return cmp.Or(cmp.Compare(price(x), price(y)), cmp.Compare(x, y)) })
		for left := ex.Near(); left > 0 && len(used) > 0; used = used[1:] {
			a, c := row.Arc[used[0]], row.Coef[used[0]]
			p.step[i] = max(p.step[i], min(price(used[0])+1, r.maxPrice[i]))
			units := x.flow[a] - r.lower[a]
			if units >= left/c+1 {
				break
			}
			left -= c * units
		}
	}
}

// move changes the multipliers by what the flow takes up; false if none changes.
func (p *prices) move(flow []int64) bool {
	moved := false
	for i := range p.at {
		ex := p.r.excess(i, flow)
		side := int8(0)
		switch {
		case ex.Sign() > 0:
			side = 1
		case ex.Sign() < 0 && p.at[i] > 0:
			side = -1
		}
		switch {
		case side == 0:
			continue
		case side == p.side[i]:
			p.step[i] = min(p.step[i]*growth, p.r.maxPrice[i])
		case p.side[i] != 0:
			p.step[i] /= 2
		}
		p.side[i] = side
		to := max(0, min(p.at[i]+int64(side)*p.step[i], p.r.maxPrice[i]))
		moved = moved || to != p.at[i]
		p.at[i] = to
	}
	return moved
}

// search raises the bound of the relaxation for some rounds, and returns the best flow and its multipliers. The first steps
// are estimated from the first flow if wanted. Visit sees every
// flow; it returns false to stop. The result is nil when a limit ended the first round.
func (p *prices) search(start *mcf.Basis, rounds int, estimate bool, visit func(*relaxed) bool) (*relaxed, []int64, error) {
	var best *relaxed
	bestAt := slices.Clone(p.at)
	stalled := 0
	for round := 0; ; round++ {
		x, err := p.r.relax(p.at, start)
		if err != nil || x == nil || x.infeasible {
			if best != nil && err == nil {
				break
			}
			return x, bestAt, err
		}
		start = x.basis
		if stalled++; best == nil || x.hasBound && (!best.hasBound || x.bound > best.bound) {
			best = x
			copy(bestAt, p.at)
			stalled = 0
		}
		if estimate && round == 0 {
			p.estimate(x)
		}
		if !visit(x) || round >= rounds || stalled > stallRounds || !p.move(x.flow) {
			break
		}
	}
	return best, bestAt, nil
}
