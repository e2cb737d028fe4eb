package datasets

// MatchAnswer is the answer of a match as JSON: what `courtyard match --json` prints and POST /v1/match returns.
type MatchAnswer struct {
	Status        string            `json:"status" doc:"What is proved" enum:"optimal,feasible,unknown"`
	Stop          string            `json:"stop" doc:"Why the search ended" enum:"proved,time,work,cancelled"`
	Objective     ObjectiveJSON     `json:"objective"`
	Bound         ObjectiveJSON     `json:"bound" doc:"No match is better"`
	Gap           *float64          `json:"gap,omitempty" doc:"Where hard or choices_kept is there: of the first tier not proved, (objective - bound) / max(1, objective)"`
	Hard          []HardJSON        `json:"hard,omitempty" doc:"The constraints that are not a flow and had to be branched on; left out when the match was a flow"`
	ChoicesKept   bool              `json:"choices_kept,omitempty,omitzero" doc:"Unit values, objectives of reasons, relaxations and alternatives hold with the choices of this plan kept"`
	Matches       []MatchJSON       `json:"matches" doc:"One entry for each need, resource and service with units > 0, in the order of the needs, then of the resources"`
	Unmet         []UnmetJSON       `json:"unmet" doc:"Needs with units left over"`
	Resources     []ResourceUseJSON `json:"resources"`
	Figures       FiguresJSON       `json:"figures"`
	EligiblePairs int64             `json:"eligible_pairs"`
	PricedPairs   int64             `json:"priced_pairs"`
	Nearest       *int              `json:"nearest" doc:"When set, status and bound speak of the problem restricted to the k nearest eligible resources of each need"`
	Options       UsedOptionsJSON   `json:"options" doc:"The options as used"`
	PinnedBreaks  []PinnedBreakJSON `json:"pinned_breaks,omitempty" doc:"The rules that pinned pairings break, with the option pinned set to keep"`
}

// HardJSON counts the constraints of one kind that are not a flow.
type HardJSON struct {
	Kind  string `json:"kind" enum:"budget,hours,carers,minimum,whole,event,apart,distinct,day,worst_need"`
	Count int    `json:"count"`
}

// PinnedBreakJSON is a pinned pairing that breaks rules of eligibility.
type PinnedBreakJSON struct {
	NeedID     string   `json:"need_id"`
	ResourceID string   `json:"resource_id"`
	Codes      []string `json:"codes"`
}

// ObjectiveJSON is the tuple of a match.
type ObjectiveJSON struct {
	UnmetByClass  []int64 `json:"unmet_by_class" minItems:"3" maxItems:"3" doc:"Unmet units of class 1, 2 and 3"`
	Cost          int64   `json:"cost"`
	Short         *int64  `json:"short,omitempty" doc:"Units short of promised minimums; compared before all else"`
	WorstDistance *int64  `json:"worst_distance_m,omitempty" doc:"Where it is a tier: the longest distance of any matched unit"`
	WorstNeed     *int64  `json:"worst_need,omitempty" doc:"Where it is a tier: the greatest cost of all units of one need"`
	Changes       *int64  `json:"changes,omitempty" doc:"Where it is a tier: units of lasting pairings not kept"`
	Load          *int64  `json:"load,omitempty" doc:"Where it is a tier: the sum over volunteers of units squared"`
}

// MatchJSON is one matched pair and service.
type MatchJSON struct {
	NeedID     string `json:"need_id"`
	ResourceID string `json:"resource_id"`
	Units      int64  `json:"units"`
	DistanceM  int64  `json:"distance_m"`
	Cost       int64  `json:"cost" doc:"For all its units"`

	Service      string            `json:"service,omitempty" doc:"The stand-in given; left out for the very service asked for"`
	Days         []DayUnitsJSON    `json:"days,omitempty" doc:"Its units day by day, where the need or the resource has a time"`
	Pairing      string            `json:"pairing,omitempty" enum:"lasting,pinned,confirmed,forbidden,declined,stand_by,open" doc:"State of the pairing, if the pair is listed"`
	Alternatives []AlternativeJSON `json:"alternatives,omitempty" doc:"The next best resources"`
}

// AlternativeJSON is another resource for one unit of a match, the rest of the match rearranged as best it can be.
type AlternativeJSON struct {
	ResourceID string        `json:"resource_id"`
	Objective  ObjectiveJSON `json:"objective" doc:"Of the whole match then"`
	Moves      []MoveJSON    `json:"moves" doc:"Others who move"`
}

// MoveJSON is a unit that changes hands.
type MoveJSON struct {
	NeedID string  `json:"need_id"`
	From   *string `json:"from" doc:"Id of the resource that served it; null if none did"`
	To     *string `json:"to" doc:"Id of the resource that serves it then; null if none does"`
}

// UnmetJSON is one need with units left over.
type UnmetJSON struct {
	NeedID  string       `json:"need_id"`
	Units   int64        `json:"units"`
	Reasons []ReasonJSON `json:"reasons"`

	Relaxations []RelaxationJSON `json:"relaxations,omitempty" doc:"Changes of the lists that would serve one unit, the cheapest first"`
}

// RelaxationJSON is one change of the lists that would serve a unit of an unmet need.
type RelaxationJSON struct {
	Code       string        `json:"code" doc:"The constraint that is relaxed"`
	ResourceID *string       `json:"resource_id" doc:"The resource that would serve"`
	By         *int64        `json:"by" doc:"How far, in the constraint's unit; null where it has none"`
	Service    string        `json:"service,omitempty" doc:"The service given instead"`
	Date       string        `json:"date,omitempty" format:"date" doc:"Day of the visit"`
	Objective  ObjectiveJSON `json:"objective" doc:"The optimum of the whole match with that one change made"`
	Moves      []MoveJSON    `json:"moves" doc:"What it takes from others and gives them"`
}

// ReasonJSON is one constraint that kept resources from a need.
type ReasonJSON struct {
	Code              string         `json:"code"`
	Removed           int            `json:"removed" doc:"Resources offering the service that fail this constraint and no other"`
	NearestResourceID *string        `json:"nearest_resource_id" doc:"The nearest of those"`
	ShortBy           *int64         `json:"short_by" doc:"How far off that one is, in the constraint's unit"`
	Detail            string         `json:"detail"`
	ResourceID        *string        `json:"resource_id,omitempty" doc:"Where one more unit, of capacity say, would help this need most"`
	Objective         *ObjectiveJSON `json:"objective,omitempty" doc:"The objective with that unit added and one more unit of this need served"`
	Outranked         *int           `json:"outranked,omitempty" doc:"Class of the more urgent need that the added unit would rather serve"`
}

// ResourceUseJSON is the use of one resource.
type ResourceUseJSON struct {
	ID        string         `json:"id"`
	Used      int64          `json:"used"`
	Capacity  int64          `json:"capacity"`
	UnitValue *ObjectiveJSON `json:"unit_value" doc:"The objective now minus the optimum with one more unit of capacity; null when a limit cut the search before it was known"`
	Open      *bool          `json:"open,omitempty" doc:"Of a resource with min_units or an event: whether it opens"`
	Steady    *SteadyJSON    `json:"steady,omitempty" doc:"Where second thoughts were asked for: the capacities with which this very plan stays optimal"`
}

// SteadyJSON is a span of capacities.
type SteadyJSON struct {
	From int64  `json:"from"`
	To   *int64 `json:"to,omitempty" doc:"Left out where there is no end"`
}

// FiguresJSON are the measures of success and their breakdowns.
type FiguresJSON struct {
	Asked        int64              `json:"asked" doc:"Units asked for"`
	Served       int64              `json:"served"`
	Precision    float64            `json:"precision" doc:"Share of all units served by a qualified resource within its distance"`
	Fineness     float64            `json:"fineness" doc:"Share of all units served with the very service asked for"`
	Satisfaction *float64           `json:"satisfaction" doc:"Mean feedback score; null until feedback comes"`
	Answered     int64              `json:"answered" doc:"Feedbacks behind satisfaction"`
	ByClass      []ClassShareJSON   `json:"by_class"`
	ByService    []ServiceShareJSON `json:"by_service"`
	ByParty      []PartyShareJSON   `json:"by_party"`
	LoadByKind   []KindLoadJSON     `json:"load_by_kind"`
	DistanceP50M *int64             `json:"distance_p50_m" doc:"Median distance of a served unit"`
	DistanceP90M *int64             `json:"distance_p90_m"`
	Changes      *ChangesJSON       `json:"changes,omitempty" doc:"Where there are lasting pairings"`
	Programmes   []ProgrammeJSON    `json:"programmes,omitempty" doc:"Where there are programmes, by name"`
}

// ChangesJSON counts the units of lasting pairings.
type ChangesJSON struct {
	Lasting int64 `json:"lasting" doc:"Units of lasting pairings"`
	Kept    int64 `json:"kept" doc:"Those kept"`
}

// ProgrammeJSON sums the sessions of one programme.
type ProgrammeJSON struct {
	Programme string `json:"programme"`
	Sessions  int    `json:"sessions" doc:"Sessions listed"`
	Opened    int    `json:"opened" doc:"Sessions with at least one seat taken"`
	Seats     int64  `json:"seats" doc:"Seats of the sessions listed"`
	Taken     int64  `json:"taken" doc:"Seats taken"`
}

// ClassShareJSON is the share of one class.
type ClassShareJSON struct {
	Class  int     `json:"class"`
	Asked  int64   `json:"asked"`
	Served int64   `json:"served"`
	Share  float64 `json:"share"`
}

// ServiceShareJSON is the share of one service.
type ServiceShareJSON struct {
	Service string  `json:"service"`
	Asked   int64   `json:"asked"`
	Served  int64   `json:"served"`
	Share   float64 `json:"share"`
}

// PartyShareJSON is the share of one service party.
type PartyShareJSON struct {
	Party  string  `json:"party"`
	Asked  int64   `json:"asked"`
	Served int64   `json:"served"`
	Share  float64 `json:"share"`
}

// KindLoadJSON sums the resources of one kind.
type KindLoadJSON struct {
	Kind      string  `json:"kind"`
	Resources int     `json:"resources"`
	Used      int64   `json:"used"`
	Capacity  int64   `json:"capacity"`
	Share     float64 `json:"share"`
}

// UsedOptionsJSON are the options as used.
type UsedOptionsJSON struct {
	WDistance   int64    `json:"w_distance"`
	WPrice      int64    `json:"w_price"`
	WPreference int64    `json:"w_preference"`
	Detour      float64  `json:"detour"`
	Barriers    int      `json:"barriers" doc:"Number of barrier polygons"`
	Nearest     *int     `json:"nearest"`
	Currency    string   `json:"currency"`
	TimeLimitS  *float64 `json:"time_limit_s"`

	WStandIn     *int64   `json:"w_stand_in,omitempty" doc:"Where a need accepts stand-ins"`
	WInterest    *int64   `json:"w_interest,omitempty" doc:"Where a need has interests"`
	WChange      *int64   `json:"w_change,omitempty" doc:"Where there are lasting pairings"`
	WLoad        *int64   `json:"w_load,omitempty" doc:"Where load counts"`
	From         string   `json:"from,omitempty" format:"date"`
	Days         int32    `json:"days,omitempty,omitzero"`
	Timezone     string   `json:"timezone,omitempty"`
	Tiers        []string `json:"tiers,omitempty"`
	Pinned       string   `json:"pinned,omitempty" enum:"refuse,keep"`
	Relaxations  int      `json:"relaxations,omitempty,omitzero"`
	Alternatives int      `json:"alternatives,omitempty,omitzero"`
}
