// Package cover decides which sites to open so that clients are covered, each client by any one of the sites that list it:
// maximal covering ([Most]), set covering and partial set covering ([Least]), in exact integers.
//
// [Solve] is anytime with a true bound; [Check] re-measures the answer.
package cover

import (
	"math"
	"strconv"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// Goal is what is sought.
type Goal uint8

// The goals.
const (
	Most  Goal = iota // cover as much weight as Budget allows
	Least             // cover a weight of Need for as little as can be
)

// Problem is one instance. Solve reads it and never modifies it, so one Problem may serve several calls at once.
type Problem struct {
	Sites  int
	Start  []int   // client i is covered by Site[Start[i]:Start[i+1]]; one more than there are clients
	Site   []int32 // a site at most once for a client
	Weight []int64 // Weight[i] >= 0 of client i; nil means 1
	Price  []int64 // Price[j] >= 0 of opening site j; nil means 1
	Goal   Goal
	Budget int64   // [Most]: the most that the open sites may cost
	Need   int64   // [Least]: the least weight to cover; 0 means all of it
	Open   []int32 // sites that must open
	Shut   []int32 // sites that must not
}

// Clients returns the number of clients.
func (p *Problem) Clients() int { return max(0, len(p.Start)-1) }

// Options tune the search. The zero value is a good default.
type Options struct {
	Seed       uint64         // same Problem, Seed and WorkLimit: the same bytes on any number of cores
	TimeLimit  time.Duration  // 0 means only ctx limits the run; the answer's Work replays a run that time cut
	WorkLimit  int64          // steps; 0 means none
	Seek       *int64         // [Least]: not nil: the first plan that costs at most this will do, or a proof that there is none
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
	Status    solver.Status
	Stop      solver.Stop
	Objective int64   // [Most]: the weight covered; [Least]: the price of the open sites; meaningful when Status is Optimal or Feasible
	Bound     int64   // no plan does better: covers more, costs less; equals Objective when Status is Optimal
	HasBound  bool    // false when no bound is known
	Open      []int32 // the open sites, ascending; nil when no plan is in hand
	Work      int64   // steps done
}

// Gap returns how far objective and bound are apart, as a share of the objective; 0 when optimal, +Inf without both.
func (s *Solution) Gap() float64 {
	switch {
	case s.Status == solver.Optimal:
		return 0
	case s.Open == nil || !s.HasBound:
		return math.Inf(1)
	}
	return math.Abs(float64(s.Objective-s.Bound)) / math.Max(1, math.Abs(float64(s.Objective)))
}

// maxMagnitude bounds the sums of weights and of prices.
const maxMagnitude = 1 << 56

func (p *Problem) weight(i int) int64 {
	if p.Weight == nil {
		return 1
	}
	return p.Weight[i]
}

func (p *Problem) price(j int) int64 {
	if p.Price == nil {
		return 1
	}
	return p.Price[j]
}

// total returns the weight of all clients.
func (p *Problem) total() int64 {
	sum := int64(0)
	for i := range p.Clients() {
		sum += p.weight(i)
	}
	return sum
}

// Validate reports every fault of p at once, as a *solver.Invalid whose pointers are "/site/3", "/open/0" and so on. Weights,
// and prices, may add up to less than 2^56. It takes time linear in the pairs.
func (p *Problem) Validate() error {
	var f faults
	if p.Sites < 0 || p.Sites >= math.MaxInt32 {
		f.add("/sites", "out_of_range", "must be from 0 to 2,147,483,646", int64(p.Sites))
		return f.invalid.Err()
	}
	if !p.validateRows(&f) {
		return f.invalid.Err()
	}
	if p.Goal > Least {
		f.add("/goal", "unknown", "must be Most or Least", int64(p.Goal))
	}
	if p.Budget < 0 {
		f.add("/budget", "out_of_range", "must be >= 0", p.Budget)
	}
	if p.Need < 0 {
		f.add("/need", "out_of_range", "must be >= 0; 0 means all", p.Need)
	}
	f.amounts("/weight", p.Weight, p.Clients())
	f.amounts("/price", p.Price, p.Sites)
	given := make([]uint8, p.Sites)
	f.given("/open", p.Open, given, 1)
	f.given("/shut", p.Shut, given, 2)
	return f.invalid.Err()
}

// validateRows checks the shape of the rows and reports whether they can be read.
func (p *Problem) validateRows(f *faults) bool {
	if len(p.Start) == 0 {
		f.add("/start", "required", "must begin with 0", 0)
		return false
	}
	if len(p.Start) > math.MaxInt32 || len(p.Site) > math.MaxInt32 {
		f.add("/start", "out_of_range", "at most 2,147,483,647 clients and pairs", int64(len(p.Start)))
		return false
	}
	sound := true
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
		return false
	}
	seen := make([]int32, p.Sites) // 1 + the client that last listed the site
	for i := range p.Clients() {
		for k := p.Start[i]; k < p.Start[i+1]; k++ {
			switch j := p.Site[k]; {
			case j < 0 || int(j) >= p.Sites:
				f.addAt("/site", k, "unknown", "there is no such site", int64(j))
				sound = false
			case seen[j] == int32(i)+1:
				f.addAt("/site", k, "duplicate", "the site stands twice for the client", int64(j))
			default:
				seen[j] = int32(i) + 1
			}
		}
	}
	return sound
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

// amounts checks weights or prices; nil is none.
func (f *faults) amounts(name string, values []int64, want int) {
	if values == nil {
		return
	}
	if len(values) != want {
		f.add(name, "invalid", "must have "+strconv.Itoa(want)+" entries", int64(len(values)))
		return
	}
	sum := int64(0)
	for k, v := range values {
		if v < 0 {
			f.addAt(name, k, "out_of_range", "must be >= 0", v)
		} else if sum += min(v, maxMagnitude); sum >= maxMagnitude {
			f.addAt(name, k, "out_of_range", "the entries up to this one add up to 2^56 or more", v)
			return
		}
	}
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
