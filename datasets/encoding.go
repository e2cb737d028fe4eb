package datasets

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
)

// encoding is how the text of a file is written as bytes.
type encoding uint8

const (
	utf8Text encoding = iota // UTF-8, perhaps with some rows that are not: those are faults of their own
	gbkText
	utf16Text
)

const (
	utf8BOM = "\xEF\xBB\xBF"
	maxRun  = 64 << 10 // a run of non-ASCII bytes is judged in pieces of this size
)

// survey is what one pass over a CSV file finds out.
type survey struct {
	encoding encoding
	bom      bool // it begins with a UTF-8 byte order mark
	lines    int  // line breaks: an upper bound on the rows
	bytes    int64
}

// rows estimates the rows, for making room: next to nothing where the lines are too short to be rows, so that room is
// always of the order of the file.
func (s survey) rows() int {
	const shortRow = 24 // bytes of a short row with an id, a service and a place
	if int64(s.lines)*shortRow > s.bytes {
		return min(s.lines, 1<<12)
	}
	return s.lines
}

// inspect reads r to its end, in constant memory, and decides the encoding.
//
// A file is UTF-8 when it says so by a byte order mark or when every byte of it fits. Else it is GBK when the whole of it
// is well-formed GBK and next to nothing looks like UTF-8 on purpose. "On purpose" needs care: by chance one common
// Chinese character in seven is, in GBK, a well-formed two-byte sequence of UTF-8. So only runs of non-ASCII bytes that
// are UTF-8 from end to end and hold a sequence of three or four bytes, as Chinese text in UTF-8 does and GBK almost
// never, speak for UTF-8; one such run for every [purposeRatio] broken ones is enough. What is left is a UTF-8 file with
// foreign bytes in some rows.
func inspect(r io.Reader) (survey, error) {
	var (
		s               survey
		run             []byte
		broken, purpose int
		gbk             = gbkScanner{valid: true}
		buf             = make([]byte, 64<<10)
	)
	endRun := func() {
		if len(run) == 0 {
			return
		}
		if long, valid := utf8Run(run); !valid {
			broken++
		} else if long {
			purpose++
		}
		run = run[:0]
	}
	for {
		n, err := r.Read(buf)
		chunk := buf[:n]
		if s.bytes == 0 && n >= 2 {
			if bytes.HasPrefix(chunk, []byte("\xFF\xFE")) || bytes.HasPrefix(chunk, []byte("\xFE\xFF")) {
				s.encoding = utf16Text
				return s, nil
			}
			s.bom = bytes.HasPrefix(chunk, []byte(utf8BOM))
		}
		s.bytes += int64(n)
		s.lines += bytes.Count(chunk, []byte{'\n'})
		for i := 0; i < len(chunk); i++ {
			if !gbk.lead && len(run) == 0 {
				if i += asciiPrefix(chunk[i:]); i == len(chunk) {
					break
				}
			}
			b := chunk[i]
			gbk.next(b)
			if b >= utf8.RuneSelf {
				run = append(run, b)
				if len(run) < maxRun {
					continue
				}
			}
			if len(run) > 0 {
				endRun()
			}
		}
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s, err
		}
	}
	endRun()
	if !s.bom && broken > 0 && gbk.end() && purpose*purposeRatio < broken {
		s.encoding = gbkText
	}
	return s, nil
}

// purposeRatio: see inspect.
const purposeRatio = 20

// asciiPrefix returns how many bytes of b are ASCII from the start.
func asciiPrefix(b []byte) int {
	i := 0
	for ; i+8 <= len(b); i += 8 {
		if binary.LittleEndian.Uint64(b[i:])&0x8080808080808080 != 0 {
			break
		}
	}
	for i < len(b) && b[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// utf8Run reports whether a run of non-ASCII bytes is well-formed UTF-8, and whether it holds a sequence of three or more
// bytes. A sequence cut by the end of a run of full length is let pass.
func utf8Run(run []byte) (long, valid bool) {
	for len(run) > 0 {
		r, size := utf8.DecodeRune(run)
		if r == utf8.RuneError && size <= 1 {
			return long, false
		}
		long = long || size >= 3
		run = run[size:]
	}
	return long, true
}

// gbkScanner follows the two-byte structure of GBK: a lead byte 81 to FE, then 40 to 7E or 80 to FE.
type gbkScanner struct {
	lead, valid bool
}

func (g *gbkScanner) next(b byte) {
	switch {
	case g.lead:
		g.lead = false
		g.valid = g.valid && b >= 0x40 && b != 0x7F && b != 0xFF
	case b >= utf8.RuneSelf:
		g.lead = true
		g.valid = g.valid && b != 0x80 && b != 0xFF
	}
}

func (g *gbkScanner) end() bool { return g.valid && !g.lead }

// decoded returns r as UTF-8 without byte order mark.
func (s survey) decoded(r io.Reader) (io.Reader, error) {
	if s.bom {
		if _, err := io.CopyN(io.Discard, r, int64(len(utf8BOM))); err != nil {
			return nil, err
		}
	}
	if s.encoding == gbkText {
		return simplifiedchinese.GBK.NewDecoder().Reader(r), nil
	}
	return r, nil
}
