package online_test

import (
	"context"
	"fmt"

	"github.com/courtyard-care/courtyard/solver/online"
	"github.com/courtyard-care/courtyard/solver/transport"
)

// A driver (0) can reach everybody, a neighbour (1) only the nearer home. Yesterday somebody far away asked, too.
func ExampleDesk() {
	near := online.Need{Unmet: 100, Arcs: []transport.Arc{{Node: 0, Cost: 2}, {Node: 1, Cost: 6}}}
	far := online.Need{Unmet: 100, Arcs: []transport.Arc{{Node: 0, Cost: 9}}}

	desk, err := online.New([]int64{1, 1}, online.Options{Expected: 2})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	if _, err := desk.Learn(ctx, []online.Need{near, far}); err != nil {
		fmt.Println(err)
		return
	}
	day := &online.Day{Capacity: desk.Left()}
	for _, need := range []online.Need{near, far} {
		answer, err := desk.Arrive(need) // at once
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("need", answer.Need, "is served by", answer.Resource)
		day.Needs, day.Resource = append(day.Needs, need), append(day.Resource, answer.Resource)
		if _, err := desk.Reckon(ctx); err != nil { // when nobody waits
			fmt.Println(err)
			return
		}
	}
	result, err := online.Hindsight(ctx, day)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println("worth", result.Value, "of", result.Hindsight)
	// Output:
	// need 0 is served by 1
	// need 1 is served by 0
	// worth 185 of 185
}
