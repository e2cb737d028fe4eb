package house

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// readmes are the documents whose commands are run. They say the same in two languages, so their blocks are the same.
var readmes = []string{"README.md", "README.zh.md"}

// block matches a fenced block: its language, its text.
var block = regexp.MustCompile("(?ms)^```([a-z]*)\n(.*?)^```$")

// blocks returns the fenced blocks of a document in the given language, in order.
func blocks(t *testing.T, name, language string) []string {
	t.Helper()
	var found []string
	for _, m := range block.FindAllStringSubmatch(read(t, name), -1) {
		if m[1] == language {
			found = append(found, m[2])
		}
	}
	return found
}

// TestReadmesAgree: what can be run is the same in each language, and what the README opens with is two commands.
func TestReadmesAgree(t *testing.T) {
	for _, language := range []string{"sh", "json", "go", ""} {
		first := blocks(t, readmes[0], language)
		for _, name := range readmes[1:] {
			if got := blocks(t, name, language); !slices.Equal(got, first) {
				t.Errorf("%s: its blocks of %q differ from those of %s", name, language, readmes[0])
			}
		}
	}
	commands := strings.Split(strings.TrimSpace(blocks(t, "README.md", "sh")[0]), "\n")
	want := []string{"go run ./cmd/courtyard match --city dali", "go test ./..."}
	if !slices.Equal(commands, want) {
		t.Errorf("README.md opens with the commands %q, want %q", commands, want)
	}
}

// TestReadme does what the README shows, with one build of the program.
func TestReadme(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	program := build(t)
	t.Run("match", func(t *testing.T) { testMatch(t, program) })
	t.Run("lists", func(t *testing.T) { testLists(t, program) })
	t.Run("request", func(t *testing.T) { testRequest(t, program) })
}

// testMatch runs the first command as it stands.
func testMatch(t *testing.T, program string) {
	t.Helper()
	command := words(strings.Split(blocks(t, "README.md", "sh")[0], "\n")[0])
	if !slices.Equal(command[:3], []string{"go", "run", "./cmd/courtyard"}) {
		t.Fatalf("README.md: first command is %q, want go run ./cmd/courtyard ...", command)
	}
	out := runIn(t, t.TempDir(), program, command[3:]...)
	for _, want := range []string{"optimal", "unmet", "farther than the need accepts", "precision", "synthetic", "credit"} {
		if !bytes.Contains(bytes.ToLower(out), []byte(strings.ToLower(want))) {
			t.Errorf("%q printed no %q:\n%s", command, want, out)
		}
	}
}

// testLists writes the two lists of the README to files and matches them as it says.
func testLists(t *testing.T, program string) {
	t.Helper()
	dir := t.TempDir()
	var needs, resources strings.Builder
	for line := range strings.Lines(blocks(t, "README.md", "")[0]) {
		left, right, _ := strings.Cut(strings.TrimSpace(line), "  ")
		fmt.Fprintln(&needs, left)
		if right = strings.TrimSpace(right); right != "" {
			fmt.Fprintln(&resources, right)
		}
	}
	for name, text := range map[string]string{"needs.csv": needs.String(), "resources.csv": resources.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	inline := regexp.MustCompile("`courtyard (match --needs [^`]*)`").FindStringSubmatch(read(t, "README.md"))
	if inline == nil {
		t.Fatal("README.md: shows no `courtyard match --needs ...`")
	}
	args := append(words(inline[1]), "--json", "--time-limit", "30s") // which the service sets on a request that has none
	compareJSON(t, strings.Join(args, " "), runIn(t, dir, program, args...), []byte(blocks(t, "README.md", "json")[0]))
}

// testRequest serves on a free port, sends the README's request there and compares the answer with the README's.
func testRequest(t *testing.T, program string) {
	t.Helper()
	address := serve(t, program)
	command := words(blocks(t, "README.md", "sh")[1])
	answer := []byte(blocks(t, "README.md", "json")[0])

	target, header, body := request(t, command)
	const there = "http://127.0.0.1:8080/"
	if !strings.HasPrefix(target, there) {
		t.Fatalf("README.md: its request goes to %s, want %s...", target, there)
	}
	here := address + "/" + strings.TrimPrefix(target, there)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, here, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	name, value, _ := strings.Cut(header, ": ")
	req.Header.Set(name, value)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var got bytes.Buffer
	if _, err := got.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("POST %s: %s: %s", here, resp.Status, got.Bytes())
	}
	compareJSON(t, "POST "+target, got.Bytes(), answer)

	curl, err := exec.LookPath("curl")
	if err != nil {
		return // the same request was sent above; curl itself is not on every machine
	}
	args := slices.Clone(command[1:])
	args[slices.Index(args, target)] = here
	compareJSON(t, "curl "+target, runIn(t, t.TempDir(), curl, append(args, "--noproxy", "*")...), answer)
}

// request returns the address, the header and the body of a curl command.
func request(t *testing.T, command []string) (target, header, body string) {
	t.Helper()
	if len(command) == 0 || command[0] != "curl" {
		t.Fatalf("README.md: second block of commands is %q, want curl ...", command)
	}
	for i := 1; i < len(command); i++ {
		switch arg := command[i]; {
		case arg == "-s":
		case arg == "-H" && i+1 < len(command):
			i++
			header = command[i]
		case arg == "-d" && i+1 < len(command):
			i++
			body = command[i]
		case strings.HasPrefix(arg, "http://"):
			target = arg
		default:
			t.Fatalf("README.md: its curl has %q, which this test does not know", arg)
		}
	}
	return target, header, body
}

// words splits a command as a shell does where it has blanks and single quotes only.
func words(command string) []string {
	var all []string
	var word strings.Builder
	quoted, started := false, false
	for _, r := range command {
		switch {
		case r == '\'':
			quoted, started = !quoted, true
		case !quoted && (r == ' ' || r == '\n' || r == '\t'):
			if started {
				all = append(all, word.String())
			}
			word.Reset()
			started = false
		default:
			word.WriteRune(r)
			started = true
		}
	}
	if started {
		all = append(all, word.String())
	}
	return all
}

// build compiles the program as a newcomer's go run does, and returns its path.
func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "courtyard")
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	if _, err := output("go", "build", "-o", program, "./cmd/courtyard"); err != nil {
		t.Fatal(err)
	}
	return program
}

// runIn runs a program in dir and returns its standard output.
func runIn(t *testing.T, dir, program string, args ...string) []byte {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", filepath.Base(program), args, err, stderr.Bytes())
	}
	return out
}

// serve starts the service on a free port and returns its address. When the test ends it is told to stop, and must.
func serve(t *testing.T, program string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) //nolint:usetesting // outlives t.Context, to stop gracefully
	cmd := exec.CommandContext(ctx, program, "serve", "--addr", "127.0.0.1:0")
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stderr)
	t.Cleanup(func() {
		defer cancel()
		if runtime.GOOS == "windows" { // which has no such signal
			cancel()
		} else if err := cmd.Process.Signal(os.Interrupt); err != nil {
			t.Error(err)
		}
		for lines.Scan() { // Wait closes the pipe, so read it to its end first
			continue
		}
		if err := cmd.Wait(); err != nil && runtime.GOOS != "windows" {
			t.Errorf("serve ended with %v, want a clean stop", err)
		}
	})
	listening := regexp.MustCompile(`listening on (http://\S+)`)
	for lines.Scan() {
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			return m[1]
		}
	}
	t.Fatal("serve did not say where it listens")
	return ""
}

// compareJSON reports the members in which two JSON texts differ.
func compareJSON(t *testing.T, what string, got, want []byte) {
	t.Helper()
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		t.Fatalf("%s: %v: %s", what, err, got)
	}
	if err := json.Unmarshal(want, &w); err != nil {
		t.Fatalf("README.md: its answer is not JSON: %v", err)
	}
	if reflect.DeepEqual(g, w) {
		return
	}
	pretty, err := json.MarshalIndent(g, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	t.Errorf("%s: the answer is not the README's, but\n%s", what, pretty)
}
