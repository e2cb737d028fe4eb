package main

import (
	"strings"
	"testing"
)

func TestRun(t *testing.T) {
	const (
		pass = `{"Action":"run","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Test":"TestA","Output":"=== RUN   TestA\n"}
{"Action":"pass","Package":"p","Test":"TestA/sub"}
{"Action":"pass","Package":"p","Test":"TestA"}
{"Action":"output","Package":"p","Output":"PASS\n"}
{"Action":"output","Package":"p","Output":"ok  \tp\t0.1s\n"}
{"Action":"pass","Package":"p"}
`
		skip = `{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:7: no shared instances\n"}
{"Action":"skip","Package":"p","Test":"TestB"}
`
		subskip  = `{"Action":"skip","Package":"p","Test":"TestA/sub"}` + "\n"
		fuzzskip = `{"Action":"skip","Package":"p","Test":"FuzzC/seed#0"}` + "\n"
		fail     = `{"Action":"output","Package":"p","Test":"TestD","Output":"    d_test.go:9: got 1, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestD"}
`
		nobuild = `{"ImportPath":"p [p.test]","Action":"build-output","Output":"p.go:1: undefined: x\n"}
{"ImportPath":"p [p.test]","Action":"build-fail"}
`
	)
	tests := []struct {
		name, in string
		strict   bool
		wantErr  string // "" for none
		wantOut  string
	}{
		{"pass", pass, true, "", "ok  \tp\t0.1s\n1 passed, 0 failed, 0 skipped\n"},
		{"skip without instances", pass + skip, false, "", "no shared instances\n1 passed, 0 failed, 1 skipped\n"},
		{"skip with instances", pass + skip, true, "skipped: p.TestB", "1 passed, 0 failed, 1 skipped\n"},
		{"skipped subtest", pass + subskip, true, "skipped: p.TestA/sub", "1 passed, 0 failed, 0 skipped\n"},
		{"skipped seed of a fuzz target", pass + fuzzskip, true, "", "1 passed, 0 failed, 0 skipped\n"},
		{"failure shows its output", pass + fail, false, "tests failed", "got 1, want 2\n1 passed, 1 failed, 0 skipped\n"},
		{"a package that does not build", pass + nobuild, false, "tests failed", "undefined: x\n1 passed, 0 failed, 0 skipped\n"},
		{"nothing ran", "", false, "no test ran", "0 passed, 0 failed, 0 skipped\n"},
		{"a message of the go command", "go: warning\n" + pass, true, "", "go: warning\nok  \tp\t0.1s\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			err := run(strings.NewReader(tt.in), &out, tt.strict, "")
			if got := errText(err); tt.wantErr == "" && err != nil || !strings.Contains(got, tt.wantErr) {
				t.Errorf("run error = %q, want %q", got, tt.wantErr)
			}
			if !strings.Contains(out.String(), tt.wantOut) {
				t.Errorf("run printed %q, want %q in it", out.String(), tt.wantOut)
			}
		})
	}
}

func errText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
