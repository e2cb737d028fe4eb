package town

import (
	"reflect"
	"slices"
	"testing"
)

func TestAgain(t *testing.T) {
	today := New(2_000, 800, 1)
	other := today.Again(1)
	if !reflect.DeepEqual(other, today.Again(1)) {
		t.Error("the same day twice differs")
	}
	if slices.Equal(today.Homes, other.Homes) || slices.Equal(other.Homes, today.Again(2).Homes) {
		t.Error("two days have the same homes")
	}
	if !slices.Equal(today.Resources, other.Resources) || !slices.Equal(today.Capacity, other.Capacity) {
		t.Error("two days have other resources")
	}
	// Around the same centres: each quarter has about as many homes.
	count := func(town *Town) []int {
		homes := make([]int, len(town.centres))
		for _, q := range town.Quarters() {
			homes[q]++
		}
		return homes
	}
	a, b := count(today), count(other)
	for q := range a {
		if d := a[q] - b[q]; d > 120 || d < -120 {
			t.Errorf("quarter %d has %d homes on one day and %d on another", q, a[q], b[q])
		}
	}
}
