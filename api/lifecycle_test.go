package api

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/match"
)

// patience bounds every wait of these tests: far more than any step takes, so that only a hang reaches it.
const patience = 10 * time.Second

// running is a server on a port of its own.
type running struct {
	service
	url  string
	stop context.CancelFunc
	done chan error
	http *http.Client
}

// serve runs s until the test ends or stop is called.
func serve(t *testing.T, s service) running {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("listen: %v", err)
	}
	ctx, stop := context.WithCancel(t.Context())
	transport := &http.Transport{}
	r := running{service: s, url: "http://" + ln.Addr().String(), stop: stop, done: make(chan error, 1), http: &http.Client{Transport: transport, Timeout: patience}}
	go func() { r.done <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		stop()
		transport.CloseIdleConnections()
		select {
		case err := <-r.done:
			if err != nil {
				t.Errorf("Serve = %v, want nil", err)
			}
		case <-time.After(patience):
			t.Error("the server did not stop")
		}
	})
	return r
}

func (r running) post(ctx context.Context, t *testing.T, body string, header ...string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url+matchOperation.path, strings.NewReader(body))
	if err != nil {
		t.Fatalf("request: %v", err)
	}
	req.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return r.http.Do(req)
}

func await[T any](t *testing.T, what string, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(patience):
		t.Fatalf("waited in vain: %s", what)
		panic("unreachable")
	}
}

func TestSlotsFull(t *testing.T) {
	s := newService(t, Config{Slots: 1, SlotWait: time.Millisecond})
	solve, started := blocking()
	s.solve = solve
	ctx, release := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() {
		r := newRequest(ctx, "/v1/match", tiny)
		s.ServeHTTP(discard(), r)
	})
	await(t, "the first solve", started)

	for _, path := range []string{"/v1/match", "/v1/match/check"} {
		got := s.do(t, "POST", path, withPlan(path, tiny))
		if body := text(t, got); got.StatusCode != 503 || got.Header.Get("Retry-After") != "1" || !strings.Contains(body, `"status":503`) {
			t.Errorf("POST %s with every slot taken = %d, Retry-After %q, %s; want 503 and 1", path, got.StatusCode, got.Header.Get("Retry-After"), body)
		}
	}
	valid := strings.Replace(tiny, "{", `{"mode": "validate",`, 1)
	if got := s.do(t, "POST", "/v1/match", valid); got.StatusCode != 200 {
		t.Errorf("mode validate with every slot taken = %d, want 200: it needs none", got.StatusCode)
	}
	release()
	running.Wait()
	s.solve = instant
	if got := s.do(t, "POST", "/v1/match", tiny); got.StatusCode != 200 {
		t.Errorf("after the slot came free = %d, want 200", got.StatusCode)
	}
}

func TestSlotWait(t *testing.T) {
	full := make(slots, 1)
	full <- struct{}{}
	go func() { <-full }()
	if !full.acquire(t.Context(), patience) {
		t.Error("acquire did not get the slot that came free")
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if full.acquire(gone, patience) {
		t.Error("acquire got a slot although the context had ended and none was free")
	}
}

func TestTooManyRequests(t *testing.T) {
	s := newService(t, Config{MaxRequests: 1})
	solve, started := blocking()
	s.solve = solve
	ctx, release := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.ServeHTTP(discard(), newRequest(ctx, "/v1/match", tiny)) })
	await(t, "the first solve", started)
	if got := s.do(t, "POST", "/v1/match", tiny); got.StatusCode != 503 || got.Header.Get("Retry-After") == "" {
		t.Errorf("one request too many = %d, Retry-After %q, want 503 with it", got.StatusCode, got.Header.Get("Retry-After"))
	}
	release()
	running.Wait()
}

// Many clients at once: each is answered, never more than Slots run together, and equal requests get equal answers.
func TestManyAtOnce(t *testing.T) {
	s := newService(t, Config{Slots: 2, SlotWait: patience})
	var inside atomic.Int32
	s.solve = func(ctx context.Context, p *match.Problem, o match.Options) (*match.Solution, error) {
		if now := inside.Add(1); now > 2 {
			t.Errorf("%d solves run at once, want at most 2", now)
		}
		defer inside.Add(-1)
		return match.Solve(ctx, p, o)
	}
	body := neighbourhood(2, 60, 20)
	answers := make([]string, 24)
	var clients sync.WaitGroup
	for i := range answers {
		clients.Go(func() { answers[i] = text(t, s.do(t, "POST", matchOperation.path, body)) })
	}
	clients.Wait()
	for i, a := range answers {
		if a != answers[0] || !strings.Contains(a, `"status":"optimal"`) {
			t.Errorf("client %d was answered %.200s, the first %.200s", i, a, answers[0])
		}
	}
}

func TestHangUpCancelsTheSolve(t *testing.T) {
	for _, accept := range []string{"application/json", eventStream} {
		t.Run(accept, func(t *testing.T) {
			s := newService(t, Config{})
			solve, started := blocking()
			ended := make(chan solver.Stop, 1)
			s.solve = func(ctx context.Context, p *match.Problem, o match.Options) (*match.Solution, error) {
				sol, err := solve(ctx, p, o)
				ended <- sol.Stop
				return sol, err
			}
			r := serve(t, s)
			ctx, hangUp := context.WithCancel(t.Context())
			left := make(chan error, 1)
			go func() {
				resp, err := r.post(ctx, t, tiny, "Accept", accept)
				if err == nil {
					_, err = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
				}
				left <- err
			}()
			await(t, "the solve", started)
			hangUp()
			if err := await(t, "the client", left); !errors.Is(err, context.Canceled) {
				t.Errorf("the client ended with %v, want its own cancellation", err)
			}
			if stop := await(t, "the end of the solve", ended); stop != solver.StopCancelled {
				t.Errorf("the solve stopped by %v, want cancelled", stop)
			}
			r.stop()
			r.done <- await(t, "the stop", r.done)
			if !strings.Contains(s.log.String(), `"status":499`) {
				t.Errorf("the log has no 499:\n%s", s.log)
			}
		})
	}
}

func TestGracefulStopWaitsForASolve(t *testing.T) {
	s := newService(t, Config{})
	started, finish := make(chan struct{}), make(chan struct{})
	s.solve = func(ctx context.Context, p *match.Problem, o match.Options) (*match.Solution, error) {
		close(started)
		<-finish
		return instant(ctx, p, o)
	}
	r := serve(t, s)
	answered := make(chan int, 1)
	go func() {
		resp, err := r.post(t.Context(), t, tiny)
		if err != nil {
			t.Errorf("post: %v", err)
			answered <- 0
			return
		}
		_ = resp.Body.Close()
		answered <- resp.StatusCode
	}()
	await(t, "the solve", started)
	r.stop()
	for !s.stopping.Load() {
		time.Sleep(time.Millisecond)
	}
	if got := s.do(t, "GET", "/readyz", ""); got.StatusCode != 503 {
		t.Errorf("GET /readyz while stopping = %d, want 503", got.StatusCode)
	}
	if got := s.do(t, "GET", "/healthz", ""); got.StatusCode != 200 {
		t.Errorf("GET /healthz while stopping = %d, want 200", got.StatusCode)
	}
	close(finish)
	if got := await(t, "the answer", answered); got != 200 {
		t.Errorf("the running solve was answered %d, want 200", got)
	}
	if err := await(t, "the stop", r.done); err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
	r.done <- nil
}

func TestStopCancelsLongSolves(t *testing.T) {
	s := newService(t, Config{DrainTimeout: 20 * time.Millisecond})
	solve, started := blocking()
	s.solve = solve
	r := serve(t, s)
	answered := make(chan string, 1)
	go func() {
		resp, err := r.post(t.Context(), t, tiny)
		if err != nil {
			t.Errorf("post: %v", err)
			answered <- ""
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		answered <- string(b)
	}()
	await(t, "the solve", started)
	r.stop()
	if got := await(t, "the answer", answered); !strings.Contains(got, `"stop":"cancelled"`) {
		t.Errorf("the cancelled solve was answered %q, want the best plan with stop cancelled", got)
	}
	if err := await(t, "the stop", r.done); err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
	r.done <- nil
	if strings.Contains(s.log.String(), `"status":499`) {
		t.Errorf("the log blames the client:\n%s", s.log)
	}
}

// The read timeout is for reading: once the body is here, a solve may outlast it.
func TestSolveOutlastsReadTimeout(t *testing.T) {
	s := newService(t, Config{ReadTimeout: 50 * time.Millisecond, WriteTimeout: 50 * time.Millisecond})
	solve, _ := blocking()
	s.solve = solve
	r := serve(t, s)
	resp, err := r.post(t.Context(), t, strings.Replace(tiny, "{", `{"options": {"time_limit_s": 0.3},`, 1))
	if err != nil {
		t.Fatalf("post: %v", err)
	}
	defer resp.Body.Close()
	if got := text(t, resp); !strings.Contains(got, `"stop":"time"`) {
		t.Errorf("a solve of 0.3 s under a read timeout of 0.05 s was answered %q, want stop time", got)
	}
}

func TestSlowBody(t *testing.T) {
	s := newService(t, Config{ReadTimeout: 50 * time.Millisecond})
	r := serve(t, s)
	conn, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "POST /v1/match HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("read the answer: %v", err)
	}
	defer resp.Body.Close()
	if got := text(t, resp); resp.StatusCode != 408 || !strings.Contains(got, `"status":408`) {
		t.Errorf("a body that does not come = %d %s, want 408", resp.StatusCode, got)
	}
}

func TestStream(t *testing.T) {
	s := newService(t, Config{})
	s.solve = func(ctx context.Context, p *match.Problem, o match.Options) (*match.Solution, error) {
		o.OnProgress(match.Progress{Stage: "solve", Done: 0.5, Round: 1, Unmet: 1})
		o.OnProgress(match.Progress{Stage: "price", Done: -1, Round: 1, Unmet: -1}) // too soon after the first: not sent
		return instant(ctx, p, o)
	}
	got := s.do(t, "POST", "/v1/match", tiny, "Accept", eventStream)
	body := text(t, got)
	if got.StatusCode != 200 || got.Header.Get("Content-Type") != eventStream {
		t.Fatalf("stream = %d %s %s", got.StatusCode, got.Header.Get("Content-Type"), body)
	}
	events := strings.Split(strings.TrimSuffix(body, "\n\n"), "\n\n")
	if len(events) != 2 ||
		!strings.HasPrefix(events[0], "id: 1\nevent: progress\ndata: {\"stage\":\"solve\",\"done\":0.5,\"round\":1,\"unmet\":1,\"elapsed_s\":") ||
		!strings.HasPrefix(events[1], "id: 2\nevent: answer\ndata: {\"status\":\"optimal\"") {
		t.Errorf("events = %q", events)
	}
}

func TestStreamOfAFailure(t *testing.T) {
	s := newService(t, Config{})
	s.solve = func(context.Context, *match.Problem, match.Options) (*match.Solution, error) {
		return nil, errors.New("a secret")
	}
	got := text(t, s.do(t, "POST", "/v1/match", tiny, "Accept", eventStream))
	if !strings.HasPrefix(got, "id: 1\nevent: problem\ndata: {\"type\":\"about:blank\",\"title\":\"Internal Server Error\",\"status\":500}") {
		t.Errorf("stream of a failed solve = %q", got)
	}
	if strings.Contains(got+s.log.String(), "secret") {
		t.Errorf("the text of an internal error is shown:\n%s\n%s", got, s.log)
	}
}

func TestAccept(t *testing.T) {
	s := newService(t, Config{})
	s.solve = instant
	for accept, want := range map[string]string{
		"":                                    "application/json",
		"*/*":                                 "application/json",
		"application/json, text/event-stream": "application/json",
		"text/event-stream":                   eventStream,
		"text/event-stream, application/json;q=0.5": eventStream,
		"text/html": "application/json",
	} {
		if got := s.do(t, "POST", "/v1/match", tiny, "Accept", accept).Header.Get("Content-Type"); got != want {
			t.Errorf("Accept %q: Content-Type = %q, want %q", accept, got, want)
		}
	}
}

func TestPanic(t *testing.T) {
	s := newService(t, Config{})
	s.solve = func(context.Context, *match.Problem, match.Options) (*match.Solution, error) { panic("a secret") }
	got := s.do(t, "POST", "/v1/match", tiny)
	if body := text(t, got); got.StatusCode != 500 || body != `{"type":"about:blank","title":"Internal Server Error","status":500}`+"\n" {
		t.Errorf("a panic was answered %d %s", got.StatusCode, body)
	}
	if log := s.log.String(); !strings.Contains(log, `"stack":`) || strings.Contains(log, "secret") {
		t.Errorf("the log of a panic must have the stack, and not its text:\n%s", log)
	}
	s.solve = instant
	if got := s.do(t, "POST", "/v1/match", tiny); got.StatusCode != 200 {
		t.Errorf("after a panic = %d, want 200: the slot must be free again", got.StatusCode)
	}
}

func TestPanicInAStreamCutsIt(t *testing.T) {
	s := newService(t, Config{})
	s.solve = func(_ context.Context, _ *match.Problem, o match.Options) (*match.Solution, error) {
		o.OnProgress(match.Progress{Stage: "solve", Round: 1})
		panic("a secret")
	}
	r := serve(t, s)
	resp, err := r.post(t.Context(), t, tiny, "Accept", eventStream)
	if err != nil {
		t.Fatalf("post: %v", err)
	}
	defer resp.Body.Close()
	if _, err := io.ReadAll(resp.Body); err == nil {
		t.Error("a stream whose solve panicked ended as if it were whole")
	}
}
