package match

import (
	"cmp"
	"slices"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/mcf"
	"github.com/courtyard-care/courtyard/solver/sideflow"
)

// guarded reports whether a column can only be used when a gate is open. The root prices a gate and its columns together, so that
// it cannot tell what one more of them would be worth: all of them are there from the start.
func (w *web) guarded(k int32) bool {
	c := &w.cols[k]
	return w.rows[c.row].whole || w.gateOf[w.m.entries[c.entry].resource] >= 0
}

// first chooses the columns that the engine begins with: the cheapest of each row, those behind gates and of pairings, and a few
// drawn by position so that crowded quarters are not cut off.
func (s *search) first(allowed []int32) []int32 {
	w := s.w
	var chosen, row []int32
	begin := webColumns
	if s.opts.few > 0 {
		begin = 1
	}
	for from := 0; from < len(allowed); {
		to := from
		for to < len(allowed) && w.cols[allowed[to]].row == w.cols[allowed[from]].row {
			to++
		}
		row = append(row[:0], allowed[from:to]...)
		w.byRow(row)
		keep := row[:min(len(row), begin)]
		for k := begin; k < len(row); k++ {
			if w.guarded(row[k]) || w.cols[row[k]].state != 0 || s.opts.few == 0 && k*draws/len(row) != (k-1)*draws/len(row) {
				keep = append(keep, row[k])
			}
		}
		slices.Sort(keep)
		chosen = append(chosen, keep...)
		from = to
	}
	return chosen
}

const (
	polished = 5_000   // columns from which a plan is finished by hand
	begun    = 200_000 // columns from which it is begun by hand: with fewer the engine's own first plans are better
)

// plain is the flow of a web without what stands beside it.
type plain struct {
	columns []int32        // those that matter to it
	units   []int64        // by column; nil if the search was cut
	value   value          // of the flow: in the order of the tiers no plan leaves fewer unmet
	root    *sideflow.Root // its prices and basis
}

// plainColumns finds the columns that matter to the plain flow: the first ones, or all, and while its prices make others
// bargains, those (column generation, as in Solve).
func (s *search) plainColumns(allowed []int32, all bool, sc *scale) (*plain, error) {
	w := s.w
	out := &plain{columns: allowed}
	if !all {
		out.columns = s.first(allowed)
	}
	var basis *mcf.Basis
	for {
		s.rounds++
		p := w.flowProblem(out.columns, sc.weigh, sc.weighColumn)
		answer, err := mcf.Solve(s.ctx, &p, mcf.Options{Start: basis})
		if err != nil || answer.Status != solver.Optimal {
			return out, err
		}
		s.work += answer.Work
		s.report("price", -1)
		root := &sideflow.Root{Potential: answer.Potential, Basis: answer.Basis}
		added, _ := s.bargains(allowed, out.columns, nil, root, sc)
		if len(added) == 0 {
			out.root, out.units = root, make([]int64, len(w.cols))
			for k, c := range out.columns {
				out.units[c] = answer.Flow[len(w.arcs)+k]
			}
			out.value = w.valueOf(answer.Flow[:len(w.arcs)], out.units)
			return out, nil
		}
		out.columns = append(slices.Clip(out.columns), added...)
		basis = answer.Basis
	}
}

// bargains returns, for each row, its best columns outside of a problem whose reduced cost at the root is negative, and by how
// much all of them can lower the root bound: a row sends no more than its units.
func (s *search) bargains(allowed, chosen []int32, problem *sideflow.Problem, root *sideflow.Root, sc *scale) (added []int32, below int64) {
	w := s.w
	if root == nil {
		return nil, 0
	}
	inside := make([]bool, len(w.cols))
	for _, k := range chosen {
		inside[k] = true
	}
	paid := s.paid(problem, root)
	type bargain struct {
		reduced int64
		col     int32
	}
	var list []bargain
	for from := 0; from < len(allowed); {
		r := w.cols[allowed[from]].row
		list = list[:0]
		most := int64(0)
		to := from
		for ; to < len(allowed) && w.cols[allowed[to]].row == r; to++ {
			k := allowed[to]
			if inside[k] {
				continue
			}
			c := &w.cols[k]
			reduced := sc.weighColumn(c)<<root.Shift + root.Potential[w.rows[c.row].node] - root.Potential[c.head]
			if paid != nil {
				reduced += paid[k]
			}
			if reduced < 0 {
				list = append(list, bargain{reduced, k})
				most = max(most, c.upper)
			}
		}
		from = to
		if len(list) == 0 {
			continue
		}
		slices.SortFunc(list, func(a, b bargain) int {
			return cmp.Or(cmp.Compare(a.reduced, b.reduced), cmp.Compare(a.col, b.col))
		})
		below += most * -(list[0].reduced >> root.Shift) // rounded away from zero
		for _, x := range list[:min(len(list), webRound)] {
			added = append(added, x.col)
		}
	}
	return added, below
}

// paid returns what the limits of a problem charge for each column at the root; nil for nothing.
func (s *search) paid(problem *sideflow.Problem, root *sideflow.Root) []int64 {
	if problem == nil {
		return nil
	}
	w := s.w
	paid := make([]int64, len(w.cols))
	first := w.arcCount()
	for k := range w.limits {
		for x, a := range w.limits[k].Arc {
			if a >= first && root.Row[k] != 0 {
				paid[a-first] += root.Row[k] * w.limits[k].Coef[x]
			}
		}
	}
	return paid
}
