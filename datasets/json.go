package datasets

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// jsonReader reads typed values from a stream of JSON tokens, collecting what has the wrong type and stopping only where
// the text is no JSON or exceeds a limit. Its methods do nothing once it has stopped.
type jsonReader struct {
	dec     *jsontext.Decoder
	guard   *guard
	lim     Limits
	faults  solver.Invalid
	entries *entryKinds
	texts   shared
	stop    error // what ended the reading early: *Malformed, *LimitError or an error of the reader
}

// maxToken bounds the bytes of one JSON token with the blanks before it.
const maxToken = 4 << 20

// newJSONReader returns a reader of one JSON value. A byte order mark before it is skipped.
func newJSONReader(r io.Reader, lim Limits) *jsonReader {
	buffered := bufio.NewReader(&capped{r: r, left: lim.Bytes, lim: lim.Bytes})
	if start, _ := buffered.Peek(len(utf8BOM)); string(start) == utf8BOM {
		_, _ = buffered.Discard(len(utf8BOM)) // buffered: cannot fail
	}
	g := &guard{r: buffered, most: maxToken, what: "bytes in one value"}
	return &jsonReader{dec: jsontext.NewDecoder(g), guard: g, lim: lim, entries: newEntryKinds(), texts: shared{}}
}

// capped refuses to read more than its limit.
type capped struct {
	r         io.Reader
	left, lim int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left < 0 {
		return 0, &LimitError{What: "bytes", Limit: c.lim}
	}
	n, err := c.r.Read(p[:min(int64(len(p)), c.left+1)])
	c.left -= int64(n)
	if c.left < 0 {
		return 0, &LimitError{What: "bytes", Limit: c.lim}
	}
	return n, err
}

// fail stops the reading for an error of the decoder.
func (d *jsonReader) fail(err error) {
	if d.stop != nil {
		return
	}
	var (
		limit  *LimitError
		syntax *jsontext.SyntacticError
	)
	switch {
	case errors.As(err, &limit):
		limit.Pointer = d.pointer()
		d.stop = limit
	case errors.As(err, &syntax):
		d.stop = &Malformed{Pointer: shortPointer(string(syntax.JSONPointer)), Offset: syntax.ByteOffset, Detail: syntaxDetail(syntax.Err)}
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		d.stop = &Malformed{Pointer: d.pointer(), Offset: d.dec.InputOffset(), Detail: "the input ends early"}
	default:
		d.stop = fmt.Errorf("read JSON: %w", err)
	}
}

// syntaxDetail says what is wrong with the text, without quoting it.
func syntaxDetail(err error) string {
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		return "the member stands twice in its object"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "the input ends early"
	case strings.Contains(err.Error(), "UTF-8"):
		return "not UTF-8"
	case strings.Contains(err.Error(), "escape"), strings.Contains(err.Error(), "surrogate"):
		return "an escape sequence in a string is not valid"
	case strings.Contains(err.Error(), "depth"):
		return "nested too deeply"
	}
	return "not valid JSON here"
}

// limit stops the reading at a limit.
func (d *jsonReader) limit(what string, most int) {
	if d.stop == nil {
		d.stop = &LimitError{Pointer: d.pointer(), What: what, Limit: int64(most)}
	}
}

// pointer is that of the value read last.
func (d *jsonReader) pointer() string { return shortPointer(string(d.dec.StackPointer())) }

// shortPointer cuts the long segments of a pointer: a member's name may be anything.
func shortPointer(p string) string {
	if len(p) < 100 {
		return p
	}
	parts := strings.Split(p, "/")
	for i := range parts {
		parts[i] = short(parts[i])
	}
	return strings.Join(parts, "/")
}

// fault records something wrong with the value read last.
func (d *jsonReader) fault(code, detail, value string) { d.faultAt(d.pointer(), code, detail, value) }

func (d *jsonReader) faultAt(pointer, code, detail, value string) {
	if d.stop == nil {
		d.faults.Add(solver.Fault{Pointer: pointer, Code: code, Detail: detail, Value: short(value)})
	}
}

// token is a scalar with its text, or the bracket that begins or ends an object or array.
type token struct {
	kind jsontext.Kind
	raw  []byte // the text of a scalar, valid until the next read
}

// text returns the value of a string, or the text of any other scalar.
func (t token) text() string {
	if t.kind != '"' {
		return string(t.raw)
	}
	if plain, ok := t.plain(); ok {
		return string(plain)
	}
	text, err := jsontext.AppendUnquote(nil, t.raw)
	if err != nil {
		panic("datasets: the decoder passed a string that it cannot unquote")
	}
	return string(text)
}

// plain returns the value of a string that holds no escape sequence.
func (t token) plain() (value []byte, ok bool) {
	if t.kind != '"' || bytes.IndexByte(t.raw, '\\') >= 0 {
		return nil, false
	}
	return t.raw[1 : len(t.raw)-1], true
}

// token reads the next token; ok is false once the reading has stopped.
func (d *jsonReader) token() (t token, ok bool) {
	if d.stop != nil {
		return t, false
	}
	var err error
	switch t.kind = d.dec.PeekKind(); t.kind {
	case '{', '[', '}', ']', jsontext.KindInvalid:
		_, err = d.dec.ReadToken()
	default: // a scalar: its bytes are not copied
		t.raw, err = d.dec.ReadValue()
	}
	d.guard.done()
	if err != nil {
		d.fail(err)
		return t, false
	}
	if (t.kind == '{' || t.kind == '[') && d.dec.StackDepth() > d.lim.Depth {
		d.limit("levels of nesting", d.lim.Depth)
		return t, false
	}
	return t, true
}

// skip reads the rest of the value that t begins.
func (d *jsonReader) skip(t token) {
	if t.kind != '{' && t.kind != '[' {
		return
	}
	for depth := d.dec.StackDepth() - 1; d.dec.StackDepth() > depth; {
		if _, ok := d.token(); !ok {
			return
		}
		if kind, n := d.dec.StackIndex(d.dec.StackDepth()); kind == '{' && n > 2*maxMembers {
			d.limit("members in one object", maxMembers)
		}
	}
}

// more reports whether the array or object being read goes on.
func (d *jsonReader) more() bool {
	if d.stop != nil {
		return false
	}
	switch d.dec.PeekKind() {
	case ']', '}':
		d.token()
		return false
	}
	return d.stop == nil
}

// open reads a value that must begin with kind; null counts as absent and anything else as a fault. It returns false
// when there is nothing to go into.
func (d *jsonReader) open(kind jsontext.Kind) bool {
	t, ok := d.token()
	if !ok || t.kind == 'n' {
		return false
	}
	if t.kind != kind {
		what := "an object"
		if kind == '[' {
			what = "an array"
		}
		d.wrong(t, "must be "+what)
		return false
	}
	return true
}

// wrong records a value of the wrong type and skips it.
func (d *jsonReader) wrong(t token, detail string) {
	d.fault("invalid", detail, t.text())
	d.skip(t)
}

// members reads an object, handing the name of each member to read, which must read its value and report whether it knows
// the name; the value of an unknown member is skipped. It returns false for null and for what is no object.
func (d *jsonReader) members(known []string, read func(name []byte) bool) bool {
	return d.open('{') && d.membersOf(known, read)
}

// membersOf reads the members of an object that has been opened.
func (d *jsonReader) membersOf(known []string, read func(name []byte) bool) bool {
	for n := 1; d.more(); n++ {
		t, ok := d.token()
		if !ok {
			return false
		}
		if n > maxMembers {
			d.limit("members in one object", maxMembers)
			return false
		}
		name, ok := t.plain()
		if !ok {
			name = []byte(t.text())
		}
		if read(name) {
			continue
		}
		d.fault("unknown", "no such member"+suggest(string(name), known), "")
		if t, ok := d.token(); ok {
			d.skip(t)
		}
	}
	return d.stop == nil
}

// maxMembers bounds the members of one object, known or not: their names are kept to find duplicates.
const maxMembers = 1000

// text reads a string; null leaves the field as it is.
func (d *jsonReader) text(own bool, set func(string)) {
	t, ok := d.token()
	if !ok || t.kind == 'n' {
		return
	}
	if t.kind != '"' {
		d.wrong(t, "must be a string")
		return
	}
	if plain, ok := t.plain(); ok && !own {
		if s, ok := d.texts[string(plain)]; ok { // kept already: no copy
			set(s)
			return
		}
	}
	s := t.text()
	if len(s) > d.lim.Text {
		d.limit("bytes", d.lim.Text)
		return
	}
	if !own {
		s = d.texts.text(s)
	}
	set(s)
}

// number reads the text of a number and hands it to set; null leaves the field as it is.
func (d *jsonReader) number(set func(text string) *cellFault) {
	t, ok := d.token()
	switch {
	case !ok || t.kind == 'n':
	case t.kind != '0':
		d.wrong(t, "must be a number")
	default:
		text := string(t.raw)
		if fault := set(text); fault != nil {
			d.fault(fault.code, fault.detail, text)
		}
	}
}

// finite reads any finite JSON number.
func finite(p *float64) func(string) *cellFault {
	return func(text string) *cellFault {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsInf(v, 0) {
			return errTooLarge
		}
		*p = v
		return nil
	}
}

// array reads an array, calling read for each entry; null leaves it absent.
func (d *jsonReader) array(what string, most int, read func()) {
	if d.open('[') {
		d.entriesOf(what, most, read)
	}
}

// entriesOf reads the entries of an array that has been opened, and reports whether it came to the end.
func (d *jsonReader) entriesOf(what string, most int, read func()) bool {
	for n := 0; d.more(); n++ {
		if n == most {
			d.limit(what, most)
			return false
		}
		read()
	}
	return d.stop == nil
}

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

// end checks that nothing follows the value.
func (d *jsonReader) end() {
	if d.stop != nil {
		return
	}
	_, err := d.dec.ReadToken()
	switch {
	case errors.Is(err, io.EOF):
	case err == nil:
		d.stop = &Malformed{Offset: d.dec.InputOffset(), Detail: "something follows the end of the JSON value"}
	default:
		d.fail(err)
	}
}

// empty reports whether there is nothing but blanks.
func (d *jsonReader) empty() bool {
	return d.dec.PeekKind() == jsontext.KindInvalid && len(bytes.TrimSpace(d.dec.UnreadBuffer())) == 0
}
