// Package center decides which sites to open so that the client who is worst off is as well off as can be: the p-centre
// problem, in exact integers, on any table of distances.
//
// [Solve] is anytime with a true bound; [Check] re-measures the answer.
package center

import (
	"math"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// Problem is one instance. Solve reads it and never modifies it, so one Problem may serve several calls at once.
type Problem struct {
	Sites    int
	Start    []int   // the pairs of client i are those from Start[i] up to, not including, Start[i+1]
	Site     []int32 // Site[k] can serve the client of pair k; at most once for a client
	Distance []int64 // Distance[k] >= 0 of pair k
	MaxOpen  int     // at most so many sites open; 0 means no limit
	Open     []int32 // sites that must open
	Shut     []int32 // sites that must not
}

// Clients returns the number of clients.
func (p *Problem) Clients() int { return max(0, len(p.Start)-1) }

// Options tune the search. The zero value is a good default.
type Options struct {
	Seed       uint64         // same Problem, Seed and WorkLimit: the same bytes on any number of cores
	TimeLimit  time.Duration  // 0 means only ctx limits the run; the answer's Work replays a run that time cut
	WorkLimit  int64          // steps; 0 means none
	OnProgress func(Progress) // called on the caller's goroutine when objective or bound move; nil means silent
}

// Progress is a look at a running search.
type Progress struct {
	Work      int64
	HasPlan   bool
	Objective int64 // of the best plan in hand; meaningful with HasPlan
	Bound     int64
}

// Solution is the answer to one problem. Its slices belong to the caller.
type Solution struct {
	Status     solver.Status
	Stop       solver.Stop
	Objective  int64   // the largest distance of a client from its site; meaningful when Status is Optimal or Feasible
	Bound      int64   // no plan has a smaller one; equals Objective when Status is Optimal
	HasBound   bool    // false when no bound is known
	Open       []int32 // the open sites, ascending; nil when no plan is in hand
	AssignedTo []int32 // AssignedTo[i]: the nearest open site, of equals the lowest
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
	return float64(s.Objective-s.Bound) / math.Max(1, float64(s.Objective))
}

// Validate reports every fault of p at once, as a *solver.Invalid whose pointers are "/distance/3", "/open/0" and so on. It
// takes time linear in the pairs.
func (p *Problem) Validate() error {
	var f faults
	if p.Sites < 0 || p.Sites >= math.MaxInt32 {
		f.add("/sites", "out_of_range", "must be from 0 to 2,147,483,646", int64(p.Sites))
		return f.invalid.Err()
	}
	if p.MaxOpen < 0 {
		f.add("/max_open", "out_of_range", "must be >= 0; 0 means no limit", int64(p.MaxOpen))
	}
	given := make([]uint8, p.Sites)
	f.given("/open", p.Open, given, 1)
	f.given("/shut", p.Shut, given, 2)
	p.validateRows(&f)
	return f.invalid.Err()
}

// validateRows checks the rows.
func (p *Problem) validateRows(f *faults) {
	if len(p.Start) == 0 {
		f.add("/start", "required", "must begin with 0", 0)
		return
	}
	if len(p.Start) > math.MaxInt32 || len(p.Site) > math.MaxInt32 {
		f.add("/start", "out_of_range", "at most 2,147,483,647 clients and pairs", int64(len(p.Start)))
		return
	}
	sound := len(p.Distance) == len(p.Site)
	if !sound {
		f.add("/distance", "invalid", "must have "+strconv.Itoa(len(p.Site))+" entries", int64(len(p.Distance)))
	}
	for i, v := range p.Start {
		switch {
		case i == 0 && v != 0:
			f.addAt("/start", i, "invalid", "must be 0", int64(v))
			sound = false
		case i > 0 && v < p.Start[i-1]:
			f.addAt("/start", i, "invalid", "must not be below the entry before", int64(v))
			sound = false
		case i == len(p.Start)-1 && v != len(p.Site):
			f.addAt("/start", i, "invalid", "must be the number of pairs", int64(v))
			sound = false
		}
	}
	if !sound {
		return
	}
	seen := make([]int32, p.Sites) // 1 + the client that last listed the site
	for i := range p.Clients() {
		for k := p.Start[i]; k < p.Start[i+1]; k++ {
			switch j := p.Site[k]; {
			case j < 0 || int(j) >= p.Sites:
				f.addAt("/site", k, "unknown", "there is no such site", int64(j))
			case seen[j] == int32(i)+1:
				f.addAt("/site", k, "duplicate", "the site stands twice for the client", int64(j))
			default:
				seen[j] = int32(i) + 1
			}
			if p.Distance[k] < 0 {
				f.addAt("/distance", k, "out_of_range", "must be >= 0", p.Distance[k])
			}
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

// given checks a list of sites that must or must not open; seen marks those of both lists.
func (f *faults) given(name string, sites []int32, seen []uint8, mark uint8) {
	for k, j := range sites {
		switch {
		case j < 0 || int(j) >= len(seen):
			f.addAt(name, k, "unknown", "there is no such site", int64(j))
		case seen[j] == mark:
			f.addAt(name, k, "duplicate", "the site is listed twice", int64(j))
		case seen[j] != 0:
			f.addAt(name, k, "conflict", "the site both must and must not open", int64(j))
		default:
			seen[j] = mark
		}
	}
}
