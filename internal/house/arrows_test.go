package house

import (
	"slices"
	"strings"
	"testing"
)

// layer is a group of packages that obey the same rule.
type layer struct {
	name     string
	packages []string // paths below the module; "x/..." is x and all below it
	imports  []string // names of the layers that its packages may import; "self" is the layer itself
	closed   bool     // outside the module, only the standard library and gonum
}

// layers is the drawing of the house in ARCHITECTURE.md as a table. A package belongs to the first layer that names it,
// and a package that no layer names is a fault: whoever adds one says here what it is.
var layers = []layer{
	{name: "words", packages: []string{"solver"}, closed: true},
	{name: "machinery", packages: []string{"solver/internal/..."}, imports: []string{"words", "self"}, closed: true},
	{name: "travel", packages: []string{"solver/travel/..."}, imports: []string{"words", "machinery", "self"}, closed: true},
	{name: "engines", packages: []string{"solver/mcf/...", "solver/lap/...", "solver/gap/...", "solver/transport/...", "solver/sideflow/...", "solver/online", "solver/facility/...", "solver/cover/...", "solver/center/...", "solver/access"}, imports: []string{"words", "machinery", "self"}, closed: true},
	{name: "care", packages: []string{"solver/care"}, imports: []string{"words", "machinery", "travel"}, closed: true},
	// Not "self": a job never imports a job.
	{name: "jobs", packages: []string{"solver/match", "solver/siting"}, imports: []string{"words", "machinery", "travel", "engines", "care"}, closed: true},

	{name: "datasets", packages: []string{"datasets/..."}, imports: []string{"words", "travel", "engines", "care", "jobs", "self"}},
	{name: "house", packages: []string{"internal/house"}},
	{name: "internal", packages: []string{"internal/..."}, imports: []string{"words", "travel", "engines", "care", "jobs", "datasets", "self"}},
	{name: "api", packages: []string{"api/..."}, imports: []string{"words", "travel", "engines", "care", "jobs", "datasets", "internal", "self"}},
	{name: "cmd", packages: []string{"cmd/..."}, imports: []string{"words", "travel", "engines", "care", "jobs", "datasets", "internal", "api", "self"}},
	{name: "bench", packages: []string{"bench/..."}, imports: []string{"words", "travel", "engines", "care", "jobs", "datasets", "self"}},
}

// layerOf returns the layer of a package below the module, nil if none names it.
func layerOf(rel string) *layer {
	for i := range layers {
		for _, pattern := range layers[i].packages {
			parent, below := strings.CutSuffix(pattern, "/...")
			if rel == parent || below && strings.HasPrefix(rel, parent+"/") {
				return &layers[i]
			}
		}
	}
	return nil
}

// refusal says why package from may not import path, "" if it may. Tests may import other modules and, from a package
// of their own, also datasets: that is where the readers of the public instances are.
func refusal(from *layer, path string, test, external bool) string {
	if path != module && !strings.HasPrefix(path, module+"/") {
		first, _, _ := strings.Cut(path, "/")
		if from.closed && !test && strings.Contains(first, ".") && !strings.HasPrefix(path, "gonum.org/v1/gonum/") {
			return from.name + " imports the standard library, gonum and itself only"
		}
		return ""
	}
	to := layerOf(relative(path))
	switch {
	case to == nil:
		return "no layer names it"
	case slices.Contains(from.imports, to.name):
		return ""
	case to == from && (slices.Contains(from.imports, "self") || external):
		return "" // the external test of a package imports the package
	case external && from.closed && to.name == "datasets":
		return ""
	}
	return from.name + " may not import " + to.name
}

// TestArrows keeps the imports going one way: cmd, api, internal, datasets, solver; bench, datasets, solver; and within
// solver: jobs, care, engines, travel, internal.
func TestArrows(t *testing.T) {
	for _, p := range packages(t) {
		from := layerOf(p.rel())
		if from == nil {
			t.Errorf("%s: no layer in arrows_test.go names it", p.rel())
			continue
		}
		if from.name == "house" && len(p.GoFiles) > 0 {
			t.Errorf("%s: has %v; it holds tests only", p.rel(), p.GoFiles)
		}
		for _, group := range []struct {
			paths          []string
			test, external bool
		}{{p.Imports, false, false}, {p.TestImports, true, false}, {p.XTestImports, true, true}} {
			for _, path := range group.paths {
				if why := refusal(from, path, group.test, group.external); why != "" {
					t.Errorf("%s imports %s: %s", p.rel(), path, why)
				}
			}
		}
	}
}

func TestArrowsRefuse(t *testing.T) {
	tests := []struct {
		from, to       string
		test, external bool
		want           string
	}{
		{from: "solver/match", to: module + "/solver/mcf"},
		{from: "solver/match", to: module + "/solver/match", want: "jobs may not import jobs"},
		{from: "solver/match", to: module + "/solver/match", test: true, external: true},
		{from: "solver/mcf", to: module + "/solver/care", want: "engines may not import care"},
		{from: "solver/mcf", to: module + "/solver/travel", want: "engines may not import travel"},
		{from: "solver/mcf", to: module + "/datasets", want: "engines may not import datasets"},
		{from: "solver/mcf", to: module + "/datasets", test: true, want: "engines may not import datasets"},
		{from: "solver/mcf", to: module + "/datasets", test: true, external: true},
		{from: "solver/mcf", to: module + "/api", test: true, external: true, want: "engines may not import api"},
		{from: "solver/mcf", to: "github.com/spf13/cobra", want: "engines imports the standard library, gonum and itself only"},
		{from: "solver/mcf", to: "pgregory.net/rapid", test: true},
		{from: "solver/mcf", to: "gonum.org/v1/gonum/stat"},
		{from: "solver/mcf", to: "container/heap"},
		{from: "solver", to: module + "/solver/mcf", want: "words may not import engines"},
		{from: "datasets/dali", to: module + "/datasets"},
		{from: "datasets", to: module + "/internal/report", want: "datasets may not import internal"},
		{from: "api", to: module + "/cmd/courtyard", want: "api may not import cmd"},
		{from: "cmd/courtyard", to: module + "/bench", want: "cmd may not import bench"},
		{from: "cmd/courtyard", to: module + "/elsewhere", want: "no layer names it"},
	}
	for _, tt := range tests {
		if got := refusal(layerOf(tt.from), tt.to, tt.test, tt.external); got != tt.want {
			t.Errorf("refusal(%s, %s, test %t, external %t) = %q, want %q", tt.from, tt.to, tt.test, tt.external, got, tt.want)
		}
	}
}

// TestArrowsOfTheSolver asks the go command for everything that comes along with the solver.
func TestArrowsOfTheSolver(t *testing.T) {
	out, err := output("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./solver/...")
	if err != nil {
		t.Fatal(err)
	}
	for path := range strings.FieldsSeq(string(out)) {
		if !strings.HasPrefix(path, module+"/solver") && !strings.HasPrefix(path, "gonum.org/v1/gonum/") {
			t.Errorf("whoever imports the solver gets %s; want the standard library, gonum and the solver", path)
		}
	}
}
