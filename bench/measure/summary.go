package measure

import "slices"

// Summary is the median of several runs.
type Summary struct {
	State State // OK if every run was; else the first that was not
	Note  string
	Runs  int
	Line  // medians; a capped run counts as the cap
	PerS  float64
}

// Sum returns the medians of runs; the zero Summary if there are none.
func Sum(runs []Record) Summary {
	if len(runs) == 0 {
		return Summary{}
	}
	s := Summary{State: OK, Runs: len(runs)}
	for _, r := range runs {
		if r.State != OK && s.State == OK {
			s.State, s.Note = r.State, r.Note
		}
	}
	s.Optimum, s.Plan = runs[0].Optimum, runs[0].Plan
	s.SolveS = median(runs, func(r Record) float64 { return r.SolveS })
	s.CPUS = median(runs, func(r Record) float64 { return r.CPUS })
	s.ReadS = median(runs, func(r Record) float64 { return r.ReadS })
	s.P90S = median(runs, func(r Record) float64 { return r.P90S })
	s.PerS = median(runs, func(r Record) float64 { return r.PerS })
	s.OwnB = int64(median(runs, func(r Record) float64 { return float64(r.OwnB) }))
	s.PeakRSS = int64(median(runs, func(r Record) float64 { return float64(r.PeakRSS) }))
	return s
}

func median(runs []Record, of func(Record) float64) float64 {
	values := make([]float64, len(runs))
	for i, r := range runs {
		values[i] = of(r)
	}
	return Quantile(values, 0.5)
}

// Quantile returns the q-quantile of values, 0 <= q <= 1, and sorts them: the least value with at least a share q of
// all at or below it; for q = 0.5 of an even number the mean of the middle two. 0 if there are none.
func Quantile(values []float64, q float64) float64 {
	n := len(values)
	if n == 0 {
		return 0
	}
	slices.Sort(values)
	if q == 0.5 && n%2 == 0 {
		return (values[n/2-1] + values[n/2]) / 2
	}
	i := int(q * float64(n))
	if float64(i) == q*float64(n) && i > 0 {
		i--
	}
	return values[min(i, n-1)]
}
