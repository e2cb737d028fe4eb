//go:build linux || darwin

package main

import (
	"context"
	"time"

	"github.com/courtyard-care/courtyard/bench/measure"
	"github.com/courtyard-care/courtyard/bench/report"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/online"
)

// way is a way of answering: at a desk, or, without one, at prices that stay.
type way struct {
	name  string
	desk  *online.Options
	learn bool // knows the earlier day
}

func ways(homes, futures int) []way {
	return []way{
		{name: "the cheapest unit there is"},
		{name: "at the prices of an earlier day", learn: true},
		{name: "desk, no history", desk: &online.Options{Expected: homes, Futures: futures}},
		{name: "desk, one earlier day", desk: &online.Options{Expected: homes, Futures: futures}, learn: true},
		{name: "desk, one earlier day and its order", desk: &online.Options{Expected: homes, Futures: futures, Ordered: true}, learn: true},
	}
}

// add lets a day pass and adds what came of it to a row.
func add(ctx context.Context, row *report.OnlineRow, w way, capacity []int64, today, history []online.Need, seeds int) error {
	day := &online.Day{Capacity: capacity, Needs: today}
	if !w.learn {
		history = nil
	}
	var answers, reckonings []float64
	before, _ := measure.Self()
	if w.desk == nil {
		prices, err := fixed(ctx, capacity, history)
		if err != nil {
			return err
		}
		day.Resource, answers = cheapest(capacity, prices, today)
	} else {
		desk, err := online.New(capacity, *w.desk)
		if err != nil {
			return err
		}
		if w.learn {
			if _, err := desk.Learn(ctx, history); err != nil {
				return err
			}
		}
		for _, need := range today {
			start := time.Now()
			answer, err := desk.Arrive(need)
			answers = append(answers, time.Since(start).Seconds())
			if err != nil {
				return err
			}
			day.Resource = append(day.Resource, answer.Resource)
			start = time.Now()
			stop, err := desk.Reckon(ctx)
			if err != nil {
				return err
			}
			if stop != solver.StopNone {
				reckonings = append(reckonings, time.Since(start).Seconds())
			}
		}
		after, _ := measure.Self()
		row.ReckoningCPUS += (after - before) / float64(seeds)
		row.ReckoningS += measure.Quantile(reckonings, 0.5) / float64(seeds)
	}
	result, err := online.Hindsight(ctx, day)
	if err != nil {
		return err
	}
	best := 0
	for _, v := range result.Best {
		if v != online.Refused {
			best++
		}
	}
	row.Mean += result.Ratio() / float64(seeds)
	row.Least = min(row.Least, result.Ratio())
	row.Served += float64(result.Served) / float64(best) / float64(seeds)
	row.MedianS += measure.Quantile(answers, 0.5) / float64(seeds)
	row.WorstS += measure.Quantile(answers, 0.99) / float64(seeds)
	return nil
}

// fixed returns the prices of the optimum of an earlier day, 0 without one.
func fixed(ctx context.Context, capacity []int64, history []online.Need) ([]int64, error) {
	if history == nil {
		return make([]int64, len(capacity)), nil
	}
	nobody := make([]int32, len(history))
	for i := range nobody {
		nobody[i] = online.Refused
	}
	result, err := online.Hindsight(ctx, &online.Day{Capacity: capacity, Needs: history, Resource: nobody})
	if err != nil {
		return nil, err
	}
	return result.Price, nil
}

// cheapest serves each need where cost and price together are least, if they are below its unmet cost and there is room.
func cheapest(capacity, prices []int64, needs []online.Need) (resource []int32, answers []float64) {
	left := append([]int64(nil), capacity...)
	for i := range needs {
		start := time.Now()
		best, least := online.Refused, needs[i].Unmet
		for _, arc := range needs[i].Arcs {
			if price := arc.Cost + prices[arc.Node]; left[arc.Node] > 0 && price < least {
				best, least = arc.Node, price
			}
		}
		if best != online.Refused {
			left[best]--
		}
		answers = append(answers, time.Since(start).Seconds())
		resource = append(resource, best)
	}
	return resource, answers
}
