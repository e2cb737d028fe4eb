package report

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/bench/measure"
)

var update = flag.Bool("update", false, "rewrite the golden page")

func took(s float64) measure.Summary {
	return measure.Summary{State: measure.OK, Runs: 5, Line: measure.Line{SolveS: s, CPUS: s, PeakRSS: 20e6, OwnB: 800e3}}
}

// sample holds a row of every sort: won, lost, floor missed, capped, two small ones, one wrong.
func sample() *Results {
	capped := measure.Summary{State: measure.Capped, Runs: 1, Line: measure.Line{SolveS: 120}}
	wrong := measure.Summary{State: measure.Wrong, Runs: 1}
	slow := took(53)
	slow.Runs = 1
	endpoint := took(0.012)
	endpoint.P90S, endpoint.PerS = 0.015, 140
	peer := took(0.055)
	peer.P90S, peer.PerS = 0.070, 18
	return &Results{
		Environment: Environment{Facts: [][2]string{{"measured", "2026-11-24"}, {"machine", "a test"}}},
		Flows: &Flows{
			Peers: []string{"LEMON NS", "OR-Tools"},
			Rows: []FlowRow{
				{Instance: "won", Nodes: 1_000, Arcs: 20_000, Ours: took(0.1), Peers: []measure.Summary{took(0.2), took(0.4)}},
				{Instance: "lost", Nodes: 1_000, Arcs: 20_000, Ours: took(0.3), Peers: []measure.Summary{took(0.2), slow}},
				{
					Instance: "floored", Nodes: 5, Arcs: 1_234_567, Ours: took(0.2601), Peers: []measure.Summary{took(0.2), took(0.4)},
					Floor: &Floor{Peer: 0, Ratio: 1.2},
				},
				{Instance: "hard", Nodes: 9, Arcs: 9, Ours: took(40), Peers: []measure.Summary{capped, capped}},
				{Instance: "harder", Nodes: 9, Arcs: 9, Ours: capped, Peers: []measure.Summary{capped, capped}},
				{Instance: "too hard for us", Nodes: 9, Arcs: 9, Ours: capped, Peers: []measure.Summary{took(60), capped}},
				{Instance: "small a", Nodes: 4, Arcs: 5, Ours: took(0.004), Peers: []measure.Summary{took(0.003), took(0.02)}},
				{Instance: "small b", Nodes: 6, Arcs: 7, Ours: took(0.001), Peers: []measure.Summary{took(0.005), took(0.02)}},
				{Instance: "broken", Nodes: 6, Arcs: 7, Ours: wrong, Peers: []measure.Summary{took(0.5), {}}},
			},
		},
		Matches:  matches(),
		Endpoint: &Endpoint{Needs: 1_000, Resources: 300, BodyBytes: 93_000, Ours: endpoint, Peer: peer, PeerName: "the peer", FloorS: 0.02},
		Scale: &Scale{
			Needs: 100_000, Resources: 40_000, Ours: took(95), Pairs: " All of them.", FloorS: 90, FloorBytes: 2 << 30,
		},
		Faults: []string{"broken, Courtyard, run 1: wrong: optimum 1, not 2"},
	}
}

func TestPage(t *testing.T) {
	var b strings.Builder
	sample().Write(&b)
	golden := filepath.Join("testdata", "page.md")
	if *update {
		if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("the page is not %s (rewrite it with -update and read it):\n%s", golden, b.String())
	}
}

// Every loss is said twice: in its row and in the list at the end.
func TestLossesAreListed(t *testing.T) {
	var b strings.Builder
	sample().Write(&b)
	_, losses, ok := strings.Cut(b.String(), "## Losses\n")
	if !ok {
		t.Fatal("the page has no list of losses")
	}
	for _, want := range []string{
		"- lost: wall time 1.50, lost",
		"- floored: wall time 1.30, lost",
		"- floored: floor ≤ 1.2 × LEMON NS: 1.30, missed",
		"- too hard for us: wall time at least 2.00, lost",
		"- broken: wall time lost",
		"- 100,000 needs × 40,000 resources: floor: wall < 90 s, **missed**",
	} {
		if !strings.Contains(losses, want) {
			t.Errorf("the losses lack %q:\n%s", want, losses)
		}
	}
	for _, not := range []string{"won", "small", "hard"} {
		if strings.Contains(losses, "- "+not) {
			t.Errorf("the losses name %q, which was won:\n%s", not, losses)
		}
	}
}

func TestThousands(t *testing.T) {
	for n, want := range map[int64]string{0: "0", 999: "999", 1_000: "1,000", 1_234_567: "1,234,567"} {
		if got := Thousands(n); got != want {
			t.Errorf("Thousands(%d) = %q, want %q", n, got, want)
		}
	}
}
