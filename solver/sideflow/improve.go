package sideflow

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/mcf"
)

// start takes the caller's flow, if it keeps everything.
func (r *run) start() error {
	if r.opts.Start == nil {
		return nil
	}
	flow := make([]int64, r.m)
	copy(flow, r.opts.Start)
	if !r.balanced(flow) {
		return nil
	}
	if b := r.broken(flow); b.empty() {
		r.offer(flow)
	}
	return nil
}

// balanced reports whether a flow keeps all bounds and balances all nodes.
func (r *run) balanced(flow []int64) bool {
	balance := make([]wide, len(r.p.Flow.Supply))
	for v, b := range r.p.Flow.Supply {
		balance[v].addProduct(b, 1)
	}
	for a, x := range flow {
		if x < r.lower[a] || x > r.upper[a] {
			return false
		}
		balance[r.p.Flow.Tail[a]].addProduct(x, -1)
		balance[r.p.Flow.Head[a]].addProduct(x, 1)
	}
	return !slices.ContainsFunc(balance, func(w wide) bool { return w != wide{} })
}

// relaxRoot raises the bound of the root.
func (r *run) relaxRoot() (*relaxed, []int64, error) {
	copy(r.net.Lower, r.lower)
	copy(r.net.Upper, r.upper)
	from := make([]int64, len(r.p.Rows))
	var basis *mcf.Basis
	if r.opts.Root != nil {
		basis = r.opts.Root.Basis
		for i, l := range r.opts.Root.Row {
			from[i] = rescale(l, r.opts.Root.Shift, r.shift)
		}
	}
	x, at, err := r.newPrices(from).search(basis, rootRounds, func(x *relaxed) bool {
		if b := r.broken(x.flow); b.empty() {
			r.offer(x.flow)
		}
		if x.hasBound {
			r.raise(x.bound)
		}
		return !r.closed()
	})
	if err == nil && x != nil && x.hasBound {
		r.root = &Root{
			Bound: x.bound, Shift: r.shift, Row: at, Choice: make([]int64, len(r.p.Choices)),
			Potential: x.potential, Basis: x.basis,
		}
	}
	return x, at, err
}

// rescale turns a multiple of 2^-from into one of 2^-to.
func rescale(x int64, from, to uint8) int64 {
	if to < from {
		return x >> (from - to)
	}
	if hi := int64(mcf.Inf) >> (to - from); x > hi || x < -hi {
		return x // only a start for a search
	}
	return x << (to - from)
}
