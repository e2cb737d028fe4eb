package town

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/courtyard-care/courtyard/solver/mcf"
)

// Flow returns the town as a network with n + m + 1 nodes: the homes (supply 1), the resources, and the sink, which
// takes n. The arcs, in order: of each home one to each of its [Degree] nearest resources, nearest first (metres,
// rounded half up, and noise), then to the sink at [UnmetCost]; of each resource one to the sink, with its capacity.
func (t *Town) Flow() *mcf.Problem {
	n, m := len(t.Homes), len(t.Resources)
	rng := rand.New(rand.NewPCG(t.seed, 2))
	sink := int32(n + m)
	p := &mcf.Problem{Supply: make([]int64, n+m+1)}
	p.Supply[sink] = -int64(n)
	add := func(tail, head int32, upper, cost int64) {
		p.Tail = append(p.Tail, tail)
		p.Head = append(p.Head, head)
		p.Upper = append(p.Upper, upper)
		p.Cost = append(p.Cost, cost)
	}
	g := newGrid(t.Resources)
	var found []near
	for i, home := range t.Homes {
		p.Supply[i] = 1
		found = g.nearest(home, Degree, found)
		for _, r := range found {
			add(int32(i), int32(n)+r.resource, 1, int64(math.Floor(r.metres+0.5))+int64(rng.IntN(Noise)))
		}
		add(int32(i), sink, 1, UnmetCost)
	}
	for j, capacity := range t.Capacity {
		add(int32(n+j), sink, capacity, 0)
	}
	return p
}

// WriteDIMACS writes p in the DIMACS .min format, nodes from 1, an absent upper bound as -1.
func WriteDIMACS(w io.Writer, p *mcf.Problem) error {
	b := bufio.NewWriterSize(w, 1<<16)
	fmt.Fprintf(b, "p min %d %d\n", len(p.Supply), len(p.Tail))
	for v, s := range p.Supply {
		if s != 0 {
			fmt.Fprintf(b, "n %d %d\n", v+1, s)
		}
	}
	var line []byte
	for a := range p.Tail {
		lower, upper := int64(0), int64(-1)
		if p.Lower != nil {
			lower = p.Lower[a]
		}
		if p.Upper != nil && p.Upper[a] != mcf.Inf {
			upper = p.Upper[a]
		}
		line = append(line[:0], 'a')
		for _, x := range [...]int64{int64(p.Tail[a]) + 1, int64(p.Head[a]) + 1, lower, upper, p.Cost[a]} {
			line = strconv.AppendInt(append(line, ' '), x, 10)
		}
		if _, err := b.Write(append(line, '\n')); err != nil {
			return fmt.Errorf("write network: %w", err)
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write network: %w", err)
	}
	return nil
}
