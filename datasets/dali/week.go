package dali

import (
	"time"

	"github.com/courtyard-care/courtyard/solver/care"
)

// monday is the first day of the week of a full city: 18 January 2027, in the winter holidays.
const monday care.Date = 20836

// Sets of weekdays that suit a recurring need, the commonest first.
var (
	workdays = days(time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)
	everyday = workdays.With(time.Saturday).With(time.Sunday)
	odd      = days(time.Monday, time.Wednesday, time.Friday)
	even     = days(time.Tuesday, time.Thursday, time.Saturday)
	weekend  = days(time.Saturday, time.Sunday)
)

func days(of ...time.Weekday) (w care.Weekdays) {
	for _, d := range of {
		w = w.With(d)
	}
	return w
}

func clock(from, to int32) care.Window {
	return care.Window{From: from/100*60 + from%100, To: to/100*60 + to%100}
}

// weekOf are the hours of one way of life: the same windows on each of its days.
func weekOf(on care.Weekdays, windows ...care.Window) []care.Slot {
	var slots []care.Slot
	for _, word := range on.Words() {
		day, _ := care.ParseWeekday(word) // a word of its own
		for _, w := range windows {
			slots = append(slots, care.Slot{Weekday: day, Window: w})
		}
	}
	return slots
}

var (
	morning   = clock(800, 1200)
	afternoon = clock(1400, 1800)
	evening   = clock(1800, 2100)
	daytime   = clock(800, 1800)
	office    = clock(830, 1730)
	noonMeal  = clock(1030, 1330)
	lateMeal  = clock(1630, 1930)
)

// life is a way of life of a volunteer: how many of a hundred live it, their ages, and weeks to draw from.
type life struct {
	weight   int
	from, to int
	weeks    [][]care.Slot
}

// lives say when volunteers can come: an assumption. A week of nil is "whenever I am asked".
var lives = []life{
	{45, 60, 75, [][]care.Slot{ // retired
		nil,
		weekOf(workdays, morning, afternoon),
		weekOf(everyday, morning),
		weekOf(odd, daytime),
		weekOf(even, daytime),
		weekOf(workdays, clock(900, 1130), clock(1500, 1730)),
	}},
	{35, 25, 59, [][]care.Slot{ // at work
		nil,
		append(weekOf(workdays, evening), weekOf(weekend, daytime)...),
		weekOf(weekend, daytime),
		append(weekOf(workdays, clock(1130, 1330), evening), weekOf(weekend, morning)...),
	}},
	{20, 18, 24, [][]care.Slot{ // students, at home for the holidays
		nil,
		weekOf(everyday, clock(1000, 1800)),
		weekOf(workdays, afternoon),
		weekOf(weekend, clock(900, 1900)),
	}},
}

// Weeks of those who serve for a living, and of rooms.
var (
	teamWeeks  = [][]care.Slot{nil, nil, weekOf(workdays, office), weekOf(odd, daytime), weekOf(even, daytime), weekOf(everyday, morning)}
	staffWeeks = [][]care.Slot{
		weekOf(workdays, clock(800, 1800)), weekOf(workdays.With(time.Saturday), clock(730, 1830)),
		weekOf(everyday, clock(800, 1930)), weekOf(even.With(time.Sunday), clock(730, 1930)),
	}
	mealWeek  = weekOf(everyday, noonMeal, lateMeal)
	deskWeek  = weekOf(workdays.With(time.Saturday), office)
	venueWeek = weekOf(everyday, clock(730, 1900))
)
