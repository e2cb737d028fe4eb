package datasets

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ReadWeights reads the weights of an instance's customers from a CSV table, joined on its first column, and puts them in the
// place of those that the instance has. The weight stands in the column weight, demand, population or pop, the first of
// these that there is. Every customer must have one; rows of others do not count. Faults are an [*InstanceError], the first one.
func ReadWeights(in *Instance, s *Siting) error {
	text := bufio.NewReader(in)
	if bom, err := text.Peek(3); err == nil && string(bom) == utf8BOM {
		_, _ = text.Discard(3) // what was peeked at is there
	}
	table := csv.NewReader(text)
	fault := func(field int, detail, value string) error {
		e := &InstanceError{File: in.Name, Detail: detail, Value: value}
		if field >= 0 {
			e.Line, e.Column = table.FieldPos(field)
		}
		return e
	}
	head, err := table.Read()
	if err != nil {
		if errors.Is(err, io.EOF) {
			return fault(-1, "the file is empty; it must hold a table of weights", "")
		}
		return fmt.Errorf("read %s: %w", in.Name, err)
	}
	at := -1
	for _, name := range []string{"weight", "demand", "population", "pop"} {
		if at < 1 {
			at = slices.IndexFunc(head, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
		}
	}
	if at < 1 {
		return fault(0, "the table has no column weight, demand, population or pop after its first", "")
	}
	number := make(map[string]int, s.Travel.Customers)
	for i := range s.Travel.Customers {
		number[s.Customer(i)] = i
	}
	weight, seen := make([]float64, s.Travel.Customers), make([]bool, s.Travel.Customers)
	for {
		row, err := table.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", in.Name, err)
		}
		i, ok := number[strings.TrimSpace(row[0])]
		if !ok {
			continue
		}
		v, ok := realOf([]byte(strings.TrimSpace(row[at])))
		switch {
		case seen[i]:
			return fault(0, "the customer has a weight already", row[0])
		case !ok || v < 0:
			return fault(at, "the weight must be a finite number, not negative", row[at])
		}
		weight[i], seen[i] = v, true
	}
	if i := slices.Index(seen, false); i >= 0 {
		return fault(-1, "the table has no weight for a customer of the instance", s.Customer(i))
	}
	s.Weight = weight
	return nil
}
