package town

import "math/rand/v2"

// Again returns the same town on another day, 1, 2 and so on: as many homes around the same centres, and the same resources.
func (t *Town) Again(day uint64) *Town {
	rng := rand.New(rand.NewPCG(t.seed, 100+day))
	again := *t
	again.Homes = around(rng, t.centres, len(t.Homes))
	again.seed += day << 32
	return &again
}

// Quarters returns the number of the centre next to each home.
func (t *Town) Quarters() []int {
	quarters := make([]int, len(t.Homes))
	for i, home := range t.Homes {
		square := func(c Point) float64 {
			dx, dy := c.X-home.X, c.Y-home.Y
			return float64(dx*dx) + float64(dy*dy)
		}
		for k := range t.centres {
			if square(t.centres[k]) < square(t.centres[quarters[i]]) {
				quarters[i] = k
			}
		}
	}
	return quarters
}
