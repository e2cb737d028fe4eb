// Package online answers needs one by one, as they come: each gets a resource or is refused at once, and the answer stays.
//
// A [Desk] prices one unit of every resource at what those who are still to come would lose without it, and serves a need
// where its cost and that price together are least, if they are below what it costs to leave the need unmet. These are bid
// prices (Talluri and van Ryzin 1998). They come from exact optima of several foreseen rests of the day, each a sample of
// the needs known so far, of an earlier day and of today: what Bent and Van Hentenryck (2004) call regret, and Vera and
// Banerjee (2021) the Bayesian prophet, with prices learnt on the way as by Agrawal, Wang and Ye (2014). Every foreseen rest
// is a [transport.Solver] kept open: who has come, what is taken and what is foreseen anew are changes of it.
//
// [Hindsight] is what could have been had with all needs known before the first answer, [Check] re-measures a day.
package online

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/transport"
)

// Limits of what a desk takes: they keep every sum within 64 bits.
const (
	MaxCost     = 1 << 40 // magnitude of a cost
	MaxNeeds    = 1 << 20 // needs expected, or of a history
	MaxFutures  = 64
	MaxCapacity = 1 << 40
)

// Refused stands for no resource.
const Refused int32 = -1

// Need is one unit asked for.
type Need struct {
	Unmet int64           // what it costs to refuse the need
	Arcs  []transport.Arc // who can serve it, and at what cost; of several to one resource the cheapest counts
}

// Options say what is known before the day begins. Expected is needed; the zero values of the others are good defaults.
type Options struct {
	Expected int    // needs that will come, about: from 1 to MaxNeeds
	Ordered  bool   // the history tells the order of the day, too: what follows is what followed this hour, and today teaches nothing
	Futures  int    // rests of the day that are foreseen and averaged; 0 means 6
	Every    int    // needs from one reckoning of prices to the next, fewer at first; 0 means Expected/200, at least 1
	Seed     uint64 // of what is foreseen
}

const (
	futures = 6
	// reckonings is how many times in a day prices are reckoned anew.
	reckonings = 200
	// keep is what the price of a unit counts for, in hundredths. A unit that is kept for somebody may stay unused, and then
	// all of its worth is lost: nobody is refused for a gain below the rest.
	keep = 98
)

// Desk answers needs. It belongs to one goroutine.
type Desk struct {
	opts     Options
	left     []int64 // units of each resource that are not given away
	price    []int64 // of one unit of each resource
	history  int     // needs learnt from
	served   []int32 // the resource of every need that has come, Refused if none
	futures  []*future
	arrived  []Need  // since the last reckoning
	touched  []int32 // resources whose room has changed since then
	reckoned int     // needs that had come by then
	behind   bool    // a reckoning was cut
}

// Answer is what a need is told.
type Answer struct {
	Need     int   // its number, from 0 in the order of arrival, for Cancel
	Resource int32 // who serves it, Refused if nobody
	Price    int64 // cost and price of a unit, at the least, where there is room; 0 if there is none. Served if below Unmet
}

// New returns a desk for resources of capacity[v] units each, with nothing learnt: all prices are 0 until [Desk.Learn] or
// [Desk.Reckon] has run. The error is a [*solver.Invalid].
func New(capacity []int64, opts Options) (*Desk, error) {
	if err := validate(capacity, &opts); err != nil {
		return nil, err
	}
	if opts.Futures == 0 {
		opts.Futures = futures
	}
	if opts.Every == 0 {
		opts.Every = max(1, opts.Expected/reckonings)
	}
	d := &Desk{opts: opts, left: slices.Clone(capacity), price: make([]int64, len(capacity))}
	return d, d.foresee(nil)
}

// Learn foresees the day from the needs of an earlier one, before the first need of today; a second call replaces what the
// first has learnt. It reckons the prices, in [Options.Futures] solves of the size of the day; a context that ends it first
// leaves them at 0, and the next [Desk.Reckon] goes on; drawing the samples, in time linear in their arcs, is not cut. The error
// is a [*solver.Invalid].
func (d *Desk) Learn(ctx context.Context, history []Need) (solver.Stop, error) {
	if err := d.checkHistory(history); err != nil {
		return solver.StopNone, err
	}
	d.history, d.behind = len(history), true
	clear(d.price)
	if err := d.foresee(history); err != nil {
		return solver.StopNone, err
	}
	return d.Reckon(ctx)
}

// foresee replaces all futures by samples of a history.
func (d *Desk) foresee(history []Need) error {
	d.futures = make([]*future, d.opts.Futures)
	for k := range d.futures {
		var err error
		if d.futures[k], err = newFuture(d.left, history, &d.opts, k); err != nil {
			return err
		}
	}
	return nil
}

// Arrive answers a need, in time linear in its arcs: nothing is solved. The answer stays whatever comes. The error is a
// [*solver.Invalid] of the need, which then has not come.
func (d *Desk) Arrive(n Need) (Answer, error) {
	if err := d.checkNeed(&n); err != nil {
		return Answer{}, err
	}
	a := Answer{Need: len(d.served), Resource: Refused}
	best, found := Refused, false
	for _, arc := range n.Arcs {
		if d.left[arc.Node] == 0 {
			continue
		}
		if price := arc.Cost + d.price[arc.Node]; !found || price < a.Price || price == a.Price && arc.Node < best {
			best, a.Price, found = arc.Node, price, true
		}
	}
	if found && a.Price < n.Unmet {
		a.Resource = best
		d.left[best]--
		d.touched = append(d.touched, best)
	}
	d.served = append(d.served, a.Resource)
	d.arrived = append(d.arrived, Need{n.Unmet, slices.Clone(n.Arcs)})
	return a, nil
}

// Cancel frees the unit of a need that was served and no longer asks. The error is a [*solver.Invalid] of a need that has not
// come, or has no unit.
func (d *Desk) Cancel(need int) error {
	if err := d.checkCancel(need); err != nil {
		return err
	}
	v := d.served[need]
	d.served[need] = Refused
	d.left[v]++
	d.touched = append(d.touched, v)
	return nil
}

// Prices returns a copy of what the desk asks for one unit of each resource, beside the cost.
func (d *Desk) Prices() []int64 { return slices.Clone(d.price) }

// Left returns a copy of the units of each resource that are not given away.
func (d *Desk) Left() []int64 { return slices.Clone(d.left) }

// Reckon reckons the prices anew if enough needs have come since it last did: it is meant to be called after every answer,
// when nobody waits. Reckonings are due whenever the needs have doubled in number, and [Options.Every] needs after the last
// at the latest; when none is due the answer is [solver.StopNone]. A context that ends a reckoning leaves the old prices,
// and the next call goes on.
//
// One reckoning makes each future take in what has happened and solves it from where it stands, several at once; which
// prices come of it does not depend on the number of cores.
func (d *Desk) Reckon(ctx context.Context) (solver.Stop, error) {
	if !d.behind && len(d.arrived) < min(d.opts.Every, max(1, d.reckoned)) {
		return solver.StopNone, nil
	}
	if err := ctx.Err(); err != nil {
		return why(err), nil
	}
	var group sync.WaitGroup
	stops, errs := make([]solver.Stop, len(d.futures)), make([]error, len(d.futures))
	for k, f := range d.futures {
		group.Go(func() { stops[k], errs[k] = f.reckon(ctx, d) })
	}
	group.Wait()
	d.reckoned = len(d.served)
	d.arrived, d.touched, d.behind = d.arrived[:0], d.touched[:0], true
	for k, stop := range stops {
		if errs[k] != nil || stop != solver.StopProved {
			return stop, errs[k]
		}
	}
	d.behind = false
	clear(d.price)
	for _, f := range d.futures {
		for v, price := range f.price {
			d.price[v] += price
		}
	}
	for v := range d.price {
		d.price[v] = d.price[v] * keep / int64(100*len(d.futures))
	}
	return solver.StopProved, nil
}

// why says which limit a context has reached.
func why(err error) solver.Stop {
	if errors.Is(err, context.Canceled) {
		return solver.StopCancelled
	}
	return solver.StopTime
}

// stream numbers the random numbers of future k.
func stream(seed uint64, k int) *rand.Rand { return rand.New(rand.NewPCG(seed, uint64(k))) }
