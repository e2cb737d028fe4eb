//go:build !unix

package main

// peakRSS returns about the most memory that the process has held at once, in bytes.
func peakRSS() int64 { return heapFromSystem() }
