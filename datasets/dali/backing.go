package dali

import (
	"slices"

	"github.com/courtyard-care/courtyard/solver/care"
)

// backSupply gives providers money and terms, and links them with venues: a hospital and a day-care centre are a micro
// nursing home.
func (g *generator) backSupply() {
	d := newDice(g.opts.Seed, streamBacking)
	for i := range g.providers {
		p := &g.providers[i]
		if d.chance(500) { // a subsidy a unit; the person pays what is left of the price
			p.Subsidy = care.AtMost(int64(d.between(2, 5) * 500))
		}
		if d.chance(250) {
			p.Expires = []care.Expiry{{Qualification: p.Qualifications[d.below(len(p.Qualifications))], Until: monday + care.Date(d.between(4, 400))}}
		}
	}
	g.setBudgets(d)
	g.makeContracts(d)
}

// setBudgets gives three providers of five a budget: 60 to 90 % of what the units that their quota allows would cost.
func (g *generator) setBudgets(d dice) {
	position := make(map[string]int, len(g.providers))
	for i := range g.providers {
		position[g.providers[i].ID] = i
	}
	units, money := make([]int64, len(g.providers)), make([]int64, len(g.providers))
	for j := range g.resources {
		r := &g.resources[j]
		if i, ok := position[r.Provider]; ok {
			units[i] += r.Capacity
			money[i] += r.Capacity * g.providers[i].Charge(r.Price)
		}
	}
	for i := range g.providers {
		p := &g.providers[i]
		share := int64(d.between(60, 90))
		if i%5 == 1 || i%5 == 3 || units[i] == 0 {
			continue
		}
		if quota, ok := p.Quota.Value(); ok {
			money[i] = money[i] * quota / units[i]
		}
		p.Budget = care.AtMost(money[i] * share / 100)
	}
}

// makeContracts lets the providers with nurses lend them to the street centres and to half of the community centres. One
// contract in six has ended before the week, or ends in it.
func (g *generator) makeContracts(d dice) {
	var hospitals []*care.Provider
	for i := range g.providers {
		if slices.Contains(g.providers[i].Qualifications, nurse) {
			hospitals = append(hospitals, &g.providers[i])
		}
	}
	centre := 0
	for i := range g.resources {
		r := &g.resources[i]
		if r.Kind != care.Venue || !slices.ContainsFunc(r.Services, func(o care.Offer) bool { return o.Service == "day_care" }) {
			continue
		}
		centre++
		if centre > 3 && centre%2 == 0 {
			continue
		}
		c := care.Contract{Provider: hospitals[centre%len(hospitals)].ID, Resource: r.ID, From: monday - care.Date(d.between(30, 500))}
		if c.Provider == r.Provider { // its own nurses come without a contract
			c.Provider = hospitals[(centre+1)%len(hospitals)].ID
		}
		if d.chance(700) {
			c.Lends = []string{nurse}
		}
		switch centre % 6 {
		case 5:
			c.To = monday - 1
		case 3:
			c.To = monday + 3
		default:
			c.To = monday + 365
		}
		g.contracts = append(g.contracts, c)
	}
}
