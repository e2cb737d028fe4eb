//go:build linux || darwin

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/courtyard-care/courtyard/solver/transport"
)

// readFile reads a plain DIMACS .min file.
func readFile(path string) (*transport.Problem, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	defer f.Close()
	p, err := read(f)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return p, nil
}

// read reads a network that is a transportation problem: the last node is the sink and the only one that takes units; the
// nodes that send them come first, and their arcs too, node by node, each with one to the sink, the unmet one; all other
// arcs lead from the other nodes to the sink. That is how bench/town writes it, and read keeps no more than the problem, so
// that the peak of memory is that of the solver.
func read(r io.Reader) (*transport.Problem, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	p := &transport.Problem{}
	var nodes, rows, sink, last int64
	for line := 1; ; line++ {
		text, err := in.ReadSlice('\n')
		if len(text) == 0 {
			if !errors.Is(err, io.EOF) {
				return nil, err
			}
			p.From = append(p.From, int32(len(p.Node)))
			if !slices.ContainsFunc(p.Units, func(units int64) bool { return units != 1 }) {
				p.Units = nil
			}
			return p, nil
		}
		bad := fmt.Errorf("line %d: not of a transportation problem", line)
		switch text[0] {
		case 'p':
			x := numbers(text[len("p min"):])
			nodes, sink = x[0], x[0]
			p.Node, p.Cost = make([]int32, 0, x[1]), make([]int64, 0, x[1])
		case 'n':
			switch x := numbers(text[1:]); {
			case x[0] == rows+1 && x[1] > 0:
				rows++
				p.Units = append(p.Units, x[1])
			case x[0] != sink || x[1] > 0:
				return nil, bad
			}
		case 'a':
			if p.Unmet == nil {
				p.Unmet, p.From = make([]int64, rows), make([]int32, 0, rows+1)
				p.Capacity = make([]int64, nodes-1-rows)
			}
			x := numbers(text[1:])
			tail, head, lower, upper, cost := x[0], x[1], x[2], x[3], x[4]
			switch {
			case tail < last || lower != 0:
				return nil, bad
			case tail > rows && head == sink && cost == 0:
				p.Capacity[tail-rows-1] = upper
			case tail <= rows && head == sink:
				p.Unmet[tail-1] = cost
			case tail <= rows && head > rows:
				p.Node = append(p.Node, int32(head-rows-1))
				p.Cost = append(p.Cost, cost)
			default:
				return nil, bad
			}
			for ; last < min(tail, rows); last++ {
				at := len(p.Node)
				if head != sink {
					at--
				}
				p.From = append(p.From, int32(at))
			}
		}
	}
}

// numbers reads the whole numbers of a line, as many as there are up to 5.
func numbers(text []byte) (x [5]int64) {
	i, minus, inside := 0, false, false
	for _, c := range text {
		switch {
		case c == '-':
			minus = true
		case c >= '0' && c <= '9' && i < len(x):
			x[i] = 10*x[i] + int64(c-'0')
			inside = true
		case inside:
			if minus {
				x[i] = -x[i]
			}
			i, minus, inside = i+1, false, false
		}
	}
	return x
}
