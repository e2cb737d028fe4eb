package datasets

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
)

// PlanRow is one row of a plan made elsewhere, or of an earlier answer.
type PlanRow struct {
	NeedID, ResourceID string
	Units              int64
	Service            string     // the stand-in given; "" is the very service asked for
	Date               care.Date  // of the visits; 0 where they have none
	Days               []DayUnits // its units day by day, as an answer tells them; Date is 0 then
}

// DayUnits are the units of a match on one day.
type DayUnits struct {
	Date  care.Date
	Units int64
}

func planList(name string) *list[PlanRow] {
	return (&list[PlanRow]{
		name: name,
		columns: []column[PlanRow]{
			{name: "need_id", needed: true, own: true, at: func(r *PlanRow) any { return &r.NeedID }},
			{name: "resource_id", needed: true, at: func(r *PlanRow) any { return &r.ResourceID }},
			{name: "units", at: func(r *PlanRow) any { return &r.Units }, absent: usualPlanUnits},
			{name: "distance_m", at: func(*PlanRow) any { return new(unread) }},
			{name: "cost", at: func(*PlanRow) any { return new(unread) }},
			{name: "service", at: func(r *PlanRow) any { return &r.Service }},
			{name: "date", at: func(r *PlanRow) any { return &r.Date }},
			{name: "days", at: func(r *PlanRow) any { return &r.Days }},
			{name: "pairing", at: func(*PlanRow) any { return new(skipped) }},
			{name: "alternatives", at: func(*PlanRow) any { return new(skipped) }},
		},
	}).indexed()
}

// usualPlanUnits are the units of a row that states none: those of its days, or 1.
func usualPlanUnits(r *PlanRow) *cellFault {
	r.Units = 0
	for _, d := range r.Days {
		r.Units += max(0, min(d.Units, care.MaxWhole))
	}
	if len(r.Days) == 0 {
		r.Units = 1
	}
	return nil
}

// unread is a member of an answer's matches that a plan may carry: a number that is checked and forgotten.
type unread struct{}

// skipped is a member of an answer's matches that says nothing about the plan.
type skipped struct{}

// dayUnitsEntries are written "2026-12-01:2".
func dayUnitsEntries() *entryKind[DayUnits] {
	return &entryKind[DayUnits]{
		list: (&list[DayUnits]{columns: []column[DayUnits]{
			{name: "date", needed: true, at: func(d *DayUnits) any { return &d.Date }, absent: missing[DayUnits]},
			{name: "units", needed: true, at: func(d *DayUnits) any { return &d.Units }, absent: missing[DayUnits]},
		}}).indexed(),
		parse: func(r *cellReader, text string) (d DayUnits, fault *cellFault) {
			date, units, fault := word(r, text, "a date and its units, such as 2026-12-01:2")
			if fault == nil {
				fault = setTime(&d.Date, date)
			}
			if fault != nil {
				return d, fault
			}
			d.Units, fault = wholeNumber(units)
			return d, after(fault, "the units")
		},
	}
}

func planCSV(in *Input, name string, lim Limits) ([]PlanRow, *Origin, error) {
	origin, faults, broken := &Origin{files: map[string]*rows{}}, &FileError{}, false
	read := csvReader{lim: lim, cells: newCellReader(), origin: origin, faults: faults, broken: &broken}
	plan, err := readCSV(read, planList(name), in, lim.Needs)
	if err == nil && faults.Total > 0 {
		err = faults
	}
	return plan, origin, err
}

// OpenPlan reads the matches in a file, "-" being stdin. As CSV they are need_id, resource_id and, as the plan has them,
// units (1), service and date: the columns of [MatchAnswer.WriteCSV], of which distance_m and cost are not read. As JSON
// they are an answer or the array of its matches. The origin explains the faults that [MatchRequest.Matches] finds.
func OpenPlan(path string, stdin io.Reader, lim Limits) ([]PlanRow, *Origin, error) {
	return openPlan(path, "matches", stdin, lim)
}

// OpenPrevious reads an earlier answer as [OpenPlan] reads a plan; [MatchRequest.Keep] makes its pairs last.
func OpenPrevious(path string, stdin io.Reader, lim Limits) ([]PlanRow, *Origin, error) {
	return openPlan(path, "previous", stdin, lim)
}

func openPlan(path, name string, stdin io.Reader, lim Limits) ([]PlanRow, *Origin, error) {
	in := Input{Name: "standard input", R: stdin}
	if path != "-" {
		file, err := os.Open(path)
		if err != nil {
			return nil, &Origin{}, err
		}
		defer file.Close()
		in = Input{Name: path, R: file}
	}
	buffered := bufio.NewReader(in.R)
	start, err := buffered.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, &Origin{}, fmt.Errorf("read %s: %w", in.Name, err)
	}
	in.R = buffered
	start = bytes.TrimLeft(bytes.TrimPrefix(start, []byte(utf8BOM)), " \t\r\n")
	if len(start) == 0 || start[0] != '{' && start[0] != '[' {
		return planCSV(&in, name, lim)
	}
	origin := &Origin{object: in.Name, objects: map[string]string{name: in.Name}}
	plan, err := ReadAnswerMatches(in.R, lim)
	if err != nil {
		return nil, origin, origin.Explain(fmt.Errorf("read %s: %w", in.Name, err))
	}
	return plan, origin, nil
}

// ReadAnswerMatches reads the matches of an answer: its JSON, of which nothing else is read, or the array of its matches.
// Errors are those of [ReadRequest].
func ReadAnswerMatches(r io.Reader, lim Limits) ([]PlanRow, error) {
	d := newJSONReader(r, lim)
	var plan []PlanRow
	switch t, ok := d.token(); {
	case !ok:
	case t.kind == '[':
		plan = rowsOf(d, planList("matches"), lim.Needs)
	case t.kind == '{':
		d.membersOf(nil, func(name []byte) bool {
			if string(name) == "matches" {
				plan = readRows(d, planList("matches"), lim.Needs)
			} else if t, ok := d.token(); ok {
				d.skip(t)
			}
			return true
		})
		if plan == nil && d.stop == nil && d.faults.Total == 0 {
			d.faultAt("/matches", "required", "the matches of an answer are required", "")
		}
	default:
		d.wrong(t, "must be the JSON of an answer, or its matches")
	}
	d.end()
	if d.stop != nil {
		return nil, d.stop
	}
	return plan, d.faults.Err()
}

// Matches turns the ids, services and dates of the plan into positions in the lists, one match for each row and day. Rows that
// name what is not there are faults, all at once, in a [*solver.Invalid]. Of the lists only what the plan names is read.
func (r *MatchRequest) Matches() ([]match.Match, error) {
	matches, _, err := r.plan()
	return matches, err
}

// plan also returns the row that each match comes from.
func (r *MatchRequest) plan() (matches []match.Match, rowOf []int, err error) {
	lists := &r.Problem.Lists
	needs, resources := positions(lists)
	var faults solver.Invalid
	if r.Plan == nil {
		faults.Add(solver.Fault{Pointer: "/matches", Code: "required", Detail: "the plan is required; it may be empty"})
	}
	for k := range r.Plan {
		row := &r.Plan[k]
		fault := func(field, code, value, detail string) {
			faults.Add(solver.Fault{Pointer: "/matches/" + strconv.Itoa(k) + "/" + field, Code: code, Value: value, Detail: detail})
		}
		find := func(field, id string, known map[string]int32) int32 {
			at, ok := known[id]
			switch {
			case id == "":
				fault(field, "required", "", "an id is required")
			case !ok:
				fault(field, "unknown", id, "no such id in the lists")
			default:
				return at
			}
			return -1
		}
		m := match.Match{StandIn: -1, Day: -1, Units: row.Units}
		m.Need, m.Resource = find("need_id", row.NeedID, needs), find("resource_id", row.ResourceID, resources)
		if m.Units < 1 {
			fault("units", "out_of_range", strconv.FormatInt(m.Units, 10), "must be a whole number of at least 1")
		}
		if m.Need >= 0 {
			at, ok := standIn(&lists.Needs[m.Need], row.Service)
			if m.StandIn = at; !ok {
				fault("service", "unknown", row.Service, "is neither the service that the need asks for nor one of its stand_ins")
			}
		}
		day := func(field string, d care.Date) int32 {
			at, ok := r.Problem.Horizon.Day(d)
			if !ok {
				fault(field, "out_of_range", d.String(), "lies outside the days planned")
			}
			return at
		}
		if len(row.Days) == 0 {
			if row.Date != 0 {
				m.Day = day("date", row.Date)
			}
			matches, rowOf = append(matches, m), append(rowOf, k)
			continue
		}
		if row.Date != 0 {
			fault("date", "conflict", row.Date.String(), "contradicts days: the units stand on one date or day by day")
		}
		left := row.Units
		for e, d := range row.Days {
			at := "days/" + strconv.Itoa(e)
			if d.Units < 1 || d.Units > care.MaxWhole {
				fault(at+"/units", "out_of_range", strconv.FormatInt(d.Units, 10), "must be a whole number of at least 1")
				continue
			}
			left -= d.Units
			m.Day, m.Units = day(at+"/date", d.Date), d.Units
			matches, rowOf = append(matches, m), append(rowOf, k)
		}
		if left != 0 && row.Units >= 1 {
			fault("units", "conflict", strconv.FormatInt(row.Units, 10), "are not the units of its days together")
		}
	}
	if err := faults.Err(); err != nil {
		return nil, nil, err
	}
	return matches, rowOf, nil
}

// positions returns where each id of a need and of a resource stands in the lists.
func positions(lists *care.Lists) (needs, resources map[string]int32) {
	needs = make(map[string]int32, len(lists.Needs))
	for i := range lists.Needs {
		needs[lists.Needs[i].ID] = int32(i)
	}
	resources = make(map[string]int32, len(lists.Resources))
	for j := range lists.Resources {
		resources[lists.Resources[j].ID] = int32(j)
	}
	return needs, resources
}

// standIn returns the position of a service in the stand-ins of a need, -1 for the service that it asks for.
func standIn(n *care.Need, service string) (at int32, ok bool) {
	if service == "" || service == n.Service {
		return -1, true
	}
	for s := range n.StandIns {
		if n.StandIns[s].Service == service {
			return int32(s), true
		}
	}
	return -1, false
}
