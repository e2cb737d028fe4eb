package report

import (
	"strings"
	"testing"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
)

func TestGaps(t *testing.T) {
	run := func(value, bound int64, s float64) measure.Summary {
		return measure.Sum([]measure.Record{{State: measure.OK, Line: measure.Line{SolveS: s, Plan: &measure.Plan{
			Gap: float64(value-bound) / float64(value), Tiers: []measure.Tier{{Name: "cost", Value: value, Bound: bound}},
		}}}})
	}
	g := &Gaps{Peer: "P", Limit: time.Minute, Rows: []GapRow{
		{Instance: "alone", Best: 10, Ours: run(10, 10, 1)},
		{Instance: "worse", Best: 10, Ours: run(12, 10, 60), Peer: run(11, 9, 60)},
		{Instance: "later", Best: 10, Ours: run(10, 10, 3), Peer: run(10, 10, 2)},
		{Instance: "better", Best: 10, Ours: run(10, 9, 60), Peer: run(11, 8, 60)},
	}}
	var out strings.Builder
	lost := g.Write(&out)
	if len(lost) != 2 || lost[0].Row != "worse" || lost[1].Row != "later" {
		t.Errorf("lost = %v, want worse and later", lost)
	}
	if want := "| alone | 10 | 10 | 10 | 0.0000 % | 1.00 | | | | |\n"; !strings.Contains(out.String(), want) {
		t.Errorf("the table\n%s\nlacks %q", out.String(), want)
	}
}
