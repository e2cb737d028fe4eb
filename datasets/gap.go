package datasets

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/courtyard-care/courtyard/solver/gap"
)

// maxAssignments bounds agents times jobs, which the first line of the file asks memory for.
const maxAssignments = 1 << 28

// formGap is the form of the file, for messages.
const formGap = "m n, then m×n costs, m×n uses, m capacities"

// ReadGap reads a generalised assignment problem as the OR-Library and the later collections write it: the numbers of agents
// and jobs, the cost of each job at each agent, agent by agent, the use in the same order, and the agents' capacities. Blanks
// and ends of lines are free. Numbers are whole; one such as "15." or "1e3" is whole, too. With maximize every cost changes its
// sign, so that the least cost is the greatest value. Faults are an [*InstanceError], the first one only.
func ReadGap(r io.Reader, maximize bool) (*gap.Problem, error) {
	in := &numbers{in: newFieldReader(r)}
	m, err := in.size("the number of agents")
	if err != nil {
		return nil, err
	}
	n, err := in.size("the number of jobs")
	if err != nil {
		return nil, err
	}
	if n > 0 && m > maxAssignments/n {
		return nil, in.fault(fmt.Sprintf("agents times jobs must be at most %d", maxAssignments))
	}
	p := &gap.Problem{Agents: m, Jobs: n}
	if p.Cost, err = in.list(m*n, "the cost", false); err != nil {
		return nil, err
	}
	if maximize {
		for k := range p.Cost {
			p.Cost[k] = -p.Cost[k]
		}
	}
	use, err := in.list(m*n, "the use", true)
	if err != nil {
		return nil, err
	}
	capacity, err := in.list(m, "the capacity", true)
	if err != nil {
		return nil, err
	}
	p.Use, p.Capacity = [][]int64{use}, [][]int64{capacity}
	return p, in.end()
}

// WriteGap writes the agent of each job, with blanks between: the form in which the collections keep solutions.
func WriteGap(w io.Writer, assigned []int32) error {
	out := bufio.NewWriter(w)
	var text []byte
	for j, i := range assigned {
		text = text[:0]
		if j > 0 {
			text = append(text, ' ')
		}
		out.Write(strconv.AppendInt(text, int64(i), 10))
	}
	out.WriteByte('\n')
	return out.Flush()
}

// numbers reads whole numbers one by one, whatever the lines.
type numbers struct {
	in *fieldReader
	at int // next field of the line
}

// next moves to the next field.
func (r *numbers) next(what string) error {
	if r.at++; r.at < len(r.in.fields) {
		return nil
	}
	r.at = 0
	err := r.in.next()
	if !errors.Is(err, io.EOF) {
		return err
	}
	if r.in.line == 0 {
		return &InstanceError{File: r.in.file, Detail: "the file is empty; it must hold: " + formGap}
	}
	return &InstanceError{File: r.in.file, Line: r.in.line, Detail: "the file ends where " + what + " is due; it must hold: " + formGap}
}

// fault returns an error at the field read last.
func (r *numbers) fault(detail string) error { return r.in.faultAt(r.at, detail) }

// number reads a whole number of less than 2^53 in size.
func (r *numbers) number(what string) (int64, error) {
	if err := r.next(what); err != nil {
		return 0, err
	}
	v, err := r.in.whole(r.at, what)
	if err != nil {
		value, bad := strconv.ParseFloat(string(r.in.fields[r.at].text), 64)
		if bad != nil || value != float64(int64(value)) {
			return 0, err
		}
		v = int64(value)
	}
	if v >= 1<<53 || v <= -1<<53 {
		return 0, r.fault(what + " must be less than 2^53 in size")
	}
	return v, nil
}

// size reads a number of agents or jobs.
func (r *numbers) size(what string) (int, error) {
	v, err := r.number(what)
	if err == nil && (v < 1 || v > maxAssignments) {
		err = r.fault(fmt.Sprintf("%s must be from 1 to %d", what, maxAssignments))
	}
	return int(v), err
}

// list reads count numbers; they take memory as they come.
func (r *numbers) list(count int, what string, positive bool) ([]int64, error) {
	out := make([]int64, 0, min(count, 1<<16))
	for range count {
		v, err := r.number(what)
		if err != nil {
			return nil, err
		}
		if positive && v < 0 {
			return nil, r.fault(what + " must not be negative")
		}
		out = append(out, v)
	}
	return out, nil
}

// end checks that nothing follows.
func (r *numbers) end() error {
	if r.at+1 < len(r.in.fields) {
		r.at++
		return r.fault("the file goes on after the last capacity")
	}
	err := r.in.next()
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err == nil {
		r.at = 0
		err = r.fault("the file goes on after the last capacity")
	}
	return err
}
