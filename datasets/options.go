package datasets

import (
	"errors"
	"slices"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
)

// weights returns the weights of a problem by the names of their options, in the order of the documents.
func weights(w *match.Weights) []struct {
	Name  string
	Value *int64
} {
	return []struct {
		Name  string
		Value *int64
	}{
		{"w_distance", &w.Distance},
		{"w_price", &w.Price},
		{"w_preference", &w.Preference},
		{"w_stand_in", &w.StandIn},
		{"w_interest", &w.Interest},
		{"w_change", &w.Change},
		{"w_load", &w.Load},
	}
}

// optionNames returns the members of options.
func optionNames() []string {
	var names []string
	for _, w := range weights(new(match.Weights)) {
		names = append(names, w.Name)
	}
	return append(names, "detour", "barriers", "nearest", "currency", "time_limit_s",
		"from", "days", "timezone", "tiers", "pinned", "relaxations", "alternatives")
}

// SetTiers sets the tuple that is minimised, by the names of its tiers. Whether they may stand in this order is left to
// validation. The error is a [*solver.Invalid] that names each unknown tier.
func (r *MatchRequest) SetTiers(names []string) error {
	var (
		faults solver.Invalid
		tiers  = make([]match.Tier, len(names))
		known  []string
	)
	for _, t := range match.Tiers() {
		known = append(known, string(t))
	}
	for k, name := range names {
		if tiers[k] = match.Tier(name); !slices.Contains(known, name) {
			faults.Add(solver.Fault{
				Pointer: "/options/tiers/" + strconv.Itoa(k), Code: "unknown", Value: name,
				Detail: "must be unmet_1, unmet_2, unmet_3, worst_distance, worst_need, changes, load or cost" + suggest(name, known),
			})
		}
	}
	if faults.Total == 0 {
		r.Problem.Tiers = tiers
	}
	return faults.Err()
}

// SetPinned says what becomes of a pinned pairing that breaks a rule of eligibility: "refuse" or "keep".
func (r *MatchRequest) SetPinned(word string) error {
	if word != "refuse" && word != "keep" {
		return errors.New(`must be "refuse" or "keep"`)
	}
	r.Problem.KeepPinned = word == "keep"
	return nil
}

// SetRelaxations sets for how many unmet needs their cheapest relaxations are looked for; -1 is all.
func (r *MatchRequest) SetRelaxations(n int64) error {
	if n < -1 || n > maxSecondThoughts {
		return errors.New("must be a whole number, or -1 for all")
	}
	r.Relaxations = int(n)
	return nil
}

// SetAlternatives sets how many next best resources are looked for, for each match.
func (r *MatchRequest) SetAlternatives(n int64) error {
	if n < 0 || n > maxSecondThoughts {
		return errors.New("must be a whole number from 0")
	}
	r.Alternatives = int(n)
	return nil
}

// maxSecondThoughts bounds the relaxations and alternatives asked for, far above any use.
const maxSecondThoughts = 1_000_000_000

// options reads the options member.
func (d *jsonReader) options(req *MatchRequest) {
	p := &req.Problem
	d.members(optionNames(), func(name []byte) bool {
		for _, w := range weights(&p.Weights) {
			if w.Name == string(name) {
				d.value(w.Value, false)
				return true
			}
		}
		switch string(name) {
		case "detour":
			d.number(func(text string) *cellFault {
				fault := finite(&p.Detour)(text)
				if fault == nil && p.Detour == 0 { // the problem's 0 means 1
					return &cellFault{"out_of_range", "must be at least 1"}
				}
				return fault
			})
		case "barriers":
			p.Barriers, req.barrierAt = d.polygons()
		case "nearest":
			d.nearest(&p.Nearest)
		case "currency":
			d.text(false, func(s string) {
				if req.Currency = s; !IsCurrency(s) {
					d.fault("invalid", "must be three capital letters, such as CNY", s)
				}
			})
		case "time_limit_s":
			d.number(func(text string) *cellFault {
				fault := finite(&req.TimeLimitS)(text)
				if fault == nil && req.TimeLimitS <= 0 {
					return &cellFault{"out_of_range", "must be more than 0 seconds; leave it out for no limit"}
				}
				return fault
			})
		case "from":
			d.word(req.SetFrom, "invalid")
		case "timezone":
			d.word(req.SetTimezone, "unknown")
		case "pinned":
			d.word(req.SetPinned, "unknown")
		case "days":
			d.count(req.SetDays)
		case "relaxations":
			d.count(req.SetRelaxations)
		case "alternatives":
			d.count(req.SetAlternatives)
		case "tiers":
			d.tiers(req)
		default:
			return false
		}
		return true
	})
}

// word reads a text that set may refuse.
func (d *jsonReader) word(set func(string) error, code string) {
	d.text(false, func(s string) {
		if err := set(s); err != nil {
			d.fault(code, err.Error(), s)
		}
	})
}

// count reads a whole number that set may refuse.
func (d *jsonReader) count(set func(int64) error) {
	d.number(func(text string) *cellFault {
		var v int64
		if fault := setNumber(&v, text); fault != nil {
			return fault
		}
		if err := set(v); err != nil {
			return &cellFault{"out_of_range", err.Error()}
		}
		return nil
	})
}

// tiers reads the names of tiers; an empty list is no list.
func (d *jsonReader) tiers(req *MatchRequest) {
	var names []string
	before := d.faults.Total
	texts(d, &names)
	if d.stop != nil || d.faults.Total > before || len(names) == 0 {
		return
	}
	if invalid, ok := errors.AsType[*solver.Invalid](req.SetTiers(names)); ok {
		for _, f := range invalid.Faults {
			d.faultAt(f.Pointer, f.Code, f.Detail, f.Value)
		}
		d.faults.Total += invalid.Total - len(invalid.Faults)
	}
}

// nearest reads a number of resources. The problem's 0 means all, which a request says by leaving the option out.
func (d *jsonReader) nearest(p *int) {
	d.number(func(text string) *cellFault {
		fault := setNumber(p, text)
		if fault == nil && *p < 1 {
			return &cellFault{"out_of_range", "must be at least 1; leave it out to consider all"}
		}
		return fault
	})
}
