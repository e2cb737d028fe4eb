package datasets

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/courtyard-care/courtyard/solver/care"
)

// cellFault says why a cell or a JSON value cannot be read as its column's type.
type cellFault struct{ code, detail string }

var (
	errNotWhole   = &cellFault{"invalid", "must be a whole number in plain digits"}
	errTooLarge   = &cellFault{"out_of_range", "is beyond the numbers that fit here"}
	errNotDecimal = &cellFault{"invalid", "must be a plain decimal number, such as 100.2251"}
	errNoNumber   = &cellFault{"required", "a number is required"}
	errNotFlag    = &cellFault{"invalid", "must be yes or no"}
	errTooSmall   = &cellFault{"out_of_range", "must be a whole number of at least 1"}
)

// wholeNumber reads digits with an optional sign. Fractions, exponents and blanks inside are refused; whether a number
// may be negative is not decided here.
func wholeNumber(s string) (int64, *cellFault) {
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || !allDigits(digits) {
		return 0, errNotWhole
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if errors.Is(err, strconv.ErrRange) {
		return 0, errTooLarge
	}
	if err != nil {
		return 0, errNotWhole
	}
	return v, nil
}

// decimal reads digits with an optional sign and an optional point between or after digits: no exponent, no NaN, no Inf.
func decimal(s string) (float64, *cellFault) {
	unsigned := strings.TrimLeft(s, "+-")
	before, after, point := strings.Cut(unsigned, ".")
	if len(s)-len(unsigned) > 1 || !allDigits(before) || point && !allDigits(after) {
		return 0, errNotDecimal
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(v, 0) {
		return 0, errTooLarge
	}
	return v, nil
}

// allDigits reports whether s is one or more digits 0 to 9.
func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// cellReader turns CSV cells into fields. Rows with equal list cells share one slice: lists of a row are read, never
// changed in place.
type cellReader struct {
	entries *entryKinds
	texts   shared
	strings map[string][]string
	kinds   map[string][]care.Kind
	parties map[string][]care.Party
	offers  entryCells[care.Offer]

	standIns   entryCells[care.StandIn]
	slots      entryCells[care.Slot]
	exceptions entryCells[care.Exception]
	dayLimits  entryCells[care.DayLimit]
	expiries   entryCells[care.Expiry]
	dayUnits   entryCells[DayUnits]
}

func newCellReader() *cellReader {
	return &cellReader{
		entries: newEntryKinds(),
		texts:   shared{},
		strings: map[string][]string{},
		kinds:   map[string][]care.Kind{},
		parties: map[string][]care.Party{},
		offers:  entryCells[care.Offer]{},

		standIns:   entryCells[care.StandIn]{},
		slots:      entryCells[care.Slot]{},
		exceptions: entryCells[care.Exception]{},
		dayLimits:  entryCells[care.DayLimit]{},
		expiries:   entryCells[care.Expiry]{},
		dayUnits:   entryCells[DayUnits]{},
	}
}

// set reads a cell into a field; an empty cell leaves the default. own is that of the column.
func (r *cellReader) set(field any, cell string, own bool) *cellFault {
	var fault *cellFault
	if cell == "" {
		return nil
	}
	switch p := field.(type) {
	case *string:
		if own {
			*p = strings.Clone(cell)
		} else {
			*p = r.text(cell)
		}
	case *care.Party:
		*p = care.Party(r.text(cell))
	case *care.Kind:
		*p = care.Kind(r.text(cell))
	case *care.Mode:
		*p = care.Mode(r.text(cell))
	case *care.Gender:
		*p = care.Gender(r.text(cell))
	case *float64:
		*p, fault = decimal(cell)
	case *[]string:
		*p = keep(r.strings, cell, func(s string) string { return r.text(s) })
	case *[]care.Kind:
		*p = keep(r.kinds, cell, func(s string) care.Kind { return care.Kind(r.text(s)) })
	case *[]care.Party:
		*p = keep(r.parties, cell, func(s string) care.Party { return care.Party(r.text(s)) })
	case *care.PairingState:
		*p = care.PairingState(r.text(cell))
	case *care.Weekdays:
		for part := range strings.SplitSeq(cell, ";") {
			if fault := addWeekday(p, strings.TrimSpace(part)); fault != nil {
				return fault
			}
		}
	case *bool:
		*p, fault = flagCell(cell)
	case *yes:
		var v bool
		v, fault = flagCell(cell)
		*p = yes(v)
	case *[]care.Offer:
		fault = r.offers.read(r, r.entries.offers, cell, p)
	case *[]care.StandIn:
		fault = r.standIns.read(r, r.entries.standIns, cell, p)
	case *[]care.Slot:
		fault = r.slots.read(r, r.entries.slots, cell, p)
	case *[]care.Exception:
		fault = r.exceptions.read(r, r.entries.exceptions, cell, p)
	case *[]care.DayLimit:
		fault = r.dayLimits.read(r, r.entries.dayLimits, cell, p)
	case *[]care.Expiry:
		fault = r.expiries.read(r, r.entries.expiries, cell, p)
	case *[]DayUnits:
		fault = r.dayUnits.read(r, r.entries.dayUnits, cell, p)
	case *skipped:
	case *care.Date, *care.Window:
		return setTime(field, cell)
	default:
		return setNumber(field, cell)
	}
	return fault
}

// setNumber reads the text of a whole number into any field that holds one.
func setNumber(field any, text string) *cellFault {
	v, fault := wholeNumber(text)
	if fault != nil {
		return fault
	}
	switch p := field.(type) {
	case *int64:
		*p = v
	case *int:
		*p = int(v)
	case *care.Limit:
		*p = care.AtMost(v)
	case *positive:
		if v < 1 {
			return errTooSmall
		}
		*p = positive(v)
	case *unread:
	default:
		panic(fmt.Sprintf("datasets: no reader for a field of type %T", field))
	}
	return nil
}

// text returns one copy of a text that repeats; cell is a piece of a whole row, which must not be kept alive.
func (r *cellReader) text(cell string) string {
	if kept, ok := r.texts[cell]; ok {
		return kept
	}
	return r.texts.text(strings.Clone(cell))
}

// keep splits a list cell at ";" and remembers the result by the cell's text.
func keep[E any](known map[string][]E, cell string, entry func(string) E) []E {
	if list, ok := known[cell]; ok {
		return list
	}
	list := make([]E, 0, strings.Count(cell, ";")+1)
	for part := range strings.SplitSeq(cell, ";") {
		list = append(list, entry(strings.TrimSpace(part)))
	}
	if len(known) < maxShared {
		known[strings.Clone(cell)] = list
	}
	return list
}

// flagCell reads yes, true or 1, and no, false or 0.
func flagCell(cell string) (bool, *cellFault) {
	switch cell {
	case "yes", "true", "1":
		return true, nil
	case "no", "false", "0":
		return false, nil
	}
	return false, errNotFlag
}

// setTime reads a date, a window or a day of the week.
func setTime(field any, text string) *cellFault {
	var err error
	switch p := field.(type) {
	case *care.Date:
		*p, err = care.ParseDate(text)
	case *care.Window:
		*p, err = care.ParseWindow(text)
	case *time.Weekday:
		*p, err = care.ParseWeekday(text)
	default:
		panic(fmt.Sprintf("datasets: no reader for a field of type %T", field))
	}
	if err != nil {
		return &cellFault{"invalid", err.Error()}
	}
	return nil
}

// addWeekday adds one day to a set.
func addWeekday(to *care.Weekdays, word string) *cellFault {
	day, err := care.ParseWeekday(word)
	switch {
	case err != nil:
		return &cellFault{"invalid", err.Error()}
	case to.Has(day):
		return &cellFault{"duplicate", "the same weekday stands twice in the list"}
	}
	*to = to.With(day)
	return nil
}
