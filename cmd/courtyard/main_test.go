package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the expected outputs in testdata/script")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"courtyard": main})
}

// TestScripts runs the text scripts of testdata/script: the commands as a person types them, and what they answer.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           filepath.Join("testdata", "script"),
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("LANG", "C")
			e.Setenv("GORACE", "atexit_sleep_ms=0") // else each of the many commands waits a second at its end
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"gzip":   gzipFile,
			"bytes":  writeBytes,
			"repeat": repeatLine,
			"answer": answerHas,
		},
	})
}

// gzipFile is `gzip FROM TO [BYTES]`: TO holds the first BYTES of FROM compressed, all of them by default.
func gzipFile(ts *testscript.TestScript, _ bool, args []string) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := io.WriteString(z, ts.ReadFile(args[0]))
	ts.Check(err)
	ts.Check(z.Close())
	out := b.Bytes()
	if len(args) > 2 {
		var n int
		_, err := fmt.Sscan(args[2], &n)
		ts.Check(err)
		out = out[:n]
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), out, 0o600))
}

// writeBytes is `bytes FILE TEXT`: FILE holds TEXT, whose \xHH and \n stand for bytes.
func writeBytes(ts *testscript.TestScript, _ bool, args []string) {
	text := regexp.MustCompile(`\\x[0-9a-f]{2}|\\n`).ReplaceAllStringFunc(args[1], func(s string) string {
		if s == `\n` {
			return "\n"
		}
		var b byte
		_, err := fmt.Sscanf(s, `\x%02x`, &b)
		ts.Check(err)
		return string([]byte{b})
	})
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// repeatLine is `repeat FILE TIMES TEXT`: TEXT is appended to FILE many times, each # in it the number of the time.
func repeatLine(ts *testscript.TestScript, _ bool, args []string) {
	var n int
	_, err := fmt.Sscan(args[1], &n)
	ts.Check(err)
	old, err := os.ReadFile(ts.MkAbs(args[0]))
	if !os.IsNotExist(err) {
		ts.Check(err)
	}
	b := bytes.NewBuffer(old)
	for i := range n {
		b.WriteString(strings.ReplaceAll(strings.ReplaceAll(args[2], "#", fmt.Sprint(i+1)), `\n`, "\n"))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o600))
}

// answerHas is `answer PATH VALUE`: the last line of standard output is a JSON object that holds VALUE at PATH, a.b.0.c.
func answerHas(ts *testscript.TestScript, neg bool, args []string) {
	lines := strings.Split(strings.TrimRight(ts.ReadFile("stdout"), "\n"), "\n")
	var v any
	d := json.NewDecoder(strings.NewReader(lines[len(lines)-1]))
	d.UseNumber()
	ts.Check(d.Decode(&v))
	for key := range strings.SplitSeq(args[0], ".") {
		switch at := v.(type) {
		case map[string]any:
			var found bool
			if v, found = at[key]; !found {
				ts.Fatalf("the answer has no %s", args[0])
			}
		case []any:
			var i int
			_, err := fmt.Sscan(key, &i)
			ts.Check(err)
			if i >= len(at) {
				ts.Fatalf("the answer has no %s", args[0])
			}
			v = at[i]
		default:
			ts.Fatalf("the answer has no %s", args[0])
		}
	}
	got, err := json.Marshal(v)
	ts.Check(err)
	if (string(got) == args[1]) == neg {
		ts.Fatalf("%s is %s, not as wanted: %s", args[0], got, args[1])
	}
}

// lockedBuffer is written by the server's goroutines while the test reads it.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// serve starts the server on a free port and returns its address, and a function that stops it and gives the exit code.
func serve(t *testing.T, env map[string]string, args ...string) (string, func() int) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	var stderr lockedBuffer
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, append([]string{"serve"}, args...), func(k string) string { return env[k] }, strings.NewReader(""), io.Discard, &stderr)
	}()
	address := regexp.MustCompile(`"msg":"listening","address":"([^"]+)"`)
	for range 500 {
		if m := address.FindStringSubmatch(stderr.String()); m != nil {
			return "http://" + m[1], func() int {
				stop()
				return <-code
			}
		}
		select {
		case c := <-code:
			t.Fatalf("serve ended with %d: %s", c, stderr.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	stop()
	t.Fatalf("serve does not listen: %s", stderr.String())
	return "", nil
}

const smallRequest = `{"needs":[{"id":"n1","service":"meal","lon":100.2,"lat":25.6}],
"resources":[{"id":"r1","kind":"volunteer","lon":100.2,"lat":25.601,"services":[{"service":"meal"}]}]}`

// post sends the small request, with a key unless that is "".
func post(t *testing.T, address, key string) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/v1/match", strings.NewReader(smallRequest))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestServeAnswersAndStops(t *testing.T) {
	address, stop := serve(t, nil, "--addr", "127.0.0.1:0")
	res := post(t, address, "")
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.Body.Close() != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(body), `"status":"optimal"`) {
		t.Errorf("POST /v1/match answers %d: %s", res.StatusCode, body)
	}
	if code := stop(); code != exitAnswer {
		t.Errorf("a stopped server ends with %d", code)
	}
}

func TestServeWithKeys(t *testing.T) {
	env := map[string]string{"COURTYARD_API_KEYS": "one-key, another-key", "COURTYARD_MAX_NEEDS": "5"}
	address, stop := serve(t, env, "--listen", "127.0.0.1:0")
	defer stop()
	for key, want := range map[string]int{"": http.StatusUnauthorized, "wrong": http.StatusUnauthorized, "another-key": http.StatusOK} {
		res := post(t, address, key)
		if res.Body.Close() != nil || res.StatusCode != want {
			t.Errorf("with the key %q the server answers %d, want %d", key, res.StatusCode, want)
		}
	}
}

// A search that is stopped before it has an answer ends with 3 and writes nothing.
func TestStoppedWithoutAnAnswer(t *testing.T) {
	dir := t.TempDir()
	stopped, stop := context.WithCancel(t.Context())
	stop()
	out := filepath.Join(dir, "out")
	for _, args := range [][]string{
		{"match", "--city", "dali", "--size", "200", "--out", out},
		{"generate", "--size", "200", "--out", out},
	} {
		var stdout, stderr bytes.Buffer
		code := run(stopped, args, func(string) string { return "" }, strings.NewReader(""), &stdout, &stderr)
		if code != exitStopped || stdout.Len() > 0 {
			t.Errorf("%v, stopped, ends with %d and prints %q, %q", args, code, stdout.String(), stderr.String())
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%v, stopped, leaves a file", args)
		}
	}
}

// The licence in the binary is the one of the repository.
func TestLicenceIsTheRepositorys(t *testing.T) {
	root, err := os.ReadFile(filepath.Join("..", "..", "LICENSE"))
	if err != nil {
		t.Fatal(err)
	}
	if string(root) != apacheLicense {
		t.Error("licenses/Apache-2.0.txt differs from LICENSE")
	}
}

func TestDuration(t *testing.T) {
	for text, want := range map[string]time.Duration{"10s": 10 * time.Second, "1m30s": 90 * time.Second, "2": 2 * time.Second, "0.5": time.Second / 2, "0": 0} {
		var d duration
		if err := d.Set(text); err != nil || d.Duration != want {
			t.Errorf("Set(%q) = %v, %v, want %v", text, d.Duration, err, want)
		}
	}
	for _, text := range []string{"", "x", "-1s", "-1", "NaN", "Inf", "1e300"} {
		var d duration
		if err := d.Set(text); err == nil {
			t.Errorf("Set(%q) = %v, want an error", text, d.Duration)
		}
	}
}

func TestPeakRSSIsPlausible(t *testing.T) {
	if got := peakRSS(); got < 1<<20 || got > 1<<40 {
		t.Errorf("peakRSS() = %d bytes", got)
	}
	if got := heapFromSystem(); got < 1<<20 || got > math.MaxInt64/2 {
		t.Errorf("heapFromSystem() = %d bytes", got)
	}
}

// A failed write leaves the old file and no litter.
func TestWriteFileIsAllOrNothing(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "answer.json")
	if err := os.WriteFile(name, []byte("old"), 0o640); err != nil {
		t.Fatal(err)
	}
	err := writeFile(name, func(w io.Writer) error {
		fmt.Fprint(w, strings.Repeat("half", 100000))
		return io.ErrShortWrite
	})
	if err == nil {
		t.Error("writeFile hides the error of the writer")
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != "old" {
		t.Errorf("after a failed write the file holds %.20q, %v", got, err)
	}
	if err := writeFile(name, func(w io.Writer) error { _, err := io.WriteString(w, "new"); return err }); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != "new" {
		t.Errorf("after a write the file holds %.20q, %v", got, err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("the new file has mode %v, %v, want that of the old one", info.Mode(), err)
	}
	link := filepath.Join(dir, "link.json")
	if err := os.Symlink("answer.json", link); err != nil {
		t.Skip("no symbolic links here")
	}
	if err := writeFile(link, func(w io.Writer) error { _, err := io.WriteString(w, "through"); return err }); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(name); err != nil || string(got) != "through" {
		t.Errorf("a write through a link leaves %q, %v", got, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 2 {
		t.Errorf("the folder holds %v, %v, want the file and the link", entries, err)
	}
}
