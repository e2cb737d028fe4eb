package main

import (
	"strings"

	"github.com/courtyard-care/courtyard/datasets/dali"
	"github.com/courtyard-care/courtyard/internal/report"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// generateCity makes a sample city, or says which sizes there are.
func generateCity(options dali.Options) (*dali.City, error) {
	if options.Needs < dali.MinNeeds || options.Needs > dali.MaxNeeds {
		return nil, badInputf("--size %d: the sample city has %d to %d needs", options.Needs, dali.MinNeeds, dali.MaxNeeds)
	}
	return dali.Generate(options)
}

// cityGround is what a map of the sample city is drawn on.
func cityGround(city *dali.City, lang report.Lang) report.Ground {
	g := report.Ground{
		Name:      "Dali",
		Land:      []travel.Polygon{city.Boundary},
		Water:     city.Barriers,
		WaterName: "Erhai",
		Credit:    dali.Credit,
		Synthetic: true,
	}
	if lang == report.Chinese {
		g.Name, g.WaterName = "大理", "洱海"
	}
	for _, t := range city.Towns {
		name := t.NameEN
		if lang == report.Chinese {
			name = shortName(t.Name)
		}
		g.Labels = append(g.Labels, report.Label{Name: name, At: t.At})
	}
	g.Parties = partyNames(city, &g, lang)
	return g
}

// shortName leaves out what kind of division a name names: 下关街道 is 下关.
func shortName(name string) string {
	for _, tier := range []string{"街道", "彝族乡", "镇", "乡"} {
		if short, ok := strings.CutSuffix(name, tier); ok {
			return short
		}
	}
	return name
}
