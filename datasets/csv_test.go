package datasets

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// readText reads lists given as texts; "-" means that a list is not given.
func readText(needs, resources, providers, services string) (*care.Lists, *Origin, error) {
	input := func(name, text string) *Input {
		if text == "-" {
			return nil
		}
		return &Input{name, strings.NewReader(text)}
	}
	return ReadLists(ListInputs{
		Needs: input("needs.csv", needs), Resources: input("resources.csv", resources),
		Providers: input("providers.csv", providers), Services: input("services.csv", services),
	}, FileLimits())
}

func gbk(s string) string {
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

const (
	okNeeds     = "id,service,lon,lat\nn1,meal,100.2,25.6\n"
	okResources = "id,kind,lon,lat,services\nr1,volunteer,100.2,25.6,meal;escort:3\n"
)

func TestReadLists(t *testing.T) {
	got, _, err := readText(
		"lat,lon, id ,service,units,accepts,prefers,max_distance_m,party,mode,gender\r\n"+
			"25.6,100.2,n1,助餐,,volunteer; team,r1,0,532901/1,attend,female\r\n"+
			"\r\n"+
			"-1,+2.50,n2,助餐,3,,,,,,\r\n",
		"id,kind,lon,lat,services,capacity,radius_m,areas,price,provider\nr1,team,0,0,助餐;陪诊:3;洗浴:0,7,1000,a/b;c,250,p1\n",
		"id,quota,qualifications\np1,9,nurse;cook\n",
		"id,name_zh,common,minutes\n助餐,\"热\n饭\",1,30\n陪诊,,0,\n洗浴,,,\n",
	)
	if err != nil {
		t.Fatal(err)
	}
	want := &care.Lists{
		Needs: []care.Need{
			{
				ID: "n1", Service: "助餐", At: travel.Place{Lon: 100.2, Lat: 25.6}, Units: 1, Party: "532901/1", Priority: 2,
				Accepts: []care.Kind{care.Volunteer, care.Team}, Prefers: []string{"r1"}, Gender: care.Female,
				MaxDistanceM: care.AtMost(0), Mode: care.Attend,
			},
			{ID: "n2", Service: "助餐", At: travel.Place{Lon: 2.5, Lat: -1}, Units: 3, Priority: 2, Mode: care.Visit},
		},
		Resources: []care.Resource{{
			ID: "r1", Kind: care.Team, Services: []care.Offer{{Service: "助餐"}, {Service: "陪诊", Capacity: care.AtMost(3)}, {Service: "洗浴", Capacity: care.AtMost(0)}},
			Capacity: 7, RadiusM: care.AtMost(1000), Areas: []care.Party{"a/b", "c"}, Price: 250, Provider: "p1",
		}},
		Providers: []care.Provider{{ID: "p1", Quota: care.AtMost(9), Qualifications: []string{"nurse", "cook"}}},
		Services:  []care.Service{{ID: "助餐", NameZH: "热\n饭", Common: true, Minutes: 30}, {ID: "陪诊"}, {ID: "洗浴"}},
	}
	if d := cmp.Diff(want, got, cmp.AllowUnexported(care.Limit{})); d != "" {
		t.Error(d)
	}
}

// TestEncodings reads the same lists as UTF-8, with a byte order mark, and as GBK, from what can seek and what cannot.
func TestEncodings(t *testing.T) {
	text := "id,service,lon,lat,party\nn1,助餐,100.2,25.6,大理市/下关街道\nn2,联通,100.2,25.6,大理市\nn3,上门护理,100.2,25.6,模\n"
	want, _, err := readText(text, okResources, "-", "-")
	if err != nil {
		t.Fatal(err)
	}
	for name, bytes := range map[string]string{"bom": utf8BOM + text, "gbk": gbk(text), "crlf": strings.ReplaceAll(text, "\n", "\r\n")} {
		for kind, r := range map[string]io.Reader{"file": strings.NewReader(bytes), "pipe": io.MultiReader(strings.NewReader(bytes))} {
			got, _, err := ReadLists(ListInputs{Needs: &Input{"needs.csv", r}, Resources: &Input{"resources.csv", strings.NewReader(okResources)}}, FileLimits())
			if err != nil {
				t.Errorf("%s from a %s: %v", name, kind, err)
				continue
			}
			if d := sameLists(want, got); d != "" {
				t.Errorf("%s from a %s:\n%s", name, kind, d)
			}
		}
	}
}

// TestBadLists has one case for each kind of bad input; the message must name file, row, column, value and what to do.
func TestBadLists(t *testing.T) {
	const header = "id,service,lon,lat,units,max_price\n"
	bad := func(needs string) [4]string { return [4]string{needs, okResources, "-", "-"} }
	for name, c := range map[string]struct {
		lists [4]string
		want  []string // the whole error, line by line
	}{
		"unknown column": {bad("id,servise,lon,lat\n"), []string{
			`needs.csv:1: no such column in needs; did you mean "service"? (value "servise")`,
			`needs.csv:1: service: the column is missing`,
		}},
		"column of a later version": {bad("id,service,lon,lat,availability\n"), []string{`needs.csv:1: no such column in needs (value "availability")`}},
		"duplicate column":          {bad("id,service,lon,lat,lat\n"), []string{`needs.csv:1: lat: the column stands twice`}},
		"capitals":                  {bad("ID,service,lon,lat\n"), []string{`needs.csv:1: no such column in needs; did you mean "id"? (value "ID")`, `needs.csv:1: id: the column is missing`}},
		"empty file":                {bad(""), []string{`needs.csv: the file is empty; it needs a header: id,service,lon,lat`}},
		"empty file, mark":          {bad(utf8BOM), []string{`needs.csv: the file is empty; it needs a header: id,service,lon,lat`}},
		"blank file":                {bad("\n\n"), []string{`needs.csv: the file has no header; it needs id,service,lon,lat`}},
		"not given":                 {[4]string{"-", okResources, "-", "-"}, []string{`the needs list is required`}},
		"UTF-16":                    {bad("\xFF\xFEi\x00d\x00"), []string{`needs.csv: the file is UTF-16; save it as UTF-8`}},
		"ragged": {bad(header + "n1,meal,1,1,1\nn2,meal,1,1,1,1,1\nn3,meal,1,1,1,1\n"), []string{
			`needs.csv:2: the row has 5 cells where the header has 6`, `needs.csv:3: the row has 7 cells where the header has 6`,
		}},
		"quote":          {bad(header + "n1,me\"al,1,1,1,\nn2,x,y,z\n"), []string{`needs.csv:2: a quote inside a cell: write it twice, and put the cell in quotes (line 2, byte 6)`, `needs.csv:3: the row has 4 cells where the header has 6`}},
		"unclosed quote": {bad(header + "n1,\"meal,1,1,1,\nn2,meal,1,1,1,\n"), []string{`needs.csv:2: a quoted cell is not closed, or goes on after its closing quote (line 3, byte 16)`}},
		"duplicate id":   {bad(okNeeds + "\nn1,meal,1,1\n"), []string{`needs.csv:4: id: the same id stands at needs.csv:2 (value "n1")`}},
		"NaN":            {bad(header + "n1,meal,NaN,1,,\n"), []string{`needs.csv:2: lon: must be a plain decimal number, such as 100.2251 (value "NaN")`}},
		"infinity":       {bad(header + "n1,meal,1,-Inf,,\n"), []string{`needs.csv:2: lat: must be a plain decimal number, such as 100.2251 (value "-Inf")`}},
		"exponent":       {bad(header + "n1,meal,1e400,1,,\n"), []string{`needs.csv:2: lon: must be a plain decimal number, such as 100.2251 (value "1e400")`}},
		"hexadecimal":    {bad(header + "n1,meal,0x1p4,1,,\n"), []string{`needs.csv:2: lon: must be a plain decimal number, such as 100.2251 (value "0x1p4")`}},
		"underscore":     {bad(header + "n1,meal,1_0,1,,\n"), []string{`needs.csv:2: lon: must be a plain decimal number, such as 100.2251 (value "1_0")`}},
		"no place":       {bad(header + "n1,meal,,1,,\n"), []string{`needs.csv:2: lon: a number is required`}},
		"swapped":        {bad(header + "n1,meal,25.6,100.2,,\n"), []string{`needs.csv:2: lat: latitude must lie from -90 to 90; are lon and lat swapped? (value "100.2")`}},
		"out of range":   {bad(header + "n1,meal,200,95,,\n"), []string{`needs.csv:2: lon: longitude must lie from -180 to 180 (value "200")`, `needs.csv:2: lat: latitude must lie from -90 to 90 (value "95")`}},
		"fraction":       {bad(header + "n1,meal,1,1,1.5,\n"), []string{`needs.csv:2: units: must be a whole number in plain digits (value "1.5")`}},
		"thousands":      {bad(header + "n1,meal,1,1,1e3,\n"), []string{`needs.csv:2: units: must be a whole number in plain digits (value "1e3")`}},
		"overflow":       {bad(header + "n1,meal,1,1,99999999999999999999,\n"), []string{`needs.csv:2: units: is beyond the numbers that fit here (value "99999999999999999999")`}},
		"10^18":          {bad(header + "n1,meal,1,1,1,1000000000000000000\n"), []string{`needs.csv:2: max_price: must be a whole number from 0 to 1000000000000 (value "1000000000000000000")`}},
		"no units":       {bad(header + "n1,meal,1,1,0,\n"), []string{`needs.csv:2: units: must be a whole number from 1 to 1000000000000 (value "0")`}},
		"negative capacity": {[4]string{okNeeds, "id,kind,lon,lat,services,capacity\nr1,team,1,1,meal:-2,-1\n", "-", "-"}, []string{
			`resources.csv:2: services: entry 1: must be a whole number from 0 to 1000000000000 (value "-2")`,
			`resources.csv:2: capacity: must be a whole number from 0 to 1000000000000 (value "-1")`,
		}},
		"capacity of a service": {[4]string{okNeeds, "id,kind,lon,lat,services\nr1,team,1,1,meal;escort:x\n", "-", "-"}, []string{
			`resources.csv:2: services: entry 2: the capacity after ":" must be a whole number in plain digits (value "meal;escort:x")`,
		}},
		"unknown kind":     {[4]string{okNeeds, "id,kind,lon,lat,services\nr1,voluntear,1,1,meal\n", "-", "-"}, []string{`resources.csv:2: kind: must be volunteer, team, provider, partner or venue; did you mean "volunteer"? (value "voluntear")`}},
		"unknown service":  {[4]string{"id,service,lon,lat\nn1,mael,1,1\n", okResources, "-", "id\nmeal\nescort\n"}, []string{`needs.csv:2: service: no such service in the list; did you mean "meal"? (value "mael")`}},
		"unknown provider": {[4]string{okNeeds, "id,kind,lon,lat,services,provider\nr1,team,1,1,meal,p1\n", "id\np2\n", "-"}, []string{`resources.csv:2: provider: no such provider in the list; did you mean "p2"? (value "p1")`}},
		"unknown resource": {bad("id,service,lon,lat,prefers\nn1,meal,1,1,r1;r9\n"), []string{`needs.csv:2: prefers: entry 2: no such resource in the list (value "r9")`}},
		"after line breaks": {[4]string{okNeeds, okResources, "-", "id,name,minutes\nmeal,\"one\ntwo\",x\nescort,\"one\n\n\",y\nc,,z\n"}, []string{
			`services.csv:2: minutes: must be a whole number in plain digits (value "x")`,
			`services.csv:4: minutes: must be a whole number in plain digits (value "y")`,
			`services.csv:7: minutes: must be a whole number in plain digits (value "z")`,
		}},
		"GBK in UTF-8": {bad("id,service,lon,lat\nn1,助餐,1,1\nn2," + gbk("助餐") + ",1,1\nn3," + gbk("送医") + ",1,1\n"), []string{
			fmt.Sprintf("needs.csv:3: service: not UTF-8, as the rest of the file is, but perhaps GBK: save the whole file in one encoding (value %q)", gbk("助餐")),
			fmt.Sprintf("needs.csv:4: service: not UTF-8, as the rest of the file is, but perhaps GBK: save the whole file in one encoding (value %q)", gbk("送医")),
		}},
		"GBK after a mark": {bad(utf8BOM + "id,service,lon,lat\nn2," + gbk("助餐") + ",1,1\n"), []string{
			fmt.Sprintf("needs.csv:2: service: not UTF-8, as the rest of the file is, but perhaps GBK: save the whole file in one encoding (value %q)", gbk("助餐")),
		}},
		"Latin-1":           {bad("id,service,lon,lat\nn2,caf\xe9,1,1\n"), []string{`needs.csv:2: service: not UTF-8: save the file as UTF-8 (value "caf\xe9")`}},
		"no GBK character":  {bad("id,service,lon,lat\nn2," + gbk("助餐") + "\xA2\xA0,1,1\n"), []string{`needs.csv:2: service: bytes that are no GBK character (value "助餐�")`}},
		"control character": {bad("id,service,lon,lat\nn\x00,meal,1,1\n"), []string{`needs.csv:2: id: the cell holds a control character (value "n\x00")`}},
		"all files at once": {[4]string{"id,service,lon,lat\nn1,meal,x,1\n", "id,kind,lon,lat,services\nr1,team,1,y,meal\n", "id,quota\np,-1\n", "id,common\nmeal,2\n"}, []string{
			`needs.csv:2: lon: must be a plain decimal number, such as 100.2251 (value "x")`,
			`resources.csv:2: lat: must be a plain decimal number, such as 100.2251 (value "y")`,
			`providers.csv:2: quota: must be a whole number from 0 to 1000000000000 (value "-1")`,
			`services.csv:2: common: must be yes or no (value "2")`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			lists, origin, err := readText(c.lists[0], c.lists[1], c.lists[2], c.lists[3])
			if err == nil {
				err = origin.Explain(lists.Validate(care.Horizon{}, nil))
			}
			if err == nil {
				t.Fatalf("no error, want %s", c.want)
			}
			if d := cmp.Diff(c.want, strings.Split(err.Error(), "\n")); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestFirstHundred checks that a file of bad rows costs a hundred messages and the total.
func TestFirstHundred(t *testing.T) {
	needs := "id,service,lon,lat,units\n" + strings.Repeat("n,meal,x,1,0\n", 1000)
	_, _, err := readText(needs, okResources, "-", "-")
	file, ok := errors.AsType[*FileError](err)
	// Each row has a bad longitude and no units; all but the first have the id of the first.
	if !ok || len(file.Faults) != 100 || file.Total != 1000+1000+999 {
		t.Fatalf("error = %.300v", err)
	}
	if !strings.HasSuffix(err.Error(), "\nand 2899 more faults") {
		t.Errorf("error ends %q", err.Error()[len(err.Error())-60:])
	}
}

func TestListLimits(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Limits)
		want   string
	}{
		"bytes":   {func(l *Limits) { l.Bytes = 10 }, "needs.csv: more than 10 bytes"},
		"needs":   {func(l *Limits) { l.Needs = 2 }, "needs.csv: more than 2 needs"},
		"rows":    {func(l *Limits) { l.Rows = 0 }, "resources.csv: more than 0 resources"},
		"entries": {func(l *Limits) { l.Text, l.Entries = 5, 2 }, "needs.csv:4: requires: more than 2 entries"},
		"text":    {func(l *Limits) { l.Text = 2 }, "needs.csv:2: service: more than 2 bytes"},
	} {
		lim := FileLimits()
		c.change(&lim)
		_, _, err := ReadLists(ListInputs{
			Needs:     &Input{"needs.csv", strings.NewReader("id,service,lon,lat,requires\nn1,meal,1,1,\nn2,meal,1,1,\nn3,meal,1,1,a;b;c;d\n")},
			Resources: &Input{"resources.csv", strings.NewReader(okResources)},
		}, lim)
		if _, ok := errors.AsType[*LimitError](err); !ok || err.Error() != c.want {
			t.Errorf("%s: error = %v, want %s", name, err, c.want)
		}
	}
}

func TestEmptyListsAreLists(t *testing.T) {
	lists, _, err := readText("id,service,lon,lat\n", "id,kind,lon,lat,services\n", "id\n", "id")
	if err != nil {
		t.Fatal(err)
	}
	if len(lists.Needs) != 0 || len(lists.Resources) != 0 || lists.Providers == nil || lists.Services == nil {
		t.Errorf("lists = %+v, want none in each, and all given", lists)
	}
}

// endless repeats a text for n bytes without holding it.
type endless struct {
	text string
	at   int
	left int64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := 0
	for n < len(p) && e.left > 0 {
		k := copy(p[n:min(int64(len(p)), int64(n)+e.left)], e.text[e.at:])
		e.at = (e.at + k) % len(e.text)
		n += k
		e.left -= int64(k)
	}
	return n, nil
}

// peak runs f and returns the bytes of heap it needed above what was there, as far as samples every millisecond can see.
func peak(f func()) uint64 {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	most := before.HeapInuse
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				runtime.ReadMemStats(&now)
				most = max(most, now.HeapInuse)
			}
		}
	}()
	f()
	close(stop)
	<-stopped
	return most - before.HeapInuse
}

// TestUselessCSVStaysSmall reads files of 32 MB that hold next to nothing.
func TestUselessCSVStaysSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("reads files of 32 MB")
	}
	for name, c := range map[string]struct{ begin, text, want string }{
		"one long line":   {"", "a", "needs.csv: more than 4194304 bytes in one row; is a quote not closed?"},
		"unclosed quote":  {"id,service,lon,lat\n\"", "a,b\n", "needs.csv: more than 4194304 bytes in one row; is a quote not closed?"},
		"blank lines":     {"id,service,lon,lat\n", "\n", "needs.csv: more than 4194304 bytes in one row"},
		"a list of many":  {"id,service,lon,lat,prefers\n", "a,b,1,1," + strings.Repeat("r;", 100_001) + "\n", "needs.csv:2: prefers: more than 100000 entries"},
		"ragged rows":     {"id,service,lon,lat\n", "x\n", "needs.csv:101: the row has 1 cells"},
		"one gigantic id": {"id,service,lon,lat\n", strings.Repeat("a", 20_000) + ",b,1,1\n", "needs.csv:2: id: more than 10000 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := os.Create(filepath.Join(t.TempDir(), "needs.csv"))
			if err != nil {
				t.Fatal(err)
			}
			defer file.Close()
			if _, err := io.Copy(file, io.MultiReader(strings.NewReader(c.begin), &endless{text: c.text, left: 32 << 20})); err != nil {
				t.Fatal(err)
			}
			if _, err := file.Seek(0, io.SeekStart); err != nil {
				t.Fatal(err)
			}
			var got error
			used := peak(func() {
				_, _, got = ReadLists(ListInputs{Needs: &Input{"needs.csv", file}, Resources: &Input{"resources.csv", strings.NewReader(okResources)}}, FileLimits())
			})
			if c.want == "" && got != nil || c.want != "" && (got == nil || !strings.Contains(got.Error(), c.want)) {
				t.Errorf("error = %.200v, want %q", got, c.want)
			}
			if used > 64<<20 {
				t.Errorf("ReadLists needed %d MB of heap, want at most 64", used>>20)
			}
		})
	}
}

// BenchmarkReadLists reads 100,000 needs and 40,000 resources.
func BenchmarkReadLists(b *testing.B) {
	needs, resources := manyRows(100_000, 40_000)
	b.SetBytes(int64(len(needs) + len(resources)))
	b.ReportAllocs()
	for b.Loop() {
		_, _, err := ReadLists(ListInputs{Needs: &Input{"needs.csv", bytes.NewReader(needs)}, Resources: &Input{"resources.csv", bytes.NewReader(resources)}}, FileLimits())
		if err != nil {
			b.Fatal(err)
		}
	}
}

// manyRows returns long lists as CSV.
func manyRows(needs, resources int) (n, r []byte) {
	var out bytes.Buffer
	out.WriteString("id,service,lon,lat,units,party,priority,accepts,requires,prefers,languages,gender,max_distance_m,max_price,mode\n")
	for i := range needs {
		fmt.Fprintf(&out, "need-%07d,service-%d,100.%06d,25.%06d,%d,532901/53290100%d/group-%d,%d,volunteer;team,nurse,resource-%06d,zh;bai,female,3000,%d,visit\n",
			i, i%30, i%1000000, i*7%1000000, 1+i%3, i%9, i%400, 1+i%3, i%max(resources, 1), i%5000)
	}
	n = bytes.Clone(out.Bytes())
	out.Reset()
	out.WriteString("id,kind,lon,lat,services,qualifications,capacity,radius_m,areas,price,languages,gender\n")
	for j := range resources {
		fmt.Fprintf(&out, "resource-%06d,volunteer,100.%06d,25.%06d,service-%d;service-%d:3,nurse;cook,%d,3000,532901,%d,zh,female\n",
			j, j%1000000, j*7%1000000, j%30, (j+7)%30, j%6, j%5000)
	}
	return n, out.Bytes()
}

// TestManyRows bounds the memory of 100,000 needs and 40,000 resources.
func TestManyRows(t *testing.T) {
	if testing.Short() {
		t.Skip("140,000 rows")
	}
	needs, resources := manyRows(100_000, 40_000)
	start := time.Now()
	used := peak(func() {
		lists, _, err := ReadLists(ListInputs{Needs: &Input{"needs.csv", bytes.NewReader(needs)}, Resources: &Input{"resources.csv", bytes.NewReader(resources)}}, FileLimits())
		if err != nil || len(lists.Needs) != 100_000 || len(lists.Resources) != 40_000 {
			t.Fatal(err)
		}
	})
	t.Logf("%.2f s, %d MB of heap", time.Since(start).Seconds(), used>>20)
	if used > 200<<20 {
		t.Errorf("ReadLists needed %d MB of heap, want at most 200", used>>20)
	}
}
