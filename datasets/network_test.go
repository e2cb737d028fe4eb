package datasets

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver/mcf"
)

func zipped(t testing.TB, r io.Reader) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := io.Copy(z, r); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const twoArcs = "c comment\r\n\r\n  p\tmin 3   3 \r\nn 1 +4\nn 3 -4\n a 1 2 0 -1 -7\na 1 3 1 2 3\na 1 3 0 9223372036854775807 0"

func TestReadMin(t *testing.T) {
	for name, r := range map[string]io.Reader{"plain": strings.NewReader(twoArcs), "gzip": bytes.NewReader(zipped(t, strings.NewReader(twoArcs)))} {
		in, err := NewInstance("two.min", r)
		if err != nil {
			t.Fatal(err)
		}
		if in.Gzip != (name == "gzip") {
			t.Errorf("%s: Gzip = %v", name, in.Gzip)
		}
		n, err := ReadMin(in)
		if err != nil {
			t.Fatal(err)
		}
		want := mcf.Problem{
			Supply: []int64{4, 0, -4}, Tail: []int32{0, 0, 0}, Head: []int32{1, 2, 2},
			Lower: []int64{0, 1, 0}, Upper: []int64{mcf.Inf, 2, mcf.Inf}, Cost: []int64{-7, 3, 0},
		}
		if d := cmp.Diff(want, n.Problem); d != "" {
			t.Errorf("%s: %s", name, d)
		}
		var out bytes.Buffer
		if err := n.WriteSolution(&out, 6, []int64{0, 2, 2}); err != nil {
			t.Fatal(err)
		}
		if got, want := out.String(), "s 6\nf 1 2 0\nf 1 3 2\nf 1 3 2\n"; got != want {
			t.Errorf("WriteSolution = %q, want %q", got, want)
		}
	}
}

func TestBadNetworks(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":               {"", "x.min: the file is empty; a network begins with: p min NODES ARCS"},
		"comments only":       {"c hi\n", "x.min:1: there is no header: p min NODES ARCS"},
		"no header":           {"n 1 1\n", `x.min:1:1: the header must come first: p min NODES ARCS (value "n")`},
		"other problem":       {"p asn 1 1\n", `x.min:1:3: the problem must be min, a minimum cost flow (value "asn")`},
		"second header":       {"p min 1 0\np min 1 0\n", `x.min:2:1: a second header: there is one line p min NODES ARCS (value "p")`},
		"short header":        {"p min 1\n", `x.min:1: the line is too short: p min NODES ARCS (value "p")`},
		"huge header":         {"p min 99999999999 0\n", `x.min:1:7: the number of nodes must be from 0 to 67108864 (value "99999999999")`},
		"negative header":     {"p min 1 -1\n", `x.min:1:9: the number of arcs must be from 0 to 1073741824 (value "-1")`},
		"no such line":        {"p min 1 0\nq 1\n", `x.min:2:1: no such line in a network: it must begin with c, p, n or a (value "q")`},
		"node of no network":  {"p min 2 0\nn 3 1\n", `x.min:2:3: there is no such node: nodes are 1 to 2 (value "3")`},
		"node 0":              {"p min 2 1\na 0 1 0 1 1\n", `x.min:2:3: there is no such node: nodes are 1 to 2 (value "0")`},
		"node twice":          {"p min 2 0\nn 1 1\nn 1 1\n", `x.min:3:3: the node stands twice (value "1")`},
		"a word":              {"p min 2 1\na  1 2 0 x 1\n", `x.min:2:10: the capacity must be a whole number (value "x")`},
		"a fraction":          {"p min 2 1\na 1 2 0 1 1.5\n", `x.min:2:11: the cost must be a whole number (value "1.5")`},
		"overflow":            {"p min 2 1\na 1 2 0 1 9223372036854775808\n", `x.min:2:11: the cost does not fit into 64 bits (value "9223372036854775808")`},
		"negative lower":      {"p min 2 1\na 1 2 -1 1 1\n", `x.min:2:7: the lower bound must not be negative (value "-1")`},
		"negative capacity":   {"p min 2 1\na 1 2 0 -2 1\n", `x.min:2:9: the capacity must not be negative (-1 alone means none) (value "-2")`},
		"crossed bounds":      {"p min 2 1\na 1 2 3 2 1\n", `x.min:2:9: the capacity is below the lower bound (value "2")`},
		"too few fields":      {"p min 2 1\na 1 2 0 1\n", `x.min:2: the line is too short: a SRC DST LOW CAP COST (value "a")`},
		"too many fields":     {"p min 2 1\na 1 2 0 1 1 7\n", `x.min:2:13: the line goes on too long: a SRC DST LOW CAP COST (value "7")`},
		"too few arcs":        {"p min 2 2\na 1 2 0 1 1\n", `x.min:2: the header announces 2 arcs, the file has 1`},
		"too many arcs":       {"p min 2 1\na 1 2 0 1 1\na 1 2 0 1 1\n", `x.min:3:1: more than the 1 arcs that the header announces (value "a")`},
		"changes":             {"p min 2 0\nc EOI\nn 1 1\nc EOI\n", `x.min:4: changes follow the network: read it as incremental`},
		"change before EOI":   {"p min 2 0\nx 1 2 0 1 1\n", `x.min:2:1: no such line in a network: it must begin with c, p, n or a (value "x")`},
		"unknown node change": {"p min 2 0\nc EOI\nr 7\n", `x.min:3:3: there is no such node (value "7")`},
		"removed node":        {"p min 2 0\nc EOI\nr 1\na 1 2 0 1 1\n", `x.min:4:3: there is no such node (value "1")`},
		"no such change":      {"p min 2 0\nc EOI\nq\n", `x.min:3:1: no such change: it must begin with n, a, x or r (value "q")`},
		"header as change":    {"p min 2 0\nc EOI\np min 1 1\n", `x.min:3:1: a second header: changes follow the base network (value "p")`},
		"two sinks":           {"p min 2 0\nn 1 -1 3\nn 2 -1 3\n", `x.min:3:8: a second sink: node 1 is of type 3 already (value "3")`},
		"supplies overflow":   {"p min 3 0\nc EOI\nn 1 9223372036854775807\nn 2 9223372036854775807\nc EOI\n", `x.min:5: the supplies do not add up within 64 bits`},
	} {
		t.Run(name, func(t *testing.T) {
			in, err := NewInstance("x.min", strings.NewReader(c.text))
			if err != nil {
				t.Fatal(err)
			}
			_, err = ReadMin(in)
			if _, ok := errors.AsType[*InstanceError](err); !ok || err.Error() != c.want {
				t.Errorf("error = %v, want %s", err, c.want)
			}
		})
	}
}

// TestChanges follows a small network through every kind of change.
func TestChanges(t *testing.T) {
	in := strings.NewReader(`p min 4 4
n 1 2 1
n 4 -2 3
a 1 2 0 5 1
a 1 2 0 5 2
a 1 3 0 5 3
a 3 4 0 5 4
c EOI
c both arcs of the pair become one; a new pair; a new node with supply, which the sink takes
a 1 2 1 3 9
x 2 4 0 -1 0
n 17 5
a 17 4 0 7 1
c EOI
c a pair is removed, an absent one too; a supply is set
x 1 2 0 0 9
x 2 1 0 0 9
n 1 0
c EOI
c a node is removed and comes back under its id, without arcs
r 3
n 3 1
c EOI
c EOI
r 4
n 1 3
c the last block may lack its end`)
	type state struct {
		supplies map[int64]int64
		arcs     []string // SRC DST LOW CAP COST
	}
	reader := NewNetworkReader(in)
	var got []state
	for {
		n, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		s := state{supplies: map[int64]int64{}}
		for v, supply := range n.Problem.Supply {
			if supply != 0 {
				s.supplies[n.ID(int32(v))] += supply
			}
		}
		s.arcs = liveArcs(n)
		got = append(got, s)
	}
	want := []state{
		{map[int64]int64{1: 2, 4: -2}, []string{"1 2 0 5 1", "1 2 0 5 2", "1 3 0 5 3", "3 4 0 5 4"}},
		{map[int64]int64{1: 2, 17: 5, 4: -7}, []string{"1 2 1 3 9", "1 3 0 5 3", "3 4 0 5 4", "2 4 0 inf 0", "17 4 0 7 1"}},
		{map[int64]int64{17: 5, 4: -5}, []string{"1 3 0 5 3", "3 4 0 5 4", "2 4 0 inf 0", "17 4 0 7 1"}},
		{map[int64]int64{17: 5, 3: 1, 4: -6}, []string{"2 4 0 inf 0", "17 4 0 7 1"}},
		{map[int64]int64{17: 5, 3: 1, 4: -6}, []string{"2 4 0 inf 0", "17 4 0 7 1"}},
		{map[int64]int64{17: 5, 3: 1, 1: 3}, nil}, // no sink is left: infeasible as it stands
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(state{})); d != "" {
		t.Error(d)
	}
}

// liveArcs lists the arcs that may carry flow.
func liveArcs(n *Network) []string {
	var out []string
	p := &n.Problem
	for a := range p.Tail {
		if p.Upper[a] == 0 {
			continue
		}
		var b bytes.Buffer
		lower := int64(0)
		if p.Lower != nil {
			lower = p.Lower[a]
		}
		writeInts(&b, n.ID(p.Tail[a]), n.ID(p.Head[a]), lower, p.Upper[a], p.Cost[a])
		out = append(out, b.String())
	}
	return out
}

func writeInts(b *bytes.Buffer, values ...int64) {
	for i, v := range values {
		if i > 0 {
			b.WriteByte(' ')
		}
		if v == math.MaxInt64 {
			b.WriteString("inf")
			continue
		}
		b.WriteString(itoa(v))
	}
}

// TestRenumbering runs changes until the dead outnumber the living, and compares with reading the same network plainly.
func TestRenumbering(t *testing.T) {
	var text strings.Builder
	text.WriteString("p min 3 2\nn 1 1\nn 3 -1\na 1 2 0 1 1\na 2 3 0 1 1\nc EOI\n")
	id := int64(3)
	for range 400 {
		for range 4 { // four nodes come and three of them go
			id++
			text.WriteString("n " + itoa(id) + " 0\na 1 " + itoa(id) + " 0 1 " + itoa(id) + "\na " + itoa(id) + " 3 1 2 0\n")
		}
		text.WriteString("r " + itoa(id) + "\nr " + itoa(id-1) + "\nr " + itoa(id-2) + "\nc EOI\n")
	}
	reader := NewNetworkReader(strings.NewReader(text.String()))
	var last *Network
	renumbered := 0
	for {
		n, err := reader.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if last = n; n.Renumbered {
			renumbered++
		}
	}
	arcs := liveArcs(last)
	if renumbered == 0 || len(arcs) != 2+2*400 {
		t.Errorf("numbered anew %d times, %d arcs, want 802", renumbered, len(arcs))
	}
	if len(last.Problem.Tail) > 2*len(arcs)+spareArcs+100 {
		t.Errorf("%d arcs are kept for %d", len(last.Problem.Tail), len(arcs))
	}
	want := "1 4 0 1 4"
	if arcs[2] != want || arcs[3] != "4 3 1 2 0" {
		t.Errorf("arcs = %v, want the third %q", arcs[:4], want)
	}
}

func TestGzipFaults(t *testing.T) {
	if testing.Short() {
		t.Skip("compresses 40 MB")
	}
	whole := zipped(t, io.MultiReader(strings.NewReader(twoArcs), &endless{text: "\nc 0123456789 abcdefghijklmnop", left: 1 << 20}))
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-6] ^= 1 // of the checksum
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"cut short":     {whole[:len(whole)/2], "read x.gz: the gzip file is cut short: unexpected EOF (after line "},
		"cut at header": {whole[:5], "read x.gz: the gzip file is cut short: unexpected EOF"},
		"cut trailer":   {whole[:len(whole)-4], "the gzip file is cut short"},
		"checksum":      {flipped, "the gzip file is damaged: gzip: invalid checksum"},
		"no gzip":       {[]byte("\x1f\x8b\x09\x00\x00\x00\x00\x00\x00\x00\x00"), "read x.gz: the gzip file is damaged: gzip: invalid header"},
		"bomb":          {zipped(t, io.MultiReader(strings.NewReader("p min 1 0\n"), &endless{text: "c\n", left: 40 << 20})), "x.gz: more than 200 bytes of text for each byte of the gzip file"},
		"long line":     {zipped(t, &endless{text: "p", left: 4 << 20}), "x.gz:1: the line is longer than 65536 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			var err error
			used := peak(func() {
				var in *Instance
				if in, err = NewInstance("x.gz", bytes.NewReader(c.file)); err == nil {
					_, err = ReadMin(in)
				}
			})
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %s", err, c.want)
			}
			if used > 16<<20 {
				t.Errorf("needed %d MB of heap", used>>20)
			}
		})
	}
}

func itoa(v int64) string { return strconv.FormatInt(v, 10) }
