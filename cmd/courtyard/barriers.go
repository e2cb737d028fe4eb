package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/courtyard-care/courtyard/datasets"
	"github.com/courtyard-care/courtyard/solver"
	"github.com/courtyard-care/courtyard/solver/travel"
)

// readBarriers reads a GeoJSON of polygons; - is standard input. Its faults name the file.
func (a *app) readBarriers(name string) ([]travel.Polygon, error) {
	in := a.stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	polygons, err := datasets.ReadBarriers(in, datasets.FileLimits())
	var (
		invalid   *solver.Invalid
		malformed *datasets.Malformed
		limit     *datasets.LimitError
	)
	switch {
	case errors.As(err, &invalid):
		placed := &datasets.FileError{Total: invalid.Total}
		for _, f := range invalid.Faults {
			placed.Faults = append(placed.Faults, datasets.FileFault{File: name, Column: f.Pointer, Code: f.Code, Detail: f.Detail, Value: f.Value})
		}
		return nil, placed
	case errors.As(err, &malformed):
		named := *malformed
		named.File = name
		return nil, &named
	case errors.As(err, &limit):
		named := *limit
		named.File = name
		return nil, &named
	case err != nil:
		return nil, badInput(fmt.Errorf("read %s: %w", name, err))
	}
	return polygons, nil
}

// writeBarriers writes polygons as a GeoJSON that --barriers reads back exactly.
func writeBarriers(w io.Writer, polygons []travel.Polygon) error {
	type geometry struct {
		Type        string           `json:"type"`
		Coordinates [][][][2]float64 `json:"coordinates"`
	}
	g := geometry{Type: "MultiPolygon", Coordinates: [][][][2]float64{}}
	for _, p := range polygons {
		rings := [][][2]float64{}
		for _, ring := range p {
			line := make([][2]float64, 0, len(ring)+1)
			for _, at := range ring {
				line = append(line, [2]float64{at.Lon, at.Lat})
			}
			if len(line) > 0 && line[0] != line[len(line)-1] {
				line = append(line, line[0]) // GeoJSON has its rings closed
			}
			rings = append(rings, line)
		}
		g.Coordinates = append(g.Coordinates, rings)
	}
	return json.NewEncoder(w).Encode(g)
}
