package api

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestGzip(t *testing.T) {
	s := newService(t, Config{MaxBodyBytes: 64 << 10})
	whole := gzipped(t, tiny)
	bomb := gzipped(t, `{"needs": [`+strings.Repeat(" ", 20<<20)+`]}`) // 20 kB that open to 20 MB
	chaff := strings.Repeat(gzipped(t, ""), 10_000)                    // members that open to nothing
	for name, tt := range map[string]struct {
		body   string
		status int
	}{
		"whole":     {whole, 200},
		"truncated": {whole[:len(whole)/2], 400},
		"damaged":   {whole[:len(whole)-8] + "12345678", 400},
		"no gzip":   {tiny, 400},
		"empty":     {"", 400},
		"bomb":      {bomb, 413},
		"chaff":     {chaff, 413},
	} {
		got := s.do(t, "POST", "/v1/match", tt.body, "Content-Encoding", "gzip")
		if body := text(t, got); got.StatusCode != tt.status {
			t.Errorf("%s = %d %s, want %d", name, got.StatusCode, body, tt.status)
		}
	}
	if got := s.do(t, "POST", "/v1/match", tiny, "Content-Encoding", "br"); got.StatusCode != 415 || got.Header.Get("Accept-Encoding") != "gzip" {
		t.Errorf("brotli = %d %v, want 415", got.StatusCode, got.Header)
	}
}

func TestBodyOfExactlyTheLimit(t *testing.T) {
	s := newService(t, Config{MaxBodyBytes: int64(len(tiny))})
	if got := s.do(t, "POST", "/v1/match", tiny); got.StatusCode != 200 {
		t.Errorf("a body of the limit = %d %s, want 200", got.StatusCode, text(t, got))
	}
	if got := s.do(t, "POST", "/v1/match", tiny+" "); got.StatusCode != 413 {
		t.Errorf("a body of the limit and one = %d, want 413", got.StatusCode)
	}
}

// endless is a JSON request of any length that is never in memory.
type endless struct{ left atomic.Int64 }

func (e *endless) Read(p []byte) (int, error) {
	const row = `{"id":"n","service":"meal","lon":100.2,"lat":25.5},`
	if e.left.Load() <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n+len(row) <= len(p) {
		n += copy(p[n:], row)
	}
	if n == 0 {
		n = copy(p, row)
	}
	e.left.Add(-int64(n))
	return n, nil
}

// A body of 1 GB is refused before more than MaxBodyBytes of it have come, and costs no more memory than those.
func TestGigabyteBody(t *testing.T) {
	for name, length := range map[string]int64{"length given": 1 << 30, "chunked": -1} {
		status := map[bool]int{true: 413, false: 422}[length > 0] // 422: the needs were too many before the bytes were
		t.Run(name, func(t *testing.T) {
			r := serve(t, newService(t, Config{}))
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			src := new(endless)
			src.left.Store(1 << 30)
			body := io.MultiReader(strings.NewReader(`{"needs":[`), src)
			req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+"/v1/match", body)
			if err != nil {
				t.Fatal(err)
			}
			req.ContentLength = length
			req.Header.Set("Content-Type", "application/json")
			resp, err := r.http.Do(req)
			if err == nil {
				if got := text(t, resp); resp.StatusCode != status || !strings.Contains(got, `"too_`) {
					t.Errorf("1 GB = %d %s, want %d", resp.StatusCode, got, status)
				}
				_ = resp.Body.Close()
			} else if !strings.Contains(err.Error(), "broken pipe") && !strings.Contains(err.Error(), "connection reset") {
				t.Errorf("1 GB: %v", err) // a server may close on a client that sends on, and the client may not see why
			}
			runtime.ReadMemStats(&after)
			if sent := 1<<30 - src.left.Load(); sent > 64<<20 {
				t.Errorf("the server read on for %d bytes", sent)
			}
			if grown := int64(after.TotalAlloc - before.TotalAlloc); grown > 256<<20 {
				t.Errorf("1 GB allocated %d MB in all, freed ones included", grown>>20)
			}
		})
	}
}

func TestLimits(t *testing.T) {
	s := newService(t, Config{MaxNeeds: 2, MaxResources: 1, MaxPairs: 2})
	need := `{"id":"n%","service":"meal","lon":100,"lat":25}`
	resource := `{"id":"r%","kind":"team","lon":100,"lat":25,"services":[{"service":"meal"}]}`
	for name, tt := range map[string]struct {
		needs, resources int
		options          string
		status           int
		pointer, code    string
	}{
		"all at the limit":   {2, 1, `{"time_limit_s": 30}`, 200, "", ""},
		"too many needs":     {3, 1, `{}`, 422, "#/needs", "too_many"},
		"too many resources": {1, 2, `{}`, 422, "#/resources", "too_many"},
		"too much time":      {1, 1, `{"time_limit_s": 31}`, 422, "#/options/time_limit_s", "out_of_range"},
	} {
		body := request(repeat(need, tt.needs), repeat(resource, tt.resources), tt.options)
		got := s.do(t, "POST", "/v1/match", body)
		b := text(t, got)
		if got.StatusCode != tt.status || !strings.Contains(b, `"pointer":"`+tt.pointer+`","code":"`+tt.code+`"`) && tt.status != 200 {
			t.Errorf("%s = %d %s, want %d with %s at %s", name, got.StatusCode, b, tt.status, tt.code, tt.pointer)
		}
	}
	s = newService(t, Config{MaxPairs: 5})
	if got := s.do(t, "POST", "/v1/match", request(repeat(need, 2), repeat(resource, 3), `{}`)); got.StatusCode != 422 || !strings.Contains(text(t, got), `"pointer":"#/needs","code":"too_many"`) {
		t.Errorf("2 x 3 pairs of 5 = %d, want 422", got.StatusCode)
	}
}

// repeat returns n copies of an object, numbered where it has a %.
func repeat(object string, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = strings.ReplaceAll(object, "%", strconv.Itoa(i))
	}
	return strings.Join(all, ",")
}

func request(needs, resources, options string) string {
	return `{"needs":[` + needs + `],"resources":[` + resources + `],"options":` + options + `}`
}

// Whatever the body, the answer is one of those the document names, and never 500.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{
		tiny, withMatches(tiny), `{}`, `[]`, `null`, ``, `{"needs":[],"resources":[]}`, `{"needs":[{"id":1}],"resources":{}}`,
		`{"needs":[],"resources":[],"options":{"barriers":{"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]}}}`,
		`{"needs":[],"needs":[],"resources":[]}`, strings.Repeat(`{"needs":`, 100), "{\"mode\":\"\xff\"}",
		`{"needs":[{"id":"a","service":"s","lon":1e400,"lat":0,"units":9223372036854775807}],"resources":[],"options":{"w_distance":9223372036854775807}}`,
	} {
		f.Add(seed)
	}
	s, err := New(Config{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for _, path := range []string{"/v1/match", "/v1/match/check"} {
			r := newRequest(t.Context(), path, body)
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			switch w.Code {
			case 200, 400, 413, 422:
			default:
				t.Errorf("POST %s %q = %d %s", path, body, w.Code, w.Body)
			}
		}
	})
}
