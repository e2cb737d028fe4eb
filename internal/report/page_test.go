package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/match"
	"github.com/courtyard-care/courtyard/solver/travel"
)

var update = flag.Bool("update", false, "write testdata again")

// cityPage is the page of a solved sample city.
func cityPage(t testing.TB, needs int, lang Lang) *Page {
	t.Helper()
	city, err := dali.Generate(dali.Options{Needs: needs, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	req := datasets.NewRequest(city.Lists)
	req.Problem.Barriers = city.Barriers
	sol, err := req.Solve(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Page{
		Lang: lang, Request: req, Solution: sol, Answer: datasets.NewMatchAnswer(req, sol), Synthetic: dali.Synthetic,
		Ground: Ground{Name: "Dali", Land: []travel.Polygon{city.Boundary}, Water: city.Barriers, Credit: dali.Credit, Synthetic: true},
	}
}

// written returns the page as bytes.
func written(t testing.TB, p *Page) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.Write(&b); err != nil {
		t.Fatal(err)
	}
	words := regexp.MustCompile(`base64,[^"]*`).ReplaceAll(b.Bytes(), nil)
	for _, bad := range []string{"://", "@import", "url(", "%!", "NaN", "Inf ", "ZgotmplZ", "<script", "<link", "<iframe"} {
		if bytes.Contains(words, []byte(bad)) {
			t.Fatalf("the page holds %q", bad)
		}
	}
	return b.Bytes()
}

// outline reads the page as XML, which it must be, and returns how often each element stands in it and what it says, a
// line for each piece of text. The section of options is left out: it grows with the options.
func outline(t testing.TB, page []byte) (n map[string]int, said []string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(page))
	n = map[string]int{}
	var path []string
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return n, said
		}
		if err != nil {
			t.Fatalf("the page is not well-formed: %v", err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			n[e.Name.Local]++
			path = append(path, e.Name.Local)
		case xml.EndElement:
			path = path[:len(path)-1]
		case xml.CharData:
			if s := strings.TrimSpace(string(e)); s != "" && path[len(path)-1] != "style" {
				said = append(said, path[len(path)-1]+": "+s)
			}
		}
	}
}

func TestPageIsWholeAndLoadsNothing(t *testing.T) {
	for _, lang := range []Lang{English, Chinese} {
		page := written(t, cityPage(t, 300, lang))
		n, _ := outline(t, page)
		if n["section"] < 6 || n["svg"] < 50 || n["h1"] != 1 || n["title"] < 10 || n["desc"] < 2 {
			t.Errorf("the page in language %d has %v", lang, n)
		}
		if !strings.Contains(string(page), "Vonng/adcode") || !strings.Contains(string(page), "Synthetic: ") {
			t.Errorf("the page in language %d lacks the credit or the note on synthetic data", lang)
		}
	}
}

func TestPageIsDeterministic(t *testing.T) {
	p := cityPage(t, 200, Chinese)
	if !bytes.Equal(written(t, p), written(t, p)) {
		t.Error("two pages of the same match differ")
	}
}

// featured is a match made by hand in which everything happens that a page can show.
func featured(lang Lang) *Page {
	at := func(lon, lat float64) travel.Place { return travel.Place{Lon: lon, Lat: lat} }
	lists := care.Lists{
		Needs: []care.Need{
			{ID: "n1", Service: "meal", At: at(100.2, 25.6), Units: 3, Party: "a/b", Priority: 1, StandIns: []care.StandIn{{Service: "soup", Penalty: 5}}},
			{ID: "n2", Service: "meal", At: at(100.21, 25.6), Units: 1, Party: "a/c", Priority: 2},
			{ID: "n3<b>&'\"", Service: "wash", At: at(100.22, 25.61), Units: 2, Priority: 3},
			{ID: "n4", Service: "wash", At: at(100.22, 25.62), Units: 1, Party: "a", Priority: 1},
		},
		Pairings: []care.Pairing{{Need: "n1", Resource: "v1", State: care.Lasting, Units: 3}},
		Resources: []care.Resource{
			{ID: "v1", Kind: care.Volunteer, At: at(100.2, 25.61), Services: []care.Offer{{Service: "meal"}}, Capacity: 3},
			{ID: "t1", Kind: care.Team, At: at(100.25, 25.61), Services: []care.Offer{{Service: "soup"}}, Capacity: 4},
			{ID: "h1", Kind: care.Venue, At: at(100.25, 25.6), Services: []care.Offer{{Service: "wash"}}, Programme: "baths", Session: care.Session{Date: care.DateOf(2026, 12, 3)}},
		},
		Services: []care.Service{{ID: "meal", Name: "Hot meal", NameZH: "热餐"}, {ID: "soup"}, {ID: "wash", Name: "Bath"}},
	}
	req := datasets.NewRequest(lists)
	p := &req.Problem
	p.Horizon = care.Horizon{From: care.DateOf(2026, 12, 1), Days: 30}
	p.Tiers = []match.Tier{match.TierUnmet1, match.TierUnmet2, match.TierUnmet3, match.TierWorstDistance, match.TierCost}
	sol := &match.Solution{
		Status: solver.Feasible, Stop: solver.StopTime,
		Objective: match.Objective{Short: 1, Unmet: [match.Classes]int64{1, 0, 2}, WorstDistance: 5100, Cost: 12345},
		Bound:     match.Objective{Short: 1, Unmet: [match.Classes]int64{1, 0, 1}, WorstDistance: 900, Cost: 99},
		Matches: []match.Match{
			{Need: 0, Resource: 0, StandIn: -1, Day: 0, Units: 2, DistanceM: 1112, Cost: 2224},
			{Need: 0, Resource: 1, StandIn: 0, Day: 29, Units: 1, DistanceM: 5100, Cost: 5105},
			{Need: 1, Resource: 0, StandIn: -1, Day: -1, Units: 1, DistanceM: 1498, Cost: 1498},
		},
		Unmet: []match.Unmet{
			{Need: 2, Units: 2, Reasons: []match.Reason{{Code: "NEW_CONSTRAINT", Removed: 2, Nearest: 2, Resource: -1}}},
			{Need: 3, Units: 1, Reasons: []match.Reason{
				{Code: match.CodeCapacity, Removed: 1, Nearest: 2, Resource: 2, Objective: match.Objective{Cost: 1}, Outranked: 0},
				{Code: match.CodeMaxDistance, Removed: 1, Nearest: 2, Resource: -1, ShortBy: 350, HasShort: true},
			}, Relaxations: []match.Relaxation{{Code: match.CodeMaxDistance, Resource: 2, By: 350, HasBy: true, Day: -1}}},
		},
		Resources: []match.ResourceUse{
			{Used: 3, Capacity: 3, UnitValue: match.Objective{Unmet: [match.Classes]int64{1, 0, 0}, Cost: -7}},
			{Used: 1, Capacity: 4, UnitValue: match.Objective{Cost: 120}},
			{},
		},
		Figures: match.Figures{
			Asked: 7, Served: 4, Precision: 4.0 / 7, Fineness: 3.0 / 7,
			ByClass:      [match.Classes]match.Share{{Asked: 4, Served: 3}, {Asked: 1, Served: 1}, {Asked: 2}},
			ByService:    []match.Group{{Name: "meal", Share: match.Share{Asked: 4, Served: 4}}, {Name: "wash", Share: match.Share{Asked: 3}}},
			ByParty:      []match.Group{{Name: "", Share: match.Share{Asked: 2}}, {Name: "a", Share: match.Share{Asked: 1}}, {Name: "a/b", Share: match.Share{Asked: 3, Served: 3}}, {Name: "a/c", Share: match.Share{Asked: 1, Served: 1}}},
			LoadByKind:   []match.Load{{Kind: care.Volunteer, Resources: 1, Used: 3, Capacity: 3}, {Kind: care.Team, Resources: 1, Used: 1, Capacity: 4}, {Kind: care.Venue, Resources: 1}},
			DistanceP50M: 1112, DistanceP90M: 5100,
		},
		Alternatives: []match.Alternatives{{Match: 2, Best: []match.Alternative{
			{Resource: 1, Objective: match.Objective{Unmet: [match.Classes]int64{1, 1, 2}, Cost: 99}, Moves: []match.Move{{Need: 0, From: 1, To: -1}}},
		}}},
		Explained: true, ChoicesKept: true,
		Hard:         []match.Hard{{Kind: match.HardWhole, Count: 2}, {Kind: "new_kind", Count: 1}},
		PinnedBreaks: []match.Violation{{Code: match.CodeArea, Need: 0, Resource: 0, Provider: -1}},
	}
	return &Page{
		Lang: lang, Request: req, Solution: sol, Answer: datasets.NewMatchAnswer(req, sol),
		Ground: Ground{Name: "Here", Parties: map[care.Party]string{"a/b": "The mill & weir"}},
	}
}

// TestPageSays compares all that a page says with testdata; go test -update writes it again, to be read before it is kept.
func TestPageSays(t *testing.T) {
	for lang, name := range map[Lang]string{English: "testdata/page_en.txt", Chinese: "testdata/page_zh.txt"} {
		p := featured(lang)
		p.Answer.Options = datasets.UsedOptionsJSON{Currency: "CNY", Detour: 1.25} // what else is there grows with the options
		_, said := outline(t, written(t, p))
		from := slices.Index(said, "h2: "+lang.pageWord("options"))
		to := slices.Index(said, "p: "+lang.pageWord("foot"))
		if from < 0 || to < from || !slices.Contains(said[from:to], "dd: 1.25") {
			t.Fatalf("the options are not where they should be: %d, %d", from, to)
		}
		got := strings.Join(slices.Delete(said, from+1, to), "\n") + "\n"
		if *update {
			if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			a, b := strings.Split(got, "\n"), strings.Split(string(want), "\n")
			for i := range a {
				if i >= len(b) || a[i] != b[i] {
					t.Fatalf("%s:%d: the page says %q, want %q; if that is right, go test -update", name, i+1, a[i], b[min(i, len(b)-1)])
				}
			}
			t.Fatalf("%s: the page ends after line %d", name, len(a))
		}
	}
}

func TestPageSaysWhatIsProved(t *testing.T) {
	for want, change := range map[string]func(p *Page){
		English.pageWord("proof optimal"):                         func(p *Page) { p.Request.Problem.Tiers = nil },
		English.pageWord("proof tiers"):                           func(*Page) {},
		English.pageWordf("proof nearest", 7):                     func(p *Page) { p.Request.Problem.Nearest = 7 },
		English.pageWordf("proof feasible", English.stop("time")): func(p *Page) { p.Solution.Status = solver.Feasible },
		English.pageWordf("proof unknown", English.stop("time")):  func(p *Page) { p.Solution.Status = solver.Unknown },
	} {
		p := featured(English)
		p.Solution.Status = solver.Optimal
		change(p)
		if _, said := outline(t, written(t, p)); !slices.Contains(said, "p: "+want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// A page of nothing, and one where nothing was found, are whole.
func TestPageOfNothing(t *testing.T) {
	req := datasets.NewRequest(care.Lists{})
	for _, sol := range []*match.Solution{
		{Status: solver.Optimal, Stop: solver.StopProved, Figures: match.Figures{DistanceP50M: -1, DistanceP90M: -1}},
		{Stop: solver.StopCancelled, Figures: match.Figures{DistanceP50M: -1, DistanceP90M: -1}},
	} {
		p := &Page{Request: req, Solution: sol, Answer: datasets.NewMatchAnswer(req, sol)}
		_, said := outline(t, written(t, p))
		for _, want := range []string{"no map", "nothing served", "all served"} {
			if !slices.Contains(said, "p: "+English.pageWord(want)) {
				t.Errorf("the page of nothing does not say %q", English.pageWord(want))
			}
		}
	}
}

// invented is a match of the given sizes that nobody solved, whose ids are what id makes of a number.
func invented(rng *rand.Rand, needs, resources, matches int, id func(int) string) *Page {
	place := func() travel.Place { return travel.Place{Lon: 100 + rng.Float64(), Lat: 25 + rng.Float64()} }
	lists := care.Lists{Needs: make([]care.Need, needs), Resources: make([]care.Resource, resources)}
	sol := &match.Solution{
		Status: solver.Feasible, Stop: solver.StopWork, Explained: rng.IntN(2) == 0,
		Resources: make([]match.ResourceUse, resources), Figures: match.Figures{DistanceP50M: -1, DistanceP90M: -1},
	}
	f := &sol.Figures
	codes := []match.Code{match.CodeSkill, match.CodeCapacity, match.CodePrice, "NEW_CONSTRAINT"}
	for i := range lists.Needs {
		lists.Needs[i] = care.Need{ID: id(i), Service: id(i % 97), At: place(), Units: 1 + rng.Int64N(3), Priority: 1 + rng.IntN(3)}
		if rng.IntN(3) == 0 {
			u := match.Unmet{Need: int32(i), Units: 1}
			for _, c := range codes[:rng.IntN(len(codes)+1)] {
				u.Reasons = append(u.Reasons, match.Reason{Code: c, Removed: rng.IntN(3), Nearest: -1, Resource: -1})
			}
			sol.Unmet = append(sol.Unmet, u)
		}
		f.Asked += lists.Needs[i].Units
		f.ByService = append(f.ByService, match.Group{Name: id(i % 97), Share: match.Share{Asked: 1}})
		f.ByParty = append(f.ByParty, match.Group{Name: id(i%7) + "/" + id(i%1000) + "/" + id(i), Share: match.Share{Asked: 1, Served: rng.Int64N(2)}})
	}
	for j := range lists.Resources {
		kind := care.Kinds()[rng.IntN(len(care.Kinds()))]
		at := place()
		if j < needs { // beside the need that it mostly serves
			at = lists.Needs[j].At
			at.Lon += rng.Float64() / 50
		}
		lists.Resources[j] = care.Resource{ID: id(j), Kind: kind, At: at, Capacity: rng.Int64N(4)}
		sol.Resources[j] = match.ResourceUse{Capacity: lists.Resources[j].Capacity, Used: rng.Int64N(4)}
		sol.Resources[j].UnitValue.Unmet[rng.IntN(match.Classes)] = rng.Int64N(3) - 1
	}
	for range matches {
		if needs == 0 || resources == 0 {
			break
		}
		need, resource := rng.Int32N(int32(needs)), rng.Int32N(int32(resources))
		if int(need) < resources && rng.IntN(20) > 0 {
			resource = need
		}
		m := match.Match{Need: need, Resource: resource, StandIn: -1, Day: -1, Units: 1 + rng.Int64N(3), DistanceM: int64(rng.ExpFloat64() * 3000)}
		sol.Matches = append(sol.Matches, m)
		f.Served += m.Units
	}
	if len(sol.Matches) > 0 {
		f.DistanceP50M, f.DistanceP90M = 2000, 7000
	}
	req := datasets.NewRequest(lists)
	return &Page{Request: req, Solution: sol, Answer: datasets.NewMatchAnswer(req, sol)}
}

// A page does not grow with the lists: what is left out is said.
func TestPageIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector makes pictures slow")
	}
	p := invented(rand.New(rand.NewPCG(1, 2)), 100000, 40000, 90000, func(i int) string { return fmt.Sprintf("x%06d", i) })
	page := written(t, p)
	n, said := outline(t, page)
	if most := 6 << 20; len(page) > most {
		t.Errorf("the page of 100,000 needs has %d bytes, more than %d", len(page), most)
	}
	if n["tr"] > 600 || n["li"] > 2500 || n["img"] != 2 {
		t.Errorf("the page of 100,000 needs has %d rows, %d items and %d pictures", n["tr"], n["li"], n["img"])
	}
	left := 0
	for _, s := range said {
		if strings.Contains(s, "Not listed: ") {
			left++
		}
	}
	if left != 4 {
		t.Errorf("the page says of %d lists that they are cut, want 4: services, resources, parties, unmet needs", left)
	}
}

func TestPartiesAreCutFromBelow(t *testing.T) {
	tree := func(groups ...match.Group) partyTree {
		sol := &match.Solution{Figures: match.Figures{ByParty: groups}}
		req := datasets.NewRequest(care.Lists{})
		return (&Page{Request: req, Solution: sol, Answer: datasets.NewMatchAnswer(req, sol)}).parties()
	}
	group := func(name string, asked, served int64) match.Group {
		return match.Group{Name: name, Share: match.Share{Asked: asked, Served: served}}
	}
	var deep, flat []match.Group
	for i := range mostParties {
		deep = append(deep, group(fmt.Sprintf("city/town%d/%d", i%3, i), 2, 1))
		flat = append(flat, group(fmt.Sprint("p", i), 2, 1))
	}
	flat = append(flat, group("q", 9, 0), group("r", 9, 8))
	got := tree(deep...)
	if len(got.Top) != 1 || got.Top[0].Numbers != "400 / 800" || len(got.Top[0].Below) != 3 || got.Top[0].Below[0].Below != nil || got.Left == "" {
		t.Errorf("three towns of 400 villages: %+v", got.Top[0])
	}
	if got = tree(flat...); len(got.Top) != mostParties || got.Top[0].Name != "q" || !strings.Contains(got.Left, " 2 ") {
		t.Errorf("402 parties of one tier: %d shown, first %q, %q", len(got.Top), got.Top[0].Name, got.Left)
	}
	if got = tree(group("a", 1, 1), group("a/b/c", 2, 1)); got.Top[0].Numbers != "2 / 3" || got.Top[0].Below[0].Numbers != "1 / 1" || got.Top[0].Below[1].Below[0].Numbers != "1 / 2" {
		t.Errorf("a party with needs of its own: %+v", got.Top[0])
	}
}

func TestHistogramCountsEveryUnit(t *testing.T) {
	for seed := range uint64(50) {
		rng := rand.New(rand.NewPCG(seed, 0))
		p := invented(rng, 40, 20, 1+rng.IntN(200), func(i int) string { return fmt.Sprint(i) })
		if rng.IntN(2) == 0 {
			p.Solution.Matches[0].DistanceM = 1 << rng.IntN(40) // one far out
		}
		h := p.distances()
		sum := int64(0)
		for _, b := range h.Bars {
			var units int64
			if _, err := fmt.Sscan(strings.ReplaceAll(b.Units, ",", ""), &units); err != nil {
				t.Fatal(err)
			}
			sum += units
		}
		if sum != p.Solution.Figures.Served || len(h.Bars) > mostBins+1 {
			t.Fatalf("seed %d: %d bars of %d units, want %d units", seed, len(h.Bars), sum, p.Solution.Figures.Served)
		}
	}
}

// Whatever the ids are, the page is well-formed, harmless and says them.
func FuzzPage(f *testing.F) {
	f.Add(uint64(1), uint8(3), uint8(2), "a")
	f.Add(uint64(2), uint8(20), uint8(9), "<script>alert('x')</script>")
	f.Add(uint64(3), uint8(9), uint8(0), "\"&'\x00\x1b\u202e\ufffe\xff]]>{{.}}")
	f.Add(uint64(4), uint8(0), uint8(5), "社区/")
	f.Fuzz(func(t *testing.T, seed uint64, n, m uint8, word string) {
		if strings.Contains(word, "://") || strings.Contains(word, "%!") {
			t.Skip("what a page must not hold of itself, in an id")
		}
		rng := rand.New(rand.NewPCG(seed, 0))
		p := invented(rng, int(n%32), int(m%32), rng.IntN(64), func(i int) string { return word + fmt.Sprint(i) })
		p.Lang = Lang(seed % 2)
		p.Ground.Name, p.Ground.Credit, p.Synthetic = printable(word), printable(word), printable(word)
		var b bytes.Buffer
		if err := p.Write(&b); err != nil {
			t.Fatal(err)
		}
		elements, said := outline(t, b.Bytes())
		if elements["script"] > 0 || elements["b"] > 0 || elements["img"] > 0 {
			t.Errorf("an id became an element: %v", elements)
		}
		if len(p.Solution.Unmet) > 0 {
			id := strings.TrimSpace(strings.ReplaceAll(printable(p.Request.Problem.Lists.Needs[p.Solution.Unmet[0].Need].ID), "\r", "\n"))
			if !slices.Contains(said, "bdi: "+id) {
				t.Errorf("the page does not say the id %q", id)
			}
		}
	})
}
