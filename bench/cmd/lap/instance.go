//go:build linux || darwin

package main

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"

	"github.com/courtyard-care/courtyard/solver/lap"
)

// table is what a file holds: whole costs, or three columns of rows, columns and costs; or real costs.
type table struct {
	rows, cols int
	whole      []int32
	real       []float64
}

// degree is the pairs of a row of the sparse families.
const degree = 20

// generate makes an instance of a family:
//
//   - uniform: costs 0 to 999,999. ties: costs 1 to 100. product: row i and column j cost i·j (Machol and Wien 1976).
//   - near: homes and resources around max(4, n/500) centres uniform on 30 × 30 km, normal spread 1.2 km; cost = metres.
//   - random: each row with 19 random columns and one of a hidden assignment, costs 1 to 100,000.
//   - around: each home of near with its 19 nearest resources and one of a hidden assignment, cost = metres.
func generate(family string, n int, seed uint64) (*table, error) {
	if n < degree {
		return nil, fmt.Errorf("-n: at least %d", degree)
	}
	rng := rand.New(rand.NewPCG(seed, uint64(n)))
	dense := func(cost func(i, j int) int32) *table {
		t := &table{rows: n, cols: n, whole: make([]int32, n*n)}
		for k := range t.whole {
			t.whole[k] = cost(k/n, k%n)
		}
		return t
	}
	switch family {
	case "uniform":
		return dense(func(int, int) int32 { return rng.Int32N(1_000_000) }), nil
	case "ties":
		return dense(func(int, int) int32 { return 1 + rng.Int32N(100) }), nil
	case "product":
		return dense(func(i, j int) int32 { return int32(i+1) * int32(j+1) }), nil
	case "near":
		m := newTown(rng, n)
		return dense(m.metres), nil
	case "random":
		return lists(rng, n, func(int) []int32 {
			cols := make([]int32, 0, degree-1)
			for len(cols) < degree-1 {
				if j := rng.Int32N(int32(n)); !slices.Contains(cols, j) {
					cols = append(cols, j)
				}
			}
			return cols
		}, func(int, int32) int32 { return 1 + rng.Int32N(100_000) }), nil
	case "around":
		m := newTown(rng, n)
		return lists(rng, n, m.nearest(), func(i int, j int32) int32 { return m.metres(i, int(j)) }), nil
	}
	return nil, fmt.Errorf("no such family: %s", family)
}

// lists adds to each row's columns that of a hidden assignment.
func lists(rng *rand.Rand, n int, cols func(i int) []int32, cost func(i int, j int32) int32) *table {
	t := &table{cols: 3}
	hidden := rng.Perm(n)
	for i := range n {
		all := cols(i)
		if j := int32(hidden[i]); !slices.Contains(all, j) {
			all = append(all, j)
		}
		slices.Sort(all)
		for _, j := range all {
			t.whole = append(t.whole, int32(i), j, cost(i, j))
		}
	}
	t.rows = len(t.whole) / 3
	return t
}

// town is homes and resources in the plane, in metres.
type town struct{ home, resource [][2]float64 }

func newTown(rng *rand.Rand, n int) *town {
	const side, spread = 30_000, 1_200
	centre := make([][2]float64, max(4, n/500))
	for k := range centre {
		centre[k] = [2]float64{side * rng.Float64(), side * rng.Float64()}
	}
	points := func() [][2]float64 {
		p := make([][2]float64, n)
		for k := range p {
			c := centre[rng.IntN(len(centre))]
			p[k] = [2]float64{c[0] + spread*rng.NormFloat64(), c[1] + spread*rng.NormFloat64()}
		}
		return p
	}
	return &town{points(), points()}
}

func (t *town) metres(i, j int) int32 {
	return int32(math.Round(math.Hypot(t.home[i][0]-t.resource[j][0], t.home[i][1]-t.resource[j][1])))
}

// nearest returns a function that lists the nearest resources of a home, by way of a grid of cells a kilometre wide.
func (t *town) nearest() func(i int) []int32 {
	const width = 1000.0
	cell := func(p [2]float64) [2]int { return [2]int{int(math.Floor(p[0] / width)), int(math.Floor(p[1] / width))} }
	grid := map[[2]int][]int32{}
	for j, p := range t.resource {
		c := cell(p)
		grid[c] = append(grid[c], int32(j))
	}
	return func(i int) []int32 {
		at := cell(t.home[i])
		for r := 1; ; r *= 2 {
			var found []int32
			for x := at[0] - r; x <= at[0]+r; x++ {
				for y := at[1] - r; y <= at[1]+r; y++ {
					found = append(found, grid[[2]int{x, y}]...)
				}
			}
			slices.SortFunc(found, func(a, b int32) int {
				if d := t.metres(i, int(a)) - t.metres(i, int(b)); d != 0 {
					return int(d)
				}
				return int(a - b)
			})
			if k := degree - 2; len(found) > k && float64(t.metres(i, int(found[k]))) <= width*float64(r) {
				return found[:k+1]
			}
		}
	}
}

// lists returns the table's three columns as a problem.
func (t *table) lists() *lap.Problem[int32] {
	p := &lap.Problem[int32]{Col: make([]int32, t.rows), Cost: make([]int32, t.rows)}
	for k := range t.rows {
		i, j := int(t.whole[3*k]), int(t.whole[3*k+1])
		for p.Rows <= i {
			p.Start, p.Rows = append(p.Start, k), p.Rows+1
		}
		p.Cols = max(p.Cols, j+1)
		p.Col[k], p.Cost[k] = int32(j), t.whole[3*k+2]
	}
	p.Start = append(p.Start, t.rows)
	return p
}

// write writes the table in NumPy's format 1.0.
func (t *table) write(path string) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return fmt.Errorf("write: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	out := bufio.NewWriterSize(f, 1<<20)
	kind := "<i4"
	if t.real != nil {
		kind = "<f8"
	}
	head := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%d, %d), }", kind, t.rows, t.cols)
	for (len(head)+11)%64 != 0 {
		head += " "
	}
	out.WriteString("\x93NUMPY\x01\x00")
	out.Write(binary.LittleEndian.AppendUint16(nil, uint16(len(head)+1)))
	out.WriteString(head + "\n")
	var b [8]byte
	for _, x := range t.whole {
		binary.LittleEndian.PutUint32(b[:], uint32(x))
		out.Write(b[:4])
	}
	for _, x := range t.real {
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(x))
		out.Write(b[:])
	}
	return out.Flush()
}

var header = regexp.MustCompile(`'descr': '<(i4|f8)', 'fortran_order': False, 'shape': \((\d+), (\d+)\)`)

// read reads what write wrote.
func read(path string) (*table, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	if !bytes.HasPrefix(data, []byte("\x93NUMPY\x01\x00")) || len(data) < 10 {
		return nil, fmt.Errorf("read %s: no file of NumPy 1.0", path)
	}
	end := 10 + int(binary.LittleEndian.Uint16(data[8:]))
	if end > len(data) {
		return nil, fmt.Errorf("read %s: %w", path, io.ErrUnexpectedEOF)
	}
	m := header.FindSubmatch(data[10:end])
	if m == nil {
		return nil, fmt.Errorf("read %s: not a matrix of int32 or float64", path)
	}
	t := &table{}
	if t.rows, err = strconv.Atoi(string(m[2])); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if t.cols, err = strconv.Atoi(string(m[3])); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	data = data[end:]
	width := 4
	if string(m[1]) == "f8" {
		width = 8
	}
	if t.cols > 0 && t.rows > len(data)/width/t.cols {
		return nil, fmt.Errorf("read %s: %w", path, io.ErrUnexpectedEOF)
	}
	for k := range t.rows * t.cols {
		if width == 8 {
			t.real = append(t.real, math.Float64frombits(binary.LittleEndian.Uint64(data[8*k:])))
		} else {
			t.whole = append(t.whole, int32(binary.LittleEndian.Uint32(data[4*k:])))
		}
	}
	return t, nil
}
