package datasets

import "fmt"

// Limits bound what a reader takes in, so that memory stays bounded whatever the input. Every bound must be positive.
type Limits struct {
	Bytes    int64 // of one input
	Needs    int   // rows of the needs list, of the pairings and of a plan
	Rows     int   // rows of each other list
	Entries  int   // entries of one list inside a row
	Text     int   // bytes of one text: an id, a name, a party
	Depth    int   // nesting of JSON
	Vertices int   // vertices of all barriers together
}

// HTTPLimits returns the bounds of a request over HTTP. A thousand vertices, a lake in all its detail, are made ready in under
// a second at the worst; that work looks at no deadline.
func HTTPLimits() Limits {
	return Limits{
		Bytes: 64 << 20, Needs: 200_000, Rows: 100_000,
		Entries: 1_000, Text: 1_000, Depth: 32, Vertices: 1_000,
	}
}

// FileLimits returns the bounds of files that their owner names on the command line.
func FileLimits() Limits {
	return Limits{
		Bytes: 4 << 30, Needs: 3_000_000, Rows: 1_000_000,
		Entries: 100_000, Text: 10_000, Depth: 64, Vertices: 2_000_000,
	}
}

// LimitError says that an input exceeds one of its [Limits]. Reading stopped there.
type LimitError struct {
	File    string // name of the file, "" over HTTP
	Pointer string // where in the input, "" for the whole of it
	What    string // what there is too much of: "bytes", "needs", ...
	Limit   int64
}

// Error names the place and the limit.
func (e *LimitError) Error() string {
	at := e.File
	if e.Pointer != "" {
		if at != "" {
			at += ": "
		}
		at += e.Pointer
	}
	if at != "" {
		at += ": "
	}
	return fmt.Sprintf("%smore than %d %s", at, e.Limit, e.What)
}
