// Package town makes the care instances of the benchmarks: homes and helpers in clusters, as a network for the
// flow solvers ([Town.Flow]) and as lists for the whole match ([Town.Lists]). Everything is synthetic. The same sizes
// and seed give the same instance, byte for byte.
package town

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// The recipe.
const (
	Side       = 30_000  // side of the square, metres
	Spread     = 1_200   // standard deviation of homes and resources around their centre, metres
	Degree     = 20      // arcs of a home, to its nearest resources
	Noise      = 300     // an arc costs its metres and uniform 0..Noise-1
	UnmetCost  = 200_000 // cost of leaving a home unmet, above any distance
	homesACore = 500     // homes a centre
	leastCores = 4
)

// Point is a place on the plane, metres from the south-west corner of the square.
type Point struct{ X, Y float64 }

// Town is one instance: Homes ask for one unit each, resource j has Capacity[j] units, about as many in total as there
// are homes.
type Town struct {
	Homes     []Point
	Resources []Point
	Capacity  []int64 // uniform 1..max(2, floor(2.2 n/m))-1; length m
	centres   []Point
	seed      uint64
}

// New returns the town of n homes and m resources, both >= 1, around max(4, n/500) centres uniform on the square.
func New(n, m int, seed uint64) *Town {
	rng := rand.New(rand.NewPCG(seed, 1))
	centres := newCentres(rng, n)
	t := &Town{Homes: around(rng, centres, n), Resources: around(rng, centres, m), Capacity: make([]int64, m), centres: centres, seed: seed}
	most := max(2, 22*n/(10*m)) - 1
	for j := range t.Capacity {
		t.Capacity[j] = 1 + int64(rng.IntN(most))
	}
	return t
}

// newCentres draws the centres of a town of n homes.
func newCentres(rng *rand.Rand, n int) []Point {
	centres := make([]Point, max(leastCores, n/homesACore))
	for i := range centres {
		centres[i] = Point{X: Side * rng.Float64(), Y: Side * rng.Float64()}
	}
	return centres
}

// around draws points around centres.
func around(rng *rand.Rand, centres []Point, count int) []Point {
	points := make([]Point, count)
	for i := range points {
		c := centres[rng.IntN(len(centres))]
		points[i] = Point{
			X: c.X + float64(Spread*rng.NormFloat64()),
			Y: c.Y + float64(Spread*rng.NormFloat64()),
		}
	}
	return points
}

// near is one resource and how far it is.
type near struct {
	resource int32
	metres   float64
}

// grid finds the nearest resources of a place. Points are kept by square cells, cell by cell.
type grid struct {
	points     []Point
	minX, minY float64
	cell       float64 // side of a cell, metres
	cols, rows int
	start      []int32 // start[c]: first entry of cell c in order
	order      []int32
}

// newGrid sorts points into cells, about two points to a cell if they were spread evenly.
func newGrid(points []Point) *grid {
	g := &grid{points: points, minX: math.Inf(1), minY: math.Inf(1)}
	maxX, maxY := math.Inf(-1), math.Inf(-1)
	for _, p := range points {
		g.minX, maxX = min(g.minX, p.X), max(maxX, p.X)
		g.minY, maxY = min(g.minY, p.Y), max(maxY, p.Y)
	}
	g.cell = max(1, math.Sqrt((maxX-g.minX)*(maxY-g.minY)*2/float64(len(points))))
	g.cols = int((maxX-g.minX)/g.cell) + 1
	g.rows = int((maxY-g.minY)/g.cell) + 1
	g.start = make([]int32, g.cols*g.rows+1)
	for _, p := range points {
		g.start[g.index(p)+1]++
	}
	for c := range g.cols * g.rows {
		g.start[c+1] += g.start[c]
	}
	next := slices.Clone(g.start)
	g.order = make([]int32, len(points))
	for i, p := range points {
		c := g.index(p)
		g.order[next[c]] = int32(i)
		next[c]++
	}
	return g
}

// at returns the column and row of p, clamped to the grid.
func (g *grid) at(p Point) (col, row int) {
	col = min(max(int((p.X-g.minX)/g.cell), 0), g.cols-1)
	row = min(max(int((p.Y-g.minY)/g.cell), 0), g.rows-1)
	return col, row
}

func (g *grid) index(p Point) int {
	col, row := g.at(p)
	return row*g.cols + col
}

// nearest returns the k points nearest to p (all if there are fewer), nearest first, ties by number, in found's memory.
// It looks at ring after ring of cells until nothing outside the rings can be nearer than the k-th found.
func (g *grid) nearest(p Point, k int, found []near) []near {
	found = found[:0]
	col, row := g.at(p)
	// a place off the grid is so much farther from the border of its ring
	off := max(g.minX-p.X, p.X-(g.minX+float64(g.cols)*g.cell), g.minY-p.Y, p.Y-(g.minY+float64(g.rows)*g.cell), 0)
	for ring := range max(g.cols, g.rows) {
		for r := row - ring; r <= row+ring; r++ {
			step := 2 * ring
			if r == row-ring || r == row+ring || ring == 0 {
				step = 1
			}
			for c := col - ring; c <= col+ring; c += step {
				if r < 0 || r >= g.rows || c < 0 || c >= g.cols {
					continue
				}
				for _, i := range g.order[g.start[r*g.cols+c]:g.start[r*g.cols+c+1]] {
					dx, dy := g.points[i].X-p.X, g.points[i].Y-p.Y
					found = append(found, near{i, math.Sqrt(float64(dx*dx) + float64(dy*dy))})
				}
			}
		}
		if len(found) < k {
			continue
		}
		slices.SortFunc(found, func(a, b near) int {
			return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.resource, b.resource))
		})
		found = found[:k]
		if found[k-1].metres <= float64(ring)*g.cell-off {
			return found
		}
	}
	slices.SortFunc(found, func(a, b near) int {
		return cmp.Or(cmp.Compare(a.metres, b.metres), cmp.Compare(a.resource, b.resource))
	})
	return found[:min(k, len(found))]
}
