package datasets

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/courtyard-care/courtyard/solver"
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
