package dali

import (
	"strconv"

	"github.com/courtyard-care/courtyard/solver/care"
)

// series is one sort of programme.
type series struct {
	name    string // before the number of a programme
	prefix  byte   // of the ids of its sessions
	service string
	seats   int // in a hundred of the units asked for, over all sessions
	dates   int // sessions of a programme
	windows []care.Window
	have    []string // qualifications
	sites   []string // codes of the communities where the first ones are held; further ones are drawn by population
}

// seriesTable are the programmes: holiday classes for children, and afternoons for the old at the community centres. There are
// four tenths more seats than asked for, since a session opens only for so many.
var seriesTable = []series{
	{
		"holiday-class-", 'c', holidayClass, 140, 4,
		[]care.Window{clock(900, 1030), clock(1030, 1200), clock(1400, 1530), clock(1530, 1700)},
		[]string{childWorker},
		venueTable[2].sites,
	},
	{
		"afternoon-", 'k', "companionship", 140, 2,
		[]care.Window{clock(1400, 1530), clock(1500, 1700), clock(900, 1100)},
		nil, venueTable[1].sites,
	},
}

// makeSessions adds the dated sessions of the programmes. A programme has about forty seats in a large city and fewer in a
// small one, where few live in reach; a session opens with a third of its seats taken.
func (g *generator) makeSessions() {
	d := newDice(g.opts.Seed, streamSessions)
	w := workshop{g: g, d: d}
	for i := range seriesTable {
		t := &seriesTable[i]
		wanted := 0
		for k := range g.needs {
			if n := &g.needs[k]; n.Service == t.service && n.Mode == care.Attend {
				wanted += int(asks(n))
			}
		}
		seats := wanted * t.seats / 100
		programmes := min(max(6, seats/40), max(seats/(4*t.dates), 1))
		number := 0
		for p := range programmes {
			k := choose(d, g.homes)
			if p < len(t.sites) {
				k, _ = g.site(t.sites[p])
			}
			at, _ := g.spread(d, &g.spots[k])
			each := max(seats/(programmes*t.dates), 4)
			first := d.below(3)
			for s := range t.dates {
				number++
				r := care.Resource{
					ID: label(t.prefix, number), Kind: care.Venue, At: at.place(), Services: []care.Offer{{Service: t.service}},
					Qualifications: t.have, Capacity: int64(d.between(each-1, each+1)), Languages: w.languages(&g.spots[k]),
					Programme: t.name + strconv.Itoa(p+1),
					Session:   care.Session{Date: monday + care.Date(first+s*4/t.dates), Window: t.windows[d.below(len(t.windows))]},
				}
				r.MinUnits = (r.Capacity + 2) / 3
				w.add(r, k)
			}
		}
	}
}

// makeOutreach adds the free clinics: each may stop on two or three days at four to six estates of one town, at one a day.
func (g *generator) makeOutreach() {
	d := newDice(g.opts.Seed, streamOutreach)
	w := workshop{g: g, d: d}
	wanted := 0
	for i := range g.needs {
		wanted += b2i(g.needs[i].Service == clinic)
	}
	inTown := make([][]int, len(g.geo.towns))
	for k := range g.spots {
		inTown[g.spots[k].town] = append(inTown[g.spots[k].town], k)
	}
	const share = 30 // needs of one clinic in a large city
	events := min(max(4, wanted/share), max(wanted/6, 1))
	seats := max(wanted*13/(10*events), 6) // of all the days of one
	number := 0
	for e := range events {
		estates := inTown[g.spots[choose(d, g.homes)].town]
		open := d.between(2, 3)
		g.events = append(g.events, care.Event{ID: "clinic-" + strconv.Itoa(e+1), Days: care.AtMost(int64(open))})
		taken := make(map[int]bool)
		stops := min(len(estates), open+d.between(2, 3))
		for s := range stops {
			k := estates[d.below(len(estates))]
			for taken[k] {
				k = estates[d.below(len(estates))]
			}
			taken[k] = true
			number++
			w.add(care.Resource{
				ID: label('o', number), Kind: care.Partner, At: g.spots[k].at.place(), Services: []care.Offer{{Service: clinic}},
				Qualifications: []string{nurse}, Capacity: int64(max(seats/open, 3)), Languages: g.both,
				Session: care.Session{Date: monday + 1 + care.Date(s%4), Window: clock(900, 1200)},
				Event:   g.events[e].ID,
			}, k)
		}
	}
}
