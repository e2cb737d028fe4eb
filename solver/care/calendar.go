package care

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Date is a civil day, counted from 1970-01-01, which itself stands for "none".
type Date int32

// DateOf returns the civil day.
func DateOf(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// ParseDate reads "2026-12-01".
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1971 || t.Year() > 2999 {
		return 0, errors.New("must be a date such as 2026-12-01")
	}
	return Date(t.Unix() / 86400), nil
}

// String writes "2026-12-01".
func (d Date) String() string { return d.midnight().Format(time.DateOnly) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

func (d Date) midnight() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// Horizon is the span of days that a match plans: Days days from From. The zero value is none.
type Horizon struct {
	From Date
	Days int32
}

// Day returns the position of a date in the horizon, and whether it lies in it.
func (h Horizon) Day(d Date) (int32, bool) {
	k := int32(d - h.From)
	return k, d >= h.From && k < h.Days
}

// Date returns the date of the day at a position.
func (h Horizon) Date(day int32) Date { return h.From + Date(day) }

// Weekdays is a set of days of the week, bit time.Weekday each.
type Weekdays uint8

// weekdayNames are the words of files and requests, in the order of the documents.
var weekdayNames = [...]struct {
	word string
	day  time.Weekday
}{
	{"mon", time.Monday},
	{"tue", time.Tuesday},
	{"wed", time.Wednesday},
	{"thu", time.Thursday},
	{"fri", time.Friday},
	{"sat", time.Saturday},
	{"sun", time.Sunday},
}

// ParseWeekday reads "mon", "tue" and so on.
func ParseWeekday(word string) (time.Weekday, error) {
	for _, w := range weekdayNames {
		if w.word == word {
			return w.day, nil
		}
	}
	return 0, errors.New("must be mon, tue, wed, thu, fri, sat or sun")
}

// WeekdayWord writes a day of the week as [ParseWeekday] reads it.
func WeekdayWord(day time.Weekday) string {
	for _, w := range weekdayNames {
		if w.day == day {
			return w.word
		}
	}
	return ""
}

// Has reports whether the day is in the set.
func (w Weekdays) Has(day time.Weekday) bool { return w>>day&1 != 0 }

// With returns the set with the day.
func (w Weekdays) With(day time.Weekday) Weekdays { return w | 1<<day }

// Words lists the days, Monday first.
func (w Weekdays) Words() []string {
	var words []string
	for _, name := range weekdayNames {
		if w.Has(name.day) {
			words = append(words, name.word)
		}
	}
	return words
}

// MinutesADay is the end of a day in minutes.
const MinutesADay = 24 * 60

// Window is a span of one day by the clock on the wall, in minutes after midnight, 0 <= From < To <= MinutesADay. The zero
// value is the whole day.
type Window struct{ From, To int32 }

// ParseWindow reads "09:00-11:30". The whole day, "00:00-24:00", is the zero value.
func ParseWindow(text string) (Window, error) {
	from, to, ok := strings.Cut(text, "-")
	a, errFrom := parseClock(from)
	b, errTo := parseClock(to)
	if !ok || errFrom != nil || errTo != nil || a >= b {
		return Window{}, errors.New("must be a window of one day such as 09:00-11:30")
	}
	if a == 0 && b == MinutesADay {
		return Window{}, nil
	}
	return Window{a, b}, nil
}

func parseClock(text string) (int32, error) {
	hour, minute, ok := strings.Cut(text, ":")
	h, errHour := strconv.ParseUint(hour, 10, 8)
	m, errMinute := strconv.ParseUint(minute, 10, 8)
	if !ok || errHour != nil || errMinute != nil || len(hour) > 2 || len(minute) != 2 || m > 59 || h*60+m > MinutesADay {
		return 0, errors.New("must be a time of day such as 09:00")
	}
	return int32(h*60 + m), nil
}

// String writes "09:00-11:30".
func (w Window) String() string {
	w = w.orDay()
	return fmt.Sprintf("%02d:%02d-%02d:%02d", w.From/60, w.From%60, w.To/60, w.To%60)
}

func (w Window) orDay() Window {
	if w == (Window{}) {
		return Window{0, MinutesADay}
	}
	return w
}

// Meet returns what two windows have in common; ok is false if that is nothing.
func (w Window) Meet(o Window) (both Window, ok bool) {
	w, o = w.orDay(), o.orDay()
	both = Window{max(w.From, o.From), min(w.To, o.To)}
	return both, both.From < both.To
}

// Minutes returns the length of the window on a date in a zone, in minutes that pass: on a day on which the clocks change it
// differs from what the clock shows. A nil zone knows no changes.
func (w Window) Minutes(d Date, zone *time.Location) int64 {
	w = w.orDay()
	if zone == nil {
		return int64(w.To - w.From)
	}
	return (instant(d, w.To, zone) - instant(d, w.From, zone)) / 60
}

// instant returns the moment, in seconds, at which the clock on the wall shows a minute of a day: the first of two where the
// clocks go back, and the moment of the change where they skip it.
func instant(d Date, minute int32, zone *time.Location) int64 {
	t, off := wall(d, minute, zone)
	start, end := t.ZoneBounds()
	switch {
	case off > 0:
		return start.Unix()
	case off < 0:
		return end.Unix()
	case start.IsZero():
		return t.Unix()
	}
	_, before := start.Add(-time.Second).Zone()
	_, now := t.Zone()
	if again := int64(before - now); t.Unix()-start.Unix() < again { // shown before the clocks went back too
		return t.Unix() - again
	}
	return t.Unix()
}

// wall returns a moment at which the clock on the wall shows a minute of a day, and by how many seconds what it shows is
// ahead: not 0 where the clocks skip that time, and the moment then lies behind the gap, or before it if that is negative.
func wall(d Date, minute int32, zone *time.Location) (t time.Time, ahead int64) {
	y, m, day := d.midnight().Date()
	t = time.Date(y, m, day, 0, int(minute), 0, 0, zone)
	_, offset := t.Zone()
	return t, t.Unix() + int64(offset) - (int64(d)*86400 + int64(minute)*60)
}

// Skipped reports whether the clocks of the zone skip the minute on that day: the time does not exist.
func Skipped(d Date, minute int32, zone *time.Location) bool {
	if zone == nil || minute == MinutesADay {
		return false
	}
	_, ahead := wall(d, minute, zone)
	return ahead != 0
}

// When is the time of a need. Once: Date is set. Recurring: Weekdays is set. Neither: any time.
type When struct {
	Date       Date     // the day, if it is asked for once; all its units are wanted on that day
	Weekdays   Weekdays // the days of the week that suit, if it recurs; at most one visit a day
	Window     Window   // of the day
	TimesAWeek int64    // visits in each seven days of the horizon; 0: on every day that suits
	DaysApart  int64    // least days from one visit to the next; 0 means 1
}

// Once reports a need with a date, Recurs one with weekdays.
func (w *When) Once() bool { return w.Date != 0 }

// Recurs reports a need that recurs week by week.
func (w *When) Recurs() bool { return w.Weekdays != 0 }

// Slot is a part of a resource's week.
type Slot struct {
	Weekday time.Weekday
	Window  Window
}

// Exception is one date on which a resource is available at other hours than in other weeks, or not at all. Several of one
// date add up.
type Exception struct {
	Date   Date
	Off    bool   // not available; Window is not read
	Window Window // available then, whatever the week says
}

// DayLimit bounds the units of a resource on one day of the week.
type DayLimit struct {
	Weekday  time.Weekday
	Capacity int64
}

// Expiry is the last day on which a qualification holds.
type Expiry struct {
	Qualification string
	Until         Date
}

// Session is the time of a dated session; the zero value is none.
type Session struct {
	Date   Date
	Window Window
}
