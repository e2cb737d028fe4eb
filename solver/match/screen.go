package match

import (
	"github.com/courtyard-care/courtyard/solver/travel"
)

// screen is what the commonest tests of a pair read of an entry's resource, in one cache line: a count of all eligible pairs
// of a city asks a hundred times as many, and nearly all of them fail here.
type screen struct {
	at       [3]float64 // see travel.Direction
	price    int64      // that the need pays: the subsidy taken off
	skills   uint64     // the first word of its bitsets
	tongues  uint64
	resource int32
	kind     uint8
	gender   uint8
	more     bool // there is more to ask: areas, dates, further words
}

// compileScreens fills screens; everything that it reads must be there.
func (m *model) compileScreens() {
	m.screens = make([]screen, len(m.entries))
	for e := range m.entries {
		j := m.entries[e].resource
		r := &m.resources[j]
		s := &m.screens[e]
		*s = screen{
			at: travel.Direction(m.p.Lists.Resources[j].At), price: r.price - r.subsidy, resource: j, kind: r.kind, gender: r.gender,
			more: m.words > 1 || r.dated || len(m.p.Lists.Resources[j].Areas) > 0,
		}
		if m.words > 0 {
			s.skills, s.tongues = m.bits[r.bits], m.bits[r.bits+int32(m.words)]
		}
	}
	for i := range m.needs {
		n := &m.needs[i]
		if m.words > 0 {
			n.skills, n.tongues = m.bits[n.bits], m.bits[n.bits+int32(m.words)]
		}
		n.more = n.paired || n.old >= 0 || n.carers > 1
	}
}

// screened returns which constraints other than distance a pair fails, the day left aside: all of them where they are none or
// one, some where they are more.
func (m *model) screened(i, e int32) failing {
	n, s := &m.needs[i], &m.screens[e]
	var f failing
	if n.kinds&s.kind == 0 {
		f |= failsKind
	}
	if n.visit && s.kind == venueBit {
		f |= failsMode
	}
	if n.gender != 0 && n.gender != s.gender {
		f |= failsGender
	}
	if s.price > n.maxPrice {
		f |= failsPrice
	}
	if n.skills&^s.skills != 0 {
		f |= failsSkill
	}
	if n.speaks && m.words == 1 && n.tongues&s.tongues == 0 {
		f |= failsLanguage
	}
	if (s.more || n.more) && !f.several() {
		f |= m.attributes(i, s.resource) | m.onDay(i, s.resource, noDay, "")
	}
	return f
}

// several reports whether there is more than one constraint in f.
func (f failing) several() bool { return f&(f-1) != 0 }
