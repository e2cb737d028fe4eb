package sideflow

import (
	"errors"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/internal/wide"
)

// Reduced returns the reduced cost of an arc that the problem does not hold yet, in whole units of cost, rounded down: it is
// below 0 exactly if the arc could make the root bound smaller. An arc with a reduced cost >= 0 leaves Bound valid, whatever
// its upper bound and with a lower bound of 0, as long as it does not leave a node that a switch guards (see
// [Problem.Groups]) by another way. The coefficients of the arc are Coef[k] in row Row[k]; they may be nil. A sum that
// does not fit is answered by the nearest number that does. It takes O(len(row)) time.
func (r *Root) Reduced(tail, head int32, cost int64, row []int32, coef []int64) int64 {
	var sum wide.Sum
	sum.AddProduct(cost, 1<<r.Shift)
	sum.AddProduct(r.Potential[tail], 1)
	sum.AddProduct(r.Potential[head], -1)
	for k, i := range row {
		sum.AddProduct(r.Row[i], coef[k])
	}
	return sum.Floor(r.Shift).Near()
}

// prefixed returns the faults of a part of the problem, their pointers under prefix. Any other error is kept as one fault.
func prefixed(prefix string, err error) *solver.Invalid {
	var inner *solver.Invalid
	if !errors.As(err, &inner) {
		return &solver.Invalid{Faults: []solver.Fault{{Pointer: prefix, Code: "invalid", Detail: err.Error()}}, Total: 1}
	}
	out := &solver.Invalid{Total: inner.Total}
	for _, one := range inner.Faults {
		one.Pointer = prefix + one.Pointer
		out.Faults = append(out.Faults, one)
	}
	return out
}
