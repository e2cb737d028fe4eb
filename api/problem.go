package api

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/danielgtaylor/huma/v2"
)

// statusClientLeft is what the log and the metrics call a request whose client hung up before the answer. It is never
// seen on the wire.
const statusClientLeft = 499

// Problem is the body of every answer that is not a success: application/problem+json as RFC 9457 defines it. It says
// which member of the request is wrong and why, and never repeats a value of the request.
type Problem struct {
	Type   string         `json:"type" doc:"Always about:blank: the status says the kind of problem" example:"about:blank"`
	Title  string         `json:"title" doc:"The status in words" example:"Unprocessable Entity"`
	Status int            `json:"status" doc:"The HTTP status" example:"422"`
	Detail string         `json:"detail,omitzero" doc:"What is wrong with this request, or what to do about it"`
	Errors []ProblemFault `json:"errors,omitzero" maxItems:"100" doc:"Every fault found, all at once; the first 100"`
	Faults int            `json:"faults,omitzero" doc:"How many faults there are; more than are listed when there are over 100"`

	header http.Header // further headers of the answer
	cause  error       // what the log may classify; never shown
}

// ProblemFault is one fault of a request.
type ProblemFault struct {
	Pointer string `json:"pointer,omitzero" doc:"JSON Pointer to the faulty member of the body, as a URI fragment; absent when the fault is not in the body" example:"#/needs/3/service"`
	Code    string `json:"code" doc:"A stable word for programs" example:"unknown"`
	Detail  string `json:"detail" doc:"What is wrong and what to change"`
}

func newProblem(status int, detail string) *Problem {
	title := http.StatusText(status)
	if status == statusClientLeft {
		title = "Client Closed Request"
	}
	return &Problem{Type: "about:blank", Title: title, Status: status, Detail: detail}
}

// withFault adds one fault to p and returns it. pointer is a plain JSON Pointer.
func (p *Problem) withFault(pointer, code, detail string) *Problem {
	p.Errors = append(p.Errors, ProblemFault{Pointer: fragment(pointer), Code: code, Detail: detail})
	p.Faults++
	return p
}

// retryAfter asks the client to come again after d, rounded up to a second.
func (p *Problem) retryAfter(d time.Duration) *Problem {
	p.header = http.Header{"Retry-After": {strconv.Itoa(int(max(1, (d+time.Second-1)/time.Second)))}}
	return p
}

// Error returns the detail, which repeats nothing of the request.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the status; huma asks for it, and for the media type and the header below.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType returns the media type of a problem.
func (p *Problem) ContentType(string) string { return problemJSON }

// GetHeaders returns the further headers of the answer.
func (p *Problem) GetHeaders() http.Header { return p.header }

const problemJSON = "application/problem+json"

// problemOf turns any error of a handler into the problem that its client sees. This is the one table of errors; what
// it does not know is a 500 that tells the client nothing.
func problemOf(ctx context.Context, err error) *Problem {
	var known *Problem
	var invalid *solver.Invalid
	var malformed *datasets.Malformed
	var limit *datasets.LimitError
	switch {
	case errors.As(err, &known):
		return known
	case errors.As(err, &invalid):
		return invalidProblem(http.StatusUnprocessableEntity, "The request can be read but not carried out; errors lists what to change.", invalid)
	case errors.As(err, &malformed):
		return newProblem(http.StatusBadRequest, "The body cannot be read as JSON; errors says where reading stopped.").
			withFault(malformed.Pointer, "unreadable", fmt.Sprintf("byte %d: %s", malformed.Offset, malformed.Detail))
	case errors.As(err, &limit):
		status, code := http.StatusUnprocessableEntity, "too_many"
		switch limit.What {
		case "bytes", "bytes in one value": // of one text: the body as a whole is bounded where it is opened
			code = "too_large"
		case "levels of nesting":
			status = http.StatusBadRequest
		}
		pointer := limit.Pointer
		if list := "/" + limit.What; strings.HasPrefix(pointer, list+"/") {
			pointer = list // of the whole list there is too much, not of its last entry
		}
		return newProblem(status, "Something in the request is larger than this server accepts.").
			withFault(pointer, code, fmt.Sprintf("at most %d %s", limit.Limit, limit.What))
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return newProblem(statusClientLeft, "")
	}
	p := newProblem(http.StatusInternalServerError, "")
	p.cause = err
	return p
}

// invalidProblem lists the faults of an input without their values.
func invalidProblem(status int, detail string, invalid *solver.Invalid) *Problem {
	p := newProblem(status, detail)
	for _, f := range invalid.Faults {
		p.withFault(f.Pointer, f.Code, f.Detail)
	}
	p.Faults = invalid.Total
	return p
}

// fragment returns a JSON Pointer in its URI fragment form (RFC 6901, section 6), "" for the whole document as "#".
func fragment(pointer string) string {
	if strings.IndexFunc(pointer, isEscaped) < 0 {
		return "#" + pointer
	}
	u := url.URL{Fragment: pointer}
	return u.String()
}

// isEscaped reports whether a URI fragment holds r only percent-encoded, erring on the safe side.
func isEscaped(r rune) bool {
	return r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/_-~.", r)
}

// writeProblem answers r with p outside of huma's handlers.
func (s *Server) writeProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	maps.Copy(w.Header(), p.header)
	w.Header().Set("Content-Type", problemJSON)
	w.WriteHeader(p.Status)
	if r.Method != http.MethodHead {
		_ = encode(w, p) // the client left: nobody to tell
	}
}

// tooLarge is the answer to a body over the limit, as sent or decompressed.
func tooLarge() *Problem {
	return newProblem(http.StatusRequestEntityTooLarge, "The body is larger than this server accepts.").
		withFault("", "too_large", "send fewer needs and resources in one request")
}

// humaProblem makes the problems of huma itself; the one that is left to it is an unknown query parameter. Its messages
// and details repeat what was sent, so only the status is taken from it.
func humaProblem(status int, _ string, _ ...error) huma.StatusError {
	if status != http.StatusUnprocessableEntity {
		return newProblem(status, "")
	}
	p := newProblem(status, "The query has a parameter that this operation does not know; it takes none.")
	p.Errors = []ProblemFault{{Code: "unknown", Detail: "unknown query parameter"}}
	p.Faults = 1
	return p
}
