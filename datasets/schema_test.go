package datasets

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSchemaNamesEveryColumn: what the schema of a request describes is what the readers read, and nothing else.
func TestSchemaNamesEveryColumn(t *testing.T) {
	kinds := newEntryKinds()
	for _, c := range []struct {
		schema reflect.Type
		names  []string
	}{
		{reflect.TypeFor[NeedJSON](), needList().names},
		{reflect.TypeFor[ResourceJSON](), resourceList().names},
		{reflect.TypeFor[ProviderJSON](), providerList().names},
		{reflect.TypeFor[ServiceJSON](), serviceList().names},
		{reflect.TypeFor[ContractJSON](), contractList().names},
		{reflect.TypeFor[EventJSON](), eventList().names},
		{reflect.TypeFor[PairingJSON](), pairingList().names},
		{reflect.TypeFor[PlanRowJSON](), planList("matches").names},
		{reflect.TypeFor[OfferJSON](), kinds.offers.names},
		{reflect.TypeFor[StandInJSON](), kinds.standIns.names},
		{reflect.TypeFor[SlotJSON](), kinds.slots.names},
		{reflect.TypeFor[ExceptionJSON](), kinds.exceptions.names},
		{reflect.TypeFor[DayLimitJSON](), kinds.dayLimits.names},
		{reflect.TypeFor[ExpiryJSON](), kinds.expiries.names},
		{reflect.TypeFor[DayUnitsJSON](), kinds.dayUnits.names},
		{reflect.TypeFor[OptionsJSON](), optionNames()},
	} {
		var members []string
		for field := range c.schema.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			members = append(members, name)
		}
		names := slices.Clone(c.names)
		slices.Sort(members)
		slices.Sort(names)
		if d := cmp.Diff(names, members); d != "" {
			t.Errorf("%v:\n%s", c.schema, d)
		}
	}
}

// TestEveryMatchOfAnAnswerIsAPlanRow: an entry of an answer may be sent back as it is.
func TestEveryMatchOfAnAnswerIsAPlanRow(t *testing.T) {
	known := planList("matches").index
	for field := range reflect.TypeFor[MatchJSON]().Fields() {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if _, ok := known[name]; !ok {
			t.Errorf("a plan refuses %s", name)
		}
	}
}
