package datasets

import (
	"bufio"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/courtyard-care/courtyard/solver/care"
)

// WriteNeedsCSV writes a needs list that [ReadLists] reads back exactly. Columns that no row uses are left out; a text that
// CSV cells cannot carry (";" inside an entry of a list, blanks around a text, control characters) is an error.
func WriteNeedsCSV(w io.Writer, needs []care.Need) error { return writeCSV(w, needList(), needs) }

// WriteResourcesCSV writes a resources list, as [WriteNeedsCSV] does needs.
func WriteResourcesCSV(w io.Writer, resources []care.Resource) error {
	return writeCSV(w, resourceList(), resources)
}

// WriteProvidersCSV writes a providers list, as [WriteNeedsCSV] does needs.
func WriteProvidersCSV(w io.Writer, providers []care.Provider) error {
	return writeCSV(w, providerList(), providers)
}

// WriteServicesCSV writes a services list, as [WriteNeedsCSV] does needs.
func WriteServicesCSV(w io.Writer, services []care.Service) error {
	return writeCSV(w, serviceList(), services)
}

// writeCSV writes one list. A cell that equals the default is left empty.
func writeCSV[T any](w io.Writer, l *list[T], in []T) error {
	used := make([]bool, len(l.columns))
	empty := make([]string, len(l.columns)) // the cell of the default, written as an empty one
	fresh := l.fresh
	for k, c := range l.columns {
		used[k] = c.needed
		empty[k], _ = formatCell(c.at(&fresh))
		if _, number := c.at(&fresh).(*float64); number {
			empty[k] = ""
		}
	}
	cell := func(k, i int) (string, error) {
		text, err := formatCell(l.columns[k].at(&in[i]))
		if err != nil {
			return "", fmt.Errorf("write %s: row %d, %s: %w", l.name, i, l.columns[k].name, err)
		}
		if text == empty[k] {
			return "", nil
		}
		if text == "" {
			return "", fmt.Errorf("write %s: row %d, %s: an empty text would be read as the default", l.name, i, l.columns[k].name)
		}
		return text, nil
	}
	for i := range in {
		for k := range l.columns {
			if used[k] {
				continue
			}
			text, err := cell(k, i)
			if err != nil {
				return err
			}
			used[k] = text != ""
		}
	}
	out := csv.NewWriter(w)
	var record []string
	for k, c := range l.columns {
		if used[k] {
			record = append(record, c.name)
		}
	}
	err := out.Write(record)
	for i := 0; i < len(in) && err == nil; i++ {
		record = record[:0]
		for k := range l.columns {
			if !used[k] {
				continue
			}
			text, err := cell(k, i)
			if err != nil {
				return err
			}
			record = append(record, text)
		}
		err = out.Write(record)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", l.name, err)
	}
	out.Flush()
	return out.Error()
}

// formatCell writes a field as a CSV cell.
func formatCell(field any) (string, error) {
	switch p := field.(type) {
	case *string:
		return plainText(*p, "")
	case *care.Party:
		return plainText(string(*p), "")
	case *care.Kind:
		return plainText(string(*p), "")
	case *care.Mode:
		return plainText(string(*p), "")
	case *care.Gender:
		return plainText(string(*p), "")
	case *float64:
		if math.IsNaN(*p) || math.IsInf(*p, 0) {
			return "", errors.New("not a number")
		}
		return strconv.FormatFloat(*p, 'f', -1, 64), nil
	case *int64:
		return strconv.FormatInt(*p, 10), nil
	case *int:
		return strconv.Itoa(*p), nil
	case *bool:
		if *p {
			return "1", nil
		}
		return "0", nil
	case *care.Limit:
		if v, ok := p.Value(); ok {
			return strconv.FormatInt(v, 10), nil
		}
		return "", nil
	case *[]string:
		return joinCell(*p)
	case *[]care.Kind:
		return joinCell(*p)
	case *[]care.Party:
		return joinCell(*p)
	case *[]care.Offer:
		var parts []string
		for _, o := range *p {
			part, err := plainText(o.Service, ";:")
			if err != nil {
				return "", err
			}
			if v, ok := o.Capacity.Value(); ok {
				part += ":" + strconv.FormatInt(v, 10)
			}
			parts = append(parts, part)
		}
		return entries(parts)
	}
	panic(fmt.Sprintf("datasets: no writer for a field of type %T", field))
}

// plainText returns s if a cell can carry it and holds none of the separators.
func plainText(s, separators string) (string, error) {
	switch {
	case strings.TrimSpace(s) != s:
		return "", fmt.Errorf("blanks around %q would be lost", short(s))
	case strings.ContainsAny(s, separators):
		return "", fmt.Errorf("%q holds a separator (%q)", short(s), separators)
	case badText(s, utf8Text) != "":
		return "", fmt.Errorf("%q cannot be written: %s", short(s), badText(s, utf8Text))
	}
	return s, nil
}

func joinCell[S ~string](list []S) (string, error) {
	parts := make([]string, len(list))
	for i, s := range list {
		text, err := plainText(string(s), ";")
		if err != nil {
			return "", err
		}
		parts[i] = text
	}
	return entries(parts)
}

// entries joins a list, which a single empty entry would turn into no list.
func entries(parts []string) (string, error) {
	if len(parts) == 1 && parts[0] == "" {
		return "", errors.New("a list of one empty text would be read as no list")
	}
	return strings.Join(parts, ";"), nil
}

// WriteListsJSON writes the lists as the JSON object that [ReadRequest] reads back exactly. Members at their default are
// left out. It streams: the text is never held in full.
func WriteListsJSON(w io.Writer, lists *care.Lists) error {
	out := bufio.NewWriterSize(w, 64<<10)
	e := &jsonWriter{enc: jsontext.NewEncoder(out)}
	e.token(jsontext.BeginObject)
	writeRows(e, needList(), lists.Needs, true)
	writeRows(e, resourceList(), lists.Resources, true)
	writeRows(e, providerList(), lists.Providers, lists.Providers != nil)
	writeRows(e, serviceList(), lists.Services, lists.Services != nil)
	e.token(jsontext.EndObject)
	if e.err != nil {
		return fmt.Errorf("write lists: %w", e.err)
	}
	return out.Flush()
}

// jsonWriter writes tokens until the first error.
type jsonWriter struct {
	enc *jsontext.Encoder
	err error
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
	fresh := l.fresh
	for i := range in {
		e.token(jsontext.BeginObject)
		for k := range l.columns {
			c := &l.columns[k]
			e.member(c.name, c.at(&in[i]), c.at(&fresh), c.needed)
		}
		e.token(jsontext.EndObject)
	}
	e.token(jsontext.EndArray)
}

// member writes one field, unless it may be left out and equals the default.
func (e *jsonWriter) member(name string, field, usual any, needed bool) {
	text := func(v, usual string) {
		if needed || v != usual {
			e.text(name, v)
		}
	}
	number := func(v, usual int64) {
		if needed || v != usual {
			e.number(name, v)
		}
	}
	switch p := field.(type) {
	case *string:
		text(*p, *usual.(*string))
	case *care.Party:
		text(string(*p), "")
	case *care.Kind:
		text(string(*p), "")
	case *care.Mode:
		text(string(*p), string(*usual.(*care.Mode)))
	case *care.Gender:
		text(string(*p), "")
	case *float64:
		if e.err == nil && (math.IsNaN(*p) || math.IsInf(*p, 0)) {
			e.err = fmt.Errorf("%s: not a number", name)
		}
		e.token(jsontext.String(name))
		e.token(jsontext.Float(*p))
	case *int64:
		number(*p, *usual.(*int64))
	case *int:
		number(int64(*p), int64(*usual.(*int)))
	case *bool:
		if *p {
			e.number(name, 1)
		}
	case *care.Limit:
		if v, ok := p.Value(); ok {
			e.number(name, v)
		}
	case *[]string:
		writeTexts(e, name, *p, needed)
	case *[]care.Kind:
		writeTexts(e, name, *p, needed)
	case *[]care.Party:
		writeTexts(e, name, *p, needed)
	case *[]care.Offer:
		e.token(jsontext.String(name))
		e.token(jsontext.BeginArray)
		for _, o := range *p {
			e.open("service", o.Service)
			if v, ok := o.Capacity.Value(); ok {
				e.number("capacity", v)
			}
			e.token(jsontext.EndObject)
		}
		e.token(jsontext.EndArray)
	default:
		panic(fmt.Sprintf("datasets: no writer for a field of type %T", field))
	}
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
