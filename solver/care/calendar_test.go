package care

import (
	"testing"
	"time"
	_ "time/tzdata"

	"pgregory.net/rapid"
)

// zones are some whose clocks change in all the ways there are: an hour at night, an hour at midnight, half an hour, a whole
// day, and not at all.
var zones = []string{"Europe/Paris", "America/New_York", "America/Asuncion", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Cairo", "Asia/Shanghai", "UTC"}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestDate(t *testing.T) {
	for _, c := range []struct {
		text    string
		weekday time.Weekday
	}{
		{"2026-12-01", time.Tuesday}, {"1971-01-01", time.Friday}, {"2024-02-29", time.Thursday}, {"2999-12-31", time.Tuesday},
	} {
		d, err := ParseDate(c.text)
		if err != nil || d.String() != c.text || d.Weekday() != c.weekday {
			t.Errorf("ParseDate(%q) = %v, %v, a %v; want a %v", c.text, d, err, d.Weekday(), c.weekday)
		}
		if y, m, day := d.midnight().Date(); DateOf(y, m, day) != d {
			t.Errorf("DateOf(%v) is another day", d)
		}
	}
	for _, text := range []string{"", "2026-12-1", "2026-02-29", "2026-13-01", "1970-01-01", "3000-01-01", "01.12.2026", "2026-12-01 ", "2026-12-01T00:00:00Z"} {
		if d, err := ParseDate(text); err == nil {
			t.Errorf("ParseDate(%q) = %v", text, d)
		}
	}
}

func TestHorizon(t *testing.T) {
	h := Horizon{From: DateOf(2026, time.December, 30), Days: 4}
	for text, want := range map[string]int32{"2026-12-30": 0, "2027-01-02": 3} {
		d, _ := ParseDate(text)
		if day, ok := h.Day(d); !ok || day != want || h.Date(day) != d {
			t.Errorf("Day(%s) = %d, %v, want %d", text, day, ok, want)
		}
	}
	for _, text := range []string{"2026-12-29", "2027-01-03"} {
		d, _ := ParseDate(text)
		if day, ok := h.Day(d); ok {
			t.Errorf("Day(%s) = %d, but it lies outside", text, day)
		}
	}
}

func TestWeekdays(t *testing.T) {
	var w Weekdays
	for _, word := range []string{"sun", "mon", "fri"} {
		day, err := ParseWeekday(word)
		if err != nil || WeekdayWord(day) != word {
			t.Errorf("ParseWeekday(%q) = %v, %v", word, day, err)
		}
		w = w.With(day)
	}
	if got := w.Words(); len(got) != 3 || got[0] != "mon" || got[1] != "fri" || got[2] != "sun" {
		t.Errorf("Words() = %v, want Monday first", got)
	}
	if w.Has(time.Tuesday) || !w.Has(time.Sunday) || WeekdayWord(7) != "" {
		t.Errorf("%v holds the wrong days", w)
	}
	for _, word := range []string{"", "Mon", "monday", "mo", "一"} {
		if _, err := ParseWeekday(word); err == nil {
			t.Errorf("ParseWeekday(%q) is a day", word)
		}
	}
}

func TestWindow(t *testing.T) {
	for text, want := range map[string]string{
		"09:00-11:30": "09:00-11:30", "9:00-11:30": "09:00-11:30", "00:00-24:00": "00:00-24:00", "23:59-24:00": "23:59-24:00", "0:00-0:01": "00:00-00:01",
	} {
		if w, err := ParseWindow(text); err != nil || w.String() != want {
			t.Errorf("ParseWindow(%q) = %v, %v, want %s", text, w, err, want)
		}
	}
	if w, _ := ParseWindow("00:00-24:00"); w != (Window{}) {
		t.Errorf("the whole day is %v, not the zero value", w)
	}
	for _, text := range []string{"", "-", "09:00", "11:30-09:00", "09:00-09:00", "22:00-06:00", "09:00-24:01", "24:00-24:00", "09:60-10:00", "009:00-10:00", "9:0-10:00", "+9:00-10:00", "09:00-10:00-11:00", "09:00 - 10:00"} {
		if w, err := ParseWindow(text); err == nil {
			t.Errorf("ParseWindow(%q) = %v", text, w)
		}
	}
	for _, c := range []struct {
		a, b, want Window
		ok         bool
	}{
		{Window{60, 120}, Window{90, 200}, Window{90, 120}, true},
		{Window{60, 120}, Window{120, 200}, Window{120, 120}, false},
		{Window{60, 120}, Window{}, Window{60, 120}, true},
		{Window{}, Window{}, Window{0, MinutesADay}, true},
	} {
		if got, ok := c.a.Meet(c.b); got != c.want || ok != c.ok {
			t.Errorf("%v meets %v in %v, %v, want %v, %v", c.a, c.b, got, ok, c.want, c.ok)
		}
	}
}

// TestMinutesPass tells the windows of days on which the clocks change, by hand.
func TestMinutesPass(t *testing.T) {
	for _, c := range []struct {
		zone, date, window string
		want               int64
		skipped            bool // whether the window begins in the gap
	}{
		{"Europe/Paris", "2027-03-28", "01:00-04:00", 120, false}, // 02:00 is 03:00
		{"Europe/Paris", "2027-03-28", "01:00-02:30", 60, false},  // ends in the gap
		{"Europe/Paris", "2027-03-28", "02:30-04:00", 60, true},
		{"Europe/Paris", "2027-03-28", "03:00-04:00", 60, false},
		{"Europe/Paris", "2027-03-28", "00:00-24:00", 23 * 60, false},
		{"Europe/Paris", "2027-10-31", "01:00-04:00", 240, false}, // 03:00 is 02:00
		{"Europe/Paris", "2027-10-31", "01:00-02:30", 90, false},  // to the first 02:30
		{"Europe/Paris", "2027-10-31", "02:10-02:20", 10, false},
		{"Europe/Paris", "2027-10-31", "00:00-24:00", 25 * 60, false},
		{"Africa/Cairo", "2026-04-24", "00:30-02:00", 60, true}, // midnight is 01:00
		{"Africa/Cairo", "2026-04-24", "00:00-24:00", 23 * 60, true},
		{"Africa/Cairo", "2026-04-23", "00:00-24:00", 24 * 60, false},
		{"Africa/Cairo", "2026-10-29", "00:00-24:00", 25 * 60, false}, // midnight is 23:00
		{"Australia/Lord_Howe", "2026-10-04", "01:00-03:00", 90, false},
		{"Pacific/Apia", "2011-12-30", "10:00-12:00", 0, true}, // the day that was not
		{"America/New_York", "2026-03-08", "01:30-03:30", 60, false},
		{"Asia/Shanghai", "2026-03-29", "01:00-04:00", 180, false},
		{"UTC", "2026-03-29", "00:00-24:00", 24 * 60, false},
	} {
		d, err := ParseDate(c.date)
		if err != nil {
			t.Fatal(err)
		}
		w, err := ParseWindow(c.window)
		if err != nil {
			t.Fatal(err)
		}
		z := zone(t, c.zone)
		if got := w.Minutes(d, z); got != c.want {
			t.Errorf("%s on %s in %s lasts %d minutes, want %d", c.window, c.date, c.zone, got, c.want)
		}
		if got := Skipped(d, w.orDay().From, z); got != c.skipped {
			t.Errorf("%s on %s in %s begins at a time that is skipped: %v, want %v", c.window, c.date, c.zone, got, c.skipped)
		}
	}
	if got := (Window{60, 240}).Minutes(DateOf(2027, time.March, 28), nil); got != 180 {
		t.Errorf("without a zone the window lasts %d minutes, want 180", got)
	}
	if Skipped(DateOf(2027, time.March, 28), 150, nil) {
		t.Error("without a zone the clocks skip nothing")
	}
}

// TestMinutesOfAYear walks the clock minute by minute through days around every change of a zone: a window lasts the minutes
// during which the clock is past its start and has not yet reached its end.
func TestMinutesOfAYear(t *testing.T) {
	names := zones
	if testing.Short() {
		names = []string{"Africa/Cairo"}
	}
	for _, name := range names {
		z := zone(t, name)
		for _, d := range forwardsAndBack(z, 2011, 2027) {
			first := map[int32]int64{} // minute of the day: when the clock first shows it or has passed it
			from := d.midnight().Add(-16 * time.Hour)
			for k := range 3 * MinutesADay {
				at := from.Add(time.Duration(k) * time.Minute).In(z)
				shown := int64(civil(at)-d)*MinutesADay + int64(at.Hour()*60+at.Minute())
				for m := int32(0); m <= MinutesADay; m += 15 {
					if _, ok := first[m]; !ok && shown >= int64(m) {
						first[m] = at.Unix()
					}
				}
			}
			for a := int32(0); a < MinutesADay; a += 45 {
				for b := a + 15; b <= MinutesADay; b += 105 {
					if got, want := (Window{a, b}).Minutes(d, z), (first[b]-first[a])/60; got != want {
						t.Fatalf("%s on %v in %s lasts %d minutes, counted %d", Window{a, b}, d, name, got, want)
					}
				}
			}
		}
	}
}

// forwardsAndBack lists the days on which the clocks of a zone change, and some others.
func forwardsAndBack(z *time.Location, from, to int) []Date {
	days := []Date{DateOf(from, time.May, 5)}
	for t := time.Date(from, time.January, 1, 0, 0, 0, 0, z); t.Year() < to; {
		_, end := t.ZoneBounds()
		if end.IsZero() {
			break
		}
		days = append(days, civil(end.Add(-time.Second)), civil(end))
		t = end
	}
	return days
}

// TestForwards compares the days found to lack a minute with a look at every minute.
func TestForwards(t *testing.T) {
	for _, name := range zones {
		z := zone(t, name)
		for _, h := range []Horizon{{DateOf(2026, time.January, 1), 366}, {DateOf(2011, time.December, 29), 3}, {DateOf(2026, time.April, 24), 1}, {DateOf(2026, time.April, 23), 1}} {
			found := map[Date]bool{}
			for _, d := range forwards(h, z) {
				found[d] = true
			}
			for k := range h.Days {
				d, lacks := h.Date(k), false
				for m := int32(0); m < MinutesADay; m += 15 {
					lacks = lacks || Skipped(d, m, z)
				}
				if lacks && !found[d] {
					t.Errorf("%v in %s lacks a time, which is not found", d, name)
				}
			}
		}
	}
}

func TestWindowsOfTheClock(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from := rapid.Int32Range(0, MinutesADay-1).Draw(t, "from")
		w := Window{from, rapid.Int32Range(from+1, MinutesADay).Draw(t, "to")}
		back, err := ParseWindow(w.String())
		if err != nil || back.orDay() != w {
			t.Fatalf("ParseWindow(%s) = %v, %v", w, back, err)
		}
		d := Date(rapid.Int32Range(366, 30000).Draw(t, "date"))
		z, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		cut := rapid.Int32Range(w.From, w.To).Draw(t, "cut")
		if cut == w.From || cut == w.To {
			return
		}
		whole, parts := w.Minutes(d, z), Window{w.From, cut}.Minutes(d, z)+Window{cut, w.To}.Minutes(d, z)
		if whole != parts || whole < 0 {
			t.Fatalf("%s on %v in %v lasts %d minutes, in two parts %d", w, d, z, whole, parts)
		}
		dated, err := ParseDate(d.String())
		if err != nil || dated != d {
			t.Fatalf("ParseDate(%v) = %v, %v", d, dated, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"2026-12-01", "09:00-11:30", "mon", "00:00-24:00", "1:1-", "２０２６-12-01"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := ParseDate(text); err == nil && d.String() != text {
			t.Errorf("ParseDate(%q) = %v", text, d)
		}
		if w, err := ParseWindow(text); err == nil {
			if back, err := ParseWindow(w.String()); err != nil || back != w {
				t.Errorf("ParseWindow(%q) = %v, read back %v, %v", text, w, back, err)
			}
		}
		if day, err := ParseWeekday(text); err == nil && WeekdayWord(day) != text {
			t.Errorf("ParseWeekday(%q) = %v", text, day)
		}
	})
}
