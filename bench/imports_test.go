// Package bench_test keeps the arrows of the benchmarks: they import nothing of Courtyard but datasets and solver, and
// run the rest as the programs that users run.
package bench_test

import (
	"os/exec"
	"strings"
	"testing"
)

func TestImports(t *testing.T) {
	const module = "github.com/courtyard-care/courtyard/"
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-test", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	seen := false
	for path := range strings.FieldsSeq(string(out)) {
		ours, ok := strings.CutPrefix(path, module)
		if !ok {
			continue
		}
		room, _, _ := strings.Cut(ours, "/")
		switch room {
		case "bench", "bench_test", "bench.test": // the last two are this test
		case "datasets", "solver":
			seen = true
		default:
			t.Errorf("bench depends on %s", path)
		}
	}
	if !seen {
		t.Error("go list shows neither datasets nor solver: the test looks at nothing")
	}
}
