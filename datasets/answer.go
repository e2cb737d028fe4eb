package datasets

// MatchAnswer is the answer of a match as JSON: what `courtyard match --json` prints and POST /v1/match returns.
type MatchAnswer struct {
	Status        string            `json:"status" doc:"What is proved" enum:"optimal,feasible,unknown"`
	Stop          string            `json:"stop" doc:"Why the search ended" enum:"proved,time,work,cancelled"`
	Objective     ObjectiveJSON     `json:"objective"`
	Bound         ObjectiveJSON     `json:"bound" doc:"No match is better"`
	Matches       []MatchJSON       `json:"matches" doc:"One entry a pair with units > 0, in the order of the needs, then of the resources"`
	Unmet         []UnmetJSON       `json:"unmet" doc:"Needs with units left over"`
	Resources     []ResourceUseJSON `json:"resources"`
	Figures       FiguresJSON       `json:"figures"`
	EligiblePairs int64             `json:"eligible_pairs"`
	PricedPairs   int64             `json:"priced_pairs"`
	Nearest       *int              `json:"nearest" doc:"When set, status and bound speak of the problem restricted to the k nearest eligible resources of each need"`
	Options       UsedOptionsJSON   `json:"options" doc:"The options as used"`
}

// ObjectiveJSON is the tuple of a match.
type ObjectiveJSON struct {
	UnmetByClass []int64 `json:"unmet_by_class" minItems:"3" maxItems:"3" doc:"Unmet units of class 1, 2 and 3"`
	Cost         int64   `json:"cost"`
}

// MatchJSON is one matched pair.
type MatchJSON struct {
	NeedID     string `json:"need_id"`
	ResourceID string `json:"resource_id"`
	Units      int64  `json:"units"`
	DistanceM  int64  `json:"distance_m"`
	Cost       int64  `json:"cost" doc:"For all its units"`
}

// UnmetJSON is one need with units left over.
type UnmetJSON struct {
	NeedID  string       `json:"need_id"`
	Units   int64        `json:"units"`
	Reasons []ReasonJSON `json:"reasons"`
}

// ReasonJSON is one constraint that kept resources from a need.
type ReasonJSON struct {
	Code              string         `json:"code"`
	Removed           int            `json:"removed" doc:"Resources offering the service that fail this constraint and no other"`
	NearestResourceID *string        `json:"nearest_resource_id" doc:"The nearest of those"`
	ShortBy           *int64         `json:"short_by" doc:"How far off that one is, in the constraint's unit"`
	Detail            string         `json:"detail"`
	ResourceID        *string        `json:"resource_id,omitempty" doc:"Capacity and quota: where one more unit would help this need most"`
	Objective         *ObjectiveJSON `json:"objective,omitempty" doc:"The objective with that unit added and one more unit of this need served"`
	Outranked         *int           `json:"outranked,omitempty" doc:"Class of the more urgent need that the added unit would rather serve"`
}

// ResourceUseJSON is the use of one resource.
type ResourceUseJSON struct {
	ID        string         `json:"id"`
	Used      int64          `json:"used"`
	Capacity  int64          `json:"capacity"`
	UnitValue *ObjectiveJSON `json:"unit_value" doc:"The objective now minus the optimum with one more unit of capacity; null when a limit cut the search before it was known"`
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
}
