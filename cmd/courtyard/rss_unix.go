//go:build unix

package main

import (
	"runtime"
	"syscall"
)

// peakRSS returns the most memory that the process has held at once, in bytes.
func peakRSS() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil || u.Maxrss <= 0 {
		return heapFromSystem()
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(u.Maxrss) // bytes there
	}
	return int64(u.Maxrss) * 1024 //nolint:unconvert // not an int64 on every machine
}
