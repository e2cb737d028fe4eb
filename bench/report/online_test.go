package report

import (
	"strings"
	"testing"
)

func TestOnlineMarksTheFloorsThatAreMissed(t *testing.T) {
	o := &Online{Needs: 20_000, Resources: 8_000, Seeds: 2, Rows: []OnlineRow{
		{Day: "d", Way: "first come", Mean: 0.9, Least: 0.89, Served: 0.91, MedianS: 2e-7, WorstS: 4e-7},
		{Day: "d", Way: "desk", Mean: 0.98, Least: 0.96, Served: 0.98, MedianS: 1e-6, WorstS: 3e-6, ReckoningS: 0.02, ReckoningCPUS: 5, Floor: 0.95},
		{Day: "d", Way: "other", Mean: 0.95, Least: 0.94, Served: 0.98, MedianS: 1e-6, WorstS: 3e-6, ReckoningS: 0.02, ReckoningCPUS: 5, Floor: 0.95},
	}}
	var b strings.Builder
	lost := o.Write(&b)
	if len(lost) != 1 || lost[0].Row != "d" || !strings.Contains(lost[0].What, "other") {
		t.Errorf("lost = %+v, want the floor of the third row", lost)
	}
	for _, line := range []string{
		"| d | first come | 90.00 % | 89.00 % | 91.00 % | 0.2 | 0.4 | | |  |",
		"| d | desk | 98.00 % | 96.00 % | 98.00 % | 1.0 | 3.0 | 20.0 | 5.0 | ≥ 95.0 %: kept |",
		"| d | other | 95.00 % | 94.00 % | 98.00 % | 1.0 | 3.0 | 20.0 | 5.0 | **≥ 95.0 %: missed** |",
	} {
		if !strings.Contains(b.String(), line+"\n") {
			t.Errorf("the table has no line %q:\n%s", line, b.String())
		}
	}
}
