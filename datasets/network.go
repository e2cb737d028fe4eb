package datasets

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math/bits"
	"strconv"

	"github.com/courtyard-care/courtyard/solver/mcf"
)

// maxNodes bounds the nodes that a header may ask for: it is the one number of the format that costs memory by itself.
const maxNodes = 1 << 26

// Network is a DIMACS minimum cost flow network, at one point of the changes to it. It belongs to its [NetworkReader] and
// is valid until the next call of Next; nothing else may modify it.
type Network struct {
	Problem     mcf.Problem
	Block       int  // blocks of changes applied: 0 is the base
	Incremental bool // the file is a base with blocks of changes (.imin), not a single network (.min)
	Renumbered  bool // nodes and arcs are not those of the network before with more at the end: an earlier basis does not fit

	ids []int64 // file id of each node; nil when node v is v+1
}

// ID returns the id that the file gives to node v.
func (n *Network) ID(v int32) int64 {
	if n.ids == nil {
		return int64(v) + 1
	}
	return n.ids[v]
}

// WriteSolution writes the cost and a flow in the form "s COST", then "f SRC DST FLOW" with the file's ids: a line for
// every arc in the file's order, zeros too, as long as no change has been applied; afterwards only arcs with flow. A nil
// flow, there being no solution, is the comment "c no flow".
func (n *Network) WriteSolution(w io.Writer, cost int64, flow []int64) error {
	out := bufio.NewWriterSize(w, 64<<10)
	if flow == nil {
		out.WriteString("c no flow\n")
		return out.Flush()
	}
	line := append(strconv.AppendInt([]byte("s "), cost, 10), '\n')
	out.Write(line)
	for a, f := range flow {
		if f == 0 && n.Block > 0 {
			continue
		}
		line = append(line[:0], "f "...)
		line = append(strconv.AppendInt(line, n.ID(n.Problem.Tail[a]), 10), ' ')
		line = append(strconv.AppendInt(line, n.ID(n.Problem.Head[a]), 10), ' ')
		line = append(strconv.AppendInt(line, f, 10), '\n')
		out.Write(line)
	}
	return out.Flush() // the writer keeps its first error
}

// ReadMin reads a DIMACS .min network, one that no changes follow.
//
// The format (DIMACS 1991): "p min NODES ARCS" once, "n ID FLOW" for nodes that send (> 0) or take (< 0), "a SRC DST LOW
// CAP COST" for arcs, "c" for comments; ids are 1 to NODES. Blanks are free. Numbers are whole; a CAP of -1 is no upper
// bound, any other negative one is refused. Faults are an [*InstanceError], the first one only.
func ReadMin(r io.Reader) (*Network, error) {
	reader := NewNetworkReader(r)
	n, err := reader.Next()
	if errors.Is(err, io.EOF) {
		return nil, &InstanceError{File: reader.in.file, Detail: "the file is empty; a network begins with: " + formP}
	}
	if err != nil {
		return nil, err
	}
	if _, err := reader.Next(); err == nil {
		return nil, reader.in.fault(0, "changes follow the network: read it as incremental", "")
	} else if !errors.Is(err, io.EOF) {
		return nil, err
	}
	n.Incremental = false
	return n, nil
}

// The forms of the lines, for messages.
const (
	formP = "p min NODES ARCS"
	formN = "n ID FLOW [TYPE]"
	formA = "a SRC DST LOW CAP COST"
	formX = "x SRC DST LOW CAP COST"
	formR = "r ID"
)

// NetworkReader reads a base network and then the blocks of changes to it, each ended by "c EOI". In a block, "a" and "x"
// replace every arc of their ordered pair by one, or by none if its capacity is 0; "r" removes a node and its arcs; "n"
// adds a node, or sets the supply of a known one. Node types: 3 is the sink. A block that leaves supplies unbalanced is
// balanced at the sink: the node of type 3, else the node that was the only one to take.
//
// Nodes and arcs keep their positions from one block to the next, so that a basis can warm-start the next solve; removed
// ones stay behind without supply and with no capacity, until they outnumber the others and all are numbered anew.
type NetworkReader struct {
	in    *fieldReader
	net   Network
	begun bool // the base has been read
	ended bool // the end of the file has been reached

	given    []bool          // base: nodes whose supply has been given
	typed    int64           // id of the node of type 3, 0 if none
	index    map[int64]int32 // position of each live id; nil before the first change, when id i is at i-1
	arcs     [][]int32       // arcs at each node, dead ones among them; nil before the first change
	dead     []bool          // of arcs; nil before the first change
	nDead    int
	lastSink int64 // id of the node that was the only one to take, 0 if there was none
}

// NewNetworkReader reads from r. When r is an [Instance], its name goes into errors.
func NewNetworkReader(r io.Reader) *NetworkReader { return &NetworkReader{in: newFieldReader(r)} }

// Next returns the base network and then, call by call, the network after each block; io.EOF after the last. The network
// returned last stays valid after io.EOF.
func (r *NetworkReader) Next() (*Network, error) {
	if r.ended {
		return nil, io.EOF
	}
	if !r.begun {
		return r.base()
	}
	lines := 0
	for {
		err := r.in.next()
		switch {
		case errors.Is(err, io.EOF):
			r.ended = true
			if lines == 0 {
				return nil, io.EOF
			}
			return r.endBlock()
		case err != nil:
			return nil, err
		case r.endOfBlock():
			return r.endBlock()
		case r.in.fields[0].text[0] == 'c':
			continue
		}
		if lines++; lines == 1 {
			r.prepare()
		}
		if err := r.change(); err != nil {
			return nil, err
		}
	}
}

// endOfBlock reports whether the line is "c EOI".
func (r *NetworkReader) endOfBlock() bool {
	f := r.in.fields
	return len(f) == 2 && string(f[0].text) == "c" && string(f[1].text) == "EOI"
}

// base reads up to the first "c EOI" or the end.
func (r *NetworkReader) base() (*Network, error) {
	in, p := r.in, &r.net.Problem
	arcs := int64(-1)
	for {
		err := in.next()
		if errors.Is(err, io.EOF) {
			r.ended = true
			if arcs < 0 {
				return nil, r.noHeader()
			}
			break
		}
		if err != nil {
			return nil, err
		}
		if r.endOfBlock() {
			r.net.Incremental = true
			break
		}
		kind := string(in.fields[0].text)
		switch {
		case kind[0] == 'c':
		case kind == "p":
			if arcs >= 0 {
				return nil, in.faultAt(0, "a second header: there is one line "+formP)
			}
			if arcs, err = r.header(); err != nil {
				return nil, err
			}
		case arcs < 0:
			return nil, in.faultAt(0, "the header must come first: "+formP)
		case kind == "n":
			err = r.baseNode()
		case kind == "a":
			if int64(len(p.Tail)) == arcs {
				return nil, in.faultAt(0, fmt.Sprintf("more than the %d arcs that the header announces", arcs))
			}
			err = r.baseArc()
		default:
			return nil, in.faultAt(0, "no such line in a network: it must begin with c, p, n or a")
		}
		if err != nil {
			return nil, err
		}
	}
	switch {
	case arcs < 0:
		return nil, r.noHeader()
	case int64(len(p.Tail)) != arcs:
		return nil, &InstanceError{File: in.file, Line: in.line, Detail: fmt.Sprintf("the header announces %d arcs, the file has %d", arcs, len(p.Tail))}
	}
	r.begun, r.given = true, nil
	r.lastSink = r.onlyTaker()
	return &r.net, nil
}

func (r *NetworkReader) noHeader() error {
	if r.in.line == 0 {
		return &InstanceError{File: r.in.file, Detail: "the file is empty; a network begins with: " + formP}
	}
	return &InstanceError{File: r.in.file, Line: r.in.line, Detail: "there is no header: " + formP}
}

// header reads "p min NODES ARCS".
func (r *NetworkReader) header() (arcs int64, err error) {
	in, p := r.in, &r.net.Problem
	if err := in.want(4, 4, formP); err != nil {
		return 0, err
	}
	if string(in.fields[1].text) != "min" {
		return 0, in.faultAt(1, "the problem must be min, a minimum cost flow")
	}
	nodes, err := in.whole(2, "the number of nodes")
	if err != nil {
		return 0, err
	}
	if nodes < 0 || nodes > maxNodes {
		return 0, in.faultAt(2, fmt.Sprintf("the number of nodes must be from 0 to %d", maxNodes))
	}
	arcs, err = in.whole(3, "the number of arcs")
	if err != nil {
		return 0, err
	}
	if arcs < 0 || arcs > 1<<30 {
		return 0, in.faultAt(3, fmt.Sprintf("the number of arcs must be from 0 to %d", 1<<30))
	}
	p.Supply, r.given = make([]int64, nodes), make([]bool, nodes)
	room := min(arcs, 1<<16) // a header may promise more than there is
	p.Tail, p.Head = make([]int32, 0, room), make([]int32, 0, room)
	p.Upper, p.Cost = make([]int64, 0, room), make([]int64, 0, room)
	return arcs, nil
}

// baseNode reads "n ID FLOW [TYPE]" of the base.
func (r *NetworkReader) baseNode() error {
	id, supply, kind, err := r.node()
	if err != nil {
		return err
	}
	v, err := r.find(1, id)
	if err != nil {
		return err
	}
	if r.given[v] {
		return r.in.faultAt(1, "the node stands twice")
	}
	r.given[v] = true
	r.net.Problem.Supply[v] = supply
	return r.setType(id, kind)
}

// node reads the fields of "n ID FLOW [TYPE]"; kind is -1 when there is none.
func (r *NetworkReader) node() (id, supply, kind int64, err error) {
	in := r.in
	if err := in.want(3, 4, formN); err != nil {
		return 0, 0, 0, err
	}
	if id, err = in.whole(1, "the node"); err != nil {
		return 0, 0, 0, err
	}
	if supply, err = in.whole(2, "the flow"); err != nil {
		return 0, 0, 0, err
	}
	kind = -1
	if len(in.fields) == 4 {
		r.net.Incremental = true
		if kind, err = in.whole(3, "the type"); err != nil {
			return 0, 0, 0, err
		}
	}
	return id, supply, kind, nil
}

// sinkType is the node type of the sink.
const sinkType = 3

// setType remembers the sink.
func (r *NetworkReader) setType(id, kind int64) error {
	switch {
	case kind == sinkType && r.typed != 0 && r.typed != id:
		return r.in.faultAt(3, fmt.Sprintf("a second sink: node %d is of type 3 already", r.typed))
	case kind == sinkType:
		r.typed = id
	case kind >= 0 && r.typed == id:
		r.typed = 0
	}
	return nil
}

// find returns the position of the node in field k.
func (r *NetworkReader) find(k int, id int64) (int32, error) {
	if r.index != nil {
		if v, ok := r.index[id]; ok {
			return v, nil
		}
		return 0, r.in.faultAt(k, "there is no such node")
	}
	if n := int64(len(r.net.Problem.Supply)); id < 1 || id > n {
		return 0, r.in.faultAt(k, fmt.Sprintf("there is no such node: nodes are 1 to %d", n))
	}
	return int32(id - 1), nil
}

// arc is one line "a" or "x".
type arc struct {
	tail, head         int32
	lower, upper, cost int64
}

// arc reads the fields of "a SRC DST LOW CAP COST".
func (r *NetworkReader) arc(form string) (out arc, err error) {
	in := r.in
	if err := in.want(6, 6, form); err != nil {
		return out, err
	}
	for k, end := range []*int32{&out.tail, &out.head} {
		id, err := in.whole(k+1, "the node")
		if err != nil {
			return out, err
		}
		if *end, err = r.find(k+1, id); err != nil {
			return out, err
		}
	}
	if out.lower, err = in.whole(3, "the lower bound"); err != nil {
		return out, err
	}
	if out.upper, err = in.whole(4, "the capacity"); err != nil {
		return out, err
	}
	if out.cost, err = in.whole(5, "the cost"); err != nil {
		return out, err
	}
	if out.upper == -1 {
		out.upper = mcf.Inf
	}
	switch {
	case out.lower < 0:
		return out, in.faultAt(3, "the lower bound must not be negative")
	case out.upper < 0:
		return out, in.faultAt(4, "the capacity must not be negative (-1 alone means none)")
	case out.upper < out.lower:
		return out, in.faultAt(4, "the capacity is below the lower bound")
	}
	return out, nil
}

// baseArc reads an arc of the base; parallel arcs stay apart.
func (r *NetworkReader) baseArc() error {
	a, err := r.arc(formA)
	if err == nil {
		r.append(a)
	}
	return err
}

// append adds an arc at the end.
func (r *NetworkReader) append(a arc) {
	p := &r.net.Problem
	if a.lower != 0 && p.Lower == nil {
		p.Lower = make([]int64, len(p.Tail), cap(p.Tail))
	}
	if p.Lower != nil {
		p.Lower = append(p.Lower, a.lower)
	}
	p.Tail, p.Head = append(p.Tail, a.tail), append(p.Head, a.head)
	p.Upper, p.Cost = append(p.Upper, a.upper), append(p.Cost, a.cost)
}

// onlyTaker returns the id of the only node with a negative supply, 0 if there is not exactly one.
func (r *NetworkReader) onlyTaker() int64 {
	found := int64(0)
	for v, s := range r.net.Problem.Supply {
		if s >= 0 {
			continue
		}
		if found != 0 {
			return 0
		}
		found = r.net.ID(int32(v))
	}
	return found
}

// sum returns the sum of all supplies; ok is false when it does not fit into 64 bits.
func sum(supplies []int64) (total int64, ok bool) {
	var high, low uint64
	for _, s := range supplies {
		var carry uint64
		low, carry = bits.Add64(low, uint64(s), 0)
		high += uint64(s>>63) + carry // sign extension
	}
	total = int64(low)
	return total, int64(high) == total>>63
}
