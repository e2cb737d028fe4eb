package datasets

import (
	"bufio"
	"fmt"
	"io"

	"github.com/go-json-experiment/json"

	"github.com/courtyard-care/courtyard/solver/match"
)

// DifferenceJSON is what changes from one match to another: what `courtyard diff --json` and `courtyard whatif --json` print
// and POST /v1/match/diff returns.
type DifferenceJSON struct {
	Status    StatusTurnJSON       `json:"status" doc:"What is proved of each"`
	Objective ObjectiveTurnJSON    `json:"objective"`
	Units     ShareTurnJSON        `json:"units" doc:"Units asked for and served"`
	ByClass   []ClassTurnJSON      `json:"by_class"`
	ByService []ServiceTurnJSON    `json:"by_service" doc:"Every service asked for in either, by name"`
	ByParty   []PartyTurnJSON      `json:"by_party" doc:"Every service party that holds a need in either, and all above it, by path"`
	Changes   []ChangeCountJSON    `json:"changes" doc:"How many persons change, by change; a change that happens to nobody is left out"`
	Persons   []PersonChangeJSON   `json:"persons" doc:"Needs served otherwise, in the order of the first list, then of the second"`
	Resources []ResourceChangeJSON `json:"resources" doc:"Resources used otherwise, in the same order"`
}

// StatusTurnJSON is a status before and after.
type StatusTurnJSON struct {
	Before string `json:"before" enum:"optimal,feasible,unknown"`
	After  string `json:"after" enum:"optimal,feasible,unknown"`
}

// ObjectiveTurnJSON is an objective before and after.
type ObjectiveTurnJSON struct {
	Before ObjectiveJSON `json:"before"`
	After  ObjectiveJSON `json:"after"`
}

// UnitsJSON counts units.
type UnitsJSON struct {
	Asked  int64 `json:"asked"`
	Served int64 `json:"served"`
}

// ShareTurnJSON counts units before and after.
type ShareTurnJSON struct {
	Before UnitsJSON `json:"before"`
	After  UnitsJSON `json:"after"`
}

// NumberTurnJSON is a number before and after.
type NumberTurnJSON struct {
	Before int64 `json:"before"`
	After  int64 `json:"after"`
}

// ClassTurnJSON is one class before and after.
type ClassTurnJSON struct {
	Class int `json:"class"`
	ShareTurnJSON
}

// ServiceTurnJSON is one service before and after.
type ServiceTurnJSON struct {
	Service string `json:"service"`
	ShareTurnJSON
}

// PartyTurnJSON is one service party before and after.
type PartyTurnJSON struct {
	Party string        `json:"party"`
	Own   ShareTurnJSON `json:"own" doc:"The needs on its own list"`
	Whole ShareTurnJSON `json:"whole" doc:"With those of all parties below it"`
}

// ChangeCountJSON counts the persons to whom one thing happens.
type ChangeCountJSON struct {
	Change  string `json:"change" enum:"added,removed,newly_served,no_longer_served,moved,units,visits"`
	Persons int    `json:"persons"`
	Units   int64  `json:"units" doc:"Their units that left the resource that served them"`
}

// PersonChangeJSON is one need that is served otherwise.
type PersonChangeJSON struct {
	NeedID string        `json:"need_id"`
	Change string        `json:"change" enum:"added,removed,newly_served,no_longer_served,moved,units,visits"`
	Units  ShareTurnJSON `json:"units"`
	From   []HeldJSON    `json:"from" doc:"Who served it"`
	To     []HeldJSON    `json:"to" doc:"Who serves it"`
}

// HeldJSON is the units of a need that one resource serves.
type HeldJSON struct {
	ResourceID string `json:"resource_id"`
	Service    string `json:"service,omitempty" doc:"The stand-in given; absent for the very service asked for"`
	Date       string `json:"date,omitempty" doc:"Day of the visit, if it has one"`
	Units      int64  `json:"units"`
}

// ResourceChangeJSON is one resource that is used otherwise.
type ResourceChangeJSON struct {
	ID       string         `json:"id"`
	Change   string         `json:"change" enum:"added,removed,load"`
	Used     NumberTurnJSON `json:"used"`
	Capacity NumberTurnJSON `json:"capacity"`
}

// NewDifference turns a difference into the JSON that is printed and sent. O(size of the difference).
func NewDifference(d *match.Difference) *DifferenceJSON {
	out := &DifferenceJSON{
		Status:    StatusTurnJSON{d.Status.Before.String(), d.Status.After.String()},
		Objective: ObjectiveTurnJSON{objective(d.Objective.Before), objective(d.Objective.After)},
		Units:     shareTurn(d.Total),
		ByClass:   make([]ClassTurnJSON, len(d.ByClass)),
		ByService: make([]ServiceTurnJSON, len(d.ByService)),
		ByParty:   make([]PartyTurnJSON, len(d.ByParty)),
		Changes:   []ChangeCountJSON{},
		Persons:   make([]PersonChangeJSON, len(d.Persons)),
		Resources: make([]ResourceChangeJSON, len(d.Resources)),
	}
	for c, t := range d.ByClass {
		out.ByClass[c] = ClassTurnJSON{c + 1, shareTurn(t)}
	}
	for i, g := range d.ByService {
		out.ByService[i] = ServiceTurnJSON{g.Name, shareTurn(g.ShareTurn)}
	}
	for i, t := range d.ByParty {
		out.ByParty[i] = PartyTurnJSON{string(t.Party), shareTurn(t.Own), shareTurn(t.Whole)}
	}
	for _, what := range match.Changes() {
		if persons, passed := d.Count(what); persons > 0 {
			out.Changes = append(out.Changes, ChangeCountJSON{string(what), persons, passed})
		}
	}
	for i := range d.Persons {
		c := &d.Persons[i]
		out.Persons[i] = PersonChangeJSON{NeedID: c.Need, Change: string(c.What), Units: shareTurn(c.Units), From: heldBy(c.From), To: heldBy(c.To)}
	}
	for i, r := range d.Resources {
		out.Resources[i] = ResourceChangeJSON{r.Resource, string(r.What), NumberTurnJSON(r.Used), NumberTurnJSON(r.Capacity)}
	}
	return out
}

func shareTurn(t match.ShareTurn) ShareTurnJSON {
	return ShareTurnJSON{UnitsJSON(t.Before), UnitsJSON(t.After)}
}

func heldBy(list []match.Held) []HeldJSON {
	out := make([]HeldJSON, len(list))
	for i, h := range list {
		out[i] = HeldJSON{ResourceID: h.Resource, Service: h.Service, Units: h.Units}
		if h.Date != 0 {
			out[i].Date = h.Date.String()
		}
	}
	return out
}

// WriteJSON writes the difference as one line of JSON, the same bytes for the same difference.
func (d *DifferenceJSON) WriteJSON(w io.Writer) error {
	out := bufio.NewWriterSize(w, 64<<10)
	if err := json.MarshalWrite(out, d); err != nil {
		return fmt.Errorf("write the difference: %w", err)
	}
	if err := out.WriteByte('\n'); err != nil {
		return fmt.Errorf("write the difference: %w", err)
	}
	return out.Flush()
}
