package travel

import (
	"fmt"
	"math"
	"sync/atomic"

	"github.com/courtyard-care/courtyard/solver"
)

// MaxDetour is the largest detour factor: with it the longest way still fits into an int64 with room to add up.
const MaxDetour = 1000

// Metric measures ways. It is made once and never changes; any number of goroutines may use it.
type Metric struct {
	detour float64
	scene  *scene // nil without barriers
	table  table  // ways between the vertices where a way may bend
}

// NewMetric returns a metric with a detour factor, 1 to [MaxDetour] (0 means 1), and barriers, which may overlap and touch
// each other; nil means none. What is wrong with the arguments is reported as a *solver.Invalid with pointers /detour and
// /barriers/polygon/ring/place.
//
// A polygon must have an area, rings that do not cross themselves or each other, and holes inside the outer ring; it must
// fit into a circle of 5,000 km radius, and all of them together may have [MaxVertices] vertices. An edge is the shorter
// arc between its ends, and the inside of a ring its smaller side: a polygon may cross the antimeridian or hold a pole.
//
// It takes O(V²) visibility tests for the V vertices where a way may bend, and O(V·L·log V) for the table of ways between
// them, L being the legs among them that a shortest way may use, 150,000 at most; the table takes 8·V² bytes. The lake of
// Dali, 166 vertices, takes 2 ms, a rugged outline of 4,000 vertices 0.7 s.
func NewMetric(detour float64, barriers []Polygon) (*Metric, error) {
	bad := &solver.Invalid{}
	if detour == 0 {
		detour = 1
	}
	if !(detour >= 1 && detour <= MaxDetour) {
		bad.Add(solver.Fault{
			Pointer: "/detour", Code: "out_of_range", Value: fmt.Sprint(detour),
			Detail: fmt.Sprintf("the detour factor must be a number from 1 to %d", MaxDetour),
		})
	}
	m := &Metric{detour: detour}
	if len(barriers) > 0 {
		if m.scene = newScene(barriers, bad); m.scene != nil {
			m.table = newTable(m.scene, bad)
		}
	}
	if err := bad.Err(); err != nil {
		return nil, err
	}
	return m, nil
}

// Metres returns the length of the shortest way between two places times the detour factor, rounded half up to the metre,
// or [Unreachable]. It is symmetric, and 0 between identical places. Between antipodes, where every great circle is
// a way, barriers are left aside. For a place inside a barrier (see [Metric.Inside]) the answer means nothing.
//
// It never is less than the great circle times the detour factor, rounded the same way (see [Metric.Direct]).
func (m *Metric) Metres(a, b Place) int64 {
	var oa, ob Origin
	m.prepare(&oa, a)
	m.prepare(&ob, b)
	return m.Between(&oa, &ob)
}

// Direct returns the great circle times the detour factor, rounded half up to the metre: what [Metric.Between] would be
// without barriers, and never more than it is. It costs one haversine.
func (m *Metric) Direct(a, b *Origin) int64 {
	return m.round(a.sphere.metres(&b.sphere))
}

// Inside reports whether p lies inside the barriers, and in which: the position of the polygon. The boundary, [Tolerance]
// wide on either side, is outside, except where polygons touch along it so that it leads nowhere. So is what lies inside by
// the edge's great-circle arc, but not by the line straight in longitude and latitude (edges of at most 5° of longitude):
// a place is refused only where both readings of the polygon agree.
func (m *Metric) Inside(p Place) (barrier int, inside bool) {
	if m.scene == nil {
		return 0, false
	}
	return m.scene.holds(p)
}

// Origin is a place made ready for many questions. Copy none: prepare places with [Metric.Prepare] and use pointers.
type Origin struct {
	place  Place
	sphere sphere
	point  point
	sight  atomic.Pointer[[]view] // filled when a leg from here is blocked for the first time
}

// view is a vertex that a way from an origin may use first.
type view struct {
	bend   int32 // position in scene.bends
	metres float64
}

// Prepare makes places ready. An origin takes 104 bytes, and further 16 bytes a vertex that it sees once a leg from it was
// blocked: around a lake usually fewer than ten.
func (m *Metric) Prepare(places []Place) []Origin {
	os := make([]Origin, len(places))
	for i, p := range places {
		m.prepare(&os[i], p)
	}
	return os
}

func (m *Metric) prepare(o *Origin, p Place) {
	o.place, o.sphere = p, newSphere(p)
	if m.scene != nil {
		o.point = m.scene.locate(p, p.vector())
	}
}

// Place returns the place as it was given.
func (o *Origin) Place() Place { return o.place }

// Between is [Metric.Metres] of two places made ready by the same metric. It may be called from several goroutines with
// the same origins. It allocates only when a leg from an origin is blocked for the first time.
func (m *Metric) Between(a, b *Origin) int64 {
	metres := m.length(a, b)
	if math.IsInf(metres, 1) {
		return Unreachable
	}
	return m.round(metres)
}

// length returns the metres of the shortest way, without the detour factor; +Inf where there is none.
func (m *Metric) length(a, b *Origin) float64 {
	direct := a.sphere.metres(&b.sphere)
	if m.scene == nil || m.scene.visible(&a.point, &b.point) {
		return direct
	}
	// No way is shorter than the great circle, but a sum of legs may be, by its rounding.
	return max(direct, m.around(a, b))
}

// around returns the metres of the shortest way over at least one vertex. The legs are added up in the order of the two
// places, so that the sum is the same for both directions.
func (m *Metric) around(a, b *Origin) float64 {
	if b.place.Lon < a.place.Lon || b.place.Lon == a.place.Lon && b.place.Lat < a.place.Lat {
		a, b = b, a
	}
	best := math.Inf(1)
	from, to := m.sight(a), m.sight(b)
	for _, f := range from {
		// A chord is shorter than any way along the sphere; the margin is far above the rounding of both.
		chord := EarthRadiusM * m.scene.points[m.scene.bends[f.bend]].pos.sub(b.point.pos).norm()
		if f.metres+chord > best+2*Tolerance {
			continue
		}
		row := m.table.row(f.bend)
		for _, t := range to {
			best = min(best, f.metres+row[t.bend]+t.metres)
		}
	}
	return best
}

// sight returns the views of o. Goroutines that ask at the same time find the same.
func (m *Metric) sight(o *Origin) []view {
	if views := o.sight.Load(); views != nil {
		return *views
	}
	s := m.scene
	views := []view{}
	for k, v := range s.bends {
		if to := &s.points[v]; s.tangent(&o.point, to) && s.visible(&o.point, to) {
			views = append(views, view{int32(k), o.sphere.metres(&s.sphere[v])})
		}
	}
	o.sight.Store(&views)
	return views
}

// round scales by the detour factor and rounds half up.
func (m *Metric) round(metres float64) int64 {
	scaled := metres * m.detour
	whole := math.Floor(scaled)
	if scaled-whole >= 0.5 {
		whole++
	}
	return int64(whole)
}
