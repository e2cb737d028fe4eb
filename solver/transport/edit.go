package transport

import (
	"slices"
	"strconv"
)

// Arc is an arc of a row that is named beside it.
type Arc struct {
	Node int32
	Cost int64 // of one unit
}

// Add appends a row and returns its number. Of several arcs to one node the cheapest counts.
//
// The error of this method and of all the others that change the problem is a [*solver.Invalid]; then nothing has changed.
// It is due to a row, node or arc that does not exist, to a number out of range, or to one with which answers could overflow:
// see [Problem.Validate].
func (s *Solver) Add(units, unmet int64, arcs []Arc) (int32, error) {
	var f faults
	s.checkArcs(&f, arcs)
	s.checkCost(&f, "/unmet", unmet)
	dear := dearest(unmet, arcs)
	worth := s.checkWorth(&f, s.worth, units, dear)
	if f.invalid.Total > 0 {
		return none, f.invalid.Err()
	}
	s.worth = worth
	s.fit(arcs...)
	r := s.core.addRow(units, unmet)
	id := int32(len(s.order.rowAt))
	s.order.rowAt = append(s.order.rowAt, r)
	s.dear = append(s.dear, dear)
	s.give(r, arcs)
	return id, nil
}

// Cancel takes all units of a row away. The row stays, without units.
func (s *Solver) Cancel(row int32) error { return s.SetUnits(row, 0) }

// Move gives a row other arcs instead of all it has.
func (s *Solver) Move(row int32, arcs []Arc) error {
	var f faults
	s.checkArcs(&f, arcs)
	if s.checkRow(&f, row); f.invalid.Total > 0 {
		return f.invalid.Err()
	}
	r := s.order.rowAt[row]
	if err := s.reprice(row, dearest(s.core.base().rows[r].penalty, arcs)); err != nil {
		return err
	}
	s.fit(arcs...)
	s.core.clearRow(r)
	s.give(r, arcs)
	return nil
}

// Allow gives a row an arc to a node, or changes the cost of the one it has.
func (s *Solver) Allow(row, node int32, cost int64) error {
	var f faults
	s.checkRow(&f, row)
	s.checkArcs(&f, []Arc{{node, cost}})
	if f.invalid.Total > 0 {
		return f.invalid.Err()
	}
	if err := s.reprice(row, max(s.dear[row], cost, -cost)); err != nil {
		return err
	}
	s.fit(Arc{node, cost})
	s.core.allow(s.order.rowAt[row], s.order.nodeAt[node], cost)
	return nil
}

// SetCost changes the cost of an arc that exists.
func (s *Solver) SetCost(row, node int32, cost int64) error {
	if err := s.checkPair(row, node); err != nil {
		return err
	}
	return s.Allow(row, node, cost)
}

// Forbid takes the arc of a row to a node away.
func (s *Solver) Forbid(row, node int32) error {
	if err := s.checkPair(row, node); err != nil {
		return err
	}
	s.core.forbid(s.order.rowAt[row], s.order.nodeAt[node])
	return nil
}

// SetUnits changes how many units a row has.
func (s *Solver) SetUnits(row int32, units int64) error {
	var f faults
	if s.checkRow(&f, row); f.invalid.Total > 0 {
		return f.invalid.Err()
	}
	r := s.order.rowAt[row]
	worth := s.checkWorth(&f, s.worth-s.core.base().total[r]*s.dear[row], units, s.dear[row])
	if f.invalid.Total > 0 {
		return f.invalid.Err()
	}
	s.worth = worth
	s.core.setUnits(r, units)
	return nil
}

// SetUnmet changes what a unit of a row costs if it is left unmet.
func (s *Solver) SetUnmet(row int32, unmet int64) error {
	var f faults
	s.checkRow(&f, row)
	if s.checkCost(&f, "/unmet", unmet); f.invalid.Total > 0 {
		return f.invalid.Err()
	}
	if err := s.reprice(row, max(s.dear[row], unmet, -unmet)); err != nil {
		return err
	}
	s.core.setPenalty(s.order.rowAt[row], unmet)
	return nil
}

// SetCapacity changes the room of a node.
func (s *Solver) SetCapacity(node int32, capacity int64) error {
	var f faults
	if s.checkNode(&f, node); capacity < 0 {
		f.add("/capacity", -1, "out_of_range", "must be >= 0", capacity)
	}
	if f.invalid.Total > 0 {
		return f.invalid.Err()
	}
	s.core.setCapacity(s.order.nodeAt[node], capacity)
	return nil
}

// give gives row r of the engine, which has no arcs, those of a list; of several to one node the cheapest.
func (s *Solver) give(r int32, arcs []Arc) {
	for i, a := range arcs {
		cheaper := func(b Arc) bool { return b.Node == a.Node && b.Cost <= a.Cost }
		if !slices.ContainsFunc(arcs[:i], cheaper) {
			s.core.allow(r, s.order.nodeAt[a.Node], a.Cost)
		}
	}
}

// dearest returns the largest magnitude among the costs that a unit can meet.
func dearest(unmet int64, arcs []Arc) int64 {
	dear := max(unmet, -unmet)
	for _, a := range arcs {
		dear = max(dear, a.Cost, -a.Cost)
	}
	return dear
}

// reprice notes what a unit of a row may cost from now on, if no answer can overflow by that.
func (s *Solver) reprice(row int32, dear int64) error {
	var f faults
	units := s.core.base().total[s.order.rowAt[row]]
	worth := s.checkWorth(&f, s.worth-units*s.dear[row], units, dear)
	if f.invalid.Total > 0 {
		return f.invalid.Err()
	}
	s.worth, s.dear[row] = worth, dear
	return nil
}

// fit makes the engine wide enough for the costs of arcs.
func (s *Solver) fit(arcs ...Arc) {
	if e, ok := s.core.(*engine[int32]); ok && slices.ContainsFunc(arcs, func(a Arc) bool { return a.Cost != int64(int32(a.Cost)) }) {
		s.core = widen(e)
	}
}

func (s *Solver) checkRow(f *faults, row int32) {
	if row < 0 || int(row) >= len(s.order.rowAt) {
		f.add("/row", -1, "unknown", "no such row", int64(row))
	}
}

func (s *Solver) checkNode(f *faults, node int32) {
	if node < 0 || int(node) >= len(s.order.nodeAt) {
		f.add("/node", -1, "unknown", "no such node", int64(node))
	}
}

func (s *Solver) checkPair(row, node int32) error {
	var f faults
	s.checkRow(&f, row)
	s.checkNode(&f, node)
	if f.invalid.Total == 0 && s.core.tightArc(s.order.rowAt[row], s.order.nodeAt[node]) == none {
		f.add("/node", -1, "unknown", "the row has no arc to this node", int64(node))
	}
	return f.invalid.Err()
}

func (s *Solver) checkArcs(f *faults, arcs []Arc) {
	for i, a := range arcs {
		at := "/arcs/" + strconv.Itoa(i)
		if a.Node < 0 || int(a.Node) >= len(s.order.nodeAt) {
			f.add(at+"/node", -1, "unknown", "no such node", int64(a.Node))
		}
		s.checkCost(f, at+"/cost", a.Cost)
	}
}

func (s *Solver) checkCost(f *faults, field string, c int64) {
	if c < -MaxCost || c > MaxCost {
		f.add(field, -1, "out_of_range", "must lie within 2^58 of 0", c)
	}
}

// checkWorth returns total and what units may cost, if that can be borne.
func (s *Solver) checkWorth(f *faults, total, units, dear int64) int64 {
	if units < 0 {
		f.add("/units", -1, "out_of_range", "must be >= 0", units)
		return total
	}
	total, fits := addCost(total, units, min(dear, MaxCost))
	if !fits {
		f.add("/units", -1, "out_of_range", "the units of all rows may cost 2^62 or more", units)
	}
	return total
}
