package transport

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/solver"
)

// watched is a context that counts the looks at it, ends at one of them, and remembers the longest time between two.
type watched struct {
	context.Context
	endAt int // look; 0 means never

	mu      sync.Mutex
	looks   int
	last    time.Time
	longest time.Duration
}

func (w *watched) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := time.Now()
	if w.looks > 0 {
		w.longest = max(w.longest, now.Sub(w.last))
	}
	w.looks++
	w.last = now
	if w.endAt > 0 && w.looks >= w.endAt {
		return context.Canceled
	}
	return nil
}

// TestBigSolveLooksOftenAndStopsAtOnce counts looks at the context where a clock would say more of the machine than of the
// solver: once a look says that the context has ended, hardly any other follows, and everything between two looks is far
// shorter than what a caller is promised, with an allowance of ten times for a machine that does other things.
func TestBigSolveLooksOftenAndStopsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("a big instance")
	}
	p := crowded(60_000)
	all := &watched{Context: t.Context()}
	whole, err := Solve(all, p, Options{})
	if err != nil || whole.Status != solver.Optimal {
		t.Fatalf("Solve = %+v, %v", whole, err)
	}
	t.Logf("%d looks over %d steps, the longest silence %v", all.looks, whole.Work, all.longest)
	if steps := whole.Work / int64(all.looks); steps > 2*lookEvery {
		t.Errorf("a look every %d steps, want about %d", steps, lookEvery)
	}
	if all.longest > 10*50*time.Millisecond {
		t.Errorf("no look for %v", all.longest)
	}
	for _, part := range []int{1, 10, 40, 70, 95, 99} {
		ctx := &watched{Context: t.Context(), endAt: max(1, all.looks*part/100)}
		s, err := Solve(ctx, p, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if after := ctx.looks - ctx.endAt; after > 8*maxParts {
			t.Errorf("ended after %d %% of the looks: %d more", part, after)
		}
		if err := Check(p, s); err != nil || s.Stop != solver.StopCancelled || s.Bound > s.Objective {
			t.Errorf("ended after %d %% of the looks: stop %v, %d, bound %d, %v", part, s.Stop, s.Objective, s.Bound, err)
		}
	}
}
