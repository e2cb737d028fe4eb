package care

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
)

// Measure says what a rule bounds.
type Measure string

// The measures. Those of a room are judged by [Assess]; the others speak of plans and are kept for whoever makes one.
const (
	AreaMin     Measure = "area_min"     // m²: the room has at least so much
	FloorMin    Measure = "floor_min"    // floor: no lower; 1 rules out basements, semi-basements and mezzanines
	FloorMax    Measure = "floor_max"    // floor: no higher, lift or not
	LiftAbove   Measure = "lift_above"   // floor: a room higher than this needs a lift
	BarrierFree Measure = "barrier_free" // yes_no: 1 asks for access without steps
	RadiusMax   Measure = "radius_max"   // m: whom it serves lives no farther
	SeatsMin    Measure = "seats_min"    // seats at once
	Rate        Measure = "rate"         // per_million: units for a million people
	AreaPer100  Measure = "area_per_100" // m² for 100 households of the area
)

// units of the measures, in the order of the documents.
var measureUnits = [...]struct {
	measure Measure
	unit    string
}{
	{AreaMin, "m2"},
	{FloorMin, "floor"},
	{FloorMax, "floor"},
	{LiftAbove, "floor"},
	{BarrierFree, "yes_no"},
	{RadiusMax, "m"},
	{SeatsMin, "seats"},
	{Rate, "per_million"},
	{AreaPer100, "m2"},
}

// Measures lists every measure in the order of the documents.
func Measures() []Measure {
	out := make([]Measure, len(measureUnits))
	for i, m := range measureUnits {
		out[i] = m.measure
	}
	return out
}

// Unit is the unit in which the measure is given, "" for a measure that is none.
func (m Measure) Unit() string {
	for _, u := range measureUnits {
		if u.measure == m {
			return u.unit
		}
	}
	return ""
}

// Rule is one figure of a norm with where it comes from. It is data: the program knows measures, not laws.
type Rule struct {
	ID        string
	Subject   string // id of the use it speaks of
	Measure   Measure
	Value     int64
	Unit      string // that of the measure, stated so that a reader of the file need not look it up
	Region    Party  // a path of division codes, "CN/34": it holds there and below
	ValidFrom Date   // first day; 0: always
	Source    string
	Label     string // how far to trust it: "confirm at the issuing office"
}

// Use is a sort of venue that rooms may become.
type Use struct {
	ID       string
	Name     string
	NameZH   string
	Services []string // those it brings
}

// RuleSet is a versioned collection of rules, of many regions and years.
type RuleSet struct {
	Version string
	Uses    []Use
	Rules   []Rule
}

// Validate reports every fault at once as a [*solver.Invalid], or nil. Two regions, or two dates, may disagree; two rules
// of one region and day on the same measure of the same use may not. O(size of the set).
func (s *RuleSet) Validate() error {
	var all solver.Invalid
	if s.Version == "" {
		all.Add(solver.Fault{Pointer: "/version", Code: "required", Detail: "a version is required"})
	}
	uses := make(map[string]int, len(s.Uses))
	for i := range s.Uses {
		r := row{&all, "uses", i}
		r.id(s.Uses[i].ID, uses)
		if len(s.Uses[i].Services) == 0 {
			r.fault("services", "required", "", "a use must bring at least one service")
		}
		r.words("services", s.Uses[i].Services)
	}
	type place struct {
		subject string
		measure Measure
		region  Party
		from    Date
	}
	seen, known := make(map[string]int, len(s.Rules)), make(map[place]int, len(s.Rules))
	for i := range s.Rules {
		rule, r := &s.Rules[i], row{&all, "rules", i}
		r.id(rule.ID, seen)
		r.knows("subject", rule.Subject, "use", uses)
		r.measure(rule)
		if rule.Region == "" {
			r.fault("region", "required", "", `a region is required, "CN" for the whole country`)
		}
		r.party("region", rule.Region)
		if rule.Source == "" {
			r.fault("source", "required", "", "a source is required: the text, its number and year, or who set it")
		}
		if rule.Label == "" {
			r.fault("label", "required", "", `a label is required, such as "confirm at the issuing office"`)
		}
		at := place{rule.Subject, rule.Measure, rule.Region, rule.ValidFrom}
		if first, dup := known[at]; dup {
			r.fault("measure", "conflict", string(rule.Measure), fmt.Sprintf("the same use, measure, region and day stand at /rules/%d", first))
		} else {
			known[at] = i
		}
	}
	return all.Err()
}

// measure checks the measure, value and unit of a rule.
func (r row) measure(rule *Rule) {
	unit := rule.Measure.Unit()
	if unit == "" {
		r.unknown("measure", string(rule.Measure), "no such measure", func() []string { return plain(Measures()) })
		return
	}
	if rule.Unit != unit {
		r.fault("unit", "invalid", rule.Unit, fmt.Sprintf("must be %q for this measure", unit))
	}
	switch unit {
	case "floor":
		r.between("value", rule.Value, LowestFloor, HighestFloor)
	case "yes_no":
		r.between("value", rule.Value, 0, 1)
	case "m2":
		r.between("value", rule.Value, 0, MaxArea)
	default:
		r.whole("value", rule.Value, 0)
	}
}

// In returns the rules that hold in a region on a day: of each use and measure the one of the nearest region above it, and
// of several there the latest begun. By use in the order of the set, then by measure. O(r log r) for r rules.
func (s *RuleSet) In(region Party, day Date) []Rule {
	var out []Rule
	for _, r := range s.Rules {
		if r.ValidFrom <= day && region.Within(r.Region) {
			out = append(out, r)
		}
	}
	use := make(map[string]int, len(s.Uses))
	for i := range s.Uses {
		use[s.Uses[i].ID] = i
	}
	order := Measures()
	same := func(a, b Rule) int {
		return cmp.Or(cmp.Compare(use[a.Subject], use[b.Subject]), cmp.Compare(slices.Index(order, a.Measure), slices.Index(order, b.Measure)))
	}
	// Of two regions above the same one, the nearer has the longer path.
	slices.SortStableFunc(out, func(a, b Rule) int {
		return cmp.Or(same(a, b), cmp.Compare(len(b.Region), len(a.Region)), cmp.Compare(b.ValidFrom, a.ValidFrom))
	})
	return slices.CompactFunc(out, func(a, b Rule) bool { return same(a, b) == 0 })
}

// Shortfall is one rule that a room does not keep.
type Shortfall struct {
	Rule    Rule
	Have    int64 // the room's figure, in the rule's unit: area, floor, or 0 for no access without steps
	Missing int64 // m² to add; floors too high or too low; 1 for access without steps or a lift that is not there
}

// Change says in words what would have to change.
func (s Shortfall) Change() string {
	n := strconv.FormatInt(s.Missing, 10)
	switch s.Rule.Measure {
	case AreaMin:
		return n + " m2 missing"
	case FloorMin:
		return n + " floors too low"
	case FloorMax:
		return n + " floors too high"
	case LiftAbove:
		return "no lift, and " + strconv.FormatInt(s.Have-s.Rule.Value, 10) + " floors above the highest that needs none"
	case BarrierFree:
		return "no access without steps"
	default:
		return ""
	}
}

// Verdict is what the rules say of one room and one use.
type Verdict struct {
	Premises   int         // index in the list
	Use        int         // index in the set
	Services   []string    // of the use, those the room could host
	Shortfalls []Shortfall // empty: the room may become it
}

// Assess judges every room for every use of which it could host a service, under the rules given, mostly those of
// [RuleSet.In]. Verdicts with shortfalls are the rectification list. A use without a rule is open to every room: what
// nobody bounds is not forbidden. By room, then by use. O(rooms × (uses × their
// services × services of the room + rules)).
func Assess(premises []Premises, uses []Use, rules []Rule) []Verdict {
	of := make(map[string][]Rule, len(uses))
	for _, r := range rules {
		of[r.Subject] = append(of[r.Subject], r)
	}
	var out []Verdict
	for i := range premises {
		p := &premises[i]
		for k := range uses {
			v := Verdict{Premises: i, Use: k}
			for _, id := range uses[k].Services {
				if len(p.Services) == 0 || slices.Contains(p.Services, id) {
					v.Services = append(v.Services, id)
				}
			}
			if len(v.Services) == 0 {
				continue
			}
			for _, r := range of[uses[k].ID] {
				if have, missing := p.short(&r); missing > 0 {
					v.Shortfalls = append(v.Shortfalls, Shortfall{Rule: r, Have: have, Missing: missing})
				}
			}
			out = append(out, v)
		}
	}
	return out
}

// short returns the room's figure under a rule and what it lacks, 0 if the rule is kept or does not speak of rooms.
func (p *Premises) short(r *Rule) (have, missing int64) {
	switch r.Measure {
	case AreaMin:
		return p.AreaM2, max(0, r.Value-p.AreaM2)
	case FloorMin:
		return p.Floor, max(0, r.Value-p.Floor)
	case FloorMax:
		return p.Floor, max(0, p.Floor-r.Value)
	case LiftAbove:
		if p.Floor > r.Value && !p.Lift {
			return p.Floor, 1
		}
		return p.Floor, 0
	case BarrierFree:
		if r.Value == 1 && !p.BarrierFree {
			return 0, 1
		}
		return 1, 0
	default:
		return 0, 0
	}
}
