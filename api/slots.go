package api

import (
	"context"
	"time"
)

// slots bounds how many requests do a thing at once. The channel holds one token for each that does.
type slots chan struct{}

// acquire takes a slot, waiting for at most wait, and reports whether it got one before then and before ctx ended.
func (s slots) acquire(ctx context.Context, wait time.Duration) bool {
	select {
	case s <- struct{}{}:
		return true
	default:
	}
	if wait <= 0 {
		return false
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case s <- struct{}{}:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// release gives back a slot that acquire took.
func (s slots) release() { <-s }
