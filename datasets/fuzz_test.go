package datasets

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// tight are limits that small inputs reach.
func tight() Limits {
	return Limits{Bytes: 1 << 20, Needs: 50, Rows: 50, Entries: 20, Text: 200, Depth: 12, Vertices: 200}
}

// known reports whether an error is of a kind that the readers promise.
func known(err error) bool {
	var (
		file      *FileError
		invalid   *solver.Invalid
		malformed *Malformed
		limit     *LimitError
		instance  *InstanceError
	)
	return errors.As(err, &file) || errors.As(err, &invalid) || errors.As(err, &malformed) || errors.As(err, &limit) || errors.As(err, &instance)
}

func FuzzReadLists(f *testing.F) {
	f.Add([]byte(okNeeds), []byte(okResources), []byte("id,quota,qualifications\np1,3,a;b\n"), []byte("id,name_zh,common\nmeal,\"热\n饭\",1\n"), []byte("provider,resource\n"), []byte("id,days\ne,2\n"), []byte("need,resource,state\nn1,r1,lasting\n"))
	f.Add([]byte(utf8BOM+okNeeds), []byte(gbk("id,kind,lon,lat,services\nr1,team,1,1,助餐:3\n")), []byte("id\n"), []byte(""), []byte("provider,resource,lends,from,to\np,r,a;b,2026-12-01,2026-12-31\n"), []byte("id\n"), []byte("need,resource,state,units,cost\nn1,r1,pinned,1,0\n"))
	f.Add([]byte("id,service,lon,lat,prefers\nn1,\"a\"\"b\",-0,+1.0,r1;r2\n"), []byte("\xff\xfe"), []byte("id\n\"\n"), []byte("id,minutes\n\n\nx,1e3\n"), []byte("x"), []byte("\""), []byte("need\n"))
	f.Add([]byte("id,service,lon,lat,date,weekdays,window,times_a_week,days_apart,units,carers,whole,stand_ins\na,b,1,1,2026-12-01,,9:00-24:00,,,2,2,yes,soup:3;x:0\nc,b,1,1,,mon;sun,00:00-24:00,2,2,,1,no,\n"),
		[]byte("id,kind,lon,lat,services,availability,exceptions,capacity_by_weekday,members,promised,expires,session_date,session_window\nr,team,1,1,b,mon 08:00-12:00;tue 00:00-24:00,2026-12-02 off;2026-12-05 09:00-12:00,mon:3;sun:0,4,yes,a:b:2026-12-31,2026-12-01,1:00-2:00\n"),
		[]byte("id,budget,subsidy,expires\np,1,2,x:2026-12-31\n"), []byte("id,parent\nb,\n"), []byte("provider,resource\np,r\n"), []byte("id\ne\n"), []byte("need,resource,state\na,r,open\n"))
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, needs, resources, providers, services, contracts, events, pairings []byte) {
		lists, _, err := ReadLists(ListInputs{
			Needs: &Input{"n", bytes.NewReader(needs)}, Resources: &Input{"r", bytes.NewReader(resources)},
			Providers: &Input{"p", bytes.NewReader(providers)}, Services: &Input{"s", bytes.NewReader(services)},
			Contracts: &Input{"c", bytes.NewReader(contracts)}, Events: &Input{"e", bytes.NewReader(events)}, Pairings: &Input{"a", bytes.NewReader(pairings)},
		}, tight())
		if err != nil {
			if !known(err) || err.Error() == "" {
				t.Fatalf("an error of no known kind: %v", err)
			}
			return
		}
		if err := lists.Validate(care.Horizon{From: care.DateOf(2027, 3, 26), Days: 7}, paris); err != nil && !known(err) {
			t.Fatalf("an error of no known kind: %v", err)
		}
		in, err := csvOf(lists)
		if err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, _, err := ReadLists(in, FileLimits())
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if d := sameLists(lists, again); d != "" {
			t.Fatalf("read, written and read:\n%s", d)
		}
	})
}

func FuzzReadRequest(f *testing.F) {
	f.Add([]byte(okRequest + `}`))
	f.Add([]byte(okRequest + `,"providers":[{"id":"p","quota":0}],"services":[{"id":"meal","common":true}],"options":{"detour":1.5,"barriers":{"type":"Polygon","coordinates":[[[1,2],[3,4],[5,6]]]}},"matches":[{"need_id":"n1","resource_id":"r1"}]}`))
	f.Add([]byte(`{"needs":[{"id":"n1","service":"meal","lon":1,"lat":1,"weekdays":["mon","sun"],"window":"09:00-10:00","times_a_week":1,"stand_ins":[{"service":"soup","penalty":3}],"whole":true}],"resources":[{"id":"r1","kind":"venue","lon":1,"lat":1,"services":[{"service":"meal"}],"availability":[{"weekday":"mon","window":"00:00-24:00"}],"exceptions":[{"date":"2026-12-02","off":true},{"date":"2026-12-03","window":"09:00-10:00"},null],"capacity_by_weekday":[{"weekday":"tue","capacity":0}],"expires":[{"qualification":"a","until":"2026-12-31"}]}],"contracts":[{"provider":"p","resource":"r1","from":"2026-12-01"}],"events":[],"pairings":[{"need":"n1","resource":"r1","state":"stand_by"}],"options":{"from":"2026-12-01","days":7,"timezone":"Europe/Paris","tiers":["unmet_1","cost"],"pinned":"keep","relaxations":-1,"alternatives":2,"w_change":0},"previous":[{"need_id":"n1","resource_id":"r1","days":[{"date":"2026-12-01","units":2}]}]}`))
	f.Add([]byte(`{"needs":[{"id":1e5,"lon":"\ud83d\ude00"},null,[]],"resources":{"a":{"b":[[]]}},"x":1}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		req, err := ReadRequest(bytes.NewReader(body), tight())
		if err != nil {
			if !known(err) {
				t.Fatalf("an error of no known kind: %v", err)
			}
			return
		}
		_ = req.Validate()
		var out bytes.Buffer
		if err := WriteListsJSON(&out, &req.Problem.Lists); err != nil {
			t.Fatalf("what was read cannot be written: %v", err)
		}
		again, err := ReadRequest(&out, FileLimits())
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if d := sameLists(&req.Problem.Lists, &again.Problem.Lists); d != "" {
			t.Fatalf("read, written and read:\n%s", d)
		}
	})
}

func FuzzReadPlan(f *testing.F) {
	f.Add([]byte("need_id,resource_id,units,service,date\nn1,r1,2,soup,2026-12-01\nn2,r1,,,\n"))
	f.Add([]byte("need_id,resource_id,days\nn1,r1,2026-12-01:2;2026-12-02:1\n"))
	f.Add([]byte(`{"status":"optimal","matches":[{"need_id":"n1","resource_id":"r1","units":3,"distance_m":1,"cost":2,"days":[{"date":"2026-12-01","units":3}],"pairing":"lasting","alternatives":[{"a":[]}]}],"x":{}}`))
	f.Add([]byte(`[{"need_id":"n1","resource_id":"r1"},null]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		rows, origin, err := OpenPlan("-", bytes.NewReader(text), tight())
		if err != nil {
			if !known(err) || err.Error() == "" {
				t.Fatalf("an error of no known kind: %v", err)
			}
			return
		}
		req := withTimes()
		req.Plan = rows
		if rows == nil {
			t.Fatal("no plan and no error")
		}
		if matches, err := req.Matches(); err == nil && len(matches) < len(rows) {
			t.Fatalf("%d rows are %d matches", len(rows), len(matches))
		} else if err != nil && (!known(err) || origin.Explain(err).Error() == "") {
			t.Fatalf("an error of no known kind: %v", err)
		}
		before := len(req.Problem.Lists.Pairings)
		left, err := req.Keep(rows)
		if err != nil && !known(err) {
			t.Fatalf("an error of no known kind: %v", err)
		}
		if after := len(req.Problem.Lists.Pairings); after-before+left > len(rows) {
			t.Fatalf("%d rows gave %d pairings, and %d have gone", len(rows), after-before, left)
		}
		if err := req.Validate(); err != nil {
			t.Fatalf("an earlier answer made the lists invalid: %v", err)
		}
	})
}

func FuzzReadBarriers(f *testing.F) {
	f.Add([]byte(`{"type":"Polygon","coordinates":[[[1,2],[3,4,9],[5,6],[1,2]],[[1,1],[2,2],[3,4]]]}`))
	f.Add([]byte(`{"features":[{"geometry":{"coordinates":[[[[1,2],[3,4],[5,6]]]],"type":"MultiPolygon"},"type":"Feature","properties":{"a":[]}}],"type":"FeatureCollection"}`))
	f.Add([]byte(`{"type":"GeometryCollection","geometries":[{"type":"Polygon","coordinates":[[[]],1,[[[2]]]]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		polygons, err := ReadBarriers(bytes.NewReader(text), tight())
		if err != nil {
			if !known(err) {
				t.Fatalf("an error of no known kind: %v", err)
			}
			return
		}
		again, err := ReadBarriers(strings.NewReader(geoJSONOf(polygons)), FileLimits())
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if d := cmp.Diff(polygons, again); d != "" {
			t.Fatalf("read, written and read:\n%s", d)
		}
	})
}

func FuzzReadMin(f *testing.F) {
	f.Add([]byte(twoArcs))
	f.Add([]byte("p min 2 1\nn 1 1 1\nn 2 -1 3\na 1 2 0 1 1\nc EOI\n"))
	f.Add(zipped(f, strings.NewReader(twoArcs)))
	f.Fuzz(func(t *testing.T, text []byte) {
		in, err := NewInstance("x", bytes.NewReader(text))
		if err != nil {
			return
		}
		n, err := ReadMin(in)
		if err != nil {
			if !known(err) && !in.Gzip {
				t.Fatalf("an error of no known kind: %v", err)
			}
			return
		}
		var out bytes.Buffer
		writeMin(&out, n)
		again, err := ReadMin(&out)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if d := cmp.Diff(n.Problem, again.Problem); d != "" {
			t.Fatalf("read, written and read:\n%s", d)
		}
	})
}

func FuzzReadChanges(f *testing.F) {
	f.Add("n 3 -1\na 1 3 0 1 1\nc EOI\nx 1 2 0 0 1\nr 2\nc EOI\n")
	f.Add("r 1\nr 2\nn 1 1 3\nn 9 5\na 9 1 1 -1 4\nx 9 1 0 3 3\n")
	f.Fuzz(func(t *testing.T, changes string) {
		reader := NewNetworkReader(strings.NewReader("p min 2 2\nn 1 1\nn 2 -1\na 1 2 0 1 1\na 1 2 0 4 2\nc EOI\n" + changes))
		for {
			n, err := reader.Next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				if !known(err) {
					t.Fatalf("an error of no known kind: %v", err)
				}
				return
			}
			p := &n.Problem
			if len(p.Tail) != len(p.Head) || len(p.Tail) != len(p.Upper) || len(p.Tail) != len(p.Cost) || p.Lower != nil && len(p.Lower) != len(p.Tail) {
				t.Fatalf("arrays of unequal length: %+v", p)
			}
			seen := map[[2]int32]bool{}
			for a := range p.Tail {
				if v := int32(len(p.Supply)); p.Tail[a] < 0 || p.Tail[a] >= v || p.Head[a] < 0 || p.Head[a] >= v {
					t.Fatalf("arc %d leads nowhere: %+v", a, p)
				}
				pair := [2]int32{p.Tail[a], p.Head[a]}
				if p.Upper[a] > 0 && seen[pair] && n.Block > 0 && pair != [2]int32{0, 1} {
					t.Fatalf("two live arcs of one pair: %+v", p)
				}
				seen[pair] = seen[pair] || p.Upper[a] > 0
			}
			if err := n.WriteSolution(io.Discard, 0, make([]int64, len(p.Tail))); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// FuzzEncoding checks that a list of Chinese words is read the same from UTF-8 and GBK, whatever the words.
func FuzzEncoding(f *testing.F) {
	for _, words := range []string{"助餐", "联通", "模范;护理", "囀骰", "镛"} {
		f.Add(words)
	}
	f.Fuzz(func(t *testing.T, word string) {
		text := "id\n" + strings.TrimSpace(word) + "\n"
		if !utf8.ValidString(word) || strings.ContainsAny(word, "\",\r\n\ufffd") || strings.TrimSpace(word) == "" || badText(word, utf8Text) != "" {
			return
		}
		s, err := inspect(strings.NewReader(text))
		if err != nil || s.encoding != utf8Text {
			t.Fatalf("UTF-8 %q is taken for %d, %v", word, s.encoding, err)
		}
	})
}

// writeMin writes a network in the format that ReadMin reads.
func writeMin(out *bytes.Buffer, n *Network) {
	p := &n.Problem
	out.WriteString("p min " + itoa(int64(len(p.Supply))) + " " + itoa(int64(len(p.Tail))) + "\n")
	for v, s := range p.Supply {
		if s != 0 {
			out.WriteString("n " + itoa(int64(v)+1) + " " + itoa(s) + "\n")
		}
	}
	for a := range p.Tail {
		lower := int64(0)
		if p.Lower != nil {
			lower = p.Lower[a]
		}
		out.WriteString("a " + itoa(int64(p.Tail[a])+1) + " " + itoa(int64(p.Head[a])+1) + " " + itoa(lower) + " " + itoa(p.Upper[a]) + " " + itoa(p.Cost[a]) + "\n")
	}
}

// geoJSONOf writes polygons as a MultiPolygon.
func geoJSONOf(polygons []travel.Polygon) string {
	var b strings.Builder
	b.WriteString(`{"type":"MultiPolygon","coordinates":[`)
	for i, polygon := range polygons {
		b.WriteString([]string{"", ","}[min(i, 1)] + "[")
		for k, ring := range polygon {
			b.WriteString([]string{"", ","}[min(k, 1)] + "[")
			for v, at := range ring {
				lon, _ := formatCell(nil, &at.Lon)
				lat, _ := formatCell(nil, &at.Lat)
				b.WriteString([]string{"", ","}[min(v, 1)] + "[" + lon + "," + lat + "]")
			}
			b.WriteByte(']')
		}
		b.WriteByte(']')
	}
	b.WriteString("]}")
	return b.String()
}
