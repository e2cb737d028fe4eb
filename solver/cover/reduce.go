package cover

import (
	"slices"
)

// mostBits bounds the tables of who covers whom; larger problems are not reduced.
const mostBits = 1 << 31

// reduced is a set covering problem without what is not needed: clients that are covered whenever another one is, and sites
// that cover no more than another one that is no dearer.
type reduced struct {
	start []int
	site  []int32
	shut  []int32 // sites that must not open, or need not
}

// reducer drops clients and sites. Rows lie both ways, and as bits.
type reducer struct {
	p       *Problem
	rows    [][]int32 // the free sites of each client that is left, nil of one that is dropped
	columns [][]int32 // the clients of each site that is left
	bits    []uint64  // bits[i*words+j/64]: client i is covered by site j
	words   int
	stop    func() bool
}

// reduce drops clients and sites, in turns, until nothing more can be dropped. It takes time linear in the pairs for each pair
// of clients, or sites, that have the rarest site, or client, of one of them in common.
func reduce(p *Problem, stop func() bool) *reduced {
	r := &reducer{p: p, stop: stop, rows: make([][]int32, p.Clients()), words: (p.Sites + 63) / 64}
	state := make([]int8, p.Sites) // 1: open, -1: shut
	for _, j := range p.Open {
		state[j] = 1
	}
	for _, j := range p.Shut {
		state[j] = -1
	}
	for i := range r.rows {
		row := p.Site[p.Start[i]:p.Start[i+1]]
		if slices.ContainsFunc(row, func(j int32) bool { return state[j] == 1 }) {
			continue
		}
		r.rows[i] = []int32{}
		for _, j := range row {
			if state[j] == 0 {
				r.rows[i] = append(r.rows[i], j)
			}
		}
	}
	gone := make([]bool, p.Sites)
	if p.Clients()*r.words*64 <= mostBits {
		r.fill()
		for changed := true; changed && !stop(); {
			changed = r.dropClients()
			changed = r.dropSites(gone, state) || changed
		}
	}
	out := &reduced{start: []int{0}}
	for _, row := range r.rows {
		if row != nil {
			out.site = append(out.site, row...)
			out.start = append(out.start, len(out.site))
		}
	}
	for j, v := range state {
		if v < 0 || gone[j] {
			out.shut = append(out.shut, int32(j))
		}
	}
	return out
}

// fill makes columns and bits from the rows.
func (r *reducer) fill() {
	r.columns = make([][]int32, r.p.Sites)
	r.bits = make([]uint64, len(r.rows)*r.words)
	for i, row := range r.rows {
		for _, j := range row {
			r.columns[j] = append(r.columns[j], int32(i))
			r.bits[i*r.words+int(j/64)] |= 1 << (j % 64)
		}
	}
}

func (r *reducer) has(i, j int32) bool { return r.bits[int(i)*r.words+int(j/64)]>>(j%64)&1 == 1 }

// dropClients drops each client whose sites include all those of another one: of equals the first stays.
func (r *reducer) dropClients() bool {
	changed := false
	for i, row := range r.rows {
		if i%16 == 0 && r.stop() {
			return false
		}
		if len(row) == 0 {
			continue // dropped, or covered by nobody: that is for the solver to say
		}
		rare := row[0]
		for _, j := range row {
			if len(r.columns[j]) < len(r.columns[rare]) {
				rare = j
			}
		}
		for _, k := range slices.Clone(r.columns[rare]) {
			if int(k) == i || len(r.rows[k]) < len(row) || len(r.rows[k]) == len(row) && int(k) < i {
				continue
			}
			if !slices.ContainsFunc(row, func(j int32) bool { return !r.has(k, j) }) {
				for _, j := range r.rows[k] {
					r.columns[j] = without(r.columns[j], k)
				}
				r.rows[k] = nil
				changed = true
			}
		}
	}
	return changed
}

// dropSites drops each site whose clients are all covered by another one that is no dearer: of equals the first stays.
func (r *reducer) dropSites(gone []bool, state []int8) bool {
	changed := false
	for j, column := range r.columns {
		if j%16 == 0 && r.stop() {
			return false
		}
		if gone[j] || state[j] != 0 {
			continue
		}
		if len(column) == 0 {
			gone[j] = true // the solver would not open it
			continue
		}
		rare := column[0]
		for _, i := range column {
			if len(r.rows[i]) < len(r.rows[rare]) {
				rare = i
			}
		}
		for _, k := range r.rows[rare] {
			if int(k) == j || len(r.columns[k]) < len(column) || r.p.price(int(k)) > r.p.price(j) {
				continue
			}
			if len(r.columns[k]) == len(column) && r.p.price(int(k)) == r.p.price(j) && int(k) > j {
				continue
			}
			if !slices.ContainsFunc(column, func(i int32) bool { return !r.has(i, k) }) {
				for _, i := range column {
					r.rows[i] = without(r.rows[i], int32(j))
				}
				r.columns[j] = nil
				gone[j] = true
				changed = true
				break
			}
		}
	}
	return changed
}

// without returns a list that lacks one of its entries, in its order.
func without(list []int32, v int32) []int32 {
	at := slices.Index(list, v)
	return slices.Delete(list, at, at+1)
}
