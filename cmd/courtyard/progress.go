package main

import (
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// meterDelay is how long work runs before its progress is shown.
const meterDelay = time.Second

// meter shows progress on a terminal, for work that lasts. On a pipe or in a file it shows nothing.
type meter struct {
	out    io.Writer // nil shows nothing
	start  time.Time
	bar    *progressbar.ProgressBar
	stage  string
	spins  bool
	latest time.Time
}

// newMeter returns a meter on the program's standard error.
func (a *app) newMeter() *meter {
	m := &meter{start: time.Now()}
	if isTerminal(a.stderr) {
		m.out = a.stderr
	}
	return m
}

// isTerminal reports whether a person reads w.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// show draws the stage with the share done, 0 to 1; a negative share is not known.
func (m *meter) show(stage string, done float64) {
	now := time.Now()
	if m.out == nil || now.Sub(m.start) < meterDelay || now.Sub(m.latest) < 50*time.Millisecond {
		return
	}
	m.latest = now
	const whole = 1000
	if m.bar == nil || m.stage != stage || m.spins != (done < 0) {
		m.clear()
		limit := whole
		if done < 0 {
			limit = -1
		}
		m.stage, m.spins = stage, done < 0
		m.bar = progressbar.NewOptions(limit,
			progressbar.OptionSetWriter(m.out),
			progressbar.OptionSetDescription(stage),
			progressbar.OptionSetWidth(30),
			progressbar.OptionSetPredictTime(false),
			progressbar.OptionSetElapsedTime(false),
			progressbar.OptionClearOnFinish(),
			progressbar.OptionSetTheme(progressbar.ThemeUnicode),
		)
	}
	// A terminal that cannot be written to loses its progress, nothing else.
	if m.spins {
		_ = m.bar.Add(1)
	} else {
		_ = m.bar.Set(int(min(done, 0.999) * whole))
	}
}

// clear takes the progress off the screen.
func (m *meter) clear() {
	if m.bar != nil {
		_ = m.bar.Clear() // as above
		m.bar = nil
	}
}
