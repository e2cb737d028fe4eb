package datasets

import (
	"slices"
	"time"

	"github.com/courtyard-care/courtyard/solver/care"
)

// value reads a JSON value into a field of a list's row.
func (d *jsonReader) value(field any, own bool) {
	switch p := field.(type) {
	case *string:
		d.text(own, func(s string) { *p = s })
	case *care.Party:
		d.text(false, func(s string) { *p = care.Party(s) })
	case *care.Kind:
		d.text(false, func(s string) { *p = care.Kind(s) })
	case *care.Mode:
		d.text(false, func(s string) { *p = care.Mode(s) })
	case *care.Gender:
		d.text(false, func(s string) { *p = care.Gender(s) })
	case *float64:
		d.number(finite(p))
	case *care.PairingState:
		d.text(false, func(s string) { *p = care.PairingState(s) })
	case *care.Date, *care.Window, *time.Weekday:
		d.time(field)
	case *care.Weekdays:
		d.weekdays(p)
	case *bool:
		d.flag(p)
	case *yes:
		d.flag((*bool)(p))
	case *[]string:
		texts(d, p)
	case *[]care.Kind:
		texts(d, p)
	case *[]care.Party:
		texts(d, p)
	case *[]care.Offer:
		entries(d, d.entries.offers, p)
	case *[]care.StandIn:
		entries(d, d.entries.standIns, p)
	case *[]care.Slot:
		entries(d, d.entries.slots, p)
	case *[]care.Exception:
		entries(d, d.entries.exceptions, p)
	case *[]care.DayLimit:
		entries(d, d.entries.dayLimits, p)
	case *[]care.Expiry:
		entries(d, d.entries.expiries, p)
	case *[]DayUnits:
		entries(d, d.entries.dayUnits, p)
	case *skipped:
		if t, ok := d.token(); ok {
			d.skip(t)
		}
	default:
		d.number(func(text string) *cellFault { return setNumber(field, text) })
	}
}

// flag reads true, false, 1 or 0.
func (d *jsonReader) flag(p *bool) {
	t, ok := d.token()
	switch {
	case !ok || t.kind == 'n':
	case t.kind == 't', t.kind == 'f':
		*p = t.kind == 't'
	case t.kind == '0' && len(t.raw) == 1 && t.raw[0] <= '1':
		*p = t.raw[0] == '1'
	default:
		d.wrong(t, "must be true or false")
	}
}

// time reads a string that is a date, a window or a day of the week.
func (d *jsonReader) time(field any) {
	d.text(false, func(s string) {
		if fault := setTime(field, s); fault != nil {
			d.fault(fault.code, fault.detail, s)
		}
	})
}

// weekdays reads ["mon","tue"].
func (d *jsonReader) weekdays(p *care.Weekdays) {
	d.array("entries", d.lim.Entries, func() {
		word := "" // null is no day of the week
		d.text(false, func(s string) { word = s })
		if fault := addWeekday(p, word); fault != nil && !d.faulty(d.pointer()) {
			d.fault(fault.code, fault.detail, word)
		}
	})
}

// texts reads an array of strings.
func texts[S ~string](d *jsonReader, p *[]S) {
	var list []S
	d.array("entries", d.lim.Entries, func() {
		entry := S("") // null is an empty entry, which validation refuses
		d.text(false, func(s string) { entry = S(s) })
		list = append(list, entry)
	})
	if d.stop == nil {
		*p = list
	}
}

// entries reads an array of objects. An entry that is null is an empty one, which is a fault where it must say anything.
func entries[E any](d *jsonReader, kind *entryKind[E], p *[]E) {
	must := slices.ContainsFunc(kind.columns, func(c column[E]) bool { return c.absent != nil })
	d.array("entries", d.lim.Entries, func() {
		e, before := kind.fresh, d.faults.Total
		if !object(d, kind.list, &e) && must && d.faults.Total == before {
			d.fault("required", "an entry is empty", "")
		}
		*p = append(*p, e)
	})
}

// object reads the members of one row or entry. It returns false for null and for what is no object.
func object[T any](d *jsonReader, l *list[T], row *T) bool {
	var seen uint64
	ok := d.members(l.names, func(name []byte) bool {
		i, known := l.index[string(name)]
		if !known {
			return false
		}
		if d.stop == nil && d.dec.PeekKind() != 'n' {
			seen |= 1 << i
		}
		d.value(l.columns[i].at(row), l.columns[i].own)
		return true
	})
	if !ok {
		return false
	}
	for i := range l.columns {
		c := &l.columns[i]
		if c.absent == nil || seen&(1<<i) != 0 {
			continue
		}
		if fault := c.absent(row); fault != nil {
			d.faultAt(d.pointer()+"/"+c.name, fault.code, fault.detail, "")
		}
	}
	return true
}

// readRows reads one list of the request. The result is nil only when the list is absent or null.
func readRows[T any](d *jsonReader, l *list[T], most int) []T {
	if !d.open('[') {
		return nil
	}
	return rowsOf(d, l, most)
}

// rowsOf reads the rows of an array that has been opened.
func rowsOf[T any](d *jsonReader, l *list[T], most int) []T {
	out := []T{}
	given := d.entriesOf(l.name, most, func() {
		row := l.fresh
		object(d, l, &row)
		out = append(out, row)
	})
	if !given {
		return nil
	}
	return out
}
