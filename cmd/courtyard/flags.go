package main

import (
	"fmt"
	"math"
	"strconv"
	"time"
)

// duration is the value of a flag: a length of time such as 1m30s, or a plain number of seconds. It is never negative.
type duration struct{ time.Duration }

// Set reads the flag's text.
func (d *duration) Set(s string) error {
	if v, err := time.ParseDuration(s); err == nil {
		if v < 0 {
			return fmt.Errorf("must not be negative")
		}
		d.Duration = v
		return nil
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0) || v > math.MaxInt64/float64(time.Second) {
		return fmt.Errorf("must be a length of time such as 30s or 1m30s")
	}
	d.Duration = time.Duration(v * float64(time.Second))
	return nil
}

// String writes the value as Set reads it; nothing for zero.
func (d *duration) String() string {
	if d.Duration == 0 {
		return ""
	}
	return d.Duration.String()
}

// Type is the word in the help text.
func (d *duration) Type() string { return "DURATION" }
