package dali

import (
	"embed"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/courtyard-care/courtyard/solver/care"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// The data carry licences of their own: see NOTICE.
//
//go:generate go run ./internal/outlines data
//go:embed data NOTICE licences
var files embed.FS

// geography is the embedded city, read.
type geography struct {
	boundary, lake           *outline // full detail
	boundaryDrawn, lakeDrawn *outline // simplified
	towns, communities       []Place
	points                   []point // of the communities
	figures                  map[figure]int64
}

// figure names one row of population.csv.
type figure struct{ code, indicator string }

const cityCode = "532901"

// load reads the embedded files: about two milliseconds.
func load() (*geography, error) {
	g := &geography{}
	for _, f := range []struct {
		name string
		to   **outline
	}{
		{"boundary", &g.boundary},
		{"erhai", &g.lake},
		{"boundary-simplified", &g.boundaryDrawn},
		{"erhai-simplified", &g.lakeDrawn},
	} {
		ring, err := readRing("data/" + f.name + ".geojson")
		if err != nil {
			return nil, err
		}
		*f.to = newOutline(ring)
	}
	if err := g.readFigures(); err != nil {
		return nil, err
	}
	if err := g.readPlaces(); err != nil {
		return nil, err
	}
	if err := g.weigh(); err != nil {
		return nil, err
	}
	return g, nil
}

// readRing returns the outer ring of the first feature, not closed.
func readRing(name string) ([]point, error) {
	raw, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var doc struct {
		Features []struct {
			Geometry struct{ Coordinates [][][2]float64 }
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(doc.Features) == 0 || len(doc.Features[0].Geometry.Coordinates) == 0 {
		return nil, fmt.Errorf("%s: no polygon", name)
	}
	closed := doc.Features[0].Geometry.Coordinates[0]
	ring := make([]point, 0, len(closed))
	for _, c := range closed {
		ring = append(ring, micro(c[0], c[1]))
	}
	if n := len(ring); n > 1 && ring[0] == ring[n-1] {
		ring = ring[:n-1]
	}
	if len(ring) < 3 {
		return nil, fmt.Errorf("%s: %d vertices make no polygon", name, len(ring))
	}
	return ring, nil
}

// micro converts degrees with six decimals; the product is off by far less than the half that rounding removes.
func micro(lon, lat float64) point {
	return point{int64(math.Round(lon * 1e6)), int64(math.Round(lat * 1e6))}
}

// readTable returns the rows of a CSV file below its header.
func readTable(name string) ([][]string, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return rows[1:], nil
}

func (g *geography) readFigures() error {
	rows, err := readTable("data/population.csv") // code, name, indicator, value, ...
	if err != nil {
		return err
	}
	g.figures = make(map[figure]int64, len(rows))
	for _, r := range rows {
		v, err := strconv.ParseInt(r[3], 10, 64)
		if err != nil {
			return fmt.Errorf("population.csv: %s of %s: %w", r[2], r[0], err)
		}
		g.figures[figure{r[0], r[2]}] = v
	}
	return nil
}

// townNames are the names of towns in Latin letters, for maps without a Chinese font.
var townNames = map[string]string{
	"532901003": "Xiaguan", "532901004": "Taihe", "532901005": "Manjiang",
	"532901102": "Dali", "532901103": "Fengyi", "532901104": "Xizhou", "532901105": "Haidong", "532901106": "Wase",
	"532901107": "Wanqiao", "532901108": "Yinqiao", "532901109": "Shuanglang", "532901110": "Shangguan",
	"532901201": "Taiyi",
}

func (g *geography) readPlaces() error {
	rows, err := readTable("data/places.csv") // code, name, tier, lon, lat, source, precision
	if err != nil {
		return err
	}
	for _, r := range rows {
		lon, errLon := strconv.ParseFloat(r[3], 64)
		lat, errLat := strconv.ParseFloat(r[4], 64)
		if errLon != nil || errLat != nil {
			return fmt.Errorf("places.csv: point of %s: %q, %q", r[0], r[3], r[4])
		}
		p := Place{
			Code: r[0], Name: r[1], NameEN: townNames[r[0]], Tier: Tier(r[2]),
			At: travel.Place{Lon: lon, Lat: lat}, Precision: Precision(r[6]),
		}
		switch len(p.Code) {
		case len(cityCode):
			// The city's own seat is not a place of the lists.
		case len(cityCode) + 3:
			p.Party = care.Party(cityCode + "/" + p.Code)
			g.towns = append(g.towns, p)
		default:
			p.Party = care.Party(strings.Join([]string{cityCode, p.town(), p.Code}, "/"))
			g.communities = append(g.communities, p)
			g.points = append(g.points, micro(lon, lat))
		}
	}
	return nil
}

// town returns the code of the town of a community.
func (p *Place) town() string { return p.Code[:len(cityCode)+3] }

// Weights of a community and a village within their town.
const (
	communityWeight = 2
	villageWeight   = 1
)

// weigh shares the people of the city among towns and communities, as the package comment says.
func (g *geography) weigh() error {
	city := g.figures[figure{cityCode, "population"}]
	shares := make(map[string]int64) // of communities and villages in each town
	for i := range g.communities {
		c := &g.communities[i]
		if c.Weight = villageWeight; c.Tier == Community {
			c.Weight = communityWeight
		}
		shares[c.town()] += c.Weight
	}

	// Census figures first, then unverified ones, then the mean of those for the towns without any.
	rest, guessed, guessedShares := city, int64(0), int64(0)
	counted := make(map[string]bool)
	for i := range g.towns {
		t := &g.towns[i]
		switch t.Code {
		case "532901003", "532901103": // Xiaguan, Fengyi: the only two census figures by town
			t.Weight = g.figures[figure{t.Code, "population"}]
			rest -= t.Weight
			counted[t.Code] = true
		default:
			t.Weight = max(g.figures[figure{t.Code, "population"}], g.figures[figure{t.Code, "registered_population"}])
			if t.Weight > 0 {
				guessed += t.Weight
				guessedShares += shares[t.Code]
			}
		}
	}
	if rest <= 0 || guessed == 0 {
		return fmt.Errorf("population.csv: no people left for the towns without a census figure")
	}
	total := int64(0)
	for i := range g.towns {
		t := &g.towns[i]
		if t.Weight == 0 {
			t.Weight = guessed * shares[t.Code] / guessedShares
		}
		if !counted[t.Code] {
			total += t.Weight
		}
	}
	byTown := make(map[string]int64)
	for i := range g.towns {
		t := &g.towns[i]
		if !counted[t.Code] {
			t.Weight = t.Weight * rest / total
		}
		byTown[t.Code] = t.Weight
	}
	for i := range g.communities {
		c := &g.communities[i]
		c.Weight = byTown[c.town()] * c.Weight / shares[c.town()]
	}
	return nil
}
