package datasets

import (
	"fmt"
	"math"
)

// maxGraph bounds the nodes of a graph, whose distances make a full matrix: 800 MB.
const maxGraph = 10_000

// The forms of graphs, for messages.
const (
	formMedianGraph = "n m p, then m lines i j cost"
	formRandomGraph = "n m …, then m lines i j distance demand, the demand on the first n of them"
)

// edge is one line of a graph, nodes from 0.
type edge struct {
	a, b   int32
	length float64
}

// readGraph reads an undirected graph whose nodes are customers and sites at once: OR-Library's with the number of sites to
// open in the header, or with demand the random ones of the covering collections, where the fourth column of the first n lines
// is the demand of nodes 1 to n.
func readGraph(in *fieldReader, demand bool) (*Siting, error) {
	form, least, most := formMedianGraph, 3, 3
	if demand {
		form, least, most = formRandomGraph, 2, math.MaxInt
	}
	if err := in.due(least, most, form); err != nil {
		return nil, err
	}
	n, err := in.count(0, "the number of nodes", 1, maxGraph)
	if err != nil {
		return nil, err
	}
	m, err := in.count(1, "the number of edges", 0, 1<<30)
	if err != nil {
		return nil, err
	}
	s := &Siting{}
	if demand {
		if m < n {
			return nil, in.faultAt(1, fmt.Sprintf("%d edges cannot hold the demands of %d nodes", m, n))
		}
	} else if s.Open, err = in.count(2, "the number of sites to open", 1, n); err != nil {
		return nil, err
	}
	edges := make([]edge, 0, min(m, 1<<16))
	for k := range m {
		width, widest := 3, 3
		if demand {
			widest = 4
			if k < n {
				width = 4
			}
		}
		if err := in.due(width, widest, form); err != nil {
			return nil, err
		}
		var e edge
		for end, to := range []*int32{&e.a, &e.b} {
			v, err := in.count(end, "the node", 1, n)
			if err != nil {
				return nil, err
			}
			*to = int32(v - 1)
		}
		if e.length, err = in.amount(2, "the length"); err != nil {
			return nil, err
		}
		edges = append(edges, e)
		if demand && k < n {
			w, err := in.amount(3, "the demand")
			if err != nil {
				return nil, err
			}
			s.Weight = append(s.Weight, w)
		}
	}
	if err := in.end("the last edge"); err != nil {
		return nil, err
	}
	s.Travel = Travel{Customers: n, Sites: n, Value: shortestPaths(n, edges)}
	return s, nil
}

// shortestPaths returns the full matrix of distances in an undirected graph, +Inf where there is no way. Of an edge given twice
// the last counts, loops do not. It runs Dijkstra's algorithm from each node: O(n (m + n) log n), and n² memory.
func shortestPaths(n int, edges []edge) []float64 {
	dist := make([]float64, n*n)
	for k := range dist {
		dist[k] = math.Inf(1)
	}
	for _, e := range edges { // the matrix holds the lengths first, so that the last of a pair stays
		dist[int(e.a)*n+int(e.b)], dist[int(e.b)*n+int(e.a)] = e.length, e.length
	}
	start, near := make([]int32, n+1), make([]nearby, 0, 2*len(edges))
	for v := range n {
		for u, length := range dist[v*n : (v+1)*n] {
			if u != v && !math.IsInf(length, 1) {
				near = append(near, nearby{int32(u), length})
			}
		}
		start[v+1] = int32(len(near))
	}
	var heap []nearby
	for v := range n {
		row := dist[v*n : (v+1)*n]
		for u := range row {
			row[u] = math.Inf(1)
		}
		row[v] = 0
		heap = push(heap[:0], nearby{int32(v), 0})
		for len(heap) > 0 {
			at := heap[0]
			heap = pop(heap)
			if at.length > row[at.node] {
				continue
			}
			for _, step := range near[start[at.node]:start[at.node+1]] {
				if d := at.length + step.length; d < row[step.node] {
					row[step.node] = d
					heap = push(heap, nearby{step.node, d})
				}
			}
		}
	}
	return dist
}

// nearby is a node at some distance.
type nearby struct {
	node   int32
	length float64
}

// push adds an entry to a binary heap, nearest first.
func push(heap []nearby, x nearby) []nearby {
	heap = append(heap, x)
	k := len(heap) - 1
	for k > 0 {
		up := (k - 1) / 2
		if heap[up].length <= x.length {
			break
		}
		heap[k] = heap[up]
		k = up
	}
	heap[k] = x
	return heap
}

// pop takes the first entry off.
func pop(heap []nearby) []nearby {
	last := len(heap) - 1
	x := heap[last]
	heap = heap[:last]
	for k := 0; ; {
		down := 2*k + 1
		if down >= last {
			if last > 0 {
				heap[k] = x
			}
			return heap
		}
		if down+1 < last && heap[down+1].length < heap[down].length {
			down++
		}
		if x.length <= heap[down].length {
			heap[k] = x
			return heap
		}
		heap[k] = heap[down]
		k = down
	}
}
