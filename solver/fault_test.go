package solver

import (
	"strings"
	"testing"
)

func TestInvalidListsTheFirstAndCountsAll(t *testing.T) {
	var e Invalid
	if e.Err() != nil {
		t.Fatal("no fault is an error")
	}
	for range MaxFaults + 7 {
		e.Add(Fault{Pointer: "/needs/0/id", Code: "required", Detail: "an id is required", Value: "secret"})
	}
	if len(e.Faults) != MaxFaults || e.Total != MaxFaults+7 {
		t.Errorf("%d listed of %d, want %d of %d", len(e.Faults), e.Total, MaxFaults, MaxFaults+7)
	}
	text := e.Err().Error()
	if want := "/needs/0/id: an id is required"; !strings.HasPrefix(text, want) {
		t.Errorf("Error() = %q, want it to begin with %q", text, want)
	}
	if !strings.HasSuffix(text, "and 104 more") {
		t.Errorf("Error() = %q, want it to end with the 104 not named", text)
	}
	if strings.Contains(text, "secret") {
		t.Errorf("Error() = %q shows a value", text)
	}
}

func TestWords(t *testing.T) {
	for status, want := range map[Status]string{Unknown: "unknown", Optimal: "optimal", Feasible: "feasible", Infeasible: "infeasible", Unbounded: "unbounded", 9: "status(9)"} {
		if got := status.String(); got != want {
			t.Errorf("Status(%d) = %q, want %q", uint8(status), got, want)
		}
	}
	for stop, want := range map[Stop]string{StopNone: "none", StopProved: "proved", StopTime: "time", StopWork: "work", StopCancelled: "cancelled", 9: "stop(9)"} {
		if got := stop.String(); got != want {
			t.Errorf("Stop(%d) = %q, want %q", uint8(stop), got, want)
		}
	}
}
