package datasets

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

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

// WriteContractsCSV writes a contracts list, as [WriteNeedsCSV] does needs.
func WriteContractsCSV(w io.Writer, contracts []care.Contract) error {
	return writeCSV(w, contractList(), contracts)
}

// WriteEventsCSV writes an events list, as [WriteNeedsCSV] does needs.
func WriteEventsCSV(w io.Writer, events []care.Event) error { return writeCSV(w, eventList(), events) }

// WritePairingsCSV writes a pairings list, as [WriteNeedsCSV] does needs.
func WritePairingsCSV(w io.Writer, pairings []care.Pairing) error {
	return writeCSV(w, pairingList(), pairings)
}

// usual returns the field of a column as it is in a row that has no value for it; nil where there must be one.
func usual[T any](l *list[T], c *column[T], row *T) any {
	if c.absent == nil {
		return c.at(&l.fresh)
	}
	without := *row
	if c.absent(&without) != nil {
		return nil
	}
	return c.at(&without)
}

// writeCSV writes one list. A cell that equals the default is left empty.
func writeCSV[T any](w io.Writer, l *list[T], in []T) error {
	kinds := newEntryKinds()
	used := make([]bool, len(l.columns))
	empty := make([]string, len(l.columns)) // the cell of the default, written as an empty one
	for k, c := range l.columns {
		used[k] = c.needed
		if c.absent == nil {
			empty[k], _ = formatCell(kinds, c.at(&l.fresh))
		}
	}
	cell := func(k, i int) (string, error) {
		c := &l.columns[k]
		text, err := formatCell(kinds, c.at(&in[i]))
		if err != nil {
			return "", fmt.Errorf("write %s: row %d, %s: %w", l.name, i, c.name, err)
		}
		without := empty[k]
		if c.absent != nil && !c.needed {
			without, _ = formatCell(kinds, usual(l, c, &in[i]))
		}
		if text == without {
			return "", nil
		}
		if text == "" {
			return "", fmt.Errorf("write %s: row %d, %s: an empty text would be read as the default", l.name, i, c.name)
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
func formatCell(kinds *entryKinds, field any) (string, error) {
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
	case *yes:
		if *p {
			return "yes", nil
		}
		return "", nil
	case *positive:
		if *p == 0 {
			return "", nil
		}
		return strconv.FormatInt(int64(*p), 10), nil
	case *care.PairingState:
		return plainText(string(*p), "")
	case *care.Date:
		if *p == 0 {
			return "", nil
		}
		return dateText(*p)
	case *care.Window:
		if *p == (care.Window{}) {
			return "", nil
		}
		return windowText(*p)
	case *care.Weekdays:
		return strings.Join(p.Words(), ";"), nil
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
		return formatEntries(kinds.offers, *p)
	case *[]care.StandIn:
		return formatEntries(kinds.standIns, *p)
	case *[]care.Slot:
		return formatEntries(kinds.slots, *p)
	case *[]care.Exception:
		return formatEntries(kinds.exceptions, *p)
	case *[]care.DayLimit:
		return formatEntries(kinds.dayLimits, *p)
	case *[]care.Expiry:
		return formatEntries(kinds.expiries, *p)
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

func formatEntries[E any](kind *entryKind[E], list []E) (string, error) {
	parts := make([]string, len(list))
	for i := range list {
		text, err := kind.format(&list[i])
		if err != nil {
			return "", err
		}
		parts[i] = text
	}
	return joinEntries(parts)
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
	return joinEntries(parts)
}

// joinEntries joins a list, which a single empty entry would turn into no list.
func joinEntries(parts []string) (string, error) {
	if len(parts) == 1 && parts[0] == "" {
		return "", errors.New("a list of one empty text would be read as no list")
	}
	return strings.Join(parts, ";"), nil
}
