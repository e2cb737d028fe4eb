// Package house tests the tree as a whole: which package may import which, that every package says what it is for, that
// documents point at what exists, and that the README's commands do what the README says. It holds tests only.
package house

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// module is the path that every package of ours begins with.
const module = "github.com/courtyard-care/courtyard"

// root is the folder of go.mod, seen from this package.
var root = filepath.Join("..", "..")

// pkg is what `go list -json` tells about one package of the module.
type pkg struct {
	ImportPath   string
	Dir          string
	Doc          string
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	Imports      []string
	TestImports  []string
	XTestImports []string
}

// rel returns the path of p below the module: "solver/mcf", or "." for the root.
func (p *pkg) rel() string { return relative(p.ImportPath) }

func relative(path string) string {
	if path == module {
		return "."
	}
	return strings.TrimPrefix(path, module+"/")
}

// packages lists every package of the module for the current platform.
func packages(t *testing.T) []*pkg {
	t.Helper()
	list, err := listed()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

var listed = sync.OnceValues(func() ([]*pkg, error) {
	out, err := output("go", "list", "-e", "-json", "./...")
	if err != nil {
		return nil, err
	}
	var list []*pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		p := new(pkg)
		if err := dec.Decode(p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
})

// output runs a command in the root of the module and returns what it prints to standard output.
func output(name string, args ...string) ([]byte, error) {
	var stderr bytes.Buffer
	cmd := exec.Command(name, args...)
	cmd.Dir = root
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, errors.Join(err, errors.New(name+" "+strings.Join(args, " ")+": "+stderr.String()))
	}
	return out, nil
}

// committed lists the files under version control, by their path from the root with slashes. A tree without version
// control (a downloaded archive, the module cache) is walked instead.
func committed(t *testing.T) []string {
	t.Helper()
	if _, err := os.Stat(filepath.Join(root, ".git")); err == nil {
		if out, err := output("git", "ls-files", "-z"); err == nil {
			var files []string
			for f := range strings.SplitSeq(strings.TrimRight(string(out), "\x00"), "\x00") {
				if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(f))); err == nil {
					files = append(files, f)
				}
			}
			return files
		}
	}
	var files []string
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(root, path)
		files = append(files, filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// read returns the text of a file named from the root.
func read(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
