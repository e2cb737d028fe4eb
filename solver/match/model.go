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
	offers    vocabulary // numbers of the services that somebody offers
	providers []provider // only those with a quota
	hours     hours
	usual     map[string]int64           // minutes of each service
	pairs     map[[2]int32]*care.Pairing // what is said of a need and a resource, by position
	said      map[int32][]*care.Pairing  // pairings by need
	lends     map[int32][]*care.Contract // by resource
	byID      map[string]*care.Provider
	screens   []screen // by entry
	behind    []string // by resource: its provider, that of its team for a member

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
	remote   bool
	paired   bool   // stands in a pairing
	more     bool   // asks for more than a screen tells
	skills   uint64 // the first words of its bitsets
	tongues  uint64
	young    int64 // ages asked for
	old      int64 // -1: no age is asked for
	carers   int64
}

type resource struct {
	capacity int64
	radius   int64
	price    int64
	provider int32 // position in model.providers; -1 if none or no quota
	bits     int32
	kind     uint8
	gender   uint8
	dated    bool  // a qualification that it has, or that is lent to it, holds on some days only
	subsidy  int64 // what the contract pays of the price
	age      int64 // -1: not stated
	members  int64
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
type failing uint32

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
	failsTime
	failsAge
	failsCarers
	failsPairing
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
	{failsTime, CodeTime},
	{failsAge, CodeAge},
	{failsCarers, CodeCarers},
	{failsPairing, CodeForbidden},
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
	chain, _, _ := p.chainBound()
	m.separation = 2*chain + 1
	m.penalty = [Classes]int64{6 * m.separation, 4 * m.separation, m.separation}
	m.compileServices()
	m.compileResources()
	m.compileNeeds()
	m.compilePairings()
	m.compileHours()
	m.compilePlaces()
	m.compileScreens()
	return m
}

// compileServices fills what is looked up by name.
func (m *model) compileServices() {
	lists := &m.p.Lists
	m.usual = make(map[string]int64, len(lists.Services))
	for k := range lists.Services {
		m.usual[lists.Services[k].ID] = lists.Services[k].Minutes
	}
	m.byID = make(map[string]*care.Provider, len(lists.Providers))
	for k := range lists.Providers {
		m.byID[lists.Providers[k].ID] = &lists.Providers[k]
	}
}

// compilePairings fills pairs and marks the needs that stand in one.
func (m *model) compilePairings() {
	lists := &m.p.Lists
	if len(lists.Pairings) == 0 {
		return
	}
	needs, resources := make(vocabulary, len(lists.Needs)), make(vocabulary, len(lists.Resources))
	for i := range lists.Needs {
		needs.number(lists.Needs[i].ID)
	}
	for j := range lists.Resources {
		resources.number(lists.Resources[j].ID)
	}
	m.pairs = make(map[[2]int32]*care.Pairing, len(lists.Pairings))
	m.said = make(map[int32][]*care.Pairing, len(lists.Pairings))
	for k := range lists.Pairings {
		x := &lists.Pairings[k]
		i, j := needs[x.Need], resources[x.Resource]
		m.needs[i].paired = true
		m.pairs[[2]int32{i, j}] = x
		m.said[i] = append(m.said[i], x)
	}
}

// pairing returns what is said of a pair, nil if nothing.
func (m *model) pairing(i, j int32) *care.Pairing {
	if !m.needs[i].paired {
		return nil
	}
	return m.pairs[[2]int32{i, j}]
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

	m.lends = make(map[int32][]*care.Contract, len(lists.Contracts))
	if len(lists.Contracts) > 0 {
		at := make(vocabulary, len(lists.Resources))
		for j := range lists.Resources {
			at.number(lists.Resources[j].ID)
		}
		for k := range lists.Contracts {
			j := at[lists.Contracts[k].Resource]
			m.lends[j] = append(m.lends[j], &lists.Contracts[k])
		}
	}

	teams := newTeams(lists)
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
			age:      limitOr(r.Age, -1),
			members:  headcount(r),
			dated:    len(r.Expires) > 0,
		}
		behind := teams.provider(r)
		m.behind = append(m.behind, behind)
		if pr := m.byID[behind]; pr != nil {
			if v, ok := pr.Subsidy.Value(); ok {
				c.subsidy = min(v, r.Price)
			}
			c.dated = c.dated || len(pr.Expires) > 0
		}
		if r.Provider != "" {
			if k, ok := quota[r.Provider]; ok {
				c.provider = k
			}
		}
		m.setBits(c.bits, skills, r.Qualifications)
		m.setBits(c.bits, skills, lent[behind])
		for _, x := range m.lends[int32(j)] {
			m.setBits(c.bits, skills, x.Lends)
			if len(x.Lends) == 0 {
				m.setBits(c.bits, skills, lent[x.Provider])
			}
			c.dated = c.dated || x.From != 0 || x.To != 0 || len(m.byID[x.Provider].Expires) > 0
		}
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
	m.offers = offers
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
		c.units = m.units(int32(i))
		c.reach = limitOr(n.MaxDistanceM, math.MaxInt64)
		c.maxPrice = limitOr(n.MaxPrice, math.MaxInt64)
		c.class = uint8(n.Priority - 1)
		c.gender = genderCode(n.Gender)
		c.visit = n.Mode != care.Attend
		c.remote = n.Mode == care.Remote
		c.young, c.old = limitOr(n.AgeFrom, 0), limitOr(n.AgeTo, math.MaxInt64)
		if c.young == 0 && c.old == math.MaxInt64 {
			c.old = -1
		}
		c.carers = max(1, n.Carers)
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
	if r.price-r.subsidy > n.maxPrice {
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
	if n.old >= 0 && (r.age < n.young || r.age > n.old) { // -1, not stated, is below any
		f |= failsAge
	}
	if n.carers > r.members {
		f |= failsCarers
	}
	if x := m.pairing(i, j); x != nil && (x.State == care.Forbidden || x.State == care.Declined) {
		f |= failsPairing
	}
	return f
}

// onDay returns which constraints the pair fails on one day of the horizon, or on none in particular, when this service is given.
func (m *model) onDay(i, j, day int32, service string) failing {
	var f failing
	if m.resources[j].dated && !m.qualified(i, j, day) {
		f |= failsSkill
	}
	n := &m.p.Lists.Needs[i]
	if day != noDay && (n.When.Once() || n.When.Recurs()) && m.missing(i, j, day, service) > 0 {
		f |= failsTime
	}
	return f
}

// qualified reports whether the resource holds every qualification that the need requires on a day.
func (m *model) qualified(i, j, day int32) bool {
	date := m.p.Horizon.Date(max(0, day))
	for _, q := range m.p.Lists.Needs[i].Requires {
		if !m.holds(q, j, date) {
			return false
		}
	}
	return true
}

// holds reports whether a qualification of a resource, its own or a lent one, holds on a date.
func (m *model) holds(q string, j int32, date care.Date) bool {
	lasts := func(has []string, expires []care.Expiry) bool {
		return slices.Contains(has, q) && !slices.ContainsFunc(expires, func(x care.Expiry) bool {
			return x.Qualification == q && x.Until < date
		})
	}
	r := &m.p.Lists.Resources[j]
	if lasts(r.Qualifications, r.Expires) {
		return true
	}
	if pr := m.byID[m.behind[j]]; pr != nil && lasts(pr.Qualifications, pr.Expires) {
		return true
	}
	return slices.ContainsFunc(m.lends[j], func(x *care.Contract) bool {
		pr := m.byID[x.Provider]
		lent := len(x.Lends) == 0 || slices.Contains(x.Lends, q)
		return lent && date >= x.From && (x.To == 0 || date <= x.To) && lasts(pr.Qualifications, pr.Expires)
	})
}

// teams finds the team of a volunteer.
type teams map[string]*care.Resource

func newTeams(lists *care.Lists) teams {
	t := make(teams)
	for j := range lists.Resources {
		if r := &lists.Resources[j]; r.Kind == care.Team {
			t[r.ID] = r
		}
	}
	return t
}

// provider returns the id of the provider behind a resource: a member stands behind that of its team.
func (t teams) provider(r *care.Resource) string {
	if team := t[r.Team]; r.Team != "" && team != nil {
		return team.Provider
	}
	return r.Provider
}

// headcount returns how many serve in a resource.
func headcount(r *care.Resource) int64 {
	if r.Kind == care.Volunteer {
		return limitOr(r.Members, 1)
	}
	return limitOr(r.Members, math.MaxInt64)
}

// distance returns which distance constraints the pair at this distance fails.
func (m *model) distance(i, j int32, metres int64) failing {
	var f failing
	if m.needs[i].remote {
		return 0
	}
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

// metres between a need and a resource; 0 where nobody travels.
func (m *model) metres(i, j int32) int64 {
	if m.needs[i].remote {
		return 0
	}
	return m.metric.Between(&m.homes[i], &m.bases[j])
}

// eligible measures a pair; ok says whether it may be matched.
func (m *model) eligible(i, j int32) (metres int64, ok bool) {
	if m.attributes(i, j) != 0 || m.onDay(i, j, noDay, "") != 0 {
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
	for _, x := range n.Interests {
		if !slices.Contains(m.p.Lists.Resources[j].Interests, x) {
			c += w.Interest
		}
	}
	if x := m.pairing(i, j); x != nil {
		c += x.Cost
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
	if n.remote {
		return math.MaxInt64
	}
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
