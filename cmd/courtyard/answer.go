package main

import (
	"fmt"
	"math"
	"os"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// openAnswer reads the JSON answer of a match, "-" being standard input, and returns of the problem and the solution behind
// it what [match.Compare] reads.
func (a *app) openAnswer(name string) (*match.Problem, *match.Solution, error) {
	in := a.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, nil, err
		}
		defer f.Close()
		in = f
	}
	var answer datasets.MatchAnswer
	if err := json.UnmarshalRead(in, &answer); err != nil {
		return nil, nil, badInput(fmt.Errorf("read %s as an answer of courtyard match --json: %w", name, err))
	}
	t := teller{needs: map[string]int32{}, resources: map[string]int32{}}
	if err := t.read(&answer); err != nil {
		return nil, nil, badInput(fmt.Errorf("read %s as an answer of courtyard match --json: %w", name, err))
	}
	return &t.problem, &t.solution, nil
}

// teller takes an answer back to the positions that a solution has.
type teller struct {
	problem          match.Problem
	solution         match.Solution
	needs, resources map[string]int32
}

func (t *teller) read(a *datasets.MatchAnswer) error {
	for _, status := range []solver.Status{solver.Optimal, solver.Feasible, solver.Unknown} {
		if status.String() == a.Status {
			t.solution.Status = status
		}
	}
	if t.solution.Status == solver.Unknown && a.Status != solver.Unknown.String() {
		return fmt.Errorf("/status: %q is none of a match", a.Status)
	}
	var err error
	if t.solution.Objective, err = objectiveOf(&a.Objective); err != nil {
		return err
	}
	for j, r := range a.Resources {
		if _, ok := t.resources[r.ID]; ok {
			return fmt.Errorf("/resources/%d/id: the id stands twice", j)
		}
		t.resources[r.ID] = int32(j)
		t.problem.Lists.Resources = append(t.problem.Lists.Resources, care.Resource{ID: r.ID})
		t.solution.Resources = append(t.solution.Resources, match.ResourceUse{Used: r.Used, Capacity: r.Capacity})
	}
	if err := t.matches(a.Matches); err != nil {
		return err
	}
	for _, u := range a.Unmet {
		t.solution.Unmet = append(t.solution.Unmet, match.Unmet{Need: t.need(u.NeedID), Units: u.Units})
	}
	t.figures(&a.Figures)
	return nil
}

// matches reads the matches, one for each day that they have.
func (t *teller) matches(list []datasets.MatchJSON) error {
	first := care.Date(math.MaxInt32)
	dates := make([][]care.Date, len(list)) // of the days of each match
	for k, x := range list {
		for e, d := range x.Days {
			date, err := care.ParseDate(d.Date)
			if err != nil {
				return fmt.Errorf("/matches/%d/days/%d/date: %w", k, e, err)
			}
			dates[k], first = append(dates[k], date), min(first, date)
		}
	}
	t.problem.Horizon = care.Horizon{From: first, Days: math.MaxInt32}
	for k, x := range list {
		j, ok := t.resources[x.ResourceID]
		if !ok {
			return fmt.Errorf("/matches/%d/resource_id: not among the resources of the answer", k)
		}
		m := match.Match{Need: t.need(x.NeedID), Resource: j, StandIn: -1, Day: -1, Units: x.Units}
		if x.Service != "" {
			m.StandIn = t.standIn(m.Need, x.Service)
		}
		if len(x.Days) == 0 {
			t.solution.Matches = append(t.solution.Matches, m)
		}
		for e, d := range x.Days {
			m.Day, m.Units = int32(dates[k][e]-first), d.Units
			t.solution.Matches = append(t.solution.Matches, m)
		}
	}
	return nil
}

// standIn returns the position of a service among those that the need was given instead of its own.
func (t *teller) standIn(need int32, service string) int32 {
	n := &t.problem.Lists.Needs[need]
	at := slices.IndexFunc(n.StandIns, func(s care.StandIn) bool { return s.Service == service })
	if at < 0 {
		at = len(n.StandIns)
		n.StandIns = append(n.StandIns, care.StandIn{Service: service})
	}
	return int32(at)
}

// need returns the position of a need, which the answer tells of where it is matched or unmet.
func (t *teller) need(id string) int32 {
	i, ok := t.needs[id]
	if !ok {
		i = int32(len(t.needs))
		t.needs[id] = i
		t.problem.Lists.Needs = append(t.problem.Lists.Needs, care.Need{ID: id})
	}
	return i
}

func objectiveOf(o *datasets.ObjectiveJSON) (match.Objective, error) {
	out := match.Objective{Cost: o.Cost}
	if len(o.UnmetByClass) != match.Classes {
		return out, fmt.Errorf("/objective/unmet_by_class: has %d entries, not %d", len(o.UnmetByClass), match.Classes)
	}
	copy(out.Unmet[:], o.UnmetByClass)
	for _, tier := range []struct {
		to   *int64
		from *int64
	}{{&out.Short, o.Short}, {&out.WorstDistance, o.WorstDistance}, {&out.WorstNeed, o.WorstNeed}, {&out.Changes, o.Changes}, {&out.Load, o.Load}} {
		if tier.from != nil {
			*tier.to = *tier.from
		}
	}
	return out, nil
}

func (t *teller) figures(f *datasets.FiguresJSON) {
	out := &t.solution.Figures
	out.Asked, out.Served = f.Asked, f.Served
	for _, c := range f.ByClass {
		if c.Class >= 1 && c.Class <= match.Classes {
			out.ByClass[c.Class-1] = match.Share{Asked: c.Asked, Served: c.Served}
		}
	}
	for _, s := range f.ByService {
		out.ByService = append(out.ByService, match.Group{Name: s.Service, Share: match.Share{Asked: s.Asked, Served: s.Served}})
	}
	for _, p := range f.ByParty {
		out.ByParty = append(out.ByParty, match.Group{Name: p.Party, Share: match.Share{Asked: p.Asked, Served: p.Served}})
	}
}
