package online

import (
	"errors"
	"fmt"
	"math/big"
)

// Check re-measures r from the day alone and returns what r claims wrongly, or which answer breaks a rule, nil if everything
// holds. It solves nothing and shares no code with the desk.
//
//   - The answers, and the plan of hindsight, give every need to a resource that can serve it or to none, and no resource more
//     needs than it has units. Nothing is ever given back in a day, so what holds at its end held all along.
//   - They are worth Value and Hindsight.
//   - No plan is worth more than Hindsight: by weak duality none is worth more than all units at the prices, and for each need
//     what is left of its worth after cost and price at the best resource.
//
// It takes time linear in needs, arcs and resources.
func Check(day *Day, r *Result) error {
	if err := day.Validate(); err != nil {
		return fmt.Errorf("the day itself is faulty: %w", err)
	}
	if r == nil {
		return errors.New("no result")
	}
	served, value, err := day.worth(day.Resource)
	switch {
	case err != nil:
		return fmt.Errorf("the answers: %w", err)
	case served != r.Served || value != r.Value:
		return fmt.Errorf("%d needs are served, worth %d, not %d worth %d", served, value, r.Served, r.Value)
	}
	if _, value, err = day.worth(r.Best); err != nil {
		return fmt.Errorf("in hindsight: %w", err)
	}
	if value != r.Hindsight {
		return fmt.Errorf("in hindsight: the plan is worth %d, not %d", value, r.Hindsight)
	}
	return day.checkPrices(r)
}

// worth returns how many needs a plan serves and what that is worth.
func (day *Day) worth(plan []int32) (served int, value int64, err error) {
	if len(plan) != len(day.Needs) {
		return 0, 0, fmt.Errorf("%d entries for %d needs", len(plan), len(day.Needs))
	}
	used := make([]int64, len(day.Capacity))
	for i, v := range plan {
		if v == Refused {
			continue
		}
		n, arc := &day.Needs[i], -1
		for a := range n.Arcs {
			if n.Arcs[a].Node == v && (arc < 0 || n.Arcs[a].Cost < n.Arcs[arc].Cost) {
				arc = a
			}
		}
		if arc < 0 {
			return 0, 0, fmt.Errorf("need %d goes to resource %d, which cannot serve it", i, v)
		}
		if used[v]++; used[v] > day.Capacity[v] {
			return 0, 0, fmt.Errorf("need %d goes to resource %d, whose %d units are given away", i, v, day.Capacity[v])
		}
		served++
		value += n.Unmet - n.Arcs[arc].Cost
	}
	return served, value, nil
}

func (day *Day) checkPrices(r *Result) error {
	if len(r.Price) != len(day.Capacity) {
		return fmt.Errorf("prices of %d resources of %d", len(r.Price), len(day.Capacity))
	}
	bound := new(big.Int)
	for v, price := range r.Price {
		if price < 0 {
			return fmt.Errorf("resource %d has a price of %d", v, price)
		}
		units := min(day.Capacity[v], int64(len(day.Needs)))
		bound.Add(bound, new(big.Int).Mul(big.NewInt(price), big.NewInt(units)))
	}
	for i := range day.Needs {
		most := new(big.Int)
		for _, arc := range day.Needs[i].Arcs {
			x := new(big.Int).Sub(big.NewInt(day.Needs[i].Unmet-arc.Cost), big.NewInt(r.Price[arc.Node]))
			if x.Cmp(most) > 0 {
				most = x
			}
		}
		bound.Add(bound, most)
	}
	if bound.Cmp(big.NewInt(r.Hindsight)) > 0 {
		return fmt.Errorf("in hindsight: the prices prove that no plan is worth more than %v, not %d", bound, r.Hindsight)
	}
	return nil
}
