// Command outlines writes the simplified outlines of the sample city, for drawing, beside the full ones:
// boundary-simplified.geojson and erhai-simplified.geojson. It is run by go generate.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/simplify"
)

// tolerance of the simplification, in degrees: about 50 m, less than a pixel of a map of the city 1,200 pixels high.
const tolerance = 0.0005

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: outlines FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "outlines:", err)
		os.Exit(1)
	}
}

// run reads the full outlines from one folder and writes the simplified ones into another.
func run(from, to string) error {
	for _, name := range []string{"boundary", "erhai"} {
		text, err := simplified(filepath.Join(from, name+".geojson"))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name+"-simplified.geojson"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// simplified returns the GeoJSON of the file with fewer vertices and the same properties.
func simplified(path string) (string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var doc struct {
		Name     string
		Features []struct {
			Properties map[string]any
			Geometry   struct{ Coordinates [][][2]float64 }
		}
	}
	if err := json.Unmarshal(raw, &doc); err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	if len(doc.Features) != 1 || len(doc.Features[0].Geometry.Coordinates) != 1 {
		return "", fmt.Errorf("%s: want one polygon without holes", path)
	}
	ring := make(orb.Ring, len(doc.Features[0].Geometry.Coordinates[0]))
	for i, c := range doc.Features[0].Geometry.Coordinates[0] {
		ring[i] = orb.Point(c)
	}
	ring = simplify.DouglasPeucker(tolerance).Ring(ring)

	properties := doc.Features[0].Properties
	properties["simplified"] = fmt.Sprintf("Douglas-Peucker, %v degrees, for drawing", tolerance)
	head, err := json.Marshal(properties)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "{\"type\":\"FeatureCollection\",\"name\":%q,\"features\":[{\"type\":\"Feature\",\"properties\":%s,\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[", doc.Name+"-simplified", head)
	for i, p := range ring {
		if i > 0 {
			b.WriteString(",\n")
		}
		fmt.Fprintf(&b, "[%s,%s]", degrees(p[0]), degrees(p[1]))
	}
	b.WriteString("]]}}]}\n")
	return b.String(), nil
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
