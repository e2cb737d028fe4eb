package main

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sharedSites returns the folder of the public siting instances; without it the test is skipped.
func sharedSites(t *testing.T) string {
	t.Helper()
	at, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	roots := []string{os.Getenv("COURTYARD_SHARED")}
	for ; at != filepath.Dir(at); at = filepath.Dir(at) {
		roots = append(roots, filepath.Join(at, "shared"))
	}
	for _, root := range roots {
		if dir := filepath.Join(root, "data", "sites"); root != "" {
			if _, err := os.Stat(filepath.Join(dir, "best_known.csv")); err == nil {
				return dir
			}
		}
	}
	t.Skip("the shared siting instances are absent")
	return ""
}

// TestSharedSites solves public instances and compares with their published optima.
func TestSharedSites(t *testing.T) {
	dir := sharedSites(t)
	const sf = "city_sf/SF_network_distance_candidateStore_16_censusTract_205_new.csv"
	const tarrant = "city_tarrant/travel_minutes_car.csv"
	for _, c := range []struct {
		args string
		want float64
	}{
		{"p-median pmed/pmed1.txt", 5819},
		{"p-median pmed/pmed6.txt", 7824},
		{"p-median " + sf + " --p 4", 2848268129.714512},
		{"p-median " + tarrant + " --p 5 --weights city_tarrant/demand.csv", 29305339},
		{"p-center pmed/pmed1.txt", 127},
		{"p-center pmed/pmed6.txt", 84},
		{"p-center " + sf + " --p 4", 7403.063810849859},
		{"ufl cap/cap72.txt", 977799.4},
		{"ufl cap_sscflp/cap72", 977799.4},
		{"ufl cap/cap131.txt", 793439.5625},
		{"ufl cap/capa.txt.gz", 17156454.478},
		{"mclp mclp_sjc/SJC324.txt --p 3 --radius 800", 11604},
		{"mclp mclp_sjc/SJC324.txt --p 2 --radius 1200", 11555},
		{"mclp " + sf + " --p 4 --radius 5000", 875247},
		{"mclp " + tarrant + " --p 5 --radius 15 --weights city_tarrant/demand.csv", 1420630},
	} {
		words := strings.Fields(c.args)
		for i, w := range words {
			if strings.Contains(w, "/") {
				words[i] = filepath.Join(dir, filepath.FromSlash(w))
			}
		}
		var out, messages bytes.Buffer
		if code := run(t.Context(), append([]string{"solve", "--json"}, words...), func(string) string { return "" }, nil, &out, &messages); code != 0 {
			t.Errorf("%s: exit %d: %s", c.args, code, messages.String())
			continue
		}
		var line struct {
			Status           string
			Objective, Bound float64
		}
		if err := json.Unmarshal(out.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.Status != "optimal" || math.Abs(line.Objective-c.want) > 1e-9*c.want || math.Abs(line.Bound-c.want) > 1e-9*c.want {
			t.Errorf("%s: %+v, want optimal %v", c.args, line, c.want)
		}
	}
}
