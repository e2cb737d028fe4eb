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
	peak := int64(u.Maxrss) //nolint:unconvert // not an int64 on every machine
	if runtime.GOOS != "darwin" && runtime.GOOS != "ios" {
		peak *= 1024 // only there it is in bytes
	}
	return peak
}
