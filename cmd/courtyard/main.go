// Command courtyard matches what people in a neighbourhood need with those who can give it.
//
//	courtyard match --city dali --map dali.png
//	courtyard match --needs needs.csv --resources resources.csv --json
//	courtyard solve mincost-flow network.min --json
//	courtyard generate --size 5000 --out lists
//	courtyard serve
//	courtyard version --licenses
//
// Exit codes: 0 an answer (also when needs stay unmet, or a problem is infeasible), 1 a fault of the program, 2 bad usage
// or input that cannot be read or is not valid, 3 stopped by a signal with no answer.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run carries out one command line and returns its exit code. Everything it reads and writes is handed in, so that tests
// run it as the shell does. ctx ends when the process is asked to stop.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{getenv: getenv, stdin: &stoppable{ctx, stdin}, stdout: stdout, stderr: stderr}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	return a.report(err)
}

// stoppable is a reader that gives up when its context ends, so that a signal stops a command that waits for a pipe or
// for someone to type. The read that hangs is left behind; its bytes are lost.
type stoppable struct {
	ctx context.Context //nolint:containedctx // an io.Reader takes none
	r   io.Reader
}

// Read reads as r does, or returns the context's error.
func (s *stoppable) Read(p []byte) (int, error) {
	type result struct {
		bytes []byte
		err   error
	}
	done := make(chan result, 1)
	go func() {
		b := make([]byte, len(p)) // p is the caller's again when the context ends first
		n, err := s.r.Read(b)
		done <- result{b[:n], err}
	}()
	select {
	case <-s.ctx.Done():
		return 0, s.ctx.Err()
	case r := <-done:
		return copy(p, r.bytes), r.err
	}
}
