package lap

import (
	"context"
	"errors"
	"math"

	"github.com/courtyard-care/courtyard/solver"
)

// lookEvery is how many pairs a search may look at before it asks whether to stop: about a millisecond of work.
const lookEvery = 1 << 18

// meter counts the work of one call and says when to stop. It belongs to one goroutine.
type meter struct {
	ctx      context.Context //nolint:containedctx // lives as long as the call
	limit    int64
	work     int64
	left     int // pairs until the next look
	stop     solver.Stop
	progress func(Progress)
}

func newMeter(ctx context.Context, opts *Options) *meter {
	m := &meter{ctx: ctx, limit: opts.WorkLimit, progress: opts.OnProgress}
	if m.limit <= 0 {
		m.limit = math.MaxInt64
	}
	return m
}

// tick counts one row with so many pairs and reports whether the search must stop.
func (m *meter) tick(pairs int) bool {
	m.work++
	if m.left -= pairs + 8; m.left >= 0 && m.work < m.limit {
		return false
	}
	return m.look()
}

// pass counts many rows at once, those of a pass over the matrix.
func (m *meter) pass(n int) {
	m.work += int64(n)
	m.look()
}

func (m *meter) look() bool {
	m.left = lookEvery
	if m.stop == solver.StopNone {
		if err := m.ctx.Err(); err != nil {
			m.stop = solver.StopCancelled
			if errors.Is(err, context.DeadlineExceeded) {
				m.stop = solver.StopTime
			}
		} else if m.work >= m.limit {
			m.stop = solver.StopWork
		}
		if m.progress != nil {
			m.progress(Progress{Work: m.work})
		}
	}
	return m.stop != solver.StopNone
}

// halted reports whether the search must stop, without asking anew.
func (m *meter) halted() bool { return m.stop != solver.StopNone }
