package match

import (
	"math"
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// model is a problem compiled to dense arrays. An entry is one service of one resource: what a need can be matched to.
type model struct {
	p      *Problem
	metric *travel.Metric

	needs     []need
	resources []resource
	homes     []travel.Origin // places of the needs
	bases     []travel.Origin // places of the resources
	entries   []entry         // grouped by service, in each group by resource
	services  []offered
	providers []provider // only those with a quota

	words int      // words of a bitset
	bits  []uint64 // bitsets of needs and resources: qualifications, then languages

	separation int64          // S: more than twice any chain of costs, see newModel
	penalty    [Classes]int64 // of a unit unmet, by class
}

type need struct {
	at       [3]float64
	units    int64
	reach    int64 // most metres, math.MaxInt64 for no limit
	maxPrice int64
	service  int32 // -1 if nobody offers it
	bits     int32 // its bitsets start here: required qualifications, accepted languages
	kinds    uint8 // accepted kinds, a bit each
	gender   uint8 // 0 none, 1 female, 2 male
	class    uint8 // 0 to Classes-1
	visit    bool
	speaks   bool // asks for a language
}

type resource struct {
	capacity int64
	radius   int64
	price    int64
	provider int32 // position in model.providers; -1 if none or no quota
	bits     int32
	kind     uint8
	gender   uint8
}

type entry struct {
	resource int32
	offer    int32 // position in the resource's services
	limit    int64 // of the service, -1 when it can never bind
}

// offered is one service with the entries that offer it.
type offered struct {
	from, to int32 // model.entries[from:to]
	index    *travel.Index
	radius   int64 // greatest radius of its resources
}

type provider struct {
	position int32 // in the problem's list
	quota    int64
}

// failing is a set of static constraints that a pair fails.
type failing uint16

const (
	failsKind failing = 1 << iota
	failsMode
	failsGender
	failsSkill
	failsLanguage
	failsArea
	failsPrice
	failsMaxDistance
	failsRadius
	failsReach
)

// codes names the bits of failing, in the order in which reasons are given.
var codes = [...]struct {
	bit  failing
	code Code
}{
	{failsKind, CodeKind},
	{failsMode, CodeMode},
	{failsSkill, CodeSkill},
	{failsLanguage, CodeLanguage},
	{failsGender, CodeGender},
	{failsArea, CodeArea},
	{failsPrice, CodePrice},
	{failsMaxDistance, CodeMaxDistance},
	{failsRadius, CodeRadius},
	{failsReach, CodeReachable},
}

// newModel compiles a valid problem. O(size of the lists + e log e) for e entries.
//
// A unit unmet of class 1, 2, 3 costs 6S, 4S, S with S = 2B+1, where B bounds what any chain of exchanges can gain or
// lose in cost (Problem.chainBound). Two matches differ by chains, and a chain changes the number of unmet units in at
// most two classes, by one each, because every chain passes "unmet" at most once: so no saving of cost, and no number of
// units of a lower class, outweighs one unit of a class, and the least total is the lexicographic optimum. The marks
// 0, 1, 4, 6 are a Golomb ruler: from the total of a chain alone one reads which classes it moved.
func newModel(p *Problem, metric *travel.Metric) *model {
	m := &model{p: p, metric: metric}
	chain, _ := p.chainBound()
	m.separation = 2*chain + 1
	m.penalty = [Classes]int64{6 * m.separation, 4 * m.separation, m.separation}
	m.compileResources()
	m.compileNeeds()
	m.compilePlaces()
	return m
}

// vocabulary numbers words.
type vocabulary map[string]int32

func (v vocabulary) number(word string) int32 {
	id, ok := v[word]
	if !ok {
		id = int32(len(v))
		v[word] = id
	}
	return id
}

// venueBit is the bit of care.Venue, the last of care.Kinds.
const venueBit = 1 << 4

func kindBit(k care.Kind) uint8 {
	for b, known := range care.Kinds() {
		if k == known {
			return 1 << b
		}
	}
	return 0
}

func genderCode(g care.Gender) uint8 {
	switch g {
	case care.Female:
		return 1
	case care.Male:
		return 2
	}
	return 0
}

func limitOr(l care.Limit, none int64) int64 {
	if v, ok := l.Value(); ok {
		return v
	}
	return none
}

// compileResources fills resources, entries, providers and the bitsets' layout.
func (m *model) compileResources() {
	lists := &m.p.Lists
	skills, tongues := make(vocabulary), make(vocabulary) // only what some need asks for has a bit
	for i := range lists.Needs {
		for _, q := range lists.Needs[i].Requires {
			skills.number(q)
		}
		for _, w := range lists.Needs[i].Languages {
			tongues.number(w)
		}
	}
	m.words = (max(len(skills), len(tongues)) + 63) / 64
	m.bits = make([]uint64, 2*m.words*(len(lists.Needs)+len(lists.Resources)))

	lent := make(map[string][]string, len(lists.Providers))
	quota := make(map[string]int32)
	for k := range lists.Providers {
		pr := &lists.Providers[k]
		lent[pr.ID] = pr.Qualifications
		if q, ok := pr.Quota.Value(); ok {
			quota[pr.ID] = int32(len(m.providers))
			m.providers = append(m.providers, provider{position: int32(k), quota: q})
		}
	}

	offers := make(vocabulary)
	m.resources = make([]resource, len(lists.Resources))
	perService := []int32{}
	for j := range lists.Resources {
		r := &lists.Resources[j]
		c := &m.resources[j]
		*c = resource{
			capacity: r.Capacity,
			radius:   limitOr(r.RadiusM, math.MaxInt64),
			price:    r.Price,
			provider: -1,
			bits:     int32(2 * m.words * (len(lists.Needs) + j)),
			kind:     kindBit(r.Kind),
			gender:   genderCode(r.Gender),
		}
		if r.Provider != "" {
			if k, ok := quota[r.Provider]; ok {
				c.provider = k
			}
		}
		m.setBits(c.bits, skills, r.Qualifications)
		m.setBits(c.bits, skills, lent[r.Provider])
		m.setBits(c.bits+int32(m.words), tongues, r.Languages)
		for _, o := range r.Services {
			s := offers.number(o.Service)
			if int(s) == len(perService) {
				perService = append(perService, 0)
			}
			perService[s]++
		}
	}

	m.services = make([]offered, len(perService))
	var total int32
	for s, count := range perService {
		m.services[s] = offered{from: total, to: total}
		total += count
	}
	m.entries = make([]entry, total)
	for j := range lists.Resources {
		for k, o := range lists.Resources[j].Services {
			s := &m.services[offers[o.Service]]
			e := entry{resource: int32(j), offer: int32(k), limit: -1}
			// A limit above the capacity can't bind, not even with one more unit of capacity.
			if v, ok := o.Capacity.Value(); ok && v <= lists.Resources[j].Capacity {
				e.limit = v
			}
			m.entries[s.to] = e
			s.to++
			s.radius = max(s.radius, m.resources[j].radius)
		}
	}
	m.needs = make([]need, len(lists.Needs))
	for i := range lists.Needs {
		m.needs[i].service = -1
		if s, ok := offers[lists.Needs[i].Service]; ok {
			m.needs[i].service = s
		}
		m.needs[i].bits = int32(2 * m.words * i)
		m.setBits(m.needs[i].bits, skills, lists.Needs[i].Requires)
		m.setBits(m.needs[i].bits+int32(m.words), tongues, lists.Needs[i].Languages)
	}
}

func (m *model) setBits(at int32, ids vocabulary, words []string) {
	for _, w := range words {
		if id, ok := ids[w]; ok {
			m.bits[at+id/64] |= 1 << (id % 64)
		}
	}
}

func (m *model) compileNeeds() {
	for i := range m.needs {
		n := &m.p.Lists.Needs[i]
		c := &m.needs[i]
		c.at = travel.Direction(n.At)
		c.units = n.Units
		c.reach = limitOr(n.MaxDistanceM, math.MaxInt64)
		c.maxPrice = limitOr(n.MaxPrice, math.MaxInt64)
		c.class = uint8(n.Priority - 1)
		c.gender = genderCode(n.Gender)
		c.visit = n.Mode == care.Visit
		c.speaks = len(n.Languages) > 0
		for _, k := range n.Accepts {
			c.kinds |= kindBit(k)
		}
		if len(n.Accepts) == 0 {
			c.kinds = 0xff
		}
	}
}

func (m *model) compilePlaces() {
	places := make([]travel.Place, len(m.needs))
	for i := range m.needs {
		places[i] = m.p.Lists.Needs[i].At
	}
	m.homes = m.metric.Prepare(places)
	places = make([]travel.Place, len(m.resources))
	for j := range m.resources {
		places[j] = m.p.Lists.Resources[j].At
	}
	m.bases = m.metric.Prepare(places)
	for s := range m.services {
		group := m.entries[m.services[s].from:m.services[s].to]
		places = make([]travel.Place, len(group))
		for k, e := range group {
			places[k] = m.p.Lists.Resources[e.resource].At
		}
		m.services[s].index = travel.NewIndex(places)
	}
}

// attributes returns which constraints other than distance the pair fails.
func (m *model) attributes(i, j int32) failing {
	n, r := &m.needs[i], &m.resources[j]
	var f failing
	if n.kinds&r.kind == 0 {
		f |= failsKind
	}
	if n.visit && r.kind == venueBit {
		f |= failsMode
	}
	if n.gender != 0 && n.gender != r.gender {
		f |= failsGender
	}
	if r.price > n.maxPrice {
		f |= failsPrice
	}
	if m.words > 0 {
		w := int32(m.words)
		shared := !n.speaks
		for k := range w {
			if m.bits[n.bits+k]&^m.bits[r.bits+k] != 0 {
				f |= failsSkill
			}
			shared = shared || m.bits[n.bits+w+k]&m.bits[r.bits+w+k] != 0
		}
		if !shared {
			f |= failsLanguage
		}
	}
	if areas := m.p.Lists.Resources[j].Areas; len(areas) > 0 && !slices.ContainsFunc(areas, m.p.Lists.Needs[i].Party.Within) {
		f |= failsArea
	}
	return f
}

// distance returns which distance constraints the pair at this distance fails.
func (m *model) distance(i, j int32, metres int64) failing {
	var f failing
	if metres == travel.Unreachable {
		return failsReach
	}
	if metres > m.needs[i].reach {
		f |= failsMaxDistance
	}
	if metres > m.resources[j].radius {
		f |= failsRadius
	}
	return f
}

func (m *model) metres(i, j int32) int64 {
	return m.metric.Between(&m.homes[i], &m.bases[j])
}

// eligible measures a pair; ok says whether it may be matched.
func (m *model) eligible(i, j int32) (metres int64, ok bool) {
	if m.attributes(i, j) != 0 {
		return 0, false
	}
	metres = m.metres(i, j)
	return metres, m.distance(i, j, metres) == 0
}

// cost of one unit of an eligible pair.
func (m *model) cost(i, j int32, metres int64) int64 {
	w := &m.p.Weights
	c := w.Distance*metres + w.Price*m.resources[j].price
	n := &m.p.Lists.Needs[i]
	if len(n.Prefers)+len(n.Avoids) > 0 && w.Preference > 0 && m.broken(n, j) {
		c += w.Preference
	}
	return c
}

// broken reports whether the pair goes against the need's preferences. Lists of preferences are short.
func (m *model) broken(n *care.Need, j int32) bool {
	id := m.p.Lists.Resources[j].ID
	if len(n.Prefers) > 0 && !slices.Contains(n.Prefers, id) {
		return true
	}
	return slices.Contains(n.Avoids, id)
}

// reach returns the metres within which need i looks for resources.
func (m *model) reach(i int32) int64 {
	n := &m.needs[i]
	return min(n.reach, m.services[n.service].radius)
}

// moved reads from the total of a chain of exchanges how it changes the units unmet of each class, and its cost. It is exact
// because the cost is at most B < S/2 and the differences of a Golomb ruler are distinct.
func (m *model) moved(total int64) Objective {
	s := m.separation
	marks := (total + sign(total)*(s/2)) / s
	o := Objective{Cost: total - marks*s}
	up := int64(1)
	if marks < 0 {
		marks, up = -marks, -1
	}
	switch marks { // 6, 4, 1 are the marks of classes 1, 2, 3
	case 1:
		o.Unmet = [Classes]int64{0, 0, up}
	case 2:
		o.Unmet = [Classes]int64{up, -up, 0}
	case 3:
		o.Unmet = [Classes]int64{0, up, -up}
	case 4:
		o.Unmet = [Classes]int64{0, up, 0}
	case 5:
		o.Unmet = [Classes]int64{up, 0, -up}
	case 6:
		o.Unmet = [Classes]int64{up, 0, 0}
	}
	return o
}

func sign(v int64) int64 {
	if v < 0 {
		return -1
	}
	return 1
}

// plus adds two objectives.
func (o Objective) plus(d Objective) Objective {
	for c := range o.Unmet {
		o.Unmet[c] += d.Unmet[c]
	}
	o.Cost += d.Cost
	return o
}

// Less reports whether o is better than q: fewer units unmet of the first class in which they differ, then less cost.
func (o Objective) Less(q Objective) bool {
	for c := range o.Unmet {
		if o.Unmet[c] != q.Unmet[c] {
			return o.Unmet[c] < q.Unmet[c]
		}
	}
	return o.Cost < q.Cost
}
