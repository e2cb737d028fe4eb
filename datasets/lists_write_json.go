package datasets

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/courtyard-care/courtyard/solver/care"
)

// WriteListsJSON writes the lists as the JSON object that [ReadRequest] reads back exactly. Members at their default are
// left out. It streams: the text is never held in full.
func WriteListsJSON(w io.Writer, lists *care.Lists) error {
	out := bufio.NewWriterSize(w, 64<<10)
	e := &jsonWriter{enc: jsontext.NewEncoder(out), entries: newEntryKinds()}
	e.token(jsontext.BeginObject)
	writeRows(e, needList(), lists.Needs, true)
	writeRows(e, resourceList(), lists.Resources, true)
	writeRows(e, providerList(), lists.Providers, lists.Providers != nil)
	writeRows(e, serviceList(), lists.Services, lists.Services != nil)
	writeRows(e, contractList(), lists.Contracts, lists.Contracts != nil)
	writeRows(e, eventList(), lists.Events, lists.Events != nil)
	writeRows(e, pairingList(), lists.Pairings, lists.Pairings != nil)
	e.token(jsontext.EndObject)
	if e.err != nil {
		return fmt.Errorf("write lists: %w", e.err)
	}
	return out.Flush()
}

// jsonWriter writes tokens until the first error.
type jsonWriter struct {
	enc     *jsontext.Encoder
	entries *entryKinds
	err     error
}

func (e *jsonWriter) token(t jsontext.Token) {
	if e.err == nil {
		e.err = e.enc.WriteToken(t)
	}
}

// writeRows writes one list as a member of the object.
func writeRows[T any](e *jsonWriter, l *list[T], in []T, given bool) {
	if !given {
		return
	}
	e.token(jsontext.String(l.name))
	e.token(jsontext.BeginArray)
	for i := range in {
		writeObject(e, l, &in[i])
	}
	e.token(jsontext.EndArray)
}

// writeObject writes one row or entry.
func writeObject[T any](e *jsonWriter, l *list[T], row *T) {
	e.token(jsontext.BeginObject)
	for k := range l.columns {
		c := &l.columns[k]
		var without any
		if !c.needed {
			without = usual(l, c, row)
		}
		e.member(c.name, c.at(row), without)
	}
	e.token(jsontext.EndObject)
}

// member writes one field, unless it equals usual, the same field of a row that leaves it out; nil where it may not be left
// out.
func (e *jsonWriter) member(name string, field, usual any) {
	needed := usual == nil
	text := func(v string) {
		if needed || v != "" {
			e.text(name, v)
		}
	}
	switch p := field.(type) {
	case *string:
		text(*p)
	case *care.Party:
		text(string(*p))
	case *care.Kind:
		text(string(*p))
	case *care.Gender:
		text(string(*p))
	case *care.PairingState:
		text(string(*p))
	case *care.Mode:
		if needed || *p != *usual.(*care.Mode) {
			e.text(name, string(*p))
		}
	case *float64:
		if e.err == nil && (math.IsNaN(*p) || math.IsInf(*p, 0)) {
			e.err = fmt.Errorf("%s: not a number", name)
		}
		e.token(jsontext.String(name))
		e.token(jsontext.Float(*p))
	case *int64:
		if needed || *p != *usual.(*int64) {
			e.number(name, *p)
		}
	case *int:
		if needed || *p != *usual.(*int) {
			e.number(name, int64(*p))
		}
	case *positive:
		if *p != 0 {
			e.number(name, int64(*p))
		}
	case *bool:
		if *p {
			e.number(name, 1)
		}
	case *yes:
		if *p {
			e.token(jsontext.String(name))
			e.token(jsontext.True)
		}
	case *care.Limit:
		if v, ok := p.Value(); ok {
			e.number(name, v)
		}
	case *care.Date:
		if *p != 0 || needed {
			e.checked(name)(dateText(*p))
		}
	case *care.Window:
		if needed || *p != (care.Window{}) {
			e.checked(name)(windowText(*p))
		}
	case *time.Weekday:
		e.checked(name)(care.WeekdayWord(*p), sound(*p))
	case *care.Weekdays:
		writeTexts(e, name, p.Words(), needed)
	case *[]string:
		writeTexts(e, name, *p, needed)
	case *[]care.Kind:
		writeTexts(e, name, *p, needed)
	case *[]care.Party:
		writeTexts(e, name, *p, needed)
	case *[]care.Offer:
		writeEntries(e, name, e.entries.offers, *p, needed)
	case *[]care.StandIn:
		writeEntries(e, name, e.entries.standIns, *p, needed)
	case *[]care.Slot:
		writeEntries(e, name, e.entries.slots, *p, needed)
	case *[]care.Exception:
		writeEntries(e, name, e.entries.exceptions, *p, needed)
	case *[]care.DayLimit:
		writeEntries(e, name, e.entries.dayLimits, *p, needed)
	case *[]care.Expiry:
		writeEntries(e, name, e.entries.expiries, *p, needed)
	default:
		panic(fmt.Sprintf("datasets: no writer for a field of type %T", field))
	}
}

// checked writes a text that may have been impossible to write.
func (e *jsonWriter) checked(name string) func(text string, err error) {
	return func(text string, err error) {
		if err != nil && e.err == nil {
			e.err = fmt.Errorf("%s: %w", name, err)
		}
		e.text(name, text)
	}
}

func writeEntries[E any](e *jsonWriter, name string, kind *entryKind[E], list []E, needed bool) {
	if len(list) == 0 && !needed {
		return
	}
	e.token(jsontext.String(name))
	e.token(jsontext.BeginArray)
	for i := range list {
		writeObject(e, kind.list, &list[i])
	}
	e.token(jsontext.EndArray)
}

func writeTexts[S ~string](e *jsonWriter, name string, list []S, needed bool) {
	if len(list) == 0 && !needed {
		return
	}
	e.token(jsontext.String(name))
	e.token(jsontext.BeginArray)
	for _, s := range list {
		e.token(jsontext.String(string(s)))
	}
	e.token(jsontext.EndArray)
}
