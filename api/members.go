package api

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
)

// A request about other requests (two matches to compare, a finished match and its callers) is an object whose members are
// read one by one, each by the reader of what it is.

// readMembers reads the object in body and hands each member to read, as it comes; the text of a value is read's until it
// returns. It refuses what is no object, unknown members and members that stand twice. Faults of all members come back
// together.
func readMembers(body io.Reader, known []string, read func(name string, value jsontext.Value) error) error {
	d := jsontext.NewDecoder(body)
	if d.PeekKind() != '{' {
		if _, err := d.ReadValue(); err != nil {
			return unreadableJSON(err)
		}
		return &solver.Invalid{Faults: []solver.Fault{{Code: "invalid", Detail: "must be an object"}}, Total: 1}
	}
	var faults solver.Invalid
	if _, err := d.ReadToken(); err != nil {
		return unreadableJSON(err)
	}
	for d.PeekKind() != '}' {
		token, err := d.ReadToken()
		if err != nil {
			return unreadableJSON(err)
		}
		name := token.String()
		value, err := d.ReadValue()
		if err != nil {
			return unreadableJSON(err)
		}
		if !slices.Contains(known, name) {
			fault := solver.Fault{Pointer: "/" + memberName(name), Code: "unknown", Detail: "no such member"}
			if near := care.Nearest(strings.ToLower(name), known); near != "" && len(name) <= 100 {
				fault.Detail += fmt.Sprintf("; did you mean %q?", near)
			}
			faults.Add(fault)
			continue
		}
		if err := addFaults(&faults, read(name, value)); err != nil {
			return err
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return unreadableJSON(err)
	}
	if _, err := d.ReadToken(); !errors.Is(err, io.EOF) {
		if err == nil {
			return newProblem(http.StatusBadRequest, badJSON).
				withFault("", "unreadable", fmt.Sprintf("byte %d: something follows the end of the JSON value", d.InputOffset()))
		}
		return unreadableJSON(err)
	}
	return faults.Err()
}

// memberName escapes the name of a member for a pointer and cuts a long one: it may be anything.
func memberName(name string) string {
	if len(name) > 80 {
		name = strings.ToValidUTF8(name[:80], "") + "…"
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(name)
}

// addFaults adds the faults that err lists to all, and returns any other error.
func addFaults(all *solver.Invalid, err error) error {
	invalid, ok := errors.AsType[*solver.Invalid](err)
	if !ok {
		return err
	}
	for _, f := range invalid.Faults {
		all.Add(f)
	}
	all.Total += invalid.Total - len(invalid.Faults)
	return nil
}

const badJSON = "The body cannot be read as JSON; errors says where reading stopped."

// unreadableJSON says where a body stops being JSON, or returns the error of reading it.
func unreadableJSON(err error) error {
	syntax, ok := errors.AsType[*jsontext.SyntacticError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return newProblem(http.StatusBadRequest, badJSON).withFault("", "unreadable", "the input ends early")
	case !ok:
		return fmt.Errorf("read JSON: %w", err)
	}
	detail := "not valid JSON here"
	if errors.Is(err, jsontext.ErrDuplicateName) {
		detail = "the member stands twice in its object"
	}
	return newProblem(http.StatusBadRequest, badJSON).
		withFault(shortPointer(string(syntax.JSONPointer)), "unreadable", fmt.Sprintf("byte %d: %s", syntax.ByteOffset, detail))
}

// shortPointer cuts the long segments of a pointer.
func shortPointer(p string) string {
	parts := strings.Split(p, "/")
	for i := range parts {
		if len(parts[i]) > 80 {
			parts[i] = strings.ToValidUTF8(parts[i][:80], "") + "…"
		}
	}
	return strings.Join(parts, "/")
}

// readPart reads one match request out of a body. Every pointer of its errors is taken to the whole body.
func (s *Server) readPart(pointer string, value jsontext.Value) (*datasets.MatchRequest, error) {
	req, err := datasets.ReadRequest(bytes.NewReader(value), s.limits())
	if err != nil {
		return nil, below(pointer, err)
	}
	if p := s.overLimits(req); p != nil {
		return nil, below(pointer, p)
	}
	return req, below(pointer, req.Validate())
}

// below takes the pointers of err, which lead into one value, to the body that has the value at pointer.
func below(pointer string, err error) error {
	switch e := err.(type) { //nolint:errorlint // the readers' own errors, as they return them
	case *solver.Invalid:
		out := &solver.Invalid{Faults: append([]solver.Fault(nil), e.Faults...), Total: e.Total}
		for i := range out.Faults {
			out.Faults[i].Pointer = pointer + out.Faults[i].Pointer
		}
		return out
	case *datasets.LimitError:
		out := *e
		out.Pointer = pointer + out.Pointer
		return &out
	case *datasets.Malformed:
		out := *e
		out.Pointer = pointer + out.Pointer
		return &out
	case *Problem:
		out := *e
		out.Errors = append([]ProblemFault(nil), e.Errors...)
		for i := range out.Errors {
			out.Errors[i].Pointer = "#" + pointer + strings.TrimPrefix(out.Errors[i].Pointer, "#")
		}
		return &out
	}
	return err
}
