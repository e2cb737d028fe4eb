//go:build linux || darwin

package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Driver runs one driver to its end and reads the line it printed last. After limit it is killed and the state is
// Capped. The error is ctx's alone: whatever else goes wrong is in the record.
func Driver(ctx context.Context, limit time.Duration, argv ...string) (Record, error) {
	r := Record{At: time.Now().UTC()}
	var out bytes.Buffer
	_, err := Run(ctx, limit, &out, argv...)
	switch {
	case ctx.Err() != nil:
		return r, ctx.Err()
	case errors.Is(err, ErrCapped):
		r.State, r.SolveS, r.CPUS = Capped, limit.Seconds(), limit.Seconds()
	case err != nil:
		r.State, r.Note = Failed, err.Error()
	default:
		lines := bytes.Split(bytes.TrimSpace(out.Bytes()), []byte("\n"))
		if err := json.Unmarshal(lines[len(lines)-1], &r.Line); err != nil {
			r.State, r.Note = Failed, fmt.Sprintf("read the driver's line: %v", err)
			return r, nil
		}
		r.State = OK
	}
	return r, nil
}

// ErrCapped is the error of a process that was killed at its time cap.
var ErrCapped = errors.New("time cap reached")

// Usage is what a whole process took.
type Usage struct {
	WallS, CPUS float64
	PeakRSS     int64 // bytes; not less than the program that started it held then
}

// Run runs a process to its end, or to limit, with its standard output going to out.
func Run(ctx context.Context, limit time.Duration, out io.Writer, argv ...string) (Usage, error) {
	capped, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(capped, argv[0], argv[1:]...)
	var faults bytes.Buffer
	cmd.Stdout, cmd.Stderr = out, &faults
	start := time.Now()
	err := cmd.Run()
	u := Usage{WallS: time.Since(start).Seconds()}
	if cmd.ProcessState != nil {
		u.CPUS = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
		if raw, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
			u.PeakRSS = raw.Maxrss * 1024
		}
	}
	if capped.Err() != nil && ctx.Err() == nil {
		return u, ErrCapped
	}
	if err != nil {
		said := strings.TrimSpace(faults.String())
		if i := strings.LastIndexByte(said, '\n'); i >= 0 {
			said = said[i+1:]
		}
		return u, fmt.Errorf("run %s: %w: %s", argv[0], err, said)
	}
	return u, nil
}

// Self is this process so far: its CPU time, all threads, and its peak of resident memory in bytes (Linux: of this
// program alone; elsewhere what the system says, -1 if nothing).
func Self() (cpuS float64, peakRSS int64) {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0, -1
	}
	cpuS = time.Duration(u.Utime.Nano() + u.Stime.Nano()).Seconds()
	peakRSS = u.Maxrss
	if runtime.GOOS == "linux" {
		peakRSS *= 1024
	}
	if own, ok := statusKB("self", "VmHWM:"); ok {
		peakRSS = own * 1024
	}
	return cpuS, peakRSS
}

// statusKB reads one line in kB of /proc/<pid>/status.
func statusKB(pid, name string) (int64, bool) {
	data, err := os.ReadFile("/proc/" + pid + "/status")
	if err != nil {
		return 0, false
	}
	for line := range strings.Lines(string(data)) {
		if rest, ok := strings.CutPrefix(line, name); ok {
			kb, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb, err == nil
		}
	}
	return 0, false
}

// PeakRSS returns the peak of resident memory of another process in bytes, -1 where the system does not say.
func PeakRSS(pid int) int64 {
	if kb, ok := statusKB(strconv.Itoa(pid), "VmHWM:"); ok {
		return kb * 1024
	}
	return -1
}

// CPU returns the CPU time of another process in seconds, -1 where the system does not say.
func CPU(pid int) float64 {
	data, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return -1
	}
	// the name in parentheses may hold blanks; user and system time are the 12th and 13th fields after it
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if len(fields) < 13 {
		return -1
	}
	user, err1 := strconv.ParseFloat(fields[11], 64)
	system, err2 := strconv.ParseFloat(fields[12], 64)
	if err1 != nil || err2 != nil {
		return -1
	}
	const ticks = 100 // USER_HZ, fixed on Linux
	return (user + system) / ticks
}
