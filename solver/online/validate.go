package online

import (
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
)

// faults collects faults; texts are made only for those that will be shown.
type faults struct{ invalid solver.Invalid }

func (f *faults) add(pointer func() string, code, detail string, value int64) {
	if f.invalid.Total >= solver.MaxFaults {
		f.invalid.Total++
		return
	}
	f.invalid.Add(solver.Fault{Pointer: pointer(), Code: code, Detail: detail, Value: strconv.FormatInt(value, 10)})
}

// at is a pointer that is put together when it is needed.
func at(base, field string, index int) func() string {
	return func() string {
		if index < 0 {
			return base + field
		}
		return base + field + "/" + strconv.Itoa(index)
	}
}

func validate(capacity []int64, opts *Options) error {
	var f faults
	f.capacity(capacity)
	within := func(field string, x, least, most int) {
		if x < least || x > most {
			f.add(at("/options", field, -1), "out_of_range", "must be from "+strconv.Itoa(least)+" to "+strconv.Itoa(most), int64(x))
		}
	}
	if opts.Expected == 0 {
		f.add(at("/options", "/expected", -1), "required", "must say how many needs will come, about", 0)
	}
	within("/expected", opts.Expected, 0, MaxNeeds)
	within("/futures", opts.Futures, 0, MaxFutures)
	within("/every", opts.Every, 0, MaxNeeds)
	return f.invalid.Err()
}

func (f *faults) capacity(capacity []int64) {
	for v, c := range capacity {
		if c < 0 || c > MaxCapacity {
			f.add(at("", "/capacity", v), "out_of_range", "must be from 0 to 2^40", c)
		}
	}
}

func (f *faults) need(base string, n *Need, resources int) {
	if n.Unmet < -MaxCost || n.Unmet > MaxCost {
		f.add(at(base, "/unmet", -1), "out_of_range", "must lie within 2^40 of 0", n.Unmet)
	}
	for i, arc := range n.Arcs {
		if arc.Node < 0 || int(arc.Node) >= resources {
			f.add(at(base+"/arcs", "/"+strconv.Itoa(i)+"/node", -1), "unknown", "no such resource", int64(arc.Node))
		}
		if arc.Cost < -MaxCost || arc.Cost > MaxCost {
			f.add(at(base+"/arcs", "/"+strconv.Itoa(i)+"/cost", -1), "out_of_range", "must lie within 2^40 of 0", arc.Cost)
		}
	}
}

func (d *Desk) checkNeed(n *Need) error {
	var f faults
	f.need("", n, len(d.left))
	return f.invalid.Err()
}

func (d *Desk) checkHistory(history []Need) error {
	var f faults
	if len(d.served) > 0 {
		f.add(at("", "/history", -1), "conflict", "a need of today has come; a history is learnt before", int64(len(d.served)))
	}
	if len(history) > MaxNeeds {
		f.add(at("", "/history", -1), "out_of_range", "must have at most 2^20 needs", int64(len(history)))
		return f.invalid.Err()
	}
	for i := range history {
		f.need("/history/"+strconv.Itoa(i), &history[i], len(d.left))
	}
	return f.invalid.Err()
}

func (d *Desk) checkCancel(need int) error {
	var f faults
	switch {
	case need < 0 || need >= len(d.served):
		f.add(at("", "/need", -1), "unknown", "no such need has come", int64(need))
	case d.served[need] == Refused:
		f.add(at("", "/need", -1), "conflict", "the need has no unit: it was refused, or cancelled before", int64(need))
	}
	return f.invalid.Err()
}
