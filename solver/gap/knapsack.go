package gap

// knapsack solves 0-1 knapsacks whose items come sorted by profit per unit of use, best first. It keeps its arrays from one
// call to the next and is not safe for concurrent use.
type knapsack struct {
	profit []int64 // > 0
	use    []int64
	rate   []float64 // profit/use; +Inf for items without use
	pair   []int32
	taken  []bool

	// prefix sums and the first item that does not fit whole; see prefix
	useTo, profitTo []int64
	broken          int

	states, spare []state
	past          []step
	ticks         int64 // states made so far, the measure of work
}

// state is a set of items, known by what it earns and uses.
type state struct {
	use, profit int64
	last        int32 // its last step
}

// step is one change in the making of a state: an item put in, or taken out (as ^item).
type step struct{ before, item int32 }

// slack keeps bounds in floating point on the safe side.
const slack = 1 + 1e-9

// solve returns the most that the items can earn within room, if that is more than known, and marks the items that do as
// taken; otherwise it returns known and false.
//
// It is Pisinger's (1997) dynamic programming on an expanding core: from the greedy solution, items beside the break are put
// in or taken out, one at a time on either side, and a state lives only while its linear bound beats the best. Differs: the
// items are sorted before, all of them, because a sequence of similar knapsacks is nearly sorted already.
func (k *knapsack) solve(room, known int64) (int64, bool) {
	n := len(k.profit)
	k.taken = grown(k.taken, n)
	b := 0
	var use, profit int64
	for b < n && use+k.use[b] <= room {
		use += k.use[b]
		profit += k.profit[b]
		b++
	}
	k.ticks += int64(n)
	best, found, last := known, false, int32(-1)
	if profit > best {
		best, found = profit, true
	}
	if b < n {
		k.past = k.past[:0]
		k.states = append(k.states[:0], state{use, profit, -1})
		left, right := b-1, b
		for len(k.states) > 0 && (left >= 0 || right < n) {
			if right < n {
				right++
				k.extend(k.use[right-1], k.profit[right-1], int32(right-1), left, right, room, best)
				best, found, last = k.better(room, best, found, last)
			}
			if left >= 0 && len(k.states) > 0 {
				left--
				k.extend(-k.use[left+1], -k.profit[left+1], ^int32(left+1), left, right, room, best)
				best, found, last = k.better(room, best, found, last)
			}
		}
	}
	if !found {
		return known, false
	}
	for i := range k.taken {
		k.taken[i] = i < b
	}
	for s := last; s >= 0; s = k.past[s].before {
		if item := k.past[s].item; item >= 0 {
			k.taken[item] = true
		} else {
			k.taken[^item] = false
		}
	}
	return best, true
}

// extend adds to every state its copy with one item put in or taken out, keeping the order by use, and drops states that
// another dominates or whose bound does not beat best. left and right are the next items of either side.
func (k *knapsack) extend(du, dp int64, item int32, left, right int, room, best int64) {
	gain, loss := 0.0, 0.0
	if right < len(k.rate) {
		gain = k.rate[right] * slack
	}
	if left >= 0 {
		loss = k.rate[left] / slack
	}
	old := k.states
	k.ticks += int64(2 * len(old))
	out := k.spare[:0]
	most := int64(-1) << 62
	a, b := 0, 0
	for a < len(old) || b < len(old) {
		var s state
		moved := a == len(old)
		if !moved && b < len(old) {
			x, y := &old[a], &old[b]
			moved = y.use+du < x.use || y.use+du == x.use && y.profit+dp > x.profit
		}
		if moved {
			s = state{old[b].use + du, old[b].profit + dp, old[b].last}
			b++
		} else {
			s = old[a]
			a++
		}
		if s.profit <= most {
			continue
		}
		if s.use <= room {
			if float64(room-s.use)*gain < float64(best-s.profit+1)/slack && s.profit <= best {
				continue
			}
		} else if left < 0 || float64(s.profit-best-1) < float64(s.use-room)*loss-1e-6 {
			continue
		}
		most = s.profit
		if moved {
			k.past = append(k.past, step{s.last, item})
			s.last = int32(len(k.past) - 1)
		}
		out = append(out, s)
	}
	k.states, k.spare = out, old
}

// better looks for a state that fits and beats best.
func (k *knapsack) better(room, best int64, found bool, last int32) (int64, bool, int32) {
	for i := len(k.states) - 1; i >= 0; i-- {
		if s := &k.states[i]; s.use <= room {
			if s.profit > best { // profits grow with use: the last that fits is the best
				return s.profit, true, s.last
			}
			break
		}
	}
	return best, found, last
}

// grown returns s with length n, its old memory if that is enough.
func grown[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/2)
	}
	return s[:n]
}
