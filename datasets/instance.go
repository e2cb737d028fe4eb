package datasets

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
)

// Bounds on an instance file, so that a small file cannot ask for a large machine.
const (
	maxInstanceBytes = 16 << 30 // decompressed
	maxGzipRatio     = 200      // decompressed bytes for each byte of the file; instances reach 10 to 30
	gzipRatioFrom    = 32 << 20 // the ratio is judged from this many decompressed bytes on
	maxLine          = 64 << 10 // bytes of one line
)

// Instance is a public instance being read: a file, plain or gzipped, told apart by its first bytes.
type Instance struct {
	Name string // of the file, for messages
	Gzip bool

	text  io.Reader
	close func() error
}

// OpenInstance opens a file; "-" is stdin.
func OpenInstance(path string, stdin io.Reader) (*Instance, error) {
	if path == "-" {
		return NewInstance("standard input", stdin)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	in, err := NewInstance(path, file)
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	in.close = file.Close
	return in, nil
}

// NewInstance reads an instance from r. Reading fails where the decompressed text passes 16 GiB or, from 32 MiB on, 200
// times what was compressed.
func NewInstance(name string, r io.Reader) (*Instance, error) {
	raw := &counter{r: r}
	buffered := bufio.NewReaderSize(raw, 64<<10)
	in := &Instance{Name: name, text: buffered}
	magic, err := buffered.Peek(2)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	bomb := &bombGuard{name: name}
	if in.Gzip = string(magic) == "\x1f\x8b"; in.Gzip {
		z, err := gzip.NewReader(buffered)
		if err != nil {
			return nil, gzipError(name, err)
		}
		in.text, bomb.raw = z, raw
	}
	bomb.r = in.text
	in.text = bomb
	return in, nil
}

// Read reads the decompressed text.
func (in *Instance) Read(p []byte) (int, error) { return in.text.Read(p) }

// Close closes the file.
func (in *Instance) Close() error {
	if in.close == nil {
		return nil
	}
	return in.close()
}

// gzipError says what is wrong with a gzipped file.
func gzipError(name string, err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("read %s: the gzip file is cut short: %w", name, io.ErrUnexpectedEOF)
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum):
		return fmt.Errorf("read %s: the gzip file is damaged: %w", name, err)
	}
	return fmt.Errorf("read %s: %w", name, err)
}

// counter counts the bytes read.
type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// bombGuard bounds the decompressed text.
type bombGuard struct {
	r    io.Reader
	name string
	raw  *counter // nil for a plain file
	n    int64
}

func (b *bombGuard) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.n += int64(n)
	switch {
	case b.n > maxInstanceBytes:
		return 0, &LimitError{File: b.name, What: "bytes of text", Limit: maxInstanceBytes}
	case b.raw != nil && b.n > gzipRatioFrom && b.n > maxGzipRatio*b.raw.n:
		return 0, &LimitError{File: b.name, What: "bytes of text for each byte of the gzip file", Limit: maxGzipRatio}
	case err != nil && !errors.Is(err, io.EOF) && b.raw != nil:
		err = gzipError(b.name, err)
	}
	return n, err
}

// InstanceError is the first fault of an instance file.
type InstanceError struct {
	File   string
	Line   int // from 1; 0 when the whole file is meant
	Column int // byte of the line, from 1; 0 when the whole line is meant
	Detail string
	Value  string
}

// Error returns `grid.min:12:7: the capacity must be a whole number (value "x")`.
func (e *InstanceError) Error() string {
	s := e.File
	if e.Line > 0 {
		s += ":" + strconv.Itoa(e.Line)
		if e.Column > 0 {
			s += ":" + strconv.Itoa(e.Column)
		}
	}
	if s != "" {
		s += ": "
	}
	s += e.Detail
	if e.Value != "" {
		s += fmt.Sprintf(" (value %q)", short(e.Value))
	}
	return s
}

// fieldReader reads an instance line by line and cuts each into fields at blanks.
type fieldReader struct {
	file   string
	in     *bufio.Reader
	line   int
	fields []field // of the line read last
}

// field is one word of a line.
type field struct {
	text   []byte // valid until the next line
	column int    // from 1
}

// newFieldReader reads r; the name of an [Instance] goes into errors.
func newFieldReader(r io.Reader) *fieldReader {
	f := &fieldReader{in: bufio.NewReaderSize(r, maxLine)}
	if in, ok := r.(*Instance); ok {
		f.file = in.Name
	}
	return f
}

// next reads the next line that is not blank. It returns io.EOF after the last.
func (f *fieldReader) next() error {
	for {
		line, err := f.in.ReadSlice('\n')
		if len(line) > 0 {
			f.line++
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return f.fault(0, "the line is longer than "+strconv.Itoa(maxLine)+" bytes", "")
		case errors.Is(err, io.EOF) && len(line) == 0:
			return io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return f.wrap(err)
		}
		f.split(line)
		if len(f.fields) > 0 {
			return nil
		}
	}
}

// wrap names the file and line in an error of the reader.
func (f *fieldReader) wrap(err error) error {
	if limit, ok := errors.AsType[*LimitError](err); ok {
		return limit
	}
	return fmt.Errorf("%w (after line %d)", err, f.line)
}

// split cuts a line at blanks.
func (f *fieldReader) split(line []byte) {
	f.fields = f.fields[:0]
	start := -1
	for i, b := range line {
		blank := b == ' ' || b >= '\t' && b <= '\r'
		switch {
		case blank && start >= 0:
			f.fields = append(f.fields, field{line[start:i], start + 1})
			start = -1
		case !blank && start < 0:
			start = i
		}
	}
	if start >= 0 {
		f.fields = append(f.fields, field{line[start:], start + 1})
	}
}

// fault returns an error at a column of the line.
func (f *fieldReader) fault(column int, detail, value string) error {
	return &InstanceError{File: f.file, Line: f.line, Column: column, Detail: detail, Value: value}
}

// faultAt returns an error at field k of the line.
func (f *fieldReader) faultAt(k int, detail string) error {
	return f.fault(f.fields[k].column, detail, string(f.fields[k].text))
}

// whole reads field k as a whole number.
func (f *fieldReader) whole(k int, what string) (int64, error) {
	text := f.fields[k].text
	if len(text) <= 18 { // cannot overflow
		digits, negative := text, false
		if text[0] == '-' || text[0] == '+' {
			digits, negative = text[1:], text[0] == '-'
		}
		v, ok := int64(0), len(digits) > 0
		for _, b := range digits {
			if b < '0' || b > '9' {
				ok = false
				break
			}
			v = v*10 + int64(b-'0')
		}
		if negative {
			v = -v
		}
		if ok {
			return v, nil
		}
	}
	v, err := strconv.ParseInt(string(text), 10, 64)
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, f.faultAt(k, what+" does not fit into 64 bits")
	case err != nil:
		return 0, f.faultAt(k, what+" must be a whole number")
	}
	return v, nil
}

// want checks the number of fields of the line.
func (f *fieldReader) want(least, most int, form string) error {
	switch {
	case len(f.fields) < least:
		return f.fault(0, "the line is too short: "+form, string(f.fields[0].text))
	case len(f.fields) > most:
		return f.fault(f.fields[most].column, "the line goes on too long: "+form, string(f.fields[most].text))
	}
	return nil
}
