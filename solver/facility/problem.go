// Package facility decides which sites to open so that opening them and serving every client costs least, each client being
// served by one open site without limit: the p-median problem, uncapacitated facility location, maximal covering with
// whatever partial coverage, and what lies between them (fixed costs, at most so many sites, sites that must or must not
// open, a budget, clients that may be left at a penalty), in exact integers.
//
// [Solve] is anytime with a true bound; [Check] re-measures the answer.
package facility

import (
	"math"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// None marks what may not be: as a Penalty, a client that must be served; as a Beyond, a row that is whole.
const None = math.MaxInt64

// Unserved is the site of a client whom nobody serves.
const Unserved = -1

// Rows says which site can serve which client, and at what cost: the pairs of client i are those from Start[i] up to, not
// including, Start[i+1]. A pair that is not listed cannot be.
type Rows struct {
	Start []int   // one more than there are clients, not falling, from 0 to len(Site)
	Site  []int32 // Site[k] serves the client of pair k; at most once in a row
	Cost  []int64 // Cost[k] >= 0 of serving the whole client, its weight included; rows in order of cost are read fastest
}

// Clients returns the number of rows.
func (r *Rows) Clients() int { return max(0, len(r.Start)-1) }

// Row returns the sites and costs of client i.
func (r *Rows) Row(i int) (sites []int32, costs []int64) {
	return r.Site[r.Start[i]:r.Start[i+1]], r.Cost[r.Start[i]:r.Start[i+1]]
}

// Problem is one instance. Solve reads it and never modifies it, so one Problem may serve several calls at once.
//
// The p-median problem has MaxOpen = p; facility location has Fixed. Maximal covering has rows of cost 0 for the sites within
// the radius and a penalty for each client: the weight that is lost. Where coverage falls with distance, a cost is the part of
// the weight that is lost.
type Problem struct {
	Sites   int
	Rows    Rows
	Fixed   []int64 // Fixed[j]: cost of opening site j, may be negative; nil means 0
	Penalty []int64 // Penalty[i] >= 0: cost of not serving client i, None if it must be served; nil means that all must
	MaxOpen int     // at most so many sites open; 0 means no limit
	Open    []int32 // sites that must open
	Shut    []int32 // sites that must not

	// Budget is the most that Price[j] of all open sites may add up to; there is none when Price is nil.
	Price  []int64 // Price[j] >= 0
	Budget int64

	// Beyond[i] says that row i was cut: sites that it does not list could serve client i, but none for less than Beyond[i].
	// None means that the row is whole; nil that all are. Plans use listed pairs only; the bound holds for the whole problem.
	Beyond []int64
}

// Options tune the search. The zero value is a good default.
type Options struct {
	Seed       uint64         // same Problem, Start, Seed and WorkLimit: the same bytes on any number of cores
	TimeLimit  time.Duration  // 0 means only ctx limits the run; the answer's Work replays a run that time cut
	WorkLimit  int64          // steps; 0 means none
	Start      []int32        // open sites to begin from, used if they make a plan; nil means none
	Seek       *int64         // not nil: the first plan that costs at most this will do, or a proof that there is none
	OnProgress func(Progress) // called on the caller's goroutine when objective or bound move; nil means silent
}

// Progress is a look at a running search.
type Progress struct {
	Work      int64
	Objective int64 // of the best plan in hand; None if there is none
	Bound     int64
}

// Solution is the answer to one problem. Its slices belong to the caller.
type Solution struct {
	Status     solver.Status
	Stop       solver.Stop
	Objective  int64   // fixed costs, service and penalties; meaningful when Status is Optimal or Feasible
	Bound      int64   // no plan costs less; equals Objective when Status is Optimal
	HasBound   bool    // false when no bound is known
	Open       []int32 // the open sites, ascending; nil when no plan is in hand
	AssignedTo []int32 // AssignedTo[i]: the cheapest open site, of equals the lowest; Unserved where the penalty is no more
	Work       int64   // steps done
}

// Gap returns how far the objective is above the bound, as a share of the objective; 0 when optimal, +Inf without both.
func (s *Solution) Gap() float64 {
	switch {
	case s.Status == solver.Optimal:
		return 0
	case s.Open == nil || !s.HasBound:
		return math.Inf(1)
	}
	return float64(s.Objective-s.Bound) / math.Max(1, math.Abs(float64(s.Objective)))
}

// maxMagnitude bounds sums of costs: with prices on a grid finer than a unit of cost nothing then overflows.
const maxMagnitude = 1 << 56

// penalty returns the cost of not serving client i, None if it must be served.
func (p *Problem) penalty(i int) int64 {
	if p.Penalty == nil {
		return None
	}
	return p.Penalty[i]
}

// beyond returns the least cost of a pair of client i that is not listed, None if there is none.
func (p *Problem) beyond(i int) int64 {
	if p.Beyond == nil {
		return None
	}
	return p.Beyond[i]
}

// Validate reports every fault of p at once, as a *solver.Invalid whose pointers are "/rows/cost/3", "/open/0" and so on. A
// number with which a sum could overflow is a fault, too: the dearest pairs and penalties of the clients, and the fixed costs,
// may add up to less than 2^56 in magnitude; so may the prices. It takes time linear in the pairs.
func (p *Problem) Validate() error {
	var f faults
	if p.Sites < 0 || p.Sites >= math.MaxInt32 {
		f.add("/sites", "out_of_range", "must be from 0 to 2,147,483,646", int64(p.Sites))
		return f.invalid.Err()
	}
	if !p.validateRows(&f) {
		return f.invalid.Err()
	}
	if p.MaxOpen < 0 {
		f.add("/max_open", "out_of_range", "must be >= 0; 0 means no limit", int64(p.MaxOpen))
	}
	n := p.Rows.Clients()
	fixed := p.Fixed == nil || f.length("/fixed", len(p.Fixed), p.Sites)
	penalty := p.Penalty == nil || f.length("/penalty", len(p.Penalty), n)
	beyond := p.Beyond == nil || f.length("/beyond", len(p.Beyond), n)
	if fixed && penalty && beyond {
		p.validateCosts(&f)
	}
	if p.Price != nil && f.length("/price", len(p.Price), p.Sites) {
		sum := int64(0)
		for j, v := range p.Price {
			if v < 0 {
				f.addAt("/price", j, "out_of_range", "must be >= 0", v)
			} else if sum += min(v, maxMagnitude); sum >= maxMagnitude {
				f.addAt("/price", j, "out_of_range", "the prices up to this one add up to 2^56 or more", v)
				break
			}
		}
		if p.Budget < 0 {
			f.add("/budget", "out_of_range", "must be >= 0", p.Budget)
		}
	}
	given := make([]uint8, p.Sites)
	p.validateGiven(&f, given, "/open", p.Open, 1)
	p.validateGiven(&f, given, "/shut", p.Shut, 2)
	return f.invalid.Err()
}

// validateGiven checks a list of sites that must or must not open; given marks those seen.
func (p *Problem) validateGiven(f *faults, given []uint8, name string, sites []int32, mark uint8) {
	for k, j := range sites {
		switch {
		case j < 0 || int(j) >= p.Sites:
			f.addAt(name, k, "unknown", "there is no such site", int64(j))
		case given[j] == mark:
			f.addAt(name, k, "duplicate", "the site is listed twice", int64(j))
		case given[j] != 0:
			f.addAt(name, k, "conflict", "the site both must and must not open", int64(j))
		default:
			given[j] = mark
		}
	}
}

// validateRows checks the shape of the rows and reports whether they can be read.
func (p *Problem) validateRows(f *faults) bool {
	r := &p.Rows
	if len(r.Start) == 0 {
		f.add("/rows/start", "required", "must begin with 0", 0)
		return false
	}
	if len(r.Start) > math.MaxInt32 {
		f.add("/rows/start", "out_of_range", "must have at most 2,147,483,647 entries", int64(len(r.Start)))
		return false
	}
	if len(r.Site) > math.MaxInt32 {
		f.add("/rows/site", "out_of_range", "must have at most 2,147,483,647 entries", int64(len(r.Site)))
		return false
	}
	sound := f.length("/rows/cost", len(r.Cost), len(r.Site))
	for i, v := range r.Start {
		switch {
		case i == 0 && v != 0:
			f.addAt("/rows/start", i, "invalid", "must be 0", int64(v))
			sound = false
		case i > 0 && v < r.Start[i-1]:
			f.addAt("/rows/start", i, "invalid", "must not be below the entry before", int64(v))
			sound = false
		case i == len(r.Start)-1 && v != len(r.Site):
			f.addAt("/rows/start", i, "invalid", "must be the number of pairs", int64(v))
			sound = false
		}
	}
	if !sound {
		return false
	}
	seen := make([]int32, p.Sites) // 1 + the client whose row last held the site
	for i := range r.Clients() {
		for k := r.Start[i]; k < r.Start[i+1]; k++ {
			switch j := r.Site[k]; {
			case j < 0 || int(j) >= p.Sites:
				f.addAt("/rows/site", k, "unknown", "there is no such site", int64(j))
				sound = false
			case seen[j] == int32(i)+1:
				f.addAt("/rows/site", k, "duplicate", "the site stands twice in the row", int64(j))
			default:
				seen[j] = int32(i) + 1
			}
		}
	}
	return sound
}

// validateCosts checks costs one by one and in sum.
func (p *Problem) validateCosts(f *faults) {
	sum := int64(0)
	add := func(name string, k int, most, v int64) bool {
		if sum += most; sum >= maxMagnitude {
			f.addAt(name, k, "out_of_range", "the dearest costs up to this one add up to 2^56 or more", v)
			return false
		}
		return true
	}
	for j, v := range p.Fixed {
		if v <= -maxMagnitude || v >= maxMagnitude {
			f.addAt("/fixed", j, "out_of_range", "must be below 2^56 in magnitude", v)
			return
		}
		if !add("/fixed", j, max(v, -v), v) {
			return
		}
	}
	r := &p.Rows
	for i := range r.Clients() {
		most, at := int64(0), r.Start[i]
		for k := r.Start[i]; k < r.Start[i+1]; k++ {
			v := r.Cost[k]
			if v < 0 {
				f.addAt("/rows/cost", k, "out_of_range", "must be >= 0", v)
			}
			if v > most {
				most, at = v, k
			}
		}
		if b := p.beyond(i); b < most {
			f.addAt("/beyond", i, "conflict", "must not be below a cost in the row", b)
		} else if b != None && b >= maxMagnitude {
			f.addAt("/beyond", i, "out_of_range", "must be below 2^56", b)
		}
		if most >= maxMagnitude || !add("/rows/cost", at, most, most) {
			if most >= maxMagnitude {
				f.addAt("/rows/cost", at, "out_of_range", "must be below 2^56", most)
			}
			return
		}
		if v := p.penalty(i); v < 0 {
			f.addAt("/penalty", i, "out_of_range", "must be >= 0", v)
		} else if v != None && !add("/penalty", i, min(v, maxMagnitude), v) {
			return
		}
	}
}

// faults collects faults; texts are made only for those that will be shown.
type faults struct{ invalid solver.Invalid }

func (f *faults) add(pointer, code, detail string, value int64) {
	f.invalid.Add(solver.Fault{Pointer: pointer, Code: code, Detail: detail, Value: strconv.FormatInt(value, 10)})
}

func (f *faults) addAt(field string, index int, code, detail string, value int64) {
	if f.invalid.Total >= solver.MaxFaults {
		f.invalid.Total++
		return
	}
	f.add(field+"/"+strconv.Itoa(index), code, detail, value)
}

// length reports whether a list has as many entries as it must.
func (f *faults) length(name string, got, want int) bool {
	if got != want {
		f.add(name, "invalid", "must have "+strconv.Itoa(want)+" entries", int64(got))
	}
	return got == want
}
