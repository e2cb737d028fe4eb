package datasets

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/courtyard-care/courtyard/solver/care"
)

// entryKind describes the entries of a list inside a row: how a CSV cell spells one, and the members of the JSON object that
// says the same.
type entryKind[E any] struct {
	*list[E]
	parse  func(r *cellReader, text string) (E, *cellFault)
	format func(e *E) (string, error)
}

// entryKinds are all kinds of entries, made once for each reading and writing.
type entryKinds struct {
	offers     *entryKind[care.Offer]
	standIns   *entryKind[care.StandIn]
	slots      *entryKind[care.Slot]
	exceptions *entryKind[care.Exception]
	dayLimits  *entryKind[care.DayLimit]
	expiries   *entryKind[care.Expiry]
	dayUnits   *entryKind[DayUnits]
}

func newEntryKinds() *entryKinds {
	return &entryKinds{
		offerEntries(), standInEntries(), slotEntries(), exceptionEntries(), dayLimitEntries(), expiryEntries(), dayUnitsEntries(),
	}
}

// entryCells remembers the lists of cells by their text: rows with equal cells share one slice.
type entryCells[E any] map[string][]E

// read reads a cell of entries parted by ";".
func (known entryCells[E]) read(r *cellReader, kind *entryKind[E], cell string, to *[]E) *cellFault {
	if list, ok := known[cell]; ok {
		*to = list
		return nil
	}
	list := make([]E, 0, strings.Count(cell, ";")+1)
	for part := range strings.SplitSeq(cell, ";") {
		e, fault := kind.parse(r, strings.TrimSpace(part))
		if fault != nil {
			return &cellFault{fault.code, fmt.Sprintf("entry %d: %s", len(list)+1, fault.detail)}
		}
		list = append(list, e)
	}
	if len(known) < maxShared {
		known[strings.Clone(cell)] = list
	}
	*to = list
	return nil
}

// errMissing says that a member of an entry is not there.
var errMissing = &cellFault{"required", "a value is required"}

func missing[E any](*E) *cellFault { return errMissing }

// offerEntries are written "meal" or "escort:3".
func offerEntries() *entryKind[care.Offer] {
	return &entryKind[care.Offer]{
		list: (&list[care.Offer]{columns: []column[care.Offer]{
			{name: "service", needed: true, at: func(o *care.Offer) any { return &o.Service }},
			{name: "capacity", at: func(o *care.Offer) any { return &o.Capacity }},
		}}).indexed(),
		parse: func(r *cellReader, text string) (care.Offer, *cellFault) {
			service, capacity, limited := strings.Cut(text, ":")
			offer := care.Offer{Service: r.text(strings.TrimSpace(service))}
			if !limited {
				return offer, nil
			}
			v, fault := wholeNumber(strings.TrimSpace(capacity))
			offer.Capacity = care.AtMost(v)
			return offer, after(fault, "the capacity")
		},
		format: func(o *care.Offer) (string, error) {
			text, err := plainText(o.Service, ";:")
			if v, ok := o.Capacity.Value(); ok {
				text += ":" + strconv.FormatInt(v, 10)
			}
			return text, err
		},
	}
}

// after says what must stand behind the colon.
func after(fault *cellFault, what string) *cellFault {
	if fault == nil {
		return nil
	}
	return &cellFault{fault.code, what + ` after ":" ` + fault.detail}
}

// word cuts "word:rest" at the last colon.
func word(r *cellReader, text, want string) (word, rest string, fault *cellFault) {
	at := strings.LastIndexByte(text, ':')
	if at < 0 {
		return "", "", &cellFault{"invalid", "must be " + want}
	}
	return r.text(strings.TrimSpace(text[:at])), strings.TrimSpace(text[at+1:]), nil
}

// standInEntries are written "soup:300".
func standInEntries() *entryKind[care.StandIn] {
	return &entryKind[care.StandIn]{
		list: (&list[care.StandIn]{columns: []column[care.StandIn]{
			{name: "service", needed: true, at: func(s *care.StandIn) any { return &s.Service }},
			{name: "penalty", needed: true, at: func(s *care.StandIn) any { return &s.Penalty }, absent: missing[care.StandIn]},
		}}).indexed(),
		parse: func(r *cellReader, text string) (s care.StandIn, fault *cellFault) {
			var penalty string
			if s.Service, penalty, fault = word(r, text, "a service and its penalty, such as soup:300"); fault != nil {
				return s, fault
			}
			s.Penalty, fault = wholeNumber(penalty)
			return s, after(fault, "the penalty")
		},
		format: func(s *care.StandIn) (string, error) {
			text, err := plainText(s.Service, ";")
			return text + ":" + strconv.FormatInt(s.Penalty, 10), err
		},
	}
}

// slotEntries are written "mon 08:00-12:00".
func slotEntries() *entryKind[care.Slot] {
	return &entryKind[care.Slot]{
		list: (&list[care.Slot]{columns: []column[care.Slot]{
			{name: "weekday", needed: true, at: func(s *care.Slot) any { return &s.Weekday }, absent: missing[care.Slot]},
			{name: "window", needed: true, at: func(s *care.Slot) any { return &s.Window }, absent: missing[care.Slot]},
		}}).indexed(),
		parse: func(_ *cellReader, text string) (s care.Slot, fault *cellFault) {
			day, window, _ := strings.Cut(text, " ")
			if fault = setTime(&s.Weekday, day); fault != nil {
				return s, &cellFault{fault.code, "must be a weekday and a window, such as mon 08:00-12:00"}
			}
			return s, setTime(&s.Window, strings.TrimSpace(window))
		},
		format: func(s *care.Slot) (string, error) {
			window, err := windowText(s.Window)
			return care.WeekdayWord(s.Weekday) + " " + window, errors.Join(err, sound(s.Weekday))
		},
	}
}

// exceptionEntries are written "2026-12-02 off" or "2026-12-05 09:00-12:00".
func exceptionEntries() *entryKind[care.Exception] {
	return &entryKind[care.Exception]{
		list: (&list[care.Exception]{columns: []column[care.Exception]{
			{name: "date", needed: true, at: func(e *care.Exception) any { return &e.Date }, absent: missing[care.Exception]},
			{name: "off", at: func(e *care.Exception) any { return (*yes)(&e.Off) }},
			{name: "window", at: func(e *care.Exception) any { return &e.Window }, absent: func(e *care.Exception) *cellFault {
				if e.Window = (care.Window{}); e.Off {
					return nil
				}
				return &cellFault{"required", "the hours of that date are required, or off"}
			}},
		}}).indexed(),
		parse: func(_ *cellReader, text string) (e care.Exception, fault *cellFault) {
			date, rest, _ := strings.Cut(text, " ")
			rest = strings.TrimSpace(rest)
			if setTime(&e.Date, date) != nil || rest != "off" && setTime(&e.Window, rest) != nil {
				return e, &cellFault{"invalid", "must be a date and off, or a date and a window: 2026-12-02 off, 2026-12-05 09:00-12:00"}
			}
			e.Off = rest == "off"
			return e, nil
		},
		format: func(e *care.Exception) (string, error) {
			date, err := dateText(e.Date)
			if e.Off {
				return date + " off", err
			}
			window, errWindow := windowText(e.Window)
			return date + " " + window, errors.Join(err, errWindow)
		},
	}
}

// dayLimitEntries are written "mon:3".
func dayLimitEntries() *entryKind[care.DayLimit] {
	return &entryKind[care.DayLimit]{
		list: (&list[care.DayLimit]{columns: []column[care.DayLimit]{
			{name: "weekday", needed: true, at: func(d *care.DayLimit) any { return &d.Weekday }, absent: missing[care.DayLimit]},
			{name: "capacity", needed: true, at: func(d *care.DayLimit) any { return &d.Capacity }, absent: missing[care.DayLimit]},
		}}).indexed(),
		parse: func(r *cellReader, text string) (d care.DayLimit, fault *cellFault) {
			day, capacity, fault := word(r, text, "a weekday and its capacity, such as mon:3")
			if fault == nil {
				fault = setTime(&d.Weekday, day)
			}
			if fault != nil {
				return d, fault
			}
			d.Capacity, fault = wholeNumber(capacity)
			return d, after(fault, "the capacity")
		},
		format: func(d *care.DayLimit) (string, error) {
			return care.WeekdayWord(d.Weekday) + ":" + strconv.FormatInt(d.Capacity, 10), sound(d.Weekday)
		},
	}
}

// expiryEntries are written "nurse:2026-12-31".
func expiryEntries() *entryKind[care.Expiry] {
	return &entryKind[care.Expiry]{
		list: (&list[care.Expiry]{columns: []column[care.Expiry]{
			{name: "qualification", needed: true, at: func(e *care.Expiry) any { return &e.Qualification }},
			{name: "until", needed: true, at: func(e *care.Expiry) any { return &e.Until }, absent: missing[care.Expiry]},
		}}).indexed(),
		parse: func(r *cellReader, text string) (e care.Expiry, fault *cellFault) {
			var until string
			if e.Qualification, until, fault = word(r, text, "a qualification and its last day, such as nurse:2026-12-31"); fault != nil {
				return e, fault
			}
			return e, after(setTime(&e.Until, until), "the last day")
		},
		format: func(e *care.Expiry) (string, error) {
			text, err := plainText(e.Qualification, ";")
			until, errUntil := dateText(e.Until)
			return text + ":" + until, errors.Join(err, errUntil)
		},
	}
}

// sound refuses a day of the week that is none.
func sound(day time.Weekday) error {
	if care.WeekdayWord(day) == "" {
		return errors.New("not a day of the week")
	}
	return nil
}

// dateText writes a date that reads back.
func dateText(d care.Date) (string, error) {
	text := d.String()
	if back, err := care.ParseDate(text); err != nil || back != d {
		return "", errors.New("not a date")
	}
	return text, nil
}

// windowText writes a window that reads back; the zero value is the whole day.
func windowText(w care.Window) (string, error) {
	text := w.String()
	if back, err := care.ParseWindow(text); err != nil || back != w && w != (care.Window{From: 0, To: care.MinutesADay}) {
		return "", errors.New("not a window of one day")
	}
	return text, nil
}
