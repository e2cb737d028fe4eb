package match

import (
	"math"

	"github.com/courtyard-care/courtyard/solver/travel"
)

// arcTest tells from a chord alone, most times, that a pair is within a limit or beyond it: a way around barriers takes a
// hundred times as long to measure.
type arcTest struct {
	stretch    float64   // metres of a way, at least, for each metre along the great circle
	open       bool      // no barriers
	radius     []float64 // by resource: see within
	beyond     []float64 // by resource: see farther
	joinedHome []bool    // by need: some way leads to the first resource
	joinedBase []bool    // by resource: so
}

func newArcTest(m *model) *arcTest {
	t := &arcTest{
		stretch: max(1, m.p.Detour) * travel.EarthRadiusM, open: len(m.p.Barriers) == 0,
		radius: make([]float64, len(m.resources)), beyond: make([]float64, len(m.resources)),
		joinedHome: make([]bool, len(m.needs)), joinedBase: make([]bool, len(m.resources)),
	}
	for i := range m.needs {
		t.joinedHome[i] = t.open || len(m.bases) > 0 && t.joined(m, &m.homes[i])
	}
	for j := range m.resources {
		t.joinedBase[j] = t.open || t.joined(m, &m.bases[j])
		t.radius[j] = t.within(m.resources[j].radius, t.joinedBase[j])
		t.beyond[j] = t.farther(m.resources[j].radius)
	}
	return t
}

// joined reports whether a way leads to the first resource. Two places from which one does have a way to each other. Near the
// antipode of the first resource, where barriers are left aside, that would not follow.
func (t *arcTest) joined(m *model, at *travel.Origin) bool {
	metres := m.metric.Between(at, &m.bases[0])
	return metres != travel.Unreachable && float64(m.metric.Direct(at, &m.bases[0])) < 0.99*math.Pi*t.stretch
}

// within returns a squared chord below which the way is surely at most limit metres: a metre less, to cover rounding. joined:
// of an end of the way, see joinedHome; without barriers, or without a limit, a chord tells.
func (t *arcTest) within(limit int64, joined bool) float64 {
	switch {
	case limit == math.MaxInt64 && joined:
		return math.Inf(1)
	case !t.open || limit < 1:
		return -1
	}
	angle := (float64(limit) - 1) / t.stretch
	if angle >= math.Pi {
		return math.Inf(1)
	}
	chord := 2 * math.Sin(angle/2) * (1 - slack)
	return chord * chord
}

// farther returns a squared chord from which on a way, where there is one, is surely more than limit metres: two more, to
// cover rounding.
func (t *arcTest) farther(limit int64) float64 {
	angle := (float64(limit) + 2) / t.stretch
	if angle >= math.Pi {
		return math.Inf(1)
	}
	chord := 2 * math.Sin(angle/2) * (1 + slack)
	return chord * chord
}

// least returns metres that a way of this squared chord has at least.
func (t *arcTest) least(chord2 float64) int64 {
	return int64(math.Sqrt(chord2)*t.stretch*(1-slack)) - 1
}
